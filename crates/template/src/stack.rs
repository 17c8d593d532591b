//! A bound on recursion that holds whatever the size of a stack frame is.

use crate::fault::{Fault, Outcome};

/// How much of the stack may be used from where the guard was made, in bytes. Threads have at least 2 MiB.
const BUDGET: usize = 800 * 1024;

/// Where the stack was when the work began.
#[derive(Clone, Copy)]
pub(crate) struct StackGuard(usize);

impl StackGuard {
    pub(crate) fn here() -> Self {
        Self(address())
    }

    /// Python's error when the stack is nearly used up.
    pub(crate) fn check(self) -> Outcome<()> {
        if self.0.abs_diff(address()) > BUDGET {
            return Err(Fault::python("maximum recursion depth exceeded"));
        }
        Ok(())
    }
}

/// About where the stack is.
#[inline(never)]
fn address() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(std::hint::black_box(&here)) as usize
}
