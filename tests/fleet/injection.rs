//! What is done to a host or to the controller while a playbook runs.

use crate::hosts::Fleet;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Where the playbook writes as the login user, and as root.
pub(crate) const PLACES: [&str; 2] = ["/home/deploy/injected", "/etc/injected"];

/// Where the login user's worker has its files.
const TEMPORARY: &str = "/home/deploy/.ansible/tmp";

/// The user id of the login user on the hosts.
const OWNER: &str = "deploy";

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// Packets to the host are answered by a reset.
    Reset,
    /// The host's SSH sessions are killed.
    Sessions,
    /// The host's SSH sessions stop, and do not end.
    Frozen,
    /// No packet comes through until the run has ended.
    Blackhole,
    /// No packet comes through for a second, which TCP makes good.
    Hiccup,
    /// Everything on the host ends, and its files are gone.
    Down,
    /// The process that takes connections is killed; systemd starts it again.
    Listener,
    /// The login user's worker is killed.
    Worker,
    /// The worker of root's is killed.
    RootWorker,
    /// sudo is killed.
    Sudo,
    /// There is no space left in the worker's directory.
    TemporaryFull,
    /// There is no space left where the login user's files go.
    DiskFull,
    /// There is no space left where root's files go.
    RootDiskFull,
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-C twice.
    InterruptTwice,
    /// SIGTERM to the controller.
    Terminate,
    /// SIGHUP to the controller.
    HangUp,
    /// SIGKILL to the controller.
    Kill,
}

/// All of them.
pub(crate) const FAULTS: [Fault; 18] = [
    Fault::Reset,
    Fault::Interrupt,
    Fault::Worker,
    Fault::Blackhole,
    Fault::DiskFull,
    Fault::Sessions,
    Fault::Kill,
    Fault::RootWorker,
    Fault::TemporaryFull,
    Fault::Terminate,
    Fault::Sudo,
    Fault::Listener,
    Fault::Frozen,
    Fault::HangUp,
    Fault::RootDiskFull,
    Fault::Down,
    Fault::InterruptTwice,
    Fault::Hiccup,
];

/// What the recap may say of a fault's host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Consequence {
    /// Nothing: the run does not notice.
    None,
    /// The host is unreachable, or the fault came too early or too late to matter.
    Unreachable,
    /// A task fails, or as above.
    Failed,
    /// One or the other.
    Either,
    /// The run ends early, with this exit code.
    Ends(i32),
}

impl Fault {
    /// What may become of the run.
    pub(crate) fn consequence(self) -> Consequence {
        match self {
            Self::Reset | Self::Sessions | Self::Frozen | Self::Blackhole | Self::Down | Self::Worker => {
                Consequence::Unreachable
            }
            Self::Hiccup | Self::Listener => Consequence::None,
            Self::RootWorker | Self::Sudo => Consequence::Either,
            Self::TemporaryFull | Self::DiskFull | Self::RootDiskFull => Consequence::Failed,
            Self::Interrupt | Self::InterruptTwice => Consequence::Ends(99),
            Self::Terminate => Consequence::Ends(143),
            Self::HangUp => Consequence::Ends(129),
            Self::Kill => Consequence::Ends(137),
        }
    }

