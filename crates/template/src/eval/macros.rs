//! Macros, blocks and recursive loops: what templates define and call themselves.

use super::output::{self, Output};
use super::{Arguments, Frame, Run};
use crate::fault::{Fault, Outcome};
use crate::tree::{Statement, Symbol};
use crate::val::{Dictionary, Key, LoopState, MacroValue, Val};
use std::rc::Rc;
use std::sync::Arc;

impl Run<'_, '_> {
    pub(super) fn call_macro(&mut self, value: &MacroValue, arguments: Arguments) -> Outcome<Val> {
        self.session.enter()?;
        let declaration = &value.declaration;
        let frame = Frame::inside(&value.frame);
        let Arguments { positional, mut keyword } = arguments;
        let parameters = &declaration.parameters;
        let first_default = parameters.len() - declaration.defaults.len().min(parameters.len());
        let mut positional = positional.into_iter();
        for (index, name) in parameters.iter().enumerate() {
            let given = positional
                .next()
                .or_else(|| Some(keyword.remove(keyword.iter().position(|(known, _)| known == name)?).1));
            let value = match given {
                Some(value) => value,
                None => match index.checked_sub(first_default).and_then(|index| declaration.defaults.get(index)) {
                    Some(default) => self.expression(default, &frame)?,
                    None => self.session.undefined(format!("parameter '{name}' was not provided")),
                },
            };
            frame.set(name, value);
        }
        let rest: Vec<Val> = positional.collect();
        let is_caller_parameter = parameters.iter().any(|name| &**name == "caller");
        if !is_caller_parameter && let Some(index) = keyword.iter().position(|(name, _)| &**name == "caller") {
            let (name, caller) = keyword.remove(index);
            if !declaration.uses_caller {
                return Err(Fault::python(format!(
                    "macro {} was invoked with two values for the special caller argument. This is most likely a bug.",
                    churten_value::str_repr(&declaration.name)
                )));
            }
            frame.set(&name, caller);
        }
        let shown = churten_value::str_repr(&declaration.name);
        if !declaration.uses_varargs && !rest.is_empty() {
            let count = parameters.len();
            return Err(Fault::python(format!("macro {shown} takes not more than {count} argument(s)")));
        }
        if !declaration.uses_kwargs
            && let Some((name, _)) = keyword.first()
        {
            return Err(Fault::python(format!(
                "macro {shown} takes no keyword argument {}",
                churten_value::str_repr(name)
            )));
        }
        if declaration.uses_varargs {
            frame.set(&"varargs".into(), Val::tuple(rest));
        }
        if declaration.uses_kwargs {
            let entries = keyword.into_iter().map(|(name, value)| (Key::text(name), value));
            frame.set(&"kwargs".into(), Val::Dict(Dictionary::new(entries)));
        }
        let result = self.captured(&declaration.body, &frame)?;
        // What a call gives has the types of data.
        if matches!(result, Val::Range(_)) { self.session.items(&result).map(Val::list) } else { Ok(result) }
    }

    /// `{% block %}` where it stands: the most derived body.
    pub(super) fn block(
        &mut self,
        name: &Symbol,
        scoped: bool,
        own: &Arc<Vec<Statement>>,
        frame: &Rc<Frame>,
        out: &mut Output,
    ) -> Outcome<()> {
        let body = self.blocks.get(name).and_then(|bodies| bodies.first()).unwrap_or(own).clone();
        let inner = if scoped { Frame::inside(frame) } else { self.block_frame() };
        self.block_stack.push((name.clone(), 0));
        let result = self.statements(&body, &inner, out);
        self.block_stack.pop();
        result
    }

    /// `super()` and `self.name()`: a block's text.
    pub(super) fn call_block(&mut self, name: &Symbol, level: usize) -> Outcome<Val> {
        self.session.enter()?;
        let Some(body) = self.blocks.get(name).and_then(|bodies| bodies.get(level)).cloned() else {
            return Ok(self.session.undefined(if level == 0 {
                format!("there is no block named '{name}'")
            } else {
                format!("there is no parent block called '{name}'.")
            }));
        };
        let frame = self.block_frame();
        self.block_stack.push((name.clone(), level));
        let result = self.captured(&body, &frame);
        self.block_stack.pop();
        result?.defined()
    }

    fn block_frame(&self) -> Rc<Frame> {
        self.base.as_ref().map_or_else(Frame::top, Frame::inside)
    }

    /// `loop(items)` in a recursive loop.
    pub(super) fn call_loop(&mut self, state: &LoopState, arguments: Arguments) -> Outcome<Val> {
        let Some((node, frame)) = &state.recursive else {
            return Err(Fault::python("The loop must have the 'recursive' marker to be called recursively."));
        };
        let Some(items) = arguments.positional.first() else {
            return Err(Fault::python("LoopContext.__call__() missing 1 required positional argument: 'iterable'"));
        };
        let items = self.session.items(items)?;
        let mut parts = Output::new();
        self.captures += 1;
        let result = self.for_loop(node, items, frame, state.depth + 1, &mut parts);
        self.captures -= 1;
        result?;
        output::join(parts, self.session)
    }
}
