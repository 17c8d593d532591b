//! The module room of churten.
