//! The program on the hosts. It is built and embedded by `build.rs`.

use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    churten_worker::run_program(std::env::args_os(), Arc::new(churten_worker::NativeModules))
}
