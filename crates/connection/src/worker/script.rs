//! The shell script that finds or receives the worker on a host.
//!
//! It needs a POSIX `sh`, `id`, `uname`, `head`, `mkdir`, `mv`, `chmod`, `rm` and nothing else; `xz`, `gzip` and
//! `python3` are used where they are. It says what can be unpacked there, and the first line of the answer is the
//! [`Format`] that follows. It goes through the login shell as one word in single quotes, so it is one line without
//! single quotes, backslashes and exclamation marks: every shell, csh and fish included, hands it on unchanged.

use crate::settings::WorkerProgram;
use churten_protocol::BuildHash;
use std::fmt::Write as _;

/// Begins the line in which the script asks for a worker: `NEED DIRECTORY FORMATS MACHINE`. The formats are separated by
/// commas; without a directory the worker goes into memory, as it is and with no line before it.
pub(super) const NEED: &str = "CHURTEN-NEED";

/// Begins the line in which the script gives up: `FAIL REASON`.
pub(super) const FAIL: &str = "CHURTEN-FAIL";

/// The last line before the worker takes over, when it was just received: the upload is over.
pub(super) const KEPT: &str = "CHURTEN-KEPT";

/// The directory in a line with [`NEED`] when there is none.
pub(super) const MEMORY: &str = "memory";

/// How a worker travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Raw,
    Gzip,
    Xz,
}

impl Format {
    /// Its name in the script, which is that of the program that unpacks it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Gzip => "gzip",
            Self::Xz => "xz",
        }
    }
}

/// The whole command for the login shell. `skip` are directories that have failed already.
pub(super) fn command(workers: &[WorkerProgram], remote_tmp: &str, keep: usize, skip: &[String]) -> String {
    format!("exec /bin/sh -c '{}'", script(workers, remote_tmp, keep, skip))
}

fn script(workers: &[WorkerProgram], remote_tmp: &str, keep: usize, skip: &[String]) -> String {
    // Who is told to end, or speaks to nobody any more, leaves nothing behind.
    let mut script = String::from(
        "set -f; IFS=; t=; r() { rm -f $t; exit 1; }; trap r HUP INT PIPE TERM; \
         k=$(umask); umask 077; u=$(id -u); m=$(uname -m); case $m in ",
    );
    for worker in workers {
        let names = match worker.architecture {
            "x86_64" => "x86_64|amd64",
            "aarch64" => "aarch64|arm64",
            "x86" => "i?86",
            other => other,
        };
        let _ = write!(
            script,
            "{names}) a={}; h={}; n={}; z={}; x={};; ",
            worker.architecture,
            BuildHash(worker.sha256),
            worker.size,
            worker.gzip.len(),
            worker.xz.len()
        );
    }
    let _ = write!(script, "*) echo {FAIL} no worker for $(uname -s) on $m; exit 0;; esac; ");
    let mut candidates = Vec::new();
    candidates.extend(candidate(remote_tmp));
    candidates
        .extend(["~/.ansible/tmp", "~/.cache", "/var/tmp", "/tmp", "/dev/shm", "/run/user/$u"].map(str::to_owned));
    candidates.dedup();
    let candidates = candidates.join(" ");
    // A directory of somebody else's is not trusted, nor one reached through a link.
    let _ = write!(
        script,
        "for d in {candidates}; do f=$d/churten-$u/worker-$h; \
         if test -x $f && test -O $f && test -O $d/churten-$u && test -f $f; then umask $k; exec $f --serve $h; fi; done; "
    );
    // A place that is ours, not a link, and lets programs run.
    let mut skipped = String::new();
    for directory in skip {
        let _ = write!(skipped, "{directory}) continue;; ");
    }
    if !skipped.is_empty() {
        skipped = format!("case $d in {skipped}esac; ");
    }
    let _ = write!(
        script,
        "w=; for d in {candidates}; do {skipped}c=$d/churten-$u; mkdir -p $c 2>/dev/null || continue; \
         test -h $c && continue; test -O $c || continue; chmod 711 $c 2>/dev/null || continue; t=$c/.new.$$; \
         echo x 2>/dev/null >$t && chmod 755 $t && test -x $t && w=$d && break; rm -f $t; done; "
    );
    // A program can run from memory where no file system lets it.
    let _ = write!(
        script,
        "if test -z \"$w\"; then if command -v python3 >/dev/null 2>&1; then echo {NEED} {MEMORY} raw $a; umask $k; \
         exec python3 -c \"import os,sys;f=os.memfd_create(sys.argv[2]);\
         b=sys.stdin.buffer.read(int(sys.argv[1]));os.write(f,b);os.execve(f,sys.argv[2:],os.environ)\" \
         $n churten-worker --serve $h; fi; \
         echo \"{FAIL} no directory is writable and lets programs run, of {candidates}\"; exit 0; fi; ",
    );
    // busybox calls something xz that knows no filters; it has no -V either.
    let prune = format!(
        "ls -t $c | {{ i=0; while read -r x; do case $x in worker-*) i=$((i+1)); \
         test $i -gt {keep} && rm -f $c/$x;; esac; done; }}"
    );
    let _ = write!(
        script,
        "p=raw; command -v gzip >/dev/null 2>&1 && p=$p,gzip; xz -V >/dev/null 2>&1 && p=$p,xz; echo {NEED} $w $p $a; read -r p; \
         case $p in xz) head -c $x | xz -dc >$t;; gzip) head -c $z | gzip -dc >$t;; *) head -c $n >$t;; esac; \
         s=$(wc -c <$t); if test $((s)) -eq $n && chmod 755 $t && mv -f $t $c/worker-$h; then \
         echo {KEPT}; {prune}; umask $k; exec $c/worker-$h --serve $h; fi; rm -f $t; \
         echo {FAIL} full $w"
    );
    script
}

