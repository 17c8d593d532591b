//! What `systemd_service` and `service` call, and what they answer, on hosts in memory.

use churten_module::{FakeHost, Options, Output};
use churten_value::{Dict, Value, from_json};

fn host(properties: &'static str, enabled: &'static str) -> FakeHost {
    FakeHost::new().with_program("/usr/bin/systemctl").on(move |words| {
        let said = |code: i32, text: &str| Some(Output { code, stdout: text.into(), ..Output::default() });
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            [_, .., "show", _] => said(0, properties),
            [_, .., "is-enabled", _] | [_, .., "is-enabled", _, "-l"] => {
                let known = enabled.starts_with("enabled") || matches!(enabled, "static" | "indirect");
                said(i32::from(!known), enabled)
            }
            [_, .., "reload", _] => Some(Output { code: 1, stderr: "no reload\n".into(), ..Output::default() }),
            _ => said(0, ""),
        }
    })
}

fn run(host: &FakeHost, module: &str, arguments: &str, check: bool) -> (Dict, Vec<String>) {
    let arguments = from_json(arguments).unwrap().as_dict().unwrap().clone();
    let options = Options { check, ..Options::default() };
    let result = churten_modules::find(module).unwrap().run(host, &arguments, &options);
    let executed = host
        .executed()
        .iter()
        .map(|command| match &command.program {
            churten_module::Program::Arguments(words) => words.get(1..).unwrap_or_default().join(" "),
            churten_module::Program::Shell { line, .. } => line.clone(),
        })
        .collect();
    (result, executed)
}

const LOADED: &str = "Id=a.service\nLoadState=loaded\nActiveState=active\n";
const DEAD: &str = "Id=a.service\nLoadState=loaded\nActiveState=inactive\n";
const NONE: &str = "Id=a.service\nLoadState=not-found\nActiveState=inactive\n";

