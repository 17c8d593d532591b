//! Dates and times as YAML 1.1 and Python know them.

use std::fmt;

/// A date (`datetime.date`), or a date and time (`datetime.datetime`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp {
    /// Year, 1 to 9999.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, 1 to 31.
    pub day: u8,
    /// The time, when this is a `datetime`.
    pub time: Option<TimeOfDay>,
}

/// The time part of a `datetime`, or a `datetime.time`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimeOfDay {
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59.
    pub second: u8,
    /// Microseconds, 0 to 999,999.
    pub microsecond: u32,
    /// Offset from UTC in seconds; `None` for a naive time.
    pub offset: Option<i32>,
}

impl TimeOfDay {
    /// `isoformat()`, which is also `str()`: `21:59:43.100000+00:00`.
    pub fn iso(&self) -> String {
        let mut text = format!("{:02}:{:02}:{:02}", self.hour, self.minute, self.second);
        if self.microsecond > 0 {
            text += &format!(".{:06}", self.microsecond);
        }
        if let Some(offset) = self.offset {
            let (sign, seconds) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
            text += &format!("{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
            if seconds % 60 > 0 {
                text += &format!(":{:02}", seconds % 60);
            }
        }
        text
    }

    /// `repr()`: `datetime.time(21, 59, 43)`.
    pub fn repr(&self) -> String {
        format!("datetime.time({}", self.repr_of_fields())
    }

    /// The arguments of `repr()` from the hour on, and the parenthesis behind them.
    fn repr_of_fields(&self) -> String {
        let mut text = format!("{}, {}", self.hour, self.minute);
        if self.second > 0 || self.microsecond > 0 {
            text += &format!(", {}", self.second);
        }
        if self.microsecond > 0 {
            text += &format!(", {}", self.microsecond);
        }
        match self.offset {
            Some(0) => text += ", tzinfo=datetime.timezone.utc",
            Some(seconds) => {
                // timedelta normalises to days and non-negative seconds.
                let delta = if seconds < 0 {
                    format!("days=-1, seconds={}", 86_400 + seconds)
                } else {
                    format!("seconds={seconds}")
                };
                text += &format!(", tzinfo=datetime.timezone(datetime.timedelta({delta}))");
            }
            None => {}
        }
        text + ")"
    }
}

impl Timestamp {
    /// `isoformat()` with `separator` between date and time: `T`, or a space as `str()` prints it.
    pub fn iso(&self, separator: char) -> String {
        let text = format!("{:04}-{:02}-{:02}", self.year, self.month, self.day);
        match &self.time {
            Some(time) => format!("{text}{separator}{}", time.iso()),
            None => text,
        }
    }

    /// `repr()`: `datetime.date(2001, 12, 14)`.
    pub fn repr(&self) -> String {
        let (year, month, day) = (self.year, self.month, self.day);
        match &self.time {
            Some(time) => format!("datetime.datetime({year}, {month}, {day}, {}", time.repr_of_fields()),
            None => format!("datetime.date({year}, {month}, {day})"),
        }
    }
}

/// `str()`: `2001-12-14 21:59:43.100000+00:00`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso(' '))
    }
}