/// A directory as the script may hold it unquoted: `~` and variables are the remote shell's to expand. `None` for
/// names with anything else in them; the other places are used then.
fn candidate(remote_tmp: &str) -> Option<String> {
    let text = remote_tmp.trim_end_matches('/');
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./~$@%+,:=-{}".contains(c);
    (!text.is_empty() && text.chars().all(plain) && (text.starts_with(['/', '~', '$']))).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_every_login_shell() {
        let workers = [WorkerProgram { architecture: "x86_64", sha256: [7; 32], size: 3, gzip: b"ab", xz: b"a" }];
        let script = script(&workers, "~/.ansible/tmp", 3, &["/var/tmp".into()]);
        assert!(!script.contains(['\'', '\\', '!', '\n']), "{script}");
        let checked = std::process::Command::new("/bin/sh").args(["-n", "-c", &script]).status().unwrap();
        assert!(checked.success());
    }

    #[test]
    fn leaves_nothing_behind_when_it_is_given_up() {
        use std::io::{BufRead as _, BufReader};
        use std::process::{Command, Stdio};
        let workers =
            [WorkerProgram { architecture: std::env::consts::ARCH, sha256: [7; 32], size: 3, gzip: b"ab", xz: b"a" }];
        let script = script(&workers, "~/.ansible/tmp", 3, &[]);
        let home = tempfile::tempdir().unwrap();
        let mut command = Command::new("/bin/sh");
        command.args(["-c", &script]).env("HOME", home.path()).stdin(Stdio::piped());
        let left = || {
            let own = std::fs::read_dir(home.path().join(".ansible/tmp")).unwrap().next().unwrap().unwrap();
            std::fs::read_dir(own.path()).unwrap().count()
        };
        // Nobody hears that a worker is needed.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut unheard = command.stdout(writer).spawn().unwrap();
        // Its input stays open meanwhile.
        let input = unheard.stdin.take();
        unheard.wait().unwrap();
        drop(input);
        assert_eq!(left(), 0);

        let mut ended = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(ended.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with(NEED), "{line}");
        assert_eq!(left(), 1);
        let pid = rustix::process::Pid::from_raw(i32::try_from(ended.id()).unwrap()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        ended.wait().unwrap();
        assert_eq!(left(), 0);
    }

    #[test]
    fn directories() {
        for (text, expected) in [
            ("~/.ansible/tmp", Some("~/.ansible/tmp")),
            ("/tmp/x/", Some("/tmp/x")),
            ("$HOME/t", Some("$HOME/t")),
            ("/tmp/a b", None),
            ("/tmp/$(id)", None),
            ("/tmp/`id`", None),
            ("tmp", None),
            ("", None),
        ] {
            assert_eq!(candidate(text).as_deref(), expected, "{text}");
        }
    }
}
