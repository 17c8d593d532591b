//! Inventories that are given as text, and what they may take.

use churten_config::{Environment, LoadOptions as ConfigOptions, Settings};
use churten_inventory::{CachedFacts, Format, Inventory, LoadOptions, Pattern};
use std::collections::BTreeMap;
use std::sync::Arc;

fn read(text: &str, format: Format) -> Result<Inventory, String> {
    let nowhere = "/nonexistent";
    let environment =
        Environment { variables: BTreeMap::new(), working_directory: nowhere.into(), home: nowhere.into() };
    let options = ConfigOptions { environment, cli: BTreeMap::new(), config_file: None };
    let options = LoadOptions {
        settings: &Settings::load(options).expect("settings"),
        secrets: Arc::default(),
        python: None,
        extra_vars: Arc::default(),
        broken: None,
        facts: CachedFacts::default(),
    };
    let loaded = Inventory::of_text(text, format, &options);
    loaded.map(|loaded| loaded.inventory).map_err(|failure| failure.report.message)
}

#[test]
fn every_format_is_read() {
    for (text, format) in [
        ("[g]\nw[1:3]\n", Format::Ini),
        ("g: {hosts: {'w[1:3]': }}\n", Format::Yaml),
        ("[g.hosts.'w[1:3]']\n", Format::Toml),
    ] {
        let inventory = read(text, format).expect("an inventory");
        let pattern = Pattern::parse("g[1:]").expect("a pattern");
        let hosts = inventory.select(&pattern, None).expect("a selection").hosts;
        assert_eq!(hosts.join(" "), "w2 w3", "{format:?}");
    }
    assert!(read("[", Format::Yaml).is_err());
}

#[test]
fn ranges_are_bounded_together() {
    for (text, format) in [
        ("a[1:60000]\nb[1:60000]\n".to_owned(), Format::Ini),
        ("a[1:999999999]\n".to_owned(), Format::Ini),
        ("all: {hosts: {'a[1:60000]': , 'b[1:60000]': }}".to_owned(), Format::Yaml),
        ("[g.hosts]\n'a[1:60000]' = {}\n'b[1:60000]' = {}\n".to_owned(), Format::Toml),
    ] {
        let message = read(&text, format).expect_err("too many");
        assert!(message.contains("more than 100000 names"), "{message}");
    }
}
