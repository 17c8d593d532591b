//! Running modules for requests.

use crate::attachments::Attached;
use crate::caught::caught;
use crate::jobs::Job;
use crate::runner::{Context, Runner, failure};
use crate::serve::Worker;
use crate::temporary::Temporary;
use churten_protocol::{Batch, Invocation, Response, TOOK_KEY};
use churten_value::{Dict, LoneSurrogates};
use std::io;
use std::sync::Arc;
use std::time::Instant;

/// Run one invocation for a job of a worker, to a result, whatever happens.
pub(crate) fn run(worker: &Worker, job: &Arc<Job>, invocation: Invocation) -> Dict {
    let (module, limit) = (invocation.module.clone(), invocation.timeout_milliseconds);
    let began = invocation.timed.then(Instant::now);
    worker.timer.limit(job, limit);
    let for_module = Arc::clone(job);
    let mut result = run_caught(&worker.options.runner, &worker.temporary, invocation, move || {
        for_module.runs_here();
        !for_module.is_cancelled()
    });
    worker.timer.unlimit(job);
    job.runs_nothing();
    if job.is_cancelled() {
        return failure("the task was cancelled".to_owned());
    }
    if job.is_timed_out() {
        let seconds = limit as f64 / 1000.0;
        return failure(format!("The module {module} was killed after {seconds} seconds."));
    }
    if let Some(began) = began {
        result.insert(TOOK_KEY, i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX));
    }
    result
}

/// Run one invocation. What the module says in a panic is its failed result. `begin` is called in the module's thread
/// before it, and may say that it is not to run.
pub(crate) fn run_caught(
    runner: &Arc<dyn Runner>,
    temporary: &Temporary,
    mut invocation: Invocation,
    begin: impl FnOnce() -> bool + Send + 'static,
) -> Dict {
    let attached = match Attached::unpack(&mut invocation, temporary) {
        Ok(attached) => attached,
        Err(error) => return failure(format!("the files of the task could not be stored: {error}")),
    };
    // A module that needs no temporary files runs without a place for them, too.
    let temporary = temporary.directory(&invocation.remote_tmp).ok();
    let directory = attached.as_ref().map(|attached| attached.directory().to_owned());
    let (runner, module) = (Arc::clone(runner), invocation.module.clone());
    let result = caught(move || match begin() {
        true => runner.run(&invocation, Context { directory: directory.as_deref(), temporary: temporary.as_deref() }),
        false => Dict::new(),
    });
    result.unwrap_or_else(|said| failure(format!("The module {module} failed internally: {said}")))
}

/// Answer `Batch`.
pub(crate) fn batch(worker: &Worker, job: &Arc<Job>, batch: Batch) -> io::Result<Response> {
    let mut ran = 0;
    let mut failed = false;
    for (index, invocation) in (0..).zip(batch.invocations) {
        if job.is_cancelled() {
            break;
        }
        let result = run(worker, job, invocation);
        ran = index + 1;
        failed |= counts_as_failed(&result);
        worker.output.respond(job.id, &Response::Item { index, result })?;
        // A time limit is the item's own.
        job.forget_timeout();
        if failed && batch.ends.contains(&index) {
            break;
        }
    }
    Ok(Response::BatchEnd { ran })
}

/// Will the controller take it for a failure? As ansible-core does: a return code other than 0 is one where nothing else is
/// said, and so is text that is not UTF-8.
fn counts_as_failed(result: &Dict) -> bool {
    let failed = match result.get("failed") {
        Some(failed) => failed.as_bool() != Some(false),
        None => result.get("rc").is_some_and(|code| code.as_int() != Some(0)),
    };
    let is_text = |(key, value)| LoneSurrogates::of_value(key).or_else(|| LoneSurrogates::of_value(value)).is_none();
    failed || !result.iter().all(is_text)
}
