//! The `sequence` lookup.

use super::{Lookup, Plugin};
use crate::fault::{Fault, Outcome};
use crate::methods::printf;
use crate::val::{Val, python_str};
use churten_syntax::parse_key_values;

pub(super) const TABLE: &[Plugin] = &[Plugin::new("sequence", sequence)];

/// Longer sequences are refused.
const MAX_LENGTH: u64 = 10_000_000;

struct Numbers {
    start: i64,
    end: Option<i64>,
    count: Option<i64>,
    stride: i64,
    format: String,
}

fn number(name: &str, value: &Val, lookup: &Lookup<'_, '_>) -> Outcome<i64> {
    let text = match value {
        Val::Int(number) => return Ok(*number),
        other => lookup.text(other)?,
    };
    let digits = text.trim();
    digits.parse().map_err(|_| {
        Fault::python(format!(
            "Config '{name}' for 'sequence' lookup plugin from 'Direct' has an invalid value: Invalid value provided \
             for 'integer': {}",
            churten_value::str_repr(&text)
        ))
    })
}

/// `[start-]end[/stride][:format]`.
fn short_form(term: &str) -> Option<[Option<&str>; 4]> {
    fn digits(text: &str) -> bool {
        let text = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    }
    let (numbers, format) = match term.split_once(':') {
        Some((numbers, format)) if !format.is_empty() => (numbers, Some(format)),
        Some(_) => return None,
        None => (term, None),
    };
    let (range, stride) = match numbers.split_once('/') {
        Some((range, stride)) => (range, Some(stride)),
        None => (numbers, None),
    };
    let (start, end) = match range.split_once('-') {
        Some((start, end)) => (Some(start), end),
        None => (None, range),
    };
    let valid = start.is_none_or(digits) && digits(end) && stride.is_none_or(digits);
    valid.then_some([start, Some(end), stride, format])
}

impl Numbers {
    fn set(&mut self, name: &str, value: &Val, lookup: &Lookup<'_, '_>) -> Outcome<bool> {
        match name {
            "start" => self.start = number(name, value, lookup)?,
            "end" => self.end = Some(number(name, value, lookup)?),
            "count" => self.count = Some(number(name, value, lookup)?),
            "stride" => self.stride = number(name, value, lookup)?,
            "format" => self.format = lookup.text(value)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn read(term: Option<&str>, lookup: &Lookup<'_, '_>) -> Outcome<Self> {
        let mut numbers = Self { start: 1, end: None, count: None, stride: 1, format: "%d".to_owned() };
        for (name, value) in &lookup.options {
            numbers.set(name, value, lookup)?;
        }
        let Some(term) = term else { return Ok(numbers) };
        if let Some(parts) = short_form(term) {
            for (name, part) in ["start", "end", "stride", "format"].into_iter().zip(parts) {
                if let Some(part) = part {
                    numbers.set(name, &Val::str(part), lookup)?;
                }
            }
            return Ok(numbers);
        }
        let arguments = parse_key_values(term, false).map_err(|report| Fault::python(report.headline()))?;
        let mut unknown = Vec::new();
        for (name, value) in &arguments {
            let name = name.to_text();
            if !numbers.set(&name, &Val::from_plain(value), lookup)? {
                unknown.push(Val::str(name));
            }
        }
        if !unknown.is_empty() {
            let unknown = python_str(&Val::list(unknown), lookup.session)?;
            return Err(Fault::ansible(format!("unrecognized arguments to with_sequence: {unknown}")));
        }
        Ok(numbers)
    }

    fn check(&mut self) -> Outcome<()> {
        match (self.count, self.end) {
            (None, None) => return Err(Fault::ansible("must specify count or end in with_sequence")),
            (Some(_), Some(_)) => return Err(Fault::ansible("can't specify both count and end in with_sequence")),
            (Some(0), None) => {
                self.stride = 0;
                self.end = Some(0);
                return Ok(());
            }
            (Some(count), None) => {
                self.end = Some(self.start.saturating_add(count.saturating_mul(self.stride)).saturating_sub(1));
            }
            (None, Some(_)) => {}
        }
        let end = self.end.unwrap_or(0);
        if self.stride > 0 && end < self.start {
            return Err(Fault::ansible("to count backwards make stride negative"));
        }
        if self.stride < 0 && end > self.start {
            return Err(Fault::ansible("to count forward don't make stride negative"));
        }
        if self.format.matches('%').count() != 1 {
            return Err(Fault::ansible(format!("bad formatting string: {}", self.format)));
        }
        Ok(())
    }

    fn write(&self, lookup: &Lookup<'_, '_>, results: &mut Vec<Val>) -> Outcome<()> {
        let end = self.end.unwrap_or(0);
        if self.stride == 0 {
            return Ok(());
        }
        if end.abs_diff(self.start) / self.stride.unsigned_abs() > MAX_LENGTH {
            return Err(Fault::ansible(format!("with_sequence has more than {MAX_LENGTH} items")));
        }
        let mut number = self.start;
        while if self.stride > 0 { number <= end } else { number >= end } {
            let formatted = printf::format(&self.format, &Val::Int(number), lookup.session).map_err(|_| {
                Fault::ansible(format!("problem formatting {} with {number}", churten_value::str_repr(&self.format)))
            })?;
            results.push(formatted.into());
            let Some(next) = number.checked_add(self.stride) else { break };
            number = next;
        }
        Ok(())
    }
}

fn sequence(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let mut results = Vec::new();
    if let Some(term) = lookup.terms.iter().find(|term| term.as_str().is_none()) {
        return Err(Fault::ansible(format!(
            "unknown error parsing with_sequence arguments: {}. Error was: expected string or bytes-like object, got '{}'",
            python_str(term, lookup.session)?,
            term.python_class()
        )));
    }
    let terms = lookup.texts()?;
    if terms.is_empty() && lookup.options.is_empty() {
        return Ok(results);
    }
    let terms = if terms.is_empty() { vec![None] } else { terms.into_iter().map(Some).collect() };
    for term in terms {
        let mut numbers = Numbers::read(term.as_deref(), lookup)?;
        numbers.check()?;
        numbers.write(lookup, &mut results)?;
    }
    Ok(results)
}
