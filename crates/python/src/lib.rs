//! Modules that are not native: what kind of program they are, what a module in Python needs of `module_utils`, the
//! archive it travels in, what its output means, and what it says about itself.
//!
//! Nothing here runs anything: the archive is started on the host, `python3 ARCHIVE`, with the invocation on its
//! standard input.

mod answer;
mod archive;
mod assignments;
mod closure;
mod imports;
mod invocation;
mod kind;
mod library;

pub use answer::{Answer, answer, name_deprecators, understood};
pub use archive::{Archive, PythonModule, pack, pack_base};
pub use assignments::{Assignment, assignments};
pub use closure::{Missing, Places};
pub use invocation::{Internals, invocation, key_value_arguments, plain_arguments, with_arguments};
pub use kind::{ModuleKind, kind_of};
pub use library::Library;
