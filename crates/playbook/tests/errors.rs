//! What ansible-core 2.19 says about content, right and wrong. Recorded by `record/record.py`.

mod support;

use churten_diagnostics::ErrorKind;
use churten_playbook::Loader;
use std::sync::Arc;
use support::{Case, Fake, answers, cases, neutral};

/// Cases where this differs on purpose: name and reason.
const DIFFERENT: &[(&str, &str)] = &[
    ("task-string", "the place of the bad entry instead of none"),
    ("task-list", "the place of the bad entry instead of none"),
    ("task-unknown-fqcn", "the warning about a plugin that does not load is the environment's"),
    ("action-module-null", "an error with a place instead of an unexpected exception"),
    ("role-meta-dependencies-bad", "an error with a place instead of an unexpected exception"),
    ("int-keyword", "an error with a place instead of an unexpected exception"),
    ("import-tasks-recursive", "an error with a place instead of an unexpected exception"),
    ("role-recursive", "the text of Python's RecursionError"),
    ("role-recursive-self", "the text of Python's RecursionError"),
    ("mixed-bad-list", "the place of the bad entry instead of none"),
    ("action-empty", "an error with a place instead of an unexpected exception"),
    ("role-dep-null", "an error instead of an unexpected exception"),
    ("role-argspec-main-list", "specs that are no mapping are an unexpected exception"),
    ("role-meta-broken", "the excerpt of a place behind the last line is the renderer's"),
    ("reserved-vars-block", "the caret of an excerpt that is cut off is the renderer's"),
    ("tabs", "tabs in an excerpt are the renderer's"),
    ("vars-true-name", "no excerpt of a place that is unknown"),
    ("handlers-block-import", "refused while loading already, not only when hosts are known"),
    ("playbook-missing", "the path as given: relative in the record"),
    ("role-defaults-broken", "the advice of the YAML reader"),
    ("module-defaults-dict", "action groups are resolved when the task runs"),
    ("vaulted-garbage", "decryption is the environment's"),
];

fn answer(case: &Case) -> (i32, String) {
    let (_keep, directory) = case.write();
    let fake = Arc::new(Fake { extra: case.extra_vars(), ..Fake::default() });
    let loader = Loader::new(fake.clone());
    let site = directory.join("site.yml");
    let (code, text) = match loader.playbook(&site) {
        Ok(_) => (0, String::new()),
        Err(report) => {
            let code = match report.kind {
                ErrorKind::Parser => 4,
                _ => 1,
            };
            (code, format!("[ERROR]: {}\n", report.render()))
        }
    };
    let messages = fake.messages.lock().expect("no panic").concat();
    (code, neutral(&(messages + &text), &directory))
}

#[test]
fn errors_read_as_recorded() {
    compare(include_str!("cases/errors.cases"), include_str!("cases/errors.expected"));
}

#[test]
fn more_errors_read_as_recorded() {
    compare(include_str!("cases/errors2.cases"), include_str!("cases/errors2.expected"));
}

fn compare(written: &str, expected: &str) {
    let expected = answers(expected);
    let mut failures = String::new();
    let mut good = 0;
    for case in cases(written) {
        let Some((_, code, text)) = expected.iter().find(|(name, ..)| *name == case.name) else {
            panic!("no answer recorded for {}", case.name);
        };
        if DIFFERENT.iter().any(|(name, _)| *name == case.name) {
            continue;
        }
        // What the command line prints, and advice that goes with the first deprecation, are not the loader's.
        let is_ours = |line: &&str| {
            !line.starts_with("playbook: ") && !line.starts_with("[WARNING]: Deprecation warnings can be disabled")
        };
        let text: String =
            text.lines().filter(is_ours).filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect();
        let (our_code, our_text) = answer(&case);
        let our_text: String =
            our_text.lines().filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect();
        if (our_code, our_text.trim()) == (*code, text.trim()) {
            good += 1;
        } else {
            failures += &format!(
                "=== {}\n--- expected {code}\n{}\n--- got {our_code}\n{}\n",
                case.name,
                text.trim(),
                our_text.trim()
            );
        }
    }
    assert!(failures.is_empty(), "{good} as recorded\n{failures}");
}
