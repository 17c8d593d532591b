use churten_module::prelude::*;
use churten_module::{base64, python_error};

/// Fetch a file's content from the host, as base64.
#[derive(Args)]
pub(crate) struct Slurp {
    /// The file.
    #[arg(alias("path"))]
    src: PathBuf,
}

/// Larger files do not fit a result, which has at most 64 MiB, four bytes for three of the file.
const LIMIT: u64 = 47 << 20;

impl Action for Slurp {
    const NAME: &'static str = "slurp";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, _options: &Options) -> Result<Dict> {
        let source = self.src.display().to_string();
        if let Ok(Some(stat)) = host.stat(&self.src)
            && stat.is_file()
            && stat.size > LIMIT
        {
            let msg = format!("slurp of {source}, {} bytes; of a file a result holds at most {LIMIT}", stat.size);
            return Err(Failure::not_yet(msg));
        }
        let content = host.read_bounded(&self.src, LIMIT).map_err(|error| {
            let msg = match error.raw_os_error() {
                Some(2) => format!("File not found: {source}"),
                Some(13) => format!("File is not readable: {source}"),
                Some(21) => format!("Source is a directory and must be a file: {source}"),
                // As it is upstream: the name was never filled in.
                _ => "Unable to slurp file: {source}".to_owned(),
            };
            Failure::new(msg).caused_by(format!("{}: '{source}'", python_error(&error)))
        })?;
        Ok(Dict::from([("content", base64::encode(&content)), ("source", source), ("encoding", "base64".to_owned())]))
    }
}
