use crate::run;
use churten_module::prelude::*;

/// Say what dpkg should do with a package: keep it, hold it, remove it.
#[derive(Args)]
pub(crate) struct DpkgSelections {
    /// The package.
    name: String,
    /// What should be done.
    #[arg(choices("install", "hold", "deinstall", "purge"))]
    selection: String,
}

impl Action for DpkgSelections {
    const NAME: &'static str = "dpkg_selections";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let dpkg = run::program(host.observe(), "dpkg")?;
        let command = Command::new([&dpkg, "--get-selections", &self.name]).plain_locale();
        let said = run::successful(host, &command)?.stdout_text();
        let Some(before) = said.split_whitespace().nth(1) else {
            fail!("Failed to find package '{}' to perform selection '{}'.", self.name, self.selection);
        };
        let changed = before != self.selection;
        if changed && !options.check {
            let command = Command::new([&dpkg, "--set-selections"]).plain_locale();
            run::successful(host, &command.stdin(format!("{} {}", self.name, self.selection)))?;
        }
        Ok(Dict::from([
            ("changed", Value::from(changed)),
            ("before", before.into()),
            ("after", self.selection.as_str().into()),
        ]))
    }
}
