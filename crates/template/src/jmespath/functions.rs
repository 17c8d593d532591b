//! What the functions of the specification do.

use super::evaluate::{Evaluator, array};
use super::signatures::{NUMBER, STRING, checked, received, type_of, wrong_type};
use super::{Failure, Node};
use crate::fault::{Fault, Outcome};
use crate::val::{Dictionary, Val, big, compare, equal, number};
use churten_value::{JsonStyle, try_sort_by};
use num_bigint::BigInt;
use num_traits::FromPrimitive;
use std::cmp::Ordering;

/// What a function is called with.
pub(super) enum Argument<'n> {
    Value(Val),
    Expression(&'n Node),
}

type Found<T> = Result<T, Failure>;

/// Call a function by name.
pub(super) fn call(evaluator: &Evaluator<'_, '_>, name: &str, arguments: Vec<Argument<'_>>) -> Found<Val> {
    let name = checked(evaluator, name, &arguments)?;
    let mut values = Vec::with_capacity(arguments.len());
    let mut expression = &Node::Current;
    for argument in arguments {
        match argument {
            Argument::Value(value) => values.push(value),
            Argument::Expression(inner) => expression = inner,
        }
    }
    run(evaluator, name, values, expression)
}

fn run(evaluator: &Evaluator<'_, '_>, name: &str, values: Vec<Val>, expression: &Node) -> Found<Val> {
    let session = evaluator.session;
    let mut rest = values.into_iter();
    let first = rest.next().unwrap_or(Val::None);
    let second = rest.next();
    let items = || -> Outcome<Vec<Val>> { Ok(array(&first, session)?.unwrap_or_default()) };
    let text = |value: &Val| value.as_str().unwrap_or("").to_owned();
    let other = second.clone().unwrap_or(Val::None);
    Ok(match name {
        "abs" => match &first {
            Val::Float(float) => Val::Float(float.abs()),
            value => big(BigInt::from(integer(value).magnitude().clone())),
        },
        "avg" => match items()? {
            items if items.is_empty() => Val::None,
            items => Val::Float(float(&total(&items)) / items.len() as f64),
        },
        "ceil" => whole(&first, f64::ceil)?,
        "floor" => whole(&first, f64::floor)?,
        "contains" => Val::Bool(match (&first, &other) {
            (Val::Str(inside), Val::Str(part)) => inside.contains(&**part),
            (Val::Str(_), part) => {
                let class = part.python_class();
                let message = format!("'in <string>' requires string as left operand, not {class}");
                return Err(Failure::Other(Fault::python(message)));
            }
            _ => {
                let mut found = false;
                for item in items()? {
                    found = found || equal(&item, &other, session)?;
                }
                found
            }
        }),
        "ends_with" => Val::Bool(text(&first).ends_with(&text(&other))),
        "starts_with" => Val::Bool(text(&first).starts_with(&text(&other))),
        "join" => {
            let parts: Vec<String> = array(&other, session)?.unwrap_or_default().iter().map(text).collect();
            Val::from(parts.join(&text(&first)))
        }
        "keys" | "values" => {
            let Some(dict) = session.mapping(&first) else { return Ok(Val::None) };
            let pairs = session.pairs(&dict).into_iter();
            Val::list(pairs.map(|(key, value)| if name == "keys" { key.into_value() } else { value }).collect())
        }
        "length" => match &first {
            Val::Str(text) => Val::from(text.chars().count()),
            Val::List(list) => Val::from(list.len()),
            value => Val::from(session.mapping(value).map_or(0, |dict| dict.len())),
        },
        "map" => {
            let results: Found<Vec<Val>> = items()?.iter().map(|item| evaluator.value(expression, item)).collect();
            Val::list(results?)
        }
        "max" => extreme(evaluator, items()?, Ordering::Greater)?,
        "min" => extreme(evaluator, items()?, Ordering::Less)?,
        "max_by" | "min_by" | "sort_by" => by(evaluator, name, items()?, expression)?,
        "merge" => {
            let dict = Dictionary::empty();
            for value in std::iter::once(first).chain(second).chain(rest) {
                let Some(entries) = session.mapping(&value) else {
                    let message = format!("'{}' object is not iterable", value.python_class());
                    return Err(Failure::Other(Fault::python(message)));
                };
                entries.slots().into_iter().for_each(|(key, slot)| dict.insert_slot(key, slot));
            }
            Val::Dict(dict)
        }
        "not_null" => {
            let mut values = std::iter::once(first).chain(second).chain(rest);
            values.find(|value| !value.is_none()).unwrap_or(Val::None)
        }
        "reverse" => match &first {
            Val::Str(text) => Val::from(text.chars().rev().collect::<String>()),
            _ => Val::list(items()?.into_iter().rev().collect()),
        },
        "sort" => {
            let keyed = items()?.into_iter().map(|item| (item.clone(), item)).collect();
            sorted(evaluator, keyed)?
        }
        "sum" => total(&items()?),
        "to_array" if matches!(first, Val::List(_)) => first,
        "to_array" => Val::list(vec![first]),
        "to_number" => match &first {
            Val::Int(_) | Val::Big(_) | Val::Float(_) => first,
            Val::Str(text) => match crate::address::python_integer(text) {
                Some(integer) => big(integer),
                None => text.trim().replace('_', "").parse().map_or(Val::None, Val::Float),
            },
            _ => Val::None,
        },
        "to_string" => match &first {
            Val::Str(_) => first,
            value => {
                let style = JsonStyle { compact: true, ..JsonStyle::PLAIN };
                Val::from(value.to_data(session)?.to_json(style))
            }
        },
        _ => match type_of(&first) {
            "unknown" => Val::None,
            class => Val::str(class),
        },
    })
}

