//! Base64, hashes and identifiers.

use super::Filter;
use super::types::soft_text;
use crate::codec::Codec;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::val::Val;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use churten_diagnostics::Report;
use churten_value::unescape_bytes;
use sha1::{Digest, Sha1};
use std::fmt::Write as _;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("b64decode", b64decode),
    Filter::new("b64encode", b64encode),
    Filter::new("checksum", sha1),
    Filter::new("hash", hash),
    Filter::new("md5", md5),
    Filter::new("sha1", sha1),
    Filter::new("to_uuid", to_uuid),
];

/// The encoding that base64 filters are given.
fn encoding(value: Option<Val>, call: &Call<'_, '_>) -> Outcome<Codec> {
    let Some(value) = value else { return Ok(Codec::Utf8 { mark: false }) };
    Codec::find(&call.text(&value)?).map_err(Fault::python)
}

fn decode(codec: Codec, bytes: &[u8]) -> Outcome<String> {
    let text = codec.decode_escaping(bytes);
    text.ok_or_else(|| match codec {
        Codec::Utf16(_) => Fault::python("illegal UTF-16 surrogate"),
        _ => Fault::not_yet("text that is not in its encoding (b64decode)"),
    })
}

fn b64encode(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, name, urlsafe] = call.bind("b64encode", ["string", "encoding", "urlsafe"], 1)?;
    let encoding = encoding(name, call)?;
    let bytes = match value {
        Some(Val::Bytes(bytes)) => bytes.to_vec(),
        value => encoding.encode(&soft_text(value, call)?).map_err(Fault::python)?,
    };
    let engine = if call.flag(urlsafe.as_ref(), false)? { URL_SAFE } else { STANDARD };
    Ok(engine.encode(bytes).into())
}

/// As Python's decoder: characters outside the alphabet are skipped, padding must be there.
fn b64decode(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, name, urlsafe] = call.bind("b64decode", ["string", "encoding", "urlsafe"], 1)?;
    let encoding = encoding(name, call)?;
    let text = soft_text(value, call)?;
    let urlsafe = call.flag(urlsafe.as_ref(), false)?;
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut quad, mut count, mut pads, mut ended) = (0_u32, 0, 0, false);
    for character in text.bytes() {
        let digit = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'-' if urlsafe => 62,
            b'_' if urlsafe => 63,
            b'=' => {
                pads += 1;
                if count >= 2 && count + pads >= 4 {
                    ended = true;
                    break;
                }
                continue;
            }
            _ => continue,
        };
        pads = 0;
        quad = quad << 6 | u32::from(digit);
        count += 1;
        if count == 4 {
            bytes.extend_from_slice(&quad.to_be_bytes()[1..]);
            (quad, count) = (0, 0);
        }
    }
    match (count, ended) {
        (0, _) => {}
        (2, true) => bytes.push((quad >> 4) as u8),
        (3, true) => bytes.extend_from_slice(&((quad >> 2) as u16).to_be_bytes()),
        (1, _) => {
            let characters = bytes.len() / 3 * 4 + 1;
            return Err(Fault::python(format!(
                "Invalid base64-encoded string: number of data characters ({characters}) cannot be 1 more than a \
                 multiple of 4"
            )));
        }
        _ => return Err(Fault::python("Incorrect padding")),
    }
    decode(encoding, &bytes).map(Val::from)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn digest<D: Digest>(text: &str) -> String {
    hex(&D::digest(unescape_bytes(text)))
}

fn md5(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("md5s", ["data"], 1)?;
    Ok(digest::<md5::Md5>(&soft_text(value, call)?).into())
}

fn sha1(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("secure_hash_s", ["data"], 1)?;
    Ok(digest::<Sha1>(&soft_text(value, call)?).into())
}

fn hash(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, name] = call.bind("get_hash", ["data", "hashtype"], 1)?;
    let text = soft_text(value, call)?;
    let name = match name {
        Some(name) => call.text(&name)?,
        None => "sha1".to_owned(),
    };
    Ok(match name.to_lowercase().as_str() {
        "md5" => digest::<md5::Md5>(&text),
        "sha1" => digest::<Sha1>(&text),
        "sha224" => digest::<sha2::Sha224>(&text),
        "sha256" => digest::<sha2::Sha256>(&text),
        "sha384" => digest::<sha2::Sha384>(&text),
        "sha512" => digest::<sha2::Sha512>(&text),
        "sha512_256" => digest::<sha2::Sha512_256>(&text),
        "sha512_224" => digest::<sha2::Sha512_224>(&text),
        "blake2b" => digest::<blake2::Blake2b512>(&text),
        "blake2s" => digest::<blake2::Blake2s256>(&text),
        "sha3_224" => digest::<sha3::Sha3_224>(&text),
        "sha3_256" => digest::<sha3::Sha3_256>(&text),
        "sha3_384" => digest::<sha3::Sha3_384>(&text),
        "sha3_512" => digest::<sha3::Sha3_512>(&text),
        _ => return Err(Fault::python(format!("unsupported hash type {name}"))),
    }
    .into())
}

/// The namespace that ansible-core uses.
const NAMESPACE: &str = "361E6D51-FAEC-444A-9079-341386DA8E2E";

/// A version 5 UUID (RFC 9562) of a name.
fn to_uuid(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, namespace] = call.bind("to_uuid", ["string", "namespace"], 1)?;
    let namespace = match namespace {
        Some(Val::Str(namespace)) => namespace.to_string(),
        Some(other) => {
            let (shown, class) = (call.text(&other)?, other.python_type());
            let message =
                format!("Invalid value '{shown}' for 'namespace': '{class}' object has no attribute 'replace'");
            return Err(Fault::report(Report::new(message).apart()));
        }
        None => NAMESPACE.to_owned(),
    };
    let digits: String = namespace.replace("urn:", "").replace("uuid:", "").trim_matches(['{', '}']).replace('-', "");
    let number = (digits.len() == 32).then(|| u128::from_str_radix(&digits, 16).ok()).flatten();
    let Some(number) = number else {
        return Err(Fault::python(format!(
            "Invalid value {} for 'namespace': badly formed hexadecimal UUID string",
            churten_value::str_repr(&namespace)
        )));
    };
    let mut hasher = Sha1::new();
    hasher.update(number.to_be_bytes());
    hasher.update(soft_text(value, call)?.as_bytes());
    let mut bytes: [u8; 16] = [0; 16];
    bytes.copy_from_slice(&hasher.finalize()[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x50;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = hex(&bytes);
    Ok(format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]).into())
}
