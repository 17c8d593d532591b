//! The log file of `log_path`: every line that is shown, with time, process, user and weight.

use churten_testing::Sandbox;
use std::path::Path;

#[test]
fn what_is_shown_is_logged() {
    let sandbox = Sandbox::new(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/playbooks")).unwrap();
    let program = sandbox.link(Path::new(env!("CARGO_BIN_EXE_churten")), "ansible-playbook").unwrap();
    let log = sandbox.path().join("output/log");
    let environment = [
        ("ANSIBLE_LOG_PATH".to_owned(), log.display().to_string()),
        ("ANSIBLE_LOG_VERBOSITY".to_owned(), "2".to_owned()),
        ("LOGNAME".to_owned(), "somebody".to_owned()),
        ("ANSIBLE_NOCOLOR".to_owned(), "0".to_owned()),
        ("ANSIBLE_FORCE_COLOR".to_owned(), "1".to_owned()),
    ];
    let arguments = ["-i", "h1,", "-c", "local", "output/fails.yml"].map(str::to_owned);
    sandbox.run(&program, Path::new("/usr/bin/python3"), &environment, &arguments).unwrap();
    let text = std::fs::read_to_string(&log).unwrap();
    let mut lines = Vec::new();
    for line in text.lines() {
        match line.split_once(" u=somebody n=ansible ") {
            Some((time, shown)) => {
                let digits: String = time.chars().map(|c| if c.is_ascii_digit() { 'd' } else { c }).collect();
                assert!(digits.starts_with("dddd-dd-dd dd:dd:dd,ddd p=d"), "{line}");
                lines.push(shown.to_owned());
            }
            None => lines.push(line.to_owned()),
        }
    }
    let shown = lines.join("\n");
    let play = format!("INFO| PLAY [all] {}\nINFO| TASK [fail] {}\n", "*".repeat(69), "*".repeat(68));
    assert!(shown.starts_with("INFO| ansible-playbook [core "), "{shown}");
    assert!(shown.contains("INFO| No config file found; using defaults\nINFO| Skipping callback 'minimal'"), "{shown}");
    assert!(shown.contains("\nINFO| 1 plays in output/fails.yml\n"), "{shown}");
    assert!(shown.contains(&play), "{shown}");
    assert!(shown.contains("\nERROR| [ERROR]: Task failed: Action failed: no\nOrigin: "), "{shown}");
    assert!(shown.contains("      ^ column 7\n\n\nINFO| fatal: [h1]: FAILED! => "), "{shown}");
    let recap =
        format!("INFO| PLAY RECAP {}\nINFO| h1                         : ok=0    changed=0    ", "*".repeat(69));
    assert!(shown.contains(&recap) && !shown.contains('\x1b'), "{shown}");
}
