//! `validate_argument_spec`: check a role's arguments before its first task.

use super::ActionContext;
use crate::argument_spec;
use crate::task::Execution;
use churten_diagnostics::Report;
use churten_value::{Dict, Value};

pub(crate) fn run(context: &ActionContext<'_>, arguments: &Dict) -> Execution {
    let Some(spec) = arguments.get("argument_spec") else {
        return Execution::refused("\"argument_spec\" arg is required in args: {}");
    };
    let Some(entries) = spec.as_dict() else {
        return Execution::refused("Incorrect type for argument_spec, expected dict and got <class 'str'>");
    };
    let provided = arguments.get("provided_arguments").and_then(Value::as_dict).cloned().unwrap_or_default();
    let mut values = Dict::new();
    for name in entries.keys() {
        let text = name.to_text();
        let Some(raw) = context.scope.value(&text) else { continue };
        match context.engine.templar.render(&raw, context.scope) {
            Ok(value) if value.is_omit() => {}
            Ok(value) => {
                values.insert(name.clone(), value);
            }
            Err(report) => return Execution::action_error(report),
        }
    }
    values.extend_from(&provided);
    let errors = match argument_spec::validate(entries, &values) {
        Ok(errors) => errors,
        Err(reason) => return Execution::action_error(Report::new(reason)),
    };
    let context_of_role = arguments.get("validate_args_context").cloned().unwrap_or_else(|| Dict::new().into());
    if errors.is_empty() {
        return Execution::of(Dict::from([
            ("changed", Value::from(false)),
            ("msg", "The arg spec validation passed".into()),
            ("validate_args_context", context_of_role),
        ]));
    }
    let message = format!("Validation of arguments failed:\n{}", errors.join("\n"));
    let mut execution = Execution::failed(message);
    execution.result.insert("argument_errors", errors);
    execution.result.insert("argument_spec_data", spec.clone());
    execution.result.insert("validate_args_context", context_of_role);
    execution
}
