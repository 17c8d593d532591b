//! `fetch`: bring a file of the host to the controller.

use super::{ActionContext, files};
use crate::reach;
use crate::task::{Execution, to_boolean};
use churten_connection::ConnectionError;
use churten_diagnostics::Report;
use churten_module::Algorithm;
use churten_value::{Dict, Value};
use std::path::{Component, Path, PathBuf};

/// Larger files are refused: they would have to be held in memory.
const MAX_SIZE: u64 = 1 << 30;

pub(crate) async fn run(context: &ActionContext<'_>, arguments: Dict) -> Execution {
    let flag = |name: &str, default: bool| arguments.get(name).and_then(to_boolean).unwrap_or(default);
    for (name, option) in [("src", "source"), ("dest", "dest")] {
        if arguments.get(name).is_some_and(|value| value.is_truthy() && value.as_str().is_none()) {
            return Execution::refused(format!("Invalid type supplied for {option} option, it must be a string"));
        }
    }
    let text = |name: &str| arguments.get(name).map(Value::to_text).filter(|text| !text.is_empty());
    let (Some(source), Some(destination)) = (text("src"), text("dest")) else {
        return Execution::refused("src and dest are required");
    };
    if context.attributes.check_mode {
        return Execution::skipped_by_action("check mode not (yet) supported for this module");
    }
    let (session, _) = match reach::session(context).await {
        Ok(session) => session,
        Err(execution) => return *execution,
    };
    let status = match session.stat(&source, true, true).await {
        Ok(status) => status,
        Err(error) => return unreadable(&source, &error, flag("fail_on_missing", true)),
    };
    let missing = |message: String| {
        if flag("fail_on_missing", true) {
            return Execution::failed(message);
        }
        let mut result = Dict::from([("file", Value::from(source.as_str())), ("changed", false.into())]);
        result.insert("msg", format!("{message}, not transferring, ignored"));
        Execution::of(result)
    };
    let Some(status) = status else {
        let mut execution = missing("the remote file does not exist".into());
        if execution.has_failed() {
            // ansible-core says the same in the result, and shows the error of the module that it asked.
            execution.result.insert("msg", "the remote file does not exist, not transferring, ignored");
            let path = churten_value::str_repr(&source);
            let error = format!("File not found: {source}: [Errno 2] No such file or directory: {path}");
            execution.error = Some(Report::new(format!("Task failed: Module failed: {error}")));
        }
        return execution;
    };
    if status.kind == churten_protocol::FileKind::Directory {
        return missing("remote file is a directory, fetch cannot work on directories".into());
    }
    if status.size > MAX_SIZE {
        return Execution::refused(format!(
            "not yet supported by churten: fetching a file of more than {MAX_SIZE} bytes"
        ));
    }
    let target = match place(context, &source, &destination, flag("flat", false)) {
        Ok(target) => target,
        Err(message) => return Execution::refused(message),
    };
    if target.is_dir() {
        return Execution::refused(format!(
            "calculated dest '{}' is an existing directory, use another path that does not point to an existing directory",
            target.display()
        ));
    }
    let local = std::fs::read(&target).ok().map(|bytes| digest(Algorithm::Sha1, &bytes));
    if local.is_some() && local == status.sha1 {
        let result = Dict::from([
            ("changed", Value::from(false)),
            ("md5sum", Value::NONE),
            ("file", source.as_str().into()),
            ("dest", target.display().to_string().into()),
            ("checksum", local.into()),
        ]);
        return Execution::of(result);
    }
    let mut bytes = vec![];
    if let Err(error) = session.fetch(&source, &mut bytes).await {
        return unreadable(&source, &error, flag("fail_on_missing", true));
    }
    let checksum = digest(Algorithm::Sha1, &bytes);
    let md5 = digest(Algorithm::Md5, &bytes);
    if let Err(error) = write(&target, &bytes) {
        return Execution::refused(format!("Failed to fetch the file: {}: {error}", target.display()));
    }
    if flag("validate_checksum", true) && status.sha1.as_ref().is_some_and(|remote| *remote != checksum) {
        let mut execution = Execution::failed("checksum mismatch");
        execution.result.insert("file", source.as_str());
        execution.result.insert("dest", target.display().to_string());
        return execution;
    }
    Execution::of(Dict::from([
        ("changed", Value::from(true)),
        ("md5sum", md5.into()),
        ("dest", target.display().to_string().into()),
        ("remote_md5sum", Value::NONE),
        ("checksum", checksum.into()),
        ("remote_checksum", status.sha1.into()),
    ]))
}

/// A file that cannot be read: the words are those of the module that ansible-core asks for it.
fn unreadable(source: &str, error: &ConnectionError, is_required: bool) -> Execution {
    if error.is_unreachable() || !error.message().ends_with("Permission denied (os error 13)") {
        return reach::failure(error);
    }
    if !is_required {
        return Execution::of(Dict::from([("changed", Value::from(false)), ("file", source.into())]));
    }
    let message = format!("File is not readable: {source}");
    let cause = format!("[Errno 13] Permission denied: {}", churten_value::str_repr(source));
    let error = Report::new(format!("Task failed: Module failed: {message}: {cause}"));
    Execution { error: Some(error), ..Execution::failed(message) }
}

/// Where the file goes. The host's name for it cannot leave the destination directory.
fn place(context: &ActionContext<'_>, source: &str, destination: &str, flat: bool) -> Result<PathBuf, String> {
    let expanded = files::expand_home(destination);
    let base = if Path::new(&expanded).is_absolute() {
        PathBuf::from(&expanded)
    } else {
        context.play.play.directory.join(&expanded)
    };
    let inside: PathBuf = Path::new(source).components().filter(|part| matches!(part, Component::Normal(_))).collect();
    if flat {
        if destination.ends_with('/') {
            let name = inside.file_name().ok_or_else(|| format!("{source} has no file name"))?;
            return Ok(base.join(name));
        }
        if base.is_dir() {
            return Err(
                "dest is an existing directory, use a trailing slash if you want to fetch src into that directory"
                    .into(),
            );
        }
        return Ok(base);
    }
    Ok(base.join(&**context.host).join(inside))
}

fn write(target: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let directory = target.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory)?;
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    std::io::Write::write_all(&mut file, bytes)?;
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
}

fn digest(algorithm: Algorithm, mut bytes: &[u8]) -> String {
    // Reading from memory does not fail.
    churten_module::digest(algorithm, &mut bytes).unwrap_or_default()
}
