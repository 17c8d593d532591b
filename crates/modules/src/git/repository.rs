//! A repository on the host, and what is asked of it.

use super::Git;
use crate::run;
use churten_module::Output;
use churten_module::prelude::*;
use std::cell::RefCell;

/// Files of a repository that are read whole are small.
pub(super) const LIMIT: u64 = 1 << 20;

pub(super) struct Repository<'a> {
    pub(super) module: &'a Git,
    pub(super) host: &'a dyn Host,
    pub(super) program: String,
    pub(super) dest: PathBuf,
    /// The address, a path as `file://`.
    pub(super) url: String,
    /// The depth that counts.
    pub(super) depth: Option<i64>,
    pub(super) umask: Option<u32>,
    /// What git starts for addresses of ssh.
    ssh: String,
    /// What the user is warned of, whatever becomes of the task.
    pub(super) warnings: RefCell<Vec<String>>,
}

impl<'a> Repository<'a> {
    pub(super) fn new(module: &'a Git, host: &'a dyn Host, dest: PathBuf) -> Result<Self> {
        let umask = module.umask.as_ref().filter(|umask| !umask.is_none()).map(umask).transpose()?;
        let url = if module.repo.starts_with('/') { format!("file://{}", module.repo) } else { module.repo.clone() };
        let program = match &module.executable {
            Some(path) => path.display().to_string(),
            None => run::program(host.observe(), "git")?,
        };
        let mut warnings = Vec::new();
        let ssh = ssh_command(module, host, &mut warnings)?;
        let depth = module.depth.filter(|depth| *depth > 0);
        Ok(Self { module, host, program, dest, url, depth, umask, ssh, warnings: warnings.into() })
    }

