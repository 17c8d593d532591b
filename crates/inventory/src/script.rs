//! Programs that print an inventory as JSON.

use crate::build::Builder;
use crate::model::HostId;
use crate::yaml::python_class;
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Origin, Repr, Source, Tags, Value, from_json};
use std::path::Path;
use std::process::{Command, Stdio};

/// More output than this is no inventory: 256 MiB.
const MAX_OUTPUT: usize = 256 << 20;

/// True when the file may be run.
pub(crate) fn is_script(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|facts| facts.permissions().mode() & 0o111 != 0)
}

/// True for what the kernel runs itself. Anything else must not reach a shell, which would try to.
fn is_program(path: &Path) -> bool {
    use std::io::Read;
    let mut start = [0; 4];
    let length = std::fs::File::open(path).and_then(|mut file| file.read(&mut start)).unwrap_or(0);
    start[..length].starts_with(b"#!") || start[..length].starts_with(b"\x7fELF")
}

/// Runs the script with `--list` (and, without `_meta`, with `--host`) and fills the inventory.
///
/// # Errors
/// A script that fails or prints something else; what came before the error stays in the inventory.
pub(crate) fn parse(builder: &mut Builder<'_>, path: &Path) -> Result<(), Report> {
    let mut found = run(builder, path, &["--list"])?;
    let source = Source::described(&format!("<inventory script output from '{}'>", path.display()));
    let tags = Tags::NONE.at(Origin::whole(source)).trust(true);
    found = with_tags(&found, tags, 0);
    let Some(groups) = found.as_dict() else {
        let name = found.type_name();
        return Err(not_json(&format!("Value is '{name}' instead of 'dict'.")));
    };
    let mut meta = None;
    for (name, content) in groups {
        let name = name.to_text();
        if name == "_meta" {
            let Some(sections) = content.as_dict() else {
                let kind = content.type_name();
                return Err(not_json(&format!("Value contains '_meta' which is '{kind}' instead of 'dict'.")));
            };
            meta = sections.get("hostvars").cloned();
            if let Some(vars) = meta.as_ref().filter(|vars| vars.as_dict().is_none()) {
                let kind = vars.type_name();
                return Err(Report::parser(format!(
                    "Value contains '_meta.hostvars' which is '{kind}' instead of 'dict'."
                )));
            }
        } else {
            parse_group(builder, &name, content, source)?;
        }
    }
    if meta.is_none() {
        builder.deprecate(
            Report::new(
                "Inventory scripts should always provide 'meta.hostvars'. Host variables will be collected by running \
                 the inventory script with the '--host' option for each host. This feature will be removed from \
                 inventory plugin 'script' in ansible-core version 2.23.",
            )
            .at(Some(Origin::whole(source))),
        );
    }
    for index in 0..builder.data.hosts.len() {
        let host = HostId(index as u32);
        let name = builder.data.host(host).name.clone();
        let vars = match &meta {
            Some(meta) => meta.get(&name).cloned().unwrap_or_default(),
            None => with_tags(&run(builder, path, &["--host", &name])?, tags, 0),
        };
        match &vars.data {
            Data::None => {}
            Data::Dict(vars) => {
                for (key, value) in vars.iter() {
                    builder.set_host_variable(host, key.clone(), value.clone());
                }
            }
            _ => {
                let shown = Repr(&vars);
                return Err(Report::parser(format!("Invalid data from file, expected dictionary and got:\n\n{shown}")));
            }
        }
    }
    Ok(())
}

