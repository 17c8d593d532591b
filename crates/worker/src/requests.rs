//! From a request to its answer.

use crate::caught;
use crate::jobs::Job;
use crate::output::{refusal, system_error};
use crate::serve::Worker;
use crate::{detached, download, exec, files, modules, privilege, python, upload};
use churten_protocol::{RemoteError, Request, Response};
use std::io;
use std::sync::Arc;

/// Read a request and see to it that it is answered: at once, or by a thread of the pool.
pub(crate) fn accept(worker: &Arc<Worker>, id: u32, body: &[u8]) -> io::Result<()> {
    let decoded = Request::decode(body).and_then(|mut request| {
        request.inflate()?;
        Ok(request)
    });
    let request = match decoded {
        Ok(request) => request,
        Err(error) => return worker.output.respond(id, &refusal(&error)),
    };
    if request == Request::Ping {
        return worker.output.respond(id, &Response::Pong);
    }
    let mut job = Job::new(id);
    // Streams exist from now on, for their data may be next.
    match request {
        Request::Put(_) => job.upload = Some(upload::Upload::default()),
        Request::Fetch(_) => job.download = Some(download::Download::default()),
        _ => {}
    }
    let job = Arc::new(job);
    if !worker.jobs.add(&job) {
        return worker.output.respond(id, &error(format!("request {id} is under way already")));
    }
    let (for_task, worker_for_task) = (Arc::clone(&job), Arc::clone(worker));
    let taken = worker.pool.run(Box::new(move || {
        let (worker_for_answer, for_answer) = (Arc::clone(&worker_for_task), Arc::clone(&for_task));
        let answer = move || answer(&worker_for_answer, &for_answer, request);
        let finish = move |answer: Option<Response>| {
            // The id is free again before the controller can know.
            worker_for_task.jobs.remove(for_task.id);
            if let Some(answer) = answer {
                let _ = worker_for_task.output.respond(for_task.id, &answer);
            }
        };
        let finish_failed = finish.clone();
        let answer = caught::or_else(answer, move |message| {
            finish_failed(Some(error(format!("the worker failed internally: {message}"))));
        });
        if let Some(answer) = answer {
            finish(answer);
        }
    }));
    if taken {
        return Ok(());
    }
    worker.jobs.remove(id);
    worker.output.respond(id, &error("too many requests are waiting".to_owned()))
}

/// Do what is asked. `None` when the controller is gone.
fn answer(worker: &Arc<Worker>, job: &Arc<Job>, request: Request) -> Option<Response> {
    Some(match request {
        Request::Ping => Response::Pong,
        Request::Module(invocation) => Response::Result(modules::run(worker, job, *invocation)),
        Request::Batch(batch) => modules::batch(worker, job, batch).ok()?,
        Request::Exec(exec) => exec::exec(job, &worker.timer, &exec),
        Request::Python(run) => python::run(job, worker, &run),
        Request::Put(put) => upload::put(job.upload.as_ref()?, job.id, &put, &worker.output, &worker.temporary),
        Request::Begun(start) => upload::begun(&start, &worker.temporary),
        Request::Fetch(fetch) => download::fetch(job.download.as_ref()?, job.id, &fetch, &worker.output),
        Request::Stat { path, follow, checksum } => files::stat(&path, follow, checksum),
        Request::Remove { path } => files::remove(&path),
        Request::Become(request) => {
            privilege::answer(job, &request, worker.serving_command().as_deref(), &worker.routes, &worker.output)
        }
        Request::Detach(request) => {
            Response::Result(detached::start(request, worker.options.command.as_deref(), &worker.temporary))
        }
        Request::TemporaryDirectory { remote_tmp } => match worker.temporary.directory(&remote_tmp) {
            Ok(path) => Response::Path(path.to_string_lossy().into_owned()),
            Err(error) => system_error(&remote_tmp, &error),
        },
    })
}

fn error(message: String) -> Response {
    Response::Error(RemoteError { errno: 0, message })
}
