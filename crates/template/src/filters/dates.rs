//! `strftime` and `to_datetime`.

use super::Filter;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::methods::timestamp::{from_epoch, strftime as format_time};
use crate::val::{Val, number};
use churten_value::{TimeOfDay, Timestamp, date_from_days, days_from_date, str_repr};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

pub(super) const TABLE: &[Filter] = &[Filter::new("strftime", strftime), Filter::new("to_datetime", to_datetime)];

fn strftime(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [format, second, utc] = call.bind("strftime", ["string_format", "second", "utc"], 1)?;
    let seconds = match second {
        None | Some(Val::None) => SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64(),
        Some(value) => {
            let parsed = match &value {
                Val::Str(text) => super::types::parse_float(text),
                other => number(other).map(|number| number.to_float()),
            };
            match parsed.filter(|seconds| seconds.abs() < 2.5e11) {
                Some(seconds) => seconds,
                None => {
                    return Err(Fault::python(format!("Invalid value for epoch value ({})", call.text(&value)?)));
                }
            }
        }
    };
    let seconds = seconds.floor() as i64;
    let offset = if call.flag(utc.as_ref(), false)? { 0 } else { crate::zone::offset(seconds) };
    let Some(Val::Str(format)) = format else {
        let kind = format.map_or("NoneType", |format| format.python_type());
        return Err(Fault::python(format!("strftime() argument 1 must be str, not {kind}")));
    };
    // A `struct_time` knows its zone, a timestamp of ours only when it is aware.
    Ok(format_time(&from_epoch(seconds, 0, offset, true), &format).into())
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// What a text in a format says.
struct Parsed {
    year: Option<i64>,
    month: i64,
    day: i64,
    day_of_year: Option<i64>,
    /// From 0, Monday.
    weekday: Option<i64>,
    /// The week of the year, and whether weeks begin on Monday.
    week: Option<(i64, bool)>,
    iso_year: Option<i64>,
    iso_week: Option<i64>,
    hour: i64,
    hour_of_half: Option<i64>,
    afternoon: bool,
    minute: i64,
    second: i64,
    microsecond: i64,
    offset: Option<i64>,
}

fn to_datetime(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, format] = call.bind("to_datetime", ["string", "format"], 1)?;
    let value = value.unwrap_or(Val::None);
    let Val::Str(text) = &value else {
        return Err(Fault::python(format!("strptime() argument 1 must be str, not {}", value.python_class())));
    };
    let format = format.map_or(Ok("%Y-%m-%d %H:%M:%S".to_owned()), |format| call.text(&format))?;
    let mismatch =
        || Fault::python(format!("time data {} does not match format {}", str_repr(text), str_repr(&format)));
    let mut parsed = Parsed {
        year: None,
        month: 1,
        day: 1,
        day_of_year: None,
        weekday: None,
        week: None,
        iso_year: None,
        iso_week: None,
        hour: 0,
        hour_of_half: None,
        afternoon: false,
        minute: 0,
        second: 0,
        microsecond: 0,
        offset: None,
    };
    let rest = read(text, &expanded(&format), &mut parsed, &format)?.ok_or_else(mismatch)?;
    if !rest.is_empty() {
        return Err(Fault::python(format!("unconverted data remains: {rest}")));
    }
    finish(parsed).map(|when| Val::Timestamp(Arc::new(when)))
}

/// The directives that stand for several others.
fn expanded(format: &str) -> String {
    format
        .replace("%c", "%a %b %d %H:%M:%S %Y")
        .replace("%x", "%m/%d/%y")
        .replace("%X", "%H:%M:%S")
        .replace("%D", "%m/%d/%y")
        .replace("%T", "%H:%M:%S")
        .replace("%F", "%Y-%m-%d")
        .replace("%R", "%H:%M")
}

/// A number of at most `digits` digits within bounds; fewer digits are tried when it is too large, as Python's
/// expressions do.
fn digits(text: &str, digits: usize, least: i64, most: i64) -> Option<(i64, &str)> {
    let length = text.bytes().take(digits).take_while(u8::is_ascii_digit).count();
    (1..=length).rev().find_map(|length| {
        let number: i64 = text[..length].parse().ok()?;
        (least..=most).contains(&number).then(|| (number, &text[length..]))
    })
}

