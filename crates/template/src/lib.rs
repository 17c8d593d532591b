//! The template room of churten.
