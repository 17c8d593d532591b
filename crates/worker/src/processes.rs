//! Ending processes.

use rustix::process::{Pid, Signal, getpgid, kill_process, kill_process_group};
use std::fs;

/// Families deeper than this are not followed.
const MAX_DEPTH: usize = 64;

/// Kill a process group whose leader has not been reaped.
pub(crate) fn kill_group(leader: Pid) {
    // An error means that nobody is left to kill, or that they run under another identity.
    let _ = kill_process_group(leader, Signal::KILL);
}

/// Ask a process group to end.
pub(crate) fn terminate_group(leader: Pid) {
    let _ = kill_process_group(leader, Signal::TERM);
}

/// Ask the children a thread of this process has started to end, each with its group or, where it leads none, with its own
/// children.
pub(crate) fn terminate_children_of_thread(thread: Pid) {
    terminate_listed(&format!("/proc/self/task/{}/children", thread.as_raw_nonzero()), 0);
}

fn terminate_listed(path: &str, depth: usize) {
    for pid in listed(path) {
        if getpgid(Some(pid)) == Ok(pid) {
            terminate_group(pid);
            continue;
        }
        let _ = kill_process(pid, Signal::TERM);
        if depth < MAX_DEPTH {
            for path in lists_of(pid) {
                terminate_listed(&path, depth + 1);
            }
        }
    }
}

/// The processes of a list of the kernel's.
fn listed(path: &str) -> Vec<Pid> {
    let list = fs::read_to_string(path).unwrap_or_default();
    list.split_ascii_whitespace().filter_map(|number| number.parse().ok().and_then(Pid::from_raw)).collect()
}

/// The lists of the children of each thread of a process.
fn lists_of(pid: Pid) -> Vec<String> {
    let Ok(threads) = fs::read_dir(format!("/proc/{}/task", pid.as_raw_nonzero())) else { return Vec::new() };
    threads.flatten().map(|thread| thread.path().join("children").to_string_lossy().into_owned()).collect()
}

/// Kill the children a thread of this process has started, and theirs.
///
/// The kernel lists children by thread (`/proc/self/task/TID/children`), so this finds what a module started without
/// the module's help. A child that is a group leader is killed with its group.
pub(crate) fn kill_children_of_thread(thread: Pid) {
    let path = format!("/proc/self/task/{}/children", thread.as_raw_nonzero());
    kill_listed(&path, 0);
}

fn kill_listed(path: &str, depth: usize) {
    for pid in listed(path) {
        // Stopped first, so that it starts no more children while they are looked for.
        let _ = kill_process(pid, Signal::STOP);
        if depth < MAX_DEPTH {
            for path in lists_of(pid) {
                kill_listed(&path, depth + 1);
            }
        }
        if getpgid(Some(pid)) == Ok(pid) {
            let _ = kill_process_group(pid, Signal::KILL);
        }
        let _ = kill_process(pid, Signal::KILL);
    }
}
