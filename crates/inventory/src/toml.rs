//! The inventory plugin `toml`: a table for each group (<https://toml.io/en/v1.0.0>).

use crate::build::Builder;
use crate::ini::expand_pattern;
use crate::model::GroupId;
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Str, TimeOfDay, Timestamp, Value};
use std::path::Path;
use std::sync::Arc;
use toml::{Table, Value as Toml};

/// Reads a file's text into the inventory.
///
/// # Errors
/// Text that is no TOML, groups of another structure; what came before the error stays in the inventory.
pub(crate) fn parse(builder: &mut Builder<'_>, text: &str, path: &Path) -> Result<(), Report> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let before = text.get(..error.span().map_or(0, |span| span.start)).unwrap_or_default();
        let (line, column) =
            (before.matches('\n').count() + 1, before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1);
        Report::parser(format!(
            "TOML file '{}' is invalid: {} (at line {line}, column {column})",
            path.display(),
            error.message()
        ))
    })?;
    if table.is_empty() {
        return Err(Report::parser("Parsed empty TOML file"));
    }
    if table.get("plugin").is_some_and(|plugin| value(plugin).is_truthy()) {
        return Err(Report::parser("Plugin configuration TOML file, not TOML inventory"));
    }
    for (name, content) in &table {
        match content {
            Toml::Table(sections) => parse_group(builder, name, sections)?,
            _ => builder.warn(Report::new(format!("Skipping '{name}' as this is not a valid group definition"))),
        }
    }
    Ok(())
}

fn parse_group(builder: &mut Builder<'_>, name: &str, sections: &Table) -> Result<(), Report> {
    let group = builder.add_group(name);
    for (key, section) in sections {
        let wrong = |wanted: &str| {
            Err(Report::parser(format!(
                "Invalid \"{key}\" entry for \"{name}\" group, requires a {wanted}, found \"{}\" instead.",
                python_class(section)
            )))
        };
        match (key.as_str(), section) {
            ("vars", Toml::Table(vars)) => {
                for (variable, content) in vars {
                    builder.set_group_variable(group, variable.as_str().into(), value(content))?;
                }
            }
            ("children", Toml::Array(children)) => {
                for child in children {
                    let Toml::String(child) = child else {
                        return Err(Report::parser(format!(
                            "Invalid group name supplied, expected a string but got {} for {}",
                            python_class(child),
                            Str(&value(child))
                        )));
                    };
                    let child = builder.add_group(child);
                    builder.add_child(group, child)?;
                }
            }
            ("hosts", Toml::Table(hosts)) => {
                for (pattern, vars) in hosts {
                    parse_hosts(builder, group, pattern, vars)?;
                }
            }
            ("vars" | "hosts", _) => return wrong("dict"),
            ("children", _) => return wrong("list"),
            _ => builder.warn(Report::new(format!(
                "Skipping unexpected key \"{key}\" in group \"{name}\", only \"vars\", \"children\" and \"hosts\" are \
                 valid"
            ))),
        }
    }
    Ok(())
}

fn parse_hosts(builder: &mut Builder<'_>, group: GroupId, pattern: &str, vars: &Toml) -> Result<(), Report> {
    let Toml::Table(vars) = vars else {
        let shown = value(vars);
        return Err(Report::parser(format!("Invalid data from file, expected dictionary and got:\n\n{}", Str(&shown))));
    };
    let (hosts, port) = expand_pattern(pattern)?;
    builder.count_names(hosts.len())?;
    for name in hosts {
        let host = builder.add_host(&name, Some(group), port.clone());
        for (variable, content) in vars {
            builder.set_host_variable(host, variable.as_str().into(), value(content));
        }
    }
    Ok(())
}

/// The class that Python's TOML reader gives a value.
fn python_class(value: &Toml) -> &'static str {
    match value {
        Toml::String(_) => "<class 'str'>",
        Toml::Integer(_) => "<class 'int'>",
        Toml::Float(_) => "<class 'float'>",
        Toml::Boolean(_) => "<class 'bool'>",
        Toml::Array(_) => "<class 'list'>",
        Toml::Table(_) => "<class 'dict'>",
        Toml::Datetime(when) => match (&when.date, &when.time) {
            (Some(_), Some(_)) => "<class 'datetime.datetime'>",
            (Some(_), None) => "<class 'datetime.date'>",
            _ => "<class 'datetime.time'>",
        },
    }
}

/// A value of the user's own: its texts are templates. A time of day without a date is text.
fn value(value: &Toml) -> Value {
    match value {
        Toml::String(text) => Value::template(text.as_str()),
        Toml::Integer(number) => (*number).into(),
        Toml::Float(number) => (*number).into(),
        Toml::Boolean(flag) => (*flag).into(),
        Toml::Array(items) => Value::list(items.iter().map(self::value).collect()),
        Toml::Table(entries) => {
            entries.iter().map(|(name, content)| (name.clone(), self::value(content))).collect::<Dict>().into()
        }
        Toml::Datetime(when) => match (date_and_time(when), time(when)) {
            (Some(when), _) => Data::Timestamp(Arc::new(when)).into(),
            (None, Some(time)) => Data::Time(Arc::new(time)).into(),
            (None, None) => Value::template(when.to_string()),
        },
    }
}

fn date_and_time(when: &toml::value::Datetime) -> Option<Timestamp> {
    let date = when.date.as_ref()?;
    Some(Timestamp { year: date.year, month: date.month, day: date.day, time: time(when) })
}

fn time(when: &toml::value::Datetime) -> Option<TimeOfDay> {
    when.time.as_ref().map(|time| TimeOfDay {
        hour: time.hour,
        minute: time.minute,
        second: time.second.unwrap_or(0),
        microsecond: time.nanosecond.unwrap_or(0) / 1_000,
        offset: when.offset.map(|offset| match offset {
            toml::value::Offset::Z => 0,
            toml::value::Offset::Custom { minutes } => i32::from(minutes) * 60,
        }),
    })
}
