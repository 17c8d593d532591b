//! Facts that a host's administrator wrote.

use super::Machine;
use super::subset::Gathered;
use churten_module::prelude::*;
use churten_value::from_json;

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
            Err(_) => match sections(&text) {
                Some(sections) => sections.into(),
                None => {
                    let problem = format!("error loading facts as JSON or ini - please check content: {shown}");
                    gathered.warnings.push(problem.clone());
                    problem.into()
                }
            },
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

/// An INI file: sections of lower-case names. `None` when it is none.
fn sections(text: &str) -> Option<Dict> {
    let mut found: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        let continued = line.starts_with([' ', '\t']);
        let section = trimmed.strip_prefix('[').and_then(|rest| Some(rest.split_once(']')?.0));
        if let Some(name) = section.filter(|_| !continued) {
            if found.iter().any(|(other, _)| other == name) {
                return None;
            }
            found.push((name.to_owned(), Vec::new()));
            continue;
        }
        let (_, entries) = found.last_mut()?;
        if continued && let Some((_, value)) = entries.last_mut() {
            value.push('\n');
            value.push_str(trimmed);
            continue;
        }
        let at = trimmed.find(['=', ':'])?;
        let (name, value) = trimmed.split_at_checked(at)?;
        let name = name.trim_end().to_lowercase();
        if name.is_empty() || entries.iter().any(|(other, _)| *other == name) {
            return None;
        }
        entries.push((name, value.get(1..)?.trim().to_owned()));
    }
    let defaults = found.iter().find(|(name, _)| name == "DEFAULT").map(|(_, entries)| entries.clone());
    let with_defaults = |entries: Vec<(String, String)>| -> Dict {
        let mut all: Dict = entries.into_iter().collect();
        for (name, value) in defaults.iter().flatten() {
            if !all.contains(name) {
                all.insert(name.as_str(), value.as_str());
            }
        }
        all
    };
    Some(
        found
            .into_iter()
            .filter(|(name, _)| name != "DEFAULT")
            .map(|(name, entries)| (name, Value::from(with_defaults(entries))))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_read() {
        let found = sections("# c\n[A]\nKey = v\n more\n[b]\nx: 1\n").unwrap();
        assert_eq!(Value::from(found).to_text(), "{'A': {'key': 'v\\nmore'}, 'b': {'x': '1'}}");
        assert!(sections("no section\n").is_none());
        assert!(sections("[a]\nplain\n").is_none());
    }
}
