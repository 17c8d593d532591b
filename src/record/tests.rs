use super::read::{Line, Reader};
use super::write::{About, Record};
use churten_diagnostics::Report;
use churten_executor::{Counts, Event, HostLabel, PlayInfo, Said, Status, TaskInfo, TaskKind, TaskResult};
use churten_value::{Dict, Origin, Source, Value, escape_bytes, from_json};
use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const ABOUT: About<'_> = About { program: "ansible-playbook", verbosity: 2, check_mode: true, screen: "default" };

fn task(id: u64, name: &str) -> Arc<TaskInfo> {
    Arc::new(TaskInfo {
        id,
        name: name.to_owned(),
        action: "debug".to_owned(),
        resolved_action: "ansible.builtin.debug".to_owned(),
        args: Dict::from([("msg", "hello")]),
        origin: Some(Origin::new(Source::file("site.yml"), 3, 7)),
        no_log: false,
        check_mode: true,
        diff: false,
        is_loop: true,
        role: Some("web".into()),
        tags: vec!["always".to_owned()],
        run_once: false,
    })
}

fn result(task: &Arc<TaskInfo>, status: Status) -> TaskResult {
    TaskResult {
        host: HostLabel { name: "h1".into(), delegated: Some("h2".into()), address: Some("192.0.2.1".into()) },
        task: task.clone(),
        status,
        result: Arc::new(Dict::from([
            ("changed", Value::from(true)),
            ("stdout", Value::from(&*escape_bytes(b"Caf\xe9"))),
            ("list", Value::from(vec![1, 2])),
            ("rate", 0.5.into()),
            ("nothing", Value::NONE),
        ])),
        item_label: Some(Value::NONE),
        seconds: 0.25,
        said: Arc::new(Said {
            warnings: vec![Report::new("careful").help("or not")],
            deprecations: vec![],
            is_all: true,
        }),
    }
}

/// Every kind of event but the question, which nobody asks again.
fn events() -> Vec<Event> {
    let (first, again) = (task(1, "web : one"), task(1, "web : one again"));
    let host = || Arc::from("h1");
    vec![
        Event::PlaybookStart { path: PathBuf::from("site.yml"), plays: 2 },
        Event::PlayStart(Arc::new(PlayInfo {
            name: "all of them".to_owned(),
            pattern: "all".to_owned(),
            hosts: vec![host(), "h2".into()],
            host_count: 3,
            first_tasks: 4,
            check_mode: true,
            strategy: "free".to_owned(),
            origin: Some(Origin::whole(Source::described("<adhoc>"))),
        })),
        Event::TaskStart { task: first.clone(), kind: TaskKind::Handler },
        Event::HostStart(first.clone(), HostLabel::of(host())),
        Event::Error(Report::new("Task failed").caused_by(Report::new("of this"))),
        Event::ItemEnd(result(&first, Status::Failed { ignored: true })),
        Event::HostEnd(result(&again, Status::Unreachable { ignored: false })),
        Event::HostEnd(TaskResult { item_label: None, ..result(&again, Status::Skipped) }),
        Event::Retry { result: result(&first, Status::Ok), attempt: 1, retries: 3 },
        Event::AsyncPoll { host: host(), job: "j1.2".to_owned() },
        Event::AsyncEnd { host: host(), job: None, failed: true },
        Event::Included {
            file: "more.yml".to_owned(),
            hosts: vec![host()],
            item: Some("a".into()),
            variables: Dict::from([("item", "a")]),
            task: first,
        },
        Event::Notified { handler: "restart".into(), host: host() },
        Event::NoHostsMatched,
        Event::NoHostsRemaining,
        Event::Stepped("Perform task?".to_owned()),
        Event::Text("a list".to_owned()),
        Event::Warning("careful".to_owned()),
        Event::WarningReport(Report::new("more careful")),
        Event::Deprecated(Report::new("soon gone")),
        Event::RunError(Report::new("of the run")),
        Event::Verbose { level: 3, host: Some(host()), text: "EXEC".to_owned() },
        Event::Recap {
            hosts: vec![(host(), Counts { ok: 1, changed: 2, rescued: 3, ..Counts::default() })],
            custom: Dict::from([("_run", Dict::from([("total", 7)]))]),
        },
    ]
}

