//! The one validator. Its checks run in ansible-core's order and use its words, because the first error is the one
//! that users see and that playbooks match on.

use super::convert::{boolean_word, convert};
use super::{Argument, ArgumentSpec, ArgumentType, DefaultValue, Rule, rules};
use crate::{Failure, Observe};
use churten_value::{Data, Dict, Value, sort};
use std::collections::BTreeSet;

/// Sub-specifications deeper than this are not looked into.
const MAX_DEPTH: usize = 32;

/// What validation found.
#[derive(Clone, Debug, Default)]
pub struct Validated {
    /// All parameters: as given (aliases included), converted, with defaults, `null` for those absent.
    pub params: Dict,
    /// The first error, in ansible-core's words.
    pub error: Option<String>,
    /// Warnings.
    pub warnings: Vec<String>,
    /// Deprecations: message, version, collection.
    pub deprecations: Vec<(String, String, String)>,
    /// Values of arguments declared `no_log`.
    pub secrets: BTreeSet<String>,
}

impl Validated {
    /// The error as a failure.
    pub fn failure(&self) -> Option<Failure> {
        self.error.clone().map(Failure::new)
    }
}

/// Check `given` against `spec`. `module` is the name used in messages.
pub fn validate(module: &str, spec: &ArgumentSpec, given: &Dict, host: &dyn Observe) -> Validated {
    let mut run = Validation { host, errors: Vec::new(), unsupported: Vec::new(), result: Validated::default() };
    let mut params = given.clone();
    run.level(spec, &mut params, &[], 0);
    let Validation { mut errors, mut unsupported, mut result, .. } = run;
    if !unsupported.is_empty() {
        sort(&mut unsupported);
        let names = unsupported.join(", ");
        let supported = supported(spec);
        errors.push(format!(
            "Unsupported parameters for ({module}) module: {names}. Supported parameters include: {supported}."
        ));
    }
    result.error = errors.into_iter().next();
    result.params = params;
    result
}

/// Every argument of a specification, included ones after its own.
fn arguments(spec: &ArgumentSpec) -> Vec<&Argument> {
    let mut found: Vec<&Argument> = spec.arguments.iter().collect();
    for included in spec.include {
        found.extend(arguments(included));
    }
    found
}

fn all_rules(spec: &ArgumentSpec) -> Vec<Rule> {
    spec.rules.iter().copied().chain(spec.include.iter().flat_map(|included| all_rules(included))).collect()
}

fn supported(spec: &ArgumentSpec) -> String {
    let arguments = arguments(spec);
    let names: BTreeSet<&str> = arguments.iter().map(|argument| argument.name).collect();
    let aliases: BTreeSet<&str> = arguments.iter().flat_map(|argument| argument.aliases).copied().collect();
    let join = |names: BTreeSet<&str>| names.into_iter().collect::<Vec<_>>().join(", ");
    let names = join(names);
    if aliases.is_empty() { names } else { format!("{names} ({})", join(aliases)) }
}

struct Validation<'a> {
    host: &'a dyn Observe,
    errors: Vec<String>,
    unsupported: Vec<String>,
    result: Validated,
}

