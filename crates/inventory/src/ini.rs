//! The INI inventory format.

use crate::build::Builder;
use crate::model::{GroupId, HostId};
use crate::{address, ranges, words};
use churten_diagnostics::Report;
use churten_value::{BigInt, Data, Dict, Origin, Source, Tags, Value, read_literal, str_repr};
use std::collections::{HashMap, HashSet};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Hosts,
    Children,
    Vars,
}

struct Pending {
    parent: GroupId,
    parent_name: String,
    child: String,
}

/// What comes before the error of another.
pub(crate) const FAILED: &str = "Failed to parse inventory.";

/// Reads a source in INI form into the inventory.
///
/// # Errors
/// The first line that is wrong; what came before it stays in the inventory.
pub(crate) fn parse(builder: &mut Builder<'_>, text: &str, path: &str) -> Result<(), Report> {
    let source = Source::file(path);
    parse_lines(builder, text, source).map_err(|report| {
        let whole = Some(Origin::whole(source));
        // A message of our own is part of this one; an error behind it keeps its own place in the chain.
        match report.cause {
            Some(cause) => Report::parser(FAILED).at(whole).caused_by(cause.apart()),
            None => Report::parser(format!("Failed to parse inventory: {}", report.message)).at(whole),
        }
    })
}

fn parse_lines(builder: &mut Builder<'_>, text: &str, source: Source) -> Result<(), Report> {
    let mut group = GroupId::UNGROUPED;
    let mut group_name = "ungrouped".to_owned();
    let mut section = Section::Hosts;
    let mut declared: HashSet<GroupId> = HashSet::from([GroupId::ALL, GroupId::UNGROUPED]);
    declared.extend((0..builder.data.groups.len()).map(|index| GroupId(index as u32)));
    let mut pending: Vec<Pending> = Vec::new();
    let mut undeclared_vars: Vec<(GroupId, String)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        let origin = Origin::new(source, number, 0);
        if let Some((name, kind)) = header(line) {
            section = match kind {
                None | Some("hosts") => Section::Hosts,
                Some("children") => Section::Children,
                Some("vars") => Section::Vars,
                Some(kind) => {
                    return Err(Report::parser(format!("Section [{name}:{kind}] has unknown type: {kind}")));
                }
            };
            group = builder.add_group(name);
            group_name = name.to_owned();
            if section == Section::Vars {
                if !declared.contains(&group) {
                    undeclared_vars.push((group, name.to_owned()));
                }
            } else if declared.insert(group) {
                link_waiting(builder, &mut pending, group, name)?;
            }
            continue;
        }
        if line.starts_with('[') && line.ends_with(']') {
            return Err(Report::parser(format!(
                "Invalid section entry: '{line}'. Please make sure that there are no spaces in the section entry, and \
                 that there are no other invalid characters"
            )));
        }
        match section {
            Section::Hosts => {
                let (hosts, port, variables) = host_line(line, origin)?;
                builder.count_names(hosts.len())?;
                for name in hosts {
                    let host = builder.add_host(&name, Some(group), port.clone());
                    set_all(builder, host, &variables);
                }
            }
            Section::Children => {
                let child = group_name_of(line)?;
                let id = builder.data.group_id(child).filter(|id| declared.contains(id));
                match id {
                    Some(id) => builder.add_child(group, id)?,
                    None => {
                        pending.push(Pending {
                            parent: group,
                            parent_name: group_name.clone(),
                            child: child.to_owned(),
                        });
                    }
                }
            }
            Section::Vars => {
                let Some((key, value)) = line.split_once('=') else {
                    return Err(Report::parser(format!("Expected key=value, got: {line}")));
                };
                let (key, value) = variable(key.trim(), value.trim(), origin)?;
                builder.set_group_variable(group, key, value)?;
            }
        }
    }
    if let Some(Pending { parent_name, child, .. }) = pending.first() {
        let child = str_repr(child);
        return Err(Report::parser(format!("Section [{parent_name}:children] includes undefined group {child}.")));
    }
    if let Some((_, name)) = undeclared_vars.iter().find(|(group, _)| !declared.contains(group)) {
        let shown = str_repr(name);
        return Err(Report::parser(format!("Section [{name}:vars] not valid for undefined group {shown}.")));
    }
    Ok(())
}

/// Groups that named this one as a child before it was written.
fn link_waiting(
    builder: &mut Builder<'_>,
    pending: &mut Vec<Pending>,
    group: GroupId,
    name: &str,
) -> Result<(), Report> {
    let (ready, waiting): (Vec<Pending>, Vec<Pending>) = pending.drain(..).partition(|entry| entry.child == name);
    *pending = waiting;
    ready.into_iter().try_for_each(|entry| builder.add_child(entry.parent, group))
}

fn set_all(builder: &mut Builder<'_>, host: HostId, variables: &[(Value, Value)]) {
    for (key, value) in variables {
        builder.set_host_variable(host, key.clone(), value.clone());
    }
}