    /// A command of git in the checkout.
    pub(super) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new([&*self.program].into_iter().chain(words.iter().copied()))
            .plain_locale()
            .variable("GIT_SSH_COMMAND", &self.ssh);
        command.umask = self.umask;
        if matches!(self.host.stat(&self.dest), Ok(Some(stat)) if stat.is_directory()) {
            command = command.directory(self.dest.clone());
        }
        command
    }

    pub(super) fn finished(&self, words: &[&str]) -> Result<Output> {
        run::finished(self.host, &self.command(words))
    }

    pub(super) fn successful(&self, words: &[&str]) -> Result<String> {
        run::successful(self.host, &self.command(words)).map(|output| output.stdout_text())
    }

    /// Is there a repository already?
    pub(super) fn is_there(&self) -> Result<bool> {
        let config = if self.module.bare { self.dest.join("config") } else { self.dest.join(".git/config") };
        if self.host.stat(&config)?.is_some() {
            return Ok(true);
        }
        // The repository may be elsewhere.
        let link = self.dest.join(".git");
        let is_file = !self.module.bare && matches!(self.host.stat(&link)?, Some(stat) if stat.is_file());
        Ok(is_file && self.host.stat(&self.directory()?.join("config"))?.is_some())
    }

    /// Where the repository itself is.
    pub(super) fn directory(&self) -> Result<PathBuf> {
        if self.module.bare {
            return Ok(self.dest.clone());
        }
        let path = self.dest.join(".git");
        if !matches!(self.host.stat(&path)?, Some(stat) if stat.is_file()) {
            return Ok(path);
        }
        let text = String::from_utf8_lossy(&self.host.read_bounded(&path, LIMIT)?).into_owned();
        let named = text.lines().next().unwrap_or_default();
        let named = named.strip_prefix("gitdir:").unwrap_or(named).trim();
        let found = self.dest.join(named);
        match self.host.stat(&found)? {
            Some(stat) if stat.is_directory() => Ok(found),
            _ => {
                let msg = "Current repo does not have a valid reference to a separate Git dir or it refers to the invalid path";
                let details = format!("{} is not a directory", found.display());
                Err(Failure::new(msg).with("details", details.as_str()).caused_by(details))
            }
        }
    }

    /// Move the repository to where `separate_git_dir` wants it.
    pub(super) fn move_directory(&self, options: &Options, result: &mut Dict) -> Result<()> {
        let Some(wanted) = &self.module.separate_git_dir else { return Ok(()) };
        let (before, now) = (self.directory()?, self.host.real_path(wanted));
        if before == now || options.check {
            return Ok(());
        }
        if self.host.stat(&now)?.is_some() {
            fail!("Separate-git-dir path {} already exists.", now.display());
        }
        self.move_tree(&before, &now)?;
        let link = self.dest.join(".git");
        let text = format!("gitdir: {}", now.display());
        if self.host.lstat(&link)?.is_some() {
            self.host.overwrite(&link, text.as_bytes())?;
        } else {
            self.host.create_file(&link, text.as_bytes(), 0o666 & !self.umask.unwrap_or(self.host.umask()))?;
        }
        result.insert("changed", true);
        result.insert("git_dir_before", before.display().to_string());
        result.insert("git_dir_now", now.display().to_string());
        Ok(())
    }

    /// Rename; to another file system with the host's `mv`.
    pub(super) fn move_tree(&self, from: &Path, to: &Path) -> Result<()> {
        if self.host.rename(from, to).is_ok() {
            return Ok(());
        }
        let words = ["mv".to_owned(), "--".to_owned(), from.display().to_string(), to.display().to_string()];
        run::successful(self.host, &Command::new(words)).map(|_| ())
    }

    /// The commit that is checked out.
    pub(super) fn head(&self) -> Result<String> {
        Ok(self.finished(&["rev-parse", "HEAD"])?.stdout_text().trim_end_matches('\n').to_owned())
    }

    /// Are there changes of files that git knows?
    pub(super) fn is_modified(&self) -> Result<bool> {
        let said = self.finished(&["status", "--porcelain"])?.stdout_text();
        Ok(said.lines().any(|line| !line.starts_with("??")))
    }

    pub(super) fn reset(&self) -> Result<()> {
        self.successful(&["reset", "--hard", "HEAD"]).map(|_| ())
    }

    fn branches(&self) -> Result<Vec<String>> {
        let output = self.finished(&["branch", "--no-color", "-a"])?;
        if !output.success() {
            return Err(Failure::new("Could not determine branch data - received fatal: not a git repository")
                .with("stdout", output.stdout_text())
                .with("stderr", output.stderr_text()));
        }
        Ok(output.stdout_text().lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect())
    }

    pub(super) fn is_local_branch(&self, version: &str) -> Result<bool> {
        let current = format!("* {version}");
        Ok(self.branches()?.iter().any(|branch| branch == version || *branch == current))
    }

    /// Does the other side have a reference? `address` is the remote or its URL.
    fn has_remote(&self, address: &str, option: &str, reference: &str, version: &str) -> Result<bool> {
        Ok(self.successful(&["ls-remote", address, option, reference])?.contains(version))
    }

    pub(super) fn is_remote_branch(&self, address: &str, version: &str) -> Result<bool> {
        self.has_remote(address, "-h", &format!("refs/heads/{version}"), version)
    }

    pub(super) fn is_remote_tag(&self, address: &str, version: &str) -> Result<bool> {
        self.has_remote(address, "-t", &format!("refs/tags/{version}"), version)
    }

    /// The branch that is checked out, or that the remote's `HEAD` is.
    pub(super) fn head_branch(&self) -> Result<String> {
        let directory = self.directory()?;
        let is_detached = self.branches()?.iter().any(|branch| {
            branch.starts_with("* ")
                && ["no branch", "detached from", "detached at"].iter().any(|words| branch.contains(words))
        });
        let remote = &self.module.remote;
        let file =
            if is_detached { directory.join("refs/remotes").join(remote).join("HEAD") } else { directory.join("HEAD") };
        let text = self.host.read_bounded(&file, LIMIT).map_err(|error| {
            Failure::new(format!("Unable to split head from '{}'", file.display()))
                .caused_by(churten_module::python_path_error(&error, &file))
        })?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let line = text.lines().next().unwrap_or_default().replacen(&format!("refs/remotes/{remote}"), "", 1);
        let reference = line.rsplit(' ').next().unwrap_or_default();
        Ok(reference.splitn(3, '/').last().unwrap_or_default().to_owned())
    }

    /// The commit that the other side has of the version. A commit's number is taken as it is.
    pub(super) fn remote_head(&self, address: &str) -> Result<String> {
        let version = &self.module.version;
        let mut is_tag = false;
        let (option, reference) = if version == "HEAD" {
            let is_new = address == self.url;
            ("-h", if is_new { "HEAD".to_owned() } else { format!("refs/heads/{}", self.head_branch()?) })
        } else if self.is_remote_branch(address, version)? {
            ("-h", format!("refs/heads/{version}"))
        } else if self.is_remote_tag(address, version)? {
            is_tag = true;
            ("-t", format!("refs/tags/{version}*"))
        } else {
            return Ok(version.clone());
        };
        let said = self.successful(&["ls-remote", address, option, &reference])?;
        let mut line = said.lines().next().unwrap_or_default();
        if is_tag {
            // What an annotated tag is of comes on a line of its own.
            let peeled = format!("{version}^{{}}");
            let lines = || said.lines();
            let found = lines().find(|line| line.ends_with(&peeled)).or(lines().find(|line| line.ends_with(version)));
            line = found.unwrap_or(line);
        }
        match line.split_whitespace().next() {
            Some(commit) => Ok(commit.to_owned()),
            None => Err(Failure::new(format!("Could not determine remote revision for {version}"))
                .with("stdout", said.as_str())
                .with("stderr", "")
                .with("rc", 0)),
        }
    }

    /// What changed from one commit to another. They are fetched where they are not there.
    pub(super) fn difference(&self, before: &str, after: &str) -> Result<String> {
        self.fetch(after, false)?;
        let output = self.finished(&["diff", before, after])?;
        let said = output.stdout_text();
        Ok(if !output.success() {
            format!(">> Failed to get proper diff between {before} and {after}:\n>> {}", output.stderr_text())
        } else if said.is_empty() {
            format!(">> No visual differences between {before} and {after}")
        } else {
            said
        })
    }
}

