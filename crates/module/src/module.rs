//! What a module is.

use crate::host::{Host, Observe};
use crate::run::{self, Way};
use crate::{Args, ArgumentSpec, Docs, Options, Plan, Result};
use churten_value::Dict;

/// A module that brings a host into a state.
///
/// `plan` only looks. Check mode, `changed`, backups, validation and atomic writes follow from the plan.
pub trait State: Args {
    /// The module's short name.
    const NAME: &'static str;

    /// Fill in arguments that depend on the host, after validation. The invocation in the result shows them.
    fn prepare(params: &mut Dict, host: &dyn Observe) {
        let _ = (params, host);
    }

    /// What has to change, and the keys of the result.
    fn plan(&self, host: &dyn Observe, options: &Options) -> Result<Plan>;

    /// Add what is only known afterwards to the result. Not called in check mode.
    fn report(&self, host: &dyn Observe, options: &Options, result: &mut Dict) -> Result<()> {
        let _ = (host, options, result);
        Ok(())
    }
}

/// What an [`Action`] does in check mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckMode {
    /// Run it; it looks at [`Options::check`] itself, or changes nothing at all.
    Run,
    /// Do not run it; the task is skipped.
    Skip,
}

/// A module that does something: `command`, `uri`, `wait_for`, `stat`.
pub trait Action: Args {
    /// The module's short name.
    const NAME: &'static str;
    /// What it does in check mode.
    const CHECK: CheckMode;
    /// It returns what differs.
    const HAS_DIFFERENCE: bool = false;

    /// Fill in arguments that depend on the host, after validation. The invocation in the result shows them.
    fn prepare(params: &mut Dict, host: &dyn Observe) {
        let _ = (params, host);
    }

    /// Do it. The dictionary is the module's result; `changed` is false unless it says otherwise.
    /// Warnings are added to its `warnings` list.
    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict>;
}

/// A module that answers as a whole, because it is several in one (`copy`).
pub trait Custom: Args {
    /// The module's short name.
    const NAME: &'static str;
    /// It returns what differs.
    const HAS_DIFFERENCE: bool = false;

    /// The whole result of [`Module::run`].
    fn run(host: &dyn Host, arguments: &Dict, options: &Options) -> Dict;
}

/// What a person may read about a module. Apart from [`Module`], so that a program which never names it does not carry
/// the text.
#[derive(Clone, Copy, Debug)]
pub struct Manual {
    /// The module's short name.
    pub name: &'static str,
    /// Its arguments.
    pub spec: &'static ArgumentSpec,
    /// What its doc comments say.
    pub docs: &'static Docs,
    /// What it does in check mode.
    pub check: CheckMode,
    /// It returns what differs.
    pub has_difference: bool,
}

impl Manual {
    /// The manual of a [`State`] module.
    pub const fn state<M: State>() -> Self {
        Self { name: M::NAME, spec: M::SPEC, docs: M::DOCS, check: CheckMode::Run, has_difference: true }
    }

    /// The manual of an [`Action`] module.
    pub const fn action<M: Action>() -> Self {
        Self { name: M::NAME, spec: M::SPEC, docs: M::DOCS, check: M::CHECK, has_difference: M::HAS_DIFFERENCE }
    }

    /// The manual of a [`Custom`] module.
    pub const fn custom<M: Custom>() -> Self {
        Self { name: M::NAME, spec: M::SPEC, docs: M::DOCS, check: CheckMode::Run, has_difference: M::HAS_DIFFERENCE }
    }
}

/// A module as an entry of a table.
pub struct Module {
    /// Its short name.
    pub name: &'static str,
    /// Its arguments.
    pub spec: &'static ArgumentSpec,
    pub(crate) way: Way,
}

impl Module {
    /// The entry of a [`State`] module.
    pub const fn state<M: State + 'static>() -> Self {
        Self { name: M::NAME, spec: M::SPEC, way: Way::State(M::prepare, run::planned::<M>) }
    }

    /// The entry of an [`Action`] module.
    pub const fn action<M: Action + 'static>() -> Self {
        Self { name: M::NAME, spec: M::SPEC, way: Way::Action(M::prepare, M::CHECK, run::active::<M>) }
    }

    /// The entry of a [`Custom`] module.
    pub const fn custom<M: Custom>() -> Self {
        Self { name: M::NAME, spec: M::SPEC, way: Way::Custom(M::run) }
    }

    /// Validate the arguments, run the module, and return its whole result: `changed`, `failed`, `msg`, `diff`,
    /// `invocation`, `warnings` and its own keys, without the values of secret arguments.
    pub fn run(&self, host: &dyn Host, arguments: &Dict, options: &Options) -> Dict {
        run::run(self, host, arguments, options)
    }
}

impl std::fmt::Debug for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Module").field("name", &self.name).finish_non_exhaustive()
    }
}
