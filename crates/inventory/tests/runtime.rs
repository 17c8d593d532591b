//! What happens to an inventory during a run, and files of variables that are vaults.

use churten_config::{Environment, LoadOptions as ConfigOptions, Settings};
use churten_inventory::{Inventory, ListOptions, LoadOptions, Pattern};
use churten_value::{Dict, Value};
use churten_vault::Secrets;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

fn load(directory: &Path, source: &str, secrets: Secrets, env: &[(&str, &str)]) -> Inventory {
    let variables = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let environment = Environment { variables, working_directory: directory.to_owned(), home: directory.to_owned() };
    let settings = ConfigOptions { environment, cli: BTreeMap::new(), config_file: None };
    let settings = Settings::load(settings).expect("settings");
    let options = LoadOptions {
        settings: &settings,
        secrets: Arc::new(secrets),
        python: None,
        extra_vars: Arc::default(),
        broken: None,
        facts: churten_inventory::CachedFacts::default(),
    };
    Inventory::load(&[source.to_owned()], &options).expect("an inventory").inventory
}

fn selected(inventory: &Inventory, pattern: &str) -> String {
    let selection = inventory.select(&Pattern::parse(pattern).expect(pattern), None).expect(pattern);
    selection.hosts.join(" ")
}

#[test]
fn hosts_and_groups_are_added() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("hosts"), "[web]\nw1 a=1\n[web:vars]\nb=2\n").expect("written");
    let mut inventory = load(directory.path(), "hosts", Secrets::new(), &[]);
    assert!(inventory.host_vars("w1", &[]).expect("known").contains("b"));
    let vars = Dict::from([("c", 3)]);
    assert!(inventory.add_host("new", &["web", "made"], &vars));
    assert!(!inventory.add_host("new", &["web", "made"], &vars));
    assert_eq!(selected(&inventory, "web"), "w1 new");
    assert_eq!(selected(&inventory, "made"), "new");
    assert_eq!(inventory.host_vars("new", &[]).expect("known").to_string(), "{'b': 2, 'c': 3}");
    assert!(inventory.add_group("os_Debian", Some("w1"), &["os"]).expect("added"));
    assert!(!inventory.add_group("os_Debian", Some("w1"), &["os"]).expect("added"));
    assert_eq!(selected(&inventory, "os"), "w1");
    assert_eq!(inventory.magic("w1").get("group_names").map(Value::to_text), Some("['os', 'os_Debian', 'web']".into()));
    assert_eq!(inventory.groups_variable().get("all").map(Value::to_text), Some("['new', 'w1']".into()));
    assert!(inventory.add_group("os", None, &["os_Debian"]).is_err());
    assert!(inventory.add_host("alone", &[], &Dict::new()));
    assert_eq!(selected(&inventory, "ungrouped"), "alone");
}

#[test]
fn implicit_localhost_is_in_no_group() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("hosts"), "h1\n").expect("written");
    let inventory = load(directory.path(), "hosts", Secrets::new(), &[]);
    assert_eq!(selected(&inventory, "all"), "h1");
    assert_eq!(selected(&inventory, "localhost"), "localhost");
    let vars = inventory.host_vars("127.0.0.1", &[]).expect("implicit");
    assert_eq!(vars.get("ansible_connection").and_then(Value::as_str), Some("local"));
    assert!(inventory.magic("localhost").get("inventory_dir").is_none());
}

#[test]
fn vaults_are_opened() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut secrets = Secrets::new();
    secrets.add("default", b"pass".to_vec());
    let armour = secrets.encrypt(b"secret: 1\n", None, None).expect("encrypted");
    std::fs::create_dir(directory.path().join("group_vars")).expect("made");
    std::fs::write(directory.path().join("group_vars/all.yml"), armour).expect("written");
    std::fs::write(directory.path().join("hosts"), "h1\n").expect("written");
    let inventory = load(directory.path(), "hosts", secrets, &[]);
    assert_eq!(inventory.host_vars("h1", &[]).expect("opened").to_string(), "{'secret': 1}");
    let locked = load(directory.path(), "hosts", Secrets::new(), &[]);
    let report = locked.host_vars("h1", &[]).expect_err("locked");
    assert_eq!(report.headline(), "Attempting to decrypt but no vault secrets found.");
}

#[test]
fn values_know_their_place_and_trust() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("hosts"), "[g]\nh1 a='{{ b }}' l=\"['{{ c }}']\"\n").expect("written");
    let inventory = load(directory.path(), "hosts", Secrets::new(), &[]);
    let vars = inventory.host_vars("h1", &[]).expect("known");
    let a = vars.get("a").expect("a");
    assert!(a.is_trusted_text());
    let origin = a.origin().expect("a place");
    assert_eq!((origin.line, origin.column, origin.source.is_file()), (2, 0, true));
    assert!(vars.get("l").and_then(Value::as_list).expect("a list")[0].is_trusted_text());
}

#[test]
fn layers_are_shared() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("hosts"), "[g]\nh1 x=1\nh2 x=2\n[g:vars]\ny=3\n").expect("written");
    let inventory = load(directory.path(), "hosts", Secrets::new(), &[]);
    let (one, two) = (inventory.host_layers("h1", &[]).expect("h1"), inventory.host_layers("h2", &[]).expect("h2"));
    assert!(Arc::ptr_eq(&one[0], &two[0]));
    assert_eq!((one.len(), one[1].to_string()), (2, "{'x': 1}".to_owned()));
    let merged = load(directory.path(), "hosts", Secrets::new(), &[("ANSIBLE_HASH_BEHAVIOUR", "merge")]);
    assert_eq!(merged.host_layers("h1", &[]).expect("h1").len(), 1);
}

/// Damaged inventories are refused or read, but nothing panics.
#[test]
fn damaged_inventories_do_not_panic() {
    let directory = tempfile::tempdir().expect("a directory");
    let texts = [
        "[web]\nw[1:3] a=\"[1, 'x']\" b={'k': 1}\n[web:vars]\nc='d' # e\n[p:children]\nweb\n",
        "all:\n  hosts:\n    h[1:2]: {a: [1, {b: c}]}\n  children:\n    g: {vars: {x: 'y'}}\n",
    ];
    let pieces =
        ["[", "]", ":", "'", "\"", "\\", "\n", "{", "}", "é", "#", "=", ",", "-", "\u{0}", "9999999999", "~(", "&!"];
    let mut state: u64 = 42;
    let mut random = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % limit
    };
    for round in 0..400 {
        let mut characters: Vec<char> = texts[round % texts.len()].chars().collect();
        for _ in 0..=random(4) {
            let place = random(characters.len());
            let end = (place + random(3)).min(characters.len());
            characters.splice(place..end, pieces[random(pieces.len())].chars());
        }
        let text: String = characters.iter().collect();
        std::fs::write(directory.path().join("hosts"), &text).expect("written");
        let inventory = load(directory.path(), "hosts", Secrets::new(), &[]);
        let _ = inventory.list(&ListOptions { export: true, ..ListOptions::default() });
        if let Ok(pattern) = Pattern::parse(&text) {
            let _ = inventory.select(&pattern, None);
        }
    }
}
