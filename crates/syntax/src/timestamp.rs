//! YAML 1.1 timestamps, by PyYAML's pattern.

use churten_value::{TimeOfDay, Timestamp};

/// The fields of a text that has a timestamp's form; the numbers may still be out of range.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields {
    year: u32,
    month: u32,
    day: u32,
    /// Hour, minute, second, microsecond.
    time: Option<[u32; 4]>,
    /// Seconds east of UTC.
    offset: Option<i32>,
}

struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    /// Between `least` and `most` digits, as many as there are.
    fn number(&mut self, least: usize, most: usize) -> Option<(u32, usize)> {
        let count = self.0.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        if count < least {
            return None;
        }
        let number = self.0[..count].iter().fold(0, |sum: u32, digit| sum * 10 + u32::from(digit - b'0'));
        self.0 = &self.0[count..];
        Some((number, count))
    }

    fn byte(&mut self, accept: &[u8]) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        accept.contains(&first).then(|| {
            self.0 = rest;
            first
        })
    }

    fn blanks(&mut self) -> usize {
        let count = self.0.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        self.0 = &self.0[count..];
        count
    }
}

/// The fields, when the text has the form of a timestamp.
pub(crate) fn parse(text: &str) -> Option<Fields> {
    let mut cursor = Cursor(text.as_bytes());
    let (year, _) = cursor.number(4, 4)?;
    cursor.byte(b"-")?;
    let (month, month_digits) = cursor.number(1, 2)?;
    cursor.byte(b"-")?;
    let (day, day_digits) = cursor.number(1, 2)?;
    let mut fields = Fields { year, month, day, time: None, offset: None };
    if cursor.0.is_empty() {
        // A bare date needs both digits; `2001-1-1` is text.
        return (month_digits == 2 && day_digits == 2).then_some(fields);
    }
    if cursor.byte(b"Tt").is_none() && cursor.blanks() == 0 {
        return None;
    }
    let (hour, _) = cursor.number(1, 2)?;
    cursor.byte(b":")?;
    let (minute, _) = cursor.number(2, 2)?;
    cursor.byte(b":")?;
    let (second, _) = cursor.number(2, 2)?;
    let mut microsecond = 0;
    if cursor.byte(b".").is_some() {
        let digits = cursor.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        for index in 0..6 {
            let digit = cursor.0.get(index).filter(|_| index < digits).map_or(0, |digit| digit - b'0');
            microsecond = microsecond * 10 + u32::from(digit);
        }
        cursor.0 = &cursor.0[digits..];
    }
    fields.time = Some([hour, minute, second, microsecond]);
    if cursor.0.is_empty() {
        return Some(fields);
    }
    cursor.blanks();
    if cursor.byte(b"Z").is_some() {
        fields.offset = Some(0);
    } else {
        let sign = if cursor.byte(b"-+")? == b'-' { -1 } else { 1 };
        let (hours, _) = cursor.number(1, 2)?;
        let minutes = if cursor.byte(b":").is_some() { cursor.number(2, 2)?.0 } else { 0 };
        fields.offset = Some(sign * i32::try_from(hours * 3600 + minutes * 60).unwrap_or(0));
    }
    cursor.0.is_empty().then_some(fields)
}

impl Fields {
    /// The timestamp, or Python's complaint about a field out of range.
    pub(crate) fn build(&self) -> Result<Timestamp, &'static str> {
        if self.year == 0 {
            return Err("year 0 is out of range");
        }
        if !(1..=12).contains(&self.month) {
            return Err("month must be in 1..12");
        }
        let leap = self.year.is_multiple_of(4) && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        let days = match self.month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        if !(1..=days).contains(&self.day) {
            return Err("day is out of range for month");
        }
        let time = match self.time {
            None => None,
            Some([hour, ..]) if hour > 23 => return Err("hour must be in 0..23"),
            Some([_, minute, ..]) if minute > 59 => return Err("minute must be in 0..59"),
            Some([_, _, second, _]) if second > 59 => return Err("second must be in 0..59"),
            Some([hour, minute, second, microsecond]) => {
                if self.offset.is_some_and(|offset| offset.abs() >= 86_400) {
                    return Err(
                        "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24).",
                    );
                }
                // The numbers are in range, so none of the conversions loses anything.
                Some(TimeOfDay {
                    hour: hour as u8,
                    minute: minute as u8,
                    second: second as u8,
                    microsecond,
                    offset: self.offset,
                })
            }
        };
        Ok(Timestamp { year: self.year as u16, month: self.month as u8, day: self.day as u8, time })
    }
}
