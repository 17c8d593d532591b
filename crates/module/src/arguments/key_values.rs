//! Text that stands for a dictionary: `k=v` pairs.

use churten_value::Dict;

/// `a=1, b="x y" c=z`: pairs separated by commas or blanks; quotes and backslashes protect.
pub(super) fn key_values(text: &str) -> Option<Dict> {
    let mut fields: Vec<String> = Vec::new();
    let mut field = String::new();
    let (mut quote, mut escape) = (None, false);
    for c in text.chars() {
        if escape {
            field.push(c);
            escape = false;
        } else if c == '\\' {
            escape = true;
        } else if quote.is_none() && (c == '"' || c == '\'') {
            quote = Some(c);
        } else if quote == Some(c) {
            quote = None;
        } else if quote.is_none() && (c == ',' || c == ' ') {
            if !field.is_empty() {
                fields.push(std::mem::take(&mut field));
            }
        } else {
            field.push(c);
        }
    }
    if !field.is_empty() {
        fields.push(field);
    }
    fields.iter().map(|field| field.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()))).collect()
}
