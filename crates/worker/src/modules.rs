//! Running modules for requests.

use crate::attachments::Attached;
use crate::jobs::Job;
use crate::runner::{Context, Runner, failure};
use crate::serve::Worker;
use crate::temporary::Temporary;
use churten_protocol::{Batch, Invocation, Response, TOOK_KEY};
use churten_value::{Dict, LoneSurrogates};
use std::any::Any;
use std::cell::RefCell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

/// Run one invocation for a job of a worker, to a result, whatever happens.
pub(crate) fn run(worker: &Worker, job: &Arc<Job>, invocation: Invocation) -> Dict {
    let (module, limit) = (invocation.module.clone(), invocation.timeout_milliseconds);
    let began = invocation.timed.then(Instant::now);
    job.runs_here();
    worker.timer.limit(job, limit);
    let mut result = match job.is_cancelled() {
        true => Dict::new(),
        false => run_caught(&*worker.options.runner, &worker.temporary, invocation),
    };
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

/// Run one invocation in this thread. What the module says in a panic is its failed result.
pub(crate) fn run_caught(runner: &dyn Runner, temporary: &Temporary, mut invocation: Invocation) -> Dict {
    let attached = match Attached::unpack(&mut invocation, temporary) {
        Ok(attached) => attached,
        Err(error) => return failure(format!("the files of the task could not be stored: {error}")),
    };
    // A module that needs no temporary files runs without a place for them, too.
    let directory = temporary.directory(&invocation.remote_tmp).ok();
    let context = Context { directory: attached.as_ref().map(Attached::directory), temporary: directory.as_deref() };
    catch_unwind(AssertUnwindSafe(|| runner.run(&invocation, context))).unwrap_or_else(|panic| {
        failure(format!("The module {} failed internally: {}", invocation.module, panic_message(&*panic)))
    })
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

thread_local! {
    /// Where the last panic of this thread was, in a program that notes it.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// From now on this program notes where panics are, and prints nothing.
pub(crate) fn note_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        PLACE.with(|noted| *noted.borrow_mut() = place);
    }));
}

/// What the panic just caught said, and where it was.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    match PLACE.with(RefCell::take) {
        Some(place) => format!("{text} ({place})"),
        None => text.to_owned(),
    }
}
