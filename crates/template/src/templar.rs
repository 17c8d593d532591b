//! The door.

use crate::{Environment, Scope, TemplateOptions};
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Value};
use std::sync::Arc;

/// Renders templates and evaluates expressions. Cheap to clone; clones share the cache of compiled templates.
#[derive(Clone)]
pub struct Templar {
    environment: Arc<Environment>,
}

impl Templar {
    /// A templar with its own cache.
    pub fn new(environment: Environment) -> Self {
        Self { environment: Arc::new(environment) }
    }

    /// The settings it was made with.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The value with every template inside rendered: undefined is an error, vaulted text is decrypted, `omit` is
    /// removed from containers. A bare `omit` is returned as [`Data::Omit`].
    pub fn render(&self, value: &Value, scope: &dyn Scope) -> Result<Value, Report> {
        let _ = scope;
        if self.is_template(value) { Err(Report::not_yet("templates")) } else { Ok(value.clone()) }
    }

    /// The value of a bare expression, without `{{ }}`.
    pub fn evaluate(&self, expression: &Value, scope: &dyn Scope) -> Result<Value, Report> {
        let _ = (expression, scope);
        Err(Report::not_yet("expressions"))
    }

    /// The truth of a condition, by ansible-core's rules: the expression is a string or a boolean, its result a
    /// boolean.
    pub fn condition(&self, condition: &Value, scope: &dyn Scope) -> Result<bool, Report> {
        let _ = (condition, scope);
        Err(Report::not_yet("conditions"))
    }

    /// The text of a template file, as the `template` module writes it.
    pub fn render_file_text(&self, text: &Value, scope: &dyn Scope, options: &TemplateOptions) -> Result<String, Report> {
        let _ = (text, scope, options);
        Err(Report::not_yet("template files"))
    }

    /// What a lookup plugin returns, as a list.
    pub fn lookup(&self, name: &str, terms: Value, options: &Dict, scope: &dyn Scope) -> Result<Vec<Value>, Report> {
        let _ = (terms, options, scope);
        Err(Report::not_yet(format_args!("the lookup {name}")))
    }

    /// True for trusted text with template delimiters, and for a container with such text inside.
    pub fn is_template(&self, value: &Value) -> bool {
        match &value.data {
            Data::Str(text) => value.tags.is_trusted() && ["{{", "{%", "{#"].iter().any(|start| text.contains(start)),
            Data::List(items) => items.iter().any(|item| self.is_template(item)),
            Data::Dict(entries) => entries.iter().any(|(key, value)| self.is_template(key) || self.is_template(value)),
            _ => false,
        }
    }
}
