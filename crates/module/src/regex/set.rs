//! Sets of characters: what stands in square brackets.

use super::character::{Case, Class, lower, upper};

/// A set.
#[derive(Clone, Debug)]
pub(super) struct Set {
    pub(super) items: Vec<Item>,
    pub(super) is_negated: bool,
    pub(super) case: Case,
}

/// What a set consists of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Item {
    Range(char, char),
    /// A class, or all that is not in it.
    Class(Class, bool),
}

impl Set {
    pub(super) fn has(&self, c: char) -> bool {
        let found = self.names(c)
            || match self.case {
                Case::Exact => false,
                Case::Ascii => {
                    c.is_ascii() && (self.names(c.to_ascii_lowercase()) || self.names(c.to_ascii_uppercase()))
                }
                Case::Unicode => {
                    let (low, high) = (lower(c), upper(c));
                    self.names(low) || self.names(high) || self.names(lower(high)) || self.names_other(low)
                }
            };
        found != self.is_negated
    }

    fn names(&self, c: char) -> bool {
        self.items.iter().any(|item| match item {
            Item::Range(first, last) => (*first..=*last).contains(&c),
            Item::Class(class, is_negated) => class.has(c) != *is_negated,
        })
    }

    /// Is a single character of the set the same letter, though neither case of the one asked for?
    fn names_other(&self, low: char) -> bool {
        self.items.iter().any(|item| match item {
            Item::Range(first, last) if first == last => lower(upper(*first)) == lower(upper(low)),
            _ => false,
        })
    }
}
