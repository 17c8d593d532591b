//! Paths as the user wrote them, made absolute.

use crate::Environment;
use std::path::{Path, PathBuf};

/// An absolute path from `text`: `{{CWD}}`, `~`, `~user` and `$VARIABLE` are replaced, a relative path starts at
/// `base`, and `.` and `..` are resolved in the text (symbolic links are not followed).
pub fn expand_path(text: &str, base: &Path, environment: &Environment) -> PathBuf {
    let text = text.replace("{{CWD}}", &environment.working_directory.to_string_lossy());
    let text = expand_variables(&expand_home(&text, environment), environment);
    let path = if text.starts_with('/') { PathBuf::from(text) } else { base.join(text) };
    normalise(&path)
}

/// The path without `.`, `..` and doubled separators, by its text alone.
pub fn normalise(path: &Path) -> PathBuf {
    let text = path.to_string_lossy();
    let root = if text.starts_with("//") && !text.starts_with("///") {
        "//"
    } else if text.starts_with('/') {
        "/"
    } else {
        ""
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if !root.is_empty() => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if root.is_empty() && joined.is_empty() { PathBuf::from(".") } else { PathBuf::from(format!("{root}{joined}")) }
}

fn expand_home(text: &str, environment: &Environment) -> String {
    let Some(rest) = text.strip_prefix('~') else { return text.to_owned() };
    let (user, tail) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let home = if user.is_empty() {
        Some(environment.home.to_string_lossy().into_owned())
    } else {
        std::fs::read_to_string("/etc/passwd").ok().and_then(|accounts| {
            let account = accounts.lines().find(|line| line.split(':').next() == Some(user))?;
            Some(account.split(':').nth(5)?.to_owned())
        })
    };
    match home {
        Some(home) => format!("{}{tail}", home.trim_end_matches('/')),
        None => text.to_owned(),
    }
}

/// `$NAME` and `${NAME}`; unknown names stay as they are.
fn expand_variables(text: &str, environment: &Environment) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('$') {
        out.push_str(&rest[..start]);
        let after = &rest[start + 1..];
        let (name, consumed) = match after.strip_prefix('{') {
            Some(braced) => match braced.find('}') {
                Some(end) => (&braced[..end], end + 2),
                None => ("", 0),
            },
            None => {
                let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
                (&after[..end], end)
            }
        };
        match environment.variables.get(name) {
            Some(value) if !name.is_empty() => out.push_str(value),
            _ => out.push_str(&rest[start..start + 1 + consumed]),
        }
        rest = &after[consumed..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expands_and_normalises() {
        let environment = Environment {
            variables: [("A".to_owned(), "x".to_owned())].into(),
            working_directory: "/here".into(),
            home: "/home/me".into(),
        };
        for (text, path) in [
            ("a/../b", "/base/b"),
            ("~/a", "/home/me/a"),
            ("~", "/home/me"),
            ("$A/${A}/$B/${", "/base/x/x/$B/${"),
            ("{{CWD}}/a", "/here/a"),
            ("/a//b/./c/..", "/a/b"),
            ("", "/base"),
            ("/..", "/"),
            ("~nosuchuser/x", "/base/~nosuchuser/x"),
        ] {
            assert_eq!(expand_path(text, Path::new("/base"), &environment), PathBuf::from(path), "{text}");
        }
    }
}
