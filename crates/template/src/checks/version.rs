//! The `version` test: loose, strict, semantic and PEP 440 versions.

use super::Check;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::regex::{self, Flags};
use crate::val::Val;
use std::cmp::Ordering;

pub(super) const TABLE: &[Check] = &[Check::new("version", version), Check::new("version_compare", version)];

const OPERATORS: &str = "'==', '=', 'eq', '<', 'lt', '<=', 'le', '>', 'gt', '>=', 'ge', '!=', '<>', 'ne'";

fn version(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let [value, other, operator, strict, kind] =
        call.bind("version_compare", ["value", "version", "operator", "strict", "version_type"], 2)?;
    let strict = strict.filter(|strict| !strict.is_none());
    let kind = match kind {
        Some(kind) if !kind.is_none() => Some(call.text(&kind)?),
        _ => None,
    };
    let kind = match (strict, kind) {
        (Some(_), Some(_)) => return Err(Fault::python("Cannot specify both 'strict' and 'version_type'")),
        (Some(strict), None) => if strict.truth()? { "strict" } else { "loose" }.to_owned(),
        (None, kind) => kind.unwrap_or_else(|| "loose".to_owned()),
    };
    let value = value.unwrap_or(Val::None);
    let other = other.unwrap_or(Val::None);
    if !value.truth()? {
        return Err(Fault::python("Input version value cannot be empty"));
    }
    if !other.truth()? {
        return Err(Fault::python("Version parameter to compare against cannot be empty"));
    }
    let (value, other) = (call.text(&value)?, call.text(&other)?);
    let operator = match operator {
        Some(operator) => call.text(&operator)?,
        None => "eq".to_owned(),
    };
    let compared = match kind.as_str() {
        "loose" => loose(&value, &other),
        "strict" => pair(&value, &other, strict_key),
        "semver" | "semantic" => pair(&value, &other, semantic_key),
        "pep440" => pair(&value, &other, pep440_key),
        unknown => {
            return Err(Fault::python(format!(
                "Invalid version type ({unknown}). \
                 Must be one of 'loose', 'strict', 'semver', 'semantic', 'pep440'"
            )));
        }
    };
    let accept: fn(Ordering) -> bool = match operator.as_str() {
        "==" | "=" | "eq" => Ordering::is_eq,
        "<" | "lt" => Ordering::is_lt,
        "<=" | "le" => Ordering::is_le,
        ">" | "gt" => Ordering::is_gt,
        ">=" | "ge" => Ordering::is_ge,
        "!=" | "<>" | "ne" => Ordering::is_ne,
        unknown => {
            return Err(Fault::python(format!("Invalid operator type ({unknown}). Must be one of {OPERATORS}")));
        }
    };
    let order = compared.map_err(|message| Fault::python(format!("Version comparison failed: {message}")))?;
    Ok(accept(order))
}

/// A part of a version: numbers come before words where the kind of version allows both.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Lowest,
    Number(u64),
    Word(String),
    Highest,
}

fn part(text: &str) -> Part {
    text.parse().map_or_else(|_| Part::Word(text.to_owned()), Part::Number)
}

fn pair<K: Ord>(value: &str, other: &str, key: fn(&str) -> Result<K, String>) -> Result<Ordering, String> {
    Ok(key(value)?.cmp(&key(other)?))
}

/// Runs of digits and of lower-case letters; dots separate, anything else is a part of its own.
fn loose_parts(text: &str) -> Vec<Part> {
    let class = |character: char| match character {
        '0'..='9' => 0,
        'a'..='z' => 1,
        '.' => 2,
        _ => 3,
    };
    let mut parts = Vec::new();
    let mut start = 0;
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    for (index, (_, character)) in characters.iter().enumerate() {
        let next = characters.get(index + 1);
        let ends = next.is_none_or(|(_, next)| class(*next) != class(*character) || *character == '.');
        if ends {
            let end = next.map_or(text.len(), |(at, _)| *at);
            if *character != '.' {
                parts.push(part(&text[start..end]));
            }
            start = end;
        }
    }
    parts
}

pub(crate) fn loose(value: &str, other: &str) -> Result<Ordering, String> {
    let (value, other) = (loose_parts(value), loose_parts(other));
    for (a, b) in value.iter().zip(&other) {
        match (a, b) {
            (a, b) if a == b => {}
            (Part::Number(_), Part::Word(_)) => {
                return Err("'<' not supported between instances of 'int' and 'str'".into());
            }
            (Part::Word(_), Part::Number(_)) => {
                return Err("'<' not supported between instances of 'str' and 'int'".into());
            }
            (a, b) => return Ok(a.cmp(b)),
        }
    }
    Ok(value.len().cmp(&other.len()))
}

fn capture<'t>(pattern: &str, text: &'t str) -> Option<fancy_regex::Captures<'t>> {
    regex::compile(pattern, Flags { ignore_case: true, multiline: false }).ok()?.captures(text).ok()?
}

fn number(captures: &fancy_regex::Captures<'_>, name: &str) -> Option<u64> {
    captures.name(name)?.as_str().parse().ok()
}

type StrictKey = ([u64; 3], bool, Option<(String, u64)>);

