//! Which role an entry means, and where it is.

use crate::Keywords;
use crate::context::Context;
use crate::fields::{self, check_texts, place};
use crate::files::{absolute, expand_home};
use crate::keyword_table::Element;
use crate::loader::{Loader, RoleInclude};
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Origin, Value};
use std::path::{Path, PathBuf};
use std::sync::Arc;

type Result<T> = std::result::Result<T, Report>;

/// One wish for a role.
#[derive(Clone, Default)]
pub(crate) struct RoleUse {
    /// The name, rendered.
    pub(crate) name: Arc<str>,
    /// Where the name is asked for.
    pub(crate) origin: Option<Origin>,
    /// Parameters beside the name.
    pub(crate) params: Arc<Dict>,
    /// `vars:`
    pub(crate) include_vars: Arc<Dict>,
    /// Keywords of the entry.
    pub(crate) keywords: Keywords,
    /// Files to use instead of `main`, and the other options.
    pub(crate) options: RoleInclude,
    pub(crate) from_include: bool,
    pub(crate) public: bool,
    /// The directory of the role that depends on this one.
    pub(crate) dependent: Option<PathBuf>,
}

/// A role's directory and names.
pub(crate) struct RolePlace {
    pub(crate) name: Arc<str>,
    pub(crate) collection: Option<Arc<str>>,
    pub(crate) path: PathBuf,
}

impl Loader {
    /// An entry of `roles:` or of `dependencies`.
    pub(crate) fn role_entry(&self, entry: &Value, context: &Context) -> Result<RoleUse> {
        match &entry.data {
            Data::Str(text) if text.contains(',') => {
                Err(Report::new(format!("Invalid old style role requirement: {text}")))
            }
            Data::Str(_) => Ok(RoleUse {
                name: self.role_text(entry, entry.origin(), context)?,
                origin: entry.origin(),
                public: !self.environment.private_role_vars().unwrap_or(false),
                ..RoleUse::default()
            }),
            Data::Dict(entries) => {
                let wanted = entries.get("role").or_else(|| entries.get("name"));
                let Some(wanted) = wanted.filter(|name| name.as_str().is_some()) else {
                    let message = "role definitions must contain a role name";
                    return Err(Report::new(message).at(entry.origin()));
                };
                check_texts(entries, Element::RoleInclude, entry.origin())?;
                let mut keywords = fields::keywords(entries, Element::RoleInclude, &*self.environment)?;
                let include_vars = keywords.vars.pop().unwrap_or_default();
                let mut params = Dict::new();
                for (key, value) in entries.iter() {
                    if !key.as_str().is_some_and(|name| Element::RoleInclude.takes(name)) {
                        params.insert(key.clone(), value.clone());
                    }
                }
                Ok(RoleUse {
                    name: self.role_text(wanted, entry.origin(), context)?,
                    origin: entry.origin(),
                    params: Arc::new(params),
                    include_vars,
                    keywords,
                    public: !self.environment.private_role_vars().unwrap_or(false),
                    ..RoleUse::default()
                })
            }
            _ => Err(Report::parser("Invalid role definition.").at(place(entry))),
        }
    }

    fn role_text(&self, name: &Value, origin: Option<Origin>, context: &Context) -> Result<Arc<str>> {
        let rendered = self.name_of(name, context, &[]).map_err(|error| error.or_at(origin))?;
        Ok(rendered.to_text().into())
    }

    /// Find a role: in collections, in `roles` beside the playbook, on the roles path, beside the role that depends on
    /// it, beside the playbook, or as a path.
    pub(crate) fn find_role(&self, wanted: &RoleUse, context: &Context) -> Result<RolePlace> {
        let mut collections = context.collections();
        let is_dependent = wanted.dependent.is_some() || context.role.is_some();
        let names_legacy = collections.iter().any(|name| matches!(&**name, "ansible.legacy" | "ansible.builtin"));
        if (wanted.dependent.is_some() || !collections.is_empty()) && !names_legacy {
            collections.push("ansible.legacy".into());
        }
        let name = &*wanted.name;
        if let Some(found) = self.collection_role(name, &collections) {
            return Ok(found);
        }
        let basedir = &context.play.search_directory;
        let mut places = vec![basedir.join("roles")];
        places.extend(self.environment.roles_path());
        if let Some(parent) = wanted.dependent.as_deref().filter(|_| is_dependent).and_then(Path::parent) {
            places.push(parent.to_path_buf());
        }
        places.push(basedir.clone());
        let relative = expand_home(name);
        for directory in &places {
            let path = absolute(&directory.join(&relative));
            if path.is_dir() {
                return Ok(RolePlace { name: name.into(), collection: None, path: real(path) });
            }
        }
        let literal = absolute(&relative);
        if (relative.is_absolute() || name.contains('/')) && literal.is_dir() {
            let base = literal.file_name().map_or_else(|| name.into(), |base| base.to_string_lossy().into());
            return Ok(RolePlace { name: base, collection: None, path: real(literal) });
        }
        let searched: Vec<String> = collections
            .iter()
            .map(|collection| collection.to_string())
            .chain(places.iter().map(|path| path.display().to_string()))
            .collect();
        let message = format!("the role '{name}' was not found in {}", searched.join(":"));
        Err(Report::new(message).at(wanted.origin))
    }

    fn collection_role(&self, name: &str, collections: &[Arc<str>]) -> Option<RolePlace> {
        let parts: Vec<&str> = name.split('.').collect();
        let is_word = |part: &&str| {
            part.chars().all(|c| c == '_' || c.is_alphanumeric()) && !part.starts_with(|c: char| c.is_ascii_digit())
        };
        let mut candidates: Vec<(String, String)> = Vec::new();
        if parts.len() >= 3 && parts.iter().all(|part| !part.is_empty() && is_word(part)) {
            candidates.push((format!("{}.{}", parts[0], parts[1]), parts[2..].join("/")));
        } else if !name.contains(['/', '.']) {
            candidates.extend(collections.iter().map(|collection| (collection.to_string(), name.to_owned())));
        }
        for (collection, role) in candidates {
            let Some((namespace, rest)) = collection.split_once('.') else { continue };
            for root in self.environment.collections_paths() {
                let base = if root.file_name().is_some_and(|last| last == "ansible_collections") {
                    root
                } else {
                    root.join("ansible_collections")
                };
                let directory = base.join(namespace).join(rest);
                if !directory.is_dir() {
                    continue;
                }
                if self.environment.collection_used(&collection, &directory).is_err() {
                    // As if it were not there.
                    break;
                }
                let path = directory.join("roles").join(&role);
                if path.is_dir() {
                    let role = role.replace('/', ".");
                    return Some(RolePlace { name: role.into(), collection: Some(collection.into()), path });
                }
            }
        }
        None
    }
}

/// A role's own directory, symbolic links followed.
fn real(path: PathBuf) -> PathBuf {
    std::fs::canonicalize(&path).unwrap_or(path)
}
