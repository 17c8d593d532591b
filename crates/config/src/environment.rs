//! What the process was started with, as data.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// The environment that settings are resolved in; tests make their own.
#[derive(Clone)]
pub struct Environment {
    /// Environment variables. Names and values that are no UTF-8 are left out.
    pub variables: BTreeMap<String, String>,
    /// The directory relative paths start from.
    pub working_directory: PathBuf,
    /// The home directory of the user.
    pub home: PathBuf,
}

impl Environment {
    /// The environment of this process.
    pub fn of_process() -> Self {
        let variables: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self {
            working_directory: std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/")),
            home: std::env::home_dir().unwrap_or_else(|| PathBuf::from("/")),
            variables,
        }
    }
}

/// Values may be passwords, so only the names are shown.
impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment")
            .field("variables", &self.variables.keys())
            .field("working_directory", &self.working_directory)
            .field("home", &self.home)
            .finish()
    }
}
