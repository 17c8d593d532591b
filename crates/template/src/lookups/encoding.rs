//! Text in the encodings that lookups are asked for.

use crate::codec::Codec;

/// The text of bytes in a named encoding, or what Python would say.
pub(super) fn decode(bytes: Vec<u8>, encoding: &str, path: &str) -> Result<String, String> {
    let codec = Codec::find(encoding)?;
    let name = match codec {
        Codec::Utf8 { .. } => "UTF-8",
        Codec::Ascii => "ASCII",
        _ => encoding,
    };
    codec.decode(&bytes).ok_or_else(|| format!("The file {path} is not valid {name}."))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn decodes() {
        assert_eq!(decode(b"\x80\xe9".to_vec(), "cp1252", "f").unwrap(), "€é");
        assert_eq!(decode(vec![], "nosuch", "f").unwrap_err(), "unknown encoding: nosuch");
        assert_eq!(decode(vec![0xe9], "utf-8", "f").unwrap_err(), "The file f is not valid UTF-8.");
    }
}
