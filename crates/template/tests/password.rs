//! The `password` lookup with files.

use churten_template::{Environment, Templar};
use churten_value::{Dict, Value};
use std::os::unix::fs::PermissionsExt as _;

#[test]
fn passwords_are_kept() {
    let directory = std::env::temp_dir().join(format!("churten-password-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("the directory can be made");
    let templar = Templar::new(Environment { basedir: directory.clone(), ..Environment::default() });
    let render = |text: &str| {
        let text = Value::str(text);
        let trusted = text.tags.trust(true);
        templar.render(&text.with_tags(trusted), &Dict::new()).expect("the lookup works").to_text()
    };
    let first = render("{{ lookup('password', 'sub/pw length=12 chars=ascii_lowercase') }}");
    assert_eq!(first.len(), 12);
    assert!(first.bytes().all(|byte| byte.is_ascii_lowercase()));
    assert_eq!(render("{{ lookup('password', 'sub/pw length=30') }}"), first);
    let file = directory.join("sub/pw");
    let mode = |path: &std::path::Path| std::fs::metadata(path).expect("it exists").permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(&directory.join("sub")), 0o700);
    assert_eq!(std::fs::read_to_string(&file).expect("it is text"), format!("{first}\n"));
    // The salt is kept, so that the hash stays the same.
    let hashed = render("{{ lookup('password', 'sub/hashed encrypt=md5_crypt') }}");
    assert!(hashed.starts_with("$1$"), "{hashed}");
    assert_eq!(render("{{ lookup('password', 'sub/hashed encrypt=md5_crypt') }}"), hashed);
    let kept = std::fs::read_to_string(directory.join("sub/hashed")).expect("it is text");
    assert!(kept.contains(" salt="), "{kept}");
    let left: Vec<_> = std::fs::read_dir(directory.join("sub")).expect("it is a directory").collect();
    assert_eq!(left.len(), 2, "no lock is left");
    std::fs::remove_dir_all(&directory).expect("the directory can be removed");
}
