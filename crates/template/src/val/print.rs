//! `str()` and `repr()` as Python prints them.

use super::{Object, Val};
use crate::eval::Session;
use crate::fault::{Fault, Outcome};
use churten_value::{Repr, Value, float_repr, str_repr};
use std::fmt::Write as _;

/// Integers are read and written with so many decimal digits at most, as in Python.
pub(crate) const MAX_DIGITS: usize = 4300;

/// `str(value)`. Templates inside containers are rendered; an undefined element is an error.
pub(crate) fn python_str(value: &Val, session: &Session<'_>) -> Outcome<String> {
    let mut out = String::new();
    write_str(value, session, &mut out)?;
    Ok(out)
}

/// `repr(value)`.
pub(crate) fn python_repr(value: &Val, session: &Session<'_>) -> Outcome<String> {
    let mut out = String::new();
    write_repr(value, session, &mut out)?;
    Ok(out)
}

pub(crate) fn write_str(value: &Val, session: &Session<'_>, out: &mut String) -> Outcome<()> {
    match value {
        Val::Str(text) => {
            session.spend_text(text.len())?;
            out.push_str(text);
        }
        Val::Timestamp(when) => out.push_str(&when.iso(' ')),
        Val::Time(time) => out.push_str(&time.iso()),
        Val::Duration(microseconds) => out.push_str(&duration(*microseconds)),
        Val::Undefined(undefined) if undefined.is_silent() => {}
        Val::Object(object) => match &**object {
            Object::Module(module) => out.push_str(&module.text),
            _ => write_repr(value, session, out)?,
        },
        _ => write_repr(value, session, out)?,
    }
    Ok(())
}

pub(crate) fn write_repr(value: &Val, session: &Session<'_>, out: &mut String) -> Outcome<()> {
    match value {
        Val::None => out.push_str("None"),
        Val::Bool(flag) => out.push_str(if *flag { "True" } else { "False" }),
        Val::Int(number) => {
            let _ = write!(out, "{number}");
        }
        // 4,300 digits have 14,285 bits at most.
        Val::Big(number) if number.bits() > 14_285 => return Err(too_many_digits()),
        Val::Big(number) => {
            let text = number.to_string();
            if text.trim_start_matches('-').len() > MAX_DIGITS {
                return Err(too_many_digits());
            }
            out.push_str(&text);
        }
        Val::Float(number) => out.push_str(&float_repr(*number)),
        Val::Str(text) => {
            session.spend_text(text.len())?;
            out.push_str(&str_repr(text));
        }
        Val::Bytes(bytes) => {
            let _ = write!(out, "{}", Repr(&Value::bytes(bytes.clone())));
        }
        Val::Timestamp(when) => out.push_str(&when.repr()),
        Val::Time(time) => out.push_str(&time.repr()),
        Val::Duration(microseconds) => {
            let _ = write!(out, "datetime.timedelta(microseconds={microseconds})");
        }
        Val::List(_) => {
            session.enter()?;
            out.push('[');
            write_items(&session.items(value)?, session, out)?;
            out.push(']');
        }
        Val::Tuple(items) => {
            session.enter()?;
            session.spend(items.len() + 1)?;
            out.push('(');
            write_items(items, session, out)?;
            out.push_str(if items.len() == 1 { ",)" } else { ")" });
        }
        Val::Dict(dict) => {
            session.enter()?;
            session.spend(dict.len() + 1)?;
            out.push('{');
            for (index, (key, value)) in dict.slots().into_iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write_repr(key.value(), session, out)?;
                out.push_str(": ");
                write_repr(&session.slot(&value), session, out)?;
            }
            out.push('}');
        }
        Val::Variables(root) => {
            let data = session.variables(*root);
            write_repr(&data, session, out)?;
        }
        Val::Range(range) if range.step == 1 => {
            let _ = write!(out, "range({}, {})", range.start, range.stop);
        }
        Val::Range(range) => {
            let _ = write!(out, "range({}, {}, {})", range.start, range.stop, range.step);
        }
        Val::Undefined(undefined) if undefined.is_silent() => out.push_str("Undefined"),
        Val::Undefined(undefined) => return Err(undefined.fault()),
        Val::Omit => out.push_str("<<Omit>>"),
        Val::Object(object) => match &**object {
            Object::Namespace(entries) => {
                out.push_str("<Namespace ");
                write_repr(&Val::Dict(entries.clone()), session, out)?;
                out.push('>');
            }
            Object::Macro(value) => {
                let _ = write!(out, "<Macro {}>", str_repr(&value.declaration.name));
            }
            Object::Module(module) => {
                let _ = write!(out, "<TemplateModule {}>", str_repr(&module.name));
            }
            Object::Loop(state) => {
                let _ = write!(out, "<LoopContext {}/{}>", state.index.get() + 1, state.items.len());
            }
            other => {
                let _ = write!(out, "<{} object>", other.python_type());
            }
        },
        Val::Hosts(_) => out.push_str("<HostVars>"),
    }
    Ok(())
}

fn too_many_digits() -> Fault {
    Fault::python(format!(
        "Exceeds the limit ({MAX_DIGITS} digits) for integer string conversion; use sys.set_int_max_str_digits() to \
         increase the limit"
    ))
}

fn write_items(items: &[Val], session: &Session<'_>, out: &mut String) -> Outcome<()> {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write_repr(item, session, out)?;
    }
    Ok(())
}

/// `str()` of a `timedelta`.
fn duration(microseconds: i64) -> String {
    let days = microseconds.div_euclid(86_400_000_000);
    let rest = microseconds.rem_euclid(86_400_000_000);
    let (seconds, fraction) = (rest / 1_000_000, rest % 1_000_000);
    let mut text = match days {
        0 => String::new(),
        1 | -1 => format!("{days} day, "),
        _ => format!("{days} days, "),
    };
    let _ = write!(text, "{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction > 0 {
        let _ = write!(text, ".{fraction:06}");
    }
    text
}
