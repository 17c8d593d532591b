//! Connections that break, and connections that never come about.

use crate::hosts::Fleet;
use crate::output::Report;
use crate::run::{Program, Run};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const SLEEPING: &str = "\
- hosts: all
  gather_facts: false
  tasks:
    - name: Sleep
      ansible.builtin.command: sleep {{ seconds | default(0) }}
      changed_when: false
    - name: Go on
      ansible.builtin.ping:
";

const PING: &str = "\
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.ping:
";

fn ping(fleet: &Fleet, inventories: Vec<PathBuf>, more: &[&str]) -> Report {
    let playbook = fleet.write("ping.yml", PING);
    Run { fleet, program: Program::Churten, inventories, playbook: &playbook, options: Vec::new() }.run(more)
}

#[test]
fn a_host_that_is_lost_does_not_hold_the_others() {
    let Some(mut fleet) = Fleet::find("a lost connection") else { return };
    for kind in ["sshd", "nspawn", "busybox"] {
        let victim = fleet.of_kind(kind).remove(0);
        let inventory = fleet.write("hosts.yml", &fleet.tool(&["inventory"]));
        let seconds = fleet.write("seconds.yml", &format!("all: {{hosts: {{{victim}: {{seconds: 31}}}}}}\n"));
        let playbook = fleet.write("sleeping.yml", SLEEPING);
        let all: Vec<String> = fleet.hosts.keys().cloned().collect();
        let report = {
            let options = vec!["--limit".to_owned(), all.join(",")];
            let run = Run {
                fleet: &fleet,
                program: Program::Churten,
                inventories: vec![inventory, seconds],
                playbook: &playbook,
                options,
            };
            let output = std::fs::File::create(fleet.directory.path().join("output")).unwrap();
            let errors = std::fs::File::create(fleet.directory.path().join("errors")).unwrap();
            let begun = Instant::now();
            let mut child = run.command().stdout(output).stderr(errors).spawn().unwrap();
            let asleep = "for p in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <$p 2>/dev/null; echo; done | grep -c '^[a-z/]*sleep 31'";
            while fleet.shell(&victim, asleep).trim() == "0" {
                assert!(begun.elapsed() < Duration::from_secs(20), "nothing sleeps on {victim}");
                std::thread::sleep(Duration::from_millis(50));
            }
            fleet.tool(&["kill", &victim]);
            let status = child.wait().unwrap();
            assert!(begun.elapsed() < Duration::from_secs(30), "the sleep was waited for");
            let text = |name: &str| std::fs::read_to_string(fleet.directory.path().join(name)).unwrap();
            Report { code: status.code(), stdout: text("output"), stderr: text("errors") }
        };
        fleet.check(report.code == Some(4), || report.everything());
        fleet.check(report.with("unreachable") == [victim.clone()].into(), || report.everything());
        fleet.check(report.stdout.contains(&format!("fatal: [{victim}]: UNREACHABLE!")), || report.everything());
        let finished = report.recap("ok");
        for host in all.iter().filter(|host| **host != victim) {
            fleet.check(finished.get(host) == Some(&2), || report.everything());
        }
        // What was killed is gone at once, what was told to end by the lost connection soon.
        std::thread::sleep(Duration::from_millis(500));
        for host in &all {
            let left = fleet.leftovers(host);
            fleet.check(left.is_empty(), || format!("left on {host} after {victim} was lost:\n{left}"));
        }
    }
}

/// A change of the inventory that makes one host refuse.
struct Refusal {
    name: &'static str,
    user: &'static [&'static str],
    /// Variables of the host, `DIR` standing for the test's directory.
    variables: &'static str,
    options: &'static [&'static str],
    /// Words of the message.
    says: &'static [&'static str],
}

