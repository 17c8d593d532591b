//! Running modules for requests.

use crate::attachments::Attached;
use crate::jobs::Job;
use crate::runner::{Context, failure};
use crate::serve::Worker;
use churten_protocol::{Batch, Invocation, Response};
use churten_value::{Dict, Value};
use std::any::Any;
use std::cell::RefCell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Run one invocation to a result, whatever happens.
pub(crate) fn run(worker: &Worker, job: &Arc<Job>, mut invocation: Invocation) -> Dict {
    let attached = match Attached::unpack(&mut invocation, &worker.temporary) {
        Ok(attached) => attached,
        Err(error) => return failure(format!("the files of the task could not be stored: {error}")),
    };
    // A module that needs no temporary files runs without a place for them, too.
    let temporary = worker.temporary.directory(&invocation.remote_tmp).ok();
    let context = Context { directory: attached.as_ref().map(Attached::directory), temporary: temporary.as_deref() };
    job.runs_here();
    worker.timer.limit(job, invocation.timeout_milliseconds);
    let result = if job.is_cancelled() {
        Ok(Dict::new())
    } else {
        catch_unwind(AssertUnwindSafe(|| worker.options.runner.run(&invocation, context)))
    };
    worker.timer.unlimit(job);
    job.runs_nothing();
    if job.is_cancelled() {
        return failure("the task was cancelled".to_owned());
    }
    if job.is_timed_out() {
        let seconds = invocation.timeout_milliseconds as f64 / 1000.0;
        return failure(format!("The module {} was killed after {seconds} seconds.", invocation.module));
    }
    result.unwrap_or_else(|panic| {
        failure(format!("The module {} failed internally: {}", invocation.module, panic_message(&*panic)))
    })
}

/// Answer `Batch`.
pub(crate) fn batch(worker: &Worker, job: &Arc<Job>, batch: Batch) -> io::Result<Response> {
    let mut ran = 0;
    for (index, invocation) in (0..).zip(batch.invocations) {
        if job.is_cancelled() {
            break;
        }
        let result = run(worker, job, invocation);
        ran = index + 1;
        let failed = result.get("failed").and_then(Value::as_bool) == Some(true);
        worker.output.respond(job.id, &Response::Item { index, result })?;
        // A time limit is the item's own.
        job.forget_timeout();
        if failed && batch.stop_on_failure {
            break;
        }
    }
    Ok(Response::BatchEnd { ran })
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
