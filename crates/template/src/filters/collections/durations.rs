//! `community.general.to_time_unit` and its kin: `1d 2h -3ms` in another unit.
//!
//! Upstream remembers the length of a year and of a month for the calls after it; here each call has its own.

use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::val::{Val, number};

pub(super) const TABLE: &[Filter] = &[
    Filter::new("community.general.to_days", to_days),
    Filter::new("community.general.to_hours", to_hours),
    Filter::new("community.general.to_milliseconds", to_milliseconds),
    Filter::new("community.general.to_minutes", to_minutes),
    Filter::new("community.general.to_months", to_months),
    Filter::new("community.general.to_seconds", to_seconds),
    Filter::new("community.general.to_time_unit", to_time_unit),
    Filter::new("community.general.to_weeks", to_weeks),
    Filter::new("community.general.to_years", to_years),
];

fn to_days(call: &mut Call<'_, '_>) -> Outcome<Val> {
    fixed(call, "to_days", "day")
}

fn to_hours(call: &mut Call<'_, '_>) -> Outcome<Val> {
    fixed(call, "to_hours", "hour")
}

fn to_milliseconds(call: &mut Call<'_, '_>) -> Outcome<Val> {
    fixed(call, "to_milliseconds", "millisecond")
}

fn to_minutes(call: &mut Call<'_, '_>) -> Outcome<Val> {
    fixed(call, "to_minutes", "minute")
}

fn to_months(call: &mut Call<'_, '_>) -> Outcome<Val> {
    fixed(call, "to_months", "month")
}

fn to_seconds(call: &mut Call<'_, '_>) -> Outcome<Val> {
    fixed(call, "to_seconds", "second")
}

fn to_weeks(call: &mut Call<'_, '_>) -> Outcome<Val> {
    fixed(call, "to_weeks", "week")
}

fn to_years(call: &mut Call<'_, '_>) -> Outcome<Val> {
    fixed(call, "to_years", "year")
}

/// How many days a month and a year have; `None` for a value that is no number.
struct Calendar {
    month: Option<f64>,
    year: Option<f64>,
}

const DAY: f64 = 86_400_000.0;

impl Calendar {
    /// Take the keywords of a call.
    fn of(call: &mut Call<'_, '_>) -> Outcome<Self> {
        let mut calendar = Self { month: Some(30.0), year: Some(365.0) };
        let mut unknown = Vec::new();
        for (name, value) in call.keyword.drain(..) {
            let days = number(&value).map(|number| number.to_float());
            match &*name {
                "month" => calendar.month = days,
                "year" => calendar.year = days,
                _ => unknown.push(name.to_string()),
            }
        }
        if unknown.is_empty() {
            return Ok(calendar);
        }
        Err(Fault::python(format!("to_time_unit() got unknown keyword arguments: {}", unknown.join(", "))))
    }

    /// The milliseconds of a unit; `None` for a word that is none.
    fn length(&self, unit: &str) -> Option<Option<f64>> {
        let long = unit.trim_end_matches('s');
        let days = |days: Option<f64>| days.map(|days| days * DAY);
        Some(match (unit, long) {
            ("ms", _) | (_, "millisecond" | "msec" | "msecond") => Some(1.0),
            ("s", _) | (_, "sec" | "second") => Some(1_000.0),
            ("m", _) | (_, "min" | "minute") => Some(60_000.0),
            ("h", _) | (_, "hour") => Some(3_600_000.0),
            ("d", _) | (_, "day") => Some(DAY),
            ("w", _) | (_, "week") => Some(7.0 * DAY),
            ("mo", _) | (_, "month") => days(self.month),
            ("y", _) | (_, "year") => days(self.year),
            _ => return None,
        })
    }
}

fn fixed(call: &mut Call<'_, '_>, name: &str, unit: &str) -> Outcome<Val> {
    let calendar = Calendar::of(call)?;
    let [value] = call.bind(name, ["human_time"], 1)?;
    converted(&value.unwrap_or(Val::None), unit, &calendar)
}

fn to_time_unit(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let unit = call.take_keyword("unit");
    let calendar = Calendar::of(call)?;
    call.keyword.extend(unit.map(|unit| ("unit".into(), unit)));
    let [value, unit] = call.bind("to_time_unit", ["human_time", "unit"], 1)?;
    let unit = match unit {
        None => "ms".to_owned(),
        Some(Val::Str(unit)) => unit.to_string(),
        Some(other) => {
            return Err(Fault::python(format!("'{}' object has no attribute 'rstrip'", other.plugin_class())));
        }
    };
    converted(&value.unwrap_or(Val::None), &unit, &calendar)
}

fn converted(value: &Val, unit: &str, calendar: &Calendar) -> Outcome<Val> {
    let Some(length) = calendar.length(unit) else {
        return Err(Fault::python(format!(
            "to_time_unit() can not convert to the following unit: {unit}. Available units (singular or plural): \
             millisecond, msec, msecond, sec, second, hour, min, minute, day, week, month, year. Available short units: \
             ms, s, m, h, d, w, mo, y"
        )));
    };
    let Val::Str(text) = value else {
        return Err(Fault::python(format!("'{}' object has no attribute 'split'", value.plugin_class())));
    };
    let mut total = 0.0;
    for part in text.split_whitespace() {
        let digits = part.strip_prefix('-').unwrap_or(part);
        let end = digits.find(|character: char| !character.is_ascii_digit()).unwrap_or(digits.len());
        let (digits, name) = digits.split_at(end);
        let known = calendar.length(name);
        let (Ok(amount), Some(known)) = (digits.parse::<f64>(), known) else {
            return Err(Fault::python(format!("to_time_unit() can not interpret following string: {}", &**text)));
        };
        let Some(known) = known else {
            return Err(Fault::python("unsupported operand type(s) for +=: 'int' and 'str'"));
        };
        total += if part.starts_with('-') { -amount } else { amount } * known;
    }
    match length {
        None => Err(Fault::python("unsupported operand type(s) for /: 'int' and 'str'")),
        Some(0.0) => Err(Fault::python("division by zero")),
        Some(length) => Ok(Val::Float(rounded(total / length))),
    }
}

/// Python's `round(number, 12)`.
fn rounded(number: f64) -> f64 {
    format!("{number:.12}").parse().unwrap_or(number)
}
