//! Other template files: `include`, `import`, `extends`.

use super::output::{self, Output};
use super::{Frame, Run};
use crate::fault::{Fault, Outcome};
use crate::templar::Compiled;
use crate::tree::{Expression, Symbol};
use crate::val::{ModuleValue, Object, Val, python_str, write_str};
use churten_value::{Origin, Source};
use std::rc::Rc;
use std::sync::Arc;

/// Templates that include themselves end here.
const MAX_FILES: usize = 100;

impl Run<'_, '_> {
    /// The template that an expression names; the first that exists of a list. `None` when there is none.
    fn load(&mut self, expression: &Expression, frame: &Rc<Frame>) -> Outcome<Result<Arc<Compiled>, String>> {
        self.session.enter()?;
        let value = self.expression(expression, frame)?.defined()?;
        let (names, several) = match &value {
            Val::Str(_) => (vec![value.clone()], false),
            Val::List(_) | Val::Tuple(_) => (self.session.items(&value)?, true),
            other => {
                return Err(Fault::python(format!("expected a template name, got '{}'", other.python_type())));
            }
        };
        let mut tried = Vec::new();
        for name in &names {
            let name = python_str(name, self.session)?;
            if let Some(path) = self.session.find_template(&name, self.root) {
                let text = std::fs::read_to_string(&path)
                    .map_err(|error| Fault::python(format!("unable to open {}: {error}", path.display())))?;
                self.requested = name.as_str().into();
                let source = Source::file(&path.to_string_lossy());
                return self
                    .session
                    .shared
                    .included(text.into(), source)
                    .map(Ok)
                    .map_err(|fault| fault.finish("template", Some(Origin::whole(source))));
            }
            tried.push(name);
        }
        Ok(Err(if several {
            format!("none of the templates given were found: {}", tried.join(", "))
        } else {
            let name = tried.join(", ");
            if name.split('/').any(|part| part == "..") {
                return Ok(Err(name));
            }
            let directories = self.session.search_directories(self.root);
            let shown = directories.iter().map(|path| churten_value::str_repr(&path.to_string_lossy()));
            format!(
                "{} not found in search path: {}",
                churten_value::str_repr(&name),
                shown.collect::<Vec<_>>().join(", ")
            )
        }))
    }

    pub(super) fn load_required(&mut self, expression: &Expression, frame: &Rc<Frame>) -> Outcome<Arc<Compiled>> {
        self.load(expression, frame)?.map_err(|name| not_found(&name))
    }

    pub(super) fn include(
        &mut self,
        expression: &Expression,
        ignore_missing: bool,
        with_context: bool,
        frame: &Rc<Frame>,
        out: &mut Output,
    ) -> Outcome<()> {
        let template = match self.load(expression, frame)? {
            Ok(template) => template,
            Err(_) if ignore_missing => return Ok(()),
            Err(name) => return Err(not_found(&name)),
        };
        let inner = if with_context { Frame::included(frame) } else { Frame::isolated() };
        self.file(&template, &inner, out)
    }

    pub(super) fn import(&mut self, expression: &Expression, with_context: bool, frame: &Rc<Frame>) -> Outcome<Val> {
        let template = self.load_required(expression, frame)?;
        let inner = if with_context { Frame::included(frame) } else { Frame::isolated() };
        let mut parts = Output::new();
        self.file(&template, &inner, &mut parts)?;
        let mut text = String::new();
        match output::join(parts, self.session)? {
            Val::None => {}
            value => write_str(&value, self.session, &mut text)?,
        }
        let module = ModuleValue { name: self.requested.clone(), frame: inner, text: text.into() };
        Ok(Val::object(Object::Module(module)))
    }

    pub(super) fn import_names(
        &mut self,
        expression: &Expression,
        names: &[(Symbol, Symbol)],
        with_context: bool,
        frame: &Rc<Frame>,
    ) -> Outcome<()> {
        let module = self.import(expression, with_context, frame)?;
        let Val::Object(object) = &module else { return Ok(()) };
        let Object::Module(module) = &**object else { return Ok(()) };
        for (name, alias) in names {
            let line = expression.line;
            let value = module.frame.own(name).unwrap_or_else(|| {
                self.session.undefined(format!(
                    "the template {} (imported on line {line}) does not export the requested name {}",
                    churten_value::str_repr(&module.name),
                    churten_value::str_repr(name)
                ))
            });
            frame.set(alias, value);
        }
        Ok(())
    }

    /// Run another file's template with a frame.
    fn file(&mut self, template: &Arc<Compiled>, frame: &Rc<Frame>, out: &mut Output) -> Outcome<()> {
        if self.block_stack.len() > MAX_FILES {
            return Err(Self::error("maximum recursion depth exceeded"));
        }
        let mut run = Run::new(self.session, self.root);
        let result = run.template(template, frame, out);
        result.map_err(|fault| fault.finish("template", template.source.map(Origin::whole)))
    }
}

fn not_found(name: &str) -> Fault {
    Fault::python(name)
}
