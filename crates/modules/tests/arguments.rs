//! What our modules declare about their arguments is what ansible-core's declare: names, aliases, types, defaults,
//! choices in their order, what is required, and the rules between arguments.
//!
//! Needs `CHURTEN_ORACLE`; of other collections those are compared that its Python can import. Theirs are asked for
//! (`tests/arguments/dump.py`), none is kept here.

#![expect(clippy::print_stderr, reason = "the counts are for whoever runs this")]

use churten_module::{Argument, ArgumentSpec, ArgumentType, CheckMode, Manual, Rule, convert_value};
use churten_value::{JsonStyle, Value, from_json};
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Differences on purpose: what differs, and why.
const ON_PURPOSE: &[(&str, &str)] = &[
    ("service use", "there it is taken by the action on the controller, here the worker chooses the manager"),
    (
        "user ssh_key_comment.default",
        "it is made of the name of the host, which only the host knows; it is filled in there",
    ),
];

/// A declaration of arguments: of a module, or inside of a dictionary.
struct Declared {
    arguments: Vec<(String, Fields)>,
    rules: BTreeMap<String, BTreeSet<String>>,
}

/// An argument and its rules as `dump.py` writes them.
fn theirs(value: &Value) -> Declared {
    let arguments = value.get("arguments").and_then(Value::as_dict).unwrap();
    let fields = |about: &Value| -> Fields {
        about.as_dict().unwrap().iter().map(|(key, value)| (key.to_text(), value.clone())).collect()
    };
    let rule = |kind: &str| {
        let rules = value.get(kind).and_then(Value::as_list).unwrap();
        (kind.to_owned(), rules.iter().map(|rule| rule.to_json(JsonStyle::PLAIN)).collect())
    };
    Declared {
        arguments: arguments.iter().map(|(name, about)| (name.to_text(), fields(about))).collect(),
        rules: KINDS.into_iter().map(rule).collect(),
    }
}

const KINDS: [&str; 5] = ["mutually_exclusive", "required_together", "required_one_of", "required_if", "required_by"];

fn ours(spec: &ArgumentSpec) -> Declared {
    let mut found = Declared {
        arguments: spec.arguments.iter().map(argument).collect(),
        rules: KINDS.into_iter().map(|kind| (kind.to_owned(), BTreeSet::new())).collect(),
    };
    for rule in spec.rules {
        let (kind, rule) = match rule {
            Rule::Exclusive(names) => (KINDS[0], names.iter().copied().collect()),
            Rule::Together(names) => (KINDS[1], names.iter().copied().collect()),
            Rule::OneOf(names) => (KINDS[2], names.iter().copied().collect()),
            Rule::RequiredIf { argument, value, names, any } => {
                let names: Value = names.iter().copied().collect();
                // Python's names of truth values.
                let value = match *value {
                    "true" => "True",
                    "false" => "False",
                    value => value,
                };
                (KINDS[3], Value::list(vec![(*argument).into(), value.into(), names, (*any).into()]))
            }
            Rule::RequiredBy { argument, names } => {
                (KINDS[4], Value::list(vec![(*argument).into(), names.iter().copied().collect()]))
            }
            Rule::DeprecatedAlias { alias, .. } => {
                let has = |_: &str, fields: &Fields| fields["aliases"].to_text().contains(*alias);
                set(&mut found.arguments, has, "deprecated_aliases", [*alias].into_iter().collect());
                continue;
            }
        };
        found.rules.get_mut(kind).unwrap().insert(rule.to_json(JsonStyle::PLAIN));
    }
    for included in spec.include {
        let included = ours(included);
        found.arguments.extend(included.arguments);
        for (kind, rules) in included.rules {
            found.rules.get_mut(&kind).unwrap().extend(rules);
        }
    }
    found
}

type Fields = BTreeMap<String, Value>;

fn set(arguments: &mut [(String, Fields)], is_it: impl Fn(&str, &Fields) -> bool, key: &str, value: Value) {
    for (_, fields) in arguments.iter_mut().filter(|(name, fields)| is_it(name, fields)) {
        fields.insert(key.to_owned(), value.clone());
    }
}

