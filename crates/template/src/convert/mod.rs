//! The only room that knows the parser: minijinja's tree becomes ours, its errors become Jinja2's words.

mod converter;
mod expression;
mod literal;
mod repair;
mod statement;
mod syntax_error;
mod tokens;
mod usage;

pub(crate) use converter::{Syntax, SyntaxOptions, parse_expression, parse_template};
pub(crate) use literal::decode;
