//! Personal package archives of Launchpad: the source that one stands for, and the key that it is signed with.

use super::sources::Sources;
use crate::{run, web};
use churten_module::prelude::*;
use churten_value::from_json;

const ARCHIVES: &str = "https://ppa.launchpadcontent.net";
const LAUNCHPAD: &str = "https://api.launchpad.net/1.0";
const KEY_SERVER: &str = "hkp://keyserver.ubuntu.com:80";
/// The keyring of all sources, and the directories with others.
const KEYRING: &str = "/etc/apt/trusted.gpg";
const KEYRINGS: [&str; 3] = ["/etc/apt/keyrings", "/etc/apt/trusted.gpg.d", "/usr/share/keyrings"];

/// The program that keys are fetched with.
pub(super) enum Keeper {
    AptKey(String),
    Gpg(String),
}

impl Keeper {
    /// One of them must be there, whatever the repository is.
    pub(super) fn find(host: &dyn Observe) -> Result<Self> {
        let program = |name| host.find_program(name, &[]).map(|path| path.display().to_string());
        match (program("apt-key"), program("gpg")) {
            (Some(program), _) => Ok(Self::AptKey(program)),
            (None, Some(program)) => Ok(Self::Gpg(program)),
            (None, None) => fail!(
                "Either apt-key or gpg binary is required, but neither could be found.The apt-key CLI has been \
                 deprecated and removed in modern Debian and derivatives, you might want to use \
                 \"deb822_repository\" instead."
            ),
        }
    }
}

/// What `ppa:OWNER/NAME` means on a host.
pub(super) struct Ppa {
    owner: String,
    name: String,
    codename: String,
}

impl Ppa {
    /// The PPA that is given, for the release of the host unless another is; `None` for what is none.
    pub(super) fn of(given: &str, codename: Option<&str>, host: &dyn Observe) -> Option<Self> {
        let text = given.strip_prefix("ppa:")?.trim_end();
        let text = text.split_once('#').map_or(text, |(text, _)| text);
        let mut parts = text.split('/');
        let owner = parts.next().unwrap_or_default().to_owned();
        let name = parts.next().unwrap_or("ppa").to_owned();
        let codename = codename.filter(|name| !name.is_empty()).map_or_else(|| release(host), str::to_owned);
        Some(Self { owner, name, codename })
    }

    /// Its line of a `sources.list`.
    pub(super) fn source(&self) -> String {
        let Self { owner, name, codename } = self;
        format!("deb {ARCHIVES}/{owner}/{name}/ubuntu {codename} main")
    }

    /// What its file is named after.
    pub(super) fn label(&self, given: &str) -> String {
        format!("{given}_{}", self.codename)
    }

    /// Make sure of its key, unless the PPA is used already. In check mode nothing is fetched but what Launchpad says.
    pub(super) fn trust(&self, call: &Call<'_>, sources: &Sources) -> Result<()> {
        if sources.uses(&self.source()) {
            return Ok(());
        }
        let fingerprint = self.fingerprint(call)?;
        if !call.has(&fingerprint)? && !call.options.check {
            call.fetch(&fingerprint, &self.keyring())?;
        }
        Ok(())
    }

    /// What Launchpad says that the archive is signed with.
    fn fingerprint(&self, call: &Call<'_>) -> Result<String> {
        let url = format!("{LAUNCHPAD}/~{}/+archive/{}", self.owner, self.name);
        let failed = |reason: &str| Failure::new(format!("failed to fetch PPA information, error was: {reason}"));
        let body = web::document(call.host, &url, "application/json", call.validate_certs)?
            .map_err(|reason| failed(&reason))?;
        let told = from_json(&String::from_utf8_lossy(&body)).ok();
        let fingerprint = told.as_ref().and_then(|told| told.get("signing_key_fingerprint")?.as_str());
        fingerprint.map(str::to_owned).ok_or_else(|| failed(&format!("{url} tells no signing_key_fingerprint")))
    }

    /// The file that gpg's key goes to.
    fn keyring(&self) -> PathBuf {
        let source = self.source();
        let end = source.rsplit('/').next().unwrap_or_default().replace(' ', "-");
        let [directory, ..] = KEYRINGS;
        Path::new(directory).join(format!("{end}-{}-{}.gpg", self.owner, self.name))
    }
}

/// The release of the host as `lsb_release` tells it; without that program it is taken for Debian's unstable one.
fn release(host: &dyn Observe) -> String {
    let said = host.find_program("lsb_release", &[]).and_then(|program| {
        let command = Command::new([program.display().to_string(), "-idrc".to_owned()]);
        Some(host.query(&command).ok()?.stdout_text())
    });
    let said = said.unwrap_or_default();
    let name = said.lines().rev().find_map(|line| line.strip_prefix("Codename:\t"));
    name.unwrap_or("sid").to_owned()
}

/// One run that needs a key.
pub(super) struct Call<'a> {
    pub(super) host: &'a dyn Host,
    pub(super) options: &'a Options,
    pub(super) keeper: Keeper,
    pub(super) validate_certs: bool,
}

