//! Streams and small answers about files.

use crate::controller::{Controller, Directory};
use churten_protocol::*;
use std::os::unix::fs::PermissionsExt;

fn put_to(path: &str) -> Request {
    Request::Put(Put { destination: Destination::Path(path.to_owned()), mode: 0o640, known: None })
}

/// Send a whole file within its window.
pub(crate) fn stream(controller: &mut Controller, id: u32, bytes: &[u8]) -> Response {
    let mut window = SendWindow::default();
    let mut rest = bytes;
    while !rest.is_empty() {
        let size = window.take(rest.len());
        if size == 0 {
            let frame = controller.next_frame(id);
            if frame.kind != Kind::Credit {
                return Response::decode(&frame.body).unwrap();
            }
            window.grant(credit_of(&frame.body).unwrap());
            continue;
        }
        let (now, later) = rest.split_at(size);
        controller.frame(Frame::new(0, Kind::Data, id, now.to_vec()));
        rest = later;
    }
    controller.frame(Frame::bare(0, Kind::End, id));
    controller.receive(id)
}

pub(crate) fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index * 31 % 251) as u8).collect()
}

#[test]
fn a_file_travels_there_and_back() {
    let directory = Directory::new("travel");
    let mut controller = Controller::with_modules();
    for length in [0, 1, CHUNK, WINDOW, 5 * WINDOW + 17] {
        let path = directory.path("file");
        let content = pattern(length);
        let id = controller.send(&put_to(&path));
        let Response::Placed(placed) = stream(&mut controller, id, &content) else { panic!() };
        assert_eq!((placed.path.as_str(), placed.size), (path.as_str(), length as u64));
        assert!(std::fs::read(&path).unwrap() == content);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o640);
        assert_eq!(std::fs::read_dir(&directory.0).unwrap().count(), 1);

        let id = controller.send(&Request::Fetch(Fetch { path: path.clone() }));
        let mut window = ReceiveWindow::default();
        let mut received = Vec::new();
        let fetched = loop {
            let frame = controller.next_frame(id);
            if frame.kind == Kind::Response {
                break Response::decode(&frame.body).unwrap();
            }
            assert_eq!(frame.kind, Kind::Data);
            window.receive(frame.body.len()).unwrap();
            received.extend_from_slice(&frame.body);
            if let Some(credit) = window.consume(frame.body.len()) {
                controller.frame(Frame::new(0, Kind::Credit, id, credit_body(credit)));
            }
        };
        assert!(received == content);
        assert_eq!(fetched, Response::Fetched(placed.clone()));

        let Response::Stat(Some(status)) = controller.ask(&Request::Stat { path, follow: true, checksum: true }) else {
            panic!()
        };
        assert_eq!((status.kind, status.mode, status.size), (FileKind::File, 0o640, length as u64));
        assert_eq!(status.sha1, Some(placed.sha1));
    }
}

#[test]
fn slow_streams_hold_up_nobody() {
    let directory = Directory::new("slow");
    let mut controller = Controller::with_modules();
    let big = directory.path("big");
    std::fs::write(&big, pattern(4 * WINDOW)).unwrap();
    // Two uploads that have begun, and a download nobody reads on.
    let slow = controller.send(&put_to(&directory.path("slow")));
    controller.frame(Frame::new(0, Kind::Data, slow, pattern(1000)));
    let slower = controller.send(&put_to(&directory.path("slower")));
    let stalled = controller.send(&Request::Fetch(Fetch { path: big }));
    assert_eq!(controller.next_frame(stalled).kind, Kind::Data);
    // Others go on meanwhile.
    let id = controller.send(&put_to(&directory.path("fast")));
    let content = pattern(3 * WINDOW);
    assert!(matches!(stream(&mut controller, id, &content), Response::Placed(_)));
    assert_eq!(controller.ask(&Request::Ping), Response::Pong);
    // The slow ones end as they should.
    controller.frame(Frame::new(0, Kind::Data, slow, pattern(1000)));
    controller.frame(Frame::bare(0, Kind::End, slow));
    controller.frame(Frame::bare(0, Kind::End, slower));
    assert!(matches!(controller.receive(slow), Response::Placed(placed) if placed.size == 2000));
    assert!(matches!(controller.receive(slower), Response::Placed(placed) if placed.size == 0));
    controller.cancel(stalled);
    assert!(matches!(controller.receive(stalled), Response::Error(_)));
}

#[test]
fn a_cancelled_upload_leaves_nothing() {
    let directory = Directory::new("cancelled");
    let mut controller = Controller::with_modules();
    let id = controller.send(&put_to(&directory.path("file")));
    controller.frame(Frame::new(0, Kind::Data, id, pattern(1000)));
    controller.cancel(id);
    assert!(matches!(controller.receive(id), Response::Error(_)));
    assert_eq!(std::fs::read_dir(&directory.0).unwrap().count(), 0);
}

#[test]
fn a_stream_beyond_its_window_is_refused() {
    let directory = Directory::new("window");
    let mut controller = Controller::with_modules();
    // The destination cannot be written, so nothing is consumed; the window is all there is.
    std::fs::write(directory.path("file"), b"").unwrap();
    let id = controller.send(&put_to(&directory.path("file/below")));
    assert!(matches!(controller.receive(id), Response::Error(_)));
    let id = controller.send(&put_to(&directory.path("other")));
    controller.frame(Frame::new(0, Kind::Data, id, vec![0; WINDOW + 1]));
    let Response::Error(error) = controller.receive(id) else { panic!() };
    assert!(error.message.contains("beyond its window"), "{error:?}");
    assert_eq!(controller.ask(&Request::Ping), Response::Pong);
    assert_eq!(std::fs::read_dir(&directory.0).unwrap().count(), 1);
}

#[test]
fn files_are_looked_at_and_removed() {
    let directory = Directory::new("stat");
    let mut controller = Controller::with_modules();
    let (link, folder) = (directory.path("link"), directory.path("folder"));
    std::fs::create_dir_all(directory.0.join("folder/inner")).unwrap();
    std::os::unix::fs::symlink("folder", &link).unwrap();
    let mut kind =
        |path: &str, follow| match controller.ask(&Request::Stat { path: path.into(), follow, checksum: true }) {
            Response::Stat(status) => status.map(|status| (status.kind, status.target)),
            other => panic!("{other:?}"),
        };
    assert_eq!(kind(&link, false), Some((FileKind::Link, Some("folder".into()))));
    assert_eq!(kind(&link, true), Some((FileKind::Directory, None)));
    assert_eq!(kind(&directory.path("none"), true), None);
    assert_eq!(kind("/dev/null", true), Some((FileKind::Other, None)));
    assert_eq!(kind("~root", true).map(|found| found.0), Some(FileKind::Directory));
    for (path, removed) in [(&link, true), (&link, false), (&folder, true)] {
        assert_eq!(controller.ask(&Request::Remove { path: path.clone() }), Response::Removed(removed));
    }
    for path in ["/", "relative", "~nobody-of-this-name/x"] {
        assert!(matches!(controller.ask(&Request::Remove { path: path.into() }), Response::Error(_)), "{path}");
    }
}
