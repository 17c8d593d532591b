//! The two streams, colours, verbosity, and messages that are shown once.

use super::banner::banner;
use super::colour::{Palette, Role};
use super::log::{Log, Weight};
use super::progress::Progress;
use churten_value::{has_surrogates, replace_surrogates};
use std::collections::HashSet;
use std::io::{IsTerminal, Write};

/// Where a line goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

/// What a user can set about the console.
#[derive(Clone, Debug)]
pub(crate) struct ConsoleOptions {
    /// Number of `-v`.
    pub(crate) verbosity: u8,
    /// Paint text.
    pub(crate) colour: bool,
    /// The colour of each role.
    pub(crate) palette: Palette,
    /// Cells in a line, for banners.
    pub(crate) columns: usize,
    /// `VERBOSE_TO_STDERR`.
    pub(crate) verbose_to_stderr: bool,
    /// `DEPRECATION_WARNINGS`.
    pub(crate) deprecation_warnings: bool,
    /// Lines of unchanged text around a change in a diff.
    pub(crate) diff_context: usize,
    /// A line at the bottom that tells what is running; only ever set on a terminal.
    pub(crate) progress: bool,
}

impl Default for ConsoleOptions {
    fn default() -> Self {
        Self {
            verbosity: 0,
            colour: false,
            palette: Palette::default(),
            columns: 79,
            verbose_to_stderr: false,
            deprecation_warnings: true,
            diff_context: 3,
            progress: false,
        }
    }
}

impl ConsoleOptions {
    /// Options for the standard streams of this process. `setting` returns the text of a `COLOR_*` setting.
    pub(crate) fn for_terminal(no_color: bool, force_color: bool, setting: impl Fn(&str) -> Option<String>) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let columns = if terminal { super::progress::terminal_columns().saturating_sub(1).max(79) } else { 79 };
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        Self {
            colour: force_color || (!no_color && terminal && !dumb),
            palette: Palette::new(setting),
            columns,
            progress: terminal && !dumb && std::io::stderr().is_terminal(),
            ..Self::default()
        }
    }
}

/// The one way to the user's screen.
///
/// A stream that can no longer be written to is ignored: the run goes on, as it would with ansible-core's workers.
pub(crate) struct Console {
    options: ConsoleOptions,
    output: Box<dyn Write + Send>,
    error: Box<dyn Write + Send>,
    seen: HashSet<String>,
    progress: Option<Progress>,
    log: Option<Log>,
}

impl std::fmt::Debug for Console {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Console").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Console {
    /// A console on the standard streams.
    pub(crate) fn new(options: ConsoleOptions) -> Self {
        Self::with_writers(options, Box::new(std::io::stdout()), Box::new(std::io::stderr()))
    }

    /// A console on any two streams.
    pub(crate) fn with_writers(
        options: ConsoleOptions,
        output: Box<dyn Write + Send>,
        error: Box<dyn Write + Send>,
    ) -> Self {
        let progress = options.progress.then(|| Progress::new(options.columns));
        Self { options, output, error, seen: HashSet::new(), progress, log: None }
    }

    /// Write what is shown to a log, too.
    pub(crate) fn set_log(&mut self, log: Option<Log>) {
        self.log = log;
    }

    /// Text as it is, in front of an answer.
    pub(crate) fn prompt(&mut self, text: &str) {
        self.clear_progress();
        let _ = self.output.write_all(replace_surrogates(text).as_bytes());
        let _ = self.output.flush();
    }

    /// Text for the error stream as it is, before anything else.
    pub(crate) fn complain(&mut self, text: &str) {
        let _ = self.error.write_all(text.as_bytes());
        let _ = self.error.flush();
    }

    /// Whether there is a progress line.
    pub(crate) fn has_progress(&self) -> bool {
        self.progress.is_some()
    }

    /// Lines of unchanged text around a change in a diff.
    pub(crate) fn diff_context(&self) -> usize {
        self.options.diff_context
    }

    /// Cells in a line.
    pub(crate) fn columns(&self) -> usize {
        self.options.columns
    }

    /// Whether text is painted.
    pub(crate) fn has_colour(&self) -> bool {
        self.options.colour
    }

    /// `text` in the colour of `role`, when there are colours.
    pub(crate) fn paint(&self, role: Role, text: &str) -> String {
        if self.options.colour { self.options.palette.paint(role, text) } else { text.to_owned() }
    }

    /// A line of plain text on the output stream.
    pub(crate) fn line(&mut self, text: &str) {
        self.write(Stream::Output, text, None);
    }

    /// A line, or several, in a colour. A newline at the end of `text` is the end of its last line.
    pub(crate) fn write(&mut self, stream: Stream, text: &str, role: Option<Role>) {
        self.record(Weight::Info, text);
        self.show(stream, text, role);
    }

    fn record(&mut self, weight: Weight, text: &str) {
        if let Some(log) = &mut self.log {
            log.write(weight, &replace_surrogates(text));
        }
    }

