//! The door, and the compiled templates behind it.

use crate::conditional;
use crate::convert::{Syntax, SyntaxOptions, parse_expression, parse_template};
use crate::eval::{Run, Session};
use crate::fault::{Fault, Outcome};
use crate::header;
use crate::tree::{Expression, Template};
use crate::val::{Root, Val, is_final};
use crate::{Environment, Scope, TemplateOptions};
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Origin, Source, Tags, Value};
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

/// Renders templates and evaluates expressions. Cheap to clone; clones share the cache of compiled templates.
#[derive(Clone)]
pub struct Templar {
    shared: Arc<Shared>,
}

/// A template that is ready to run.
pub(crate) struct Compiled {
    pub(crate) template: Template,
    /// What newlines of the result become.
    pub(crate) newline: String,
    /// A newline that is put back at the end.
    pub(crate) ending: String,
    /// The file, for templates that are one.
    pub(crate) source: Option<Source>,
}

const UNTRUSTED: &str = "Templates and expressions must be defined by trusted sources such as playbooks or roles, \
                         not untrusted sources such as module results.";

/// Compiled templates are dropped when there are more than this; only generated templates get there.
const MAX_CACHED: usize = 20_000;

type Cache<T> = RwLock<HashMap<Arc<str>, Arc<T>, foldhash::fast::RandomState>>;

/// What all clones of a [`Templar`] share.
pub(crate) struct Shared {
    pub(crate) environment: Environment,
    strings: Cache<Compiled>,
    files: Cache<Compiled>,
    expressions: Cache<Expression>,
    untrusted: Untrusted,
    /// How template strings are read that have no header.
    syntax: Syntax,
}

/// `_TEMPLAR_UNTRUSTED_TEMPLATE_BEHAVIOR`: what text of others becomes that looks like a template and is not rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Untrusted {
    Ignored,
    Warned,
    Refused,
}

impl Untrusted {
    fn of(environment: &Environment) -> Self {
        let settings = environment.settings.as_ref();
        match settings.and_then(|settings| settings.text("_TEMPLAR_UNTRUSTED_TEMPLATE_BEHAVIOR")) {
            Some("warning") => Self::Warned,
            Some("error") => Self::Refused,
            _ => Self::Ignored,
        }
    }
}

fn untrusted_report(origin: Option<Origin>) -> Report {
    Report::new("Encountered untrusted template or expression.").at(origin).help(UNTRUSTED)
}

fn cached<T>(cache: &Cache<T>, key: &Arc<str>, make: impl FnOnce() -> Outcome<T>) -> Outcome<Arc<T>> {
    let known = cache.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(key).cloned();
    if let Some(known) = known {
        return Ok(known);
    }
    let made = Arc::new(make()?);
    let mut cache = cache.write().unwrap_or_else(std::sync::PoisonError::into_inner);
    if cache.len() >= MAX_CACHED {
        cache.clear();
    }
    cache.insert(key.clone(), made.clone());
    Ok(made)
}

impl Shared {
    /// Text that is not trusted and looks like a template: nothing, a warning, or an error, as the settings want it.
    pub(crate) fn check_untrusted(&self, value: &Value) -> Outcome<()> {
        if self.untrusted == Untrusted::Ignored {
            return Ok(());
        }
        let text = match &value.data {
            Data::List(items) => return items.iter().try_for_each(|item| self.check_untrusted(item)),
            Data::Dict(entries) => return entries.values().try_for_each(|value| self.check_untrusted(value)),
            Data::Str(text) if !value.tags.is_trusted() && has_delimiters(text) => text,
            _ => return Ok(()),
        };
        let unknown = || Origin::whole(Source::described("<unknown>"));
        let mut report = untrusted_report(Some(value.origin().unwrap_or_else(unknown)));
        report.text = Some(text.to_string());
        match self.untrusted {
            Untrusted::Refused => Err(Fault::report(report)),
            _ => {
                (self.environment.warn)(report);
                Ok(())
            }
        }
    }

    /// A template string, with its `#jinja2:` header if it has one.
    pub(crate) fn template(&self, text: &Arc<str>) -> Outcome<Arc<Compiled>> {
        cached(&self.strings, text, || {
            if text.starts_with(header::PREFIX) {
                let (options, body) = header::read(text, &TemplateOptions::default())?;
                let syntax = self.syntax(&options, true)?;
                let template = parse_template(&header::without_comments(body, &options), &syntax)?;
                let newline = options.newline_sequence;
                return Ok(Compiled { template, newline, ending: "\n".into(), source: None });
            }
            let template = parse_template(text, &self.syntax)?;
            Ok(Compiled { template, newline: "\n".into(), ending: "\n".into(), source: None })
        })
    }