fn word<'t>(text: &'t str, names: &[&str], short: bool) -> Option<(i64, &'t str)> {
    let lower = text.to_ascii_lowercase();
    names.iter().enumerate().find_map(|(index, name)| {
        let name = if short { &name[..3] } else { name };
        let rest = lower.starts_with(name).then(|| text.get(name.len()..)).flatten()?;
        Some((i64::try_from(index).unwrap_or(0), rest))
    })
}

fn zone(text: &str) -> Option<(i64, &str)> {
    if let Some(rest) = text.strip_prefix('Z') {
        return Some((0, rest));
    }
    let negative = text.starts_with('-');
    let rest = text.strip_prefix(['+', '-'])?;
    let (hours, rest) = rest.get(..2)?.parse::<i64>().ok().zip(rest.get(2..))?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let (minutes, mut rest) = rest.get(..2)?.parse::<i64>().ok().zip(rest.get(2..))?;
    let mut seconds = 0;
    if let Some(after) = rest.strip_prefix(':')
        && let Some((number, after)) = digits(after, 2, 0, 59)
    {
        (seconds, rest) = (number, after);
    }
    let offset = hours * 3600 + minutes * 60 + seconds;
    Some((if negative { -offset } else { offset }, rest))
}

/// What is left of the text behind the format; `None` when it does not match.
fn read<'t>(mut text: &'t str, format: &str, parsed: &mut Parsed, whole: &str) -> Outcome<Option<&'t str>> {
    let mut characters = format.chars().peekable();
    while let Some(character) = characters.next() {
        if character.is_whitespace() {
            let trimmed = text.trim_start();
            if trimmed.len() == text.len() {
                return Ok(None);
            }
            while characters.next_if(|next| next.is_whitespace()).is_some() {}
            text = trimmed;
            continue;
        }
        if character != '%' {
            let same = text.chars().next().is_some_and(|next| next.to_lowercase().eq(character.to_lowercase()));
            if !same {
                return Ok(None);
            }
            text = &text[text.chars().next().map_or(0, char::len_utf8)..];
            continue;
        }
        let Some(directive) = characters.next() else {
            return Err(Fault::python(format!("stray % in format {}", str_repr(whole))));
        };
        let found = match directive {
            'Y' => digits(text, 4, 0, 9999).filter(|(_, rest)| text.len() - rest.len() == 4),
            'm' => digits(text, 2, 1, 12),
            'd' | 'e' => digits(text, 2, 1, 31),
            'H' => digits(text, 2, 0, 23),
            'I' => digits(text, 2, 1, 12),
            'M' => digits(text, 2, 0, 59),
            'S' => digits(text, 2, 0, 61),
            'y' => digits(text, 2, 0, 99).filter(|(_, rest)| text.len() - rest.len() == 2),
            'j' => digits(text, 3, 1, 366),
            'f' => digits(text, 6, 0, 999_999).map(|(number, rest)| {
                let length = u32::try_from(text.len() - rest.len()).unwrap_or(6);
                (number * 10_i64.pow(6 - length), rest)
            }),
            'b' | 'h' => word(text, &MONTHS, true),
            'B' => word(text, &MONTHS, false),
            'a' => word(text, &DAYS, true),
            'A' => word(text, &DAYS, false),
            'w' => digits(text, 1, 0, 6),
            'u' => digits(text, 1, 1, 7),
            'p' => match text.get(..2).map(str::to_ascii_lowercase).as_deref() {
                Some("am") => Some((0, &text[2..])),
                Some("pm") => Some((1, &text[2..])),
                _ => None,
            },
            'z' => zone(text),
            'Z' => ["utc", "gmt"]
                .into_iter()
                .find(|name| text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(name)))
                .map(|_| (0, &text[3..])),
            '%' => text.strip_prefix('%').map(|rest| (0, rest)),
            'U' | 'W' => digits(text, 2, 0, 53),
            'G' => digits(text, 4, 0, 9999).filter(|(_, rest)| text.len() - rest.len() == 4),
            'V' => digits(text, 2, 1, 53),
            other => {
                return Err(Fault::python(format!("'{other}' is a bad directive in format {}", str_repr(whole))));
            }
        };
        let Some((number, rest)) = found else { return Ok(None) };
        text = rest;
        match directive {
            'Y' => parsed.year = Some(number),
            'y' => parsed.year = Some(if number <= 68 { 2000 + number } else { 1900 + number }),
            'm' => parsed.month = number,
            'b' | 'h' | 'B' => parsed.month = number + 1,
            'd' | 'e' => parsed.day = number,
            'j' => parsed.day_of_year = Some(number),
            'a' | 'A' => parsed.weekday = Some(number),
            'u' => parsed.weekday = Some(number - 1),
            'w' => parsed.weekday = Some((number + 6) % 7),
            'U' | 'W' => parsed.week = Some((number, directive == 'W')),
            'G' => parsed.iso_year = Some(number),
            'V' => parsed.iso_week = Some(number),
            'H' => parsed.hour = number,
            'I' => parsed.hour_of_half = Some(number),
            'p' => parsed.afternoon = number == 1,
            'M' => parsed.minute = number,
            'S' => parsed.second = number,
            'f' => parsed.microsecond = number,
            'z' => parsed.offset = Some(number),
            _ => {}
        }
    }
    Ok(Some(text))
}

