//! From source text to our tree.

use super::tokens::tokens;
use super::{repair, syntax_error};
use crate::environment::Extensions;
use crate::fault::Fault;
use crate::stack::StackGuard;
use crate::tree::{Expression, Statement, Symbol, Template};
use minijinja::machinery::ast::Stmt;
use minijinja::machinery::{Span, parse, parse_expr};
use minijinja::syntax::SyntaxConfig;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// How a template is read.
#[derive(Clone, Debug)]
pub(crate) struct Syntax {
    pub(super) config: SyntaxConfig,
    pub(super) extensions: Extensions,
    /// Backslashes in strings inside `{{ }}` stay as they are.
    pub(super) literal_backslashes: bool,
}

/// The delimiters and switches of a [`Syntax`], in plain words.
#[derive(Clone, Debug)]
pub(crate) struct SyntaxOptions<'a> {
    pub(crate) block: (&'a str, &'a str),
    pub(crate) variable: (&'a str, &'a str),
    pub(crate) comment: (&'a str, &'a str),
    pub(crate) line_statement: Option<&'a str>,
    pub(crate) trim_blocks: bool,
    pub(crate) lstrip_blocks: bool,
    pub(crate) keep_trailing_newline: bool,
    pub(crate) literal_backslashes: bool,
    pub(crate) extensions: Extensions,
}

impl Default for SyntaxOptions<'_> {
    fn default() -> Self {
        Self {
            block: ("{%", "%}"),
            variable: ("{{", "}}"),
            comment: ("{#", "#}"),
            line_statement: None,
            trim_blocks: true,
            lstrip_blocks: false,
            keep_trailing_newline: false,
            literal_backslashes: true,
            extensions: Extensions::default(),
        }
    }
}

impl Syntax {
    /// A syntax; an error when delimiters clash.
    pub(crate) fn new(options: &SyntaxOptions<'_>) -> Result<Self, Fault> {
        let mut builder = SyntaxConfig::builder();
        builder
            .block_delimiters(options.block.0.to_owned(), options.block.1.to_owned())
            .variable_delimiters(options.variable.0.to_owned(), options.variable.1.to_owned())
            .comment_delimiters(options.comment.0.to_owned(), options.comment.1.to_owned())
            .trim_blocks(options.trim_blocks)
            .lstrip_blocks(options.lstrip_blocks)
            .keep_trailing_newline(options.keep_trailing_newline);
        if let Some(prefix) = options.line_statement {
            builder.line_statement_prefix(prefix.to_owned());
        }
        let config = builder
            .build()
            .map_err(|_| Fault::python("block, variable and comment start strings must be different"))?;
        Ok(Self { config, extensions: options.extensions, literal_backslashes: options.literal_backslashes })
    }
}

/// Longer sources are parsed with a stack of their own: the parser's tree may be as deep as the source is long, and
/// is dropped recursively.
const LONG_SOURCE: usize = 4096;
const LONG_STACK: usize = 64 * 1024 * 1024;

fn with_stack<T: Send>(source: &str, work: impl FnOnce() -> Result<T, Fault> + Send) -> Result<T, Fault> {
    if source.len() <= LONG_SOURCE {
        return work();
    }
    std::thread::scope(|threads| {
        let thread = std::thread::Builder::new().stack_size(LONG_STACK).spawn_scoped(threads, work);
        match thread.map(|thread| thread.join()) {
            Ok(Ok(result)) => result,
            _ => Err(Fault::python("the template is too large to be parsed")),
        }
    })
}

/// Compile a template. The error is Jinja2's text alone, without context.
pub(crate) fn parse_template(source: &str, syntax: &Syntax) -> Result<Template, Fault> {
    with_stack(source, || parse_template_here(source, syntax))
}

/// Compile a bare expression. The error is Jinja2's text alone, without context.
pub(crate) fn parse_expression(source: &str) -> Result<Expression, Fault> {
    with_stack(source, || parse_expression_here(source))
}

fn parse_template_here(source: &str, syntax: &Syntax) -> Result<Template, Fault> {
    let source = normalise_newlines(source);
    let parsed = match parse(&source, "template", syntax.config.clone()) {
        Ok(tree) => return convert_template(&source, &tree, syntax, Vec::new()),
        Err(error) => error,
    };
    let mut big = Vec::new();
    let Some(repaired) = repair::repair(&source, false, syntax, &mut big) else {
        return Err(syntax_error::map(&source, &parsed, false, syntax));
    };
    match parse(&repaired, "template", syntax.config.clone()) {
        Ok(tree) => convert_template(&repaired, &tree, syntax, big),
        // What only the parser refuses is not what is wrong.
        Err(error) if syntax_error::is_repaired(&parsed) => Err(syntax_error::map(&repaired, &error, false, syntax)),
        Err(_) => Err(syntax_error::map(&source, &parsed, false, syntax)),
    }
}

