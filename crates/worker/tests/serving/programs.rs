//! Ping and programs.

use crate::controller::{Controller, Directory, content_of, is_gone, shell};
use churten_protocol::*;
use std::time::{Duration, Instant};

fn output(response: Response) -> Output {
    match response {
        Response::Exec(output) => output,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_ping_is_answered() {
    let mut controller = Controller::with_modules();
    assert_eq!(controller.hello.protocol, PROTOCOL);
    assert_eq!(controller.hello.pid, std::process::id());
    assert!(controller.hello.has(feature::MODULES) && !controller.hello.has(feature::BECOME));
    assert_eq!(controller.ask(&Request::Ping), Response::Pong);
    controller.frame(Frame::bare(0, Kind::Heartbeat, 77));
    assert_eq!(controller.next_frame(77).kind, Kind::Heartbeat);
    controller.hang_up().unwrap();
}

#[test]
fn programs_get_input_environment_and_directory() {
    let mut controller = Controller::with_modules();
    let input = vec![b'x'; 300_000];
    let exec = Exec {
        stdin: input.clone().into(),
        environment: vec![("WORD".into(), Secret::from("yes"))],
        directory: Some("/".into()),
        ..shell("cat; echo \"$WORD $PWD\" >&2; exit 3")
    };
    let result = output(controller.ask(&Request::Exec(exec)));
    assert_eq!(result.code, 3);
    assert_eq!(result.stdout.0, input);
    assert_eq!(result.stderr.0, b"yes /\n");
    assert!(!result.truncated && !result.timed_out && !result.cancelled);

    let argv =
        Exec { command: Command::Argv(vec!["printf".into(), "%s|".into(), "a b".into(), "".into()]), ..shell("") };
    assert_eq!(output(controller.ask(&Request::Exec(argv))).stdout.0, b"a b||");

    let limited = Exec { output_limit: 5, ..shell("echo 1234567; kill -9 $$") };
    let result = output(controller.ask(&Request::Exec(limited)));
    assert_eq!((result.code, result.stdout.0, result.truncated), (-9, b"12345".to_vec(), true));

    // Longer than one frame.
    let result = output(controller.ask(&Request::Exec(shell("head -c 20000000 /dev/zero"))));
    assert_eq!(result.stdout.0.len(), 20_000_000);

    for wrong in [
        Exec { command: Command::Argv(vec!["/does/not/exist".into()]), ..shell("") },
        Exec { command: Command::Argv(Vec::new()), ..shell("") },
        Exec { environment: vec![("A=B".into(), Secret::from(""))], ..shell("true") },
        Exec { directory: Some("/does/not/exist".into()), ..shell("true") },
    ] {
        assert!(matches!(controller.ask(&Request::Exec(wrong)), Response::Error(_)));
    }
}

#[test]
fn a_process_left_behind_is_not_waited_for() {
    let mut controller = Controller::with_modules();
    let begun = Instant::now();
    let result = output(controller.ask(&Request::Exec(shell("sleep 3 & echo done"))));
    assert_eq!(result.stdout.0, b"done\n");
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[test]
fn time_limits_and_cancels_end_the_whole_group() {
    let directory = Directory::new("kill");
    let mut controller = Controller::with_modules();
    let pid = directory.path("timeout");
    let exec = Exec { timeout_milliseconds: 100, ..shell(&format!("sleep 60 & echo $! > {pid}; wait")) };
    let result = output(controller.ask(&Request::Exec(exec)));
    assert_eq!((result.code, result.timed_out), (-9, true));
    assert!(is_gone(&content_of(&pid)));

    let pid = directory.path("cancel");
    let id = controller.send(&Request::Exec(shell(&format!("sleep 60 & echo $! > {pid}; wait"))));
    let sleeper = content_of(&pid);
    assert_eq!(controller.ask(&Request::Ping), Response::Pong);
    controller.cancel(id);
    let result = output(controller.receive(id));
    assert_eq!((result.code, result.cancelled), (-15, true));
    assert!(is_gone(&sleeper));
    // Of no effect, and no harm.
    controller.cancel(id);
    assert_eq!(controller.ask(&Request::Ping), Response::Pong);
}

#[test]
fn cancelled_programs_may_tidy_up_and_are_killed_when_they_take_too_long() {
    let directory = Directory::new("tidy");
    let mut controller = Controller::with_modules();
    let (begun, tidied) = (directory.path("begun"), directory.path("tidied"));
    let script = format!("trap 'echo yes > {tidied}; exit 3' TERM; echo $$ > {begun}; sleep 60 & wait");
    let id = controller.send(&Request::Exec(shell(&script)));
    content_of(&begun);
    controller.cancel(id);
    let result = output(controller.receive(id));
    assert_eq!((result.code, result.cancelled), (3, true));
    assert_eq!(content_of(&tidied), "yes");

    let begun = directory.path("stubborn");
    let id = controller.send(&Request::Exec(shell(&format!("trap '' TERM; echo $$ > {begun}; sleep 60"))));
    let stubborn = content_of(&begun);
    controller.cancel(id);
    let result = output(controller.receive(id));
    assert_eq!((result.code, result.cancelled), (-9, true));
    assert!(is_gone(&stubborn));
}

#[test]
fn many_programs_run_side_by_side() {
    let mut controller = Controller::with_modules();
    let begun = Instant::now();
    let ids: Vec<u32> =
        (0..40).map(|n| controller.send(&Request::Exec(shell(&format!("sleep 0.2; echo {n}"))))).collect();
    for (n, id) in ids.into_iter().enumerate() {
        assert_eq!(output(controller.receive(id)).stdout.0, format!("{n}\n").into_bytes());
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}
