//! The `template` lookup.

use super::{Lookup, Plugin};
use crate::eval::{Run, Session};
use crate::fault::{Fault, Outcome};
use crate::scope::{Entry, Scope};
use crate::val::{Root, Val, python_str};
use crate::{TemplateOptions, lookups::files};
use churten_value::{Origin, Source, Value};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

pub(super) const TABLE: &[Plugin] = &[Plugin::new("template", template)];

/// Variables of the caller, and some more on top.
struct Overlay<'s> {
    below: &'s dyn Scope,
    above: BTreeMap<Arc<str>, Value>,
}

impl Scope for Overlay<'_> {
    fn get(&self, name: &str) -> Option<Entry> {
        self.above.get(name).cloned().map(Entry::Value).or_else(|| self.below.get(name))
    }

    fn names(&self) -> Vec<Arc<str>> {
        let mut names = self.below.names();
        names.extend(self.above.keys().filter(|name| self.below.get(name).is_none()).cloned());
        names
    }
}

fn options(lookup: &mut Lookup<'_, '_>) -> Outcome<TemplateOptions> {
    let mut options = TemplateOptions::default();
    let fields: [(&str, &mut String); 6] = [
        ("block_start_string", &mut options.block_start),
        ("block_end_string", &mut options.block_end),
        ("variable_start_string", &mut options.variable_start),
        ("variable_end_string", &mut options.variable_end),
        ("comment_start_string", &mut options.comment_start),
        ("comment_end_string", &mut options.comment_end),
    ];
    for (name, field) in fields {
        if let Some(value) = lookup.option(name) {
            *field = lookup.text(&value)?;
        }
    }
    options.trim_blocks = lookup.flag("trim_blocks", true)?;
    options.lstrip_blocks = lookup.flag("lstrip_blocks", false)?;
    Ok(options)
}

fn template(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let mut options = options(lookup)?;
    let mut above = BTreeMap::new();
    if let Some(extra) = lookup.option("template_vars") {
        let Some(entries) = lookup.session.mapping(&extra) else {
            return Err(Fault::ansible("The value of 'template_vars' is no dictionary."));
        };
        for (key, value) in lookup.session.pairs(&entries) {
            let name: Arc<str> = python_str(key.value(), lookup.session)?.into();
            above.insert(name, value.to_data(lookup.session)?);
        }
    }
    let mut results = Vec::new();
    for term in lookup.texts()? {
        let Some(path) = lookup.find_file("templates", &term) else {
            return Err(Fault::ansible(format!("the template file {term} could not be found for the lookup")));
        };
        if let Some(directory) = path.parent() {
            options.search_path = vec![directory.to_owned()];
        }
        let text: Arc<str> = files::decrypted(&path.to_string_lossy(), lookup)?.into();
        results.push(render((&term, &path), &text, &options, &above, lookup)?);
    }
    Ok(results)
}

fn render(
    (term, path): (&str, &Path),
    text: &Arc<str>,
    options: &TemplateOptions,
    above: &BTreeMap<Arc<str>, Value>,
    lookup: &Lookup<'_, '_>,
) -> Outcome<Val> {
    lookup.session.enter()?;
    let mut above = above.clone();
    let host;
    let below = match lookup.session.host_scope(lookup.root) {
        Some(scope) => {
            host = scope;
            &*host
        }
        None => lookup.session.scope,
    };
    let shared = lookup.session.shared;
    let managed = shared.environment.settings.as_ref().and_then(|settings| settings.text("DEFAULT_MANAGED_STR"));
    let own = crate::file_variables(term, path, managed.unwrap_or("Ansible managed"));
    for (name, value) in own.iter() {
        let name: Arc<str> = name.to_text().into();
        if *name != *"ansible_managed" || below.get(&name).is_none() {
            above.entry(name).or_insert_with(|| value.clone());
        }
    }
    let overlay = Overlay { below, above };
    let origin = Some(Origin::whole(Source::file(&path.to_string_lossy())));
    let mut session = Session::new(shared, &overlay);
    session.search_path.clone_from(&options.search_path);
    session.origin.set(origin);
    let result = (|| {
        let compiled = shared.file(text, options)?;
        let value = Run::new(&session, Root::default()).whole(&compiled, text)?.defined()?;
        // What the value holds of the template's own names must be rendered while they are known.
        value.to_data(&session).map(|data| Val::from_plain(&data))
    })();
    result.map_err(|fault: Fault| fault.finish("template", origin))
}
