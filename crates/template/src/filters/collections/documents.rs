//! `community.general.from_csv`, `from_ini` and `to_ini`: text of other formats.

use super::options::class_path;
use crate::csv::{self, Dialect};
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::lookups::parse_ini;
use crate::val::{Dictionary, Key, Val};
use std::fmt::Write as _;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("community.general.from_csv", from_csv),
    Filter::new("community.general.from_ini", from_ini),
    Filter::new("community.general.to_ini", to_ini),
];

/// A list of dictionaries. A row that is too long has the rest under the key `none`, one that is too short has `none`s.
fn from_csv(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let names = ["data", "dialect", "fieldnames", "delimiter", "skipinitialspace", "strict"];
    let [data, dialect, field_names, delimiter, skip_space, strict] = call.bind("from_csv", names, 1)?;
    let name = dialect.map_or(Ok("excel".to_owned()), |dialect| call.text(&dialect))?;
    let mut dialect = match name.as_str() {
        "excel" | "unix" => Dialect { delimiter: ',', ..Dialect::default() },
        "excel-tab" => Dialect { delimiter: '\t', ..Dialect::default() },
        _ => return Err(Fault::python(format!("Dialect '{name}' is not supported by your version of python."))),
    };
    if let Some(delimiter) = delimiter.filter(|delimiter| !delimiter.is_none()) {
        dialect.delimiter = one_character(&delimiter)
            .map_err(|reason| Fault::python(format!("Unable to create custom dialect: \"delimiter\" {reason}")))?;
    }
    dialect.skip_initial_space = call.flag(skip_space.as_ref(), false)?;
    dialect.strict = call.flag(strict.as_ref(), false)?;
    let text = call.text(&data.unwrap_or(Val::None))?;
    let rows =
        csv::read(&text, dialect).map_err(|reason| Fault::python(format!("Unable to process file: {reason}")))?;
    let mut rows = rows.into_iter();
    let header: Vec<Val> = match field_names.filter(|names| !names.is_none()) {
        Some(names) => call.items(&names)?,
        None => rows.next().unwrap_or_default().into_iter().map(Val::from).collect(),
    };
    let mut found = Vec::new();
    for row in rows {
        let entries = Dictionary::empty();
        let mut fields = row.into_iter();
        for name in &header {
            entries.insert(Key::new(name.clone())?, fields.next().map_or(Val::None, Val::from));
        }
        let rest: Vec<Val> = fields.map(Val::from).collect();
        if !rest.is_empty() {
            entries.insert(Key::new(Val::None)?, Val::list(rest));
        }
        found.push(Val::Dict(entries));
    }
    Ok(Val::list(found))
}

fn one_character(value: &Val) -> Result<char, String> {
    let Val::Str(text) = value else { return Err(format!("must be string, not {}", value.python_type())) };
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => Ok(character),
        _ => Err("must be a 1-character string".to_owned()),
    }
}

/// Sections of options; those of `[DEFAULT]` are in every section, and in one of their own at the end.
fn from_ini(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("from_ini", ["obj"], 1)?;
    let value = value.unwrap_or(Val::None);
    let Some(text) = value.as_str() else {
        return Err(Fault::python(format!("from_ini requires a str, got <class '{}'>", class_path(&value))));
    };
    let sections = parse_ini(text, true, false)
        .map_err(|fault| Fault::python(format!("from_ini failed to parse given string: {}", fault.headline())))?;
    let defaults = sections.iter().find(|(name, _)| name == "DEFAULT").map(|(_, entries)| entries.as_slice());
    let defaults = defaults.unwrap_or_default();
    let made = Dictionary::empty();
    for (name, entries) in sections.iter().filter(|(name, _)| name != "DEFAULT") {
        let section = Dictionary::empty();
        for (key, value) in defaults.iter().chain(entries) {
            section.insert(Key::text(key.as_str()), Val::from(value.as_str()));
        }
        made.insert(Key::text(name.as_str()), Val::Dict(section));
    }
    if !defaults.is_empty() {
        let entries = defaults.iter().map(|(key, value)| (Key::text(key.as_str()), Val::from(value.as_str())));
        made.insert(Key::text("DEFAULT"), Val::Dict(Dictionary::new(entries)));
    }
    Ok(Val::Dict(made))
}

fn to_ini(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("to_ini", ["obj"], 1)?;
    let value = value.unwrap_or(Val::None);
    let Some(entries) = call.session.mapping(&value) else {
        return Err(Fault::python(format!("to_ini requires a dict, got <class '{}'>", class_path(&value))));
    };
    if entries.len() == 0 {
        return Err(Fault::python("to_ini received an empty dict. An empty dict cannot be converted."));
    }
    let refused = |reason: &str| Fault::python(format!("to_ini failed to parse given dict:{reason}"));
    let mut sections: Vec<(String, String)> = Vec::new();
    for (name, options) in call.pairs(&entries)? {
        let name = call.text(name.value())?;
        let Some(options) = call.session.mapping(&options) else {
            return Err(refused(&format!("'{}' object has no attribute 'items'", options.plugin_class())));
        };
        if sections.iter().any(|(known, _)| *known == name) {
            return Err(refused(&format!("Section {} already exists", churten_value::str_repr(&name))));
        }
        let mut text = String::new();
        for (key, value) in call.pairs(&options)? {
            if value.is_none() {
                return Err(refused("option values must be strings"));
            }
            let value = call.text(&value)?.replace('\n', "\n\t");
            let _ = writeln!(text, "{} = {value}", call.text(key.value())?);
        }
        sections.push((name, text));
    }
    // The defaults stand first, and only when there are any.
    sections.retain(|(name, text)| name != "DEFAULT" || !text.is_empty());
    sections.sort_by_key(|(name, _)| name != "DEFAULT");
    let texts: Vec<String> = sections.into_iter().map(|(name, text)| format!("[{name}]\n{text}")).collect();
    Ok(texts.join("\n").into())
}
