//! Colours by name, as the `COLOR_*` settings give them, and what each is for.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// The parameters of an ANSI "select graphic rendition" sequence: `0;32`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Colour(Cow<'static, str>);

/// The named colours and their codes.
const NAMES: [(&str, &str); 18] = [
    ("black", "0;30"),
    ("bright gray", "0;37"),
    ("blue", "0;34"),
    ("white", "1;37"),
    ("green", "0;32"),
    ("bright blue", "1;34"),
    ("cyan", "0;36"),
    ("bright green", "1;32"),
    ("red", "0;31"),
    ("bright cyan", "1;36"),
    ("purple", "0;35"),
    ("bright red", "1;31"),
    ("yellow", "0;33"),
    ("bright purple", "1;35"),
    ("dark gray", "1;30"),
    ("magenta", "0;35"),
    ("bright magenta", "1;35"),
    ("normal", "0"),
];

impl Colour {
    /// A colour by its name: one of the names above, `colorN`, `rgbRGB` (digits 0 to 5) or `grayN` (0 to 23).
    pub(crate) fn named(name: &str) -> Option<Self> {
        if let Some((_, code)) = NAMES.iter().find(|(known, _)| *known == name) {
            return Some(Self(Cow::Borrowed(code)));
        }
        let code = |number: u32| Some(Self(Cow::Owned(format!("38;5;{number}"))));
        if name == "bright yellow" {
            return Some(Self(Cow::Borrowed("1;33")));
        }
        if let Some(digits) = name.strip_prefix("color") {
            return code(digits.parse().ok()?);
        }
        if let Some(digits) = name.strip_prefix("gray") {
            return code(232 + digits.parse::<u32>().ok()?.min(1000));
        }
        let digits: Vec<u32> = name.strip_prefix("rgb")?.chars().map(|c| c.to_digit(6)).collect::<Option<_>>()?;
        match digits[..] {
            [red, green, blue] => code(16 + 36 * red + 6 * green + blue),
            _ => None,
        }
    }

    /// `text` in this colour, each of its lines on its own.
    pub(crate) fn paint(&self, text: &str) -> String {
        let lines: Vec<String> = text.split('\n').map(|line| format!("\x1b[{}m{line}\x1b[0m", self.0)).collect();
        lines.join("\n")
    }
}

/// What a colour is for. Each is set by the setting of the same name: [`Role::Changed`] by `COLOR_CHANGED`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    Changed,
    Debug,
    Deprecate,
    DiffAdd,
    DiffLines,
    DiffRemove,
    Error,
    Included,
    Ok,
    Skip,
    Unreachable,
    Verbose,
    Warn,
}

impl Role {
    /// Every role, the setting that changes it, and the colour without one.
    pub(crate) const ALL: [(Self, &str, &str); 13] = [
        (Self::Changed, "COLOR_CHANGED", "yellow"),
        (Self::Debug, "COLOR_DEBUG", "dark gray"),
        (Self::Deprecate, "COLOR_DEPRECATE", "purple"),
        (Self::DiffAdd, "COLOR_DIFF_ADD", "green"),
        (Self::DiffLines, "COLOR_DIFF_LINES", "cyan"),
        (Self::DiffRemove, "COLOR_DIFF_REMOVE", "red"),
        (Self::Error, "COLOR_ERROR", "red"),
        (Self::Included, "COLOR_INCLUDED", "cyan"),
        (Self::Ok, "COLOR_OK", "green"),
        (Self::Skip, "COLOR_SKIP", "cyan"),
        (Self::Unreachable, "COLOR_UNREACHABLE", "bright red"),
        (Self::Verbose, "COLOR_VERBOSE", "blue"),
        (Self::Warn, "COLOR_WARN", "bright purple"),
    ];
}

/// The colour of each role.
#[derive(Clone, Debug)]
pub(crate) struct Palette(BTreeMap<Role, Colour>);

impl Palette {
    /// The palette for the setting values that `setting` returns; unknown names leave the default.
    pub(crate) fn new(setting: impl Fn(&str) -> Option<String>) -> Self {
        let colour = |name: &str, default: &str| {
            setting(name).and_then(|value| Colour::named(&value)).or_else(|| Colour::named(default))
        };
        let entries = Role::ALL.iter().filter_map(|(role, name, default)| Some((*role, colour(name, default)?)));
        Self(entries.collect())
    }

    /// `text` in the colour of `role`.
    pub(crate) fn paint(&self, role: Role, text: &str) -> String {
        self.0.get(&role).map_or_else(|| text.to_owned(), |colour| colour.paint(text))
    }
}

impl Default for Palette {
    fn default() -> Self {
        Self::new(|_| None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let code = |name| Colour::named(name).map(|colour| colour.0.into_owned());
        assert_eq!(code("dark gray").as_deref(), Some("1;30"));
        assert_eq!(code("bright yellow").as_deref(), Some("1;33"));
        assert_eq!(code("color207").as_deref(), Some("38;5;207"));
        assert_eq!(code("rgb123").as_deref(), Some("38;5;67"));
        assert_eq!(code("gray3").as_deref(), Some("38;5;235"));
        assert_eq!(code("rgb777"), None);
        assert_eq!(code("mauve"), None);
    }

    #[test]
    fn each_line_is_painted() {
        let painted = Palette::default().paint(Role::Ok, "a\n");
        assert_eq!(painted, "\x1b[0;32ma\x1b[0m\n\x1b[0;32m\x1b[0m");
    }
}
