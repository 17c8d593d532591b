//! The connection room of churten.
