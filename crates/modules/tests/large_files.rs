//! Files that are larger than what a module can answer with, or needs.

use churten_module::{LocalHost, Options};
use churten_value::{Dict, from_json};
use std::fs::File;
use std::path::PathBuf;

/// A file without any blocks, removed in the end.
struct Hole(PathBuf);

impl Hole {
    fn new(name: &str, bytes: u64) -> Self {
        let path = std::env::temp_dir().join(format!("churten-hole-{name}-{}", std::process::id()));
        File::create(&path).unwrap().set_len(bytes).unwrap();
        Self(path)
    }
}

impl Drop for Hole {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn run(module: &str, arguments: &str) -> Dict {
    let arguments = from_json(arguments).unwrap().as_dict().unwrap().clone();
    churten_modules::find(module).unwrap().run(&LocalHost::new(), &arguments, &Options::default())
}

#[test]
fn slurp_says_what_is_too_large() {
    let hole = Hole::new("slurp", (47 << 20) + 1);
    let result = run("slurp", &format!(r#"{{"src": "{}"}}"#, hole.0.display()));
    let msg = result.get("msg").unwrap().to_text();
    assert!(msg.starts_with("not yet supported by churten: slurp of "), "{msg}");
}

#[test]
fn a_look_at_the_kind_of_content_reads_its_start_only() {
    // A terabyte would not fit.
    let hole = Hole::new("peek", 1 << 40);
    let result = run("file", &format!(r#"{{"path": "{}", "_diff_peek": true}}"#, hole.0.display()));
    assert_eq!(result.get("appears_binary"), Some(&true.into()), "{result:?}");
}
