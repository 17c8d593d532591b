//! `ansible-doc`: what modules and plugins say about themselves.

mod library;

use crate::command_line::{DocMode, DocOptions};
use crate::output::{Colour, Console, Role};
use crate::start::{Started, fail, start};
use churten_config::Settings;
use churten_diagnostics::{ErrorKind, Report};
use churten_documentation::{
    Document, DocumentedFile, Look, Meaning, Setting, list, native, native_names, page, snippet, table,
};
use churten_value::{Dict, JsonStyle, Value};
use library::Places;
use std::collections::{BTreeMap, HashSet};

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
    if options.mode == DocMode::Dump {
        return Err(Report::not_yet("ansible-doc --metadata-dump"));
    }
    let places = Places::new(options, settings)?;
    match options.mode {
        DocMode::List | DocMode::Files => {
            let text = listed(options, &places, look)?;
            Ok(Some(text).filter(|text| !text.is_empty()))
        }
        _ => pages(options, &places, look, told),
    }
}

/// The documentation of every name.
fn pages(options: &DocOptions, places: &Places, look: &Look<'_>, told: &mut Told) -> Result<Option<String>, Report> {
    if options.names.is_empty() {
        let message = "Missing name(s), incorrect options passed for detailed documentation.";
        return Err(Report::new(message).kind(ErrorKind::Options));
    }
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
        return Ok(Some(Value::from(all).to_json(JsonStyle { ensure_ascii: true, ..JsonStyle::RESULT })));
    }
    if documents.is_empty() {
        return Ok(None);
    }
    let mut texts = Vec::new();
    for (_, document) in documents {
        if options.mode == DocMode::Snippet {
            if !SNIPPETS.contains(&kind) {
                let kinds = SNIPPETS.join(", ");
                let message = format!("Snippets are only available for the following plugin types: {kinds}");
                return Err(Report::new(message));
            }
            if kind != "module" {
                return Err(Report::not_yet(format!("ansible-doc --snippet of {kind} plugins")));
            }
            texts.extend(Some(snippet(&document, look)).filter(|text| !text.is_empty()));
        } else {
            texts.push(page(&document, kind, look));
        }
    }
    if options.mode != DocMode::Snippet {
        texts.push(String::new());
    }
    Ok(Some(texts.join("\n")))
}

/// Names with what they are, or with their files.
fn listed(options: &DocOptions, places: &Places, look: &Look<'_>) -> Result<String, Report> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let filters: Vec<Option<&str>> = match &options.names[..] {
        [] => vec![None],
        names => names.iter().map(|name| Some(name.as_str())).collect(),
    };
    for filter in filters {
        if let Some(filter) = filter {
            places.has_collection(filter)?;
        }
        for file in places.all(&options.kind, filter)? {
            if matches!(options.kind.as_str(), "filter" | "test") && !says_something(&file) {
                continue;
            }
            let about =
                if options.mode == DocMode::Files { file.path.to_string_lossy().into_owned() } else { title(&file) };
            found.insert(file.name, about);
        }
        if options.kind == "module" && !places.has_core() {
            for name in native_names().into_iter().filter(|name| is_of(name, filter)) {
                let document = native(&name);
                let about = document.and_then(|document| Some(document.doc.get("short_description")?.to_text()));
                let about = if options.mode == DocMode::Files { None } else { about };
                found.entry(name).or_insert_with(|| about.unwrap_or_else(|| "churten".into()));
            }
        }
    }
    let entries: Vec<(String, String)> = found.into_iter().collect();
    if options.json {
        let all: Dict =
            entries.iter().map(|(name, about)| (Value::from(name.as_str()), Value::from(about.as_str()))).collect();
        return Ok(Value::from(all).to_json(JsonStyle { ensure_ascii: true, ..JsonStyle::RESULT }));
    }
    if options.mode == DocMode::Files {
        return Ok(table(&entries, look));
    }
    Ok(list(&entries, look))
}

/// A source of filters or tests is named like one of them only where it documents it.
fn says_something(file: &DocumentedFile) -> bool {
    matches!(Document::title(file), Ok(Some(_)))
}

/// True for a name of a collection.
fn is_of(name: &str, filter: Option<&str>) -> bool {
    filter.is_none_or(|filter| name.strip_prefix(filter).is_some_and(|rest| rest.starts_with('.')))
}

/// What a plugin is, in a line. A page tells what is wrong with its documentation, a list does not.
fn title(file: &DocumentedFile) -> String {
    let title = Document::title(file).ok().flatten();
    title.filter(|title| !title.is_empty()).unwrap_or_else(|| "UNDOCUMENTED".to_owned())
}
