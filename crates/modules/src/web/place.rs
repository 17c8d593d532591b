//! Putting what was downloaded in its place.

use churten_module::prelude::*;

/// Put a downloaded file in its place, with the mode and owner of what was there.
pub(super) fn file(host: &dyn Host, source: &Path, dest: &Path) -> Result<()> {
    let dest = &host.real_path(dest);
    let directory = dest.parent().unwrap_or(Path::new("/"));
    let new = host.create_temporary(directory, ".ansible_tmp", "", false)?;
    let outcome = (|| -> std::io::Result<()> {
        let before = host.stat(dest)?;
        host.remove_file(&new)?;
        host.copy_file(source, &new, 0o600)?;
        match before {
            Some(stat) => {
                host.set_owner(&new, Some(stat.uid), Some(stat.gid), false)?;
                host.set_mode(&new, stat.mode)?;
            }
            None => host.set_mode(&new, 0o666 & !host.umask())?,
        }
        host.rename(&new, dest)
    })();
    if outcome.is_err() {
        let _ = host.remove_file(&new);
    }
    Ok(outcome?)
}

/// Keep a copy of a file as it is; the copy's name.
pub(super) fn keep(host: &dyn Host, path: &Path) -> Result<PathBuf> {
    let at = churten_module::time::local(host.observe(), host.now());
    let date = churten_module::time::python_text(&at);
    let date = date.split('.').next().unwrap_or_default().replacen(' ', "@", 1);
    let name = PathBuf::from(format!("{}.{}.{date}~", path.display(), host.process_id()));
    let stat = host.stat(path)?;
    let mode = stat.as_ref().map_or(0o600, |stat| stat.mode);
    host.copy_file(path, &name, mode)?;
    host.set_mode(&name, mode)?;
    if let Some(stat) = stat {
        host.set_times(&name, Some(stat.accessed), Some(stat.modified), true)?;
    }
    Ok(name)
}

/// The name of what is downloaded into a directory.
pub(super) fn name(url: &str, disposition: Option<&str>) -> String {
    let named = disposition.and_then(|text| {
        let (_, rest) = text.split_once("filename=")?;
        let name = rest.split(';').next()?.trim().trim_matches('"');
        Path::new(name).file_name().map(|name| name.to_string_lossy().into_owned())
    });
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let last = path.split_once('/').and_then(|(_, path)| path.rsplit('/').next()).filter(|name| !name.is_empty());
    named.unwrap_or_else(|| last.unwrap_or("index.html").to_owned())
}
