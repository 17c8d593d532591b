//! What a module's output means.

use churten_value::{Deprecation, Dict, Value, printed_result};

/// The result of a module, or the failure to give one.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The result. Of output that is none: `module_stdout`, `module_stderr`, `rc` and a `msg`.
    pub result: Dict,
    /// Why the output is no result.
    pub unreadable: Option<String>,
    /// The exception that ended the module, when it gave no message of its own.
    pub exception: Option<String>,
    /// What led to the message of a failure.
    pub cause: Option<String>,
}

/// Reads a module's output. Lines before and after the JSON text are left out; those after it are warned of. A `code` below
/// zero is the signal that ended the module.
pub fn answer(code: i32, stdout: &str, stderr: &str) -> Answer {
    match printed_result(stdout) {
        Ok(printed) => understood(&printed),
        Err(reason) => {
            let reason = format!("Module result deserialization failed: {reason}");
            let (code, complaint) = as_shell_tells(code);
            let result = Dict::from([
                ("failed", Value::from(true)),
                ("changed", Value::from(false)),
                ("module_stdout", Value::from(stdout.to_owned())),
                ("module_stderr", Value::from(format!("{stderr}{complaint}"))),
                ("msg", Value::from(reason.clone())),
                ("rc", Value::from(i64::from(code))),
            ]);
            Answer { result, unreadable: Some(reason), ..Answer::default() }
        }
    }
}

/// The code of a program that a signal ended, and what is said of that, by the shell that ansible-core starts modules with.
fn as_shell_tells(code: i32) -> (i32, String) {
    if code >= 0 {
        return (code, String::new());
    }
    let said = match -code {
        // Whoever interrupts a program knows.
        2 | 13 => return (128 - code, String::new()),
        1 => "Hangup",
        3 => "Quit",
        4 => "Illegal instruction",
        5 => "Trace/breakpoint trap",
        6 => "Aborted",
        7 => "Bus error",
        8 => "Floating point exception",
        9 => "Killed",
        10 => "User defined signal 1",
        11 => "Segmentation fault",
        12 => "User defined signal 2",
        14 => "Alarm clock",
        15 => "Terminated",
        24 => "CPU time limit exceeded",
        25 => "File size limit exceeded",
        31 => "Bad system call",
        other => return (128 + other, format!("Signal {other}\n")),
    };
    (128 - code, format!("{said}\n"))
}

/// What a result that a module printed means: ansible-core's notes about types, warnings, deprecations and exceptions are made
/// plain.
pub fn understood(raw: &Dict) -> Answer {
    let mut result = Dict::new();
    for (key, value) in raw.iter() {
        if let Some(name) = key.as_str().filter(|name| !name.starts_with("_ansible_")) {
            result.insert(name, plain(value));
        }
    }
    let listed = |name: &str| raw.get(name).and_then(Value::as_list).unwrap_or_default().to_vec();
    let warnings: Vec<Value> = listed("warnings").iter().map(warning).collect();
    if !warnings.is_empty() {
        result.insert("warnings", Value::list(warnings));
    }
    let deprecations: Vec<Value> = listed("deprecations").iter().map(deprecation).collect();
    if !deprecations.is_empty() {
        result.insert("deprecations", Value::list(deprecations));
    }
    let (mut exception, mut cause) = (None, None);
    if let Some(event) = raw.get("exception").and_then(|summary| summary.get("event")) {
        result.remove("exception");
        let chain = texts(event, "msg");
        let tracebacks = texts(event, "formatted_traceback");
        if !tracebacks.is_empty() {
            result.insert("exception", tracebacks.join("\n"));
        }
        if result.get("msg").is_some_and(Value::is_truthy) {
            cause = chain.get(1..).filter(|rest| !rest.is_empty()).map(joined);
        } else {
            let text = joined(&chain);
            let said = if text.is_empty() { ".".to_owned() } else { format!(": {text}") };
            result.insert("msg", format!("Task failed: Module failed{said}"));
            exception = Some(text);
        }
    }
    Answer { result, exception, cause, ..Answer::default() }
}

