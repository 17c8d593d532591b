//! `ansible.utils.to_paths` and `get_path`: nested data by paths like `a.b[0]['c-d']`.

use super::options::{Kind, required_options};
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::val::{Dictionary, Key, Val};
use std::rc::Rc;

pub(super) const TABLE: &[Filter] =
    &[Filter::new("ansible.utils.get_path", get_path), Filter::new("ansible.utils.to_paths", to_paths)];

fn listed(call: &Call<'_, '_>, want_list: Option<&Val>, value: Val) -> Outcome<Val> {
    Ok(if call.flag(want_list, false)? { Val::list(vec![value]) } else { value })
}

pub(crate) fn to_paths(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, prepend, want_list] =
        required_options(call, &["var"], [("var", Kind::Raw), ("prepend", Kind::Text), ("wantlist", Kind::Bool)])?;
    let value = value.unwrap_or(Val::None);
    let prefix = prepend.map_or(Ok(String::new()), |prepend| call.text(&prepend))?;
    if prefix.is_empty() && matches!(&value, Val::Dict(_) | Val::List(_)) && !value.truth()? {
        return listed(call, want_list.as_ref(), value);
    }
    let out = Dictionary::empty();
    flatten(call, Key::text(prefix), value, &out)?;
    listed(call, want_list.as_ref(), Val::Dict(out))
}

fn flatten(call: &Call<'_, '_>, path: Key, value: Val, out: &Rc<Dictionary>) -> Outcome<()> {
    call.session.enter()?;
    let nested = matches!(&value, Val::Dict(_) | Val::List(_)) && value.truth()?;
    if !nested {
        out.insert(path, value);
        return Ok(());
    }
    let before = call.text(path.value())?;
    if let Val::List(_) = &value {
        for (index, item) in call.items(&value)?.into_iter().enumerate() {
            flatten(call, Key::text(format!("{before}[{index}]")), item, out)?;
        }
        return Ok(());
    }
    let Some(entries) = call.session.mapping(&value) else { return Ok(()) };
    for (key, item) in call.pairs(&entries)? {
        // The first key stays what it is.
        if before.is_empty() {
            if key.value().as_str().is_none() && matches!(&item, Val::Dict(_) | Val::List(_)) && item.truth()? {
                let class = key.value().python_type();
                return Err(Fault::python(format!("unsupported operand type(s) for +: '{class}' and 'str'")));
            }
            flatten(call, key, item, out)?;
            continue;
        }
        let Some(name) = key.value().as_str() else {
            let class = key.value().python_type();
            return Err(Fault::python(format!("expected string or bytes-like object, got '{class}'")));
        };
        let path = match (is_name(name), name.contains('\'')) {
            (true, _) => format!("{before}.{name}"),
            (false, true) => format!("{before}[\"{name}\"]"),
            (false, false) => format!("{before}['{name}']"),
        };
        flatten(call, Key::text(path), item, out)?;
    }
    Ok(())
}

fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    let is_start = |character: char| character.is_ascii_alphabetic() || character == '_';
    characters.next().is_some_and(is_start)
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_')
}

/// The path is an expression over the keys of the value.
pub(crate) fn get_path(call: &mut Call<'_, '_>) -> Outcome<Val> {
    // `wantlist` has no place of its own.
    call.positional.truncate(2);
    let [value, path, want_list] =
        required_options(call, &["var", "path"], [("var", Kind::Raw), ("path", Kind::Text), ("wantlist", Kind::Bool)])?;
    let value = value.unwrap_or(Val::None);
    let path = path.map_or(Ok(String::new()), |path| call.text(&path))?;
    // Upstream puts the path between braces.
    let expression = crate::convert::parse_expression(&path)
        .map_err(|fault| Fault::python(fault.headline().replace("'end of template'", "'end of print statement'")))?;
    let Some(entries) = call.session.mapping(&value) else {
        let class = value.plugin_class();
        return Err(Fault::python(format!(
            "jinja2.environment.Template.render() argument after ** must be a mapping, not {class}"
        )));
    };
    if entries.keys().iter().any(|key| key.value().as_str().is_none()) {
        return Err(Fault::python("keywords must be strings"));
    }
    let names = call.session.pairs(&entries).into_iter().filter_map(|(key, value)| match key.into_value() {
        Val::Str(name) => Some((name.text, value)),
        _ => None,
    });
    let found = crate::eval::evaluate_alone(call.session, call.root, &expression, names)?;
    listed(call, want_list.as_ref(), found.defined()?)
}
