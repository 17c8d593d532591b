//! A program that believes to talk to a person.

use std::io;
use std::time::Duration;

/// What came from a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The next bytes.
    Bytes(Vec<u8>),
    /// Nothing in the time given.
    Silence,
    /// Nobody has the terminal open any more.
    End,
}

/// A running program on a terminal of its own. What is dropped is ended.
pub trait Terminal {
    /// The next output, at most `most` bytes; `None` waits for ever.
    ///
    /// # Errors
    /// When the terminal cannot be read.
    fn hear(&mut self, most: usize, limit: Option<Duration>) -> io::Result<Heard>;

    /// Type something.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    fn tell(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Wait for the end of the program so long (`None`: for ever), then hang up and end it: its exit code, or `None` when a
    /// signal ended it.
    ///
    /// # Errors
    /// When the program cannot be waited for.
    fn hang_up(&mut self, patience: Option<Duration>) -> io::Result<Option<i32>>;
}
