//! The directories that hold `ansible_collections`.

use churten_config::Settings;
use std::path::{Path, PathBuf};

/// The directories in which collections are looked for, in order: the setting `COLLECTIONS_PATHS`, then, unless
/// `COLLECTIONS_SCAN_SYS_PATH` is off, the libraries of the Python that Ansible is installed for. Each holds
/// `ansible_collections`, or is that directory itself.
pub fn roots(settings: &Settings) -> Vec<PathBuf> {
    let mut roots = settings.collections_paths();
    if settings.collections_scan_sys_path() {
        roots.extend(libraries_with(settings, &|library| library.join("ansible_collections").is_dir()));
    }
    roots
}

/// The directories of `PYTHONPATH` and the libraries of the Python that Ansible is installed for (`site-packages`), in
/// which ansible-core itself may be.
pub fn libraries(settings: &Settings) -> Vec<PathBuf> {
    libraries_with(settings, &|library| library.join("ansible/module_utils").is_dir())
}

fn libraries_with(settings: &Settings, wanted: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let environment = settings.environment();
    let variable = |name: &str| environment.variables.get(name).map(String::as_str).unwrap_or_default();
    let python_path = std::env::split_paths(variable("PYTHONPATH")).filter(|path| path.is_absolute());
    let mut found: Vec<PathBuf> = python_path.collect();
    found.extend(python_libraries(variable("PATH"), variable("VIRTUAL_ENV"), &environment.home, wanted));
    found
}

/// The libraries of one installation: of the first `ansible-playbook` on the path that is a Python program, else of
/// the virtual environment, else of the user and the system. No Python is started.
fn python_libraries(
    path: &str,
    virtual_environment: &str,
    home: &Path,
    wanted: &dyn Fn(&Path) -> bool,
) -> Vec<PathBuf> {
    let prefixes = std::env::split_paths(path)
        .filter_map(|directory| interpreter(&directory.join("ansible-playbook")))
        .filter_map(|python| Some(python.parent()?.parent()?.to_owned()))
        .chain((!virtual_environment.is_empty()).then(|| PathBuf::from(virtual_environment)));
    for prefix in prefixes {
        let found = libraries_of(&prefix, wanted);
        if !found.is_empty() {
            return found;
        }
    }
    [&home.join(".local"), Path::new("/usr/local"), Path::new("/usr")]
        .into_iter()
        .flat_map(|prefix| libraries_of(prefix, wanted))
        .collect()
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

/// Directories below an installation's prefix that hold what is wanted.
fn libraries_of(prefix: &Path, wanted: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
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
        .filter(|library| wanted(library))
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
        let wanted = |library: &std::path::Path| library.join("ansible_collections").is_dir();
        let found = |path: &str, environment: &str| python_libraries(path, environment, directory.path(), &wanted);
        assert_eq!(found(&path, ""), std::slice::from_ref(&library));
        assert_eq!(found("", &at("env").to_string_lossy()), [library]);
    }
}
