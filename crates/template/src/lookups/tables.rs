//! Lookups in INI, properties and CSV files.

use super::{Lookup, Plugin, files};
use crate::csv::{self, Dialect};
use crate::fault::{Fault, Outcome};
use crate::regex;
use crate::val::Val;
use churten_diagnostics::Report;
use churten_syntax::parse_key_values;
use churten_value::{Repr, Value};
use std::path::PathBuf;

pub(super) const TABLE: &[Plugin] = &[Plugin::new("csvfile", csvfile), Plugin::new("ini", ini)];

/// The value of an option that has none (`allow_no_value`), which no line of a text can be.
const NO_VALUE: &str = "\0";

/// References inside values go no deeper than this.
const MAX_DEPTH: usize = 10;

pub(crate) type Section = (String, Vec<(String, String)>);

/// `key option=value ...`: the key, and the options of this term, which win over the call's.
fn split_term(term: &str, known: &[&str]) -> Outcome<(String, Vec<(String, String)>)> {
    let arguments = parse_key_values(term, false).map_err(|report| Fault::python(report.headline()))?;
    let mut key = String::new();
    let mut options = Vec::new();
    for (name, value) in &arguments {
        match name.to_text().as_str() {
            "_raw_params" => key = value.to_text(),
            name if known.contains(&name) => options.push((name.to_owned(), value.to_text())),
            name => return Err(Fault::ansible(format!("'{name}' is not a valid option"))),
        }
    }
    Ok((key, options))
}

/// A term of `ini` as its key and options: words up to the next `option=` belong together.
fn split_ini_term(term: &str, known: &[&str]) -> Outcome<(String, Vec<(String, String)>)> {
    let begins = |word: &str| word.split_once('=').is_some_and(|(name, _)| known.contains(&name));
    let mut parts: Vec<String> = Vec::new();
    for word in term.split_whitespace() {
        match parts.last_mut().filter(|_| !begins(word)) {
            Some(part) => {
                part.push(' ');
                part.push_str(word);
            }
            None => parts.push(word.to_owned()),
        }
    }
    let mut key = None;
    let mut options = Vec::new();
    for part in &parts {
        let Some((name, value)) = part.split_once('=') else {
            key = Some(part.clone());
            continue;
        };
        if value.contains('=') {
            let all = Repr(&Value::list(parts.iter().map(|part| Value::from(part.as_str())).collect())).to_string();
            return Err(Fault::ansible(format!(
                "Could not use {} from {all}: too many values to unpack (expected 2)",
                churten_value::str_repr(part)
            )));
        }
        if !known.contains(&name) {
            return Err(Fault::ansible(format!("{} is not a valid option.", churten_value::str_repr(name))));
        }
        options.push((name.to_owned(), value.to_owned()));
    }
    let key = key.ok_or_else(|| {
        let message = "No key to look up was provided as first term within string inline options";
        Fault::ansible(format!("{message}: {term}"))
    })?;
    Ok((key, options))
}

/// What is given for what is not found: each item of a list by itself.
fn default(lookup: &Lookup<'_, '_>, own: &[(String, String)]) -> Outcome<Vec<Val>> {
    if let Some((_, value)) = own.iter().find(|(known, _)| known == "default") {
        return Ok(vec![value.clone().into()]);
    }
    Ok(match lookup.options.iter().find(|(known, _)| &**known == "default") {
        Some((_, Val::None)) | None => vec![],
        Some((_, items @ Val::List(_))) => lookup.session.items(items)?,
        Some((_, value)) => vec![value.clone()],
    })
}

/// A mistake in a file; of what is there twice the file is named.
fn in_file(fault: Fault, file: &str) -> Fault {
    let message = fault.clone().into_report().headline();
    match message.starts_with("While reading from") && message.ends_with("already exists") {
        true => Fault::ansible(format!("Duplicate option in {}: {message}", churten_value::str_repr(file))),
        false => fault,
    }
}

/// Is the default of the call a list?
fn has_list(lookup: &Lookup<'_, '_>) -> bool {
    let given = lookup.options.iter().find(|(known, _)| &**known == "default");
    given.is_some_and(|(_, value)| matches!(value, Val::List(_)))
}

/// The text with every run of blanks as one.
fn collapsed(text: &str) -> String {
    let mut collapsed = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter.is_whitespace() {
            false => collapsed.push(letter),
            true if collapsed.ends_with(' ') => {}
            true => collapsed.push(' '),
        }
    }
    collapsed
}

/// A file that is looked for where files are; when there is none, the user is told.
fn found(lookup: &Lookup<'_, '_>, name: &str) -> Option<PathBuf> {
    let path = lookup.find_file("files", name);
    if path.is_none() {
        let message = format!("Unable to find '{name}' in expected paths (use -vvvvv to see paths)");
        (lookup.session.shared.environment.warn)(Report::new(message));
    }
    path
}

fn option(lookup: &Lookup<'_, '_>, own: &[(String, String)], name: &str) -> Outcome<Option<String>> {
    if let Some((_, value)) = own.iter().find(|(known, _)| known == name) {
        return Ok(Some(value.clone()));
    }
    match lookup.options.iter().find(|(known, _)| &**known == name) {
        Some((_, Val::None)) | None => Ok(None),
        Some((_, value)) => lookup.text(value).map(Some),
    }
}

