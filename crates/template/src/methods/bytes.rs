//! Methods of `bytes`.

use crate::fault::{Fault, Outcome};
use crate::val::Val;
use std::fmt::Write as _;

pub(super) fn call(bytes: &[u8], name: &str) -> Outcome<Val> {
    match name {
        "decode" => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Val::str(text)),
            Err(error) => {
                let at = error.valid_up_to();
                let byte = bytes.get(at).copied().unwrap_or(0);
                Err(Fault::python(format!(
                    "'utf-8' codec can't decode byte 0x{byte:02x} in position {at}: invalid start byte"
                )))
            }
        },
        "hex" => Ok(bytes
            .iter()
            .fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            })
            .into()),
        _ => Err(Fault::undefined(format!("object of type 'bytes' has no attribute '{name}'"))),
    }
}
