//! Every native module has examples, which its declaration allows, and what it returns is said in full.

use super::{FILES, words};
use crate::native::manuals;
use crate::native_names;
use crate::source::yaml;
use churten_module::{FakeHost, validate};
use churten_value::{Dict, Source, Value};
use std::collections::BTreeSet;

/// Every value has a type, says when it is there, and what it is.
fn complete(module: &str, values: &Dict) {
    for (name, about) in values.iter() {
        let name = format!("{module}: {}", name.to_text());
        for key in ["description", "returned", "type"] {
            assert!(about.get(key).and_then(Value::as_str).is_some_and(|text| !text.is_empty()), "{name}: {key}");
        }
        let is_text =
            |key: &Value| matches!(key.as_str(), Some("description" | "returned" | "type" | "elements" | "contains"));
        assert!(about.as_dict().is_some_and(|about| about.keys().all(is_text)), "{name}: an unknown key");
        if let Some(inner) = about.get("contains").and_then(Value::as_dict) {
            complete(&name, inner);
        }
    }
}

#[test]
fn every_module_has_examples() {
    let names = native_names();
    let names: BTreeSet<&str> =
        names.iter().map(|name| name.strip_prefix("ansible.builtin.").unwrap_or(name)).collect();
    assert_eq!(names, FILES.iter().map(|(name, _)| *name).collect());
    for name in names {
        let (examples, returned) = words(name).unwrap();
        assert!(examples.as_str().is_some_and(|text| text.starts_with("- ")), "{name}: no examples");
        if let Some(values) = returned.as_dict() {
            complete(name, values);
        }
    }
}

/// Modules that take arguments of any name: the rest are names of variables, or those of another module.
const OPEN: [&str; 3] = ["add_host", "package", "set_fact"];

/// The arguments of a task of a module: those below its name, or what stands behind it, and those of `args`.
fn arguments(module: &str, task: &Value, given: &Value) -> Dict {
    let mut all = match given.as_str() {
        Some(text) => {
            let declared = manuals().find(|manual| manual.name == module).unwrap().spec.arguments;
            let names = ["free_form", "free-form", "_raw_params"];
            let name = declared.iter().map(|argument| argument.name).find(|name| names.contains(name));
            let name = name.unwrap_or_else(|| panic!("{module} takes no text"));
            Dict::from([(name, text)])
        }
        None => given.as_dict().cloned().unwrap_or_default(),
    };
    // What the controller fills in.
    let declared = manuals().find(|manual| manual.name == module).unwrap().spec.arguments.iter();
    for argument in declared.filter(|argument| argument.required && argument.name.starts_with('_')) {
        all.insert(argument.name, "/tmp");
    }
    if let Some(more) = task.get("args").and_then(Value::as_dict) {
        all.extend_from(more);
    }
    if module == "set_fact" {
        return Dict::from([("key_value", all)]);
    }
    all
}

#[test]
fn examples_are_what_modules_take() {
    let host = FakeHost::new();
    let modules: BTreeSet<String> = native_names().into_iter().collect();
    let mut count = 0;
    for (of, _) in FILES {
        let (examples, _) = words(of).unwrap();
        let tasks = yaml(examples.as_str().unwrap(), Source::file(of)).unwrap();
        let tasks = tasks.as_list().unwrap();
        assert!((1..=4).contains(&tasks.len()), "{of}: {} tasks", tasks.len());
        let mut is_shown = false;
        for task in tasks {
            let place = format!("{of}: {}", task.get("name").expect("a name").to_text());
            let entries = task.as_dict().unwrap();
            let module = entries.keys().map(Value::to_text).find(|key| modules.contains(key));
            let module = module.unwrap_or_else(|| panic!("{place}: no module by its full name"));
            let short = module.strip_prefix("ansible.builtin.").unwrap_or(&module);
            is_shown |= short == *of;
            let given = arguments(short, task, entries.get(&module).unwrap());
            let manual = manuals().find(|manual| manual.name == short).unwrap();
            let validated = validate(short, manual.spec, &given, &host);
            let is_open = |error: &String| OPEN.contains(&short) && error.starts_with("Unsupported parameters for");
            assert_eq!(validated.error.clone().filter(|error| !is_open(error)), None, "{place}");
            assert!(validated.warnings.is_empty() && validated.deprecations.is_empty(), "{place}: {validated:?}");
            count += 1;
        }
        assert!(is_shown, "{of}: its examples do not show it");
    }
    assert!(count > FILES.len());
}
