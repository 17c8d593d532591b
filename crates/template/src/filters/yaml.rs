//! Filters that read and write YAML.

use super::Filter;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::val::{Root, Val};
use churten_syntax::{
    Directives, EmitOptions, ParseOptions, ScalarStyle, emit_yaml_below, parse_yaml, parse_yaml_single,
};
use churten_value::{LoneSurrogates, Source};

pub(super) const TABLE: &[Filter] = &[
    Filter::new("from_yaml", from_yaml),
    Filter::new("from_yaml_all", from_yaml_all),
    Filter::new("to_nice_yaml", to_nice_yaml),
    Filter::new("to_yaml", to_yaml),
];

fn source() -> Source {
    Source::described("<unicode string>")
}

fn problem(report: churten_diagnostics::Report) -> Fault {
    let innermost = report.chain().last().unwrap_or(&report);
    Fault::python(innermost.message.clone())
}

fn from_yaml(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("from_yaml", ["data"], 1)?;
    match value.unwrap_or(Val::None) {
        Val::Str(text) => {
            let parsed = parse_yaml_single(text.as_bytes(), source(), &ParseOptions::UNTRUSTED).map_err(problem)?;
            Ok(Val::from_raw(&parsed.into_value(), Root::default()))
        }
        other => Ok(other),
    }
}

fn from_yaml_all(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("from_yaml_all", ["data"], 1)?;
    match value.unwrap_or(Val::None) {
        Val::None => Ok(Val::list(Vec::new())),
        Val::Str(text) => {
            let parsed = parse_yaml(text.as_bytes(), source(), &ParseOptions::UNTRUSTED).map_err(problem)?;
            Ok(Val::list(parsed.documents.iter().map(|value| Val::from_raw(value, Root::default())).collect()))
        }
        other => Ok(other),
    }
}

/// The integer of an option; `None` keeps the default.
fn integer(value: &Val, default: i32) -> Outcome<i32> {
    match value {
        Val::None => Ok(default),
        Val::Int(number) => Ok(i32::try_from(*number).unwrap_or(if *number < 0 { -1 } else { i32::MAX })),
        Val::Bool(flag) => Ok((*flag).into()),
        // As C takes it.
        Val::Float(number) => Ok(*number as i32),
        _ => Err(Fault::python("an integer is required")),
    }
}

/// The keyword arguments of `yaml.dump` that change what is written.
fn write(call: &mut Call<'_, '_>, mut options: EmitOptions, value: Option<Val>) -> Outcome<Val> {
    let mut directives = Directives::default();
    let mut encoding = None;
    for (option, value) in std::mem::take(&mut call.keyword) {
        match &*option {
            "indent" => options.indent = integer(&value, options.indent)?,
            "width" => options.width = integer(&value, options.width)?,
            "sort_keys" => options.sort_keys = value.truth()?,
            "explicit_start" => options.explicit_start = value.truth()?,
            "explicit_end" => options.explicit_end = value.truth()?,
            "canonical" => options.canonical = value.truth()?,
            "default_flow_style" => {
                options.flow = if value.is_none() { None } else { Some(value.truth()?) };
            }
            "default_style" => options.style = style(&value)?,
            "version" if value.truth()? => directives.version = Some(version(call, &value)?),
            "tags" if !value.is_none() => directives.tags = tags(call, &value)?,
            "encoding" if !value.is_none() => encoding = Some(value),
            "stream" if !value.is_none() => {
                let kind = value.plugin_class();
                return Err(Fault::python(format!("'{kind}' object has no attribute 'write'")));
            }
            "version" | "tags" | "encoding" | "stream" => {}
            "line_break" | "vault_to_text" | "preprocess_unsafe" => {}
            "allow_unicode" | "Dumper" => {
                return Err(Fault::python(format!("yaml.dump() got multiple values for keyword argument '{option}'")));
            }
            other => {
                return Err(Fault::python(format!("dump_all() got an unexpected keyword argument '{other}'")));
            }
        }
    }
    let value = value.unwrap_or(Val::None).to_data(call.session)?;
    if let Some(surrogates) = LoneSurrogates::of_value(&value) {
        return Err(Fault::python(surrogates.to_string()));
    }
    let text = emit_yaml_below(&value, &options, directives).map_err(problem)?;
    Ok(match encoding {
        Some(encoding) => encoded(&text, &encoding),
        None => text.into(),
    })
}

