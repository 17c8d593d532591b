//! Comma-separated values as Python's `csv` reads them.

/// How rows are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dialect {
    /// What separates fields.
    pub(crate) delimiter: char,
    /// Spaces behind a delimiter are no part of the field.
    pub(crate) skip_initial_space: bool,
    /// What is wrongly quoted is an error.
    pub(crate) strict: bool,
}

impl Default for Dialect {
    fn default() -> Self {
        Self { delimiter: ',', skip_initial_space: false, strict: false }
    }
}

/// The rows: fields may be quoted, and a quote inside is doubled. Empty lines are none.
pub(crate) fn read(text: &str, dialect: Dialect) -> Result<Vec<Vec<String>>, String> {
    let mut rows = Vec::new();
    let (mut row, mut field) = (Vec::new(), String::new());
    // `started`: the field is there, even when it is empty; `closed`: it was quoted up to here.
    let (mut quoted, mut started, mut closed) = (false, false, false);
    let mut fresh = true;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted => {
                if characters.next_if_eq(&'"').is_some() {
                    field.push('"');
                } else {
                    quoted = false;
                    closed = true;
                }
            }
            _ if quoted => field.push(character),
            '\r' | '\n' => {
                if started || !field.is_empty() || !row.is_empty() {
                    row.push(std::mem::take(&mut field));
                    rows.push(std::mem::take(&mut row));
                }
                (started, closed, fresh) = (false, false, true);
            }
            _ if character == dialect.delimiter => {
                row.push(std::mem::take(&mut field));
                (started, closed, fresh) = (true, false, true);
            }
            ' ' if fresh && dialect.skip_initial_space => {}
            '"' if fresh => (quoted, started, fresh) = (true, true, false),
            _ if closed && dialect.strict => return Err(format!("'{}' expected after '\"'", dialect.delimiter)),
            _ => {
                field.push(character);
                fresh = false;
            }
        }
    }
    if quoted && dialect.strict {
        return Err("unexpected end of data".to_owned());
    }
    if started || !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push(row);
    }
    Ok(rows)
}
