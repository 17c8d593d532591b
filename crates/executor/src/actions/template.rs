//! `template`: render a file on the controller, then place it as `copy` does.

use super::contents::Contents;
use super::copy::{Placement, place, preserve};
use super::{ActionContext, files};
use crate::task::{Execution, to_boolean};
use churten_diagnostics::Report;
use churten_template::TemplateOptions;
use churten_value::{Dict, Origin, Source, Tags, Value};
use std::path::Path;
use std::sync::Arc;

/// Arguments that the action uses itself; the rest goes to the module.
const OWN: [&str; 12] = [
    "block_end_string",
    "block_start_string",
    "comment_end_string",
    "comment_start_string",
    "lstrip_blocks",
    "newline_sequence",
    "output_encoding",
    "src",
    "state",
    "trim_blocks",
    "variable_end_string",
    "variable_start_string",
];

pub(crate) async fn run(context: &ActionContext<'_>, arguments: Dict) -> Execution {
    match render(context, &arguments) {
        Err(execution) => *execution,
        Ok((path, content)) => {
            let mut rest = arguments;
            rest.retain(|name, _| name.as_str().is_none_or(|name| !OWN.contains(&name)));
            let rest = preserve(rest, Path::new(&path));
            let name = path.rsplit('/').next().unwrap_or_default().to_owned();
            place(context, rest, Placement { content: Contents::Bytes(content), name, source: path, at_once: false })
                .await
        }
    }
}

/// The path of the template and its text as it will be on the host.
fn render(context: &ActionContext<'_>, arguments: &Dict) -> Result<(String, Vec<u8>), Box<Execution>> {
    let text = |name: &str| arguments.get(name).map(Value::to_text);
    let refuse = |message: &str| Box::new(Execution::refused(message));
    if arguments.contains("state") {
        return Err(refuse("'state' cannot be specified on a template"));
    }
    let (Some(source), Some(destination)) = (text("src"), text("dest")) else {
        return Err(refuse("src and dest are required"));
    };
    let newline = text("newline_sequence").map(|sequence| match sequence.as_str() {
        "\\n" => "\n".into(),
        "\\r" => "\r".into(),
        "\\r\\n" => "\r\n".into(),
        _ => sequence,
    });
    if newline.as_deref().is_some_and(|sequence| !["\n", "\r", "\r\n"].contains(&sequence)) {
        return Err(refuse("newline_sequence needs to be one of: \n, \r or \r\n"));
    }
    // An empty name is that of the default.
    let encoding = text("output_encoding").filter(|name| !name.is_empty()).unwrap_or_else(|| "utf-8".into());
    let error = |report: Report| Box::new(Execution::action_error(report));
    let path = files::find(context, "templates", &source).map_err(|report| {
        // The message stands alone in the result, as for other errors of the controller's files.
        let mut execution = Execution::refused(report.message.clone());
        execution.error = Some(report.apart().context("Task failed"));
        Box::new(execution)
    })?;
    let bytes = files::read_template(context, &path).map_err(error)?;
    let shown = path.display().to_string();
    let template = churten_template::decode_file(&bytes, &shown, |report| context.engine.warn_report(report));
    let flag = |name: &str, default: bool| arguments.get(name).and_then(to_boolean).unwrap_or(default);
    let defaults = TemplateOptions::default();
    let options = TemplateOptions {
        block_start: text("block_start_string").unwrap_or(defaults.block_start),
        block_end: text("block_end_string").unwrap_or(defaults.block_end),
        variable_start: text("variable_start_string").unwrap_or(defaults.variable_start),
        variable_end: text("variable_end_string").unwrap_or(defaults.variable_end),
        comment_start: text("comment_start_string").unwrap_or(defaults.comment_start),
        comment_end: text("comment_end_string").unwrap_or(defaults.comment_end),
        trim_blocks: flag("trim_blocks", true),
        lstrip_blocks: flag("lstrip_blocks", false),
        newline_sequence: newline.unwrap_or(defaults.newline_sequence),
        search_path: path.parent().map(Path::to_path_buf).into_iter().collect(),
        ..defaults
    };
    let template = Value::str(template).with_tags(Tags::NONE.trust(true)).at(Origin::new(Source::file(&shown), 1, 1));
    let scope = context.scope.under(Arc::new(variables(context, &source, &path, &destination)));
    let rendered = context.engine.templar.render_file_text(&template, &scope, &options).map_err(error)?;
    let bytes = churten_template::encode_text(&rendered, &encoding).map_err(|reason| error(Report::new(reason)))?;
    Ok((shown, bytes))
}

/// The variables that only templates see.
fn variables(context: &ActionContext<'_>, source: &str, path: &Path, destination: &str) -> Dict {
    let managed = context.engine.settings.text("DEFAULT_MANAGED_STR").unwrap_or("Ansible managed");
    let mut own = churten_template::file_variables(source, path, managed);
    own.insert("template_destpath", destination);
    if context.scope.value("ansible_managed").is_some() {
        own.remove("ansible_managed");
    }
    own
}
