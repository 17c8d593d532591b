//! Digests of content.

use std::io::{self, Read};

/// The digests that modules speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// MD5.
    Md5,
    /// SHA-1, Ansible's `checksum`.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// SHA3-224.
    Sha3_224,
    /// SHA3-256.
    Sha3_256,
    /// SHA3-384.
    Sha3_384,
    /// SHA3-512.
    Sha3_512,
    /// BLAKE2b with 64 bytes.
    Blake2b,
    /// BLAKE2s with 32 bytes.
    Blake2s,
    /// CRC-32 as zip archives have it. No name for users leads here.
    Crc32,
}

/// The names of all algorithms, as Python's `hashlib` has them.
pub const ALGORITHMS: [&str; 12] = [
    "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_224", "sha3_256", "sha3_384", "sha3_512", "blake2b",
    "blake2s",
];

impl Algorithm {
    /// The algorithm of a name such as `sha256`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "md5" => Self::Md5,
            "sha1" => Self::Sha1,
            "sha224" => Self::Sha224,
            "sha256" => Self::Sha256,
            "sha384" => Self::Sha384,
            "sha512" => Self::Sha512,
            "sha3_224" => Self::Sha3_224,
            "sha3_256" => Self::Sha3_256,
            "sha3_384" => Self::Sha3_384,
            "sha3_512" => Self::Sha3_512,
            "blake2b" => Self::Blake2b,
            "blake2s" => Self::Blake2s,
            _ => return None,
        })
    }
}

/// The hexadecimal digest of everything that can be read.
pub fn digest(algorithm: Algorithm, reader: &mut dyn Read) -> io::Result<String> {
    match algorithm {
        Algorithm::Md5 => run::<md5::Md5>(reader),
        Algorithm::Sha1 => run::<sha1::Sha1>(reader),
        Algorithm::Sha224 => run::<sha2::Sha224>(reader),
        Algorithm::Sha256 => run::<sha2::Sha256>(reader),
        Algorithm::Sha384 => run::<sha2::Sha384>(reader),
        Algorithm::Sha512 => run::<sha2::Sha512>(reader),
        Algorithm::Sha3_224 => run::<sha3::Sha3_224>(reader),
        Algorithm::Sha3_256 => run::<sha3::Sha3_256>(reader),
        Algorithm::Sha3_384 => run::<sha3::Sha3_384>(reader),
        Algorithm::Sha3_512 => run::<sha3::Sha3_512>(reader),
        Algorithm::Blake2b => run::<blake2::Blake2b512>(reader),
        Algorithm::Blake2s => run::<blake2::Blake2s256>(reader),
        Algorithm::Crc32 => crc32(reader),
    }
}

fn crc32(reader: &mut dyn Read) -> io::Result<String> {
    let mut state = Crc32::new();
    read_all(reader, &mut |bytes| state.update(bytes))?;
    Ok(format!("{:08x}", state.value()))
}

/// A CRC-32 that is summed up. Its table is made when it is needed: it is smaller so.
pub(crate) struct Crc32 {
    table: [u32; 256],
    state: u32,
}

impl Crc32 {
    pub(crate) fn new() -> Self {
        /// The polynomial of ISO 3309, its bits reversed.
        const POLYNOMIAL: u32 = 0xedb8_8320;
        let entry = |byte| (0..8).fold(byte, |sum, _| (sum >> 1) ^ if sum & 1 == 1 { POLYNOMIAL } else { 0 });
        let mut table = [0; 256];
        for (place, byte) in table.iter_mut().zip(0..) {
            *place = entry(byte);
        }
        Self { table, state: u32::MAX }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let [low, ..] = self.state.to_le_bytes();
            self.state = (self.state >> 8) ^ self.table[usize::from(low ^ byte)];
        }
    }

    pub(crate) fn value(&self) -> u32 {
        !self.state
    }
}

fn run<D: sha1::Digest>(reader: &mut dyn Read) -> io::Result<String> {
    let mut state = D::new();
    read_all(reader, &mut |bytes| state.update(bytes))?;
    Ok(hexadecimal(&state.finalize()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Hand on all that can be read, piece by piece.
fn read_all(reader: &mut dyn Read, take: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => take(buffer.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
