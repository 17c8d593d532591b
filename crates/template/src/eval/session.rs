//! One call of the door: the variables, the depth, and the rendering of templates inside variables.

use super::run::Run;
use crate::fault::{Fault, Outcome};
use crate::scope::{Entry, HostVars, Scope};
use crate::stack::StackGuard;
use crate::templar::{Shared, has_delimiters};
use crate::val::{Dictionary, Key, Range, Root, Slot, Undefined, Val};
use crate::val::{Object, Reason, Text};
use churten_diagnostics::Report;
use churten_value::{Data, Deprecation, Origin, Tags, Value, Vaulted};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

/// Variables that refer to each other in a circle end here: as deep as Python's stack lets ansible-core go, which is 80 to
/// 85 of them.
const MAX_TEMPLATES: u32 = 85;

/// Is what becomes data the end of a template, which a variable may hold?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stored {
    /// It is for a function, or for nobody.
    No,
    /// It is.
    Yes,
    /// It is, and the user knows that it has pairs of `groupby`.
    Told,
}

/// Everything that evaluation needs beside the template. Used by one thread.
pub(crate) struct Session<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) scope: &'a dyn Scope,
    hosts: RefCell<Hosts>,
    templates: Cell<u32>,
    /// The steps that are left of [`Environment::work`](crate::Environment::work).
    work: Cell<u64>,
    stack: StackGuard,
    /// Frames that hold macros, which hold their frames: without end, if nobody takes them apart.
    circles: RefCell<Vec<std::rc::Weak<super::Frame>>>,
    /// The template that is being rendered.
    pub(crate) origin: Cell<Option<Origin>>,
    /// What becomes of the data that values become.
    pub(crate) stored: Cell<Stored>,
    /// Directories that `include` and its kin search first.
    pub(crate) search_path: Vec<PathBuf>,
}

#[derive(Default)]
struct Hosts {
    numbers: HashMap<Arc<str>, u32>,
    scopes: Vec<Arc<dyn Scope>>,
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        for frame in self.circles.get_mut().drain(..).filter_map(|frame| frame.upgrade()) {
            frame.clear();
        }
    }
}

impl<'a> Session<'a> {
    /// Note a frame that holds a macro of its own.
    pub(crate) fn keeps_macro(&self, frame: &Rc<super::Frame>) {
        self.circles.borrow_mut().push(Rc::downgrade(frame));
    }

    pub(crate) fn new(shared: &'a Shared, scope: &'a dyn Scope) -> Self {
        Self {
            shared,
            scope,
            hosts: RefCell::default(),
            templates: Cell::new(0),
            work: Cell::new(shared.environment.work),
            stack: StackGuard::here(),
            circles: RefCell::default(),
            origin: Cell::new(None),
            stored: Cell::new(Stored::No),
            search_path: Vec::new(),
        }
    }

    /// A pair of `groupby` becomes a plain list, of which the user is told once for each template.
    pub(crate) fn stores_group(&self) {
        if self.stored.get() == Stored::Yes {
            self.stored.set(Stored::Told);
            let report = Report::new("Type 'GroupTuple' is unsupported in variable storage, converting to 'list'.");
            (self.shared.environment.warn)(report.at(self.origin.get()));
        }
    }

    /// The data of a value that a variable may hold.
    pub(crate) fn finished(&self, value: &Val) -> Outcome<Value> {
        self.stored.set(Stored::Yes);
        let data = value.to_data(self);
        self.stored.set(Stored::No);
        data
    }

    /// Refuse to go deeper when the stack is nearly used up.
    pub(crate) fn enter(&self) -> Outcome<()> {
        self.stack.check()
    }

    /// Count work against what the environment allows. Once it is used up nothing goes on, whoever catches the error.
    pub(crate) fn spend(&self, steps: usize) -> Outcome<()> {
        let left = self.work.get().checked_sub(steps as u64);
        self.work.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or_else(|| Fault::python("the template does more work than it may"))
    }

    /// Count the making of a text.
    pub(crate) fn spend_text(&self, bytes: usize) -> Outcome<()> {
        self.spend(bytes / 16 + 1)
    }

    /// Count the making of a text whose length is known before, and refuse one that is too long for the memory.
    pub(crate) fn make_text(&self, bytes: usize) -> Outcome<()> {
        // The same as for repeated text.
        if bytes > super::operators::MAX_REPEATED {
            return Err(Fault::python("repeated string is too long"));
        }
        self.spend_text(bytes)
    }

    /// Count the making of a value.
    pub(crate) fn spend_value(&self, value: &Val) -> Outcome<()> {
        match value {
            Val::Str(text) => self.spend_text(text.len()),
            Val::List(list) => self.spend(list.len() + 1),
            Val::Tuple(items) => self.spend(items.len() + 1),
            Val::Dict(dict) => self.spend(dict.len() + 1),
            _ => self.spend(1),
        }
    }

