use churten_module::prelude::*;
use churten_module::python_error;

/// Create a temporary file or directory on the host.
///
/// Removing it is up to the caller.
#[derive(Args)]
pub(crate) struct Tempfile {
    /// What to create.
    #[arg(default = "file")]
    state: Kind,
    /// Where; the host's temporary directory when not given.
    path: Option<PathBuf>,
    /// How its name begins.
    #[arg(default = "ansible.")]
    prefix: String,
    /// How its name ends.
    #[arg(default = "")]
    suffix: String,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Directory,
}

impl Action for Tempfile {
    const NAME: &'static str = "tempfile";
    const CHECK: CheckMode = CheckMode::Skip;

    fn run(&self, host: &dyn Host, _options: &Options) -> Result<Dict> {
        let directory = self.path.clone().unwrap_or_else(|| {
            let named =
                ["TMPDIR", "TEMP", "TMP"].iter().filter_map(|name| host.variable(name)).find(|path| !path.is_empty());
            named.map_or_else(|| PathBuf::from("/tmp"), PathBuf::from)
        });
        let made = host
            .create_temporary(&directory, &self.prefix, &self.suffix, self.state == Kind::Directory)
            .map_err(|error| {
                // The name that was tried last is not worth keeping; the directory is what is wrong.
                let tried = directory.join(format!("{}{}", self.prefix, self.suffix));
                Failure::new(format!("{}: '{}'", python_error(&error), tried.display()))
            })?;
        Ok(Dict::from([("changed", Value::from(true)), ("path", made.display().to_string().into())]))
    }
}
