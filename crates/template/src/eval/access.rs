//! Attributes, items, slices and membership.

use super::Session;
use crate::fault::{Fault, Outcome};
use crate::methods;
use crate::tree::Symbol;
use crate::val::{BoundMethod, Key, Object, Slot, Val, equal, python_repr};

/// `value.name`: for data a method first, then a key, as Jinja2 looks things up.
pub(crate) fn attribute(value: &Val, name: &Symbol, session: &Session<'_>) -> Val {
    if name.starts_with("__")
        && let Some(refused) = unsafe_attribute(value, name, session)
    {
        return refused;
    }
    match value {
        Val::Undefined(undefined) if undefined.is_silent() => Val::failed(undefined.fault()),
        Val::Undefined(_) => value.clone(),
        Val::Dict(dict) => {
            if methods::DICT.contains(&&**name) {
                return method(value, name);
            }
            match dict.get_text(name) {
                Some(slot) => session.slot(&slot),
                None => missing(value, &Val::Str(crate::val::Text::new(name.clone())), session),
            }
        }
        Val::List(_) if methods::LIST.contains(&&**name) => method(value, name),
        Val::Tuple(_) if methods::TUPLE.contains(&&**name) => method(value, name),
        // The pairs that `groupby` gives are named.
        Val::Tuple(items) if items.is_group() && matches!(&**name, "grouper" | "list") => {
            items.get(usize::from(&**name == "list")).cloned().unwrap_or(Val::None)
        }
        Val::Str(_) if methods::TEXT.contains(&&**name) => method(value, name),
        Val::Bytes(_) if methods::BYTES.contains(&&**name) => method(value, name),
        Val::Int(_) | Val::Big(_) | Val::Bool(_) if methods::INTEGER.contains(&&**name) => method(value, name),
        Val::Int(_) | Val::Big(_) | Val::Float(_) if matches!(&**name, "real" | "numerator") => value.clone(),
        Val::Int(_) | Val::Big(_) if matches!(&**name, "imag" | "denominator") => Val::Int((&**name != "imag").into()),
        Val::Float(_) if methods::FLOAT.contains(&&**name) => method(value, name),
        Val::Timestamp(when) => methods::timestamp::attribute(when, name)
            .or_else(|| methods::TIMESTAMP.contains(&&**name).then(|| method(value, name)))
            .unwrap_or_else(|| missing_name(value, name, session)),
        Val::Time(time) => methods::clock_time::attribute(time, name)
            .or_else(|| methods::TIME.contains(&&**name).then(|| method(value, name)))
            .unwrap_or_else(|| missing_name(value, name, session)),
        Val::Duration(length) => methods::timestamp::duration_attribute(*length, name)
            .or_else(|| (&**name == "total_seconds").then(|| method(value, name)))
            .unwrap_or_else(|| missing_name(value, name, session)),
        Val::Hosts(hosts) => {
            if methods::MAPPING.contains(&&**name) {
                return method(value, name);
            }
            session.host(hosts, name)
        }
        Val::Variables(root) => {
            if methods::MAPPING.contains(&&**name) {
                return method(value, name);
            }
            session.variable(*root, name).unwrap_or_else(|| missing_name(value, name, session))
        }
        Val::Object(object) => object_attribute(value, object, name, session),
        _ => missing_name(value, name, session),
    }
}

/// Jinja2's sandbox refuses Python's internals.
fn unsafe_attribute(value: &Val, name: &Symbol, session: &Session<'_>) -> Option<Val> {
    const INTERNAL: &[&str] = &[
        "__class__",
        "__dict__",
        "__doc__",
        "__init__",
        "__len__",
        "__iter__",
        "__getitem__",
        "__mro__",
        "__bases__",
        "__subclasses__",
        "__module__",
        "__eq__",
        "__hash__",
        "__repr__",
        "__str__",
        "__reduce__",
        "__new__",
        "__getattribute__",
        "__setattr__",
        "__delattr__",
        "__contains__",
        "__add__",
        "__mul__",
        "__sizeof__",
    ];
    let is_key = matches!(value, Val::Dict(dict) if dict.get_text(name).is_some());
    let is_refused = INTERNAL.contains(&&**name) && !is_key && !value.is_missing();
    is_refused.then(|| {
        let class = value.python_class();
        session.undefined(format!("access to attribute '{name}' of '{class}' object is unsafe."))
    })
}

