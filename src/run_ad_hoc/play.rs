//! The play around one action.

use crate::command_line::AdHocOptions;
use churten_config::Settings;
use churten_diagnostics::Report;
use churten_playbook::Action;
use churten_syntax::{ParseOptions, parse_key_values_tagged, parse_yaml_single};
use churten_value::{Dict, Origin, Repr, Source, Tags, Value};
use std::cell::OnceCell;

/// Seconds between two looks at a background job when nothing else is said.
const POLL_INTERVAL: i64 = 15;

/// One action, not yet a play.
pub(super) struct AdHocPlay {
    module: String,
    arguments: String,
    pattern: String,
    timeout: i64,
    background: i64,
    poll: i64,
    parsed: OnceCell<Result<Dict, Report>>,
}

impl AdHocPlay {
    /// What the options ask for; the settings say what they leave open.
    pub(super) fn new(options: &AdHocOptions, settings: &Settings) -> Self {
        let setting = |name: &str| settings.get(name).as_int();
        let text = |name: &str| settings.text(name).unwrap_or_default().to_owned();
        Self {
            module: options.module_name.clone().unwrap_or_else(|| text("DEFAULT_MODULE_NAME")),
            arguments: options.module_args.clone().unwrap_or_else(|| text("DEFAULT_MODULE_ARGS")),
            pattern: options.pattern.clone(),
            timeout: options.task_timeout.or_else(|| setting("TASK_TIMEOUT")).unwrap_or_default(),
            background: options.background,
            poll: options.poll.or_else(|| setting("DEFAULT_POLL_INTERVAL")).unwrap_or(POLL_INTERVAL),
            parsed: OnceCell::new(),
        }
    }

    /// The action's name.
    pub(super) fn module(&self) -> &str {
        &self.module
    }

    /// True when the action was given no arguments.
    pub(super) fn is_without_arguments(&self) -> bool {
        self.arguments.is_empty()
    }

    /// Where the task is "written".
    pub(super) fn task_source(&self) -> Source {
        Source::described(&format!("<adhoc '{}' task>", self.module))
    }

    /// Where the action's name is written.
    pub(super) fn module_source() -> Source {
        Source::described("<CLI option '-m'>")
    }

    /// The arguments as a mapping: JSON, or `k=v` words.
    fn arguments(&self) -> Result<Dict, Report> {
        self.parsed
            .get_or_init(|| {
                let source = Source::described("<CLI option '-a'>");
                let tags = Tags::NONE.trust(true).at(Origin::whole(source));
                if self.arguments.starts_with('{')
                    && let Some(mapping) = json(&self.arguments, source)
                {
                    return Ok(mapping.into_iter().map(|(key, value)| (key, placed(value, tags))).collect());
                }
                let action = Action {
                    name: self.module.as_str().into(),
                    resolved: self.module.as_str().into(),
                    is_missing: false,
                    deprecations: std::sync::Arc::default(),
                };
                parse_key_values_tagged(&self.arguments, action.is_free_form(), tags)
                    .map_err(|report| Report { origin: None, ..report })
            })
            .clone()
    }

    /// The task as ansible-core shows it in errors.
    pub(super) fn shown(&self) -> String {
        let mut task = Dict::from([("action", Value::from(self.module.as_str()))]);
        task.insert("args", Value::dict(self.arguments().unwrap_or_default()));
        task.insert("timeout", self.timeout);
        task.insert("async_val", self.background);
        task.insert("poll", self.poll);
        Repr(&Value::dict(task)).to_string()
    }

    /// The play as a playbook would have it, and where it is "written".
    ///
    /// # Errors
    /// Arguments that cannot be split.
    pub(super) fn entries(&self) -> Result<(Dict, Option<Origin>), Report> {
        let place = Origin::whole(self.task_source());
        let name_place = Tags::NONE.trust(true).at(Origin::whole(Self::module_source()));
        let mut task = Dict::from([("action", Value::str(self.module.as_str()).with_tags(name_place))]);
        task.insert("args", Value::dict(self.arguments()?));
        task.insert("timeout", self.timeout);
        if self.background != 0 {
            task.insert("async", self.background);
            task.insert("poll", self.poll);
        }
        let task = Value::dict(task).with_tags(Tags::NONE.at(place));
        let mut play = Dict::from([("name", Value::from("Ansible Ad-Hoc"))]);
        play.insert("hosts", Value::str(self.pattern.as_str()).with_tags(name_place));
        play.insert("gather_facts", false);
        play.insert("tasks", vec![task]);
        Ok((play, Some(place)))
    }
}

fn json(text: &str, source: Source) -> Option<Dict> {
    let parsed = parse_yaml_single(text.as_bytes(), source, &ParseOptions::TRUSTED).ok()?;
    parsed.into_value().as_dict().cloned()
}

/// Text of the command line has no lines to show.
fn placed(value: Value, tags: Tags) -> Value {
    value.map_leaves(&mut |leaf| leaf.clone().with_tags(tags))
}
