use churten_module::prelude::*;
use churten_value::{escape_bytes, from_json};

/// Ask for the state of an asynchronous task.
///
/// Once it has finished its result is returned as if it were this task's own.
#[derive(Args)]
pub(crate) struct AsyncStatus {
    /// The job: `ansible_job_id` of the task that started it.
    jid: String,
    /// `status` looks; `cleanup` removes the file with the job's result.
    #[arg(default = "status")]
    mode: Mode,
    /// Where the files with the results are.
    #[arg(name = "_async_dir")]
    directory: PathBuf,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Cleanup,
    Status,
}

/// A larger result does not fit an answer.
const LIMIT: u64 = 512 << 20;

impl Action for AsyncStatus {
    const NAME: &'static str = "async_status";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, _options: &Options) -> Result<Dict> {
        let file = self.directory.join(&self.jid);
        let shown = file.display().to_string();
        let named = if self.mode == Mode::Cleanup { "erased" } else { "results_file" };
        let mut result = Dict::from([("ansible_job_id", Value::from(self.jid.as_str())), (named, shown.into())]);
        let mut state = |started: bool, finished: bool| {
            result.insert("started", started);
            result.insert("finished", finished);
            result.insert("stdout", "");
            result.insert("stderr", "");
        };
        if !matches!(host.stat(&file), Ok(Some(_))) {
            state(true, true);
            result.insert("failed", true);
            result.insert("msg", "could not find job");
            return Ok(result);
        }
        if self.mode == Mode::Cleanup {
            state(false, false);
            host.remove_file(&file)?;
            return Ok(result);
        }
        let text = host.read_bounded(&file, LIMIT)?;
        // A file that is being written is not whole yet.
        let data = from_json(&escape_bytes(&text)).ok();
        match data.as_ref().and_then(Value::as_dict) {
            None => state(true, false),
            Some(data) => {
                // Only a job that still runs says that it has started.
                state(true, !data.contains("started"));
                for (name, value) in data {
                    if !matches!(name.as_str(), Some("started" | "finished")) {
                        result.insert(name.clone(), value.clone());
                    }
                }
            }
        }
        Ok(result)
    }
}

#[cfg(test)]
mod tests {
    use super::AsyncStatus;
    use churten_module::{FakeHost, Module, Options};
    use churten_value::{Dict, Value};

    fn ask(host: &FakeHost, mode: &str) -> Dict {
        let arguments =
            Dict::from([("jid", Value::from("j1.2")), ("mode", mode.into()), ("_async_dir", "/jobs".into())]);
        Module::action::<AsyncStatus>().run(host, &arguments, &Options::default())
    }

    fn flags(result: &Dict) -> [bool; 3] {
        ["started", "finished", "failed"].map(|key| result.get(key).is_some_and(Value::is_truthy))
    }

    #[test]
    fn a_job_is_running_or_over_or_nowhere() {
        for (content, expected) in [
            (None, [true, true, true]),
            (Some(""), [true, false, false]),
            (Some("{\"sta"), [true, false, false]),
            (Some(r#"{"started": true, "finished": false, "ansible_job_id": "j1.2"}"#), [true, false, false]),
            (Some(r#"{"changed": true, "rc": 0}"#), [true, true, false]),
            (Some(r#"{"failed": true, "msg": "no"}"#), [true, true, true]),
        ] {
            let host = FakeHost::new();
            let host = match content {
                Some(content) => host.with_file("/jobs/j1.2", content),
                None => host,
            };
            assert_eq!(flags(&ask(&host, "status")), expected, "{content:?}");
        }
    }

    #[test]
    fn cleaning_up_removes_the_file() {
        let host = FakeHost::new().with_file("/jobs/j1.2", "{}");
        assert_eq!(flags(&ask(&host, "cleanup")), [false, false, false]);
        assert_eq!(flags(&ask(&host, "cleanup")), [true, true, true]);
    }
}
