//! What a query finds in a value.

use super::functions::{self, Argument};
use super::parser::parse;
use super::{Comparison, Failure, Node};
use crate::eval::{Session, slice};
use crate::fault::{Fault, Outcome};
use crate::val::{Dictionary, Key, Val, compare, equal, number};
use std::cmp::Ordering;
use std::rc::Rc;

type Found<T> = Result<T, Failure>;

/// The result of a query; what is not there is `none`.
pub(crate) fn search(query: &str, value: &Val, session: &Session<'_>) -> Found<Val> {
    if query.is_empty() {
        return Err(Failure::Query("Invalid JMESPath expression: cannot be empty.".to_owned()));
    }
    let tree = parse(query, session)?;
    Evaluator { session }.value(&tree, value)
}

/// Evaluates the parts of a query.
pub(super) struct Evaluator<'s, 'a> {
    pub(super) session: &'s Session<'a>,
}

/// The elements of an array; `None` for anything else.
pub(super) fn array(value: &Val, session: &Session<'_>) -> Outcome<Option<Vec<Val>>> {
    match value {
        Val::List(_) => {
            let items = session.items(value)?;
            items.iter().try_for_each(Val::check)?;
            Ok(Some(items))
        }
        _ => Ok(None),
    }
}

fn is_false(value: &Val) -> bool {
    match value {
        Val::None | Val::Bool(false) => true,
        Val::Str(text) => text.is_empty(),
        Val::List(list) => list.len() == 0,
        Val::Dict(dict) => dict.len() == 0,
        _ => false,
    }
}

impl Evaluator<'_, '_> {
    pub(super) fn value(&self, node: &Node, value: &Val) -> Found<Val> {
        self.session.enter()?;
        Ok(match node {
            Node::Current => value.clone(),
            Node::Field(name) => self.field(value, name)?,
            Node::Literal(literal) => literal.clone(),
            Node::Function(name, parts) => {
                let mut arguments = Vec::with_capacity(parts.len());
                for part in parts {
                    arguments.push(match part {
                        Node::Reference(inner) => Argument::Expression(inner),
                        part => Argument::Value(self.value(part, value)?),
                    });
                }
                functions::call(self, name, arguments)?
            }
            Node::Then(first, second) => self.value(second, &self.value(first, value)?)?,
            Node::Index(index) => match array(value, self.session)? {
                Some(items) => element(&items, *index),
                None => Val::None,
            },
            Node::Slice(parts) => match value {
                Val::List(_) => {
                    let bounds = parts.map(|part| part.map_or(Val::None, Val::Int));
                    slice(value, bounds, self.session)?
                }
                _ => Val::None,
            },
            Node::Flatten(inner) => {
                let Some(items) = array(&self.value(inner, value)?, self.session)? else { return Ok(Val::None) };
                let mut flat = Vec::with_capacity(items.len());
                for item in items {
                    match array(&item, self.session)? {
                        Some(inner) => flat.extend(inner),
                        None => flat.push(item),
                    }
                }
                Val::list(flat)
            }
            Node::Projection(left, right) => {
                let items = array(&self.value(left, value)?, self.session)?;
                self.project(items, right, None)?
            }
            Node::ValueProjection(left, right) => {
                let left = self.value(left, value)?;
                let values =
                    |dict: Rc<Dictionary>| self.session.pairs(&dict).into_iter().map(|(_, value)| value).collect();
                let items = self.session.mapping(&left).map(values);
                self.project(items, right, None)?
            }
            Node::FilterProjection(left, right, condition) => {
                let items = array(&self.value(left, value)?, self.session)?;
                self.project(items, right, Some(condition))?
            }
            Node::Or(left, right) => match self.value(left, value)? {
                left if is_false(&left) => self.value(right, value)?,
                left => left,
            },
            Node::And(left, right) => match self.value(left, value)? {
                left if is_false(&left) => left,
                _ => self.value(right, value)?,
            },
            Node::Not(inner) => Val::Bool(is_false(&self.value(inner, value)?)),
            Node::Compare(comparison, left, right) => {
                self.compare(*comparison, &self.value(left, value)?, &self.value(right, value)?)?
            }
            Node::List(_) | Node::Dict(_) if value.is_none() => Val::None,
            Node::List(parts) => {
                let items: Found<Vec<Val>> = parts.iter().map(|part| self.value(part, value)).collect();
                Val::list(items?)
            }
            Node::Dict(pairs) => {
                let dict = Dictionary::empty();
                for (key, part) in pairs {
                    dict.insert(Key::text(key.as_str()), self.value(part, value)?);
                }
                Val::Dict(dict)
            }
            Node::Reference(_) => {
                let text = "Type '_Expression' is unsupported for variable storage.";
                return Err(Failure::Other(Fault::python(text)));
            }
        })
    }

    fn field(&self, value: &Val, name: &str) -> Outcome<Val> {
        let Some(dict) = self.session.mapping(value) else { return Ok(Val::None) };
        match dict.get_text(name) {
            Some(slot) => self.session.slot(&slot).defined(),
            None => Ok(Val::None),
        }
    }

    /// The results for all elements that have one.
    fn project(&self, items: Option<Vec<Val>>, right: &Node, condition: Option<&Node>) -> Found<Val> {
        let Some(items) = items else { return Ok(Val::None) };
        let mut results = Vec::with_capacity(items.len());
        for item in items {
            item.check()?;
            if let Some(condition) = condition
                && is_false(&self.value(condition, &item)?)
            {
                continue;
            }
            let result = self.value(right, &item)?;
            if !result.is_none() {
                results.push(result);
            }
        }
        Ok(Val::list(results))
    }

    fn compare(&self, comparison: Comparison, left: &Val, right: &Val) -> Outcome<Val> {
        let operator = match comparison {
            Comparison::Equal => return Ok(Val::Bool(self.same(left, right)?)),
            Comparison::NotEqual => return Ok(Val::Bool(!self.same(left, right)?)),
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        };
        if !is_ordered(left) || !is_ordered(right) {
            return Ok(Val::None);
        }
        let order = compare(operator, left, right, self.session)?;
        Ok(Val::Bool(match comparison {
            Comparison::Less => order == Some(Ordering::Less),
            Comparison::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            Comparison::Greater => order == Some(Ordering::Greater),
            _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        }))
    }

    /// Python's equality, but 0 and 1 are not false and true.
    fn same(&self, left: &Val, right: &Val) -> Outcome<bool> {
        if matches!(left, Val::Bool(_)) != matches!(right, Val::Bool(_)) {
            return Ok(false);
        }
        equal(left, right, self.session)
    }
}

/// Numbers and text have an order.
fn is_ordered(value: &Val) -> bool {
    matches!(value, Val::Str(_)) || (!matches!(value, Val::Bool(_)) && number(value).is_some())
}

fn element(items: &[Val], index: i64) -> Val {
    let index = match usize::try_from(index.unsigned_abs()) {
        Ok(back) if index < 0 => items.len().checked_sub(back),
        Ok(index) => Some(index),
        Err(_) => None,
    };
    index.and_then(|index| items.get(index)).cloned().unwrap_or(Val::None)
}
