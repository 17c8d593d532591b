//! The site playbook of this repository, on every kind of host and for every kind of user.

use crate::hosts::{Fleet, repository};
use crate::output::{Report, Told};
use crate::run::{Program, Run};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Who logs in.
struct User {
    name: &'static str,
    options: Vec<String>,
}

#[test]
fn as_root() {
    everything_comes_true(|_| User { name: "root", options: Vec::new() }, "the site as root");
}

#[test]
fn as_a_user_with_sudo() {
    everything_comes_true(|_| User { name: "deploy", options: vec!["--become".into()] }, "the site as deploy, by sudo");
}

#[test]
fn as_a_user_whom_sudo_asks() {
    let user = |fleet: &Fleet| {
        let file = fleet.write("password", "ops-pw\n");
        let option = format!("--become-password-file={}", file.display());
        User { name: "ops", options: vec!["--become".into(), option] }
    };
    everything_comes_true(user, "the site as ops, by sudo with a password");
}

/// The inventory: the hosts of the tool, and the roles they play here.
fn inventories(fleet: &Fleet, user: &str) -> Vec<PathBuf> {
    let hosts = fleet.tool(&["inventory", "--user", user]);
    // The password comes by another way here.
    let hosts: Vec<&str> = hosts.lines().filter(|line| !line.contains("ansible_become_password")).collect();
    let prefix = prefix(user);
    let mut nodes = String::new();
    let (mut sshd, systemd, busybox) = (fleet.of_kind("sshd"), fleet.of_kind("nspawn"), fleet.of_kind("busybox"));
    let monitoring = sshd.pop().unwrap();
    for (host, variables) in [
        (&sshd[0], "{}"),
        (&sshd[1], "{consensus_client: teku}"),
        (&systemd[0], "{execution_client: nethermind, consensus_client: nimbus}"),
        // Neither sudo nor the programs that make users.
        (&busybox[0], "{ephemery_manage_user: false, ansible_become: false}"),
    ] {
        let _ = writeln!(nodes, "        {host}: {variables}");
    }
    let groups = format!(
        "all:\n  vars:\n    ephemery_prefix: {prefix}\n  children:\n    ephemery:\n      hosts:\n{nodes}    monitoring:\n      \
         hosts:\n        {monitoring}: {{}}\n"
    );
    for file in ["all/network.yml", "ephemery/clients.yml"] {
        let text = std::fs::read_to_string(repository().join("inventories/example/group_vars").join(file)).unwrap();
        fleet.write(&format!("inventory/group_vars/{file}"), &text);
    }
    vec![fleet.write("inventory/hosts.yml", &(hosts.join("\n") + "\n")), fleet.write("inventory/groups.yml", &groups)]
}

fn prefix(user: &str) -> String {
    format!("/var/tmp/churten-fleet-{user}")
}

/// The hosts as they were before any run.
fn forget(fleet: &Fleet, user: &str) {
    for host in fleet.hosts.keys() {
        let line = format!("rm -rf {}; userdel ephemery; groupdel ephemery", prefix(user));
        fleet.shell(host, &format!("({line}) 2>/dev/null; true"));
    }
}

/// Every file of the prefix: mode, owner, kind, size and bytes; of secrets only the size.
fn tree(fleet: &Fleet, host: &str, user: &str) -> String {
    let line = format!(
        "cd {} && find . | sort | while read f; do stat -c '%A %U:%G %n' \"$f\"; case $f in */jwt.hex) wc -c <\"$f\";; \
         *) [ ! -f \"$f\" ] || sha256sum \"$f\";; esac; done",
        prefix(user)
    );
    fleet.shell(host, &line)
}

fn everything_comes_true(user: impl FnOnce(&Fleet) -> User, name: &'static str) {
    let Some(mut fleet) = Fleet::find(name) else { return };
    let user = user(&fleet);
    forget(&fleet, user.name);
    let playbook = repository().join("playbooks/site.yml");
    let inventories = inventories(&fleet, user.name);
    let run = |fleet: &Fleet, more: &[&str]| -> Report {
        let options = user.options.clone();
        Run { fleet, program: Program::Churten, inventories: inventories.clone(), playbook: &playbook, options }
            .run(more)
    };

    let predicted = run(&fleet, &["--check", "--diff"]);
    fleet.check(predicted.code == Some(0), || predicted.everything());
    for host in fleet.hosts.clone().keys() {
        let touched = fleet.shell(host, &format!("ls -d {} 2>/dev/null", prefix(user.name)));
        fleet.check(touched.is_empty(), || format!("the dry run made {touched} on {host}"));
    }
    let done = run(&fleet, &["--diff"]);
    fleet.check(done.code == Some(0), || done.everything());
    predictions_come_true(&mut fleet, &predicted, &done);
    let again = run(&fleet, &["--diff"]);
    fleet.check(again.code == Some(0), || again.everything());
    fleet.check(again.with("changed").is_empty(), || again.everything());
    let nothing = run(&fleet, &["--check", "--diff"]);
    fleet.check(nothing.code == Some(0) && nothing.with("changed").is_empty(), || nothing.everything());
    for host in fleet.hosts.clone().keys() {
        let left = fleet.leftovers(host);
        fleet.check(left.is_empty(), || format!("left on {host}:\n{left}"));
    }
    forget(&fleet, user.name);
}

