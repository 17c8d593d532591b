//! `raw` and `shell`: command lines.

use super::{ActionContext, remote, told};
use crate::reach::{self, Reach};
use crate::task::{Execution, to_boolean};
use churten_connection::{RawCommand, Transport};
use churten_protocol::Blob;
use churten_value::{Dict, Value, escape_bytes};
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
    told::command(context, &reach, &line);
    let shell = context.target_scope().written("ansible_shell_executable").map(|shell| shell.to_text());
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
    wanted && matches!(reach.transport, Transport::Ssh(_))
}

/// The result of a command line.
pub(super) fn finished(code: i32, stdout: &[u8], stderr: &[u8]) -> Execution {
    let text = |bytes: &[u8]| Value::from(escape_bytes(bytes).into_owned());
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
    Execution::of(result)
}

/// `shell` is `command` with its text read by a shell.
pub(crate) async fn shell(context: &ActionContext<'_>, mut arguments: Dict) -> Execution {
    if arguments.contains("expand_argument_vars") {
        return Execution::refused("Unsupported parameters for (shell) module: expand_argument_vars");
    }
    arguments.insert("_uses_shell", true);
    remote::named(context, "ansible.legacy.command", arguments, vec![]).await
}
