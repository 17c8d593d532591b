//! The modules room of churten.
