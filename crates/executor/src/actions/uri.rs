//! `uri`: bring the files of the controller that a request sends to the host, and make it there.

use super::contents::Contents;
use super::{ActionContext, files, remote};
use crate::reach::{self, Reach};
use crate::task::{Execution, to_boolean};
use churten_connection::Session;
use churten_value::{Data, Dict, Value};
use std::path::Path;

pub(crate) async fn run(context: &ActionContext<'_>, mut arguments: Dict) -> Execution {
    if context.attributes.check_mode {
        let message = format!("This action ({}) does not support check mode.", context.task.action.name);
        return Execution::skipped_by_action(message);
    }
    let text = |arguments: &Dict, name: &str| {
        arguments.get(name).filter(|value| value.is_truthy()).map(Value::to_text).unwrap_or_default()
    };
    let is_remote = arguments.get("remote_src").and_then(to_boolean).unwrap_or(false);
    let source = text(&arguments, "src");
    let is_form = text(&arguments, "body_format") == "form-multipart";
    if is_remote || (source.is_empty() && !is_form) {
        return remote::module(context, arguments).await;
    }
    context.place.needs_own_turn().await;
    let (session, reach) = match reach::session(context).await {
        Ok(reached) => reached,
        Err(execution) => return *execution,
    };
    let outcome = if source.is_empty() {
        form(context, &session, &reach, &mut arguments).await
    } else {
        bring(context, &session, &reach, &source).await.map(|path| {
            arguments.insert("src", path);
        })
    };
    match outcome {
        Ok(()) => {
            let module = remote::module_name(context.task);
            remote::in_session(context, &session, &reach, module, arguments, vec![]).await
        }
        Err(execution) => *execution,
    }
}

/// Bring the files that the parts of a form name.
async fn form(
    context: &ActionContext<'_>,
    session: &Session,
    reach: &Reach,
    arguments: &mut Dict,
) -> Result<(), Box<Execution>> {
    let body = arguments.get("body").cloned().unwrap_or(Value::NONE);
    let Some(parts) = body.as_dict() else {
        // Scalars of a playbook know where they were written, in ansible-core by their class.
        let kind = match &body.data {
            Data::Str(_) => "_AnsibleTaggedStr",
            Data::Int(_) => "_AnsibleTaggedInt",
            Data::Float(_) => "_AnsibleTaggedFloat",
            _ => body.type_name(),
        };
        return Err(Box::new(Execution::refused(format!("body must be mapping, cannot be type {kind}"))));
    };
    let mut parts = parts.clone();
    for (_, part) in parts.iter_mut() {
        let Some(entries) = part.as_dict() else { continue };
        let given = |name: &str| entries.get(name).filter(|value| value.is_truthy()).map(Value::to_text);
        if let (Some(name), None) = (given("filename"), given("content")) {
            let mut entries = entries.clone();
            entries.insert("filename", bring(context, session, reach, &name).await?);
            *part = entries.into();
        }
    }
    arguments.insert("body", parts);
    Ok(())
}

/// Find a file of the controller and bring it to the host; its path there.
async fn bring(
    context: &ActionContext<'_>,
    session: &Session,
    reach: &Reach,
    name: &str,
) -> Result<String, Box<Execution>> {
    let told = |report| Box::new(Execution::action_error(report));
    let path = files::find(context, "files", name).map_err(told)?;
    let content = Contents::of(context, &path, true).map_err(told)?;
    let name = Path::new(name).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    content.upload(context, session, reach, &name).await
}
