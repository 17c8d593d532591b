//! Methods of Python's types, by type and name.

mod bytes;
pub(crate) mod clock_time;
pub(crate) mod containers;
mod format;
mod number;
pub(crate) mod printf;
mod text;
mod text_predicates;
pub(crate) mod timestamp;

pub(crate) use text::replaced;

use crate::eval::{Arguments, Session};
use crate::fault::{Fault, Outcome};
use crate::val::{Object, Val};

/// Methods of `dict`.
pub(crate) const DICT: &[&str] =
    &["items", "keys", "values", "get", "update", "pop", "copy", "clear", "setdefault", "popitem", "fromkeys"];
/// Methods of read-only mappings.
pub(crate) const MAPPING: &[&str] = &["items", "keys", "values", "get"];
/// Methods of `list`.
pub(crate) const LIST: &[&str] =
    &["append", "extend", "insert", "pop", "remove", "reverse", "sort", "clear", "copy", "index", "count"];
/// Methods of `tuple`.
pub(crate) const TUPLE: &[&str] = &["index", "count"];
/// Methods of `bytes`.
pub(crate) const BYTES: &[&str] = &["decode", "hex"];
/// Methods of `int` and `bool`.
pub(crate) const INTEGER: &[&str] = &[
    "bit_length",
    "__and__",
    "__or__",
    "__xor__",
    "__lshift__",
    "__rshift__",
    "is_integer",
    "bit_count",
    "to_bytes",
    "conjugate",
];
/// Methods of `float`.
pub(crate) const FLOAT: &[&str] = &["is_integer", "conjugate"];
/// Methods of `date` and `datetime`.
pub(crate) const TIMESTAMP: &[&str] = &[
    "strftime",
    "isoformat",
    "timestamp",
    "date",
    "time",
    "timetz",
    "replace",
    "ctime",
    "weekday",
    "isoweekday",
    "toordinal",
];
/// Methods of `time`.
pub(crate) const TIME: &[&str] = &["strftime", "isoformat", "replace"];
/// Methods of `str`.
pub(crate) const TEXT: &[&str] = &[
    "upper",
    "lower",
    "split",
    "rsplit",
    "strip",
    "lstrip",
    "rstrip",
    "startswith",
    "endswith",
    "replace",
    "format",
    "format_map",
    "join",
    "encode",
    "title",
    "capitalize",
    "swapcase",
    "find",
    "index",
    "rfind",
    "rindex",
    "count",
    "zfill",
    "center",
    "ljust",
    "rjust",
    "isdigit",
    "isalpha",
    "isalnum",
    "isupper",
    "islower",
    "isspace",
    "istitle",
    "splitlines",
    "partition",
    "rpartition",
    "casefold",
    "translate",
    "maketrans",
    "removeprefix",
    "removesuffix",
    "expandtabs",
    "isidentifier",
    "isnumeric",
    "isdecimal",
    "isascii",
    "isprintable",
];

/// Call a method.
pub(crate) fn call(receiver: &Val, name: &str, arguments: Arguments, session: &Session<'_>) -> Outcome<Val> {
    match receiver {
        Val::Str(text) => text::call(text, name, arguments, session),
        Val::List(list) => containers::list(list, name, arguments, session),
        Val::Tuple(_) => containers::sequence(receiver, name, arguments, session),
        Val::Dict(dict) => containers::dict(dict, name, arguments, session),
        Val::Variables(_) | Val::Hosts(_) => containers::mapping(receiver, name, arguments, session),
        Val::Bytes(bytes) => bytes::call(bytes, name),
        Val::Int(_) | Val::Big(_) | Val::Bool(_) | Val::Float(_) => number::call(receiver, name, arguments),
        Val::Timestamp(when) => timestamp::call(when, name, arguments, session),
        Val::Time(time) => clock_time::call(time, name, arguments),
        Val::Duration(length) => Ok(Val::Float(*length as f64 / 1e6)),
        Val::Object(object) => object_call(object, name, arguments, session),
        _ => Err(no_method(receiver, name)),
    }
}

fn no_method(receiver: &Val, name: &str) -> Fault {
    Fault::undefined(format!("object of type '{}' has no attribute '{name}'", receiver.python_type()))
}

fn object_call(object: &Object, name: &str, arguments: Arguments, session: &Session<'_>) -> Outcome<Val> {
    match (object, name) {
        (Object::Loop(state), "cycle") => {
            let items = &arguments.positional;
            if items.is_empty() {
                return Err(Fault::python("no items for cycling given"));
            }
            Ok(items[state.index.get() % items.len()].clone())
        }
        (Object::Loop(state), "changed") => {
            let mut last = state.changed.borrow_mut();
            let same = match &*last {
                Some(last) => {
                    crate::val::equal(&Val::tuple(last.clone()), &Val::tuple(arguments.positional.clone()), session)?
                }
                None => false,
            };
            *last = Some(arguments.positional);
            Ok(Val::Bool(!same))
        }
        (Object::Cycler { items, at }, "next") => {
            let item = items.get(at.get() % items.len().max(1)).cloned().unwrap_or(Val::None);
            at.set((at.get() + 1) % items.len().max(1));
            Ok(item)
        }
        (Object::Cycler { at, .. }, "reset") => {
            at.set(0);
            Ok(Val::None)
        }
        (Object::Joiner { separator, used }, "__call__") => {
            Ok(if used.replace(true) { separator.clone() } else { Val::str("") })
        }
        _ => Err(Fault::python(format!("'{}' object is not callable", object.python_type()))),
    }
}

/// Arguments of a method, in Python's terms: at most `most` positional, the rest by the given names.
pub(super) fn take<const N: usize>(
    owner: &str,
    name: &str,
    arguments: Arguments,
    parameters: [&str; N],
    least: usize,
) -> Outcome<[Option<Val>; N]> {
    let given = arguments.positional.len();
    if given > N || given + arguments.keyword.len() < least {
        return Err(Fault::python(arity(owner, name, N, least, given)));
    }
    let mut bound = [const { None }; N];
    for (place, value) in bound.iter_mut().zip(arguments.positional) {
        *place = Some(value);
    }
    for (keyword, value) in arguments.keyword {
        match parameters.iter().position(|parameter| *parameter == &*keyword) {
            Some(index) => bound[index] = Some(value),
            None if N == 0 => return Err(Fault::python(format!("{owner}.{name}() takes no keyword arguments"))),
            None => {
                return Err(Fault::python(format!("'{keyword}' is an invalid keyword argument for {name}()")));
            }
        }
    }
    Ok(bound)
}

fn arity(owner: &str, name: &str, most: usize, least: usize, given: usize) -> String {
    match (least, most) {
        (0, 0) => format!("{owner}.{name}() takes no arguments ({given} given)"),
        (1, 1) => format!("{owner}.{name}() takes exactly one argument ({given} given)"),
        _ if least == most => format!("{name} expected {least} arguments, got {given}"),
        _ if given > most => {
            format!("{name} expected at most {most} argument{}, got {given}", if most == 1 { "" } else { "s" })
        }
        _ => format!("{name} expected at least {least} argument{}, got {given}", if least == 1 { "" } else { "s" }),
    }
}
