//! `script`: bring a script of the controller to the host and run it there.

use super::{ActionContext, declared, files, raw, remote};
use crate::reach;
use crate::task::Execution;
use churten_connection::Session;
use churten_diagnostics::Report;
use churten_module::Args;
use churten_protocol::{Blob, Command, Destination, Exec};
use churten_syntax::shlex_quote;
use churten_value::{Dict, Value};

/// The arguments.
#[derive(Args)]
#[args(exclusive("_raw_params", "cmd"), one_of("_raw_params", "cmd"))]
struct Script {
    /// The script and its arguments.
    #[arg(name = "_raw_params")]
    raw: Option<String>,
    /// The same under another name.
    cmd: Option<String>,
    /// Do nothing when this path exists.
    creates: Option<String>,
    /// Do nothing unless this path exists.
    removes: Option<String>,
    /// The directory to run in.
    chdir: Option<String>,
    /// The program that the script is given to.
    executable: Option<String>,
}

pub(crate) async fn run(context: &ActionContext<'_>, arguments: Dict) -> Execution {
    let script: Script = match declared::read(context, &arguments, "script") {
        Ok(script) => script,
        Err(message) => return Execution::refused(message),
    };
    let line = script.raw.as_ref().or(script.cmd.as_ref()).map_or("", |line| line.trim());
    let Some((name, rest)) = split(line) else {
        return Execution::refused(format!("Could not parse the command line of script: {line}"));
    };
    let (session, reach) = match reach::session(context).await {
        Ok(session) => session,
        Err(execution) => return *execution,
    };
    match script.is_done(&session).await {
        Ok(None) => {}
        Ok(Some(reason)) => return Execution::skipped_by_action(reason),
        Err(execution) => return *execution,
    }
    if let Some(directory) = script.chdir.as_deref().filter(|path| !path.starts_with('/')) {
        let reason = "must be an absolute path for a Unix-aware remote node";
        return Execution::refused(format!("chdir {directory} {reason}"));
    }
    let content = match files::find(context, "files", &name).and_then(|path| files::read(context, &path, true)) {
        Ok(content) => content,
        Err(report) => {
            let mut execution = Execution::refused(report.message.clone());
            execution.error = Some(report.apart().context("Task failed"));
            return execution;
        }
    };
    if context.attributes.check_mode {
        // Whether it would do something is only known from what it creates or removes.
        return if script.creates.is_some() || script.removes.is_some() {
            Execution::of(Dict::from([("changed", Value::from(true))]))
        } else {
            Execution::skipped_by_action("Check mode is not supported for this task.")
        };
    }
    let file_name = name.rsplit('/').next().unwrap_or_default().to_owned();
    let destination = Destination::Temporary { remote_tmp: reach.remote_tmp.clone(), name: file_name };
    let placed = match session.put(&content[..], destination, 0o700).await {
        Ok(placed) => placed,
        Err(error) => return reach::failure(&error),
    };
    let exec = Exec {
        command: Command::Shell { executable: String::new(), line: script.line(&placed.path, rest) },
        stdin: Blob::default(),
        environment: remote::environment(context),
        directory: None,
        timeout_milliseconds: context.attributes.timeout_milliseconds(),
        output_limit: 0,
    };
    let ended = session.exec(exec).await;
    // The file goes with the worker's directory at the latest.
    let _ = session.remove(&placed.path).await;
    match ended {
        Err(error) => reach::failure(&error),
        Ok(output) => match output.excess() {
            Some(reason) => Execution::failure(Report::new(reason)),
            None => raw::finished(output.code, &output.stdout.0, &output.stderr.0),
        },
    }
}

impl Script {
    /// Why there is nothing to do.
    async fn is_done(&self, session: &Session) -> Result<Option<String>, Box<Execution>> {
        for (option, path, wanted) in [("creates", &self.creates, true), ("removes", &self.removes, false)] {
            let Some(path) = path.as_deref().filter(|path| !path.is_empty()) else { continue };
            // A path is taken as it is: `~` is a name like any other.
            let taken = if path.starts_with('~') { format!("./{path}") } else { path.to_owned() };
            let status = session.stat(&taken, true, false).await.map_err(|error| Box::new(reach::failure(&error)))?;
            if status.is_some() == wanted {
                let state = if wanted { "exists" } else { "does not exist" };
                return Ok(Some(format!("{path} {state}, matching {option} option")));
            }
        }
        Ok(None)
    }

    /// The line for the host's shell.
    fn line(&self, path: &str, rest: &str) -> String {
        let directory = self.chdir.as_deref().map(|path| format!("cd {} && ", shlex_quote(path))).unwrap_or_default();
        let executable = self.executable.as_deref().map(|program| format!("{program} ")).unwrap_or_default();
        format!("{directory}{executable}{}{rest}", shlex_quote(path))
    }
}

/// The script, and what follows it as it was written: that is for the host's shell.
fn split(line: &str) -> Option<(String, &str)> {
    let name = churten_syntax::shlex_split(line).ok()?.into_iter().next()?;
    let blanks = line.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
    // The first word ends at the first blank that is not quoted.
    let end = blanks.chain([line.len()]).find(|&at| {
        let words = line.get(..at).map(churten_syntax::shlex_split);
        matches!(words, Some(Ok(words)) if words.len() == 1 && words.first() == Some(&name))
    })?;
    Some((name, line.get(end..)?))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn only_the_script_is_taken_apart() {
        for (line, expected) in [
            ("s.sh", Some(("s.sh", ""))),
            ("s.sh 'a  b' \"$HOME\" | cat", Some(("s.sh", " 'a  b' \"$HOME\" | cat"))),
            ("'a b.sh' x", Some(("a b.sh", " x"))),
            (r"a\ b.sh x", Some(("a b.sh", " x"))),
            ("", None),
            ("'a", None),
        ] {
            assert_eq!(split(line), expected.map(|(name, rest)| (name.to_owned(), rest)), "{line}");
        }
    }
}
