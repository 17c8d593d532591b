//! Conditions: `when`, `until`, `failed_when`, ...

use crate::Scope;
use crate::eval::Session;
use crate::templar::{Templar, has_delimiters};
use crate::val::{Root, Val};
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
        let warning = "Conditionals should not be surrounded by templating delimiters such as {{ }} or {% %}. \
                       This feature will be removed from ansible-core version 2.23.";
        (templar.environment().warn)(Report::new(warning).at(condition.origin()));
        session.render_text(&trimmed.into(), condition.tags, Root::default())
    } else {
        templar.evaluate_in(&session, text, condition.tags)
    };
    let value = value.and_then(Val::defined).map_err(|fault| {
        let report = fault.finish("expression", condition.origin(), false).into_report();
        if report.is_undefined() {
            let origin = condition.origin();
            return report.context("Error while evaluating conditional.").at(origin);
        }
        report
    })?;
    if let Val::Bool(flag) = value {
        return Ok(flag);
    }
    let finish = |fault: crate::fault::Fault| fault.finish("expression", condition.origin(), false).into_report();
    let truth = value.truth().map_err(finish)?;
    if allow_broken {
        return Ok(truth);
    }
    let name = value.python_type();
    let (shown, place) = (if truth { "True" } else { "False" }, place(&value, condition));
    Err(broken(&format!(
        "Conditional result ({shown}) was derived from value of type '{name}'{place}. \
         Conditionals must have a boolean result."
    )))
}

/// ` at 'FILE:LINE:COLUMN'` of the value, or of the condition.
fn place(value: &Val, condition: &Value) -> String {
    let own = match value {
        Val::Str(text) => text.tags.origin(),
        _ => None,
    };
    match own.or(condition.origin()) {
        Some(origin) => format!(" at '{origin}'"),
        None => " at '<unknown>'".to_owned(),
    }
}
