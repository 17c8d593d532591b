//! Commands without a worker, for `raw` and for hosts where none can run.

use crate::become_line::RawPlan;
use crate::carrier::{Carrier, Running};
use crate::error::ConnectionError;
use crate::escalation::waited_in_vain;
use crate::settings::Become;
use churten_protocol::Blob;
use std::sync::PoisonError;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The most bytes of an output.
const LIMIT: usize = 64 << 20;

/// How long escalation may take without a word, as in ansible-core.
const PATIENCE: Duration = Duration::from_secs(12);

/// How often new output of an escalation is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// A command line for the login shell, or for another user's shell.
#[derive(Clone, Debug, Default)]
pub struct RawCommand {
    /// The line.
    pub line: String,
    /// What it reads.
    pub stdin: Blob,
    /// The shell that reads the line after escalation (`ansible_shell_executable`); `/bin/sh` when empty.
    pub shell: String,
    /// Run it in a terminal, as ansible-core does over SSH unless `ansible_ssh_use_tty` is false: line ends become
    /// `\r\n`, and standard error comes among standard output.
    pub terminal: bool,
    /// It is given up after so long.
    pub timeout: Option<Duration>,
}

/// How a raw command ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawOutput {
    /// Its exit code; minus the signal's number when a signal ended it.
    pub code: i32,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
}

/// Run a command.
pub(crate) async fn run(
    host: &str,
    carrier: &Carrier,
    become_: Option<&Become>,
    command: RawCommand,
) -> Result<RawOutput, ConnectionError> {
    let (limit, terminal) = (command.timeout, command.terminal);
    let running = async {
        match become_ {
            None => {
                let running = carrier.run(host, &command.line, LIMIT, command.terminal).await?;
                finish(host, carrier, running, Vec::new(), &command.stdin.0).await
            }
            Some(to) => escalated(host, carrier, to, &command).await,
        }
    };
    let told = |mut output: RawOutput| {
        // What `ssh -tt` says at the end, and ansible-core passes on.
        if let (true, Carrier::Ssh(connection)) = (terminal, carrier) {
            let text = format!("Shared connection to {} closed.\r\n", connection.host_name());
            output.stderr.extend_from_slice(text.as_bytes());
        }
        output
    };
    match limit {
        None => running.await.map(told),
        Some(limit) => tokio::time::timeout(limit, running)
            .await
            .unwrap_or_else(|_| {
                Err(ConnectionError::remote(
                    host,
                    format_args!("the command took longer than {} seconds", limit.as_secs()),
                ))
            })
            .map(told),
    }
}

/// Pass on the input, take the rest of the output, wait for the end.
async fn finish(
    host: &str,
    carrier: &Carrier,
    running: Running,
    mut stdout: Vec<u8>,
    stdin: &[u8],
) -> Result<RawOutput, ConnectionError> {
    let Running { mut reader, mut writer, errors, exit, .. } = running;
    let feed = async {
        // A command need not read what it is given.
        let _ = writer.write_all(stdin).await;
        let _ = writer.shutdown().await;
        // Nobody wakes a writer whose connection has gone, so the end of the output is what counts.
        std::future::pending::<()>().await;
    };
    let read = async {
        let mut buffer = vec![0; 32 << 10];
        while let Ok(count) = reader.read(&mut buffer).await {
            if count == 0 {
                break;
            }
            if stdout.len() + count > LIMIT {
                let said = format_args!("the command printed more than {} MiB and was killed", LIMIT >> 20);
                return Err(ConnectionError::remote(host, said));
            }
            stdout.extend_from_slice(buffer.get(..count).unwrap_or_default());
        }
        Ok(())
    };
    tokio::select! {
        read = read => read?,
        () = feed => {}
    }
    let code = exit.await;
    let stderr = std::mem::take(&mut *errors.lock().unwrap_or_else(PoisonError::into_inner));
    let shown = || String::from_utf8_lossy(&stderr).trim().to_owned();
    match code {
        Ok(255) if matches!(carrier, Carrier::Program(_)) => Err(ConnectionError::ssh(host, shown())),
        Ok(code) => Ok(RawOutput { code, stdout, stderr }),
        Err(_) => {
            let lost = format_args!("Connection lost while a command was running. {}", shown());
            Err(ConnectionError::via(host, carrier.name(), lost))
        }
    }
}

