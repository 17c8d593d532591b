//! Contents that stay on the host between sessions.

use crate::controller::{Controller, Directory};
use crate::files::{pattern, stream};
use churten_protocol::*;
use sha1::{Digest, Sha1};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const ENOENT: i32 = 2;

fn id_of(content: &[u8]) -> ContentId {
    ContentId { sha1: Sha1::digest(content).into(), size: content.len() as u64 }
}

fn upload(remote_tmp: &str, content: ContentId, from: u64) -> Request {
    let destination = Destination::Temporary { remote_tmp: remote_tmp.to_owned(), name: "image".into() };
    Request::Put(Put { destination, mode: 0o600, known: Some(Known { content, from, keep: Keep::Part }) })
}

fn begun(controller: &mut Controller, remote_tmp: &str, content: ContentId) -> u64 {
    let Response::Begun(bytes) = controller.ask(&Request::Begun(Start { content, remote_tmp: remote_tmp.into() }))
    else {
        panic!()
    };
    bytes
}

/// What is in the user's own directory.
fn kept(remote_tmp: &str) -> Vec<PathBuf> {
    let own = rustix::process::geteuid().as_raw();
    let entries = std::fs::read_dir(format!("{remote_tmp}/churten-{own}"));
    entries.into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
}

/// Send the first bytes of an upload and wait until they are written.
fn begin(controller: &mut Controller, remote_tmp: &str, content: &[u8], from: usize, to: usize) -> u32 {
    let id = controller.send(&upload(remote_tmp, id_of(content), from as u64));
    controller.frame(Frame::new(0, Kind::Data, id, content[from..to].to_vec()));
    let limit = Instant::now() + Duration::from_secs(20);
    while !kept(remote_tmp)
        .first()
        .is_some_and(|part| std::fs::metadata(part).is_ok_and(|part| part.len() == to as u64))
    {
        assert!(Instant::now() < limit, "nothing is written");
        std::thread::sleep(Duration::from_millis(2));
    }
    id
}

#[test]
fn an_interrupted_upload_goes_on() {
    let directory = Directory::new("resumed");
    let remote_tmp = directory.path("tmp");
    let content = pattern(100_000);
    let mut controller = Controller::with_modules();
    assert_eq!(begun(&mut controller, &remote_tmp, id_of(&content)), 0);
    begin(&mut controller, &remote_tmp, &content, 0, 30_000);
    controller.hang_up().unwrap();
    // Nothing is there but the part: the worker's own directory is gone.
    assert_eq!(std::fs::read_dir(&remote_tmp).unwrap().count(), 1);
    let mut controller = Controller::with_modules();
    assert_eq!(begun(&mut controller, &remote_tmp, id_of(&content)), 30_000);
    begin(&mut controller, &remote_tmp, &content, 30_000, 50_000);
    // Meanwhile it is nobody else's.
    assert_eq!(begun(&mut controller, &remote_tmp, id_of(&content)), 0);
    let other = controller.send(&upload(&remote_tmp, id_of(&content), 0));
    assert!(matches!(stream(&mut controller, other, &content), Response::Placed(placed) if placed.size == 100_000));
    controller.hang_up().unwrap();
    let mut controller = Controller::with_modules();
    let id = controller.send(&upload(&remote_tmp, id_of(&content), 50_000));
    let Response::Placed(placed) = stream(&mut controller, id, &content[50_000..]) else { panic!() };
    assert!(std::fs::read(&placed.path).unwrap() == content);
    assert_eq!((placed.size, kept(&remote_tmp).len()), (100_000, 0));
}

#[test]
fn what_is_no_content_is_not_placed() {
    let directory = Directory::new("other-content");
    let remote_tmp = directory.path("tmp");
    let content = pattern(1000);
    let mut damaged = content.clone();
    damaged[0] ^= 1;
    let mut controller = Controller::with_modules();
    for (sent, what) in [(damaged, "another byte"), (pattern(999), "too little"), (pattern(1001), "too much")] {
        let id = controller.send(&upload(&remote_tmp, id_of(&content), 0));
        let Response::Error(error) = stream(&mut controller, id, &sent) else { panic!("{what}") };
        assert!(error.message.contains("not the content that was announced"), "{error:?}");
        assert_eq!(kept(&remote_tmp).len(), 0, "{what}");
    }
    // Nothing to go on with.
    let id = controller.send(&upload(&remote_tmp, id_of(&content), 10));
    assert!(matches!(controller.receive(id), Response::Error(error) if error.errno == ENOENT));
    // A cancelled one is not gone on with.
    let id = begin(&mut controller, &remote_tmp, &content, 0, 500);
    controller.cancel(id);
    assert!(matches!(controller.receive(id), Response::Error(_)));
    assert_eq!(begun(&mut controller, &remote_tmp, id_of(&content)), 0);
    assert_eq!(kept(&remote_tmp).len(), 0);
}

#[test]
fn what_is_needed_again_is_sent_once() {
    let directory = Directory::new("kept");
    let remote_tmp = directory.path("tmp");
    let content = pattern(5000);
    let put = |controller: &mut Controller, from: usize| {
        let Response::Path(private) = controller.ask(&Request::TemporaryDirectory { remote_tmp: remote_tmp.clone() })
        else {
            panic!()
        };
        let path = format!("{private}/archive");
        let known = Known { content: id_of(&content), from: from as u64, keep: Keep::Whole };
        let put = Put { destination: Destination::Path(path.clone()), mode: 0o600, known: Some(known) };
        let id = controller.send(&Request::Put(put));
        (stream(controller, id, &content[from..]), path)
    };
    let mut controller = Controller::with_modules();
    let (answer, _) = put(&mut controller, content.len());
    assert!(matches!(answer, Response::Error(error) if error.errno == ENOENT));
    let (answer, path) = put(&mut controller, 0);
    assert!(matches!(answer, Response::Placed(_)));
    assert!(std::fs::read(path).unwrap() == content);
    controller.hang_up().unwrap();
    let mut controller = Controller::with_modules();
    let (answer, path) = put(&mut controller, content.len());
    let Response::Placed(placed) = answer else { panic!("{answer:?}") };
    assert_eq!((&placed.path, placed.size), (&path, 5000));
    assert!(std::fs::read(path).unwrap() == content);
    controller.hang_up().unwrap();
    assert_eq!(kept(&remote_tmp).len(), 1);
}
