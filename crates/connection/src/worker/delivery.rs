//! Getting a worker running on a host: one command that finds it or takes it, on the channel it will talk on.

use crate::carrier::{Carrier, KEPT_ERRORS, Running, text_of};
use crate::error::ConnectionError;
use crate::settings::{ConnectionSettings, WorkerProgram};
use crate::worker::client::{Client, Reader};
use crate::worker::script::{self, FAIL, Format, KEPT, MEMORY, NEED};
use churten_protocol::{BuildHash, Decoder, Hello, MAGIC, MAX_NOISE, PROTOCOL, Preamble};
use std::borrow::Cow;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// So many directories may fail in turn, and xz once.
const MAX_TRIES: usize = 8;

/// How long a started worker may take for its hello.
const GREETING: Duration = Duration::from_secs(12);

/// How long the way a command ended may take to come after the end of its output.
const FAREWELL: Duration = Duration::from_secs(2);

/// A delivered worker.
pub(crate) struct Delivered {
    pub(crate) client: Client,
    pub(crate) hello: Hello,
    /// It was sent, not found.
    pub(crate) uploaded: bool,
}

/// Find or bring a worker and say hello.
pub(crate) async fn deliver(
    host: &str,
    carrier: &Carrier,
    settings: &ConnectionSettings,
    remote_tmp: &str,
) -> Result<Delivered, ConnectionError> {
    let mut skip = Vec::new();
    let mut trusts_xz = true;
    for _ in 0..MAX_TRIES {
        match attempt(host, carrier, settings, remote_tmp, &skip, trusts_xz).await? {
            Attempt::Delivered(delivered) => return Ok(*delivered),
            // There are programs of this name that cannot unpack everything.
            Attempt::Failed(_, Format::Xz) => trusts_xz = false,
            Attempt::Failed(directory, _) => skip.push(directory),
        }
    }
    Err(no_worker(host, format_args!("writing it failed in {}: no space left there", skip.join(", "))))
}

/// Wait for the hello of a worker that has been started, and talk to it. `bytes` are what it wrote already.
pub(crate) async fn greet(
    host: &str,
    mut running: Running,
    bytes: Vec<u8>,
) -> Result<(Client, Hello), ConnectionError> {
    let mut preamble = Preamble::new();
    let mut decoder = Decoder::new();
    let mut found = false;
    let mut early = bytes;
    let mut buffer = vec![0; 4096];
    let hello = loop {
        let mut bytes = early.as_slice();
        found = found || preamble.push(&mut bytes).map_err(|error| violation(host, error))?;
        let frame = if found { decoder.push(&mut bytes).map_err(|error| violation(host, error))? } else { None };
        early = bytes.to_vec();
        if let Some(frame) = frame {
            break Hello::from_frame(&frame).map_err(|error| violation(host, error))?;
        }
        match tokio::time::timeout(GREETING, running.reader.read(&mut buffer)).await {
            Ok(Ok(count)) if count > 0 => early.extend_from_slice(buffer.get(..count).unwrap_or_default()),
            read => {
                let said = String::from_utf8_lossy(preamble.noise()).trim().to_owned();
                if read.is_err() {
                    let seconds = GREETING.as_secs();
                    return Err(ConnectionError::ssh(host, format_args!("no answer within {seconds} seconds. {said}")));
                }
                if is_lost(&mut running.exit).await {
                    return Err(lost(host, &format!("{said} {}", running.errors())));
                }
                return Err(violation(host, format_args!("no worker answered: {said} {}", running.errors())));
            }
        }
    };
    if hello.protocol != PROTOCOL {
        return Err(ConnectionError::WorkerVersion {
            host: host.to_owned(),
            found: hello.protocol,
            expected: PROTOCOL,
        });
    }
    let Running { reader, writer, exit, is_slow, errors: _ } = running;
    // The exit status is of no interest; its receiver must live as long as the worker does, for a child is killed
    // without it.
    let reader = HeldReader { reader, _exit: exit };
    let client = Client::start(Box::new(reader), writer, early);
    if is_slow {
        tracing::debug!(host, "the link is slow: contents are deflated");
        client.deflate().await;
    }
    Ok((client, hello))
}

enum Attempt {
    Delivered(Box<Delivered>),
    /// Writing to this directory failed, of a worker that was sent in this way.
    Failed(String, Format),
}