    /// A line for the screen and, without colours, for the log.
    pub(super) fn line_in_two_forms(&mut self, screen: &str, log: &str) {
        self.record(Weight::Info, log);
        self.show(Stream::Output, screen, None);
    }

    /// A line, or several, for the screen alone.
    pub(super) fn show(&mut self, stream: Stream, text: &str, role: Option<Role>) {
        if has_surrogates(text) {
            self.warning("Non UTF-8 encoded data replaced with \"?\" while displaying text to stdout/stderr.");
        }
        let text = &*replace_surrogates(text);
        let text = text.strip_suffix('\n').unwrap_or(text);
        let mut painted = match role {
            Some(role) => self.paint(role, text),
            None => text.to_owned(),
        };
        painted.push('\n');
        if let Some(progress) = &mut self.progress {
            progress.clear(&mut *self.error);
        }
        let target = match stream {
            Stream::Output => &mut self.output,
            Stream::Error => {
                let _ = self.output.flush();
                &mut self.error
            }
        };
        let _ = target.write_all(painted.as_bytes());
        let _ = target.flush();
    }

    /// An empty line and `text` with stars behind it.
    pub(crate) fn banner(&mut self, text: &str) {
        let line = format!("\n{}", banner(text, self.options.columns));
        self.write(Stream::Output, &line, None);
    }

    /// A banner with a word behind its stars.
    pub(crate) fn banner_with(&mut self, text: &str, end: &str) {
        let columns = self.options.columns.saturating_sub(end.chars().count() + 1);
        let line = format!("\n{} {end}", banner(text, columns));
        self.write(Stream::Output, &line, None);
    }

    /// Text for a verbosity from `level` on, with a host in front.
    pub(crate) fn verbose(&mut self, level: u8, host: Option<&str>, text: &str) {
        let shown = self.options.verbosity >= level;
        let logged = self.log.as_ref().is_some_and(|log| log.verbosity.unwrap_or(self.options.verbosity) >= level);
        if !shown && !logged {
            return;
        }
        let text = host.map_or_else(|| text.to_owned(), |host| format!("<{host}> {text}"));
        if logged {
            self.record(Weight::Info, &text);
        }
        if shown {
            let stream = if self.options.verbose_to_stderr { Stream::Error } else { Stream::Output };
            self.show(stream, &text, Some(Role::Verbose));
        }
    }

    /// `[WARNING]: text` on the error stream, once for each text.
    pub(crate) fn warning(&mut self, text: &str) {
        self.message(Stream::Error, "[WARNING]: ", text, Role::Warn);
    }

    /// `[DEPRECATION WARNING]: text`, once for each text, unless deprecations are off.
    pub(crate) fn deprecation(&mut self, text: &str) {
        if !self.options.deprecation_warnings {
            return;
        }
        self.warning("Deprecation warnings can be disabled by setting `deprecation_warnings=False` in ansible.cfg.");
        self.message(Stream::Error, "[DEPRECATION WARNING]: ", text, Role::Deprecate);
    }

    /// `[ERROR]: text`, once for each text.
    pub(crate) fn error(&mut self, stream: Stream, text: &str) {
        self.message(stream, "[ERROR]: ", text, Role::Error);
    }

    /// A message of several lines is followed by an empty one.
    fn message(&mut self, stream: Stream, mark: &str, text: &str, role: Role) {
        let mut line = format!("{mark}{}", text.trim()).replace("\r\n", "\n");
        if line.contains('\n') {
            line.push_str("\n\n");
        }
        if self.seen.insert(line.clone()) {
            let weight = match role {
                Role::Error => Weight::Error,
                Role::Warn => Weight::Warning,
                _ => Weight::Info,
            };
            self.record(weight, &line);
            self.show(stream, &line, Some(role));
        }
    }

    /// Tell the progress line what runs now.
    pub(crate) fn task_started(&mut self, name: &str, hosts: usize) {
        if let Some(progress) = &mut self.progress {
            progress.start(name, hosts);
        }
    }

    /// Tell the progress line that a host has begun.
    pub(crate) fn host_started(&mut self, host: &str) {
        if let Some(progress) = &mut self.progress {
            progress.host_started(host);
            progress.draw(&mut *self.error);
        }
    }

    /// Tell the progress line that a host is done.
    pub(crate) fn host_ended(&mut self, host: &str) {
        if let Some(progress) = &mut self.progress {
            progress.host_ended(host);
            progress.draw(&mut *self.error);
        }
    }

    /// Draw the progress line again; to be called a few times a second while a run waits.
    pub(crate) fn tick(&mut self) {
        if let Some(progress) = &mut self.progress {
            progress.draw(&mut *self.error);
        }
    }

    /// Take the progress line away, before a prompt or the end.
    pub(crate) fn clear_progress(&mut self) {
        if let Some(progress) = &mut self.progress {
            progress.stop();
            progress.clear(&mut *self.error);
        }
    }
}
