//! Names that a template defines itself.

use crate::tree::Symbol;
use crate::val::Val;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// One scope of a template: a loop's body, a macro, a `with` block, or the top.
pub(crate) struct Frame {
    names: RefCell<Vec<(Symbol, Val)>>,
    parent: Option<Rc<Self>>,
    /// A template imported or included without context does not see the variables.
    isolated: bool,
}

impl Frame {
    pub(crate) fn top() -> Rc<Self> {
        Rc::new(Self { names: RefCell::default(), parent: None, isolated: false })
    }

    pub(crate) fn isolated() -> Rc<Self> {
        Rc::new(Self { names: RefCell::default(), parent: None, isolated: true })
    }

    pub(crate) fn inside(parent: &Rc<Self>) -> Rc<Self> {
        Rc::new(Self { names: RefCell::default(), parent: Some(parent.clone()), isolated: false })
    }

    pub(crate) fn set(&self, name: &Symbol, value: Val) {
        let mut names = self.names.borrow_mut();
        match names.iter_mut().find(|(known, _)| same(known, name)) {
            Some((_, known)) => *known = value,
            None => names.push((name.clone(), value)),
        }
    }

    /// The value of a name here or in an enclosing scope.
    pub(crate) fn get(&self, name: &Symbol) -> Option<Val> {
        let mut frame = Some(self);
        while let Some(current) = frame {
            if let Some((_, value)) = current.names.borrow().iter().find(|(known, _)| same(known, name)) {
                return Some(value.clone());
            }
            frame = current.parent.as_deref();
        }
        None
    }

    /// The value of a name in this scope alone.
    pub(crate) fn own(&self, name: &str) -> Option<Val> {
        self.names.borrow().iter().find(|(known, _)| &**known == name).map(|(_, value)| value.clone())
    }

    /// Forget the names, to use the frame again.
    pub(crate) fn clear(&self) {
        // Dropped when nothing is borrowed any more: a value may hold this very frame.
        drop(self.names.take());
    }

    pub(crate) fn is_isolated(&self) -> bool {
        let mut frame = self;
        loop {
            if frame.isolated {
                return true;
            }
            match &frame.parent {
                Some(parent) => frame = parent,
                None => return false,
            }
        }
    }
}

fn same(a: &Symbol, b: &Symbol) -> bool {
    Arc::ptr_eq(a, b) || a == b
}
