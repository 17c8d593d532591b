//! Warnings and deprecations that modules put into their results.

use super::console::Console;
use churten_executor::TaskResult;
use churten_value::Value;

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
        console.deprecation(&deprecation_text(deprecation));
    }
}

/// One sentence for the message, one for what will be removed from where and when.
fn deprecation_text(deprecation: &Value) -> String {
    let field = |name| deprecation.get(name).filter(|value| value.is_truthy()).map(Value::to_text);
    let mut message = field("msg").unwrap_or_else(|| deprecation.to_text());
    if !message.ends_with('.') {
        message.push('.');
    }
    let collection = field("collection_name");
    let deprecator = |name| deprecation.get("deprecator").and_then(|who| who.get(name)).and_then(Value::as_str);
    let by_plugin = match (deprecator("type"), deprecator("resolved_name")) {
        (Some(kind), Some(name)) => Some(format!("{kind} '{}'", name.rsplit('.').next().unwrap_or(name))),
        _ => None,
    };
    let plugin = by_plugin.or_else(|| field("plugin_name")).or_else(|| field("plugin"));
    let owner = match (plugin, &collection) {
        (_, None) => String::new(),
        (Some(plugin), Some(collection)) if collection == "ansible.builtin" => {
            format!(" from {plugin} in ansible-core")
        }
        (Some(plugin), Some(collection)) => format!(" from {plugin} in collection '{collection}'"),
        (None, Some(collection)) if collection == "ansible.builtin" => " from ansible-core".into(),
        (None, Some(collection)) => format!(" from collection '{collection}'"),
    };
    let when = match (field("version"), field("date")) {
        (Some(version), _) => format!(" version {version}"),
        (None, Some(date)) => format!(" in a release after {date}"),
        (None, None) => " in a future release".into(),
    };
    format!("{message} This feature will be removed{owner}{when}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deprecations() {
        let text = |entries: Vec<(&str, &str)>| deprecation_text(&Value::dict(entries.into_iter().collect()));
        assert_eq!(
            text(vec![("msg", "old thing two"), ("date", "2030-01-01"), ("collection_name", "a.b")]),
            "old thing two. This feature will be removed from collection 'a.b' in a release after 2030-01-01."
        );
        assert_eq!(
            text(vec![
                ("msg", "Old."),
                ("version", "2.23"),
                ("collection_name", "ansible.builtin"),
                ("plugin", "module 'uri'")
            ]),
            "Old. This feature will be removed from module 'uri' in ansible-core version 2.23."
        );
        assert_eq!(
            text(vec![("msg", "Old."), ("version", "2.23"), ("collection_name", "ansible.builtin")]),
            "Old. This feature will be removed from ansible-core version 2.23."
        );
    }
}
