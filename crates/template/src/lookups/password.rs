//! The `password` lookup.

use super::{Lookup, Plugin};
use crate::fault::{Fault, Outcome};
use crate::filters::password::{hash_password, random_salt};
use crate::twister::Random;
use crate::val::Val;
use churten_syntax::parse_key_values;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub(super) const TABLE: &[Plugin] = &[Plugin::new("password", password)];

/// Another process that writes the same file is waited for this long.
const LOCK_WAIT: Duration = Duration::from_secs(60);

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

#[derive(Clone)]
struct Wanted {
    length: usize,
    characters: String,
    seed: Option<String>,
    encrypt: Option<String>,
    ident: Option<String>,
}

/// Python's `string` module by attribute; anything else stands for itself.
fn characters(names: &[String]) -> String {
    let mut all = String::new();
    for name in names {
        all.push_str(match name.as_str() {
            "ascii_letters" => LETTERS,
            "ascii_lowercase" => &LETTERS[..26],
            "ascii_uppercase" => &LETTERS[26..],
            "digits" => "0123456789",
            "hexdigits" => "0123456789abcdefABCDEF",
            "octdigits" => "01234567",
            "punctuation" => "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
            "whitespace" => " \t\n\r\u{b}\u{c}",
            "printable" => {
                "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \
                 \t\n\r\u{b}\u{c}"
            }
            other => other,
        });
    }
    all.replace(['"', '\''], "")
}

fn split_characters(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    if text.contains(",,") {
        names.push(",".to_owned());
    }
    let rest = text.replace(",,", ",");
    names.extend(rest.split(',').filter(|part| !part.is_empty()).map(str::to_owned));
    names
}

fn length(value: &Val, lookup: &Lookup<'_, '_>) -> Outcome<usize> {
    let text = lookup.text(value)?;
    text.trim().parse().ok().filter(|length| *length <= 1_000_000).ok_or_else(|| {
        Fault::python(format!(
            "Config 'length' for 'password' lookup plugin from 'Direct' has an invalid value: Invalid value provided \
             for 'integer': {}",
            churten_value::str_repr(&text)
        ))
    })
}

