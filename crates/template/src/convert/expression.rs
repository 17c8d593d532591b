//! Expressions: the parser's nodes to ours.

use super::converter::Converter;
use super::literal;
use crate::fault::Fault;
use crate::tree::{
    Argument, Comparison, Expression, ExpressionKind, FilterExpression, Operator, Symbol, TestExpression,
};
use crate::{checks, filters};
use churten_value::{BigInt, Data, Tags, Value};
use minijinja::machinery::ast::{self, BinOpKind, CallArg, CompareOpKind, Expr, UnaryOpKind};
use minijinja::value::ValueKind;

/// Deeper expressions are refused; it keeps hostile content from exhausting the stack.
const MAX_DEPTH: usize = 400;

impl Converter<'_> {
    pub(super) fn expression(&mut self, node: &Expr<'_>) -> Result<Expression, Fault> {
        self.depth += 1;
        self.stack.check()?;
        if self.depth > MAX_DEPTH {
            return Err(Fault::python("maximum recursion depth exceeded"));
        }
        let line = self.line(node.span());
        let kind = self.expression_kind(node);
        self.depth -= 1;
        Ok(Expression { kind: kind?, line })
    }

    fn expression_kind(&mut self, node: &Expr<'_>) -> Result<ExpressionKind, Fault> {
        Ok(match node {
            Expr::Var(name) => self.name_or_big(name.id)?,
            Expr::Const(constant) => ExpressionKind::Constant(self.constant(constant, node)?),
            Expr::Slice(slice) => {
                let value = self.boxed(&slice.expr)?;
                let bounds = [self.optional(&slice.start)?, self.optional(&slice.stop)?, self.optional(&slice.step)?];
                ExpressionKind::Slice(value, bounds)
            }
            Expr::UnaryOp(unary) => match unary.op {
                UnaryOpKind::Neg => ExpressionKind::Negate(self.boxed(&unary.expr)?),
                UnaryOpKind::Not => ExpressionKind::Not(self.boxed(&unary.expr)?),
            },
            Expr::BinOp(binary) => self.binary(binary)?,
            Expr::Compare(compare) => {
                let first = self.boxed(&compare.expr)?;
                let mut rest = Vec::with_capacity(compare.ops.len());
                for operand in &compare.ops {
                    rest.push((comparison(operand.op), self.expression(&operand.expr)?));
                }
                ExpressionKind::Compare(first, rest)
            }
            Expr::IfExpr(choice) => {
                let outer = std::mem::replace(&mut self.soft, true);
                let condition = self.boxed(&choice.test_expr)?;
                let value = self.boxed(&choice.true_expr)?;
                let otherwise = self.optional(&choice.false_expr)?;
                self.soft = outer;
                ExpressionKind::If(condition, value, otherwise)
            }
            Expr::Filter(filter) => ExpressionKind::Filter(self.filter(filter)?),
            Expr::Test(test) => self.test(test)?,
            Expr::GetAttr(access) => ExpressionKind::Attribute(self.boxed(&access.expr)?, access.name.into()),
            Expr::GetItem(access) => {
                ExpressionKind::Item(self.boxed(&access.expr)?, self.boxed(&access.subscript_expr)?)
            }
            Expr::Call(call) => self.call(call)?,
            Expr::List(list) => ExpressionKind::List(self.expressions(&list.items)?),
            Expr::Tuple(tuple) => ExpressionKind::Tuple(self.expressions(&tuple.items)?),
            Expr::Map(map) => {
                let mut entries = Vec::with_capacity(map.keys.len());
                for (key, value) in map.keys.iter().zip(&map.values) {
                    entries.push((self.expression(key)?, self.expression(value)?));
                }
                ExpressionKind::Dict(entries)
            }
        })
    }

    pub(super) fn call(&mut self, call: &ast::Call<'_>) -> Result<ExpressionKind, Fault> {
        Ok(ExpressionKind::Call(self.boxed(&call.expr)?, self.arguments(&call.args)?))
    }

    /// A name, or the stand-in of an integer that the lexer could not read.
    fn name_or_big(&self, name: &str) -> Result<ExpressionKind, Fault> {
        let digits = name
            .strip_prefix(super::repair::BIG_PREFIX)
            .and_then(|number| number.parse::<usize>().ok())
            .and_then(|number| self.big.get(number));
        let Some(digits) = digits else { return Ok(ExpressionKind::Name(name.into())) };
        let number = digits.parse::<BigInt>().map_err(|_| Fault::syntax("invalid integer", 0))?;
        Ok(ExpressionKind::Constant(Value::int(number)))
    }

    fn constant(&self, constant: &ast::Const, node: &Expr<'_>) -> Result<Value, Fault> {
        Ok(match constant.value.kind() {
            ValueKind::None => Value::NONE,
            ValueKind::Bool => constant.value.is_true().into(),
            ValueKind::String => {
                let source = self.text(node.span());
                let Some(text) = literal::decode(source, self.syntax.literal_backslashes && self.in_print) else {
                    return Err(Fault::syntax("invalid escape sequence in string", self.line(node.span())));
                };
                // A template inside a literal is as trusted as the template around it; lookups render such terms.
                let trusted = crate::templar::has_delimiters(&text);
                Value::str(text).with_tags(Tags::NONE.trust(trusted))
            }
            ValueKind::Number if constant.value.is_integer() => {
                let number = constant.value.to_string().parse::<BigInt>();
                Value::int(number.map_err(|_| Fault::syntax("invalid integer", self.line(node.span())))?)
            }
            // The parser reads `5.`, Jinja2 does not.
            ValueKind::Number if self.text(node.span()).ends_with('.') => {
                return Err(Fault::syntax("expected name or number", self.line(node.span())));
            }
            ValueKind::Number => Data::Float(f64::try_from(constant.value.clone()).unwrap_or(f64::NAN)).into(),
            kind => return Err(Fault::syntax(format!("unexpected constant {kind}"), self.line(node.span()))),
        })
    }

    fn binary(&mut self, binary: &ast::BinOp<'_>) -> Result<ExpressionKind, Fault> {
        let left = self.boxed(&binary.left)?;
        let right = self.boxed(&binary.right)?;
        let comparison = match binary.op {
            BinOpKind::ScAnd => return Ok(ExpressionKind::And(left, right)),
            BinOpKind::ScOr => return Ok(ExpressionKind::Or(left, right)),
            BinOpKind::Eq => Comparison::Equal,
            BinOpKind::Ne => Comparison::NotEqual,
            BinOpKind::Lt => Comparison::Less,
            BinOpKind::Lte => Comparison::LessEqual,
            BinOpKind::Gt => Comparison::Greater,
            BinOpKind::Gte => Comparison::GreaterEqual,
            BinOpKind::In => Comparison::In,
            arithmetic => {
                let operator = match arithmetic {
                    BinOpKind::Add => Operator::Add,
                    BinOpKind::Sub => Operator::Subtract,
                    BinOpKind::Mul => Operator::Multiply,
                    BinOpKind::Div => Operator::Divide,
                    BinOpKind::FloorDiv => Operator::FloorDivide,
                    BinOpKind::Rem => Operator::Modulo,
                    BinOpKind::Pow => Operator::Power,
                    _ => Operator::Concatenate,
                };
                return Ok(ExpressionKind::Binary(operator, left, right));
            }
        };
        Ok(ExpressionKind::Compare(left, vec![(comparison, *right)]))
    }

    pub(super) fn filter(&mut self, node: &ast::Filter<'_>) -> Result<FilterExpression, Fault> {
        let name = symbol(node.name);
        let value = self.optional(&node.expr)?;
        let arguments = self.arguments(&node.args)?;
        let filter = filters::find(&name);
        if filter.is_none() && !self.soft {
            return Err(Fault::syntax(format!("No filter named '{name}'."), 0));
        }
        Ok(FilterExpression { name, filter, value, arguments })
    }

    fn test(&mut self, node: &ast::Test<'_>) -> Result<ExpressionKind, Fault> {
        let name = symbol(node.name);
        let value = self.boxed(&node.expr)?;
        let line = value.line;
        // `is not` is a negated test.
        let inner = match &node.expr {
            Expr::UnaryOp(unary) if matches!(unary.op, UnaryOpKind::Not) => &unary.expr,
            other => other,
        };
        if let Expr::Test(inner) = inner
            && inner.args.is_empty()
            && self.is_chained(node.expr.span())
        {
            return Err(Fault::syntax("You cannot chain multiple tests with is", 0));
        }
        let check = checks::find(&name);
        if check.is_none() && !self.soft {
            return Err(Fault::syntax(format!("No test named '{name}'."), 0));
        }
        // `x is odd - 1` is a subtraction in Jinja2, where a test's bare argument never starts with a sign.
        if let [CallArg::Pos(Expr::UnaryOp(unary))] = &*node.args
            && matches!(unary.op, UnaryOpKind::Neg)
            && !has_parenthesis(&node.args, self)
        {
            let right = self.boxed(&unary.expr)?;
            let kind = ExpressionKind::Test(TestExpression { name, check, value, arguments: Vec::new() });
            return Ok(ExpressionKind::Binary(Operator::Subtract, Box::new(Expression { kind, line }), right));
        }
        let arguments = self.arguments(&node.args)?;
        Ok(ExpressionKind::Test(TestExpression { name, check, value, arguments }))
    }

    /// True when `is` follows a test's bare name.
    fn is_chained(&self, inner: minijinja::machinery::Span) -> bool {
        let after = self.source.get(inner.end_offset as usize..).unwrap_or("").trim_start();
        let follows = after.strip_prefix("is").is_some_and(|rest| rest.starts_with(char::is_whitespace));
        follows && !self.text(inner).ends_with(')')
    }

    pub(super) fn boxed(&mut self, node: &Expr<'_>) -> Result<Box<Expression>, Fault> {
        self.expression(node).map(Box::new)
    }

    fn optional(&mut self, node: &Option<Expr<'_>>) -> Result<Option<Box<Expression>>, Fault> {
        node.as_ref().map(|node| self.boxed(node)).transpose()
    }

    pub(super) fn expressions(&mut self, nodes: &[Expr<'_>]) -> Result<Vec<Expression>, Fault> {
        nodes.iter().map(|node| self.expression(node)).collect()
    }

    pub(super) fn arguments(&mut self, nodes: &[CallArg<'_>]) -> Result<Vec<Argument>, Fault> {
        nodes
            .iter()
            .map(|node| {
                Ok(match node {
                    CallArg::Pos(value) => Argument::Positional(self.expression(value)?),
                    CallArg::Kwarg(name, value) => Argument::Keyword((*name).into(), self.expression(value)?),
                    CallArg::PosSplat(value) => Argument::Splat(self.expression(value)?),
                    CallArg::KwargSplat(value) => Argument::KeywordSplat(self.expression(value)?),
                })
            })
            .collect()
    }
}

/// True when a test's only argument stood in parentheses: then the character before it is one.
fn has_parenthesis(arguments: &[CallArg<'_>], converter: &Converter<'_>) -> bool {
    let [CallArg::Pos(argument)] = arguments else { return true };
    converter.before(argument.span()).trim_end().ends_with('(')
}

/// The parser keeps spaces inside dotted names.
fn symbol(name: &str) -> Symbol {
    if name.contains(char::is_whitespace) { name.replace(char::is_whitespace, "").into() } else { name.into() }
}

fn comparison(kind: CompareOpKind) -> Comparison {
    match kind {
        CompareOpKind::Eq => Comparison::Equal,
        CompareOpKind::Ne => Comparison::NotEqual,
        CompareOpKind::Lt => Comparison::Less,
        CompareOpKind::Lte => Comparison::LessEqual,
        CompareOpKind::Gt => Comparison::Greater,
        CompareOpKind::Gte => Comparison::GreaterEqual,
        CompareOpKind::In => Comparison::In,
        CompareOpKind::NotIn => Comparison::NotIn,
    }
}
