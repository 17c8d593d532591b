//! What goes wrong on a host is one task that fails, or one host that is unreachable for one task; nothing stays behind.

use crate::hosts::{Fleet, repository};
use crate::output::Report;
use crate::run::{Program, Run};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn modules_that_break() {
    let Some(mut fleet) = Fleet::find("modules that break what runs them") else { return };
    let Some(oracle) = churten_testing::Oracle::find() else { return };
    let hosts = fleet.of_kind("sshd");
    let inventory = fleet.write("inventory/hosts.yml", &fleet.tool(&["inventory", "--user", "deploy"]));
    let command = |fleet: &Fleet, playbook: PathBuf| {
        let options = vec!["--limit".to_owned(), format!("{},{}", hosts[0], hosts[1])];
        let inventories = vec![inventory.clone()];
        let mut command = Run { fleet, program: Program::Churten, inventories, playbook: &playbook, options }.command();
        // Where the library of ansible-core is found.
        command.env("PATH", format!("{}:/usr/sbin:/usr/bin:/sbin:/bin", oracle.directory().display()));
        command
    };
    let of_python = |name: &str| repository().join("tests/python").join(name);
    for (playbook, recap) in [
        (of_python("breaking.yml"), "unreachable=0    failed=0    skipped=0    rescued=0    ignored=11"),
        (of_python("surviving.yml"), "unreachable=0    failed=0    skipped=0    rescued=0    ignored=10"),
        (
            repository().join("tests/fleet/playbooks/faults.yml"),
            "unreachable=0    failed=0    skipped=0    rescued=0    ignored=5",
        ),
    ] {
        let report = Report::new(&command(&fleet, playbook.clone()).output().unwrap());
        fleet.check(report.stdout.matches(recap).count() == 2, || report.everything());
        fleet.check(report.code == Some(0), || report.everything());
        // A worker that is killed cannot tidy up; one that comes days later does.
        for host in &hosts[..2] {
            fleet.shell(host, "cd /home/deploy/.ansible/tmp && for d in churten-[0-9]*-*; do p=${d#churten-}; [ -d /proc/${p%%-*} ] || rm -rf $d; done");
        }
        left(&mut fleet, &hosts);
    }
    // Ctrl-C ends what runs on the hosts.
    let mut run =
        command(&fleet, of_python("endless.yml")).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while fleet.shell(&hosts[0], "ls /home/deploy/begun 2>/dev/null").is_empty() {
        fleet.check(begun.elapsed() < Duration::from_secs(60), || "the module has not begun".to_owned());
        std::thread::sleep(Duration::from_millis(50));
    }
    let interrupt = Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    let code = run.wait().unwrap().code();
    fleet.check(interrupt.success() && code == Some(99), || format!("{code:?}"));
    left(&mut fleet, &hosts);
}

/// Nothing is left on two hosts, after a moment.
fn left(fleet: &mut Fleet, hosts: &[String]) {
    std::thread::sleep(Duration::from_secs(2));
    for host in &hosts[..2] {
        let left = fleet.leftovers(host);
        fleet.check(left.is_empty(), || format!("left on {host}:\n{left}"));
        let processes = fleet.shell(host, "ps ax 2>/dev/null | grep -e '[p]ython-.*zip' -e '[y]es all work'");
        fleet.check(processes.is_empty(), || format!("left on {host}:\n{processes}"));
        fleet.shell(host, "rm -rf /home/deploy/begun /home/deploy/copied /home/deploy/python-to-remove");
    }
}
