//! What modules of collections do on real hosts, each time predicted, done and done again.
//!
//! `hosts/results.txt` has digests of what ansible-core returned. What differs from it is asked of ansible-core at once,
//! so that another release of a library on the hosts is no failure; `hosts/live.yml` is always asked of both.
//! `CHURTEN_COLLECTIONS=record` writes the digests anew, from ansible-core's results.

use crate::differences::between;
use crate::lent::{Host, Lent};
use crate::masks::{masked, text};
use crate::{oracle, results, say};
use churten_testing::Oracle;
use churten_value::Value;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const BOOKS: [&str; 3] = ["files", "system", "crypto"];
/// Prediction, change, and nothing left to change.
const PASSES: [(&str, &[&str]); 3] = [("check", &["--check", "--diff"]), ("real", &["--diff"]), ("again", &["--diff"])];
/// So many different modules have to do their work, failures not counted.
const AT_LEAST: usize = 60;

/// A task of a pass over a book.
#[derive(Clone, PartialEq)]
struct Step {
    /// Book, pass, number of the task, module.
    place: String,
    /// What is compared.
    result: String,
    /// The module, when it did its work.
    worked: Option<String>,
}

/// A program and the host that is its own.
struct Runner<'a> {
    oracle: &'a Oracle,
    lent: &'a Lent,
    host: &'a Host,
    program: Vec<PathBuf>,
}

#[test]
fn modules_on_hosts() {
    let Some(oracle) = oracle() else { return };
    let Some(lent) = Lent::new(2) else { return };
    let [theirs, ours] = &lent.hosts[..] else { panic!("two hosts") };
    let ours = Runner {
        oracle: &oracle,
        lent: &lent,
        host: ours,
        program: vec![env!("CARGO_BIN_EXE_churten").into(), "playbook".into()],
    };
    let theirs =
        Runner { oracle: &oracle, lent: &lent, host: theirs, program: vec![oracle.program("ansible-playbook")] };
    if std::env::var("CHURTEN_COLLECTIONS").is_ok_and(|mode| mode == "record") {
        return record(&theirs);
    }
    let recorded = include_str!("hosts/results.txt");
    let mut worked = BTreeSet::new();
    let (mut same, mut asked) = (0, 0);
    for book in BOOKS {
        let found = ours.book(book, &PASSES);
        let lines: Vec<String> = found.iter().map(Step::line).collect();
        let start = format!("{book} ");
        let expected: Vec<&str> = recorded.lines().filter(|line| line.starts_with(&start)).collect();
        if lines != expected {
            compare(&found, &theirs.book(book, &PASSES));
            let other: Vec<&str> = lines.iter().map(String::as_str).filter(|line| !expected.contains(line)).collect();
            let other = other.join("\n");
            say(&format!("the record is old, ansible-core's results of {book}.yml are now:\n{other}"));
            asked += found.len();
        }
        same += found.len();
        worked.extend(found.into_iter().filter_map(|step| step.worked));
    }
    let live = ours.book("live", &PASSES[1..]);
    compare(&live, &theirs.book("live", &PASSES[1..]));
    worked.extend(live.iter().filter_map(|step| step.worked.clone()));
    assert!(worked.len() >= AT_LEAST, "only {}: {worked:?}", worked.len());
    let (count, asked) = (same + live.len(), asked + live.len());
    let modules = worked.len();
    say(&format!(
        "{count} results of modules in Python on hosts agree with ansible-core, {asked} of them asked now; {modules} modules did their work"
    ));
}

/// Fails the test where two runs differ.
#[track_caller]
fn compare(ours: &[Step], theirs: &[Step]) {
    let places = |steps: &[Step]| steps.iter().map(|step| step.place.clone()).collect::<Vec<_>>().join("\n");
    assert_eq!(places(ours), places(theirs));
    let pairs = ours.iter().zip(theirs).filter(|(ours, theirs)| ours.result != theirs.result);
    let wrong: Vec<String> =
        pairs.map(|(ours, theirs)| format!("{}\n{}", ours.place, between(&ours.result, &theirs.result))).collect();
    assert!(wrong.is_empty(), "{} results differ, - ansible-core, + churten\n{}", wrong.len(), wrong.join("\n"));
}

fn record(theirs: &Runner) {
    let mut lines = String::new();
    for book in BOOKS {
        for step in theirs.book(book, &PASSES) {
            lines.push_str(&step.line());
            lines.push('\n');
        }
    }
    std::fs::write(directory().join("results.txt"), lines).unwrap();
    say("modules of collections: the record is written");
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/collections/hosts")
}

impl Step {
    fn line(&self) -> String {
        let digest: String = Sha256::digest(&self.result).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        format!("{} {digest}", self.place)
    }
}

impl Runner<'_> {
    /// All passes over a book, and what is on the host after each but the prediction.
    fn book(&self, book: &str, passes: &[(&str, &[&str])]) -> Vec<Step> {
        let mut steps = Vec::new();
        for (pass, options) in passes {
            let found = self.run(book, options);
            let counted = found.iter().enumerate();
            steps.extend(counted.filter_map(|(index, (name, result))| {
                let module = result.get("action").map(Value::to_text).filter(|action| is_compared(action))?;
                let has_failed = result.get("failed").is_some_and(Value::is_truthy);
                Some(Step {
                    place: format!("{book} {pass} {index} {module}"),
                    result: masked(name, result, self.host),
                    worked: (!has_failed && *pass == "real").then_some(module),
                })
            }));
            if *pass != "check" {
                let state = self.lent.script(self.host, &format!("book={book}\n{}", include_str!("hosts/state.sh")));
                let result = text(&state, self.host);
                steps.push(Step { place: format!("{book} {pass} files"), result, worked: None });
            }
        }
        steps
    }

    fn run(&self, book: &str, options: &[&str]) -> Vec<(String, Value)> {
        let home = self.lent.directory.path().join("home");
        std::fs::create_dir_all(&home).unwrap();
        let path = format!("{}:/usr/sbin:/usr/bin:/sbin:/bin", self.oracle.directory().display());
        let output = Command::new(&self.program[0])
            .args(&self.program[1..])
            .arg("-i")
            .arg(self.lent.directory.path().join("hosts.yml"))
            .args(["--limit", &self.host.name])
            .args(options)
            .arg(format!("{book}.yml"))
            .current_dir(directory())
            .env_clear()
            .envs([("PATH", &*path), ("LC_ALL", "C.UTF-8"), ("ANSIBLE_NOCOLOR", "1"), ("ANSIBLE_PIPELINING", "1")])
            .env("ANSIBLE_STDOUT_CALLBACK", "ansible.posix.json")
            .env("ANSIBLE_SSH_CONTROL_PATH_DIR", self.lent.directory.path().join("cp"))
            .env("HOME", &home)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let found = results(&said(&output.stdout));
        found.unwrap_or_else(|| panic!("{book}: {}\n{}", said(&output.stdout), said(&output.stderr)))
    }
}

/// What is native is compared elsewhere.
fn is_compared(action: &str) -> bool {
    action.starts_with("community.") || action.starts_with("ansible.posix.")
}
