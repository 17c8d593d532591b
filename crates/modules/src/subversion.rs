use crate::run;
use churten_module::prelude::*;
use std::cell::Cell;

/// Deploy a checkout or an export of a Subversion repository, with the host's own `svn`.
///
/// A password is handed to `svn` on its standard input, which `svn` reads since 1.10; with an older one the task fails,
/// as every user of the host could read it otherwise.
#[derive(Args)]
pub(crate) struct Subversion {
    /// The directory of the checkout.
    dest: Option<PathBuf>,
    /// The address of the repository.
    #[arg(alias("name", "repository"))]
    repo: String,
    /// The revision.
    #[arg(default = "HEAD", alias("rev", "version"))]
    revision: String,
    /// Throw local changes away.
    #[arg(default = false)]
    force: bool,
    /// The user's name for the repository.
    username: Option<String>,
    /// The user's password for the repository.
    #[arg(no_log)]
    password: Option<String>,
    /// The svn to run.
    executable: Option<PathBuf>,
    /// Make an export instead of a checkout.
    #[arg(default = false)]
    export: bool,
    /// Check out what is not there yet.
    #[arg(default = true)]
    checkout: bool,
    /// Bring a checkout that is there to the revision.
    #[arg(default = true)]
    update: bool,
    /// Switch a checkout of another address before it is updated.
    #[arg(default = true)]
    switch: bool,
    /// Check out over a directory that is there.
    #[arg(default = false)]
    in_place: bool,
    /// Refuse certificates that are not trusted.
    #[arg(default = false)]
    validate_certs: bool,
}

impl Action for Subversion {
    const NAME: &'static str = "subversion";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let only_asks = !self.checkout && !self.update && !self.export;
        if self.dest.is_none() && !only_asks {
            fail!("the destination directory must be specified unless checkout=no, update=no, and export=no");
        }
        let client = Client::new(self, host)?;
        if only_asks {
            let (revision, _) = client.about(&[&self.repo])?;
            return Ok(Dict::from([("after", revision)]));
        }
        let is_there = host.stat(&client.directory())?.is_some();
        if self.export || !is_there {
            if options.check {
                return Ok(Dict::from([("changed", true)]));
            }
            return self.begin(&client);
        }
        if client.holds_checkout()? {
            if !self.update {
                return Ok(Dict::new());
            }
            return if options.check { self.predict(&client) } else { self.bring(&client) };
        }
        if !self.in_place {
            fail!("ERROR: {} folder already exists, but its not a subversion repository.", client.dest);
        }
        if options.check {
            return Ok(Dict::from([("changed", true)]));
        }
        client.successful(&["checkout", "--force", "-r", &self.revision, &self.repo, &client.dest])?;
        if client.is_modified()? && self.force {
            client.revert()?;
        }
        client.report(Value::NONE, true)
    }
}

impl Subversion {
    /// Nothing is there yet, or an export is asked for.
    fn begin(&self, client: &Client<'_>) -> Result<Dict> {
        if self.export {
            let mut words = vec!["export"];
            if self.force {
                words.push("--force");
            }
            words.extend(["-r", &self.revision, &self.repo, &client.dest]);
            client.successful(&words)?;
            return Ok(Dict::from([("changed", true)]));
        }
        if !self.checkout {
            return Ok(Dict::new());
        }
        client.successful(&["checkout", "-r", &self.revision, &self.repo, &client.dest])?;
        client.report(Value::NONE, true)
    }

    /// What [`bring`](Self::bring) would do. ansible-core looks at the number of the revision only.
    fn predict(&self, client: &Client<'_>) -> Result<Dict> {
        if client.is_modified()? && !self.force {
            return Err(modified());
        }
        let (before, _) = client.about(&[&client.dest])?;
        let (after, _) = client.about(&["-r", &self.revision, &client.dest])?;
        let changed = number(&before)? < number(&after)?;
        Ok(Dict::from([("changed", changed.into()), ("before", Value::from(before)), ("after", after.into())]))
    }

    /// A checkout that is there.
    fn bring(&self, client: &Client<'_>) -> Result<Dict> {
        let (revision, url) = client.about(&[&client.dest])?;
        let is_modified = client.is_modified()?;
        let mut changed = false;
        if self.switch {
            let words = ["switch", "--revision", &self.revision, &self.repo, &client.dest];
            changed |= names_changes(&client.successful(&words)?);
        }
        if is_modified {
            if !self.force {
                return Err(modified());
            }
            client.revert()?;
            changed = true;
        }
        changed |= names_changes(&client.successful(&["update", "-r", &self.revision, &client.dest])?);
        client.report(Value::from(vec![revision, url]), changed)
    }
}

fn modified() -> Failure {
    Failure::new("ERROR: modified files exist in the repository.")
}

/// The number in `Revision: 4`.
fn number(revision: &str) -> Result<u64> {
    let found = revision.rsplit(' ').next().and_then(|number| number.parse().ok());
    found.ok_or_else(|| Failure::new(format!("svn tells no revision: {revision}")))
}

