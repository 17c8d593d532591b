//! What modules tell the log of a host with systemd, beside ansible-core's.

use crate::hosts::{Fleet, repository};
use crate::run::{Program, Run};

#[test]
fn hosts_logs_are_told_what_ansible_core_tells() {
    let Some(mut fleet) = Fleet::find("logs of hosts") else { return };
    let Some(oracle) = churten_testing::Oracle::find() else { return };
    let oracle = Program::Oracle(oracle.program("ansible-playbook"));
    let host = fleet.of_kind("nspawn").remove(0);
    let inventories = vec![fleet.write("inventory/hosts.yml", &fleet.tool(&["inventory"]))];
    let playbook = repository().join("tests/fleet/playbooks/logged.yml");
    let mut told = Vec::new();
    for program in [oracle, Program::Churten] {
        let options = vec!["--limit".to_owned(), host.clone()];
        let run = Run { fleet: &fleet, program, inventories: inventories.clone(), playbook: &playbook, options };
        let before = cursor(&fleet, &host);
        let report = run.run(&[]);
        let begun = cursor(&fleet, &host);
        let silent = run.run(&["-e", "ansible_no_target_syslog=true"]);
        for report in [report, silent] {
            fleet.check(report.code == Some(0), || report.everything());
        }
        let (all, rest) = (entries(&fleet, &host, &before), entries(&fleet, &host, &begun));
        fleet.same("what is told where nothing is to be", &rest, "");
        told.push(all);
    }
    fleet.check(told[0].lines().count() > 10 && told[0].contains("NOT_LOGGING_PARAMETER"), || told[0].clone());
    fleet.check(!told[1].contains("withheld") && !told[1].contains("secret@"), || told[1].clone());
    fleet.same("what the host's log is told", &told[1], &told[0]);
}

/// Where the host's journal ends.
fn cursor(fleet: &Fleet, host: &str) -> String {
    let shown = fleet.shell(host, "journalctl --sync; journalctl -q -n 0 --show-cursor");
    shown.split("cursor: ").nth(1).unwrap_or_default().trim().to_owned()
}

/// What modules have told since then: facility, priority, program and message of each line.
fn entries(fleet: &Fleet, host: &str, after: &str) -> String {
    let fields = "--output-fields=SYSLOG_FACILITY,PRIORITY,SYSLOG_IDENTIFIER,MESSAGE";
    let line = format!("journalctl --sync; journalctl -q --after-cursor='{after}' -o json {fields}");
    let mut lines = String::new();
    for entry in fleet.shell(host, &line).lines() {
        let entry = churten_value::from_json(entry).unwrap();
        let field = |name: &str| {
            let entry = entry.as_dict().unwrap();
            entry.get(name).map(churten_value::Value::to_text).unwrap_or_default()
        };
        let program = field("SYSLOG_IDENTIFIER");
        if program.starts_with("ansible-") {
            let (facility, priority, message) = (field("SYSLOG_FACILITY"), field("PRIORITY"), field("MESSAGE"));
            // A default that `user` computes is told as null, and elsewhere.
            let own = format!(" ssh_key_comment=ansible-generated on {host}");
            let message = message.replace(&own, "").replace(" ssh_key_comment=None", "");
            lines.push_str(&format!("{facility} {priority} {program}: {message}\n"));
        }
    }
    lines
}
