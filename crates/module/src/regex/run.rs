//! Matching: instructions run over a text, and go back where they fail.

use super::TooHard;
use super::character::{Case, same};
use super::compile::{Instruction, Program};
use super::node::{Greed, One, Place};

/// So often may a search go back from one beginning.
const MAX_STEPS: usize = 5_000_000;

/// So many ways may be open at the same time.
const MAX_OPEN: usize = 4_000_000;

/// Where the first match at or after a place is: beginnings and ends of groups, two slots each.
pub(super) fn search(program: &Program, text: &str, from: usize) -> Result<Option<Vec<Option<usize>>>, TooHard> {
    let mut matcher =
        Matcher { code: &program.code, text, slots: vec![None; program.slots], open: Vec::new(), steps: 0 };
    let first = program.code.iter().find(|instruction| !matches!(instruction, Instruction::Note(_)));
    let mut at = from;
    while at <= text.len() {
        // Places where it cannot begin are passed over.
        match first {
            Some(Instruction::One(One::Char(c, Case::Exact))) => match text.get(at..).and_then(|rest| rest.find(*c)) {
                Some(distance) => at += distance,
                None => return Ok(None),
            },
            Some(Instruction::Place(Place::Start)) if at > 0 => return Ok(None),
            Some(Instruction::Place(Place::LineStart)) if at > 0 && text.as_bytes().get(at - 1) != Some(&b'\n') => {
                match text.get(at..).and_then(|rest| rest.find('\n')) {
                    Some(distance) => at += distance + 1,
                    None => return Ok(None),
                }
            }
            _ => {}
        }
        matcher.steps = 0;
        if let Some(end) = matcher.run(0, at)? {
            let mut slots = matcher.slots;
            if let [begin, finish, ..] = slots.as_mut_slice() {
                (*begin, *finish) = (Some(at), Some(end));
            }
            return Ok(Some(slots));
        }
        at += text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
    }
    Ok(None)
}

/// What can be taken back.
enum Open {
    /// Another way.
    Way { to: usize, at: usize },
    /// What a slot held before.
    Slot(usize, Option<usize>),
    /// The characters up to here were taken, and fewer will do, down to `least`.
    Fewer { to: usize, least: usize, at: usize },
    /// So many more characters may be taken by this instruction.
    More { by: usize, left: u32, at: usize },
}

struct Matcher<'a> {
    code: &'a [Instruction],
    text: &'a str,
    slots: Vec<Option<usize>>,
    open: Vec<Open>,
    steps: usize,
}