#[test]
fn units_are_brought_into_their_state() {
    for (properties, enabled, arguments, changed, executed) in [
        (DEAD, "disabled", r#"{"name": "a", "state": "started", "enabled": true}"#, true, &["enable a", "start a"][..]),
        (LOADED, "enabled", r#"{"name": "a", "state": "started", "enabled": true}"#, false, &[]),
        (LOADED, "enabled", r#"{"name": "a", "state": "restarted"}"#, true, &["restart a"]),
        (DEAD, "enabled", r#"{"name": "a", "state": "reloaded"}"#, true, &["start a"]),
        (LOADED, "indirect", r#"{"name": "a", "enabled": true}"#, true, &["enable a"]),
        (LOADED, "static", r#"{"name": "a", "enabled": true}"#, false, &[]),
        (LOADED, "masked", r#"{"name": "a", "masked": true}"#, false, &[]),
        (NONE, "", r#"{"name": "a", "masked": true}"#, true, &["mask a"]),
        (DEAD, "enabled", r#"{"name": "a", "state": "stopped", "daemon_reload": true}"#, false, &["daemon-reload"]),
        (LOADED, "enabled", r#"{"name": "a", "state": "stopped", "no_block": true}"#, true, &["--no-block stop a"]),
    ] {
        for check in [true, false] {
            let host = host(properties, enabled);
            let (result, done) = run(&host, "systemd_service", arguments, check);
            assert_eq!(result.get("changed"), Some(&Value::from(changed)), "{arguments} {result:?}");
            assert!(result.get("failed").is_none(), "{arguments} {result:?}");
            let expected: &[&str] = if check { &[] } else { executed };
            assert_eq!(done, expected, "{arguments}");
        }
    }
}

#[test]
fn failures_are_told_as_ansible_does() {
    for (properties, arguments, msg) in [
        (NONE, r#"{"name": "a", "state": "started"}"#, "Could not find the requested service a: host"),
        (NONE, r#"{"name": "a", "enabled": false}"#, "Could not find the requested service a: host"),
        (LOADED, r#"{"name": "a", "state": "reloaded"}"#, "Unable to reload service a: no reload\n"),
        ("LoadState=loaded\n", r#"{"name": "a", "state": "started"}"#, "Service is in unknown state"),
        (
            "LoadState=error\nLoadError=bad\n",
            r#"{"name": "a", "state": "started"}"#,
            "Error loading unit file 'a': bad",
        ),
        (
            LOADED,
            r#"{"name": "a*", "state": "started"}"#,
            "This module does not currently support using glob patterns, found '*' in service name: a*",
        ),
        (LOADED, r#"{"state": "started"}"#, "missing parameter(s) required by 'state': name"),
    ] {
        let (result, done) = run(&host(properties, ""), "systemd", arguments, false);
        assert_eq!(result.get("msg").and_then(Value::as_str), Some(msg), "{arguments}");
        assert!(done.iter().all(|line| line.starts_with("reload")), "{done:?}");
    }
}

#[test]
fn services_go_to_the_manager_of_the_host() {
    let systemd = host(DEAD, "disabled").with_file("/proc/1/comm", "systemd\n");
    let (result, done) = run(&systemd, "service", r#"{"name": "a", "state": "started", "sleep": 1}"#, false);
    assert_eq!(done, ["start a"]);
    let warnings = result.get("warnings").unwrap().to_text();
    assert_eq!(warnings, r#"['Ignoring "sleep" as it is not used in "systemd"']"#);

    let scripts = FakeHost::new()
        .with_file("/proc/1/comm", "init\n")
        .with_program("/etc/init.d/a")
        .with_program("/usr/sbin/service")
        .with_program("/usr/sbin/update-rc.d")
        .on(|words| Some(Output { code: if words.last()? == "status" { 3 } else { 0 }, ..Output::default() }));
    let (result, done) = run(&scripts, "service", r#"{"name": "a", "state": "started", "enabled": true}"#, false);
    assert_eq!(done, ["a defaults", "a enable", "a start"], "{result:?}");
    assert_eq!(result.get("state").and_then(Value::as_str), Some("started"));
    let (result, _) = run(&scripts, "service", r#"{"name": "b", "state": "started"}"#, false);
    assert_eq!(result.get("msg").and_then(Value::as_str), Some("Could not find the requested service b: host"));
}

#[test]
fn pip_is_asked_and_believed() {
    let host = |said: &'static str| {
        FakeHost::new().with_program("/usr/bin/pip3").on(move |words| {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let stdout = if words.contains(&"list") { "Left-Pad==1.0\nother==2\n" } else { said };
            Some(Output { stdout: stdout.into(), ..Output::default() })
        })
    };
    const DONE: &str = "Successfully installed left_pad-1.0\n";
    for (said, arguments, check, changed, executed) in [
        (DONE, r#"{"name": "left_pad"}"#, false, true, "install left_pad"),
        ("Requirement already satisfied\n", r#"{"name": "left_pad"}"#, false, false, "install left_pad"),
        (DONE, r#"{"name": "left_pad", "version": "1.0"}"#, false, true, "install left_pad==1.0"),
        (DONE, r#"{"name": ["a>1", "<2", "b"]}"#, false, true, "install a>1,<2 b"),
        (DONE, r#"{"name": "a", "extra_args": "--user -i 'x y'"}"#, false, true, "install --user -i x y a"),
        (DONE, r#"{"name": "a", "state": "latest"}"#, false, true, "install -U a"),
        ("Successfully uninstalled a\n", r#"{"name": "a", "state": "absent"}"#, false, true, "uninstall -y a"),
        (DONE, r#"{"name": "left_pad"}"#, true, false, ""),
        (DONE, r#"{"name": "left.pad==1.1"}"#, true, true, ""),
        (DONE, r#"{"name": "left_pad", "state": "absent"}"#, true, true, ""),
    ] {
        let host = host(said);
        let (result, done) = run(&host, "pip", arguments, check);
        assert!(result.get("failed").is_none(), "{arguments} {result:?}");
        assert_eq!(result.get("changed"), Some(&Value::from(changed)), "{arguments} {result:?}");
        let executed: Vec<&str> = Some(executed).filter(|line| !line.is_empty()).into_iter().collect();
        assert_eq!(done, executed, "{arguments}");
    }
    let (result, _) = run(&host(DONE), "pip", r#"{"name": ["a", "b"], "version": "1"}"#, false);
    let msg = result.get("msg").map(Value::to_text).unwrap_or_default();
    assert!(msg.contains("'version' argument is ambiguous"), "{msg}");
}
