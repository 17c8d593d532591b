//! Filters that combine the items of lists.

use super::Filter;
use crate::eval::{Call, Session};
use crate::fault::{Fault, Outcome};
use crate::val::Val;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("combinations", combinations),
    Filter::new("flatten", flatten),
    Filter::new("permutations", permutations),
    Filter::new("product", product),
    Filter::new("zip", zip),
    Filter::new("zip_longest", zip_longest),
];

/// Results with more items than this are refused.
const MAX_RESULTS: usize = 10_000_000;

fn too_many() -> Fault {
    Fault::python(format!("the result has more than {MAX_RESULTS} items"))
}

fn flatten(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, levels, skip_nulls] = call.bind("flatten", ["mylist", "levels", "skip_nulls"], 1)?;
    let levels = match levels {
        None | Some(Val::None) => None,
        Some(Val::Int(levels)) => Some(levels),
        Some(other) => {
            return Err(Fault::python(format!(
                "'>=' not supported between instances of '{}' and 'int'",
                other.python_class()
            )));
        }
    };
    let skip_nulls = call.flag(skip_nulls.as_ref(), true)?;
    let mut flat = Vec::new();
    flatten_into(&value.unwrap_or(Val::None), levels, skip_nulls, call, &mut flat)?;
    Ok(Val::list(flat))
}

fn flatten_into(value: &Val, levels: Option<i64>, skip: bool, call: &Call<'_, '_>, flat: &mut Vec<Val>) -> Outcome<()> {
    call.session.enter()?;
    for item in call.items(value)? {
        let is_null = match &item {
            Val::None => true,
            Val::Str(text) => matches!(&**text, "None" | "null"),
            _ => false,
        };
        match (&item, levels) {
            _ if skip && is_null => {}
            (Val::List(_) | Val::Tuple(_), None) => flatten_into(&item, None, skip, call, flat)?,
            (Val::List(_) | Val::Tuple(_), Some(levels)) if levels >= 1 => {
                flatten_into(&item, Some(levels - 1), skip, call, flat)?;
            }
            _ => flat.push(item),
        }
    }
    Ok(())
}

fn product(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let repeat = count(call.take_keyword("repeat"), 1)?;
    if let Some((name, _)) = call.keyword.first() {
        return Err(Fault::python(format!("product() got an unexpected keyword argument '{name}'")));
    }
    let mut pools = Vec::new();
    for value in std::mem::take(&mut call.positional) {
        pools.push(call.items(&value)?);
    }
    let pools: Vec<&Vec<Val>> = std::iter::repeat_n(&pools, repeat).flatten().collect();
    let size = pools.iter().try_fold(1_usize, |size, pool| size.checked_mul(pool.len()));
    if size.is_none_or(|size| size.saturating_mul(pools.len()) > MAX_RESULTS) {
        return Err(too_many());
    }
    call.session.spend(size.unwrap_or(0).saturating_mul(pools.len()))?;
    let mut rows: Vec<Vec<Val>> = vec![Vec::new()];
    for pool in pools {
        rows = rows
            .iter()
            .flat_map(|row| pool.iter().map(|item| row.iter().cloned().chain([item.clone()]).collect()))
            .collect();
    }
    Ok(Val::list(rows.into_iter().map(Val::tuple).collect()))
}

fn count(value: Option<Val>, default: usize) -> Outcome<usize> {
    match value {
        None | Some(Val::None) => Ok(default),
        Some(Val::Int(number)) => usize::try_from(number).map_err(|_| Fault::python("r must be non-negative")),
        Some(Val::Bool(flag)) => Ok(flag.into()),
        Some(other) => {
            Err(Fault::python(format!("'{}' object cannot be interpreted as an integer", other.python_class())))
        }
    }
}

/// Chooses `length` positions of `pool` in Python's order.
fn choose(
    pool: &[Val],
    length: usize,
    chosen: &mut Vec<usize>,
    ordered: bool,
    session: &Session<'_>,
    rows: &mut Vec<Val>,
) -> Outcome<()> {
    session.spend(pool.len() + 1)?;
    if chosen.len() == length {
        if rows.len().saturating_mul(length.max(1)) >= MAX_RESULTS {
            return Err(too_many());
        }
        rows.push(Val::tuple(chosen.iter().filter_map(|index| pool.get(*index)).cloned().collect()));
        return Ok(());
    }
    let start = if ordered { chosen.last().map_or(0, |last| last + 1) } else { 0 };
    for index in start..pool.len() {
        if ordered || !chosen.contains(&index) {
            chosen.push(index);
            choose(pool, length, chosen, ordered, session, rows)?;
            chosen.pop();
        }
    }
    Ok(())
}

fn chosen(call: &mut Call<'_, '_>, name: &str, ordered: bool) -> Outcome<Val> {
    let [value, length] = call.bind(name, ["iterable", "r"], 1)?;
    if ordered && length.is_none() {
        return Err(Fault::python("combinations() missing required argument 'r' (pos 2)"));
    }
    let pool = call.items(&value.unwrap_or(Val::None))?;
    let length = count(length, pool.len())?;
    let mut rows = Vec::new();
    if length <= pool.len() {
        // Each level of the recursion is an item of the pool.
        if length > 1_000 {
            return Err(too_many());
        }
        choose(&pool, length, &mut Vec::new(), ordered, call.session, &mut rows)?;
    }
    Ok(Val::list(rows))
}

fn permutations(call: &mut Call<'_, '_>) -> Outcome<Val> {
    chosen(call, "permutations", false)
}

fn combinations(call: &mut Call<'_, '_>) -> Outcome<Val> {
    chosen(call, "combinations", true)
}

fn columns(call: &mut Call<'_, '_>) -> Outcome<Vec<Vec<Val>>> {
    std::mem::take(&mut call.positional).iter().map(|value| call.session.items(value)).collect()
}

fn zip(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let strict = call.take_keyword("strict");
    let strict = call.flag(strict.as_ref(), false)?;
    if !call.keyword.is_empty() {
        return Err(Fault::python("zip() got an unexpected keyword argument"));
    }
    let columns = columns(call)?;
    let shortest = columns.iter().map(Vec::len).min().unwrap_or(0);
    if strict && let Some(first) = columns.first() {
        for (index, column) in columns.iter().enumerate() {
            if column.len() != first.len() {
                let word = if column.len() < first.len() { "shorter" } else { "longer" };
                let than = if index == 1 { "argument 1".to_owned() } else { format!("arguments 1-{index}") };
                return Err(Fault::python(format!("zip() argument {} is {word} than {than}", index + 1)));
            }
        }
    }
    let row = |at: usize| {
        let row: Vec<Val> = columns.iter().filter_map(|column| column.get(at).cloned()).collect();
        row.iter().try_for_each(Val::check).map(|()| Val::tuple(row))
    };
    Ok(Val::list((0..shortest).map(row).collect::<Outcome<_>>()?))
}

fn zip_longest(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let fill = call.take_keyword("fillvalue").unwrap_or(Val::None);
    if !call.keyword.is_empty() {
        return Err(Fault::python("zip_longest() got an unexpected keyword argument"));
    }
    let columns = columns(call)?;
    let longest = columns.iter().map(Vec::len).max().unwrap_or(0);
    let row = |at: usize| {
        Val::tuple(columns.iter().map(|column| column.get(at).cloned().unwrap_or_else(|| fill.clone())).collect())
    };
    Ok(Val::list((0..longest).map(row).collect()))
}