    /// The kind of host it is done to.
    pub(crate) fn kind(self) -> &'static str {
        if self == Self::Listener { "nspawn" } else { "sshd" }
    }

    /// The worker is killed without a chance to tidy up; the next one does it.
    pub(crate) fn leaves_files(self) -> bool {
        matches!(self, Self::Worker | Self::RootWorker | Self::Sudo)
    }

    /// The connection is lost: what had come of a large file stays, and the next run goes on with it. After a signal the
    /// host may hear of the end of the connection before it hears that the upload is given up.
    pub(crate) fn leaves_parts(self) -> bool {
        let is_lost = matches!(self, Self::Reset | Self::Sessions | Self::Frozen | Self::Blackhole | Self::Kill);
        is_lost || matches!(self.consequence(), Consequence::Ends(_))
    }

    /// The first moment at which there is anything to do it to, as a part of the run.
    pub(crate) fn earliest(self) -> f64 {
        if matches!(self, Self::RootWorker | Self::Sudo) { 0.4 } else { 0.0 }
    }

    /// The file system that is going to be full: its mount point and its size in MiB.
    fn narrow(self) -> Option<(&'static str, usize)> {
        match self {
            Self::TemporaryFull => Some((TEMPORARY, 24)),
            Self::DiskFull => Some((PLACES[0], 24)),
            Self::RootDiskFull => Some((PLACES[1], 24)),
            _ => None,
        }
    }

    /// Before the run.
    pub(crate) fn prepare(self, fleet: &Fleet, host: &str) {
        if let Some((place, size)) = self.narrow() {
            let owner = if place.starts_with("/home") { OWNER } else { "root" };
            fleet.shell(
                host,
                &format!(
                    "for d in /home/{OWNER}/.ansible {place}; do [ -d $d ] || install -d -o {owner} -g {owner} $d; done; \
                     mount -t tmpfs -o size={size}m,mode=755 full {place} && chown {owner}:{owner} {place}"
                ),
            );
        }
    }

    /// The fault itself, while `controller` runs.
    pub(crate) fn inject(self, fleet: &Fleet, host: &str, controller: u32) {
        let kill = |what: &str| {
            // Of the host's processes, by their owner and their command line.
            fleet.shell(host, &format!("for p in /proc/[0-9]*; do {what}; done"));
        };
        let worker = "tr '\\0' ' ' <$p/cmdline 2>/dev/null | grep -q '^[^ ]*/worker-[^ ]* --serve'";
        let signal = |name: &str| {
            Command::new("kill").args([&format!("-{name}"), &controller.to_string()]).stderr(Stdio::null()).status()
        };
        match self {
            Self::Reset => drop(fleet.tool(&["net", host, "--reset"])),
            // The tool leaves the processes that run as the login user.
            Self::Sessions => {
                kill("case $(cat $p/comm 2>/dev/null) in sshd*) [ ${p#/proc/} = 1 ] || kill -KILL ${p#/proc/};; esac")
            }
            Self::Frozen => {
                kill("case $(cat $p/comm 2>/dev/null) in sshd*) [ ${p#/proc/} = 1 ] || kill -STOP ${p#/proc/};; esac")
            }
            Self::Blackhole => drop(fleet.tool(&["net", host, "--drop"])),
            Self::Hiccup => {
                fleet.tool(&["net", host, "--drop"]);
                std::thread::sleep(Duration::from_millis(700));
                fleet.tool(&["net", host, "--clear"]);
            }
            Self::Down => drop(fleet.tool(&["kill", host, "--listener"])),
            Self::Listener => drop(fleet.shell(host, "systemctl kill -s KILL --kill-whom=main ssh.service")),
            Self::Worker => {
                kill(&format!("[ \"$(stat -c %U $p 2>/dev/null)\" = {OWNER} ] && {worker} && kill -KILL ${{p#/proc/}}"))
            }
            Self::RootWorker => {
                kill(&format!("[ \"$(stat -c %U $p 2>/dev/null)\" = root ] && {worker} && kill -KILL ${{p#/proc/}}"))
            }
            Self::Sudo => kill("[ \"$(cat $p/comm 2>/dev/null)\" = sudo ] && kill -KILL ${p#/proc/}"),
            Self::TemporaryFull | Self::DiskFull | Self::RootDiskFull => {
                let place = self.narrow().unwrap().0;
                fleet.shell(host, &format!("head -c 64M /dev/zero >{place}/.filler"));
            }
            Self::Interrupt => drop(signal("INT")),
            Self::InterruptTwice => {
                let _ = signal("INT");
                std::thread::sleep(Duration::from_millis(20));
                let _ = signal("INT");
            }
            Self::Terminate => drop(signal("TERM")),
            Self::HangUp => drop(signal("HUP")),
            Self::Kill => drop(signal("KILL")),
        }
    }

    /// The host is as it was before; only what the run itself has left there stays.
    pub(crate) fn mend(self, fleet: &Fleet, host: &str) {
        match self {
            Self::Reset | Self::Blackhole => drop(fleet.tool(&["net", host, "--clear"])),
            Self::Frozen => {
                fleet.shell(
                    host,
                    "for p in /proc/[0-9]*; do case $(cat $p/comm 2>/dev/null) in sshd*) kill -CONT ${p#/proc/};; esac; done",
                );
            }
            Self::Down => {
                // The tool starts the missing ones of so many, once it knows that they are.
                let number = host.trim_start_matches(|c: char| !c.is_ascii_digit()).trim_start_matches('0');
                while fleet.shell(host, "echo up").is_empty() {
                    fleet.tool(&["up", "--kind", "sshd", "-n", number]);
                }
            }
            _ => {}
        }
        if let Some((place, _)) = self.narrow() {
            fleet.shell(host, &format!("rm -f {place}/.filler"));
        }
    }

    /// After everything was looked at.
    pub(crate) fn undo(self, fleet: &Fleet, host: &str) {
        if let Some((place, _)) = self.narrow() {
            fleet.shell(host, &format!("umount -l {place}"));
        }
    }
}
