//! The bundled playbook, carried inside the program.

use churten_diagnostics::Report;
use include_dir::{Dir, include_dir};
use std::path::Path;

static PLAYBOOKS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/playbooks");
static ROLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/roles");
static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// Settings of the demo alone, so that those of the user do not change what it shows.
const CONFIGURATION: &str = "[defaults]\nroles_path = roles\nretry_files_enabled = False\n";

/// Write the playbook and all it needs below a directory.
pub(super) fn unpack(directory: &Path) -> Result<(), Report> {
    let failed = |error: std::io::Error| Report::new(format!("cannot unpack the demo: {error}"));
    for (name, content) in [("playbooks", &PLAYBOOKS), ("roles", &ROLES), ("templates", &TEMPLATES)] {
        let target = directory.join(name);
        std::fs::create_dir(&target).map_err(failed)?;
        content.extract(&target).map_err(failed)?;
    }
    std::fs::write(directory.join("ansible.cfg"), CONFIGURATION).map_err(failed)
}
