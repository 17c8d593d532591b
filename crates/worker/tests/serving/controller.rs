//! The other end of a worker, for tests: blocking and simple.

use churten_protocol::*;
use churten_value::Dict;
use churten_worker::{Context, Options, Runner, serve};
use std::collections::HashMap;
use std::io::{self, BufReader, PipeReader, PipeWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

/// A connection to a worker in another thread.
pub(crate) struct Controller {
    pub(crate) writer: Option<PipeWriter>,
    reader: BufReader<Counted>,
    assembler: Assembler,
    next: u32,
    /// Frames that came while another was waited for.
    kept: HashMap<u32, Vec<Frame>>,
    pub(crate) hello: Hello,
    served: Option<JoinHandle<io::Result<()>>>,
}

/// A pipe that counts what comes out of it.
struct Counted {
    reader: PipeReader,
    bytes: u64,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.bytes += read as u64;
        Ok(read)
    }
}

impl Controller {
    pub(crate) fn start(options: Options) -> Self {
        let (worker_reads, writer) = io::pipe().unwrap();
        let (reader, worker_writes) = io::pipe().unwrap();
        let served = std::thread::spawn(move || serve(BufReader::new(worker_reads), worker_writes, options));
        let mut reader = BufReader::new(Counted { reader, bytes: 0 });
        let mut magic = [0; MAGIC.len()];
        reader.read_exact(&mut magic).unwrap();
        assert_eq!(magic, MAGIC);
        let hello = Hello::from_frame(&read_frame(&mut reader).unwrap().unwrap()).unwrap();
        Self {
            writer: Some(writer),
            reader,
            assembler: Assembler::new(),
            next: 0,
            kept: HashMap::new(),
            hello,
            served: Some(served),
        }
    }

    /// Bytes that have come so far.
    pub(crate) fn received(&self) -> u64 {
        self.reader.get_ref().bytes
    }

    pub(crate) fn with_modules() -> Self {
        Self::start(Options { runner: Arc::new(Fake), ..Options::default() })
    }

    pub(crate) fn frame(&mut self, frame: Frame) {
        write_frame(self.writer.as_mut().unwrap(), &frame).unwrap();
    }

    pub(crate) fn send(&mut self, request: &Request) -> u32 {
        self.send_on(0, request)
    }

    pub(crate) fn send_on(&mut self, route: u16, request: &Request) -> u32 {
        self.next += 1;
        for frame in request_frames(route, self.next, request).unwrap() {
            self.frame(frame);
        }
        self.next
    }

    /// The next whole frame under an id, whatever its kind.
    pub(crate) fn next_frame(&mut self, id: u32) -> Frame {
        if let Some(kept) = self.kept.get_mut(&id)
            && !kept.is_empty()
        {
            return kept.remove(0);
        }
        loop {
            let frame = read_frame(&mut self.reader).unwrap().expect("the worker ended");
            match self.assembler.push(frame).unwrap() {
                Some(frame) if frame.id == id => return frame,
                Some(frame) => self.kept.entry(frame.id).or_default().push(frame),
                None => {}
            }
        }
    }

    pub(crate) fn receive(&mut self, id: u32) -> Response {
        loop {
            let frame = self.next_frame(id);
            if frame.kind == Kind::Response {
                return Response::decode(&frame.body).unwrap();
            }
        }
    }

    pub(crate) fn ask(&mut self, request: &Request) -> Response {
        let id = self.send(request);
        self.receive(id)
    }

    pub(crate) fn cancel(&mut self, id: u32) {
        self.frame(Frame::bare(0, Kind::Cancel, id));
    }

    /// Go away and wait for the worker's end.
    pub(crate) fn hang_up(mut self) -> io::Result<()> {
        self.writer = None;
        self.served.take().unwrap().join().unwrap()
    }

    /// Send bytes that may be no frames.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.writer.as_mut().unwrap().write_all(bytes).unwrap();
    }
}

/// Modules for tests: the first argument's name says what happens.
pub(crate) struct Fake;

impl Runner for Fake {
    fn run(&self, invocation: &Invocation, context: Context<'_>) -> Dict {
        let mut result = Dict::new();
        match invocation.module.as_str() {
            "echo" => {
                result.insert("changed", false);
                result.insert("arguments", invocation.arguments.clone());
                result.insert("has_directory", context.directory.is_some());
            }
            "read" => {
                let path = invocation.arguments.get("src").and_then(|path| path.as_str()).unwrap();
                result.insert("path", path);
                result.insert("content", std::fs::read_to_string(path).unwrap());
            }
            "fail" => {
                result.insert("failed", true);
            }
            "panic" => panic!("on purpose"),
            "sleep" => {
                let mut command = std::process::Command::new("sh");
                command.args(["-c", "echo $$ > \"$1\"; sleep 60 & sleep 60", "sh"]);
                command.arg(invocation.arguments.get("pid").and_then(|path| path.as_str()).unwrap());
                let status = command.status().unwrap();
                result.insert("succeeded", status.success());
            }
            _ => {
                result.insert("failed", true);
            }
        }
        result
    }
}

pub(crate) fn module(name: &str, arguments: Dict) -> Invocation {
    Invocation { module: name.into(), arguments, ..Invocation::default() }
}

pub(crate) fn shell(line: &str) -> Exec {
    Exec {
        command: Command::Shell { executable: String::new(), line: line.into() },
        stdin: Blob::default(),
        environment: Vec::new(),
        directory: None,
        timeout_milliseconds: 0,
        output_limit: 0,
    }
}

/// A directory for one test, removed at its end.
pub(crate) struct Directory(pub(crate) PathBuf);

impl Directory {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("churten-worker-test-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Wait for a file with content.
pub(crate) fn content_of(path: &str) -> String {
    for _ in 0..400 {
        match std::fs::read_to_string(path) {
            Ok(text) if text.ends_with('\n') => return text.trim().to_owned(),
            _ => std::thread::sleep(std::time::Duration::from_millis(5)),
        }
    }
    panic!("{path} was not written");
}

/// True when a process is gone, or dead and not reaped by whoever inherited it.
pub(crate) fn is_gone(pid: &str) -> bool {
    for _ in 0..400 {
        let status = std::fs::read_to_string(Path::new("/proc").join(pid).join("stat")).unwrap_or_default();
        match status.rsplit_once(") ") {
            None => return true,
            Some((_, rest)) if rest.starts_with('Z') => return true,
            _ => std::thread::sleep(std::time::Duration::from_millis(5)),
        }
    }
    false
}
