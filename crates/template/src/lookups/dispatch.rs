//! `lookup()`, `query()` and `with_X`: from a name and arguments to results.

use super::{Lookup, Plugin, find};
use crate::eval::{Call, Session};
use crate::fault::{Fault, Outcome};
use crate::tree::Symbol;
use crate::val::{Root, Val, python_str};
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Value};

/// What to do when a lookup fails.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Errors {
    Strict,
    Warn,
    Ignore,
}

/// `lookup('name', terms...)`.
pub(crate) fn lookup(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let want_list = call.take_keyword("wantlist");
    let want_list = call.flag(want_list.as_ref(), false)?;
    run(call, want_list, "_lookup")
}

/// `query('name', terms...)`: always a list.
pub(crate) fn query(call: &mut Call<'_, '_>) -> Outcome<Val> {
    call.take_keyword("wantlist");
    run(call, true, "_query")
}

fn run(call: &mut Call<'_, '_>, want_list: bool, function: &str) -> Outcome<Val> {
    if let Some(undefined) = missing(call) {
        return Ok(undefined);
    }
    let mut terms = std::mem::take(&mut call.positional).into_iter();
    let Some(name) = terms.next() else {
        return Err(Fault::python(format!("{function}() missing 1 required positional argument: 'plugin_name'")));
    };
    let name = call.text(&name)?;
    let plugin = known(&name, call.session)?;
    let errors = errors(call)?;
    call.take_keyword("allow_unsafe");
    let terms = terms.map(|term| embedded(term, call.session, call.root)).collect::<Outcome<_>>()?;
    let options: Vec<(Symbol, Val)> = std::mem::take(&mut call.keyword);
    let mut lookup = Lookup { session: call.session, root: call.root, terms, options };
    let results = match (plugin.run)(&mut lookup) {
        Ok(results) => results,
        Err(fault) if fault.is_undefined() => return Err(fault),
        Err(fault) => return failed(call, fault, &name, errors, want_list),
    };
    shape(results, want_list)
}

/// The first undefined argument; one that a lookup takes as it is does not count.
fn missing(call: &Call<'_, '_>) -> Option<Val> {
    if let Some(undefined) = call.positional.iter().find(|value| value.is_undefined()) {
        return Some(undefined.clone());
    }
    let plugin = call.positional.first().and_then(Val::as_str).and_then(find);
    let taken = plugin.map(|plugin| plugin.takes_undefined).unwrap_or_default();
    let missing = call.keyword.iter().find(|(name, value)| value.is_undefined() && !taken.contains(&&**name));
    missing.map(|(_, value)| value.clone())
}

fn known(name: &str, session: &Session<'_>) -> Outcome<&'static Plugin> {
    let plugin = find(name).ok_or_else(|| {
        let message = format!("The lookup plugin '{name}' was not found.");
        Fault::report(Report::new(message))
    })?;
    if !(session.shared.environment.may_look_up)(plugin.name) {
        return Err(Fault::ansible(format!("The lookup plugin '{name}' may not be used here.")));
    }
    Ok(plugin)
}

fn invoke(plugin: &'static Plugin, name: &str, lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    (plugin.run)(lookup).map_err(|fault| fault.in_plugin("lookup", name))
}

fn errors(call: &mut Call<'_, '_>) -> Outcome<Errors> {
    let Some(errors) = call.take_keyword("errors") else { return Ok(Errors::Strict) };
    match call.text(&errors)?.as_str() {
        "warn" => Ok(Errors::Warn),
        "ignore" => Ok(Errors::Ignore),
        // ansible-core does not check the word.
        _ => Ok(Errors::Strict),
    }
}

fn failed(call: &Call<'_, '_>, fault: Fault, name: &str, errors: Errors, want_list: bool) -> Outcome<Val> {
    match errors {
        Errors::Strict => return Err(fault.in_plugin("lookup", name)),
        Errors::Warn => {
            let message = format!("An error occurred while running the lookup plugin '{name}'.");
            let report = Report::new(message).caused_by(Report { origin: None, ..fault.into_report() });
            (call.session.shared.environment.warn)(report);
        }
        Errors::Ignore => {}
    }
    Ok(if want_list { Val::list(Vec::new()) } else { Val::None })
}

/// A lookup's result: one value is itself, several texts are joined with commas, anything else is a list.
fn shape(results: Vec<Val>, want_list: bool) -> Outcome<Val> {
    if want_list || results.is_empty() {
        return Ok(Val::list(results));
    }
    if let [only] = &*results {
        return Ok(only.clone());
    }
    let texts: Option<Vec<&str>> = results.iter().map(Val::as_str).collect();
    Ok(match texts {
        Some(texts) => texts.join(",").into(),
        None => Val::list(results),
    })
}

/// A template inside a term's literal is rendered, with a warning, as ansible-core still does unless it is told not to.
fn embedded(term: Val, session: &Session<'_>, root: Root) -> Outcome<Val> {
    match &term {
        _ if !session.shared.environment.allow_embedded_templates => Ok(term),
        Val::Str(text) if text.tags.is_trusted() && crate::templar::has_delimiters(text) => {
            warn_embedded(session, LOOKUP_EXAMPLE);
            session.render_text(&text.text, text.tags, root)
        }
        Val::List(list) if list.shared().is_none() => {
            let items = session.items(&term)?.into_iter();
            Ok(Val::list(items.map(|item| embedded(item, session, root)).collect::<Outcome<_>>()?))
        }
        _ => Ok(term),
    }
}

/// The door's lookup: `with_NAME: terms`.
pub(crate) fn run_named(session: &Session<'_>, name: &str, terms: &Value, options: &Dict) -> Outcome<Vec<Value>> {
    let plugin = known(name, session)?;
    let root = Root::default();
    let terms = session.resolve(terms, root).defined()?;
    let terms = match &terms {
        Val::List(_) | Val::Tuple(_) => session.items(&terms)?,
        single => vec![single.clone()],
    };
    for term in &terms {
        term.check()?;
    }
    let mut keyword = Vec::with_capacity(options.len());
    for (key, value) in options {
        let key = python_str(&Val::from_plain(key), session)?;
        keyword.push((Symbol::from(key), session.resolve(value, root).defined()?));
    }
    let mut lookup = Lookup { session, root, terms, options: keyword };
    let results = invoke(plugin, name, &mut lookup)?;
    let data = results.iter().map(|result| result.to_data(session));
    data.filter(|data| !matches!(data, Ok(Value { data: Data::Omit, .. }))).collect()
}

/// How to do without templates in the terms of a lookup.
const LOOKUP_EXAMPLE: &str = "Use inline expressions, for example: `msg: \"{{ lookup('env', '{{ a_var }}') }}\"` becomes \
                              `msg: \"{{ lookup('env', a_var) }}\"`";

/// Warn of a template inside a string constant; `help` shows how to do without.
pub(crate) fn warn_embedded(session: &Session<'_>, help: &'static str) {
    let report = Report::new(
        "Jinja constant strings should not contain embedded templates. \
         This feature will be disabled by default in ansible-core 2.23.",
    );
    (session.shared.environment.warn)(report.at(session.origin.get()).help(help));
}
