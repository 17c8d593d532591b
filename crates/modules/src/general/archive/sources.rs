//! What goes into an archive, and under which names.

use super::{Archive, Format, joined};
use churten_module::glob::matches;
use churten_module::prelude::*;
use churten_value::sort;

/// The paths of a task.
pub(super) struct Sources {
    /// What `path` leads to.
    pub(super) expanded: Vec<PathBuf>,
    /// What `exclude_path` leads to.
    pub(super) excluded: Vec<PathBuf>,
    /// What is left, each once, sorted.
    pub(super) paths: Vec<PathBuf>,
    /// The directory that names in the archive begin below.
    pub(super) root: PathBuf,
    /// An archive is made, not one file compressed.
    pub(super) is_archive: bool,
    /// There is more than one file, so that the archive's name does not follow from it.
    pub(super) needs_dest: bool,
}

/// One member of an archive.
pub(super) struct Entry {
    /// Its name, which is its path below the root.
    pub(super) name: String,
    pub(super) is_directory: bool,
}

fn has_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '['])
}

fn expanded(host: &dyn Host, paths: &[PathBuf]) -> Vec<PathBuf> {
    let one = |path: &PathBuf| if has_pattern(path) { host.glob(&path.to_string_lossy()) } else { vec![path.clone()] };
    paths.iter().flat_map(one).collect()
}

impl Sources {
    pub(super) fn find(module: &Archive, host: &dyn Host) -> Result<Self> {
        let all = expanded(host, &module.path);
        let excluded = expanded(host, &module.exclude_path);
        let mut paths: Vec<PathBuf> = all.iter().filter(|path| !excluded.contains(path)).cloned().collect();
        sort(&mut paths);
        paths.dedup();
        if paths.is_empty() {
            return Err(Failure::new("Error, no source paths were found")
                .with("path", joined(&module.path))
                .with("expanded_paths", joined(&all))
                .with("expanded_exclude_paths", joined(&excluded)));
        }
        let is_directory =
            |path: &PathBuf| host.stat(path).is_ok_and(|stat| stat.is_some_and(|stat| stat.is_directory()));
        let needs_dest = module.force_archive
            || paths.len() > 1
            || module.path.iter().any(|path| has_pattern(path))
            || paths.iter().any(is_directory);
        let is_archive = needs_dest || matches!(module.format, Format::Tar | Format::Zip);
        let root = root(&paths);
        Ok(Self { expanded: all, excluded, paths, root, is_archive, needs_dest })
    }

    /// The root as the result tells it, with a slash at its end.
    pub(super) fn root_text(&self) -> String {
        match self.root.display().to_string() {
            root if root.is_empty() || root.ends_with('/') => root,
            root => root + "/",
        }
    }

    /// All members: of a directory what is in it, not itself; and never the archive.
    pub(super) fn entries(
        &self,
        module: &Archive,
        host: &dyn Host,
        found: &[PathBuf],
        dest: &Path,
    ) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for path in found {
            match host.stat(path)? {
                Some(stat) if stat.is_directory() => self.walk(module, host, path, dest, &mut entries)?,
                _ => self.add(module, path, dest, false, &mut entries),
            }
        }
        Ok(entries)
    }

    fn walk(
        &self,
        module: &Archive,
        host: &dyn Host,
        directory: &Path,
        dest: &Path,
        entries: &mut Vec<Entry>,
    ) -> Result<()> {
        let names = host.list(directory)?;
        let (mut directories, mut files) = (Vec::new(), Vec::new());
        for name in names {
            let path = directory.join(name);
            // A link to a directory counts as one, but is not gone into.
            match host.stat(&path)? {
                Some(stat) if stat.is_directory() => directories.push(path),
                _ => files.push(path),
            }
        }
        for path in &directories {
            self.add(module, path, dest, true, entries);
        }
        for path in &files {
            self.add(module, path, dest, false, entries);
        }
        for path in &directories {
            if host.lstat(path)?.is_some_and(|stat| stat.is_directory()) {
                self.walk(module, host, path, dest, entries)?;
            }
        }
        Ok(())
    }

    fn add(&self, module: &Archive, path: &Path, dest: &Path, is_directory: bool, entries: &mut Vec<Entry>) {
        let name = path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().into_owned();
        let patterns = module.exclusion_patterns.as_deref().unwrap_or_default();
        // For zip archives the patterns are of whole paths.
        let whole = path.to_string_lossy();
        let shown = if module.format == Format::Zip { &*whole } else { &name };
        let is_excluded = patterns.iter().any(|pattern| matches(&pattern.to_string_lossy(), shown));
        if path != dest && !is_excluded {
            entries.push(Entry { name, is_directory });
        }
    }
}

/// The directory that all paths have in common: what stands before the last slash of what they begin with.
fn root(paths: &[PathBuf]) -> PathBuf {
    let texts: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let Some((first, others)) = texts.split_first() else { return PathBuf::new() };
    let common = |other: &String| first.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let length = others.iter().map(common).min().unwrap_or(first.len());
    let start = first.as_bytes().get(..length).unwrap_or_default();
    let slash = start.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
    PathBuf::from(first.get(..slash).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots() {
        for (paths, expected) in [
            (vec!["/a/b"], "/a/"),
            (vec!["/a/b/"], "/a/b/"),
            (vec!["/a/bc/d", "/a/bd"], "/a/"),
            (vec!["/a/b", "/a/b/c"], "/a/"),
            (vec!["/x", "/y"], "/"),
            (vec!["f"], ""),
        ] {
            let paths: Vec<PathBuf> = paths.into_iter().map(PathBuf::from).collect();
            assert_eq!(root(&paths).display().to_string(), expected, "{paths:?}");
        }
    }
}
