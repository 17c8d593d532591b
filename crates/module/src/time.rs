//! Civil time.

use crate::{Observe, Timestamp};
use churten_value::{date_from_days, days_from_date};

/// A date and a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime {
    /// Year.
    pub year: i64,
    /// Month from 1.
    pub month: u32,
    /// Day from 1.
    pub day: u32,
    /// Hour.
    pub hour: u32,
    /// Minute.
    pub minute: u32,
    /// Second.
    pub second: u32,
    /// Microsecond.
    pub microsecond: u32,
}

/// A time in UTC.
pub fn utc(at: Timestamp) -> DateTime {
    let (year, month, day) = date_from_days(at.seconds.div_euclid(86_400));
    let rest = at.seconds.rem_euclid(86_400);
    let part = |number: i64| u32::try_from(number).unwrap_or(0);
    DateTime {
        year,
        month: part(month),
        day: part(day),
        hour: part(rest / 3_600),
        minute: part(rest / 60 % 60),
        second: part(rest % 60),
        microsecond: at.nanoseconds / 1_000,
    }
}

/// Seconds since 1970 of a date and time in UTC.
pub fn seconds(when: &DateTime) -> i64 {
    let days = days_from_date(when.year, when.month.into(), when.day.into());
    days * 86_400 + i64::from(when.hour) * 3_600 + i64::from(when.minute) * 60 + i64::from(when.second)
}

/// A time in the host's zone.
pub fn local(host: &dyn Observe, at: Timestamp) -> DateTime {
    utc(Timestamp { seconds: at.seconds + i64::from(host.utc_offset(at)), ..at })
}

/// `str(datetime)`: `2026-11-21 04:25:44.613590`, the fraction left out when it is nothing.
pub fn python_text(when: &DateTime) -> String {
    let DateTime { year, month, day, hour, minute, second, microsecond } = when;
    let text = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
    if *microsecond == 0 { text } else { format!("{text}.{microsecond:06}") }
}

/// `str(timedelta)`: `0:00:00.004278`, `1 day, 0:00:00`.
pub fn delta(start: Timestamp, end: Timestamp) -> String {
    let microseconds = |at: Timestamp| at.seconds * 1_000_000 + i64::from(at.nanoseconds / 1_000);
    let passed = (microseconds(end) - microseconds(start)).max(0);
    let (seconds, rest) = (passed / 1_000_000, passed % 1_000_000);
    let (days, seconds) = (seconds / 86_400, seconds % 86_400);
    let days = match days {
        0 => String::new(),
        1 => "1 day, ".to_owned(),
        days => format!("{days} days, "),
    };
    let fraction = if rest == 0 { String::new() } else { format!(".{rest:06}") };
    format!("{days}{}:{:02}:{:02}{fraction}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn civil_dates() {
        for (seconds_since, text) in [
            (0, "1970-01-01 00:00:00"),
            (951_782_400, "2000-02-29 00:00:00"),
            (1_795_234_752, "2026-11-21 04:19:12"),
            (-1, "1969-12-31 23:59:59"),
            (4_107_542_399, "2100-02-28 23:59:59"),
        ] {
            let when = utc(Timestamp { seconds: seconds_since, nanoseconds: 0 });
            assert_eq!(python_text(&when), text);
            assert_eq!(seconds(&when), seconds_since);
        }
    }
}
