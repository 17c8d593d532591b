//! Filters that read and write YAML.

use super::Filter;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::val::{Root, Val};
use churten_syntax::{EmitOptions, ParseOptions, emit_yaml, parse_yaml, parse_yaml_single};
use churten_value::Source;

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
        _ => Err(Fault::python("an integer is required")),
    }
}

/// The keyword arguments of `yaml.dump` that change what is written.
fn write(call: &mut Call<'_, '_>, name: &str, mut options: EmitOptions, value: Option<Val>) -> Outcome<Val> {
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
            "default_style" | "version" | "tags" | "encoding" if value.is_none() => {}
            "line_break" | "vault_to_text" | "preprocess_unsafe" => {}
            "default_style" | "version" | "tags" | "encoding" | "stream" => {
                return Err(Fault::not_yet(format_args!("{option} of the filter {name}")));
            }
            "allow_unicode" | "Dumper" => {
                return Err(Fault::python(format!("yaml.dump() got multiple values for keyword argument '{option}'")));
            }
            other => {
                return Err(Fault::python(format!("dump_all() got an unexpected keyword argument '{other}'")));
            }
        }
    }
    let value = value.unwrap_or(Val::None).to_data(call.session)?;
    Ok(emit_yaml(&value, &options).map_err(problem)?.into())
}

pub(super) fn to_yaml(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let mut options = EmitOptions::default();
    let ([value, flow], rest) = call.bind_with_keywords("to_yaml", ["a", "default_flow_style"], 1)?;
    call.keyword = rest;
    if let Some(flow) = flow {
        options.flow = if flow.is_none() { None } else { Some(flow.truth()?) };
    }
    write(call, "to_yaml", options, value)
}

pub(super) fn to_nice_yaml(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let mut options = EmitOptions::NICE;
    let ([value, indent], rest) = call.bind_with_keywords("to_nice_yaml", ["a", "indent"], 1)?;
    call.keyword = rest;
    if let Some(indent) = indent {
        options.indent = integer(&indent, options.indent)?;
    }
    write(call, "to_nice_yaml", options, value)
}
