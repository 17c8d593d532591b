//! `copy` of a directory: every file and directory below it.

use super::ActionContext;
use super::contents::Contents;
use super::copy::{MODULE, Placement, announced, attachment, by_name, is_needed, place_in, preserve, upload_large};
use super::remote::{ModuleRun, in_order};
use crate::reach::{self, Reach};
use crate::task::{Execution, is_true};
use churten_connection::Session;
use churten_diagnostics::Report;
use churten_modules::copy::attachments::CONTENT;
use churten_protocol::{Attachment, Blob, Content};
use churten_value::{Dict, Value};
use std::path::{Path, PathBuf};

/// Directories nested deeper are taken for a loop of links.
const MAX_DEPTH: usize = 128;

/// Content up to this size is sent at once; of larger files the host is asked first whether it has them.
const SMALL: u64 = 2048;

/// How many files are in memory at a time.
const IN_MEMORY: usize = 32;

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
        if let ([file], [], []) = (&tree.files[..], &tree.directories[..], &tree.links[..]) {
            return self.single(file).await;
        }
        let changed = match self.parts(tree).await {
            Ok(changed) => changed,
            Err(execution) => return *execution,
        };
        // A directory to copy into ends in a slash, whether written so or not; one whose contents are copied does, too.
        let slashed = |path: String| if path.ends_with('/') { path } else { format!("{path}/") };
        let source = self.source.display().to_string();
        // Differences are told of a single file only, as in ansible-core.
        Execution::by_module(Dict::from([
            ("changed", Value::from(changed)),
            ("dest", slashed(self.arguments.get("dest").map(Value::to_text).unwrap_or_default()).into()),
            ("src", if self.contents { slashed(source) } else { source }.into()),
        ]))
    }

    /// A directory with one file: what the file comes to.
    async fn single(&self, file: &Path) -> Execution {
        match self.placement(file) {
            Ok((arguments, placement)) => place_in(self.context, self.session, self.reach, arguments, placement).await,
            Err(report) => Execution::action_error(report),
        }
    }

    /// Directories and files in one request, of larger files only what they are; then those that the host has not, and
    /// the links. True when something changed; the first part that failed is what the whole comes to.
    async fn parts(&self, tree: &Tree) -> Result<bool, Box<Execution>> {
        let mut runs: Vec<ModuleRun> = tree.directories.iter().map(|directory| self.directory(directory)).collect();
        let count = runs.len();
        for file in &tree.files {
            let (arguments, mut placement) = self.placement(file).map_err(refused)?;
            let content = if placement.content.size() > SMALL {
                announced(self.context, &placement.content).await.map_err(refused)?
            } else {
                attachment(CONTENT, Content::Bytes(Blob(placement.content.take())))
            };
            runs.push(placing(self.context, arguments, &placement, content));
        }
        let made = in_order(self.context, self.session, self.reach, runs).await;
        let files = made.get(count..).unwrap_or_default().iter().zip(&tree.files);
        let needed = files.filter(|(execution, _)| is_needed(execution)).map(|(_, file)| file).collect::<Vec<_>>();
        let mut changed = any_changed(made)?;
        changed |= any_changed(self.send(&needed).await?)?;
        let links = tree.links.iter().map(|(link, target)| {
            let mut arguments = Dict::from([
                ("path", Value::from(self.root.join(link).display().to_string())),
                ("src", target.display().to_string().into()),
                ("state", "link".into()),
                ("force", true.into()),
            ]);
            // They are those of what the link leads to, as links are followed.
            self.properties(&mut arguments);
            ModuleRun { module: "file", arguments, files: vec![] }
        });
        changed |= any_changed(in_order(self.context, self.session, self.reach, links.collect()).await)?;
        Ok(changed)
    }

    /// Send the files that the host has not, several in one request.
    async fn send(&self, needed: &[&PathBuf]) -> Result<Vec<Execution>, Box<Execution>> {
        let mut executions = vec![];
        for several in needed.chunks(IN_MEMORY) {
            let mut runs = vec![];
            for file in several {
                let (arguments, mut placement) = self.placement(file).map_err(refused)?;
                let uploaded = upload_large(self.context, self.session, self.reach, &placement).await;
                let content = match uploaded? {
                    Some(path) => Content::Uploaded(path),
                    None => Content::Bytes(Blob(placement.content.take())),
                };
                runs.push(placing(self.context, arguments, &placement, attachment(CONTENT, content)));
            }
            executions.extend(in_order(self.context, self.session, self.reach, runs).await);
            if executions.last().is_some_and(|last| last.has_failed() || last.is_unreachable()) {
                break;
            }
        }
        Ok(executions)
    }

    /// A file with the arguments that are the module's.
    fn placement(&self, file: &Path) -> Result<(Dict, Placement), Report> {
        let path = self.source.join(file);
        let content = Contents::of(self.context, &path, self.decrypt)?;
        let mut arguments = preserve(self.arguments.clone(), &path);
        // With the slash directories that are not there are made with their own mode; one that is there stays as it is.
        arguments.insert("dest", format!("{}/", self.root.display().to_string().trim_end_matches('/')));
        let name = file.to_string_lossy().into_owned();
        Ok((arguments, Placement { content, name, source: path.display().to_string(), at_once: false }))
    }

    /// What the task says of all that is copied.
    fn properties(&self, arguments: &mut Dict) {
        for name in ["owner", "group", "seuser", "serole", "setype", "selevel", "attributes", "unsafe_writes"] {
            if let Some(value) = self.arguments.get(name) {
                arguments.insert(name, value.clone());
            }
        }
    }

    fn directory(&self, below: &Path) -> ModuleRun {
        let mut arguments = Dict::from([
            ("path", Value::from(self.root.join(below).display().to_string())),
            ("state", "directory".into()),
        ]);
        self.properties(&mut arguments);
        if let Some(mode) = self.arguments.get("directory_mode") {
            arguments.insert("mode", mode.clone());
        }
        ModuleRun { module: "file", arguments, files: vec![] }
    }
}

fn refused(report: Report) -> Box<Execution> {
    Box::new(Execution::action_error(report))
}

/// Did one of the parts change something? The first that failed is an error.
fn any_changed(parts: Vec<Execution>) -> Result<bool, Box<Execution>> {
    let mut changed = false;
    for part in parts {
        if part.has_failed() || part.is_unreachable() {
            return Err(Box::new(part));
        }
        changed |= is_true(&part.result, "changed");
    }
    Ok(changed)
}

fn placing(context: &ActionContext<'_>, arguments: Dict, placement: &Placement, content: Attachment) -> ModuleRun {
    let (arguments, files) = by_name(context, arguments, placement, content);
    ModuleRun { module: MODULE, arguments, files }
}
