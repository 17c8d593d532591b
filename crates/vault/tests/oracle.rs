//! ansible-vault reads what we write. Needs `CHURTEN_ORACLE`, the directory of ansible-core's programs.
#![expect(clippy::print_stderr, reason = "what is skipped is said")]

use churten_vault::Secrets;
use std::path::PathBuf;
use std::process::Command;

#[test]
fn ansible_vault_agrees() {
    let Some(oracle) = std::env::var_os("CHURTEN_ORACLE").map(PathBuf::from) else {
        eprintln!("skipped: CHURTEN_ORACLE is not set");
        return;
    };
    let directory = std::env::temp_dir().join(format!("churten-vault-oracle-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let password = directory.join("password");
    std::fs::write(&password, "päss word\n").unwrap();
    let vault = directory.join("vault");
    let mut secrets = Secrets::new();
    secrets.add("dev", "päss word".into());
    let contents = [String::new(), "a".repeat(16), "ünïcode ✓ \n".repeat(300)];
    for (content, label) in contents.iter().flat_map(|content| [(content, None), (content, Some("dev"))]) {
        std::fs::write(&vault, secrets.encrypt(content.as_bytes(), label, None).unwrap()).unwrap();
        let run = |program: &str, arguments: &[&str]| {
            let output = Command::new(oracle.join(program))
                .args(arguments)
                .arg(format!("--vault-id=dev@{}", password.display()))
                .arg(&vault)
                .env("LC_ALL", "C.UTF-8")
                .output()
                .unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            output.stdout
        };
        assert_eq!(
            String::from_utf8(run("ansible-vault", &["decrypt", "--output=-"])).unwrap().trim_end_matches('\n'),
            content.trim_end_matches('\n')
        );
        // And the other way.
        std::fs::write(&vault, content).unwrap();
        run("ansible-vault", &["encrypt"]);
        assert_eq!(secrets.decrypt(&std::fs::read(&vault).unwrap()).unwrap().as_slice(), content.as_bytes());
    }
    std::fs::remove_dir_all(&directory).unwrap();
}