fn object_attribute(value: &Val, object: &Object, name: &Symbol, session: &Session<'_>) -> Val {
    let found = match object {
        Object::Namespace(entries) => entries.get_text(name).map(|slot| session.slot(&slot)),
        Object::Module(module) => module.frame.own(name),
        Object::Loop(state) => {
            let found = state.attribute(name);
            found.or_else(|| matches!(&**name, "cycle" | "changed").then(|| method(value, name)))
        }
        Object::Blocks => Some(Val::object(Object::Block(name.clone(), 0))),
        Object::Macro(value) => match &**name {
            "name" => Some(Val::str(value.declaration.name.clone())),
            "arguments" => {
                Some(Val::tuple(value.declaration.parameters.iter().map(|name| Val::str(name.clone())).collect()))
            }
            "catch_varargs" => Some(Val::Bool(value.declaration.uses_varargs)),
            "catch_kwargs" => Some(Val::Bool(value.declaration.uses_kwargs)),
            "caller" => Some(Val::Bool(value.declaration.uses_caller)),
            _ => None,
        },
        Object::Cycler { items, at } => match &**name {
            "current" => items.get(at.get() % items.len().max(1)).cloned(),
            "next" | "reset" => Some(method(value, name)),
            _ => None,
        },
        _ => None,
    };
    found.unwrap_or_else(|| missing_name(value, name, session))
}

fn method(receiver: &Val, name: &Symbol) -> Val {
    Val::object(Object::Method(BoundMethod { receiver: receiver.clone(), name: name.clone() }))
}

fn missing_name(value: &Val, name: &Symbol, session: &Session<'_>) -> Val {
    session.undefined(format!(
        "object of type '{}' has no attribute {}",
        value.python_type(),
        churten_value::str_repr(name)
    ))
}

/// The marker for a key or attribute that is not there.
pub(crate) fn missing(value: &Val, key: &Val, session: &Session<'_>) -> Val {
    let shown = python_repr(key, session).unwrap_or_default();
    session.undefined(format!("object of type '{}' has no attribute {shown}", value.python_type()))
}

/// A Python index into `length` elements.
pub(crate) fn index(key: &Val, length: usize) -> Option<usize> {
    let index = match key {
        Val::Int(index) => *index,
        Val::Bool(flag) => (*flag).into(),
        _ => return None,
    };
    if index < 0 {
        length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?)
    } else {
        usize::try_from(index).ok().filter(|index| *index < length)
    }
}

/// `value[key]`.
pub(crate) fn item(value: &Val, key: &Val, session: &Session<'_>) -> Outcome<Val> {
    if let Val::Undefined(undefined) = value {
        return if undefined.is_silent() { Err(undefined.fault()) } else { Ok(value.clone()) };
    }
    key.check()?;
    let found = match value {
        Val::Dict(dict) => match Key::new(key.clone()) {
            Ok(key) => dict.get(&key).map(|slot| session.slot(&slot)),
            Err(_) if dict.shared().is_none() => {
                let shown = python_repr(key, session)?;
                return Ok(session.undefined(format!("dict object has no element {shown}")));
            }
            Err(_) => None,
        },
        Val::List(list) => {
            index(key, list.len()).and_then(|index| list.get(index)).map(|slot: Slot| session.slot(&slot))
        }
        Val::Tuple(items) => index(key, items.len()).and_then(|index| items.get(index)).cloned(),
        Val::Str(text) => {
            let length = text.chars().count();
            let character = index(key, length).and_then(|index| text.chars().nth(index));
            character.map(|character| Val::str(character.to_string()))
        }
        Val::Bytes(bytes) => {
            index(key, bytes.len()).and_then(|index| bytes.get(index)).map(|byte| Val::Int((*byte).into()))
        }
        Val::Range(range) => index(key, range.len()).and_then(|index| range.get(index)).map(Val::Int),
        Val::Hosts(hosts) => key.as_str().map(|name| session.host(hosts, name)),
        Val::Variables(root) => key.as_str().and_then(|name| session.variable(*root, name)),
        _ => None,
    };
    Ok(match (found, key) {
        (Some(found), _) => found,
        // Jinja2 falls back to the attribute of that name.
        (None, Val::Str(name)) => attribute(value, &name.text, session),
        (None, _) => match unsuitable(value, key) {
            Some(class) => {
                let shown = python_repr(key, session)?;
                session.undefined(format!("{class} has no element {shown}"))
            }
            None => missing(value, key, session),
        },
    })
}

