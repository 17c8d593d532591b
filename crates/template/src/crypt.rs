//! The `crypt` password schemes: `$1$` (MD5), `$5$` and `$6$` (Ulrich Drepper's SHA-crypt specification), `$2b$`.

use sha2::{Digest, Sha256, Sha512};

/// Crypt's own base 64: least significant bits first.
const ALPHABET: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn encode(bytes: &[u8], order: &[&[usize]], out: &mut String) {
    for group in order {
        let mut bits =
            group.iter().fold(0_u32, |bits, index| bits << 8 | u32::from(bytes.get(*index).copied().unwrap_or(0)));
        for _ in 0..=group.len() {
            out.push(char::from(ALPHABET[(bits & 63) as usize]));
            bits >>= 6;
        }
    }
}

/// The first `length` bytes of endlessly repeated `block`.
fn repeated(block: &[u8], length: usize) -> Vec<u8> {
    block.iter().copied().cycle().take(length).collect()
}

/// The digest that SHA-crypt ends with.
fn sha_crypt<D: Digest>(secret: &[u8], salt: &[u8], rounds: u32) -> Vec<u8> {
    let digest = |parts: &[&[u8]]| {
        let mut hasher = D::new();
        parts.iter().for_each(|part| hasher.update(part));
        hasher.finalize().to_vec()
    };
    let other = digest(&[secret, salt, secret]);
    let mut first = D::new();
    first.update(secret);
    first.update(salt);
    first.update(repeated(&other, secret.len()));
    let mut length = secret.len();
    while length > 0 {
        first.update(if length & 1 == 1 { &*other } else { secret });
        length >>= 1;
    }
    let mut sum = first.finalize().to_vec();
    let mut hasher = D::new();
    for _ in 0..secret.len() {
        hasher.update(secret);
    }
    let secret = repeated(&hasher.finalize(), secret.len());
    let mut hasher = D::new();
    for _ in 0..16 + usize::from(sum.first().copied().unwrap_or(0)) {
        hasher.update(salt);
    }
    let salt = repeated(&hasher.finalize(), salt.len());
    for round in 0..rounds {
        let mut hasher = D::new();
        hasher.update(if round & 1 == 1 { &secret } else { &sum });
        if round % 3 != 0 {
            hasher.update(&salt);
        }
        if round % 7 != 0 {
            hasher.update(&secret);
        }
        hasher.update(if round & 1 == 1 { &sum } else { &secret });
        sum = hasher.finalize().to_vec();
    }
    sum
}

fn prefix(kind: char, salt: &str, rounds: u32) -> String {
    // 5000 rounds are the scheme's own default, which is not written.
    if rounds == 5_000 { format!("${kind}${salt}$") } else { format!("${kind}$rounds={rounds}${salt}$") }
}

/// `$5$`.
pub(crate) fn sha256(secret: &[u8], salt: &str, rounds: u32) -> String {
    let sum = sha_crypt::<Sha256>(secret, salt.as_bytes(), rounds);
    let mut out = prefix('5', salt, rounds);
    let order: [&[usize]; 11] = [
        &[0, 10, 20],
        &[21, 1, 11],
        &[12, 22, 2],
        &[3, 13, 23],
        &[24, 4, 14],
        &[15, 25, 5],
        &[6, 16, 26],
        &[27, 7, 17],
        &[18, 28, 8],
        &[9, 19, 29],
        &[31, 30],
    ];
    encode(&sum, &order, &mut out);
    out
}

/// `$6$`.
pub(crate) fn sha512(secret: &[u8], salt: &str, rounds: u32) -> String {
    let sum = sha_crypt::<Sha512>(secret, salt.as_bytes(), rounds);
    let mut out = prefix('6', salt, rounds);
    let mut triple = [0, 21, 42];
    for _ in 0..21 {
        encode(&sum, &[&triple], &mut out);
        triple = [triple[1] + 1, triple[2] + 1, triple[0] + 1];
    }
    encode(&sum, &[&[63]], &mut out);
    out
}

/// `$1$`.
pub(crate) fn md5(secret: &[u8], salt: &str) -> String {
    let salt_bytes = salt.as_bytes();
    let digest = |parts: &[&[u8]]| {
        let mut hasher = md5::Md5::new();
        parts.iter().for_each(|part| hasher.update(part));
        hasher.finalize().to_vec()
    };
    let other = digest(&[secret, salt_bytes, secret]);
    let mut start = [secret, b"$1$", salt_bytes].concat();
    start.extend(repeated(&other, secret.len()));
    let mut length = secret.len();
    while length > 0 {
        start.push(if length & 1 == 1 { 0 } else { secret.first().copied().unwrap_or(0) });
        length >>= 1;
    }
    let mut sum = digest(&[&start]);
    for round in 0..1_000 {
        let odd = round & 1 == 1;
        let mut parts: Vec<&[u8]> = vec![if odd { secret } else { &sum }];
        if round % 3 != 0 {
            parts.push(salt_bytes);
        }
        if round % 7 != 0 {
            parts.push(secret);
        }
        parts.push(if odd { &sum } else { secret });
        sum = digest(&parts);
    }
    let mut out = format!("$1${salt}$");
    encode(&sum, &[&[0, 6, 12], &[1, 7, 13], &[2, 8, 14], &[3, 9, 15], &[4, 10, 5], &[11]], &mut out);
    out
}

/// `$2b$` and its kin; `salt` has 22 characters of bcrypt's alphabet.
pub(crate) fn bcrypt(secret: &[u8], salt: &str, cost: u32, ident: &str) -> Result<String, String> {
    use base64::Engine as _;
    use base64::alphabet::BCRYPT;
    use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
    let config = GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&BCRYPT, config);
    let bytes = engine.decode(salt).map_err(|error| error.to_string())?;
    let salt: [u8; 16] = bytes.try_into().map_err(|_| "the salt has not 16 bytes".to_owned())?;
    if !matches!(ident, "2" | "2a" | "2y" | "2b") {
        return Err(format!("invalid ident: {}", churten_value::str_repr(ident)));
    }
    let mut secret = secret.to_vec();
    secret.truncate(72);
    if secret.len() < 72 {
        secret.push(0);
    }
    let sum = bcrypt::bcrypt(cost, salt, &secret);
    Ok(format!("${ident}${cost:02}${}{}", engine.encode(salt), engine.encode(&sum[..23])))
}
