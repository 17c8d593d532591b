//! Bodies of requests.

use super::media_types;
use churten_module::base64;
use churten_module::prelude::*;
use churten_value::{Data, JsonStyle, sort_by};

/// `application/x-www-form-urlencoded` of a mapping or a list of pairs.
/// The error is Python's reason.
pub(super) fn url_encoded(body: &Value) -> std::result::Result<String, String> {
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
                    Some(parts) if parts.len() < 2 => {
                        return Err(format!("not enough values to unpack (expected 2, got {})", parts.len()));
                    }
                    Some(_) => return Err("too many values to unpack (expected 2)".to_owned()),
                    None => return Err("not a valid non-string sequence or mapping object".to_owned()),
                }
            }
        }
        _ => return Err("not a valid non-string sequence or mapping object".to_owned()),
    }
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{}={}", quote(name), quote(value))).collect();
    Ok(pairs.join("&"))
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

/// A boundary between the parts of a form.
pub(super) fn boundary(host: &dyn Observe) -> String {
    let now = host.now();
    format!("==============={:010}{:09}==", now.seconds, now.nanoseconds)
}

/// The content type of a form of several parts.
pub(super) fn multipart_type(boundary: &str) -> String {
    format!("multipart/form-data; boundary=\"{boundary}\"")
}

/// The boundary that such a content type names.
pub(super) fn boundary_of(content_type: &str) -> Option<&str> {
    content_type.split_once("boundary=\"")?.1.split('"').next()
}

/// The body of a `multipart/form-data`, its parts sorted by name.
pub(super) fn multipart(host: &dyn Observe, body: &Dict, boundary: &str) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut parts: Vec<(String, &Value)> = body.iter().map(|(name, value)| (name.to_text(), value)).collect();
    sort_by(&mut parts, |a, b| a.0.cmp(&b.0));
    for (name, value) in parts {
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
    Ok(out)
}

/// A part that is more than text: its type, its encoding, its content.
fn part(
    host: &dyn Observe,
    entries: &Dict,
    disposition: &mut String,
) -> Result<(String, Option<&'static str>, Vec<u8>)> {
    let text = |key: &str| entries.get(key).filter(|value| value.is_truthy()).map(Value::to_text);
    let (filename, content) = (text("filename"), text("content"));
    let guessed = || {
        let of_name = filename.as_deref().and_then(|name| media_types::of(host, name));
        of_name.unwrap_or_else(|| "application/octet-stream".to_owned())
    };
    let mut kind = text("mime_type").unwrap_or_else(guessed);
    if !kind.contains('/') {
        kind.push('/');
    }
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
            Ok((kind, Some("base64"), lines.into_bytes()))
        }
        Some("7or8bit") => {
            let encoding = if bytes.is_ascii() { "7bit" } else { "8bit" };
            // Lines of a message end with both letters.
            let mut lines = Vec::with_capacity(bytes.len());
            for byte in bytes {
                if byte == b'\n' && lines.last() != Some(&b'\r') {
                    lines.push(b'\r');
                }
                lines.push(byte);
            }
            Ok((kind, Some(encoding), lines))
        }
        Some(_) => fail!("multipart_encoding must be one of dict_keys(['base64', '7or8bit'])."),
    }
}

#[cfg(test)]
mod tests {
    use churten_module::prelude::*;

    #[test]
    fn encodes_forms() {
        let body = Dict::from([("a b", Value::from("c&d")), ("l", vec!["1", "2"].into()), ("n", 5.into())]);
        assert_eq!(super::url_encoded(&body.into()).unwrap(), "a+b=c%26d&l=1&l=2&n=5");
        assert!(super::url_encoded(&"x".into()).is_err());
    }
}