impl Validation<'_> {
    fn level(&mut self, spec: &ArgumentSpec, params: &mut Dict, context: &[&str], depth: usize) {
        let arguments = arguments(spec);
        let rules = all_rules(spec);
        let found_in = if context.is_empty() { String::new() } else { format!(" found in {}", context.join(" -> ")) };

        self.aliases(&arguments, &rules, params);
        self.secrets(&arguments, params);
        for key in params.keys() {
            let name = key.to_text();
            let known =
                arguments.iter().any(|argument| argument.name == name || argument.aliases.contains(&name.as_str()));
            if !known {
                let path: Vec<&str> = context.iter().copied().chain([name.as_str()]).collect();
                self.unsupported.push(path.join("."));
            }
        }
        self.errors.extend(rules::exclusive(&rules, params).map(|error| error + &found_in));
        for argument in arguments.iter().filter(|argument| argument.variable.is_some()) {
            let value = argument.variable.and_then(|name| self.host.variable(name));
            if let Some(value) = value.filter(|_| params.get(argument.name).is_none_or(Value::is_none)) {
                params.insert(argument.name, value);
            }
        }
        for argument in &arguments {
            if let Some(default) = argument.default.to_value()
                && !params.contains(argument.name)
            {
                params.insert(argument.name, default);
            }
        }
        let mut missing: Vec<&str> = arguments
            .iter()
            .filter(|argument| argument.required && !params.contains(argument.name))
            .map(|argument| argument.name)
            .collect();
        if !missing.is_empty() {
            sort(&mut missing);
            self.errors.push(format!("missing required arguments: {}{found_in}", missing.join(", ")));
        }
        for argument in &arguments {
            self.convert(argument, params, context);
        }
        for argument in &arguments {
            self.choices(argument, params, &found_in);
        }
        self.errors.extend(rules::dependent(&rules, params).into_iter().map(|error| error + &found_in));
        for argument in &arguments {
            if !params.contains(argument.name) {
                params.insert(argument.name, Value::NONE);
            }
        }
        if depth < MAX_DEPTH {
            for argument in &arguments {
                self.options(argument, params, context, depth);
            }
        }
    }

    fn aliases(&mut self, arguments: &[&Argument], rules: &[Rule], params: &mut Dict) {
        for argument in arguments {
            for alias in argument.aliases {
                let Some(value) = params.get(alias).cloned() else { continue };
                let rule = rules.iter().find_map(|rule| match rule {
                    Rule::DeprecatedAlias { alias: name, deprecation } if name == alias => Some(deprecation),
                    _ => None,
                });
                if let Some(deprecation) = rule {
                    self.result.deprecations.push((
                        format!("Alias '{alias}' is deprecated. See the module docs for more information"),
                        deprecation.version.to_owned(),
                        deprecation.collection.to_owned(),
                    ));
                }
                if params.contains(argument.name) {
                    self.result
                        .warnings
                        .push(format!("Both option {name} and its alias {alias} are set.", name = argument.name));
                }
                params.insert(argument.name, value);
            }
            if let Some(deprecation) = argument.deprecated
                && params.contains(argument.name)
            {
                self.result.deprecations.push((
                    format!("Param '{}' is deprecated. See the module docs for more information", argument.name),
                    deprecation.version.to_owned(),
                    deprecation.collection.to_owned(),
                ));
            }
        }
    }

    fn secrets(&mut self, arguments: &[&Argument], params: &Dict) {
        for argument in arguments.iter().filter(|argument| argument.no_log) {
            if let Some(value) = params.get(argument.name) {
                crate::no_log::collect(value, &mut self.result.secrets);
            }
        }
    }

    fn convert(&mut self, argument: &Argument, params: &mut Dict, context: &[&str]) {
        let Some(value) = params.get(argument.name).cloned() else { return };
        if value.is_none() && !argument.required && argument.default == DefaultValue::Absent {
            return;
        }
        match convert(argument.kind, &value, self.host) {
            Ok(converted) => {
                params.insert(argument.name, converted);
            }
            Err(reason) => {
                let place =
                    if context.is_empty() { String::new() } else { format!(" found in '{}'.", context.join(" -> ")) };
                self.errors.push(format!(
                    "argument '{name}' is of type {given}{place} and we were unable to convert to {kind}: {reason}",
                    name = argument.name,
                    given = value.type_name(),
                    kind = argument.kind.name(),
                ));
                return;
            }
        }
        if argument.kind == ArgumentType::List
            && let Some(elements) = argument.elements.filter(|kind| *kind != ArgumentType::Raw)
        {
            self.elements(argument, elements, params, context);
        }
    }

    fn elements(&mut self, argument: &Argument, elements: ArgumentType, params: &mut Dict, context: &[&str]) {
        let items: Vec<Value> = params.get(argument.name).and_then(Value::as_list).unwrap_or_default().to_vec();
        let mut converted = Vec::with_capacity(items.len());
        for item in items {
            match convert(elements, &item, self.host) {
                Ok(item) => converted.push(item),
                Err(reason) => {
                    // ansible-core looks for secrets in the sub-options before, and fails there first.
                    if elements == ArgumentType::Dict && argument.options.is_some() && item.as_str().is_some() {
                        self.errors.push(reason.clone());
                    }
                    let place = if context.is_empty() {
                        String::new()
                    } else {
                        format!(" found in '{}'", context.join(" -> "))
                    };
                    self.errors.push(format!(
                        "Elements value for option '{name}'{place} is of type {given} and we were unable to convert to \
                         {kind}: {reason}",
                        name = argument.name,
                        given = item.type_name(),
                        kind = elements.name(),
                    ));
                }
            }
        }
        params.insert(argument.name, Value::list(converted));
    }

    fn choices(&mut self, argument: &Argument, params: &mut Dict, found_in: &str) {
        if argument.choices.is_empty() {
            return;
        }
        let Some(value) = params.get(argument.name).cloned() else { return };
        let choices = argument.choices.join(", ");
        let name = argument.name;
        if let Data::List(items) = &value.data {
            let wrong: Vec<String> =
                items.iter().map(Value::to_text).filter(|item| !argument.choices.contains(&item.as_str())).collect();
            if !wrong.is_empty() {
                let wrong = wrong.join(", ");
                self.errors.push(format!(
                    "value of {name} must be one or more of: {choices}. Got no match for: {wrong}{found_in}"
                ));
            }
            return;
        }
        let text = value.to_text();
        if argument.choices.contains(&text.as_str()) && !value.is_none() {
            return;
        }
        // YAML 1.1 turns `yes` into a truth value; the only choice with that meaning is the one that was written.
        if let Some(flag) = match text.as_str() {
            "True" => Some(true),
            "False" => Some(false),
            _ => None,
        } {
            let mut same = argument.choices.iter().filter(|choice| boolean_word(choice) == Some(flag));
            if let (Some(choice), None) = (same.next(), same.next()) {
                params.insert(name, *choice);
                return;
            }
        }
        self.errors.push(format!("value of {name} must be one of: {choices}, got: {text}{found_in}"));
    }

    fn options(&mut self, argument: &Argument, params: &mut Dict, context: &[&str], depth: usize) {
        let Some(spec) = argument.options else { return };
        let context: Vec<&str> = context.iter().copied().chain([argument.name]).collect();

        match params.get(argument.name).map(|value| value.data.clone()) {
            Some(Data::Dict(entries)) => {
                let mut entries = (*entries).clone();
                self.level(spec, &mut entries, &context, depth + 1);
                params.insert(argument.name, entries);
            }
            Some(Data::List(items)) => {
                let items: Vec<Value> = items
                    .iter()
                    .map(|item| match item.as_dict() {
                        Some(entries) => {
                            let mut entries = entries.clone();
                            self.level(spec, &mut entries, &context, depth + 1);
                            entries.into()
                        }
                        None => item.clone(),
                    })
                    .collect();
                params.insert(argument.name, Value::list(items));
            }
            _ => {}
        }
    }
}
