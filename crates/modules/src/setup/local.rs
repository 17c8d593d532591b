//! Facts that a host's administrator wrote.

use super::Machine;
use super::subset::Gathered;
use crate::config_parser::{ConfigFile, Entries};
use churten_module::prelude::*;
use churten_value::{from_json, str_repr};

pub(super) fn collect(machine: &Machine<'_>, gathered: &mut Gathered) {
    let mut facts = Dict::new();
    let pattern = machine.fact_path.join("*.fact");
    for path in machine.host.glob(&pattern.display().to_string()) {
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let shown = path.display();
        let text = match content(machine, &path) {
            Ok(text) => text,
            Err(problem) => {
                gathered.warnings.push(problem.clone());
                facts.insert(name, problem);
                continue;
            }
        };
        let value = match from_json(&text) {
            Ok(value) => value,
            Err(_) => {
                let loaded = match sections(&text) {
                    Some(sections) => interpolated(sections)
                        .map_err(|why| format!("error loading facts as ini - please check content: {shown} ({why})")),
                    None => Err(format!("error loading facts as JSON or ini - please check content: {shown}")),
                };
                loaded.map_or_else(
                    |problem| {
                        gathered.warnings.push(problem.clone());
                        problem.into()
                    },
                    Value::from,
                )
            }
        };
        facts.insert(name, value);
    }
    gathered.insert("local", facts);
}

fn content(machine: &Machine<'_>, path: &Path) -> Result<String, String> {
    let shown = path.display();
    let could_not_stat = |reason: &str| format!("Could not stat fact ({shown}): {reason}");
    let is_executable = match machine.host.stat(path) {
        Ok(Some(stat)) => stat.mode & 0o100 != 0,
        Ok(None) => return Err(could_not_stat(&format!("[Errno 2] No such file or directory: '{shown}'"))),
        Err(error) => return Err(could_not_stat(&churten_module::python_path_error(&error, path))),
    };
    if !is_executable {
        return machine.read(path).ok_or_else(|| format!("Could not read fact file ({shown})"));
    }
    let output = machine.host.query(&Command::new([shown.to_string()]).timeout(machine.timeout)).map_err(|error| {
        format!("Could not execute fact script ({shown}): {}", churten_module::python_error(&error))
    })?;
    if !output.success() {
        let stderr = output.stderr_text();
        return Err(format!("Failure executing fact script ({shown}), rc: {}, err: {stderr}", output.code));
    }
    Ok(output.stdout_text())
}

/// The sections of an INI file, each with what holds for all of them. `None` when it is none.
fn sections(text: &str) -> Option<Vec<(String, Entries)>> {
    let ConfigFile { defaults, sections } = ConfigFile::read(text)?;
    let with_defaults = |mut entries: Entries| {
        for (name, value) in &defaults {
            if !entries.iter().any(|(other, _)| other == name) {
                entries.push((name.clone(), value.clone()));
            }
        }
        entries
    };
    Some(sections.into_iter().map(|(name, entries)| (name, with_defaults(entries))).collect())
}

/// The values with what they refer to put in: `%(name)s`, and `%%` for a percent sign.
fn interpolated(sections: Vec<(String, Entries)>) -> Result<Dict, String> {
    let mut facts = Dict::new();
    for (section, entries) in sections {
        let mut values = Dict::new();
        for (name, raw) in &entries {
            values.insert(name.as_str(), value_of(&section, &entries, name, raw, 1)?);
        }
        facts.insert(section, Value::from(values));
    }
    Ok(facts)
}

fn value_of(section: &str, entries: &Entries, option: &str, raw: &str, depth: usize) -> Result<String, String> {
    /// References that lead further are refused, as by Python's configparser.
    const DEPTH: usize = 10;
    if depth > DEPTH {
        return Err(format!(
            "Recursion limit exceeded in value substitution: option {} in section {} contains an interpolation key which cannot be \
             substituted in 10 steps. Raw value: {}",
            str_repr(option),
            str_repr(section),
            str_repr(raw)
        ));
    }
    let mut value = String::new();
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('%') {
        value.push_str(before);
        let from = rest.get(before.len()..).unwrap_or_default();
        if let Some(after) = after.strip_prefix('%') {
            value.push('%');
            rest = after;
        } else if let Some(reference) = after.strip_prefix('(') {
            let Some((name, after)) = reference.split_once(")s").filter(|(name, _)| !name.contains(')')) else {
                return Err(format!("bad interpolation variable reference {}", str_repr(from)));
            };
            let wanted = name.to_lowercase();
            let Some((_, found)) = entries.iter().find(|(other, _)| *other == wanted) else {
                return Err(format!(
                    "Bad value substitution: option {} in section {} contains an interpolation key {} which is not a valid option \
                     name. Raw value: {}",
                    str_repr(option),
                    str_repr(section),
                    str_repr(&wanted),
                    str_repr(raw)
                ));
            };
            value.push_str(&value_of(section, entries, option, found, depth + 1)?);
            rest = after;
        } else {
            return Err(format!("'%' must be followed by '%' or '(', found: {}", str_repr(from)));
        }
    }
    value.push_str(rest);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_read() {
        let found = sections("# c\n[A]\nKey = v\n more\n[b]\nx: 1\n").unwrap();
        assert_eq!(Value::from(interpolated(found).unwrap()).to_text(), "{'A': {'key': 'v\\nmore'}, 'b': {'x': '1'}}");
        assert!(sections("no section\n").is_none());
        assert!(sections("[a]\nplain\n").is_none());
    }

    #[test]
    fn values_refer_to_others() {
        let read = |text: &str| interpolated(sections(text).unwrap()).map(|facts| Value::from(facts).to_text());
        let found = read("[DEFAULT]\nq = 5\n[s]\na = 1%%2\nb = %(A)s %(q)s\n").unwrap();
        assert_eq!(found, "{'s': {'a': '1%2', 'b': '1%2 5', 'q': '5'}}");
        assert_eq!(read("[s]\na = 5% x\n").unwrap_err(), "'%' must be followed by '%' or '(', found: '% x'");
        assert_eq!(read("[s]\na = %(a\n").unwrap_err(), "bad interpolation variable reference '%(a'");
        assert!(
            read("[s]\na = %(zz)s\n").unwrap_err().starts_with("Bad value substitution: option 'a' in section 's'")
        );
        assert!(read("[s]\na = %(a)s\n").unwrap_err().starts_with("Recursion limit exceeded"));
    }
}
