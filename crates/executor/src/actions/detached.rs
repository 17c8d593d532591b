//! `async` and `poll`: a module that runs apart from its task.

use super::{ActionContext, foreign, remote};
use crate::event::Event;
use crate::reach;
use crate::task::{Detached, Execution, complete_output, is_true};
use churten_diagnostics::Report;
use churten_protocol::{Detach, Work};
use churten_value::{Dict, Value};
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// What a job may take longer on the host than the controller waits for it, in seconds. ansible-core looks at a job's
/// time once a second; a controller that has waited to the end is to find the job still running.
const GRACE: u64 = 1;

/// The request that starts the task's module.
pub(super) fn request(context: &ActionContext<'_>, detached: &Detached, work: Work) -> Result<Detach, Report> {
    Ok(Detach {
        work,
        job: job_id(),
        directory: reach::async_directory(context)?,
        time_limit_seconds: detached.limit.saturating_add(GRACE),
    })
}

/// A job's id, as ansible-core spells it: up to twelve random digits, and the number of a process.
fn job_id() -> String {
    let random = RandomState::new().hash_one(std::time::Instant::now()) % 1_000_000_000_000;
    format!("j{random}.{}", std::process::id())
}

/// After a job has begun: wait for its end when the task asks for that.
pub(crate) async fn follow(
    context: &ActionContext<'_>,
    detached: Detached,
    execution: &mut Execution,
    tell: &(dyn Fn(Event) + Sync),
) {
    if execution.has_failed() || execution.is_unreachable() || execution.is_skipped() {
        return;
    }
    // Something was started, whatever comes of it.
    execution.result.insert("changed", true);
    if detached.poll == 0 {
        return;
    }
    let job = execution.result.get("ansible_job_id").map(Value::to_text).unwrap_or_default();
    *execution = wait(context, detached, &job, tell).await;
    let shown = if context.attributes.no_log { None } else { Some(job) };
    tell(Event::AsyncEnd { host: context.host.clone(), job: shown, failed: execution.has_failed() });
}

async fn wait(context: &ActionContext<'_>, detached: Detached, job: &str, tell: &(dyn Fn(Event) + Sync)) -> Execution {
    let mut left = detached.limit;
    let mut last = Dict::new();
    while left > 0 {
        tokio::time::sleep(Duration::from_secs(detached.poll)).await;
        let answer = ask(context, job, "status").await;
        if is_true(&answer.result, "finished") || answer.has_failed() || answer.is_skipped() {
            // What is left of a job whose result is known is of no use; that it is gone already does no harm.
            ask(context, job, "cleanup").await;
            return answer;
        }
        // A host that cannot be reached now may be there again at the next look.
        last = answer.result;
        tell(Event::AsyncPoll { host: context.host.clone(), job: job.to_owned() });
        left = left.saturating_sub(detached.poll);
    }
    complete_output(&mut last);
    // A look at a job that goes on is no result of its own.
    last.remove("invocation");
    last.remove("changed");
    let mut late =
        Execution::failed(format!("async task did not complete within the requested time - {}s", detached.limit));
    late.result.insert("async_result", last);
    late
}

/// Ask the host about a job.
async fn ask(context: &ActionContext<'_>, job: &str, mode: &str) -> Execution {
    let directory = match reach::async_directory(context) {
        Ok(directory) => directory,
        Err(report) => return Execution::failure(report),
    };
    let arguments = Dict::from([("jid", Value::from(job)), ("mode", mode.into()), ("_async_dir", directory.into())]);
    foreign::of_job(remote::at_once(context, "ansible.legacy.async_status", arguments).await)
}

#[cfg(test)]
mod tests {
    use super::job_id;

    #[test]
    fn ids_are_like_ansible_cores() {
        let id = job_id();
        let (random, process) = id.strip_prefix('j').unwrap().split_once('.').unwrap();
        assert!(random.len() <= 12 && random.chars().all(|digit| digit.is_ascii_digit()), "{id}");
        assert!(process.parse::<u32>().is_ok(), "{id}");
        assert_ne!(id, job_id());
    }
}
