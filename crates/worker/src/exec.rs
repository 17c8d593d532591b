//! Running programs.

use crate::child::{Piece, Piped, add_environment, command, read_piece, write_piece};
use crate::jobs::Job;
use crate::output::system_error;
use crate::paths::expand;
use crate::timer::Timer;
use churten_protocol::{Command, Exec, OUTPUT_LIMIT, Output, Response};
use std::io::{self, Read};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often a running program's job is looked at.
pub(crate) const LOOK: Duration = Duration::from_millis(500);

/// How long a killed program may take to die.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

/// Answer `Exec`.
pub(crate) fn exec(job: &Arc<Job>, timer: &Timer, exec: &Exec) -> Response {
    let name = match &exec.command {
        Command::Argv(argv) => argv.first().map_or("", String::as_str),
        Command::Shell { executable, .. } => executable,
    };
    run(job, timer, exec).map_or_else(|error| system_error(name, &error), Response::Exec)
}

fn run(job: &Arc<Job>, timer: &Timer, exec: &Exec) -> io::Result<Output> {
    if job.is_cancelled() {
        return Ok(Output { code: -9, cancelled: true, ..Output::default() });
    }
    let mut command = command(&exec.command)?;
    add_environment(&mut command, &exec.environment)?;
    if let Some(directory) = &exec.directory {
        command.current_dir(expand(directory)?);
    }
    let mut child = Piped::start(command, !exec.stdin.0.is_empty())?;
    job.runs_group(child.leader);
    timer.limit(job, exec.timeout_milliseconds);
    let limit = match usize::try_from(exec.output_limit) {
        Ok(limit @ 1..OUTPUT_LIMIT) => limit,
        _ => OUTPUT_LIMIT,
    };
    let (mut stdout, mut stderr) = (Kept::new(limit), Kept::new(limit));
    let served = serve_pipes(job, &mut child, &exec.stdin.0, &mut stdout, &mut stderr);
    timer.unlimit(job);
    if served.is_err() {
        crate::processes::kill_group(child.leader);
    }
    // From here on the number may be another's.
    job.runs_nothing();
    child.close();
    let code = if matches!(served, Ok(true)) {
        child.reap()?
    } else {
        child.reap_elsewhere();
        served?;
        -libc::SIGKILL
    };
    Ok(Output {
        code,
        truncated: stdout.is_full || stderr.is_full,
        stdout: stdout.bytes.into(),
        stderr: stderr.bytes.into(),
        timed_out: job.is_timed_out(),
        cancelled: job.is_cancelled(),
    })
}

/// Until the child has ended and what it wrote is read. A process it left behind may hold the pipes open; that is not
/// waited for. False when it goes on although it was to be killed: it has become another user.
fn serve_pipes(job: &Job, child: &mut Piped, input: &[u8], stdout: &mut Kept, stderr: &mut Kept) -> io::Result<bool> {
    let mut rest = input;
    let mut killed = None;
    loop {
        let ready = child.wait_ready(Some(LOOK))?;
        let is_too_much = stdout.is_full || stderr.is_full;
        if is_too_much {
            crate::processes::kill_group(child.leader);
        }
        if is_too_much || job.is_cancelled() || job.is_timed_out() {
            let since: &mut Instant = killed.get_or_insert_with(Instant::now);
            if !ready.ended && since.elapsed() > PATIENCE {
                return Ok(false);
            }
        }
        if ready.stdin
            && let Some(pipe) = &mut child.stdin
        {
            match write_piece(pipe, rest) {
                Some(count) => rest = rest.get(count..).unwrap_or_default(),
                None => rest = &[],
            }
            if rest.is_empty() {
                child.stdin = None;
            }
        }
        if (ready.stdout || ready.ended)
            && let Some(pipe) = &mut child.stdout
            && !stdout.read(pipe)
        {
            child.stdout = None;
        }
        if (ready.stderr || ready.ended)
            && let Some(pipe) = &mut child.stderr
            && !stderr.read(pipe)
        {
            child.stderr = None;
        }
        if ready.ended {
            return Ok(true);
        }
    }
}

/// Output up to a limit.
pub(crate) struct Kept {
    pub(crate) bytes: Vec<u8>,
    limit: usize,
    /// There was more.
    pub(crate) is_full: bool,
}

impl Kept {
    pub(crate) fn new(limit: usize) -> Self {
        Self { bytes: Vec::new(), limit, is_full: false }
    }

    /// Read what is there; `false` at the end.
    pub(crate) fn read(&mut self, pipe: &mut impl Read) -> bool {
        let mut buffer = [0; 16 << 10];
        // Bounded, so that an endless writer does not keep the other pipe from being read.
        for _ in 0..64 {
            match read_piece(pipe, &mut buffer) {
                Piece::Nothing => return true,
                Piece::End => return false,
                Piece::Bytes(bytes) => {
                    let room = self.limit.saturating_sub(self.bytes.len());
                    let kept = bytes.get(..room).unwrap_or(bytes);
                    self.bytes.extend_from_slice(kept);
                    self.is_full |= kept.len() < bytes.len();
                }
            }
        }
        true
    }
}
