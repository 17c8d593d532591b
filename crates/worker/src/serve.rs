//! The worker's life: greet, read frames, clean up.

use crate::identity;
use crate::jobs::{GRACE, Jobs};
use crate::output::{Outgoing, refusal};
use crate::pool::Pool;
use crate::program::SERVE;
use crate::python::Interpreters;
use crate::requests;
use crate::routes::Routes;
use crate::runner::{NoModules, Runner};
use crate::temporary::Temporary;
use crate::timer::Timer;
use churten_protocol::{
    Assembler, BuildHash, Frame, FrameError, HEARTBEAT_SECONDS, Kind, MAGIC, PROBE_SECONDS, credit_of, read_frame,
};
use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// How many requests run at one time.
const THREADS: usize = 64;

/// Bytes read ahead from the controller.
const BUFFER: usize = 64 << 10;

/// How long the end waits for what was asked to end, and killed after [`GRACE`].
const PATIENCE: Duration = Duration::from_secs(2);

/// How a worker is to behave.
#[derive(Clone)]
pub struct Options {
    /// Runs the modules.
    pub runner: Arc<dyn Runner>,
    /// The hash of this program, for the greeting; zeros inside a controller.
    pub build: BuildHash,
    /// The command whose further arguments are those of [`run_program`](crate::run_program), for `Become` and
    /// `Detach`: usually one word, the program. `None` refuses them.
    pub command: Option<Vec<String>>,
    /// Clean up after so long without any frame; `None` waits for the end of the stream.
    pub silence: Option<Duration>,
    /// Called after cleaning up for silence. The reader is still blocked then, so a program exits here.
    pub on_silence: fn(),
    /// How many requests run at one time; 0 for 64.
    pub threads: usize,
}

impl Default for Options {
    /// A worker without modules that waits for the end of the stream.
    fn default() -> Self {
        Self {
            runner: Arc::new(NoModules),
            build: BuildHash::default(),
            command: None,
            silence: None,
            on_silence: || {},
            threads: THREADS,
        }
    }
}

/// What the threads of one worker share.
pub(crate) struct Worker {
    pub(crate) options: Options,
    pub(crate) output: Arc<Outgoing>,
    pub(crate) jobs: Jobs,
    pub(crate) routes: Arc<Routes>,
    pub(crate) temporary: Temporary,
    pub(crate) timer: Timer,
    pub(crate) pool: Pool,
    pub(crate) interpreters: Interpreters,
}

/// Serve a controller until it goes away, then leave nothing behind. The calling thread reads; `writer` is used by
/// many threads, one whole frame at a time. Neither needs a buffer.
///
/// # Errors
/// When the stream breaks within a frame, carries bytes that are no frames, or takes no answers. The cleaning up has
/// been done then, too.
pub fn serve(reader: impl Read, writer: impl Write + Send + 'static, options: Options) -> io::Result<()> {
    let threads = if options.threads == 0 { THREADS } else { options.threads };
    let worker = Arc::new(Worker {
        output: Arc::new(Outgoing::new(Box::new(writer))),
        jobs: Jobs::default(),
        routes: Arc::default(),
        temporary: Temporary::default(),
        timer: Timer::new(),
        pool: Pool::new(threads),
        interpreters: Interpreters::default(),
        options,
    });
    let watched = Arc::clone(&worker);
    thread::Builder::new().name("timer".into()).stack_size(256 << 10).spawn(move || {
        // Workers behind routes are fed by this one: their pipes cannot be half open, and a controller in this process
        // sends no heartbeats.
        let every = Duration::from_secs(HEARTBEAT_SECONDS);
        if watched.timer.watch(watched.options.silence, every, || watched.routes.heartbeat()) {
            watched.clean_up();
            (watched.options.on_silence)();
        }
    })?;
    if worker.options.silence.is_some() {
        let probing = Arc::clone(&worker);
        thread::Builder::new().name("probe".into()).stack_size(256 << 10).spawn(move || {
            let heartbeat = || probing.output.frame(&Frame::bare(0, Kind::Heartbeat, 0)).is_ok();
            probing.timer.probe(Duration::from_secs(PROBE_SECONDS), heartbeat);
        })?;
    }
    let served = worker.greet().and_then(|()| worker.read(&mut BufReader::with_capacity(BUFFER, reader)));
    worker.timer.close();
    worker.clean_up();
    served
}

