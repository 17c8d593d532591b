//! Text in the encodings that lookups are asked for.

/// The text of bytes in a named encoding, or what Python would say.
pub(super) fn decode(bytes: Vec<u8>, encoding: &str, path: &str) -> Result<String, String> {
    let name: String = encoding.to_lowercase().chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect();
    match name.as_str() {
        "utf8" | "u8" | "utf" => String::from_utf8(bytes).map_err(|_| format!("The file {path} is not valid UTF-8.")),
        "utf8sig" => {
            let text = String::from_utf8(bytes).map_err(|_| format!("The file {path} is not valid UTF-8."))?;
            Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
        }
        "ascii" | "usascii" | "646" if bytes.is_ascii() => Ok(bytes.into_iter().map(char::from).collect()),
        "ascii" | "usascii" | "646" => Err(format!("The file {path} is not valid ASCII.")),
        "latin1" | "latin" | "l1" | "iso88591" | "8859" | "cp819" => Ok(bytes.into_iter().map(char::from).collect()),
        "iso885915" | "latin9" | "l9" => Ok(bytes.into_iter().map(latin_9).collect()),
        "cp1252" | "windows1252" | "1252" => Ok(bytes.into_iter().map(windows_1252).collect()),
        _ => Err(format!("unknown encoding: {encoding}")),
    }
}

fn latin_9(byte: u8) -> char {
    match byte {
        0xa4 => '€',
        0xa6 => 'Š',
        0xa8 => 'š',
        0xb4 => 'Ž',
        0xb8 => 'ž',
        0xbc => 'Œ',
        0xbd => 'œ',
        0xbe => 'Ÿ',
        other => char::from(other),
    }
}

/// Bytes that the encoding leaves free stand for themselves.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let high = byte.checked_sub(0x80).and_then(|index| HIGH.get(usize::from(index)));
    high.copied().unwrap_or_else(|| char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn decodes() {
        for (encoding, bytes, text) in [
            ("utf-8", &b"\xc3\xa9"[..], "é"),
            ("iso8859-1", b"\xe9", "é"),
            ("Latin-1", b"\xa4", "¤"),
            ("iso-8859-15", b"\xa4", "€"),
            ("cp1252", b"\x80\xe9", "€é"),
            ("utf-8-sig", b"\xef\xbb\xbfa", "a"),
        ] {
            assert_eq!(decode(bytes.to_vec(), encoding, "f").unwrap(), text, "{encoding}");
        }
        assert_eq!(decode(vec![], "nosuch", "f").unwrap_err(), "unknown encoding: nosuch");
        assert!(decode(vec![0xe9], "utf-8", "f").is_err());
    }
}
