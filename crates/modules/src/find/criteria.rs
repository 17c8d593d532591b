//! What a name and the properties of a file must be.

use super::AgeStamp;
use crate::python_regex::PythonRegex;
use churten_module::{Stat, glob, mode};
use churten_value::Value;

/// Letters of `age`, in seconds.
pub(super) const AGE_UNITS: &[(char, u64)] = &[('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400), ('w', 604_800)];

/// Letters of `size`, in bytes.
pub(super) const SIZE_UNITS: &[(char, u64)] =
    &[('b', 1), ('k', 1 << 10), ('m', 1 << 20), ('g', 1 << 30), ('t', 1 << 40)];

/// An age or a size: at least so much, or when it was written with a minus sign, at most so much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Quantity(i128);

impl Quantity {
    /// Digits, a minus sign before and a unit behind them.
    pub(super) fn parse(text: &str, units: &[(char, u64)]) -> Option<Self> {
        let text = text.to_lowercase();
        let (digits, factor) = match text.chars().last().and_then(|last| units.iter().find(|unit| unit.0 == last)) {
            Some((letter, factor)) => (text.strip_suffix(*letter)?, *factor),
            None => (text.as_str(), 1),
        };
        let number = digits.strip_prefix('-').unwrap_or(digits);
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Some(Self(digits.parse::<i128>().ok()?.saturating_mul(factor.into())))
    }

    fn holds(self, measured: f64) -> bool {
        let bound = self.0.unsigned_abs() as f64;
        if self.0 >= 0 { measured >= bound } else { measured <= bound }
    }
}

/// Age, size and mode.
pub(super) struct Criteria {
    pub(super) age: Option<Quantity>,
    pub(super) size: Option<Quantity>,
    pub(super) age_stamp: AgeStamp,
    pub(super) mode: Option<Value>,
    pub(super) is_mode_exact: bool,
    pub(super) umask: u32,
    /// Seconds since 1970.
    pub(super) now: f64,
}

impl Criteria {
    pub(super) fn is_of_age(&self, stat: &Stat) -> bool {
        let stamp = match self.age_stamp {
            AgeStamp::Atime => stat.accessed,
            AgeStamp::Ctime => stat.changed,
            AgeStamp::Mtime => stat.modified,
        };
        self.age.is_none_or(|age| age.holds(self.now - stamp.as_float()))
    }

    pub(super) fn is_of_size(&self, stat: &Stat) -> bool {
        self.size.is_none_or(|size| size.holds(stat.size as f64))
    }

    /// A symbolic mode is that of a file without any permissions to begin with.
    pub(super) fn has_mode(&self, stat: &Stat) -> Result<bool, String> {
        let Some(wanted) = &self.mode else { return Ok(true) };
        let wanted = mode::wanted(wanted, 0, false, self.umask)?;
        let wanted =
            u32::try_from(wanted).map_err(|_| "can't convert negative value to unsigned int".to_owned())? & 0o7777;
        Ok(if self.is_mode_exact { stat.mode & 0o7777 == wanted } else { stat.mode & wanted != 0 })
    }
}

/// True for a name that a pattern takes and none of the others.
pub(super) fn is_named(name: &str, patterns: &[String], excludes: &[String], is_regex: bool) -> Result<bool, String> {
    let any = |patterns: &[String]| {
        for pattern in patterns {
            let matches = if is_regex {
                PythonRegex::new(pattern, "")?.is_match_at_start(name)
            } else {
                glob::matches(pattern, name)
            };
            if matches {
                return Ok::<bool, String>(true);
            }
        }
        Ok(false)
    };
    Ok(any(patterns)? && !any(excludes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities() {
        for (text, units, expected) in [
            ("5", AGE_UNITS, Some(5)),
            ("-2H", AGE_UNITS, Some(-7_200)),
            ("1w", AGE_UNITS, Some(604_800)),
            ("1k", AGE_UNITS, None),
            ("10m", SIZE_UNITS, Some(10 << 20)),
            ("m", SIZE_UNITS, None),
            ("+5", SIZE_UNITS, None),
            ("1.5k", SIZE_UNITS, None),
            ("--5", SIZE_UNITS, None),
        ] {
            assert_eq!(Quantity::parse(text, units), expected.map(Quantity), "{text}");
        }
        assert!(Quantity(-5).holds(5.0) && !Quantity(-5).holds(5.5) && Quantity(5).holds(5.0));
    }
}
