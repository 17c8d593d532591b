//! Names and passwords of `~/.netrc` (`man netrc`).

use churten_module::HttpError;
use churten_module::prelude::*;

/// The most bytes of the file.
const FILE: u64 = 1 << 20;

/// The name and the password for a host, if there are any. A file that cannot be used stops the request.
pub(super) fn credentials(observe: &dyn Observe, machine: &str) -> Result<Option<(String, String)>, HttpError> {
    let (path, is_own) = match observe.variable("NETRC").filter(|path| !path.is_empty()) {
        Some(path) => (PathBuf::from(path), false),
        None => match home(observe) {
            Some(home) => (home.join(".netrc"), true),
            None => return Ok(None),
        },
    };
    let Ok(bytes) = observe.read_bounded(&path, FILE) else { return Ok(None) };
    let text = String::from_utf8_lossy(&bytes);
    let bad =
        |(reason, line): (String, usize)| HttpError::Unwritable(format!("{reason} ({}, line {line})", path.display()));
    let entries = parse(&text).map_err(bad)?;
    if is_own && entries.iter().any(|entry| entry.login != "anonymous") {
        // A file that others can read or have written is not to be used.
        let stat = observe.stat(&path).ok().flatten();
        let is_private = stat.is_some_and(|stat| stat.mode & 0o077 == 0 && stat.uid == observe.identity().uid);
        if !is_private {
            let reason = "~/.netrc access too permissive: file permissions must restrict access to only the owner";
            return Err(bad((reason.to_owned(), text.lines().count())));
        }
    }
    let found = |name: Option<&str>| entries.iter().rev().find(|entry| entry.machine.as_deref() == name);
    let entry = found(Some(machine)).or_else(|| found(None));
    let pair = entry.map(|entry| (entry.login.clone(), entry.password.clone()));
    Ok(pair.filter(|(login, _)| !login.is_empty()))
}

fn home(observe: &dyn Observe) -> Option<PathBuf> {
    match observe.variable("HOME").filter(|home| !home.is_empty()) {
        Some(home) => Some(home.into()),
        None => Some(observe.user_by_id(observe.identity().uid)?.home.into()),
    }
}

#[derive(Debug, Default, PartialEq)]
struct Entry {
    /// `None` for `default`.
    machine: Option<String>,
    login: String,
    password: String,
}

/// All entries. What else is in it is an error, with its line.
fn parse(text: &str) -> Result<Vec<Entry>, (String, usize)> {
    let mut words = Words { text, line: 1, is_at_start: false };
    let mut entries = Vec::new();
    let mut word = words.next();
    while let Some(first) = word {
        let mut entry = Entry::default();
        match first.as_str() {
            _ if first.starts_with('#') => {
                words.skip_line();
                word = words.next();
                continue;
            }
            "machine" => entry.machine = Some(words.next().unwrap_or_default()),
            "default" => {}
            "macdef" => {
                words.skip_paragraph();
                word = words.next();
                continue;
            }
            _ => return Err((format!("bad toplevel token '{first}'"), words.line)),
        }
        loop {
            word = words.next();
            match word.as_deref() {
                None | Some("machine" | "default" | "macdef") => break,
                Some("login" | "user") => entry.login = words.next().unwrap_or_default(),
                Some("account") => drop(words.next()),
                Some("password") => entry.password = words.next().unwrap_or_default(),
                Some(comment) if comment.starts_with('#') => words.skip_line(),
                Some(other) => return Err((format!("bad follower token '{other}'"), words.line)),
            }
        }
        entries.push(entry);
    }
    Ok(entries)
}

/// Words between white space; quotes hold it together, a backslash takes the next letter as it is.
struct Words<'a> {
    text: &'a str,
    /// The line after the last word's end, as Python counts it.
    line: usize,
    /// The last word ended with its line.
    is_at_start: bool,
}

impl Words<'_> {
    fn next(&mut self) -> Option<String> {
        self.skip(self.text.len() - self.text.trim_start().len());
        let mut letters = self.text.char_indices().peekable();
        let quoted = letters.next_if(|(_, letter)| *letter == '"').is_some();
        let mut word = String::new();
        let mut end = self.text.len();
        while let Some((at, letter)) = letters.next() {
            if if quoted { letter == '"' } else { letter.is_whitespace() } {
                end = at + letter.len_utf8();
                break;
            }
            word.push(if letter == '\\' { letters.next().map_or(letter, |(_, next)| next) } else { letter });
        }
        let empty = self.text.is_empty();
        self.skip(end);
        if empty { None } else { Some(word) }
    }

    fn skip(&mut self, length: usize) {
        let (gone, rest) = self.text.split_at_checked(length).unwrap_or((self.text, ""));
        self.line += gone.matches('\n').count();
        self.is_at_start = gone.ends_with('\n');
        self.text = rest;
    }

    /// The rest of the line that the last word was in.
    fn skip_line(&mut self) {
        if self.is_at_start {
            return;
        }
        self.skip(self.text.find('\n').map_or(self.text.len(), |at| at + 1));
    }

    /// A macro ends with an empty line.
    fn skip_paragraph(&mut self) {
        self.skip(self.text.find("\n\n").map_or(self.text.len(), |at| at + 2));
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, parse};

    #[test]
    fn files() {
        let entry = |machine: Option<&str>, login: &str, password: &str| Entry {
            machine: machine.map(str::to_owned),
            login: login.to_owned(),
            password: password.to_owned(),
        };
        let text = "# c d\n#e\nmachine a login b password \"c \\\"d\"\nmacdef x\n machine z\n\nmachine e\n user f # g\n account h\ndefault login i password j\n";
        let expected = [entry(Some("a"), "b", "c \"d"), entry(Some("e"), "f", ""), entry(None, "i", "j")];
        assert_eq!(parse(text).unwrap(), expected);
        assert_eq!(
            parse("machine a\nlogin b nonsense c").unwrap_err(),
            ("bad follower token 'nonsense'".to_owned(), 2)
        );
        assert_eq!(parse("nonsense\n").unwrap_err(), ("bad toplevel token 'nonsense'".to_owned(), 2));
        assert_eq!(parse("").unwrap(), []);
    }
}
