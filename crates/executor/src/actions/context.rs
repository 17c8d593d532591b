//! What an action may look at.

use crate::ahead::Place;
use crate::engine::Engine;
use crate::event::{Event, TaskInfo};
use crate::play_state::PlayState;
use crate::question::{Answer, Form, Question};
use crate::scope::HostScope;
use crate::task::{Attributes, EventSink};
use churten_diagnostics::Report;
use churten_playbook::Task;
use std::sync::Arc;

/// One run of an action: the task, the host, its variables, and how to run it.
pub(crate) struct ActionContext<'a> {
    pub(crate) engine: &'a Arc<Engine>,
    pub(crate) play: &'a Arc<PlayState>,
    pub(crate) host: &'a Arc<str>,
    pub(crate) task: &'a Task,
    pub(crate) scope: &'a HostScope,
    pub(crate) attributes: &'a Attributes,
    pub(crate) environment: &'a [(String, String)],
    /// Where events go that must stand in order with the task's results.
    pub(crate) sink: &'a EventSink,
    /// What callbacks know of the task.
    pub(crate) info: &'a Arc<TaskInfo>,
    /// Whether the task goes to its host alone.
    pub(crate) place: &'a Place,
    /// The host the task is delegated to, and its variables.
    pub(crate) delegate: Option<(Arc<str>, HostScope)>,
}

impl ActionContext<'_> {
    /// With the variables of the host that the task is delegated to.
    pub(crate) fn with_delegate(mut self) -> Result<Self, Report> {
        if let Some(name) = &self.attributes.delegate_to {
            let name: Arc<str> = name.as_str().into();
            let scope = self.engine.variables.scope(Some(self.play), Some(&name), Some(self.task));
            self.delegate = Some((name, scope));
        }
        Ok(self)
    }

    /// The same task, going to its host by itself.
    pub(crate) fn alone(&self) -> ActionContext<'_> {
        ActionContext { place: &Place::Alone, delegate: self.delegate.clone(), ..*self }
    }

    /// Tell an event in order with the task's results.
    pub(crate) fn tell(&self, event: Event) {
        self.sink.event(event);
    }

    /// Ask the user, in order with the task's results.
    pub(crate) async fn ask(&self, prompt: String, form: Form) -> Answer {
        let (question, answer) = Question::new(prompt, form);
        self.tell(Event::Ask(question));
        // Nobody who could answer is left only when the run is being torn down.
        answer.await.unwrap_or_else(|_| Err(Report::new("there is nobody to ask")))
    }

    /// The host that the action talks to.
    pub(crate) fn target(&self) -> &Arc<str> {
        self.delegate.as_ref().map_or(self.host, |(name, _)| name)
    }

    /// The variables that say how the target is reached.
    pub(crate) fn target_scope(&self) -> &HostScope {
        self.delegate.as_ref().map_or(self.scope, |(_, scope)| scope)
    }
}
