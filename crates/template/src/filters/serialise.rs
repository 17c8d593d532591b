//! Filters that write and read JSON.

use super::Filter;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::val::{Root, Val};
use churten_diagnostics::Report;
use churten_value::{Data, JsonStyle, LoneSurrogates, Tags, Value, from_json as read_json, revive_legacy_json};

pub(super) const TABLE: &[Filter] =
    &[Filter::new("from_json", from_json), Filter::new("to_json", to_json), Filter::new("to_nice_json", to_nice_json)];

fn to_json(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let style = style(call, JsonStyle::PLAIN)?;
    json(call, style)
}

/// The value to write; a range is the list of its numbers.
fn value(call: &mut Call<'_, '_>) -> Outcome<Val> {
    match std::mem::take(&mut call.positional).into_iter().next() {
        Some(range @ Val::Range(_)) => call.items(&range).map(Val::list),
        value => Ok(value.unwrap_or(Val::None)),
    }
}

fn json(call: &mut Call<'_, '_>, style: JsonStyle) -> Outcome<Val> {
    let data = value(call)?.to_data(call.session)?;
    if has_bytes(&data) {
        return Err(Fault::python("Object of type 'bytes' is not JSON serializable by the 'tagless' profile."));
    }
    Ok(data.to_json(style).into())
}

fn has_bytes(value: &Value) -> bool {
    match &value.data {
        Data::Bytes(_) => true,
        Data::List(items) => items.iter().any(has_bytes),
        Data::Dict(entries) => entries.iter().any(|(_, value)| has_bytes(value)),
        _ => false,
    }
}

fn to_nice_json(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let style = style(call, JsonStyle { indent: Some(4), sort_keys: true, ..JsonStyle::PLAIN })?;
    json(call, style)
}

/// Each line of a level is indented by that much.
const MAX_INDENT: i64 = 1000;

/// The keyword arguments of `json.dumps`.
pub(super) fn style(call: &mut Call<'_, '_>, mut style: JsonStyle) -> Outcome<JsonStyle> {
    for (name, value) in std::mem::take(&mut call.keyword) {
        match &*name {
            "indent" => {
                style.indent = match value {
                    Val::Int(indent) if indent > MAX_INDENT => {
                        return Err(Fault::python(format!("an indent of more than {MAX_INDENT} is refused")));
                    }
                    Val::Int(indent) => usize::try_from(indent).ok(),
                    _ => None,
                }
            }
            "sort_keys" => style.sort_keys = value.truth()?,
            "ensure_ascii" => style.ensure_ascii = value.truth()?,
            "separators" => {
                let parts = call.items(&value)?;
                style.compact = matches!(&*parts, [Val::Str(item), Val::Str(_)] if &**item == ",");
            }
            "vault_to_text" | "preprocess_unsafe" | "default" | "skipkeys" | "check_circular" | "allow_nan" => {}
            other => {
                return Err(Fault::python(format!(
                    "JSONEncoder.__init__() got an unexpected keyword argument '{other}'"
                )));
            }
        }
    }
    Ok(style)
}

/// The form of JSON that is asked for, by name.
fn profile(call: &mut Call<'_, '_>) -> Outcome<Option<String>> {
    const KNOWN: &[&str] = &[
        "cache_persistence",
        "fallback_to_str",
        "inventory_legacy",
        "legacy",
        "module_legacy_c2m",
        "module_legacy_m2c",
        "module_modern_c2m",
        "module_modern_m2c",
        "tagless",
    ];
    let named = call.keyword.iter().find(|(name, _)| &**name == "profile").map(|(_, value)| value.clone());
    let second = (call.positional.len() > 1).then(|| call.positional.remove(1));
    match named.or(second) {
        None | Some(Val::None) => Ok(None),
        Some(Val::Str(name)) if KNOWN.contains(&&*name) => Ok(Some(name.to_string())),
        Some(Val::Str(name)) => Err(Fault::python(format!("Unknown profile name '{}'.", &*name))),
        Some(other) => Err(Fault::python(format!(
            "Name is <class '{}'> instead of <class 'str'> or <class 'module'>.",
            other.python_type()
        ))),
    }
}

fn from_json(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let profile = profile(call)?;
    call.keyword.clear();
    let [value] = call.bind("from_json", ["a"], 1)?;
    match value.unwrap_or(Val::None) {
        Val::Str(text) => {
            let value = read_json(&text).map_err(|error| Fault::python(error.to_string()))?;
            let strict = |call: &Call<'_, '_>| match &call.session.shared.environment.settings {
                Some(settings) => settings.flag("MODULE_STRICT_UTF8_RESPONSE"),
                None => true,
            };
            if let Some(surrogates) = LoneSurrogates::of_value(&value)
                && strict(call)
            {
                let message = format!("Refusing to deserialize an invalid UTF8 string value: {surrogates}");
                let help = "This check can be disabled with the `MODULE_STRICT_UTF8_RESPONSE` setting.";
                return Err(Fault::report(Report::new(message).help(help).apart()));
            }
            if matches!(profile.as_deref(), Some("legacy" | "inventory_legacy")) {
                let tags = Tags::NONE.trust(text.tags.is_trusted());
                let value = revive_legacy_json(&value, tags).map_err(Fault::python)?;
                return Ok(Val::from_raw(&value, Root::default()));
            }
            Ok(Val::from_raw(&value, Root::default()))
        }
        other => {
            Err(Fault::python(format!("the JSON object must be str, bytes or bytearray, not {}", other.python_type())))
        }
    }
}
