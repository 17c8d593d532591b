//! `modification_time` and `access_time`.

use super::Work;
use churten_module::Stat;
use churten_module::prelude::*;
use churten_module::time::{DateTime, seconds};

/// What is asked of one of a file's times.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Wanted {
    Preserve,
    Now,
    At(Timestamp),
}

impl Work<'_> {
    /// The times asked for: modification, access. `default` stands for those not given.
    pub(super) fn requested_times(&self, default: Option<&str>) -> Result<(Wanted, Wanted)> {
        let arguments = self.arguments;
        let wanted = |given: &Option<String>, format: &str| match given.as_deref().or(default) {
            None | Some("preserve") => Ok(Wanted::Preserve),
            Some("now") => Ok(Wanted::Now),
            Some(text) => parse(text, format, self.host).map(Wanted::At),
        };
        Ok((
            wanted(&arguments.modification_time, &arguments.modification_time_format)?,
            wanted(&arguments.access_time, &arguments.access_time_format)?,
        ))
    }

    /// Plan the times of a path. `touched` is what the path is when it is touched, and the default of its times.
    pub(super) fn times(&mut self, path: &Path, touched: Option<(&Stat, &str)>) -> Result<()> {
        let (modification, access) = self.requested_times(touched.map(|(_, default)| default))?;
        if (modification, access) == (Wanted::Preserve, Wanted::Preserve) {
            return Ok(());
        }
        let known = match touched {
            Some((stat, _)) if stat.inode == 0 => Some(stat.clone()),
            _ => self.host.stat(path)?,
        };
        let Some(current) = known.or_else(|| touched.map(|(stat, _)| stat.clone())) else { return Ok(()) };
        let now = self.host.now();
        let resolve = |wanted, current: Timestamp| match wanted {
            Wanted::Preserve => current,
            Wanted::Now => now,
            Wanted::At(at) => at,
        };
        let (modified, accessed) = (resolve(modification, current.modified), resolve(access, current.accessed));
        if modified == current.modified && accessed == current.accessed {
            return Ok(());
        }
        if modified != current.modified {
            self.differences.note("mtime", current.modified.as_float(), modified.as_float());
        }
        if accessed != current.accessed {
            self.differences.note("atime", current.accessed.as_float(), accessed.as_float());
        }
        let (path, follow) = (path.to_owned(), self.arguments.follow);
        self.plan.step(if (modification, access) == (Wanted::Now, Wanted::Now) {
            Step::Touch { path, follow }
        } else {
            Step::SetTimes { path, accessed: Some(accessed), modified: Some(modified), follow }
        });
        Ok(())
    }
}

/// `time.mktime(time.strptime(text, format))`: a local time.
fn parse(text: &str, format: &str, host: &dyn Observe) -> Result<Timestamp> {
    let failed = |reason: String| {
        Failure::new(format!("Error while obtaining timestamp for time {text} using format {format}: {reason}"))
    };
    let when = strptime(text, format).map_err(failed)?.ok_or_else(|| {
        failed(format!(
            "time data {} does not match format {}",
            churten_value::str_repr(text),
            churten_value::str_repr(format)
        ))
    })?;
    let naive = Timestamp { seconds: seconds(&when), nanoseconds: 0 };
    // The offset at the moment itself; a second look settles times near a change of it.
    let first = Timestamp { seconds: naive.seconds - i64::from(host.utc_offset(naive)), ..naive };
    Ok(Timestamp { seconds: naive.seconds - i64::from(host.utc_offset(first)), ..naive })
}

/// The directives people use. `Ok(None)` is text that does not match.
fn strptime(text: &str, format: &str) -> Result<Option<DateTime>, String> {
    let mut when = DateTime { year: 1900, month: 1, day: 1, hour: 0, minute: 0, second: 0, microsecond: 0 };
    let (mut rest, mut format) = (text, format.chars());
    let mut afternoon = None;
    while let Some(c) = format.next() {
        if c.is_whitespace() {
            rest = rest.trim_start();
            continue;
        }
        if c != '%' {
            match rest.strip_prefix(c) {
                Some(after) => rest = after,
                None => return Ok(None),
            }
            continue;
        }
        let directive = format.next().ok_or_else(|| "stray % in format".to_owned())?;
        let (width, low, high) = match directive {
            'Y' => (4, 0, 9999),
            'm' => (2, 1, 12),
            'd' => (2, 1, 31),
            'H' => (2, 0, 23),
            'I' => (2, 1, 12),
            'M' => (2, 0, 59),
            'S' => (2, 0, 61),
            'y' => (2, 0, 99),
            'p' => {
                let word = rest.get(..2).unwrap_or_default().to_ascii_lowercase();
                afternoon = match word.as_str() {
                    "am" => Some(false),
                    "pm" => Some(true),
                    _ => return Ok(None),
                };
                rest = rest.get(2..).unwrap_or_default();
                continue;
            }
            '%' => match rest.strip_prefix('%') {
                Some(after) => {
                    rest = after;
                    continue;
                }
                None => return Ok(None),
            },
            other => return Err(format!("not yet supported by churten: the directive %{other}")),
        };
        let digits = rest.bytes().take(width).take_while(u8::is_ascii_digit).count();
        let Some(number) = rest.get(..digits).and_then(|digits| digits.parse::<u32>().ok()) else { return Ok(None) };
        if !(low..=high).contains(&number) || (directive == 'Y' && digits < 4) {
            return Ok(None);
        }
        rest = rest.get(digits..).unwrap_or_default();
        match directive {
            'Y' => when.year = number.into(),
            'y' => when.year = i64::from(if number < 69 { 2000 + number } else { 1900 + number }),
            'm' => when.month = number,
            'd' => when.day = number,
            'H' | 'I' => when.hour = number,
            'M' => when.minute = number,
            _ => when.second = number,
        }
    }
    if let Some(afternoon) = afternoon {
        when.hour = when.hour % 12 + if afternoon { 12 } else { 0 };
    }
    Ok(rest.is_empty().then_some(when))
}
