//! Reading YAML and JSON files, with vaults opened.

use churten_config::{OnProblem, Settings};
use churten_diagnostics::Report;
use churten_syntax::{DuplicateKeys, ParseOptions, parse_yaml_single};
use churten_value::{Source, Value};
use churten_vault::Secrets;
use std::path::Path;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Reads the user's own files; strings in them are templates.
#[derive(Clone)]
pub(crate) struct Reader {
    pub(crate) duplicate_keys: DuplicateKeys,
    pub(crate) secrets: Arc<Secrets>,
}

/// What was read, and what to tell the user about it.
pub(crate) struct Content {
    pub(crate) value: Value,
    pub(crate) warnings: Vec<Report>,
    pub(crate) deprecations: Vec<Report>,
}

/// What `DUPLICATE_YAML_DICT_KEY` says.
pub fn duplicate_keys(settings: &Settings) -> DuplicateKeys {
    match settings.duplicate_yaml_dict_key() {
        OnProblem::Error => DuplicateKeys::Error,
        OnProblem::Warn => DuplicateKeys::Warn,
        OnProblem::Ignore => DuplicateKeys::Ignore,
    }
}

impl Reader {
    pub(crate) fn new(settings: &Settings, secrets: Arc<Secrets>) -> Self {
        Self { duplicate_keys: duplicate_keys(settings), secrets }
    }

    /// The bytes of a file, decrypted when it is a vault.
    pub(crate) fn bytes(&self, path: &Path) -> Result<Zeroizing<Vec<u8>>, Report> {
        let shown = path.display();
        let bytes = std::fs::read(path).map_err(|error| {
            Report::parser(format!("an error occurred while trying to read the file '{shown}': {error}"))
        })?;
        self.secrets.content(bytes, path)
    }

    /// The one document of a file.
    pub(crate) fn yaml(&self, path: &Path) -> Result<Content, Report> {
        self.yaml_text(&self.bytes(path)?, &path.to_string_lossy())
    }

    /// The one document of a text, named for messages.
    pub(crate) fn yaml_text(&self, text: &[u8], name: &str) -> Result<Content, Report> {
        let options = ParseOptions { trusted: true, duplicate_keys: self.duplicate_keys };
        let parsed = parse_yaml_single(text, Source::file(name), &options)?;
        let value = parsed.documents.into_iter().next().unwrap_or(Value::NONE);
        Ok(Content { value, warnings: parsed.warnings, deprecations: parsed.deprecations })
    }
}
