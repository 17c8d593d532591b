//! The `git` module.

mod archive;
mod fetching;
mod repository;
mod submodules;

use churten_module::prelude::*;
use repository::Repository;

/// Deploy software or files from a git repository, with the host's own `git`.
#[derive(Args)]
#[args(
    exclusive("separate_git_dir", "bare"),
    exclusive("accept_hostkey", "accept_newhostkey"),
    required_by("archive_prefix", "archive"),
    deprecated_alias("gpg_whitelist", "2.21", "ansible.builtin")
)]
pub(crate) struct Git {
    /// The directory of the checkout.
    dest: Option<PathBuf>,
    /// The address of the repository.
    #[arg(alias("name"))]
    repo: String,
    /// What to check out: `HEAD`, a branch, a tag, or the number of a commit.
    #[arg(default = "HEAD")]
    version: String,
    /// The name of the remote.
    #[arg(default = "origin")]
    remote: String,
    /// One more refspec to fetch.
    refspec: Option<String>,
    /// A repository on the host to take objects from.
    reference: Option<String>,
    /// Throw local changes away.
    #[arg(default = false)]
    force: bool,
    /// Fetch only so many commits of the history.
    depth: Option<i64>,
    /// Clone what is not there yet.
    #[arg(default = true)]
    clone: bool,
    /// Fetch new revisions into what is there.
    #[arg(default = true)]
    update: bool,
    /// Check the signature of what is checked out.
    #[arg(default = false)]
    verify_commit: bool,
    /// The fingerprints of keys that signatures may be of.
    #[arg(default = [], alias("gpg_whitelist"))]
    gpg_allowlist: Vec<String>,
    /// Add unknown host keys, and take changed ones.
    #[arg(default = false)]
    accept_hostkey: bool,
    /// Add unknown host keys.
    #[arg(default = false)]
    accept_newhostkey: bool,
    /// The private key for ssh, a file on the host.
    key_file: Option<PathBuf>,
    /// Options for ssh.
    ssh_opts: Option<String>,
    /// The git to run.
    executable: Option<PathBuf>,
    /// Make a bare repository.
    #[arg(default = false)]
    bare: bool,
    /// Clone submodules, too.
    #[arg(default = true)]
    recursive: bool,
    /// Fetch only the history of the one revision.
    #[arg(default = false)]
    single_branch: bool,
    /// Let submodules follow their branch.
    #[arg(default = false)]
    track_submodules: bool,
    /// The file creation mask, in octal.
    umask: Option<Value>,
    /// Write the tree into this archive as well.
    archive: Option<PathBuf>,
    /// What stands before each name in the archive.
    archive_prefix: Option<String>,
    /// Where the repository itself is kept, apart from the checkout.
    separate_git_dir: Option<PathBuf>,
}

impl Action for Git {
    const NAME: &'static str = "git";
    const CHECK: CheckMode = CheckMode::Run;
    const HAS_DIFFERENCE: bool = true;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let dest = match &self.dest {
            Some(dest) => dest.clone(),
            None if self.clone => fail!("the destination directory must be specified unless clone=no"),
            None => PathBuf::new(),
        };
        let repository = Repository::new(self, host, dest)?;
        let outcome = self.bring(&repository, options);
        let warnings = repository.warnings.take();
        if warnings.is_empty() {
            return outcome;
        }
        match outcome {
            Ok(mut result) => {
                result.insert("warnings", warnings);
                Ok(result)
            }
            Err(failure) => Err(failure.with("warnings", warnings)),
        }
    }
}

impl Git {
    fn bring(&self, repository: &Repository<'_>, options: &Options) -> Result<Dict> {
        let mut result = Dict::from([("changed", Value::from(false))]);
        let is_there = self.dest.is_some() && repository.is_there()?;
        if is_there {
            repository.move_directory(options, &mut result)?;
        }
        if !is_there {
            self.begin(repository, options, result)
        } else if self.update {
            self.bring_up_to_date(repository, options, result)
        } else {
            let version = repository.head()?;
            result.insert("before", version.as_str());
            result.insert("after", version);
            self.finish(repository, options, result)
        }
    }

    /// A repository that is not there yet.
    fn begin(&self, repository: &Repository<'_>, options: &Options, mut result: Dict) -> Result<Dict> {
        result.insert("before", Value::NONE);
        result.insert("changed", true);
        if options.check || !self.clone {
            let after = repository.remote_head(&repository.url)?;
            show_difference(options, &mut result, format!(">> Newly checked out {after}"));
            result.insert("after", after);
            return Ok(result);
        }
        repository.clone()?;
        if !self.bare {
            repository.switch()?;
        }
        self.submodules(repository, &mut result)?;
        let after = repository.head()?;
        show_difference(options, &mut result, format!(">> Newly checked out {after}"));
        result.insert("after", after);
        self.finish(repository, options, result)
    }

    /// A repository that is there.
    fn bring_up_to_date(&self, repository: &Repository<'_>, options: &Options, mut result: Dict) -> Result<Dict> {
        let is_modified = !self.bare && repository.is_modified()?;
        let before = repository.head()?;
        result.insert("before", before.as_str());
        let dest = repository.dest.display();
        if is_modified && !self.force {
            let mut failure = Failure::new(format!("Local modifications exist in the destination: {dest} (force=no)."));
            failure.extra.extend_from(&result);
            return Err(failure);
        }
        if is_modified && !options.check {
            repository.reset()?;
            result.insert("changed", true);
            result.insert("msg", format!("Local modifications exist in the destination: {dest}"));
        }
        let is_moved = repository.set_url(options.check)?;
        result.insert("remote_url_changed", is_moved);
        if options.check {
            let after = repository.remote_head(&self.remote)?;
            result.insert("changed", before != after || is_moved);
            if before != after && options.diff {
                show_difference(options, &mut result, repository.difference(&before, &after)?);
            }
            result.insert("after", after);
            return Ok(result);
        }
        repository.fetch(&self.version, self.force)?;
        result.insert("after", repository.head()?);
        if !self.bare {
            repository.switch()?;
        }
        let are_submodules_new = self.submodules(repository, &mut result)?;
        let after = repository.head()?;
        if before != after || are_submodules_new || is_moved {
            result.insert("changed", true);
        }
        if before != after && options.diff {
            show_difference(options, &mut result, repository.difference(&before, &after)?);
        }
        result.insert("after", after);
        self.finish(repository, options, result)
    }

    /// Bring the submodules to where they should be; true when that changed any.
    fn submodules(&self, repository: &Repository<'_>, result: &mut Dict) -> Result<bool> {
        let changed = self.recursive && !self.bare && repository.fetch_submodules()?;
        if changed {
            result.insert("submodules_changed", true);
            repository.update_submodules()?;
        }
        Ok(changed)
    }

    /// Write the archive, if one is asked for.
    fn finish(&self, repository: &Repository<'_>, options: &Options, mut result: Dict) -> Result<Dict> {
        if let Some(archive) = &self.archive {
            let changed = options.check || repository.write_archive(archive)?;
            // The archive alone tells whether something changed.
            result.insert("changed", changed);
        }
        Ok(result)
    }
}

fn show_difference(options: &Options, result: &mut Dict, prepared: String) {
    if options.diff && !prepared.is_empty() {
        result.insert("diff", Dict::from([("prepared", prepared)]));
    }
}
