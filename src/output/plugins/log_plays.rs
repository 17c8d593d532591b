//! `community.general.log_plays`: every result, in a file for each host.

use crate::output::Console;
use crate::output::callback::Callback;
use churten_config::Settings;
use churten_diagnostics::Report;
use churten_executor::{Event, HostLabel, Status, TaskInfo, TaskResult};
use churten_value::{Dict, JsonStyle, Value};
use jiff::Zoned;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

/// The callback.
#[derive(Debug)]
pub(crate) struct LogPlays {
    directory: PathBuf,
    playbook: String,
}

impl LogPlays {
    /// A callback as the settings want it.
    pub(crate) fn new(settings: &Settings) -> Self {
        let option = settings.plugin_option("callback/community.general.log_plays", "log_folder", &|_| None);
        let directory = option.map(|option| option.value.to_text()).unwrap_or_default();
        Self { directory: directory.into(), playbook: String::new() }
    }

    /// Add a line to a host's file.
    ///
    /// # Errors
    /// The directory or the file cannot be written.
    fn log(&self, host: &HostLabel, task: &TaskInfo, category: &str, result: &Dict) -> Result<(), Report> {
        // A host's name is no path.
        let path = self.directory.join(host.name.replace('/', "_"));
        let failed = |error: std::io::Error| Report::new(format!("Unable to write to '{}': {error}", path.display()));
        let now = Zoned::now().strftime("%b %d %Y %H:%M:%S");
        let text = format!(
            "{now} - {} - {} - {} - {category} - {}\n\n",
            self.playbook,
            own_name(task),
            task.action,
            data(result)
        );
        std::fs::create_dir_all(&self.directory).map_err(failed)?;
        let mut file = OpenOptions::new().append(true).create(true).open(&path).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)
    }

    fn result(&self, result: &TaskResult) -> Result<(), Report> {
        let category = match result.status {
            Status::Ok => "OK",
            Status::Failed { .. } => "FAILED",
            Status::Skipped => "SKIPPED",
            Status::Unreachable { .. } => "UNREACHABLE",
        };
        self.log(&result.host, &result.task, category, &result.result)
    }
}

/// The name as it is written; nothing for a task without one.
fn own_name(task: &TaskInfo) -> &str {
    let name = task.name.trim();
    let own = match &task.role {
        Some(role) => name.strip_prefix(&**role).and_then(|name| name.strip_prefix(" : ")).unwrap_or(name),
        None => name,
    };
    if own == task.action { "" } else { own }
}

/// What the module was called with stands in front of the result.
fn data(result: &Dict) -> String {
    if result.contains("_ansible_verbose_override") {
        return "omitted".to_owned();
    }
    let mut result = result.clone();
    let invocation = result.remove("invocation").filter(Value::is_truthy);
    result.retain(|key, _| !key.as_str().is_some_and(|key| key == "failed" || key.starts_with("_ansible_")));
    let result = Value::dict(result).to_json(JsonStyle::PLAIN);
    match invocation {
        Some(invocation) => format!("{} => {result} ", invocation.to_json(JsonStyle::PLAIN)),
        None => result,
    }
}

impl Callback for LogPlays {
    fn event(&mut self, event: &Event, console: &mut Console) {
        let outcome = match event {
            Event::PlaybookStart { path, .. } => {
                self.playbook = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                return;
            }
            Event::HostEnd(result) => self.result(result),
            _ => return,
        };
        if let Err(report) = outcome {
            console.warning(&report.render());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_call_comes_first() {
        let result = Dict::from([
            ("changed", Value::from(true)),
            ("invocation", Value::dict(Dict::from([("module_args", Value::NONE)]))),
            ("_ansible_no_log", false.into()),
        ]);
        assert_eq!(data(&result), "{\"module_args\": null} => {\"changed\": true} ");
        assert_eq!(data(&Dict::from([("msg", "é")])), "{\"msg\": \"\\u00e9\"}");
    }
}
