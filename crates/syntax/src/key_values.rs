//! The `key=value` form of task arguments.

use churten_diagnostics::Report;
use churten_value::{Dict, Tags, Value};

/// The keys that `command`, `shell` and their kin take out of a free-form text.
const FREE_FORM_KEYS: [&str; 8] =
    ["creates", "removes", "chdir", "executable", "warn", "stdin", "stdin_add_newline", "strip_empty_ends"];

/// The delimiters of Jinja's expressions, statements and comments; inside them a space does not split.
const BLOCKS: [(&str, &str); 3] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")];

/// Split a text at spaces, keeping quoted parts and Jinja blocks whole. Quotes stay, and so do further spaces and
/// line ends, at the end of the word before them.
///
/// # Errors
/// A quote or a block that is not closed.
pub fn split_arguments(text: &str) -> Result<Vec<String>, Report> {
    let mut words: Vec<String> = Vec::new();
    if text.is_empty() {
        return Ok(words);
    }
    let mut quote = None;
    let mut depths = [0_usize; BLOCKS.len()];
    let lines: Vec<&str> = text.split('\n').collect();
    for (row, line) in lines.iter().enumerate() {
        let mut continued = false;
        for (index, piece) in line.split(' ').enumerate() {
            let open = quote.is_some() || depths.iter().any(|depth| *depth > 0);
            if piece.is_empty() {
                if index > 0 {
                    append(&mut words, " ");
                }
                continue;
            }
            if piece == "\\" && quote.is_none() {
                continued = true;
                continue;
            }
            if open {
                if index > 0 {
                    append(&mut words, " ");
                }
                append(&mut words, piece);
            } else {
                words.push(piece.to_owned());
            }
            quote = quote_after(piece, quote);
            for (depth, (start, end)) in depths.iter_mut().zip(BLOCKS) {
                *depth = (*depth + piece.matches(start).count()).saturating_sub(piece.matches(end).count());
            }
        }
        if row + 1 < lines.len() && !continued {
            append(&mut words, "\n");
        }
    }
    if quote.is_some() || depths.iter().any(|depth| *depth > 0) {
        return Err(Report::parser(format!(
            "failed at splitting arguments, either an unbalanced jinja2 block or quotes: {text}"
        )));
    }
    Ok(words)
}

fn append(words: &mut Vec<String>, text: &str) {
    match words.last_mut() {
        Some(last) => last.push_str(text),
        None => words.push(text.to_owned()),
    }
}

/// The quote that is open behind `piece`. A backslash before a quote hides it, even an escaped backslash.
fn quote_after(piece: &str, mut quote: Option<char>) -> Option<char> {
    let mut previous = None;
    for c in piece.chars() {
        if matches!(c, '"' | '\'') && previous != Some('\\') {
            match quote {
                Some(open) if open == c => quote = None,
                None => quote = Some(c),
                Some(_) => {}
            }
        }
        previous = Some(c);
    }
    quote
}

/// Read `key=value` arguments; what is no pair is gathered under `_raw_params`.
///
/// With `allow_raw` the text is free-form (`command`, `shell`, ...): only `creates=`, `removes=`, `chdir=`,
/// `executable=`, `warn=`, `stdin=`, `stdin_add_newline=` and `strip_empty_ends=` are taken out of it.
///
/// # Errors
/// As [`split_arguments`].
pub fn parse_key_values(text: &str, allow_raw: bool) -> Result<Dict, Report> {
    parse_key_values_tagged(text, allow_raw, Tags::NONE)
}

/// As [`parse_key_values`]; every key and value gets `tags` (the trust and origin of the text).
///
/// # Errors
/// As [`split_arguments`].
pub fn parse_key_values_tagged(text: &str, allow_raw: bool, tags: Tags) -> Result<Dict, Report> {
    let mut entries = Dict::new();
    let mut raw = String::new();
    let tagged = |text: &str| Value::str(text).with_tags(tags);
    for word in split_arguments(text).map_err(|report| report.or_at(tags.origin()))? {
        let decoded = decode_escapes(&word);
        let found = pair(&decoded);
        match found.filter(|(key, _)| !allow_raw || FREE_FORM_KEYS.contains(key)) {
            Some((key, value)) => {
                entries.insert(tagged(key.trim()), tagged(unquote(value.trim())));
            }
            None => {
                if !raw.is_empty() && !raw.ends_with('\n') {
                    raw.push(' ');
                }
                // A pair that belongs to the text stays as it was written; elsewhere `\=` is a plain `=`.
                raw.push_str(&if found.is_some() { word } else { word.replace("\\=", "=") });
            }
        }
    }
    if !raw.is_empty() {
        entries.insert(tagged("_raw_params"), tagged(&raw));
    }
    Ok(entries)
}

/// Key and value around the first `=` that is neither escaped nor the first character.
fn pair(word: &str) -> Option<(&str, &str)> {
    let bytes = word.as_bytes();
    let at = (1..bytes.len()).find(|&at| bytes[at] == b'=' && bytes[at - 1] != b'\\')?;
    // A leading `=` makes the word no pair, whatever follows.
    (bytes[0] != b'=').then(|| (&word[..at], &word[at + 1..]))
}

/// Without the quotes around it, if the same stand at both ends and the last is not escaped.
pub fn unquote(text: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote))
            && !inner.ends_with('\\')
        {
            return inner;
        }
    }
    text
}

/// Python's backslash escapes; an unknown one stays as it is.
fn decode_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (decoded, length) = escape(rest).unwrap_or(('\\', 1));
        out.push(decoded);
        rest = &rest[length..];
    }
    out + rest
}

/// The character an escape at the start of `text` stands for, and the escape's length.
fn escape(text: &str) -> Option<(char, usize)> {
    let code = |digits: usize| {
        let hex = text.get(2..2 + digits).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        Some((char::from_u32(u32::from_str_radix(hex, 16).ok()?)?, 2 + digits))
    };
    let plain = |c: char| Some((c, 2));
    match *text.as_bytes().get(1)? {
        b'x' => code(2),
        b'u' => code(4),
        b'U' => code(8),
        b'0'..=b'7' => {
            let count = text[1..].bytes().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
            let number = u32::from_str_radix(&text[1..=count], 8).ok()?;
            Some((char::from_u32(number)?, 1 + count))
        }
        b'\\' => plain('\\'),
        b'\'' => plain('\''),
        b'"' => plain('"'),
        b'a' => plain('\u{7}'),
        b'b' => plain('\u{8}'),
        b'f' => plain('\u{c}'),
        b'n' => plain('\n'),
        b'r' => plain('\r'),
        b't' => plain('\t'),
        b'v' => plain('\u{b}'),
        _ => None,
    }
}
