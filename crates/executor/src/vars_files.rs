//! `vars_files` of a play.

use crate::engine::Engine;
use crate::play_state::PlayState;
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Value};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Read the `vars_files` for every host of the batch. Files are read once.
pub(crate) fn load(engine: &Engine, state: &Arc<PlayState>) -> Result<(), Report> {
    if state.play.vars_files.is_empty() {
        return Ok(());
    }
    let mut read: HashMap<PathBuf, Arc<Dict>> = HashMap::new();
    for host in &state.batch {
        let mut merged = Dict::new();
        for entry in &state.play.vars_files {
            let candidates = match &entry.data {
                Data::List(items) => items.to_vec(),
                _ => vec![entry.clone()],
            };
            if let Some(vars) = first_found(engine, state, host, &candidates, &mut read)? {
                merged.extend_from(&vars);
                // Later files may use what earlier ones set.
                state.set_files(host, Arc::new(merged.clone()));
            }
        }
    }
    Ok(())
}

fn first_found(
    engine: &Engine,
    state: &Arc<PlayState>,
    host: &Arc<str>,
    candidates: &[Value],
    read: &mut HashMap<PathBuf, Arc<Dict>>,
) -> Result<Option<Arc<Dict>>, Report> {
    let scope = state.scope(&engine.variables, Some(host));
    let mut tried = None;
    for candidate in candidates {
        let rendered = match engine.templar.render(candidate, &scope) {
            Ok(rendered) => rendered,
            // A name that needs facts cannot be known yet; upstream goes on without the file, too.
            Err(report) if report.is_undefined() => return Ok(None),
            Err(report) => return Err(report.or_at(candidate.origin())),
        };
        let name = rendered.to_text();
        let directory = &state.play.directory;
        let paths = [directory.join("vars").join(&name), directory.join(&name)];
        let Some(path) = paths.iter().find(|path| path.exists()) else {
            tried = Some((name, candidate.origin()));
            continue;
        };
        if let Some(vars) = read.get(path) {
            return Ok(Some(vars.clone()));
        }
        let vars = Arc::new(mapping(engine, path)?);
        engine.warn_reserved(&vars);
        read.insert(path.clone(), vars.clone());
        return Ok(Some(vars));
    }
    match tried {
        None => Ok(None),
        Some((name, origin)) if candidates.len() == 1 => {
            let message = format!(
                "Could not find or access '{}' on the Ansible Controller.",
                state.play.directory.join(&name).display()
            );
            Err(Report::new(message).at(origin))
        }
        Some((_, origin)) => {
            let names: Vec<String> = candidates.iter().map(Value::to_text).collect();
            Err(Report::new(format!("vars file {} was not found", names.join(", "))).at(origin))
        }
    }
}

/// The variables of a file: a mapping, or a list of mappings, of which later ones are stronger.
fn mapping(engine: &Engine, path: &Path) -> Result<Dict, Report> {
    let value = crate::vars_file::content(engine, path)
        .map_err(|report| report.context(format!("Invalid vars_files file '{}'.", path.display())))?;
    let refuse = |value: &Value| {
        let help = "Variable files must contain either a dictionary of variables, or a list of dictionaries.";
        Err(Report::parser("Invalid variable file contents.").at(value.origin()).help(help))
    };
    let parts = match &value.data {
        Data::None => return Ok(Dict::new()),
        Data::List(items) => items.as_slice(),
        _ => std::slice::from_ref(&value),
    };
    let mut vars = Dict::new();
    for part in parts {
        let Some(entries) = part.as_dict() else { return refuse(part) };
        for (name, entry) in entries {
            vars.insert(name.clone(), entry.clone());
        }
    }
    Ok(vars)
}
