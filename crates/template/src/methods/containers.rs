//! Methods of `list`, `tuple`, `dict` and read-only mappings.

use super::{no_method, take};
use crate::eval::{Arguments, Session};
use crate::fault::{Fault, Outcome};
use crate::val::{Dictionary, Key, List, Slot, Val, compare, equal, python_repr};
use churten_value::try_sort_by;
use std::cmp::Ordering;
use std::rc::Rc;

/// Methods of `list`.
pub(super) fn list(list: &Rc<List>, name: &str, arguments: Arguments, session: &Session<'_>) -> Outcome<Val> {
    let done = Ok(Val::None);
    match name {
        "append" => {
            let [item] = take("list", name, arguments, ["object"], 1)?;
            list.change(|items| items.extend(item.map(Slot::Ready)));
            done
        }
        "extend" => {
            let [more] = take("list", name, arguments, ["iterable"], 1)?;
            let more = session.items(&more.unwrap_or(Val::None))?;
            more.iter().try_for_each(Val::check)?;
            list.change(|items| items.extend(more.into_iter().map(Slot::Ready)));
            done
        }
        "insert" => {
            let [index, item] = take("list", name, arguments, ["index", "object"], 2)?;
            let Some(Val::Int(index)) = index else {
                let name = index.map_or("NoneType", |index| index.python_type());
                return Err(Fault::python(format!("'{name}' object cannot be interpreted as an integer")));
            };
            list.change(|items| {
                let length = items.len();
                let distance = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
                let at = if index < 0 { length.saturating_sub(distance) } else { distance.min(length) };
                items.insert(at, Slot::Ready(item.unwrap_or(Val::None)));
            });
            done
        }
        "pop" => {
            let [index] = take("list", name, arguments, ["index"], 0)?;
            if list.len() == 0 {
                return Err(Fault::python("pop from empty list"));
            }
            let at = crate::eval::position(&index.unwrap_or(Val::Int(-1)), list.len());
            let at = at.ok_or_else(|| Fault::python("pop index out of range"))?;
            Ok(session.slot(&list.change(|items| items.remove(at))))
        }
        "remove" => {
            let [item] = take("list", name, arguments, ["value"], 1)?;
            match find(&Val::List(list.clone()), &item.unwrap_or(Val::None), session)? {
                Some(at) => {
                    list.change(|items| items.remove(at));
                    done
                }
                None => Err(Fault::python("list.remove(x): x not in list")),
            }
        }
        "reverse" => {
            list.change(|items| items.reverse());
            done
        }
        "clear" => {
            list.change(Vec::clear);
            done
        }
        "copy" => {
            let copy = List::new(Vec::new());
            copy.change(|items| items.extend(list.slots()));
            Ok(Val::List(copy))
        }
        "sort" => {
            let [_, reverse] = take("list", name, arguments, ["key", "reverse"], 0)?;
            let reverse = reverse.map_or(Ok(false), |reverse| reverse.truth())?;
            let sorted = sort(session.items(&Val::List(list.clone()))?, reverse, session)?;
            list.change(|items| *items = sorted.into_iter().map(Slot::Ready).collect());
            done
        }
        _ => sequence(&Val::List(list.clone()), name, arguments, session),
    }
}

/// A stable sort in Python's order.
pub(super) fn sort(items: Vec<Val>, reverse: bool, session: &Session<'_>) -> Outcome<Vec<Val>> {
    try_sort_by(items, |a, b| {
        let order = compare("<", a, b, session)?.unwrap_or(Ordering::Equal);
        Ok(if reverse { order.reverse() } else { order })
    })
}