const REFUSALS: [Refusal; 6] = [
    Refusal {
        name: "a wrong host key",
        user: &["root"],
        variables: "ansible_ssh_common_args: '-F /dev/null -o IdentitiesOnly=yes -o UserKnownHostsFile=DIR/wrong_hosts -o GlobalKnownHostsFile=/dev/null -o StrictHostKeyChecking=yes'",
        options: &[],
        says: &["key"],
    },
    Refusal {
        name: "an unknown host key",
        user: &["root"],
        variables: "ansible_ssh_common_args: '-F /dev/null -o IdentitiesOnly=yes -o UserKnownHostsFile=DIR/no_hosts -o GlobalKnownHostsFile=/dev/null -o StrictHostKeyChecking=yes'",
        options: &[],
        says: &["key"],
    },
    Refusal {
        name: "a private key that cannot be read",
        user: &["root"],
        variables: "ansible_ssh_private_key_file: DIR/no_hosts",
        options: &[],
        says: &["no_hosts"],
    },
    Refusal {
        name: "a private key that is not there",
        user: &["root"],
        variables: "ansible_ssh_private_key_file: DIR/absent",
        options: &[],
        says: &["absent"],
    },
    Refusal {
        name: "a wrong password",
        user: &["root", "--password"],
        variables: "ansible_password: wrong",
        options: &[],
        says: &["denied"],
    },
    Refusal { name: "a refused port", user: &["root"], variables: "ansible_port: 9", options: &[], says: &["refused"] },
];

#[test]
fn refusals_name_the_host_and_the_reason() {
    let Some(mut fleet) = Fleet::find("refused connections") else { return };
    for refusal in &REFUSALS {
        for kind in ["sshd", "busybox"] {
            let victim = fleet.of_kind(kind).remove(0);
            let mut arguments = vec!["inventory", "--user"];
            arguments.extend(refusal.user);
            let text = fleet.tool(&arguments);
            let known = text.split("UserKnownHostsFile=").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
            let keys = std::fs::read_to_string(known).unwrap();
            fleet.write("no_hosts", "");
            fleet.write("wrong_hosts", &swapped(&keys));
            let inventory = fleet.write("hosts.yml", &text);
            let variables = refusal.variables.replace("DIR", &fleet.directory.path().to_string_lossy());
            let refusing = fleet.write("refusing.yml", &format!("all:\n  hosts:\n    {victim}:\n      {variables}\n"));
            let all: Vec<String> = fleet.hosts.keys().cloned().collect();
            let mut options = vec!["--limit".to_owned(), all.join(",")];
            options.extend(refusal.options.iter().map(|option| (*option).to_owned()));
            let options: Vec<&str> = options.iter().map(String::as_str).collect();
            let report = ping(&fleet, vec![inventory, refusing], &options);
            let explain = || format!("{} of {victim}: {}", refusal.name, report.everything());
            fleet.check(report.code == Some(4), explain);
            fleet.check(report.with("unreachable") == [victim.clone()].into(), explain);
            let line = report.stdout.lines().find(|line| line.starts_with(&format!("fatal: [{victim}]: UNREACHABLE!")));
            let line = line.unwrap_or_default();
            fleet.check(refusal.says.iter().all(|word| line.to_lowercase().contains(word)), explain);
            fleet.check(!line.contains("\\n\\n") && line.len() < 1200, explain);
            fleet.check(report.recap("ok").values().filter(|count| **count == 1).count() == all.len() - 1, explain);
        }
    }
}

/// The known hosts, each with the key of another.
fn swapped(known_hosts: &str) -> String {
    let lines: Vec<(&str, &str)> = known_hosts.lines().filter_map(|line| line.split_once(' ')).collect();
    let keys = lines.iter().map(|(_, key)| key).cycle().skip(1);
    lines.iter().zip(keys).map(|((host, _), key)| format!("{host} {key}\n")).collect()
}

#[test]
fn a_wrong_become_password_fails_the_task() {
    let Some(mut fleet) = Fleet::find("a wrong password for sudo") else { return };
    let inventory = fleet.write("hosts.yml", &fleet.tool(&["inventory", "--user", "ops"]));
    let victim = fleet.of_kind("sshd").remove(0);
    let wrong =
        fleet.write("wrong.yml", &format!("all: {{hosts: {{{victim}: {{ansible_become_password: wrong}}}}}}\n"));
    let others: Vec<String> =
        fleet.hosts.iter().filter(|(_, kind)| *kind != "busybox").map(|(name, _)| name.clone()).collect();
    let report = ping(&fleet, vec![inventory, wrong], &["--become", "--limit", &others.join(",")]);
    fleet.check(report.code == Some(2), || report.everything());
    fleet.check(report.with("failed") == [victim.clone()].into(), || report.everything());
    fleet.check(report.stdout.contains("Incorrect sudo password"), || report.everything());
    fleet.check(!report.everything().contains("ops-pw"), || "the password is in the output".to_owned());
}

/// A login by what a variable or a setting says, on a host whose key file is not there.
struct Login {
    name: &'static str,
    environment: &'static [(&'static str, &'static str)],
    /// `KEY` is a file of the fleet, `PORT` one that nothing listens at until a second has passed.
    variables: &'static str,
    /// What the refusal says; nothing where the host is reached.
    says: &'static str,
}

