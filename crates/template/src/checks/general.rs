//! Tests of `community.general`.

use super::Check;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::ansible_type_name;
use crate::val::Val;

pub(super) const TABLE: &[Check] = &[
    Check::new("community.general.ansible_type", ansible_type),
    Check::new("community.general.fqdn_valid", fqdn_valid),
];

fn ansible_type(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let [data, wanted, alias] = call.bind("ansible_type", ["data", "dtype", "alias"], 2)?;
    let name = ansible_type_name(call, &data.unwrap_or(Val::None), alias)?;
    match wanted.unwrap_or(Val::None) {
        Val::Str(wanted) => Ok(*wanted == *name),
        wanted @ (Val::List(_) | Val::Tuple(_)) => {
            Ok(call.items(&wanted)?.iter().any(|wanted| wanted.as_str() == Some(&name)))
        }
        _ => Err(Fault::python("not all arguments converted during string formatting")),
    }
}

/// A name as RFC 1123 has it: labels of letters, digits and inner hyphens.
fn fqdn_valid(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let [name, least, underscores] = call.bind("fqdn_valid", ["name", "min_labels", "allow_underscores"], 1)?;
    let name = name.unwrap_or(Val::None);
    let Some(name) = name.as_str().filter(|name| !name.is_empty()) else {
        return Err(Fault::python("fqdn must be str"));
    };
    let least = least.as_ref().and_then(crate::val::number).map_or(1.0, |number| number.to_float());
    let underscores = call.flag(underscores.as_ref(), false)?;
    let name = name.strip_suffix('.').unwrap_or(name);
    let is_letter = |character: char| character.is_ascii_alphanumeric() || (underscores && character == '_');
    let labels: Vec<&str> = name.split('.').collect();
    let is_label = |label: &&str| {
        (1..=63).contains(&label.len())
            && label.starts_with(is_letter)
            && label.ends_with(is_letter)
            && label.chars().all(|character| is_letter(character) || character == '-')
    };
    Ok(name.len() <= 253 && labels.len() as f64 >= least && labels.iter().all(is_label))
}
