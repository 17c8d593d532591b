//! The lines of the user's content that an error points at.

use churten_value::Origin;
use std::io::{BufRead, BufReader};

/// Longer files and lines are cut off; an excerpt is for reading.
const MAX_LINE: usize = 120;

/// Up to three lines that end with the origin's line, numbered, and a caret under its column.
///
/// `None` when the source is no readable file or has no such line.
pub fn excerpt(origin: Origin) -> Option<String> {
    if !origin.source.is_file() || origin.line == 0 {
        return None;
    }
    let file = std::fs::File::open(&*origin.source.name()).ok()?;
    let last = origin.line as usize;
    let first = last.saturating_sub(2).max(1);
    let lines: Vec<String> =
        BufReader::new(file).lines().skip(first - 1).take(last + 1 - first).collect::<Result<_, _>>().ok()?;
    if lines.len() != last + 1 - first {
        return None;
    }
    let width = last.to_string().len();
    let mut text = String::new();
    for (number, line) in (first..).zip(&lines) {
        let shown = format!("{number:>width$} {}", line.trim_end());
        match shown.char_indices().nth(MAX_LINE) {
            Some(_) => text.extend(shown.chars().take(MAX_LINE - 3).chain("...".chars())),
            None => text += shown.trim_end(),
        }
        text.push('\n');
    }
    if origin.column > 0 {
        let indent = width + origin.column as usize;
        text += &format!("{:indent$}^ column {}", "", origin.column);
    } else if let Some(line) = lines.last() {
        // Only the line is known, so all of it is marked.
        let indent = width + 1;
        let length = line.trim_end().chars().count().min(MAX_LINE - indent);
        text += &format!("{:indent$}{}", "", "^".repeat(length));
    }
    Some(text.trim_end_matches('\n').to_owned())
}
