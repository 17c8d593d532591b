//! The vault room of churten.
