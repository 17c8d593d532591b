//! `raw`, `script` and `shell`: command lines.

use super::{ActionContext, files, remote};
use crate::reach::{self, Reach};
use crate::task::{Execution, to_boolean};
use churten_connection::{RawCommand, Transport};
use churten_protocol::{Blob, Command, Destination, Exec};
use churten_value::{Dict, Value};
use std::time::Duration;

pub(crate) async fn raw(context: &ActionContext<'_>, arguments: Dict) -> Execution {
    if context.attributes.check_mode {
        return Execution::of(Dict::from([("skipped", Value::from(true)), ("changed", false.into())]));
    }
    let command = arguments.get("_raw_params").map(Value::to_text).unwrap_or_default();
    let executable = arguments.get("executable").map(Value::to_text).filter(|name| !name.is_empty());
    let reach = match Reach::of(context) {
        Ok(reach) => reach,
        Err(report) => return Execution::failure(report),
    };
    let mut line = String::new();
    for (name, value) in context.environment {
        line += &format!("{name}={} ", churten_syntax::shlex_quote(value));
    }
    line += &match executable {
        Some(executable) => format!("{executable} -c {}", churten_syntax::shlex_quote(&command)),
        None => command,
    };
    let shell = context.target_scope().value("ansible_shell_executable").map(|shell| shell.to_text());
    let timeout = context.attributes.timeout_milliseconds();
    let timeout = (timeout > 0).then(|| Duration::from_millis(timeout));
    let command = RawCommand {
        line,
        stdin: Blob::default(),
        shell: shell.unwrap_or_default(),
        timeout,
        terminal: wants_terminal(context, &reach),
    };
    let connections = &context.engine.connections;
    match connections.raw(context.target(), &reach.transport, reach.r#become.as_ref(), command).await {
        Err(error) => reach::failure(&error),
        Ok(output) => finished(output.code, &output.stdout, &output.stderr),
    }
}

/// Over SSH a command gets a terminal, as ansible-core gives it one, unless `ansible_ssh_use_tty` is false.
fn wants_terminal(context: &ActionContext<'_>, reach: &Reach) -> bool {
    let wanted =
        context.target_scope().value("ansible_ssh_use_tty").and_then(|value| to_boolean(&value)).unwrap_or(true);
    wanted && reach.transport != Transport::Local
}

fn finished(code: i32, stdout: &[u8], stderr: &[u8]) -> Execution {
    let text = |bytes: &[u8]| Value::from(String::from_utf8_lossy(bytes).into_owned());
    let mut result = Dict::from([
        ("rc", Value::from(code)),
        ("stdout", text(stdout)),
        ("stderr", text(stderr)),
        ("changed", true.into()),
    ]);
    if code != 0 {
        result.insert("failed", true);
        result.insert("msg", "non-zero return code");
    }
    Execution::by_module(result)
}

/// `shell` is `command` with its text read by a shell.
pub(crate) async fn shell(context: &ActionContext<'_>, mut arguments: Dict) -> Execution {
    arguments.insert("_uses_shell", true);
    remote::named(context, "ansible.legacy.command", arguments, vec![]).await
}

pub(crate) async fn script(context: &ActionContext<'_>, arguments: Dict) -> Execution {
    let text = |name: &str| arguments.get(name).map(Value::to_text).filter(|text| !text.is_empty());
    let Some(line) = text("_raw_params").or_else(|| text("cmd")) else {
        return Execution::refused("one of the following is required: cmd, _raw_params");
    };
    // The first word is a file of the controller; the rest goes to the shell as it was written.
    let (name, rest) = match churten_syntax::shlex_split(&line) {
        Ok(words) if !words.is_empty() => {
            let rest = words[1..].iter().map(|word| churten_syntax::shlex_quote(word)).collect::<Vec<_>>().join(" ");
            (words[0].clone(), rest)
        }
        _ => return Execution::refused(format!("Could not parse the command line of script: {line}")),
    };
    let content = files::find(context, "files", &name).and_then(|path| files::read(context, &path, true));
    let content = match content {
        Ok(content) => content,
        Err(report) => return Execution::refused(report.message),
    };
    let (session, reach) = match reach::session(context).await {
        Ok(session) => session,
        Err(execution) => return *execution,
    };
    for (option, wanted) in [("creates", true), ("removes", false)] {
        let Some(path) = text(option) else { continue };
        match session.stat(&path, true, false).await {
            Err(error) => return reach::failure(&error),
            Ok(status) if status.is_some() == wanted => {
                let state = if wanted { "exists" } else { "does not exist" };
                let result = Dict::from([
                    ("skipped", Value::from(true)),
                    ("changed", false.into()),
                    ("msg", format!("{path} {state}, matching {option} option").into()),
                ]);
                return Execution::of(result);
            }
            Ok(_) => {}
        }
    }
    if context.attributes.check_mode {
        return Execution::of(Dict::from([("skipped", Value::from(true)), ("changed", true.into())]));
    }
    let file_name = name.rsplit('/').next().unwrap_or_default().to_owned();
    let destination = Destination::Temporary { remote_tmp: reach.remote_tmp.clone(), name: file_name };
    let placed = match session.put(&content[..], destination, 0o700).await {
        Ok(placed) => placed,
        Err(error) => return reach::failure(&error),
    };
    let program = churten_syntax::shlex_quote(&placed.path);
    let line = match text("executable") {
        Some(executable) => format!("{executable} {program} {rest}"),
        None => format!("{program} {rest}"),
    };
    let exec = Exec {
        command: Command::Shell { executable: String::new(), line: line.trim_end().to_owned() },
        stdin: Blob::default(),
        environment: remote::environment(context),
        directory: text("chdir"),
        timeout_milliseconds: context.attributes.timeout_milliseconds(),
        output_limit: 0,
    };
    let ended = session.exec(exec).await;
    // The file goes with the worker's directory at the latest.
    let _ = session.remove(&placed.path).await;
    match ended {
        Err(error) => reach::failure(&error),
        Ok(output) => finished(output.code, &output.stdout.0, &output.stderr.0),
    }
}
