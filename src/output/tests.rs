//! Events in, text out; the expected text is ansible-core's.

use super::default::DefaultCallback;
use super::options::OutputOptions;
use super::*;
use churten_executor::{Counts, Event, HostLabel, PlayInfo, Status, TaskInfo, TaskKind, TaskResult};
use churten_value::{Dict, Value, from_json};
use std::io::Write;
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Sink {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

fn dict(json: &str) -> Dict {
    from_json(json).unwrap().as_dict().unwrap().clone()
}

fn task(name: &str, action: &str) -> TaskInfo {
    TaskInfo {
        id: 1,
        name: name.into(),
        action: action.into(),
        resolved_action: format!("ansible.builtin.{action}"),
        args: Dict::from([("msg", "a"), ("x", "b")]),
        origin: None,
        no_log: false,
        check_mode: false,
        diff: true,
        is_loop: false,
        role: None,
        tags: Vec::new(),
        run_once: false,
    }
}

fn start(task: &TaskInfo) -> Event {
    Event::TaskStart { task: Arc::new(task.clone()), kind: TaskKind::Task }
}

fn result(task: &TaskInfo, status: Status, json: &str) -> TaskResult {
    TaskResult {
        host: HostLabel::of("h1".into()),
        task: Arc::new(task.clone()),
        status,
        result: Arc::new(dict(json)),
        item_label: None,
        seconds: 0.0,
        said: Arc::default(),
    }
}

fn item(task: &TaskInfo, label: &str, status: Status, json: &str) -> Event {
    Event::ItemEnd(TaskResult { item_label: Some(label.into()), ..result(task, status, json) })
}

fn shown(console: ConsoleOptions, options: OutputOptions, events: &[Event]) -> (String, String) {
    let (output, error) = (Sink::default(), Sink::default());
    let console = Console::with_writers(console, Box::new(output.clone()), Box::new(error.clone()));
    let mut callback = Callbacks::new(
        console,
        Listeners { listeners: vec![Box::new(DefaultCallback::new(options))], left_out: vec![], loaded: vec![] },
    );
    for event in events {
        callback.event(event);
    }
    (output.text(), error.text())
}

fn plain(verbosity: u8, events: &[Event]) -> (String, String) {
    shown(
        ConsoleOptions { verbosity, ..ConsoleOptions::default() },
        OutputOptions { verbosity, ..OutputOptions::default() },
        events,
    )
}

fn banner(text: &str) -> String {
    format!("\n{text} {}\n", "*".repeat(79 - text.len()))
}

#[test]
fn results() {
    let command = task("Run", "command");
    let json = r#"{"rc": 0, "changed": true, "failed": false, "invocation": {}, "_ansible_no_log": false, "é": "ü"}"#;
    let events = [start(&command), Event::HostEnd(result(&command, Status::Ok, json))];
    assert_eq!(plain(0, &events).0, format!("{}changed: [h1]\n", banner("TASK [Run]")));
    let verbose = format!("{}changed: [h1] => {{\"changed\": true, \"rc\": 0, \"é\": \"ü\"}}\n", banner("TASK [Run]"));
    assert_eq!(plain(1, &events).0, verbose);
    let most = plain(3, &events).0;
    assert!(most.ends_with("\"invocation\": {},\n    \"rc\": 0,\n    \"é\": \"ü\"\n}\n"), "{most}");
}

#[test]
fn debug_shows_only_what_it_was_asked() {
    let debug = task("debug", "debug");
    let json = r#"{"msg": "hi", "changed": false, "failed": false, "_ansible_verbose_always": true}"#;
    let variable = r#"{"item": 1, "changed": false, "_ansible_verbose_always": true}"#;
    let looping = TaskInfo { id: 2, is_loop: true, ..debug.clone() };
    let events = [
        start(&debug),
        Event::HostEnd(result(&debug, Status::Ok, json)),
        start(&looping),
        item(&looping, "1", Status::Ok, variable),
        Event::HostEnd(result(&looping, Status::Ok, r#"{"results": [1], "changed": false}"#)),
    ];
    let expected = format!(
        "{}ok: [h1] => {{\n    \"msg\": \"hi\"\n}}\n{}ok: [h1] => (item=1) => {{\n    \"item\": 1\n}}\n",
        banner("TASK [debug]"),
        banner("TASK [debug]")
    );
    assert_eq!(plain(0, &events).0, expected);
}

#[test]
fn what_a_module_calls_results_is_shown() {
    let looping = TaskInfo { is_loop: true, ..task("Install", "dnf5") };
    let events = [
        start(&looping),
        item(&looping, "a", Status::Ok, r#"{"changed": true, "results": ["Installed: a"]}"#),
        item(&looping, "b", Status::Failed { ignored: false }, r#"{"msg": "no", "results": []}"#),
        Event::HostEnd(result(&looping, Status::Failed { ignored: false }, r#"{"results": [1, 2], "msg": "x"}"#)),
    ];
    let expected = format!(
        "{}changed: [h1] => (item=a) => {{\"changed\": true, \"results\": [\"Installed: a\"]}}\n\
         failed: [h1] (item=b) => {{\"msg\": \"no\", \"results\": []}}\n",
        banner("TASK [Install]"),
    );
    assert_eq!(plain(1, &events).0, expected);
}

#[test]
fn failures_and_what_follows_them() {
    let fail = task("fail", "fail");
    let looping = TaskInfo { id: 2, is_loop: true, ..fail.clone() };
    let report = churten_diagnostics::Report::new("Task failed: no");
    let events = [
        start(&fail),
        Event::Error(report.clone()),
        Event::HostEnd(result(
            &fail,
            Status::Failed { ignored: true },
            r#"{"msg": "no", "changed": false, "failed": true}"#,
        )),
        start(&looping),
        Event::Error(report),
        item(&looping, "a", Status::Failed { ignored: false }, r#"{"msg": "no"}"#),
        item(&looping, "b", Status::Skipped, r#"{"skipped": true}"#),
        Event::HostEnd(result(&looping, Status::Failed { ignored: false }, r#"{"results": [], "msg": "x"}"#)),
        Event::HostEnd(result(&fail, Status::Unreachable { ignored: true }, r#"{"unreachable": true}"#)),
    ];
    let expected = format!(
        "{}[ERROR]: Task failed: no\nfatal: [h1]: FAILED! => {{\"changed\": false, \"msg\": \"no\"}}\n...ignoring\n{}\
         failed: [h1] (item=a) => {{\"msg\": \"no\"}}\nskipping: [h1] => (item=b) \n{}\
         fatal: [h1]: UNREACHABLE! => {{\"unreachable\": true}}\n...ignoring\n",
        banner("TASK [fail]"),
        banner("TASK [fail]"),
        banner("TASK [fail]"),
    );
    assert_eq!(plain(0, &events).0, expected);
}

#[test]
fn options_hide_and_mark() {
    let command = task("cmd", "command");
    let fail = TaskInfo { id: 2, check_mode: true, ..task("fail", "fail") };
    let play = PlayInfo {
        pattern: "all".into(),
        name: "all".into(),
        hosts: vec!["h1".into()],
        host_count: 1,
        first_tasks: 2,
        check_mode: true,
        strategy: "linear".into(),
        origin: None,
    };
    let options = OutputOptions {
        check_mode: true,
        check_mode_markers: true,
        display_ok_hosts: false,
        display_skipped_hosts: false,
        display_failed_stderr: true,
        display_arguments: true,
        show_per_host_start: true,
        ..OutputOptions::default()
    };
    let host = HostLabel::of("h1".into());
    let events = [
        Event::PlaybookStart { path: "x.yml".into(), plays: 1 },
        Event::PlayStart(Arc::new(play)),
        start(&command),
        Event::HostStart(Arc::new(command.clone()), host),
        Event::HostEnd(result(&command, Status::Ok, r#"{"changed": false}"#)),
        Event::HostEnd(result(&command, Status::Skipped, "{}")),
        start(&fail),
        Event::HostEnd(result(&fail, Status::Failed { ignored: false }, r#"{"msg": "x"}"#)),
        Event::Recap { hosts: Vec::new(), custom: Dict::new() },
    ];
    let (output, error) = shown(ConsoleOptions::default(), options, &events);
    let expected = format!(
        "{}{} [started TASK: cmd on h1]\n{}{}\n{}",
        banner("DRY RUN"),
        banner("PLAY [all] [CHECK MODE]"),
        banner("TASK [fail msg=a, x=b] [CHECK MODE]"),
        banner("PLAY RECAP"),
        banner("DRY RUN"),
    );
    assert_eq!(output, expected);
    assert_eq!(error, "fatal: [h1]: FAILED! => {\"msg\": \"x\"}\n");
}

#[test]
fn diffs_in_colour() {
    let copy = task("copy", "copy");
    let json =
        r#"{"changed": true, "diff": [{"before": "a\n", "after": "b\n", "after_header": "/f"}, {"prepared": "p"}]}"#;
    let events = [start(&copy), Event::HostEnd(result(&copy, Status::Ok, json))];
    let console = ConsoleOptions { colour: true, ..ConsoleOptions::default() };
    let (output, _) = shown(console, OutputOptions::default(), &events);
    let expected = "\x1b[0;31m--- before\x1b[0m\n\x1b[0;31m\x1b[0m\x1b[0;32m+++ after: /f\x1b[0m\n\x1b[0;32m\x1b[0m\
                    \x1b[0;36m@@ -1 +1 @@\x1b[0m\n\x1b[0;36m\x1b[0m\x1b[0;31m-a\x1b[0m\n\x1b[0;31m\x1b[0m\
                    \x1b[0;32m+b\x1b[0m\n\x1b[0;32m\x1b[0m\np\n\x1b[0;33mchanged: [h1]\x1b[0m\n";
    assert_eq!(output.split_once("*\n").unwrap().1, expected);
}

#[test]
fn recap_and_statistics() {
    let counts = Counts { ok: 13, changed: 3, failed: 1, ignored: 2, ..Counts::default() };
    let custom = dict(r#"{"h1": {"h": 1}, "_run": {"a": 2, "b": {"c": ["x", "y"]}}}"#);
    let events = [Event::Recap { hosts: vec![("h1".into(), counts)], custom }];
    let options = OutputOptions { show_custom_stats: true, ..OutputOptions::default() };
    let (output, _) = shown(ConsoleOptions::default(), options.clone(), &events);
    let expected = format!(
        "{}h1                         : ok=13   changed=3    unreachable=0    failed=1    skipped=0    rescued=0    \
         ignored=2   \n\n{}\th1: {{ \"h\": 1}}\n\n\tRUN: {{ \"a\": 2, \"b\": {{  \"c\": [   \"x\",   \"y\"  ] }}}}\n\n",
        banner("PLAY RECAP"),
        banner("CUSTOM STATS:"),
    );
    assert_eq!(output, expected);
    let console = ConsoleOptions { colour: true, ..ConsoleOptions::default() };
    let (output, _) = shown(console, options, &events);
    assert!(output.contains("\x1b[0;31mh1\x1b[0m                         : \x1b[0;32mok=13  \x1b[0m \x1b[0;33mchanged=3   \x1b[0m unreachable=0    \x1b[0;31mfailed=1   \x1b[0m skipped=0"), "{output}");
}

#[test]
fn messages_are_shown_once() {
    let command = task("cmd", "command");
    let json = r#"{"warnings": ["w", "two\nlines"], "deprecations": [{"msg": "old", "version": "2.23", "collection_name": "ansible.builtin"}]}"#;
    let end = Event::HostEnd(result(&command, Status::Ok, json));
    let (_, error) = plain(0, &[start(&command), end.clone(), end]);
    assert_eq!(
        error,
        "[WARNING]: w\n[WARNING]: two\nlines\n\n[WARNING]: Deprecation warnings can be disabled by setting \
         `deprecation_warnings=False` in ansible.cfg.\n[DEPRECATION WARNING]: old. This feature will be removed from \
         ansible-core version 2.23.\n"
    );
}

#[test]
fn retries_and_includes() {
    let command = task("cmd", "command");
    let retry =
        Event::Retry { result: result(&command, Status::Failed { ignored: false }, "{}"), attempt: 1, retries: 3 };
    let included = Event::Included {
        variables: Dict::new(),
        file: "/t.yml".into(),
        hosts: vec!["h1".into(), "h2".into()],
        item: Some(Value::from("a")),
        task: Arc::new(command),
    };
    let (output, _) = plain(0, &[retry, included]);
    let expected = format!(
        "FAILED - RETRYING: [h1]: cmd (2 retries left).\n{}included: /t.yml for h1, h2 => (item=a)\n",
        banner("TASK [cmd]")
    );
    assert_eq!(output, expected);
}