fn parse_expression_here(source: &str) -> Result<Expression, Fault> {
    let source = normalise_newlines(source);
    let extensions = Extensions::default();
    let syntax = Syntax { config: SyntaxConfig::default(), extensions, literal_backslashes: false };
    let parsed = match parse_expr(&source) {
        Ok(tree) => {
            if let Some(at) = comment(&source) {
                return Err(unexpected_comment(&source, at));
            }
            // The parser stops silently at a character that its lexer does not know.
            if let (_, Some(error)) = tokens(&source, true, syntax.config.clone()) {
                let at = error.range().map_or(0, |range| range.start);
                let is_name = source.get(at..).and_then(|rest| rest.chars().next()).is_some_and(char::is_alphabetic);
                return Err(if is_name {
                    Fault::syntax("chunk after expression", 1)
                } else {
                    syntax_error::map(&source, &error, true, &syntax)
                });
            }
            return Converter::new(&source, &syntax, Vec::new()).expression(&tree);
        }
        Err(error) => error,
    };
    let mut big = Vec::new();
    if let Some(repaired) = repair::repair(&source, true, &syntax, &mut big)
        && let Ok(tree) = parse_expr(&repaired)
    {
        return Converter::new(&repaired, &syntax, big).expression(&tree);
    }
    match comment(&source) {
        Some(at) if parsed.range().is_some_and(|range| at < range.start) => Err(unexpected_comment(&source, at)),
        _ => Err(syntax_error::map(&source, &parsed, true, &syntax)),
    }
}

/// Jinja2's error for a `#` in an expression.
fn unexpected_comment(source: &str, at: usize) -> Fault {
    let before = source.get(..at).unwrap_or("");
    let line = u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX);
    Fault::syntax(format!("unexpected char '#' at {}", before.chars().count()), line)
}

fn convert_template(source: &str, tree: &Stmt<'_>, syntax: &Syntax, big: Vec<String>) -> Result<Template, Fault> {
    let mut converter = Converter::new(source, syntax, big);
    let body = match tree {
        Stmt::Template(template) => converter.statements(&template.children)?,
        other => vec![converter.statement(other)?],
    };
    Ok(Template { body, blocks: converter.blocks })
}

/// Where an expression has a `#` outside of strings, which the parser would skip.
fn comment(source: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, character) in source.char_indices() {
        match (quote, character) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), end) if open == end => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, '#') => return Some(at),
            _ => {}
        }
    }
    None
}

/// Jinja2 reads `\r\n` and `\r` as `\n`.
fn normalise_newlines(source: &str) -> Cow<'_, str> {
    if source.contains('\r') { source.replace("\r\n", "\n").replace('\r', "\n").into() } else { source.into() }
}

/// The state of one conversion.
pub(super) struct Converter<'s> {
    pub(super) source: &'s str,
    pub(super) syntax: &'s Syntax,
    /// Offsets of the first character of every line.
    lines: Vec<u32>,
    pub(super) in_print: bool,
    /// Inside the body of a loop, and of no macro or block in it.
    pub(super) in_loop: bool,
    /// Inside `{% if %}` an unknown filter or test is an error only when it is reached.
    pub(super) soft: bool,
    pub(super) depth: usize,
    pub(super) stack: StackGuard,
    pub(super) blocks: HashMap<Symbol, Arc<Vec<Statement>>>,
    /// Integers too big for the lexer, by the number in their stand-in name.
    pub(super) big: Vec<String>,
}

impl<'s> Converter<'s> {
    fn new(source: &'s str, syntax: &'s Syntax, big: Vec<String>) -> Self {
        let newlines = source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = newlines.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX)).collect();
        Self {
            source,
            syntax,
            lines,
            in_print: false,
            in_loop: false,
            soft: false,
            depth: 0,
            stack: StackGuard::here(),
            blocks: HashMap::new(),
            big,
        }
    }

    /// The parser's own line counter stops at 65,535, its offset does not.
    pub(super) fn line(&self, span: Span) -> u32 {
        u32::try_from(self.lines.partition_point(|start| *start <= span.start_offset) + 1).unwrap_or(u32::MAX)
    }

    pub(super) fn text(&self, span: Span) -> &'s str {
        self.source.get(span.start_offset as usize..span.end_offset as usize).unwrap_or("")
    }

    pub(super) fn before(&self, span: Span) -> &'s str {
        self.source.get(..span.start_offset as usize).unwrap_or("")
    }
}
