//! The worker room of churten.
