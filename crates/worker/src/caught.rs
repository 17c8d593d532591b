//! Running what may panic, so that nothing else ends with it.
//!
//! The worker on a host does not unwind: the tables and the code for it are a fifth of what travels
//! (docs/decisions/0012). There, the hook that is called for a panic hands over what it said and does not return. The
//! thread stays where it is, for ever, with whatever it holds, and all others go on. In other programs (the controller
//! serves `connection: local` itself) a panic unwinds and is caught.

use crate::queue::{Giver, queue};
use std::any::Any;
use std::cell::RefCell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::thread;

/// Room for the deepest value a result can carry; memory is taken only as it is used.
const STACK: usize = 2 << 20;

/// What is to be done with the words of a panic.
type Otherwise = Box<dyn FnOnce(String)>;

/// What a helper does; it ends when nobody can give it anything any more.
type Work = Box<dyn FnOnce() + Send>;

/// Set in a program in which threads that panic stay.
static STAYING: OnceLock<()> = OnceLock::new();

thread_local! {
    static OTHERWISE: RefCell<Option<Otherwise>> = const { RefCell::new(None) };
    static HELPER: RefCell<Option<Giver<Work>>> = const { RefCell::new(None) };
}

/// From now on threads of this program that panic stay where they are, and print nothing.
pub(crate) fn stay() {
    std::panic::set_hook(Box::new(|panic| {
        let text = said(panic.payload());
        let message = match panic.location() {
            Some(place) => format!("{text} ({place})"),
            None => text.to_owned(),
        };
        if let Some(otherwise) = OTHERWISE.take() {
            otherwise(message);
            loop {
                thread::park();
            }
        }
    }));
    let _ = STAYING.set(());
}

fn said(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

/// Run something to its end, or to a panic: what that said. It may run in another thread.
pub(crate) fn caught<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, String> {
    if STAYING.get().is_none() {
        return catch_unwind(AssertUnwindSafe(work)).map_err(|panic| said(&*panic).to_owned());
    }
    let (done, result) = queue();
    let for_panic = done.clone();
    let run = move || {
        OTHERWISE.set(Some(Box::new(move |message| {
            let _ = for_panic.give(Err(message));
        })));
        let answer = work();
        OTHERWISE.set(None);
        let _ = done.give(Ok(answer));
    };
    hand_over(Box::new(run)).map_err(|error| format!("no thread could be started: {error}"))?;
    let result = result.take().unwrap_or_else(|| Err("the thread ended".to_owned()));
    if result.is_err() {
        // It stays where it is.
        HELPER.set(None);
    }
    result
}

/// Let the helper of this thread do something; there is one from the first time on.
fn hand_over(mut work: Work) -> io::Result<()> {
    if let Some(helper) = HELPER.with_borrow(Clone::clone) {
        match helper.give(work) {
            Ok(()) => return Ok(()),
            Err(back) => work = back,
        }
    }
    let (helper, works) = queue::<Work>();
    let run = move || {
        while let Some(work) = works.take() {
            work();
        }
    };
    thread::Builder::new().name("module".into()).stack_size(STACK).spawn(run)?;
    let _ = helper.give(work);
    HELPER.set(Some(helper));
    Ok(())
}

/// Run something in this thread. After a panic the words go to `otherwise`, and where threads stay this one does not
/// return.
pub(crate) fn or_else<T>(work: impl FnOnce() -> T, otherwise: impl FnOnce(String) + 'static) -> Option<T> {
    if STAYING.get().is_none() {
        let done = catch_unwind(AssertUnwindSafe(work));
        return done.map_err(|panic| otherwise(said(&*panic).to_owned())).ok();
    }
    OTHERWISE.set(Some(Box::new(otherwise)));
    let done = work();
    OTHERWISE.set(None);
    Some(done)
}
