//! Modules in Python: each in a child of an interpreter that is kept, with what they share already loaded.
//!
//! The interpreter runs `base.py` of the archive `base`, which says how it is talked to. Where none can be kept (an old
//! Python, another library, an environment that Python reads at its start), the archive of the module is run by an
//! interpreter of its own.

use crate::child::set_nonblocking;
use crate::exec::{self, Kept, LOOK, PATIENCE};
use crate::jobs::Job;
use crate::output::{lock, system_error};
use crate::serve::Worker;
use churten_protocol::{Command as Named, Environment, Exec, OUTPUT_LIMIT, Output, PythonRun, RemoteError, Response};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use rustix::process::Pid;
use std::collections::HashMap;
use std::io::{self, IoSlice, PipeReader, Read, Write, pipe};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// How long a request may take to be taken by an interpreter.
const ACCEPT: Duration = Duration::from_secs(60);

/// An interpreter and the archive it has loaded.
type Name = (String, String);

/// The interpreters that are kept; `None` for one that could not be.
#[derive(Default)]
pub(crate) struct Interpreters {
    kept: Mutex<HashMap<Name, Option<Arc<Interpreter>>>>,
}

/// An interpreter that waits for modules.
struct Interpreter {
    /// Requests are written whole, one at a time.
    control: Mutex<UnixStream>,
    process: Mutex<Child>,
    /// A module has run in it.
    is_proven: AtomicBool,
}

/// How a run in a kept interpreter went.
enum Kind {
    /// The module has ended.
    Ended(Output),
    /// It has not begun.
    NotBegun,
}

/// Answer `Python`.
pub(crate) fn run(job: &Arc<Job>, worker: &Worker, run: &PythonRun) -> Response {
    if !Path::new(&run.archive).exists() {
        let message = format!("{}: the module's archive is gone", run.archive);
        return Response::Error(RemoteError { errno: libc::ENOENT, message });
    }
    while let Some(interpreter) = worker.interpreters.of(run) {
        match attend(job, worker, &interpreter, run) {
            Ok(Kind::Ended(output)) => {
                interpreter.is_proven.store(true, Ordering::Relaxed);
                return Response::Exec(output);
            }
            // One that has worked was killed since; another that never does is not tried again.
            Ok(Kind::NotBegun) if interpreter.is_proven.load(Ordering::Relaxed) => worker.interpreters.forget(run),
            Ok(Kind::NotBegun) => worker.interpreters.give_up(run),
            Err(error) => {
                // The next run begins with a new one.
                worker.interpreters.forget(run);
                return system_error(&run.interpreter, &error);
            }
        }
    }
    exec::exec(job, &worker.timer, &alone(run))
}

/// The run with an interpreter of its own.
fn alone(run: &PythonRun) -> Exec {
    let mut line = format!("{} {}", quoted(&run.interpreter), quoted(&run.archive));
    if run.open_files > 0 {
        line.push_str(&format!(" {}", run.open_files));
    }
    Exec {
        command: Named::Shell { executable: String::new(), line },
        stdin: run.invocation.clone(),
        environment: run.environment.clone(),
        directory: None,
        timeout_milliseconds: run.timeout_milliseconds,
        output_limit: 0,
    }
}

/// As a shell's word. What needs no quotes has none, for the shell's complaints show them.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "@%+=:,./-_".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\"'\"'"))
}

/// What Python reads only as it starts.
fn is_read_at_start(environment: &Environment) -> bool {
    environment.iter().any(|(name, _)| {
        name.starts_with("PYTHON")
            || name.starts_with("LC_")
            || name.starts_with("LANG")
            || name == "TZ"
            || name == "HOME"
    })
}

impl Interpreters {
    /// The interpreter for a run, started when it is the first; `None` when it is to have one of its own.
    fn of(&self, run: &PythonRun) -> Option<Arc<Interpreter>> {
        if run.base.is_empty() || is_read_at_start(&run.environment) {
            return None;
        }
        let key = (run.interpreter.clone(), run.base.clone());
        lock(&self.kept).entry(key).or_insert_with(|| Interpreter::start(run).ok().map(Arc::new)).clone()
    }

    /// There is to be no second try.
    fn give_up(&self, run: &PythonRun) {
        lock(&self.kept).insert((run.interpreter.clone(), run.base.clone()), None);
    }

    /// There is to be a new one.
    fn forget(&self, run: &PythonRun) {
        lock(&self.kept).remove(&(run.interpreter.clone(), run.base.clone()));
    }

