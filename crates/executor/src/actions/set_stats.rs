//! `set_stats`: data for the end of the run.

use crate::task::{Execution, to_boolean};
use churten_value::{Dict, Value};

pub(crate) fn run(arguments: &Dict) -> Execution {
    let data = match arguments.get("data") {
        None => Dict::new(),
        Some(value) => match value.as_dict() {
            Some(data) => data.clone(),
            None => return Execution::failed("The 'data' option needs to be a dictionary/hash"),
        },
    };
    for name in data.keys() {
        if let Err(report) = super::set_fact::check_name(name) {
            return Execution::action_error(report);
        }
    }
    let flag = |name: &str, default: bool| arguments.get(name).and_then(to_boolean).unwrap_or(default);
    let stats = Dict::from([
        ("data", Value::dict(data)),
        ("per_host", flag("per_host", false).into()),
        ("aggregate", flag("aggregate", true).into()),
    ]);
    Execution::of(Dict::from([("changed", Value::from(false)), ("ansible_stats", Value::dict(stats))]))
}
