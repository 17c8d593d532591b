//! How text is set off: with colours, with bold and underlined words, or with marks.

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The name of a module or plugin, or of an option that need not be given.
    Plugin,
    /// A name in other documentation.
    Reference,
    /// A constant.
    Constant,
    /// An option that must be given.
    Required,
}

/// How words are set off.
#[derive(Clone, Copy)]
pub enum Setting<'a> {
    /// With marks only; `ANSIBLE_NOCOLOR`.
    Marks,
    /// Bold and underlined.
    Styles,
    /// In colours, too; the function paints.
    Colours(&'a dyn Fn(Meaning, &str) -> String),
}

/// How a page looks.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// Characters in a line of the screen.
    pub columns: usize,
    /// Number of `-v`.
    pub verbosity: u8,
    /// How words are set off.
    pub setting: Setting<'a>,
}

impl std::fmt::Debug for Look<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Look").field("columns", &self.columns).finish_non_exhaustive()
    }
}

const BOLD: &str = "\u{1b}[1m";
const UNDERLINE: &str = "\u{1b}[4m";
const RESET: &str = "\u{1b}[0m";

impl Look<'_> {
    /// Characters in a line of text.
    pub(crate) fn limit(&self) -> usize {
        (self.columns - self.columns / 5).max(70)
    }

    /// True without bold and underlined words.
    pub(crate) fn is_marked(&self) -> bool {
        matches!(self.setting, Setting::Marks)
    }

    /// A heading.
    pub(crate) fn heading(&self, text: &str) -> String {
        self.styled(BOLD, text, "")
    }

    pub(crate) fn bold(&self, text: &str) -> String {
        self.styled(BOLD, text, "*")
    }

    pub(crate) fn underlined(&self, text: &str) -> String {
        self.styled(UNDERLINE, text, "`")
    }

    fn styled(&self, style: &str, text: &str, mark: &str) -> String {
        if self.is_marked() { format!("{mark}{text}{mark}") } else { format!("{style}{text}{RESET}") }
    }

    /// A word with a meaning; without colours it looks like any other.
    pub(crate) fn painted(&self, meaning: Meaning, text: &str) -> String {
        match self.setting {
            Setting::Colours(paint) => paint(meaning, text),
            Setting::Marks | Setting::Styles => text.to_owned(),
        }
    }
}
