//! The arguments of `ssh` a user may write (`ansible_ssh_common_args` and its kin) as settings.

use crate::ssh::config::reader::Settings;
use std::path::PathBuf;

/// What arguments say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arguments {
    /// `-F`.
    pub(crate) config_file: Option<PathBuf>,
    /// The arguments as words, for the program.
    pub(crate) words: Vec<String>,
}

/// Flags without a value that change nothing here.
const QUIET: &str = "aCfgkKMNnqsTtVvXxYy46A";

/// Flags with a value, besides those handled by name.
const VALUED: &str = "BbcDEeILmOPQRSWw";

/// Read argument strings as a shell would cut them, into settings. `Err` is what is wrong.
pub(crate) fn parse_arguments(texts: &[String], settings: &mut Settings) -> Result<Arguments, String> {
    let mut out = Arguments::default();
    for text in texts {
        out.words
            .extend(shell_words(text).ok_or_else(|| format!("No closing quotation in the ssh arguments: {text}"))?);
    }
    let words = out.words.clone();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let Some(flags) = word.strip_prefix('-').filter(|flags| !flags.is_empty()) else {
            return Err(format!("the ssh arguments hold \"{word}\", which ssh would take for the host"));
        };
        let mut rest = flags;
        while let Some(flag) = rest.chars().next() {
            rest = rest.get(flag.len_utf8()..).unwrap_or_default();
            let takes_value = "FiJlpo".contains(flag) || VALUED.contains(flag);
            if !takes_value {
                switch(flag, settings)?;
                continue;
            }
            let value = if rest.is_empty() {
                words.next().cloned().ok_or_else(|| format!("option requires an argument -- {flag}"))?
            } else {
                rest.to_owned()
            };
            rest = "";
            valued(flag, &value, settings, &mut out)?;
        }
    }
    Ok(out)
}

fn switch(flag: char, settings: &mut Settings) -> Result<(), String> {
    match flag {
        'C' => settings.set("compression", "yes"),
        '4' => settings.set("addressfamily", "inet"),
        '6' => settings.set("addressfamily", "inet6"),
        'A' => settings.set("forwardagent", "yes"),
        'a' => settings.set("forwardagent", "no"),
        'X' | 'Y' => settings.set("forwardx11", "yes"),
        'K' => settings.set("gssapiauthentication", "yes"),
        'f' | 'G' | 'M' | 'N' | 's' | 'V' => {
            settings.needs_program(format!("-{flag}"));
            Ok(())
        }
        _ if QUIET.contains(flag) => Ok(()),
        _ => Err(format!("unknown option -- {flag}")),
    }
}

fn valued(flag: char, value: &str, settings: &mut Settings, out: &mut Arguments) -> Result<(), String> {
    // A value travels as one word, whatever is in it.
    let quoted = || format!("\"{}\"", value.replace('\\', r"\\").replace('"', "\\\""));
    match flag {
        'F' => {
            if out.config_file.is_none() {
                out.config_file = Some(super::tokens::expand_home(value));
            }
            Ok(())
        }
        // ssh warns of a missing one and goes on without.
        'i' if !super::tokens::expand_home(value).exists() => Ok(()),
        'i' => settings.set("identityfile", &quoted()),
        'J' => settings.set("proxyjump", &quoted()),
        'l' => settings.set("user", &quoted()),
        'p' => settings.set("port", &quoted()),
        'b' => settings.set("bindaddress", &quoted()),
        'c' => settings.set("ciphers", &quoted()),
        'm' => settings.set("macs", &quoted()),
        'o' => {
            let (keyword, rest) =
                super::words::keyword(value).ok_or_else(|| "missing argument for option -o".to_owned())?;
            settings.set(&keyword, rest).map_err(|reason| format!("command-line: line 0: {reason}"))
        }
        // Escape characters, log files and sockets change nothing here.
        'e' | 'E' | 'S' => Ok(()),
        _ => {
            settings.needs_program(format!("-{flag}"));
            Ok(())
        }
    }
}

/// Cut as Python's `shlex.split` does; `None` for an open quote.
pub(crate) fn shell_words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '\'' => break,
                        c => word.push(c),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '"' => break,
                        '\\' => match characters.next()? {
                            c @ ('"' | '\\') => word.push(c),
                            c => word.extend(['\\', c]),
                        },
                        c => word.push(c),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(characters.next()?),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<(Settings, Arguments), String> {
        let mut settings = Settings::default();
        parse_arguments(&[text.to_owned()], &mut settings).map(|arguments| (settings, arguments))
    }

    #[test]
    fn flags() {
        let text =
            "-C -o ControlMaster=auto -o ControlPersist=60s -F/dev/null -o'User bob' -i /dev/null -p 2222 -qvvv -J a,b";
        let (settings, arguments) = parsed(text).unwrap();
        assert_eq!(settings.first("compression"), Some("yes"));
        assert_eq!(settings.first("user"), Some("bob"));
        assert_eq!(settings.first("identityfile"), Some("/dev/null"));
        assert_eq!(settings.first("port"), Some("2222"));
        assert_eq!(settings.first("proxyjump"), Some("a,b"));
        assert_eq!(arguments.config_file, Some(PathBuf::from("/dev/null")));
        assert!(settings.program_reasons().is_empty());
    }

    #[test]
    fn what_needs_the_program() {
        for (text, why) in [
            ("-o GSSAPIAuthentication=yes", "gssapiauthentication"),
            ("-L 1:a:2", "-L"),
            ("-o RemoteForward='1 a:2'", "remoteforward"),
            ("-A", "forwardagent"),
        ] {
            assert_eq!(parsed(text).unwrap().0.program_reasons(), [why], "{text}");
        }
        assert!(parsed("-o GSSAPIAuthentication=no -o ForwardAgent=no").unwrap().0.program_reasons().is_empty());
    }

    #[test]
    fn mistakes() {
        for (text, expected) in [
            ("-o Nonsense=1", "command-line: line 0: Bad configuration option: nonsense"),
            ("-o", "option requires an argument -- o"),
            ("host", "the ssh arguments hold \"host\", which ssh would take for the host"),
            ("-o 'x", "No closing quotation in the ssh arguments: -o 'x"),
        ] {
            assert_eq!(parsed(text).unwrap_err(), expected);
        }
        assert!(parsed("-o IgnoreUnknown=nons* -o Nonsense=1").is_ok());
    }
}
