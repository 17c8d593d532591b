//! Text with the tags of the value it came from.

use churten_value::Tags;
use std::ops::Deref;
use std::sync::Arc;

/// A string: shared text, and the origin, trust and secrecy of the variable it came from.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) text: Arc<str>,
    pub(crate) tags: Tags,
}

impl Text {
    pub(crate) fn new(text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), tags: Tags::NONE }
    }
}

impl Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        &self.text
    }
}
