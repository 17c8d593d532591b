//! What a module in Python needs of `module_utils`: its imports, theirs, and so on.

use crate::imports::{Import, imports};
use crate::library::Library;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The most files one module may need, and the most bytes of one of them.
const MAX_FILES: usize = 2000;
const MAX_BYTES: u64 = 8 << 20;

/// Where Python code is looked for.
#[derive(Clone, Debug)]
pub struct Places {
    /// The installed ansible-core.
    pub library: Library,
    /// Directories with `module_utils` of the project's own, the first wins, all before ansible-core's.
    pub own: Vec<PathBuf>,
    /// Directories that hold `ansible_collections`.
    pub collections: Vec<PathBuf>,
}

/// Something that a module imports and that is nowhere, or cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Missing {
    /// There is none.
    #[error("Could not find imported module support code for {module}. Looked for ({looked})")]
    Import {
        /// The module that needs it.
        module: String,
        /// The names that were looked for, as a Python list.
        looked: String,
    },
    /// A file cannot be read.
    #[error("{path}: {reason}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// There is no end of it.
    #[error("{0} needs more than {MAX_FILES} files of module_utils")]
    TooMany(String),
}

/// A file of the closure: its dotted name, and whether it is a package's `__init__`.
#[derive(Clone, Debug)]
struct Unit {
    name: String,
    is_package: bool,
    source: Vec<u8>,
}

/// The files that a module's source needs, by their path in the archive. `name` is the module's dotted name
/// (`ansible.modules.ping`).
pub(crate) fn closure(name: &str, source: &[u8], places: &Places) -> Result<BTreeMap<String, Vec<u8>>, Missing> {
    let mut files = BTreeMap::new();
    let mut seen = BTreeSet::new();
    // What starts a module is ansible-core's own.
    let start = "from ansible.module_utils._internal._ansiballz import _loader\nfrom ansible.module_utils._internal._json._profiles import _module_legacy_c2m, _module_legacy_m2c\nfrom ansible.module_utils import basic\n";
    let mut waiting = vec![
        Unit { name: name.to_owned(), is_package: false, source: source.to_vec() },
        Unit { name: "ansible.start".to_owned(), is_package: false, source: start.as_bytes().to_vec() },
    ];
    while let Some(unit) = waiting.pop() {
        let text = String::from_utf8_lossy(&unit.source).into_owned();
        let is_start = unit.name == "ansible.start";
        for import in imports(&text) {
            let Some(module) = absolute(&unit, &import) else { continue };
            let module = below_six(module);
            let is_package = module == "ansible" && import.names.iter().any(|name| name == "module_utils");
            if !is_package && !is_support(&module) {
                continue;
            }
            let mut found = false;
            for name in &import.names {
                let full = format!("{module}.{name}");
                if name != "*" && is_support(&full) && add(&full, places, &mut seen, &mut files, &mut waiting)? {
                    found = true;
                }
            }
            found |= add(&module, places, &mut seen, &mut files, &mut waiting)?;
            if !found && !is_start {
                let first = import.names.first().map(|name| format!("{module}.{name}"));
                let looked: Vec<String> =
                    first.iter().chain([&module]).map(|name| churten_value::str_repr(name)).collect();
                let module = ansible_name(name);
                return Err(Missing::Import { module, looked: format!("[{}]", looked.join(", ")) });
            }
        }
        if files.len() > MAX_FILES {
            return Err(Missing::TooMany(name.to_owned()));
        }
    }
    Ok(files)
}

/// `six.moves` and what is below are made by `six` as it is imported.
fn below_six(module: String) -> String {
    const SIX: &str = "ansible.module_utils.six";
    if module.strip_prefix(SIX).is_some_and(|rest| rest.starts_with('.')) { SIX.to_owned() } else { module }
}

/// The module's name as messages have it.
fn ansible_name(python_name: &str) -> String {
    match python_name.strip_prefix("ansible_collections.") {
        Some(rest) => rest.replacen(".plugins.modules", "", 1),
        None => format!("ansible.legacy.{}", python_name.rsplit('.').next().unwrap_or(python_name)),
    }
}

/// True for a dotted name that travels with the module.
fn is_support(name: &str) -> bool {
    let mut parts = name.split('.');
    match parts.next() {
        Some("ansible") => parts.next() == Some("module_utils"),
        // Anything of a collection may be imported from it.
        Some("ansible_collections") => parts.count() >= 2,
        _ => false,
    }
}

/// The absolute name of an import's module.
fn absolute(unit: &Unit, import: &Import) -> Option<String> {
    if import.level == 0 {
        return Some(import.module.clone());
    }
    let mut package: Vec<&str> = unit.name.split('.').collect();
    let up = if unit.is_package { import.level - 1 } else { import.level };
    package.truncate(package.len().checked_sub(up)?);
    if !import.module.is_empty() {
        package.push(&import.module);
    }
    Some(package.join("."))
}

