//! The `archive` module.

mod pack;
mod sources;
mod zip;

use crate::attributes;
use churten_module::prelude::*;
use sources::Sources;

/// Pack files and directories of the host into an archive there, or compress one file.
///
/// The host's own `tar`, `gzip`, `bzip2` and `xz` do the work; for `zip` only `gzip` is needed.
#[derive(Args)]
pub(crate) struct Archive {
    /// What to pack: paths or shell patterns.
    path: Vec<PathBuf>,
    /// How to compress.
    #[arg(default = "gz")]
    format: Format,
    /// The archive.
    dest: Option<PathBuf>,
    /// Paths or patterns to leave out of `path`.
    #[arg(default = [])]
    exclude_path: Vec<PathBuf>,
    /// Patterns of names in the archive to leave out.
    exclusion_patterns: Option<Vec<PathBuf>>,
    /// Make an archive of a single file, too.
    #[arg(default = false)]
    force_archive: bool,
    /// Remove what was packed.
    #[arg(default = false)]
    remove: bool,
    #[arg(flatten)]
    file: FileArguments,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Format {
    Bz2,
    Gz,
    Tar,
    Xz,
    Zip,
}

impl Format {
    fn extension(self) -> &'static str {
        match self {
            Self::Bz2 => "bz2",
            Self::Gz => "gz",
            Self::Tar => "tar",
            Self::Xz => "xz",
            Self::Zip => "zip",
        }
    }
}

impl Action for Archive {
    const NAME: &'static str = "community.general.archive";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let sources = Sources::find(self, host)?;
        let dest = self.dest(&sources)?;
        let existing = host.stat(&dest)?;
        if existing.as_ref().is_some_and(Stat::is_directory) {
            fail!("{} is a directory", dest.display());
        }
        let is_there = |path: &PathBuf| matches!(host.lstat(path), Ok(Some(_)));
        let (found, missing): (Vec<_>, Vec<_>) = sources.paths.iter().cloned().partition(is_there);
        let mut state = match existing {
            None => "absent",
            Some(_) if is_archive_name(&dest) => "archive",
            Some(_) => "compress",
        };
        let mut changed = false;
        let mut archived: Vec<PathBuf> = Vec::new();
        if !found.is_empty() {
            let entries = if sources.is_archive { sources.entries(self, host, &found, &dest)? } else { Vec::new() };
            if options.check {
                // Nothing is packed, and a compressed file is not looked into.
                changed = sources.is_archive || existing.is_none();
                state = "absent";
            } else {
                let is_told = |entry: &&sources::Entry| self.format != Format::Zip || !entry.is_directory;
                archived = match sources.is_archive {
                    false => found.clone(),
                    true => entries.iter().filter(is_told).map(|entry| sources.root.join(&entry.name)).collect(),
                };
                state = match (sources.is_archive, missing.is_empty()) {
                    (false, _) => "compress",
                    (true, true) => "archive",
                    (true, false) => "incomplete",
                };
                changed = pack::pack(self, host, options, &sources, &found, &entries, &dest)?;
            }
            if self.remove {
                changed = true;
                if !options.check {
                    for path in &found {
                        // What a link leads to may be gone already; such a link stays.
                        if host.stat(path)?.is_some() {
                            remove(host, path)?;
                        }
                    }
                }
            }
        }
        changed |= attributes::apply(host, options, &dest, &self.file)?;
        let texts = |paths: &[PathBuf]| -> Value { paths.iter().map(|path| path.display().to_string()).collect() };
        let exists = matches!(host.stat(&dest), Ok(Some(_)));
        if !exists {
            state = "absent";
        }
        Ok(Dict::from([
            ("archived", texts(&archived)),
            ("dest", dest.display().to_string().into()),
            ("dest_state", state.into()),
            ("changed", changed.into()),
            ("arcroot", sources.root_text().into()),
            ("missing", texts(&missing)),
            ("expanded_paths", texts(&sources.expanded)),
            ("expanded_exclude_paths", texts(&sources.excluded)),
        ]))
    }
}

impl Archive {
    fn dest(&self, sources: &Sources) -> Result<PathBuf> {
        match (&self.dest, sources.paths.as_slice()) {
            (Some(dest), _) => Ok(dest.clone()),
            (None, [path]) if !sources.needs_dest => {
                Ok(PathBuf::from(format!("{}.{}", path.display(), self.format.extension())))
            }
            _ => Err(Failure::new("Error, must specify \"dest\" when archiving multiple files or trees")
                .with("dest", "None")
                .with("path", joined(&self.path))),
        }
    }
}

fn joined(paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    paths.join(", ")
}

fn remove(host: &dyn Host, path: &Path) -> Result<()> {
    let plan = Plan { steps: vec![Step::Remove(path.to_owned())], ..Plan::new() };
    churten_module::perform(host, &plan, &Options::default(), &mut Dict::new())
}

/// True for the names that archives have, in contrast to those of compressed files.
fn is_archive_name(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    [".tar", ".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".tbz2", ".zip"].iter().any(|end| name.ends_with(end))
}
