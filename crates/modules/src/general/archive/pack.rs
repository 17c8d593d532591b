//! Making an archive, and telling whether it is another than the one that is there.

use super::sources::{Entry, Sources};
use super::{Archive, Format, zip};
use crate::run;
use crate::unarchive::{parsable, tar_program};
use churten_module::prelude::*;

/// A directory of ours, gone when it is dropped.
struct Temporary<'a> {
    host: &'a dyn Host,
    path: PathBuf,
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        let _ = self.host.remove_tree(&self.path);
    }
}

/// Make the archive and put it into its place, unless the same is there. True when it is another one.
pub(super) fn pack(
    module: &Archive,
    host: &dyn Host,
    options: &Options,
    sources: &Sources,
    found: &[PathBuf],
    entries: &[Entry],
    dest: &Path,
) -> Result<bool> {
    let parent = dest.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent.filter(|parent| !matches!(host.stat(parent), Ok(Some(_)))) {
        fail!("{} does not exist", parent.display());
    }
    let directory = options.temporary_directory.clone().unwrap_or_else(|| PathBuf::from("/tmp"));
    let path = host.create_temporary(&directory, "ansible.", "", true)?;
    let temporary = Temporary { host, path };
    let new = temporary.path.join("new");
    let is_same = match (module.format, sources.is_archive) {
        (Format::Zip, _) => {
            let bytes = zip::written(host, &sources.root, entries)?;
            let is_same = zip::sums(host, dest).is_some_and(|old| zip::sums_of(&bytes).as_ref() == Some(&old));
            host.create_file(&new, &bytes, 0o600)?;
            is_same
        }
        (_, true) => {
            tar(host, &sources.root, entries, &new)?;
            is_same_inside(module.format, host, &temporary.path, &new, dest)?
        }
        (_, false) => {
            let Some(path) = found.first() else { return Ok(false) };
            host.copy_file(path, &new, 0o600).map_err(|error| {
                let reason = churten_module::python_path_error(&error, path);
                Failure::new(format!("Unable to write to compressed file: {reason}"))
                    .with("path", path.display().to_string())
                    .with("dest", dest.display().to_string())
            })?;
            is_same_inside(module.format, host, &temporary.path, &new, dest)?
        }
    };
    if is_same {
        return Ok(false);
    }
    let new = match compressor(module.format) {
        None => new,
        Some((program, options)) => {
            let program = run::program(host.observe(), program)?;
            run::successful(host, &Command::new([&program, options, &new.display().to_string()]))?;
            new.with_extension(module.format.extension())
        }
    };
    let mut write = Write::new(dest.to_owned(), Vec::new());
    write.content = Content::File(new);
    write.unsafe_writes = module.file.unsafe_writes;
    write.follow = true;
    write.labelling = Labelling::Made;
    let plan = Plan { steps: vec![Step::Write(write)], ..Plan::new() };
    churten_module::perform(host, &plan, options, &mut Dict::new())?;
    Ok(true)
}

/// The program of a format and its options. What gzip knows of the file's name and time is left out: it would be our copy's.
fn compressor(format: Format) -> Option<(&'static str, &'static str)> {
    match format {
        Format::Bz2 => Some(("bzip2", "-9f")),
        Format::Gz => Some(("gzip", "-9fn")),
        Format::Xz => Some(("xz", "-6f")),
        Format::Tar | Format::Zip => None,
    }
}

/// True when what is in the compressed file at `dest` is what is in `new`.
fn is_same_inside(format: Format, host: &dyn Host, directory: &Path, new: &Path, dest: &Path) -> Result<bool> {
    if !host.stat(dest)?.is_some_and(|stat| stat.is_file()) {
        return Ok(false);
    }
    let mut old = dest.to_owned();
    if let Some((program, _)) = compressor(format) {
        old = directory.join("old");
        let compressed = old.with_extension(format.extension());
        host.copy_file(dest, &compressed, 0o600)?;
        let program = run::program(host.observe(), program)?;
        let command = Command::new([&program, "-df", &compressed.display().to_string()]);
        if !run::finished(host, &command)?.success() {
            return Ok(false);
        }
    }
    Ok(host.digest(&old, Algorithm::Sha1)? == host.digest(new, Algorithm::Sha1)?)
}

/// Write an archive of exactly these entries.
fn tar(host: &dyn Host, root: &Path, entries: &[Entry], new: &Path) -> Result<()> {
    let Some((program, version)) = tar_program(host)? else {
        fail!("Unable to find required 'gtar' or 'tar' binary in the path");
    };
    let is_gnu = version.starts_with("tar (GNU tar)");
    let end = if is_gnu { '\0' } else { '\n' };
    if !is_gnu && entries.iter().any(|entry| entry.name.contains('\n')) {
        return Err(Failure::not_yet("names with line breaks without GNU tar"));
    }
    if entries.is_empty() {
        // Two blocks of nothing end an archive; not every tar makes one of nothing.
        return Ok(host.create_file(new, &[0; 10240], 0o600)?);
    }
    let list: String =
        entries.iter().flat_map(|entry| [entry.name.as_str(), if end == '\0' { "\0" } else { "\n" }]).collect();
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    let (new, root) = (new.display().to_string(), root.display().to_string());
    let mut words = vec![program.as_str(), "-c", "-f", &new, "-C", &root, "--no-recursion"];
    if is_gnu {
        // Owners and times as they are, whatever the environment says.
        words.extend(["--format=gnu", "--null"]);
    }
    words.extend(["-T", "-"]);
    let command = parsable(Command::new(words)).stdin(list);
    let output = run::finished(host, &command)?;
    // 1 says that a file changed meanwhile.
    if output.code > 1 || output.code < 0 {
        return Err(run::failed(&command, &output));
    }
    Ok(())
}
