//! A second worker under another identity, through programs that behave as `sudo` does.
//!
//! The second worker is this test program itself: it runs the one test below that serves on its standard streams.
//! What the test harness prints before is the noise a login may print.

use churten_protocol::*;
use churten_worker::{NoModules, Options, serve};
use std::io::{self, BufReader, PipeReader, PipeWriter};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Tells the second worker that it is one.
const SECOND: &str = "CHURTEN_TEST_SECOND_WORKER";

#[test]
fn second_worker() {
    if std::env::var_os(SECOND).is_some() {
        churten_worker::run_program(["churten-worker".into(), "--serve".into()], Arc::new(NoModules));
    }
}

/// Asks for a password on standard error as `sudo -S` does; `right` is the right one.
const SUDO: &str = r#"
tries=0
while :; do
    printf '[sudo] password: ' >&2
    read -r password || exit 1
    if [ "$password" = right ]; then break; fi
    tries=$((tries + 1))
    if [ $tries = 3 ]; then echo 'sudo: 3 incorrect password attempts' >&2; exit 1; fi
    echo 'Sorry, try again.' >&2
done
echo 'We trust you have received the usual lecture'
exec "$@"
"#;

struct Connection {
    writer: PipeWriter,
    reader: BufReader<PipeReader>,
    next: u32,
    directory: PathBuf,
}

