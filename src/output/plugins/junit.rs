//! The `junit` callback: a playbook's results as a JUnit report.

use super::junit_xml::{self, Outcome, TestCase};
use crate::output::Console;
use crate::output::callback::Callback;
use crate::output::minimal::dump_all;
use churten_config::Settings;
use churten_diagnostics::Report;
use churten_executor::{Event, Status, TaskInfo, TaskResult};
use churten_value::{Repr, Value};
use jiff::Timestamp;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Names in which these stand turn a result round.
const EXPECTED_FAILURE: &str = "EXPECTED FAILURE";
const TOGGLE_RESULT: &str = "TOGGLE RESULT";
/// What stands for the tracebacks of an action or a module (`SIDE`) and of what it was part of.
const TRACEBACKS: &str = "(traceback missing)\n\nThe above SIDE exception was the direct cause of the following \
     controller exception:\n\n(traceback missing)\n\nThe above exception was the direct cause of the following \
     exception:\n\n(traceback missing)\n";

/// The options, all from the environment.
struct Options {
    output_dir: PathBuf,
    task_class: bool,
    task_relative_path: String,
    replace_out_of_tree_path: Option<String>,
    fail_on_change: bool,
    fail_on_ignore: bool,
    include_setup_tasks: bool,
    hide_task_arguments: bool,
    test_case_prefix: String,
}

/// A task that has begun.
struct Task {
    id: u64,
    path: String,
    name: String,
    began: Instant,
    cases: Vec<TestCase>,
}

/// The callback.
pub(crate) struct Junit {
    options: Options,
    playbook: String,
    play: String,
    tasks: Vec<Task>,
    /// The message of the error that the next result has.
    error: Option<String>,
}

impl Options {
    fn of(settings: &Settings) -> Self {
        let text = |name: &str| {
            let value = settings.plugin_option("callback/junit", name, &|_| None).map(|resolved| resolved.value);
            value.ok().filter(|value| !value.is_none()).map(|value| value.to_text())
        };
        let flag = |name: &str| text(name).is_some_and(|text| text.eq_ignore_ascii_case("true"));
        let some = |name: &str| text(name).filter(|text| !matches!(text.as_str(), "" | "none" | "<empty>"));
        Self {
            output_dir: text("output_dir").map(|path| home(&path)).unwrap_or_default(),
            task_class: flag("task_class"),
            task_relative_path: some("task_relative_path").unwrap_or_default(),
            replace_out_of_tree_path: some("replace_out_of_tree_path"),
            fail_on_change: flag("fail_on_change"),
            fail_on_ignore: flag("fail_on_ignore"),
            include_setup_tasks: flag("include_setup_tasks_in_report"),
            hide_task_arguments: flag("hide_task_arguments"),
            test_case_prefix: some("test_case_prefix").unwrap_or_default(),
        }
    }
}

/// `~` is the home directory.
fn home(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => path.into(),
    }
}

