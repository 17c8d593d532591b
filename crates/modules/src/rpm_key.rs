//! The `rpm_key` module.

use crate::run;
use churten_module::prelude::*;
use churten_value::str_repr;

/// Give rpm a key that packages may be signed with, or take it away.
///
/// The host's `rpm` keeps the keys; its `gpg` reads them.
#[derive(Args)]
pub(crate) struct RpmKey {
    /// What should be.
    #[arg(default = "present")]
    state: Wanted,
    /// The key: an address, a file on the host, or the identifier of a key that rpm has.
    key: String,
    /// Fingerprints, all of which must be of keys in the file.
    fingerprint: Option<Vec<String>>,
    /// Check the certificate of the other side.
    #[arg(default = true)]
    validate_certs: bool,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Absent,
    Present,
}

/// How a key in a file begins.
const ARMOR: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
/// Larger files are no keys.
const LIMIT: u64 = 16 << 20;
/// How many digits of an identifier rpm keeps in the name of a key.
const SHORT: usize = 8;

impl Action for RpmKey {
    const NAME: &'static str = "rpm_key";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let downloaded = if self.key.contains("://") { Some(self.download(host, options)?) } else { None };
        let rpm = run::program(host.observe(), "rpm")?;
        let gpg = host.find_program("gpg", &[]).map(|path| path.display().to_string());
        let gpg = gpg.map_or_else(|| run::program(host.observe(), "gpg2"), Ok)?;
        let keys = Keys { host, rpm, gpg };
        let file = match &downloaded {
            Some(temporary) => Some(temporary.path.clone()),
            None => host.stat(Path::new(&self.key))?.filter(Stat::is_file).map(|_| PathBuf::from(&self.key)),
        };
        let identifier = match &file {
            Some(path) => keys.identifier(path)?,
            None => self.identifier().ok_or_else(|| Failure::new(format!("Not a valid key {}", self.key)))?,
        };
        let is_there = keys.has(&identifier)?;
        let changed = match self.state {
            Wanted::Absent => is_there,
            Wanted::Present => !is_there,
        };
        match (self.state, file) {
            (Wanted::Present, None) if changed => fail!("When importing a key, a valid file must be given"),
            (Wanted::Present, Some(path)) if changed => {
                self.check(&keys.fingerprints(&path)?)?;
                if !options.check {
                    keys.import(&path)?;
                }
            }
            (Wanted::Absent, _) if changed && !options.check => keys.erase(&identifier)?,
            _ => {}
        }
        Ok(Dict::from([("changed", changed)]))
    }
}

/// A download, gone when it is dropped.
struct Temporary<'a> {
    host: &'a dyn Host,
    path: PathBuf,
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        let _ = self.host.remove_file(&self.path);
    }
}

impl RpmKey {
    fn download<'a>(&self, host: &'a dyn Host, options: &Options) -> Result<Temporary<'a>> {
        let directory = options.temporary_directory.clone().unwrap_or_else(|| PathBuf::from("/tmp"));
        let path =
            crate::web::to_temporary(host, &self.key, &directory, "", self.validate_certs).map_err(|failure| {
                Failure::new(format!("failed to fetch key at {} , error was: {}", self.key, failure.msg))
            })?;
        let temporary = Temporary { host, path };
        let text = host.read_bounded(&temporary.path, LIMIT)?;
        if !String::from_utf8_lossy(&text).contains(ARMOR) {
            fail!("Not a public key: {}", self.key);
        }
        Ok(temporary)
    }

    /// The identifier that is the key itself: text that begins with eight digits of base 16.
    fn identifier(&self) -> Option<String> {
        let digits = self.key.strip_prefix("0x").or_else(|| self.key.strip_prefix("0X")).unwrap_or(&self.key);
        let begins = digits.get(..SHORT)?.bytes().all(|digit| digit.is_ascii_hexdigit());
        begins.then(|| digits.to_uppercase())
    }

    fn check(&self, found: &[String]) -> Result<()> {
        let Some(wanted) = &self.fingerprint else { return Ok(()) };
        let plain = |text: &String| text.replace(' ', "").to_uppercase();
        let wanted: Vec<String> = wanted.iter().map(plain).collect();
        if wanted.iter().all(|wanted| found.contains(wanted)) {
            return Ok(());
        }
        let set = |items: &[String]| items.iter().map(|item| str_repr(item)).collect::<Vec<_>>().join(", ");
        fail!(
            "The specified fingerprint, '{{{}}}', does not match any key fingerprints in '{{{}}}'",
            set(&wanted),
            set(found)
        )
    }
}

/// The keys that rpm has.
struct Keys<'a> {
    host: &'a dyn Host,
    rpm: String,
    gpg: String,
}

impl Keys<'_> {
    /// A field of the records of a kind that gpg tells (its `doc/DETAILS`).
    fn told(&self, arguments: &[&str], stdin: Vec<u8>, kind: &str, field: usize) -> Result<Vec<String>> {
        let always = [self.gpg.as_str(), "--no-tty", "--batch", "--with-colons", "--fixed-list-mode"];
        let words = always.into_iter().chain(arguments.iter().copied());
        let output = run::asked(self.host.observe(), &Command::new(words).stdin(stdin))?;
        if !output.success() {
            return Err(Failure::new(output.stderr_text()));
        }
        let text = output.stdout_text();
        let records = text.lines().map(|line| line.split(':').collect::<Vec<_>>());
        let records = records.filter(|fields| fields.first() == Some(&kind));
        Ok(records.filter_map(|fields| fields.get(field).map(|text| (*text).to_owned())).collect())
    }

    /// The identifier of the first key in a file.
    fn identifier(&self, path: &Path) -> Result<String> {
        let found = self.told(&[&path.display().to_string()], Vec::new(), "pub", 4)?;
        found.into_iter().next().ok_or_else(|| Failure::new("Unexpected gpg output"))
    }

    fn fingerprints(&self, path: &Path) -> Result<Vec<String>> {
        let path = path.display().to_string();
        let arguments = ["--import", "--import-options", "show-only", "--dry-run", &path];
        self.told(&arguments, Vec::new(), "fpr", 9)
    }

    fn has(&self, identifier: &str) -> Result<bool> {
        let ask = |more: &[&str]| {
            let words = [self.rpm.as_str(), "-q", "gpg-pubkey"].into_iter().chain(more.iter().copied());
            run::asked(self.host.observe(), &Command::new(words))
        };
        // Without any key rpm fails.
        if !ask(&[])?.success() {
            return Ok(false);
        }
        let descriptions = ask(&["--qf", "%{description}"])?.stdout;
        let found = self.told(&["-"], descriptions, "pub", 4)?;
        Ok(found.iter().any(|key| key.contains(identifier)))
    }

    fn import(&self, path: &Path) -> Result<()> {
        self.change(&["--import", &path.display().to_string()])
    }

    fn erase(&self, identifier: &str) -> Result<()> {
        let start = identifier.len().saturating_sub(SHORT);
        let short = identifier.get(start..).unwrap_or(identifier).to_lowercase();
        self.change(&["--erase", "--allmatches", &format!("gpg-pubkey-{short}")])
    }

    fn change(&self, arguments: &[&str]) -> Result<()> {
        let words = std::iter::once(self.rpm.as_str()).chain(arguments.iter().copied());
        let output = run::finished(self.host, &Command::new(words))?;
        if output.success() { Ok(()) } else { Err(Failure::new(output.stderr_text())) }
    }
}
