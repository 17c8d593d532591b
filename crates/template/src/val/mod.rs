//! Values while a template runs: Python's objects, undefined markers, and variables that are still templates.

mod cells;
mod compare;
mod convert;
mod discard;
mod number;
mod object;
mod print;
mod text;
mod undefined;
mod value;

pub(crate) use cells::{Dictionary, Key, List, Root, Slot};
pub(crate) use compare::{compare, equal};
pub(crate) use convert::is_final;
pub(crate) use number::{Number, big, number};
pub(crate) use object::{BoundMethod, LoopState, MacroValue, ModuleValue, Object};
pub(crate) use print::{MAX_DIGITS, python_repr, python_str, write_str};
pub(crate) use text::Text;
pub(crate) use undefined::{MANDATORY, Reason, Undefined};
pub(crate) use value::{Range, Val};
