//! The data that flows through churten.
//!
//! A [`Value`] behaves like the Python object ansible-core would hold: dictionaries keep their
//! order and take any hashable key, integers are unbounded, `1`, `1.0` and `True` are equal, and
//! `str()`, `repr()` and `json.dumps()` print what Python prints.
//!
//! Beside its data every value carries [`Tags`]: where it was written ([`Origin`]), whether it may
//! be rendered as a template (trust), whether it must never be shown (secret), and
//! whether a module wants nobody to use it any more ([`Deprecation`]).

mod calendar;
mod deprecation;
mod dict;
mod escape;
mod float;
mod json;
mod json_read;
mod legacy_json;
mod literal;
mod origin;
mod printed_result;
mod python;
mod sort;
mod surrogates;
mod timestamp;
mod value;
mod vaulted;
mod wire;

pub use calendar::{date_from_days, days_from_date};
pub use deprecation::Deprecation;
pub use dict::Dict;
pub use escape::python_escape;
pub use float::float_repr;
pub use json::JsonStyle;
pub use json_read::{JsonError, from_json};
pub use legacy_json::revive_legacy_json;
pub use literal::{LiteralFault, python_literal, read_literal};
pub use origin::{Origin, Source, Tags};
pub use printed_result::{UnreadableResult, printed_result};
pub use python::{NotComparable, Repr, Str, compare, str_repr};
pub use sort::{sort, sort_by, sort_by_key, try_sort_by};
pub use surrogates::{
    LoneSurrogates, escape_bytes, has_surrogates, of_surrogate, replace_surrogates, surrogate, unescape_bytes,
};
pub use timestamp::{TimeOfDay, Timestamp};
pub use value::{Data, Value};
pub use vaulted::Vaulted;

/// The integer type used when a number does not fit `i64`.
pub use num_bigint::BigInt;
