//! `ansible-doc`: what modules and plugins say about themselves.

mod dump;
mod library;
mod listing;
mod roles;

use crate::command_line::{DocMode, DocOptions};
use crate::output::{Colour, Console, Role};
use crate::start::{Started, fail, start};
use churten_config::Settings;
use churten_diagnostics::{ErrorKind, Report};
use churten_documentation::{
    Document, Look, Meaning, Setting, keyword_page, keywords, page, role_list, snippet, table,
};
use churten_value::{Dict, JsonStyle, Value};
use library::Places;
use std::collections::HashSet;

/// Kinds of plugins that snippets are made for.
const SNIPPETS: [&str; 3] = ["inventory", "lookup", "module"];

/// Show what was asked for; gives the exit code.
pub(crate) fn run(options: &DocOptions) -> u8 {
    let Started { settings, mut console, verbosity, .. } = match start("ansible-doc", &options.run, None) {
        Ok(started) => started,
        Err(code) => return code,
    };
    let paint = |meaning: Meaning, text: &str| painted(&settings, &console, meaning, text);
    let setting = match (settings.no_color(), console.has_colour()) {
        (true, _) => Setting::Marks,
        (false, true) => Setting::Colours(&paint),
        (false, false) => Setting::Styles,
    };
    let look = Look { columns: console.columns(), verbosity, setting };
    let mut told = Told::default();
    let outcome = show(options, &settings, &look, &mut told);
    told.warnings.iter().for_each(|warning| console.warning(warning));
    told.deprecations.iter().for_each(|deprecation| console.deprecation(deprecation));
    match outcome {
        Ok(text) => {
            if let Some(text) = text {
                console.line(&text);
            }
            0
        }
        Err(report) => fail(&mut console, &report),
    }
}

/// What is told beside the answer.
#[derive(Debug, Default)]
struct Told {
    warnings: Vec<String>,
    deprecations: Vec<String>,
}

/// Data as `-j` shows it.
fn json(data: impl Into<Value>) -> String {
    data.into().to_json(JsonStyle { ensure_ascii: true, ..JsonStyle::RESULT })
}

fn painted(settings: &Settings, console: &Console, meaning: Meaning, text: &str) -> String {
    let name = match meaning {
        Meaning::Required => return console.paint(Role::Error, text),
        Meaning::Plugin => "COLOR_DOC_PLUGIN",
        Meaning::Reference => "COLOR_DOC_REFERENCE",
        Meaning::Constant => "COLOR_DOC_CONSTANT",
    };
    let colour = settings.text(name).and_then(Colour::named);
    colour.map_or_else(|| text.to_owned(), |colour| colour.paint(text))
}

