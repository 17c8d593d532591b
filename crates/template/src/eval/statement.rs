//! Statements.

use super::output::{self, Output};
use super::{Frame, Run};
use crate::fault::{Fault, Outcome};
use crate::tree::{ForLoop, Jump, Statement, StatementKind, Symbol, Target};
use crate::val::{Key, LoopState, MacroValue, Object, Val};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

impl Run<'_, '_> {
    pub(super) fn statements(&mut self, body: &[Statement], frame: &Rc<Frame>, out: &mut Output) -> Outcome<()> {
        for statement in body {
            self.statement(statement, frame, out).map_err(|fault| fault.or_line(statement.line))?;
            if self.jump.is_some() {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn statement(&mut self, statement: &Statement, frame: &Rc<Frame>, out: &mut Output) -> Outcome<()> {
        self.session.spend(1)?;
        match &statement.kind {
            StatementKind::Text(text) => {
                out.push(Val::str(text.clone()));
                Ok(())
            }
            StatementKind::Print(expression) => {
                let value = self.expression(expression, frame)?;
                self.print(value, out)
            }
            StatementKind::If(condition, then, otherwise) => {
                let body = if self.expression(condition, frame)?.truth()? { then } else { otherwise };
                self.statements(body, frame, out)
            }
            StatementKind::For(node) => {
                let iterable = self.expression(&node.iterable, frame)?;
                let items = self.session.items(&iterable)?;
                self.for_loop(node, items, frame, 1, out)
            }
            _ => self.other_statement(statement, frame, out),
        }
    }

    fn print(&self, value: Val, out: &mut Output) -> Outcome<()> {
        if let Val::Undefined(undefined) = &value
            && !undefined.is_silent()
            && self.captures == 0
        {
            return Err(undefined.fault());
        }
        // A container is finished where it is printed: it may change afterwards.
        out.push(match &value {
            // What is collected, by a macro or `set`, may be used as the tuple it is.
            Val::Tuple(_) if self.captures > 0 => value,
            Val::List(_) | Val::Tuple(_) | Val::Dict(_) => value.settled(self.session)?,
            _ => value,
        });
        Ok(())
    }

    /// The rarer kinds, apart from the common ones to keep the stack frame of those small.
    #[inline(never)]
    fn other_statement(&mut self, statement: &Statement, frame: &Rc<Frame>, out: &mut Output) -> Outcome<()> {
        self.session.enter()?;
        match &statement.kind {
            StatementKind::Set(target, expression) => {
                let value = self.expression(expression, frame)?;
                self.assign(target, value, frame)
            }
            StatementKind::With(assignments, body) => {
                let inner = Frame::inside(frame);
                for (target, expression) in assignments {
                    let value = self.expression(expression, frame)?;
                    self.assign(target, value, &inner)?;
                }
                self.statements(body, &inner, out)
            }
            StatementKind::SetBlock(target, filter, body) => {
                let mut value = self.captured(body, &Frame::inside(frame))?;
                if self.jump.is_some() {
                    return Ok(());
                }
                if let Some(filter) = filter {
                    value = self.apply_filter(filter, value, frame)?;
                }
                self.assign(target, value, frame)
            }
            StatementKind::FilterBlock(filter, body) => {
                let value = self.captured(body, &Frame::inside(frame))?;
                // What was collected until then is lost, as in Jinja2.
                if self.jump.is_some() {
                    return Ok(());
                }
                let value = self.apply_filter(filter, value, frame)?;
                self.print(value, out)
            }
            StatementKind::Group(body) => self.statements(body, frame, out),
            StatementKind::Block { name, scoped, body } => self.block(name, *scoped, body, frame, out),
            StatementKind::Import { template, name, with_context } => {
                let module = self.import(template, *with_context, frame)?;
                frame.set(name, module);
                Ok(())
            }
            StatementKind::FromImport { template, names, with_context } => {
                self.import_names(template, names, *with_context, frame)
            }
            StatementKind::Extends(template) => {
                let parent = self.load_required(template, frame)?;
                self.add_blocks(&parent);
                self.parent = Some(parent);
                Ok(())
            }
            StatementKind::Include { template, ignore_missing, with_context } => {
                self.include(template, *ignore_missing, *with_context, frame, out)
            }
            StatementKind::Macro(declaration) => {
                let value = MacroValue { declaration: declaration.clone(), frame: frame.clone() };
                self.session.keeps_macro(frame);
                frame.set(&declaration.name, Val::object(Object::Macro(value)));
                Ok(())
            }
            StatementKind::CallBlock { callee, arguments, body } => {
                let callee = self.expression(callee, frame)?;
                let mut arguments = self.arguments(arguments, frame)?;
                let caller = MacroValue { declaration: body.clone(), frame: frame.clone() };
                arguments.keyword.push(("caller".into(), Val::object(Object::Macro(caller))));
                let value = self.call(&callee, arguments)?;
                self.print(value, out)
            }
            StatementKind::Do(expression) => self.expression(expression, frame).map(drop),
            StatementKind::Jump(jump) => {
                self.jump = Some(*jump);
                Ok(())
            }
            _ => Err(Fault::python("unexpected statement")),
        }
    }

    /// What a body prints, as its native result.
    pub(super) fn captured(&mut self, body: &[Statement], frame: &Rc<Frame>) -> Outcome<Val> {
        let mut parts = Output::new();
        self.captures += 1;
        let result = self.statements(body, frame, &mut parts);
        self.captures -= 1;
        result?;
        output::join(parts, self.session)
    }

    pub(super) fn assign(&mut self, target: &Target, value: Val, frame: &Rc<Frame>) -> Outcome<()> {
        match target {
            Target::Name(name) => frame.set(name, value),
            Target::Attribute(namespace, name) => {
                let namespace = self.name(namespace, frame).defined()?;
                match &namespace {
                    Val::Object(object) if let Object::Namespace(entries) = &**object => {
                        entries.insert(Key::text(name.clone()), value);
                    }
                    _ => return Err(Fault::python("cannot assign attribute on non-namespace object")),
                }
            }
            Target::Unpack(targets) => {
                let items = self.unpack(&value)?;
                let (expected, found) = (targets.len(), items.len());
                if found < expected {
                    return Err(Fault::python(format!(
                        "not enough values to unpack (expected {expected}, got {found})"
                    )));
                }
                if found > expected {
                    return Err(Fault::python(format!("too many values to unpack (expected {expected})")));
                }
                for (target, item) in targets.iter().zip(items) {
                    self.assign(target, item, frame)?;
                }
            }
        }
        Ok(())
    }

    fn unpack(&self, value: &Val) -> Outcome<Vec<Val>> {
        value.check()?;
        self.session
            .items(value)
            .map_err(|_| Fault::python(format!("cannot unpack non-iterable {} object", value.python_type())))
    }

    pub(super) fn for_loop(
        &mut self,
        node: &Arc<ForLoop>,
        mut items: Vec<Val>,
        frame: &Rc<Frame>,
        depth: usize,
        out: &mut Output,
    ) -> Outcome<()> {
        self.session.enter()?;
        if let Some(condition) = &node.condition {
            let mut kept = Vec::new();
            for item in items {
                let inner = Frame::inside(frame);
                self.assign(&node.target, item.clone(), &inner)?;
                if self.expression(condition, &inner)?.truth()? {
                    kept.push(item);
                }
            }
            items = kept;
        }
        if items.is_empty() {
            return self.statements(&node.otherwise, &Frame::inside(frame), out);
        }
        let state = Rc::new(LoopState {
            items,
            index: Cell::new(0),
            depth,
            recursive: node.recursive.then(|| (node.clone(), frame.clone())),
            changed: RefCell::new(None),
        });
        let loop_value = Val::object(Object::Loop(state.clone()));
        let mut inner = Frame::inside(frame);
        // To Jinja2 a loop has not run before one of its rounds has come to its end.
        let mut has_run = false;
        for (index, item) in state.items.iter().enumerate() {
            state.index.set(index);
            // A macro or another closure may have kept the last round's names.
            if Rc::strong_count(&inner) == 1 {
                inner.clear();
            } else {
                inner = Frame::inside(frame);
            }
            inner.set(loop_name(), loop_value.clone());
            self.assign(&node.target, item.clone(), &inner)?;
            self.statements(&node.body, &inner, out)?;
            match self.jump.take() {
                None => has_run = true,
                Some(Jump::Continue) => {}
                Some(Jump::Break) => break,
            }
        }
        if has_run { Ok(()) } else { self.statements(&node.otherwise, &Frame::inside(frame), out) }
    }
}

fn loop_name() -> &'static Symbol {
    static NAME: OnceLock<Symbol> = OnceLock::new();
    NAME.get_or_init(|| "loop".into())
}
