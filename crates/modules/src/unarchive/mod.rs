//! The `unarchive` module.

mod tar;
mod zip;

pub(crate) use tar::program as tar_program;

use crate::attributes;
use churten_module::prelude::*;
use churten_module::{Output, Program};

/// Unpack an archive into a directory of the host, with the host's own `tar` or `unzip`.
///
/// Which of the two can read the archive is found by asking them, whatever its name says.
#[derive(Args)]
#[args(exclusive("include", "exclude"))]
pub(crate) struct Unarchive {
    /// The archive: a file, or an address with `remote_src`.
    src: PathBuf,
    /// The directory to unpack into, which must be there.
    dest: PathBuf,
    /// The archive is already on the host.
    #[arg(default = false)]
    remote_src: bool,
    /// Do nothing when this path exists. The controller looks.
    #[expect(dead_code, reason = "looked at on the controller")]
    creates: Option<PathBuf>,
    /// Tell the names in the archive as `files`.
    #[arg(default = false)]
    list_files: bool,
    /// Do not replace files that are newer than those in the archive.
    #[arg(default = false)]
    keep_newer: bool,
    /// Names to leave out.
    #[arg(default = [])]
    exclude: Vec<String>,
    /// The only names to take.
    #[arg(default = [])]
    include: Vec<String>,
    /// Further options of the program, each a word.
    #[arg(default = [])]
    extra_opts: Vec<String>,
    /// Check the certificate of the other side.
    #[arg(default = true)]
    validate_certs: bool,
    /// The bytes to read at once. Without effect here.
    #[arg(default = 65536)]
    #[expect(dead_code, reason = "the programs read by themselves")]
    io_buffer_size: i64,
    /// The old name of the opposite of `remote_src`. The controller looks.
    #[arg(default = true)]
    #[expect(dead_code, reason = "looked at on the controller")]
    copy: bool,
    /// Open a vault on the controller.
    #[arg(default = true)]
    #[expect(dead_code, reason = "looked at on the controller")]
    decrypt: bool,
    #[arg(flatten)]
    file: FileArguments,
}

/// What is known of an archive before it is unpacked.
struct Known {
    /// The names in it, as they will be below the directory.
    names: Vec<String>,
    /// All of it is there already.
    is_unpacked: bool,
    /// How what is there differs, a line for each name; tar does not tell.
    difference: String,
}

/// A program that can read the archive.
enum Handler {
    Tar(tar::Tar),
    Zip(zip::Zip),
}

impl Action for Unarchive {
    const NAME: &'static str = "unarchive";
    const CHECK: CheckMode = CheckMode::Run;
    const HAS_DIFFERENCE: bool = true;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let downloaded = match self.src.to_str().filter(|src| self.remote_src && src.contains("://")) {
            Some(url) => Some(Temporary { host, path: self.download(host, options, url)? }),
            None => None,
        };
        let src = downloaded.as_ref().map_or(&*self.src, |file| &*file.path);
        self.check(host, src)?;
        let Some(handler) = self.handler(host, options, src)? else {
            let name = if options.module_name.is_empty() { Self::NAME } else { &options.module_name };
            let msg = format!("remote module ({name}) does not support check mode when using gtar");
            return Ok(Dict::from([("skipped", Value::from(true)), ("msg", msg.into())]));
        };
        let mut result = Dict::from([
            ("handler", Value::from(handler.name())),
            ("dest", self.dest.display().to_string().into()),
            ("src", src.display().to_string().into()),
        ]);
        let known = match &handler {
            Handler::Tar(tar) => tar.look(self, host, src)?,
            Handler::Zip(zip) => zip.look(self, host, src)?,
        };
        let mut changed = !known.is_unpacked;
        if !known.is_unpacked && !options.check {
            let command = match &handler {
                Handler::Tar(tar) => tar.extract(self, src),
                Handler::Zip(zip) => zip.extract(self, src),
            };
            let output = crate::run::finished(host, &command)?;
            result.insert("extract_results", told(&command, &output));
            if !output.success() {
                let (src, dest) = (src.display(), self.dest.display());
                let mut failure = Failure::new(format!("failed to unpack {src} to {dest}"));
                failure.extra.extend_from(&result);
                return Err(failure);
            }
        }
        if !known.difference.is_empty() && options.diff {
            result.insert("diff", Dict::from([("prepared", known.difference)]));
        }
        if !options.check {
            changed |= self.attributes(host, options, &known.names)?;
        }
        if self.list_files {
            result.insert("files", known.names);
        }
        if self.dest.is_relative() {
            let (dest, root) = (self.dest.display(), self.root(host));
            let root = root.display();
            let warning = format!("Relative destination path '{dest}' was resolved to absolute path '{root}'.");
            result.insert("warnings", vec![warning]);
        }
        result.insert("changed", changed);
        Ok(result)
    }
}

