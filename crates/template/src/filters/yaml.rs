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

fn to_yaml(call: &mut Call<'_, '_>) -> Outcome<Val> {
    write(call, "to_yaml", EmitOptions::default())
}

fn to_nice_yaml(call: &mut Call<'_, '_>) -> Outcome<Val> {
    write(call, "to_nice_yaml", EmitOptions::NICE)
}

/// The keyword arguments of `yaml.dump` that change what is written.
fn write(call: &mut Call<'_, '_>, name: &str, mut options: EmitOptions) -> Outcome<Val> {
    let number = |value: &Val, default: i32| match value {
        Val::Int(number) => i32::try_from(*number).unwrap_or(if *number < 0 { -1 } else { i32::MAX }),
        _ => default,
    };
    let flag = |value: &Val| match value {
        Val::Bool(flag) => Some(*flag),
        Val::Int(number) => Some(*number != 0),
        _ => None,
    };
    for (keyword, value) in std::mem::take(&mut call.keyword) {
        match &*keyword {
            "indent" => options.indent = number(&value, 2),
            "width" => options.width = number(&value, 0),
            "default_flow_style" => options.flow = flag(&value),
            "sort_keys" => options.sort_keys = flag(&value).unwrap_or(true),
            "allow_unicode" => options.unicode = flag(&value).unwrap_or(true),
            "explicit_start" => options.explicit_start = flag(&value).unwrap_or(false),
            "explicit_end" => options.explicit_end = flag(&value).unwrap_or(false),
            "canonical" => options.canonical = flag(&value).unwrap_or(false),
            other => {
                let message = format!("{name}() got an unexpected keyword argument '{other}'");
                return Err(Fault::python(message));
            }
        }
    }
    let value = std::mem::take(&mut call.positional).into_iter().next().unwrap_or(Val::None);
    let text = emit_yaml(&value.to_data(call.session)?, &options).map_err(problem)?;
    Ok(text.into())
}
