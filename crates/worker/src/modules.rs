//! Running modules for requests.

use crate::attachments::Attached;
use crate::caught::caught;
use crate::jobs::Job;
use crate::output::lock;
use crate::runner::{Context, Runner, failure};
use crate::serve::Worker;
use crate::temporary::Temporary;
use churten_protocol::{Batch, Invocation, Response, TOOK_KEY};
use churten_value::{Dict, LoneSurrogates};
use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Answer `Module`: run one invocation to a result, whatever happens.
pub(crate) fn run(worker: &Arc<Worker>, job: &Arc<Job>, invocation: Invocation) -> Dict {
    let module = invocation.module.clone();
    let (for_module, for_job) = (Arc::clone(worker), Arc::clone(job));
    caught(move || run_here(&for_module, &for_job, invocation)).unwrap_or_else(|said| {
        ended(worker, job);
        panicked(&module, &said)
    })
}

/// Run one invocation in this thread, which a panic ends.
fn run_here(worker: &Worker, job: &Arc<Job>, invocation: Invocation) -> Dict {
    let (module, limit) = (invocation.module.clone(), invocation.timeout_milliseconds);
    let began = invocation.timed.then(Instant::now);
    worker.timer.limit(job, limit);
    job.runs_here();
    let mut result = match job.is_cancelled() {
        true => Dict::new(),
        false => run_with_files(&worker.options.runner, &worker.temporary, invocation),
    };
    ended(worker, job);
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

/// Nothing of the job runs any more.
fn ended(worker: &Worker, job: &Arc<Job>) {
    worker.timer.unlimit(job);
    job.runs_nothing();
}

/// The result of a module that said this in a panic.
fn panicked(module: &str, said: &str) -> Dict {
    failure(format!("The module {module} failed internally: {said}"))
}

/// Run one invocation apart from any job. What the module says in a panic is its failed result; `begin` is called in the
/// module's thread before it.
pub(crate) fn run_apart(
    runner: &Arc<dyn Runner>,
    temporary: &Arc<Temporary>,
    invocation: Invocation,
    begin: impl FnOnce() + Send + 'static,
) -> Dict {
    let (runner, temporary, module) = (Arc::clone(runner), Arc::clone(temporary), invocation.module.clone());
    let result = caught(move || {
        begin();
        run_with_files(&runner, &temporary, invocation)
    });
    result.unwrap_or_else(|said| panicked(&module, &said))
}

/// Run one invocation with the files that came with it.
fn run_with_files(runner: &Arc<dyn Runner>, temporary: &Temporary, mut invocation: Invocation) -> Dict {
    let attached = match Attached::unpack(&mut invocation, temporary) {
        Ok(attached) => attached,
        Err(error) => return failure(format!("the files of the task could not be stored: {error}")),
    };
    // A module that needs no temporary files runs without a place for them, too.
    let temporary = temporary.directory(&invocation.remote_tmp).ok();
    let directory = attached.as_ref().map(Attached::directory);
    runner.run(&invocation, Context { directory, temporary: temporary.as_deref() })
}

/// Answer `Batch`. One thread runs all of it, and another one what is left after a panic.
pub(crate) fn batch(worker: &Arc<Worker>, job: &Arc<Job>, batch: Batch) -> io::Result<Response> {
    let rest = Rest { invocations: batch.invocations.into(), ends: batch.ends, ..Rest::default() };
    let rest = Arc::new(Mutex::new(rest));
    loop {
        let (for_run, for_worker, for_job) = (Arc::clone(&rest), Arc::clone(worker), Arc::clone(job));
        let said = match caught(move || run_rest(&for_run, &for_worker, &for_job)) {
            Ok(ran) => return Ok(Response::BatchEnd { ran: ran? }),
            Err(said) => said,
        };
        ended(worker, job);
        let result = panicked(&lock(&rest).module, &said);
        answer_item(&rest, worker, job, result)?;
    }
}

/// What is left of a batch.
#[derive(Default)]
struct Rest {
    invocations: VecDeque<Invocation>,
    ends: Vec<u32>,
    /// How many have been run.
    ran: u32,
    /// One of them has failed, and its task has come to its end.
    is_over: bool,
    has_failed: bool,
    /// The module that is run now.
    module: String,
}

/// Run what is left of a batch in this thread, which a panic ends: how many of the whole have been run.
fn run_rest(rest: &Mutex<Rest>, worker: &Worker, job: &Arc<Job>) -> io::Result<u32> {
    loop {
        let next = {
            let mut rest = lock(rest);
            let next = rest.invocations.pop_front().filter(|_| !rest.is_over && !job.is_cancelled());
            let Some(next) = next else { return Ok(rest.ran) };
            rest.module.clone_from(&next.module);
            next
        };
        let result = run_here(worker, job, next);
        answer_item(rest, worker, job, result)?;
    }
}

fn answer_item(rest: &Mutex<Rest>, worker: &Worker, job: &Arc<Job>, result: Dict) -> io::Result<()> {
    let index = {
        let mut rest = lock(rest);
        let index = rest.ran;
        rest.ran += 1;
        rest.has_failed |= counts_as_failed(&result);
        rest.is_over = rest.has_failed && rest.ends.contains(&index);
        index
    };
    // A time limit is the item's own.
    job.forget_timeout();
    worker.output.respond(job.id, &Response::Item { index, result })
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
