//! From given arguments to the whole result of a module.

use crate::failure::{AMENDED_KEY, CAUSE_KEY};
use crate::module::{Action, CheckMode, Module, State};
use crate::perform::{perform, rehearse};
use crate::{Failure, Host, Observe, Options, Params, Plan, Result, Validated, host_log, no_log, validate};
use churten_value::{Data, Dict, Value};
use std::path::Path;

/// How a module is run. What does not depend on its type is not there once for each of them.
#[derive(Clone, Copy)]
pub(crate) enum Way {
    State(Prepare, Read<dyn Planned>),
    Action(Prepare, CheckMode, Read<dyn Active>),
    Custom(fn(&dyn Host, &Dict, &Options) -> Dict),
}

type Prepare = fn(&mut Dict, &dyn Observe);

type Read<M> = fn(&Params) -> Result<Box<M>>;

/// A [`State`] with its arguments.
pub(crate) trait Planned {
    fn plan(&self, host: &dyn Observe, options: &Options) -> Result<Plan>;
    fn report(&self, host: &dyn Observe, options: &Options, result: &mut Dict) -> Result<()>;
}

impl<M: State> Planned for M {
    fn plan(&self, host: &dyn Observe, options: &Options) -> Result<Plan> {
        State::plan(self, host, options)
    }

    fn report(&self, host: &dyn Observe, options: &Options, result: &mut Dict) -> Result<()> {
        State::report(self, host, options, result)
    }
}

/// An [`Action`] with its arguments.
pub(crate) trait Active {
    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict>;
}

impl<M: Action> Active for M {
    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        Action::run(self, host, options)
    }
}

pub(crate) fn planned<M: State + 'static>(params: &Params) -> Result<Box<dyn Planned>> {
    M::from_params(params).map(|module| Box::new(module) as Box<dyn Planned>)
}

pub(crate) fn active<M: Action + 'static>(params: &Params) -> Result<Box<dyn Active>> {
    M::from_params(params).map(|module| Box::new(module) as Box<dyn Active>)
}

pub(crate) fn run(module: &Module, host: &dyn Host, arguments: &Dict, options: &Options) -> Dict {
    match module.way {
        Way::State(prepare, read) => state(module, prepare, read, host, arguments, options),
        Way::Action(prepare, check, read) => {
            let (validated, params) = begin(module, prepare, host, arguments, options);
            let outcome = params.and_then(|params| {
                let active = read(&params)?;
                if options.check && check == CheckMode::Skip {
                    let name = shown_name(module.name, options);
                    let msg = format!("remote module ({name}) does not support check mode");
                    return Ok(Dict::from([("skipped", Value::from(true)), ("msg", msg.into())]));
                }
                active.run(host, options)
            });
            finish(host, validated, outcome)
        }
        Way::Custom(run) => run(host, arguments, options),
    }
}

fn state(
    module: &Module,
    prepare: Prepare,
    read: Read<dyn Planned>,
    host: &dyn Host,
    arguments: &Dict,
    options: &Options,
) -> Dict {
    let (validated, params) = begin(module, prepare, host, arguments, options);
    let mut undo = None;
    let outcome = params.and_then(|params| {
        let module = read(&params)?;
        let mut plan = module.plan(host.observe(), options)?;
        undo = plan.undo.take().filter(|_| !options.check);
        let mut result = std::mem::take(&mut plan.result);
        result.insert("changed", plan.changed);
        if !plan.warnings.is_empty() {
            let warnings: Value = std::mem::take(&mut plan.warnings).into();
            result.insert("warnings", warnings);
        }
        if options.check {
            rehearse(host, &plan, options, &mut result)?;
        } else {
            perform(host, &plan, options, &mut result)?;
            module.report(host.observe(), options, &mut result)?;
        }
        Ok(result)
    });
    let undo = undo.filter(|_| outcome.is_err());
    // The result tells of the file as it was made.
    let result = finish(host, validated, outcome);
    if let Some(path) = undo {
        let _ = host.remove_file(&path);
    }
    result
}

