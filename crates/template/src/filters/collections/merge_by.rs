//! `community.general.lists_mergeby`: lists of dictionaries, those with the same value of a key made one.

use super::options::class_path;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::filters::dictionaries::{ListMerge, merged};
use crate::val::{Dictionary, Key, Val, compare};
use churten_value::try_sort_by;
use std::cmp::Ordering;
use std::rc::Rc;

pub(super) const TABLE: &[Filter] = &[Filter::new("community.general.lists_mergeby", lists_merge_by)];

fn is_sequence(value: &Val) -> bool {
    matches!(value, Val::List(_) | Val::Tuple(_) | Val::Str(_))
}

fn lists_merge_by(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let recursive = call.take_keyword("recursive");
    let recursive = call.flag(recursive.as_ref(), false)?;
    let list_merge = call.take_keyword("list_merge");
    if !call.keyword.is_empty() {
        return Err(Fault::python("'recursive' and 'list_merge' are the only valid keyword arguments."));
    }
    let mut arguments = std::mem::take(&mut call.positional);
    let index = arguments.pop();
    let (Some(index), false) = (index, arguments.is_empty()) else {
        return Err(Fault::python("At least one list and index are needed."));
    };
    let mut lists = Vec::new();
    for list in arguments {
        if !is_sequence(&list) {
            return Err(Fault::python(format!(
                "All arguments before the argument index for community.general.lists_mergeby must be lists. {} is <class \
                 '{}'>",
                call.text(&list)?,
                class_path(&list)
            )));
        }
        // A list of lists stands for the lists in it.
        let items = call.items(&list)?;
        if !matches!(&list, Val::Str(text) if text.chars().count() == 1) && items.iter().all(is_sequence) {
            lists.extend(items);
        } else {
            lists.push(list);
        }
    }
    let Some(mut result) = lists.pop() else { return Ok(Val::list(Vec::new())) };
    if lists.is_empty() {
        return Ok(result);
    }
    let Val::Str(index) = &index else {
        return Err(Fault::python(format!(
            "First argument after the lists for community.general.lists_mergeby must be string. {} is <class '{}'>",
            call.text(&index)?,
            class_path(&index)
        )));
    };
    let key = Key::text(index.text.clone());
    let merge = list_merge.map_or(Ok("replace".to_owned()), |merge| call.text(&merge))?;
    while let Some(list) = lists.pop() {
        result = both(call, &list, &result, &key, recursive, &merge)?;
    }
    Ok(result)
}

fn both(call: &Call<'_, '_>, low: &Val, high: &Val, key: &Key, recursive: bool, merge: &str) -> Outcome<Val> {
    if !high.truth()? {
        return Ok(low.clone());
    }
    let found = Dictionary::empty();
    for item in call.items(low)?.into_iter().chain(call.items(high)?) {
        let Some(entries) = call.session.mapping(&item) else {
            return Err(Fault::python(format!(
                "Elements of list arguments for lists_mergeby must be dictionaries. {} is <class '{}'>",
                call.text(&item)?,
                class_path(&item)
            )));
        };
        let Some(slot) = entries.get(key) else { continue };
        let value = call.session.slot(&slot).defined()?;
        if let Val::List(_) | Val::Dict(_) = value {
            return Err(Fault::python(format!("unhashable type: '{}'", value.plugin_class())));
        }
        let value = Key::new(value)?;
        let before: Rc<Dictionary> = match found.get(&value).map(|slot| call.session.slot(&slot)) {
            Some(Val::Dict(before)) => before,
            _ => Dictionary::empty(),
        };
        found.insert(value, Val::Dict(merged(&before, &entries, recursive, ListMerge::parse(merge)?, call)?));
    }
    let pairs = try_sort_by(call.pairs(&found)?, |(a, _), (b, _)| {
        compare("<", a.value(), b.value(), call.session).map(|order| order.unwrap_or(Ordering::Equal))
    })?;
    Ok(Val::list(pairs.into_iter().map(|(_, item)| item).collect()))
}
