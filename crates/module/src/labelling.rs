//! Giving files their SELinux contexts.

use crate::selinux::{Context, Labels};
use crate::{Failure, Host, Result, error_text, python_error};
use churten_value::{Data, Dict, Value};
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Which context a file gets that is written as a new one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Labelling {
    /// That of the file it replaces; where there is none the policy's.
    #[default]
    Kept,
    /// That of the file it replaces; where there is none what the kernel gives to a file made there.
    Made,
    /// The policy's, whatever was there.
    Policy,
}

/// The parts of a context as a list; what nothing is said of is `null`.
pub(crate) fn list(parts: &[Option<String>]) -> Value {
    Value::list(parts.iter().map(|part| part.as_deref().map_or(Value::NONE, Value::from)).collect())
}

/// Every part of a context; none when there is no context.
pub(crate) fn all(context: Option<&Context>, labels: &dyn Labels) -> Vec<Option<String>> {
    match context {
        Some(context) => context.parts().iter().cloned().map(Some).collect(),
        None => vec![None; if labels.has_levels() { 4 } else { 3 }],
    }
}

/// The context of a file.
pub(crate) fn current(labels: &dyn Labels, path: &Path) -> Result<Context> {
    labels.context(path).map_err(|error| {
        let path = path.display().to_string();
        let msg = match error.kind() {
            io::ErrorKind::NotFound => format!("path {path} does not exist"),
            _ => "failed to retrieve selinux context".to_owned(),
        };
        Failure::new(msg).with("path", path)
    })
}

/// What the policy says of a path.
pub(crate) fn default(labels: &dyn Labels, path: &Path) -> Result<Option<Context>> {
    labels.default_context(path).map_err(|error| {
        Failure::not_yet(format!("the pattern in file_contexts that {} is compared with: {error}", path.display()))
    })
}

/// A file's context as it is, and as it is with the parts that are asked for. On a file system without contexts of its own all
/// files are to have the one of the directory where it is mounted.
pub(crate) fn wanted(labels: &dyn Labels, path: &Path, parts: &[Option<String>]) -> Result<(Context, Context)> {
    let before = current(labels, path)?;
    let after = labels.common_context(path).unwrap_or_else(|| before.with(parts));
    Ok((before, after))
}

/// Give `place` the parts that are asked for; it is or will be at `path`. What was before and is now, where that differs.
pub(crate) fn set(
    host: &dyn Host,
    place: &Path,
    path: &Path,
    parts: &[Option<String>],
) -> Result<Option<(Context, Context)>> {
    let Some(labels) = host.labels() else { return Ok(None) };
    let (before, after) = wanted(labels, place, parts)?;
    if before == after {
        return Ok(None);
    }
    host.set_context(place, &after).map_err(|error| {
        Failure::new(format!("invalid selinux context: {}", python_error(&error)))
            .caused_by(error_text(&error))
            .with("path", path.display().to_string())
            .with("new_context", after.parts().to_vec())
            .with("cur_context", before.parts().to_vec())
            .with("input_was", list(parts))
    })?;
    Ok(Some((before, after)))
}

/// Add a change of the context to the difference that a result tells of a file's properties, if it does.
pub(crate) fn tell(result: &mut Dict, before: &Context, after: &Context) {
    let Some(diff) = result.get_mut("diff") else { return };
    let properties = match &mut diff.data {
        Data::Dict(diff) => Some(Arc::make_mut(diff)),
        // Of a file that is edited the content comes first.
        Data::List(diffs) => Arc::make_mut(diffs).last_mut().and_then(|last| match &mut last.data {
            Data::Dict(diff) => Some(Arc::make_mut(diff)),
            _ => None,
        }),
        _ => None,
    };
    let Some(properties) = properties else { return };
    for (side, context) in [("before", before), ("after", after)] {
        if !properties.contains(side) {
            properties.insert(side, Dict::new());
        }
        if let Some(Value { data: Data::Dict(side), .. }) = properties.get_mut(side) {
            Arc::make_mut(side).insert("secontext", context.parts().to_vec());
        }
    }
}