/// Did `switch` or `update` change a file? Such lines begin with what was done.
fn names_changes(stdout: &str) -> bool {
    stdout.lines().any(|line| {
        let mut letters = line.chars();
        letters.next().is_some_and(|letter| "ABDUCGE".contains(letter))
            && letters.next().is_some_and(char::is_whitespace)
    })
}

/// The host's `svn`, and the options of every call of it.
struct Client<'a> {
    module: &'a Subversion,
    host: &'a dyn Host,
    program: String,
    /// `dest` as `svn` is told; empty where there is none.
    dest: String,
    /// It is known how a password is handed over.
    is_checked: Cell<bool>,
}

impl<'a> Client<'a> {
    fn new(module: &'a Subversion, host: &'a dyn Host) -> Result<Self> {
        let program = match &module.executable {
            Some(path) => path.display().to_string(),
            None => run::program(host.observe(), "svn")?,
        };
        let dest = module.dest.as_ref().map(|dest| dest.display().to_string()).unwrap_or_default();
        Ok(Self { module, host, program, dest, is_checked: Cell::new(false) })
    }

    fn directory(&self) -> PathBuf {
        PathBuf::from(&self.dest)
    }

    fn password(&self) -> Option<&str> {
        self.module.password.as_deref().filter(|password| !password.is_empty())
    }

    /// Only since 1.10 a password need not stand in the command line.
    fn require_safe_password(&self) -> Result<()> {
        if self.password().is_none() || self.is_checked.replace(true) {
            return Ok(());
        }
        let command = Command::new([&*self.program, "--version", "--quiet"]).plain_locale();
        let version = run::successful(self.host, &command)?.stdout_text();
        let version = version.trim();
        let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        if (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) < (1, 10) {
            fail!(
                "svn {version} takes a password in its command line only, where every user of the host can read it. Use svn \
                 1.10 or newer, or let svn keep the password of the repository."
            );
        }
        Ok(())
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut all = vec![&*self.program, "--non-interactive", "--no-auth-cache"];
        if !self.module.validate_certs {
            all.push("--trust-server-cert");
        }
        if let Some(username) = self.module.username.as_deref().filter(|username| !username.is_empty()) {
            all.extend(["--username", username]);
        }
        if self.password().is_some() {
            all.push("--password-from-stdin");
        }
        // Names of files are not converted, and messages stay in English.
        let command = Command::new(all.into_iter().chain(words.iter().copied()));
        let command =
            ["LANG", "LC_ALL", "LC_MESSAGES"].iter().fold(command, |command, name| command.variable(name, "C.UTF-8"));
        match self.password() {
            Some(password) => command.stdin(format!("{password}\n")),
            None => command,
        }
    }

    /// What it says.
    fn successful(&self, words: &[&str]) -> Result<String> {
        self.require_safe_password()?;
        run::successful(self.host, &self.command(words)).map(|output| output.stdout_text())
    }

    fn holds_checkout(&self) -> Result<bool> {
        self.require_safe_password()?;
        run::finished(self.host, &self.command(&["info", &self.dest])).map(|output| output.success())
    }

    /// The lines of the revision and of the address.
    fn about(&self, of: &[&str]) -> Result<(String, String)> {
        let words: Vec<&str> = ["info"].iter().chain(of).copied().collect();
        let said = self.successful(&words)?;
        let line = |label: &str| said.lines().find(|line| line.starts_with(label)).map(str::to_owned);
        let revision = line("Revision: ").unwrap_or_else(|| "Unable to get revision".to_owned());
        Ok((revision, line("URL: ").unwrap_or_else(|| "Unable to get URL".to_owned())))
    }

    /// Are there changes of files that Subversion knows?
    fn is_modified(&self) -> Result<bool> {
        let said = self.successful(&["status", "--quiet", "--ignore-externals", &self.dest])?;
        Ok(said.lines().any(|line| !line.starts_with(['?', 'X'])))
    }

    /// Undo them.
    fn revert(&self) -> Result<()> {
        self.successful(&["revert", "-R", &self.dest]).map(|_| ())
    }

    /// The result of what brought the checkout to its revision.
    fn report(&self, before: Value, changed: bool) -> Result<Dict> {
        let (revision, url) = self.about(&[&self.dest])?;
        Ok(Dict::from([("changed", changed.into()), ("before", before), ("after", Value::from(vec![revision, url]))]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_lines_that_begin_with_what_was_done() {
        for (said, expected) in [
            ("Updating '/d':\nAt revision 4.\n", false),
            ("Updating '/d':\nU    /d/a\nUpdated to revision 5.\n", true),
            ("   C /d/u\nSummary of conflicts:\n  Tree conflicts: 1\n", false),
            ("Restored '/d/a'\nAt revision 4.\n", false),
            (" U   /d\n", false),
            ("D    /d/a\n", true),
        ] {
            assert_eq!(names_changes(said), expected, "{said}");
        }
    }

    #[test]
    fn numbers_of_revisions_are_read() {
        assert_eq!(number("Revision: 12").unwrap(), 12);
        assert!(number("Unable to get revision").is_err());
    }
}