    /// The text of a file that a template includes.
    pub(crate) fn included(&self, text: Arc<str>, source: Source) -> Outcome<Arc<Compiled>> {
        let key: Arc<str> = format!("{}\0{text}", source.name()).into();
        cached(&self.files, &key, || {
            let extensions = self.environment.extensions;
            let options = SyntaxOptions { literal_backslashes: false, extensions, ..SyntaxOptions::default() };
            let template = parse_template(&text, &Syntax::new(&options)?)?;
            Ok(Compiled { template, newline: "\n".into(), ending: "\n".into(), source: Some(source) })
        })
    }

    /// The text of a template file, with its header applied to the options.
    pub(crate) fn file(&self, text: &Arc<str>, options: &TemplateOptions) -> Outcome<Arc<Compiled>> {
        let key: Arc<str> = format!("{options:?}\0{text}").into();
        cached(&self.files, &key, || {
            let ending = options.newline_sequence.clone();
            let (options, body) = header::read(text, options)?;
            let syntax = self.syntax(&options, false)?;
            let template = parse_template(&header::without_comments(body, &options), &syntax)?;
            Ok(Compiled { template, newline: options.newline_sequence, ending, source: None })
        })
    }

    /// A bare expression.
    pub(crate) fn expression(&self, text: &Arc<str>) -> Outcome<Arc<Expression>> {
        cached(&self.expressions, text, || parse_expression(text))
    }

    fn syntax(&self, options: &TemplateOptions, literal_backslashes: bool) -> Outcome<Syntax> {
        Syntax::new(&SyntaxOptions {
            block: (&options.block_start, &options.block_end),
            variable: (&options.variable_start, &options.variable_end),
            comment: (&options.comment_start, &options.comment_end),
            line_statement: options.line_statement_prefix.as_deref(),
            trim_blocks: options.trim_blocks,
            lstrip_blocks: options.lstrip_blocks,
            keep_trailing_newline: options.keep_trailing_newline,
            literal_backslashes,
            extensions: self.environment.extensions,
        })
    }
}

/// True for text that may be a template.
pub(crate) fn has_delimiters(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(at) = bytes.get(from..).and_then(|rest| rest.iter().position(|byte| *byte == b'{')) {
        if matches!(bytes.get(from + at + 1), Some(b'{' | b'%' | b'#')) {
            return true;
        }
        from += at + 1;
    }
    text.starts_with(header::PREFIX)
}

impl Templar {
    /// A templar with its own cache.
    pub fn new(environment: Environment) -> Self {
        let options = SyntaxOptions { extensions: environment.extensions, ..SyntaxOptions::default() };
        Self {
            shared: Arc::new(Shared {
                untrusted: Untrusted::of(&environment),
                syntax: Syntax::new(&options).expect("the default delimiters do not clash"),
                environment,
                strings: RwLock::default(),
                files: RwLock::default(),
                expressions: RwLock::default(),
            }),
        }
    }

    /// The settings it was made with.
    pub fn environment(&self) -> &Environment {
        &self.shared.environment
    }

    /// The value with every template inside rendered: undefined is an error, vaulted text is decrypted, `omit` is
    /// removed from containers. A bare `omit` is returned as [`Data::Omit`].
    pub fn render(&self, value: &Value, scope: &dyn Scope) -> Result<Value, Report> {
        if is_final(value) {
            return Ok(value.clone());
        }
        let session = Session::new(&self.shared, scope);
        let result = self.render_in(&session, value);
        result.map_err(|fault| fault.finish("template", value.origin()).into_report())
    }

    fn render_in(&self, session: &Session<'_>, value: &Value) -> Outcome<Value> {
        match &value.data {
            Data::Str(text) => {
                let result = session.render_text(text, value.tags, Root::default())?;
                session.origin.set(value.origin());
                let result = session.finished(&result)?;
                Ok(match (result.origin(), value.origin()) {
                    (None, Some(origin)) => result.at(origin),
                    _ => result,
                })
            }
            Data::List(_) | Data::Dict(_) => {
                Ok(session.finished(&Val::from_raw(value, Root::default()))?.with_tags(value.tags))
            }
            _ => session.resolve(value, Root::default()).to_data(session),
        }
    }