fn argument(argument: &Argument) -> (String, Fields) {
    let texts = |texts: &[&'static str]| texts.iter().copied().collect::<Value>();
    let default = argument.default.to_value().unwrap_or_default();
    let removed = argument.deprecated.map(|about| texts(&[about.version, about.collection]));
    let fields = [
        ("type", argument.kind.name().into()),
        ("elements", argument.elements.map_or(Value::NONE, |kind| kind.name().into())),
        ("aliases", texts(argument.aliases)),
        ("choices", texts(argument.choices)),
        ("required", argument.required.into()),
        ("default", default),
        ("no_log", argument.no_log.into()),
        ("removed", removed.unwrap_or(Value::NONE)),
        ("deprecated_aliases", texts(&[])),
        ("fallback", argument.variable.is_some().into()),
    ];
    let fields = fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    (argument.name.to_owned(), fields)
}

/// A default is what it becomes: `no` of a truth value is false.
fn default_of(fields: &Fields) -> Value {
    let default = fields["default"].clone();
    let kind = |name: &str| fields[name].as_str().and_then(ArgumentType::named);
    let convert = |kind: Option<ArgumentType>, value: &Value| match kind {
        Some(kind) if !value.is_none() => convert_value(kind, value).unwrap_or_else(|_| value.clone()),
        _ => value.clone(),
    };
    let default = convert(kind("type"), &default);
    match default.as_list() {
        Some(items) => Value::list(items.iter().map(|item| convert(kind("elements"), item)).collect()),
        None => default,
    }
}

/// Every difference, as `place: ansible-core has X, churten Y`; the place comes first, it is what lists name.
fn compare(place: &str, their_value: &Value, spec: &ArgumentSpec, found: &mut Vec<(String, String)>) {
    let (theirs, ours) = (theirs(their_value), ours(spec));
    let names = |declared: &Declared| declared.arguments.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let (their_names, our_names) = (names(&theirs), names(&ours));
    for name in their_names.iter().filter(|name| !our_names.contains(name)) {
        found.push((format!("{place} {name}"), "churten does not have it".to_owned()));
    }
    for name in our_names.iter().filter(|name| !their_names.contains(name)) {
        found.push((format!("{place} {name}"), "ansible-core does not have it".to_owned()));
    }
    let common = |names: &[String], others: &[String]| -> Vec<String> {
        names.iter().filter(|name| others.contains(name)).cloned().collect()
    };
    // Of several wrong arguments the first one is told.
    if common(&their_names, &our_names) != common(&our_names, &their_names) {
        let order = their_names.join(", ");
        found.push((format!("{place} order"), format!("ansible-core has {order}")));
    }
    let ours_by_name: BTreeMap<&String, &Fields> = ours.arguments.iter().map(|(name, fields)| (name, fields)).collect();
    for (name, fields) in &theirs.arguments {
        let Some(our_fields) = ours_by_name.get(name) else { continue };
        for (key, our_value) in *our_fields {
            let (their_value, our_value) = match key.as_str() {
                "default" => (default_of(fields), default_of(our_fields)),
                _ => (fields[key].clone(), our_value.clone()),
            };
            let text = |value: &Value| value.to_json(JsonStyle::PLAIN);
            if text(&their_value) != text(&our_value) {
                let what = format!("ansible-core has {}, churten {}", text(&their_value), text(&our_value));
                found.push((format!("{place} {name}.{key}"), what));
            }
        }
        let inside = all(spec).into_iter().find(|argument| argument.name == name).and_then(|argument| argument.options);
        match (&fields["options"], inside) {
            (value, Some(inside)) if !value.is_none() => compare(&format!("{place} {name}"), value, inside, found),
            (value, None) if value.is_none() => {}
            (value, _) => {
                let has = if value.is_none() { "no options" } else { "options" };
                found.push((format!("{place} {name}.options"), format!("ansible-core has {has}")));
            }
        }
    }
    for (kind, their_rules) in &theirs.rules {
        let our_rules = &ours.rules[kind];
        for rule in their_rules.difference(our_rules) {
            found.push((format!("{place} {kind} {rule}"), "churten does not have it".to_owned()));
        }
        for rule in our_rules.difference(their_rules) {
            found.push((format!("{place} {kind} {rule}"), "ansible-core does not have it".to_owned()));
        }
    }
}

fn all(spec: &ArgumentSpec) -> Vec<&Argument> {
    spec.arguments.iter().chain(spec.include.iter().flat_map(|included| all(included))).collect()
}

#[test]
fn arguments_are_those_of_ansible_core() {
    let Some(programs) = std::env::var_os("CHURTEN_ORACLE") else {
        eprintln!("arguments: skipped, CHURTEN_ORACLE is not set");
        return;
    };
    let manuals: BTreeMap<&str, &Manual> =
        churten_modules::MANUALS.iter().map(|manual| (manual.name, manual)).collect();
    let output = Command::new(std::path::Path::new(&programs).join("python"))
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/arguments/dump.py"))
        .args(manuals.keys())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let declared = from_json(&String::from_utf8(output.stdout).unwrap()).unwrap();
    let declared = declared.as_dict().unwrap();
    let mut found = Vec::new();
    for (name, value) in declared {
        let name = name.to_text();
        let manual = manuals[name.as_str()];
        let check = value.get("check") == Some(&true.into());
        if check != (manual.check == CheckMode::Run) {
            found.push((format!("{name} check mode"), format!("ansible-core supports it: {check}")));
        }
        compare(&name, value, manual.spec, &mut found);
    }
    for name in manuals.keys().filter(|name| !declared.contains(name)) {
        eprintln!("{name}: not compared, the collection is not installed for CHURTEN_ORACLE");
    }
    let is_compared = |place: &str| declared.contains(place.split(' ').next().unwrap_or_default());
    let listed: BTreeSet<&str> = ON_PURPOSE.iter().map(|(place, _)| *place).collect();
    let seen: BTreeSet<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
    let gone: Vec<&&str> = listed.iter().filter(|place| is_compared(place) && !seen.contains(**place)).collect();
    let differences: Vec<String> = found
        .iter()
        .filter(|(place, _)| !listed.contains(place.as_str()))
        .map(|(place, what)| format!("{place}: {what}"))
        .collect();
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
    assert!(gone.is_empty(), "no longer different: {gone:?}");
    eprintln!("{} modules' arguments agree with ansible-core", declared.len());
}
