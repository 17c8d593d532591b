//! Frames and messages: what goes in comes out, in any pieces; hostile bytes are refused and take no memory.

use churten_protocol::*;
use churten_value::{Dict, Tags, Value};

/// A small deterministic generator (xorshift), so that failures repeat.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn bytes(&mut self, longest: usize) -> Vec<u8> {
        (0..self.below(longest + 1)).map(|_| self.next() as u8).collect()
    }
}

fn every_kind() -> impl Iterator<Item = Kind> {
    (0..=9).map(|number| Kind::from_number(number).unwrap())
}

fn decode_all(decoder: &mut Decoder, mut input: &[u8]) -> Result<Vec<Frame>, FrameError> {
    let mut frames = Vec::new();
    while let Some(frame) = decoder.push(&mut input)? {
        frames.push(frame);
    }
    assert!(input.is_empty());
    Ok(frames)
}

#[test]
fn frames_survive_any_cutting() {
    let mut random = Random(0x5eed);
    for _ in 0..200 {
        let frames: Vec<Frame> = every_kind()
            .map(|kind| Frame::new(random.next() as u16, kind, random.next() as u32, random.bytes(300)))
            .collect();
        let bytes: Vec<u8> = frames.iter().flat_map(|frame| frame.encode().unwrap()).collect();
        let mut decoder = Decoder::new();
        let mut seen = Vec::new();
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let (now, later) = rest.split_at((1 + random.below(40)).min(rest.len()));
            seen.extend(decode_all(&mut decoder, now).unwrap());
            rest = later;
        }
        assert_eq!(seen, frames);
        assert!(decoder.is_idle());

        let mut reader = &bytes[..];
        let mut written = Vec::new();
        while let Some(frame) = read_frame(&mut reader).unwrap() {
            write_frame(&mut written, &frame).unwrap();
        }
        assert_eq!(written, bytes);
    }
}

#[test]
fn truncated_frames_are_errors_not_frames() {
    let bytes = Frame::new(1, Kind::Request, 2, vec![3; 20]).encode().unwrap();
    for length in 1..bytes.len() {
        let error = read_frame(&mut &bytes[..length]).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof, "{length}");
        let mut decoder = Decoder::new();
        assert_eq!(decoder.push(&mut &bytes[..length]), Ok(None));
        assert!(!decoder.is_idle());
    }
    assert!(read_frame(&mut &b""[..]).unwrap().is_none());
}

#[test]
fn wrong_headers_are_refused() {
    let frame = |length: u32, kind: u8| {
        let mut bytes = length.to_le_bytes().to_vec();
        bytes.extend([0, 0, kind, 0, 0, 0, 0]);
        bytes
    };
    let cases = [
        (frame(u32::MAX, 0), FrameError::TooLarge(u32::MAX as usize)),
        (frame((MAX_BODY + 1) as u32, 0), FrameError::TooLarge(MAX_BODY + 1)),
        (frame(0, 11), FrameError::Kind(11)),
        (frame(0, 255), FrameError::Kind(255)),
    ];
    for (bytes, error) in cases {
        assert_eq!(Decoder::new().push(&mut &bytes[..]), Err(error.clone()));
        let read = read_frame(&mut &bytes[..]).unwrap_err();
        assert_eq!(read.to_string(), error.to_string());
    }
    assert!(Frame::new(0, Kind::Data, 0, vec![0; MAX_BODY + 1]).encode().is_err());
}

#[test]
fn noise_before_the_magic_is_skipped() {
    let mut random = Random(7);
    for length in [0, 1, 7, 8, 9, 1000, MAX_NOISE - 12] {
        let mut bytes: Vec<u8> = (0..length).map(|_| random.next() as u8).collect();
        let noise = bytes.clone();
        // Half a magic before the whole one.
        bytes.extend(&MAGIC[..4]);
        bytes.extend(MAGIC);
        bytes.extend(b"rest");
        let mut preamble = Preamble::new();
        let mut input = &bytes[..];
        assert_eq!(preamble.push(&mut input), Ok(true), "{length}");
        assert_eq!(input, b"rest");
        assert_eq!(&preamble.noise()[..length], noise);
    }
    let mut preamble = Preamble::new();
    assert_eq!(preamble.push(&mut &vec![b'x'; MAX_NOISE + 1][..]), Err(FrameError::NoMagic));
}

