//! One execution of one template or expression.

use super::output::{self, Output};
use super::{Frame, Session};
use crate::fault::{Fault, Outcome};
use crate::templar::Compiled;
use crate::tree::{Expression, Jump, Statement, StatementKind, Symbol};
use crate::val::{Root, Val};
use churten_value::Value;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// How to do without templates in the constants of a condition.
const CONDITION_EXAMPLE: &str =
    "Use inline expressions, for example: `when: \"{{ a_var }}\" == 42` becomes `when: a_var == 42`";

/// The state of an execution: the variables it has looked up, its blocks, its parent template.
pub(crate) struct Run<'r, 'a> {
    pub(super) session: &'r Session<'a>,
    pub(super) root: Root,
    /// Templates inside string constants are rendered, as ansible-core still does in conditions.
    embedded: bool,
    /// A variable is looked up once in a template, as in Jinja2.
    variables: Vec<(Symbol, Option<Val>)>,
    /// The bodies of every block, most derived first.
    pub(super) blocks: HashMap<Symbol, Vec<Arc<Vec<Statement>>>>,
    /// The blocks being rendered, with their level.
    pub(super) block_stack: Vec<(Symbol, usize)>,
    /// Values for filters without one: `{% filter %}`.
    pub(super) piped: Vec<Val>,
    /// The name by which the last template file was found.
    pub(super) requested: Symbol,
    pub(super) base: Option<Rc<Frame>>,
    pub(super) parent: Option<Arc<Compiled>>,
    /// Bodies that are being collected: what is undefined in them counts only when the collected value is used.
    pub(super) captures: usize,
    /// A `break` or `continue` on its way to its loop.
    pub(super) jump: Option<Jump>,
}

impl<'r, 'a> Run<'r, 'a> {
    pub(crate) fn new(session: &'r Session<'a>, root: Root) -> Self {
        Self {
            session,
            root,
            embedded: false,
            variables: Vec::new(),
            blocks: HashMap::new(),
            block_stack: Vec::new(),
            piped: Vec::new(),
            requested: "".into(),
            base: None,
            parent: None,
            captures: 0,
            jump: None,
        }
    }

    /// Render templates inside string constants.
    pub(crate) fn with_embedded(mut self) -> Self {
        self.embedded = true;
        self
    }

    /// A constant's value.
    pub(super) fn constant(&self, value: &Value) -> Val {
        if self.embedded && value.is_trusted_text() {
            crate::lookups::warn_embedded(self.session, CONDITION_EXAMPLE);
            return self.session.resolve(value, self.root);
        }
        Val::from_plain(value)
    }

    /// The value of a bare expression.
    pub(crate) fn bare(mut self, expression: &Expression) -> Outcome<Val> {
        self.expression(expression, &Frame::top())
    }

    /// The result of a template string: native, with its trailing newlines kept.
    pub(crate) fn whole(mut self, compiled: &Arc<Compiled>, source: &str) -> Outcome<Val> {
        self.session.enter()?;
        let frame = Frame::top();
        if let [Statement { kind: StatementKind::Print(expression), line }] = &*compiled.template.body {
            let value = self.expression(expression, &frame).map_err(|fault| fault.or_line(*line))?;
            if let Val::Undefined(undefined) = &value
                && !undefined.is_silent()
            {
                return Err(undefined.fault().or_line(*line));
            }
            return Ok(match value {
                Val::Str(text) => Val::Str(output::keep_newlines(text, source, compiled)),
                value => value,
            });
        }
        let mut parts = Output::new();
        self.template(compiled, &frame, &mut parts)?;
        Ok(match output::join(parts, self.session)? {
            Val::Str(text) => Val::Str(output::keep_newlines(text, source, compiled)),
            value => value,
        })
    }

    /// A template and, when it extends another, its parents.
    pub(super) fn template(&mut self, compiled: &Arc<Compiled>, frame: &Rc<Frame>, out: &mut Output) -> Outcome<()> {
        self.base = Some(frame.clone());
        self.add_blocks(compiled);
        let mut current = compiled.clone();
        loop {
            let mut parts = Output::new();
            for statement in &current.template.body {
                // After `extends` only definitions count.
                let is_definition = matches!(
                    statement.kind,
                    StatementKind::Set(..)
                        | StatementKind::Do(_)
                        | StatementKind::Macro(_)
                        | StatementKind::Import { .. }
                        | StatementKind::FromImport { .. }
                );
                if self.parent.is_none() || is_definition {
                    self.statement(statement, frame, &mut parts).map_err(|fault| fault.or_line(statement.line))?;
                }
            }
            match self.parent.take() {
                Some(parent) => current = parent,
                None => {
                    out.append(&mut parts);
                    return Ok(());
                }
            }
        }
    }

    pub(super) fn add_blocks(&mut self, compiled: &Compiled) {
        for (name, body) in &compiled.template.blocks {
            self.blocks.entry(name.clone()).or_default().push(body.clone());
        }
    }

    /// A variable of the scope.
    pub(super) fn variable(&mut self, name: &Symbol) -> Option<Val> {
        if let Some((_, value)) = self.variables.iter().find(|(known, _)| Arc::ptr_eq(known, name) || known == name) {
            return value.clone();
        }
        let value = self.session.variable(self.root, name);
        self.variables.push((name.clone(), value.clone()));
        value
    }

    /// `{% filter %}` and `{% set x | filter %}`: the filter applied to a value.
    pub(super) fn apply_filter(&mut self, filter: &Expression, value: Val, frame: &Rc<Frame>) -> Outcome<Val> {
        self.piped.push(value);
        let result = self.expression(filter, frame);
        self.piped.pop();
        result
    }

    pub(super) fn error(message: impl Into<String>) -> Fault {
        Fault::python(message)
    }
}

/// The value of an expression that sees these names and no variables.
pub(crate) fn evaluate_alone(
    session: &Session<'_>,
    root: Root,
    expression: &Expression,
    names: impl Iterator<Item = (Symbol, Val)>,
) -> Outcome<Val> {
    let frame = Frame::isolated();
    for (name, value) in names {
        frame.set(&name, value);
    }
    Run::new(session, root).expression(expression, &frame)
}