/// Takes in a dotted name with the packages above it; false when there is no such module.
fn add(
    name: &str,
    places: &Places,
    seen: &mut BTreeSet<String>,
    files: &mut BTreeMap<String, Vec<u8>>,
    waiting: &mut Vec<Unit>,
) -> Result<bool, Missing> {
    if seen.contains(name) {
        return Ok(true);
    }
    let Some((path, is_package)) = find(name, places) else { return Ok(false) };
    let source = match path {
        Some(path) => read(&path)?,
        // A directory without `__init__.py` is a package all the same.
        None => Vec::new(),
    };
    seen.insert(name.to_owned());
    let inner = name.replace('.', "/");
    let inner = if is_package { format!("{inner}/__init__.py") } else { format!("{inner}.py") };
    files.insert(inner, source.clone());
    waiting.push(Unit { name: name.to_owned(), is_package, source });
    // The packages above; the top ones are written by the archive itself.
    if let Some((parent, _)) = name.rsplit_once('.')
        && is_support(parent)
    {
        add(parent, places, seen, files, waiting)?;
    }
    Ok(true)
}

/// The file of a dotted name, and whether it is a package.
fn find(name: &str, places: &Places) -> Option<(Option<PathBuf>, bool)> {
    let mut roots: Vec<PathBuf> = Vec::new();
    let relative = if let Some(rest) = name.strip_prefix("ansible.module_utils.") {
        roots.extend(places.own.iter().cloned());
        roots.push(places.library.root.join("ansible/module_utils"));
        rest
    } else if name == "ansible.module_utils" {
        roots.push(places.library.root.join("ansible"));
        "module_utils"
    } else {
        let rest = name.strip_prefix("ansible_collections.")?;
        let within = |root: &PathBuf| {
            if root.ends_with("ansible_collections") { root.clone() } else { root.join("ansible_collections") }
        };
        roots.extend(places.collections.iter().map(within));
        rest
    };
    let is_word = |part: &str| !part.is_empty() && part.chars().all(|letter| letter == '_' || letter.is_alphanumeric());
    if !relative.split('.').all(is_word) {
        return None;
    }
    let relative: PathBuf = relative.split('.').collect();
    roots.iter().find_map(|root| {
        let base = root.join(&relative);
        let package = base.join("__init__.py");
        if package.is_file() {
            return Some((Some(package), true));
        }
        let file = with_suffix(&base);
        if file.is_file() {
            return Some((Some(file), false));
        }
        base.is_dir().then_some((None, true))
    })
}

fn with_suffix(base: &Path) -> PathBuf {
    let mut name = base.as_os_str().to_owned();
    name.push(".py");
    name.into()
}

fn read(path: &Path) -> Result<Vec<u8>, Missing> {
    let unreadable = |reason: String| Missing::Unreadable { path: path.to_owned(), reason };
    let size = std::fs::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
    if size > MAX_BYTES {
        return Err(unreadable(format!("larger than {MAX_BYTES} bytes")));
    }
    std::fs::read(path).map_err(|error| unreadable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::{Missing, Places, closure};
    use crate::library::Library;

    fn places(root: &std::path::Path) -> Places {
        let library = Library { root: root.join("site"), version: "2.19.14".into() };
        Places { library, own: vec![root.join("own")], collections: vec![root.to_owned()] }
    }

    #[test]
    fn imports_are_followed() {
        let directory = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = directory.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("site/ansible/module_utils/__init__.py", "");
        write(
            "site/ansible/module_utils/basic.py",
            "from ansible.module_utils.common.text import converters\nimport os\n",
        );
        write("site/ansible/module_utils/common/__init__.py", "");
        write("site/ansible/module_utils/common/text/converters.py", "from ..file import x\n");
        write("site/ansible/module_utils/common/file.py", "x = 1\n");
        write("own/mine.py", "");
        write("own/basic2.py", "from ansible.module_utils import mine\n");
        write("ansible_collections/n/c/plugins/module_utils/a/__init__.py", "from .b import c\n");
        write("ansible_collections/n/c/plugins/module_utils/a/b.py", "c = 1\n");
        let source = "from ansible.module_utils.basic import AnsibleModule\nfrom ansible.module_utils.basic2 import y\n\
                      from ..module_utils import a\nfrom ..module_utils.a import q\n";
        let places = places(directory.path());
        let files = closure("ansible_collections.n.c.plugins.modules.m", source.as_bytes(), &places).unwrap();
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "ansible/module_utils/__init__.py",
                "ansible/module_utils/basic.py",
                "ansible/module_utils/basic2.py",
                "ansible/module_utils/common/__init__.py",
                "ansible/module_utils/common/file.py",
                "ansible/module_utils/common/text/__init__.py",
                "ansible/module_utils/common/text/converters.py",
                "ansible/module_utils/mine.py",
                "ansible_collections/n/c/__init__.py",
                "ansible_collections/n/c/plugins/__init__.py",
                "ansible_collections/n/c/plugins/module_utils/__init__.py",
                "ansible_collections/n/c/plugins/module_utils/a/__init__.py",
                "ansible_collections/n/c/plugins/module_utils/a/b.py",
            ]
        );
        let missing = closure("ansible.modules.m", b"from ansible.module_utils.gone import x\n", &places).unwrap_err();
        assert_eq!(
            missing,
            Missing::Import {
                module: "ansible.legacy.m".into(),
                looked: "['ansible.module_utils.gone.x', 'ansible.module_utils.gone']".into()
            }
        );
    }
}
