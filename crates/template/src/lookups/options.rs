//! Options of lookups of collections, as ansible-core's plugin configuration converts them.

use super::Lookup;
use crate::fault::{Fault, Outcome};
use crate::val::{Val, number, python_repr};

impl Lookup<'_, '_> {
    /// An option that is a truth value. A word that is none is false.
    pub(super) fn truth_option(&mut self, name: &str, default: bool) -> bool {
        match self.option(name) {
            None | Some(Val::None) => default,
            Some(Val::Str(text)) => {
                matches!(text.to_lowercase().as_str(), "y" | "yes" | "on" | "1" | "true" | "t")
            }
            Some(other) => number(&other).is_some_and(|number| number.to_float() == 1.0),
        }
    }

    /// An option that is an integer.
    pub(super) fn integer_option(&mut self, plugin: &str, name: &str, default: i64) -> Outcome<i64> {
        let value = match self.option(name) {
            None | Some(Val::None) => return Ok(default),
            Some(value) => value,
        };
        let found = match &value {
            Val::Str(text) => text.trim().parse().ok(),
            other => number(other)
                .map(|number| number.to_float())
                .filter(|float| float.fract() == 0.0)
                .map(|float| float as i64),
        };
        match found {
            Some(found) => Ok(found),
            None => Err(Fault::python(format!(
                "Config '{name}' for 'ansible_collections.community.general.plugins.lookup.{plugin}' lookup plugin from \
                 'Direct' has an invalid value: Invalid value provided for 'int': {}",
                python_repr(&value, self.session)?
            ))),
        }
    }

    /// An option that is text.
    pub(super) fn text_option(&mut self, name: &str) -> Outcome<Option<String>> {
        match self.option(name) {
            None | Some(Val::None) => Ok(None),
            Some(value) => self.text(&value).map(Some),
        }
    }

    /// An option that is one of some words; the first is the default.
    pub(super) fn choice_option<'w>(&mut self, plugin: &str, name: &str, words: &[&'w str]) -> Outcome<&'w str> {
        let given = self.text_option(name)?;
        let first = words.first().copied().unwrap_or_default();
        let Some(given) = given else { return Ok(first) };
        words.iter().find(|word| **word == given).copied().ok_or_else(|| {
            Fault::python(format!(
                "Invalid value '{given}' for config '{name}' for \
                 'ansible_collections.community.general.plugins.lookup.{plugin}' lookup plugin."
            ))
        })
    }
}
