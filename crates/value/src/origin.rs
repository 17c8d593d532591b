//! Where a value was written, and what may be done with it.

use crate::Deprecation;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock, RwLock};

/// A file, or a description such as `<CLI option '-e'>`, that values come from.
///
/// Sources are interned for the life of the process, so that a value's place costs 16 bytes and
/// no allocation. A run reads a bounded number of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source(NonZeroU32);

struct Entry {
    name: Arc<str>,
    is_file: bool,
}

fn table() -> &'static RwLock<Vec<Entry>> {
    static TABLE: OnceLock<RwLock<Vec<Entry>>> = OnceLock::new();
    TABLE.get_or_init(RwLock::default)
}

impl Source {
    /// A file on the controller, by the path that messages should show.
    pub fn file(path: &str) -> Self {
        Self::intern(path, true)
    }

    /// A place that is no file, shown as given: `<CLI option '-e'>`.
    pub fn described(text: &str) -> Self {
        Self::intern(text, false)
    }

    fn intern(name: &str, is_file: bool) -> Self {
        let mut entries = table().write().unwrap_or_else(|poisoned| poisoned.into_inner());
        let found = entries.iter().rposition(|entry| entry.is_file == is_file && &*entry.name == name);
        let index = found.unwrap_or_else(|| {
            entries.push(Entry { name: name.into(), is_file });
            entries.len() - 1
        });
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        Self(NonZeroU32::new(number).unwrap_or(NonZeroU32::MAX))
    }

    /// The path or the description.
    pub fn name(self) -> Arc<str> {
        self.with(|entry| entry.name.clone())
    }

    /// True when [`name`](Self::name) is a path that can be read for an excerpt.
    pub fn is_file(self) -> bool {
        self.with(|entry| entry.is_file)
    }

    fn with<T>(self, read: impl FnOnce(&Entry) -> T) -> T {
        let entries = table().read().unwrap_or_else(|poisoned| poisoned.into_inner());
        // An index is only ever made by `intern`, and the table only grows.
        read(&entries[self.0.get() as usize - 1])
    }
}

/// A place in a source. Lines and columns count from 1; 0 means unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The file or description.
    pub source: Source,
    /// Line, from 1; 0 when only the source is known.
    pub line: u32,
    /// Column, from 1; 0 when only the line is known.
    pub column: u32,
}

impl Origin {
    /// A place in `source`.
    pub fn new(source: Source, line: u32, column: u32) -> Self {
        Self { source, line, column }
    }

    /// All of a source, no place in it.
    pub fn whole(source: Source) -> Self {
        Self::new(source, 0, 0)
    }
}

/// `path:line:column`, leaving out what is unknown, as ansible-core prints an origin.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source.name())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        Ok(())
    }
}

/// What is known of a value beside its data: 16 bytes, `Copy`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tags {
    source: Option<Source>,
    line: u32,
    column: u32,
    trusted: bool,
    secret: bool,
    deprecated: Option<Deprecation>,
}

impl Tags {
    /// No origin, not trusted, not secret: what facts and module results carry.
    pub const NONE: Self = Self { source: None, line: 0, column: 0, trusted: false, secret: false, deprecated: None };

    /// Where the value was written.
    pub fn origin(self) -> Option<Origin> {
        self.source.map(|source| Origin { source, line: self.line, column: self.column })
    }

    /// True when the string comes from the user's own files and may be rendered as a template.
    pub fn is_trusted(self) -> bool {
        self.trusted
    }

    /// True when the value must never reach a log, a diff or the screen.
    pub fn is_secret(self) -> bool {
        self.secret
    }

    /// Why nobody should use the value any more.
    pub fn deprecation(self) -> Option<Deprecation> {
        self.deprecated
    }

    /// These tags of a value that nobody should use any more; or that may be used.
    #[must_use]
    pub fn deprecated(mut self, deprecation: Option<Deprecation>) -> Self {
        self.deprecated = deprecation;
        self
    }

    /// These tags with a place.
    #[must_use]
    pub fn at(mut self, origin: Origin) -> Self {
        self.source = Some(origin.source);
        self.line = origin.line;
        self.column = origin.column;
        self
    }

    /// These tags, trusted (or not) as a template.
    #[must_use]
    pub fn trust(mut self, trusted: bool) -> Self {
        self.trusted = trusted;
        self
    }

    /// These tags, marked secret.
    #[must_use]
    pub fn secret(mut self) -> Self {
        self.secret = true;
        self
    }
}