    /// End all of them.
    pub(crate) fn close(&self) {
        lock(&self.kept).clear();
    }
}

impl Interpreter {
    fn start(run: &PythonRun) -> io::Result<Self> {
        let (ours, theirs) = UnixStream::pair()?;
        ours.set_write_timeout(Some(ACCEPT))?;
        let process = Command::new(&run.interpreter)
            .arg(&run.base)
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self { control: Mutex::new(ours), process: Mutex::new(process), is_proven: AtomicBool::new(false) })
    }

    /// Hand a run over, with the ends of the pipes that belong to it.
    fn send(&self, run: &PythonRun, ends: &[OwnedFd; 3]) -> io::Result<()> {
        let request = format!("{}\0{}\0{}\0", run.archive, run.name, run.open_files).into_bytes();
        let mut environment = Vec::new();
        for (name, value) in &run.environment {
            let is_valid = !name.is_empty() && !name.contains(['=', '\0']) && !value.expose().contains(&0);
            if !is_valid {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "not an environment variable"));
            }
            environment.extend_from_slice(name.as_bytes());
            environment.push(0);
            environment.extend_from_slice(value.expose());
            environment.push(0);
        }
        let parts = [&request[..], &environment, &run.invocation.0];
        let mut header = Vec::with_capacity(12);
        for part in parts {
            let length = u32::try_from(part.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
            header.extend_from_slice(&length.to_le_bytes());
        }
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(3))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        let descriptors = ends.each_ref().map(AsFd::as_fd);
        if !control.push(SendAncillaryMessage::ScmRights(&descriptors)) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut stream = lock(&self.control);
        let sent = sendmsg(&*stream, &[IoSlice::new(&header)], &mut control, SendFlags::NOSIGNAL)?;
        stream.write_all(header.get(sent..).unwrap_or_default())?;
        for part in parts {
            stream.write_all(part)?;
        }
        zeroize::Zeroize::zeroize(&mut environment);
        Ok(())
    }
}

impl Drop for Interpreter {
    fn drop(&mut self) {
        // Its input ends, which ends it.
        let control = lock(&self.control);
        let _ = control.shutdown(std::net::Shutdown::Both);
        drop(control);
        let mut process = lock(&self.process);
        let begun = Instant::now();
        while matches!(process.try_wait(), Ok(None)) {
            if begun.elapsed() > PATIENCE {
                let _ = process.kill();
                let _ = process.wait();
                return;
            }
            thread::sleep(Duration::from_millis(2));
        }
    }
}

/// Hand a module over and wait for its end.
fn attend(job: &Arc<Job>, worker: &Worker, interpreter: &Interpreter, run: &PythonRun) -> io::Result<Kind> {
    if job.is_cancelled() {
        return Ok(Kind::Ended(Output { code: -9, cancelled: true, ..Output::default() }));
    }
    let ((stdout, stdout_end), (stderr, stderr_end)) = (pipe()?, pipe()?);
    let (status, status_end) = UnixStream::pair()?;
    for end in [stdout.as_fd(), stderr.as_fd(), status.as_fd()] {
        set_nonblocking(&end, true)?;
    }
    let ends = [OwnedFd::from(stdout_end), OwnedFd::from(stderr_end), OwnedFd::from(status_end)];
    if interpreter.send(run, &ends).is_err() {
        return Ok(Kind::NotBegun);
    }
    drop(ends);
    worker.timer.limit(job, run.timeout_milliseconds);
    let mut child = Running { stdout: Some(stdout), stderr: Some(stderr), status, told: Vec::new(), leader: None };
    let (mut said, mut complained) = (Kept::new(OUTPUT_LIMIT), Kept::new(OUTPUT_LIMIT));
    let code = child.wait(job, &mut said, &mut complained);
    worker.timer.unlimit(job);
    // From here on the number may be another's.
    job.runs_nothing();
    let code = match code {
        Ok(Some(code)) => code,
        Ok(None) if child.leader.is_none() => return Ok(Kind::NotBegun),
        ended => {
            if let Some(leader) = child.leader {
                crate::processes::kill_group(leader);
            }
            ended?;
            if !job.is_cancelled() && !job.is_timed_out() && !said.is_full && !complained.is_full {
                return Err(io::Error::other("the interpreter ended while a module ran in it"));
            }
            -libc::SIGKILL
        }
    };
    Ok(Kind::Ended(Output {
        code,
        truncated: said.is_full || complained.is_full,
        stdout: said.bytes.into(),
        stderr: complained.bytes.into(),
        timed_out: job.is_timed_out(),
        cancelled: job.is_cancelled(),
    }))
}

