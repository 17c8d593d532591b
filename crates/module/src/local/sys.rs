//! The calls that the standard library and rustix do not offer safely.
#![expect(unsafe_code, reason = "the C library's time zones, and a step between fork and exec")]

use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// Seconds east of UTC at a time, by the C library's reading of `TZ` and `/etc/localtime`.
pub(super) fn utc_offset(time: libc::time_t) -> i32 {
    // SAFETY: `tm` is plain data for which zeroes are valid, and `localtime_r` only writes into it.
    let broken_down = unsafe {
        let mut broken_down: libc::tm = std::mem::zeroed();
        if libc::localtime_r(&raw const time, &raw mut broken_down).is_null() {
            return 0;
        }
        broken_down
    };
    i32::try_from(broken_down.tm_gmtoff).unwrap_or(0)
}

/// Let the child have its own file creation mask.
pub(super) fn set_umask(command: &mut Command, mask: u32) {
    // SAFETY: the closure runs in the child between fork and exec and makes one async-signal-safe system call.
    unsafe {
        command.pre_exec(move || {
            rustix::process::umask(rustix::fs::Mode::from_raw_mode(mask));
            Ok(())
        });
    }
}
