//! The date and the time.

use super::Machine;
use super::subset::Gathered;
use churten_module::prelude::*;
use churten_module::time::{DateTime, local, utc};

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

pub(super) fn collect(machine: &Machine<'_>, gathered: &mut Gathered) {
    let now = machine.host.now();
    let offset = machine.host.utc_offset(now);
    let when = local(machine.host.observe(), now);
    let universal = utc(now);
    let (weekday, week) = week(now.seconds + i64::from(offset), &when);
    let (standard, daylight) = zone_names(machine);
    let zone = Zone { name: standard.clone(), offset };
    let is_daylight = daylight.is_some() && standard_offset(machine).is_some_and(|standard| standard != offset);
    let daylight = daylight.unwrap_or_else(|| standard.clone());
    let DateTime { year, month, day, hour, minute, second, microsecond } = when;
    let compact = format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}");
    let iso = format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
        universal.year, universal.month, universal.day, universal.hour, universal.minute, universal.second
    );
    let facts = Dict::from([
        ("year", format!("{year:04}")),
        ("month", format!("{month:02}")),
        ("weekday", DAYS.get(weekday).copied().unwrap_or_default().to_owned()),
        ("weekday_number", weekday.to_string()),
        ("weeknumber", format!("{week:02}")),
        ("day", format!("{day:02}")),
        ("hour", format!("{hour:02}")),
        ("minute", format!("{minute:02}")),
        ("second", format!("{second:02}")),
        ("epoch", now.seconds.to_string()),
        ("epoch_int", now.seconds.to_string()),
        ("date", format!("{year:04}-{month:02}-{day:02}")),
        ("time", format!("{hour:02}:{minute:02}:{second:02}")),
        ("iso8601_micro", format!("{iso}.{:06}Z", universal.microsecond)),
        ("iso8601", format!("{iso}Z")),
        ("iso8601_basic", format!("{compact}{microsecond:06}")),
        ("iso8601_basic_short", compact),
        ("tz", if is_daylight { daylight.clone() } else { zone.name.clone() }),
        ("tz_dst", daylight),
        ("tz_offset", zone.offset_text()),
    ]);
    gathered.insert("date_time", facts);
}

struct Zone {
    name: String,
    /// Seconds east.
    offset: i32,
}

impl Zone {
    /// `+0100`.
    fn offset_text(&self) -> String {
        let minutes = self.offset.abs() / 60;
        format!("{}{:02}{:02}", if self.offset < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
    }
}

/// The day of the week from Sunday, and the number of the week of which Monday is the first day (`%W`).
fn week(local_seconds: i64, when: &DateTime) -> (usize, i64) {
    let days = local_seconds.div_euclid(86_400);
    let weekday = (days + 4).rem_euclid(7);
    let first = DateTime { month: 1, day: 1, hour: 0, minute: 0, second: 0, microsecond: 0, ..*when };
    let day_of_year = days - churten_module::time::seconds(&first).div_euclid(86_400);
    let monday_based = (weekday + 6) % 7;
    (usize::try_from(weekday).unwrap_or(0), (day_of_year + 7 - monday_based) / 7)
}

/// The rule that holds now: `CET-1CEST,M3.5.0,M10.5.0/3`, from `TZ` or the end of the zone's file.
fn rule(machine: &Machine<'_>) -> Option<String> {
    let named = machine.host.variable("TZ").filter(|name| !name.is_empty());
    let path = match named.as_deref().map(|name| name.trim_start_matches(':')) {
        None => PathBuf::from("/etc/localtime"),
        Some(name) if name.starts_with('/') => PathBuf::from(name),
        Some(name) => Path::new("/usr/share/zoneinfo").join(name),
    };
    let Ok(bytes) = machine.host.read_bounded(&path, 1 << 20) else {
        return named.filter(|name| name.contains(|c: char| c.is_ascii_digit()));
    };
    let text = bytes.strip_suffix(b"\n")?;
    let start = text.iter().rposition(|byte| *byte == b'\n')? + 1;
    String::from_utf8(text.get(start..)?.to_vec()).ok()
}

/// Name, offset text, and the rest of a rule.
fn name_and_offset(rule: &str) -> Option<(String, &str, &str)> {
    let (name, rest) = match rule.strip_prefix('<') {
        Some(quoted) => quoted.split_once('>')?,
        None => rule.split_at(rule.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rule.len())),
    };
    let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '+' | '-' | ':'))).unwrap_or(rest.len());
    let (offset, rest) = rest.split_at(end);
    (!name.is_empty()).then(|| (name.to_owned(), offset, rest))
}

fn zone_names(machine: &Machine<'_>) -> (String, Option<String>) {
    let Some(rule) = rule(machine) else { return ("UTC".to_owned(), None) };
    let Some((standard, _, rest)) = name_and_offset(&rule) else { return ("UTC".to_owned(), None) };
    (standard, name_and_offset(rest).map(|(daylight, _, _)| daylight))
}

/// Seconds east of UTC outside of summer.
fn standard_offset(machine: &Machine<'_>) -> Option<i32> {
    let rule = rule(machine)?;
    let (_, offset, _) = name_and_offset(&rule)?;
    let (sign, digits) = match offset.strip_prefix('-') {
        Some(digits) => (1, digits),
        None => (-1, offset.trim_start_matches('+')),
    };
    let mut parts = digits.split(':').map(|part| part.parse::<i32>().unwrap_or(0));
    let mut part = || parts.next().unwrap_or(0);
    Some(sign * (part() * 3_600 + part() * 60 + part()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_name_their_zones() {
        let parsed = name_and_offset("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        assert_eq!(parsed, ("CET".into(), "-1", "CEST,M3.5.0,M10.5.0/3"));
        assert_eq!(name_and_offset("<+0530>-5:30").unwrap().0, "+0530");
        assert_eq!(name_and_offset("UTC0").unwrap(), ("UTC".into(), "0", ""));
        assert_eq!(Zone { name: String::new(), offset: -12_600 }.offset_text(), "-0330");
    }

    #[test]
    fn weeks_begin_on_monday() {
        for (seconds, expected) in [(1_795_238_364, (6, 46)), (1_767_225_600, (4, 0)), (1_767_571_200, (1, 1))] {
            let when = utc(Timestamp { seconds, nanoseconds: 0 });
            assert_eq!(week(seconds, &when), expected);
        }
    }
}
