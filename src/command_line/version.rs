//! The text of `--version`.

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

/// Lines shaped like ansible-core's, so that scripts find the release and the paths in them.
pub(crate) fn version_text(program: &str, facts: &VersionFacts) -> String {
    let path = |path: Option<&Path>| path.map_or_else(|| "None".to_owned(), |path| path.display().to_string());
    let modules: Vec<String> =
        facts.module_paths.iter().map(|path| churten_value::str_repr(&path.to_string_lossy())).collect();
    let collections: Vec<String> = facts.collection_paths.iter().map(|path| path.display().to_string()).collect();
    let executable = std::env::current_exe().ok();
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
