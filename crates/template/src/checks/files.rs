//! Tests of paths on the controller, of vaults and of addresses.

use super::Check;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::val::Val;
use churten_diagnostics::Report;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

pub(super) const TABLE: &[Check] = &[
    Check::new("abs", absolute),
    Check::new("directory", directory),
    Check::new("exists", exists),
    Check::new("file", file),
    Check::new("is_abs", absolute),
    Check::new("is_dir", directory),
    Check::new("is_file", file),
    Check::new("is_link", link),
    Check::new("is_mount", mount),
    Check::new("is_same_file", same_file),
    Check::new("link", link),
    Check::new("link_exists", link_exists),
    Check::new("mount", mount),
    Check::new("same_file", same_file),
    Check::new("uri", uri),
    Check::new("url", url),
    Check::new("urn", urn),
    Check::new("vault_encrypted", vault_encrypted),
    Check::new("vaulted_file", vaulted_file),
];

fn path_of(value: &Val) -> Outcome<PathBuf> {
    match value {
        Val::Str(text) => Ok(PathBuf::from(&**text)),
        other => Err(Fault::python(format!(
            "stat: path should be string, bytes, os.PathLike or integer, not {}",
            other.plugin_class()
        ))),
    }
}

fn path(call: &mut Call<'_, '_>, function: &str) -> Outcome<Option<PathBuf>> {
    let [value] = call.bind(function, ["path"], 1)?;
    match value.unwrap_or(Val::None) {
        // A number is an open file of ansible-core's own process.
        Val::Int(_) | Val::Bool(_) => Ok(None),
        value => path_of(&value).map(Some),
    }
}

fn exists(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(path(call, "exists")?.is_some_and(|path| path.exists()))
}

fn file(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(path(call, "isfile")?.is_some_and(|path| path.is_file()))
}

fn directory(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(path(call, "isdir")?.is_some_and(|path| path.is_dir()))
}

fn link(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(path(call, "islink")?.is_some_and(|path| path.is_symlink()))
}

fn link_exists(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(path(call, "lexists")?.is_some_and(|path| path.symlink_metadata().is_ok()))
}

fn absolute(call: &mut Call<'_, '_>) -> Outcome<bool> {
    if let Some(other) = call.positional.first().filter(|value| !matches!(value, Val::Str(_) | Val::Bytes(_))) {
        let class = other.plugin_class();
        return Err(Fault::python(format!("expected str, bytes or os.PathLike object, not {class}")));
    }
    Ok(path(call, "isabs")?.is_some_and(|path| path.is_absolute()))
}

/// A directory on another device than its parent, or the root.
fn mount(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let Some(path) = path(call, "ismount")? else { return Ok(false) };
    let (Ok(own), Ok(parent)) = (path.symlink_metadata(), path.join("..").symlink_metadata()) else {
        return Ok(false);
    };
    Ok(!own.is_symlink() && (own.dev() != parent.dev() || own.ino() == parent.ino()))
}

fn same_file(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let [first, second] = call.bind("samefile", ["f1", "f2"], 2)?;
    let identity = |value: Option<Val>| {
        let path = path_of(&value.unwrap_or(Val::None))?;
        match path.metadata() {
            Ok(metadata) => Ok((metadata.dev(), metadata.ino())),
            Err(error) => Err(Fault::python(os_error(&error, &path, ""))),
        }
    };
    Ok(identity(first)? == identity(second)?)
}

/// Python's text for a failed system call.
fn os_error(error: &std::io::Error, path: &Path, prefix: &str) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or("");
    let shown = churten_value::str_repr(&path.to_string_lossy());
    format!("[Errno {}] {text}: {prefix}{shown}", error.raw_os_error().unwrap_or(0))
}

fn vault_encrypted(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let [value] = call.bind("vault_encrypted", ["value"], 1)?;
    // Only decrypted vaulted text is marked as secret.
    Ok(matches!(value, Some(Val::Str(text)) if text.tags.is_secret()))
}

fn vaulted_file(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let [value] = call.bind("vaulted_file", ["value"], 1)?;
    let path = path_of(&value.unwrap_or(Val::None))?;
    let failed = |error: std::io::Error| {
        let shown = churten_value::str_repr(&path.to_string_lossy());
        Fault::report(
            Report::new(format!("Cannot test if the file {shown} is a vault."))
                .caused_by(Report::new(os_error(&error, &path, "b"))),
        )
    };
    let mut start = Vec::new();
    let file = std::fs::File::open(&path).map_err(failed)?;
    file.take(32).read_to_end(&mut start).map_err(failed)?;
    Ok(churten_vault::is_vault(&start))
}

/// Scheme, the rest after `scheme:`, and the network location after `//`.
fn split(text: &str) -> (&str, &str, &str) {
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    let (scheme, rest) = match text.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (scheme, rest),
        _ => ("", text),
    };
    let location = rest.strip_prefix("//").map_or("", |rest| {
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        &rest[..end]
    });
    (scheme, rest, location)
}

fn allowed(call: &Call<'_, '_>, schemes: Option<Val>, scheme: &str) -> Outcome<bool> {
    let Some(schemes) = schemes.filter(|schemes| !schemes.is_none()) else { return Ok(true) };
    let known = call.items(&schemes)?;
    Ok(known.is_empty() || known.iter().any(|known| known.as_str() == Some(scheme)))
}

fn uri(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let [value, schemes] = call.bind("is_uri", ["value", "schemes"], 1)?;
    match value {
        Some(Val::Str(text)) => allowed(call, schemes, &split(&text).0.to_lowercase()),
        // Python's parser of addresses takes whatever is empty for an empty address.
        Some(value) => Ok(!value.truth()? && allowed(call, schemes, "")?),
        None => Ok(false),
    }
}

fn url(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let [value, schemes] = call.bind("is_url", ["value", "schemes"], 1)?;
    let Some(Val::Str(text)) = value else { return Ok(false) };
    let (scheme, rest, location) = split(&text);
    let is_local = scheme == "file" && rest.starts_with("//");
    Ok(allowed(call, schemes, &scheme.to_lowercase())? && !scheme.is_empty() && (!location.is_empty() || is_local))
}

fn urn(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let [value] = call.bind("is_urn", ["value"], 1)?;
    let text = call.text(&value.unwrap_or(Val::None))?;
    let (scheme, rest, _) = split(&text);
    Ok(scheme.eq_ignore_ascii_case("urn") && !rest.is_empty())
}
