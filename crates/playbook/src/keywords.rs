//! Keywords that plays, roles, blocks and tasks share, as written and as they take effect.

use churten_value::{Dict, Value};
use std::sync::Arc;

/// The shared keywords of one element. Values are raw: they may be templates, rendered when they are needed.
///
/// The same type serves twice: [`Keywords`] as written on one element, and as they take effect on a task, after
/// everything around it (play, role, blocks, static imports) has been merged by [`Keywords::inherit`].
#[derive(Clone, Debug, Default)]
pub struct Keywords {
    /// `any_errors_fatal`
    pub any_errors_fatal: Option<Value>,
    /// `become`
    pub r#become: Option<Value>,
    /// `become_exe`
    pub become_exe: Option<Value>,
    /// `become_flags`
    pub become_flags: Option<Value>,
    /// `become_method`
    pub become_method: Option<Value>,
    /// `become_user`
    pub become_user: Option<Value>,
    /// `check_mode`
    pub check_mode: Option<Value>,
    /// `collections`
    pub collections: Vec<Value>,
    /// `connection`
    pub connection: Option<Value>,
    /// `debugger`
    pub debugger: Option<Value>,
    /// `delegate_facts`
    pub delegate_facts: Option<Value>,
    /// `delegate_to`
    pub delegate_to: Option<Value>,
    /// `diff`
    pub diff: Option<Value>,
    /// `environment`, outermost first; each a mapping, a template, or a list of both.
    pub environment: Vec<Value>,
    /// `ignore_errors`
    pub ignore_errors: Option<Value>,
    /// `ignore_unreachable`
    pub ignore_unreachable: Option<Value>,
    /// `module_defaults`, outermost first.
    pub module_defaults: Vec<Value>,
    /// `no_log`
    pub no_log: Option<Value>,
    /// `notify`: the innermost list alone is in effect.
    pub notify: Vec<Value>,
    /// `port`
    pub port: Option<Value>,
    /// `remote_user`
    pub remote_user: Option<Value>,
    /// `run_once`
    pub run_once: Option<Value>,
    /// `tags`, outermost first; comma-separated strings outside lists are split unless they are templates.
    pub tags: Vec<Value>,
    /// `throttle`
    pub throttle: Option<Value>,
    /// `timeout`
    pub timeout: Option<Value>,
    /// `vars` of blocks, imports, includes and the task, outermost first. Play and role vars are not here.
    pub vars: Vec<Arc<Dict>>,
    /// `when`: all must hold, outermost first.
    pub when: Vec<Value>,
}

impl Keywords {
    /// These keywords inside `outer`: what is unset is taken from `outer`; lists come after `outer`'s.
    #[must_use]
    pub fn inherit(&self, outer: &Self) -> Self {
        fn nearest(own: &Option<Value>, outer: &Option<Value>) -> Option<Value> {
            own.as_ref().or(outer.as_ref()).cloned()
        }
        fn extend<T: Clone>(own: &[T], outer: &[T]) -> Vec<T> {
            [outer, own].concat()
        }
        let mut tags = outer.tags.clone();
        tags.extend(self.tags.iter().filter(|tag| !outer.tags.contains(tag)).cloned());
        Self {
            any_errors_fatal: nearest(&self.any_errors_fatal, &outer.any_errors_fatal),
            r#become: nearest(&self.r#become, &outer.r#become),
            become_exe: nearest(&self.become_exe, &outer.become_exe),
            become_flags: nearest(&self.become_flags, &outer.become_flags),
            become_method: nearest(&self.become_method, &outer.become_method),
            become_user: nearest(&self.become_user, &outer.become_user),
            check_mode: nearest(&self.check_mode, &outer.check_mode),
            collections: if self.collections.is_empty() { outer.collections.clone() } else { self.collections.clone() },
            connection: nearest(&self.connection, &outer.connection),
            debugger: nearest(&self.debugger, &outer.debugger),
            delegate_facts: nearest(&self.delegate_facts, &outer.delegate_facts),
            delegate_to: nearest(&self.delegate_to, &outer.delegate_to),
            diff: nearest(&self.diff, &outer.diff),
            environment: extend(&self.environment, &outer.environment),
            ignore_errors: nearest(&self.ignore_errors, &outer.ignore_errors),
            ignore_unreachable: nearest(&self.ignore_unreachable, &outer.ignore_unreachable),
            module_defaults: extend(&self.module_defaults, &outer.module_defaults),
            no_log: nearest(&self.no_log, &outer.no_log),
            notify: if self.notify.is_empty() { outer.notify.clone() } else { self.notify.clone() },
            port: nearest(&self.port, &outer.port),
            remote_user: nearest(&self.remote_user, &outer.remote_user),
            run_once: nearest(&self.run_once, &outer.run_once),
            tags,
            throttle: nearest(&self.throttle, &outer.throttle),
            timeout: nearest(&self.timeout, &outer.timeout),
            vars: extend(&self.vars, &outer.vars),
            when: extend(&self.when, &outer.when),
        }
    }
}