fn shown_name<'a>(name: &'a str, options: &'a Options) -> &'a str {
    if options.module_name.is_empty() { name } else { &options.module_name }
}

fn begin(
    module: &Module,
    prepare: Prepare,
    host: &dyn Host,
    arguments: &Dict,
    options: &Options,
) -> (Validated, Result<Params>) {
    let mut validated = validate(shown_name(module.name, options), module.spec, arguments, host.observe());
    let params = match validated.failure() {
        Some(failure) => Err(failure),
        None => {
            if let Some(log) = &options.log {
                host_log::invoked(
                    host,
                    log,
                    shown_name(module.name, options),
                    module.spec,
                    &validated,
                    arguments.len(),
                );
            }
            prepare(&mut validated.params, host.observe());
            Ok(Params(validated.params.clone()))
        }
    };
    (validated, params)
}

/// What every result has: facts about its path, warnings, the invocation; and no secrets.
fn finish(host: &dyn Host, validated: Validated, outcome: Result<Dict>) -> Dict {
    let mut result = match outcome {
        Ok(mut result) => {
            if !result.contains("changed") {
                result.insert("changed", false);
            }
            result
        }
        Err(Failure { msg, cause, extra }) => {
            let mut result =
                Dict::from([("changed", Value::from(false)), ("failed", true.into()), ("msg", msg.into())]);
            result.extend_from(&extra);
            if let Some(cause) = cause {
                result.insert(CAUSE_KEY, &*cause);
            }
            result
        }
    };
    path_facts(host, &mut result);
    let mut shown = validated.params;
    if let Some(Data::Dict(amended)) = result.remove(AMENDED_KEY).map(|value| value.data) {
        shown.extend_from(&amended);
    }
    if !result.contains("invocation") {
        let mut invocation = Dict::new();
        invocation.insert("module_args", shown);
        result.insert("invocation", invocation);
    }
    let mut warnings: Vec<Value> = validated.warnings.into_iter().map(Value::from).collect();
    warnings
        .extend(result.remove("warnings").and_then(|value| value.as_list().map(<[Value]>::to_vec)).unwrap_or_default());
    if !warnings.is_empty() {
        result.insert("warnings", Value::list(warnings));
    }
    if !validated.deprecations.is_empty() {
        let deprecations = validated.deprecations.into_iter().map(|(msg, version, collection)| {
            Value::from(Dict::from([("msg", msg), ("version", version), ("collection_name", collection)]))
        });
        result.insert("deprecations", Value::list(deprecations.collect()));
    }
    no_log::remove_from(&result, &validated.secrets)
}

/// A result that names a `path` (or a `dest`) says who owns it and what it is.
fn path_facts(host: &dyn Host, result: &mut Dict) {
    let Some(path) = result.get("path").or_else(|| result.get("dest")).and_then(Value::as_str).map(str::to_owned)
    else {
        return;
    };
    let path = Path::new(&path);
    if !matches!(host.stat(path), Ok(Some(_))) {
        return;
    }
    let Ok(Some(stat)) = host.lstat(path) else { return };
    result.insert("uid", stat.uid);
    result.insert("gid", stat.gid);
    result.insert("owner", host.user_by_id(stat.uid).map_or_else(|| stat.uid.to_string(), |user| user.name));
    result.insert("group", host.group_by_id(stat.gid).map_or_else(|| stat.gid.to_string(), |group| group.name));
    result.insert("mode", stat.mode_text());
    let state = match stat.kind {
        crate::FileKind::Link => "link",
        crate::FileKind::Directory => "directory",
        _ if stat.links > 1 => "hard",
        _ => "file",
    };
    result.insert("state", state);
    if let Some(Ok(context)) = host.labels().map(|labels| labels.context(path)) {
        result.insert("secontext", context.to_string());
    }
    result.insert("size", stat.size);
}