/// `[name]` or `[name:kind]`, perhaps with a comment after it.
fn header(line: &str) -> Option<(&str, Option<&str>)> {
    let (inner, rest) = line.strip_prefix('[')?.split_once(']')?;
    let rest = rest.trim_start();
    if !(rest.is_empty() || rest.starts_with('#')) || inner.contains(char::is_whitespace) {
        return None;
    }
    let (name, kind) = match inner.split_once(':') {
        Some((name, kind)) => (name, Some(kind)),
        None => (inner, None),
    };
    let is_word = |kind: &str| !kind.is_empty() && kind.chars().all(|c| c.is_alphanumeric() || c == '_');
    (!name.is_empty() && kind.is_none_or(is_word)).then_some((name, kind))
}

fn group_name_of(line: &str) -> Result<&str, Report> {
    let end = line.find(|c: char| c.is_whitespace() || c == ':' || c == ']').unwrap_or(line.len());
    let rest = line[end..].trim_start();
    if end == 0 || !(rest.is_empty() || rest.starts_with('#')) {
        return Err(Report::parser(format!("Expected group name, got: {line}")));
    }
    Ok(&line[..end])
}

/// A name and its value as a Python literal or as text.
///
/// # Errors
/// A literal that no variable can hold.
fn variable(key: &str, value: &str, origin: Origin) -> Result<(Value, Value), Report> {
    let tags = Tags::NONE.at(origin).trust(true);
    let literal = read_literal(value, tags).map_err(|fault| Report::parser(fault.to_string()))?;
    let value = match literal {
        None => Value::str(value).with_tags(tags),
        Some(literal) if matches!(literal.data, Data::Bytes(_)) => without_bytes(literal, tags),
        Some(literal) => without_bytes(literal, tags).with_tags(tags),
    };
    Ok((Value::str(key).with_tags(tags), value))
}

/// Bytes are text to all who see a variable, but no template; those that are no UTF-8 are shown as question marks.
fn without_bytes(value: Value, tags: Tags) -> Value {
    match value.data {
        Data::Bytes(bytes) => {
            let text = String::from_utf8_lossy(&bytes).replace(char::REPLACEMENT_CHARACTER, "?");
            Value::str(text).with_tags(tags.trust(false))
        }
        Data::Str(_) => value.with_tags(tags),
        Data::List(items) => items.iter().map(|item| without_bytes(item.clone(), tags)).collect(),
        Data::Dict(entries) => entries
            .iter()
            .map(|(key, value)| (key.clone(), without_bytes(value.clone(), tags)))
            .collect::<Dict>()
            .into(),
        _ => value,
    }
}

type HostLine = (Vec<String>, Option<BigInt>, Vec<(Value, Value)>);

fn host_line(line: &str, origin: Origin) -> Result<HostLine, Report> {
    let tokens = words::split(line).map_err(|reason| {
        let message = format!("Error parsing host definition '{line}': {reason}");
        Report::parser("").caused_by(Report::parser(message))
    })?;
    let Some((pattern, assignments)) = tokens.split_first() else {
        return Ok((Vec::new(), None, Vec::new()));
    };
    let (hosts, port) = expand_pattern(pattern)?;
    let mut variables: Vec<(Value, Value)> = Vec::with_capacity(assignments.len());
    let mut places: HashMap<&str, usize> = HashMap::new();
    for assignment in assignments {
        let Some((key, value)) = assignment.split_once('=') else {
            return Err(Report::parser(format!("Expected key=value host variable assignment, got: {assignment}")));
        };
        let entry = variable(key, value, origin)?;
        match places.get(key) {
            Some(place) => variables[*place] = entry,
            None => {
                places.insert(key, variables.len());
                variables.push(entry);
            }
        }
    }
    Ok((hosts, port, variables))
}

/// The hosts a pattern of an inventory stands for, and their port.
///
/// # Errors
/// A range that is none, or a name no host can have.
pub(crate) fn expand_pattern(pattern: &str) -> Result<(Vec<String>, Option<BigInt>), Report> {
    if pattern.trim_matches('-').is_empty() && pattern == "---" {
        return Err(Report::parser(format!(
            "Invalid host pattern '{pattern}' supplied, '---' is normally a sign this is a YAML file."
        )));
    }
    if pattern.ends_with(':') && !pattern.trim_matches(':').is_empty() {
        return Err(Report::parser(format!(
            "Invalid host pattern '{pattern}' supplied, ending in ':' is not allowed, this character is reserved to \
             provide a port."
        )));
    }
    let (host, port) = address::split_port(pattern);
    if host.contains('[') && !host.contains(']') {
        return Err(Report::parser("not enough values to unpack (expected 3, got 2)"));
    }
    Ok((ranges::expand(host).map_err(Report::parser)?, port))
}
