//! Modules in Python over SSH: as ansible-core runs them, also through sudo; nothing of them stays behind.

use crate::hosts::{Fleet, repository};
use crate::output::Report;
use crate::run::{Program, Run};
use std::time::Duration;

#[test]
fn modules_in_python() {
    let Some(mut fleet) = Fleet::find("modules in Python beside ansible-core") else { return };
    let Some(oracle) = churten_testing::Oracle::find() else { return };
    let hosts = fleet.of_kind("sshd");
    let busybox = fleet.of_kind("busybox").remove(0);
    let inventories = vec![fleet.write("inventory/hosts.yml", &fleet.tool(&["inventory", "--user", "deploy"]))];
    let run = |fleet: &Fleet, program: Program, host: &str, name: &str, more: &[&str]| -> Report {
        let playbook = repository().join("tests/python").join(name);
        let options = vec!["--limit".to_owned(), host.to_owned()];
        let run = Run { fleet, program, inventories: inventories.clone(), playbook: &playbook, options };
        let mut command = run.command();
        // Where the library of ansible-core is found.
        command.env("PATH", format!("{}:/usr/sbin:/usr/bin:/sbin:/bin", oracle.directory().display())).args(more);
        Report::new(&command.output().unwrap())
    };
    // Where it is missing, ansible-core's module makes it and warns of that; churten's worker is there before.
    let homes = "install -d -m 700 /root/.ansible/tmp; install -d -o deploy -m 700 /home/deploy/.ansible /home/deploy/.ansible/tmp";
    hosts.iter().for_each(|host| drop(fleet.shell(host, homes)));
    let theirs = Program::Oracle(oracle.program("ansible-playbook"));
    for (name, more) in [("kinds.yml", &["-v"][..]), ("closure.yml", &["-v", "-b"])] {
        let of = |report: Report, host: &str| without_terminal(&report.normalised().replace(host, "HOST"));
        let expected = of(run(&fleet, theirs.clone(), &hosts[0], name, more), &hosts[0]);
        let report = run(&fleet, Program::Churten, &hosts[1], name, more);
        let errors = report.stderr.clone();
        fleet.same(&format!("{name} {more:?} ({errors})"), &of(report, &hosts[1]), &expected);
    }
    let report = run(&fleet, Program::Churten, &busybox, "closure.yml", &[]);
    fleet.check(report.code == Some(2), || report.everything());
    fleet.check(report.stdout.contains("The module interpreter '/usr/bin/python3' was not found."), || {
        report.everything()
    });
    // What was killed is gone at once, what was told to end by the lost connection soon.
    std::thread::sleep(Duration::from_millis(500));
    for host in [&hosts[1], &busybox] {
        let left = fleet.leftovers(host);
        fleet.check(left.is_empty(), || format!("left on {host}:\n{left}"));
        let python = fleet.shell(host, "ps ax 2>/dev/null | grep '[p]ython-.*zip'");
        fleet.check(python.is_empty(), || format!("left on {host}:\n{python}"));
    }
    fleet.shell(&hosts[0], "rm -rf /root/.ansible/tmp/ansible-tmp-* /home/*/.ansible/tmp/ansible-tmp-*");
}

/// ansible-core gives modules that are no Python a terminal: their lines end in two characters, and ssh says goodbye.
fn without_terminal(text: &str) -> String {
    let text = text.replace("\\r\\n", "\\n");
    let mut parts = text.split("Shared connection to ");
    let mut clean = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        clean.push_str(part.split_once("closed.\\n").map_or(part, |(_, rest)| rest));
    }
    clean
}