/// What Jinja2 calls a value that cannot be looked into with such a key at all; `None` when the key is just missing.
fn unsuitable(value: &Val, key: &Val) -> Option<&'static str> {
    let is_index = matches!(key, Val::Int(_) | Val::Bool(_) | Val::Float(_));
    Some(match value {
        Val::None => "None",
        Val::Bool(_) => "bool object",
        Val::Int(_) | Val::Big(_) => "int object",
        Val::Float(_) => "float object",
        Val::List(list) if !is_index && list.shared().is_some() => {
            "ansible._internal._templating._lazy_containers._AnsibleLazyTemplateList object"
        }
        Val::List(_) if !is_index => "list object",
        Val::Tuple(_) if !is_index => "tuple object",
        Val::Str(_) if !is_index => "str object",
        Val::Dict(dict) if key.is_none() && dict.shared().is_some() => {
            "ansible._internal._templating._lazy_containers._AnsibleLazyTemplateDict object"
        }
        _ => return None,
    })
}

/// `a.b.0.c` or an index, as the `attribute` argument of filters takes it.
pub(crate) fn item_path(value: &Val, path: &Val, session: &Session<'_>) -> Outcome<Val> {
    let Val::Str(path) = path else { return item(value, path, session) };
    let mut current = value.clone();
    for part in path.split('.') {
        let key = match part.parse::<i64>() {
            Ok(index) if part.bytes().all(|byte| byte.is_ascii_digit()) => Val::Int(index),
            _ => Val::str(part),
        };
        let found = item(&current, &key, session)?;
        current = match (&key, &current) {
            (Val::Int(index), Val::List(list)) if found.is_undefined() => {
                let class = match list.shared() {
                    Some(_) => "ansible._internal._templating._lazy_containers._AnsibleLazyTemplateList",
                    None => "list",
                };
                session.undefined(format!("{class} object has no element {index}"))
            }
            _ => found,
        };
    }
    Ok(current)
}

/// `value[start:stop:step]`.
pub(crate) fn slice(value: &Val, bounds: [Val; 3], session: &Session<'_>) -> Outcome<Val> {
    if value.is_undefined() {
        return Ok(value.clone());
    }
    let mut numbers = [None; 3];
    for (number, bound) in numbers.iter_mut().zip(&bounds) {
        *number = match bound {
            Val::None => None,
            Val::Int(bound) => Some(*bound),
            Val::Bool(flag) => Some((*flag).into()),
            Val::Undefined(undefined) => return Err(undefined.fault()),
            _ => {
                return Err(Fault::python("slice indices must be integers or None or have an __index__ method"));
            }
        };
    }
    let items = match value {
        Val::Str(_) | Val::List(_) | Val::Tuple(_) | Val::Range(_) | Val::Bytes(_) => session.items(value)?,
        Val::Dict(_) => return Err(Fault::python("unhashable type: 'slice'")),
        other => return Err(Fault::python(format!("'{}' object is not subscriptable", other.python_type()))),
    };
    let picked = positions(items.len(), numbers)?.into_iter().filter_map(|index| items.get(index).cloned());
    Ok(match value {
        Val::Str(_) => {
            let mut text = String::new();
            picked.for_each(|item| text.push_str(item.as_str().unwrap_or("")));
            text.into()
        }
        Val::Tuple(_) => Val::tuple(picked.collect()),
        Val::Bytes(_) => {
            let bytes = picked.filter_map(|item| match item {
                Val::Int(byte) => u8::try_from(byte).ok(),
                _ => None,
            });
            Val::Bytes(bytes.collect::<Vec<_>>().into())
        }
        _ => Val::list(picked.collect()),
    })
}