/// Each task that a dry run may judge changes the hosts it said it would, and shows the same difference.
fn predictions_come_true(fleet: &mut Fleet, predicted: &Report, done: &Report) {
    let changes = |report: &Report| -> BTreeMap<(String, String, String), (String, String)> {
        let key = |told: &Told| (told.task.clone(), told.host.clone(), told.item.clone());
        report.told().into_iter().map(|told| (key(&told), (told.state, told.diff))).collect()
    };
    let (predicted, done) = (changes(predicted), changes(done));
    for ((task, host, item), (state, diff)) in &predicted {
        // A task that leaves dry runs out has no prediction.
        if state == "skipping" {
            continue;
        }
        let now = done.get(&(task.clone(), host.clone(), item.clone()));
        fleet.check(now.is_some_and(|(now, _)| now == state), || {
            format!("{task}: {host} {item}: predicted {state}, came {now:?}")
        });
        let difference = format!("{task}: {host} {item}: the difference");
        fleet.same(&difference, &predictable(&now.unwrap().1), &predictable(diff));
    }
}

/// A difference without what ansible-core, and so churten, shows only once a path is there: its mode and owner.
fn predictable(diff: &str) -> String {
    let is_attribute = |line: &str| {
        ["\"mode\":", "\"owner\":", "\"group\":", "\"uid\":", "\"gid\":"]
            .iter()
            .any(|key| line.trim_start_matches(['+', '-', ' ']).starts_with(key))
    };
    let lines = diff.lines().filter(|line| !line.starts_with("@@") && !is_attribute(line));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn as_ansible_core_does_it() {
    let Some(mut fleet) = Fleet::find("the site beside ansible-core") else { return };
    let Some(oracle) = churten_testing::Oracle::find() else { return };
    let oracle = Program::Oracle(oracle.program("ansible-playbook"));
    let user = "root";
    let playbook = repository().join("playbooks/site.yml");
    let inventories = inventories(&fleet, user);
    let hosts: Vec<String> =
        fleet.hosts.iter().filter(|(_, kind)| *kind != "busybox").map(|(name, _)| name.clone()).collect();
    let run = |fleet: &Fleet, program: &Program, more: &[&str]| -> Report {
        let limit = vec!["--limit".to_owned(), hosts.join(",")];
        let program = program.clone();
        Run { fleet, program, inventories: inventories.clone(), playbook: &playbook, options: limit }.run(more)
    };
    forget(&fleet, user);
    let trees = |fleet: &Fleet| -> Vec<String> { hosts.iter().map(|host| tree(fleet, host, user)).collect() };

    for options in [&["--check", "--diff"][..], &["--diff"]] {
        let theirs = run(&fleet, &oracle, options);
        fleet.check(theirs.code == Some(0), || theirs.everything());
        let their_trees = trees(&fleet);
        forget(&fleet, user);
        let ours = run(&fleet, &Program::Churten, options);
        fleet.check(ours.code == Some(0), || ours.everything());
        fleet.same(&format!("the output with {options:?}"), &ours.normalised(), &theirs.normalised());
        for ((host, ours), theirs) in hosts.iter().zip(trees(&fleet)).zip(their_trees) {
            fleet.same(&format!("the tree of {host} after {options:?}"), &ours, &theirs);
        }
    }
    // Either continues where the other stopped.
    let theirs = run(&fleet, &oracle, &["--diff"]);
    fleet.check(theirs.code == Some(0) && theirs.with("changed").is_empty(), || theirs.everything());
    let ours = run(&fleet, &Program::Churten, &["--diff"]);
    fleet.same("the output of the second run", &ours.normalised(), &theirs.normalised());
    forget(&fleet, user);
    remove_traces(&fleet, &hosts);
}

/// ansible-core leaves its own directories behind.
fn remove_traces(fleet: &Fleet, hosts: &[String]) {
    for host in hosts {
        fleet.shell(host, "rm -rf /root/.ansible/tmp/ansible-tmp-*");
    }
}
