//! Base64 (RFC 4648, with padding).

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes as text.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for position in 0..4 {
            let index = usize::try_from(group >> (18 - 6 * position) & 63).unwrap_or(0);
            let letter = ALPHABET.get(index).map_or('=', |letter| *letter as char);
            text.push(if position as usize > chunk.len() { '=' } else { letter });
        }
    }
    text
}

/// Text as bytes; white space is skipped. `None` when it is no base64.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut group, mut count) = (0u32, 0);
    let mut letters = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
    let mut padding = 0;
    for letter in letters.by_ref() {
        if letter == b'=' {
            padding += 1;
            continue;
        }
        if padding > 0 {
            return None;
        }
        let value = ALPHABET.iter().position(|known| *known == letter)?;
        group = group << 6 | u32::try_from(value).ok()?;
        count += 1;
        if count == 4 {
            bytes.extend(group.to_be_bytes().iter().skip(1));
            (group, count) = (0, 0);
        }
    }
    match (count, padding) {
        (0, 0) => {}
        (2, 2) => bytes.extend((group << 12).to_be_bytes().iter().skip(1).take(1)),
        (3, 1) => bytes.extend((group << 6).to_be_bytes().iter().skip(1).take(2)),
        _ => return None,
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    #[test]
    fn there_and_back() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("hi\n", "aGkK")] {
            assert_eq!(super::encode(bytes.as_bytes()), text);
            assert_eq!(super::decode(text).as_deref(), Some(bytes.as_bytes()));
        }
        assert_eq!(super::decode("Zg="), None);
    }
}