fn flag(lookup: &Lookup<'_, '_>, own: &[(String, String)], name: &str, default: bool) -> Outcome<bool> {
    let text = option(lookup, own, name)?;
    Ok(text.map_or(default, |text| matches!(text.to_lowercase().as_str(), "yes" | "on" | "1" | "true" | "t" | "y")))
}

fn ini(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    const OPTIONS: &[&str] = &[
        "type",
        "file",
        "section",
        "re",
        "encoding",
        "default",
        "case_sensitive",
        "allow_no_value",
        "allow_none",
        "interpolation",
    ];
    let mut results = Vec::new();
    // The options of a term count for the terms behind it, too.
    let mut own: Vec<(String, String)> = Vec::new();
    for term in &lookup.terms {
        let Val::Str(term) = term else {
            let class = if matches!(term, Val::List(_)) { "_AnsibleLazyTemplateList" } else { term.python_type() };
            return Err(Fault::python(format!("'{class}' object has no attribute 'strip'")));
        };
        // Blanks between words count as one.
        let mut key = collapsed(term);
        if term.contains('=') {
            let options;
            (key, options) = split_ini_term(term, OPTIONS)?;
            own.splice(0..0, options);
        }
        let is_properties = match option(lookup, &own, "type")?.as_deref() {
            None | Some("ini") => false,
            Some("properties") => true,
            Some(other) => {
                return Err(Fault::ansible(format!(
                    "Invalid value '{other}' for config 'type' for 'ini' lookup plugin."
                )));
            }
        };
        let case_sensitive = flag(lookup, &own, "case_sensitive", false)?;
        let file = option(lookup, &own, "file")?.unwrap_or_else(|| "ansible.ini".to_owned());
        let path = found(lookup, &file).ok_or_else(|| Fault::ansible("Invalid filename None."))?;
        let encoding = option(lookup, &own, "encoding")?;
        let mut text = files::read_as(&path.to_string_lossy(), encoding.as_deref())?;
        let mut section = option(lookup, &own, "section")?.unwrap_or_else(|| "global".to_owned());
        if is_properties {
            text = format!("[java_properties]\n{text}");
            section = "java_properties".to_owned();
        }
        let is_valueless = flag(lookup, &own, "allow_no_value", false)? || flag(lookup, &own, "allow_none", false)?;
        let sections = parse_ini(&text, case_sensitive, is_valueless).map_err(|fault| in_file(fault, &file))?;
        let Some((_, entries)) = sections.iter().find(|(name, _)| *name == section) else {
            return Err(Fault::ansible(format!(
                "No section {} in {}.",
                churten_value::str_repr(&section),
                churten_value::str_repr(&file)
            )));
        };
        let interpolation = flag(lookup, &own, "interpolation", true)?;
        let shown = |value: &str| {
            if interpolation { interpolate(value, entries, case_sensitive, 0) } else { Ok(value.to_owned()) }
        };
        if flag(lookup, &own, "re", false)? {
            let pattern = regex::compile(&key, regex::Flags::default())?;
            for (name, value) in entries {
                if regex::find(&pattern, name)?.is_some_and(|found| found.start() == 0) {
                    let value = if value == NO_VALUE { String::new() } else { shown(value)? };
                    results.push(value.into());
                }
            }
            continue;
        }
        if !case_sensitive {
            key = key.to_lowercase();
        }
        match entries.iter().find(|(name, _)| *name == key) {
            // An option without a value is there, and gives nothing.
            Some((_, value)) if value == NO_VALUE => {}
            Some((_, value)) => results.push(shown(value)?.into()),
            None => match default(lookup, &own)? {
                given if given.is_empty() && !has_list(lookup) => results.push(Val::str("")),
                given => results.extend(given),
            },
        }
    }
    Ok(results)
}

