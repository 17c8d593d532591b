//! A key pair for the user.

use super::arguments::UserModule;
use crate::run::program;
use churten_module::User;
use churten_module::prelude::*;

impl UserModule {
    /// Where the private key is.
    pub(super) fn key_path(&self, user: &User) -> PathBuf {
        let file = self.ssh_key_file.clone().unwrap_or_else(|| PathBuf::from(format!(".ssh/id_{}", self.ssh_key_type)));
        Path::new(&user.home).join(file)
    }

    /// Make the key unless it is there. True when it was, or would be, made.
    pub(super) fn make_key(&self, host: &dyn Host, options: &Options, user: &User) -> Result<bool> {
        let path = self.key_path(user);
        let named = |failure: Failure| failure.with("name", self.name.as_str());
        if matches!(host.stat(&path), Ok(Some(_))) {
            return Ok(false);
        }
        if options.check {
            return Ok(true);
        }
        if !matches!(host.stat(Path::new(&user.home)), Ok(Some(_))) {
            let text = format!("User {} home directory does not exist", self.name);
            return Err(named(Failure::new(text).with("rc", 1)));
        }
        if self.ssh_key_passphrase.as_deref().is_some_and(|phrase| !phrase.is_empty()) {
            // ssh-keygen takes a passphrase from its arguments or from a terminal only.
            return Err(named(Failure::not_yet("ssh_key_passphrase")));
        }
        let directory = path.parent().unwrap_or(Path::new("/"));
        if !matches!(host.stat(directory), Ok(Some(_))) {
            host.create_directory(directory, 0o700).map_err(|error| {
                named(Failure::new(format!(
                    "Failed to create {}: {}",
                    directory.display(),
                    churten_module::error_text(&error)
                )))
            })?;
            host.set_owner(directory, Some(user.uid), Some(user.gid), false)?;
        }
        let comment = self.ssh_key_comment.clone().unwrap_or_default();
        let mut words = vec![program(host.observe(), "ssh-keygen")?, "-t".into(), self.ssh_key_type.clone()];
        if self.ssh_key_bits > 0 {
            words.extend(["-b".to_owned(), self.ssh_key_bits.to_string()]);
        }
        words.extend(["-C".to_owned(), comment, "-f".to_owned(), path.display().to_string()]);
        words.extend(["-N".to_owned(), String::new()]);
        let command = Command::new(words);
        let output = host.execute(&command).map_err(|error| Failure::could_not_run(&command.program, &error))?;
        if !output.success() {
            return Err(named(Failure::new(output.stderr_text()).with("rc", output.code)));
        }
        host.set_owner(&path, Some(user.uid), Some(user.gid), false)?;
        host.set_owner(&public(&path), Some(user.uid), Some(user.gid), false)?;
        Ok(true)
    }

    /// The keys of the result that tell about the key.
    pub(super) fn report_key(&self, host: &dyn Observe, user: &User, result: &mut Dict) -> Result<()> {
        let path = self.key_path(user);
        if matches!(host.stat(&path), Ok(Some(_))) {
            let words = [program(host, "ssh-keygen")?, "-l".to_owned(), "-f".to_owned(), path.display().to_string()];
            if let Ok(output) = host.query(&Command::new(words)) {
                let text = if output.success() { output.stdout_text() } else { output.stderr_text() };
                result.insert("ssh_fingerprint", text.trim());
            }
        } else {
            result.insert("ssh_fingerprint", "");
        }
        result.insert("ssh_key_file", path.display().to_string());
        let text = host.read(&public(&path)).map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned());
        result.insert("ssh_public_key", text.ok().map_or(Value::NONE, Value::from));
        Ok(())
    }
}

fn public(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".pub");
    name.into()
}
