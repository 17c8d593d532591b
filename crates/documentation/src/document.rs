//! The whole documentation of a module or plugin, as `ansible-doc -j` shows it.

use crate::source::{self, Blocks};
use crate::versions::{Place, name_collection};
use crate::{Library, fragments};
use churten_diagnostics::Report;
use churten_value::{Dict, Value};
use std::path::PathBuf;

/// A file with documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentedFile {
    /// The full name: `ansible.builtin.file`.
    pub name: String,
    /// The collection, empty for what belongs to none.
    pub collection: String,
    /// The file.
    pub path: PathBuf,
}

/// The documentation of a module or plugin.
#[derive(Clone, Debug)]
pub struct Document {
    /// `doc`: descriptions, options and the rest.
    pub doc: Dict,
    /// `examples`: text.
    pub examples: Value,
    /// `return`: the values it returns.
    pub returned: Value,
    /// `metadata`
    pub metadata: Value,
    /// Fragments that are made by code when Python loads them, and are left out.
    pub left_out: Vec<String>,
}

impl Document {
    /// The documentation in a file; `None` when there is none in it. `kind` is `module`, `lookup` and so on.
    ///
    /// # Errors
    /// The file cannot be read, or what it says cannot.
    pub fn read(file: &DocumentedFile, kind: &str, library: &dyn Library) -> Result<Option<Self>, Report> {
        let Blocks { documentation, examples, mut returned, metadata } = source::blocks(&file.path)?;
        let Some(mut doc) = documentation else { return Ok(None) };
        let place = if kind == "module" { Place::Module } else { Place::Plugin };
        name_collection(&mut doc, &file.collection, place);
        let left_out = fragments::resolve(&mut doc, &file.path, library, place)?;
        if let Some(values) = returned.as_dict() {
            let mut values = values.clone();
            name_collection(&mut values, &file.collection, Place::Returned);
            returned = values.into();
        }
        doc.insert("filename", file.path.to_string_lossy().as_ref());
        doc.insert("collection", file.collection.as_str());
        doc.insert("plugin_name", file.name.as_str());
        if kind == "module" {
            doc.insert("has_action", library.has_action(&file.name));
        }
        Ok(Some(Self { doc, examples, returned, metadata, left_out }))
    }

    /// What a plugin is, in a line, as its file says; `None` where nothing is said in it.
    ///
    /// # Errors
    /// The file cannot be read, or what it says cannot.
    pub fn title(file: &DocumentedFile) -> Result<Option<String>, Report> {
        let title = |doc: Dict| doc.get("short_description").map(Value::to_text).unwrap_or_default();
        let text = source::documentation(&file.path)?.map(title);
        Ok(text.map(|text| text.trim().trim_end_matches('.').to_owned()))
    }

    /// What `-j` shows.
    pub fn to_value(&self) -> Value {
        let part = |value: &Value| value.clone();
        Dict::from([
            ("doc", Value::from(self.doc.clone())),
            ("examples", part(&self.examples)),
            ("metadata", part(&self.metadata)),
            ("return", part(&self.returned)),
        ])
        .into()
    }
}