fn integer(value: &Val) -> BigInt {
    number(value).and_then(|number| number.to_integer()).unwrap_or_default()
}

fn float(value: &Val) -> f64 {
    number(value).map_or(0.0, |number| number.to_float())
}

fn total(items: &[Val]) -> Val {
    if items.iter().any(|item| matches!(item, Val::Float(_))) {
        return Val::Float(items.iter().map(float).sum());
    }
    big(items.iter().map(integer).sum())
}

fn whole(value: &Val, round: fn(f64) -> f64) -> Outcome<Val> {
    match value {
        Val::Float(float) => match BigInt::from_f64(round(*float)) {
            Some(integer) => Ok(big(integer)),
            None if float.is_nan() => Err(Fault::python("cannot convert float NaN to integer")),
            None => Err(Fault::python("cannot convert float infinity to integer")),
        },
        value => Ok(value.clone()),
    }
}

/// The first of the elements that stand on one end.
fn extreme(evaluator: &Evaluator<'_, '_>, items: Vec<Val>, end: Ordering) -> Found<Val> {
    let mut best = Val::None;
    let operator = if end == Ordering::Greater { ">" } else { "<" };
    for item in items {
        if best.is_none() || compare(operator, &item, &best, evaluator.session)? == Some(end) {
            best = item;
        }
    }
    Ok(best)
}

/// `max_by`, `min_by` and `sort_by`: elements in the order of what an expression finds in them.
fn by(evaluator: &Evaluator<'_, '_>, name: &str, items: Vec<Val>, expression: &Node) -> Found<Val> {
    let mut types: &[&str] = if name == "sort_by" { &["string", "number"] } else { &["number", "string"] };
    let mut keyed = Vec::with_capacity(items.len());
    for item in items {
        let key = evaluator.value(expression, &item)?;
        let class = type_of(&key);
        if !types.contains(&class) {
            let shown = if name == "sort_by" && keyed.is_empty() { &item } else { &key };
            return Err(wrong_type(evaluator, name, shown, types, received(&key)));
        }
        if name == "sort_by" {
            types = if class == "number" { NUMBER } else { STRING };
        }
        keyed.push((key, item));
    }
    if name == "sort_by" {
        return sorted(evaluator, keyed);
    }
    let (operator, end) = if name == "max_by" { (">", Ordering::Greater) } else { ("<", Ordering::Less) };
    let mut best: Option<(Val, Val)> = None;
    for (key, item) in keyed {
        let is_better = match &best {
            Some((known, _)) => compare(operator, &key, known, evaluator.session)? == Some(end),
            None => true,
        };
        if is_better {
            best = Some((key, item));
        }
    }
    Ok(best.map_or(Val::None, |(_, item)| item))
}

fn sorted(evaluator: &Evaluator<'_, '_>, keyed: Vec<(Val, Val)>) -> Found<Val> {
    let sorted = try_sort_by(keyed, |(a, _), (b, _)| {
        compare("<", a, b, evaluator.session).map(|order| order.unwrap_or(Ordering::Equal))
    });
    let sorted = sorted.map_err(Failure::Other)?;
    Ok(Val::list(sorted.into_iter().map(|(_, item)| item).collect()))
}
