//! Going through configuration files, the first value of each keyword winning.

use crate::ssh::config::keywords::{Treatment, treatment};
use crate::ssh::config::tokens::{Tokens, environment, expand_home, home};
use crate::ssh::config::{criteria, words};
use crate::ssh::pattern;
use std::collections::HashMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Files may include files so deep (OpenSSH's limit).
const MAX_DEPTH: usize = 16;

/// A larger configuration file is not read.
const MAX_FILE: u64 = 4 << 20;

/// Whom the configuration is asked about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Question {
    /// The host as given.
    pub(crate) original: String,
    /// The user as given beside the host.
    pub(crate) user: Option<String>,
}

/// What has been gathered: keyword to values, each a list of words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    values: HashMap<&'static str, Vec<Vec<String>>>,
    /// `Match final` was seen.
    pub(crate) wants_final: bool,
    /// This is the second pass.
    pub(crate) final_pass: bool,
    /// Why the OpenSSH program is needed.
    program: Vec<String>,
    /// What is read now is the system's file, and not the user's.
    reads_system_file: bool,
    /// The text is all there is: `Include` finds no files, `Match exec` runs nothing and does not hold.
    pub(crate) alone: bool,
}

/// True when Kerberos has a place for credentials: one that is named, or the default file of this user.
fn has_kerberos_ticket() -> bool {
    let file = || PathBuf::from(format!("/tmp/krb5cc_{}", rustix::process::getuid().as_raw()));
    std::env::var_os("KRB5CCNAME").is_some_and(|name| !name.is_empty()) || file().exists()
}

impl Settings {
    /// The first word of a keyword's value.
    pub(crate) fn first(&self, keyword: &str) -> Option<&str> {
        self.values.get(keyword)?.first()?.first().map(String::as_str)
    }

    /// The words of a keyword's (first) value.
    pub(crate) fn words(&self, keyword: &str) -> Option<&[String]> {
        self.values.get(keyword)?.first().map(Vec::as_slice)
    }

    /// All values of a keyword.
    pub(crate) fn values(&self, keyword: &str) -> &[Vec<String>] {
        self.values.get(keyword).map(Vec::as_slice).unwrap_or_default()
    }

    /// The first words of all values of a keyword.
    pub(crate) fn all(&self, keyword: &str) -> impl Iterator<Item = &str> {
        self.values.get(keyword).into_iter().flatten().filter_map(|words| words.first()).map(String::as_str)
    }

    /// Note that the OpenSSH program is needed, and for what.
    pub(crate) fn needs_program(&mut self, why: String) {
        if !self.program.contains(&why) {
            self.program.push(why);
        }
    }

    /// For what the OpenSSH program is needed.
    pub(crate) fn program_reasons(&self) -> &[String] {
        &self.program
    }

    /// Take over a keyword with its value. `Err` is OpenSSH's complaint.
    pub(crate) fn set(&mut self, keyword: &str, rest: &str) -> Result<(), String> {
        let Some((name, treatment)) = treatment(keyword) else {
            if pattern::matches_list(
                self.first("ignoreunknown").unwrap_or_default().to_ascii_lowercase().split(','),
                keyword,
            ) == Some(true)
            {
                return Ok(());
            }
            return Err(format!("Bad configuration option: {keyword}"));
        };
        let value = if treatment == Treatment::Command {
            vec![rest.trim_end().to_owned()]
        } else {
            words::split(rest).ok_or_else(|| "invalid quotes".to_owned())?
        };
        let Some(first) = value.first() else { return Err(format!("missing argument for option \"{keyword}\".")) };
        let taken = self.values.contains_key(name);
        match treatment {
            Treatment::Ignored => return Ok(()),
            Treatment::Always => self.needs_program(keyword.to_owned()),
            // Distributions switch GSSAPI on for everybody; it means something for those who have a ticket.
            Treatment::Program(_) if self.reads_system_file && name.starts_with("gssapi") && !has_kerberos_ticket() => {
            }
            Treatment::Program(off) if !taken && !first.eq_ignore_ascii_case(off) => {
                self.needs_program(keyword.to_owned());
            }
            _ => {}
        }
        // `ProxyJump` and `ProxyCommand` exclude each other: the first of either wins.
        let shut = match name {
            "proxyjump" => self.values.contains_key("proxycommand"),
            "proxycommand" => self.values.contains_key("proxyjump"),
            _ => false,
        };
        if treatment == Treatment::Many {
            let values = self.values.entry(name).or_default();
            if !values.contains(&value) {
                values.push(value);
            }
        } else if !taken && !shut {
            self.values.insert(name, vec![value]);
        }
        Ok(())
    }

