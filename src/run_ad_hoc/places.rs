//! Errors that point at the command line show what stands there.

use super::play::AdHocPlay;
use crate::output::{Callback, Console, MinimalCallback};
use churten_diagnostics::Report;
use churten_executor::Event;
use churten_value::{Origin, Source};

/// A callback that is told the text of places that are no files.
pub(super) struct Places {
    callback: MinimalCallback,
    texts: Texts,
}

/// Places that are no files, and what stands there.
#[derive(Clone)]
pub(super) struct Texts([(Source, String); 2]);

impl Texts {
    pub(super) fn of(play: &AdHocPlay) -> Self {
        Self([(play.task_source(), play.shown()), (AdHocPlay::module_source(), play.module().to_owned())])
    }

    /// The report with the text of its places.
    pub(super) fn explain(&self, mut report: Report) -> Report {
        let text = |origin: Origin| self.0.iter().find(|(source, _)| *source == origin.source);
        if let (None, Some((_, text))) = (&report.text, report.origin.and_then(text)) {
            report.text = Some(text.clone());
        }
        report.cause = report.cause.map(|cause| Box::new(self.explain(*cause)));
        report
    }
}

impl Places {
    pub(super) fn new(callback: MinimalCallback, texts: Texts) -> Self {
        Self { callback, texts }
    }

    fn explain(&self, report: &Report) -> Report {
        self.texts.explain(report.clone())
    }
}

impl Callback for Places {
    fn console(&mut self) -> &mut Console {
        self.callback.console()
    }

    fn event(&mut self, event: &Event) {
        match event {
            Event::Error(report) => self.callback.event(&Event::Error(self.explain(report))),
            Event::RunError(report) => self.callback.event(&Event::RunError(self.explain(report))),
            Event::WarningReport(report) => self.callback.event(&Event::WarningReport(self.explain(report))),
            other => self.callback.event(other),
        }
    }
}
