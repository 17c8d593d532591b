//! The profile of a run (`--profile`): where its time went, in the trace format of Chrome
//! (<https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU>).
//!
//! The file is an array of JSON, one event a line. A host is a process there, and what happens on it at the same time are its
//! threads. Viewers read an array without an end, too: that of a run that was killed.

use crate::record::private_file;
use churten_executor::Span;
use churten_value::{Dict, JsonStyle, Value};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// A profile that is being written.
pub(crate) struct Profile {
    file: BufWriter<File>,
    started: Instant,
    /// The numbers of hosts, from 1.
    hosts: HashMap<Arc<str>, usize>,
    /// The lanes of hosts that have been named.
    lanes: HashSet<(usize, usize)>,
}

impl Profile {
    /// A new profile in place of what is at `path`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let file = BufWriter::new(private_file(path)?);
        let mut profile = Self { file, started: Instant::now(), hosts: HashMap::new(), lanes: HashSet::new() };
        profile.file.write_all(b"[\n")?;
        profile.name("process_name", 0, 0, "churten")?;
        profile.file.flush()?;
        Ok(profile)
    }

    /// One span.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn span(&mut self, span: &Span) -> io::Result<()> {
        let next = self.hosts.len() + 1;
        let process = match self.hosts.get(&span.host) {
            Some(number) => *number,
            None => {
                self.hosts.insert(span.host.clone(), next);
                self.separate()?;
                self.name("process_name", next, 0, &span.host)?;
                next
            }
        };
        if self.lanes.insert((process, span.lane)) {
            self.separate()?;
            self.name("thread_name", process, span.lane, &format!("{} {}", span.host, span.lane + 1))?;
        }
        self.separate()?;
        let began = span.began.saturating_duration_since(self.started);
        self.entry(Dict::from([
            ("name", Value::from(span.name.as_str())),
            ("cat", span.kind.name().into()),
            ("ph", "X".into()),
            ("ts", microseconds(began)),
            ("dur", microseconds(span.took)),
            ("pid", number(process)),
            ("tid", number(span.lane)),
            ("args", span.details.clone().into()),
        ]))
    }

    /// The run is over.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn end(mut self) -> io::Result<()> {
        self.file.write_all(b"\n]\n")?;
        self.file.flush()
    }

    fn separate(&mut self) -> io::Result<()> {
        self.file.write_all(b",\n")
    }

    /// What a process or a thread is called.
    fn name(&mut self, what: &str, process: usize, thread: usize, name: &str) -> io::Result<()> {
        self.entry(Dict::from([
            ("name", Value::from(what)),
            ("ph", "M".into()),
            ("pid", number(process)),
            ("tid", number(thread)),
            ("args", Dict::from([("name", name)]).into()),
        ]))
    }

    fn entry(&mut self, entry: Dict) -> io::Result<()> {
        // Readers of the format know no lone surrogates.
        let text = Value::from(entry).to_json(JsonStyle { ensure_ascii: true, ..JsonStyle::PLAIN });
        self.file.write_all(text.as_bytes())
    }
}

fn number(number: usize) -> Value {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}

fn microseconds(time: std::time::Duration) -> Value {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX).into()
}