impl Matcher<'_> {
    /// Run from an instruction to the next `Found` that is not somebody else's: where that was.
    fn run(&mut self, from: usize, at: usize) -> Result<Option<usize>, TooHard> {
        let floor = self.open.len();
        let code = self.code;
        let (mut to, mut at) = (from, at);
        loop {
            let next = match code.get(to) {
                None => None,
                Some(Instruction::Found) => {
                    // No way back inside, but what was noted is taken back with what is outside.
                    let mut index = 0;
                    self.open.retain(|open| {
                        index += 1;
                        index <= floor || matches!(open, Open::Slot(..))
                    });
                    return Ok(Some(at));
                }
                Some(Instruction::One(one)) => self.step(one, at).map(|at| (to + 1, at)),
                Some(Instruction::Place(place)) => self.is_at(*place, at).then_some((to + 1, at)),
                Some(Instruction::Note(slot)) => {
                    self.note(*slot, Some(at));
                    Some((to + 1, at))
                }
                Some(Instruction::Jump(to)) => Some((*to, at)),
                Some(Instruction::Split(first, second)) => {
                    self.open.push(Open::Way { to: *second, at });
                    Some((*first, at))
                }
                Some(Instruction::Leave(slot, out)) => {
                    Some((if self.slot(*slot) == Some(at) { *out } else { to + 1 }, at))
                }
                Some(Instruction::Many { one, least, most, greed }) => self.many(to, one, (*least, *most), *greed, at),
                Some(Instruction::Back(group, case)) => self.back(*group, *case, at).map(|at| (to + 1, at)),
                Some(Instruction::Unless(group, other)) => {
                    Some((if self.slot(group * 2 + 1).is_some() { to + 1 } else { *other }, at))
                }
                Some(Instruction::Look { behind, is_negative, after }) => {
                    self.look(to, *behind, *is_negative, at)?.then_some((*after, at))
                }
                Some(Instruction::Atomic { after }) => self.run(to + 1, at)?.map(|at| (*after, at)),
            };
            let next = match next {
                Some(next) => Some(next),
                None => self.go_back(floor)?,
            };
            match next {
                Some(next) => (to, at) = next,
                None => return Ok(None),
            }
        }
    }

    fn slot(&self, slot: usize) -> Option<usize> {
        self.slots.get(slot).copied().flatten()
    }

    fn note(&mut self, slot: usize, value: Option<usize>) {
        if let Some(place) = self.slots.get_mut(slot) {
            self.open.push(Open::Slot(slot, std::mem::replace(place, value)));
        }
    }

    /// The last open way above the floor: the instruction and the place.
    fn go_back(&mut self, floor: usize) -> Result<Option<(usize, usize)>, TooHard> {
        self.steps += 1;
        if self.steps > MAX_STEPS || self.open.len() > MAX_OPEN {
            return Err(TooHard);
        }
        while self.open.len() > floor {
            match self.open.pop() {
                None => break,
                Some(Open::Way { to, at }) => return Ok(Some((to, at))),
                Some(Open::Slot(slot, value)) => {
                    if let Some(place) = self.slots.get_mut(slot) {
                        *place = value;
                    }
                }
                Some(Open::Fewer { to, least, at }) => {
                    let before = self.before(at).map_or(least, |(_, before)| before);
                    if before > least {
                        self.open.push(Open::Fewer { to, least, at: before });
                    }
                    return Ok(Some((to, before)));
                }
                Some(Open::More { by, left, at }) => {
                    if let Some(Instruction::Many { one, .. }) = self.code.get(by)
                        && let Some(at) = self.step(one, at)
                    {
                        if left > 1 {
                            self.open.push(Open::More { by, left: left - 1, at });
                        }
                        return Ok(Some((by + 1, at)));
                    }
                }
            }
        }
        Ok(None)
    }

    /// The place behind a character, if it is the right one.
    fn step(&self, one: &One, at: usize) -> Option<usize> {
        let c = self.after(at)?;
        one.is(c).then(|| at + c.len_utf8())
    }

    fn after(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// The character before a place, and where it begins.
    fn before(&self, at: usize) -> Option<(char, usize)> {
        let c = self.text.get(..at)?.chars().next_back()?;
        Some((c, at - c.len_utf8()))
    }

    fn many(
        &mut self,
        to: usize,
        one: &One,
        (least, most): (u32, Option<u32>),
        greed: Greed,
        at: usize,
    ) -> Option<(usize, usize)> {
        let mut at = at;
        for _ in 0..least {
            at = self.step(one, at)?;
        }
        let left = most.map_or(u32::MAX, |most| most - least);
        let enough = at;
        if greed == Greed::Fewest {
            if left > 0 {
                self.open.push(Open::More { by: to, left, at });
            }
            return Some((to + 1, at));
        }
        let mut count = 0;
        while count < left
            && let Some(next) = self.step(one, at)
        {
            at = next;
            count += 1;
        }
        if greed == Greed::Most && at > enough {
            self.open.push(Open::Fewer { to: to + 1, least: enough, at });
        }
        Some((to + 1, at))
    }

    /// Behind the same text as a group's.
    fn back(&self, group: usize, case: Case, at: usize) -> Option<usize> {
        let text = self.text.get(self.slot(group * 2)?..self.slot(group * 2 + 1)?)?;
        let mut at = at;
        for expected in text.chars() {
            let c = self.after(at).filter(|c| same(*c, expected, case))?;
            at += c.len_utf8();
        }
        Some(at)
    }

    fn look(&mut self, to: usize, behind: usize, is_negative: bool, at: usize) -> Result<bool, TooHard> {
        let mut begin = at;
        for _ in 0..behind {
            match self.before(begin) {
                Some((_, before)) => begin = before,
                None => return Ok(is_negative),
            }
        }
        let floor = self.open.len();
        let found = self.run(to + 1, begin)?.is_some();
        if found && is_negative {
            // Nothing that was noted there counts.
            self.go_back(floor)?;
        }
        Ok(found != is_negative)
    }

    fn is_at(&self, place: Place, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        let rest = bytes.get(at..).unwrap_or_default();
        match place {
            Place::Start => at == 0,
            Place::LineStart => at == 0 || bytes.get(at - 1) == Some(&b'\n'),
            Place::End => rest.is_empty(),
            Place::LastEnd => matches!(rest, b"" | b"\n"),
            Place::LineEnd => matches!(rest.first(), None | Some(b'\n')),
            Place::Word { is_ascii, is_negated } => {
                let is_word =
                    |c: char| c == '_' || if is_ascii { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() };
                let (before, after) = (self.before(at).map(|(c, _)| c), self.after(at));
                // The empty text has no boundary of either kind.
                let edge = before.is_some_and(is_word) != after.is_some_and(is_word);
                if bytes.is_empty() { false } else { edge != is_negated }
            }
        }
    }
}
