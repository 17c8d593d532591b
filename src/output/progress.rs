//! One line at the bottom of a terminal: the running task, how many hosts are done, and which are slow.

use std::io::Write;
use std::time::{Duration, Instant};
use unicode_width::UnicodeWidthChar;

/// Hosts that take longer are named.
const SLOW: Duration = Duration::from_secs(5);
/// Nothing is drawn before a task has run for this long.
const QUIET: Duration = Duration::from_millis(500);

/// The state behind the line.
#[derive(Debug)]
pub(super) struct Progress {
    columns: usize,
    task: Option<String>,
    started: Instant,
    total: usize,
    done: usize,
    running: Vec<(String, Instant)>,
    shown: bool,
}

impl Progress {
    /// Nothing to show yet, in a terminal of that width.
    pub(super) fn new(columns: usize) -> Self {
        Self { columns, task: None, started: Instant::now(), total: 0, done: 0, running: Vec::new(), shown: false }
    }

    /// A task begins on `total` hosts.
    pub(super) fn start(&mut self, name: &str, total: usize) {
        self.task = Some(name.to_owned());
        self.started = Instant::now();
        self.total = total;
        self.done = 0;
        self.running.clear();
    }

    /// A host begins.
    pub(super) fn host_started(&mut self, host: &str) {
        self.running.push((host.to_owned(), Instant::now()));
    }

    /// A host is done.
    pub(super) fn host_ended(&mut self, host: &str) {
        self.done += 1;
        self.running.retain(|(name, _)| name != host);
    }

    /// Nothing runs.
    pub(super) fn stop(&mut self) {
        self.task = None;
    }

    /// The text of the line, when there is something to say.
    fn text(&self, now: Instant) -> Option<String> {
        let task = self.task.as_ref()?;
        let elapsed = now.duration_since(self.started);
        if elapsed < QUIET || self.done >= self.total {
            return None;
        }
        let mut text = format!("{task} · {}/{} hosts · {}s", self.done, self.total, elapsed.as_secs());
        let slow: Vec<&str> = self
            .running
            .iter()
            .filter(|(_, since)| now.duration_since(*since) >= SLOW)
            .map(|(host, _)| host.as_str())
            .collect();
        if !slow.is_empty() {
            text += &format!(" · waiting for {}", slow.join(", "));
        }
        let mut width = 0;
        Some(
            text.chars()
                .filter(|c| !c.is_control())
                .take_while(|c| {
                    width += c.width().unwrap_or(0);
                    width < self.columns
                })
                .collect(),
        )
    }

    /// Draw the line over itself.
    pub(super) fn draw(&mut self, stream: &mut dyn Write) {
        match self.text(Instant::now()) {
            Some(text) => {
                let _ = write!(stream, "\r\x1b[2K\x1b[2m{text}\x1b[0m");
                let _ = stream.flush();
                self.shown = true;
            }
            None => self.clear(stream),
        }
    }

    /// Take the line away.
    pub(super) fn clear(&mut self, stream: &mut dyn Write) {
        if std::mem::take(&mut self.shown) {
            let _ = stream.write_all(b"\r\x1b[2K");
            let _ = stream.flush();
        }
    }
}

/// Cells in a line of the terminal on standard output; 80 when nobody knows.
pub(super) fn terminal_columns() -> usize {
    rustix::termios::tcgetwinsize(std::io::stdout()).map_or(80, |size| usize::from(size.ws_col))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_tells_of_slow_hosts() {
        let mut progress = Progress::new(60);
        progress.start("Install nginx", 3);
        progress.host_started("web1");
        progress.host_started("web2");
        progress.host_ended("web1");
        let now = Instant::now();
        assert_eq!(progress.text(now), None);
        let later = now + Duration::from_secs(7);
        let text = progress.text(later).unwrap_or_default();
        assert!(text.starts_with("Install nginx · 1/3 hosts · ") && text.contains("waiting for web2"), "{text}");
    }
}
