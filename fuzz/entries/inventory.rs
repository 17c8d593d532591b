//! Inventories in INI, YAML and TOML, and the patterns that select from them.

use churten_config::{Environment, LoadOptions as SettingsOptions, Settings};
use churten_inventory::{CachedFacts, Format, Inventory, LoadOptions, Pattern};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

fn settings() -> &'static Settings {
    static SETTINGS: OnceLock<Settings> = OnceLock::new();
    SETTINGS.get_or_init(|| {
        let nowhere = "/nonexistent";
        let environment =
            Environment { variables: BTreeMap::new(), working_directory: nowhere.into(), home: nowhere.into() };
        let options = SettingsOptions { environment, cli: BTreeMap::new(), config_file: None };
        Settings::load(options).expect("the defaults hold")
    })
}

/// The first line: one of `ini`, `yaml` and `toml`, a blank, and a pattern of hosts; the rest is the inventory.
pub(crate) fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (question, source) = text.split_once('\n').unwrap_or((&text, ""));
    let (format, pattern) = question.split_once(' ').unwrap_or((question, "all"));
    let format = match format {
        "ini" => Format::Ini,
        "yaml" => Format::Yaml,
        "toml" => Format::Toml,
        _ => return,
    };
    let options = LoadOptions {
        settings: settings(),
        secrets: Arc::default(),
        python: Some("/usr/bin/python3".to_owned()),
        extra_vars: Arc::default(),
        broken: None,
        facts: CachedFacts::default(),
    };
    let Ok(loaded) = Inventory::of_text(source, format, &options) else { return };
    let inventory = loaded.inventory;
    if let Ok(pattern) = Pattern::parse(pattern)
        && let Ok(selection) = inventory.select(&pattern, None)
    {
        assert!(selection.hosts.iter().all(|host| inventory.host(host).is_some()), "what is selected exists");
    }
    for host in inventory.hosts().take(10) {
        let _ = inventory.magic(&host.name);
    }
    let _ = inventory.targets(pattern, None);
}
