//! `%h`, `${VARIABLE}` and `~` in values.

use data_encoding::HEXLOWER;
use sha1::{Digest, Sha1};
use std::path::PathBuf;

/// What the percent tokens stand for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tokens {
    /// `%h`: the host name to connect to.
    pub(crate) host: String,
    /// `%n`: as given.
    pub(crate) original: String,
    /// `%p`.
    pub(crate) port: u16,
    /// `%r`: the user there.
    pub(crate) remote_user: String,
    /// `%k`: the host key alias, else as given.
    pub(crate) alias: String,
    /// `%j`: the jump hosts.
    pub(crate) jump: String,
}

impl Tokens {
    /// Replace percent tokens; unknown ones stay.
    pub(crate) fn expand(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut characters = text.chars();
        while let Some(c) = characters.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            match characters.next() {
                Some('%') => out.push('%'),
                Some('h') => out += &self.host,
                Some('n') => out += &self.original,
                Some('p') => out += &self.port.to_string(),
                Some('r') => out += &self.remote_user,
                Some('k') => out += &self.alias,
                Some('j') => out += &self.jump,
                Some('u') => out += &local_user(),
                Some('i') => out += &local_uid(),
                Some('d') => out += &home().to_string_lossy(),
                Some('l') => out += &local_host(),
                Some('L') => out += local_host().split('.').next().unwrap_or_default(),
                Some('C') => {
                    let text = format!("{}{}{}{}{}", local_host(), self.host, self.port, self.remote_user, self.jump);
                    out += &HEXLOWER.encode(&Sha1::digest(text.as_bytes()));
                }
                Some('T') => out += "NONE",
                Some(other) => out.extend(['%', other]),
                None => out.push('%'),
            }
        }
        out
    }

    /// A file name: environment variables, percent tokens, then `~`.
    pub(crate) fn path(&self, text: &str) -> PathBuf {
        expand_home(&self.expand(&environment(text)))
    }
}

/// Replace `${NAME}`; a variable that is not set becomes nothing.
pub(crate) fn environment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        out += before;
        match after.split_once('}') {
            Some((name, after)) => {
                out += &std::env::var(name).unwrap_or_default();
                rest = after;
            }
            None => {
                out += "${";
                rest = after;
            }
        }
    }
    out + rest
}

/// `~` and `~/...`; `~user/...` through the password file.
pub(crate) fn expand_home(text: &str) -> PathBuf {
    let Some(rest) = text.strip_prefix('~') else { return PathBuf::from(text) };
    let (user, rest) = rest.split_once('/').unwrap_or((rest, ""));
    let base =
        if user.is_empty() { Some(home()) } else { passwd(|fields| fields.first() == Some(&user), 5).map(Into::into) };
    match base {
        Some(base) if rest.is_empty() => base,
        Some(base) => base.join(rest),
        None => PathBuf::from(text),
    }
}

/// The home directory. `ssh` asks the password file and not `HOME`; so do we, with `HOME` for a user without an entry.
pub(crate) fn home() -> PathBuf {
    let uid = local_uid();
    passwd(|fields| fields.get(2) == Some(&uid.as_str()), 5)
        .or_else(|| std::env::var("HOME").ok())
        .map_or_else(|| PathBuf::from("/"), PathBuf::from)
}

/// The name of the user who runs this.
pub(crate) fn local_user() -> String {
    let uid = local_uid();
    passwd(|fields| fields.get(2) == Some(&uid.as_str()), 0)
        .or_else(|| std::env::var("USER").ok())
        .unwrap_or_else(|| "root".to_owned())
}

/// The effective user id. The owner of `/proc/self` is the process's.
fn local_uid() -> String {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").map_or_else(|_| "0".to_owned(), |metadata| metadata.uid().to_string())
}

fn local_host() -> String {
    let name =
        std::fs::read_to_string("/proc/sys/kernel/hostname").or_else(|_| std::fs::read_to_string("/etc/hostname"));
    name.unwrap_or_default().trim().to_owned()
}

fn passwd(which: impl Fn(&[&str]) -> bool, field: usize) -> Option<String> {
    let text = std::fs::read("/etc/passwd").ok()?;
    String::from_utf8_lossy(&text).lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        which(&fields).then(|| fields.get(field).map(|text| (*text).to_owned())).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens() {
        let tokens = Tokens {
            host: "h.example".into(),
            original: "h".into(),
            port: 2222,
            remote_user: "bob".into(),
            alias: "a".into(),
            jump: String::new(),
        };
        assert_eq!(tokens.expand("nc %h %p %r@%n %k %% %Z %"), "nc h.example 2222 bob@h a % %Z %");
        assert_eq!(tokens.path("~/x%%"), home().join("x%"));
        assert_eq!(environment("a${CHURTEN_NO_SUCH}b${open"), "ab${open");
    }
}
