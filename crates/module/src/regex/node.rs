//! A parsed pattern.

use super::character::{Case, Class, same};
use super::set::Set;

/// What matches one character.
#[derive(Clone, Debug)]
pub(super) enum One {
    Char(char, Case),
    Any,
    NotNewline,
    Class(Class, bool),
    Set(Box<Set>),
}

impl One {
    pub(super) fn is(&self, c: char) -> bool {
        match self {
            Self::Char(expected, case) => same(*expected, c, *case),
            Self::Any => true,
            Self::NotNewline => c != '\n',
            Self::Class(class, is_negated) => class.has(c) != *is_negated,
            Self::Set(set) => set.has(c),
        }
    }
}

/// A place between characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// `\A`, and `^` where there is one line.
    Start,
    /// `^` with several lines.
    LineStart,
    /// `\Z`
    End,
    /// `$`: the end, and before a newline there.
    LastEnd,
    /// `$` with several lines.
    LineEnd,
    /// `\b`, or `\B` when negated.
    Word { is_ascii: bool, is_negated: bool },
}

/// In which order the numbers of a repetition are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Greed {
    Most,
    Fewest,
    /// The most, and never fewer.
    Possessive,
}

/// Part of a pattern.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Empty,
    One(One),
    Place(Place),
    Group(usize, Box<Node>),
    Sequence(Vec<Node>),
    Either(Vec<Node>),
    Repeat {
        node: Box<Node>,
        least: u32,
        most: Option<u32>,
        greed: Greed,
    },
    /// `behind` is the number of characters to go back first.
    Look {
        node: Box<Node>,
        behind: usize,
        is_negative: bool,
    },
    Atomic(Box<Node>),
    Back(usize, Case),
    If {
        group: usize,
        yes: Box<Node>,
        no: Box<Node>,
    },
}

/// The least and the greatest number of characters of a match; `None` is any number.
pub(super) type Width = (usize, Option<usize>);

impl Node {
    /// `groups` are the widths of the groups that end before.
    pub(super) fn width(&self, groups: &[Option<Width>]) -> Width {
        match self {
            Self::Empty | Self::Place(_) | Self::Look { .. } => (0, Some(0)),
            Self::One(_) => (1, Some(1)),
            Self::Group(_, node) | Self::Atomic(node) => node.width(groups),
            Self::Sequence(nodes) => nodes.iter().fold((0, Some(0)), |sum, node| {
                let width = node.width(groups);
                (sum.0.saturating_add(width.0), sum.1.zip(width.1).map(|(a, b)| a.saturating_add(b)))
            }),
            Self::Either(nodes) => widest(nodes.iter().map(|node| node.width(groups))),
            Self::If { yes, no, .. } => widest([yes.width(groups), no.width(groups)].into_iter()),
            Self::Repeat { node, least, most, .. } => {
                let width = node.width(groups);
                if *most == Some(0) || width.1 == Some(0) {
                    return (0, Some(0));
                }
                let most = most.zip(width.1).map(|(most, width)| width.saturating_mul(most as usize));
                (width.0.saturating_mul(*least as usize), most)
            }
            Self::Back(group, _) => groups.get(*group).copied().flatten().unwrap_or((0, None)),
        }
    }
}

fn widest(widths: impl Iterator<Item = Width>) -> Width {
    let sum = widths.reduce(|a, b| (a.0.min(b.0), a.1.zip(b.1).map(|(a, b)| a.max(b))));
    sum.unwrap_or((0, Some(0)))
}
