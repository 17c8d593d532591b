//! Filters on text.

use super::Filter;
use super::types::soft_text;
use crate::eval::{Call, item_path};
use crate::fault::{Fault, Outcome};
use crate::methods;
use crate::val::{Val, write_str};

pub(super) const TABLE: &[Filter] = &[
    Filter::new("capitalize", capitalize),
    Filter::new("format", format),
    Filter::new("join", join),
    Filter::new("lower", lower),
    Filter::new("replace", replace),
    Filter::new("split", split),
    Filter::new("title", title),
    Filter::new("trim", trim),
    Filter::new("upper", upper),
];

fn upper(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("do_upper", ["s"], 1)?;
    Ok(soft_text(value, call)?.to_uppercase().into())
}

fn lower(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("do_lower", ["s"], 1)?;
    Ok(soft_text(value, call)?.to_lowercase().into())
}

fn capitalize(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("do_capitalize", ["s"], 1)?;
    let text = soft_text(value, call)?;
    let mut characters = text.chars();
    Ok(match characters.next() {
        Some(first) => first.to_uppercase().chain(characters.as_str().to_lowercase().chars()).collect(),
        None => String::new(),
    }
    .into())
}

/// Jinja2's `title`: words start after white space and `-({[<`, and keep an apostrophe inside.
fn title(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("do_title", ["s"], 1)?;
    let text = soft_text(value, call)?;
    let mut out = String::with_capacity(text.len());
    let mut at_start = true;
    for character in text.chars() {
        if character.is_whitespace() || matches!(character, '-' | '(' | '{' | '[' | '<') {
            out.push(character);
            at_start = true;
        } else if at_start {
            out.extend(character.to_uppercase());
            at_start = false;
        } else {
            out.extend(character.to_lowercase());
        }
    }
    Ok(out.into())
}

fn trim(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, characters] = call.bind("do_trim", ["value", "chars"], 1)?;
    let text = soft_text(value, call)?;
    Ok(match characters {
        Some(Val::Str(set)) => text.trim_matches(|character| set.contains(character)),
        None | Some(Val::None) => text.trim(),
        Some(_) => return Err(Fault::python("strip arg must be None or str")),
    }
    .into())
}

fn replace(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, old, new, count] = call.bind("do_replace", ["s", "old", "new", "count"], 3)?;
    let text = soft_text(value, call)?;
    let (old, new) = (soft_text(old, call)?, soft_text(new, call)?);
    let count = match count {
        Some(Val::Int(count)) if count >= 0 => usize::try_from(count).ok(),
        Some(Val::Bool(once)) => Some(usize::from(once)),
        None | Some(Val::None | Val::Int(_) | Val::Big(_)) => None,
        Some(other) => {
            let class = other.plugin_class();
            return Err(Fault::python(format!("'{class}' object cannot be interpreted as an integer")));
        }
    };
    methods::replaced(&text, &old, &new, count, call.session).map(Val::from)
}

fn split(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let value = call.positional.first().cloned().unwrap_or(Val::None);
    let Val::Str(_) = value else {
        return Err(Fault::python(format!(
            "descriptor 'split' for 'str' objects doesn't apply to a '{}' object",
            value.plugin_class()
        )));
    };
    let positional = call.positional.drain(1..).collect();
    let arguments = crate::eval::Arguments { positional, keyword: std::mem::take(&mut call.keyword) };
    methods::call(&value, "split", arguments, call.session)
}

fn format(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let mut positional = std::mem::take(&mut call.positional).into_iter();
    let text = soft_text(positional.next(), call)?;
    let positional: Vec<Val> = positional.collect();
    let keyword = std::mem::take(&mut call.keyword);
    if !positional.is_empty() && !keyword.is_empty() {
        return Err(Fault::python("can't handle positional and keyword arguments at the same time"));
    }
    let values = if keyword.is_empty() { Val::tuple(positional) } else { Val::dict(keyword) };
    methods::printf::format(&text, &values, call.session).map(Val::from)
}

fn join(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, separator, attribute] = call.bind("sync_do_join", ["value", "d", "attribute"], 1)?;
    let separator = match separator {
        Some(separator) => call.text(&separator)?,
        None => String::new(),
    };
    let mut text = String::new();
    for (index, item) in call.items(&value.unwrap_or(Val::None))?.into_iter().enumerate() {
        call.session.spend_text(separator.len())?;
        if index > 0 {
            text.push_str(&separator);
        }
        let item = match &attribute {
            Some(path) if !path.is_none() => item_path(&item, path, call.session)?,
            _ => item,
        };
        item.check()?;
        write_str(&item, call.session, &mut text)?;
    }
    Ok(text.into())
}
