//! Which functions there are, and what they take.

use super::Failure;
use super::evaluate::{Evaluator, array};
use super::functions::Argument;
use crate::val::{Val, python_str};

type Found<T> = Result<T, Failure>;

/// A function: its name, the types each argument may have (none: any), and whether the last may come more than once.
struct Signature(&'static str, &'static [&'static [&'static str]], bool);

pub(super) const NUMBER: &[&str] = &["number"];
pub(super) const STRING: &[&str] = &["string"];
const EXPRESSION: &[&str] = &["expref"];

const SIGNATURES: &[Signature] = &[
    Signature("abs", &[NUMBER], false),
    Signature("avg", &[&["array-number"]], false),
    Signature("ceil", &[NUMBER], false),
    Signature("contains", &[&["array", "string"], &[]], false),
    Signature("ends_with", &[STRING, STRING], false),
    Signature("floor", &[NUMBER], false),
    Signature("join", &[STRING, &["array-string"]], false),
    Signature("keys", &[&["object"]], false),
    Signature("length", &[&["string", "array", "object"]], false),
    Signature("map", &[EXPRESSION, &["array"]], false),
    Signature("max", &[&["array-number", "array-string"]], false),
    Signature("max_by", &[&["array"], EXPRESSION], false),
    Signature("merge", &[&["object"]], true),
    Signature("min", &[&["array-number", "array-string"]], false),
    Signature("min_by", &[&["array"], EXPRESSION], false),
    Signature("not_null", &[&[]], true),
    Signature("reverse", &[&["array", "string"]], false),
    Signature("sort", &[&["array-string", "array-number"]], false),
    Signature("sort_by", &[&["array"], EXPRESSION], false),
    Signature("starts_with", &[STRING, STRING], false),
    Signature("sum", &[&["array-number"]], false),
    Signature("to_array", &[&[]], false),
    Signature("to_number", &[&[]], false),
    Signature("to_string", &[&[]], false),
    Signature("type", &[&[]], false),
    Signature("values", &[&["object"]], false),
];

/// JMESPath's name of a value's type.
pub(super) fn type_of(value: &Val) -> &'static str {
    match value {
        Val::None => "null",
        Val::Bool(_) => "boolean",
        Val::Int(_) | Val::Big(_) | Val::Float(_) => "number",
        Val::Str(_) => "string",
        Val::List(_) => "array",
        Val::Dict(_) | Val::Variables(_) | Val::Hosts(_) => "object",
        _ => "unknown",
    }
}

/// The function's name, when it is one that takes these arguments.
pub(super) fn checked(evaluator: &Evaluator<'_, '_>, name: &str, arguments: &[Argument<'_>]) -> Found<&'static str> {
    let Some(Signature(name, parameters, is_variadic)) = SIGNATURES.iter().find(|row| row.0 == name) else {
        return Err(Failure::Query(format!("Unknown function: {name}()")));
    };
    let (wanted, given) = (parameters.len(), arguments.len());
    if given < wanted || (given > wanted && !is_variadic) {
        let least = if *is_variadic { "at least " } else { "" };
        let plural = if wanted == 1 { "" } else { "s" };
        let text = format!("Expected {least}{wanted} argument{plural} for function {name}(), received {given}");
        return Err(Failure::Query(text));
    }
    // Further arguments of a function that takes any number are not checked.
    for (argument, types) in arguments.iter().zip(*parameters) {
        check(evaluator, name, argument, types)?;
    }
    Ok(name)
}

/// The type that an error names: Python's classes of a variable's containers are none that JMESPath knows.
pub(super) fn received(value: &Val) -> &'static str {
    match value {
        Val::List(_) | Val::Dict(_) => "unknown",
        value => type_of(value),
    }
}

pub(super) fn wrong_type(
    evaluator: &Evaluator<'_, '_>,
    name: &str,
    value: &Val,
    types: &[&str],
    class: &str,
) -> Failure {
    let shown = match python_str(value, evaluator.session) {
        Ok(shown) => shown,
        Err(fault) => return Failure::Other(fault),
    };
    let types: Vec<String> = types.iter().map(|one| format!("'{one}'")).collect();
    Failure::Query(format!(
        "In function {name}(), invalid type for value: {shown}, expected one of: [{}], received: \"{class}\"",
        types.join(", ")
    ))
}

fn check(evaluator: &Evaluator<'_, '_>, name: &str, argument: &Argument<'_>, types: &[&str]) -> Found<()> {
    if types.is_empty() {
        return Ok(());
    }
    let value = match argument {
        Argument::Expression(_) if types.contains(&"expref") => return Ok(()),
        Argument::Expression(_) => {
            return Err(wrong_type(evaluator, name, &Val::str("<expression>"), types, "expref"));
        }
        Argument::Value(value) => value,
    };
    let class = type_of(value);
    let fits = |one: &&str| one.split('-').next() == Some(class);
    if !types.iter().any(fits) {
        return Err(wrong_type(evaluator, name, value, types, received(value)));
    }
    let mut elements: Vec<&str> = types.iter().filter_map(|one| one.split_once('-')).map(|(_, of)| of).collect();
    let Some(items) = array(value, evaluator.session)? else { return Ok(()) };
    if let (true, Some(first)) = (elements.len() > 1, items.first()) {
        elements.retain(|one| *one == type_of(first));
        if elements.is_empty() {
            return Err(wrong_type(evaluator, name, first, types, first.plugin_class()));
        }
    }
    match (elements.first(), items.iter().find(|item| !elements.contains(&type_of(item)))) {
        (Some(_), Some(item)) => Err(wrong_type(evaluator, name, item, types, item.plugin_class())),
        _ => Ok(()),
    }
}
