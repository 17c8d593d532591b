//! The calls that the standard library and rustix do not offer safely.
#![expect(unsafe_code, reason = "a signal handler, and the one system call inside it")]

use std::io::PipeWriter;
use std::os::fd::IntoRawFd;
use std::sync::atomic::{AtomicI32, Ordering};

/// The pipe the handler writes to; never closed, so the number stays ours.
static PIPE: AtomicI32 = AtomicI32::new(-1);

extern "C" fn handle(_signal: libc::c_int) {
    // SAFETY: `write` may be called in a handler, and the byte lives as long as the call. The pipe does not block, and
    // the program is about to end, so an `errno` that the interrupted code would see changed does no harm.
    unsafe {
        libc::write(PIPE.load(Ordering::Relaxed), [0_u8].as_ptr().cast(), 1);
    }
}

/// From now on the signals that ask this program to end write a byte into a pipe instead.
pub(crate) fn redirect_end_signals(pipe: PipeWriter) {
    PIPE.store(pipe.into_raw_fd(), Ordering::Relaxed);
    for signal in [libc::SIGHUP, libc::SIGINT, libc::SIGTERM] {
        // SAFETY: `handle` does only what a handler may. Programs started from here have the default again.
        unsafe {
            libc::signal(signal, handle as extern "C" fn(libc::c_int) as libc::sighandler_t);
        }
    }
}
