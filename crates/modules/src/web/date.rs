//! Times as HTTP writes them.

use churten_value::{date_from_days, days_from_date};

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `Sat, 21 Nov 2026 06:09:28 GMT` of seconds since 1970.
pub(super) fn text(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = date_from_days(days);
    let name = |names: &[&'static str], at: i64| usize::try_from(at).ok().and_then(|at| names.get(at).copied());
    format!(
        "{}, {day:02} {} {year:04} {:02}:{:02}:{:02} GMT",
        name(&DAYS, days.rem_euclid(7)).unwrap_or_default(),
        name(&MONTHS, month - 1).unwrap_or_default(),
        rest / 3_600,
        rest / 60 % 60,
        rest % 60
    )
}

/// Seconds since 1970 of such a text, or of one with dashes between day, month and year.
pub(super) fn parse(text: &str) -> Option<i64> {
    let (_, rest) = text.split_once(',')?;
    let words: Vec<&str> = rest.split([' ', '-']).filter(|word| !word.is_empty()).collect();
    let [day, month, year, clock, ..] = words.as_slice() else { return None };
    let month = MONTHS.iter().zip(1..).find(|(name, _)| name.eq_ignore_ascii_case(month))?.1;
    let year: i64 = year.parse().ok()?;
    let year = match year {
        0..70 => year + 2000,
        70..100 => year + 1900,
        _ => year,
    };
    let mut clock = clock.split(':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    let day: i64 = day.parse().ok().filter(|day| (1..=31).contains(day))?;
    if !(1..=9999).contains(&year) {
        return None;
    }
    Some(days_from_date(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    #[test]
    fn there_and_back() {
        for seconds in [0, 951_782_400, 1_795_241_368] {
            assert_eq!(super::parse(&super::text(seconds)), Some(seconds));
        }
        assert_eq!(super::text(1_795_241_368), "Sat, 21 Nov 2026 06:09:28 GMT");
        assert_eq!(super::parse("Thu, 01-Jan-70 00:00:10 GMT"), Some(10));
        assert_eq!(super::parse("soon"), None);
    }
}