    /// What raw data is when it is reached: templates rendered, vaulted text decrypted. Failures become undefined.
    pub(crate) fn resolve(&self, value: &Value, root: Root) -> Val {
        if let Some(deprecation) = value.tags.deprecation() {
            self.tell(deprecation);
        }
        match &value.data {
            Data::Str(text) if value.tags.is_trusted() && has_delimiters(text) => {
                match self.render_text(text, value.tags, root) {
                    Ok(value) => value,
                    Err(fault) => Val::failed(fault),
                }
            }
            Data::Str(_) => match self.shared.check_untrusted(value) {
                Ok(()) => Val::from_raw(value, root),
                Err(fault) => Val::failed(fault),
            },
            Data::Vault(vaulted) => match self.decrypt(vaulted, value.tags) {
                Ok(value) => value,
                Err(fault) => Val::undecryptable(fault.or_at(value.origin()), vaulted, value.tags),
            },
            _ => Val::from_raw(value, root),
        }
    }

    /// Tell of a value that nobody should use any more.
    fn tell(&self, deprecation: Deprecation) {
        let mut report = Report::new(&*deprecation.sentence()).at(self.origin.get());
        if let Some(help) = deprecation.fields().get("help_text") {
            report = report.help(help.to_text());
        }
        (self.shared.environment.warn)(report);
    }

    /// What a container's element is when it is reached.
    pub(crate) fn slot(&self, slot: &Slot) -> Val {
        match slot {
            Slot::Ready(value) => value.clone(),
            Slot::Raw(value, root) => self.resolve(value, *root),
        }
    }

    /// Render a template string.
    pub(crate) fn render_text(&self, text: &Arc<str>, tags: Tags, root: Root) -> Outcome<Val> {
        let origin = tags.origin();
        let compiled = self.shared.template(text).map_err(|fault| fault.finish("template", origin))?;
        if self.templates.get() >= MAX_TEMPLATES {
            return Err(recursive_loop());
        }
        self.templates.set(self.templates.get() + 1);
        let outer = self.origin.replace(origin);
        let result = Run::new(self, root).whole(&compiled, text);
        self.origin.set(outer);
        self.templates.set(self.templates.get() - 1);
        match result {
            Ok(Val::Str(text)) if text.tags == Tags::NONE => {
                let tags = origin.map_or(Tags::NONE, |origin| Tags::NONE.at(origin));
                Ok(Val::Str(Text { text: text.text, tags }))
            }
            Ok(value) => Ok(value),
            Err(fault) => Err(fault.finish("template", origin)),
        }
    }

    fn decrypt(&self, vaulted: &Vaulted, tags: Tags) -> Outcome<Val> {
        let text = self.shared.environment.decrypt(vaulted).map_err(|report| {
            Fault::python_report(report.context("Attempt to use undecryptable variable.").at(tags.origin()))
        })?;
        Ok(Val::Str(Text { text, tags: tags.trust(false).secret() }))
    }

    /// The value of a variable; `None` when it is not defined.
    pub(crate) fn variable(&self, root: Root, name: &str) -> Option<Val> {
        let entry = match root.0 {
            0 => self.scope.get(name),
            number => {
                let scope = self.hosts.borrow().scopes.get(number as usize - 1).cloned();
                scope.and_then(|scope| scope.get(name))
            }
        };
        if name == "play_hosts" && entry.is_some() {
            let report = Report::new(
                "The `play_hosts` magic variable is deprecated. This feature will be removed from ansible-core version 2.23.",
            );
            let report = report.at(self.origin.get()).help("Use `ansible_play_batch` instead.");
            (self.shared.environment.warn)(report);
        }
        match entry {
            Some(Entry::Value(value)) => Some(self.resolve(&value, root)),
            Some(Entry::Hosts(hosts)) => Some(Val::Hosts(hosts)),
            None if name == "vars" => Some(Val::Variables(root)),
            None => None,
        }
    }

    /// The raw value of a variable.
    pub(crate) fn raw_variable(&self, root: Root, name: &str) -> Option<Entry> {
        match root.0 {
            0 => self.scope.get(name),
            number => {
                let scope = self.hosts.borrow().scopes.get(number as usize - 1).cloned();
                scope.and_then(|scope| scope.get(name))
            }
        }
    }

    /// The variables of a root that is a host's.
    pub(crate) fn host_scope(&self, root: Root) -> Option<Arc<dyn Scope>> {
        let index = (root.0 as usize).checked_sub(1)?;
        self.hosts.borrow().scopes.get(index).cloned()
    }

