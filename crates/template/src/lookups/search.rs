//! Where lookups and templates find their files.

use super::Lookup;
use crate::eval::Session;
use crate::val::{Root, Val};
use std::path::{Path, PathBuf};

impl Session<'_> {
    /// The directories that relative paths are searched in, in order: the task's own search path, or the role and the
    /// playbook, then the base directory.
    pub(crate) fn search_directories(&self, root: Root) -> Vec<PathBuf> {
        let mut directories = Vec::new();
        let path = |name: &str| match self.variable(root, name) {
            Some(Val::Str(text)) => Some(PathBuf::from(&*text)),
            _ => None,
        };
        match self.variable(root, "ansible_search_path") {
            Some(list @ (Val::List(_) | Val::Tuple(_))) => {
                let items = self.items(&list).unwrap_or_default();
                directories.extend(items.iter().filter_map(Val::as_str).map(PathBuf::from));
            }
            _ => {
                directories.extend(path("role_path"));
                directories.extend(path("playbook_dir"));
            }
        }
        directories.push(self.shared.environment.basedir.clone());
        let mut unique: Vec<PathBuf> = Vec::with_capacity(directories.len());
        for directory in directories {
            if !unique.contains(&directory) {
                unique.push(directory);
            }
        }
        unique
    }

    /// The file that an `include`, `import` or `extends` names.
    pub(crate) fn find_template(&self, name: &str, root: Root) -> Option<PathBuf> {
        // Jinja2's loader refuses to leave its directories.
        if name.split('/').any(|part| part == "..") {
            return None;
        }
        if Path::new(name).is_absolute() {
            return Some(PathBuf::from(name)).filter(|path| path.is_file());
        }
        let own = self.search_path.iter().map(|directory| directory.join(name)).find(|path| path.is_file());
        own.or_else(|| {
            let directories = self.search_directories(root).into_iter();
            directories
                .flat_map(|directory| [directory.join("templates").join(name), directory.join(name)])
                .find(|path| path.is_file())
        })
    }
}

impl Lookup<'_, '_> {
    /// The first existing file or directory of a relative name: each search directory's `subdirectory`, then the
    /// directory itself.
    pub(crate) fn find_file(&self, subdirectory: &str, name: &str) -> Option<PathBuf> {
        let name = match name.strip_prefix("~/") {
            Some(rest) => {
                std::env::var_os("HOME").map_or_else(|| PathBuf::from(name), |home| Path::new(&home).join(rest))
            }
            None => PathBuf::from(name),
        };
        if name.is_absolute() {
            return Some(name).filter(|path| path.exists());
        }
        let directories = self.session.search_directories(self.root).into_iter();
        directories
            .flat_map(|directory| [directory.join(subdirectory).join(&name), directory.join(&name)])
            .find(|path| path.exists())
            .map(|path| std::path::absolute(&path).unwrap_or(path))
    }
}
