//! `docs/modules/`: a page for every native module, made from what the modules declare. `CHURTEN_UPDATE=1` writes them.

use std::collections::BTreeMap;
use std::path::Path;

/// How many cases of a module are compared with ansible-core's; empty for those that have no table.
fn comparison(page: &str) -> String {
    let name = page.trim_end_matches(".md").rsplit('.').next().unwrap_or_default();
    let Some(cases) = cases(name) else { return String::new() };
    let table = format!("crates/modules/tests/differential/{name}.jsonl");
    assert!(cases > 0, "{table} has no cases");
    format!(
        "\n## Compared with ansible-core\n\n{cases} cases, each in check mode, applied, and applied again: \
         [the table](../../{table}).\n"
    )
}

/// The cases of a table, with those of the tables that it takes in.
fn cases(name: &str) -> Option<usize> {
    let table = format!("crates/modules/tests/differential/{name}.jsonl");
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(table)).ok()?;
    let included = text.lines().filter_map(|line| line.strip_prefix("{\"include\": \"")?.strip_suffix("\"}"));
    Some(text.lines().filter(|line| line.contains("\"args\":")).count() + included.filter_map(cases).sum::<usize>())
}

#[test]
fn the_pages_tell_what_the_modules_declare() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/modules");
    let counted = |(name, text): (String, String)| {
        let counted = text + &comparison(&name);
        (name, counted)
    };
    let pages: BTreeMap<String, String> = churten_documentation::manual().into_iter().map(counted).collect();
    if std::env::var_os("CHURTEN_UPDATE").is_some() {
        let _ = std::fs::remove_dir_all(&directory);
        std::fs::create_dir_all(&directory).unwrap();
        for (name, text) in &pages {
            std::fs::write(directory.join(name), text).unwrap();
        }
    }
    let mut written = BTreeMap::new();
    for entry in std::fs::read_dir(&directory).unwrap() {
        let entry = entry.unwrap();
        let text = std::fs::read_to_string(entry.path()).unwrap();
        written.insert(entry.file_name().into_string().unwrap(), text);
    }
    let changed: Vec<&String> =
        pages.iter().filter(|(name, text)| written.get(*name) != Some(text)).map(|(name, _)| name).collect();
    let gone: Vec<&String> = written.keys().filter(|name| !pages.contains_key(*name)).collect();
    assert!(
        changed.is_empty() && gone.is_empty(),
        "docs/modules: {changed:?} {gone:?}; CHURTEN_UPDATE=1 writes them anew"
    );
}
