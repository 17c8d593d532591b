//! Attributes and methods of times of day, and what they share with dates.

use super::{take, timestamp};
use crate::eval::Arguments;
use crate::fault::{Fault, Outcome};
use crate::val::Val;
use churten_value::{TimeOfDay, Timestamp, date_from_days, days_from_date};
use std::sync::Arc;

/// An attribute that is no method.
pub(crate) fn attribute(time: &TimeOfDay, name: &str) -> Option<Val> {
    Some(match name {
        "hour" => Val::Int(time.hour.into()),
        "minute" => Val::Int(time.minute.into()),
        "second" => Val::Int(time.second.into()),
        "microsecond" => Val::Int(time.microsecond.into()),
        "tzinfo" if time.offset.is_none() => Val::None,
        _ => return None,
    })
}

pub(super) fn call(time: &TimeOfDay, name: &str, arguments: Arguments) -> Outcome<Val> {
    match name {
        "strftime" => match take("time", name, arguments, ["format"], 1)? {
            [Some(Val::Str(format))] => Ok(strftime(time, &format).into()),
            [other] => Err(Fault::python(format!(
                "strftime() argument 1 must be str, not {}",
                other.map_or("NoneType", |other| other.python_type())
            ))),
        },
        "isoformat" => {
            let [] = take("time", name, arguments, [], 0)?;
            Ok(time.iso().into())
        }
        "replace" => {
            let parts = take("time", name, arguments, ["hour", "minute", "second", "microsecond"], 0)?;
            let mut time = time.clone();
            replace_time(&mut time, parts)?;
            Ok(Val::Time(Arc::new(time)))
        }
        _ => Err(Fault::undefined(format!("object of type 'time' has no attribute '{name}'"))),
    }
}

/// C's `strftime`, on the first of January 1900 as in Python.
pub(crate) fn strftime(time: &TimeOfDay, format: &str) -> String {
    timestamp::strftime(&Timestamp { year: 1900, month: 1, day: 1, time: Some(time.clone()) }, format)
}

/// `replace()` of a date, with or without a time.
pub(super) fn replaced(when: &Timestamp, arguments: Arguments) -> Outcome<Timestamp> {
    let mut when = when.clone();
    let [year, month, day] = match &mut when.time {
        None => take("date", "replace", arguments, ["year", "month", "day"], 0)?,
        Some(time) => {
            let names = ["year", "month", "day", "hour", "minute", "second", "microsecond"];
            let [year, month, day, hour, minute, second, microsecond] =
                take("datetime", "replace", arguments, names, 0)?;
            replace_time(time, [hour, minute, second, microsecond])?;
            [year, month, day]
        }
    };
    set(&mut when.year, year, 1..=9999, "year")?;
    set(&mut when.month, month, 1..=12, "month")?;
    set(&mut when.day, day, 1..=31, "day")?;
    let (year, month, number) = (i64::from(when.year), i64::from(when.month), i64::from(when.day));
    if date_from_days(days_from_date(year, month, number)) != (year, month, number) {
        return Err(Fault::python("day is out of range for month".to_owned()));
    }
    Ok(when)
}

fn replace_time(time: &mut TimeOfDay, parts: [Option<Val>; 4]) -> Outcome<()> {
    let [hour, minute, second, microsecond] = parts;
    set(&mut time.hour, hour, 0..=23, "hour")?;
    set(&mut time.minute, minute, 0..=59, "minute")?;
    set(&mut time.second, second, 0..=59, "second")?;
    set(&mut time.microsecond, microsecond, 0..=999_999, "microsecond")
}

fn set<T: TryFrom<i64>>(
    place: &mut T,
    value: Option<Val>,
    allowed: std::ops::RangeInclusive<i64>,
    name: &str,
) -> Outcome<()> {
    let Some(value) = value else { return Ok(()) };
    let Val::Int(number) = value else {
        let kind = value.python_type();
        return Err(Fault::python(format!("'{kind}' object cannot be interpreted as an integer")));
    };
    let out_of_range = || match name {
        "year" => format!("year {number} is out of range"),
        "day" => "day is out of range for month".to_owned(),
        _ => format!("{name} must be in {}..{}", allowed.start(), allowed.end()),
    };
    let number = Some(number).filter(|number| allowed.contains(number)).and_then(|number| T::try_from(number).ok());
    *place = number.ok_or_else(|| Fault::python(out_of_range()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_formatted_on_a_day_in_1900() {
        let time = TimeOfDay { hour: 12, minute: 42, second: 7, microsecond: 5, offset: None };
        assert_eq!(strftime(&time, "%Y %H-%M %S.%f"), "1900 12-42 07.000005");
        assert_eq!((time.iso(), time.repr()), ("12:42:07.000005".into(), "datetime.time(12, 42, 7, 5)".into()));
    }
}
