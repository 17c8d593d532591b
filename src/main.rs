//! The `churten` program.

mod output;

fn main() {}
