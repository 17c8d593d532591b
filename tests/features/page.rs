//! The page of features.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Whether churten has something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    There,
    NoEffect,
    Refused,
    Missing,
}

impl State {
    fn text(self) -> &'static str {
        match self {
            Self::There => "yes",
            Self::NoEffect => "no effect",
            Self::Refused => "not yet, refused",
            Self::Missing => "not yet",
        }
    }
}

/// Sections of names with their states.
pub(crate) struct Page {
    notes: BTreeMap<&'static str, &'static str>,
    sections: Vec<Section>,
}

struct Section {
    title: &'static str,
    kind: &'static str,
    about: &'static str,
    rows: Vec<(String, State)>,
}

impl Page {
    pub(crate) fn new(notes: &[(&'static str, &'static str)]) -> Self {
        Self { notes: notes.iter().copied().collect(), sections: Vec::new() }
    }

    pub(crate) fn section(&mut self, title: &'static str, kind: &'static str, about: &'static str) {
        self.sections.push(Section { title, kind, about, rows: Vec::new() });
    }

    pub(crate) fn add(&mut self, name: &str, state: State) {
        self.sections.last_mut().unwrap().rows.push((name.to_owned(), state));
    }

    pub(crate) fn finish(mut self) -> String {
        let mut text = String::from(
            "# Features of ansible-core 2.19.14\n\nEvery name that ansible-core has, and whether churten has it. Written by \
             `tests/features.rs`, which asks the program; what differs in\ndetail stands in \
             [compatibility.md](compatibility.md).\n\n",
        );
        text.push_str("| | yes | no effect | not yet |\n|---|---:|---:|---:|\n");
        for section in &self.sections {
            let count = |states: &[State]| section.rows.iter().filter(|(_, state)| states.contains(state)).count();
            let (there, idle) = (count(&[State::There]), count(&[State::NoEffect]));
            let missing = count(&[State::Refused, State::Missing]);
            let _ = writeln!(text, "| {} | {there} | {idle} | {missing} |", section.title);
        }
        for section in &self.sections {
            let _ = write!(
                text,
                "\n## {}\n\n{}\n\n| {} | state |\n|---|---|\n",
                section.title, section.about, section.kind
            );
            for (name, state) in &section.rows {
                let note = self.notes.remove(format!("{} {name}", section.kind).as_str());
                let state = note.unwrap_or_else(|| state.text());
                let _ = writeln!(text, "| `{name}` | {state} |");
            }
        }
        assert!(self.notes.is_empty(), "notes about what there is not: {:?}", self.notes);
        text
    }
}
