//! Filters on Windows paths, as Python's `ntpath` has them.

use super::Filter;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::val::Val;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("win_basename", basename),
    Filter::new("win_dirname", dirname),
    Filter::new("win_splitdrive", split_drive),
];

const SEPARATORS: [char; 2] = ['\\', '/'];

fn path(call: &mut Call<'_, '_>, name: &str) -> Outcome<String> {
    let [value] = call.bind(name, ["path"], 1)?;
    match value.unwrap_or(Val::None) {
        Val::Str(text) => Ok(text.to_string()),
        other => Err(Fault::python(format!("expected str, bytes or os.PathLike object, not {}", other.python_class()))),
    }
}

/// `C:` or `\\server\share`, and the rest.
fn drive(path: &str) -> (&str, &str) {
    let is_separator = |character: char| SEPARATORS.contains(&character);
    if path.starts_with(is_separator) && path[1..].starts_with(is_separator) {
        let Some(server) = path[2..].find(is_separator) else { return path.split_at(path.len()) };
        let share = path[2 + server + 1..].find(is_separator).map_or(path.len(), |at| 2 + server + 1 + at);
        return path.split_at(share);
    }
    match path.char_indices().nth(1) {
        Some((at, ':')) => path.split_at(at + 1),
        _ => path.split_at(0),
    }
}

fn split(path: &str) -> (String, &str) {
    let (drive, rest) = drive(path);
    let cut = rest.rfind(SEPARATORS).map_or(0, |at| at + 1);
    let (head, tail) = rest.split_at(cut);
    let stripped = head.trim_end_matches(SEPARATORS);
    (format!("{drive}{}", if stripped.is_empty() { head } else { stripped }), tail)
}

fn basename(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let path = path(call, "basename")?;
    Ok(split(&path).1.into())
}

fn dirname(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let path = path(call, "dirname")?;
    Ok(split(&path).0.into())
}

fn split_drive(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let path = path(call, "splitdrive")?;
    let (drive, rest) = drive(&path);
    Ok(Val::tuple(vec![drive.into(), rest.into()]))
}
