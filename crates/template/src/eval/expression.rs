//! Expressions.

use super::access::{attribute, contains, item, slice};
use super::{Arguments, Call, Frame, Run, binary, negate};
use crate::fault::{Fault, Outcome};
use crate::tree::{Argument, Comparison, Expression, ExpressionKind, FilterExpression, Symbol, TestExpression};
use crate::val::{BoundMethod, Dictionary, Key, Object, Reason, Val, compare, equal};
use crate::{checks, filters, methods};
use std::cmp::Ordering;
use std::rc::Rc;

impl Run<'_, '_> {
    pub(super) fn expression(&mut self, expression: &Expression, frame: &Rc<Frame>) -> Outcome<Val> {
        self.session.spend(1)?;
        match &expression.kind {
            ExpressionKind::Name(name) => Ok(self.name(name, frame)),
            ExpressionKind::Constant(value) => Ok(self.constant(value)),
            ExpressionKind::Attribute(value, name) => {
                self.session.enter()?;
                let value = self.expression(value, frame)?;
                Ok(attribute(&value, name, self.session))
            }
            ExpressionKind::Compare(first, rest) => self.comparison(first, rest, frame),
            ExpressionKind::And(left, right) => {
                let left = self.expression(left, frame)?;
                if left.truth()? { self.expression(right, frame) } else { Ok(left) }
            }
            ExpressionKind::Or(left, right) => {
                let left = self.expression(left, frame)?;
                if left.truth()? { Ok(left) } else { self.expression(right, frame) }
            }
            ExpressionKind::Not(value) => {
                let value = self.expression(value, frame)?;
                Ok(Val::Bool(!value.truth()?))
            }
            ExpressionKind::Filter(node) => self.filter(node, expression.line, frame),
            ExpressionKind::Test(node) => self.test(node, expression.line, frame),
            _ => self.other_expression(expression, frame),
        }
    }

    /// The rarer kinds, apart from the common ones to keep the stack frame of those small.
    #[inline(never)]
    fn other_expression(&mut self, expression: &Expression, frame: &Rc<Frame>) -> Outcome<Val> {
        self.session.enter()?;
        match &expression.kind {
            ExpressionKind::Binary(operator, left, right) => {
                let left = self.expression(left, frame)?;
                let right = self.expression(right, frame)?;
                binary(*operator, &left, &right, self.session).map_err(|fault| fault.or_line(expression.line))
            }
            ExpressionKind::Item(value, key) => {
                let value = self.expression(value, frame)?;
                let key = self.expression(key, frame)?;
                item(&value, &key, self.session)
            }
            ExpressionKind::If(condition, value, otherwise) => {
                if self.expression(condition, frame)?.truth()? {
                    return self.expression(value, frame);
                }
                match otherwise {
                    Some(otherwise) => self.expression(otherwise, frame),
                    None => Ok(self.session.undefined_for(Reason::NoElse)),
                }
            }
            ExpressionKind::List(items) => Ok(Val::list(self.expressions(items, frame)?)),
            ExpressionKind::Tuple(items) => Ok(Val::tuple(self.expressions(items, frame)?)),
            ExpressionKind::Dict(entries) => {
                let dict = Dictionary::empty();
                for (key, value) in entries {
                    let key = Key::new(self.expression(key, frame)?)?;
                    dict.insert(key, self.expression(value, frame)?);
                }
                Ok(Val::Dict(dict))
            }
            ExpressionKind::Negate(value) => negate(&self.expression(value, frame)?),
            ExpressionKind::Slice(value, bounds) => {
                let value = self.expression(value, frame)?;
                let mut numbers = [Val::None, Val::None, Val::None];
                for (number, bound) in numbers.iter_mut().zip(bounds) {
                    if let Some(bound) = bound {
                        *number = self.expression(bound, frame)?;
                    }
                }
                slice(&value, numbers, self.session)
            }
            ExpressionKind::Call(callee, arguments) => self.call_expression(callee, arguments, expression.line, frame),
            _ => Err(Fault::python("unexpected expression")),
        }
    }

