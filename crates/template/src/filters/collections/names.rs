//! Filters of `community.general` on names and versions: `random_mac`, `version_sort`, `to_yaml` and `to_nice_yaml`.

use super::options::class_path;
use crate::checks::compare_loose_versions;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::filters::chance::generator;
use crate::filters::yaml;
use crate::val::{Val, python_repr};
use churten_value::try_sort_by;
use num_bigint::BigUint;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("community.general.random_mac", random_mac),
    Filter::new("community.general.to_nice_yaml", to_nice_yaml),
    Filter::new("community.general.to_yaml", to_yaml),
    Filter::new("community.general.version_sort", version_sort),
];

/// A hardware address that begins with a prefix of up to five bytes.
fn random_mac(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, seed] = call.bind("random_mac", ["value", "seed"], 1)?;
    let value = value.unwrap_or(Val::None);
    let Some(prefix) = value.as_str() else {
        let shown = python_repr(&value, call.session)?;
        let class = class_path(&value);
        return Err(Fault::python(format!("Invalid value type (<class '{class}'>) for random_mac ({shown})")));
    };
    let prefix = prefix.to_lowercase();
    let parts: Vec<&str> = prefix.split(':').collect();
    let invalid = |reason: &str| Fault::python(format!("Invalid value ({prefix}) for random_mac: {reason}"));
    if parts.len() > 5 {
        return Err(invalid("5 colon(:) separated items max"));
    }
    let mut problems = Vec::new();
    for part in &parts {
        if part.is_empty() {
            problems.push("empty item".to_owned());
        } else if part.len() < 2 || !part.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()) {
            problems.push(format!("{part} not hexa byte"));
        }
    }
    if !problems.is_empty() {
        return Err(invalid(&problems.join(",")));
    }
    // Ten hexadecimal digits, of which the first is not zero.
    let (least, most) = (1_u64 << 36, 1_u64 << 40);
    let number = BigUint::from(least) + generator(seed, call)?.below(&BigUint::from(most - least));
    let digits = format!("{number:x}");
    let mut address = prefix.clone();
    for place in 0..6 - parts.len() {
        address.push(':');
        address.push_str(digits.get(place * 2..place * 2 + 2).unwrap_or("00"));
    }
    Ok(address.into())
}

fn version_sort(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, reverse] = call.bind("version_sort", ["value", "reverse"], 1)?;
    let reverse = call.flag(reverse.as_ref(), false)?;
    let items = call.items(&value.unwrap_or(Val::None))?;
    if let Some(other) = items.iter().find(|item| item.as_str().is_none()) {
        let class = other.plugin_class();
        return Err(Fault::python(format!("expected string or bytes-like object, got '{class}'")));
    }
    let sorted = try_sort_by(items, |a, b| {
        let (first, second) = if reverse { (b, a) } else { (a, b) };
        compare_loose_versions(first.as_str().unwrap_or(""), second.as_str().unwrap_or("")).map_err(Fault::python)
    });
    sorted.map(Val::list)
}

/// Vaulted text is written as what it stands for, unless it shall not be seen.
fn without_redaction(call: &mut Call<'_, '_>, name: &str) -> Outcome<()> {
    let redact = call.take_keyword("redact_sensitive_values");
    if call.flag(redact.as_ref(), false)? {
        return Err(Fault::not_yet(format_args!("redact_sensitive_values of the filter {name}")));
    }
    Ok(())
}

fn to_yaml(call: &mut Call<'_, '_>) -> Outcome<Val> {
    without_redaction(call, "community.general.to_yaml")?;
    yaml::to_yaml(call)
}

fn to_nice_yaml(call: &mut Call<'_, '_>) -> Outcome<Val> {
    without_redaction(call, "community.general.to_nice_yaml")?;
    if !call.keyword.iter().any(|(name, _)| &**name == "indent") && call.positional.len() < 2 {
        call.keyword.push(("indent".into(), Val::Int(2)));
    }
    yaml::to_nice_yaml(call)
}