/// A message and what caused it on one line; a cause that the message ends in is not told again.
fn joined(chain: &[String]) -> String {
    let mut line = String::new();
    for message in chain {
        if line.is_empty() {
            line.push_str(message);
        } else if !message.is_empty() && !line.ends_with(message.as_str()) {
            if line.ends_with('.') {
                line.pop();
            }
            line.push_str(": ");
            line.push_str(message);
        }
    }
    line
}

/// The texts under a key of an event and of what caused it.
fn texts(event: &Value, key: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut event = Some(event);
    while let Some(one) = event.filter(|_| found.len() < 20) {
        found.extend(one.get(key).filter(|text| !text.is_none()).map(Value::to_text));
        event = one.get("chain").and_then(|chain| chain.get("event"));
    }
    found
}

/// A warning is its text.
fn warning(value: &Value) -> Value {
    value.get("event").and_then(|event| event.get("msg")).map_or_else(|| plain(value), plain)
}

/// A deprecation is a mapping with its message and when what it is about goes.
fn deprecation(value: &Value) -> Value {
    let Some(message) = value.get("event").and_then(|event| event.get("msg")) else { return plain(value) };
    Value::dict(told(value, message))
}

/// What a deprecation says, by the names of results.
fn told(value: &Value, message: &Value) -> Dict {
    let mut found = Dict::from([("msg", plain(message))]);
    if let Some(owner) = value.get("deprecator").filter(|owner| !owner.is_none()) {
        if let Some(name) = owner.get("resolved_name") {
            let collection: Vec<&str> = name.as_str().map(|name| name.split('.').take(2).collect()).unwrap_or_default();
            found.insert("collection_name", collection.join("."));
        }
        found.insert("deprecator", plain(owner));
    }
    for name in ["version", "date", "help_text"] {
        if let Some(text) = value.get(name).filter(|text| !text.is_none()) {
            found.insert(name, plain(text));
        }
    }
    found
}

/// What the tags of a value say of its end.
fn deprecated(tags: &Value) -> Option<Deprecation> {
    let is_deprecation = |tag: &&Value| tag.get("__ansible_type").and_then(Value::as_str) == Some("Deprecated");
    let tag = tags.as_list()?.iter().find(is_deprecation)?;
    Deprecation::of(told(tag, tag.get("msg")?))
}

/// Deprecations among the values of a result that do not say whose they are become the module's. `module` is its full
/// name, or the plain one of the project's own.
pub fn name_deprecators(result: &mut Dict, module: &str) {
    let name = if module.contains('.') { module.to_owned() } else { format!("ansible.legacy.{module}") };
    let named = result.iter().map(|(key, value)| (key.clone(), with_deprecator(value, &name)));
    *result = named.collect();
}

fn with_deprecator(value: &Value, module: &str) -> Value {
    let tags = value.tags.deprecated(value.tags.deprecation().and_then(|deprecation| {
        let fields = deprecation.fields();
        if fields.get("deprecator").and_then(|owner| owner.get("resolved_name")).is_some_and(|name| !name.is_none()) {
            return Some(deprecation);
        }
        let mut fields = fields.as_dict()?.clone();
        fields.insert("collection_name", module.rsplit_once('.').map_or("", |(collection, _)| collection));
        let owner = Dict::from([("resolved_name", Value::from(module.to_owned())), ("type", Value::from("module"))]);
        fields.insert("deprecator", Value::dict(owner));
        Deprecation::of(fields)
    }));
    let named = |(key, value): (&Value, &Value)| (key.clone(), with_deprecator(value, module));
    match (value.as_dict(), value.as_list()) {
        (Some(entries), _) => Value::dict(entries.iter().map(named).collect()).with_tags(tags),
        (_, Some(items)) => Value::list(items.iter().map(|item| with_deprecator(item, module)).collect()),
        _ => value.clone().with_tags(tags),
    }
}

