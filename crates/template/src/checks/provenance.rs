//! Tests of ansible-core's internal collection `ansible._protomatter`: what is known of a value beside its data.

use super::Check;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::provenance::tags_of;
use crate::val::Val;

pub(super) const TABLE: &[Check] =
    &[Check::new("ansible._protomatter.tagged", tagged), Check::new("ansible._protomatter.tagged_with", tagged_with)];

fn tagged(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let [value] = call.bind("tagged", ["value"], 1)?;
    Ok(tags_of(&value.unwrap_or(Val::None)).iter().any(|(_, has)| *has))
}

fn tagged_with(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let [value, name] = call.bind("tagged_with", ["value", "tag_name"], 2)?;
    let name = call.text(&name.unwrap_or(Val::None))?;
    let tags = tags_of(&value.unwrap_or(Val::None));
    let found = tags.iter().find(|(known, _)| *known == name);
    found
        .map(|(_, has)| *has)
        .ok_or_else(|| Fault::ansible(format!("Unknown tag name {}.", churten_value::str_repr(&name))))
}
