//! A key pair for the user.

use super::arguments::UserModule;
use crate::run::program;
use churten_module::prelude::*;
use churten_module::{Output, User};

impl UserModule {
    /// Where the private key is.
    pub(super) fn key_path(&self, user: &User) -> PathBuf {
        let file = self.ssh_key_file.clone().unwrap_or_else(|| PathBuf::from(format!(".ssh/id_{}", self.ssh_key_type)));
        Path::new(&user.home).join(file)
    }

    /// Make the key unless it is there. True when it was, or would be, made.
    pub(super) fn make_key(
        &self,
        host: &dyn Host,
        options: &Options,
        user: &User,
        warnings: &mut Vec<String>,
    ) -> Result<bool> {
        let path = self.key_path(user);
        let named = |failure: Failure| failure.with("name", self.name.as_str());
        let exists = matches!(host.stat(&path), Ok(Some(_)));
        if options.check {
            return Ok(!exists || self.force);
        }
        if exists && !self.force {
            warnings.push(format!(
                "Found existing ssh key private file \"{}\", no force, so skipping ssh-keygen generation",
                path.display()
            ));
            return Ok(false);
        }
        for (path, kind) in [(&path, "private"), (&public(&path), "public")] {
            if exists && matches!(host.stat(path), Ok(Some(_))) {
                warnings.push(format!("Overwriting existing ssh key {kind} file \"{}\"", path.display()));
            }
        }
        if !matches!(host.stat(Path::new(&user.home)), Ok(Some(_))) {
            let text = format!("User {} home directory does not exist", self.name);
            return Err(named(Failure::new(text).with("rc", 1)));
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
        // Made beside the old one, which stays until the new one is whole.
        let beside = if exists { Some(host.create_temporary(directory, "ansible.", "", true)?) } else { None };
        let made = beside.as_ref().map_or_else(|| path.clone(), |directory| directory.join("key"));
        words.extend(["-C".to_owned(), comment, "-f".to_owned(), made.display().to_string()]);
        let outcome = self.generate(host, options, words);
        let outcome = outcome.and_then(|()| {
            if beside.is_some() {
                host.rename(&made, &path)?;
                host.rename(&public(&made), &public(&path))?;
            }
            Ok(())
        });
        if let Some(beside) = &beside {
            let _ = host.remove_tree(beside);
        }
        outcome.map_err(named)?;
        host.set_owner(&path, Some(user.uid), Some(user.gid), false)?;
        host.set_owner(&public(&path), Some(user.uid), Some(user.gid), false)?;
        Ok(true)
    }

    /// Run ssh-keygen with words that say everything but the passphrase.
    fn generate(&self, host: &dyn Host, options: &Options, mut words: Vec<String>) -> Result<()> {
        let output = match self.ssh_key_passphrase.as_deref().filter(|phrase| !phrase.is_empty()) {
            Some(phrase) => with_passphrase(host, options, words, phrase)?,
            None => {
                words.extend(["-N".to_owned(), String::new()]);
                execute(host, &Command::new(words))?
            }
        };
        if !output.success() {
            return Err(Failure::new(output.stderr_text()).with("rc", output.code));
        }
        Ok(())
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

fn execute(host: &dyn Host, command: &Command) -> Result<Output> {
    host.execute(command).map_err(|error| Failure::could_not_run(&command.program, &error))
}

/// A program that says what it is asked for: one line of its standard input, which is ssh-keygen's, for each question.
const ANSWER: &[u8] = b"#!/bin/sh\nIFS= read -r answer && printf '%s\\n' \"$answer\"\n";

/// Run ssh-keygen with a passphrase. Its arguments and its environment are anybody's to read, and it takes nothing
/// from its standard input; the program that it asks instead of a person may.
fn with_passphrase(host: &dyn Host, options: &Options, words: Vec<String>, phrase: &str) -> Result<Output> {
    if phrase.contains(['\n', '\r', '\0']) {
        fail!("ssh_key_passphrase cannot contain line breaks");
    }
    let directory = options.temporary_directory.clone().unwrap_or_else(|| PathBuf::from("/tmp"));
    let directory = host.create_temporary(&directory, "ansible.", "", true)?;
    let asked = directory.join("answer");
    let outcome = host.create_file(&asked, ANSWER, 0o700).map_err(Failure::from).and_then(|()| {
        let command = Command::new(words)
            // It asks twice.
            .stdin(format!("{phrase}\n{phrase}\n"))
            .variable("SSH_ASKPASS", &asked.display().to_string())
            .variable("SSH_ASKPASS_REQUIRE", "force")
            // Before OpenSSH 8.4 it asks a program only where there is a display.
            .variable("DISPLAY", "none");
        execute(host, &command)
    });
    let _ = host.remove_tree(&directory);
    outcome
}

fn public(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".pub");
    name.into()
}
