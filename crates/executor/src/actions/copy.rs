//! `copy`: place a file or a text of the controller on the host.

use super::contents::Contents;
use super::remote::{self, in_session};
use super::{ActionContext, copy_tree, files};
use crate::reach::{self, Reach};
use crate::task::{Execution, to_boolean};
use churten_connection::{Session, Transport};
use churten_diagnostics::Report;
use churten_modules::copy::attachments::{
    AT_ONCE, CONTENT, CONTENT_NEEDED, DEFAULT_LARGEST_SHOWN, DIGEST, HEADER, LARGEST_SHOWN, MOST_LARGEST_SHOWN,
};
use churten_protocol::{Attachment, Blob, Content};
use churten_value::{Data, Dict, JsonStyle, Value, unescape_bytes};
use std::path::Path;

/// Larger content is announced first, and sent only when the host has another one: what differences show is not.
const ASK_LIMIT: u64 = DEFAULT_LARGEST_SHOWN;

/// One file to be placed.
pub(super) struct Placement {
    /// What is in it.
    pub(super) content: Contents,
    /// The name it gets when `dest` is a directory.
    pub(super) name: String,
    /// What diffs and results call it.
    pub(super) source: String,
    /// Let the module decide whether there is anything to do, without a comparison before it.
    pub(super) at_once: bool,
}

pub(crate) async fn run(context: &ActionContext<'_>, arguments: Dict) -> Execution {
    let flag = |name: &str, default: bool| arguments.get(name).and_then(to_boolean).unwrap_or(default);
    let source = arguments.get("src").filter(|source| source.is_truthy()).cloned();
    let content = arguments.get("content").filter(|content| !content.is_none()).cloned();
    let destination = arguments.get("dest").filter(|destination| destination.is_truthy());
    let failed = |message: &str| Execution::failed(message);
    match (&source, &content, destination) {
        (None, None, _) => return failed("src (or content) is required"),
        (_, _, None) => return failed("dest is required"),
        (Some(_), Some(_), _) => return failed("src and content are mutually exclusive"),
        (None, Some(_), Some(destination)) if destination.to_text().ends_with('/') => {
            return failed("can not use content with a dir as dest");
        }
        _ => {}
    }
    let decrypt = flag("decrypt", true);
    if let Some(content) = content {
        let mut rest = arguments;
        rest.remove("content");
        rest.remove("decrypt");
        let text = match &content.data {
            Data::List(_) | Data::Dict(_) => content.to_json(JsonStyle::PLAIN),
            _ => content.to_text(),
        };
        return place(
            context,
            rest,
            Placement {
                content: Contents::Bytes(unescape_bytes(&text).into_owned()),
                name: String::new(),
                source: String::new(),
                at_once: false,
            },
        )
        .await;
    }
    let source = source.map(|source| source.to_text()).unwrap_or_default();
    if flag("remote_src", false) {
        return remote::module(context, arguments).await;
    }
    let follows = flag("local_follow", true);
    let mut rest = arguments;
    rest.remove("src");
    rest.remove("decrypt");
    rest.remove("local_follow");
    let path = match files::find(context, "files", source.trim_end_matches('/')) {
        Ok(path) => path,
        Err(report) => {
            let message = format!("Unexpected AnsibleActionFail error: {}", report.message);
            return Execution::refused(message);
        }
    };
    if path.is_dir() {
        // It may need several requests.
        context.place.needs_own_turn().await;
        let context = &context.alone();
        let what = copy_tree::Source { path: &path, contents: source.ends_with('/'), decrypt, follows };
        return copy_tree::run(context, rest, what).await;
    }
    match Contents::of(context, &path, decrypt) {
        Err(report) => Execution::action_error(report),
        Ok(content) => {
            let name = Path::new(&source).file_name().map(|name| name.to_string_lossy().into_owned());
            let placement = Placement {
                content,
                name: name.unwrap_or_default(),
                source: path.display().to_string(),
                at_once: false,
            };
            place(context, preserve(rest, &path), placement).await
        }
    }
}

/// `mode: preserve` is the mode of the source.
pub(super) fn preserve(mut arguments: Dict, path: &Path) -> Dict {
    use std::os::unix::fs::PermissionsExt;
    if arguments.get("mode").and_then(Value::as_str) == Some("preserve")
        && let Ok(metadata) = std::fs::metadata(path)
    {
        arguments.insert("mode", format!("0{:03o}", metadata.permissions().mode() & 0o7777));
    }
    arguments
}

/// Place one file with the arguments that are the module's.
pub(super) async fn place(context: &ActionContext<'_>, arguments: Dict, placement: Placement) -> Execution {
    match reach::session(context).await {
        Ok((session, reach)) => place_in(context, &session, &reach, arguments, placement).await,
        Err(execution) => *execution,
    }
}

