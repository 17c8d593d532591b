//! `urlize`.

use super::Filter;
use super::markup::escaped;
use super::types::soft_text;
use crate::eval::Call;
use crate::fault::Outcome;
use crate::regex::{self, Flags};
use crate::val::Val;
use std::collections::BTreeSet;

pub(super) const TABLE: &[Filter] = &[Filter::new("urlize", urlize)];

/// What Jinja2 takes for a web address.
const WEB: &str = concat!(
    r"^((https?://|www\.)(([\w%-]+\.)+)?([a-z]{2,63}|xn--[\w%]{2,59})",
    r"|([\w%-]{2,63}\.)+(com|net|int|edu|gov|org|info|mil)",
    r"|(https?://)((([\d]{1,3})(\.[\d]{1,3}){3})|(\[([\da-f]{0,4}:){2}([\da-f]{0,4}:?){1,6}\])))",
    r"(?::[\d]{1,5})?(?:[/?#]\S*)?$"
);
const MAIL: &str = r"^\S+@\w[\w.-]*\.\w+$";

/// How links look.
struct Links {
    limit: Option<usize>,
    attributes: String,
    schemes: Vec<String>,
}

impl Links {
    fn shown(&self, address: &str) -> String {
        match self.limit {
            Some(limit) if address.chars().count() > limit => address.chars().take(limit).collect::<String>() + "...",
            _ => address.to_owned(),
        }
    }

    fn link(&self, word: &str) -> Outcome<String> {
        let (head, middle, tail) = bare(word);
        let fits = |pattern: &str, text: &str| {
            let pattern = regex::compile(pattern, Flags { ignore_case: pattern == WEB, multiline: false })?;
            pattern.is_match(text).map_err(regex::failed)
        };
        let attributes = &self.attributes;
        let middle = if fits(WEB, &middle)? {
            let has_scheme = middle.starts_with("https://") || middle.starts_with("http://");
            let scheme = if has_scheme { "" } else { "https://" };
            format!("<a href=\"{scheme}{middle}\"{attributes}>{}</a>", self.shown(&middle))
        } else if let Some(address) = middle.strip_prefix("mailto:")
            && fits(MAIL, address)?
        {
            format!("<a href=\"{middle}\">{address}</a>")
        } else if middle.contains('@') && !middle.starts_with("www.") && !middle.contains(':') && fits(MAIL, &middle)? {
            format!("<a href=\"mailto:{middle}\">{middle}</a>")
        } else if self.schemes.iter().any(|scheme| middle != *scheme && middle.starts_with(scheme)) {
            format!("<a href=\"{middle}\"{attributes}>{middle}</a>")
        } else {
            middle
        };
        Ok(format!("{head}{middle}{tail}"))
    }
}

/// A word without the brackets around it and the punctuation behind it, which are returned beside it.
fn bare(word: &str) -> (String, String, String) {
    let mut middle = word;
    while let Some(rest) = ["(", "<", "&lt;"].iter().find_map(|open| middle.strip_prefix(open)) {
        middle = rest;
    }
    let head = word[..word.len() - middle.len()].to_owned();
    let whole = middle;
    while let Some(rest) = [")", ">", ".", ",", "\n", "&gt;"].iter().find_map(|close| middle.strip_suffix(close)) {
        middle = rest;
    }
    let mut tail = whole[middle.len()..].to_owned();
    let mut middle = middle.to_owned();
    // Brackets that the address opens belong to it.
    for (open, close) in [("(", ")"), ("<", ">"), ("&lt;", "&gt;")] {
        let pairs = middle.matches(open).count().min(tail.matches(close).count());
        for _ in 0..pairs {
            let Some(at) = tail.find(close) else { break };
            let rest = tail.split_off(at + close.len());
            middle.push_str(&tail);
            tail = rest;
        }
    }
    (head, middle, tail)
}

fn urlize(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, limit, no_follow, target, rel, schemes] =
        call.bind("do_urlize", ["value", "trim_url_limit", "nofollow", "target", "rel", "extra_schemes"], 1)?;
    let optional = |value: Option<Val>| match value {
        None | Some(Val::None) => Ok(None),
        Some(value) => call.text(&value).map(Some),
    };
    let rel = optional(rel)?.unwrap_or_default();
    let mut words: BTreeSet<&str> = rel.split_whitespace().collect();
    words.insert("noopener");
    if call.flag(no_follow.as_ref(), false)? {
        words.insert("nofollow");
    }
    let words: Vec<&str> = words.into_iter().collect();
    let mut attributes = format!(" rel=\"{}\"", escaped(&words.join(" ")));
    if let Some(target) = optional(target)? {
        attributes += &format!(" target=\"{}\"", escaped(&target));
    }
    let links = Links {
        limit: match limit {
            Some(Val::Int(limit)) => usize::try_from(limit).ok(),
            _ => None,
        },
        attributes,
        schemes: match schemes {
            None | Some(Val::None) => Vec::new(),
            Some(schemes) => call.items(&schemes)?.iter().map(|scheme| call.text(scheme)).collect::<Outcome<_>>()?,
        },
    };
    let text = escaped(&soft_text(value, call)?);
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        if !word.is_empty() {
            out += &links.link(word)?;
        }
        out += &piece[word.len()..];
    }
    Ok(out.into())
}
