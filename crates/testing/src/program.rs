//! Running a program where nothing of the user's environment reaches it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a program did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its exit code; 128 and the signal when one ended it.
    pub code: i32,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

/// A temporary directory with a copy of some files, an `output` directory and a home.
#[derive(Debug)]
pub struct Sandbox {
    directory: tempfile::TempDir,
}

impl Sandbox {
    /// A sandbox with a copy of `files` as `playbooks`. Its path always has the same length.
    ///
    /// # Errors
    /// Something cannot be copied.
    pub fn new(files: &Path) -> std::io::Result<Self> {
        let directory = tempfile::Builder::new().prefix("churten-golden.").rand_bytes(6).tempdir_in("/tmp")?;
        for name in ["output", "home", "bin"] {
            std::fs::create_dir(directory.path().join(name))?;
        }
        copy(files, &directory.path().join("playbooks"))?;
        Ok(Self { directory })
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// A link in the sandbox to a program, under another name.
    ///
    /// # Errors
    /// The link cannot be made.
    pub fn link(&self, program: &Path, name: &str) -> std::io::Result<PathBuf> {
        let link = self.path().join("bin").join(name);
        std::os::unix::fs::symlink(program, &link)?;
        Ok(link)
    }

    /// Run `program` among the copied files, with settings beside the fixed ones. The sandbox's path appears as `/GOLDEN` in the output, `python` as
    /// `/PYTHON`.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn run(
        &self,
        program: &Path,
        python: &Path,
        environment: &[(String, String)],
        arguments: &[String],
    ) -> std::io::Result<Outcome> {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(self.path().join("playbooks"))
            .env_clear()
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .env("HOME", self.path().join("home"))
            .envs([("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8"), ("ANSIBLE_NOCOLOR", "1"), ("ANSIBLE_FORKS", "1")])
            .env("ANSIBLE_PYTHON_INTERPRETER", python)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .output()?;
        let text = |bytes: &[u8]| {
            String::from_utf8_lossy(bytes)
                .replace(&*self.path().to_string_lossy(), "/GOLDEN")
                .replace(&*python.to_string_lossy(), "/PYTHON")
        };
        let code = output
            .status
            .code()
            .unwrap_or_else(|| 128 + std::os::unix::process::ExitStatusExt::signal(&output.status).unwrap_or_default());
        Ok(Outcome { code, stdout: text(&output.stdout), stderr: text(&output.stderr) })
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}
