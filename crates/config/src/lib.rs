//! The config room of churten.
