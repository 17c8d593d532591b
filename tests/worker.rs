//! The embedded worker as a program of its own.
//!
//! With `CHURTEN_ROOT_TESTS=1`, as root and with `sudo` and `su` on the machine, becoming other users is tested as
//! well. With `CHURTEN_EMULATED_WORKER`, the path of a worker for another machine, and `CHURTEN_EMULATOR`, the program
//! that runs it (`qemu-aarch64-static`), that worker is compared with this machine's.
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

#[path = "../src/workers.rs"]
mod workers;

use churten_protocol::*;
use churten_value::Dict;
use std::io::{BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command as Program, Stdio};
use std::time::{Duration, Instant};

/// The worker for this machine, in a directory anybody may read.
struct Installed {
    directory: PathBuf,
    hash: BuildHash,
}

impl Installed {
    fn new(name: &str) -> Self {
        let worker = workers::WORKERS.iter().find(|worker| worker.architecture == std::env::consts::ARCH).unwrap();
        let directory = std::env::temp_dir().join(format!("churten-embedded-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let path = directory.join("churten-worker");
        std::fs::write(&path, worker.unpacked().unwrap()).unwrap();
        for path in [&directory, &path] {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        // Another test's child has the descriptor until it executes its own program.
        churten_module::wait_for_writers(&path).unwrap();
        Self { directory, hash: BuildHash(worker.sha256) }
    }

    fn program(&self) -> Program {
        Program::new(self.directory.join("churten-worker"))
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

struct Running {
    child: Child,
    writer: Option<ChildStdin>,
    reader: BufReader<ChildStdout>,
    hello: Hello,
}

impl Running {
    fn start(mut program: Program) -> Self {
        let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        let mut magic = [0; MAGIC.len()];
        reader.read_exact(&mut magic).unwrap();
        assert_eq!(magic, MAGIC);
        let hello = Hello::from_frame(&read_frame(&mut reader).unwrap().unwrap()).unwrap();
        Self { writer: child.stdin.take(), reader, child, hello }
    }

    fn ask(&mut self, route: u16, request: &Request) -> Response {
        for frame in request_frames(route, 1, request).unwrap() {
            write_frame(self.writer.as_mut().unwrap(), &frame).unwrap();
        }
        let frame = read_frame(&mut self.reader).unwrap().unwrap();
        assert_eq!((frame.route, frame.kind), (route, Kind::Response));
        Response::decode(&frame.body).unwrap()
    }
}

fn shell(line: &str) -> Request {
    Request::Exec(Exec {
        command: Command::Shell { executable: String::new(), line: line.into() },
        stdin: Blob::default(),
        environment: Vec::new(),
        directory: None,
        timeout_milliseconds: 0,
        output_limit: 0,
    })
}

#[test]
fn it_says_who_it_is_and_refuses_to_be_another() {
    let installed = Installed::new("identity");
    let version = installed.program().arg("--version").output().unwrap();
    let expected = format!("churten-worker {} protocol {PROTOCOL} {}\n", env!("CARGO_PKG_VERSION"), installed.hash);
    assert_eq!(String::from_utf8_lossy(&version.stdout), expected);
    let other = installed.program().args(["--serve", &"0".repeat(64)]).stdin(Stdio::null()).output().unwrap();
    assert_eq!((other.status.code(), other.stdout.len()), (Some(3), 0));
    for wrong in [&["--serve", "x"][..], &[], &["--help"]] {
        assert_eq!(installed.program().args(wrong).output().unwrap().status.code(), Some(2));
    }
}

#[test]
fn it_serves_and_leaves_with_its_controller() {
    let installed = Installed::new("serves");
    let mut program = installed.program();
    program.args(["--serve", &installed.hash.to_string()]);
    let mut worker = Running::start(program);
    assert_eq!((worker.hello.build, worker.hello.protocol), (installed.hash, PROTOCOL));
    assert_eq!(worker.hello.arch, std::env::consts::ARCH);
    assert_eq!(worker.ask(0, &Request::Ping), Response::Pong);
    let ping = Invocation {
        module: "ansible.builtin.ping".into(),
        remote_tmp: installed.directory.join("tmp").to_str().unwrap().into(),
        ..Invocation::default()
    };
    let Response::Result(result) = worker.ask(0, &Request::Module(Box::new(ping))) else { panic!() };
    assert_eq!(result.get("ping").and_then(|value| value.as_str()), Some("pong"));
    // Children see neither the frames nor a terminal.
    let Response::Exec(output) = worker.ask(0, &shell("ls -l /proc/self/fd; cat")) else { panic!() };
    assert!(!String::from_utf8_lossy(&output.stdout.0).contains(" 3 -> pipe"));

    let begun = Instant::now();
    worker.writer = None;
    assert!(worker.child.wait().unwrap().success());
    assert!(begun.elapsed() < Duration::from_secs(1));
    assert_eq!(std::fs::read_dir(installed.directory.join("tmp")).unwrap().count(), 0);
}

#[test]
fn a_signal_is_a_good_bye() {
    let installed = Installed::new("signal");
    let mut program = installed.program();
    program.arg("--serve");
    let mut worker = Running::start(program);
    let remote_tmp = installed.directory.join("tmp").to_str().unwrap().to_owned();
    assert!(matches!(worker.ask(0, &Request::TemporaryDirectory { remote_tmp }), Response::Path(_)));
    // Its children are as any others: they die of the signal.
    let Response::Exec(output) = worker.ask(0, &shell("kill -TERM $$; echo alive")) else { panic!() };
    assert_eq!((output.code, output.stdout.0.len()), (-15, 0));
    assert!(Program::new("kill").arg(worker.child.id().to_string()).status().unwrap().success());
    assert!(worker.child.wait().unwrap().success());
    assert_eq!(std::fs::read_dir(installed.directory.join("tmp")).unwrap().count(), 0);
}

#[test]
fn a_detached_module_outlives_its_worker() {
    let installed = Installed::new("detached");
    let mut program = installed.program();
    program.arg("--serve");
    let mut worker = Running::start(program);
    let path = |name: &str| installed.directory.join(name).to_str().unwrap().to_owned();
    let mut detach = |job: &str, line: &str, time_limit_seconds| {
        let invocation = Invocation {
            module: "ansible.builtin.command".into(),
            arguments: [("_raw_params", line)].into(),
            remote_tmp: path("tmp"),
            ..Invocation::default()
        };
        let directory = path("jobs");
        let work = Work::Module(invocation);
        worker.ask(0, &Request::Detach(Detach { work, job: job.into(), directory, time_limit_seconds }))
    };
    let text = |result: &Dict, key: &str| result.get(key).map(|value| value.to_text()).unwrap_or_default();

    let Response::Result(begun) = detach("j1.1", "sh -c 'sleep 0.3; echo done'", 9) else { panic!() };
    let results = path("jobs/j1.1");
    assert_eq!(
        ["started", "finished", "ansible_job_id", "results_file"].map(|key| text(&begun, key)),
        ["True", "False", "j1.1", results.as_str()]
    );
    let read = |path: &str| churten_value::from_json(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(read(&results).get("finished").and_then(|value| value.as_bool()), Some(false));
    let Response::Result(_) = detach("j1.2", "sleep 50", 1) else { panic!() };
    for wrong in ["", "../j", ".j"] {
        let Response::Result(result) = detach(wrong, "true", 9) else { panic!() };
        assert_eq!(text(&result, "failed"), "True");
    }
    worker.writer = None;
    assert!(worker.child.wait().unwrap().success());

    let ended = |path: &str| {
        for _ in 0..500 {
            let result = read(path);
            if result.get("finished").is_none() {
                return result.as_dict().unwrap().clone();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("{path} did not end");
    };
    let result = ended(&results);
    assert_eq!(["stdout", "rc", "changed"].map(|key| text(&result, key)), ["done", "0", "True"]);
    let result = ended(&path("jobs/j1.2"));
    assert_eq!(["msg", "failed"].map(|key| text(&result, key)), ["Timeout exceeded", "True"]);
    assert_eq!(std::fs::read_dir(path("jobs")).unwrap().count(), 2);
}

#[test]
fn it_becomes_other_users() {
    if std::env::var_os("CHURTEN_ROOT_TESTS").is_none() {
        eprintln!("skipped: CHURTEN_ROOT_TESTS is not set");
        return;
    }
    let installed = Installed::new("becomes");
    let mut program = installed.program();
    program.arg("--serve");
    let mut worker = Running::start(program);
    let commands: [&[&str]; 3] = [
        &["sudo", "-H", "-S", "-n", "-u", "nobody", Become::WORKER],
        &["su", "nobody", "-s", "/bin/sh", "-c", &format!("exec {}", Become::WORKER)],
        &["sudo", "-H", "-S", "-p", "[sudo] password:", "-u", "root", Become::WORKER],
    ];
    for (argv, user) in commands.into_iter().zip(["nobody", "nobody", "root"]) {
        let request = Become {
            argv: argv.iter().map(|word| (*word).to_owned()).collect(),
            environment: Vec::new(),
            prompts: vec!["password:".into()],
            incorrect: vec!["Sorry, try again.".into(), "Authentication failure".into()],
            missing: vec!["a password is required".into()],
            password: Some(Secret::from("not needed by root")),
            timeout_milliseconds: 0,
        };
        let begun = Instant::now();
        let response = worker.ask(0, &Request::Become(request));
        let Response::Route(route, hello) = response else { panic!("{argv:?}: {response:?}") };
        assert_eq!(hello.build, installed.hash);
        let Response::Exec(output) = worker.ask(route, &shell("id -un")) else { panic!() };
        assert_eq!(String::from_utf8_lossy(&output.stdout.0).trim(), user);
        eprintln!("{user} by {} after {:?}", argv[0], begun.elapsed());
    }
    worker.writer = None;
    assert!(worker.child.wait().unwrap().success());
}

#[test]
fn a_worker_of_another_machine_does_the_same() {
    let variables = ["CHURTEN_EMULATOR", "CHURTEN_EMULATED_WORKER"].map(std::env::var_os);
    let [Some(emulator), Some(foreign)] = variables else {
        eprintln!("worker of another machine: left out, CHURTEN_EMULATOR and CHURTEN_EMULATED_WORKER are not set");
        return;
    };
    let installed = Installed::new("foreign");
    let mut native = installed.program();
    native.arg("--serve");
    let mut emulated = Program::new(emulator);
    emulated.arg(foreign).arg("--serve");
    let mut workers = [Running::start(native), Running::start(emulated)];
    assert_eq!(workers[0].hello.arch, std::env::consts::ARCH);
    assert_ne!(workers[1].hello.arch, std::env::consts::ARCH);

    let at = installed.directory.to_str().unwrap();
    let path = |name: &str| format!("{at}/{name}");
    let cases: [(&str, Vec<(&str, String)>); 9] = [
        ("ping", vec![("data", "h\u{e9}llo".into())]),
        ("file", vec![("path", path("d/e")), ("state", "directory".into()), ("mode", "u=rwx,g=rx".into())]),
        ("lineinfile", vec![("path", path("d/f")), ("line", "a = 1".into()), ("create", "true".into())]),
        (
            "lineinfile",
            vec![
                ("path", path("d/f")),
                ("regexp", "^(a) = .*".into()),
                ("line", "\\1 = 2".into()),
                ("backrefs", "true".into()),
            ],
        ),
        ("slurp", vec![("src", path("d/f"))]),
        ("stat", vec![("path", path("d/f")), ("checksum_algorithm", "sha256".into())]),
        ("command", vec![("_raw_params", "sh -c 'echo out; echo err >&2; exit 3'".into())]),
        ("wait_for", vec![("path", path("d/f")), ("search_regex", "a = 2".into()), ("timeout", "5".into())]),
        ("file", vec![("path", path("d")), ("state", "absent".into())]),
    ];
    // The whole list by one worker, then by the other: both begin with an empty directory.
    let mut results = workers.each_mut().map(|worker| {
        cases.each_ref().map(|(module, arguments)| {
            let invocation = Invocation {
                module: format!("ansible.builtin.{module}"),
                arguments: arguments.iter().map(|(name, value)| (*name, value.as_str())).collect(),
                diff: true,
                remote_tmp: path("tmp"),
                ..Invocation::default()
            };
            match worker.ask(0, &Request::Module(Box::new(invocation))) {
                Response::Result(result) => result,
                other => panic!("{module}: {other:?}"),
            }
        })
    });
    for result in results.iter_mut().flatten() {
        for name in ["start", "end", "delta", "elapsed"] {
            result.remove(name);
        }
        if let Some(stat) = result.remove("stat") {
            let mut stat = stat.as_dict().unwrap().clone();
            for name in ["atime", "mtime", "ctime", "inode", "version"] {
                stat.remove(name);
            }
            result.insert("stat", stat);
        }
    }
    let [native, emulated] = &results;
    for (((module, _), native), emulated) in cases.iter().zip(native).zip(emulated) {
        assert_eq!(native, emulated, "{module}");
    }
    assert_eq!(native[5].get("stat").and_then(|stat| stat.get("size")).map(|size| size.to_text()).unwrap(), "6");
    let facts = workers.each_mut().map(|worker| {
        let setup = Invocation {
            module: "ansible.builtin.setup".into(),
            arguments: [("gather_subset", "!all")].into(),
            remote_tmp: path("tmp"),
            ..Invocation::default()
        };
        let Response::Result(result) = worker.ask(0, &Request::Module(Box::new(setup))) else { panic!() };
        result.get("ansible_facts").and_then(|facts| facts.as_dict()).unwrap().clone()
    });
    for name in ["ansible_distribution", "ansible_user_id", "ansible_hostname", "ansible_system"] {
        assert_eq!(facts[0].get(name), facts[1].get(name), "{name}");
    }
    assert_eq!(facts[1].get("ansible_architecture").map(|name| name.to_text()), Some(workers[1].hello.arch.clone()));
    for mut worker in workers {
        worker.writer = None;
        assert!(worker.child.wait().unwrap().success());
    }
    eprintln!("worker of another machine: {} results are the same", cases.len());
}