impl Call<'_> {
    /// Does apt know the key?
    fn has(&self, fingerprint: &str) -> Result<bool> {
        match &self.keeper {
            Keeper::AptKey(program) => {
                let command = Command::new([program, "export", fingerprint]).plain_locale();
                let output = run::asked(self.host.observe(), &command)?;
                if !output.success() {
                    return Err(run::failed(&command, &output));
                }
                Ok(!output.stderr_text().contains("nothing exported"))
            }
            Keeper::Gpg(program) => {
                for path in self.keyrings()? {
                    let command = Command::new([program, "--list-packets", &path.display().to_string()]);
                    if run::asked(self.host.observe(), &command)?.stdout_text().contains(fingerprint) {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }

    /// The files with keys that apt may use.
    fn keyrings(&self) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        if self.host.stat(Path::new(KEYRING))?.is_some() {
            found.push(PathBuf::from(KEYRING));
        }
        for directory in KEYRINGS.map(Path::new) {
            let names = self.host.list(directory);
            let names = names.map_err(|error| Failure::new(churten_module::python_path_error(&error, directory)))?;
            let is_shown = |name: &String| !name.starts_with('.');
            found.extend(names.into_iter().filter(is_shown).map(|name| directory.join(name)));
        }
        Ok(found)
    }

    /// Get the key from the key server.
    fn fetch(&self, fingerprint: &str, keyring: &Path) -> Result<()> {
        let (program, words) = match &self.keeper {
            Keeper::AptKey(program) => {
                (program, vec!["adv", "--recv-keys", "--no-tty", "--keyserver", KEY_SERVER, fingerprint])
            }
            Keeper::Gpg(program) => (program, vec!["--no-tty", "--keyserver", KEY_SERVER, "--export", fingerprint]),
        };
        let words: Vec<&str> = std::iter::once(program.as_str()).chain(words).collect();
        let command = Command::new(words.iter().copied()).plain_locale();
        let output = run::successful(self.host, &command)?;
        if matches!(self.keeper, Keeper::AptKey(_)) {
            return Ok(());
        }
        if output.stdout.is_empty() {
            return Err(Failure::new("Unable to get required signing key")
                .with("rc", output.code)
                .with("stderr", output.stderr_text())
                .with("command", Value::list(words.into_iter().map(Value::from).collect())));
        }
        let mut plan = Plan::new();
        plan.step(Step::Write(Write::new(keyring, output.stdout)));
        churten_module::perform(self.host, &plan, self.options, &mut Dict::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use churten_module::{FakeHost, Output};

    fn host() -> FakeHost {
        FakeHost::new().with_program("/usr/bin/gpg").with_program("/usr/bin/lsb_release").on(|words| {
            let stdout = match words.get(1).map(String::as_str) {
                Some("-idrc") => "Distributor ID:\tUbuntu\nCodename:\tnoble\n",
                _ => return None,
            };
            Some(Output { stdout: stdout.into(), ..Output::default() })
        })
    }

    fn run(host: &FakeHost, arguments: &[(&str, &str)]) -> Dict {
        let arguments: Dict = arguments.iter().copied().chain([("update_cache", "no")]).collect();
        crate::find("apt_repository").unwrap().run(host, &arguments, &Options::default())
    }

    fn text<'a>(result: &'a Dict, key: &str) -> &'a str {
        result.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    #[test]
    fn sources_and_names() {
        for (given, codename, source, keyring) in [
            ("ppa:o/n", None, "o/n/ubuntu noble", "ubuntu-noble-main-o-n.gpg"),
            ("ppa:o", Some("jammy"), "o/ppa/ubuntu jammy", "ubuntu-jammy-main-o-ppa.gpg"),
            ("ppa:o/n/more", Some(""), "o/n/ubuntu noble", "ubuntu-noble-main-o-n.gpg"),
        ] {
            let ppa = Ppa::of(given, codename, &host()).unwrap();
            assert_eq!(ppa.source(), format!("deb {ARCHIVES}/{source} main"), "{given}");
            assert_eq!(ppa.keyring(), Path::new("/etc/apt/keyrings").join(keyring), "{given}");
        }
        assert!(Ppa::of("deb http://h/d sid main", None, &host()).is_none());
        assert_eq!(Ppa::of("ppa:o/n", None, &FakeHost::new()).unwrap().codename, "sid");
    }

    #[test]
    fn one_that_is_used_asks_nobody() {
        let list = "/etc/apt/sources.list.d/any.list";
        let there = "deb https://ppa.launchpadcontent.net/o/n/ubuntu noble main\n";
        let used = host().with_file(list, there);
        assert_eq!(run(&used, &[("repo", "ppa:o/n")]).get("changed"), Some(&false.into()));
        assert_eq!(run(&used, &[("repo", "ppa:o/n"), ("state", "absent")]).get("changed"), Some(&true.into()));
        assert_eq!(used.text(list), None);
        // Launchpad is asked for the key of a new one, and of one that is commented out.
        for host in [host(), host().with_file(list, &format!("# {there}"))] {
            let result = run(&host, &[("repo", "ppa:o/n")]);
            let reason = "failed to fetch PPA information, error was: Request failed: ";
            assert!(text(&result, "msg").starts_with(reason), "{result:?}");
            assert!(text(&result, "msg").contains("https://api.launchpad.net/1.0/~o/+archive/n"), "{result:?}");
        }
    }

    #[test]
    fn a_program_for_keys_must_be_there() {
        let result = run(&FakeHost::new(), &[("repo", "deb http://h/d sid main")]);
        assert!(text(&result, "msg").starts_with("Either apt-key or gpg binary is required"), "{result:?}");
    }
}
