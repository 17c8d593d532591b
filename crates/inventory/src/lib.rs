//! The inventory room of churten.
