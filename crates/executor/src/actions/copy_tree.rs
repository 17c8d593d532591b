//! `copy` of a directory: every file and directory below it.

use super::copy::{Placement, place_in, preserve};
use super::remote::in_session;
use super::{ActionContext, files};
use crate::reach::{self, Reach};
use crate::task::{Execution, is_true};
use churten_connection::Session;
use churten_diagnostics::Report;
use churten_value::{Dict, Value};
use std::path::{Path, PathBuf};

/// Directories nested deeper are taken for a loop of links.
const MAX_DEPTH: usize = 128;

/// What is below a directory, by path relative to it.
#[derive(Default)]
struct Tree {
    directories: Vec<PathBuf>,
    files: Vec<PathBuf>,
    links: Vec<(PathBuf, PathBuf)>,
}

/// What is copied.
pub(super) struct Source<'a> {
    /// The directory.
    pub(super) path: &'a Path,
    /// What is in the directory, without itself.
    pub(super) contents: bool,
    /// Vaulted files are decrypted.
    pub(super) decrypt: bool,
    /// Links count as what they point to (`local_follow`).
    pub(super) follows: bool,
}

/// Copy a directory to `dest`.
pub(super) async fn run(context: &ActionContext<'_>, arguments: Dict, what: Source<'_>) -> Execution {
    let Source { path: source, contents, decrypt, follows } = what;
    let mut tree = Tree::default();
    if let Err(report) = collect(source, Path::new(""), follows, &mut vec![], &mut tree) {
        return Execution::action_error(report);
    }
    let (session, reach) = match reach::session(context).await {
        Ok(session) => session,
        Err(execution) => return *execution,
    };
    let mut root = PathBuf::from(arguments.get("dest").map(Value::to_text).unwrap_or_default());
    if !contents && let Some(name) = source.file_name() {
        root.push(name);
    }
    let root = root.as_path();
    let copy =
        Copy { context, session: &session, reach: &reach, arguments: &arguments, source, contents, root, decrypt };
    copy.all(&tree).await
}

/// Collect what is in a directory. `follows`: links count as what they point to (`local_follow`), but for those that
/// lead back into one of the directories above (`outer`).
fn collect(root: &Path, below: &Path, follows: bool, outer: &mut Vec<PathBuf>, tree: &mut Tree) -> Result<(), Report> {
    let directory = root.join(below);
    let failed = |error: std::io::Error| Report::new(format!("could not read {}: {error}", directory.display()));
    if outer.len() > MAX_DEPTH {
        return Err(Report::new(format!("{} is nested too deeply", directory.display())));
    }
    outer.push(directory.canonicalize().map_err(failed)?);
    let mut entries: Vec<_> =
        std::fs::read_dir(&directory).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    // The files of a directory come before what is in the directories below it.
    let mut inner = vec![];
    for entry in entries {
        let path = below.join(entry.file_name());
        let kind = entry.file_type().map_err(failed)?;
        let leads_back = || entry.path().canonicalize().is_ok_and(|path| outer.contains(&path));
        let is_followed = kind.is_symlink() && follows && !leads_back();
        let target = if is_followed { std::fs::metadata(entry.path()).ok() } else { None };
        if kind.is_dir() || target.as_ref().is_some_and(std::fs::Metadata::is_dir) {
            inner.push(path);
        } else if kind.is_file() || target.is_some() {
            tree.files.push(path);
        } else if kind.is_symlink() {
            tree.links.push((path, std::fs::read_link(entry.path()).map_err(failed)?));
        }
    }
    for path in inner {
        tree.directories.push(path.clone());
        collect(root, &path, follows, outer, tree)?;
    }
    outer.pop();
    Ok(())
}

struct Copy<'a> {
    context: &'a ActionContext<'a>,
    session: &'a Session,
    reach: &'a Reach,
    arguments: &'a Dict,
    source: &'a Path,
    contents: bool,
    root: &'a Path,
    decrypt: bool,
}

impl Copy<'_> {
    async fn all(&self, tree: &Tree) -> Execution {
        let mut changed = false;
        let mut diffs = vec![];
        let directories = std::iter::once(Path::new("")).chain(tree.directories.iter().map(PathBuf::as_path));
        for directory in directories {
            let execution = self.directory(directory).await;
            if execution.has_failed() || execution.is_unreachable() {
                return execution;
            }
            changed |= is_true(&execution.result, "changed");
        }
        for file in &tree.files {
            let path = self.source.join(file);
            let content = match files::read(self.context, &path, self.decrypt) {
                Ok(content) => content,
                Err(report) => return Execution::action_error(report),
            };
            let mut arguments = preserve(self.arguments.clone(), &path);
            arguments.insert("dest", self.root.join(file).display().to_string());
            arguments.remove("directory_mode");
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let placement = Placement { content, name, source: path.display().to_string(), at_once: false };
            let execution = place_in(self.context, self.session, self.reach, arguments, placement).await;
            if execution.has_failed() || execution.is_unreachable() {
                return execution;
            }
            changed |= is_true(&execution.result, "changed");
            if let Some(diff) = execution.result.get("diff") {
                match diff.as_list() {
                    Some(several) => diffs.extend(several.iter().cloned()),
                    None => diffs.push(diff.clone()),
                }
            }
            if tree.files.len() == 1 && tree.directories.is_empty() && tree.links.is_empty() {
                return execution;
            }
        }
        for (link, target) in &tree.links {
            let arguments = Dict::from([
                ("path", Value::from(self.root.join(link).display().to_string())),
                ("src", target.display().to_string().into()),
                ("state", "link".into()),
                ("force", true.into()),
            ]);
            let execution = in_session(self.context, self.session, self.reach, "file", arguments, vec![]).await;
            if execution.has_failed() || execution.is_unreachable() {
                return execution;
            }
            changed |= is_true(&execution.result, "changed");
        }
        // A directory to copy into ends in a slash, whether written so or not; one whose contents are copied does, too.
        let slashed = |path: String| if path.ends_with('/') { path } else { format!("{path}/") };
        let source = self.source.display().to_string();
        let mut result = Dict::from([
            ("changed", Value::from(changed)),
            ("dest", slashed(self.arguments.get("dest").map(Value::to_text).unwrap_or_default()).into()),
            ("src", if self.contents { slashed(source) } else { source }.into()),
        ]);
        if !diffs.is_empty() {
            result.insert("diff", diffs);
        }
        Execution::by_module(result)
    }

    async fn directory(&self, below: &Path) -> Execution {
        let mut arguments = Dict::from([
            ("path", Value::from(self.root.join(below).display().to_string())),
            ("state", "directory".into()),
        ]);
        for name in ["owner", "group", "attributes", "unsafe_writes"] {
            if let Some(value) = self.arguments.get(name) {
                arguments.insert(name, value.clone());
            }
        }
        if let Some(mode) = self.arguments.get("directory_mode") {
            arguments.insert("mode", mode.clone());
        }
        in_session(self.context, self.session, self.reach, "file", arguments, vec![]).await
    }
}
