//! The Python of a host, found without being started.

use super::Machine;
use super::subset::Gathered;
use churten_module::prelude::*;

/// An interpreter and its version.
pub(super) struct Python {
    executable: PathBuf,
    numbers: [i64; 3],
    /// `final`, `alpha`, `beta`, `candidate`.
    level: &'static str,
    serial: i64,
}

/// The names that are looked for, newest first, as ansible-core's discovery does.
const NAMES: &[&str] =
    &["python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python3.9", "/usr/bin/python3", "python3"];

/// Interpreters and their libraries are smaller than this.
const LIMIT: u64 = 64 << 20;

impl Python {
    /// The first interpreter that is found; looked for once.
    pub(super) fn find<'m>(machine: &'m Machine<'_>) -> Option<&'m Self> {
        machine.python.get_or_init(|| Self::search(machine)).as_ref()
    }

    fn search(machine: &Machine<'_>) -> Option<Self> {
        NAMES.iter().find_map(|name| {
            let path = match name.strip_prefix('/') {
                Some(_) => Some(PathBuf::from(name)).filter(|path| machine.is_file(path)),
                None => machine.host.find_program(name, &[]),
            };
            Self::at(machine, path?)
        })
    }

    fn at(machine: &Machine<'_>, executable: PathBuf) -> Option<Self> {
        let real = machine.host.real_path(&executable);
        let name = real.file_name()?.to_string_lossy().into_owned();
        let series = name.strip_prefix("python")?;
        let (major, minor) = series.split_once('.')?;
        let numbers = [major.parse().ok()?, minor.parse().ok()?, 0];
        let program = machine.host.read_bounded(&real, LIMIT).ok()?;
        // A script in its place would start something else.
        if !program.starts_with(b"\x7fELF") {
            return None;
        }
        let version = search(&program, series).or_else(|| {
            let library = format!("libpython{series}.so.1.0");
            let beside = real.parent()?.parent()?.join("lib");
            let triplet = format!("/usr/lib/{}-linux-gnu", machine.host.system_name().machine);
            [beside, "/usr/lib64".into(), triplet.into(), "/usr/lib".into()].iter().find_map(|directory| {
                search(&machine.host.read_bounded(&directory.join(&library), LIMIT).ok()?, series)
            })
        })?;
        let (micro, level, serial) = release(&version)?;
        let [major, minor, _] = numbers;
        Some(Self { executable, numbers: [major, minor, micro], level, serial })
    }

    /// `3.11.2`.
    pub(super) fn version_text(&self) -> String {
        let [major, minor, micro] = self.numbers;
        let suffix = match self.level {
            "alpha" => format!("a{}", self.serial),
            "beta" => format!("b{}", self.serial),
            "candidate" => format!("rc{}", self.serial),
            _ => String::new(),
        };
        format!("{major}.{minor}.{micro}{suffix}")
    }
}

/// What comes after `3.11.` in the text of the version that is in the interpreter.
fn search(bytes: &[u8], series: &str) -> Option<String> {
    let wanted = format!("\0{series}.");
    memchr::memmem::find_iter(bytes, wanted.as_bytes()).find_map(|at| {
        let text = bytes.get(at + wanted.len()..)?.get(..12)?;
        let text = std::str::from_utf8(text.get(..text.iter().position(|byte| *byte == 0)?)?).ok()?;
        release(text).map(|_| text.to_owned())
    })
}

/// `2`, `0rc1`, `5+`.
fn release(text: &str) -> Option<(i64, &'static str, i64)> {
    let text = text.trim_end_matches('+');
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (micro, suffix) = text.split_at_checked(digits)?;
    let micro = micro.parse().ok()?;
    if suffix.is_empty() {
        return Some((micro, "final", 0));
    }
    let levels = [("rc", "candidate"), ("a", "alpha"), ("b", "beta")];
    levels.into_iter().find_map(|(short, level)| Some((micro, level, suffix.strip_prefix(short)?.parse().ok()?)))
}

pub(super) fn collect(machine: &Machine<'_>, gathered: &mut Gathered) {
    let Some(python) = Python::find(machine) else { return };
    let [major, minor, micro] = python.numbers;
    let version = Dict::from([
        ("major", Value::from(major)),
        ("minor", minor.into()),
        ("micro", micro.into()),
        ("releaselevel", python.level.into()),
        ("serial", python.serial.into()),
    ]);
    let info = Value::list(version.values().cloned().collect());
    gathered.insert(
        "python",
        Dict::from([
            ("version", Value::from(version)),
            ("version_info", info),
            ("executable", python.executable.display().to_string().into()),
            ("type", "cpython".into()),
            ("has_sslcontext", true.into()),
        ]),
    );
}
