//! `wait_for_connection`: wait until the host answers.

use super::fail::only;
use super::{ActionContext, remote};
use crate::reach::{self, Reach};
use crate::task::{Execution, integer_of};
use churten_connection::Transport;
use churten_diagnostics::Report;
use churten_value::{Dict, Repr, Value};
use std::time::{Duration, Instant};

pub(super) async fn run(context: &ActionContext<'_>, arguments: &Dict) -> Execution {
    if let Err(refused) = only(arguments, "wait_for_connection", &["connect_timeout", "delay", "sleep", "timeout"]) {
        return *refused;
    }
    let seconds = |name: &str, default: u64| match arguments.get(name) {
        None => Ok(Duration::from_secs(default)),
        Some(value) => integer_of(value)
            .map(|seconds| Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
            .ok_or_else(|| Report::new(format!("invalid literal for int() with base 10: {}", Repr(value)))),
    };
    let times = (|| {
        Ok((seconds("connect_timeout", 5)?, seconds("delay", 0)?, seconds("sleep", 1)?, seconds("timeout", 600)?))
    })();
    let (connect, delay, sleep, timeout) = match times {
        Ok(times) => times,
        Err(report) => return Execution::action_error(report),
    };
    if context.attributes.check_mode {
        return Execution::of(Dict::from([("skipped", Value::from(true)), ("changed", false.into())]));
    }
    let started = Instant::now();
    tokio::time::sleep(delay).await;
    let mut error = None;
    while started.elapsed() < timeout + delay {
        // A connection that is known may be the one to a host that has gone since.
        context.engine.connections.reset(context.target()).await;
        let left = (timeout + delay).saturating_sub(started.elapsed());
        match tokio::time::timeout(left, ping(context, connect)).await {
            Ok(Ok(())) => {
                let elapsed = i64::try_from(started.elapsed().as_secs()).unwrap_or(i64::MAX);
                return Execution::of(Dict::from([("elapsed", Value::from(elapsed)), ("changed", false.into())]));
            }
            Ok(Err(text)) => error = Some(text),
            Err(_) => break,
        }
        tokio::time::sleep(sleep).await;
    }
    let mut message = "timed out waiting for ping module test".to_owned();
    if let Some(error) = error {
        message += &format!(": {error}");
    }
    let mut execution = Execution::failed(message);
    execution.result.insert("elapsed", i64::try_from(started.elapsed().as_secs()).unwrap_or(i64::MAX));
    execution
}

/// Connect in a new session and run `ping` there; the text of what went wrong.
async fn ping(context: &ActionContext<'_>, limit: Duration) -> Result<(), String> {
    let text = |execution: &Execution| execution.result.get("msg").map(Value::to_text).unwrap_or_default();
    let mut reach = Reach::of(context).map_err(|report| report.headline())?;
    if let Transport::Ssh(options) = &mut reach.transport {
        options.timeout = Some(limit);
    }
    let session = reach::open(context, &reach).await.map_err(|execution| text(&execution))?;
    let execution = remote::in_session(context, &session, &reach, "ansible.legacy.ping", Dict::new(), vec![]).await;
    if execution.has_failed() || execution.is_unreachable() { Err(text(&execution)) } else { Ok(()) }
}
