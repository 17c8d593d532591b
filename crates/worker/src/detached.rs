//! Runs that outlive their worker: Ansible's `async`.
//!
//! The worker starts its own program once more, with `--job`, and hands it the request. That program leads a session
//! of its own, so neither the end of the worker nor that of the login reaches it. It keeps the results file the way
//! `async_status` reads it: at once `started`, in the end the module's result.

mod program;

use crate::files::create_private;
use crate::modules::run_apart;
use crate::output::lock;
use crate::paths::expand;
use crate::processes::kill_children_of_thread;
use crate::queue::{Nothing, queue};
use crate::runner::{Runner, failure};
use crate::temporary::Temporary;
use churten_protocol::{
    Assembler, Blob, Content, Detach, Kind, Request, Work, read_frame, request_frames, write_frame,
};
use churten_value::{Dict, JsonStyle, Value};
use rustix::process::{Pid, setsid};
use std::fs::{self, DirBuilder};
use std::io::{self, Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// The argument that makes this program run one job.
pub(crate) const JOB: &str = "--job";

/// Ansible's default for `async_dir`.
const DEFAULT_DIRECTORY: &str = "~/.ansible_async";

/// What the job's program says when the results file is there.
const BEGUN: &[u8] = b"begun\n";

/// The most bytes of uploaded files that a job takes along.
const MAX_FILES: u64 = 48 << 20;

/// Answer `Detach`.
pub(crate) fn start(mut request: Detach, worker: Option<&[String]>, temporary: &Temporary) -> Dict {
    let Some(worker) = worker else {
        return failure("not yet supported by churten: async without a worker program of its own".to_owned());
    };
    let mut begin = || -> io::Result<Dict> {
        take_along(&mut request, temporary)?;
        let results = results_file(&request)?;
        let mut program = start_program(worker)?;
        let begun = hand_over(&mut program, &request);
        // Whoever it is a child of has to reap it, however long it takes.
        let waiting = thread::Builder::new().name("reap".into()).stack_size(64 << 10);
        waiting.spawn(move || program.wait())?;
        begun?;
        let mut result = Dict::new();
        result.insert("started", true);
        result.insert("finished", false);
        result.insert("ansible_job_id", results.file_name().map(|name| name.to_string_lossy().into_owned()));
        result.insert("results_file", results.to_string_lossy().into_owned());
        Ok(result)
    };
    begin().unwrap_or_else(|error| failure(format!("the asynchronous task could not be started: {error}")))
}

/// Uploaded files are this worker's and go with it; the job gets their content.
fn take_along(request: &mut Detach, temporary: &Temporary) -> io::Result<()> {
    let files = match &mut request.work {
        Work::Module(invocation) => &mut invocation.files,
        Work::Program(program) => &mut program.files,
    };
    for file in files {
        if let Content::Uploaded(path) = &file.content {
            let path = Path::new(path);
            if !temporary.owns(path) {
                return Err(io::Error::other(format!("{} was not uploaded", path.display())));
            }
            let mut bytes = Vec::new();
            fs::File::open(path)?.take(MAX_FILES + 1).read_to_end(&mut bytes)?;
            if bytes.len() as u64 > MAX_FILES {
                return Err(io::Error::other(format!("{} is too large for an asynchronous task", file.name)));
            }
            file.content = Content::Bytes(Blob(bytes));
        }
    }
    Ok(())
}

/// Where the results go.
fn results_file(request: &Detach) -> io::Result<PathBuf> {
    let job = &request.job;
    if job.is_empty() || job.starts_with('.') || job.contains(['/', '\0']) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{job:?} is no job id")));
    }
    let directory = if request.directory.is_empty() { DEFAULT_DIRECTORY } else { &request.directory };
    Ok(expand(directory)?.join(job))
}

fn start_program(worker: &[String]) -> io::Result<Child> {
    let (program, arguments) = worker.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    Command::new(program)
        .args(arguments)
        .arg(JOB)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
}

