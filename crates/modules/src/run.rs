//! Running programs the way several modules do.

use churten_module::prelude::*;

/// The path of a program that must be there.
pub(crate) fn program(host: &dyn Observe, name: &str) -> Result<String> {
    host.require_program(name, &[]).map(|path| path.display().to_string())
}
