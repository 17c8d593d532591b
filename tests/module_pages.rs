//! `docs/modules/`: a page for every native module, made from what the modules declare. `CHURTEN_UPDATE=1` writes them.

use std::collections::BTreeMap;
use std::path::Path;

#[test]
fn the_pages_tell_what_the_modules_declare() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/modules");
    let pages: BTreeMap<String, String> = churten_documentation::manual().into_iter().collect();
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
