//! What `profile_tasks` and `profile_roles` share: a clock that tells of the last task and of the whole run, and rows.

use crate::output::Console;
use jiff::Zoned;
use std::time::{Duration, Instant};

/// Cells in a line, without the space at its end.
const WIDTH: usize = 79;
/// Cells of a row's time.
const TIME: usize = 9;

/// Two clocks: since the last look, and since the beginning.
pub(super) struct Stopwatch {
    began: Instant,
    last: Instant,
}

impl Stopwatch {
    /// Both clocks start now.
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self { began: now, last: now }
    }

    /// The line with the time of day and both clocks; the first clock starts again.
    pub(super) fn line(&mut self) -> String {
        let now = Instant::now();
        let since = now.duration_since(std::mem::replace(&mut self.last, now));
        let day = Zoned::now().strftime("%A %d %B %Y  %H:%M:%S %z").to_string();
        filled(&format!("{day} ({})       {}", clock(since), clock(now.duration_since(self.began))), '*')
    }
}

/// `text` and a line of one character behind it.
pub(super) fn filled(text: &str, fill: char) -> String {
    let text = if text.is_empty() { String::new() } else { format!("{text} ") };
    let rest = WIDTH.saturating_sub(text.chars().count()).max(3);
    text + &fill.to_string().repeat(rest) + " "
}

/// `0:00:41.183`
fn clock(duration: Duration) -> String {
    let seconds = duration.as_secs();
    format!("{}:{:02}:{:02}.{:03}", seconds / 3_600, seconds / 60 % 60, seconds % 60, duration.subsec_millis())
}

/// A name, and its time at the end of the line.
pub(super) fn row(name: &str, time: Duration) -> String {
    format!("{:-<width$}{:->TIME$}", format!("{name} "), format!(" {:.2}s", time.as_secs_f64()), width = WIDTH - TIME)
}

/// The head of a recap: a banner, the clocks and a line.
pub(super) fn head(console: &mut Console, title: &str, stopwatch: &mut Stopwatch) {
    console.banner(title);
    console.line(&stopwatch.line());
    console.line(&filled("", '='));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        assert_eq!(clock(Duration::from_millis(41_183)), "0:00:41.183");
        assert_eq!(clock(Duration::from_millis(36_061_002)), "10:01:01.002");
    }

    #[test]
    fn lines_are_filled() {
        assert_eq!(filled("", '='), format!("{} ", "=".repeat(79)));
        assert_eq!(filled("abc", '*'), format!("abc {} ", "*".repeat(75)));
        assert_eq!(filled(&"x".repeat(90), '*'), format!("{} *** ", "x".repeat(90)));
    }

    #[test]
    fn rows() {
        let expected = format!("cmd {} 8.21s", "-".repeat(69));
        assert_eq!(row("cmd", Duration::from_millis(8_210)), expected);
        assert_eq!(
            row(&"n".repeat(80), Duration::from_secs(100)),
            format!("{} - 100.00s", "n".repeat(80)).replace(" - ", " - ")
        );
    }
}
