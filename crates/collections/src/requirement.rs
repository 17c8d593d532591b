//! Does a version meet a requirement as PEP 440 writes it (`>=2.15.0,<2.20.0`)?
//! (<https://packaging.python.org/en/latest/specifications/version-specifiers/>)

use std::cmp::Ordering;

/// Longer requirements are not read.
const MAX_LENGTH: usize = 4096;

/// A version: its numbers, and what sorts it among versions with the same numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Version {
    epoch: u64,
    numbers: Vec<u64>,
    /// Below zero for what comes before the release (development, alpha, beta, candidate), above for what comes after.
    stage: (i8, u64),
}

impl Version {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let text = text.strip_prefix('v').unwrap_or(&text);
        let text = text.split('+').next()?;
        let (epoch, rest) = match text.split_once('!') {
            Some((epoch, rest)) => (epoch.parse().ok()?, rest),
            None => (0, text),
        };
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let (numbers, suffix) = rest.split_at(end);
        let numbers: Option<Vec<u64>> =
            numbers.trim_end_matches('.').split('.').map(|number| number.parse().ok()).collect();
        let suffix = suffix.trim_start_matches(['.', '-', '_']);
        Some(Self { epoch, numbers: numbers?, stage: stage(suffix)? })
    }

    fn number(&self, index: usize) -> u64 {
        self.numbers.get(index).copied().unwrap_or(0)
    }

    fn compare(&self, other: &Self) -> Ordering {
        let length = self.numbers.len().max(other.numbers.len());
        let numbers = || (0..length).map(|index| self.number(index).cmp(&other.number(index)));
        self.epoch
            .cmp(&other.epoch)
            .then_with(|| numbers().find(|order| order.is_ne()).unwrap_or(Ordering::Equal))
            .then_with(|| self.stage.cmp(&other.stage))
    }

    /// True when the first numbers are those of `prefix`.
    fn starts_with(&self, prefix: &Self) -> bool {
        self.epoch == prefix.epoch && (0..prefix.numbers.len()).all(|index| self.number(index) == prefix.number(index))
    }
}

/// Where a suffix stands: `dev`, `a`, `b`, `rc`, nothing, `post`.
fn stage(suffix: &str) -> Option<(i8, u64)> {
    let end = suffix.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(suffix.len());
    let (word, number) = suffix.split_at(end);
    let place = match word {
        "" if number.is_empty() => 0,
        "dev" => -4,
        "a" | "alpha" => -3,
        "b" | "beta" => -2,
        "c" | "rc" | "pre" | "preview" => -1,
        "post" | "rev" | "r" => 1,
        _ => return None,
    };
    let number = number.trim_start_matches(['.', '-', '_']);
    // What stands behind the first number (`rc1.dev2`) does not decide between a release and another.
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    let number = number.get(..end)?;
    Some((place, if number.is_empty() { 0 } else { number.parse().ok()? }))
}

/// Does `version` meet `requirement`, a list of clauses between commas?
///
/// # Errors
/// The clause that is none.
pub(crate) fn meets(version: &str, requirement: &str) -> Result<bool, String> {
    let invalid = |clause: &str| clause.trim().to_owned();
    if requirement.len() > MAX_LENGTH {
        return Err(requirement.chars().take(40).collect());
    }
    let own = Version::parse(version).ok_or_else(|| invalid(version))?;
    let mut all = true;
    for clause in requirement.split(',').filter(|clause| !clause.trim().is_empty()) {
        all &= meets_one(version, &own, clause.trim()).ok_or_else(|| invalid(clause))?;
    }
    Ok(all)
}

fn meets_one(text: &str, own: &Version, clause: &str) -> Option<bool> {
    let end = clause.find(|c: char| !matches!(c, '<' | '>' | '=' | '!' | '~'))?;
    let (operator, wanted) = clause.split_at(end);
    let wanted = wanted.trim();
    if operator == "===" {
        return Some(wanted.eq_ignore_ascii_case(text));
    }
    if let Some(prefix) = wanted.strip_suffix(".*") {
        let prefix = Version::parse(prefix)?;
        return match operator {
            "==" => Some(own.starts_with(&prefix)),
            "!=" => Some(!own.starts_with(&prefix)),
            _ => None,
        };
    }
    let wanted = Version::parse(wanted)?;
    let order = own.compare(&wanted);
    Some(match operator {
        "==" => order.is_eq(),
        "!=" => order.is_ne(),
        ">=" => order.is_ge(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        "<" => order.is_lt(),
        "~=" => {
            let numbers = wanted.numbers.len().checked_sub(1).filter(|length| *length > 0)?;
            let prefix = Version { numbers: wanted.numbers.get(..numbers)?.to_vec(), ..wanted.clone() };
            order.is_ge() && own.starts_with(&prefix)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::meets;

    #[test]
    fn requirements_are_met() {
        for (requirement, wanted) in [
            (">=2.18.0,<2.19.0", Ok(false)),
            (">=2.15.0", Ok(true)),
            (">=2.9,<2.19", Ok(false)),
            ("~=2.19.0", Ok(true)),
            ("~=2.18.1", Ok(false)),
            ("~=2.18", Ok(true)),
            ("==2.19.*", Ok(true)),
            ("!=2.19.*", Ok(false)),
            (" >= 2.19.14 , != 2.19.13", Ok(true)),
            (">2.19.14.post1", Ok(false)),
            ("<2.19.14rc1", Ok(false)),
            (">=2.19.14rc1", Ok(true)),
            (">=2.20.0b1", Ok(false)),
            (">=1!1.0", Ok(false)),
            ("===2.19.14", Ok(true)),
            ("", Ok(true)),
            ("foo", Err("foo")),
            (">=2.9,>>3", Err(">>3")),
            ("~=2", Err("~=2")),
            ("2.9", Err("2.9")),
        ] {
            assert_eq!(meets("2.19.14", requirement), wanted.map_err(str::to_owned), "{requirement}");
        }
    }
}
