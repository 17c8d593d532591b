//! Errors that point at the command line show what stands there.

use super::play::AdHocPlay;
use crate::output::Explain;
use churten_diagnostics::Report;
use churten_value::{Origin, Source};

/// Places that are no files, and what stands there.
#[derive(Clone)]
pub(super) struct Texts([(Source, String); 2]);

impl Texts {
    pub(super) fn of(play: &AdHocPlay) -> Self {
        Self([(play.task_source(), play.shown()), (AdHocPlay::module_source(), play.module().to_owned())])
    }

    /// [`Texts::explain`] for the callbacks of a run.
    pub(super) fn explainer(&self) -> Explain {
        let texts = self.clone();
        Box::new(move |report| texts.explain(report.clone()))
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
