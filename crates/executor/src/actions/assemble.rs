//! `assemble`: put files of a directory together. Those of the controller are joined here and placed as `copy` does.

use super::contents::Contents;
use super::copy::{Placement, place};
use super::{ActionContext, files, remote};
use crate::task::{Execution, to_boolean};
use churten_diagnostics::Report;
use churten_modules::Assembly;
use churten_value::{Dict, Value};
use std::path::Path;

/// Arguments that the action uses itself; the rest goes to `copy`.
const OWN: [&str; 6] = ["decrypt", "delimiter", "ignore_hidden", "regexp", "remote_src", "src"];

pub(crate) async fn run(context: &ActionContext<'_>, arguments: Dict) -> Execution {
    let given = |name: &str| arguments.get(name).filter(|value| !value.is_none());
    let (Some(source), Some(_)) = (given("src").map(Value::to_text), given("dest")) else {
        return Execution::refused("src and dest are required");
    };
    if given("remote_src").and_then(to_boolean).unwrap_or(true) {
        return remote::named(context, "ansible.legacy.assemble", arguments, vec![]).await;
    }
    let path = match files::find(context, "files", source.trim_end_matches('/')) {
        Ok(path) => path,
        Err(report) => return Execution::action_error(report),
    };
    if !path.is_dir() {
        return Execution::refused(format!("Source ({}) is not a directory", path.display()));
    }
    let content = match assemble(context, &arguments, &path) {
        Ok(content) => content,
        Err(report) => return Execution::action_error(report),
    };
    let mut rest = arguments;
    rest.retain(|name, _| name.as_str().is_none_or(|name| !OWN.contains(&name)));
    let source = path.display().to_string();
    place(context, rest, Placement { content: Contents::Bytes(content), name: "src".into(), source, at_once: true })
        .await
}

fn assemble(context: &ActionContext<'_>, arguments: &Dict, directory: &Path) -> Result<Vec<u8>, Report> {
    let flag = |name: &str, default: bool| arguments.get(name).and_then(to_boolean).unwrap_or(default);
    let text = |name: &str| arguments.get(name).filter(|value| !value.is_none()).map(Value::to_text);
    let assembly = Assembly::new(text("regexp").as_deref(), flag("ignore_hidden", false)).map_err(Report::new)?;
    let mut assembly = assembly.delimited_by_action(text("delimiter").as_deref()).map_err(Report::new)?;
    let unreadable = |error| Report::new(format!("{error}: {}", directory.display()));
    let mut names: Vec<String> = std::fs::read_dir(directory)
        .map_err(unreadable)?
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_, _>>()
        .map_err(unreadable)?;
    names.sort();
    for name in names {
        let path = directory.join(&name);
        if assembly.takes(&name) && path.is_file() {
            assembly.add(&files::read(context, &path, flag("decrypt", true))?);
        }
    }
    Ok(assembly.finish())
}