impl Junit {
    /// A callback with the options of the settings.
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            options: Options::of(settings),
            playbook: String::new(),
            play: String::new(),
            tasks: Vec::new(),
            error: None,
        }
    }

    fn start(&mut self, task: &TaskInfo) {
        if self.tasks.iter().any(|known| known.id == task.id) {
            return;
        }
        let is_setup = matches!(task.resolved_action.rsplit('.').next(), Some("setup" | "gather_facts"));
        if is_setup && !self.options.include_setup_tasks {
            return;
        }
        let mut name = format!("{}: {}", self.play, task.name.trim());
        if !task.no_log && !self.options.hide_task_arguments && !task.args.is_empty() {
            let words = task.args.iter().map(|(key, value)| format!("{}={}", key.to_text(), value.to_text()));
            name += &format!(" {}", words.collect::<Vec<_>>().join(", "));
        }
        let path = super::records::path(task.origin).unwrap_or_default();
        self.tasks.push(Task { id: task.id, path, name, began: Instant::now(), cases: Vec::new() });
    }

    fn add(&mut self, task: u64, host: &str, outcome: Outcome) {
        let Some(known) = self.tasks.iter_mut().find(|known| known.id == task) else { return };
        let mut class = known.path.clone();
        if !self.options.task_relative_path.is_empty() && !class.is_empty() {
            class = relative(Path::new(&class), &home(&self.options.task_relative_path));
        }
        if let Some(replacement) = &self.options.replace_out_of_tree_path
            && class.starts_with("../")
        {
            let name = class.rsplit('/').next().unwrap_or_default();
            class = format!("{replacement}{name}");
        }
        if self.options.task_class
            && let Some((file, line)) = class.rsplit_once(".yml:")
            && line.bytes().all(|byte| byte.is_ascii_digit())
        {
            class = file.to_owned();
        }
        // A task on a host counts once, with its last result.
        let name = format!("[{host}] {}", known.name);
        known.cases.retain(|case| case.name != name);
        known.cases.push(TestCase { class, name, seconds: known.began.elapsed().as_secs_f64(), outcome });
    }

    fn result(&mut self, result: &TaskResult) {
        let error = self.error.take();
        let name = &result.task.name;
        let entry = |key| result.result.get(key).map(Value::to_text);
        let is_changed = result.result.get("changed").is_some_and(Value::is_truthy);
        let failed = match result.status {
            Status::Skipped => {
                let reason = entry("skip_reason").unwrap_or_else(|| "skipped".into());
                return self.add(result.task.id, &result.host.name, Outcome::Skipped(reason));
            }
            Status::Unreachable { .. } => return,
            Status::Failed { ignored } => !ignored || self.options.fail_on_ignore,
            Status::Ok => self.options.fail_on_change && is_changed,
        };
        let failed = if name.contains(TOGGLE_RESULT) { !failed } else { failed && !name.contains(EXPECTED_FAILURE) };
        if !name.starts_with(&self.options.test_case_prefix) && !failed {
            return;
        }
        let shown = dump_all(result, 0, Some(0));
        let outcome = match (failed, error) {
            (false, _) => Outcome::Passed(shown),
            (true, Some(message)) => {
                let side = if message.starts_with("Task failed: Module failed") { "target" } else { "action" };
                Outcome::Error { message, text: TRACEBACKS.replace("SIDE", side) }
            }
            (true, None) => {
                let message = entry("msg").or_else(|| entry("rc").map(|code| format!("rc={code}")));
                Outcome::Failure { message: message.unwrap_or_else(|| "rc=0".into()), text: shown }
            }
        };
        self.add(result.task.id, &result.host.name, outcome);
    }

    fn write(&mut self) -> Result<(), Report> {
        let cases: Vec<TestCase> = std::mem::take(&mut self.tasks).into_iter().flat_map(|task| task.cases).collect();
        let time = Timestamp::now().as_microsecond();
        let name = format!("{}-{}.{:06}.xml", self.playbook, time / 1_000_000, time % 1_000_000);
        let path = self.options.output_dir.join(name);
        let failed = |error: std::io::Error| Report::new(format!("Unable to write {}: {error}", path.display()));
        std::fs::create_dir_all(&self.options.output_dir).map_err(failed)?;
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o644);
        let builder = tempfile::Builder::new().permissions(permissions).tempfile_in(&self.options.output_dir);
        let mut file = builder.map_err(failed)?;
        file.write_all(junit_xml::report(&self.playbook, &cases).as_bytes()).map_err(failed)?;
        file.persist(&path).map_err(|error| failed(error.error))?;
        Ok(())
    }
}

/// `path` as it is seen from `base`.
fn relative(path: &Path, base: &Path) -> String {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let (path, base) = (absolute(path), absolute(base));
    let shared = path.components().zip(base.components()).take_while(|(one, other)| one == other).count();
    let ups = base.components().skip(shared).map(|_| std::path::Component::ParentDir);
    ups.chain(path.components().skip(shared)).collect::<PathBuf>().display().to_string()
}

impl Callback for Junit {
    fn event(&mut self, event: &Event, console: &mut Console) {
        match event {
            Event::PlaybookStart { path, .. } => {
                self.playbook = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            }
            Event::PlayStart(play) => self.play = play.name.trim().to_owned(),
            Event::TaskStart { task, .. } => self.start(task),
            Event::Error(report) => self.error = Some(first_line(report)),
            Event::HostEnd(result) => self.result(result),
            // The errors of items are not the loop's.
            Event::ItemEnd(_) => self.error = None,
            Event::Included { file, hosts, task, item, variables }
                if task.name.starts_with(&self.options.test_case_prefix) =>
            {
                let mut variables = variables.clone();
                if let Some(label) = item {
                    variables.insert("_ansible_item_label", label.clone());
                }
                let variables = Value::dict(variables);
                let text = format!("{file} (args={{}} vars={}): [{}]", Repr(&variables), hosts.join(", "));
                self.add(task.id, "include", Outcome::Passed(text));
            }
            Event::Recap { .. } => {
                if let Err(report) = self.write() {
                    console.warning(&report.render());
                }
            }
            _ => {}
        }
    }
}

fn first_line(report: &Report) -> String {
    report.render().lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths() {
        assert_eq!(relative(Path::new("/a/b/c.yml:3"), Path::new("/a")), "b/c.yml:3");
        assert_eq!(relative(Path::new("/a/b/c.yml:3"), Path::new("/a/x/y")), "../../b/c.yml:3");
    }
}
