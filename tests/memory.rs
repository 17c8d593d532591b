//! A module that takes all memory: it is ended by the kernel, its task fails, and everything else goes on.
//!
//! Needs `CHURTEN_ORACLE`, root, and a memory controller in which a group can be made.

use churten_testing::{Oracle, Outcome, Sandbox};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// Enough for either controller and its modules, and little for the machine.
const LIMIT: u64 = 500 << 20;

/// A group of processes that share a limit of memory.
struct Group {
    directory: PathBuf,
}

impl Group {
    /// One in the older or in the newer hierarchy, whichever lets itself be made.
    fn new(name: &str) -> Option<Self> {
        let name = format!("churten-test-{}-{name}", std::process::id());
        let older =
            (Path::new("/sys/fs/cgroup/memory").join(&name), "memory.limit_in_bytes", "memory.memsw.limit_in_bytes");
        let newer = (Path::new("/sys/fs/cgroup").join(&name), "memory.max", "memory.swap.max");
        [older, newer].into_iter().find_map(|(directory, memory, swap)| {
            std::fs::create_dir(&directory).ok()?;
            let swap_limit = if swap == "memory.swap.max" { 0 } else { LIMIT };
            let limited = std::fs::write(directory.join(memory), LIMIT.to_string());
            // Not every kernel counts swap.
            let _ = std::fs::write(directory.join(swap), swap_limit.to_string());
            let group = Self { directory };
            limited.ok().map(|()| group)
        })
    }

    /// How many processes the kernel has ended here.
    fn ended(&self) -> u64 {
        let read = |name: &str| std::fs::read_to_string(self.directory.join(name)).unwrap_or_default();
        let text = read("memory.oom_control") + &read("memory.events");
        text.lines().find_map(|line| line.strip_prefix("oom_kill ")?.trim().parse().ok()).unwrap_or_default()
    }

    /// What starts a program in the group.
    fn starter(&self, sandbox: &Sandbox, program: &Path) -> PathBuf {
        let path = sandbox.path().join("start");
        let (group, program) = (self.directory.display(), program.display());
        let script = format!("#!/bin/sh\necho $$ > {group}/cgroup.procs && exec {program} \"$@\"\n");
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // It can be removed once its last process is gone.
        for _ in 0..100 {
            if std::fs::remove_dir(&self.directory).is_ok() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }
}

fn run(oracle: &Oracle, group: &Group, program: &Path) -> Outcome {
    let sandbox = Sandbox::new(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python")).unwrap();
    let program = sandbox.link(program, "ansible-playbook").unwrap();
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", oracle.directory().display());
    let environment = [("PATH".to_owned(), path)];
    let words = ["-i", "one,two,", "-c", "local", "-v", "starving.yml"].map(str::to_owned);
    sandbox.run(&group.starter(&sandbox, &program), &oracle.python(), &environment, &words).unwrap()
}

#[test]
fn a_starving_module_is_one_task_that_fails() {
    let say = |line: &str| drop(writeln!(std::io::stderr(), "{line}"));
    let Some(oracle) = Oracle::find() else {
        return say("memory: skipped, CHURTEN_ORACLE names no ansible-core");
    };
    let (Some(our_group), Some(their_group)) = (Group::new("ours"), Group::new("theirs")) else {
        return say("memory: left out, no group of processes can be made here");
    };
    let ours = run(&oracle, &our_group, Path::new(env!("CARGO_BIN_EXE_churten")));
    let theirs = run(&oracle, &their_group, &oracle.program("ansible-playbook"));
    // The module was ended each time, and nothing else.
    assert_eq!((our_group.ended(), their_group.ended()), (2, 2), "{}{}", ours.stdout, theirs.stdout);
    assert_eq!(churten_testing::mask(&ours.stdout), churten_testing::mask(&theirs.stdout));
    assert_eq!(churten_testing::mask(&ours.stderr), churten_testing::mask(&theirs.stderr));
    assert_eq!(ours.code, theirs.code);
    assert_eq!(ours.stdout.matches("\"rc\": 137").count(), 2, "{}", ours.stdout);
    assert_eq!(ours.stdout.matches("\"got\": \"3\"").count(), 2, "{}", ours.stdout);
    say("memory: a run agrees with ansible-core");
}