/// Python's `configparser`: `=` or `:` separates, lines that start with `#` or `;` are comments, indented lines go on.
pub(crate) fn parse_ini(text: &str, case_sensitive: bool, allow_no_value: bool) -> Outcome<Vec<Section>> {
    let mut sections: Vec<Section> = Vec::new();
    let mut indent = 0;
    let mut continues = false;
    let mut wrong = Vec::new();
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let content = line.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            if content.is_empty()
                && continues
                && let Some((_, value)) = sections.last_mut().and_then(|(_, entries)| entries.last_mut())
            {
                value.push('\n');
            }
            continue;
        }
        let line_indent = line.len() - line.trim_start().len();
        if continues
            && line_indent > indent
            && let Some((_, value)) = sections.last_mut().and_then(|(_, entries)| entries.last_mut())
        {
            value.push('\n');
            value.push_str(content);
            continue;
        }
        indent = line_indent;
        let section = content.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(name, _)| name);
        if let Some(name) = section.filter(|name| !name.is_empty()) {
            if sections.iter().any(|(known, _)| known == name) {
                return Err(Fault::python(format!(
                    "While reading from '<???>' [line {number:>2}]: section {} already exists",
                    churten_value::str_repr(name)
                )));
            }
            sections.push((name.to_owned(), Vec::new()));
            continues = false;
            continue;
        }
        let Some((section, entries)) = sections.last_mut() else {
            return Err(Fault::python(format!(
                "File contains no section headers.\nfile: '<???>', line: {number}\n{}",
                churten_value::str_repr(line)
            )));
        };
        let (name, value) = match content.find(['=', ':']) {
            Some(at) if at > 0 => (content[..at].trim_end(), content[at + 1..].trim()),
            None if allow_no_value => (content, NO_VALUE),
            _ => {
                wrong.push(format!("\n\t[line {number:>2}]: {}", churten_value::str_repr(line)));
                continues = false;
                continue;
            }
        };
        let name = if case_sensitive { name.to_owned() } else { name.to_lowercase() };
        if entries.iter().any(|(known, _)| *known == name) {
            return Err(Fault::python(format!(
                "While reading from '<???>' [line {number:>2}]: option {} in section {} already exists",
                churten_value::str_repr(&name),
                churten_value::str_repr(section)
            )));
        }
        entries.push((name, value.to_owned()));
        continues = true;
    }
    if !wrong.is_empty() {
        return Err(Fault::python(format!("Source contains parsing errors: '<???>'{}", wrong.concat())));
    }
    for (_, value) in sections.iter_mut().flat_map(|(_, entries)| entries) {
        value.truncate(value.trim_end().len());
    }
    Ok(sections)
}

/// `%(name)s` and `%%`.
fn interpolate(value: &str, entries: &[(String, String)], case_sensitive: bool, depth: usize) -> Outcome<String> {
    if depth > MAX_DEPTH {
        return Err(Fault::python("Recursion limit exceeded in value substitution"));
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(percent) = rest.find('%') {
        out.push_str(&rest[..percent]);
        rest = &rest[percent + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let reference = rest.strip_prefix('(').and_then(|inner| inner.split_once(")s"));
        let Some((name, after)) = reference else {
            return Err(Fault::python(format!(
                "'%' must be followed by '%' or '(', found: {}",
                churten_value::str_repr(&format!("%{rest}"))
            )));
        };
        let key = if case_sensitive { name.to_owned() } else { name.to_lowercase() };
        let Some((_, found)) = entries.iter().find(|(known, _)| *known == key) else {
            return Err(Fault::python(format!(
                "Bad value substitution: interpolation key {} which is not a valid option name.",
                churten_value::str_repr(&key)
            )));
        };
        out.push_str(&interpolate(found, entries, case_sensitive, depth + 1)?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

fn csvfile(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    const OPTIONS: &[&str] = &["col", "default", "delimiter", "file", "encoding", "keycol"];
    let mut results = Vec::new();
    // The options of a term count for the terms behind it, too.
    let mut own: Vec<(String, String)> = Vec::new();
    if lookup.terms.is_empty() {
        return Err(Fault::ansible("Search key is required but was not found"));
    }
    for term in lookup.texts()? {
        let (key, options) = split_term(&term, OPTIONS)?;
        own.splice(0..0, options);
        if key.is_empty() {
            return Err(Fault::ansible("Search key is required but was not found"));
        }
        let column = |name: &str, default: usize| match option(lookup, &own, name)? {
            Some(text) if text == "True" || text == "False" => Ok(usize::from(text == "True")),
            Some(text) => text.trim().parse().map_err(|_| {
                let value = match lookup.options.iter().find(|(known, _)| &**known == name) {
                    Some((_, Val::Float(number))) if own.iter().all(|(known, _)| known != name) => number.to_string(),
                    _ => churten_value::str_repr(&text),
                };
                Fault::ansible(format!(
                    "Config '{name}' for 'csvfile' lookup plugin from 'Direct' has an invalid value: Invalid value \
                     provided for 'int': {value}"
                ))
            }),
            None => Ok(default),
        };
        let delimiter = option(lookup, &own, "delimiter")?.unwrap_or_else(|| "TAB".to_owned());
        let delimiter = match delimiter.as_str() {
            "TAB" | "\\t" => '\t',
            other => other.chars().next().unwrap_or('\t'),
        };
        let file = option(lookup, &own, "file")?.unwrap_or_else(|| "ansible.csv".to_owned());
        let path: PathBuf = found(lookup, &file)
            .ok_or_else(|| Fault::python("expected str, bytes or os.PathLike object, not NoneType"))?;
        let encoding = option(lookup, &own, "encoding")?;
        let text = files::read_as(&path.to_string_lossy(), encoding.as_deref())?;
        let rows = csv::read(&text, Dialect { delimiter, ..Dialect::default() }).map_err(Fault::python)?;
        let (column, key_column) = (column("col", 1)?, column("keycol", 0)?);
        match rows.into_iter().find(|row| row.get(key_column) == Some(&key)) {
            Some(mut row) if column < row.len() => results.push(row.swap_remove(column).into()),
            Some(_) => return Err(Fault::python("list index out of range")),
            None => results.extend(default(lookup, &own)?),
        }
    }
    Ok(results)
}
