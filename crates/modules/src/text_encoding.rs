//! Text in the encodings that Python knows by name. UTF-8, ASCII and Latin-1 are read here, the others by `iconv`.

use churten_module::{Command, Observe};
use std::fmt;

/// Why bytes could not be read as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DecodeError {
    /// They are no text in that encoding.
    Malformed,
    /// There is no such encoding.
    Unknown(String),
    /// There is no program on the host that knows the encoding.
    Unsupported(String),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("the text is not in this encoding"),
            Self::Unknown(name) => write!(f, "unknown encoding: {name}"),
            Self::Unsupported(name) => {
                write!(f, "not yet supported by churten: the encoding {name} on a host without iconv")
            }
        }
    }
}

/// Bytes as text.
pub(crate) fn decode(host: &dyn Observe, bytes: &[u8], encoding: &str) -> Result<String, DecodeError> {
    let name = encoding.to_lowercase().replace(['_', ' '], "-");
    match name.as_str() {
        "utf-8" | "utf8" | "u8" => std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| DecodeError::Malformed),
        "ascii" | "us-ascii" | "646" => match std::str::from_utf8(bytes) {
            Ok(text) if text.is_ascii() => Ok(text.to_owned()),
            _ => Err(DecodeError::Malformed),
        },
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "8859" | "l1" => {
            Ok(bytes.iter().map(|byte| char::from(*byte)).collect())
        }
        _ => by_program(host, bytes, encoding, &name),
    }
}

fn by_program(host: &dyn Observe, bytes: &[u8], encoding: &str, name: &str) -> Result<String, DecodeError> {
    let unsupported = || DecodeError::Unsupported(encoding.to_owned());
    let program = host.find_program("iconv", &[]).ok_or_else(unsupported)?.display().to_string();
    let convert = |name: &str, bytes: &[u8]| {
        let command = Command::new([&program, "-f", name, "-t", "UTF-8"]).plain_locale().stdin(bytes);
        host.query(&command).map_err(|_| unsupported())
    };
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':'));
    // Python has dashes where others have none, and nothing can be converted from every encoding there is.
    for name in [name, &name.replace('-', ""), &name.replace("-le", "le").replace("-be", "be")] {
        if is_plain && convert(name, b"")?.success() {
            let output = convert(name, bytes)?;
            return match (output.success(), String::from_utf8(output.stdout)) {
                (true, Ok(text)) => Ok(text),
                _ => Err(DecodeError::Malformed),
            };
        }
    }
    Err(DecodeError::Unknown(encoding.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use churten_module::FakeHost;

    #[test]
    fn encodings() {
        let host = FakeHost::new();
        assert_eq!(decode(&host, b"\xc3\xa9", "UTF_8").as_deref(), Ok("é"));
        assert_eq!(decode(&host, b"\xe9", "latin_1").as_deref(), Ok("é"));
        assert_eq!(decode(&host, b"\xe9", "utf-8"), Err(DecodeError::Malformed));
        assert_eq!(decode(&host, b"\xe9", "us-ascii"), Err(DecodeError::Malformed));
        assert_eq!(decode(&host, b"\xe9", "gbk"), Err(DecodeError::Unsupported("gbk".into())));
    }
}
