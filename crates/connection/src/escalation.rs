//! Taking on another identity: the command lines of `sudo`, `su` and `doas`, and what their failures are called.

use crate::error::ConnectionError;
use crate::raw::{Climbed, climb};
use crate::session::Session;
use crate::settings::{Become, BecomeMethod};
use crate::su_prompts;
use crate::worker::delivery;
use churten_protocol::{self as protocol, BecomeFailure, Command, Exec, Request, Response};
use std::sync::Arc;
use std::time::Duration;

/// Copies the running worker to a place every user can reach, unless one is there. The shell's parent is the worker.
const SHARE: &str = "h=$1; u=$(id -u); k=$(umask); umask 077; for d in /var/tmp /tmp /dev/shm; do \
    c=$d/churten-$u; f=$c/worker-$h; mkdir -p $c 2>/dev/null; test -h $c && continue; test -O $c || continue; \
    chmod 711 $c || continue; if test -x $f && test -O $f; then echo $f; exit 0; fi; t=$c/.new.$$; \
    if cat /proc/$PPID/exe >$t 2>/dev/null && chmod 755 $t && test -x $t && mv -f $t $f; then echo $f; \
    ls -t $c | { i=0; while read -r x; do case $x in worker-*) i=$((i+1)); test $i -gt 3 && rm -f $c/$x;; esac; done; }; \
    exit 0; fi; \
    rm -f $t; done; exit 1";

/// A second worker behind a session, under another identity.
pub(crate) async fn escalate(session: &Session, to: &Become) -> Result<Session, ConnectionError> {
    let host = session.host();
    let failed = |message: String| ConnectionError::Become { host: host.to_owned(), message };
    let user = if to.user.is_empty() { "root" } else { &to.user };
    // ansible-core leaves escalation out for the user one already is (become_allow_same_user); for root the worker knows.
    let plain = to.executable.is_none() && to.flags.is_none() && to.directory.is_none();
    if user == "root" && session.hello().uid == 0 && plain && !to.same_user {
        return Ok(session.clone());
    }
    let worker = if user == "root" { None } else { shared_worker(session).await? };
    let request = in_directory(request(to, user, worker), to.directory.as_deref());
    match session.request(&Request::Become(request)).await? {
        Response::Become(BecomeFailure::Ended { output, .. }) if output.contains("must have a tty") => {
            in_terminal(session, to).await
        }
        Response::Route(route, hello) => Ok(session.with_route(route, hello)),
        Response::Become(failure) => Err(match failure_words(to, &failure) {
            Words::Failed(message) => failed(message),
            Words::Unreachable(message) => ConnectionError::unreachable(host, message),
        }),
        Response::Error(error) => Err(failed(error.message)),
        _ => Err(ConnectionError::ProtocolViolation {
            host: host.to_owned(),
            reason: "an answer of another kind to become".to_owned(),
        }),
    }
}

/// A worker behind a `sudo` that wants a terminal (`requiretty`): on a channel of its own, in a terminal that is made
/// to pass on all bytes.
async fn in_terminal(session: &Session, to: &Become) -> Result<Session, ConnectionError> {
    let host = session.host();
    let failed = |message: &str| ConnectionError::Become { host: host.to_owned(), message: message.to_owned() };
    let (Some(carrier), Some(worker)) = (session.carrier(), shared_worker(session).await?) else {
        return Err(failed("sudo wants a terminal (requiretty), and there is no way to give it one"));
    };
    let plan = RawPlan::new(to, &format!("stty raw -echo; exec {worker}"), "");
    match climb(host, &carrier, to, &plan, true).await? {
        Climbed::Up { running, output } => {
            let (client, hello) = delivery::greet(host, running, output).await?;
            Ok(Session::new(host, Arc::new(client), 0, hello, Some(carrier), session.notes().to_vec()))
        }
        Climbed::Ended { output, .. } => {
            let output = String::from_utf8_lossy(&output);
            Err(failed(&format!("Privilege escalation with sudo in a terminal failed: {}", output.trim())))
        }
    }
}

/// The command of a worker that another unprivileged user can start; `None` when the worker's own must do.
async fn shared_worker(session: &Session) -> Result<Option<String>, ConnectionError> {
    let hash = session.hello().build.to_string();
    let argv = ["/bin/sh", "-c", SHARE, "sh", &hash].map(str::to_owned).to_vec();
    let exec = Exec {
        command: Command::Argv(argv),
        stdin: Vec::new().into(),
        environment: Vec::new(),
        directory: None,
        timeout_milliseconds: 30_000,
        output_limit: 4096,
    };
    let output = session.exec(exec).await?;
    let path = String::from_utf8_lossy(&output.stdout.0).trim().to_owned();
    Ok((output.code == 0 && path.starts_with('/')).then(|| format!("{path} --serve {hash}")))
}

