//! The directories that hold `ansible_collections`.

use churten_config::Settings;
use std::path::{Path, PathBuf};

/// The directories in which collections are looked for, in order: the setting `COLLECTIONS_PATHS`, then, unless
/// `COLLECTIONS_SCAN_SYS_PATH` is off, the libraries of the Python that Ansible is installed for. Each holds
/// `ansible_collections`, or is that directory itself.
pub fn roots(settings: &Settings) -> Vec<PathBuf> {
    let mut roots = settings.collections_paths();
    if settings.collections_scan_sys_path() {
        let environment = settings.environment();
        let variable = |name: &str| environment.variables.get(name).map(String::as_str).unwrap_or_default();
        let python_path = std::env::split_paths(variable("PYTHONPATH")).filter(|path| path.is_absolute());
        roots.extend(python_path);
        roots.extend(python_libraries(variable("PATH"), variable("VIRTUAL_ENV"), &environment.home));
    }
    roots
}

/// The libraries of one installation: of the first `ansible-playbook` on the path that is a Python program, else of
/// the virtual environment, else of the user and the system. No Python is started.
fn python_libraries(path: &str, virtual_environment: &str, home: &Path) -> Vec<PathBuf> {
    let prefixes = std::env::split_paths(path)
        .filter_map(|directory| interpreter(&directory.join("ansible-playbook")))
        .filter_map(|python| Some(python.parent()?.parent()?.to_owned()))
        .chain((!virtual_environment.is_empty()).then(|| PathBuf::from(virtual_environment)));
    for prefix in prefixes {
        let found = libraries(&prefix);
        if !found.is_empty() {
            return found;
        }
    }
    [&home.join(".local"), Path::new("/usr/local"), Path::new("/usr")].into_iter().flat_map(libraries).collect()
}

/// The interpreter that the first line of a script names.
fn interpreter(script: &Path) -> Option<PathBuf> {
    use std::io::Read as _;
    let mut start = [0; 256];
    let length = std::fs::File::open(script).and_then(|mut file| file.read(&mut start)).ok()?;
    let line = start.get(..length)?.split(|byte| *byte == b'\n').next()?;
    let line = std::str::from_utf8(line).ok()?.strip_prefix("#!")?;
    let program = Path::new(line.split_whitespace().next()?);
    program.file_name()?.to_str()?.starts_with("python").then(|| program.to_owned())
}

/// Directories below an installation's prefix that hold collections.
fn libraries(prefix: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(prefix.join("lib")) else { return Vec::new() };
    let mut versions: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_str().is_some_and(|name| name.starts_with("python")))
        .map(|entry| entry.path())
        .collect();
    versions.sort();
    versions
        .iter()
        .flat_map(|version| ["site-packages", "dist-packages"].map(|name| version.join(name)))
        .filter(|library| library.join("ansible_collections").is_dir())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::python_libraries;
    use std::fs;

    #[test]
    fn an_installed_ansible_is_found() {
        let directory = tempfile::tempdir().expect("a directory");
        let at = |name: &str| directory.path().join(name);
        let library = at("env/lib/python3.11/site-packages");
        fs::create_dir_all(library.join("ansible_collections")).expect("made");
        fs::create_dir_all(at("env/bin")).expect("made");
        fs::create_dir_all(at("links")).expect("made");
        // A native program of that name is no installation.
        fs::write(at("links/ansible-playbook"), b"\x7fELF").expect("written");
        let script = format!("#!{}\nimport re\n", at("env/bin/python3").display());
        fs::write(at("env/bin/ansible-playbook"), script).expect("written");
        let path = format!("{}:{}", at("links").display(), at("env/bin").display());
        assert_eq!(python_libraries(&path, "", directory.path()), std::slice::from_ref(&library));
        assert_eq!(python_libraries("", &at("env").to_string_lossy(), directory.path()), [library]);
    }
}