async fn attempt(
    host: &str,
    carrier: &Carrier,
    settings: &ConnectionSettings,
    remote_tmp: &str,
    skip: &[String],
    trusts_xz: bool,
) -> Result<Attempt, ConnectionError> {
    let command = script::command(&settings.workers, remote_tmp, settings.keep_workers, skip);
    let mut running = carrier.run(host, &command, KEPT_ERRORS, false).await?;
    let mut output = Output::default();
    let mut sent_as = None;
    loop {
        let event = within(settings.worker_timeout, output.next(&mut running.reader)).await;
        match event {
            Event::Magic => break,
            Event::Line(line) => {
                let mut words = line.split(' ');
                match (words.next(), words.next(), words.next()) {
                    (Some(NEED), Some(directory), Some(formats)) if sent_as.is_none() => {
                        let program = program(settings, &line).ok_or_else(|| no_worker(host, &line))?;
                        let format = choose(formats, running.is_slow, trusts_xz);
                        sent_as = Some(format);
                        tracing::debug!(host, format = format.name(), "sending the worker");
                        let bytes = packed(&program, format).map_err(|error| no_worker(host, error))?;
                        let Running { reader, writer, .. } = &mut running;
                        let sent = async {
                            if directory != MEMORY {
                                writer.write_all(format!("{}\n", format.name()).as_bytes()).await?;
                            }
                            writer.write_all(&bytes).await?;
                            writer.flush().await
                        };
                        tokio::select! {
                            // A failure here shows in what the script says next.
                            sent = within_upload(sent) => if let Err(error) = sent {
                                tracing::debug!(host, %error, "upload of the worker");
                            },
                            // Nobody wakes a writer whose connection has gone.
                            () = output.word(reader) => {}
                        }
                    }
                    (Some(FAIL), Some("full"), Some(directory)) => {
                        return Ok(Attempt::Failed(directory.to_owned(), sent_as.unwrap_or(Format::Raw)));
                    }
                    (Some(FAIL), ..) => {
                        let reason = line.strip_prefix(FAIL).unwrap_or_default().trim().to_owned();
                        return Err(no_worker(host, reason));
                    }
                    (Some(KEPT), ..) => tracing::debug!(host, "worker uploaded"),
                    _ => {}
                }
            }
            Event::End => return Err(ended(host, carrier, running, &output, false).await),
            Event::Timeout => return Err(ended(host, carrier, running, &output, true).await),
        }
    }
    let early = [&MAGIC[..], &output.bytes].concat();
    let (client, hello) = greet(host, running, early).await?;
    let ours = settings.workers.iter().any(|worker| BuildHash(worker.sha256) == hello.build);
    if !ours {
        return Err(violation(host, format_args!("a worker of another build ({}) answered", hello.build)));
    }
    Ok(Attempt::Delivered(Box::new(Delivered { client, hello, uploaded: sent_as.is_some() })))
}

/// How the worker is sent to a host that can unpack these formats. xz is smaller and gzip is unpacked sooner, which is
/// what counts on a quick link.
fn choose(formats: &str, is_slow: bool, trusts_xz: bool) -> Format {
    let has = |format: Format| formats.split(',').any(|name| name == format.name());
    let has_xz = trusts_xz && has(Format::Xz);
    match has(Format::Gzip) {
        true if has_xz && is_slow => Format::Xz,
        true => Format::Gzip,
        false if has_xz => Format::Xz,
        false => Format::Raw,
    }
}

fn packed(program: &WorkerProgram, format: Format) -> std::io::Result<Cow<'static, [u8]>> {
    Ok(match format {
        Format::Raw => Cow::Owned(program.unpacked()?),
        Format::Gzip => Cow::Borrowed(program.gzip),
        Format::Xz => Cow::Borrowed(program.xz),
    })
}

/// The worker for the machine: with one in the table there is no question, else the script names the machine.
fn program(settings: &ConnectionSettings, line: &str) -> Option<WorkerProgram> {
    let machine = line.split(' ').nth(3);
    settings.workers.iter().find(|worker| Some(worker.architecture) == machine).or(settings.workers.first()).copied()
}

async fn within(limit: Duration, next: impl Future<Output = Event>) -> Event {
    tokio::time::timeout(limit, next).await.unwrap_or(Event::Timeout)
}

/// A slow line may take its time for an upload, but not for ever.
async fn within_upload(sending: impl Future<Output = std::io::Result<()>>) -> std::io::Result<()> {
    let limit = Duration::from_secs(600);
    tokio::time::timeout(limit, sending).await.unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()))
}

/// The script ended, or said nothing, before a worker spoke.
async fn ended(host: &str, carrier: &Carrier, running: Running, output: &Output, timeout: bool) -> ConnectionError {
    let Running { mut exit, errors, .. } = running;
    // Of a command whose connection is gone nobody says how it ended.
    let exit = tokio::time::timeout(FAREWELL, &mut exit).await;
    let is_lost = matches!(exit, Ok(Err(_))) && !timeout;
    let exit = exit.ok().and_then(Result::ok);
    // Standard error is complete only when the end is known: standard output may have ended before it was read.
    let errors = text_of(&errors);
    if matches!(carrier, Carrier::Program(_)) && exit == Some(255) {
        return ConnectionError::ssh(host, errors);
    }
    // What the program itself says comes before anything of the host.
    if let (Carrier::Inside(options), Some(code), false) = (carrier, exit, timeout || output.noise > 0) {
        let errors = if errors.is_empty() { format!("{} ended with code {code}", options.name) } else { errors };
        return ConnectionError::via(host, options.name, errors);
    }
    if carrier.is_closed() || is_lost {
        return lost(host, &errors);
    }
    let said = format!("{} {errors}", String::from_utf8_lossy(&output.bytes));
    let said = said.trim();
    if timeout && exit.is_none() {
        return ConnectionError::ssh(host, format_args!("no answer in time while the worker was started. {said}"));
    }
    let what = match (timeout, exit) {
        (true, _) => "it did not answer in time".to_owned(),
        (false, Some(3)) => "its file on the host has been changed; remove the churten directory there".to_owned(),
        (false, Some(126)) => "it does not start there".to_owned(),
        (false, Some(code)) => format!("the login shell ended with code {code}"),
        (false, None) => "the login shell ended".to_owned(),
    };
    if said.is_empty() { no_worker(host, what) } else { no_worker(host, format_args!("{what}: {said}")) }
}

