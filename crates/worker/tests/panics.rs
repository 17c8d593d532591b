//! A module that panics in the program on a host fails its task, and nothing else.
//!
//! The program is this test program itself, which runs the one test below that serves on its standard streams.

use churten_protocol::*;
use churten_value::{Dict, Value};
use churten_worker::{Context, Runner};
use std::io::{BufReader, Read, Write};
use std::process::{ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Tells the other process that it is the worker.
const WORKER: &str = "CHURTEN_TEST_PANICKING_WORKER";

struct Modules;

impl Runner for Modules {
    fn run(&self, invocation: &Invocation, _: Context<'_>) -> Dict {
        match invocation.module.as_str() {
            "panic" => panic!("on purpose"),
            "slow" => std::thread::sleep(Duration::from_millis(300)),
            _ => {}
        }
        Dict::from([("ran", Value::from(invocation.module.as_str()))])
    }
}

#[test]
fn other_process() {
    if std::env::var_os(WORKER).is_some() {
        let code = churten_worker::run_program(["churten-worker".into(), "--serve".into()], Arc::new(Modules));
        // As a program ends: the threads that stayed do not count.
        std::process::exit(i32::from(code != std::process::ExitCode::SUCCESS));
    }
}

fn module(name: &str) -> Invocation {
    Invocation { module: name.into(), ..Invocation::default() }
}

fn response(reader: &mut BufReader<ChildStdout>) -> (u32, Response) {
    loop {
        let frame = read_frame(reader).unwrap().expect("the worker ended");
        if frame.kind == Kind::Response {
            return (frame.id, Response::decode(&frame.body).unwrap());
        }
    }
}

fn said(result: &Dict) -> String {
    let text = result.get("ran").or_else(|| result.get("msg"));
    text.map(Value::to_text).unwrap_or_default()
}

#[test]
fn only_the_task_fails() {
    let mut program = Command::new(std::env::current_exe().unwrap());
    program.args(["--exact", "other_process", "--nocapture"]).env(WORKER, "yes");
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut writer = child.stdin.take().unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut last = Vec::new();
    while !last.ends_with(&MAGIC) {
        let mut byte = [0];
        reader.read_exact(&mut byte).unwrap();
        last.push(byte[0]);
    }
    read_frame(&mut reader).unwrap().unwrap();

    let mut send = |id: u32, request: Request| {
        for frame in request_frames(0, id, &request).unwrap() {
            write_frame(&mut writer, &frame).unwrap();
        }
        writer.flush().unwrap();
    };
    for (id, name) in [(1, "slow"), (2, "panic"), (3, "quick"), (4, "panic")] {
        send(id, Request::Module(Box::new(module(name))));
    }
    let mut answers = [1, 2, 3, 4].map(|_| match response(&mut reader) {
        (id, Response::Result(result)) => (id, said(&result)),
        other => panic!("{other:?}"),
    });
    answers.sort();
    let expected = ["slow", "The module panic failed internally: on purpose (", "quick", "The module panic failed"];
    for ((id, said), (number, expected)) in answers.iter().zip((1..).zip(expected)) {
        assert_eq!(*id, number);
        assert!(said.starts_with(expected), "{said}");
    }
    assert!(answers[1].1.contains("panics.rs:"), "{}", answers[1].1);

    let invocations = ["quick", "panic", "slow"].map(module).to_vec();
    send(5, Request::Batch(Batch { invocations, ends: Vec::new() }));
    for expected in ["quick", "The module panic failed internally", "slow"] {
        let (5, Response::Item { result, .. }) = response(&mut reader) else { panic!("no item") };
        assert!(said(&result).starts_with(expected), "{}", said(&result));
    }
    assert_eq!(response(&mut reader), (5, Response::BatchEnd { ran: 3 }));

    let begun = Instant::now();
    drop(writer);
    loop {
        match child.try_wait().unwrap() {
            Some(status) => break assert!(status.success(), "{status}"),
            None if begun.elapsed() > Duration::from_secs(20) => {
                child.kill().unwrap();
                panic!("the worker did not end");
            }
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}