    pub(super) fn expressions(&mut self, nodes: &[Expression], frame: &Rc<Frame>) -> Outcome<Vec<Val>> {
        nodes.iter().map(|node| self.expression(node, frame)).collect()
    }

    /// What a name stands for: a template's own name, a variable, then a global function.
    pub(super) fn name(&mut self, name: &Symbol, frame: &Rc<Frame>) -> Val {
        if let Some(value) = frame.get(name) {
            return value;
        }
        if !frame.is_isolated()
            && let Some(value) = self.variable(name)
        {
            return value;
        }
        if let Some(function) = crate::globals::find(name) {
            return Val::object(Object::Function(function));
        }
        match &**name {
            "omit" => Val::Omit,
            "self" => Val::object(Object::Blocks),
            "super" => match self.block_stack.last() {
                Some((block, level)) => Val::object(Object::Block(block.clone(), level + 1)),
                None => self.session.undefined_for(Reason::Name(name.clone())),
            },
            _ => self.session.undefined_for(Reason::Name(name.clone())),
        }
    }

    fn comparison(&mut self, first: &Expression, rest: &[(Comparison, Expression)], frame: &Rc<Frame>) -> Outcome<Val> {
        self.session.enter()?;
        let mut left = self.expression(first, frame)?;
        for (comparison, right) in rest {
            let right = self.expression(right, frame)?;
            // Membership looks at what it searches for only when there is something to compare it with.
            if !matches!(comparison, Comparison::In | Comparison::NotIn) {
                left.check()?;
            }
            right.check()?;
            if !self.holds(*comparison, &left, &right)? {
                return Ok(Val::Bool(false));
            }
            left = right;
        }
        Ok(Val::Bool(true))
    }

    fn holds(&self, comparison: Comparison, left: &Val, right: &Val) -> Outcome<bool> {
        let ordered = |symbol: &str, accept: fn(Ordering) -> bool| {
            Ok(compare(symbol, left, right, self.session)?.is_some_and(accept))
        };
        match comparison {
            Comparison::Equal => equal(left, right, self.session),
            Comparison::NotEqual => Ok(!equal(left, right, self.session)?),
            Comparison::Less => ordered("<", Ordering::is_lt),
            Comparison::LessEqual => ordered("<=", Ordering::is_le),
            Comparison::Greater => ordered(">", Ordering::is_gt),
            Comparison::GreaterEqual => ordered(">=", Ordering::is_ge),
            Comparison::In => contains(right, left, self.session),
            Comparison::NotIn => Ok(!contains(right, left, self.session)?),
        }
    }

    fn filter(&mut self, node: &FilterExpression, line: u32, frame: &Rc<Frame>) -> Outcome<Val> {
        self.session.enter()?;
        let value = match &node.value {
            Some(value) => self.expression(value, frame)?,
            None => self.piped.last().cloned().unwrap_or(Val::None),
        };
        let mut arguments = self.arguments(&node.arguments, frame)?;
        arguments.positional.insert(0, value);
        let Some(filter) = node.filter else {
            return Err(Fault::python(format!("No filter named '{}' found.", node.name)).or_line(line));
        };
        let result = match filters::apply(filter, Call::new(self.session, self.root, arguments)) {
            // What a plugin gives has the types of data.
            Ok(range @ Val::Range(_)) => self.session.items(&range).map(Val::list),
            Ok(value) => self.session.spend_value(&value).map(|()| value),
            fault => fault,
        };
        postponed(result, line)
    }

    fn test(&mut self, node: &TestExpression, line: u32, frame: &Rc<Frame>) -> Outcome<Val> {
        self.session.enter()?;
        let value = self.expression(&node.value, frame)?;
        let mut arguments = self.arguments(&node.arguments, frame)?;
        arguments.positional.insert(0, value);
        let Some(check) = node.check else {
            return Err(Fault::python(format!("No test named '{}' found.", node.name)).or_line(line));
        };
        let call = Call::new(self.session, self.root, arguments);
        if !check.accepts_undefined
            && let Some(undefined) = call.undefined()
        {
            return Ok(undefined);
        }
        postponed(checks::apply(check, call).map(Val::Bool), line)
    }