impl Worker {
    /// The command for a second worker that is this program.
    pub(crate) fn serving_command(&self) -> Option<Vec<String>> {
        let mut words = self.options.command.clone()?;
        words.push(SERVE.to_owned());
        if self.options.build != BuildHash::default() {
            words.push(self.options.build.to_string());
        }
        Some(words)
    }

    fn greet(&self) -> io::Result<()> {
        let hello = identity::hello(&self.options).to_frame().map_err(io::Error::other)?;
        self.output.raw(&MAGIC)?;
        self.output.frame(&hello)
    }

    fn read(self: &Arc<Self>, reader: &mut impl Read) -> io::Result<()> {
        let mut assembler = Assembler::new();
        loop {
            let frame = match read_frame(reader) {
                Ok(Some(frame)) => frame,
                Ok(None) => return Ok(()),
                Err(error) => {
                    if error.kind() == ErrorKind::InvalidData {
                        let response = churten_protocol::RemoteError { errno: 0, message: error.to_string() };
                        let _ = self.output.respond(0, &churten_protocol::Response::Error(response));
                    }
                    return Err(error);
                }
            };
            self.timer.heard();
            if frame.route != 0 {
                self.routes.forward(frame, &self.output);
                continue;
            }
            let id = frame.id;
            match assembler.push(frame) {
                Ok(Some(frame)) => self.take(frame)?,
                Ok(None) => {}
                Err(error) => self.refuse(id, error)?,
            }
        }
    }

    fn take(self: &Arc<Self>, mut frame: Frame) -> io::Result<()> {
        let id = frame.id;
        match frame.kind {
            Kind::Request => requests::accept(self, id, &frame.body)?,
            Kind::Data => {
                if let Some(job) = self.jobs.get(id)
                    && let Some(upload) = &job.upload
                {
                    upload.data(std::mem::take(&mut frame.body));
                }
            }
            Kind::End => {
                if let Some(job) = self.jobs.get(id)
                    && let Some(upload) = &job.upload
                {
                    upload.end();
                }
            }
            Kind::Credit => match credit_of(&frame.body) {
                Ok(bytes) => {
                    if let Some(job) = self.jobs.get(id)
                        && let Some(download) = &job.download
                    {
                        download.grant(bytes);
                    }
                }
                Err(error) => self.refuse(id, error)?,
            },
            Kind::Cancel => {
                if let Some(job) = self.jobs.get(id) {
                    job.cancel();
                    self.timer.limit_to(&job, GRACE);
                }
            }
            Kind::Heartbeat => self.output.frame(&Frame::bare(0, Kind::Heartbeat, id))?,
            Kind::Deflate => self.output.deflate(),
            Kind::Response | Kind::Hello | Kind::More | Kind::Closed => {
                let reason = format!("a controller sends no {:?} frame", frame.kind);
                self.refuse(id, FrameError::Malformed { what: "request", reason })?;
            }
        }
        Ok(())
    }

    fn refuse(&self, id: u32, error: FrameError) -> io::Result<()> {
        self.output.respond(id, &refusal(&error))
    }

    /// Leave nothing behind.
    fn clean_up(&self) {
        self.routes.close();
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            // Again and again: a module may start the next process when one is killed.
            self.jobs.lose_all();
            if self.jobs.is_empty() && self.routes.is_empty() {
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
        self.interpreters.close();
        self.temporary.remove();
        self.output.close();
    }
}
