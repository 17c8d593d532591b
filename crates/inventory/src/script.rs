//! Programs that print an inventory as JSON.

use crate::build::Builder;
use crate::model::HostId;
use crate::yaml::python_class;
use churten_diagnostics::{Report, python_error};
use churten_value::{Data, Dict, Origin, Repr, Source, Tags, Value, from_json, revive_legacy_json, str_repr};
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
    let text = run(builder, path, &["--list"])?;
    let source = Source::described(&format!("<inventory script output from '{}'>", path.display()));
    let tags = Tags::NONE.at(Origin::whole(source)).trust(true);
    let found = from_json(&text).map_err(|error| not_json(&format!("Value could not be parsed as JSON: {error}")))?;
    check_profile(&found)?;
    let found = revive_legacy_json(&found, tags).map_err(|reason| {
        let cause = Report::parser(format!("JSON parsing failed: {reason}")).at(Some(Origin::whole(source)));
        Report::parser("Inventory script result could not be parsed as JSON.").caused_by(cause)
    })?;
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
            None => host_variables(&run(builder, path, &["--host", &name])?, &name, source, tags)?,
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
            let untrusted = Tags::NONE.at(Origin::whole(source));
            converted.insert("vars", content.map_leaves(&mut |leaf| leaf.clone().with_tags(untrusted)));
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

/// The JSON's own account of its form, in `_meta`.
fn check_profile(found: &Value) -> Result<(), Report> {
    let Some(profile) = found.get("_meta").and_then(|meta| meta.get("profile")) else { return Ok(()) };
    match profile.as_str() {
        Some("inventory_legacy") => Ok(()),
        Some(name) if name.starts_with("inventory_") => Err(not_json(&format!("Unknown profile name '{name}'."))),
        Some(name) => Err(not_json(&format!("Non-inventory profile '{name}' is not allowed."))),
        None => {
            let kind = profile.type_name();
            Err(not_json(&format!("Value contains '_meta.profile' which is '{kind}' instead of 'str'.")))
        }
    }
}

/// What the script says of one host; nothing at all is no variables.
fn host_variables(text: &str, host: &str, source: Source, tags: Tags) -> Result<Value, Report> {
    if text.trim().is_empty() {
        return Ok(Value::NONE);
    }
    let read = from_json(text).map_err(|error| error.to_string());
    read.and_then(|value| revive_legacy_json(&value, tags)).map_err(|reason| {
        let cause = Report::parser(format!("JSON parsing failed: {reason}")).at(Some(Origin::whole(source)));
        Report::parser(format!("Inventory script result for host '{host}' could not be parsed as JSON."))
            .caused_by(cause)
    })
}

/// What the script prints.
fn run(builder: &mut Builder<'_>, path: &Path, arguments: &[&str]) -> Result<String, Report> {
    let command = std::iter::once(path.display().to_string()).chain(arguments.iter().map(|word| (*word).to_owned()));
    let command = command.collect::<Vec<_>>().join(" ");
    let failed = |error: &str| {
        let program = str_repr(&path.display().to_string());
        Report::parser(format!("Failed to execute inventory script command '{command}': {error}: {program}"))
    };
    if !is_program(path) {
        return Err(failed("[Errno 8] Exec format error"));
    }
    let done = Command::new(path)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(&python_error(&error)))?;
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
    String::from_utf8(done.stdout).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let byte = error.as_bytes().get(at).copied().unwrap_or_default();
        Report::parser(format!(
            "Inventory script result contained characters that cannot be interpreted as UTF-8: 'utf-8' codec can't \
             decode byte 0x{byte:02x} in position {at}: invalid start byte"
        ))
    })
}
