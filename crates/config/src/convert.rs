//! Text from the environment and from files, made into the type a setting declares.

use crate::table::Default;
use crate::{Environment, Settings, ValueOrigin, expand_path};
use churten_value::{BigInt, Data, Dict, Repr, Value};
use std::path::Path;

/// What a type name means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Any,
    Boolean,
    Integer,
    Float,
    List,
    None,
    Path,
    PathList,
    PathSpec,
    Dict,
    Text,
}

pub(crate) fn kind(type_name: &str) -> Kind {
    match type_name {
        "boolean" | "bool" => Kind::Boolean,
        "integer" | "int" => Kind::Integer,
        "float" => Kind::Float,
        "list" => Kind::List,
        "none" => Kind::None,
        "path" | "tmppath" | "temppath" | "tmp" => Kind::Path,
        "pathlist" => Kind::PathList,
        "pathspec" => Kind::PathSpec,
        "dict" | "dictionary" => Kind::Dict,
        "str" | "string" => Kind::Text,
        _ => Kind::Any,
    }
}

/// Python's `bool` as ansible-core reads it from text: anything it does not know is false.
pub(crate) fn boolean(value: &Value) -> bool {
    match &value.data {
        Data::Str(text) => {
            matches!(text.trim().to_lowercase().as_str(), "y" | "yes" | "on" | "1" | "true" | "t")
        }
        Data::Bool(_) | Data::Int(_) | Data::Float(_) => *value == Value::from(1),
        _ => false,
    }
}

/// The value in the type of the setting.
///
/// # Errors
/// The message without the name of the setting: `Invalid value provided for 'integer': 'abc'`.
pub(crate) fn convert(
    value: &Value,
    type_name: &str,
    origin: &ValueOrigin,
    environment: &Environment,
) -> Result<Value, String> {
    if value.is_none() {
        return Ok(Value::NONE);
    }
    let base = match origin {
        ValueOrigin::File(file) => file.parent().unwrap_or(Path::new("/")),
        _ => environment.working_directory.as_path(),
    };
    let path = |text: &str| Value::str(expand_path(text, base, environment).to_string_lossy());
    let invalid = || format!("Invalid value provided for '{type_name}': {}", Repr(value));
    let converted = match kind(type_name) {
        Kind::Boolean => boolean(value).into(),
        Kind::Integer => integer(value).ok_or_else(invalid)?,
        Kind::Float => float(value).ok_or_else(invalid)?,
        Kind::None if value.as_str() == Some("None") => Value::NONE,
        Kind::None => return Err(invalid()),
        Kind::List => match &value.data {
            Data::Str(text) => text.split(',').map(str::trim).collect(),
            Data::List(_) => value.clone(),
            _ => return Err(invalid()),
        },
        Kind::Path => path(value.as_str().ok_or_else(invalid)?),
        Kind::PathList | Kind::PathSpec => {
            let separator = if kind(type_name) == Kind::PathList { ',' } else { ':' };
            match &value.data {
                Data::Str(text) => text.split(separator).map(str::trim).map(path).collect(),
                Data::List(items) => {
                    let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
                    texts.ok_or_else(invalid)?.into_iter().map(path).collect()
                }
                _ => return Err(invalid()),
            }
        }
        Kind::Dict if value.as_dict().is_some() => value.clone(),
        Kind::Dict => return Err(invalid()),
        Kind::Text => match &value.data {
            Data::Str(text) => Value::str(unquoted(text, origin)),
            Data::Bool(_) | Data::Int(_) | Data::BigInt(_) | Data::Float(_) => Value::str(value.to_text()),
            _ => return Err(invalid()),
        },
        Kind::Any => match &value.data {
            Data::Str(text) => Value::str(unquoted(text, origin)),
            _ => value.clone(),
        },
    };
    Ok(converted.with_tags(value.tags))
}

/// Quotes around a whole value belong to the file's syntax, not to the value.
fn unquoted<'a>(text: &'a str, origin: &ValueOrigin) -> &'a str {
    if !matches!(origin, ValueOrigin::File(_)) {
        return text;
    }
    let inner = |quote| text.strip_prefix(quote)?.strip_suffix(quote).filter(|inner: &&str| !inner.ends_with('\\'));
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

fn integer(value: &Value) -> Option<Value> {
    match &value.data {
        Data::Int(_) | Data::BigInt(_) => Some(value.clone()),
        Data::Bool(flag) => Some(i64::from(*flag).into()),
        Data::Float(number) if number.fract() == 0.0 => Some((*number as i64).into()),
        Data::Str(text) => {
            let text = text.trim().replace('_', "");
            if let Ok(number) = text.parse::<BigInt>() {
                return Some(Value::int(number));
            }
            let is_decimal = text.contains(|c: char| c.is_ascii_digit())
                && text.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c));
            let number = text.parse::<f64>().ok().filter(|number| is_decimal && number.fract() == 0.0)?;
            (number.abs() < 9e15).then(|| (number as i64).into())
        }
        _ => None,
    }
}

fn float(value: &Value) -> Option<Value> {
    match &value.data {
        Data::Float(_) => Some(value.clone()),
        Data::Int(number) => Some((*number as f64).into()),
        Data::Str(text) => text.trim().replace('_', "").parse::<f64>().ok().map(Value::from),
        _ => None,
    }
}

/// The endings no plugin loader and no inventory directory looks at.
const REJECTED_ENDINGS: [&str; 9] = [".pyc", ".pyo", ".swp", ".bak", "~", ".rpm", ".md", ".txt", ".rst"];

/// The value of a default of the table; the two templates that occur in it are resolved here.
pub(crate) fn of_default(default: Default, home: &str) -> Value {
    match default {
        Default::Null => Value::NONE,
        Default::Flag(flag) => flag.into(),
        Default::Number(number) => number.into(),
        Default::Real(number) => number.into(),
        Default::Items(items) => items.iter().copied().collect(),
        Default::Pairs(pairs) => pairs.iter().copied().collect::<Dict>().into(),
        Default::Text(text) => {
            if let Some(tail) = text.strip_prefix("{{ ANSIBLE_HOME ~ \"").and_then(|rest| rest.strip_suffix("\" }}")) {
                return Value::str(format!("{home}{tail}"));
            }
            if let Some(tail) = text.strip_prefix("{{ REJECT_EXTS + [").and_then(|rest| rest.strip_suffix("] }}")) {
                let more = tail.split(", ").map(|item| item.trim_matches('\''));
                return REJECTED_ENDINGS.into_iter().chain(more).collect();
            }
            Value::str(text)
        }
    }
}

impl Settings {
    /// ansible-core's reading of a boolean setting: unknown text is false.
    pub fn boolean_of(value: &Value) -> bool {
        boolean(value)
    }
}
