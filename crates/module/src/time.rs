//! Civil time.

use crate::{Observe, Timestamp};

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
    let (days, rest) = (at.seconds.div_euclid(86_400), at.seconds.rem_euclid(86_400));
    // Days to civil date in the proleptic Gregorian calendar; eras of 400 years that begin in March.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let part = |number: i64| u32::try_from(number).unwrap_or(0);
    DateTime {
        year: year_of_era + era * 400 + i64::from(month <= 2),
        month: part(month),
        day: part(day_of_year - (153 * month_index + 2) / 5 + 1),
        hour: part(rest / 3_600),
        minute: part(rest / 60 % 60),
        second: part(rest % 60),
        microsecond: at.nanoseconds / 1_000,
    }
}

/// Seconds since 1970 of a date and time in UTC.
pub fn seconds(when: &DateTime) -> i64 {
    let (month, day) = (i64::from(when.month), i64::from(when.day));
    let year = when.year - i64::from(month <= 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
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
