//! Attributes and methods of dates, times and durations.

use super::{clock_time, take};
use crate::eval::{Arguments, Session};
use crate::fault::{Fault, Outcome};
use crate::val::Val;
use churten_value::{TimeOfDay, Timestamp, date_from_days, days_from_date};
use std::fmt::Write as _;
use std::sync::Arc;

const DAY: i64 = 86_400;
const MIDNIGHT: TimeOfDay = TimeOfDay { hour: 0, minute: 0, second: 0, microsecond: 0, offset: None };
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A `datetime` from seconds and microseconds since 1970, as the clock of a zone `offset` seconds from UTC shows it.
pub(crate) fn from_epoch(seconds: i64, microsecond: u32, offset: i64, aware: bool) -> Timestamp {
    let local = seconds.saturating_add(offset);
    let (year, month, day) = date_from_days(local.div_euclid(DAY));
    let rest = local.rem_euclid(DAY);
    let small = |number: i64| u8::try_from(number).unwrap_or(0);
    Timestamp {
        year: u16::try_from(year).unwrap_or(1),
        month: small(month),
        day: small(day),
        time: Some(TimeOfDay {
            hour: small(rest / 3600),
            minute: small(rest / 60 % 60),
            second: small(rest % 60),
            microsecond,
            offset: aware.then(|| i32::try_from(offset).unwrap_or(0)),
        }),
    }
}

fn days(when: &Timestamp) -> i64 {
    days_from_date(when.year.into(), when.month.into(), when.day.into())
}

/// Seconds since 1970 of the shown time, its zone taken off.
pub(crate) fn seconds(when: &Timestamp) -> i64 {
    let time = when.time.as_ref().map_or(0, |time| {
        i64::from(time.hour) * 3600 + i64::from(time.minute) * 60 + i64::from(time.second)
            - i64::from(time.offset.unwrap_or(0))
    });
    days(when) * DAY + time
}

/// Microseconds since 1970.
pub(crate) fn microseconds(when: &Timestamp) -> i64 {
    seconds(when) * 1_000_000 + when.time.as_ref().map_or(0, |time| time.microsecond.into())
}

/// An attribute that is no method.
pub(crate) fn attribute(when: &Timestamp, name: &str) -> Option<Val> {
    let time = when.time.as_ref();
    Some(match name {
        "year" => Val::Int(when.year.into()),
        "month" => Val::Int(when.month.into()),
        "day" => Val::Int(when.day.into()),
        "hour" => Val::Int(time?.hour.into()),
        "minute" => Val::Int(time?.minute.into()),
        "second" => Val::Int(time?.second.into()),
        "microsecond" => Val::Int(time?.microsecond.into()),
        "tzinfo" if time?.offset.is_none() => Val::None,
        _ => return None,
    })
}

/// An attribute of a `timedelta` of so many microseconds.
pub(crate) fn duration_attribute(length: i64, name: &str) -> Option<Val> {
    let in_day = length.rem_euclid(DAY * 1_000_000);
    Some(match name {
        "days" => Val::Int(length.div_euclid(DAY * 1_000_000)),
        "seconds" => Val::Int(in_day / 1_000_000),
        "microseconds" => Val::Int(in_day % 1_000_000),
        _ => return None,
    })
}

pub(super) fn call(when: &Arc<Timestamp>, name: &str, arguments: Arguments, session: &Session<'_>) -> Outcome<Val> {
    let _ = session;
    match name {
        "strftime" => {
            let [format] = take("datetime", name, arguments, ["format"], 1)?;
            match format {
                Some(Val::Str(format)) => Ok(strftime(when, &format).into()),
                other => Err(Fault::python(format!(
                    "strftime() argument 1 must be str, not {}",
                    other.map_or("NoneType", |other| other.python_type())
                ))),
            }
        }
        "isoformat" => {
            let [separator] = take("datetime", name, arguments, ["sep"], 0)?;
            let separator = separator.as_ref().and_then(Val::as_str).and_then(|text| text.chars().next());
            Ok(when.iso(separator.unwrap_or('T')).into())
        }
        "timestamp" => Ok(Val::Float(microseconds(when) as f64 / 1e6)),
        "date" => Ok(Val::Timestamp(Arc::new(Timestamp { time: None, ..(**when).clone() }))),
        "time" | "timetz" if when.time.is_some() => {
            let mut time = when.time.clone().unwrap_or(MIDNIGHT);
            time.offset = time.offset.filter(|_| name == "timetz");
            Ok(Val::Time(Arc::new(time)))
        }
        "replace" => clock_time::replaced(when, arguments).map(|when| Val::Timestamp(Arc::new(when))),
        "ctime" => Ok(strftime(when, "%a %b %e %H:%M:%S %Y").into()),
        "weekday" => Ok(Val::Int((days(when) + 3).rem_euclid(7))),
        "isoweekday" => Ok(Val::Int((days(when) + 3).rem_euclid(7) + 1)),
        "toordinal" => Ok(Val::Int(days(when) + 719_163)),
        _ => {
            let kind = if when.time.is_some() { "datetime" } else { "date" };
            Err(Fault::undefined(format!("object of type '{kind}' has no attribute '{name}'")))
        }
    }
}