impl Wanted {
    fn set(&mut self, name: &str, value: &Val, lookup: &Lookup<'_, '_>) -> Outcome<bool> {
        let optional = |value: &Val| match value {
            Val::None => Ok(None),
            other => lookup.text(other).map(Some),
        };
        // An empty word is as good as none.
        let word = |value: &Val| Ok(optional(value)?.filter(|word| !word.is_empty()));
        match name {
            "length" => self.length = length(value, lookup)?,
            "chars" => {
                let names = match value {
                    Val::List(_) | Val::Tuple(_) => {
                        let items = lookup.session.items(value)?;
                        items.iter().map(|item| lookup.text(item)).collect::<Outcome<Vec<_>>>()?
                    }
                    other => split_characters(&lookup.text(other)?),
                };
                self.characters = characters(&names);
            }
            "seed" => self.seed = optional(value)?,
            "encrypt" => self.encrypt = word(value)?,
            "ident" => self.ident = word(value)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn generate(&self) -> Outcome<String> {
        let characters: Vec<char> = self.characters.chars().collect();
        if characters.is_empty() {
            return Err(Fault::python("Cannot choose from an empty sequence"));
        }
        let mut random = match &self.seed {
            Some(seed) => Random::from_text(seed),
            None => Random::System,
        };
        Ok((0..self.length).filter_map(|_| characters.get(random.index(characters.len()))).collect())
    }
}

fn password(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let mut defaults =
        Wanted { length: 20, characters: format!("{LETTERS}0123456789.,:-_"), seed: None, encrypt: None, ident: None };
    for (name, value) in &lookup.options {
        defaults.set(name, value, lookup)?;
    }
    let mut results = Vec::new();
    for term in lookup.texts()? {
        let mut wanted = defaults.clone();
        let mut path = term.clone();
        if let Some((first, rest)) = term.split_once(' ') {
            path = first.to_owned();
            let arguments = parse_key_values(rest, false).map_err(|report| Fault::python(report.headline()))?;
            let mut unknown = Vec::new();
            for (name, value) in &arguments {
                let name = name.to_text();
                if name == "_raw_params" {
                    path = format!("{path} {}", value.to_text());
                } else if !wanted.set(&name, &Val::from_plain(value), lookup)? {
                    unknown.push(name);
                }
            }
            if !unknown.is_empty() {
                return Err(Fault::ansible(format!(
                    "Unrecognized parameter(s) given to password lookup: {}",
                    unknown.join(", ")
                )));
            }
        }
        results.push(one(&path, &wanted, lookup)?.into());
    }
    Ok(results)
}

/// The password of a file, generated when there is none. `/dev/null` keeps nothing.
fn one(path: &str, wanted: &Wanted, lookup: &Lookup<'_, '_>) -> Outcome<String> {
    if path == "/dev/null" {
        let plain = wanted.generate()?;
        return match &wanted.encrypt {
            Some(algorithm) => hash_password(
                &plain,
                algorithm,
                Some(&random_salt(algorithm)),
                None,
                wanted.ident.as_deref(),
                lookup.session,
            ),
            None => Ok(plain),
        };
    }
    let path = absolute(path, lookup);
    let failed = |error: std::io::Error| Fault::ansible(format!("The password file {}: {error}", path.display()));
    let directory = path.parent().unwrap_or(Path::new("/"));
    DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(failed)?;
    let lock = Lock::take(&path)?;
    let stored = match std::fs::read_to_string(&path) {
        Ok(text) => Some(text.trim_end().to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(failed(error)),
    };
    let known = stored.as_deref().map(parse);
    let (plain, mut salt, mut ident) = match known {
        Some((plain, salt, ident)) => (plain.to_owned(), salt.map(str::to_owned), ident.map(str::to_owned)),
        None => (wanted.generate()?, None, None),
    };
    let mut changed = stored.is_none();
    if let Some(algorithm) = &wanted.encrypt {
        if salt.is_none() {
            salt = Some(random_salt(algorithm));
            changed = true;
        }
        if ident.is_none() && wanted.ident.is_some() {
            ident = wanted.ident.clone();
            changed = true;
        }
    }
    if changed {
        let mut content = plain.clone();
        if let Some(salt) = &salt {
            content += &format!(" salt={salt}");
        }
        if let Some(ident) = &ident {
            content += &format!(" ident={ident}");
        }
        write(&path, &content).map_err(failed)?;
    }
    drop(lock);
    match &wanted.encrypt {
        Some(algorithm) => hash_password(&plain, algorithm, salt.as_deref(), None, ident.as_deref(), lookup.session),
        None => Ok(plain),
    }
}

/// `password`, `password salt=...` or `password salt=... ident=...`.
fn parse(content: &str) -> (&str, Option<&str>, Option<&str>) {
    match content.rsplit_once(" salt=") {
        Some((plain, rest)) => match rest.rsplit_once(" ident=") {
            Some((salt, ident)) => (plain, Some(salt), Some(ident)),
            None => (plain, Some(rest), None),
        },
        None => (content, None, None),
    }
}

fn absolute(path: &str, lookup: &Lookup<'_, '_>) -> PathBuf {
    let path = match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(path),
    };
    let path = lookup.session.shared.environment.basedir.join(path);
    std::path::absolute(&path).unwrap_or(path)
}

fn write(path: &Path, content: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    file.write_all(content.as_bytes())?;
    file.write_all(b"\n")
}

/// A file that only one process at a time can create; removed at the end.
struct Lock(PathBuf);

impl Lock {
    fn take(path: &Path) -> Outcome<Self> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".lock");
        let lock = path.with_file_name(format!(".{}", name.to_string_lossy()));
        let start = Instant::now();
        loop {
            match File::options().write(true).create_new(true).mode(0o600).open(&lock) {
                Ok(_) => return Ok(Self(lock)),
                Err(error) if error.kind() == ErrorKind::AlreadyExists && start.elapsed() < LOCK_WAIT => {
                    std::thread::sleep(Duration::from_millis(50));
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    return Err(Fault::ansible(format!(
                        "Password lookup cannot get the lock in {} seconds, abort. This may be caused by un-removed \
                         lockfile. You can manually remove it from controller machine at {} and try again",
                        LOCK_WAIT.as_secs(),
                        lock.display()
                    )));
                }
                Err(error) => return Err(Fault::ansible(format!("The lock {}: {error}", lock.display()))),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
