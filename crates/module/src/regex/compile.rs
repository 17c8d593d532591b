//! From a parsed pattern to instructions.

use super::character::Case;
use super::node::{Greed, Node, One, Place};

/// So many instructions may a pattern have.
const MAX_LENGTH: usize = 200_000;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) code: Vec<Instruction>,
    /// Two for each group, and one for each loop.
    pub(super) slots: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Instruction {
    One(One),
    Place(Place),
    /// Note the position: where a group begins or ends, or a turn of a loop.
    Note(usize),
    Jump(usize),
    /// Go to the first, and when that fails to the second.
    Split(usize, usize),
    /// Leave a loop whose last turn matched nothing: the slot with where it began, and the way out.
    Leave(usize, usize),
    Many {
        one: One,
        least: u32,
        most: Option<u32>,
        greed: Greed,
    },
    Back(usize, Case),
    /// Without the group, jump.
    Unless(usize, usize),
    /// What follows, up to `Found`, is looked for `behind` characters before; then it goes on at `after`.
    Look {
        behind: usize,
        is_negative: bool,
        after: usize,
    },
    /// What follows, up to `Found`, matches in one way only; then it goes on at `after`.
    Atomic {
        after: usize,
    },
    Found,
}

/// Compile a pattern with so many groups.
pub(super) fn compile(node: &Node, groups: usize) -> Result<Program, String> {
    let mut compiler = Compiler { code: Vec::new(), slots: groups * 2 };
    compiler.node(node)?;
    compiler.add(Instruction::Found);
    Ok(Program { code: compiler.code, slots: compiler.slots })
}

struct Compiler {
    code: Vec<Instruction>,
    slots: usize,
}

impl Compiler {
    fn add(&mut self, instruction: Instruction) -> usize {
        self.code.push(instruction);
        self.code.len() - 1
    }

    /// An instruction that is known only after what follows it.
    fn hole(&mut self) -> usize {
        self.add(Instruction::Found)
    }

    fn fill(&mut self, hole: usize, instruction: Instruction) {
        if let Some(place) = self.code.get_mut(hole) {
            *place = instruction;
        }
    }

    fn node(&mut self, node: &Node) -> Result<(), String> {
        if self.code.len() > MAX_LENGTH {
            return Err("the regular expression is too large".to_owned());
        }
        match node {
            Node::Empty => {}
            Node::One(one) => {
                self.add(Instruction::One(one.clone()));
            }
            Node::Place(place) => {
                self.add(Instruction::Place(*place));
            }
            Node::Group(group, node) => {
                self.add(Instruction::Note(group * 2));
                self.node(node)?;
                self.add(Instruction::Note(group * 2 + 1));
            }
            Node::Sequence(nodes) => nodes.iter().try_for_each(|node| self.node(node))?,
            Node::Either(nodes) => self.either(nodes)?,
            Node::Repeat { node, least, most, greed: Greed::Possessive } if !matches!(**node, Node::One(_)) => {
                let hole = self.hole();
                // There is no way back into a single turn either.
                self.repeat(&Node::Atomic(node.clone()), *least, *most, Greed::Most)?;
                self.close(hole, |after| Instruction::Atomic { after });
            }
            Node::Repeat { node, least, most, greed } => self.repeat(node, *least, *most, *greed)?,
            Node::Look { node, behind, is_negative } => {
                let hole = self.hole();
                self.node(node)?;
                let (behind, is_negative) = (*behind, *is_negative);
                self.close(hole, |after| Instruction::Look { behind, is_negative, after });
            }
            Node::Atomic(node) => {
                let hole = self.hole();
                self.node(node)?;
                self.close(hole, |after| Instruction::Atomic { after });
            }
            Node::Back(group, case) => {
                self.add(Instruction::Back(*group, *case));
            }
            Node::If { group, yes, no } => {
                let hole = self.hole();
                self.node(yes)?;
                let end = self.hole();
                self.fill(hole, Instruction::Unless(*group, end + 1));
                self.node(no)?;
                self.fill(end, Instruction::Jump(self.code.len()));
            }
        }
        Ok(())
    }

    /// End a part that is matched by itself.
    fn close(&mut self, hole: usize, instruction: impl FnOnce(usize) -> Instruction) {
        let after = self.add(Instruction::Found) + 1;
        self.fill(hole, instruction(after));
    }

    fn either(&mut self, nodes: &[Node]) -> Result<(), String> {
        let mut ends = Vec::new();
        let Some((last, others)) = nodes.split_last() else { return Ok(()) };
        for node in others {
            let split = self.hole();
            self.node(node)?;
            ends.push(self.hole());
            self.fill(split, Instruction::Split(split + 1, self.code.len()));
        }
        self.node(last)?;
        for end in ends {
            self.fill(end, Instruction::Jump(self.code.len()));
        }
        Ok(())
    }

    fn repeat(&mut self, node: &Node, least: u32, most: Option<u32>, greed: Greed) -> Result<(), String> {
        if let Node::One(one) = node {
            self.add(Instruction::Many { one: one.clone(), least, most, greed });
            return Ok(());
        }
        for _ in 0..least {
            self.node(node)?;
        }
        let split = |inside: usize, outside: usize| match greed {
            Greed::Fewest => Instruction::Split(outside, inside),
            Greed::Most | Greed::Possessive => Instruction::Split(inside, outside),
        };
        let turns = most.map_or(1, |most| most - least);
        let mut holes = Vec::new();
        for _ in 0..turns {
            let begin = self.hole();
            let slot = self.slots;
            self.slots += 1;
            self.add(Instruction::Note(slot));
            self.node(node)?;
            let leave = self.hole();
            holes.push((begin, leave, slot));
            if most.is_none() {
                self.add(Instruction::Jump(begin));
            }
        }
        let end = self.code.len();
        for (begin, leave, slot) in holes {
            self.fill(begin, split(begin + 1, end));
            self.fill(leave, Instruction::Leave(slot, end));
        }
        Ok(())
    }
}