fn umask(given: &Value) -> Result<u32> {
    let Some(text) = given.as_str() else { fail!("umask must be defined as a quoted octal integer") };
    let digits = text.trim().trim_start_matches("0o");
    u32::from_str_radix(digits, 8).map_err(|_| {
        Failure::new("umask must be an octal integer")
            .with("details", format!("invalid literal for int() with base 8: '{text}'"))
    })
}

/// What git starts for addresses of ssh. Nobody is there to be asked.
fn ssh_command(module: &Git, host: &dyn Host, warnings: &mut Vec<String>) -> Result<String> {
    let mut words = module.ssh_opts.clone().unwrap_or_default();
    let mut add = |option: &str| {
        if !words.contains(option) {
            words += &format!(" -o {option}");
        }
    };
    if module.accept_hostkey {
        add("StrictHostKeyChecking=no");
    }
    if module.accept_newhostkey {
        let question = ["ssh", "-o", "StrictHostKeyChecking=accept-new", "-V"];
        if host.query(&Command::new(question)).is_ok_and(|output| output.success()) {
            add("StrictHostKeyChecking=accept-new");
        } else {
            let warning = "Your ssh client does not support accept_newhostkey option, therefore it cannot be used.";
            warnings.push(warning.to_owned());
        }
    }
    add("BatchMode=yes");
    if let Some(key) = &module.key_file {
        words += &format!(" -i {} -o IdentitiesOnly=yes", churten_module::words::quote(&key.display().to_string()));
    }
    let program = host.variable("GIT_SSH").or_else(|| host.variable("GIT_SSH_COMMAND"));
    Ok(format!("{} {}", program.unwrap_or_else(|| "ssh".to_owned()), words.trim_start()))
}
