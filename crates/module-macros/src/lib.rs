//! The derive macros of `churten-module`.