    /// Read a file that may be missing. `Err` is OpenSSH's complaint.
    pub(crate) fn read(&mut self, file: &Path, question: &Question, user_file: bool) -> Result<(), String> {
        let mut active = true;
        self.reads_system_file = !user_file;
        let outcome = self.read_file(file, question, user_file, &mut active, 0);
        self.reads_system_file = false;
        outcome
    }

    fn read_file(
        &mut self,
        file: &Path,
        question: &Question,
        user_file: bool,
        active: &mut bool,
        depth: usize,
    ) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err("Too many recursive configuration includes".to_owned());
        }
        let Ok(opened) = fs::File::open(file) else { return Ok(()) };
        let mut bytes = Vec::new();
        // What a device or a pipe tells about its size says nothing about how much it gives.
        if opened.take(MAX_FILE + 1).read_to_end(&mut bytes).is_err() {
            return Ok(());
        }
        if bytes.len() as u64 > MAX_FILE {
            return Err(format!("{}: larger than {MAX_FILE} bytes", file.display()));
        }
        self.lines(&String::from_utf8_lossy(&bytes), file, question, user_file, active, depth)
    }

    /// Read a text as the user's file. `Err` is OpenSSH's complaint.
    pub(crate) fn read_text(&mut self, text: &str, question: &Question) -> Result<(), String> {
        self.lines(text, Path::new("config"), question, true, &mut true, 0)
    }

    fn lines(
        &mut self,
        text: &str,
        file: &Path,
        question: &Question,
        user_file: bool,
        active: &mut bool,
        depth: usize,
    ) -> Result<(), String> {
        // A file begins in the state of its includer.
        let begun = *active;
        for (number, line) in text.lines().enumerate() {
            let Some((keyword, rest)) = words::keyword(line) else { continue };
            self.line(&keyword, rest, question, user_file, active, begun, depth)
                .map_err(|reason| format!("{} line {}: {reason}", file.display(), number + 1))?;
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "the state of a line within its file")]
    fn line(
        &mut self,
        keyword: &str,
        rest: &str,
        question: &Question,
        user_file: bool,
        active: &mut bool,
        begun: bool,
        depth: usize,
    ) -> Result<(), String> {
        let split = || words::split(rest).ok_or_else(|| "invalid quotes".to_owned());
        match keyword {
            "host" => {
                // In the second pass patterns are compared with the name that was found.
                let name = match self.final_pass.then(|| self.first("hostname")).flatten() {
                    Some(name) => Tokens { host: question.original.clone(), ..Tokens::default() }.expand(name),
                    None => question.original.clone(),
                };
                let patterns = split()?;
                *active = begun
                    && pattern::matches_list(patterns.iter().map(String::as_str), &name.to_lowercase()) == Some(true);
                Ok(())
            }
            "match" => {
                let words = split()?;
                *active = if begun { criteria::holds(&words, question, self)? } else { false };
                Ok(())
            }
            "include" => {
                for pattern in split()? {
                    if self.alone {
                        continue;
                    }
                    let base = if user_file { home().join(".ssh") } else { PathBuf::from("/etc/ssh") };
                    for file in glob(&base.join(expand_home(&environment(&pattern)))) {
                        let mut inner = *active;
                        self.read_file(&file, question, user_file, &mut inner, depth + 1)?;
                    }
                }
                Ok(())
            }
            _ if *active => self.set(keyword, rest),
            _ => match treatment(keyword) {
                Some(_) => Ok(()),
                None => self.clone().set(keyword, rest),
            },
        }
    }
}

/// Files that match a path with `*` and `?` in any part, sorted.
fn glob(path: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for part in path.components() {
        let text = part.as_os_str().to_string_lossy();
        if !text.contains(['*', '?']) {
            found.iter_mut().for_each(|path| path.push(part));
            continue;
        }
        let mut next = Vec::new();
        for directory in found {
            let Ok(entries) = fs::read_dir(&directory) else { continue };
            for entry in entries.flatten() {
                let name = entry.file_name();
                let name = name.to_string_lossy();
                let hidden = name.starts_with('.') && !text.starts_with('.');
                if !hidden && pattern::matches(&text, &name) {
                    next.push(entry.path());
                }
            }
        }
        next.sort();
        found = next;
    }
    found.retain(|path| path.exists());
    found
}