fn write(path: &Path, events: &[Event]) {
    let mut record = Record::create(path, &ABOUT).unwrap();
    for event in events {
        record.event(event, &Report::clone).unwrap();
    }
    record.end(2, Some(&Report::new("in the end"))).unwrap();
}

fn read(path: &Path) -> Result<(Vec<Event>, Option<u8>), String> {
    let (mut reader, header) = Reader::open(BufReader::new(std::fs::File::open(path).unwrap()))?;
    assert_eq!((header.program.as_str(), header.verbosity, header.check_mode), ("ansible-playbook", 2, true));
    let (mut events, mut code) = (Vec::new(), None);
    while let Some(line) = reader.next()? {
        match line {
            Line::Event(event) => events.push(*event),
            Line::End(end, error) => {
                assert_eq!(error.map(|error| error.render()).as_deref(), Some("in the end"));
                code = Some(end);
            }
            Line::Quiet => {}
        }
    }
    Ok((events, code))
}

/// The lines of a record without what tells of the time.
fn lines(path: &Path) -> Vec<Dict> {
    let text = std::fs::read_to_string(path).unwrap();
    let timeless = |line: &str| {
        let mut entries = from_json(line).unwrap().as_dict().unwrap().clone();
        entries.retain(|name, _| !matches!(name.as_str(), Some("seconds" | "started")));
        entries
    };
    text.lines().map(timeless).collect()
}

#[test]
fn what_is_read_is_what_was_written() {
    let directory = tempfile::tempdir().unwrap();
    let [one, two] = ["one", "two"].map(|name| directory.path().join(name));
    write(&one, &events());
    let (again, code) = read(&one).unwrap();
    assert_eq!(code, Some(2));
    assert_eq!(again.len(), events().len());
    write(&two, &again);
    assert_eq!(lines(&one), lines(&two));
    // The task is told again when it is another one under its number.
    assert_eq!(lines(&one).iter().filter(|line| line.get("event") == Some(&"task".into())).count(), 3);
}

#[test]
fn what_must_not_be_shown_is_not_kept() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("record");
    std::fs::write(&path, "of an earlier run, for everybody").unwrap();
    let secret = Arc::new(TaskInfo {
        no_log: true,
        args: Dict::from([("password", "hunter2")]),
        ..TaskInfo::clone(&task(1, "secret"))
    });
    write(&path, &[Event::TaskStart { task: secret, kind: TaskKind::Task }]);
    assert!(!std::fs::read_to_string(&path).unwrap().contains("hunter2"));
    use std::os::unix::fs::PermissionsExt as _;
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_is_no_record_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("record");
    for (text, expected) in [
        ("", "the file is empty"),
        ("{}\n", "line 1: this is no record of churten (no `\"event\": \"record\"`)"),
        ("hello\n", "line 1: Expecting value: line 1 column 1 (char 0)"),
        ("[]\n", "line 1: this is no JSON object"),
        ("{\"event\": \"record\", \"version\": 2}\n", "line 1: the record has version 2, and this churten reads 1"),
        (
            "{\"event\": \"record\", \"version\": 1",
            "line 1: the line has no end; the run, or the disk, ended while it was written",
        ),
    ] {
        std::fs::write(&path, text).unwrap();
        let opened = Reader::open(BufReader::new(std::fs::File::open(&path).unwrap()));
        assert_eq!(opened.map(|_| ()).unwrap_err(), expected);
    }
    write(&path, &[]);
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(
        b"{\"event\": \"of a newer churten\"}\n{\"event\": \"host_end\", \"task\": 9, \"status\": \"ok\"}\n",
    )
    .unwrap();
    assert_eq!(read(&path).unwrap_err(), "line 4: no line told of task 9");
}
