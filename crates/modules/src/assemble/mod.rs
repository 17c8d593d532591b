//! The `assemble` module.

mod assembly;

use churten_module::prelude::*;
use churten_module::{digest, new_entry};

pub use assembly::Assembly;

/// Put the files of a directory together into one file, in the order of their names.
///
/// The action of this name brings files of the controller when `remote_src` is false.
#[derive(Args)]
pub(crate) struct Assemble {
    /// The directory.
    src: PathBuf,
    /// A text between the files; escapes such as `\n` in it stand for characters.
    delimiter: Option<String>,
    /// The file to write.
    dest: PathBuf,
    /// Keep a copy of the file as it was.
    #[arg(default = false)]
    backup: bool,
    /// `src` is on the host; what the action looks at.
    #[arg(name = "remote_src", default = true)]
    _remote_src: bool,
    /// Take only files whose names match this regular expression.
    regexp: Option<String>,
    /// Leave out files whose names begin with a dot.
    #[arg(default = false)]
    ignore_hidden: bool,
    /// A command that must accept the new file, `%s`, before it is put in place.
    validate: Option<String>,
    /// Open vaults; what the action looks at.
    #[arg(name = "decrypt", default = true)]
    _decrypt: bool,
    #[arg(flatten)]
    file: FileArguments,
}

/// Larger files are not put together in memory.
const LIMIT: u64 = 512 << 20;

impl State for Assemble {
    const NAME: &'static str = "assemble";

    fn plan(&self, host: &dyn Observe, options: &Options) -> Result<Plan> {
        let source = self.src.display();
        match host.stat(&self.src) {
            Ok(Some(stat)) if stat.is_directory() => {}
            Ok(Some(_)) => fail!("Source ({source}) is not a directory"),
            _ => fail!("Source ({source}) does not exist"),
        }
        let pattern = self.regexp.as_deref();
        let invalid = |error| Failure::new(format!("Invalid Regexp ({error}) in \"{}\"", pattern.unwrap_or_default()));
        let assembly = Assembly::new(pattern, self.ignore_hidden).map_err(invalid)?;
        let mut assembly = assembly.delimited_by(self.delimiter.as_deref()).map_err(Failure::new)?;
        for name in host.list(&self.src)? {
            let path = self.src.join(&name);
            if assembly.takes(&name) && matches!(host.stat(&path), Ok(Some(stat)) if stat.is_file()) {
                assembly.add(&host.read_bounded(&path, LIMIT)?);
            }
        }
        let content = assembly.finish();
        let checksum = digest(Algorithm::Sha1, &mut &content[..])?;
        let mut plan = Plan::new().with("src", source.to_string()).with("dest", self.dest.display().to_string());
        plan.set("checksum", checksum.as_str());
        plan.set("md5sum", digest(Algorithm::Md5, &mut &content[..])?);
        let existing = host.stat(&self.dest)?;
        let before = match &existing {
            Some(stat) if stat.is_directory() => {
                fail!("attempted to take checksum of directory: {}", self.dest.display())
            }
            Some(_) => Some(host.digest(&self.dest, Algorithm::Sha1)?),
            None => None,
        };
        if before.as_ref() != Some(&checksum) {
            if self.backup && existing.is_some() {
                plan.quiet_step(Step::Backup { path: self.dest.clone(), key: "backup_file" });
            }
            let mut write = Write::new(self.dest.clone(), content);
            write.validate = self.validate.clone();
            write.rehearse = true;
            write.unsafe_writes = self.file.unsafe_writes;
            plan.step(Step::Write(write));
        }
        if existing.is_some() || !options.check {
            let current = existing.unwrap_or_else(|| new_entry(host, FileKind::File));
            self.file.plan(host, &self.dest, &current, &mut Differences::default(), &mut plan)?;
        }
        plan.set("msg", "OK");
        Ok(plan)
    }
}