/// The day that a week and a weekday are, in days since 1970.
fn day_of_week(parsed: &Parsed) -> Outcome<Option<i64>> {
    const OTHERS: &str = "and a weekday directive ('%A', '%a', '%w', or '%u').";
    let refused = |text: String| Err(Fault::python(text));
    match (parsed.year, parsed.iso_year, parsed.iso_week, parsed.weekday) {
        (None, Some(_), _, _) if parsed.day_of_year.is_some() => refused(
            "Day of the year directive '%j' is not compatible with ISO year directive '%G'. Use '%Y' instead."
                .to_owned(),
        ),
        (None, Some(year), Some(week), Some(weekday)) => {
            // The first week of an ISO year has its 4th of January.
            let fourth = days_from_date(year, 1, 4);
            Ok(Some(fourth - (fourth + 3).rem_euclid(7) + 7 * (week - 1) + weekday))
        }
        (None, Some(_), _, _) => {
            refused(format!("ISO year directive '%G' must be used with the ISO week directive '%V' {OTHERS}"))
        }
        (_, _, Some(_), None) if parsed.week.is_none() => {
            refused(format!("ISO week directive '%V' must be used with the ISO year directive '%G' {OTHERS}"))
        }
        (_, _, Some(_), Some(_)) if parsed.week.is_none() => refused(
            "ISO week directive '%V' is incompatible with the year directive '%Y'. Use the ISO year '%G' instead."
                .to_owned(),
        ),
        (year, _, _, Some(weekday)) if parsed.day_of_year.is_none() => {
            let Some((week, from_monday)) = parsed.week else { return Ok(None) };
            let first = days_from_date(year.unwrap_or(1900), 1, 1);
            let shift = i64::from(!from_monday);
            let first_weekday = (first + 3 + shift).rem_euclid(7);
            let weekday = (weekday + shift) % 7;
            // Week 0 is what stands before the first whole week.
            let start = if week == 0 { -first_weekday } else { (7 - first_weekday) % 7 + 7 * (week - 1) };
            Ok(Some(first + start + weekday))
        }
        _ => Ok(None),
    }
}

fn finish(mut parsed: Parsed) -> Outcome<Timestamp> {
    let mut year = parsed.year.unwrap_or(1900);
    if let Some(day) = day_of_week(&parsed)? {
        parsed.day_of_year = None;
        (year, parsed.month, parsed.day) = date_from_days(day);
    }
    if year == 0 {
        return Err(Fault::python("year 0 is out of range"));
    }
    if let Some(day) = parsed.day_of_year {
        (_, parsed.month, parsed.day) = date_from_days(days_from_date(year, 1, 1) + day - 1);
    }
    if let Some(hour) = parsed.hour_of_half {
        parsed.hour = hour % 12 + if parsed.afternoon { 12 } else { 0 };
    }
    if date_from_days(days_from_date(year, parsed.month, parsed.day)) != (year, parsed.month, parsed.day) {
        return Err(Fault::python("day is out of range for month"));
    }
    if parsed.second > 59 {
        return Err(Fault::python("second must be in 0..59"));
    }
    let small = |number: i64| u8::try_from(number).unwrap_or(0);
    Ok(Timestamp {
        year: u16::try_from(year).unwrap_or(1900),
        month: small(parsed.month),
        day: small(parsed.day),
        time: Some(TimeOfDay {
            hour: small(parsed.hour),
            minute: small(parsed.minute),
            second: small(parsed.second),
            microsecond: u32::try_from(parsed.microsecond).unwrap_or(0),
            offset: parsed.offset.and_then(|offset| i32::try_from(offset).ok()),
        }),
    })
}
