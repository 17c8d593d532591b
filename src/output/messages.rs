//! Warnings and deprecations that modules put into their results.

use super::console::Console;
use churten_executor::TaskResult;
use churten_value::{Deprecation, Value};

/// Print the warnings and deprecations of a result: what was said while the task ran, then the module's own.
pub(super) fn print_messages(console: &mut Console, result: &TaskResult) {
    let said = &result.said;
    let own = |key| result.result.get(key).and_then(Value::as_list).filter(|_| !said.is_all).unwrap_or_default().iter();
    for warning in &said.warnings {
        console.warning(&warning.render());
    }
    for warning in own("warnings").skip(said.warnings.len()) {
        match warning.get("msg") {
            Some(message) => console.warning(&message.to_text()),
            None => console.warning(&warning.to_text()),
        }
    }
    for deprecation in &said.deprecations {
        console.deprecation(&deprecation.render());
    }
    for deprecation in own("deprecations").skip(said.deprecations.len()) {
        console.deprecation(&Deprecation::sentence_of(deprecation));
    }
}