/// The connection went away before a worker had said hello.
fn lost(host: &str, said: &str) -> ConnectionError {
    ConnectionError::unstarted(host, "ssh", format_args!("Connection closed by remote host. {}", said.trim()))
}

/// Has a command ended of which nobody says how? Then its connection is gone.
async fn is_lost(exit: &mut tokio::sync::oneshot::Receiver<i32>) -> bool {
    matches!(tokio::time::timeout(FAREWELL, exit).await, Ok(Err(_)))
}

fn no_worker(host: &str, reason: impl std::fmt::Display) -> ConnectionError {
    ConnectionError::NoWorker { host: host.to_owned(), reason: reason.to_string() }
}

fn violation(host: &str, reason: impl std::fmt::Display) -> ConnectionError {
    ConnectionError::ProtocolViolation { host: host.to_owned(), reason: reason.to_string() }
}

/// What the script's output brings.
enum Event {
    /// A line of the script's; others are noise.
    Line(String),
    /// The worker's magic.
    Magic,
    End,
    Timeout,
}

/// The script's output, searched for its lines and for the magic; whatever else a login prints is passed over.
#[derive(Default)]
struct Output {
    bytes: Vec<u8>,
    noise: usize,
    is_over: bool,
}

impl Output {
    async fn next(&mut self, reader: &mut Reader) -> Event {
        loop {
            if let Some(event) = self.take() {
                return event;
            }
            self.more(reader).await;
            if self.is_over {
                return Event::End;
            }
            if self.bytes.len() + self.noise > MAX_NOISE {
                return Event::End;
            }
        }
    }

    /// Wait for a word of the script's, or the end.
    async fn word(&mut self, reader: &mut Reader) {
        const BEGINNING: &[u8] = b"CHURTEN-";
        let spoke = |bytes: &[u8]| bytes.windows(BEGINNING.len()).any(|window| window == BEGINNING);
        while !self.is_over && !spoke(&self.bytes) && self.bytes.len() + self.noise <= MAX_NOISE {
            self.more(reader).await;
        }
    }

    /// Wait for more of it, or the end.
    async fn more(&mut self, reader: &mut Reader) {
        let mut buffer = [0; 4096];
        match reader.read(&mut buffer).await {
            Ok(count) if count > 0 => self.bytes.extend_from_slice(buffer.get(..count).unwrap_or_default()),
            _ => self.is_over = true,
        }
    }

    fn take(&mut self) -> Option<Event> {
        loop {
            let magic = self.bytes.windows(MAGIC.len()).position(|window| window == MAGIC);
            let end = self.bytes.iter().position(|byte| *byte == b'\n');
            match (magic, end) {
                (Some(at), end) if end.is_none_or(|end| end > at) => {
                    self.bytes.drain(..at + MAGIC.len());
                    return Some(Event::Magic);
                }
                (_, Some(end)) => {
                    let line: Vec<u8> = self.bytes.drain(..=end).collect();
                    self.noise += line.len();
                    // Noise without a line end may stand in front of the script's words.
                    if let Some((_, rest)) = String::from_utf8_lossy(&line).split_once("CHURTEN-") {
                        return Some(Event::Line(format!("CHURTEN-{}", rest.trim_end())));
                    }
                }
                _ => return None,
            }
        }
    }
}

/// A reader that keeps the command it reads from alive.
struct HeldReader {
    reader: Reader,
    _exit: tokio::sync::oneshot::Receiver<i32>,
}

impl tokio::io::AsyncRead for HeldReader {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        buffer: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.reader).poll_read(context, buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        for (formats, is_slow, trusts_xz, expected) in [
            ("raw", true, true, Format::Raw),
            ("raw,gzip", true, true, Format::Gzip),
            ("raw,gzip,xz", true, true, Format::Xz),
            ("raw,gzip,xz", false, true, Format::Gzip),
            ("raw,gzip,xz", true, false, Format::Gzip),
            ("raw,xz", false, true, Format::Xz),
            ("raw,xz", false, false, Format::Raw),
            ("raw,xzcat", true, true, Format::Raw),
        ] {
            assert_eq!(choose(formats, is_slow, trusts_xz), expected, "{formats} {is_slow} {trusts_xz}");
        }
    }
}
