//! Filters that cut lists into groups.

use super::Filter;
use super::sequences::{SortKey, sort_by_key};
use crate::eval::{Call, item_path};
use crate::fault::{Fault, Outcome};
use crate::val::{Val, equal};

pub(super) const TABLE: &[Filter] = &[
    Filter::new("batch", batch),
    Filter::new("dictsort", dictsort),
    Filter::new("groupby", groupby),
    Filter::new("slice", slice),
];

fn integer(value: &Val) -> Outcome<i64> {
    match value {
        Val::Int(number) => Ok(*number),
        Val::Bool(flag) => Ok((*flag).into()),
        other => Err(Fault::python(format!("'{}' object cannot be interpreted as an integer", other.python_class()))),
    }
}

fn batch(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, size, fill] = call.bind("do_batch", ["value", "linecount", "fill_with"], 2)?;
    let size = size.unwrap_or(Val::None);
    let fill = fill.unwrap_or(Val::None);
    let items = call.items(&value.unwrap_or(Val::None))?;
    // A size that is no number equals no length, so that all items land in one row.
    let size = integer(&size).ok();
    let full = |row: &Vec<Val>| size.is_some_and(|size| usize::try_from(size) == Ok(row.len()));
    let mut rows = Vec::new();
    let mut row: Vec<Val> = Vec::new();
    for item in items {
        if full(&row) {
            rows.push(Val::list(std::mem::take(&mut row)));
        }
        row.push(item);
    }
    if !row.is_empty() {
        if let Some(size) = size
            && !fill.is_none()
        {
            while i64::try_from(row.len()).is_ok_and(|length| length < size.min(1_000_000)) {
                row.push(fill.clone());
            }
        }
        rows.push(Val::list(row));
    }
    Ok(Val::list(rows))
}

fn slice(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, slices, fill] = call.bind("sync_do_slice", ["value", "slices", "fill_with"], 2)?;
    let items = call.items(&value.unwrap_or(Val::None))?;
    let slices = match slices.unwrap_or(Val::None) {
        Val::Int(0) => return Err(Fault::python("integer division or modulo by zero")),
        Val::Int(slices) => usize::try_from(slices).unwrap_or(0).min(1_000_000),
        other => {
            return Err(Fault::python(format!(
                "unsupported operand type(s) for //: 'int' and '{}'",
                other.python_class()
            )));
        }
    };
    let fill = fill.filter(|fill| !fill.is_none());
    let (each, extra) = (items.len() / slices.max(1), items.len() % slices.max(1));
    let mut items = items.into_iter();
    call.session.spend(slices)?;
    let mut rows = Vec::with_capacity(slices);
    for number in 0..slices {
        let mut row: Vec<Val> = items.by_ref().take(each + usize::from(number < extra)).collect();
        if let Some(fill) = &fill
            && number >= extra
        {
            row.push(fill.clone());
        }
        rows.push(Val::list(row));
    }
    Ok(Val::list(rows))
}

fn dictsort(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, case, by, reverse] = call.bind("do_dictsort", ["value", "case_sensitive", "by", "reverse"], 1)?;
    let by_value = match by {
        None => false,
        Some(by) => match call.text(&by)?.as_str() {
            "key" => false,
            "value" => true,
            _ => return Err(Fault::python("You can only sort by either \"key\" or \"value\"")),
        },
    };
    let reverse = call.flag(reverse.as_ref(), false)?;
    let key = SortKey::new(None, call.flag(case.as_ref(), false)?, false);
    let value = value.unwrap_or(Val::None);
    let Some(entries) = call.session.mapping(&value) else {
        let class = if matches!(value, Val::List(_)) { "_AnsibleLazyTemplateList" } else { value.python_type() };
        return Err(Fault::python(format!("'{class}' object has no attribute 'items'")));
    };
    let mut keyed = Vec::new();
    for (name, value) in call.pairs(&entries)? {
        let name = name.into_value();
        let sort = key.of(if by_value { &value } else { &name }, call)?;
        keyed.push((sort, Val::tuple(vec![name, value])));
    }
    Ok(Val::list(sort_by_key(keyed, reverse, call)?.into_iter().map(|(_, pair)| pair).collect()))
}

fn groupby(call: &mut Call<'_, '_>) -> Outcome<Val> {
    // A default is taken and has no effect: under ansible-core a missing attribute is an error before Jinja2 sees it.
    let [value, attribute, _, case] =
        call.bind("sync_do_groupby", ["value", "attribute", "default", "case_sensitive"], 2)?;
    let attribute = attribute.unwrap_or(Val::None);
    let case_sensitive = call.flag(case.as_ref(), false)?;
    let mut keyed = Vec::new();
    for item in call.items(&value.unwrap_or(Val::None))? {
        let found = item_path(&item, &attribute, call.session)?.defined()?;
        let folded = match &found {
            Val::Str(text) if !case_sensitive => Val::str(text.to_lowercase()),
            _ => found.clone(),
        };
        keyed.push((folded, Val::tuple(vec![found, item])));
    }
    let mut groups: Vec<(Val, Val, Vec<Val>)> = Vec::new();
    for (key, pair) in sort_by_key(keyed, false, call)? {
        let Val::Tuple(parts) = &pair else { continue };
        let [found, item] = &***parts else { continue };
        match groups.last_mut() {
            Some((known, _, items)) if equal(known, &key, call.session)? => items.push(item.clone()),
            _ => groups.push((key, found.clone(), vec![item.clone()])),
        }
    }
    Ok(Val::list(groups.into_iter().map(|(_, key, items)| Val::group(vec![key, Val::list(items)])).collect()))
}
