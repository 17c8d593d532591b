//! The reader of `ssh_config(5)` compared with `ssh -G`. Skips where there is no `ssh`.
#![expect(clippy::print_stdout, reason = "tests say why they are skipped")]

use churten_connection::{SshOptions, describe};
use std::collections::BTreeMap;
use std::process::Command;

/// Keywords of `ssh -G` that are compared.
const COMPARED: &[&str] = &[
    "hostname",
    "port",
    "user",
    "identityfile",
    "certificatefile",
    "identitiesonly",
    "proxyjump",
    "proxycommand",
    "userknownhostsfile",
    "stricthostkeychecking",
    "hostkeyalias",
    "connecttimeout",
    "serveraliveinterval",
    "serveralivecountmax",
    "compression",
    "pubkeyauthentication",
    "passwordauthentication",
];

const INCLUDED: &str = "User included\nHost web2\n  Port 2020\n";

const CONFIGS: &[&str] = &[
    "",
    "Host web1\n  HostName 10.0.0.1\n  User bob\n  Port 2222\nHost *\n  User late\n  Compression yes\n",
    "Host web? !web1\n  User q\nHost *\n  ServerAliveInterval 30\n  ServerAliveCountMax 5\n",
    "Host *.example\n  HostName %h.internal\nMatch host *.internal\n  User internal\n",
    "Match originalhost web1\n  User original\nMatch user original\n  Port 33\nMatch all\n  ConnectTimeout 1m\n",
    "Match exec \"test %n = web2\"\n  User execd\nMatch !exec false\n  Port 44\n",
    "Host web1\n  HostName real.example\nMatch final host real.example\n  User final\nMatch final all\n  Port 45\n",
    "Host web1\n  ProxyJump bob@jump:2200,last\n  ProxyCommand nc %h %p\n",
    "Host web1\n  ProxyCommand nc -x 'a b' %h %p # not a comment\n  ProxyJump jump\n",
    "Host web1\n  ProxyJump none\nHost *\n  ProxyJump jump\n",
    "IdentityFile ~/.ssh/one\nHost web1\n  IdentityFile \"/k e y/%r@%h:%p\"\n  IdentitiesOnly yes\n  User=eq\n",
    "Host \"web1\"\n\tUser\ttab\n  HostKeyAlias alias\n  StrictHostKeyChecking accept-new\n  UserKnownHostsFile /a /b\n",
    "host WEB1 web1\n  user lower\n  CERTIFICATEFILE /c\n  PasswordAuthentication no\n",
    "Host web1 # comment\n  User commented # more\n  PubkeyAuthentication no\n",
    "Include %included%\nHost *\n  Port 46\n",
    "Host web1\n  Include %included%\nHost *\n  User outside\n",
    "IgnoreUnknown Fancy*\nFancyOption yes\nUser ignored\n",
    "Host web1\n  UserKnownHostsFile none\n  CertificateFile ~/.ssh/cert\n  StrictHostKeyChecking off\n",
    "Match host web1,web2 localuser *\n  User several\nMatch host=web1\n  Port 47\n",
    "ChallengeResponseAuthentication no\nConnectTimeout 5\nHost *.com web1\n Port 48\nHost web1\n Port 49\n",
];

const ARGUMENTS: &[&str] = &["", "-o User=arg -p 99", "-C -i /dev/null -J argjump"];

fn ssh_says(config: &str, arguments: &str, host: &str) -> BTreeMap<String, Vec<String>> {
    let line = format!("exec ssh -G -F {config} {arguments} {host}");
    let output = Command::new("/bin/sh").args(["-c", &line]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut map: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let (keyword, value) = line.split_once(' ').unwrap_or((line, ""));
        map.entry(keyword.to_owned()).or_default().push(value.trim().to_owned());
    }
    map
}

/// The same value in one spelling.
fn normal(value: &str) -> String {
    let home = std::env::var("HOME").unwrap_or_default();
    match value {
        "ask" | "true" => "yes".to_owned(),
        "false" | "off" => "no".to_owned(),
        other => other.replace("~/", &format!("{home}/")),
    }
}

/// What `ssh -G` leaves to be expanded later.
fn expanded(value: &str, all: &BTreeMap<String, Vec<String>>) -> String {
    let of = |keyword: &str| all.get(keyword).and_then(|values| values.first()).cloned().unwrap_or_default();
    let value = value.replace("%h", &of("hostname")).replace("%p", &of("port")).replace("%r", &of("user"));
    normal(&value)
}

#[test]
fn agrees_with_ssh() {
    if Command::new("ssh").arg("-V").output().is_err() {
        println!("skipped: there is no ssh to compare with");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let included = directory.path().join("included");
    std::fs::write(&included, INCLUDED).unwrap();
    let file = directory.path().join("config");
    let mut differences = Vec::new();
    let mut compared = 0;
    for config in CONFIGS {
        let text = config.replace("%included%", included.to_str().unwrap());
        std::fs::write(&file, &text).unwrap();
        for arguments in ARGUMENTS {
            for host in ["web1", "web2", "db.example"] {
                let theirs = ssh_says(file.to_str().unwrap(), arguments, host);
                let ours = describe(&SshOptions {
                    address: host.into(),
                    arguments: vec![(*arguments).into()],
                    config_file: Some(file.clone()),
                    ..SshOptions::default()
                })
                .unwrap();
                for keyword in COMPARED {
                    let mine: Vec<&String> =
                        ours.iter().filter(|(name, _)| name == keyword).map(|(_, value)| value).collect();
                    let his: Vec<String> =
                        theirs.get(*keyword).into_iter().flatten().map(|value| expanded(value, &theirs)).collect();
                    // Key types of the past are not among our defaults.
                    if his.iter().any(|value| value.ends_with("/.ssh/id_xmss")) {
                        assert_eq!(mine.len(), 5);
                        continue;
                    }
                    compared += 1;
                    if mine.iter().map(|value| normal(value)).ne(his.iter().cloned()) {
                        differences.push(format!("{text:?} {arguments} {host}: {keyword}: {mine:?}, ssh {his:?}"));
                    }
                }
            }
        }
    }
    assert!(differences.is_empty(), "{} of {compared} differ:\n{}", differences.len(), differences.join("\n"));
}
