//! Submodules.

use super::repository::{LIMIT, Repository};
use churten_module::prelude::*;

/// The branch that tracked submodules are compared with.
const TRACKED: &str = "master";

impl Repository<'_> {
    /// Fetch into the submodules; true when one of them is not where it should be.
    pub(super) fn fetch_submodules(&self) -> Result<bool> {
        let file = self.dest.join(".gitmodules");
        if self.host.stat(&file)?.is_none() {
            return Ok(false);
        }
        let text = String::from_utf8_lossy(&self.host.read_bounded(&file, LIMIT)?).into_owned();
        for line in text.lines().map(str::trim).filter(|line| line.starts_with("path")) {
            let Some((_, path)) = line.split_once('=') else { continue };
            if self.host.stat(&self.dest.join(path.trim()).join(".git"))?.is_none() {
                return Ok(true);
            }
        }
        let before = self.submodule_versions("HEAD")?;
        self.successful(&["submodule", "foreach", &self.program, "fetch"])?;
        if self.module.track_submodules {
            return Ok(before != self.submodule_versions(&format!("{}/{TRACKED}", self.module.remote))?);
        }
        let said = self.successful(&["submodule", "status"])?;
        Ok(said.lines().any(|line| !line.starts_with(' ')))
    }

    /// The commits of all submodules, as git tells them.
    fn submodule_versions(&self, version: &str) -> Result<Vec<String>> {
        let output = self.finished(&["submodule", "foreach", &self.program, "rev-parse", version])?;
        if !output.success() {
            return Err(Failure::new("Unable to determine hashes of submodules")
                .with("stdout", output.stdout_text())
                .with("stderr", output.stderr_text())
                .with("rc", output.code));
        }
        Ok(output.stdout_text().lines().map(str::to_owned).collect())
    }

    /// Bring the submodules to where they should be.
    pub(super) fn update_submodules(&self) -> Result<()> {
        if self.host.stat(&self.dest.join(".gitmodules"))?.is_none() {
            return Ok(());
        }
        self.successful(&["submodule", "sync"])?;
        let mut words = vec!["submodule", "update", "--init", "--recursive"];
        if self.module.track_submodules {
            words.push("--remote");
        }
        if self.module.force {
            words.push("--force");
        }
        let output = self.finished(&words)?;
        if output.success() {
            return Ok(());
        }
        fail!("Failed to init/update submodules: {}{}", output.stdout_text(), output.stderr_text())
    }
}