fn sample_requests() -> Vec<Request> {
    let invocation = Invocation {
        module: "ansible.builtin.copy".into(),
        arguments: Dict::from([
            ("mode", Value::from("0644")),
            ("big", Value::int("123456789012345678901234567890".parse().unwrap())),
            ("password", Value::from("hidden").with_tags(Tags::NONE.secret())),
            ("list", Value::list(vec![1.into(), Value::NONE, 1.5.into(), true.into()])),
        ]),
        environment: vec![("TOKEN".into(), Secret::from("t0p"))],
        files: vec![Attachment {
            argument: "src".into(),
            name: "motd".into(),
            content: Content::Bytes(vec![1, 2, 3].into()),
            deflated: false,
        }],
        ..Invocation::default()
    };
    vec![
        Request::Ping,
        Request::Module(Box::new(invocation.clone())),
        Request::Batch(Batch { invocations: vec![invocation.clone(), invocation], ends: vec![0, 1] }),
        Request::Exec(Exec {
            command: Command::Shell { executable: String::new(), line: "true".into() },
            stdin: vec![0; 10].into(),
            environment: Vec::new(),
            directory: Some("/".into()),
            timeout_milliseconds: 5,
            output_limit: 0,
        }),
        Request::Python(PythonRun {
            interpreter: "/usr/bin/python3".into(),
            archive: "/tmp/a.zip".into(),
            base: "/tmp/b.zip".into(),
            name: "ansible.modules.ping".into(),
            open_files: 1024,
            invocation: b"{}".to_vec().into(),
            environment: vec![("A".into(), "b".into())],
            timeout_milliseconds: 3,
        }),
        Request::Put(Put { destination: Destination::Path("/etc/motd".into()), mode: 0o644, known: None }),
        Request::Put(Put {
            destination: Destination::Temporary { remote_tmp: "~".into(), name: "image".into() },
            mode: 0o600,
            known: Some(Known { content: ContentId { sha1: [5; 20], size: 1 << 40 }, from: 9, keep: Keep::Part }),
        }),
        Request::Begun(Start { content: ContentId { sha1: [5; 20], size: 1 << 40 }, remote_tmp: String::new() }),
        Request::Fetch(Fetch { path: "/etc/motd".into() }),
        Request::Stat { path: "/".into(), follow: true, checksum: false },
        Request::Remove { path: "/x".into() },
        Request::Become(Become {
            argv: vec!["sudo".into(), Become::WORKER.into()],
            environment: Vec::new(),
            prompts: vec!["password:".into()],
            incorrect: Vec::new(),
            missing: Vec::new(),
            password: Some(Secret::from("pw")),
            timeout_milliseconds: 0,
        }),
        Request::Detach(Detach {
            work: Work::Module(Invocation::default()),
            job: "j1.2".into(),
            directory: String::new(),
            time_limit_seconds: 60,
        }),
        Request::TemporaryDirectory { remote_tmp: "~/.ansible/tmp".into() },
    ]
}

#[test]
fn requests_survive_and_secrets_do_not_show() {
    for request in sample_requests() {
        let frames = request_frames(3, 9, &request).unwrap();
        assert_eq!(frames.len(), 1);
        assert_eq!((frames[0].route, frames[0].id, frames[0].kind), (3, 9, Kind::Request));
        assert_eq!(Request::decode(&frames[0].body).unwrap(), request);
        let shown = format!("{request:?} {frames:?}");
        assert!(!shown.contains("t0p") && !shown.contains("\"pw\""), "{shown}");
    }
}

