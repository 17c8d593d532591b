//! `async_status`: how an asynchronous task is getting on.

use super::{ActionContext, foreign, remote};
use crate::reach;
use crate::task::Execution;
use churten_value::{Dict, Value};

/// The arguments of the task; where the results are is told by variables and settings.
const ARGUMENTS: [&str; 2] = ["jid", "mode"];

pub(crate) async fn run(context: &ActionContext<'_>, mut arguments: Dict) -> Execution {
    if let Some(refusal) = refuse(&arguments) {
        return Execution::refused(refusal);
    }
    match reach::async_directory(context) {
        Ok(directory) => arguments.insert("_async_dir", directory),
        Err(report) => return Execution::failure(report),
    };
    foreign::of_job(remote::named(context, "ansible.legacy.async_status", arguments, vec![]).await)
}

fn refuse(arguments: &Dict) -> Option<String> {
    let mut unknown: Vec<String> = arguments.keys().map(Value::to_text).collect();
    unknown.retain(|name| !ARGUMENTS.contains(&name.as_str()));
    if !unknown.is_empty() {
        unknown.sort();
        let supported = ARGUMENTS.join(", ");
        let unknown = unknown.join(", ");
        return Some(format!(
            "Unsupported parameters for (async_status) module: {unknown}. Supported parameters include: {supported}."
        ));
    }
    if !arguments.contains("jid") {
        return Some("missing required arguments: jid".into());
    }
    let mode = arguments.get("mode").map(Value::to_text).filter(|mode| mode != "status" && mode != "cleanup")?;
    Some(format!("value of mode must be one of: status, cleanup, got: {mode}"))
}
