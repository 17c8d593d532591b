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
                host.copy_extended_attributes(dest, &new, true)?;
                host.set_owner(&new, Some(stat.uid), Some(stat.gid), false)?;
                host.set_mode(&new, stat.mode)?;
            }
            None => host.set_mode(&new, 0o666 & !host.umask())?,
        }
        Ok(())
    })();
    let outcome = outcome
        .map_err(Failure::from)
        .and_then(|()| churten_module::label(host, Labelling::Kept, dest, &new))
        .and_then(|()| Ok(host.rename(&new, dest)?));
    if outcome.is_err() {
        let _ = host.remove_file(&new);
    }
    outcome
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
