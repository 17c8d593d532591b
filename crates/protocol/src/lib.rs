//! The protocol room of churten.
