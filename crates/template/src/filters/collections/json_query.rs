//! `community.general.json_query`: a JMESPath query.

use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::jmespath::{Failure, search};
use crate::val::Val;

pub(super) const TABLE: &[Filter] = &[Filter::new("community.general.json_query", json_query)];

fn json_query(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [data, expression] = call.bind("json_query", ["data", "expr"], 2)?;
    let data = data.unwrap_or(Val::None);
    let other = |text: String| Fault::python(format!("Error in jmespath.search in json_query filter plugin:\n{text}"));
    let query = match expression.unwrap_or(Val::None) {
        Val::Str(text) => text.to_string(),
        value @ (Val::List(_) | Val::Dict(_)) => {
            return Err(other(format!("unhashable type: '{}'", value.plugin_class())));
        }
        value if !value.truth()? => String::new(),
        value => {
            return Err(other(format!("'{}' object is not iterable", value.python_class())));
        }
    };
    match search(&query, &data, call.session) {
        Ok(found) => Ok(found),
        Err(Failure::Query(text)) => Err(Fault::python(format!("JMESPathError in json_query filter plugin:\n{text}"))),
        Err(Failure::Other(fault)) if fault.is_undefined() => Err(fault),
        Err(Failure::Other(fault)) => Err(other(fault.headline())),
    }
}
