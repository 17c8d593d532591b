//! `--metadata-dump`: everything that is said of everything.

use super::library::Places;
use super::{Told, json, roles};
use crate::command_line::{DocOptions, PLUGIN_KINDS};
use churten_config::Settings;
use churten_diagnostics::Report;
use churten_documentation::keywords;
use churten_value::{Dict, Value};

/// Everything about everything, or about what is in some collections.
///
/// # Errors
/// Something has no documentation, unless errors are to be told in the JSON.
pub(super) fn everything(
    options: &DocOptions,
    settings: &Settings,
    places: &Places,
    told: &mut Told,
) -> Result<String, Report> {
    let mut all = Dict::new();
    for kind in PLUGIN_KINDS {
        let mut found = Dict::new();
        for file in places.listed(kind, &options.names)? {
            let document = match places.document(kind, &file.name) {
                Ok(None) => continue,
                Ok(Some(document)) => document.to_value(),
                Err(report) if options.tells_errors => {
                    let whole = report.message;
                    let reason = whole.strip_prefix(&format!("{kind} {} ", file.name)).unwrap_or(&whole);
                    Dict::from([("error", Value::from(format!("{reason}.")))]).into()
                }
                Err(report) => return Err(report),
            };
            found.insert(file.name.as_str(), document);
        }
        all.insert(kind, found);
    }
    all.insert("keyword", keywords(places.core())?);
    all.insert("role", roles::everything(options, settings, places, told)?);
    Ok(json(Dict::from([("all", Value::dict(all))])))
}
