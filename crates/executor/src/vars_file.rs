//! Files that hold a mapping of variables.

use crate::engine::Engine;
use churten_diagnostics::Report;
use churten_syntax::{ParseOptions, parse_yaml_single};
use churten_value::{Data, Dict, Source, Value};
use std::io::Read;
use std::path::Path;

/// The mapping in a file, decrypted when the file is a vault. Its strings are templates. An empty file is an empty
/// mapping.
pub(crate) fn read(engine: &Engine, path: &Path, wrong: &dyn Fn(&str) -> Report) -> Result<Dict, Report> {
    let value = content(engine, path)?;
    match &value.data {
        Data::None => Ok(Dict::new()),
        Data::Dict(entries) => Ok(entries.as_ref().clone()),
        _ => Err(wrong(value.type_name())),
    }
}

/// True for a file that is a vault as a whole.
pub(crate) fn is_vaulted(path: &Path) -> bool {
    const HEADER: u64 = 64;
    let mut start = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(HEADER).read_to_end(&mut start));
    read.is_ok() && churten_vault::is_vault(&start)
}

/// What is in a file, decrypted when the file is a vault; null when it is empty.
pub(crate) fn content(engine: &Engine, path: &Path) -> Result<Value, Report> {
    let bytes = std::fs::read(path).map_err(|error| {
        Report::new(format!("an error occurred while trying to read the file '{}': {error}", path.display()))
    })?;
    let bytes = engine.secrets.content(bytes, path)?;
    let source = Source::file(&path.display().to_string());
    let options =
        ParseOptions { duplicate_keys: churten_inventory::duplicate_keys(&engine.settings), ..ParseOptions::TRUSTED };
    let parsed = parse_yaml_single(&bytes, source, &options)?;
    for warning in parsed.warnings {
        engine.warn_report(warning);
    }
    Ok(parsed.documents.into_iter().next().unwrap_or_default())
}