impl Unarchive {
    /// The directory to unpack into, from the root.
    fn root(&self, host: &dyn Host) -> PathBuf {
        if self.dest.is_absolute() { self.dest.clone() } else { host.current_directory().join(&self.dest) }
    }

    fn download(&self, host: &dyn Host, options: &Options, url: &str) -> Result<PathBuf> {
        let directory = options.temporary_directory.clone().unwrap_or_else(|| PathBuf::from("/tmp"));
        // The programs do not need the name's end, but a person who reads the result does.
        let name = url.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
        let suffix = name.rfind('.').and_then(|at| name.get(at..)).unwrap_or_default();
        crate::web::to_temporary(host, url, &directory, suffix, self.validate_certs)
    }

    /// What is wrong with the source or the destination.
    fn check(&self, host: &dyn Host, src: &Path) -> Result<()> {
        let shown = src.display();
        let Some(stat) = host.stat(src)? else {
            if self.remote_src {
                fail!("Source '{shown}' does not exist");
            }
            fail!("Source '{shown}' failed to transfer");
        };
        if !host.access(src, Access::Read) {
            fail!("Source '{shown}' not readable");
        }
        if stat.is_file() && stat.size == 0 {
            fail!("Invalid archive '{shown}', the file is 0 bytes");
        }
        match host.stat(&self.dest)? {
            Some(stat) if stat.is_directory() => Ok(()),
            _ => fail!("Destination '{}' is not a directory", self.dest.display()),
        }
    }

    /// The first program that can read the archive. In check mode tar is not asked.
    fn handler(&self, host: &dyn Host, options: &Options, src: &Path) -> Result<Option<Handler>> {
        let mut reasons: Vec<String> = Vec::new();
        let mut note = |reason: String| {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        };
        match zip::Zip::find(self, host, src) {
            Ok(zip) => return Ok(Some(Handler::Zip(zip))),
            Err(_) if options.check => return Ok(None),
            Err(reason) => note(reason),
        }
        for kind in tar::KINDS {
            match tar::Tar::find(self, host, src, kind)? {
                Ok(tar) => return Ok(Some(Handler::Tar(tar))),
                Err(reason) => note(reason),
            }
        }
        fail!(
            "Failed to find handler for \"{}\". Make sure the required command to extract the file is installed.\n{}",
            src.display(),
            reasons.join("\n")
        )
    }

    /// Owner and mode of all that is in the archive, and of the directories that it begins with.
    fn attributes(&self, host: &dyn Host, options: &Options, names: &[String]) -> Result<bool> {
        let file = &self.file;
        let asks = file.mode.is_some() || file.owner.is_some() || file.group.is_some() || file.attributes.is_some();
        let mut changed = false;
        let mut tops: Vec<&str> = Vec::new();
        for name in names {
            if let Some((top, _)) = name.split_once('/')
                && !tops.contains(&top)
            {
                tops.push(top);
            }
        }
        for name in names.iter().map(String::as_str).chain(tops) {
            // The programs leave such names out; they are not for this either.
            if name.split('/').any(|part| part == "..") {
                continue;
            }
            let path = self.root(host).join(name.trim_start_matches('/'));
            if asks && host.lstat(&path)?.is_none() {
                let error = std::io::Error::from_raw_os_error(2);
                fail!(
                    "Unexpected error when accessing exploded file: {}",
                    churten_module::python_path_error(&error, &path)
                );
            }
            changed |= attributes::apply(host, options, &path, file)?;
        }
        Ok(changed)
    }

    /// True for a name that `exclude` leaves out.
    fn is_excluded(&self, name: &str) -> bool {
        self.exclude.iter().any(|pattern| churten_module::glob::matches(pattern, name))
    }
}

impl Handler {
    fn name(&self) -> &'static str {
        match self {
            Self::Tar(tar) => tar.kind.name,
            Self::Zip(zip) => zip.name,
        }
    }
}

/// A download, gone when it is dropped.
struct Temporary<'a> {
    host: &'a dyn Host,
    path: PathBuf,
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        let _ = self.host.remove_file(&self.path);
    }
}

/// How a program was called, and what it said.
fn told(command: &Command, output: &Output) -> Dict {
    let words = match &command.program {
        Program::Arguments(words) => words.clone(),
        Program::Shell { line, .. } => vec![line.clone()],
    };
    Dict::from([
        ("cmd", Value::from(words)),
        ("rc", output.code.into()),
        ("out", output.stdout_text().into()),
        ("err", output.stderr_text().into()),
    ])
}

/// The programs' names and messages are parsed; names that are not ASCII stay as they are.
pub(crate) fn parsable(command: Command) -> Command {
    ["LANG", "LC_ALL", "LC_MESSAGES", "LC_CTYPE"]
        .iter()
        .fold(command, |command, name| command.variable(name, "C.UTF-8"))
}
