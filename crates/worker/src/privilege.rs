//! Becoming another user: a second worker through `sudo`, `su`, `doas` and their kind.

use crate::child::{Piece, Piped, add_environment, read_piece, set_nonblocking, write_piece};
use crate::jobs::Job;
use crate::output::{Outgoing, system_error};
use crate::processes;
use crate::routes::Routes;
use churten_protocol::{Become, BecomeFailure, Decoder, FrameError, Hello, MAX_NOISE, PROTOCOL, Preamble, Response};
use std::io;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// How long to wait when the request does not say.
const TIMEOUT: Duration = Duration::from_secs(12);

/// How often a cancel is looked for: a program of another user cannot be killed, so waiting for it must end here.
const LOOK: Duration = Duration::from_millis(100);

/// Answer `Become`.
pub(crate) fn answer(
    job: &Job,
    request: &Become,
    worker: Option<&[String]>,
    routes: &Arc<Routes>,
    output: &Arc<Outgoing>,
) -> Response {
    let Some(worker) = worker else {
        return Response::Become(BecomeFailure::NotStarted("this worker has no program of its own".into()));
    };
    let argv = with_worker(&request.argv, worker);
    let Some((program, arguments)) = argv.split_first() else {
        return Response::Become(BecomeFailure::NotStarted("no program".into()));
    };
    let mut command = Command::new(program);
    command.args(arguments);
    let started = add_environment(&mut command, &request.environment).and_then(|()| Piped::start(command, true));
    let child = match started {
        Ok(child) => child,
        Err(error) => return Response::Become(BecomeFailure::NotStarted(format!("{program}: {error}"))),
    };
    job.runs_group(child.leader);
    let mut talk = Talk::new(child, request);
    let result = talk.run(job);
    job.runs_nothing();
    let (mut child, decoder) = (talk.child, talk.decoder);
    match result {
        Ok(Ok(hello)) => match routes.add(child, decoder, output) {
            Some(route) => Response::Route(route, hello),
            None => system_error(program, &io::Error::other("no room for another route")),
        },
        Ok(Err(failure)) => {
            end(child);
            Response::Become(failure)
        }
        Err(error) => {
            child.close();
            end(child);
            system_error(program, &error)
        }
    }
}

/// How long a program may take to end what it has started.
const FAREWELL: Duration = Duration::from_secs(1);

/// Stop a program that is of no use. One of another user's may take its time, so it is reaped elsewhere.
fn end(mut child: Piped) {
    child.close();
    // `sudo` passes this signal on to what it runs in a terminal of its own; it cannot do so when it is killed.
    processes::terminate_group(child.leader);
    let begun = Instant::now();
    while begun.elapsed() < FAREWELL && matches!(child.wait_ready(Some(FAREWELL)), Ok(ready) if !ready.ended) {}
    processes::kill_group(child.leader);
    child.reap_elsewhere();
}

/// The command with the worker's own in its place.
fn with_worker(argv: &[String], worker: &[String]) -> Vec<String> {
    let line = worker.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ");
    let mut words = Vec::with_capacity(argv.len() + worker.len());
    for word in argv {
        if word == Become::WORKER {
            words.extend_from_slice(worker);
        } else {
            words.push(word.replace(Become::WORKER, &line));
        }
    }
    words
}

/// A word for a shell.
fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:@%,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// The conversation until the second worker's hello.
struct Talk<'a> {
    child: Piped,
    request: &'a Become,
    preamble: Preamble,
    found: bool,
    decoder: Decoder,
    errors: Vec<u8>,
    asked: usize,
}

impl<'a> Talk<'a> {
    fn new(child: Piped, request: &'a Become) -> Self {
        Self {
            child,
            request,
            preamble: Preamble::new(),
            found: false,
            decoder: Decoder::new(),
            errors: Vec::new(),
            asked: 0,
        }
    }

    fn run(&mut self, job: &Job) -> io::Result<Result<Hello, BecomeFailure>> {
        let limit = match self.request.timeout_milliseconds {
            0 => TIMEOUT,
            milliseconds => Duration::from_millis(milliseconds),
        };
        let begun = Instant::now();
        let mut buffer = Zeroizing::new(vec![0; 16 << 10]);
        loop {
            let left = limit.saturating_sub(begun.elapsed());
            if left.is_zero() {
                let waited_milliseconds = limit.as_millis().try_into().unwrap_or(u64::MAX);
                return Ok(Err(BecomeFailure::Timeout { output: self.text(), waited_milliseconds }));
            }
            if job.is_cancelled() {
                return Err(io::Error::new(io::ErrorKind::Interrupted, "cancelled"));
            }
            // The pipe to the program is always ready for the few bytes of a password; polling for it would not wait.
            let stdin = self.child.stdin.take();
            let ready = self.child.wait_ready(Some(left.min(LOOK)));
            self.child.stdin = stdin;
            let ready = ready?;
            let mut spoke = self.read_errors(&mut buffer);
            match self.read_output(&mut buffer) {
                Ok(Some(hello)) => return Ok(self.check(hello)),
                Ok(None) => spoke |= ready.stdout,
                Err(error) => return Ok(Err(BecomeFailure::Foreign(error.to_string()))),
            }
            if spoke
                && !self.found
                && let Some(failure) = self.converse()
            {
                return Ok(Err(failure));
            }
            if ready.ended {
                let code = self.child.reap()?;
                return Ok(Err(BecomeFailure::Ended { code, output: self.text() }));
            }
        }
    }

