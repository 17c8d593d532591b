//! Modules and loops over them.

use crate::controller::{Controller, Directory, content_of, is_gone, module};
use churten_protocol::*;
use churten_value::{Dict, Value};

fn result(response: Response) -> Dict {
    match response {
        Response::Result(result) => result,
        other => panic!("{other:?}"),
    }
}

fn text<'a>(result: &'a Dict, key: &str) -> &'a str {
    result.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[test]
fn a_module_runs_and_a_panic_is_a_failed_result() {
    let mut controller = Controller::with_modules();
    let arguments = Dict::from([("name", Value::from("é")), ("number", 1.into())]);
    let request = Request::Module(Box::new(module("echo", arguments.clone())));
    let echoed = result(controller.ask(&request));
    assert_eq!(echoed.get("arguments").and_then(Value::as_dict), Some(&arguments));

    let panicked = result(controller.ask(&Request::Module(Box::new(module("panic", Dict::new())))));
    assert_eq!(panicked.get("failed").and_then(Value::as_bool), Some(true));
    assert_eq!(text(&panicked, "msg"), "The module panic failed internally: on purpose");
    assert_eq!(controller.ask(&Request::Ping), Response::Pong);
}

#[test]
fn behind_a_slow_link_contents_are_deflated_both_ways() {
    let directory = Directory::new("deflated");
    let mut controller = Controller::with_modules();
    controller.frame(Frame::bare(0, Kind::Deflate, 0));
    let content = "the same line again\n".repeat(500);
    let attached = Attachment {
        argument: "src".into(),
        name: "motd".into(),
        content: Content::Bytes(content.clone().into_bytes().into()),
        deflated: false,
    };
    let reading =
        Invocation { remote_tmp: directory.path("tmp"), files: vec![attached], ..module("read", Dict::new()) };
    let mut request = Request::Module(Box::new(reading));
    request.deflate();
    let Request::Module(sent) = &request else { panic!() };
    assert!(matches!(&sent.files[..], [file] if file.deflated), "the file has not become smaller");
    let before = controller.received();
    let read = result(controller.ask(&request));
    assert_eq!(text(&read, "content"), content);
    let answered = controller.received() - before;
    assert!(answered < content.len() as u64 / 10, "{answered} bytes for {}", content.len());

    let broken = Attachment {
        argument: "src".into(),
        name: "motd".into(),
        content: Content::Bytes(b"no deflate".to_vec().into()),
        deflated: true,
    };
    let request = Invocation { files: vec![broken], ..module("read", Dict::new()) };
    let Response::Error(error) = controller.ask(&Request::Module(Box::new(request))) else { panic!() };
    assert!(error.message.starts_with("malformed deflated content"), "{}", error.message);
}

#[test]
fn files_come_with_a_module_and_go_with_it() {
    let directory = Directory::new("attached");
    let mut controller = Controller::with_modules();
    let attached =
        |content| Attachment { argument: "src".into(), name: "../conf/motd".into(), content, deflated: false };
    let invocation = |content| Invocation {
        remote_tmp: directory.path("tmp"),
        files: vec![attached(content)],
        ..module("read", Dict::new())
    };
    let read = result(controller.ask(&Request::Module(Box::new(invocation(Content::Bytes(b"hello".to_vec().into()))))));
    assert_eq!(text(&read, "content"), "hello");
    let path = text(&read, "path");
    assert!(path.starts_with(&directory.path("tmp")) && path.ends_with("/motd"), "{path}");
    assert!(!std::path::Path::new(path).exists());

    let destination = Destination::Temporary { remote_tmp: String::new(), name: "big".into() };
    let put = Put { destination, mode: 0o600, known: None };
    let id = controller.send(&Request::Put(put));
    controller.frame(Frame::new(0, Kind::Data, id, b"streamed".to_vec()));
    controller.frame(Frame::bare(0, Kind::End, id));
    let Response::Placed(placed) = controller.receive(id) else { panic!() };
    assert_eq!(placed.size, 8);
    let uploaded = Content::Uploaded(placed.path.clone());
    let read = result(controller.ask(&Request::Module(Box::new(invocation(uploaded.clone())))));
    assert_eq!(text(&read, "content"), "streamed");
    for wrong in [uploaded, Content::Uploaded("/etc/passwd".into())] {
        let failed = result(controller.ask(&Request::Module(Box::new(invocation(wrong)))));
        assert_eq!(failed.get("failed").and_then(Value::as_bool), Some(true));
    }
    assert!(std::path::Path::new("/etc/passwd").exists());
    controller.hang_up().unwrap();
    assert_eq!(std::fs::read_dir(directory.path("tmp")).unwrap().count(), 0);
}

#[test]
fn a_batch_goes_on_to_the_end_of_the_task_that_failed() {
    for (ends, expected) in [(vec![], 4), (vec![0, 1, 2, 3], 2), (vec![0, 2, 3], 3), (vec![3], 4)] {
        let mut controller = Controller::with_modules();
        let invocations = ["echo", "fail", "echo", "echo"].map(|name| module(name, Dict::new())).to_vec();
        let id = controller.send(&Request::Batch(Batch { invocations, ends }));
        for expected_index in 0..expected {
            match controller.receive(id) {
                Response::Item { index, .. } => assert_eq!(index, expected_index),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(controller.receive(id), Response::BatchEnd { ran: expected });
    }
}

#[test]
fn the_children_of_a_module_die_with_its_cancel_or_its_time() {
    let directory = Directory::new("children");
    let mut controller = Controller::with_modules();
    let sleeping = |pid: &str| module("sleep", Dict::from([("pid", pid)]));

    let pid = directory.path("cancelled");
    let id = controller.send(&Request::Module(Box::new(sleeping(&pid))));
    let shell = content_of(&pid);
    controller.cancel(id);
    assert_eq!(text(&result(controller.receive(id)), "msg"), "the task was cancelled");
    assert!(is_gone(&shell));

    let pid = directory.path("late");
    let limited = Invocation { timeout_milliseconds: 300, ..sleeping(&pid) };
    let failed = result(controller.ask(&Request::Module(Box::new(limited))));
    assert_eq!(text(&failed, "msg"), "The module sleep was killed after 0.3 seconds.");
    assert!(is_gone(&content_of(&pid)));
}
