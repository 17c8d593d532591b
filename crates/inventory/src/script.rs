//! Programs that print an inventory as JSON.

use crate::build::Builder;
use crate::model::HostId;
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Origin, Source, Tags, Value, from_json};
use std::path::Path;
use std::process::{Command, Stdio};

/// More output than this is no inventory: 256 MiB.
const MAX_OUTPUT: usize = 256 << 20;

/// True when the file may be run, or says with `#!` that it should.
pub(crate) fn is_script(path: &Path) -> bool {
    use std::io::Read;
    use std::os::unix::fs::PermissionsExt;
    let Ok(facts) = std::fs::metadata(path) else { return false };
    if facts.permissions().mode() & 0o111 != 0 {
        return true;
    }
    let mut start = [0; 2];
    std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && start == *b"#!"
}

/// Runs the script with `--list` (and, without `_meta`, with `--host`) and fills the inventory.
///
/// # Errors
/// A script that fails or prints something else; what came before the error stays in the inventory.
pub(crate) fn parse(builder: &mut Builder<'_>, path: &Path) -> Result<(), Report> {
    let mut found = run(path, &["--list"])?;
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
            meta = content.get("hostvars").cloned();
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
            None => with_tags(&run(path, &["--host", &name])?, tags, 0),
        };
        match &vars.data {
            Data::None => {}
            Data::Dict(vars) => {
                for (key, value) in vars.iter() {
                    builder.set_host_variable(host, key.clone(), value.clone());
                }
            }
            _ => {
                let kind = vars.type_name();
                return Err(Report::parser(format!("Value contains '{name}' which is '{kind}' instead of 'dict'.")));
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
        Some(sections) if sections.is_empty() => sections,
        Some(_) => {
            converted.insert("hosts", vec![Value::str(name)]);
            converted.insert("vars", content.clone());
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
        builder.add_host(&host.to_text(), Some(group), None);
    }
    if let Some(vars) = sections.get("vars").filter(|vars| !vars.is_none()) {
        let Some(vars) = vars.as_dict() else {
            let kind = vars.type_name();
            return Err(Report::parser(format!("Value contains '{name}.vars' which is '{kind}' instead of 'dict'.")));
        };
        for (key, value) in vars {
            builder.set_group_variable(group, key.clone(), value.clone())?;
        }
    }
    for child in items(name, "children", sections)? {
        let child = builder.add_group(&child.to_text());
        builder.add_child(group, child)?;
    }
    Ok(())
}

fn items<'a>(group: &str, key: &str, sections: &'a Dict) -> Result<&'a [Value], Report> {
    match sections.get(key) {
        None => Ok(&[]),
        Some(value) if value.is_none() => Ok(&[]),
        Some(value) => value.as_list().ok_or_else(|| {
            let kind = value.type_name();
            Report::parser(format!("Value contains '{group}.{key}' which is '{kind}' instead of 'list'."))
        }),
    }
}

fn not_json(reason: &str) -> Report {
    Report::parser(format!("Unable to get JSON decoder for inventory script result: {reason}"))
}

fn run(path: &Path, arguments: &[&str]) -> Result<Value, Report> {
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
