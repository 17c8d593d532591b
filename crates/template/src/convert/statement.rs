//! Statements: the parser's nodes to ours.

use super::converter::Converter;
use super::repair::is_expression_statement;
use super::{syntax_error, usage};
use crate::fault::Fault;
use crate::tree::{
    Argument, Expression, ExpressionKind, ForLoop, Jump, Macro, Statement, StatementKind, Symbol, Target,
};
use minijinja::machinery::Span;
use minijinja::machinery::ast::{self, Expr, Spanned, Stmt};
use std::sync::Arc;

/// Deeper statements are refused.
const MAX_DEPTH: usize = 300;

impl Converter<'_> {
    pub(super) fn statements(&mut self, nodes: &[Stmt<'_>]) -> Result<Vec<Statement>, Fault> {
        nodes.iter().map(|node| self.statement(node)).collect()
    }

    pub(super) fn statement(&mut self, node: &Stmt<'_>) -> Result<Statement, Fault> {
        self.depth += 1;
        self.stack.check()?;
        if self.depth > MAX_DEPTH {
            return Err(Fault::python("maximum recursion depth exceeded"));
        }
        let line = self.line(span(node));
        let kind = self.statement_kind(node);
        self.depth -= 1;
        let kind = kind.map_err(|fault| fault.or_line(line))?;
        Ok(Statement { kind, line })
    }

    fn statement_kind(&mut self, node: &Stmt<'_>) -> Result<StatementKind, Fault> {
        Ok(match node {
            Stmt::Template(template) => StatementKind::Group(self.statements(&template.children)?),
            Stmt::EmitRaw(raw) => StatementKind::Text(raw.raw.into()),
            Stmt::EmitExpr(emit) => {
                self.in_print = true;
                let value = self.expression(&emit.expr);
                self.in_print = false;
                StatementKind::Print(value?)
            }
            Stmt::ForLoop(node) => StatementKind::For(Arc::new(self.for_loop(node)?)),
            Stmt::IfCond(node) => {
                let outer = std::mem::replace(&mut self.soft, true);
                let condition = self.expression(&node.expr)?;
                let then = self.statements(&node.true_body)?;
                let otherwise = self.statements(&node.false_body)?;
                self.soft = outer;
                StatementKind::If(condition, then, otherwise)
            }
            Stmt::WithBlock(with) => {
                let mut assignments = Vec::with_capacity(with.assignments.len());
                for (target, value) in &with.assignments {
                    assignments.push((self.target(target)?, self.expression(value)?));
                }
                StatementKind::With(assignments, self.hard(&with.body)?)
            }
            Stmt::Set(set) => StatementKind::Set(self.target(&set.target)?, self.expression(&set.expr)?),
            Stmt::SetBlock(set) => {
                let target = self.target(&set.target)?;
                let filter = set.filter.as_ref().map(|filter| self.expression(filter)).transpose()?;
                StatementKind::SetBlock(target, filter, self.hard(&set.body)?)
            }
            Stmt::AutoEscape(escape) => StatementKind::Group(self.statements(&escape.body)?),
            Stmt::FilterBlock(block) => {
                StatementKind::FilterBlock(self.expression(&block.filter)?, self.hard(&block.body)?)
            }
            Stmt::Block(block) => {
                let name: Symbol = block.name.into();
                let body = Arc::new(self.function(&block.body)?);
                let head = self.text(block.span()).split('}').next().unwrap_or("");
                let scoped = head.split_whitespace().any(|word| word == "scoped");
                self.blocks.insert(name.clone(), body.clone());
                StatementKind::Block { name, scoped, body }
            }
            Stmt::Import(import) => StatementKind::Import {
                template: self.expression(&import.expr)?,
                name: self.name(&import.name)?,
                with_context: self.context(import.span(), false),
            },
            Stmt::FromImport(import) => {
                let mut names = Vec::with_capacity(import.names.len());
                if import.names.is_empty() {
                    return Err(Fault::syntax("expected token 'name', got 'end of statement block'", 0));
                }
                for (name, alias) in &import.names {
                    let name = self.name(name)?;
                    let alias = alias.as_ref().map(|alias| self.name(alias)).transpose()?;
                    names.push((name.clone(), alias.unwrap_or(name)));
                }
                let with_context = self.context(import.span(), false);
                StatementKind::FromImport { template: self.expression(&import.expr)?, names, with_context }
            }
            Stmt::Extends(extends) => StatementKind::Extends(self.expression(&extends.name)?),
            Stmt::Include(include) => StatementKind::Include {
                template: self.expression(&include.name)?,
                ignore_missing: include.ignore_missing,
                with_context: self.context(include.span(), true),
            },
            Stmt::Macro(node) => StatementKind::Macro(self.macro_declaration(node)?),
            Stmt::CallBlock(block) => {
                let callee = self.expression(&block.call.expr)?;
                let arguments = self.arguments(&block.call.args)?;
                StatementKind::CallBlock { callee, arguments, body: self.macro_declaration(&block.macro_decl)? }
            }
            Stmt::Do(statement) if self.syntax.extensions.expressions => {
                StatementKind::Do(self.statement_expression(&statement.call)?)
            }
            Stmt::Do(_) => return Err(self.unknown_tag("do", node)),
            Stmt::Break(_) => StatementKind::Jump(self.jump(Jump::Break, "break", node)?),
            Stmt::Continue(_) => StatementKind::Jump(self.jump(Jump::Continue, "continue", node)?),
        })
    }

    /// What stands behind `do`: a call, or what a repair made one of for the parser.
    fn statement_expression(&mut self, call: &Spanned<ast::Call<'_>>) -> Result<Expression, Fault> {
        let is_stand_in = matches!(&call.expr, Expr::Var(name) if is_expression_statement(name.id));
        let line = self.line(call.span());
        if !is_stand_in {
            return Ok(Expression { kind: self.call(call)?, line });
        }
        let mut values = Vec::with_capacity(call.args.len());
        for argument in self.arguments(&call.args)? {
            match argument {
                Argument::Positional(value) => values.push(value),
                _ => return Err(Fault::syntax("expected token 'end of statement block', got '='", line)),
            }
        }
        Ok(match <[Expression; 1]>::try_from(values) {
            Ok([value]) => value,
            Err(values) => Expression { kind: ExpressionKind::Tuple(values), line },
        })
    }

    fn jump(&self, jump: Jump, name: &str, node: &Stmt<'_>) -> Result<Jump, Fault> {
        if !self.syntax.extensions.loop_controls {
            return Err(self.unknown_tag(name, node));
        }
        if self.in_loop { Ok(jump) } else { Err(syntax_error::outside_of_loops(name)) }
    }

    fn unknown_tag(&self, name: &str, node: &Stmt<'_>) -> Fault {
        syntax_error::unknown_tag(self.source, name, span(node).start_offset as usize, self.syntax)
    }

    /// A body with a frame of its own, where an unknown filter is an error at once again.
    fn hard(&mut self, nodes: &[Stmt<'_>]) -> Result<Vec<Statement>, Fault> {
        let outer = std::mem::replace(&mut self.soft, false);
        let body = self.statements(nodes);
        self.soft = outer;
        body
    }

    /// A body that is a function of its own, which no loop around it can be left from.
    fn function(&mut self, nodes: &[Stmt<'_>]) -> Result<Vec<Statement>, Fault> {
        let outer = std::mem::replace(&mut self.in_loop, false);
        let body = self.hard(nodes);
        self.in_loop = outer;
        body
    }

    fn loop_body(&mut self, nodes: &[Stmt<'_>]) -> Result<Vec<Statement>, Fault> {
        let outer = std::mem::replace(&mut self.in_loop, true);
        let body = self.statements(nodes);
        self.in_loop = outer;
        body
    }

    fn for_loop(&mut self, node: &ast::ForLoop<'_>) -> Result<ForLoop, Fault> {
        let iterable = self.expression(&node.iter)?;
        let outer = std::mem::replace(&mut self.soft, false);
        let parts = (|| {
            Ok::<_, Fault>(ForLoop {
                target: self.target(&node.target)?,
                iterable,
                condition: node.filter_expr.as_ref().map(|condition| self.expression(condition)).transpose()?,
                recursive: node.recursive,
                body: self.loop_body(&node.body)?,
                otherwise: self.statements(&node.else_body)?,
            })
        })();
        self.soft = outer;
        parts
    }

    fn macro_declaration(&mut self, node: &ast::Macro<'_>) -> Result<Arc<Macro>, Fault> {
        let parameters = node.args.iter().map(|argument| self.name(argument)).collect::<Result<_, _>>()?;
        let defaults = self.expressions(&node.defaults)?;
        let body = self.function(&node.body)?;
        Ok(Arc::new(Macro {
            name: node.name.into(),
            parameters,
            defaults,
            uses_varargs: usage::uses(&body, "varargs"),
            uses_kwargs: usage::uses(&body, "kwargs"),
            uses_caller: usage::uses(&body, "caller"),
            body,
        }))
    }

    fn target(&self, node: &Expr<'_>) -> Result<Target, Fault> {
        match node {
            Expr::Var(name) => Ok(Target::Name(name.id.into())),
            Expr::List(list) => {
                Ok(Target::Unpack(list.items.iter().map(|item| self.target(item)).collect::<Result<_, _>>()?))
            }
            Expr::Tuple(tuple) => {
                Ok(Target::Unpack(tuple.items.iter().map(|item| self.target(item)).collect::<Result<_, _>>()?))
            }
            Expr::GetAttr(access) => match &access.expr {
                Expr::Var(name) => Ok(Target::Attribute(name.id.into(), access.name.into())),
                _ => Err(Fault::syntax("can't assign to 'getattr'", self.line(node.span()))),
            },
            _ => Err(Fault::syntax("can't assign to expression", self.line(node.span()))),
        }
    }

    fn name(&self, node: &Expr<'_>) -> Result<Symbol, Fault> {
        match node {
            Expr::Var(name) => Ok(name.id.into()),
            _ => Err(Fault::syntax("expected token 'name'", self.line(node.span()))),
        }
    }

    /// The parser drops `with context` and `without context`; the statement's text still has them.
    fn context(&self, span: Span, default: bool) -> bool {
        let words: Vec<&str> = self.text(span).split_whitespace().collect();
        for pair in words.windows(2).rev() {
            match pair {
                ["with", "context"] => return true,
                ["without", "context"] => return false,
                _ => {}
            }
        }
        default
    }
}

fn span(node: &Stmt<'_>) -> Span {
    match node {
        Stmt::Template(node) => node.span(),
        Stmt::EmitExpr(node) => node.span(),
        Stmt::EmitRaw(node) => node.span(),
        Stmt::ForLoop(node) => node.span(),
        Stmt::IfCond(node) => node.span(),
        Stmt::WithBlock(node) => node.span(),
        Stmt::Set(node) => node.span(),
        Stmt::SetBlock(node) => node.span(),
        Stmt::AutoEscape(node) => node.span(),
        Stmt::FilterBlock(node) => node.span(),
        Stmt::Block(node) => node.span(),
        Stmt::Import(node) => node.span(),
        Stmt::FromImport(node) => node.span(),
        Stmt::Extends(node) => node.span(),
        Stmt::Include(node) => node.span(),
        Stmt::Macro(node) => node.span(),
        Stmt::CallBlock(node) => node.span(),
        Stmt::Do(node) => node.span(),
        Stmt::Break(node) => node.span(),
        Stmt::Continue(node) => node.span(),
    }
}
