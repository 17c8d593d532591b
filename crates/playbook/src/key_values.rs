//! Stand-in.
use churten_diagnostics::Report;
use churten_value::{Dict, Value};

pub(crate) fn parse_key_values(text: &str, allow_raw: bool) -> Result<Dict, Report> {
    let mut out = Dict::new();
    let mut raw: Vec<String> = Vec::new();
    for word in split(text)? {
        match word.split_once('=') {
            Some((key, value))
                if !key.is_empty()
                    && !key.contains(['{', '"', '\''])
                    && (!allow_raw
                        || matches!(
                            key,
                            "creates"
                                | "removes"
                                | "chdir"
                                | "executable"
                                | "warn"
                                | "stdin"
                                | "stdin_add_newline"
                                | "strip_empty_ends"
                                | "cmd"
                        )) =>
            {
                let value = value
                    .strip_prefix('"')
                    .and_then(|v| v.strip_suffix('"'))
                    .or_else(|| value.strip_prefix('\'').and_then(|v| v.strip_suffix('\'')))
                    .unwrap_or(value);
                out.insert(key, value);
            }
            _ => raw.push(word),
        }
    }
    if !raw.is_empty() {
        out.insert("_raw_params", Value::str(raw.join(" ")));
    }
    Ok(out)
}

fn split(text: &str) -> Result<Vec<String>, Report> {
    let mut words = Vec::new();
    let (mut word, mut depth, mut quote) = (String::new(), 0i32, None);
    let chars: Vec<char> = text.chars().collect();
    for (i, &c) in chars.iter().enumerate() {
        if let Some(q) = quote {
            if c == q {
                quote = None;
            }
        } else if (c == '"' || c == '\'') && depth == 0 {
            quote = Some(c);
        } else if c == '{' && matches!(chars.get(i + 1), Some('{' | '%' | '#')) {
            depth += 1;
        } else if c == '}' && i > 0 && matches!(chars[i - 1], '}' | '%' | '#') {
            depth = (depth - 1).max(0);
        }
        if c.is_whitespace() && depth == 0 && quote.is_none() {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
        } else {
            word.push(c);
        }
    }
    if depth > 0 || quote.is_some() {
        return Err(Report::parser(format!(
            "failed at splitting arguments, either an unbalanced jinja2 block or quotes: {text}"
        )));
    }
    if !word.is_empty() {
        words.push(word);
    }
    Ok(words)
}