fn strict_key(text: &str) -> Result<StrictKey, String> {
    let captures = capture(r"^(?<a>\d+)\.(?<b>\d+)(?:\.(?<c>\d+))?(?:(?<l>[ab])(?<n>\d+))?\Z", text)
        .ok_or_else(|| format!("invalid version number '{text}'"))?;
    let release = ["a", "b", "c"].map(|name| number(&captures, name).unwrap_or(0));
    let pre = captures.name("l").map(|letter| (letter.as_str().to_owned(), number(&captures, "n").unwrap_or(0)));
    // A release comes after its pre-releases.
    Ok((release, pre.is_none(), pre))
}

type SemanticKey = ([u64; 3], bool, Vec<Part>);

fn semantic_key(text: &str) -> Result<SemanticKey, String> {
    let pattern = r"^(?<a>0|[1-9]\d*)\.(?<b>0|[1-9]\d*)\.(?<c>0|[1-9]\d*)(?:-(?<pre>[0-9a-z-]+(?:\.[0-9a-z-]+)*))?(?:\+[0-9a-z-]+(?:\.[0-9a-z-]+)*)?\Z";
    let captures = capture(pattern, text).ok_or_else(|| format!("invalid semantic version '{text}'"))?;
    let core = ["a", "b", "c"].map(|name| number(&captures, name).unwrap_or(0));
    let pre: Option<Vec<Part>> = captures.name("pre").map(|pre| pre.as_str().split('.').map(part).collect());
    Ok((core, pre.is_none(), pre.unwrap_or_default()))
}

/// Epoch, release without trailing zeros, pre-release, post-release, development release, local parts.
type Pep440Key = (u64, Vec<u64>, (Part, u64), (Part, u64), (Part, u64), Vec<(Part, Part)>);

fn pep440_key(text: &str) -> Result<Pep440Key, String> {
    let pattern = r"^\s*v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)(?:[-_.]?(?<prekind>alpha|beta|preview|pre|rc|a|b|c)[-_.]?(?<pre>\d+)?)?(?<haspost>-(?<post>\d+)|[-_.]?(?:post|rev|r)[-_.]?(?<post2>\d+)?)?(?<hasdev>[-_.]?dev[-_.]?(?<dev>\d+)?)?(?:\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*\Z";
    let captures = capture(pattern, text).ok_or_else(|| format!("Invalid version: '{text}'"))?;
    let mut release: Vec<u64> = captures
        .name("release")
        .map(|release| release.as_str().split('.').map(|part| part.parse().unwrap_or(u64::MAX)).collect())
        .unwrap_or_default();
    while release.last() == Some(&0) {
        release.pop();
    }
    let has_post = captures.name("haspost").is_some();
    let has_dev = captures.name("hasdev").is_some();
    let pre = match captures.name("prekind").map(|kind| kind.as_str().to_lowercase()) {
        Some(kind) => {
            let kind = match kind.as_str() {
                "alpha" | "a" => "a",
                "beta" | "b" => "b",
                _ => "rc",
            };
            (Part::Word(kind.to_owned()), number(&captures, "pre").unwrap_or(0))
        }
        None if has_dev && !has_post => (Part::Lowest, 0),
        None => (Part::Highest, 0),
    };
    let post = match has_post {
        true => (Part::Number(0), number(&captures, "post").or_else(|| number(&captures, "post2")).unwrap_or(0)),
        false => (Part::Lowest, 0),
    };
    let dev = match has_dev {
        true => (Part::Number(0), number(&captures, "dev").unwrap_or(0)),
        false => (Part::Highest, 0),
    };
    let local = captures.name("local").map(|local| {
        let parts = local.as_str().split(['-', '_', '.']).map(|text| match part(&text.to_lowercase()) {
            // Numbers come after words here.
            Part::Number(number) => (Part::Number(number), Part::Lowest),
            word => (Part::Lowest, word),
        });
        parts.collect()
    });
    Ok((number(&captures, "epoch").unwrap_or(0), release, pre, post, dev, local.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_versions() {
        for (a, b, expected) in [
            ("1.10.2", "1.9", Ordering::Greater),
            ("1.0rc1", "1.0", Ordering::Greater),
            ("1.2.3-beta", "1.2.3", Ordering::Greater),
            ("v1", "v2", Ordering::Less),
        ] {
            assert_eq!(loose(a, b), Ok(expected), "{a} {b}");
        }
        assert!(loose("1.a", "1.1").is_err());
        for (a, b, expected) in [
            ("1.2rc1", "1.2", Ordering::Less),
            ("1!2.0.dev1+abc", "1!2.0", Ordering::Less),
            ("1.0.post1", "1.0", Ordering::Greater),
            ("1.0+a", "1.0", Ordering::Greater),
            ("1.0", "1", Ordering::Equal),
        ] {
            assert_eq!(pair(a, b, pep440_key), Ok(expected), "{a} {b}");
        }
        assert_eq!(pair("1.2.3-rc.1+b", "1.2.3", semantic_key), Ok(Ordering::Less));
        assert_eq!(pair("1.2b1", "1.2", strict_key), Ok(Ordering::Less));
    }
}
