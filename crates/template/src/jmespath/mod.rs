//! JMESPath (<https://jmespath.org/specification.html>), with the texts and the extensions of its Python implementation:
//! text can be ordered, negative steps and indices count from the end, objects keep the order of their keys.

mod evaluate;
mod functions;
mod lexer;
mod parser;
mod signatures;

pub(crate) use evaluate::search;

/// Why a query has no result.
pub(crate) enum Failure {
    /// The query is wrong, or a function got what it cannot take: an error of JMESPath itself.
    Query(String),
    /// Anything else, as Python words it.
    Other(crate::fault::Fault),
}

impl From<crate::fault::Fault> for Failure {
    fn from(fault: crate::fault::Fault) -> Self {
        Self::Other(fault)
    }
}

/// A part of a query.
#[derive(Clone)]
enum Node {
    Current,
    Field(String),
    Literal(crate::val::Val),
    Function(String, Vec<Node>),
    /// The second in the result of the first.
    Then(Box<Node>, Box<Node>),
    Index(i64),
    Slice([Option<i64>; 3]),
    Flatten(Box<Node>),
    /// The second for each element of the first.
    Projection(Box<Node>, Box<Node>),
    ValueProjection(Box<Node>, Box<Node>),
    /// The second for each element of the first for which the third is true.
    FilterProjection(Box<Node>, Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    And(Box<Node>, Box<Node>),
    Not(Box<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    List(Vec<Node>),
    Dict(Vec<(String, Node)>),
    /// An expression that a function evaluates.
    Reference(Box<Node>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
