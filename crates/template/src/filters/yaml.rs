//! Filters that read and write YAML.

use super::Filter;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::val::{Root, Val};
use churten_syntax::{ParseOptions, parse_yaml, parse_yaml_single};
use churten_value::Source;

pub(super) const TABLE: &[Filter] =
    &[Filter::new("from_yaml", from_yaml), Filter::new("from_yaml_all", from_yaml_all)];

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
