//! Templates, expressions, conditions and template files, with few variables and a bound on the work.

use churten_template::{Environment, Extensions, Templar, TemplateOptions};
use churten_value::{Dict, Source, Value, from_json};
use std::sync::OnceLock;

/// Lookups that neither run programs nor look at files.
const LOOKUPS: &[&str] = &[
    "cartesian",
    "dict",
    "flattened",
    "indexed_items",
    "items",
    "list",
    "nested",
    "random_choice",
    "sequence",
    "subelements",
    "together",
    "varnames",
    "vars",
];

/// Steps of one rendering: so many take less than a second, and 8 MB.
const WORK: u64 = 500_000;

const VARIABLES: &str = r#"{
    "name": "web1", "number": 7, "half": 0.5, "yes": true, "nothing": null, "empty": "", "text": "a b,c\nd é 𝄞",
    "list": [3, 1, 2], "words": ["b", "a", "c"], "dict": {"a": 1, "b": {"c": [1, 2]}},
    "users": [{"name": "x", "groups": ["g", "h"], "id": 2}, {"name": "y", "groups": [], "id": 1}],
    "lazy": "{{ number + 1 }}", "circle": "{{ circle }}", "broken": "{{ missing.a }}", "version": "1.10.2",
    "address": "192.168.1.1/24", "json": "{\"a\": [1]}", "yaml": "a: &x [1]\nb: *x", "date": "2024-02-29 12:00:00"
}"#;

fn world() -> &'static Dict {
    static WORLD: OnceLock<Dict> = OnceLock::new();
    WORLD.get_or_init(|| {
        let value = from_json(VARIABLES).expect("the variables are JSON");
        let trusted = value.map_leaves(&mut |leaf| leaf.clone().with_tags(leaf.tags.trust(true)));
        trusted.as_dict().cloned().expect("the variables are a mapping")
    })
}

/// The first byte chooses: `t` template, `e` expression, `c` condition, `f` template file; the rest is the text.
pub(crate) fn run(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    // Files are read by `include` and its kin, and looked at by tests; nothing of that is in here.
    let source = Value::template(text).at(churten_value::Origin::whole(Source::described("<fuzz>")));
    let templar = Templar::new(Environment {
        basedir: "/nonexistent".into(),
        extensions: Extensions { expressions: true, loop_controls: true },
        may_look_up: |name| LOOKUPS.contains(&name),
        work: WORK,
        ..Environment::default()
    });
    match kind {
        b't' => drop(templar.render(&source, world())),
        b'e' => drop(templar.evaluate(&source, world())),
        b'c' => drop(templar.condition(&source, world())),
        b'f' => drop(templar.render_file_text(&source, world(), &TemplateOptions::default())),
        _ => {}
    }
}
