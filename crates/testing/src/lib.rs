//! What tests share: golden files, profiles read back, and ansible-core as the oracle.

mod cases;
mod golden;
mod mask;
mod oracle;
mod program;
mod side_by_side;
mod standins;
mod trace;

pub use cases::{Case, read_cases, read_list, split_words};
pub use golden::{Difference, compare, compare_or_record};
pub use mask::mask;
pub use oracle::{ORACLE_VARIABLE, Oracle};
pub use program::{Outcome, Sandbox};
pub use side_by_side::side_by_side;
pub use standins::run_with_standins;
pub use trace::{Span, Trace};
