//! Words in lines, as Python's `textwrap` puts them there without breaking words or at hyphens
//! (<https://docs.python.org/3/library/textwrap.html>).

/// Where lines begin and end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Margins<'a> {
    /// Characters in a line, with its beginning.
    pub(crate) width: usize,
    /// The beginning of the first line.
    pub(crate) first: &'a str,
    /// The beginning of the others.
    pub(crate) others: &'a str,
}

impl<'a> Margins<'a> {
    /// All lines begin alike.
    pub(crate) fn even(width: usize, indent: &'a str) -> Self {
        Self { width, first: indent, others: indent }
    }
}

/// The paragraphs of a text, which empty lines separate, each in lines of its own.
pub(crate) fn fill(text: &str, margins: Margins<'_>) -> String {
    let mut lines = Vec::new();
    let mut first = margins.first;
    for paragraph in text.split("\n\n") {
        lines.push(lines_of(paragraph, Margins { first, ..margins }).join("\n"));
        first = margins.others;
    }
    lines.join("\n")
}

fn lines_of(paragraph: &str, margins: Margins<'_>) -> Vec<String> {
    let text = expand_tabs(paragraph);
    let mut chunks = chunks(&text).into_iter().peekable();
    let mut lines: Vec<String> = Vec::new();
    while chunks.peek().is_some() {
        let indent = if lines.is_empty() { margins.first } else { margins.others };
        let room = margins.width.saturating_sub(length(indent));
        if !lines.is_empty() && chunks.peek().is_some_and(|chunk| is_blank(chunk)) {
            chunks.next();
        }
        let (mut line, mut used) = (Vec::new(), 0);
        while let Some(chunk) = chunks.next_if(|chunk| used + length(chunk) <= room) {
            used += length(chunk);
            line.push(chunk);
        }
        // A word that is longer than a line has one of its own.
        if line.is_empty()
            && let Some(chunk) = chunks.next()
        {
            line.push(chunk);
        }
        if line.last().is_some_and(|chunk| is_blank(chunk)) {
            line.pop();
        }
        if !line.is_empty() {
            lines.push(format!("{indent}{}", line.concat()));
        }
    }
    lines
}

fn length(text: &str) -> usize {
    text.chars().count()
}

fn is_space(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | ' ')
}

fn is_blank(chunk: &str) -> bool {
    chunk.chars().all(char::is_whitespace)
}

/// Words, and what is between them.
fn chunks(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let wanted = is_space(first);
        let end = rest.find(|letter| is_space(letter) != wanted).unwrap_or(rest.len());
        let (chunk, after) = rest.split_at(end);
        found.push(chunk);
        rest = after;
    }
    found
}

/// Tabs as blanks up to the next column of eight, all other white space as one blank.
fn expand_tabs(text: &str) -> String {
    let (mut out, mut column) = (String::with_capacity(text.len()), 0);
    for letter in text.chars() {
        match letter {
            '\t' => {
                let blanks = 8 - column % 8;
                out.extend(std::iter::repeat_n(' ', blanks));
                column += blanks;
            }
            '\n' | '\r' => {
                out.push(' ');
                column = 0;
            }
            letter if is_space(letter) => {
                out.push(' ');
                column += 1;
            }
            letter => {
                out.push(letter);
                column += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Margins, fill};

    #[test]
    fn words_are_put_into_lines() {
        let margins = Margins { width: 12, first: "- ", others: "  " };
        assert_eq!(fill("one two  three\nfour-five-six-seven", margins), "- one two\n  three\n  four-five-six-seven");
        assert_eq!(fill("a\n\nb", margins), "- a\n  b");
        assert_eq!(fill("", margins), "");
    }
}