/// A value without ansible-core's notes about its type.
fn plain(value: &Value) -> Value {
    const TYPE: &str = "__ansible_type";
    if let Some(dictionary) = value.as_dict() {
        if dictionary.get(TYPE).is_some()
            && let Some(inner) = dictionary.get("value")
        {
            let inner = plain(inner);
            // A list loses what was said of it on its way.
            let deprecation = dictionary.get("tags").filter(|_| inner.as_list().is_none()).and_then(deprecated);
            let tags = inner.tags.deprecated(deprecation);
            return inner.with_tags(tags);
        }
        // What begins like this is between ansible-core and its modules.
        let is_internal = |key: &str| key == TYPE || key.starts_with("_ansible_");
        let entries = dictionary.iter().filter(|(key, _)| !key.as_str().is_some_and(is_internal));
        let mut made = Dict::new();
        for (key, value) in entries {
            made.insert(key.clone(), plain(value));
        }
        return Value::dict(made);
    }
    match value.as_list() {
        Some(items) => Value::list(items.iter().map(plain).collect()),
        None => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::answer;
    use churten_value::{JsonStyle, Value};

    fn shown(stdout: &str) -> String {
        Value::dict(answer(0, stdout, "err").result).to_json(JsonStyle { sort_keys: true, ..JsonStyle::PLAIN })
    }

    #[test]
    fn what_is_no_json_fails() {
        let said = answer(3, "hello\n", "oops\n");
        assert_eq!(
            said.unreadable.as_deref(),
            Some("Module result deserialization failed: No start of json char found")
        );
        assert_eq!(said.result.get("rc"), Some(&Value::from(3)));
        let said = answer(-9, "", "oops\n").result;
        assert_eq!(said.get("rc"), Some(&Value::from(137)));
        assert_eq!(said.get("module_stderr"), Some(&Value::from("oops\nKilled\n")));
    }

    #[test]
    fn summaries_become_plain() {
        let text = r#"{"warnings": [{"event": {"msg": "w", "__ansible_type": "Event"}, "__ansible_type": "WarningSummary"}],
            "deprecations": [{"event": {"msg": "d"}, "deprecator": {"resolved_name": "a.b.c", "type": null, "__ansible_type": "PluginInfo"}, "version": "9"}],
            "x": {"__ansible_type": "_AnsibleTaggedStr", "value": "t", "tags": []}}"#;
        assert_eq!(
            shown(text),
            "{\"deprecations\": [{\"collection_name\": \"a.b\", \"deprecator\": {\"resolved_name\": \"a.b.c\", \"type\": null}, \
             \"msg\": \"d\", \"version\": \"9\"}], \"warnings\": [\"w\"], \"x\": \"t\"}"
        );
    }

    #[test]
    fn values_that_nobody_should_use_say_so() {
        let tag = r#"{"msg": "old", "version": "9", "deprecator": {"resolved_name": null, "type": null}, "__ansible_type": "Deprecated"}"#;
        let text = format!(
            r#"{{"x": {{"__ansible_type": "_AnsibleTaggedStr", "value": "t", "tags": [{tag}]}},
                "l": {{"__ansible_type": "_AnsibleTaggedList", "value": [1], "tags": [{tag}]}}}}"#
        );
        let mut result = answer(0, &text, "").result;
        super::name_deprecators(&mut result, "mine");
        let deprecation = |name: &str| result.get(name).and_then(|value| value.tags.deprecation());
        let sentence = "old. This feature will be removed from module 'mine' in collection 'ansible.legacy' version 9.";
        assert_eq!(&*deprecation("x").unwrap().sentence(), sentence);
        assert_eq!(deprecation("l"), None);
    }

    #[test]
    fn exceptions_are_told() {
        let event = r#"{"msg": "bad", "chain": {"event": {"msg": "zero"}}}"#;
        let traced = r#"{"failed": true, "msg": "bad", "exception": {"event": {"msg": "bad", "formatted_traceback": "Traceback"}}}"#;
        assert_eq!(answer(1, traced, "").result.get("exception").unwrap().to_text(), "Traceback");
        let own = format!("{{\"failed\": true, \"msg\": \"bad\", \"exception\": {{\"event\": {event}}}}}");
        let own = answer(1, &own, "");
        assert_eq!(own.cause.as_deref(), Some("zero"));
        let none = format!("{{\"failed\": true, \"exception\": {{\"event\": {event}}}}}");
        let none = answer(1, &none, "");
        assert_eq!(none.exception.as_deref(), Some("bad: zero"));
        assert_eq!(none.result.get("msg").unwrap().to_text(), "Task failed: Module failed: bad: zero");
        let again =
            r#"{"failed": true, "exception": {"event": {"msg": "no file", "chain": {"event": {"msg": "no file"}}}}}"#;
        assert_eq!(answer(1, again, "").exception.as_deref(), Some("no file"));
    }
}