fn show(options: &DocOptions, settings: &Settings, look: &Look<'_>, told: &mut Told) -> Result<Option<String>, Report> {
    let places = Places::new(options, settings)?;
    if options.mode == DocMode::Dump {
        return dump::everything(options, settings, &places, told).map(Some);
    }
    let is_list = matches!(options.mode, DocMode::List | DocMode::Files);
    if !is_list && options.names.is_empty() {
        let message = "Missing name(s), incorrect options passed for detailed documentation.";
        return Err(Report::new(message).kind(ErrorKind::Options));
    }
    let text = match (options.kind.as_str(), is_list) {
        ("keyword", true) => keyword_list(options, &places, look)?,
        ("keyword", false) => keyword_pages(options, &places, look, told)?,
        ("role", true) if options.mode == DocMode::Files => {
            let all = roles::directories(options, settings, &places, told)?;
            if options.json { json(all) } else { role_files(&all, look) }
        }
        ("role", true) => {
            let summaries = roles::summaries(options, settings, &places, told)?;
            if options.json { json(summaries) } else { role_list(&summaries) }
        }
        ("role", false) => roles::pages(options, settings, &places, look, told)?,
        (_, true) => listing::listed(options, &places, look)?,
        (_, false) => return pages(options, &places, look, told),
    };
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// All keywords with what is said of them.
fn keyword_list(options: &DocOptions, places: &Places, look: &Look<'_>) -> Result<String, Report> {
    let all = keywords(places.core())?;
    let said = |about: &Value| about.get("description").cloned().unwrap_or_default();
    let all: Dict = all.iter().map(|(name, about)| (name.clone(), said(about))).collect();
    Ok(if options.json { json(all) } else { keyword_page(&all, look) })
}

/// Roles with their directories.
fn role_files(all: &Dict, look: &Look<'_>) -> String {
    let entries: Vec<(String, String)> = all.iter().map(|(name, path)| (name.to_text(), path.to_text())).collect();
    table(&entries, look)
}

/// What is known of some keywords.
fn keyword_pages(options: &DocOptions, places: &Places, look: &Look<'_>, told: &mut Told) -> Result<String, Report> {
    let all = keywords(places.core())?;
    let mut found = Dict::new();
    for name in &options.names {
        match all.get(name) {
            Some(about) => drop(found.insert(name.as_str(), about.clone())),
            None => told.warnings.push(format!("Skipping invalid keyword '{name}': '{name}'")),
        }
    }
    Ok(match (options.json, found.is_empty()) {
        (true, _) => json(found),
        (false, true) => String::new(),
        (false, false) => keyword_page(&found, look),
    })
}

/// The documentation of every name.
fn pages(options: &DocOptions, places: &Places, look: &Look<'_>, told: &mut Told) -> Result<Option<String>, Report> {
    let kind = options.kind.as_str();
    let mut documents = Vec::new();
    let mut seen = HashSet::new();
    for name in options.names.iter().filter(|name| seen.insert(name.as_str())) {
        match places.document(kind, name)? {
            Some(document) if document.doc.is_empty() => {}
            Some(document) => {
                told.warnings.extend(document.left_out.iter().map(|fragment| {
                    format!("{name}: the documentation fragment {fragment} is made by Python and left out")
                }));
                documents.push((name.clone(), document));
            }
            None => told.warnings.push(format!("{name} was not found")),
        }
    }
    if options.json {
        let all: Dict =
            documents.iter().map(|(name, document)| (Value::from(name.as_str()), document.to_value())).collect();
        return Ok(Some(json(all)));
    }
    if documents.is_empty() {
        return Ok(None);
    }
    let mut texts = Vec::new();
    for (name, document) in documents {
        if options.mode == DocMode::Snippet {
            let text = begun(kind, &name, &document, look, told)?;
            texts.extend(text.filter(|text| kind != "module" || !text.is_empty()));
        } else {
            texts.push(page(&document, kind, look));
        }
    }
    if options.mode != DocMode::Snippet {
        texts.push(String::new());
    }
    Ok((!texts.is_empty()).then(|| texts.join("\n")))
}

/// What to begin with for a module or plugin, where there is something.
fn begun(
    kind: &str,
    name: &str,
    document: &Document,
    look: &Look<'_>,
    told: &mut Told,
) -> Result<Option<String>, Report> {
    if !SNIPPETS.contains(&kind) {
        let kinds = SNIPPETS.join(", ");
        return Err(Report::new(format!("Snippets are only available for the following plugin types: {kinds}")));
    }
    match snippet(document, kind, name, look) {
        Ok(Some(text)) => Ok(Some(text)),
        Ok(None) => {
            told.warnings.push(format!(
                "Unable to construct a snippet for '{name}': The {name} inventory plugin does not take YAML type config source that \
                 can be used with the \"auto\" plugin so a snippet cannot be created."
            ));
            Ok(None)
        }
        Err(missing) => {
            let message = format!("Unexpected Exception, this is probably a bug: '{missing}'");
            Err(Report::new(message).kind(ErrorKind::Unexpected))
        }
    }
}