/// The request for a method. `worker` is the command to start instead of the worker's own.
fn request(to: &Become, user: &str, worker: Option<String>) -> protocol::Become {
    let worker_line = worker.unwrap_or_else(|| protocol::Become::WORKER.to_owned());
    let executable = to.executable.as_deref().filter(|text| !text.is_empty()).unwrap_or(to.method.name()).to_owned();
    let flags = |default: &str| words(to.flags.as_deref().unwrap_or(default));
    let mut argv = words(&executable);
    let mut prompts = Vec::new();
    let mut incorrect = Vec::new();
    let mut missing = Vec::new();
    match to.method {
        BecomeMethod::Sudo => {
            let mut flags = flags("-H -S -n");
            if to.password.is_some() {
                // `-n` forbids asking; the prompt is one nobody else prints.
                flags = flags
                    .into_iter()
                    .filter(|flag| flag != "-n" && flag != "--non-interactive")
                    .map(without_n)
                    .collect();
                let prompt = format!("[sudo via churten, key={}] password:", random_key());
                if !flags.iter().any(|flag| flag == "-S" || flag == "--stdin" || is_short_with(flag, 'S')) {
                    flags.push("-S".to_owned());
                }
                argv.extend(flags);
                argv.extend(["-p".to_owned(), prompt.clone()]);
                prompts.push(prompt);
            } else {
                argv.extend(flags);
            }
            argv.extend(["-u".to_owned(), user.to_owned()]);
            argv.extend(worker_line.split(' ').map(str::to_owned));
            incorrect.push("Sorry, try again.".to_owned());
            incorrect.push("incorrect password attempt".to_owned());
            missing.push("Sorry, a password is required to run sudo".to_owned());
            missing.push("sudo: a password is required".to_owned());
            missing.push("sudo: a terminal is required to read the password".to_owned());
        }
        BecomeMethod::Su => {
            argv.extend(flags(""));
            argv.extend([user.to_owned(), "-c".to_owned(), format!("exec {worker_line}")]);
            prompts = su_prompts::prompts(&to.prompts);
            incorrect.extend(["Authentication failure", "su: incorrect password"].map(str::to_owned));
        }
        BecomeMethod::Doas => {
            let flags = flags("");
            if to.password.is_none() && !flags.iter().any(|flag| flag == "-n") {
                argv.push("-n".to_owned());
            }
            argv.extend(flags);
            argv.extend(["-u".to_owned(), user.to_owned()]);
            argv.extend(worker_line.split(' ').map(str::to_owned));
            prompts.extend(["doas (", "password:"].map(str::to_owned));
            incorrect.extend(["doas: Authentication failed", "Permission denied"].map(str::to_owned));
            missing.extend(["doas: Authorization required", "doas: Authentication required"].map(str::to_owned));
        }
    }
    protocol::Become {
        argv,
        environment: Vec::new(),
        prompts,
        incorrect,
        missing,
        password: to.password.clone(),
        timeout_milliseconds: to.timeout.map_or(0, |time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
    }
}

/// The request with the program started in a directory.
fn in_directory(mut request: protocol::Become, directory: Option<&str>) -> protocol::Become {
    if let Some(directory) = directory {
        let change = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", directory].map(str::to_owned);
        request.argv = change.into_iter().chain(request.argv).collect();
    }
    request
}

/// Blank-separated words; quotes are honoured.
fn words(text: &str) -> Vec<String> {
    crate::ssh::config::shell_words(text).unwrap_or_else(|| text.split_whitespace().map(str::to_owned).collect())
}

/// True for `-HSn` and its like with a letter in it.
fn is_short_with(flag: &str, letter: char) -> bool {
    flag.len() > 1 && flag.starts_with('-') && !flag.starts_with("--") && flag.contains(letter)
}

/// `-HSn` without the `n`.
fn without_n(flag: String) -> String {
    if is_short_with(&flag, 'n') { flag.replace('n', "") } else { flag }
}

/// Letters nobody can foresee, so that a program's output cannot be taken for the prompt.
fn random_key() -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("{:016x}{:016x}", RandomState::new().hash_one(0), RandomState::new().hash_one(1))
}

#[derive(Debug, PartialEq, Eq)]
enum Words {
    Failed(String),
    Unreachable(String),
}

/// ansible-core's words.
fn failure_words(to: &Become, failure: &BecomeFailure) -> Words {
    let name = to.method.name();
    match failure {
        BecomeFailure::IncorrectPassword => Words::Failed(format!("Incorrect {name} password")),
        BecomeFailure::MissingPassword => Words::Failed(format!("Missing {name} password")),
        // ansible-core counts this one as unreachable.
        BecomeFailure::Timeout { output, waited_milliseconds } => {
            Words::Unreachable(waited_in_vain(to, Duration::from_millis(*waited_milliseconds), output))
        }
        BecomeFailure::Ended { code, output } => {
            let output = output.trim();
            let output = if output.is_empty() { "it printed nothing" } else { output };
            Words::Failed(format!("Privilege escalation with {name} failed (rc: {code}): {output}"))
        }
        BecomeFailure::NotStarted(reason) => {
            Words::Failed(format!("Privilege escalation with {name} could not be started: {reason}"))
        }
        BecomeFailure::Foreign(reason) => {
            Words::Failed(format!("Privilege escalation with {name} did not give a worker: {reason}"))
        }
    }
}

