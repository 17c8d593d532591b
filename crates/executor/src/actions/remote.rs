//! Modules on the host.

use super::{ActionContext, detached, foreign, host_log, told};
use crate::foreign::ForeignModule;
use crate::reach::{self, Reach};
use crate::task::{Execution, to_boolean};
use churten_config::ValueOrigin;
use churten_connection::Session;
use churten_diagnostics::Report;
use churten_protocol::{Attachment, Content, Environment, Invocation, Secret, Work};
use churten_value::{Dict, Value};
use std::sync::Arc;

/// Run the task's own module.
pub(crate) async fn module(context: &ActionContext<'_>, arguments: Dict) -> Execution {
    prepare(context, &arguments).await;
    named(context, module_name(context.task), arguments, vec![]).await
}

/// What must be done on the controller before the task's own module runs: a user cannot be removed while a worker
/// runs as that user.
async fn prepare(context: &ActionContext<'_>, arguments: &Dict) {
    let is_removed = arguments.get("state").and_then(Value::as_str) == Some("absent");
    if context.task.action.builtin() != Some("user") || !is_removed || context.attributes.check_mode {
        return;
    }
    if let Some(user) = arguments.get("name").or_else(|| arguments.get("user")).map(Value::to_text) {
        context.place.needs_own_turn().await;
        context.engine.connections.end_user(context.target(), &user).await;
    }
}

/// The module's name as the task has it, which its messages repeat; `command` and `uri` are the actions', not the task's.
pub(super) fn module_name(task: &churten_playbook::Task) -> &str {
    let action = &task.action;
    match action.builtin() {
        Some("command") => "ansible.legacy.command",
        Some("uri") => "ansible.legacy.uri",
        _ if churten_modules::find(&action.name).is_some() => &action.name,
        _ => &action.resolved,
    }
}

/// Run a module by name, with files that travel with it.
pub(crate) async fn named(
    context: &ActionContext<'_>,
    module: &str,
    arguments: Dict,
    files: Vec<Attachment>,
) -> Execution {
    if foreign::wants_interpreter(context) {
        told::search(context);
    }
    match reach::session(context).await {
        Ok((session, reach)) => in_session(context, &session, &reach, module, arguments, files).await,
        Err(execution) => *execution,
    }
}

/// Run a module in a session that is already there.
pub(super) async fn in_session(
    context: &ActionContext<'_>,
    session: &Session,
    reach: &Reach,
    module: &str,
    arguments: Dict,
    files: Vec<Attachment>,
) -> Execution {
    if let Some(twin) = in_python(context, &arguments) {
        context.place.needs_own_turn().await;
        return foreign::run(context, &twin, arguments).await;
    }
    if foreign::wants_interpreter(context) {
        context.place.needs_own_turn().await;
    }
    let interpreter = match foreign::discover(context, session).await {
        Ok(found) => found,
        Err(execution) => return *execution,
    };
    let invocation = match invocation(context, reach, module, arguments, files) {
        Ok(invocation) => invocation,
        Err(execution) => return *execution,
    };
    let result = match &context.attributes.detached {
        Some(detached) => match detached::request(context, detached, Work::Module(invocation)) {
            Ok(request) => session.detach(request).await,
            Err(report) => return Execution::failure(report),
        },
        None => context.place.run(context, session, reach, invocation).await,
    };
    match result {
        Ok(mut result) => {
            if let Some(interpreter) = interpreter {
                interpreter.tell(&mut result);
            }
            Execution::answered(&context.engine.settings, module, result)
        }
        Err(error) => reach::failure(&error),
    }
}

/// A module with its arguments and files, one of several.
pub(super) struct ModuleRun {
    pub(super) module: &'static str,
    pub(super) arguments: Dict,
    pub(super) files: Vec<Attachment>,
}

/// The most runs in one request, and the most bytes of files.
const MAX_RUNS: usize = 500;
const MAX_FILES: usize = 4 << 20;

