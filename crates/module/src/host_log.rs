//! The line about a module in the host's own log, which ansible-core's modules write as well.

use crate::{ArgumentSpec, Host, Validated, no_log};
use churten_value::{Value, sort_by_key};

/// Where the line goes, and what else it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostLog {
    /// The facility's number (RFC 5424, 6.2.1).
    pub facility: u8,
    /// A text in front of the message (`TARGET_LOG_INFO`); empty for none.
    pub info: String,
}

/// Tell the host's log that a module was invoked, with its arguments: the `given` first ones by name, then the others.
pub(crate) fn invoked(
    host: &dyn Host,
    log: &HostLog,
    module: &str,
    spec: &ArgumentSpec,
    validated: &Validated,
    given: usize,
) {
    let mut params: Vec<(String, &Value)> =
        validated.params.iter().map(|(name, value)| (name.to_text(), value)).collect();
    let given = given.min(params.len());
    // What the action of `shell` adds comes after what the task says.
    sort_by_key(&mut params[..given], |(name, _)| (name == "_uses_shell", name.clone()));
    let mut message = log.info.clone();
    if !message.is_empty() {
        message.push(' ');
    }
    message.push_str("Invoked");
    for (index, (name, value)) in params.iter().enumerate() {
        message.push_str(if index == 0 { " with " } else { " " });
        message.push_str(name);
        message.push('=');
        let is_secret = spec
            .arguments
            .iter()
            .any(|argument| argument.no_log && (argument.name == *name || argument.aliases.contains(&name.as_str())));
        match is_secret {
            true => message.push_str("NOT_LOGGING_PARAMETER"),
            false => message.push_str(&without_passwords(&value.to_text())),
        }
    }
    let message = no_log::remove(&Value::from(message), &validated.secrets);
    host.log(log.facility, &format!("ansible-{module}"), &message.to_text());
}

/// A text with what looks like a password before an `@` hidden: that of `scheme://user:password@host`, or of
/// `user:password@host`. As in ansible-core, a user's name at the start of the text has three letters or more.
fn without_passwords(text: &str) -> String {
    let mut kept = Vec::new();
    let mut rest = text;
    while let Some(end) = rest.rfind('@') {
        let Some((start, colon)) = password_before(rest, end) else { break };
        kept.push(&rest[end..]);
        kept.push("********");
        kept.push(&rest[start..=colon]);
        rest = &rest[..start];
    }
    kept.push(rest);
    kept.reverse();
    kept.concat()
}

/// Of a password that ends at `end`: where its address begins, and the colon before it.
fn password_before(text: &str, end: usize) -> Option<(usize, usize)> {
    const SEPARATOR: &str = "://";
    let mut until = end;
    loop {
        let start = text.get(..until)?.rfind(SEPARATOR);
        let from = match start {
            Some(start) => start + SEPARATOR.len(),
            None => text.char_indices().nth(SEPARATOR.len())?.0,
        };
        if let Some(colon) = text.get(from..end).and_then(|part| part.find(':')) {
            return Some((start.unwrap_or(0), from + colon));
        }
        until = start?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What ansible-core 2.19.14 makes of the same texts.
    #[test]
    fn what_looks_like_a_password_is_hidden() {
        for (text, expected) in [
            ("", ""),
            ("plain", "plain"),
            ("https://me:secret@host/x", "https://me:********@host/x"),
            ("me:secret@host", "me:secret@host"),
            ("user:secret@host", "user:********@host"),
            ("üser:secret@host", "üser:********@host"),
            ("a@b", "a@b"),
            ("x://@", "x://@"),
            ("http://h/ http://u:p@h and http://v:q@i", "http://h/ http://u:********@h and http://v:********@i"),
            ("http://u:p@h http://plain/", "http://u:********@h http://plain/"),
            ("http://u:p http://v@h", "http://u:********@h"),
            ("time 12:30 to me@host", "time 12:********@host"),
            ("://a:b@c", "://a:********@c"),
        ] {
            assert_eq!(without_passwords(text), expected, "{text}");
        }
    }
}