/// C's `strftime` in the C locale.
pub(crate) fn strftime(when: &Timestamp, format: &str) -> String {
    let time = when.time.as_ref().unwrap_or(&MIDNIGHT);
    let days = days(when);
    let weekday = usize::try_from((days + 3).rem_euclid(7)).unwrap_or(0);
    let month = usize::from(when.month.clamp(1, 12)) - 1;
    let day_of_year = days - days_from_date(when.year.into(), 1, 1);
    let hour = match time.hour % 12 {
        0 => 12,
        hour => hour,
    };
    let mut out = String::with_capacity(format.len() * 2);
    let mut characters = format.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            out.push(character);
            continue;
        }
        let mut padded = true;
        let mut code = characters.next();
        if code == Some('-') {
            padded = false;
            code = characters.next();
        }
        let Some(code) = code else {
            out.push('%');
            break;
        };
        let two = |number: i64| if padded { format!("{number:02}") } else { number.to_string() };
        let text = match code {
            'Y' => when.year.to_string(),
            'C' => two((when.year / 100).into()),
            'y' => two((when.year % 100).into()),
            'm' => two(when.month.into()),
            'd' => two(when.day.into()),
            'e' => format!("{:2}", when.day),
            'H' => two(time.hour.into()),
            'I' => two(hour.into()),
            'k' => format!("{:2}", time.hour),
            'l' => format!("{hour:2}"),
            'M' => two(time.minute.into()),
            'S' => two(time.second.into()),
            'f' => format!("{:06}", time.microsecond),
            'j' => format!("{:03}", day_of_year + 1),
            'a' => WEEKDAYS[weekday][..3].to_owned(),
            'A' => WEEKDAYS[weekday].to_owned(),
            'b' | 'h' => MONTHS[month][..3].to_owned(),
            'B' => MONTHS[month].to_owned(),
            'p' => if time.hour < 12 { "AM" } else { "PM" }.to_owned(),
            'P' => if time.hour < 12 { "am" } else { "pm" }.to_owned(),
            'u' => (weekday + 1).to_string(),
            'w' => ((weekday + 1) % 7).to_string(),
            'U' => two((day_of_year + 7 - i64::try_from((weekday + 1) % 7).unwrap_or(0)) / 7),
            'W' => two((day_of_year + 7 - i64::try_from(weekday).unwrap_or(0)) / 7),
            'V' => two(iso_week(days).1),
            'G' => iso_week(days).0.to_string(),
            's' => seconds(when).to_string(),
            'F' => strftime(when, "%Y-%m-%d"),
            'T' | 'X' => strftime(when, "%H:%M:%S"),
            'R' => strftime(when, "%H:%M"),
            'D' | 'x' => strftime(when, "%m/%d/%y"),
            'c' => strftime(when, "%a %b %e %H:%M:%S %Y"),
            'r' => strftime(when, "%I:%M:%S %p"),
            'z' => time.offset.map(zone).unwrap_or_default(),
            'Z' => match time.offset {
                Some(0) => "UTC".to_owned(),
                Some(offset) => format!("UTC{}", colon_zone(offset)),
                None => String::new(),
            },
            'n' => "\n".to_owned(),
            't' => "\t".to_owned(),
            '%' => "%".to_owned(),
            other => format!("%{other}"),
        };
        let _ = out.write_str(&text);
    }
    out
}

fn zone(offset: i32) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let offset = offset.abs();
    format!("{sign}{:02}{:02}", offset / 3600, offset / 60 % 60)
}

fn colon_zone(offset: i32) -> String {
    let zone = zone(offset);
    format!("{}:{}", &zone[..3], &zone[3..])
}

/// ISO 8601 year and week.
fn iso_week(days: i64) -> (i64, i64) {
    let thursday = days - (days + 3).rem_euclid(7) + 3;
    let (year, _, _) = date_from_days(thursday);
    (year, (thursday - days_from_date(year, 1, 1)) / 7 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        let when = from_epoch(1_700_000_000, 5, 0, false);
        assert_eq!(strftime(&when, "%Y-%m-%dT%H:%M:%S.%f %a %j %V"), "2023-11-14T22:13:20.000005 Tue 318 46");
    }
}
