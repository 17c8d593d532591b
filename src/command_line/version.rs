//! The text of `--version`.

use churten_config::Settings;
use std::path::{Path, PathBuf};

/// The ansible-core release churten behaves like.
const CORE: &str = "2.19.14";

/// What the text tells beside versions.
#[derive(Clone, Debug, Default)]
pub(crate) struct VersionFacts {
    /// The configuration file in use.
    pub(crate) config_file: Option<PathBuf>,
    /// Where modules are looked for.
    pub(crate) module_paths: Vec<PathBuf>,
    /// Where collections are looked for.
    pub(crate) collection_paths: Vec<PathBuf>,
}

impl VersionFacts {
    /// What the settings say.
    pub(crate) fn of(settings: &Settings) -> Self {
        Self {
            config_file: settings.config_file().map(Into::into),
            module_paths: settings.list("DEFAULT_MODULE_PATH").into_iter().map(PathBuf::from).collect(),
            collection_paths: settings.collections_paths(),
        }
    }
}

/// Lines shaped like ansible-core's, so that scripts find the release and the paths in them.
pub(crate) fn version_text(program: &str, facts: &VersionFacts) -> String {
    let path = |path: Option<&Path>| path.map_or_else(|| "None".to_owned(), |path| path.display().to_string());
    let modules: Vec<String> =
        facts.module_paths.iter().map(|path| churten_value::str_repr(&path.to_string_lossy())).collect();
    let collections: Vec<String> = facts.collection_paths.iter().map(|path| path.display().to_string()).collect();
    let executable = called_as();
    [
        format!("{program} [core {CORE}]"),
        format!("  config file = {}", path(facts.config_file.as_deref())),
        format!("  configured module search path = [{}]", modules.join(", ")),
        format!("  ansible collection location = {}", collections.join(":")),
        format!("  executable location = {}", path(executable.as_deref())),
        format!("  churten version = {}", env!("CARGO_PKG_VERSION")),
    ]
    .join("\n")
}

/// This program as it was called: the first argument, looked for on the path when it is a bare name.
fn called_as() -> Option<PathBuf> {
    let called = PathBuf::from(std::env::args_os().next()?);
    if called.components().count() > 1 {
        return Some(called);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|directory| directory.join(&called)).find(|file| file.is_file()).or(Some(called))
}
