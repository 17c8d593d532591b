//! The tree as an archive.

use super::repository::Repository;
use churten_module::prelude::*;

/// The formats, by the end of the archive's name.
const FORMATS: &[(&str, &str)] = &[("zip", "zip"), ("gz", "tar.gz"), ("tar", "tar"), ("tgz", "tgz")];

impl Repository<'_> {
    /// Write the archive; false when it was there with the same content.
    pub(super) fn write_archive(&self, archive: &Path) -> Result<bool> {
        let end = archive.extension().and_then(|end| end.to_str()).unwrap_or_default();
        let Some((_, format)) = FORMATS.iter().find(|(known, _)| *known == end) else {
            let msg = format!("Unable to get file extension from archive file name : {}", archive.display());
            return Err(Failure::new(msg).with(
                "details",
                "Please specify archive as filename with extension. File extension can be one of ['tar', 'tar.gz', \
                 'zip', 'tgz']",
            ));
        };
        if self.host.stat(archive)?.is_none() {
            self.pack(format, archive)?;
            return Ok(true);
        }
        let directory = self.host.create_temporary(Path::new("/tmp"), "tmp", "", true)?;
        let name = self.module.repo.rsplit('/').next().unwrap_or_default().replace(".git", "");
        let new = directory.join(format!("{name}.{format}"));
        let done = self.pack(format, &new).and_then(|()| self.replace(&new, archive));
        let _ = self.host.remove_tree(&directory);
        done
    }

    fn replace(&self, new: &Path, archive: &Path) -> Result<bool> {
        let digest = |path: &Path| self.host.digest(path, Algorithm::Sha256);
        if digest(new)? == digest(archive)? {
            return Ok(false);
        }
        self.move_tree(new, archive)?;
        Ok(true)
    }

    fn pack(&self, format: &str, archive: &Path) -> Result<()> {
        let shown = archive.display().to_string();
        let mut words = vec!["archive", "--format", format, "--output", &shown];
        if let Some(prefix) = &self.module.archive_prefix {
            words.extend(["--prefix", prefix]);
        }
        words.push(&self.module.version);
        let output = self.finished(&words)?;
        if output.success() {
            return Ok(());
        }
        let dest = self.dest.display();
        let details = format!(
            "Git archive command failed to create archive {shown} using {dest} directory.Error: {}",
            output.stderr_text()
        );
        Err(Failure::new("Failed to perform archive operation").with("details", details))
    }
}