impl Connection {
    fn start(name: &str) -> Self {
        let directory = std::env::temp_dir().join(format!("churten-privilege-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let program = std::env::current_exe().unwrap().to_str().unwrap().to_owned();
        // The harness must not see the arguments for a worker.
        let line = format!("exec '{program}' --exact second_worker --nocapture");
        let words = ["sh", "-c", &line, "sh"].map(str::to_owned);
        let options = Options { command: Some(words.to_vec()), ..Options::default() };
        let (worker_reads, writer) = io::pipe().unwrap();
        let (reader, worker_writes) = io::pipe().unwrap();
        std::thread::spawn(move || serve(BufReader::new(worker_reads), worker_writes, options));
        let mut reader = BufReader::new(reader);
        let mut magic = [0; MAGIC.len()];
        io::Read::read_exact(&mut reader, &mut magic).unwrap();
        let hello = Hello::from_frame(&read_frame(&mut reader).unwrap().unwrap()).unwrap();
        assert!(hello.has(feature::BECOME));
        Self { writer, reader, next: 0, directory }
    }

    fn ask(&mut self, route: u16, request: &Request) -> Response {
        self.next += 1;
        for frame in request_frames(route, self.next, request).unwrap() {
            write_frame(&mut self.writer, &frame).unwrap();
        }
        loop {
            let frame = self.frame();
            if (frame.route, frame.id, frame.kind) == (route, self.next, Kind::Response) {
                return Response::decode(&frame.body).unwrap();
            }
        }
    }

    fn frame(&mut self) -> Frame {
        read_frame(&mut self.reader).unwrap().expect("the worker ended")
    }

    fn through(&mut self, script: &str, password: Option<&str>) -> Response {
        let program = self.directory.join("program");
        std::fs::write(&program, script).unwrap();
        let request = Become {
            argv: vec!["sh".into(), program.to_str().unwrap().into(), Become::WORKER.into()],
            environment: vec![(SECOND.into(), Secret::from("yes"))],
            prompts: vec!["[sudo] password:".into()],
            incorrect: vec!["Sorry, try again.".into()],
            missing: vec!["a password is required".into()],
            password: password.map(Secret::from),
            timeout_milliseconds: 5_000,
        };
        self.ask(0, &Request::Become(request))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

#[test]
fn a_second_worker_is_reached_by_its_route() {
    let mut connection = Connection::start("route");
    let Response::Route(first, hello) = connection.through(SUDO, Some("right")) else { panic!() };
    assert_ne!(hello.pid, std::process::id());
    let Response::Route(second, _) = connection.through("exec \"$@\"", None) else { panic!() };
    assert_ne!(first, second);
    for route in [0, first, second] {
        assert_eq!(connection.ask(route, &Request::Ping), Response::Pong);
    }
    let line = "echo $PPID; head -c 3000000 /dev/zero".to_owned();
    let exec = Exec {
        command: Command::Shell { executable: String::new(), line: "echo $PPID".into() },
        stdin: Blob::default(),
        environment: Vec::new(),
        directory: None,
        timeout_milliseconds: 0,
        output_limit: 0,
    };
    let Response::Exec(output) = connection.ask(first, &Request::Exec(exec.clone())) else { panic!() };
    assert_eq!(output.stdout.0, format!("{}\n", hello.pid).into_bytes());
    // A long answer comes in parts.
    connection.next += 1;
    let id = connection.next;
    let long = Exec { command: Command::Shell { executable: String::new(), line }, ..exec };
    for frame in request_frames(second, id, &Request::Exec(long)).unwrap() {
        write_frame(&mut connection.writer, &frame).unwrap();
    }
    let mut assembler = Assembler::new();
    let whole = loop {
        let frame = connection.frame();
        if let Some(frame) = assembler.push(frame).unwrap() {
            break frame;
        }
    };
    assert_eq!((whole.route, whole.id, whole.kind), (second, id, Kind::Response));
    // Closing one leaves the others; the end of its program is told.
    write_frame(&mut connection.writer, &Frame::bare(first, Kind::Closed, 0)).unwrap();
    let closed = connection.frame();
    assert_eq!((closed.route, closed.kind), (first, Kind::Closed));
    assert_eq!(connection.ask(second, &Request::Ping), Response::Pong);
}

#[test]
fn failures_are_told_apart() {
    let mut connection = Connection::start("failures");
    let fast = Instant::now();
    let cases: [(&str, Option<&str>, BecomeFailure); 6] = [
        (SUDO, Some("wrong"), BecomeFailure::IncorrectPassword),
        (SUDO, None, BecomeFailure::MissingPassword),
        ("echo 'sudo: a password is required' >&2; exit 1", None, BecomeFailure::MissingPassword),
        ("echo 'it is Sorry, try again.'; sleep 9", None, BecomeFailure::IncorrectPassword),
        (
            "echo 'hello'; echo 'bob is not in the sudoers file' >&2; exit 7",
            Some("right"),
            BecomeFailure::Ended { code: 7, output: "hello\nbob is not in the sudoers file\n".into() },
        ),
        (
            "printf 'CHRT\\001\\r\\n\\000garbage that is long enough'",
            None,
            BecomeFailure::Foreign(FrameError::TooLarge(0x6272_6167).to_string()),
        ),
    ];
    for (script, password, failure) in cases {
        assert_eq!(connection.through(script, password), Response::Become(failure));
    }
    assert!(fast.elapsed() < Duration::from_secs(4), "{:?}", fast.elapsed());

    let request = |argv: &[&str]| Become {
        argv: argv.iter().map(|word| (*word).to_owned()).collect(),
        environment: Vec::new(),
        prompts: Vec::new(),
        incorrect: Vec::new(),
        missing: Vec::new(),
        password: None,
        timeout_milliseconds: 200,
    };
    for argv in [&["/does/not/exist", Become::WORKER][..], &[]] {
        let response = connection.ask(0, &Request::Become(request(argv)));
        assert!(matches!(response, Response::Become(BecomeFailure::NotStarted(_))), "{response:?}");
    }
    let silent = connection.ask(0, &Request::Become(request(&["sh", "-c", "echo waiting; sleep 9"])));
    let expected = BecomeFailure::Timeout { output: "waiting\n".into(), waited_milliseconds: 200 };
    assert_eq!(silent, Response::Become(expected));
    assert_eq!(connection.ask(0, &Request::Ping), Response::Pong);
}
