//! `include_vars`: variables from files.

use super::{ActionContext, files};
use crate::task::{Execution, integer_of, to_boolean};
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Value};
use std::path::{Path, PathBuf};

const OPTIONS: [&str; 9] = [
    "name",
    "file",
    "dir",
    "depth",
    "files_matching",
    "ignore_unknown_extensions",
    "extensions",
    "ignore_files",
    "hash_behaviour",
];

pub(crate) fn run(context: &ActionContext<'_>, arguments: &Dict) -> Execution {
    for name in arguments.keys().map(Value::to_text) {
        if !OPTIONS.contains(&name.as_str()) && name != "_raw_params" {
            return Execution::action_error(Report::new(format!("{name} is not a valid option in include_vars")));
        }
    }
    const OF_DIRECTORIES: [&str; 6] =
        ["dir", "depth", "files_matching", "ignore_unknown_extensions", "extensions", "ignore_files"];
    let has = |names: &[&str]| names.iter().any(|name| arguments.contains(name));
    if has(&OF_DIRECTORIES) && has(&["file", "_raw_params"]) {
        let message = "You are mixing file only and dir only arguments, these are incompatible";
        return Execution::action_error(Report::new(message));
    }
    let file = arguments.get("file").or_else(|| arguments.get("_raw_params"));
    if file.is_none_or(Value::is_none) && arguments.get("dir").is_none_or(|name| !name.is_truthy()) {
        context.engine.warn("Invalid request to find a file that matches a \"null\" value".to_owned());
    }
    let file = file.filter(|file| file.is_truthy()).map(Value::to_text);
    let name = arguments.get("name").filter(|name| name.is_truthy());
    // Under a name of their own the variables hide nothing; the name may.
    if let Some(text) = name.and_then(Value::as_str).filter(|text| churten_playbook::is_reserved_name(text)) {
        let warning = Report::new(format!("Found variable using reserved name '{text}'."));
        context.engine.warn_report(warning.at(name.and_then(Value::origin)));
    }
    let mut read = Reading { context, vars: Dict::new(), included: vec![], warns: name.is_none(), is_hidden: false };
    let outcome = match arguments.get("dir").filter(|name| name.is_truthy()) {
        Some(directory) => read.directory(&directory.to_text(), arguments),
        None => match &file {
            Some(file) => files::find(context, "vars", file.trim_end_matches('\n')).and_then(|path| read.file(&path)),
            None => Err(Report::new(
                "Could not find file on the Ansible Controller.\nIf you are using a module and expect the file to exist on \
                 the remote, see the remote_src option",
            )),
        },
    };
    let facts = match name {
        Some(name) => Dict::from([(name.clone(), Value::dict(read.vars))]),
        _ => read.vars,
    };
    let merges = match arguments.get("hash_behaviour").map(Value::to_text).as_deref() {
        Some("merge") => true,
        Some("replace") => false,
        _ => context.engine.variables.merges_hashes(),
    };
    let facts = if merges { merged(context, facts) } else { facts };
    let included: Vec<Value> = read.included.iter().map(|path| path.display().to_string().into()).collect();
    let mut result = Dict::from([
        ("ansible_included_var_files", Value::list(included)),
        ("ansible_facts", Value::dict(facts)),
        ("changed", false.into()),
    ]);
    if let Err(report) = outcome {
        result.insert("failed", true);
        result.insert("message", report.headline());
        let named = name.map(|name| Dict::from([(name.clone(), Value::dict(Dict::new()))]));
        result.insert("ansible_facts", named.unwrap_or_default());
        result.insert("msg", "Task failed: Action failed: Unknown error.");
    }
    Execution { is_hidden: read.is_hidden, ..Execution::of(result) }
}

/// Mappings that are variables already, filled up with what the files say.
fn merged(context: &ActionContext<'_>, facts: Dict) -> Dict {
    let merge = |(name, value): (Value, Value)| {
        let existing = context.scope.value(&name.to_text()).filter(|existing| existing.as_dict().is_some());
        let value = match existing {
            Some(existing) if value.as_dict().is_some() => crate::scope::merge_hashes(&existing, &value),
            _ => value,
        };
        (name, value)
    };
    facts.into_iter().map(merge).collect()
}