/// The module's name as the action calls it.
pub(super) const MODULE: &str = "ansible.legacy.copy";

/// Place one file in a session that is already there. The module compares, writes and tells the difference in one trip;
/// content of some size is sent only when the host has another one.
pub(super) async fn place_in(
    context: &ActionContext<'_>,
    session: &Session,
    reach: &Reach,
    arguments: Dict,
    mut placement: Placement,
) -> Execution {
    let by_digest = placement.content.size() > ASK_LIMIT && !placement.at_once && reach.transport != Transport::Local;
    if by_digest {
        context.place.needs_own_turn().await;
        let context = &context.alone();
        let digest = match announced(context, &placement.content).await {
            Ok(digest) => digest,
            Err(report) => return Execution::action_error(report),
        };
        let (arguments, files) = by_name(context, arguments.clone(), &placement, digest);
        let mut execution = in_session(context, session, reach, MODULE, arguments, files).await;
        if !is_needed(&execution) {
            hide(context, &mut execution);
            return execution;
        }
    }
    let content = match upload_large(context, session, reach, &placement).await {
        Ok(Some(path)) => Content::Uploaded(path),
        Ok(None) => Content::Bytes(Blob(placement.content.take())),
        Err(execution) => return *execution,
    };
    let (arguments, files) = by_name(context, arguments, &placement, attachment(CONTENT, content));
    let mut execution = in_session(context, session, reach, MODULE, arguments, files).await;
    hide(context, &mut execution);
    execution
}

/// Upload content that is too large for a request.
pub(super) async fn upload_large(
    context: &ActionContext<'_>,
    session: &Session,
    reach: &Reach,
    placement: &Placement,
) -> Result<Option<String>, Box<Execution>> {
    if !placement.content.is_large() {
        return Ok(None);
    }
    context.place.needs_own_turn().await;
    placement.content.upload(context, session, reach, &placement.name).await.map(Some)
}

/// The module's arguments and files: what it is to place, and what it calls it.
pub(super) fn by_name(
    context: &ActionContext<'_>,
    mut arguments: Dict,
    placement: &Placement,
    content: Attachment,
) -> (Dict, Vec<Attachment>) {
    if !placement.name.is_empty() {
        arguments.insert("_original_basename", placement.name.as_str());
    }
    let mut files = vec![content];
    if !placement.source.is_empty() {
        files.push(attachment(HEADER, Content::Bytes(Blob(placement.source.clone().into_bytes()))));
    }
    if placement.at_once {
        files.push(attachment(AT_ONCE, Content::Bytes(Blob::default())));
    }
    // Zero is no limit.
    let largest = Some(context.engine.settings.max_file_size_for_diff()).filter(|size| *size > 0);
    let largest = largest.unwrap_or(MOST_LARGEST_SHOWN);
    if context.attributes.diff && largest != DEFAULT_LARGEST_SHOWN {
        files.push(attachment(LARGEST_SHOWN, Content::Bytes(Blob(largest.to_string().into_bytes()))));
    }
    (arguments, files)
}

/// Content by its SHA-1 and its size.
pub(super) async fn announced(context: &ActionContext<'_>, content: &Contents) -> Result<Attachment, Report> {
    let digest = content.digest(context).await?;
    Ok(attachment(DIGEST, Content::Bytes(Blob(format!("{digest} {}", content.size()).into_bytes()))))
}

pub(super) fn attachment(name: &str, content: Content) -> Attachment {
    Attachment { argument: String::new(), name: name.to_owned(), content, deflated: false }
}

/// Does the host ask for the content that was only announced?
pub(super) fn is_needed(execution: &Execution) -> bool {
    execution.result.contains(CONTENT_NEEDED)
}

/// Under `no_log` a difference tells where, and not what.
fn hide(context: &ActionContext<'_>, execution: &mut Execution) {
    if context.attributes.no_log
        && let Some(differences) = execution.result.get("diff").and_then(Value::as_list)
    {
        let hidden: Vec<Value> = differences.iter().map(hidden).collect();
        execution.result.insert("diff", hidden);
    }
}

/// A difference under `no_log`: where, and not what.
fn hidden(difference: &Value) -> Value {
    const HIDDEN: &str = " [[ Diff output has been hidden because 'no_log: true' was specified for this result ]]\n";
    let mut entries = Dict::from([("before", Value::from("")), ("after", HIDDEN.into())]);
    for name in ["before_header", "after_header"] {
        if let Some(header) = difference.get(name) {
            entries.insert(name, header.clone());
        }
    }
    Value::dict(entries)
}