/// Run modules one after another in as few requests as they fit into. Ends with the first that fails.
pub(super) async fn in_order(
    context: &ActionContext<'_>,
    session: &Session,
    reach: &Reach,
    runs: Vec<ModuleRun>,
) -> Vec<Execution> {
    let mut executions = Vec::with_capacity(runs.len());
    let mut runs = runs.into_iter().peekable();
    while runs.peek().is_some() {
        let mut modules = vec![];
        let mut invocations = vec![];
        let mut room = MAX_FILES;
        while let Some(run) = runs.next_if(|run| invocations.is_empty() || size(&run.files) <= room) {
            room = room.saturating_sub(size(&run.files));
            modules.push(run.module);
            match invocation(context, reach, run.module, run.arguments, run.files) {
                Ok(invocation) => invocations.push(invocation),
                Err(execution) => {
                    executions.push(*execution);
                    return executions;
                }
            }
            if invocations.len() == MAX_RUNS {
                break;
            }
        }
        let ends = (0..).take(invocations.len()).collect();
        let mut results = match session.run_batch(invocations, ends).await {
            Ok(results) => results,
            Err(error) => {
                executions.push(reach::failure(&error));
                return executions;
            }
        };
        for module in modules {
            let execution = match results.next().await {
                Some(Ok((_, result))) => Execution::answered(&context.engine.settings, module, result),
                Some(Err(error)) => reach::failure(&error),
                None => Execution::failure(Report::new("The worker left out a part of the task")),
            };
            let ends = execution.has_failed() || execution.is_unreachable();
            executions.push(execution);
            if ends {
                return executions;
            }
        }
    }
    executions
}

/// The bytes of files that travel with a request.
pub(crate) fn size(files: &[Attachment]) -> usize {
    let sizes = files.iter().map(|file| match &file.content {
        Content::Bytes(bytes) => bytes.0.len(),
        Content::Uploaded(_) => 0,
    });
    sizes.sum()
}

/// The argument of `uri` and `get_url` that takes a library of the host's Python.
pub(crate) const USE_GSSAPI: &str = "use_gssapi";

/// ansible-core's own module where the native one lacks what the arguments ask for.
fn in_python(context: &ActionContext<'_>, arguments: &Dict) -> Option<Arc<ForeignModule>> {
    let wants = arguments.get(USE_GSSAPI).and_then(to_boolean).unwrap_or(false);
    let is_web = matches!(context.task.action.builtin(), Some("uri" | "get_url"));
    if wants && is_web { context.engine.foreign(&context.task.action.resolved) } else { None }
}

/// Run a module that the action needs an answer of, whether or not the task is asynchronous.
pub(super) async fn at_once(context: &ActionContext<'_>, module: &str, arguments: Dict) -> Execution {
    context.place.needs_own_turn().await;
    let run = async || {
        let (session, reach) = reach::session(context).await?;
        let invocation = invocation(context, &reach, module, arguments, vec![])?;
        session.run(invocation).await.map_err(|error| Box::new(reach::failure(&error)))
    };
    run()
        .await
        .map_or_else(|execution| *execution, |result| Execution::answered(&context.engine.settings, module, result))
}

/// The invocation of a module under the task's circumstances.
pub(super) fn invocation(
    context: &ActionContext<'_>,
    reach: &Reach,
    module: &str,
    arguments: Dict,
    files: Vec<Attachment>,
) -> Result<Invocation, Box<Execution>> {
    if let Some(refused) = Execution::of_arguments(&arguments) {
        return Err(refused);
    }
    let attributes = context.attributes;
    told::module(context, reach, module);
    Ok(Invocation {
        module: module.to_owned(),
        arguments,
        check_mode: attributes.check_mode,
        diff: attributes.diff,
        verbosity: context.engine.options.verbosity,
        log: host_log::of(context)?,
        environment: environment(context),
        remote_tmp: reach.remote_tmp.clone(),
        keep_remote_files: context.engine.settings.keep_remote_files(),
        shell: context
            .target_scope()
            .written("ansible_shell_executable")
            .as_ref()
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        files,
        timeout_milliseconds: attributes.timeout_milliseconds(),
        open_files: foreign::file_limit(context)?,
        special_file_systems: special_file_systems(context),
        timed: false,
    })
}

/// `special_context_filesystems`, where somebody has set it.
fn special_file_systems(context: &ActionContext<'_>) -> Option<Vec<String>> {
    const SETTING: &str = "DEFAULT_SELINUX_SPECIAL_FS";
    let settings = &context.engine.settings;
    let is_set = settings.resolved(SETTING).is_some_and(|found| found.origin != ValueOrigin::Default);
    is_set.then(|| settings.list(SETTING).into_iter().map(str::to_owned).collect())
}

/// The task's `environment` for the host.
pub(super) fn environment(context: &ActionContext<'_>) -> Environment {
    context.environment.iter().map(|(name, value)| (name.clone(), Secret::from(value.as_str()))).collect()
}
