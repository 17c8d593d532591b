//! What must be known of a certificate beyond the check of its signatures (RFC 5280, section 4.1).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The parts of a certificate, as bytes of DER.
pub(super) struct Certificate<'a> {
    issuer: &'a [u8],
    subject: &'a [u8],
    not_before: SystemTime,
    not_after: SystemTime,
}

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OBJECT: u8 = 0x06;
const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const VERSION: u8 = 0xa0;
/// 2.5.4.3
const COMMON_NAME: [u8; 3] = [0x55, 0x04, 0x03];

impl<'a> Certificate<'a> {
    /// Take a certificate apart. `None` when it is none.
    pub(super) fn parse(der: &'a [u8]) -> Option<Self> {
        let mut whole = Reader(der);
        let mut signed = Reader(Reader(whole.expect(SEQUENCE)?).expect(SEQUENCE)?);
        if signed.tag() == Some(VERSION) {
            signed.next()?;
        }
        signed.expect(INTEGER)?;
        signed.expect(SEQUENCE)?;
        let issuer = signed.expect(SEQUENCE)?;
        let mut validity = Reader(signed.expect(SEQUENCE)?);
        let subject = signed.expect(SEQUENCE)?;
        Some(Self { issuer, subject, not_before: time(validity.next()?)?, not_after: time(validity.next()?)? })
    }

    /// True when it says that it signed itself.
    pub(super) fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    /// The first and the last moment at which it is valid.
    pub(super) fn validity(&self) -> (SystemTime, SystemTime) {
        (self.not_before, self.not_after)
    }

    /// The common names of its subject.
    pub(super) fn common_names(&self) -> Vec<&'a str> {
        let mut names = Vec::new();
        let mut parts = Reader(self.subject);
        while let Some(set) = parts.expect(SET) {
            let mut attributes = Reader(set);
            while let Some(attribute) = attributes.expect(SEQUENCE) {
                let mut attribute = Reader(attribute);
                if attribute.expect(OBJECT) == Some(&COMMON_NAME)
                    && let Some((_, text)) = attribute.next()
                    && let Ok(text) = std::str::from_utf8(text)
                {
                    names.push(text);
                }
            }
        }
        names
    }
}

/// Elements of DER, one after the other.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn tag(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The next element: its tag and its content.
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let length = if first < 0x80 {
            usize::from(first)
        } else {
            let size = usize::from(first & 0x7f);
            if size == 0 || size > 4 {
                return None;
            }
            let (digits, after) = rest.split_at_checked(size)?;
            rest = after;
            digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit))
        };
        let (content, after) = rest.split_at_checked(length)?;
        self.0 = after;
        Some((tag, content))
    }

    /// The content of the next element if it has this tag.
    fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        if self.tag() == Some(tag) { self.next().map(|(_, content)| content) } else { None }
    }
}

/// `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`.
fn time((tag, text): (u8, &[u8])) -> Option<SystemTime> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let digits = match tag {
        UTC_TIME => {
            let year: u32 = text.get(..2)?.parse().ok()?;
            format!("{}{text}", if year < 50 { 20 } else { 19 })
        }
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    if digits.len() != 14 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i64>().ok();
    let days = churten_value::days_from_date(number(0, 4)?, number(4, 6)?, number(6, 8)?);
    let seconds = days * 86_400 + number(8, 10)? * 3_600 + number(10, 12)? * 60 + number(12, 14)?;
    // Before 1970 is long over, whatever it is.
    UNIX_EPOCH.checked_add(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::{GENERALIZED_TIME, UTC_TIME, time};
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn times() {
        let seconds = |tag, text: &str| time((tag, text.as_bytes())).unwrap().duration_since(UNIX_EPOCH).unwrap();
        assert_eq!(seconds(UTC_TIME, "200229000000Z"), Duration::from_secs(1_582_934_400));
        assert_eq!(seconds(GENERALIZED_TIME, "20500101000001Z"), Duration::from_secs(2_524_608_001));
        assert_eq!(time((UTC_TIME, b"2002290000Z")), None);
    }

    #[test]
    fn nonsense() {
        for bytes in [&b""[..], b"\x30", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x30\x03\x02\x01\x00"] {
            assert!(super::Certificate::parse(bytes).is_none());
        }
    }
}
