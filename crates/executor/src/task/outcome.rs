//! How a task ends on a host.

use crate::event::Said;
use churten_config::Settings;
use churten_diagnostics::Report;
use churten_value::{Dict, LoneSurrogates, Value};
use std::sync::Arc;

/// The mark of a result whose action found nothing to do.
pub(crate) const SKIPPED_BY_ACTION: &str = "_ansible_skipped_by_action";

/// The mark of a result whose `stdout` is no output of a program, and has no lines.
pub(crate) const PLAIN_OUTPUT: &str = "_ansible_plain_output";

/// How one execution of a task, or of one item of its loop, ended.
#[derive(Clone, Debug)]
pub(crate) struct Execution {
    /// The result as registered; `failed`, `skipped` and `unreachable` in it tell how it ended.
    pub(crate) result: Dict,
    /// The error to show, for a failure.
    pub(crate) error: Option<Report>,
    /// The failure is the module's own.
    pub(crate) by_module: bool,
    /// The result is not shown: it holds what was vaulted.
    pub(crate) is_hidden: bool,
    /// The host is unreachable, and nothing has been asked of it: the task can be done again on a new connection.
    pub(crate) is_unstarted: bool,
    /// `include_tasks` and `include_role`: what is to be taken in.
    pub(crate) include: Option<IncludeRequest>,
    /// What was said meanwhile, and is told with the result.
    pub(crate) said: Arc<Said>,
}

/// What an include task asks for on one host.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct IncludeRequest {
    /// The rendered arguments.
    pub(crate) args: Dict,
    /// Loop variables that the included tasks see.
    pub(crate) item_vars: Dict,
    /// The loop item's label.
    pub(crate) label: Option<Value>,
}

impl Execution {
    /// A result that is no failure of churten's: the dictionary tells.
    pub(crate) fn of(result: Dict) -> Self {
        Self {
            result,
            error: None,
            by_module: false,
            is_hidden: false,
            is_unstarted: false,
            include: None,
            said: Arc::default(),
        }
    }

    /// A result of a module that ran on the host.
    pub(crate) fn by_module(result: Dict) -> Self {
        Self { by_module: true, ..Self::of(result) }
    }

    /// What a module of the host said. Text that is not UTF-8 fails the task, unless `MODULE_STRICT_UTF8_RESPONSE` is off.
    pub(crate) fn answered(settings: &Settings, module: &str, mut result: Dict) -> Self {
        // Facts are not shown, at any verbosity; those of a job are.
        if module.rsplit('.').next() == Some("setup") && !result.contains("ansible_job_id") {
            result.insert("_ansible_verbose_override", true);
        }
        // ansible-core's action, not the module, finds the differences of copies.
        let is_copy = module.rsplit('.').next() == Some("copy");
        let mut told = result.iter().filter(|(key, _)| !is_copy || key.as_str() != Some("diff"));
        let of_entry = |(key, value)| LoneSurrogates::of_value(key).or_else(|| LoneSurrogates::of_value(value));
        match told.find_map(of_entry).filter(|_| settings.flag("MODULE_STRICT_UTF8_RESPONSE")) {
            Some(surrogates) => {
                let report = Report::new(format!("Refusing to deserialize an invalid UTF8 string value: {surrogates}"));
                let help = "This check can be disabled with the `MODULE_STRICT_UTF8_RESPONSE` setting.";
                Self::failure(report.help(help).apart())
            }
            None => Self::by_module(result),
        }
    }

    /// A module refuses its arguments when some of their text is not UTF-8.
    pub(crate) fn of_arguments(arguments: &Dict) -> Option<Box<Self>> {
        let surrogates = arguments.values().find_map(LoneSurrogates::of_value)?;
        Some(Box::new(Self::failure(Report::new(surrogates.to_string()).context("Module failed"))))
    }

    /// The task could not be run: `{"msg": "Task failed: ..."}`.
    pub(crate) fn failure(report: Report) -> Self {
        let report = report.context("Task failed");
        let result =
            Dict::from([("failed", Value::from(true)), ("changed", false.into()), ("msg", report.headline().into())]);
        Self { error: Some(report), ..Self::of(result) }
    }

    /// An action refused its arguments or cannot do its work: the message stands alone in the result.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        let message = message.into();
        let mut result = failed(message.as_str());
        result.insert("changed", false);
        Self { error: Some(Report::new(format!("Task failed: {message}"))), ..Self::of(result) }
    }

    /// An action met an error while it worked.
    pub(crate) fn action_error(report: Report) -> Self {
        Self::failure(report)
    }

    /// An action's own verdict that the task failed.
    pub(crate) fn failed(message: impl Into<Value>) -> Self {
        let mut result = failed(message);
        result.insert("changed", false);
        Self::of(result)
    }

    /// The host could not be reached.
    pub(crate) fn unreachable(report: Report) -> Self {
        let report = report.context("Task failed");
        let result = Dict::from([
            ("unreachable", Value::from(true)),
            ("changed", false.into()),
            ("msg", report.headline().into()),
        ]);
        Self { error: Some(report), ..Self::of(result) }
    }

    /// An action says that there is nothing to do. Unlike other results this one says nothing of failures.
    pub(crate) fn skipped_by_action(reason: impl Into<String>) -> Self {
        Self::of(Dict::from([
            ("skipped", Value::from(true)),
            ("changed", false.into()),
            ("msg", reason.into().into()),
            (SKIPPED_BY_ACTION, true.into()),
        ]))
    }

    /// A false condition.
    pub(crate) fn skipped(condition: &Value) -> Self {
        Self::of(Dict::from([
            ("changed", Value::from(false)),
            ("skipped", true.into()),
            ("skip_reason", "Conditional result was False".into()),
            ("false_condition", condition.clone()),
        ]))
    }

    pub(crate) fn has_failed(&self) -> bool {
        is_true(&self.result, "failed")
    }

    /// Is it a failure of the host? What `failed_when` says is the last word, even when `until` was never met.
    pub(crate) fn counts_as_failed(&self) -> bool {
        const VERDICT: &str = "failed_when_result";
        let items = self.result.get("results").and_then(Value::as_list).unwrap_or_default();
        let of_items: Vec<&Value> = items.iter().filter_map(|item| item.get(VERDICT)).collect();
        if !of_items.is_empty() {
            return of_items.into_iter().any(Value::is_truthy);
        }
        self.result.get(VERDICT).map_or_else(|| self.has_failed(), Value::is_truthy)
    }

    pub(crate) fn is_unreachable(&self) -> bool {
        is_true(&self.result, "unreachable")
    }

    pub(crate) fn is_skipped(&self) -> bool {
        is_true(&self.result, "skipped")
    }
}

/// A failed result with a message.
pub(crate) fn failed(message: impl Into<Value>) -> Dict {
    Dict::from([("failed", Value::from(true)), ("msg", message.into())])
}

/// The truth of an entry; false when it is missing.
pub(crate) fn is_true(result: &Dict, key: &str) -> bool {
    result.get(key).is_some_and(Value::is_truthy)
}
