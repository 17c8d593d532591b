//! Whether a password looks like a hash, and the days of its life.

use super::accounts::Shadow;
use super::arguments::UserModule;
use churten_module::prelude::*;

/// What is said about a password that is probably not a hash.
pub(super) const WARNING: &str = "The input password appears not to have been hashed. The 'password' argument must be \
                                  encrypted for this module to work properly.";

/// False for text that is no password hash.
pub(super) fn looks_hashed(password: &str) -> bool {
    if password.is_empty() || matches!(password, "*" | "!" | "*************") {
        return true;
    }
    if password.contains([':', '*', '!']) || !password.contains('$') {
        return false;
    }
    let fields: Vec<&str> = password.split('$').collect();
    let (Some(kind), Some(hash)) = (fields.get(1), fields.last()) else { return false };
    if fields.len() < 3 || hash.chars().any(|letter| !letter.is_ascii_alphanumeric() && !"./=".contains(letter)) {
        return false;
    }
    match *kind {
        "1" => hash.len() == 22,
        "5" | "y" => hash.len() == 43,
        "6" => hash.len() == 86,
        _ => true,
    }
}

/// `chpasswd -e`, which reads the hash from its standard input.
pub(super) fn set(host: &dyn Observe, name: &str, hash: &str) -> Result<Command> {
    Ok(Command::new([crate::run::program(host, "chpasswd")?, "-e".to_owned()]).stdin(format!("{name}:{hash}\n")))
}

/// What `useradd -p` and `usermod -p` say to a hash that the file cannot hold, and `chpasswd` would take for two.
pub(super) fn check(module: &UserModule, program: &str) -> Result<()> {
    let failed = |text: String, rc: i32| {
        Err(Failure::new(format!("{program}: {text}\n")).with("name", module.name.as_str()).with("rc", rc))
    };
    match &module.password {
        Some(hash) if hash.contains(':') => failed(format!("invalid field '{hash}'"), 3),
        Some(hash) if hash.contains('\n') => failed("failure while writing changes to /etc/shadow".to_owned(), 1),
        _ => Ok(()),
    }
}

/// `chage`, when a limit differs.
pub(super) fn limits(host: &dyn Observe, module: &UserModule, current: Option<&Shadow>) -> Result<Option<Command>> {
    let current = current.cloned().unwrap_or_default();
    let limits = [
        ("-M", module.password_expire_max, current.most),
        ("-m", module.password_expire_min, current.least),
        ("-W", module.password_expire_warn, current.warning),
    ];
    let mut words = Vec::new();
    for (option, wanted, current) in limits {
        if let Some(wanted) = wanted.filter(|wanted| Some(*wanted) != current.or(Some(-1))) {
            words.extend([option.to_owned(), wanted.to_string()]);
        }
    }
    if words.is_empty() {
        return Ok(None);
    }
    words.insert(0, crate::run::program(host, if module.is_local() { "lchage" } else { "chage" })?);
    words.push(module.name.clone());
    Ok(Some(Command::new(words)))
}