/// `default_style`: what is true to Python but no style leaves scalars as they are.
fn style(value: &Val) -> Outcome<Option<ScalarStyle>> {
    Ok(match value {
        Val::Str(text) if &**text == "'" => Some(ScalarStyle::SingleQuoted),
        Val::Str(text) if &**text == "\"" => Some(ScalarStyle::DoubleQuoted),
        Val::Str(text) if &**text == "|" => Some(ScalarStyle::Literal),
        Val::Str(text) if &**text == ">" => Some(ScalarStyle::Folded),
        other if other.truth()? => Some(ScalarStyle::Any),
        _ => None,
    })
}

/// The first two numbers of a sequence.
fn version(call: &Call<'_, '_>, value: &Val) -> Outcome<(i32, i32)> {
    let kind = match value {
        Val::List(_) | Val::Tuple(_) => value.python_type(),
        Val::Str(_) => "string",
        other => return Err(Fault::python(format!("'{}' object is not subscriptable", other.python_type()))),
    };
    let items = call.session.items(value)?;
    let number = |index: usize| match items.get(index) {
        Some(Val::None) => Err(Fault::python("an integer is required")),
        Some(item) => integer(item, 0),
        None => Err(Fault::python(format!("{kind} index out of range"))),
    };
    Ok((number(0)?, number(1)?))
}

/// Handles and prefixes of `%TAG`.
fn tags(call: &Call<'_, '_>, value: &Val) -> Outcome<Vec<(String, String)>> {
    let text = |value: Val, what: &str| match value {
        Val::Str(text) => Ok(text.to_string()),
        _ => Err(Fault::python(format!("tag {what} must be a string"))),
    };
    if let Some(mapping) = call.session.mapping(value) {
        let pairs = call.session.pairs(&mapping).into_iter();
        return pairs
            .map(|(handle, prefix)| Ok((text(handle.into_value(), "handle")?, text(prefix, "prefix")?)))
            .collect();
    }
    match value {
        Val::Str(_) | Val::List(_) | Val::Tuple(_) if !value.truth()? => Ok(vec![]),
        Val::Str(_) => Err(Fault::python("string indices must be integers, not 'str'")),
        Val::List(_) | Val::Tuple(_) => {
            Err(Fault::python(format!("{} indices must be integers or slices, not str", value.python_type())))
        }
        other => Err(Fault::python(format!("object of type '{}' has no len()", other.python_type()))),
    }
}

/// The bytes of `encoding`: whatever is not UTF-16 is UTF-8.
fn encoded(text: &str, encoding: &Val) -> Val {
    let units = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    let bytes = match encoding {
        Val::Str(name) if &**name == "utf-16-le" => units(u16::to_le_bytes),
        Val::Str(name) if &**name == "utf-16-be" => units(u16::to_be_bytes),
        _ => text.as_bytes().to_vec(),
    };
    Val::Bytes(bytes.into())
}

pub(super) fn to_yaml(call: &mut Call<'_, '_>) -> Outcome<Val> {
    // More arguments without a name are taken and not looked at.
    call.positional.truncate(1);
    let ([value], rest) = call.bind_with_keywords("to_yaml", ["a"], 1)?;
    call.keyword = rest;
    write(call, EmitOptions::default(), value)
}

pub(super) fn to_nice_yaml(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let mut options = EmitOptions::NICE;
    call.positional.truncate(2);
    let ([value, indent], rest) = call.bind_with_keywords("to_nice_yaml", ["a", "indent"], 1)?;
    call.keyword = rest;
    if let Some(indent) = indent {
        options.indent = integer(&indent, options.indent)?;
    }
    write(call, options, value)
}