    /// The value of a bare expression, without `{{ }}`. An untrusted one is an error.
    pub fn evaluate(&self, expression: &Value, scope: &dyn Scope) -> Result<Value, Report> {
        let Data::Str(text) = &expression.data else {
            let name = expression.type_name();
            return Err(Report::new(format!("Expressions must be <class 'str'>, got <class '{name}'>."))
                .at(expression.origin()));
        };
        let session = Session::new(&self.shared, scope);
        self.evaluate_in(&session, text, expression.tags, false)
            .and_then(|value| session.finished(&value))
            .map_err(|fault| fault.finish("expression", expression.origin()).into_report())
    }

    /// The value of an expression, still unfinished. `embedded` renders templates inside its string constants.
    pub(crate) fn evaluate_in(
        &self,
        session: &Session<'_>,
        text: &Arc<str>,
        tags: Tags,
        embedded: bool,
    ) -> Outcome<Val> {
        let origin = tags.origin();
        if !tags.is_trusted() {
            return Err(Fault::report(untrusted_report(origin)));
        }
        session.origin.set(origin);
        let compiled = self.shared.expression(text).map_err(|fault| {
            let fault = if has_delimiters(text) { fault.with_delimiters() } else { fault };
            fault.finish("expression", origin)
        })?;
        let run = Run::new(session, Root::default());
        let run = if embedded && self.environment().allow_embedded_templates { run.with_embedded() } else { run };
        run.bare(&compiled).map_err(|fault| fault.finish("expression", origin))
    }

    /// The truth of a condition, by ansible-core's rules: the expression is a string or a boolean, its result a
    /// boolean.
    pub fn condition(&self, condition: &Value, scope: &dyn Scope) -> Result<bool, Report> {
        conditional::judge(self, condition, scope)
    }

    /// The text of a template file, as the `template` module writes it. The text's own source names the file in
    /// errors.
    pub fn render_file_text(
        &self,
        text: &Value,
        scope: &dyn Scope,
        options: &TemplateOptions,
    ) -> Result<String, Report> {
        let Data::Str(source) = &text.data else {
            return Err(Report::new("The text of a template must be a string.").at(text.origin()));
        };
        let starts = [&options.variable_start, &options.block_start, &options.comment_start];
        let is_template = source.starts_with(header::PREFIX)
            || options.line_statement_prefix.is_some()
            || starts.iter().any(|start| source.contains(start.as_str()));
        if !is_template {
            // Its newlines, too, stay what they are.
            return Ok(source.to_string());
        }
        let origin = text.origin().map(|origin| Origin::whole(origin.source));
        let mut session = Session::new(&self.shared, scope);
        session.search_path.clone_from(&options.search_path);
        let result = (|| {
            let compiled = self.shared.file(source, options)?;
            session.origin.set(origin);
            let value = Run::new(&session, Root::default()).whole(&compiled, source)?;
            value.check()?;
            match value {
                Val::None | Val::Omit => Ok(String::new()),
                Val::Str(text) => Ok(text.to_string()),
                value => {
                    let data = value.to_data(&session)?;
                    crate::val::python_str(&Val::from_plain(&data), &session)
                }
            }
        })();
        result.map_err(|fault: Fault| fault.finish("template", origin).into_report())
    }

    /// What a lookup plugin returns, as a list. `options` are the plugin's keyword arguments.
    pub fn lookup(&self, name: &str, terms: Value, options: &Dict, scope: &dyn Scope) -> Result<Vec<Value>, Report> {
        let session = Session::new(&self.shared, scope);
        session.origin.set(terms.origin());
        let result = crate::lookups::run_named(&session, name, &terms, options);
        result.map_err(|fault| fault.finish("template", terms.origin()).into_report())
    }

    /// True for trusted text with template delimiters, and for a container with such text inside.
    pub fn is_template(&self, value: &Value) -> bool {
        match &value.data {
            Data::Str(text) => value.tags.is_trusted() && has_delimiters(text),
            Data::List(items) => items.iter().any(|item| self.is_template(item)),
            Data::Dict(entries) => entries.iter().any(|(_, value)| self.is_template(value)),
            _ => false,
        }
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }
}
