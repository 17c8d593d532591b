//! Lookups that read files.

use super::{Lookup, Plugin, encoding};
use crate::codec::decode_file;
use crate::fault::{Fault, Outcome};
use crate::val::Val;
use churten_diagnostics::Report;
use churten_value::{Origin, Source};
use std::io::Read as _;

pub(super) const TABLE: &[Plugin] = &[Plugin::new("file", file), Plugin::new("unvault", unvault)];

/// Larger files are refused.
const MAX_FILE: u64 = 256 * 1024 * 1024;

fn file(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let strip_end = lookup.flag("rstrip", true)?;
    let strip_start = lookup.flag("lstrip", false)?;
    let mut contents = Vec::with_capacity(lookup.terms.len());
    for term in lookup.texts()? {
        let path = lookup.find_file("files", &term).ok_or_else(|| not_found(&term))?;
        let path = path.to_string_lossy();
        let text = decode_file(&bytes_of(&path)?, &path, &*lookup.session.shared.environment.warn);
        let locked = |report: Report| {
            Fault::report(report.context(format!("Unable to access the file {}.", churten_value::str_repr(&term))))
        };
        let mut text = opened(&path, text, lookup).map_err(locked)?;
        if strip_start {
            text = text.trim_start().to_owned();
        }
        if strip_end {
            text.truncate(text.trim_end().len());
        }
        contents.push(text.into());
    }
    Ok(contents)
}

fn unvault(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let mut contents = Vec::with_capacity(lookup.terms.len());
    for term in lookup.texts()? {
        let Some(path) = lookup.find_file("files", &term) else {
            return Err(Fault::ansible(format!("Unable to find file matching \"{term}\"")));
        };
        contents.push(decrypted(&path.to_string_lossy(), lookup)?.into());
    }
    Ok(contents)
}

/// The text of a file, vaulted or not.
pub(super) fn decrypted(path: &str, lookup: &Lookup<'_, '_>) -> Outcome<String> {
    opened(path, read(path)?, lookup).map_err(Fault::report)
}

/// The text of a file, decrypted when it is a vault.
fn opened(path: &str, text: String, lookup: &Lookup<'_, '_>) -> Result<String, Report> {
    if !churten_vault::is_vault(text.as_bytes()) {
        return Ok(text);
    }
    match lookup.session.shared.environment.vault.decrypt_text(&text) {
        Ok(text) => Ok(text.to_string()),
        Err(error) => Err(Report::from(error).at(Some(Origin::whole(Source::file(path))))),
    }
}

/// A file that no search directory has.
pub(super) fn not_found(term: &str) -> Fault {
    Fault::report(
        Report::new(format!("Unable to access the file {}.", churten_value::str_repr(term)))
            .caused_by(Report::new("File not found. Use -vvvvv to see paths searched.")),
    )
}

/// The text of a file in UTF-8.
pub(super) fn read(path: &str) -> Outcome<String> {
    read_as(path, None)
}

/// The text of a file in an encoding, UTF-8 when none is named.
pub(super) fn read_as(path: &str, encoding: Option<&str>) -> Outcome<String> {
    encoding::decode(bytes_of(path)?, encoding.unwrap_or("utf-8"), path).map_err(Fault::python)
}

fn bytes_of(path: &str) -> Outcome<Vec<u8>> {
    let failed = |error: std::io::Error| {
        Fault::report(
            Report::new(format!("Unable to access the file {}.", churten_value::str_repr(path)))
                .caused_by(Report::new(error.to_string())),
        )
    };
    let mut bytes = Vec::new();
    // What a device or a pipe tells about its size says nothing about how much it gives.
    std::fs::File::open(path).map_err(failed)?.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(Fault::ansible(format!("The file {path} is too large for a lookup.")));
    }
    Ok(bytes)
}
