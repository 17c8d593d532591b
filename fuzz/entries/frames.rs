//! What a hostile worker sends to a controller, and a controller to a worker.

use churten_protocol::{
    Assembler, Decoder, Frame, FrameError, Hello, Kind, Preamble, ReceiveWindow, Request, Response, credit_of,
    read_frame, request_frames, response_frames,
};

/// The first byte says who reads, and how many bytes arrive at a time; the rest is the stream.
pub(crate) fn run(data: &[u8]) {
    let Some((first, stream)) = data.split_first() else { return };
    let (from_worker, step) = (first & 1 == 1, usize::from(first >> 1) + 1);
    let mut rest = stream;
    if from_worker && rest.starts_with(b"!") {
        // What a login prints, up to the magic.
        let mut preamble = Preamble::new();
        match preamble.push(&mut rest) {
            Ok(true) => assert!(preamble.noise().len() < stream.len()),
            _ => return,
        }
    }
    assert_eq!(whole(rest), in_pieces(rest, step), "a stream is the same frames however it arrives");
    let _ = messages(rest, step);
}

/// What is compared of a frame; deflated bodies can be long.
fn seen(frame: &Frame) -> (String, u64) {
    let sum = |sum: u64, byte: &u8| sum.wrapping_mul(0x0100_0000_01b3) ^ u64::from(*byte);
    (format!("{frame:?}"), frame.body.iter().fold(0xcbf2_9ce4_8422_2325, sum))
}

/// The frames of a stream as its blocking reader takes them; stops at the first error.
fn whole(stream: &[u8]) -> Vec<(String, u64)> {
    let mut reader = stream;
    let mut frames = Vec::new();
    while let Ok(Some(frame)) = read_frame(&mut reader) {
        frames.push(seen(&frame));
        if let Some((header, body)) = frame.deflated() {
            let mut deflated = Decoder::new();
            assert_eq!(deflated.push(&mut &header[..]), Ok(None));
            assert_eq!(deflated.push(&mut &*body), Ok(Some(frame.clone())));
        }
        let encoded = frame.encode().expect("what was read can be written");
        assert_eq!(read_frame(&mut &*encoded).expect("what was written can be read"), Some(frame));
    }
    frames
}

/// The frames of a stream as they come out of pieces.
fn in_pieces(stream: &[u8], step: usize) -> Vec<(String, u64)> {
    let mut decoder = Decoder::new();
    let mut frames = Vec::new();
    for mut piece in stream.chunks(step) {
        loop {
            match decoder.push(&mut piece) {
                Ok(Some(frame)) => frames.push(seen(&frame)),
                Ok(None) => break,
                Err(_) => return frames,
            }
        }
    }
    frames
}

/// Everything that is read from a stream, in both directions.
fn messages(stream: &[u8], step: usize) -> Result<(), FrameError> {
    let (mut decoder, mut assembler, mut window) = (Decoder::new(), Assembler::new(), ReceiveWindow::default());
    for mut piece in stream.chunks(step) {
        while let Some(frame) = decoder.push(&mut piece)? {
            let Some(frame) = assembler.push(frame)? else { continue };
            match frame.kind {
                // Either side may be told either; what is no message of its direction is an error, no more.
                Kind::Request | Kind::Response => {
                    if let Ok(request) = Request::decode(&frame.body) {
                        let again = request_frames(frame.route, frame.id, &request)?;
                        let [again] = &*again else { continue };
                        let read = Request::decode(&again.body).expect("what was written can be read");
                        assert_eq!(format!("{read:?}"), format!("{request:?}"));
                    }
                    if let Ok(response) = Response::decode(&frame.body) {
                        let again = response_frames(frame.route, frame.id, &response)?;
                        let [again] = &*again else { continue };
                        let read = Response::decode(&again.body).expect("what was written can be read");
                        assert_eq!(format!("{read:?}"), format!("{response:?}"));
                    }
                }
                Kind::Hello => {
                    if let Ok(hello) = Hello::from_frame(&frame) {
                        assert_eq!(Hello::from_frame(&hello.to_frame()?), Ok(hello));
                    }
                }
                Kind::Credit => {
                    let _ = credit_of(&frame.body);
                }
                Kind::Data => {
                    let _ = window.receive(frame.body.len()).map(|()| window.consume(frame.body.len()));
                }
                _ => {}
            }
        }
    }
    Ok(())
}