const HELD: &str = "ansible_ssh_private_key: \"{{ lookup('file', 'KEY') ~ '\\n' }}\"";

const LOGINS: [Login; 7] = [
    Login { name: "no key", environment: &[], variables: "{}", says: "Permission denied" },
    Login { name: "a key of an agent", environment: &[("ANSIBLE_SSH_AGENT", "auto")], variables: HELD, says: "" },
    Login { name: "a key without an agent", environment: &[], variables: HELD, says: "with SSH_AGENT disabled" },
    Login {
        name: "no key at all",
        environment: &[("ANSIBLE_SSH_AGENT", "auto")],
        variables: "ansible_private_key: rubbish",
        says: "Failed to add configured private key into ssh-agent: Not OpenSSH private key format",
    },
    Login {
        name: "variables of paramiko",
        environment: &[],
        variables: "{ansible_connection: paramiko_ssh, ansible_paramiko_private_key_file: KEY}",
        says: "",
    },
    Login {
        name: "variables of paramiko for ssh",
        environment: &[],
        variables: "ansible_paramiko_private_key_file: KEY",
        says: "Permission denied",
    },
    Login {
        name: "another attempt",
        environment: &[("ANSIBLE_SSH_RETRIES", "3"), ("ANSIBLE_HOST_KEY_CHECKING", "0")],
        variables: "{ansible_port: PORT, ansible_ssh_private_key_file: KEY, ansible_ssh_common_args: -F /dev/null}",
        says: "",
    },
];

#[test]
fn what_logins_are_made_with_is_asked_for() {
    let Some(mut fleet) = Fleet::find("logins") else { return };
    let host = fleet.of_kind("sshd").remove(0);
    let text = fleet.tool(&["inventory", "--user", "deploy"]);
    let value = |name: &str| text.split(name).nth(1).unwrap().split(['\n', ',', '}']).next().unwrap().trim().to_owned();
    let key = value("ansible_ssh_private_key_file:");
    let address = text.split(&format!("{host}: {{\"ansible_host\": \"")).nth(1).unwrap();
    let address = address.split('"').next().unwrap().to_owned();
    let port: u16 = text.split("\"ansible_port\": ").nth(1).unwrap().split([',', '}']).next().unwrap().parse().unwrap();
    let inventory = fleet.write("hosts.yml", &text);
    let without = fleet.write("without.yml", "all: {vars: {ansible_ssh_private_key_file: /nosuch}}\n");
    let playbook = fleet.write("ping.yml", PING);
    for login in &LOGINS {
        let free = std::net::TcpListener::bind((address.as_str(), 0)).unwrap().local_addr().unwrap();
        if login.variables.contains("PORT") {
            let target = (address.clone(), port);
            std::thread::spawn(move || late_door(free, &target));
        }
        let variables = login.variables.replace("KEY", &key).replace("PORT", &free.port().to_string());
        let extra = fleet.write("extra.yml", &format!("{variables}\n"));
        let run = Run {
            fleet: &fleet,
            program: Program::Churten,
            inventories: vec![inventory.clone(), without.clone()],
            playbook: &playbook,
            options: vec!["--limit".to_owned(), host.clone(), "-e".to_owned(), format!("@{}", extra.display())],
        };
        let report = Report::new(&run.command().envs(login.environment.iter().copied()).output().unwrap());
        let explain = || format!("{}: {}", login.name, report.everything());
        fleet.check(report.code == Some(if login.says.is_empty() { 0 } else { 4 }), explain);
        fleet.check(report.stdout.contains(login.says), explain);
        fleet.check(!report.everything().contains("PRIVATE KEY"), explain);
    }
}

/// Listens after more than a second and hands one connection on.
fn late_door(at: std::net::SocketAddr, to: &(String, u16)) {
    std::thread::sleep(Duration::from_millis(1500));
    let (mut outside, _) = std::net::TcpListener::bind(at).unwrap().accept().unwrap();
    let mut inside = std::net::TcpStream::connect((to.0.as_str(), to.1)).unwrap();
    let (mut back_from, mut back_to) = (inside.try_clone().unwrap(), outside.try_clone().unwrap());
    std::thread::spawn(move || std::io::copy(&mut back_from, &mut back_to));
    let _ = std::io::copy(&mut outside, &mut inside);
}
