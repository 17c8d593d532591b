//! `community.general.reveal_ansible_type`: the types of data in Python's words.

use super::options::class_path;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::val::{Key, Val};
use std::collections::BTreeSet;

pub(super) const TABLE: &[Filter] = &[Filter::new("community.general.reveal_ansible_type", reveal)];

fn reveal(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [data, alias] = call.bind("reveal_ansible_type", ["data", "alias"], 1)?;
    type_name(call, &data.unwrap_or(Val::None), alias).map(Val::from)
}

/// `int`, `list[int|str]`, `dict[str, int]`; names may have aliases.
pub(crate) fn type_name(call: &Call<'_, '_>, data: &Val, alias: Option<Val>) -> Outcome<String> {
    let alias = match alias.filter(|alias| !alias.is_none()) {
        None => None,
        Some(alias) => match call.session.mapping(&alias) {
            Some(entries) => Some(entries),
            None => {
                return Err(Fault::python(format!(
                    "The argument alias must be a dictionary. {} is <class '{}'>",
                    call.text(&alias)?,
                    class_path(&alias)
                )));
            }
        },
    };
    let name = |value: &Val| -> Outcome<String> {
        let name = match value {
            Val::Str(_) => value.python_class(),
            Val::Tuple(_) => "_AnsibleLazyAccessTuple",
            other => other.python_type(),
        };
        match alias.as_ref().and_then(|alias| alias.get(&Key::text(name))) {
            Some(slot) => call.text(&call.session.slot(&slot).defined()?),
            None => Ok(name.to_owned()),
        }
    };
    let all = |values: &[Val]| -> Outcome<String> {
        let names = values.iter().map(name).collect::<Outcome<BTreeSet<String>>>()?;
        Ok(names.into_iter().collect::<Vec<_>>().join("|"))
    };
    let outer = name(data)?;
    Ok(match data {
        Val::List(list) if list.len() > 0 && outer == "list" => format!("{outer}[{}]", all(&call.items(data)?)?),
        Val::Dict(entries) if entries.len() > 0 && outer == "dict" => {
            let (keys, values): (Vec<Key>, Vec<Val>) = call.pairs(entries)?.into_iter().unzip();
            let keys: Vec<Val> = keys.into_iter().map(Key::into_value).collect();
            format!("{outer}[{}, {}]", all(&keys)?, all(&values)?)
        }
        _ => outer,
    })
}
