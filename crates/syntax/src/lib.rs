//! The syntax room of churten.