fn find(sequence: &Val, item: &Val, session: &Session<'_>) -> Outcome<Option<usize>> {
    for (index, candidate) in session.items(sequence)?.iter().enumerate() {
        if equal(candidate, item, session)? {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

/// Methods of `list` and `tuple`.
pub(super) fn sequence(value: &Val, name: &str, arguments: Arguments, session: &Session<'_>) -> Outcome<Val> {
    match name {
        "index" => {
            let [item, start] = take(value.python_type(), name, arguments, ["value", "start"], 1)?;
            let item = item.unwrap_or(Val::None);
            let start = match start {
                Some(Val::Int(start)) => usize::try_from(start).unwrap_or(0),
                _ => 0,
            };
            for (index, candidate) in session.items(value)?.iter().enumerate().skip(start) {
                if equal(candidate, &item, session)? {
                    return Ok(Val::from(index));
                }
            }
            Err(Fault::python(format!("{} is not in {}", python_repr(&item, session)?, value.python_type())))
        }
        "count" => {
            let [item] = take(value.python_type(), name, arguments, ["value"], 1)?;
            let item = item.unwrap_or(Val::None);
            let mut count = 0_usize;
            for candidate in session.items(value)? {
                count += usize::from(equal(&candidate, &item, session)?);
            }
            Ok(Val::from(count))
        }
        _ => Err(no_method(value, name)),
    }
}

/// Methods of `dict`.
pub(super) fn dict(dict: &Rc<Dictionary>, name: &str, mut arguments: Arguments, session: &Session<'_>) -> Outcome<Val> {
    match name {
        "items" | "keys" | "values" => {
            take("dict", name, arguments, [], 0)?;
            view(dict, name, session)
        }
        "get" => {
            let [key, default] = take("dict", name, arguments, ["key", "default"], 1)?;
            let key = Key::new(key.unwrap_or(Val::None))?;
            Ok(dict.get(&key).map_or_else(|| default.unwrap_or(Val::None), |slot| session.slot(&slot)))
        }
        "update" => {
            let keyword = std::mem::take(&mut arguments.keyword);
            let [other] = take("dict", name, arguments, ["other"], 0)?;
            if let Some(other) = other {
                let mut checked = Vec::new();
                for (key, slot) in entries(&other, session)? {
                    checked.push((key, session.slot(&slot).defined()?));
                }
                for (key, value) in checked {
                    dict.insert(key, value);
                }
            }
            for (key, value) in keyword {
                dict.insert(Key::text(key), value);
            }
            Ok(Val::None)
        }
        "pop" => {
            let [key, default] = take("dict", name, arguments, ["key", "default"], 1)?;
            // Python does not look at the key when there is nothing to look it up in.
            if dict.len() == 0
                && let Some(default) = default
            {
                return Ok(default);
            }
            let key = Key::new(key.unwrap_or(Val::None))?;
            match (dict.remove(&key), default) {
                (Some(slot), _) => Ok(session.slot(&slot)),
                (None, Some(default)) => Ok(default),
                (None, None) => Err(Fault::python(python_repr(key.value(), session)?)),
            }
        }
        "popitem" => match dict.pop_last() {
            Some((key, slot)) => Ok(Val::tuple(vec![key.into_value(), session.slot(&slot)])),
            None => Err(Fault::python("'popitem(): dictionary is empty'")),
        },
        "setdefault" => {
            let [key, default] = take("dict", name, arguments, ["key", "default"], 1)?;
            let key = Key::new(key.unwrap_or(Val::None))?;
            if let Some(slot) = dict.get(&key) {
                return Ok(session.slot(&slot));
            }
            let default = default.unwrap_or(Val::None);
            dict.insert(key, default.clone());
            Ok(default)
        }
        "copy" => Ok(Val::Dict(Dictionary::from_slots(dict.slots()))),
        "clear" => {
            dict.clear();
            Ok(Val::None)
        }
        "fromkeys" => {
            let [keys, value] = take("dict", name, arguments, ["iterable", "value"], 1)?;
            let value = value.unwrap_or(Val::None);
            let made = Dictionary::empty();
            for key in session.items(&keys.unwrap_or(Val::None))? {
                made.insert(Key::new(key)?, value.clone());
            }
            Ok(Val::Dict(made))
        }
        _ => Err(no_method(&Val::Dict(dict.clone()), name)),
    }
}

/// `items()`, `keys()` and `values()`: lists, as ansible-core makes them.
fn view(dict: &Dictionary, name: &str, session: &Session<'_>) -> Outcome<Val> {
    Ok(Val::list(match name {
        "keys" => dict.keys().into_iter().map(Key::into_value).collect(),
        "values" => session.pairs(dict).into_iter().map(|(_, value)| value).collect(),
        _ => {
            let pairs = session.pairs(dict).into_iter();
            pairs.map(|(key, value)| Val::tuple(vec![key.into_value(), value])).collect()
        }
    }))
}

/// The entries of a mapping, or of a list of pairs, as `dict()` and `update()` take them.
pub(crate) fn entries(value: &Val, session: &Session<'_>) -> Outcome<Vec<(Key, Slot)>> {
    if let Some(dict) = session.mapping(value) {
        return Ok(dict.slots());
    }
    let mut entries = Vec::new();
    for (index, pair) in session.items(value)?.iter().enumerate() {
        let items = session.items(pair).map_err(|_| {
            Fault::python(format!("cannot convert dictionary update sequence element #{index} to a sequence"))
        })?;
        let [key, value] = <[Val; 2]>::try_from(items).map_err(|items| {
            Fault::python(format!(
                "dictionary update sequence element #{index} has length {}; 2 is required",
                items.len()
            ))
        })?;
        entries.push((Key::new(key)?, Slot::Ready(value)));
    }
    Ok(entries)
}

/// Methods of `hostvars` and of one host's variables.
pub(super) fn mapping(value: &Val, name: &str, arguments: Arguments, session: &Session<'_>) -> Outcome<Val> {
    match value {
        Val::Variables(_) => match session.mapping(value) {
            Some(entries) => dict(&entries, name, arguments, session),
            None => Err(no_method(value, name)),
        },
        Val::Hosts(hosts) => {
            let names = hosts.hosts();
            match name {
                "keys" => Ok(Val::list(names.into_iter().map(Val::str).collect())),
                "values" => Ok(Val::list(names.iter().map(|name| session.host(hosts, name)).collect())),
                "items" => Ok(Val::list(
                    names
                        .iter()
                        .map(|name| Val::tuple(vec![Val::str(name.clone()), session.host(hosts, name)]))
                        .collect(),
                )),
                "get" => {
                    let [key, _] = take("HostVars", name, arguments, ["key", "default"], 1)?;
                    // An unknown host is undefined; the default is never reached.
                    Ok(session.host(hosts, key.as_ref().and_then(Val::as_str).unwrap_or("")))
                }
                _ => Err(no_method(value, name)),
            }
        }
        _ => Err(no_method(value, name)),
    }
}
