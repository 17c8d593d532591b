//! Our own syntax tree: owned, shareable between threads, and independent of the parser that produced it.

use crate::checks::Check;
use crate::filters::Filter;
use churten_value::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// An identifier.
pub(crate) type Symbol = Arc<str>;

/// An expression and the line it starts on, from 1.
#[derive(Debug)]
pub(crate) struct Expression {
    pub(crate) kind: ExpressionKind,
    pub(crate) line: u32,
}

/// Arithmetic and `~`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
    Concatenate,
}

/// A comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
}

/// One argument of a call.
#[derive(Debug)]
pub(crate) enum Argument {
    Positional(Expression),
    Keyword(Symbol, Expression),
    Splat(Expression),
    KeywordSplat(Expression),
}

/// What an expression is.
#[derive(Debug)]
pub(crate) enum ExpressionKind {
    Name(Symbol),
    Constant(Value),
    List(Vec<Expression>),
    Tuple(Vec<Expression>),
    Dict(Vec<(Expression, Expression)>),
    Negate(Box<Expression>),
    Not(Box<Expression>),
    Binary(Operator, Box<Expression>, Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Compare(Box<Expression>, Vec<(Comparison, Expression)>),
    /// Condition, value, other value.
    If(Box<Expression>, Box<Expression>, Option<Box<Expression>>),
    Filter(FilterExpression),
    Test(TestExpression),
    Attribute(Box<Expression>, Symbol),
    Item(Box<Expression>, Box<Expression>),
    Slice(Box<Expression>, [Option<Box<Expression>>; 3]),
    Call(Box<Expression>, Vec<Argument>),
}

/// `value | name(arguments)`; without a value in `{% filter %}` and `{% set x | name %}`.
#[derive(Debug)]
pub(crate) struct FilterExpression {
    pub(crate) name: Symbol,
    /// `None` when no such filter exists, an error only when it is reached.
    pub(crate) filter: Option<&'static Filter>,
    pub(crate) value: Option<Box<Expression>>,
    pub(crate) arguments: Vec<Argument>,
}

/// `value is name(arguments)`.
#[derive(Debug)]
pub(crate) struct TestExpression {
    pub(crate) name: Symbol,
    pub(crate) check: Option<&'static Check>,
    pub(crate) value: Box<Expression>,
    pub(crate) arguments: Vec<Argument>,
}

/// What a value is assigned to.
#[derive(Debug)]
pub(crate) enum Target {
    Name(Symbol),
    /// An attribute of a namespace.
    Attribute(Symbol, Symbol),
    Unpack(Vec<Target>),
}

/// `{% for %}`.
#[derive(Debug)]
pub(crate) struct ForLoop {
    pub(crate) target: Target,
    pub(crate) iterable: Expression,
    pub(crate) condition: Option<Expression>,
    pub(crate) recursive: bool,
    pub(crate) body: Vec<Statement>,
    pub(crate) otherwise: Vec<Statement>,
}

/// `{% macro %}`, or the body of `{% call %}`.
#[derive(Debug)]
pub(crate) struct Macro {
    pub(crate) name: Symbol,
    pub(crate) parameters: Vec<Symbol>,
    /// The defaults of the last parameters.
    pub(crate) defaults: Vec<Expression>,
    pub(crate) body: Vec<Statement>,
    pub(crate) uses_varargs: bool,
    pub(crate) uses_kwargs: bool,
    pub(crate) uses_caller: bool,
}

/// A statement and the line it starts on, from 1.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) kind: StatementKind,
    pub(crate) line: u32,
}

/// What a statement is.
#[derive(Debug)]
pub(crate) enum StatementKind {
    Text(Arc<str>),
    Print(Expression),
    For(Arc<ForLoop>),
    If(Expression, Vec<Statement>, Vec<Statement>),
    With(Vec<(Target, Expression)>, Vec<Statement>),
    Set(Target, Expression),
    SetBlock(Target, Option<Expression>, Vec<Statement>),
    FilterBlock(Expression, Vec<Statement>),
    Group(Vec<Statement>),
    Block {
        name: Symbol,
        scoped: bool,
        body: Arc<Vec<Statement>>,
    },
    Import {
        template: Expression,
        name: Symbol,
        with_context: bool,
    },
    FromImport {
        template: Expression,
        names: Vec<(Symbol, Symbol)>,
        with_context: bool,
    },
    Extends(Expression),
    Include {
        template: Expression,
        ignore_missing: bool,
        with_context: bool,
    },
    Macro(Arc<Macro>),
    CallBlock {
        callee: Expression,
        arguments: Vec<Argument>,
        body: Arc<Macro>,
    },
    /// An expression that prints nothing.
    Do(Expression),
    Jump(Jump),
}

/// How the innermost loop goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Jump {
    Break,
    Continue,
}

/// A compiled template.
#[derive(Debug, Default)]
pub(crate) struct Template {
    pub(crate) body: Vec<Statement>,
    pub(crate) blocks: HashMap<Symbol, Arc<Vec<Statement>>>,
}

const fn shareable<T: Send + Sync>() {}
const _: () = shareable::<Template>();