fn parse_group(builder: &mut Builder<'_>, name: &str, content: &Value, source: Source) -> Result<(), Report> {
    let group = builder.add_group(name);
    let mut converted = Dict::new();
    let sections = match content.as_dict() {
        Some(sections) if ["hosts", "vars", "children"].iter().any(|key| sections.contains(key)) => sections,
        Some(_) => {
            builder.deprecate(
                Report::new(format!(
                    "Treating malformed group '{name}' as the sole host of that group. Variables provided in this \
                     manner cannot be templated. This feature will be removed from inventory plugin 'script' in \
                     ansible-core version 2.23."
                ))
                .at(Some(Origin::whole(source))),
            );
            converted.insert("hosts", vec![Value::str(name)]);
            converted.insert("vars", with_tags(content, Tags::NONE.at(Origin::whole(source)), 0));
            &converted
        }
        None => {
            let kind = content.type_name();
            builder.deprecate(
                Report::new(format!(
                    "Group '{name}' was converted to 'dict' from '{kind}'. This feature will be removed from inventory \
                     plugin 'script' in ansible-core version 2.23."
                ))
                .at(Some(Origin::whole(source))),
            );
            converted.insert("hosts", content.clone());
            &converted
        }
    };
    for host in items(name, "hosts", sections)? {
        let Some(host) = host.as_str() else {
            return Err(Report::parser(format!(
                "Invalid host name supplied, expected a string but got {} for {}",
                python_class(host),
                Repr(host)
            )));
        };
        builder.add_host(host, Some(group), None);
    }
    if let Some(vars) = sections.get("vars") {
        let Some(vars) = vars.as_dict() else {
            let kind = vars.type_name();
            return Err(Report::parser(format!("Value contains '{name}.vars' which is '{kind}' instead of 'dict'.")));
        };
        for (key, value) in vars {
            builder.set_group_variable(group, key.clone(), value.clone())?;
        }
    }
    for child in items(name, "children", sections)? {
        let Some(child) = child.as_str() else {
            return Err(Report::parser(format!(
                "Invalid group name supplied, expected a string but got {} for {}",
                python_class(child),
                Repr(child)
            )));
        };
        let child = builder.add_group(child);
        builder.add_child(group, child)?;
    }
    Ok(())
}

fn items<'a>(group: &str, key: &str, sections: &'a Dict) -> Result<&'a [Value], Report> {
    match sections.get(key) {
        None => Ok(&[]),
        Some(value) => value.as_list().ok_or_else(|| {
            let kind = value.type_name();
            Report::parser(format!("Value contains '{group}.{key}' which is '{kind}' instead of 'list'."))
        }),
    }
}

fn not_json(reason: &str) -> Report {
    Report::parser(format!("Unable to get JSON decoder for inventory script result: {reason}"))
}

fn run(builder: &mut Builder<'_>, path: &Path, arguments: &[&str]) -> Result<Value, Report> {
    if !is_program(path) {
        return Err(Report::parser("Failed to execute inventory script: Exec format error"));
    }
    let done = Command::new(path)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Report::parser(format!("Failed to execute inventory script: {error}")))?;
    if !done.status.success() {
        let code = done.status.code().unwrap_or(-1);
        let report = Report::parser(format!("Inventory script returned non-zero exit code {code}."));
        let errors = String::from_utf8_lossy(&done.stderr);
        return Err(match errors.trim_end() {
            "" => report,
            errors => report.help(format!("Standard error from inventory script:\n{errors}")),
        });
    }
    let errors = String::from_utf8_lossy(&done.stderr);
    if !errors.trim_end().is_empty() {
        let option = builder.settings.plugin_option("inventory/script", "always_show_stderr", &|_| None)?;
        if option.value.as_bool() == Some(true) {
            builder.errors.push(Report::new(errors.trim_end()));
        }
    }
    if done.stdout.len() > MAX_OUTPUT {
        return Err(not_json("the output is too long"));
    }
    let text = String::from_utf8(done.stdout).map_err(|_| not_json("Value could not be parsed as JSON: not UTF-8"))?;
    from_json(&text).map_err(|error| not_json(&format!("Value could not be parsed as JSON: {error}")))
}

/// JSON carries no places; every string of a script may be a template.
fn with_tags(value: &Value, tags: Tags, depth: usize) -> Value {
    const MAX_DEPTH: usize = 500;
    let tagged = match &value.data {
        Data::Dict(entries) if depth < MAX_DEPTH => entries
            .iter()
            .map(|(key, value)| (key.clone().with_tags(tags), with_tags(value, tags, depth + 1)))
            .collect::<Dict>()
            .into(),
        Data::List(items) if depth < MAX_DEPTH => items.iter().map(|item| with_tags(item, tags, depth + 1)).collect(),
        _ => value.clone(),
    };
    tagged.with_tags(tags)
}