    /// The names of all variables.
    pub(crate) fn names(&self, root: Root) -> Vec<Arc<str>> {
        match root.0 {
            0 => self.scope.names(),
            number => {
                let scope = self.hosts.borrow().scopes.get(number as usize - 1).cloned();
                scope.map(|scope| scope.names()).unwrap_or_default()
            }
        }
    }

    /// All variables as a dictionary, `hostvars` left out.
    pub(crate) fn variables(&self, root: Root) -> Val {
        let entries = self.names(root).into_iter().filter_map(|name| match self.raw_variable(root, &name) {
            Some(Entry::Value(value)) => Some((Key::text(name), Slot::Raw(value, root))),
            _ => None,
        });
        Val::Dict(Dictionary::from_slots(entries.collect::<Vec<_>>()))
    }

    /// The variables of a host.
    pub(crate) fn host(&self, hosts: &Arc<dyn HostVars>, name: &str) -> Val {
        if let Some(number) = self.hosts.borrow().numbers.get(name) {
            return Val::Variables(Root(*number));
        }
        let Some(scope) = hosts.scope(name) else {
            return self.undefined(format!("hostvars['{name}']"));
        };
        let mut known = self.hosts.borrow_mut();
        known.scopes.push(scope);
        let number = u32::try_from(known.scopes.len()).unwrap_or(u32::MAX);
        known.numbers.insert(name.into(), number);
        Val::Variables(Root(number))
    }

    /// An undefined value that arose in the current template.
    pub(crate) fn undefined(&self, message: impl Into<String>) -> Val {
        Val::undefined(message, self.origin.get())
    }

    pub(crate) fn undefined_for(&self, reason: Reason) -> Val {
        Val::Undefined(Rc::new(Undefined { reason, origin: self.origin.get() }))
    }

    /// The elements of an iterable, as Python's `iter()` gives them.
    pub(crate) fn items(&self, value: &Val) -> Outcome<Vec<Val>> {
        self.spend_value(value)?;
        Ok(match value {
            Val::List(list) => list.slots().iter().map(|slot| self.slot(slot)).collect(),
            Val::Tuple(items) => items.to_vec(),
            Val::Dict(dict) => dict.keys().into_iter().map(Key::into_value).collect(),
            Val::Str(text) => text.chars().map(|character| Val::str(character.to_string())).collect(),
            Val::Range(range) => self.range_items(*range)?,
            Val::Bytes(bytes) => bytes.iter().map(|byte| Val::Int((*byte).into())).collect(),
            Val::Variables(root) => self.names(*root).into_iter().map(Val::str).collect(),
            Val::Hosts(hosts) => hosts.hosts().into_iter().map(Val::str).collect(),
            Val::Undefined(undefined) if undefined.is_silent() => Vec::new(),
            Val::Undefined(undefined) => return Err(undefined.fault()),
            Val::Object(object) if matches!(&**object, Object::Module(_)) => {
                self.items(&Val::str(crate::val::python_str(value, self)?))?
            }
            other => return Err(Fault::python(format!("'{}' object is not iterable", other.python_class()))),
        })
    }

    fn range_items(&self, range: Range) -> Outcome<Vec<Val>> {
        // Jinja2's sandbox has the same limit.
        const MAX_RANGE: usize = 100_000;
        if range.len() > MAX_RANGE {
            return Err(Fault::python(format!(
                "Range too big. The sandbox blocks ranges larger than MAX_RANGE ({MAX_RANGE})."
            )));
        }
        self.spend(range.len())?;
        Ok((0..range.len()).filter_map(|index| range.get(index)).map(Val::Int).collect())
    }

    /// The entries of a mapping.
    pub(crate) fn pairs(&self, dict: &Dictionary) -> Vec<(Key, Val)> {
        dict.slots().into_iter().map(|(key, slot)| (key, self.slot(&slot))).collect()
    }

    /// A value as the mapping it is; variables of a host are one.
    pub(crate) fn mapping(&self, value: &Val) -> Option<Rc<Dictionary>> {
        match value {
            Val::Dict(dict) => Some(dict.clone()),
            Val::Variables(root) => match self.variables(*root) {
                Val::Dict(dict) => Some(dict),
                _ => None,
            },
            Val::Hosts(hosts) => {
                let names = hosts.hosts().into_iter();
                Some(Dictionary::new(names.map(|name| (Key::text(name.clone()), self.host(hosts, &name)))))
            }
            _ => None,
        }
    }
}

fn recursive_loop() -> Fault {
    Fault::report(
        Report::new("Recursive loop detected in template.").caused_by(Report::new("maximum recursion depth exceeded")),
    )
}
