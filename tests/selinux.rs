//! Contexts of files on a host with SELinux: churten and ansible-core print the same and leave the same behind.
//!
//! `CHURTEN_SELINUX_INVENTORY` names an inventory with one such host that may be changed, with Python, where one logs in as
//! root; `CONTRIBUTING.md` says how one is made. Without it and `CHURTEN_ORACLE` nothing is tested.
#![expect(clippy::print_stdout, reason = "a test that does nothing says so")]

use churten_testing::Oracle;
use std::path::Path;
use std::process::{Command, Stdio};

/// What the runs print, without what differs by chance.
fn run(program: &Path, inventory: &str, playbook: &str, options: &[&str]) -> String {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/selinux");
    let mut command = Command::new(program);
    if program.ends_with("churten") {
        command.arg("playbook");
    }
    let output = command
        .args(["-i", inventory, playbook])
        .args(options)
        .current_dir(directory)
        .env("ANSIBLE_PIPELINING", "1")
        .env("ANSIBLE_HOST_KEY_CHECKING", "0")
        .env("ANSIBLE_NOCOLOR", "1")
        .stdin(Stdio::null())
        .output()
        .expect("the program starts");
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    churten_testing::mask(&text)
}

/// Lines that tell names of temporary files, processes and times, by what they begin with, are cut off there.
fn comparable(text: &str) -> Vec<String> {
    let cut = |line: &str| {
        let end =
            ["\"src\": \"/", "\"backup", "\"elapsed", "/.ansible/tmp"].iter().filter_map(|at| line.find(at)).min();
        line.get(..end.unwrap_or(line.len())).unwrap_or(line).to_owned()
    };
    text.lines().map(cut).collect()
}

#[test]
fn contexts_are_those_of_ansible_core() {
    let (Ok(inventory), Some(oracle)) = (std::env::var("CHURTEN_SELINUX_INVENTORY"), Oracle::find()) else {
        println!("contexts: left out, CHURTEN_SELINUX_INVENTORY names no inventory of a host with SELinux");
        return;
    };
    let churten = Path::new(env!("CARGO_BIN_EXE_churten"));
    let oracle = oracle.program("ansible-playbook");
    let all = |program: &Path| {
        run(churten, &inventory, "remove.yml", &[]);
        let options: [&[&str]; 4] = [&["--check"], &[], &["--check"], &[]];
        options.map(|more| {
            let options = [&["-v", "--diff"], more].concat();
            comparable(&run(program, &inventory, "contexts.yml", &options))
        })
    };
    let (theirs, ours) = (all(&oracle), all(churten));
    let tasks: usize = ours.iter().flatten().filter(|line| line.starts_with("TASK ")).count();
    assert_eq!(ours, theirs);
    assert!(ours.iter().flatten().any(|line| line.contains("secontext")), "SELinux is not on");
    println!("{tasks} tasks on a host with SELinux agree with ansible-core");
}