/// A module in a kept interpreter.
struct Running {
    stdout: Option<PipeReader>,
    stderr: Option<PipeReader>,
    status: UnixStream,
    /// What the status socket has told so far.
    told: Vec<u8>,
    leader: Option<Pid>,
}

impl Running {
    /// Until the child has ended and what it wrote is read: its code. `None` when that is never told, or when the child
    /// goes on although it was killed.
    fn wait(&mut self, job: &Job, stdout: &mut Kept, stderr: &mut Kept) -> io::Result<Option<i32>> {
        let begun = Instant::now();
        let mut killed = None;
        loop {
            let [may_read, may_complain, is_told] = self.ready()?;
            let is_too_much = stdout.is_full || stderr.is_full;
            if let Some(leader) = self.leader.filter(|_| is_too_much) {
                crate::processes::kill_group(leader);
            }
            if is_too_much || job.is_cancelled() || job.is_timed_out() {
                let since: &mut Instant = killed.get_or_insert_with(Instant::now);
                if since.elapsed() > PATIENCE {
                    return Ok(None);
                }
            }
            if self.leader.is_none() && begun.elapsed() > ACCEPT {
                return Ok(None);
            }
            let code = if is_told { self.hear(job)? } else { Heard::Nothing };
            let is_over = !matches!(code, Heard::Nothing);
            if (may_read || is_over)
                && let Some(pipe) = &mut self.stdout
                && !stdout.read(pipe)
            {
                self.stdout = None;
            }
            if (may_complain || is_over)
                && let Some(pipe) = &mut self.stderr
                && !stderr.read(pipe)
            {
                self.stderr = None;
            }
            match code {
                Heard::Nothing => {}
                Heard::End => return Ok(None),
                Heard::Code(code) => return Ok(Some(code)),
            }
        }
    }

    /// Wait until there is something: output, complaints, news of the child.
    fn ready(&self) -> io::Result<[bool; 3]> {
        let mut files = Vec::with_capacity(3);
        files.extend(self.stdout.as_ref().map(|pipe| PollFd::new(pipe, PollFlags::IN)));
        files.extend(self.stderr.as_ref().map(|pipe| PollFd::new(pipe, PollFlags::IN)));
        files.push(PollFd::new(&self.status, PollFlags::IN));
        match poll(&mut files, Timespec::try_from(LOOK).ok().as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let mut found = files.iter().map(|file| !file.revents().is_empty());
        let mut next = |present: bool| present && found.next().unwrap_or(false);
        Ok([next(self.stdout.is_some()), next(self.stderr.is_some()), next(true)])
    }

    fn hear(&mut self, job: &Job) -> io::Result<Heard> {
        let mut buffer = [0; 8];
        loop {
            match self.status.read(&mut buffer) {
                Ok(0) => return Ok(Heard::End),
                Ok(count) => self.told.extend_from_slice(buffer.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(Heard::End),
                Err(error) => return Err(error),
            }
            if self.told.len() >= 8 {
                break;
            }
        }
        let mut numbers =
            self.told.chunks_exact(4).map(|bytes| i32::from_le_bytes(bytes.try_into().unwrap_or_default()));
        if let Some(pid) = numbers.next()
            && self.leader.is_none()
        {
            let leader = Pid::from_raw(pid).filter(|_| pid > 1).ok_or(io::ErrorKind::InvalidData)?;
            self.leader = Some(leader);
            job.runs_group(leader);
        }
        Ok(numbers.next().map_or(Heard::Nothing, Heard::Code))
    }
}

/// What the status socket told.
enum Heard {
    Nothing,
    Code(i32),
    End,
}

#[cfg(test)]
mod tests {
    use super::{is_read_at_start, quoted};

    #[test]
    fn words_of_a_shell() {
        assert_eq!(quoted("/usr/bin/python3"), "/usr/bin/python3");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), "'it'\"'\"'s'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn some_variables_come_too_late() {
        for (name, late) in
            [("PYTHONPATH", true), ("LC_ALL", true), ("HOME", true), ("PATH", false), ("http_proxy", false)]
        {
            assert_eq!(is_read_at_start(&vec![(name.to_owned(), "x".into())]), late, "{name}");
        }
    }
}
