//! Objects that templates call or look into.

use super::{Dictionary, Val};
use crate::eval::Frame;
use crate::globals::Function;
use crate::tree::{ForLoop, Macro, Symbol};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

/// Everything that is no data.
pub(crate) enum Object {
    Macro(MacroValue),
    Function(&'static Function),
    Method(BoundMethod),
    Namespace(Rc<Dictionary>),
    Loop(Rc<LoopState>),
    Module(ModuleValue),
    /// `self` in a template with blocks.
    Blocks,
    /// A block by name and level, from 0 for the most derived.
    Block(Symbol, usize),
    Cycler {
        items: Vec<Val>,
        at: Cell<usize>,
    },
    Joiner {
        separator: Val,
        used: Cell<bool>,
    },
}

/// A macro and the frame it was defined in.
pub(crate) struct MacroValue {
    pub(crate) declaration: Arc<Macro>,
    pub(crate) frame: Rc<Frame>,
}

/// A method of a value.
pub(crate) struct BoundMethod {
    pub(crate) receiver: Val,
    pub(crate) name: Symbol,
}

/// An imported template.
pub(crate) struct ModuleValue {
    pub(crate) name: Symbol,
    pub(crate) frame: Rc<Frame>,
    pub(crate) text: Symbol,
}

/// `loop` in a `{% for %}`.
pub(crate) struct LoopState {
    pub(crate) items: Vec<Val>,
    pub(crate) index: Cell<usize>,
    pub(crate) depth: usize,
    /// The statement and the frame around it, for recursive loops.
    pub(crate) recursive: Option<(Arc<ForLoop>, Rc<Frame>)>,
    pub(crate) changed: RefCell<Option<Vec<Val>>>,
}

impl Object {
    /// The name of the Python type.
    pub(crate) fn python_type(&self) -> &'static str {
        match self {
            Self::Method(method) if matches!(method.receiver, Val::Dict(_)) && &*method.name != "keys" => "method",
            Self::Macro(_) => "Macro",
            Self::Function(_) => "function",
            Self::Method(_) => "builtin_function_or_method",
            Self::Namespace(_) => "Namespace",
            Self::Loop(_) => "LoopContext",
            Self::Module(_) => "TemplateModule",
            Self::Blocks => "TemplateReference",
            Self::Block(..) => "BlockReference",
            Self::Cycler { .. } => "Cycler",
            Self::Joiner { .. } => "Joiner",
        }
    }

    /// True for what can be called.
    pub(crate) fn is_callable(&self) -> bool {
        !matches!(self, Self::Namespace(_) | Self::Module(_) | Self::Blocks | Self::Cycler { .. })
    }
}

impl LoopState {
    /// An attribute of `loop`; `None` when there is no such one.
    pub(crate) fn attribute(&self, name: &str) -> Option<Val> {
        let (index, length) = (self.index.get(), self.items.len());
        Some(match name {
            "index" => Val::from(index + 1),
            "index0" => Val::from(index),
            "first" => Val::Bool(index == 0),
            "last" => Val::Bool(index + 1 == length),
            "length" => Val::from(length),
            "revindex" => Val::from(length - index),
            "revindex0" => Val::from(length - index - 1),
            "depth" => Val::from(self.depth),
            "depth0" => Val::from(self.depth - 1),
            "previtem" => match index.checked_sub(1).and_then(|before| self.items.get(before)) {
                Some(item) => item.clone(),
                None => Val::undefined("there is no previous item", None),
            },
            "nextitem" => match self.items.get(index + 1) {
                Some(item) => item.clone(),
                None => Val::undefined("there is no next item", None),
            },
            _ => return None,
        })
    }
}
