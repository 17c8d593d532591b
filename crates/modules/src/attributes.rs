//! Owner, mode and attributes for modules that act as they go.

use churten_module::prelude::*;

/// Give a file that is there its owner, mode and attributes; true when that changes, or would change, something.
pub(crate) fn apply(host: &dyn Host, options: &Options, path: &Path, file: &FileArguments) -> Result<bool> {
    let Some(stat) = host.lstat(path)? else { return Ok(false) };
    let (mut differences, mut plan) = (Differences::default(), Plan::new());
    let changed = file.plan(host.observe(), path, &stat, &mut differences, &mut plan)?;
    if changed && !options.check {
        churten_module::perform(host, &plan, options, &mut Dict::new())?;
    }
    Ok(changed)
}
