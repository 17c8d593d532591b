//! Archives that GNU tar reads.

use super::{Known, Unarchive, parsable};
use crate::run;
use churten_module::prelude::*;

/// A way of packing.
pub(super) struct Kind {
    pub(super) name: &'static str,
    option: Option<&'static str>,
}

/// The ways, in the order in which they are tried.
pub(super) const KINDS: &[Kind] = &[
    Kind { name: "TgzArchive", option: Some("-z") },
    Kind { name: "TarArchive", option: None },
    Kind { name: "TarBzipArchive", option: Some("-j") },
    Kind { name: "TarXzArchive", option: Some("-J") },
    Kind { name: "TarZstdArchive", option: Some("--use-compress-program=zstd") },
];

/// What `tar --diff` says at the end of a line that counts, and the arguments that make it count no more.
const DIFFERENCES: &[&str] = &[
    ": Mod time differs",
    ": Size differs",
    ": Contents differ",
    ": Symlink differs",
    ": Warning: Cannot stat: No such file or directory",
    ": Invalid owner",
    ": Invalid group",
];

/// The `tar` of the host and what it says of its version, which begins with `tar (GNU tar)` for the one that can do all.
pub(crate) fn program(host: &dyn Host) -> Result<Option<(String, String)>> {
    let Some(program) = host.find_program("gtar", &[]).or_else(|| host.find_program("tar", &[])) else {
        return Ok(None);
    };
    let program = program.display().to_string();
    let version = run::asked(host.observe(), &parsable(Command::new([&program, "--version"])))?.stdout_text();
    Ok(Some((program, version)))
}

/// An archive that tar has listed.
pub(super) struct Tar {
    program: String,
    root: PathBuf,
    pub(super) kind: &'static Kind,
    names: Vec<String>,
}

impl Tar {
    /// Try to list an archive; the inner error is why tar cannot.
    pub(super) fn find(
        module: &Unarchive,
        host: &dyn Host,
        src: &Path,
        kind: &'static Kind,
    ) -> Result<Result<Self, String>> {
        let Some((program, version)) = program(host)? else {
            return Ok(Err("Unable to find required 'gtar' or 'tar' binary in the path".to_owned()));
        };
        if !version.starts_with("tar (GNU tar)") {
            let found = if version.starts_with("bsdtar") { "bsd" } else { "None" };
            return Ok(Err(format!("Command \"{program}\" detected as tar type {found}. GNU tar required.")));
        }
        let tar = Self { program, root: module.root(host), kind, names: Vec::new() };
        let output = run::asked(host.observe(), &tar.command(module, src, "--list"))?;
        let refused = |reason: String| Ok(Err(format!("Command \"{}\" {reason}", tar.program)));
        if !output.success() {
            let stderr = output.stderr_text();
            return refused(format!("could not handle archive: Unable to list files in the archive: {stderr}"));
        }
        let names: Vec<String> = output
            .stdout_text()
            .lines()
            .map(|line| {
                let name = unescaped(line);
                name.strip_prefix('/').map_or(name.clone(), str::to_owned)
            })
            .filter(|name| !module.is_excluded(name))
            .collect();
        if names.is_empty() {
            return refused("found no files in archive. Empty archive files are not supported.".to_owned());
        }
        Ok(Ok(Self { names, ..tar }))
    }

    fn command(&self, module: &Unarchive, src: &Path, what: &str) -> Command {
        let mut words = vec![self.program.clone(), what.to_owned(), "-C".to_owned(), self.root.display().to_string()];
        words.extend(self.kind.option.map(str::to_owned));
        if !module.extra_opts.is_empty() {
            words.push("--show-transformed-names".to_owned());
            words.extend(module.extra_opts.iter().cloned());
        }
        if what != "--list" {
            words.extend(module.file.owner.as_ref().map(|owner| format!("--owner={owner}")));
            words.extend(module.file.group.as_ref().map(|group| format!("--group={group}")));
            if module.keep_newer {
                words.push("--keep-newer-files".to_owned());
            }
        }
        words.extend(module.exclude.iter().map(|pattern| format!("--exclude={pattern}")));
        words.extend(["-f".to_owned(), src.display().to_string()]);
        words.extend(module.include.iter().cloned());
        parsable(Command::new(words)).directory(self.root.clone())
    }

    pub(super) fn extract(&self, module: &Unarchive, src: &Path) -> Command {
        self.command(module, src, "--extract")
    }

    pub(super) fn look(&self, module: &Unarchive, host: &dyn Host, src: &Path) -> Result<Known> {
        let output = run::asked(host.observe(), &self.command(module, src, "--diff"))?;
        let is_root = host.identity().uid == 0;
        let text = output.stdout_text() + &output.stderr_text();
        let file = &module.file;
        let counts = |line: &str| {
            // Names that `--strip-components` left nothing of.
            !line.ends_with(": : Warning: Cannot stat: No such file or directory")
                && (is_root && file.owner.is_none() && line.ends_with(": Uid differs")
                    || is_root && file.group.is_none() && line.ends_with(": Gid differs")
                    || file.mode.is_none() && line.ends_with(": Mode differs")
                    || DIFFERENCES.iter().any(|end| line.ends_with(end)))
        };
        Ok(Known { names: self.names.clone(), is_unpacked: !text.lines().any(counts), difference: String::new() })
    }
}

/// A name as tar lists it: `\n`, `\\`, and octal numbers for other bytes.
fn unescaped(line: &str) -> String {
    let mut bytes = Vec::with_capacity(line.len());
    let mut rest = line.as_bytes();
    while let [first, after @ ..] = rest {
        (rest, _) = match (first, after) {
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..]) => {
                (after, bytes.push((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0')))
            }
            (b'\\', [letter, after @ ..]) => {
                let byte = match letter {
                    b'a' => 7,
                    b'b' => 8,
                    b't' => b'\t',
                    b'n' => b'\n',
                    b'v' => 11,
                    b'f' => 12,
                    b'r' => b'\r',
                    other => *other,
                };
                (after, bytes.push(byte))
            }
            _ => (after, bytes.push(*first)),
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn names_as_tar_lists_them() {
        for (line, name) in [("a b", "a b"), (r"a\nb\\", "a\nb\\"), (r"\303\251", "é"), ("é", "é")] {
            assert_eq!(unescaped(line), name);
        }
    }
}