/// Give the program its request and wait until it has begun.
fn hand_over(program: &mut Child, request: &Detach) -> io::Result<()> {
    let frames = request_frames(0, 0, &Request::Detach(request.clone())).map_err(io::Error::other)?;
    let mut stdin = program.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    for frame in &frames {
        write_frame(&mut stdin, frame)?;
    }
    drop(stdin);
    let mut said = Vec::new();
    if let Some(stdout) = program.stdout.take() {
        stdout.take(4096).read_to_end(&mut said)?;
    }
    if said == BEGUN { Ok(()) } else { Err(io::Error::other(String::from_utf8_lossy(&said).trim().to_owned())) }
}

/// Run as the job's program: read the request, write the results.
pub(crate) fn run_job(mut input: impl Read, mut output: impl Write, runner: &Arc<dyn Runner>) -> io::Result<()> {
    // Fails for the leader of a process group, which a child of the worker is not.
    let _ = setsid();
    let mut begin = || -> io::Result<(Detach, PathBuf)> {
        let request = read_request(&mut input)?;
        let results = results_file(&request)?;
        let directory = results.parent().ok_or(io::ErrorKind::InvalidInput)?;
        DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
        let mut started = Dict::new();
        started.insert("started", true);
        started.insert("finished", false);
        started.insert("ansible_job_id", request.job.as_str());
        write_results(&results, started)?;
        Ok((request, results))
    };
    let (request, results) = match begin() {
        Ok(begun) => begun,
        Err(error) => {
            output.write_all(error.to_string().as_bytes())?;
            return Err(error);
        }
    };
    output.write_all(BEGUN)?;
    drop(output);
    let result = run_limited(request, runner)?;
    write_results(&results, result)
}

fn read_request(input: &mut impl Read) -> io::Result<Detach> {
    let mut assembler = Assembler::new();
    while let Some(frame) = read_frame(input)? {
        let Some(frame) = assembler.push(frame).map_err(io::Error::other)? else { continue };
        if frame.kind == Kind::Request
            && let Request::Detach(request) = Request::decode(&frame.body).map_err(io::Error::other)?
        {
            return Ok(request);
        }
    }
    Err(io::Error::other("no job was given"))
}

/// Run the module in a thread of its own, so that its time can be limited.
fn run_limited(request: Detach, runner: &Arc<dyn Runner>) -> io::Result<Dict> {
    let temporary = Arc::new(Temporary::default());
    let (done, result) = queue();
    let thread_id: Arc<Mutex<Option<Pid>>> = Arc::default();
    let (for_module, id_for_module, runner) = (Arc::clone(&temporary), Arc::clone(&thread_id), Arc::clone(runner));
    let limit = request.time_limit_seconds;
    thread::Builder::new().name("module".into()).stack_size(2 << 20).spawn(move || {
        let begin = move || *lock(&id_for_module) = Some(rustix::thread::gettid());
        let _ = done.give(match request.work {
            Work::Module(invocation) => run_apart(&runner, &for_module, invocation, begin),
            Work::Program(program) => {
                begin();
                program::run(program, &for_module)
            }
        });
    })?;
    let limit = if limit == 0 { Duration::MAX } else { Duration::from_secs(limit) };
    let result = match result.take_within(limit) {
        Ok(result) => result,
        Err(Nothing::Ever) => failure("the module ended without a result".to_owned()),
        Err(Nothing::Yet) => {
            if let Some(thread) = *lock(&thread_id) {
                kill_children_of_thread(thread);
            }
            let mut late = Dict::new();
            late.insert("msg", "Timeout exceeded");
            late.insert("failed", true);
            late.insert("child_pid", std::process::id());
            late
        }
    };
    temporary.remove();
    Ok(result)
}

/// Replace the results file.
fn write_results(path: &Path, result: Dict) -> io::Result<()> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".tmp");
    let unfinished = PathBuf::from(unfinished);
    let _ = fs::remove_file(&unfinished);
    let text = Value::dict(result).to_json(JsonStyle::PLAIN);
    create_private(&unfinished)?.write_all(text.as_bytes())?;
    fs::rename(&unfinished, path)
}