#[test]
fn long_messages_travel_in_parts_that_may_interleave() {
    let response = |fill: u8| Response::Exec(Output { stdout: vec![fill; 3 << 20].into(), ..Output::default() });
    let first = response_frames(0, 1, &response(b'a')).unwrap();
    let second = response_frames(0, 2, &response(b'b')).unwrap();
    assert!(first.len() > 2);
    let mut assembler = Assembler::new();
    let mut whole = Vec::new();
    for (a, b) in first.into_iter().zip(second) {
        for frame in [a, b, Frame::bare(0, Kind::Heartbeat, 1)] {
            whole.extend(assembler.push(frame).unwrap().filter(|frame| frame.kind == Kind::Response));
        }
    }
    assert_eq!(whole.len(), 2);
    assert_eq!(Response::decode(&whole[0].body).unwrap(), response(b'a'));
    assert_eq!(Response::decode(&whole[1].body).unwrap(), response(b'b'));

    let mut error = None;
    for _ in 0..100 {
        error = error.or(assembler.push(Frame::new(0, Kind::More, 5, vec![0; 1 << 20])).err());
    }
    assert!(matches!(error, Some(FrameError::MessageTooLarge(_))), "{error:?}");
    let mut assembler = Assembler::new();
    let endless = (0..u32::MAX).find_map(|id| assembler.push(Frame::bare(0, Kind::More, id)).err());
    assert_eq!(endless, Some(FrameError::TooManyParts));
}

#[test]
fn hostile_bodies_are_errors() {
    let mut random = Random(42);
    let samples: Vec<Vec<u8>> =
        sample_requests().iter().map(|request| request_frames(0, 0, request).unwrap()[0].body.clone()).collect();
    for _ in 0..5_000 {
        let mut body = match random.below(3) {
            0 => random.bytes(64),
            _ => samples[random.below(samples.len())].clone(),
        };
        for _ in 0..1 + random.below(4) {
            if !body.is_empty() {
                let at = random.below(body.len());
                body[at] = random.next() as u8;
                body.truncate(1 + random.below(body.len() * 2));
            }
        }
        // Neither may panic or exhaust anything; whether it decodes does not matter.
        let _ = Request::decode(&body);
        let _ = Response::decode(&body);
        let _ = Hello::from_frame(&Frame::new(0, Kind::Hello, 0, body));
    }
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| {
        let mut value = Value::from(1);
        for _ in 0..depth {
            value = Value::list(vec![value]);
        }
        Response::Result(Dict::from([("deep", value)]))
    };
    let body = |depth| response_frames(0, 0, &nested(depth)).unwrap()[0].body.clone();
    assert_eq!(Response::decode(&body(100)).unwrap(), nested(100));
    assert!(Response::decode(&body(300)).is_err());
    // The guard is left behind clean after an error.
    assert_eq!(Response::decode(&body(100)).unwrap(), nested(100));
    // A million levels that were never values of ours: response 1 (Result), one entry, then `List` of one again
    // and again.
    let mut bytes = vec![1, 1, 5, 1, b'k'];
    bytes.extend([9, 1].repeat(1_000_000));
    assert!(Response::decode(&bytes).is_err());
    // Lengths that the bytes do not hold.
    for tail in
        [&[9, 0xff, 0xff, 0xff, 0xff, 0x0f][..], &[5, 0xff, 0xff, 0xff, 0xff, 0x0f], &[10, 0xff, 0xff, 0xff, 0x7f]]
    {
        let mut bytes = vec![1, 1, 5, 1, b'k'];
        bytes.extend(tail);
        assert!(Response::decode(&bytes).is_err());
    }
}

#[test]
fn windows_bound_what_is_under_way() {
    let mut send = SendWindow::default();
    let mut receive = ReceiveWindow::default();
    let mut sent = 0;
    loop {
        let size = send.take(usize::MAX);
        if size == 0 {
            break;
        }
        receive.receive(size).unwrap();
        sent += size;
    }
    assert_eq!(sent, WINDOW);
    assert_eq!(receive.receive(1), Err(FrameError::Window(1)));
    let credit = receive.consume(WINDOW).unwrap();
    send.grant(credit_of(&credit_body(credit)).unwrap());
    assert_eq!(send.take(10), 10);
    assert!(receive.receive(10).is_ok());
    assert!(credit_of(&[1, 2, 3]).is_err());
}

#[test]
fn a_hash_reads_what_it_writes() {
    let hash = BuildHash(std::array::from_fn(|index| index as u8 * 7));
    assert_eq!(BuildHash::from_hex(&hash.to_string()), Some(hash));
    for wrong in ["", "ab", &"g".repeat(64), &"+1".repeat(32), &"é".repeat(32)] {
        assert_eq!(BuildHash::from_hex(wrong), None);
    }
}
