//! Names with a line about each.

use crate::look::Look;
use crate::markup::text_of;

/// Names and what they are, in columns; what does not fit ends in dots.
pub fn list(entries: &[(String, String)], look: &Look<'_>) -> String {
    let width = entries.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    // Where names fill the line, all but so many characters are shown.
    let (room, is_short) = match look.columns.checked_sub(width + 5) {
        Some(room) => (room, false),
        None => (width + 5 - look.columns, true),
    };
    let line = |name: &str, about: &str| {
        let about = text_of(about, look);
        let length = about.chars().count();
        let kept = if is_short { length.saturating_sub(room) } else { room };
        let shown = match length > room || is_short {
            true => about.chars().take(kept).chain("...".chars()).collect(),
            false => about.clone(),
        };
        format!("{name:width$} {shown:room$}")
    };
    sections(entries, &line)
}

/// Names with anything behind them in a column.
pub fn table(entries: &[(String, String)], look: &Look<'_>) -> String {
    let width = entries.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let room = look.columns.abs_diff(width + 5);
    sections(entries, &|name, about| format!("{name:width$} {about:room$}"))
}

/// Lines of what is there, and below a heading of what is going, whose file has a name that begins with `_`.
fn sections(entries: &[(String, String)], line: &dyn Fn(&str, &str) -> String) -> String {
    let (mut lines, mut going) = (Vec::new(), Vec::new());
    for (name, about) in entries {
        match name.rsplit_once("._") {
            Some((collection, name)) => going.push(line(&format!("{collection}.{name}"), about)),
            None => lines.push(line(name, about)),
        }
    }
    if !going.is_empty() {
        lines.extend([String::new(), "DEPRECATED:".to_owned()]);
        lines.extend(going);
    }
    lines.join("\n")
}