/// The positions a Python slice selects from `length` elements.
fn positions(length: usize, [start, stop, step]: [Option<i64>; 3]) -> Outcome<Vec<usize>> {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let step = step.unwrap_or(1);
    if step == 0 {
        return Err(Fault::python("slice step cannot be zero"));
    }
    let (low, high) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let clamp = |bound: i64| (if bound < 0 { bound.saturating_add(length) } else { bound }).clamp(low, high.max(low));
    let mut at = start.map_or(if step > 0 { 0 } else { length - 1 }, clamp);
    let end = stop.map_or(if step > 0 { length } else { -1 }, clamp);
    let mut positions = Vec::new();
    while (step > 0 && at < end) || (step < 0 && at > end) {
        positions.extend(usize::try_from(at).ok());
        let Some(next) = at.checked_add(step) else { break };
        at = next;
    }
    Ok(positions)
}

/// `needle in haystack`.
pub(crate) fn contains(haystack: &Val, needle: &Val, session: &Session<'_>) -> Outcome<bool> {
    let has_elements = matches!(haystack, Val::List(_) | Val::Tuple(_) | Val::Range(_)) && haystack.truth()?;
    if has_elements || !matches!(haystack, Val::List(_) | Val::Tuple(_) | Val::Range(_)) {
        needle.check()?;
    }
    Ok(match haystack {
        Val::Undefined(undefined) => return Err(undefined.fault()),
        Val::Str(text) => match needle {
            Val::Str(part) => text.contains(&**part),
            other => {
                return Err(Fault::python(format!(
                    "'in <string>' requires string as left operand, not {}",
                    other.python_type()
                )));
            }
        },
        Val::Dict(dict) => dict.contains(&Key::new(needle.clone())?),
        Val::Hosts(hosts) => {
            let name = needle.as_str().unwrap_or("");
            hosts.hosts().iter().any(|host| &**host == name)
        }
        Val::Variables(root) => needle.as_str().is_some_and(|name| session.raw_variable(*root, name).is_some()),
        Val::Bytes(bytes) => match needle {
            Val::Bytes(part) => part.is_empty() || bytes.windows(part.len()).any(|window| *window == **part),
            Val::Int(byte) => match u8::try_from(*byte) {
                Ok(byte) => bytes.contains(&byte),
                Err(_) => return Err(Fault::python("byte must be in range(0, 256)")),
            },
            other => {
                let class = other.python_type();
                return Err(Fault::python(format!("a bytes-like object is required, not '{class}'")));
            }
        },
        Val::List(_) | Val::Tuple(_) | Val::Range(_) => {
            for item in session.items(haystack)? {
                if equal(&item, needle, session)? {
                    return Ok(true);
                }
            }
            false
        }
        other => {
            return Err(Fault::python(format!("argument of type '{}' is not iterable", other.python_type())));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::positions;

    #[test]
    fn slices_as_python() {
        for (bounds, expected) in [
            ([None, None, None], vec![0, 1, 2, 3]),
            ([Some(3), Some(0), Some(-1)], vec![3, 2, 1]),
            ([None, None, Some(-2)], vec![3, 1]),
            ([Some(-2), None, None], vec![2, 3]),
            ([Some(1), Some(-1), None], vec![1, 2]),
            ([Some(9), None, None], vec![]),
        ] {
            assert_eq!(positions(4, bounds).unwrap(), expected);
        }
    }
}
