//! What an action may look at.

use crate::engine::Engine;
use crate::play_state::PlayState;
use crate::scope::HostScope;
use crate::task::Attributes;
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

    /// The host that the action talks to.
    pub(crate) fn target(&self) -> &Arc<str> {
        self.delegate.as_ref().map_or(self.host, |(name, _)| name)
    }

    /// The variables that say how the target is reached.
    pub(crate) fn target_scope(&self) -> &HostScope {
        self.delegate.as_ref().map_or(self.scope, |(_, scope)| scope)
    }
}
