//! Names that are shown although they cannot be rendered.

use churten_diagnostics::Report;
use churten_template::{Scope, Templar};
use churten_value::Value;

/// The text of a name. What cannot be rendered is shown in place, as ansible-core does for names of tasks, and is
/// warned of.
pub(crate) fn text(templar: &Templar, name: &Value, scope: &dyn Scope) -> (String, Option<Report>) {
    if !templar.is_template(name) {
        return (name.to_text(), None);
    }
    if let Ok(rendered) = templar.render(name, scope) {
        return (rendered.to_text(), None);
    }
    let mut text = String::new();
    let mut errors = vec![];
    let source = name.to_text();
    for part in expressions(&source) {
        match templar.render(&Value::str(part).with_tags(name.tags), scope) {
            Ok(rendered) => text += &rendered.to_text(),
            Err(error) => {
                let error = error.headline();
                errors.push(error.clone());
                text += &format!("<< error {} - {error} >>", errors.len());
            }
        }
    }
    let noun = if errors.len() == 1 { "error" } else { "errors" };
    let mut message = format!("Encountered {} template {noun}.", errors.len());
    for (number, error) in (1..).zip(&errors) {
        message += &format!("\nerror {number} - {error}");
    }
    (text, Some(Report::new(message).at(name.origin())))
}

/// The parts of a template text: each `{{ }}` by itself, and the text between.
fn expressions(text: &str) -> Vec<&str> {
    let mut parts = vec![];
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let (before, after) = rest.split_at(start);
        parts.push(before);
        let end = after.find("}}").map_or(after.len(), |end| end + 2);
        let (expression, left) = after.split_at(end);
        parts.push(expression);
        rest = left;
    }
    parts.push(rest);
    parts.retain(|part| !part.is_empty());
    parts
}
