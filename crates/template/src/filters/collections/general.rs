//! Small filters of `community.general` on sequences and dictionaries.

use super::options::class_path;
use crate::eval::{Call, binary};
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::tree::Operator;
use crate::val::{Dictionary, Key, Val, python_str};
use unicode_normalization::UnicodeNormalization;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("community.general.accumulate", accumulate),
    Filter::new("community.general.counter", counter),
    Filter::new("community.general.crc32", crc32),
    Filter::new("community.general.dict", dict),
    Filter::new("community.general.dict_kv", dict_kv),
    Filter::new("community.general.groupby_as_dict", groupby_as_dict),
    Filter::new("community.general.unicode_normalize", unicode_normalize),
];

/// A key, or Python's error with the class that a plugin sees.
fn key(value: Val) -> Outcome<Key> {
    match &value {
        Val::List(_) | Val::Dict(_) => Err(Fault::python(format!("unhashable type: '{}'", value.plugin_class()))),
        _ => Key::new(value),
    }
}

/// Python's `dict(sequence)`.
fn dict(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [sequence] = call.bind("dict_filter", ["sequence"], 1)?;
    let sequence = sequence.unwrap_or(Val::None);
    if let Some(entries) = call.session.mapping(&sequence) {
        return Ok(Val::Dict(Dictionary::from_slots(entries.slots())));
    }
    let made = Dictionary::empty();
    for (index, item) in call.items(&sequence)?.into_iter().enumerate() {
        item.check()?;
        let Ok(pair) = call.items(&item) else {
            let text = format!("cannot convert dictionary update sequence element #{index} to a sequence");
            return Err(Fault::python(text));
        };
        let length = pair.len();
        let Ok([name, value]) = <[Val; 2]>::try_from(pair) else {
            return Err(Fault::python(format!(
                "dictionary update sequence element #{index} has length {length}; 2 is required"
            )));
        };
        made.insert(key(name)?, value);
    }
    Ok(Val::Dict(made))
}

fn dict_kv(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, name] = call.bind("dict_kv", ["value", "key"], 2)?;
    Ok(Val::Dict(Dictionary::new([(key(name.unwrap_or(Val::None))?, value.unwrap_or(Val::None))])))
}

fn counter(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [sequence] = call.bind("counter", ["sequence"], 1)?;
    let sequence = sequence.unwrap_or(Val::None);
    if !matches!(sequence, Val::Str(_) | Val::List(_) | Val::Tuple(_) | Val::Range(_) | Val::Bytes(_)) {
        return Err(Fault::python(format!(
            "Argument for community.general.counter must be a sequence (string or list). {} is <class '{}'>",
            call.text(&sequence)?,
            class_path(&sequence)
        )));
    }
    let counted = Dictionary::empty();
    for item in call.items(&sequence)? {
        item.check()?;
        let item = key(item).map_err(|fault| {
            fault_with(
                "community.general.counter needs a sequence with hashable elements (int, float or str) -",
                &fault,
            )
        })?;
        let before = counted.get(&item).map(|slot| call.session.slot(&slot));
        let count = match before {
            Some(Val::Int(count)) => count + 1,
            _ => 1,
        };
        counted.insert(item, Val::Int(count));
    }
    Ok(Val::Dict(counted))
}

fn fault_with(text: &str, fault: &Fault) -> Fault {
    Fault::python(format!("{text} {}", fault.headline()))
}

fn groupby_as_dict(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [sequence, attribute] = call.bind("groupby_as_dict", ["sequence", "attribute"], 2)?;
    let sequence = sequence.unwrap_or(Val::None);
    if !matches!(sequence, Val::Str(_) | Val::List(_) | Val::Tuple(_) | Val::Range(_) | Val::Bytes(_)) {
        return Err(Fault::python("Input is not a sequence"));
    }
    let attribute = key(attribute.unwrap_or(Val::None))?;
    let made = Dictionary::empty();
    for (index, item) in call.items(&sequence)?.into_iter().enumerate() {
        item.check()?;
        let Some(entries) = call.session.mapping(&item) else {
            return Err(Fault::python(format!("Sequence element #{index} is not a mapping")));
        };
        let Some(slot) = entries.get(&attribute) else {
            return Err(Fault::python(format!("Attribute not contained in element #{index} of sequence")));
        };
        let value = key(call.session.slot(&slot).defined()?)?;
        if made.contains(&value) {
            let shown = crate::val::python_repr(value.value(), call.session)?;
            return Err(Fault::python(format!("Multiple sequence entries have attribute value {shown}")));
        }
        made.insert(value, item);
    }
    Ok(Val::Dict(made))
}

/// Running totals.
fn accumulate(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [sequence] = call.bind("list_accumulate", ["sequence"], 1)?;
    let sequence = sequence.unwrap_or(Val::None);
    if !matches!(sequence, Val::Str(_) | Val::List(_) | Val::Tuple(_) | Val::Range(_) | Val::Bytes(_)) {
        return Err(invalid(call, &sequence, "accumulate")?);
    }
    let mut totals: Vec<Val> = Vec::new();
    for item in call.items(&sequence)? {
        item.check()?;
        totals.push(match totals.last() {
            Some(total) => binary(Operator::Add, total, &item, call.session)?,
            None => item,
        });
    }
    Ok(Val::list(totals))
}

fn invalid(call: &Call<'_, '_>, value: &Val, name: &str) -> Outcome<Fault> {
    let shown = crate::val::python_repr(value, call.session)?;
    Ok(Fault::python(format!("Invalid value type (<class '{}'>) for {name} ({shown})", class_path(value))))
}

/// The checksum of text (CRC-32 of ISO 3309), in hexadecimal without leading zeros.
fn crc32(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("crc32s", ["value"], 1)?;
    let value = value.unwrap_or(Val::None);
    let Some(text) = value.as_str() else { return Err(invalid(call, &value, "crc32")?) };
    let mut sum = u32::MAX;
    for byte in text.bytes() {
        sum ^= u32::from(byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 };
        }
    }
    Ok(Val::from(format!("{:x}", !sum)))
}

fn unicode_normalize(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, form] = call.bind("unicode_normalize", ["data", "form"], 1)?;
    let value = value.unwrap_or(Val::None);
    let Some(text) = value.as_str() else {
        return Err(Fault::python(format!("<class '{}'> is not a valid input type", class_path(&value))));
    };
    let normal: String = match form.as_ref().map(|form| form.as_str().unwrap_or_default()) {
        None | Some("NFC") => text.nfc().collect(),
        Some("NFD") => text.nfd().collect(),
        Some("NFKC") => text.nfkc().collect(),
        Some("NFKD") => text.nfkd().collect(),
        Some(_) => {
            let shown = python_str(&form.unwrap_or(Val::None), call.session)?;
            return Err(Fault::python(format!("{shown} is not a valid form")));
        }
    };
    Ok(Val::from(normal))
}
