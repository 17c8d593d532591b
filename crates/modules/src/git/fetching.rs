//! Cloning, fetching and checking out.

use super::repository::Repository;
use churten_module::prelude::*;

impl Repository<'_> {
    pub(super) fn clone(&self) -> Result<()> {
        let module = self.module;
        let version = &module.version;
        let dest = self.dest.display().to_string();
        let parent = self.dest.parent().unwrap_or(Path::new("/"));
        self.make_directories(parent)?;
        let is_reference = self.is_remote_branch(&self.url, version)? || self.is_remote_tag(&self.url, version)?;
        let mut words: Vec<String> = vec!["clone".into()];
        let mut add = |more: &[&str]| words.extend(more.iter().map(|word| (*word).to_owned()));
        if module.bare {
            add(&["--bare"]);
        } else {
            add(&["--origin", &module.remote]);
        }
        if let Some(depth) = self.depth {
            if version == "HEAD" || module.refspec.is_some() {
                add(&["--depth", &depth.to_string()]);
            } else if is_reference {
                add(&["--depth", &depth.to_string(), "--branch", version]);
            } else {
                let warning = "Ignoring depth argument. Shallow clones are only available for HEAD, branches, tags or \
                               in combination with refspec.";
                self.warnings.borrow_mut().push(warning.to_owned());
            }
        }
        if let Some(reference) = &module.reference {
            add(&["--reference", reference]);
        }
        if module.single_branch {
            add(&["--single-branch"]);
            if is_reference {
                add(&["--branch", version]);
            }
        }
        if let Some(directory) = &module.separate_git_dir {
            add(&[&format!("--separate-git-dir={}", self.host.real_path(directory).display())]);
        }
        add(&[&self.url, &dest]);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        crate::run::successful(self.host, &self.command(&words).directory(parent))?;
        if module.bare && module.remote != "origin" {
            self.successful(&["remote", "add", &module.remote, &self.url])?;
        }
        if let Some(refspec) = &module.refspec {
            let depth = self.depth.map(|depth| depth.to_string());
            let mut words = vec!["fetch"];
            words.extend(depth.iter().flat_map(|depth| ["--depth", depth.as_str()]));
            words.extend([module.remote.as_str(), refspec]);
            self.successful(&words)?;
        }
        if module.verify_commit {
            self.verify()?;
        }
        Ok(())
    }

    fn make_directories(&self, path: &Path) -> Result<()> {
        if self.host.stat(path)?.is_some() {
            return Ok(());
        }
        if let Some(parent) = path.parent() {
            self.make_directories(parent)?;
        }
        Ok(self.host.create_directory(path, 0o777 & !self.umask.unwrap_or(self.host.umask()))?)
    }

    /// The remote's address; `None` where there is none.
    fn remote_url(&self) -> Result<Option<String>> {
        let output = self.finished(&["ls-remote", "--get-url", &self.module.remote])?;
        Ok(output.success().then(|| output.stdout_text().trim_end_matches('\n').to_owned()))
    }

    /// Give the remote its address; true when it had another.
    pub(super) fn set_url(&self, check: bool) -> Result<bool> {
        let found = self.remote_url()?;
        if found.as_deref() == Some(&self.url) {
            return Ok(false);
        }
        if !check {
            let output = self.finished(&["remote", "set-url", &self.module.remote, &self.url])?;
            if !output.success() {
                fail!(
                    "Failed to set a new url {} for {}: {} {}",
                    self.url,
                    self.module.remote,
                    output.stdout_text(),
                    output.stderr_text()
                );
            }
        }
        let plain = |url: &str| url.strip_prefix("file://").unwrap_or(url).to_owned();
        Ok(found.is_some_and(|found| plain(&found) != plain(&self.url)))
    }

    /// Fetch what is needed for a version.
    pub(super) fn fetch(&self, version: &str, force: bool) -> Result<()> {
        let module = self.module;
        self.set_url(false)?;
        let mut words: Vec<String> = vec!["fetch".into()];
        let mut refspecs: Vec<String> = Vec::new();
        if let Some(depth) = self.depth {
            let remote = &module.remote;
            // Where it cannot be told it is no branch that is asked for.
            let current = self.head_branch().unwrap_or_default();
            if let Some(refspec) = &module.refspec {
                refspecs.push(refspec.clone());
            } else if version == "HEAD" {
                refspecs.push(current);
            } else if self.is_remote_branch(&self.url, version)? {
                if current != version {
                    refspecs.push(format!("+refs/heads/{version}:refs/heads/{version}"));
                }
                refspecs.push(format!("+refs/heads/{version}:refs/remotes/{remote}/{version}"));
            } else if self.is_remote_tag(&self.url, version)? {
                refspecs.push(format!("+refs/tags/{version}:refs/tags/{version}"));
            }
            if !refspecs.is_empty() {
                words.extend(["--depth".to_owned(), depth.to_string()]);
            }
        }
        if refspecs.is_empty() {
            if module.bare {
                refspecs.extend(["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"].map(str::to_owned));
            } else {
                words.push("--tags".to_owned());
                refspecs.extend(module.refspec.clone());
            }
        }
        if force {
            words.push("--force".to_owned());
        }
        words.push(module.remote.clone());
        words.extend(refspecs);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let output = self.finished(&words)?;
        if output.success() {
            return Ok(());
        }
        let command = [&*self.program].into_iter().chain(words).map(str::to_owned).collect::<Vec<String>>();
        let (stdout, stderr) = (output.stdout_text(), output.stderr_text());
        Err(Failure::new(format!("Failed to download remote objects and refs: {stdout} {stderr}")).with("cmd", command))
    }

    /// Check the version out.
    pub(super) fn switch(&self) -> Result<()> {
        let (version, remote) = (&self.module.version, &self.module.remote);
        let mut name = version.clone();
        let mut kind = "";
        let checked_out = |branch: &str| {
            let output = self.finished(&["checkout", "--force", branch])?;
            if output.success() {
                return Ok(());
            }
            Err(Failure::new(format!("Failed to checkout branch {branch}"))
                .with("stdout", output.stdout_text())
                .with("stderr", output.stderr_text())
                .with("rc", output.code))
        };
        let words: Vec<String> = if version == "HEAD" {
            name = self.head_branch()?;
            kind = "branch ";
            checked_out(&name)?;
            vec!["reset".into(), "--hard".into(), format!("{remote}/{name}"), "--".into()]
        } else if self.is_remote_branch(remote, version)? {
            if let Some(depth) = self.depth
                && !self.is_local_branch(version)?
            {
                // A shallow clone knows only the branch that it began with.
                self.fetch_branch(depth)?;
            }
            if self.is_local_branch(version)? {
                checked_out(version)?;
                vec!["reset".into(), "--hard".into(), format!("{remote}/{version}")]
            } else {
                vec!["checkout".into(), "--track".into(), "-b".into(), version.clone(), format!("{remote}/{version}")]
            }
        } else {
            vec!["checkout".into(), "--force".into(), version.clone()]
        };
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let output = self.finished(&words)?;
        if !output.success() {
            let msg = format!("Failed to checkout {kind}{name}");
            return Err(crate::run::ended(&self.command(&words), &output, msg));
        }
        if self.module.verify_commit { self.verify() } else { Ok(()) }
    }

    fn fetch_branch(&self, depth: i64) -> Result<()> {
        let (version, remote) = (&self.module.version, &self.module.remote);
        let output = self.finished(&[
            "fetch",
            &format!("--depth={depth}"),
            remote,
            &format!("+refs/heads/{version}:refs/heads/{version}"),
            &format!("+refs/heads/{version}:refs/remotes/{remote}/{version}"),
        ])?;
        if output.success() {
            return Ok(());
        }
        Err(Failure::new(format!("Failed to fetch branch from remote: {version}"))
            .with("stdout", output.stdout_text())
            .with("stderr", output.stderr_text())
            .with("rc", output.code))
    }

    /// Check the signature of the version.
    fn verify(&self) -> Result<()> {
        let version = &self.module.version;
        let tags = self.finished(&["for-each-ref", "refs/tags/", "--format", "%(objecttype):%(refname:short)"])?;
        let is_tag = tags.stdout_text().lines().any(|line| line.strip_prefix("tag:") == Some(version));
        let allowed = &self.module.gpg_allowlist;
        let mut words = vec![if is_tag { "verify-tag" } else { "verify-commit" }];
        if !allowed.is_empty() {
            words.push("--raw");
        }
        words.push(version);
        let output = self.finished(&words)?;
        let told = |failure: Failure| {
            failure.with("stdout", output.stdout_text()).with("stderr", output.stderr_text()).with("rc", output.code)
        };
        if !output.success() {
            return Err(told(Failure::new(format!("Failed to verify GPG signature of commit/tag \"{version}\""))));
        }
        if allowed.is_empty() {
            return Ok(());
        }
        let stderr = output.stderr_text();
        let line = stderr.lines().find(|line| line.starts_with("[GNUPG:] VALIDSIG"));
        // The last is the primary key's, which signs by its subkeys.
        let fingerprint = line.and_then(|line| line.split_whitespace().last()).unwrap_or("None");
        if allowed.iter().any(|allowed| allowed == fingerprint) {
            return Ok(());
        }
        Err(told(Failure::new(format!(
            "The gpg_allowlist does not include the public key \"{fingerprint}\" for this commit"
        ))))
    }
}
