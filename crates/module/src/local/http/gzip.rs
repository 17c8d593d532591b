//! Unpacking gzip (RFC 1952).
//!
//! Of `flate2` only the DEFLATE inside is used: its own reader of gzip brings 16 kB of tables for the checksum, which
//! nothing packs when the worker travels (docs/decisions/0012).

use crate::checksum::Crc32;
use flate2::bufread::DeflateDecoder;
use std::io::{self, BufRead, Read, Write};

/// Each member begins with these.
pub(super) const MAGIC: [u8; 2] = [0x1f, 0x8b];
/// The only method there is.
const DEFLATE: u8 = 8;

/// The flags of a member.
const HEADER_SUM: u8 = 1 << 1;
const EXTRA: u8 = 1 << 2;
const NAME: u8 = 1 << 3;
const COMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

/// The most bytes of a name or a comment.
const TEXT: usize = 65535;

/// Unpack all members, one after the other, into `out`, so many bytes at the most.
pub(super) fn unpack(packed: &mut dyn BufRead, limit: u64, out: &mut dyn Write) -> io::Result<()> {
    let mut copied = 0;
    loop {
        header(packed)?;
        let mut content = Content { packed: DeflateDecoder::new(&mut *packed), sum: Crc32::new(), length: 0 };
        copied += io::copy(&mut content.by_ref().take((limit - copied).saturating_add(1)), out)?;
        if copied > limit {
            return Err(super::answer::too_large(limit));
        }
        let (sum, length) = (content.sum.value(), content.length);
        let mut end = [0; 8];
        packed.read_exact(&mut end)?;
        if end[..4] != sum.to_le_bytes() || end[4..] != length.to_le_bytes() {
            return Err(invalid("corrupt gzip stream does not have a matching checksum"));
        }
        if packed.fill_buf()?.is_empty() {
            return Ok(());
        }
    }
}

/// What is in a member, counted and summed up as it is read.
struct Content<'a> {
    packed: DeflateDecoder<&'a mut dyn BufRead>,
    sum: Crc32,
    /// Modulo 2³².
    length: u32,
}

impl Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.packed.read(buffer)?;
        self.sum.update(buffer.get(..length).unwrap_or_default());
        self.length = self.length.wrapping_add(length as u32);
        Ok(length)
    }
}

/// Read the header of a member, which tells nothing of use.
fn header(packed: &mut dyn BufRead) -> io::Result<()> {
    let mut sum = Crc32::new();
    let mut start = [0; 10];
    fill(packed, &mut start, &mut sum)?;
    let flags = start[3];
    if start[..2] != MAGIC || start[2] != DEFLATE || flags & RESERVED != 0 {
        return Err(invalid("invalid gzip header"));
    }
    if flags & EXTRA != 0 {
        let mut length = [0; 2];
        fill(packed, &mut length, &mut sum)?;
        let mut extra = vec![0; usize::from(u16::from_le_bytes(length))];
        fill(packed, &mut extra, &mut sum)?;
    }
    for _ in 0..(flags & (NAME | COMMENT)).count_ones() {
        let mut text = Vec::new();
        packed.take(TEXT as u64 + 1).read_until(0, &mut text)?;
        if text.last() != Some(&0) {
            return Err(if text.len() > TEXT {
                invalid("gzip header field too long")
            } else {
                io::ErrorKind::UnexpectedEof.into()
            });
        }
        sum.update(&text);
    }
    if flags & HEADER_SUM != 0 {
        // The lower half of the sum of all that came before.
        let expected = sum.value().to_le_bytes();
        let mut given = [0; 2];
        packed.read_exact(&mut given)?;
        if given != expected[..2] {
            return Err(invalid("corrupt gzip stream does not have a matching checksum"));
        }
    }
    Ok(())
}

fn fill(packed: &mut dyn BufRead, bytes: &mut [u8], sum: &mut Crc32) -> io::Result<()> {
    packed.read_exact(bytes)?;
    sum.update(bytes);
    Ok(())
}

fn invalid(text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, text)
}

#[cfg(test)]
mod tests {
    use super::unpack;
    use flate2::{Compression, GzBuilder};
    use std::io::{ErrorKind, Write as _};

    fn member(text: &[u8], builder: GzBuilder) -> Vec<u8> {
        let mut encoder = builder.write(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn unpacked(mut packed: &[u8], limit: u64) -> (Vec<u8>, Option<ErrorKind>) {
        let mut out = Vec::new();
        let outcome = unpack(&mut packed, limit, &mut out);
        (out, outcome.err().map(|error| error.kind()))
    }

    #[test]
    fn all_members_are_unpacked() {
        let text = b"all work and no play ".repeat(9000);
        let plain = member(&text, GzBuilder::new());
        assert_eq!(unpacked(&plain, u64::MAX), (text.clone(), None));
        let named = member(b"more", GzBuilder::new().filename("name").comment("a comment").extra([1, 2, 0, 3]));
        assert_eq!(unpacked(&named, 4), (b"more".to_vec(), None));
        let empty = member(b"", GzBuilder::new());
        let all = [plain, empty, named].concat();
        assert_eq!(unpacked(&all, u64::MAX), ([text.as_slice(), b"more"].concat(), None));
        assert_eq!(unpacked(&all, text.len() as u64 + 4).1, None);
        assert_eq!(unpacked(&all, text.len() as u64 + 3).1, Some(ErrorKind::Other));
    }

    #[test]
    fn a_header_may_have_a_sum() {
        let mut summed = member(b"text", GzBuilder::new());
        summed[3] |= super::HEADER_SUM;
        let mut sum = crate::checksum::Crc32::new();
        sum.update(&summed[..10]);
        summed.splice(10..10, sum.value().to_le_bytes()[..2].to_vec());
        assert_eq!(unpacked(&summed, 4), (b"text".to_vec(), None));
        summed[4] ^= 1;
        assert_eq!(unpacked(&summed, 4).1, Some(ErrorKind::InvalidInput));
    }

    #[test]
    fn whatever_is_broken_is_refused() {
        let whole = member(b"text", GzBuilder::new().filename("name"));
        for length in 0..whole.len() {
            assert_eq!(unpacked(&whole[..length], 4).1, Some(ErrorKind::UnexpectedEof), "{length}");
        }
        // Magic, method, flags, checksum and length.
        for at in [0, 1, 2, whole.len() - 8, whole.len() - 5, whole.len() - 4, whole.len() - 1] {
            let mut broken = whole.clone();
            broken[at] ^= 0x80;
            assert_eq!(unpacked(&broken, 4).1, Some(ErrorKind::InvalidInput), "{at}");
        }
        let mut reserved = whole.clone();
        reserved[3] |= 0x20;
        assert_eq!(unpacked(&reserved, 4).1, Some(ErrorKind::InvalidInput));
        assert_eq!(unpacked(&[whole.as_slice(), b"no gzip at all"].concat(), 4).1, Some(ErrorKind::InvalidInput));
        let mut long = whole[..10].to_vec();
        long.extend([b'n'; 70_000]);
        assert_eq!(unpacked(&long, 4).1, Some(ErrorKind::InvalidInput));
    }
}
