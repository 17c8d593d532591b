//! What `copy` and `template` would change in a file, for `--diff`.

use super::ActionContext;
use super::copy::Placement;
use crate::task::to_boolean;
use churten_connection::Session;
use churten_protocol::FileKind;
use churten_value::{Dict, Value};

/// The difference between the file on the host and what is to be placed; `None` when there is none, or when it
/// cannot be known.
pub(super) async fn of(
    context: &ActionContext<'_>,
    session: &Session,
    arguments: &Dict,
    placement: &Placement,
) -> Option<Dict> {
    let mut path = arguments.get("dest")?.to_text();
    let mut status = session.stat(&path, true, false).await.ok()?;
    if path.ends_with('/') || status.as_ref().is_some_and(|status| status.kind == FileKind::Directory) {
        path = format!("{}/{}", path.trim_end_matches('/'), placement.name);
        status = session.stat(&path, true, false).await.ok()?;
    }
    // With `force: false` a file that is there stays as it is.
    let force = arguments.get("force").and_then(to_boolean).unwrap_or(true);
    if status.is_some() && !force {
        return None;
    }
    let limit = context.engine.settings.max_file_size_for_diff();
    let mut diff = Dict::new();
    match status {
        None => {
            diff.insert("before", "");
        }
        Some(status) if status.size > limit => {
            diff.insert("dst_larger", limit);
        }
        Some(_) => {
            let mut before = vec![];
            session.fetch(&path, &mut before).await.ok()?;
            if before == placement.content {
                return None;
            }
            if before.contains(&0) {
                diff.insert("dst_binary", 1);
            } else {
                diff.insert("before_header", path.as_str());
                diff.insert("before", String::from_utf8_lossy(&before).into_owned());
            }
        }
    }
    if placement.content.contains(&0) {
        diff.insert("src_binary", 1);
    } else if placement.content.len() as u64 > limit {
        diff.insert("src_larger", limit);
    } else {
        let source = if placement.source.is_empty() { path } else { placement.source.clone() };
        diff.insert("after_header", source);
        diff.insert("after", String::from_utf8_lossy(&placement.content).into_owned());
    }
    if context.attributes.no_log {
        let hidden = " [[ Diff output has been hidden because 'no_log: true' was specified for this result ]]";
        diff = Dict::from([("before", Value::from("")), ("after", hidden.into())]);
    }
    Some(diff)
}
