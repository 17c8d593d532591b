//! Taking on another identity: a second worker behind the first, and what failures are called.

use crate::become_line::{RawPlan, request};
use crate::error::ConnectionError;
use crate::raw::{Climbed, climb};
use crate::session::Session;
use crate::settings::Become;
use crate::worker::delivery;
use churten_protocol::{BecomeFailure, Command, Exec, Request, Response};
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
    // ansible-core leaves escalation out for the user one already is (become_allow_same_user); for root the worker knows.
    let plain = to.executable.is_none() && to.flags.is_none() && to.directory.is_none();
    if to.user == "root" && session.hello().uid == 0 && plain && !to.same_user {
        return Ok(session.clone());
    }
    // Without a word about the user it is root, as every program has it.
    let to_root = matches!(to.user.as_str(), "root" | "") && !to.method.picks_user();
    let worker = if to_root { None } else { shared_worker(session).await? };
    let terminal = session.carrier().is_some_and(|carrier| carrier.has_terminals());
    if terminal && to.password.is_some() && to.method.asks_in_terminal() {
        return in_terminal(session, to).await;
    }
    match session.request(&Request::Become(request(to, worker))).await? {
        Response::Become(BecomeFailure::Ended { output, .. }) if terminal && wants_terminal(&output) => {
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

/// True for what `sudo` (`requiretty`) and `doas` say.
fn wants_terminal(output: &str) -> bool {
    ["must have a tty", "a tty is required"].iter().any(|text| output.contains(text))
}

/// A worker behind a program that wants a terminal: on a channel of its own, in a terminal that is made to pass on all
/// bytes.
async fn in_terminal(session: &Session, to: &Become) -> Result<Session, ConnectionError> {
    let host = session.host();
    let failed = |message: &str| ConnectionError::Become { host: host.to_owned(), message: message.to_owned() };
    let (Some(carrier), Some(worker)) = (session.carrier(), shared_worker(session).await?) else {
        let name = to.method.name();
        return Err(failed(&format!("{name} wants a terminal (requiretty), and there is no way to give it one")));
    };
    let plan = RawPlan::new(to, &format!("stty raw -echo; exec {worker}"), "");
    match climb(host, &carrier, to, &plan, true).await? {
        Climbed::Up { running, output } => {
            let (client, hello) = delivery::greet(host, running, output).await?;
            Ok(Session::new(host, Arc::new(client), 0, hello, Some(carrier), session.notes().to_vec()))
        }
        Climbed::Ended { output, .. } => {
            let output = String::from_utf8_lossy(&output);
            let name = to.method.name();
            Err(failed(&format!("Privilege escalation with {name} in a terminal failed: {}", output.trim())))
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

#[cfg(test)]
mod tests {
    use super::*;
    use churten_protocol::Secret;

    #[test]
    fn no_secret_is_shown() {
        let to = Become { password: Some(Secret::from("hunter2")), ..Become::default() };
        assert!(!format!("{to:?} {:?}", request(&to, None)).contains("hunter2"));
    }
}
