//! The end of a worker, and bytes that are no protocol.

use crate::controller::{Controller, Directory, Fake, content_of, is_gone, shell};
use churten_protocol::*;
use churten_worker::Options;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

#[test]
fn hanging_up_kills_children_and_removes_files() {
    let directory = Directory::new("hang-up");
    let mut controller = Controller::with_modules();
    let remote_tmp = directory.path("tmp");
    let Response::Path(private) = controller.ask(&Request::TemporaryDirectory { remote_tmp: remote_tmp.clone() })
    else {
        panic!()
    };
    std::fs::write(format!("{private}/left"), b"x").unwrap();
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&private).unwrap().permissions());
    assert_eq!(mode & 0o7777, 0o700);
    let pids = ["one", "two"].map(|name| directory.path(name));
    for pid in &pids {
        controller.send(&Request::Exec(shell(&format!("sleep 60 & echo $! > {pid}; wait"))));
    }
    let half = Destination::Path(directory.path("half"));
    let id = controller.send(&Request::Put(Put { destination: half, mode: 0o600, known: None }));
    controller.frame(Frame::new(0, Kind::Data, id, vec![1; 100]));
    let sleepers = pids.each_ref().map(|pid| content_of(pid));
    let begun = Instant::now();
    controller.hang_up().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert!(sleepers.iter().all(|pid| is_gone(pid)));
    assert_eq!(std::fs::read_dir(remote_tmp).unwrap().count(), 0);
    let mut left: Vec<_> = std::fs::read_dir(&directory.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["one", "tmp", "two"]);
}

#[test]
fn a_silent_controller_is_taken_for_lost() {
    static SILENT: AtomicBool = AtomicBool::new(false);
    let directory = Directory::new("silent");
    let options = Options {
        runner: Arc::new(Fake),
        silence: Some(Duration::from_millis(300)),
        on_silence: || SILENT.store(true, Ordering::SeqCst),
        ..Options::default()
    };
    let mut controller = Controller::start(options);
    let pid = directory.path("pid");
    controller.send(&Request::Exec(shell(&format!("sleep 60 & echo $! > {pid}; wait"))));
    let sleeper = content_of(&pid);
    // Heartbeats keep it alive for longer than the limit.
    for beat in 1000..1010 {
        std::thread::sleep(Duration::from_millis(50));
        controller.frame(Frame::bare(0, Kind::Heartbeat, beat));
        assert_eq!(controller.next_frame(beat).kind, Kind::Heartbeat);
    }
    assert!(!SILENT.load(Ordering::SeqCst));
    assert!(is_gone(&sleeper));
    for _ in 0..200 {
        if SILENT.load(Ordering::SeqCst) {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the silence was not noticed");
}

#[test]
fn wrong_requests_are_answered_and_survived() {
    let mut controller = Controller::with_modules();
    for (id, body) in (9000..).zip([vec![], vec![200], vec![1, 255, 255, 255, 255, 15], vec![0xff; 100]]) {
        controller.frame(Frame::new(0, Kind::Request, id, body));
        assert!(matches!(controller.receive(id), Response::Error(_)));
    }
    for (id, kind) in (9100..).zip([Kind::Response, Kind::Hello, Kind::Closed]) {
        controller.frame(Frame::bare(0, kind, id));
        assert!(matches!(controller.receive(id), Response::Error(_)));
    }
    controller.frame(Frame::new(0, Kind::Credit, 9200, vec![1]));
    assert!(matches!(controller.receive(9200), Response::Error(_)));
    // For nobody: ignored.
    for kind in [Kind::Data, Kind::End, Kind::Cancel] {
        controller.frame(Frame::bare(0, kind, 9300));
    }
    // A route that does not exist is closed.
    controller.frame(Frame::bare(5, Kind::Request, 0));
    let closed = controller.next_frame(0);
    assert_eq!((closed.kind, closed.route), (Kind::Closed, 5));
    // The same id twice.
    let id = controller.send(&Request::Exec(shell("sleep 0.3")));
    for frame in request_frames(0, id, &Request::Exec(shell("true"))).unwrap() {
        controller.frame(frame);
    }
    assert!(matches!(controller.receive(id), Response::Error(_)));
    assert!(matches!(controller.receive(id), Response::Exec(_)));
    assert_eq!(controller.ask(&Request::Ping), Response::Pong);
}

#[test]
fn hostile_frames_do_no_harm() {
    let mut state = 0x0dd_ba11_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut controller = Controller::with_modules();
    for _ in 0..3_000 {
        let kind = Kind::from_number(random(10) as u8).unwrap();
        let mut body: Vec<u8> = (0..random(200)).map(|_| random(256) as u8).collect();
        if let Some(first) = body.first_mut() {
            // A module, a batch, or no request at all: nothing that could touch this machine.
            *first = [1, 2, 50][random(3)];
        }
        let route = if random(10) == 0 { random(65536) as u16 } else { 0 };
        controller.frame(Frame::new(route, kind, 100_000 + random(5) as u32, body));
        if random(100) == 0 {
            assert_eq!(controller.ask(&Request::Ping), Response::Pong);
        }
    }
    assert_eq!(controller.ask(&Request::Ping), Response::Pong);
    controller.hang_up().unwrap();
}

#[test]
fn bytes_that_are_no_frames_end_the_worker_with_a_word() {
    let mut controller = Controller::with_modules();
    controller.raw(&[0xff; 64]);
    let Response::Error(error) = controller.receive(0) else { panic!() };
    assert!(error.message.contains("larger than the limit"), "{error:?}");
    assert!(controller.hang_up().is_err());

    let mut controller = Controller::with_modules();
    controller.raw(&[1, 0, 0]);
    assert!(controller.hang_up().is_err());
}

#[test]
fn becoming_another_needs_a_program() {
    let mut controller = Controller::with_modules();
    let request = Become {
        argv: vec!["sudo".into(), Become::WORKER.into()],
        environment: Vec::new(),
        prompts: Vec::new(),
        incorrect: Vec::new(),
        missing: Vec::new(),
        password: None,
        timeout_milliseconds: 0,
    };
    let response = controller.ask(&Request::Become(request));
    assert!(matches!(response, Response::Become(BecomeFailure::NotStarted(_))));
}