    pub(super) fn arguments(&mut self, nodes: &[Argument], frame: &Rc<Frame>) -> Outcome<Arguments> {
        let mut arguments = Arguments::default();
        for node in nodes {
            match node {
                Argument::Positional(value) => arguments.positional.push(self.expression(value, frame)?),
                Argument::Keyword(name, value) => {
                    let value = self.expression(value, frame)?;
                    arguments.keyword.push((name.clone(), value));
                }
                Argument::Splat(value) => {
                    let value = self.expression(value, frame)?;
                    arguments.positional.extend(self.session.items(&value)?);
                }
                Argument::KeywordSplat(value) => {
                    let value = self.expression(value, frame)?.defined()?;
                    let Some(entries) = self.session.mapping(&value) else {
                        return Err(Fault::python(format!(
                            "argument after ** must be a mapping, not {}",
                            value.python_class()
                        )));
                    };
                    for (key, value) in self.session.pairs(&entries) {
                        let Val::Str(name) = key.into_value() else {
                            return Err(Fault::python("keywords must be strings"));
                        };
                        arguments.keyword.push((name.text, value));
                    }
                }
            }
        }
        Ok(arguments)
    }

    fn call_expression(
        &mut self,
        callee: &Expression,
        arguments: &[Argument],
        line: u32,
        frame: &Rc<Frame>,
    ) -> Outcome<Val> {
        let callee = self.expression(callee, frame)?;
        let arguments = self.arguments(arguments, frame)?;
        let is_block = matches!(&callee, Val::Object(object) if matches!(**object, Object::Block(..)));
        let result = self.call(&callee, arguments);
        if let Ok(value) = &result {
            self.session.spend_value(value)?;
        }
        if is_block { result.map_err(|fault| fault.or_line(line)) } else { postponed(result, line) }
    }

    /// Call a value.
    pub(super) fn call(&mut self, callee: &Val, arguments: Arguments) -> Outcome<Val> {
        let object = match callee {
            Val::Undefined(_) => return Ok(callee.clone()),
            Val::Object(object) => object.clone(),
            other => return Err(not_callable(other)),
        };
        match &*object {
            Object::Macro(value) => return self.call_macro(value, arguments),
            Object::Block(name, level) => return self.call_block(name, *level),
            Object::Loop(state) => return self.call_loop(state, arguments),
            _ => {}
        }
        let accepts_undefined = match &*object {
            Object::Function(function) => function.accepts_undefined,
            _ => false,
        };
        arguments.broken()?;
        if !accepts_undefined && let Some(undefined) = arguments.undefined() {
            return Ok(undefined);
        }
        match &*object {
            Object::Function(function) => (function.run)(&mut Call::new(self.session, self.root, arguments)),
            Object::Method(BoundMethod { receiver, name }) => {
                match methods::call(receiver, name, arguments, self.session)? {
                    range @ Val::Range(_) => self.session.items(&range).map(Val::list),
                    value => Ok(value),
                }
            }
            Object::Cycler { .. } | Object::Joiner { .. } => methods::call(callee, "__call__", arguments, self.session),
            _ => Err(not_callable(callee)),
        }
    }
}

/// What a plugin, a function or a method fails with counts only when its result is used.
fn postponed(result: Outcome<Val>, line: u32) -> Outcome<Val> {
    result.or_else(|fault| {
        let fault = fault.or_line(line);
        if fault.is_not_yet() { Err(fault) } else { Ok(Val::failed(fault)) }
    })
}

/// A call that fails with an undefined value gives that value; any other error is one at once.
pub(crate) fn undefined_result(result: Outcome<Val>) -> Outcome<Val> {
    result.or_else(|fault| if fault.is_undefined() { Ok(Val::failed(fault)) } else { Err(fault) })
}

fn not_callable(value: &Val) -> Fault {
    Fault::python(format!("'{}' object is not callable", value.python_class()))
}
