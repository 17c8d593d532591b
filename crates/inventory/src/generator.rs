//! The inventory plugin `generator`: a host for every combination of the elements of its layers.

use crate::build::Builder;
use crate::constructed::templar;
use crate::model::GroupId;
use churten_diagnostics::Report;
use churten_template::Templar;
use churten_value::{Data, Dict, Value};

/// More hosts than this are a mistake in the layers.
const MAX_HOSTS: usize = 1_000_000;
/// Parents of parents are followed so far.
const MAX_DEPTH: usize = 100;

/// What a combination names: a host or a group below the next parents.
enum Child {
    Host(crate::model::HostId),
    Group(GroupId),
}

/// Adds the hosts of a configuration and their groups.
///
/// # Errors
/// A configuration of another structure, a name or variable that cannot be rendered.
pub(crate) fn parse(builder: &mut Builder<'_>, configuration: &Dict) -> Result<(), Report> {
    let layers = layers(configuration)?;
    let hosts = configuration.get("hosts").ok_or_else(|| missing("hosts"))?;
    let Some(hosts) = hosts.as_dict() else {
        let kind = hosts.type_name();
        return Err(Report::parser(format!("{kind} indices must be integers or slices, not str")));
    };
    let count = layers.iter().try_fold(1_usize, |count, (_, elements)| count.checked_mul(elements.len()));
    if count.is_none_or(|count| count > MAX_HOSTS) {
        return Err(Report::parser(format!("the layers have more than {MAX_HOSTS} combinations")));
    }
    let generator = Generator { templar: templar(builder) };
    let empty = Value::list(Vec::new());
    for index in 0..count.unwrap_or(0) {
        let elements = combination(&layers, index);
        let name = hosts.get("name").ok_or_else(|| missing("name"))?;
        let name = generator.templar.render(name, &elements)?.to_text();
        let host = builder.add_host(&name, None, None);
        let parents = hosts.get("parents").unwrap_or(&empty);
        generator.parents(builder, &name, &Child::Host(host), parents, &elements, 0)?;
    }
    Ok(())
}

/// What Python says of a key that is not there.
fn missing(key: &str) -> Report {
    Report::parser(format!("'{key}'"))
}

fn layers(configuration: &Dict) -> Result<Vec<(Value, Vec<Value>)>, Report> {
    let layers = configuration.get("layers").ok_or_else(|| missing("layers"))?;
    let Some(layers) = layers.as_dict() else {
        return Err(Report::parser(format!("'layers' must be a dictionary, not {}", layers.type_name())));
    };
    layers
        .iter()
        .map(|(name, elements)| {
            let elements = match &elements.data {
                Data::List(items) => items.to_vec(),
                Data::Dict(entries) => entries.keys().cloned().collect(),
                Data::Str(text) => text.chars().map(|character| Value::template(character.to_string())).collect(),
                _ => {
                    let class = crate::yaml::python_class(elements);
                    let class = class.rsplit('.').next().unwrap_or(&class).trim_end_matches("'>");
                    return Err(Report::parser(format!("'{class}' object is not iterable")));
                }
            };
            Ok((name.clone(), elements))
        })
        .collect()
}

/// The elements of combination `index`; the last layer changes fastest.
fn combination(layers: &[(Value, Vec<Value>)], index: usize) -> Dict {
    let mut rest = index;
    let mut picked: Vec<(Value, Value)> = Vec::with_capacity(layers.len());
    for (name, elements) in layers.iter().rev() {
        // A combination exists only where no layer is empty.
        if let Some(element) = elements.get(rest % elements.len()) {
            picked.push((name.clone(), element.clone()));
        }
        rest /= elements.len();
    }
    picked.into_iter().rev().collect()
}

struct Generator {
    templar: Templar,
}

impl Generator {
    fn parents(
        &self,
        builder: &mut Builder<'_>,
        child_name: &str,
        child: &Child,
        parents: &Value,
        elements: &Dict,
        depth: usize,
    ) -> Result<(), Report> {
        if depth > MAX_DEPTH {
            return Err(Report::parser("parents are nested too deeply"));
        }
        for parent in parents.as_list().unwrap_or_default() {
            let Some(name) = parent.get("name") else {
                return Err(Report::parser(format!("Element {child_name} has a parent with no name.")));
            };
            let name = self.templar.render(name, elements)?.to_text();
            let group = builder.add_group(&name);
            if let Some(vars) = parent.get("vars").and_then(Value::as_dict) {
                for (variable, content) in vars {
                    // Only texts are rendered; what they stand in stays lazy.
                    let value = if content.as_str().is_some() {
                        self.templar.render(content, elements)?
                    } else {
                        content.clone()
                    };
                    builder.set_group_variable(group, variable.clone(), value)?;
                }
            }
            match child {
                Child::Host(host) => {
                    builder.data.put_host(group, *host);
                }
                Child::Group(child) => builder.add_child(group, *child)?,
            }
            if let Some(above) = parent.get("parents") {
                self.parents(builder, &name, &Child::Group(group), above, elements, depth + 1)?;
            }
        }
        Ok(())
    }
}