    /// Read what came on standard error; true when there was something.
    fn read_errors(&mut self, buffer: &mut [u8]) -> bool {
        let mut spoke = false;
        while let Some(pipe) = &mut self.child.stderr {
            match read_piece(pipe, buffer) {
                Piece::Bytes(bytes) => {
                    let room = MAX_NOISE.saturating_sub(self.errors.len());
                    self.errors.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
                    spoke = true;
                }
                Piece::Nothing => break,
                Piece::End => self.child.stderr = None,
            }
        }
        spoke
    }

    /// Read standard output: noise, then the magic, then the hello.
    fn read_output(&mut self, buffer: &mut [u8]) -> Result<Option<Hello>, FrameError> {
        while let Some(pipe) = &mut self.child.stdout {
            let mut bytes = match read_piece(pipe, buffer) {
                Piece::Bytes(bytes) => bytes,
                Piece::Nothing => break,
                Piece::End => {
                    self.child.stdout = None;
                    break;
                }
            };
            self.found = self.found || self.preamble.push(&mut bytes)?;
            if self.found
                && let Some(frame) = self.decoder.push(&mut bytes)?
            {
                // A worker says nothing more before it is asked.
                return Hello::from_frame(&frame).map(Some);
            }
        }
        Ok(None)
    }

    fn check(&self, hello: Hello) -> Result<Hello, BecomeFailure> {
        if hello.protocol == PROTOCOL {
            Ok(hello)
        } else {
            Err(BecomeFailure::Foreign(format!("a worker of protocol {} answered", hello.protocol)))
        }
    }

    /// Look at what the program says; give it the password when it asks for it.
    fn converse(&mut self) -> Option<BecomeFailure> {
        // A prompt that begins with a line end stands at the beginning of a line.
        let said = format!("\n{}", self.text().to_lowercase());
        let says = |texts: &[String]| texts.iter().any(|text| !text.is_empty() && said.contains(&text.to_lowercase()));
        if says(&self.request.incorrect) {
            return Some(BecomeFailure::IncorrectPassword);
        }
        if says(&self.request.missing) {
            return Some(BecomeFailure::MissingPassword);
        }
        let asked = count(&said, &self.request.prompts);
        if asked <= self.asked {
            return None;
        }
        let again = self.asked > 0;
        self.asked = asked;
        if again || asked > 1 {
            return Some(BecomeFailure::IncorrectPassword);
        }
        let Some(password) = &self.request.password else { return Some(BecomeFailure::MissingPassword) };
        let mut line = Zeroizing::new(Vec::with_capacity(password.expose().len() + 1));
        line.extend_from_slice(password.expose());
        line.push(b'\n');
        // It fits the empty pipe, or is no password.
        let written = self.child.stdin.as_mut().and_then(|pipe| {
            set_nonblocking(pipe, true).ok()?;
            write_piece(pipe, &line)
        });
        (written != Some(line.len())).then(|| BecomeFailure::NotStarted("the password could not be passed on".into()))
    }

    /// What the program wrote: standard output up to the magic, then standard error.
    fn text(&self) -> String {
        let mut text = String::from_utf8_lossy(self.preamble.noise()).into_owned();
        text += &String::from_utf8_lossy(&self.errors);
        text
    }
}

/// How many times one of the prompts occurs. Prompts that overlap count once.
fn count(text: &str, prompts: &[String]) -> usize {
    let prompts: Vec<String> = prompts.iter().filter(|prompt| !prompt.is_empty()).map(|p| p.to_lowercase()).collect();
    let mut rest = text;
    let mut count = 0;
    loop {
        let next = prompts.iter().filter_map(|prompt| rest.find(prompt.as_str()).map(|at| (at, prompt.len())));
        let Some((at, length)) = next.min_by_key(|(at, length)| (*at, std::cmp::Reverse(*length))) else {
            return count;
        };
        count += 1;
        rest = rest.get(at + length..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::{count, quote, with_worker};
    use churten_protocol::Become;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn the_worker_is_put_where_it_belongs() {
        let worker = words(&["/tmp/a b/worker", "--serve"]);
        let sudo = with_worker(&words(&["sudo", "-n", Become::WORKER]), &worker);
        assert_eq!(sudo, words(&["sudo", "-n", "/tmp/a b/worker", "--serve"]));
        let su = with_worker(&words(&["su", "-c", &format!("exec {}", Become::WORKER)]), &worker);
        assert_eq!(su, words(&["su", "-c", "exec '/tmp/a b/worker' --serve"]));
        assert_eq!(quote("it's"), r"'it'\''s'");
    }

    #[test]
    fn prompts_are_counted_once_each() {
        let prompts = words(&["password", "password:"]);
        for (text, expected) in [("", 0), ("password: ", 1), ("password:\nsorry\npassword:", 2), ("pass word", 0)] {
            assert_eq!(count(text, &prompts), expected, "{text}");
        }
        assert_eq!(count("anything", &words(&[""])), 0);
    }
}
