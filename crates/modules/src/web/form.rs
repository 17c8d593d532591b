//! Bodies of requests.

use churten_module::base64;
use churten_module::prelude::*;
use churten_value::{Data, JsonStyle};

/// `application/x-www-form-urlencoded` of a mapping or a list of pairs.
pub(super) fn url_encoded(body: &Value) -> Option<String> {
    let mut pairs = Vec::new();
    let mut add = |name: &Value, value: &Value| match value.as_list() {
        Some(values) => pairs.extend(values.iter().map(|value| (name.to_text(), value.to_text()))),
        None => pairs.push((name.to_text(), value.to_text())),
    };
    match &body.data {
        Data::Dict(entries) => entries.iter().for_each(|(name, value)| add(name, value)),
        Data::List(items) => {
            for item in items.iter() {
                match item.as_list() {
                    Some([name, value]) => add(name, value),
                    _ => return None,
                }
            }
        }
        _ => return None,
    }
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{}={}", quote(name), quote(value))).collect();
    Some(pairs.join("&"))
}

fn quote(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'-' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}

/// JSON text of a body, or a body that is text as it is.
pub(super) fn json(body: &Value) -> String {
    body.as_str().map_or_else(|| body.to_json(JsonStyle::PLAIN), str::to_owned)
}

/// `multipart/form-data`: content type and body.
pub(super) fn multipart(host: &dyn Observe, body: &Dict) -> Result<(String, Vec<u8>)> {
    let now = host.now();
    let boundary = format!("==============={:010}{:09}==", now.seconds, now.nanoseconds);
    let mut out = Vec::new();
    for (name, value) in body.iter() {
        let name = name.to_text();
        let mut disposition = format!("form-data; name=\"{name}\"");
        let (kind, encoding, content) = match &value.data {
            Data::Dict(entries) => part(host, entries, &mut disposition)?,
            Data::Str(text) => ("text/plain".to_owned(), None, text.as_bytes().to_vec()),
            _ => fail!("value must be a string, or mapping, cannot be type {}", value.type_name()),
        };
        let mut head = format!("--{boundary}\r\n");
        if let Some(encoding) = encoding {
            head += &format!("Content-Transfer-Encoding: {encoding}\r\n");
        }
        head += &format!("Content-Type: {kind}\r\nContent-Disposition: {disposition}\r\n\r\n");
        out.extend(head.into_bytes());
        out.extend(content);
        out.extend(b"\r\n");
    }
    out.extend(format!("--{boundary}--\r\n").into_bytes());
    Ok((format!("multipart/form-data; boundary=\"{boundary}\""), out))
}

/// A part that is more than text: its type, its encoding, its content.
fn part(host: &dyn Observe, entries: &Dict, disposition: &mut String) -> Result<(String, Option<String>, Vec<u8>)> {
    let text = |key: &str| entries.get(key).filter(|value| !value.is_none()).map(Value::to_text);
    let (filename, content) = (text("filename"), text("content"));
    let kind = text("mime_type").unwrap_or_else(|| {
        if filename.is_some() { "application/octet-stream".to_owned() } else { "text/plain".to_owned() }
    });
    let bytes = match (&content, &filename) {
        (Some(content), _) => content.clone().into_bytes(),
        (None, Some(path)) => host
            .read(Path::new(path))
            .map_err(|error| Failure::new(churten_module::python_path_error(&error, Path::new(path))))?,
        (None, None) => fail!("at least one of filename or content must be provided"),
    };
    if let Some(name) = filename.as_deref().and_then(|path| Path::new(path).file_name()) {
        *disposition += &format!("; filename=\"{}\"", name.to_string_lossy());
    }
    if content.is_some() {
        return Ok((kind, None, bytes));
    }
    match text("multipart_encoding").as_deref() {
        None | Some("base64") => {
            let encoded = base64::encode(&bytes);
            let mut lines = String::new();
            for line in encoded.as_bytes().chunks(76) {
                lines += &String::from_utf8_lossy(line);
                lines.push_str("\r\n");
            }
            Ok((kind, Some("base64".to_owned()), lines.into_bytes()))
        }
        Some("7or8bit") => Ok((kind, None, bytes)),
        Some(other) => fail!("multipart_encoding must be one of base64 or 7or8bit, not {other}"),
    }
}

#[cfg(test)]
mod tests {
    use churten_module::prelude::*;

    #[test]
    fn encodes_forms() {
        let body = Dict::from([("a b", Value::from("c&d")), ("l", vec!["1", "2"].into()), ("n", 5.into())]);
        assert_eq!(super::url_encoded(&body.into()).unwrap(), "a+b=c%26d&l=1&l=2&n=5");
        assert_eq!(super::url_encoded(&"x".into()), None);
    }
}