async fn escalated(
    host: &str,
    carrier: &Carrier,
    to: &Become,
    command: &RawCommand,
) -> Result<RawOutput, ConnectionError> {
    let plan = RawPlan::new(to, &command.line, &command.shell);
    match climb(host, carrier, to, &plan, command.terminal).await? {
        Climbed::Up { running, output } => finish(host, carrier, running, output, &command.stdin.0).await,
        Climbed::Ended { running, output } => {
            let output = finish(host, carrier, running, output, b"").await?;
            // Its complaint may come after the end of its output.
            let said = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat();
            match plan.is_incorrect(&said) {
                true => Err(refused(host, to, "Incorrect")),
                false => Ok(output),
            }
        }
    }
}

/// An escalation that failed for its password: `Incorrect su password`.
fn refused(host: &str, to: &Become, what: &str) -> ConnectionError {
    ConnectionError::Become { host: host.to_owned(), message: format!("{what} {} password", to.method.name()) }
}

/// How an escalation went.
pub(crate) enum Climbed {
    /// The command runs; `output` is what it wrote already.
    Up { running: Running, output: Vec<u8> },
    /// The program for escalation ended.
    Ended { running: Running, output: Vec<u8> },
}

/// Start a command under another identity, answering the question for the password.
pub(crate) async fn climb(
    host: &str,
    carrier: &Carrier,
    to: &Become,
    plan: &RawPlan,
    terminal: bool,
) -> Result<Climbed, ConnectionError> {
    let mut running = carrier.run(host, &plan.line, LIMIT, terminal).await?;
    let failed = |what: &str| refused(host, to, what);
    let mut output: Vec<u8> = Vec::new();
    let limit = to.timeout.unwrap_or(PATIENCE);
    let begun = tokio::time::Instant::now();
    let mut asked = false;
    let mut buffer = vec![0; 4096];
    loop {
        let mut ended = false;
        if let Ok(read) = tokio::time::timeout(LOOK, running.reader.read(&mut buffer)).await {
            match read {
                Ok(count) if count > 0 && output.len() < LIMIT => {
                    output.extend_from_slice(buffer.get(..count).unwrap_or_default());
                }
                _ => ended = true,
            }
        }
        if let Some(at) = find(&output, plan.success.as_bytes()) {
            let rest = output.get(at + plan.success.len()..).unwrap_or_default();
            let rest = rest.strip_prefix(b"\r").unwrap_or(rest);
            let rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            // In a terminal, the line end after the password stays, as with ansible-core.
            let before = output.get(..at).unwrap_or_default();
            let end = before.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1);
            let answered = if asked && terminal { before.get(end..).unwrap_or_default() } else { b"" };
            let output = [answered, rest].concat();
            // What escalation itself had to say is not the command's.
            running.errors.lock().unwrap_or_else(PoisonError::into_inner).clear();
            return Ok(Climbed::Up { running, output });
        }
        let said = format!("{}{}", String::from_utf8_lossy(&output), running.errors());
        if plan.is_incorrect(&said) {
            return Err(failed("Incorrect"));
        }
        if plan.is_missing(&said) {
            return Err(failed("Missing"));
        }
        if !asked && plan.asks(&said) {
            asked = true;
            let Some(password) = &to.password else { return Err(failed("Missing")) };
            let mut line = zeroize::Zeroizing::new(password.expose().to_vec());
            line.push(b'\n');
            let _ = running.writer.write_all(&line).await;
            let _ = running.writer.flush().await;
        }
        if ended {
            return Ok(Climbed::Ended { running, output });
        }
        if begun.elapsed() > limit {
            return Err(ConnectionError::unreachable(host, waited_in_vain(to, limit, &said)));
        }
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}
