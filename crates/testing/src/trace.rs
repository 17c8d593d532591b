//! The profile of a run, read back.

use churten_value::{Value, from_json};
use std::collections::BTreeMap;

/// The spans of a profile.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Those of all hosts, in the order of the file.
    pub spans: Vec<Span>,
}

/// Something that took time, in microseconds since the run began.
#[derive(Clone, Debug)]
pub struct Span {
    /// `task`, `wire`, `module`, ...
    pub category: String,
    /// What it is called.
    pub name: String,
    /// The host it is about.
    pub host: String,
    /// Where it stands beside what happens on the host at the same time.
    pub lane: i64,
    /// When it began.
    pub began: i64,
    /// When it ended.
    pub ended: i64,
    /// It is a task that went with one before it.
    pub ahead: bool,
}

impl Trace {
    /// What is in a profile.
    ///
    /// # Errors
    /// It is no array of the events that profiles have; the text says what is wrong.
    pub fn read(text: &str) -> Result<Self, String> {
        let all = from_json(text).map_err(|error| format!("{error:?}"))?;
        let mut hosts = BTreeMap::new();
        let mut spans = Vec::new();
        for event in all.as_list().ok_or("it is no array")? {
            let number = |name: &str| {
                event.get(name).and_then(Value::as_int).ok_or_else(|| format!("no {name} in {}", event.to_text()))
            };
            let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
            let (name, details) = (text(event.get("name")), event.get("args"));
            let process = number("pid")?;
            match text(event.get("ph")).as_str() {
                "M" if name == "process_name" => {
                    hosts.insert(process, text(details.and_then(|details| details.get("name"))));
                }
                "M" => {}
                "X" => spans.push(Span {
                    category: text(event.get("cat")),
                    name,
                    host: hosts.get(&process).ok_or("a span before its host")?.clone(),
                    lane: number("tid")?,
                    began: number("ts")?,
                    ended: number("ts")? + number("dur")?,
                    ahead: details.is_some_and(|details| details.get("ahead").is_some()),
                }),
                kind => return Err(format!("an event {kind}")),
            }
        }
        Ok(Self { spans })
    }

    /// The spans of a category.
    pub fn of(&self, category: &str) -> Vec<&Span> {
        self.spans.iter().filter(|span| span.category == category).collect()
    }
}

impl Span {
    /// How long it took.
    pub fn took(&self) -> i64 {
        self.ended - self.began
    }

    /// Is the other one a part of this one? Times are cut to microseconds.
    pub fn holds(&self, other: &Self) -> bool {
        let is_beside = (&self.host, self.lane) == (&other.host, other.lane);
        is_beside && self.began <= other.began && other.ended <= self.ended + 2
    }
}
