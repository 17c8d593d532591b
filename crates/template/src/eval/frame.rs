//! Names that a template defines itself.

use crate::tree::Symbol;
use crate::val::Val;
use std::cell::{RefCell, RefMut};
use std::rc::Rc;
use std::sync::Arc;

/// One scope of a template: a loop's body, a macro, a `with` block, or the top.
pub(crate) struct Frame {
    names: RefCell<Vec<(Symbol, Val)>>,
    parent: Option<Rc<Self>>,
    /// A template imported or included without context does not see the variables.
    isolated: bool,
    /// Of a template included with context: what it has asked of the template around it, whose containers it may
    /// change without changing them there.
    taken: Option<RefCell<Vec<(Symbol, Val)>>>,
}

impl Frame {
    pub(crate) fn top() -> Rc<Self> {
        Rc::new(Self { names: RefCell::default(), parent: None, isolated: false, taken: None })
    }

    pub(crate) fn isolated() -> Rc<Self> {
        Rc::new(Self { names: RefCell::default(), parent: None, isolated: true, taken: None })
    }

    pub(crate) fn inside(parent: &Rc<Self>) -> Rc<Self> {
        Rc::new(Self { names: RefCell::default(), parent: Some(parent.clone()), isolated: false, taken: None })
    }

    /// The top of another file's template that sees the names around it.
    pub(crate) fn included(parent: &Rc<Self>) -> Rc<Self> {
        let taken = Some(RefCell::default());
        Rc::new(Self { names: RefCell::default(), parent: Some(parent.clone()), isolated: false, taken })
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
        let find = |names: &[(Symbol, Val)]| Some(names.iter().find(|(known, _)| same(known, name))?.1.clone());
        let (mut frame, mut border) = (self, None);
        loop {
            if let Some(value) = find(&frame.names.borrow()) {
                let Some(taken) = border else { return Some(value) };
                let copy = value.copied();
                let mut taken: RefMut<'_, Vec<_>> = RefCell::borrow_mut(taken);
                taken.push((name.clone(), copy.clone()));
                return Some(copy);
            }
            if let Some(taken) = &frame.taken {
                if let Some(value) = find(&taken.borrow()) {
                    return Some(value);
                }
                border = border.or(Some(taken));
            }
            frame = frame.parent.as_deref()?;
        }
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
