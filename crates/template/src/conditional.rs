//! Conditions: `when`, `until`, `failed_when`, ...

use crate::eval::Session;
use crate::fault::Fault;
use crate::templar::{Templar, has_delimiters};
use crate::val::{Root, Val};
use crate::{Entry, Scope};
use churten_diagnostics::Report;
use churten_value::{Data, Value};

const HELP: &str =
    "Broken conditionals can be temporarily allowed with the `ALLOW_BROKEN_CONDITIONALS` configuration option.";

/// The truth of a condition.
pub(crate) fn judge(templar: &Templar, condition: &Value, scope: &dyn Scope) -> Result<bool, Report> {
    let broken = |message: &str| Report::new(message).at(condition.origin()).help(HELP);
    let allow_broken = templar.environment().allow_broken_conditionals;
    let text = match &condition.data {
        Data::Bool(flag) => return Ok(*flag),
        Data::Str(text) if !text.is_empty() => text,
        Data::None | Data::Str(_) if allow_broken => return Ok(true),
        Data::None | Data::Str(_) => return Err(broken("Empty conditional expressions are not allowed.")),
        _ if allow_broken => return Ok(condition.is_truthy()),
        _ => return Err(broken("Conditional expressions must be strings.")),
    };
    let session = Session::new(templar.shared(), scope);
    let trimmed = text.trim();
    let is_wrapped = trimmed.starts_with("{{") && trimmed.ends_with("}}") || trimmed.starts_with("{%");
    let value = if is_wrapped && has_delimiters(trimmed) && condition.tags.is_trusted() {
        match session.render_text(&trimmed.into(), condition.tags, Root::default()) {
            // Text is the expression to judge.
            Ok(Val::Str(text)) => templar.evaluate_in(&session, &text.text, text.tags, true),
            Ok(value) => {
                let warning = "Conditionals should not be surrounded by templating delimiters such as {{ }} or {% %}. \
                               This feature will be removed from ansible-core version 2.23.";
                (templar.environment().warn)(Report::new(warning).at(condition.origin()));
                Ok(value)
            }
            Err(fault) => Err(fault),
        }
    } else {
        templar.evaluate_in(&session, text, condition.tags, true)
    };
    let finished = value.and_then(Val::defined).and_then(|value| {
        // Only finished values have a truth; the value itself is kept for its place.
        match value.to_data(&session)?.is_omit() {
            true => Err(Fault::report(Report::new("A template was resolved to an Omit scalar."))),
            false => Ok(value),
        }
    });
    let value = finished.map_err(|fault| {
        let report = fault.finish("expression", condition.origin()).into_report();
        if report.is_undefined() {
            let origin = condition.origin();
            return report.context("Error while evaluating conditional.").at(origin);
        }
        report
    })?;
    if let Val::Bool(flag) = value {
        return Ok(flag);
    }
    let finish = |fault: Fault| fault.finish("expression", condition.origin()).into_report();
    let truth = value.truth().map_err(finish)?;
    let message = format!(
        "Conditional result ({}) was derived from value of type '{}'{}. Conditionals must have a boolean result.",
        if truth { "True" } else { "False" },
        value.python_type(),
        place(&value, condition, scope)
    );
    if allow_broken {
        let warning = format!("{message} This feature will be removed from ansible-core version 2.23.");
        let help = "Broken conditionals are currently allowed because the `ALLOW_BROKEN_CONDITIONALS` \
                    configuration option is enabled.";
        (templar.environment().warn)(Report::new(warning).at(condition.origin()).help(help));
        return Ok(truth);
    }
    Err(broken(&message))
}

/// ` at 'FILE:LINE:COLUMN'` of the value, or of the condition.
fn place(value: &Val, condition: &Value, scope: &dyn Scope) -> String {
    // ansible-core cannot tag None with a place.
    if value.is_none() {
        return " at '<unknown>'".to_owned();
    }
    let own = match value {
        Val::Str(text) => text.tags.origin(),
        // Other values lose their place in an expression; a bare variable still has it.
        _ => condition.as_str().and_then(|name| scope.get(name.trim())).and_then(|entry| match entry {
            Entry::Value(value) => value.origin(),
            Entry::Hosts(_) => None,
        }),
    };
    match own.or(condition.origin()) {
        Some(origin) => format!(" at '{origin}'"),
        None => " at '<unknown>'".to_owned(),
    }
}
