//! `debug`: show a text or a variable.

use super::ActionContext;
use crate::task::{Execution, integer_of};
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Value};

pub(crate) fn run(context: &ActionContext<'_>, arguments: &Dict) -> Execution {
    let var = arguments.get("var");
    let expression = match var.map(|var| expression(context, var)) {
        None => None,
        Some(Ok(expression)) => expression,
        Some(Err(execution)) => return *execution,
    };
    if arguments.contains("msg") && expression.is_some() {
        return Execution::refused("parameters are mutually exclusive: msg|var");
    }
    let unknown: Vec<String> = arguments
        .keys()
        .map(Value::to_text)
        .filter(|name| !matches!(name.as_str(), "msg" | "var" | "verbosity"))
        .collect();
    if !unknown.is_empty() {
        let names = unknown.join(", ");
        return Execution::refused(format!(
            "Unsupported parameters for (debug) module: {names}. Supported parameters include: msg, var, verbosity."
        ));
    }
    let verbosity = match arguments.get("verbosity") {
        None => 0,
        Some(value) => match integer_of(value) {
            Some(number) => number,
            None => {
                let shown = churten_value::Repr(value).to_string().replace('"', "\\\"");
                return Execution::refused(format!(
                    "argument 'verbosity' is of type {} and we were unable to convert to int: \"{shown}\" cannot be converted to an int",
                    value.type_name()
                ));
            }
        },
    };
    if verbosity > i64::from(context.engine.options.verbosity) {
        return Execution::of(Dict::from([
            ("skipped_reason", Value::from("Verbosity threshold not met.")),
            ("skipped", true.into()),
            ("failed", false.into()),
            ("changed", false.into()),
        ]));
    }
    let mut result = Dict::new();
    let expression = expression.filter(|expression| !expression.is_none() && expression.as_str() != Some(""));
    match var.zip(expression) {
        Some((var, expression)) => {
            let (name, shown) = match variable(context, var, &expression) {
                Ok(shown) => shown,
                Err(execution) => return *execution,
            };
            result.insert(name, shown);
        }
        None => {
            result.insert("msg", arguments.get("msg").cloned().unwrap_or_else(|| "Hello world!".into()));
        }
    }
    result.insert("failed", false);
    result.insert("changed", false);
    result.insert("_ansible_verbose_always", true);
    Execution::of(result)
}

/// The expression that `var` is, or that its template gives; `None` when that is left out.
fn expression(context: &ActionContext<'_>, var: &Value) -> Result<Option<Value>, Box<Execution>> {
    let templar = &context.engine.templar;
    if !templar.is_template(var) {
        return Ok(Some(var.clone()));
    }
    let rendered = templar.render(var, context.scope);
    let rendered = rendered.map_err(|report| Box::new(Execution::action_error(report)))?;
    Ok(Some(rendered).filter(|rendered| !rendered.is_omit()))
}

/// What `var` names, and what it is shown as.
fn variable(context: &ActionContext<'_>, var: &Value, expression: &Value) -> Result<(String, Value), Box<Execution>> {
    let templar = &context.engine.templar;
    let failure = |report: Report| Box::new(Execution::action_error(report));
    let Data::Str(text) = &expression.data else {
        return Err(Box::new(Execution::refused(format!(
            "argument 'var' is of type {} and we were unable to convert to _check_type_str_no_conversion: '{}' is not a \
             string and conversion is not allowed",
            expression.type_name(),
            expression.to_text()
        ))));
    };
    // A name is only as good as where it comes from.
    if !expression.tags.is_trusted() {
        let message = "Encountered untrusted template or expression.";
        let cause = Report::new(message).at(var.origin()).help(
            "Templates and expressions must be defined by trusted sources such as playbooks or roles, not untrusted \
             sources such as module results.",
        );
        return Err(failure(cause.apart().context("Error while resolving `var` expression").at(var.origin())));
    }
    match templar.evaluate(expression, context.scope) {
        Ok(value) => {
            if value.is_omit() {
                let message =
                    "The result of the `var` expression could not be omitted; a placeholder was used instead.";
                let mut report = Report::new(message).at(var.origin());
                report.text = Some(text.to_string());
                context.engine.warn_report(report);
                return Ok((text.to_string(), "<<Omit>>".into()));
            }
            Ok((text.to_string(), value))
        }
        Err(report) if report.is_undefined() => {
            let shown = context.engine.template_error(&report, var);
            Ok((text.to_string(), shown.into()))
        }
        Err(report) => {
            let message = format!("Error while resolving `var` expression: {}", report.message);
            let report = Report { message, ..report.or_at(var.origin()) };
            Err(failure(report))
        }
    }
}
