//! Whether a macro's body uses one of the special names, which decides what arguments it takes.

use crate::tree::{Argument, Expression, ExpressionKind, Statement, StatementKind};

/// True when `name` occurs in the statements, nested macros not counted.
pub(super) fn uses(body: &[Statement], name: &str) -> bool {
    body.iter().any(|statement| statement_uses(statement, name))
}

fn statement_uses(statement: &Statement, name: &str) -> bool {
    let value = |expression: &Expression| expression_uses(expression, name);
    match &statement.kind {
        StatementKind::Print(expression) | StatementKind::Set(_, expression) | StatementKind::Do(expression) => {
            value(expression)
        }
        StatementKind::For(node) => {
            value(&node.iterable)
                || node.condition.as_ref().is_some_and(value)
                || uses(&node.body, name)
                || uses(&node.otherwise, name)
        }
        StatementKind::If(condition, then, otherwise) => value(condition) || uses(then, name) || uses(otherwise, name),
        StatementKind::With(assignments, body) => {
            assignments.iter().any(|(_, expression)| value(expression)) || uses(body, name)
        }
        StatementKind::SetBlock(_, filter, body) => filter.as_ref().is_some_and(value) || uses(body, name),
        StatementKind::FilterBlock(filter, body) => value(filter) || uses(body, name),
        StatementKind::Group(body) => uses(body, name),
        StatementKind::CallBlock { callee, arguments, body } => {
            value(callee) || arguments_use(arguments, name) || uses(&body.body, name)
        }
        StatementKind::Block { body, .. } => uses(body, name),
        StatementKind::Include { template, .. } => value(template),
        _ => false,
    }
}

fn arguments_use(arguments: &[Argument], name: &str) -> bool {
    arguments.iter().any(|argument| match argument {
        Argument::Positional(value)
        | Argument::Keyword(_, value)
        | Argument::Splat(value)
        | Argument::KeywordSplat(value) => expression_uses(value, name),
    })
}

fn expression_uses(expression: &Expression, name: &str) -> bool {
    let value = |expression: &Expression| expression_uses(expression, name);
    match &expression.kind {
        ExpressionKind::Name(found) => &**found == name,
        ExpressionKind::Constant(_) => false,
        ExpressionKind::List(items) | ExpressionKind::Tuple(items) => items.iter().any(value),
        ExpressionKind::Dict(entries) => entries.iter().any(|(key, item)| value(key) || value(item)),
        ExpressionKind::Negate(inner) | ExpressionKind::Not(inner) | ExpressionKind::Attribute(inner, _) => {
            value(inner)
        }
        ExpressionKind::Binary(_, left, right)
        | ExpressionKind::And(left, right)
        | ExpressionKind::Or(left, right)
        | ExpressionKind::Item(left, right) => value(left) || value(right),
        ExpressionKind::Compare(first, rest) => value(first) || rest.iter().any(|(_, operand)| value(operand)),
        ExpressionKind::If(condition, then, otherwise) => {
            value(condition) || value(then) || otherwise.as_deref().is_some_and(value)
        }
        ExpressionKind::Filter(filter) => {
            filter.value.as_deref().is_some_and(value) || arguments_use(&filter.arguments, name)
        }
        ExpressionKind::Test(test) => value(&test.value) || arguments_use(&test.arguments, name),
        ExpressionKind::Call(callee, arguments) => value(callee) || arguments_use(arguments, name),
        ExpressionKind::Slice(inner, bounds) => value(inner) || bounds.iter().flatten().any(|bound| value(bound)),
    }
}
