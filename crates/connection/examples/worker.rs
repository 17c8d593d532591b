//! The worker as a program, for the tests of this crate.

use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    churten_worker::run_program(std::env::args_os(), Arc::new(churten_worker::NativeModules))
}