struct Reading<'a> {
    context: &'a ActionContext<'a>,
    vars: Dict,
    included: Vec<PathBuf>,
    /// Warn of reserved names.
    warns: bool,
    /// One of the files is a vault.
    is_hidden: bool,
}

impl Reading<'_> {
    fn file(&mut self, path: &Path) -> Result<(), Report> {
        let wrong = |_: &str| Report::new(format!("{} must be stored as a dictionary/hash", path.display()));
        let vars = crate::vars_file::read(self.context.engine, path, &wrong)?;
        self.is_hidden |= crate::vars_file::is_vaulted(path);
        if self.warns {
            self.context.engine.warn_reserved(&vars);
        }
        self.vars.extend_from(&vars);
        self.included.push(path.to_path_buf());
        Ok(())
    }

    fn directory(&mut self, name: &str, arguments: &Dict) -> Result<(), Report> {
        let root = files::find(self.context, "vars", name)
            .map_err(|_| Report::new(format!("{} directory does not exist", self.role_path(name).display())))?;
        if !root.is_dir() {
            return Err(Report::new(format!("{} is not a directory", root.display())));
        }
        let depth = arguments.get("depth").and_then(integer_of).unwrap_or(0);
        let texts = |name: &str| -> Option<Vec<String>> {
            let value = arguments.get(name)?;
            Some(match &value.data {
                Data::List(items) => items.iter().map(Value::to_text).collect(),
                _ => value.to_text().split_whitespace().map(str::to_owned).collect(),
            })
        };
        let extensions = texts("extensions").unwrap_or_else(|| ["yaml", "yml", "json"].map(str::to_owned).to_vec());
        let ignored = texts("ignore_files").unwrap_or_default();
        let lenient = arguments.get("ignore_unknown_extensions").and_then(to_boolean).unwrap_or(false);
        let matching = match arguments.get("files_matching") {
            None => None,
            Some(pattern) => Some(
                fancy_regex::Regex::new(&pattern.to_text())
                    .map_err(|error| Report::new(format!("Invalid regular expression: {error}")))?,
            ),
        };
        let mut found = vec![];
        walk(&root, depth, 1, &mut found)?;
        for path in found {
            let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if ignored.iter().any(|pattern| pattern == &file_name) {
                continue;
            }
            if matching.as_ref().is_some_and(|pattern| !pattern.is_match(&file_name).unwrap_or(false)) {
                continue;
            }
            let extension = path.extension().map(|extension| extension.to_string_lossy().into_owned());
            if !extensions.contains(&extension.unwrap_or_default()) {
                if lenient {
                    continue;
                }
                let list: Vec<Value> = extensions.iter().map(|extension| extension.as_str().into()).collect();
                return Err(Report::new(format!(
                    "{} does not have a valid extension: {}",
                    path.display(),
                    list.iter().map(Value::to_text).collect::<Vec<_>>().join(", ")
                )));
            }
            self.file(&path)?;
        }
        Ok(())
    }

    fn role_path(&self, name: &str) -> PathBuf {
        match &self.context.task.role {
            Some(role) => role.path.join("vars").join(name),
            None => self.context.play.play.directory.join(name),
        }
    }
}

/// The files below a directory in sorted order, a directory's own before its children's; `depth` 0 is unlimited.
fn walk(directory: &Path, depth: i64, level: i64, found: &mut Vec<PathBuf>) -> Result<(), Report> {
    let unreadable =
        |error: std::io::Error| Report::new(format!("could not read the directory {}: {error}", directory.display()));
    let mut entries: Vec<PathBuf> = std::fs::read_dir(directory)
        .map_err(unreadable)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(unreadable)?;
    entries.sort();
    let (directories, files): (Vec<_>, Vec<_>) = entries.into_iter().partition(|path| path.is_dir());
    found.extend(files);
    if depth == 0 || level < depth {
        for inner in directories {
            walk(&inner, depth, level + 1, found)?;
        }
    }
    Ok(())
}
