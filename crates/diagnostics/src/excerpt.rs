//! The lines of the user's content that an error points at.

use churten_value::Origin;
use std::io::{BufRead, BufReader, ErrorKind, Read};

/// Characters in a line of an excerpt, its number included.
const MAX_LINE: usize = 120;
/// What ends a line that was cut.
const CUT: &str = "...";
/// Lines shown, at the most.
const LINES: u32 = 3;
/// Nothing beyond this is read: an excerpt is for reading.
const MAX_BYTES: u64 = 64 << 20;

/// Up to three lines that end with the origin's line, numbered, and a caret under its column.
///
/// `None` when the origin has no line; a remark in parentheses when the lines cannot be had.
pub fn excerpt(origin: Origin) -> Option<String> {
    if origin.line == 0 {
        return None;
    }
    if !origin.source.is_file() {
        // ansible-core tries to open a file without a name.
        return Some("(source not shown: TypeError)".into());
    }
    Some(match read_lines(&origin.source.name(), origin.line) {
        Ok(lines) => layout(&lines, origin.line, origin.column),
        Err(reason) => format!("(source not shown: {reason})"),
    })
}

/// The line and those before it.
fn read_lines(path: &str, last: u32) -> Result<Vec<String>, &'static str> {
    let file = std::fs::File::open(path).map_err(|error| exception(&error))?;
    let mut reader = BufReader::new(file.take(MAX_BYTES));
    let first = last.saturating_sub(LINES - 1).max(1);
    let mut lines = Vec::new();
    for number in 1..=last {
        let mut line = Vec::new();
        if reader.read_until(b'\n', &mut line).map_err(|error| exception(&error))? == 0 {
            return Err("file truncated");
        }
        if number >= first {
            let line = String::from_utf8(line).map_err(|_| "UnicodeDecodeError")?;
            lines.push(line.trim_end_matches(['\n', '\r']).to_owned());
        }
    }
    Ok(lines)
}

/// The name Python gives an error of the file system.
fn exception(error: &std::io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::NotFound => "FileNotFoundError",
        ErrorKind::PermissionDenied => "PermissionError",
        ErrorKind::IsADirectory => "IsADirectoryError",
        ErrorKind::NotADirectory => "NotADirectoryError",
        _ => "OSError",
    }
}

fn layout(lines: &[String], last: u32, column: u32) -> String {
    let width = last.to_string().len();
    let first = last + 1 - u32::try_from(lines.len()).unwrap_or(last);
    let mut shown: Vec<String> = Vec::new();
    let mut cut = false;
    for (number, line) in (first..).zip(lines) {
        let mut text = format!("{number:>width$}");
        if !line.is_empty() {
            text.push(' ');
            text.extend(line.chars().map(|c| if c == '\t' { ' ' } else { c }));
        }
        cut = text.chars().count() > MAX_LINE;
        if cut {
            text = text.chars().take(MAX_LINE - CUT.len()).collect::<String>() + CUT;
        }
        shown.push(text);
    }
    if column > 0 {
        let indent = width + column as usize;
        let end = if cut { MAX_LINE - CUT.len() } else { MAX_LINE };
        let mark = format!("^ column {column}");
        if indent < end {
            shown.push(if indent + mark.len() <= MAX_LINE {
                format!("{:indent$}{mark}", "")
            } else {
                // No room on the right of the caret.
                format!("{:>width$}", format!("column {column} ^"), width = indent + 1)
            });
        }
    }
    shown.join("\n")
}

#[cfg(test)]
mod tests {
    use super::layout;

    fn lines(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    #[test]
    fn numbers_are_aligned_and_empty_lines_end_at_once() {
        let text = layout(&lines(&["", "\ta: b  ", "c"]), 10, 1);
        assert_eq!(text, " 8\n 9  a: b  \n10 c\n   ^ column 1");
    }

    #[test]
    fn long_lines_are_cut() {
        let text = layout(&lines(&[&"x".repeat(118)]), 20, 117);
        assert_eq!(text, format!("20 {}...", "x".repeat(114)));
        assert_eq!(layout(&lines(&[&"x".repeat(117)]), 20, 0), format!("20 {}", "x".repeat(117)));
    }

    #[test]
    fn the_caret_changes_sides_where_there_is_no_room() {
        let line = lines(&[&"x".repeat(200)]);
        let mark = |column| layout(&line, 10, column).lines().nth(1).map(str::to_owned).unwrap_or_default();
        assert_eq!(mark(106), format!("{}^ column 106", " ".repeat(108)));
        assert_eq!(mark(107), format!("{}column 107 ^", " ".repeat(98)));
        assert_eq!(mark(114), format!("{}column 114 ^", " ".repeat(105)));
        assert_eq!(mark(115), "");
    }
}
