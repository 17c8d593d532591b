//! The executor room of churten.
