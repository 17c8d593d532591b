//! The testing room of churten.
