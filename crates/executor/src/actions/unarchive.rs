//! `unarchive`: bring an archive of the controller to the host and unpack it there.

use super::contents::Contents;
use super::{ActionContext, files, remote};
use crate::reach::{self, Reach};
use crate::task::{Execution, to_boolean};
use churten_connection::Session;
use churten_diagnostics::Report;
use churten_protocol::FileKind;
use churten_value::{Dict, Value};
use std::path::Path;

pub(crate) async fn run(context: &ActionContext<'_>, mut arguments: Dict) -> Execution {
    let given = |name: &str| arguments.get(name).filter(|value| !value.is_none()).cloned();
    let flag = |name: &str| given(name).as_ref().and_then(to_boolean);
    if given("copy").is_some() && given("remote_src").is_some() {
        return Execution::refused("parameters are mutually exclusive: ('copy', 'remote_src')");
    }
    let is_remote = flag("copy").map_or_else(|| flag("remote_src").unwrap_or(false), |copy| !copy);
    let (Some(source), Some(dest)) = (given("src"), given("dest")) else {
        return Execution::refused("src (or content) and dest are required");
    };
    let (session, reach) = match reach::session(context).await {
        Ok(reached) => reached,
        Err(execution) => return *execution,
    };
    if let Some(path) = given("creates").map(|path| path.to_text()) {
        match session.stat(&path, true, false).await {
            Ok(None) => {}
            Ok(Some(_)) => return Execution::skipped_by_action(format!("skipped, since {path} exists")),
            Err(error) => return reach::failure(&error),
        }
    }
    let dest = dest.to_text();
    // A relative path counts from where the module runs, which looks for itself.
    let looked = if dest.starts_with(['/', '~']) { session.stat(&dest, true, false).await.map(Some) } else { Ok(None) };
    match looked {
        Ok(None) => {}
        Ok(Some(Some(status))) if status.kind == FileKind::Directory => {}
        Ok(_) => return Execution::refused(format!("dest '{dest}' must be an existing dir")),
        Err(error) => return reach::failure(&error),
    }
    if !is_remote {
        let decrypt = flag("decrypt").unwrap_or(true);
        match bring(context, &session, &reach, &source.to_text(), decrypt).await {
            Ok(path) => {
                arguments.insert("src", path);
            }
            Err(execution) => return *execution,
        }
    }
    // The module is told only what the host decides.
    for name in ["copy", "creates", "decrypt"] {
        arguments.remove(name);
    }
    arguments.insert("remote_src", Value::from(is_remote));
    remote::in_session(context, &session, &reach, "ansible.legacy.unarchive", arguments, vec![]).await
}

/// Find the archive on the controller and bring it to the host; its path there.
async fn bring(
    context: &ActionContext<'_>,
    session: &Session,
    reach: &Reach,
    name: &str,
    decrypt: bool,
) -> Result<String, Box<Execution>> {
    let told = |report: Report| Box::new(Execution::action_error(report));
    let path = files::find(context, "files", name).map_err(told)?;
    if path.is_dir() {
        return Err(told(files::not_found(&path.display().to_string(), &[])));
    }
    let content = Contents::of(context, &path, decrypt).map_err(told)?;
    let name = Path::new(name).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    content.upload(context, session, reach, &name).await
}
