//! Filters of ansible-core's internal collection `ansible._protomatter`: what is known of a value beside its data.

use super::Filter;
use crate::eval::Call;
use crate::fault::Outcome;
use crate::val::{Text, Val};
use churten_value::Tags;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("ansible._protomatter.apply_trust", apply_trust),
    Filter::new("ansible._protomatter.finalize", finalize),
    Filter::new("ansible._protomatter.origin", origin),
    Filter::new("ansible._protomatter.tag_names", tag_names),
];

/// The kinds of tags by name, and whether the value has each.
pub(crate) fn tags_of(value: &Val) -> [(&'static str, bool); 3] {
    let tags = match value {
        Val::Str(text) => text.tags,
        _ => Tags::NONE,
    };
    [
        ("Origin", tags.origin().is_some()),
        ("TrustedAsTemplate", tags.is_trusted()),
        // Only text that was vaulted is secret.
        ("VaultedValue", tags.is_secret()),
    ]
}

fn value(call: &mut Call<'_, '_>, function: &str) -> Outcome<Val> {
    let [value] = call.bind(function, ["value"], 1)?;
    Ok(value.unwrap_or(Val::None))
}

fn apply_trust(call: &mut Call<'_, '_>) -> Outcome<Val> {
    Ok(match value(call, "apply_trust")? {
        Val::Str(text) => Val::Str(Text { tags: text.tags.trust(true), text: text.text }),
        other => other,
    })
}

/// The value as a variable would hold it.
fn finalize(call: &mut Call<'_, '_>) -> Outcome<Val> {
    Ok(match value(call, "finalize")? {
        range @ Val::Range(_) => call.items(&range).map(Val::list)?,
        container @ (Val::List(_) | Val::Tuple(_) | Val::Dict(_)) => {
            Val::from_plain(&call.session.finished(&container)?)
        }
        other => other,
    })
}

/// Where the value was written; none when that is not known.
fn origin(call: &mut Call<'_, '_>) -> Outcome<Val> {
    Ok(match value(call, "origin")? {
        Val::Str(text) => text.tags.origin().map_or(Val::None, |origin| origin.to_string().into()),
        _ => Val::None,
    })
}

fn tag_names(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let value = value(call, "tag_names")?;
    let names = tags_of(&value).into_iter().filter(|(_, has)| *has).map(|(name, _)| Val::str(name));
    Ok(Val::list(names.collect()))
}
