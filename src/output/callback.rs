//! What a callback is, and the callbacks of a run.

use super::colour::Role;
use super::console::{Console, Stream};
use crate::profile::Profile;
use crate::record::Record;
use churten_diagnostics::Report;
use churten_executor::Event;
use std::sync::Arc;

/// Turns the events of a run into output. One file for each.
pub(crate) trait Callback: Send {
    /// One event, in the order it must be shown. Messages for the user (warnings, text, verbose lines) are shown already.
    fn event(&mut self, event: &Event, console: &mut Console);
}

/// Adds to reports what only the program knows, such as the text of places that are no files.
pub(crate) type Explain = Box<dyn Fn(&Report) -> Report + Send>;

/// The callbacks that were chosen.
pub(crate) struct Listeners {
    /// The first writes the screen.
    pub(super) listeners: Vec<Box<dyn Callback>>,
    /// Callbacks for the screen that are not used, of which `-vv` tells.
    pub(super) left_out: Vec<&'static str>,
    /// Name and type of those that are used, of which `-vvvv` tells.
    pub(super) loaded: Vec<(&'static str, &'static str)>,
}

/// Every callback of a run, and the console they write to.
pub(crate) struct Callbacks {
    console: Console,
    /// The first writes the screen.
    listeners: Vec<Box<dyn Callback>>,
    /// Callbacks for the screen that are not used, of which `-vv` tells.
    left_out: Vec<&'static str>,
    /// Name and type of those that are used, of which `-vvvv` tells.
    loaded: Vec<(&'static str, &'static str)>,
    explain: Option<Explain>,
    /// Where events are kept, too.
    record: Option<Record>,
    /// Where it is kept where the time goes.
    profile: Option<Profile>,
    /// Playbooks are run, of which `-vv` tells how many plays they have.
    tells_plays: bool,
    /// Hosts of the current batch.
    hosts: usize,
}

impl Callbacks {
    /// Listeners that write to `console`.
    pub(crate) fn new(console: Console, Listeners { listeners, left_out, loaded }: Listeners) -> Self {
        Self {
            console,
            listeners,
            left_out,
            loaded,
            explain: None,
            record: None,
            profile: None,
            tells_plays: true,
            hosts: 0,
        }
    }

    /// For a run of one task of the command line: reports go through `explain` first.
    pub(crate) fn of_one_task(mut self, explain: Explain) -> Self {
        self.explain = Some(explain);
        self.tells_plays = false;
        self
    }

    /// Keep every event in a record, too.
    pub(crate) fn recorded(mut self, record: Option<Record>) -> Self {
        self.record = record;
        self
    }

    /// Keep where the time goes, too.
    pub(crate) fn profiled(mut self, profile: Option<Profile>) -> Self {
        self.profile = profile;
        self
    }

    /// The run is over with this exit code; `error` is what ended it and has been shown.
    pub(crate) fn end(&mut self, code: u8, error: Option<&Report>) {
        let written = self.record.take().map(|mut record| record.end(code, error));
        self.complain_of_record(written);
        let written = self.profile.take().map(Profile::end);
        self.complain_of_profile(written);
    }

    /// Into the record, if there is one.
    fn keep(&mut self, event: &Event) {
        let explain = |report: &Report| explained(self.explain.as_ref(), report);
        let written = self.record.as_mut().map(|record| record.event(event, &explain));
        self.complain_of_record(written);
    }

    fn complain_of_record(&mut self, written: Option<std::io::Result<()>>) {
        if let Some(Err(error)) = written {
            self.record = None;
            self.console.warning(&format!("The record of the run cannot be written any further: {error}"));
        }
    }

    fn complain_of_profile(&mut self, written: Option<std::io::Result<()>>) {
        if let Some(Err(error)) = written {
            self.profile = None;
            self.console.warning(&format!("The profile of the run cannot be written any further: {error}"));
        }
    }

    /// The console, for text that is no event.
    pub(crate) fn console(&mut self) -> &mut Console {
        &mut self.console
    }

    /// One event.
    pub(crate) fn event(&mut self, event: &Event) {
        self.keep(event);
        let explain = |report: &Report| explained(self.explain.as_ref(), report);
        match event {
            Event::Text(text) => self.console.line(text),
            Event::Warning(text) => self.console.warning(text),
            Event::WarningReport(report) => {
                let text = explain(report).render();
                self.console.warning(&text);
            }
            Event::Deprecated(report) => self.console.deprecation(&report.render()),
            Event::RunError(report) => {
                let text = explain(report).render();
                self.console.error(Stream::Error, &text);
            }
            Event::Verbose { level, host, text } => self.console.verbose(*level, host.as_deref(), text),
            Event::Stepped(question) => self.console.banner(question),
            // Whoever shows events asks; there is nothing to print about it.
            Event::Ask(_) => {}
            Event::Span(span) => {
                let written = self.profile.as_mut().map(|profile| profile.span(span));
                self.complain_of_profile(written);
            }
            Event::Error(report) => {
                let event = Event::Error(explain(report));
                self.tell(&event);
            }
            Event::PlaybookStart { path, plays } => {
                for (name, kind) in std::mem::take(&mut self.loaded) {
                    let text = format!("Loading callback plugin {name} of type {kind}, v2.0 from churten");
                    self.console.verbose(4, None, &text);
                }
                // ansible-core loads every callback it finds and says once which ones it leaves out.
                for name in std::mem::take(&mut self.left_out) {
                    let text = format!("Skipping callback '{name}', as we already have a stdout callback.");
                    self.console.verbose(2, None, &text);
                }
                self.tell(event);
                if self.tells_plays {
                    self.console.verbose(2, None, &format!("{plays} plays in {}", path.display()));
                }
            }
            Event::HostEnd(result) | Event::ItemEnd(result) if self.explain.is_some() => {
                let mut result = result.clone();
                let said = Arc::make_mut(&mut result.said);
                let reports = said.warnings.iter_mut().chain(&mut said.deprecations);
                reports.for_each(|report| *report = explain(report));
                let is_item = matches!(event, Event::ItemEnd(_));
                let event = if is_item { Event::ItemEnd(result) } else { Event::HostEnd(result) };
                self.follow(&event);
                self.tell(&event);
            }
            _ => {
                self.follow(event);
                self.tell(event);
            }
        }
    }

    fn tell(&mut self, event: &Event) {
        for listener in &mut self.listeners {
            listener.event(event, &mut self.console);
        }
    }

    /// What the progress line shows.
    fn follow(&mut self, event: &Event) {
        match event {
            Event::PlayStart(play) => self.hosts = play.hosts.len(),
            Event::TaskStart { task, .. } => {
                self.console.task_started(&task.name, if task.run_once { 1 } else { self.hosts });
            }
            Event::HostStart(_, host) => self.console.host_started(&host.name),
            Event::HostEnd(result) => self.console.host_ended(&result.host.name),
            Event::Recap { .. } => self.console.clear_progress(),
            _ => {}
        }
    }
}

fn explained(explain: Option<&Explain>, report: &Report) -> Report {
    explain.map_or_else(|| report.clone(), |explain| explain(report))
}

/// `[ERROR]: ...` in front of the result it belongs to.
pub(super) fn print_error(console: &mut Console, stream: Stream, error: &mut Option<Report>) {
    if let Some(error) = error.take() {
        console.error(stream, &error.render());
    }
}

/// A line of the output stream, in a colour.
pub(super) fn line(console: &mut Console, text: &str, role: Role) {
    console.write(Stream::Output, text, Some(role));
}
