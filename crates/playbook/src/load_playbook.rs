//! Playbook files and `import_playbook`.

use crate::fields::{self, check_names, check_texts, class_of, place};
use crate::keyword_table::Element;
use crate::load_play::Imported;
use crate::loader::Loader;
use crate::{Play, files};
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Origin, Value};
use std::path::{Path, PathBuf};
use std::sync::Arc;

type Result<T> = std::result::Result<T, Report>;

/// Playbooks that import each other deeper than this are a recursion.
const MAX_IMPORTS: usize = 64;
const IMPORT: [&str; 3] = ["import_playbook", "ansible.builtin.import_playbook", "ansible.legacy.import_playbook"];

/// Where the file of a play is.
pub(crate) struct PlaybookFile {
    /// Its directory, absolute and without `..`.
    pub(crate) directory: PathBuf,
    /// Its directory as the imports around it name it, absolute.
    pub(crate) search_directory: PathBuf,
    /// The collection it is in, in which short names are looked for first.
    pub(crate) collection: Option<Arc<str>>,
}

impl PlaybookFile {
    fn in_directory(directory: &Path, collection: Option<Arc<str>>) -> Self {
        Self { directory: files::absolute(directory), search_directory: directory.to_path_buf(), collection }
    }
}

impl Loader {
    /// A play that stands in no file, as `ansible` makes one. `directory` is its playbook directory.
    ///
    /// # Errors
    /// The first thing wrong with the content, in ansible-core's words.
    pub fn play_of(&self, play: &Dict, origin: Option<Origin>, directory: &Path) -> Result<Arc<Play>> {
        let file = PlaybookFile::in_directory(&files::absolute(directory), None);
        self.play(play, origin, &file, &Imported::default()).map(Arc::new)
    }

    /// The plays of a file. `written` is its absolute path, with `..` where an import has it.
    pub(crate) fn playbook_file(
        &self,
        written: &Path,
        imported: &Arc<Imported>,
        depth: usize,
    ) -> Result<Vec<Arc<Play>>> {
        let path = &*files::absolute(written);
        let collection = self.collection_of(path)?;
        let data = files::load(&*self.environment, path)?;
        let entries = match &data.data {
            Data::None => {
                return Err(Report::parser(format!("Empty playbook, nothing to do: {}", path.display())));
            }
            Data::List(entries) if entries.is_empty() => {
                let message = format!("A playbook must contain at least one play: {}", path.display());
                return Err(Report::parser(message));
            }
            Data::List(entries) => entries,
            _ => {
                let message = format!(
                    "A playbook must be a list of plays, got a {} instead: {}",
                    class_of(&data),
                    path.display()
                );
                return Err(Report::parser(message).at(data.origin()));
            }
        };
        if let Some(directory) = path.parent() {
            self.environment.directory_found(directory);
        }
        let file = PlaybookFile::in_directory(written.parent().unwrap_or(Path::new("/")), collection);
        let mut plays = Vec::new();
        for entry in entries.iter() {
            let Some(keys) = entry.as_dict() else {
                let message = "playbook entries must be either valid plays or 'import_playbook' statements";
                return Err(Report::parser(message).at(place(entry)));
            };
            if IMPORT.iter().any(|name| keys.contains(name)) {
                plays.extend(self.import(keys, entry.origin(), &file.search_directory, imported, depth)?);
            } else {
                plays.push(Arc::new(self.play(keys, entry.origin(), &file, imported)?));
            }
        }
        Ok(plays)
    }

    fn import(
        &self,
        written: &Dict,
        origin: Option<Origin>,
        directory: &Path,
        outer: &Imported,
        depth: usize,
    ) -> Result<Vec<Arc<Play>>> {
        let mut keys = Dict::new();
        for (key, value) in written {
            match key.as_str() {
                Some(name) if IMPORT.contains(&name) => {
                    let key = Value::str("import_playbook").with_tags(key.tags);
                    keys.insert(key, value.clone());
                }
                _ => {
                    keys.insert(key.clone(), value.clone());
                }
            }
        }
        check_names(&keys, Element::PlaybookInclude)?;
        let own = fields::keywords(&keys, Element::PlaybookInclude, &*self.environment)?;
        check_texts(&keys, Element::PlaybookInclude, origin)?;
        let Some(target) = keys.get("import_playbook").filter(|target| !target.is_none()) else {
            let message = "The field 'import_playbook' is required but was not set.";
            return Err(Report::parser(message).at(origin));
        };
        if depth >= MAX_IMPORTS {
            return Err(Report::new("import_playbook statements import each other").at(origin));
        }
        let vars = own.vars.first().cloned().unwrap_or_default();
        let rendered = if self.environment.is_template(target) {
            self.environment.render(target, std::slice::from_ref(&vars)).map_err(|cause| {
                let message = format!("Error processing keyword 'import_playbook': {}", cause.headline());
                Report::parser(message).at(place(target))
            })?
        } else {
            target.clone()
        };
        let name = rendered.to_text();
        let path = collection_playbook(&self.environment.collections_paths(), &name)
            .unwrap_or_else(|| directory.join(files::expand_home(&name)));
        let mut imported = outer.clone();
        imported.when.extend(own.when);
        for tag in own.tags {
            if !imported.tags.contains(&tag) {
                imported.tags.push(tag);
            }
        }
        if !vars.is_empty() {
            // The outer import's vars are merged last: they win.
            imported.vars.insert(0, vars);
        }
        self.playbook_file(&path, &Arc::new(imported), depth + 1)
    }

    /// The collection a playbook's file is in.
    fn collection_of(&self, path: &Path) -> Result<Option<Arc<str>>> {
        for root in self.environment.collections_paths() {
            let base = if root.ends_with("ansible_collections") { root } else { root.join("ansible_collections") };
            let Ok(inside) = path.strip_prefix(&base) else { continue };
            let mut parts = inside.iter().map(|part| part.to_string_lossy());
            let (Some(namespace), Some(name), Some(_)) = (parts.next(), parts.next(), parts.next()) else { continue };
            let collection = format!("{namespace}.{name}");
            self.environment.collection_used(&collection, &base.join(&*namespace).join(&*name))?;
            return Ok(Some(collection.into()));
        }
        Ok(None)
    }
}

/// The file of a playbook of a collection, `namespace.collection.playbook`, below one of the directories `roots` that hold
/// `ansible_collections`.
pub fn collection_playbook(roots: &[PathBuf], name: &str) -> Option<PathBuf> {
    let parts: Vec<&str> = name.split('.').collect();
    let (namespace, collection, rest) = match parts.as_slice() {
        [namespace, collection, rest @ ..] if !rest.is_empty() && !name.contains('/') => (namespace, collection, rest),
        _ => return None,
    };
    roots.iter().find_map(|root| {
        let base = if root.ends_with("ansible_collections") { root.clone() } else { root.join("ansible_collections") };
        let playbooks = base.join(namespace).join(collection).join("playbooks");
        let stem = match rest {
            [stem @ .., "yml" | "yaml"] if !stem.is_empty() => stem,
            _ => rest,
        };
        ["yml", "yaml"]
            .iter()
            .map(|extension| playbooks.join(format!("{}.{extension}", stem.join("/"))))
            .find(|path| path.is_file())
    })
}