/// ansible-core's words, which depend on the connection, for a program that neither asked nor went on.
pub(crate) fn waited_in_vain(to: &Become, waited: Duration, said: &str) -> String {
    let said = said.trim();
    if !to.is_local {
        return format!("Timeout ({}s) waiting for privilege escalation prompt: {said}", waited.as_secs());
    }
    let said = if said.is_empty() { String::new() } else { format!("\n>>> Standard Error\n{said}") };
    format!("Timed out waiting for become success or become password prompt.{said}")
}

/// Escalation of one command line without a worker: the line for the login shell and what to look for in its output.
pub(crate) struct RawPlan {
    /// The whole line.
    pub(crate) line: String,
    /// Printed once the identity is taken on.
    pub(crate) success: String,
    texts: protocol::Become,
}

impl RawPlan {
    /// The plan for a command line.
    pub(crate) fn new(to: &Become, line: &str, shell: &str) -> Self {
        let user = if to.user.is_empty() { "root" } else { &to.user };
        let success = format!("BECOME-SUCCESS-{}", random_key());
        let shell = if shell.is_empty() { "/bin/sh" } else { shell };
        let command = format!("{shell} -c {}", quote(&format!("echo {success}; {line}")));
        let texts = request(to, user, Some("CHURTEN".to_owned()));
        let words: Vec<String> = texts
            .argv
            .iter()
            .map(|word| match word.as_str() {
                "CHURTEN" => command.clone(),
                "exec CHURTEN" => quote(&command),
                other => quote(other),
            })
            .collect();
        let line = words.join(" ");
        let line = match &to.directory {
            Some(directory) => format!("cd {} && {line}", quote(directory)),
            None => line,
        };
        Self { line, success, texts }
    }

    /// True when the password is asked for.
    pub(crate) fn asks(&self, said: &str) -> bool {
        contains(said, &self.texts.prompts)
    }

    /// True when the password was refused.
    pub(crate) fn is_incorrect(&self, said: &str) -> bool {
        contains(said, &self.texts.incorrect)
    }

    /// True when a password is needed and none was given.
    pub(crate) fn is_missing(&self, said: &str) -> bool {
        contains(said, &self.texts.missing)
    }
}

fn contains(said: &str, texts: &[String]) -> bool {
    let said = said.to_lowercase();
    texts.iter().any(|text| said.contains(&text.to_lowercase()))
}

/// A word for a POSIX shell.
fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:@%,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\"'\"'"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use churten_protocol::Secret;

    #[test]
    fn command_lines() {
        let w = protocol::Become::WORKER;
        let plain = Become { user: "bob".into(), ..Become::default() };
        assert_eq!(request(&plain, "bob", None).argv, ["sudo", "-H", "-S", "-n", "-u", "bob", w]);
        let with_password = Become { password: Some(Secret::from("x")), ..plain.clone() };
        let argv = request(&with_password, "bob", None).argv;
        assert_eq!(argv[..3], ["sudo", "-H", "-S"]);
        assert_eq!(argv[3], "-p");
        assert!(argv[4].starts_with("[sudo via churten, key="));
        assert_eq!(argv[5..], ["-u", "bob", w]);
        let flags = Become { flags: Some("-HSn -E".into()), ..with_password };
        assert_eq!(request(&flags, "bob", None).argv[..3], ["sudo", "-HS", "-E"]);
        let su =
            Become { method: BecomeMethod::Su, executable: Some("/bin/su".into()), flags: Some("-".into()), ..plain };
        let line = request(&su, "bob", Some("/tmp/w --serve ff".into())).argv;
        assert_eq!(line, ["/bin/su", "-", "bob", "-c", "exec /tmp/w --serve ff"]);
    }

    #[test]
    fn sudo_may_start_in_a_directory() {
        let to = Become { user: "bob".into(), directory: Some("/a b".into()), ..Become::default() };
        let argv = in_directory(request(&to, "bob", None), to.directory.as_deref()).argv;
        assert_eq!(argv[..5], ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", "/a b", "sudo"]);
        assert!(RawPlan::new(&to, "id", "").line.starts_with("cd '/a b' && sudo -H"));
    }

    #[test]
    fn no_secret_is_shown() {
        let to = Become { password: Some(Secret::from("hunter2")), ..Become::default() };
        assert!(!format!("{to:?} {:?}", request(&to, "root", None)).contains("hunter2"));
    }
}
