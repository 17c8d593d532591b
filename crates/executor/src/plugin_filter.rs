//! `plugin_filters_cfg`: modules that must not be used.

use churten_config::Settings;
use churten_diagnostics::{ErrorKind, Report};
use churten_syntax::{ParseOptions, parse_yaml_single};
use churten_value::{Data, Source, Value};
use std::collections::BTreeSet;
use std::path::Path;

/// Where the filter file is when no setting names one.
const DEFAULT_FILE: &str = "/etc/ansible/plugin_filters.yml";

/// The names that tasks may not have, as they are written there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PluginFilter(BTreeSet<String>);

impl PluginFilter {
    /// The filter of the settings, and the warnings about a file that is left out.
    ///
    /// # Errors
    /// A file without a list, and one that rejects `stat`.
    pub fn load(settings: &Settings) -> Result<(Self, Vec<Report>), Report> {
        let named = settings.text("PLUGIN_FILTERS_CFG").filter(|text| !text.is_empty());
        let path = Path::new(named.unwrap_or(DEFAULT_FILE));
        let shown = path.display();
        let left_out = |reason: String| (Self::default(), vec![Report::new(format!("{reason} Skipping."))]);
        if !path.exists() {
            return Ok(match named {
                None => (Self::default(), vec![]),
                Some(_) => left_out(format!("The plugin filter file, {shown} does not exist.")),
            });
        }
        let file = format!("The plugin filter file, {shown} was");
        let parsed = std::fs::read(path)
            .map_err(|error| Report::new(error.to_string()))
            .and_then(|bytes| parse_yaml_single(bytes, Source::file(&path.to_string_lossy()), &ParseOptions::TRUSTED));
        let content = match parsed {
            Ok(parsed) => parsed.into_value(),
            Err(report) => {
                let warning = Report::new(format!("{file} not parsable. Skipping: {}", report.headline()));
                return Ok((Self::default(), vec![warning]));
            }
        };
        let Some(content) = content.as_dict() else {
            return Err(unexpected("list indices must be integers or slices, not str"));
        };
        let version = match content.get("filter_version").map(|version| &version.data) {
            None => return Ok(left_out(format!("{file} invalid."))),
            Some(Data::Str(text)) => text.trim().to_owned(),
            Some(Data::Float(number)) => format!("{number:?}"),
            Some(_) => String::new(),
        };
        if version != "1.0" {
            return Ok(left_out(format!("{file} a version not recognized by this version of Ansible.")));
        }
        let Some(listed) = content.get("module_rejectlist") else {
            return Err(unexpected("'module_rejectlist'"));
        };
        let names: BTreeSet<String> = match &listed.data {
            Data::List(items) => items.iter().map(Value::to_text).collect(),
            // A text is taken as its letters, which are no modules.
            Data::Str(_) => BTreeSet::new(),
            _ => return Err(unexpected(&format!("'{}' object is not iterable", listed.type_name()))),
        };
        if names.contains("stat") {
            return Err(Report::new(format!(
                "The stat module was specified in the module reject list file, {shown}, but Ansible will not function \
                 without the stat module.  Please remove stat from the reject list."
            )));
        }
        Ok((Self(names), vec![]))
    }

    /// True when a task may not use this name.
    pub(crate) fn rejects(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

/// ansible-core does not foresee such files.
fn unexpected(reason: &str) -> Report {
    let message = format!("Unexpected Exception, this is probably a bug: {reason}");
    Report::new(message).kind(ErrorKind::Unexpected)
}

#[cfg(test)]
mod tests {
    use super::PluginFilter;
    use churten_config::{Environment, LoadOptions, Settings};
    use std::collections::BTreeMap;

    /// The filter and the warnings for a filter file's text.
    fn load(text: &str) -> Result<(PluginFilter, String), String> {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("filter.yml"), text).unwrap();
        std::fs::write(directory.path().join("ansible.cfg"), "[defaults]\nplugin_filters_cfg = filter.yml\n").unwrap();
        let home = directory.path().to_path_buf();
        let environment = Environment { variables: BTreeMap::new(), working_directory: home.clone(), home };
        let config_file = Some(directory.path().join("ansible.cfg"));
        let settings = Settings::load(LoadOptions { environment, cli: BTreeMap::new(), config_file }).unwrap();
        let shown = format!("{}/", directory.path().display());
        match PluginFilter::load(&settings) {
            Ok((filter, warnings)) => {
                let warnings: Vec<String> =
                    warnings.iter().map(|warning| warning.headline().replace(&shown, "")).collect();
                Ok((filter, warnings.join("|")))
            }
            Err(report) => Err(report.headline().replace(&shown, "")),
        }
    }

    #[test]
    fn files_and_what_is_said_of_them() {
        let (filter, warnings) =
            load("filter_version: 1.0\nmodule_rejectlist: [ping, ansible.builtin.command]\n").unwrap();
        assert_eq!(warnings, "");
        assert!(filter.rejects("ping") && filter.rejects("ansible.builtin.command"));
        assert!(!filter.rejects("command") && !filter.rejects("ansible.builtin.ping"));
        let told = |text: &str| load(text).map(|(_, warnings)| warnings);
        assert_eq!(
            told("module_rejectlist: [ping]\n").unwrap(),
            "The plugin filter file, filter.yml was invalid. Skipping."
        );
        assert_eq!(
            told("filter_version: '2.0'\nmodule_rejectlist: [ping]\n").unwrap(),
            "The plugin filter file, filter.yml was a version not recognized by this version of Ansible. Skipping."
        );
        assert!(told("filter_version: '1.0'\nmodule_rejectlist: [stat]\n").unwrap_err().starts_with("The stat module"));
        assert!(told("filter_version: '1.0'\n").is_err());
    }
}
