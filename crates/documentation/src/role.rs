//! What roles say about themselves: their entry points, as `meta/argument_specs.yml` or `meta/main.yml` declares them
//! (<https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_reuse_roles.html#role-argument-validation>).

use crate::fields::{Layout, fields, lacks_description, texts};
use crate::look::Look;
use crate::markup::text_of;
use crate::source::{read, yaml};
use crate::wrap::{Margins, fill};
use crate::yaml::block;
use churten_diagnostics::Report;
use churten_value::{Dict, Source, Value};
use std::path::{Path, PathBuf};

/// Where entry points are declared; the first of these files that is there counts.
const DECLARED: [&str; 4] = ["meta/argument_specs.yml", "meta/argument_specs.yaml", "meta/main.yml", "meta/main.yaml"];
/// Where the rest of a role's data is.
const METADATA: [&str; 2] = ["meta/main.yml", "meta/main.yaml"];
/// The key of the entry points in either file.
const KEY: &str = "argument_specs";
/// What ansible-core says of options without a description.
const UNDESCRIBED: &str = "All (sub-)options and return values must have a 'description' field";

/// A role's directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleDirectory {
    /// The name, with that of its collection.
    pub name: String,
    /// The collection; none for a role that is in none.
    pub collection: Option<String>,
    /// The directory.
    pub path: PathBuf,
    /// The directory that pages name: for a role of a collection that of the collection.
    pub shown: PathBuf,
}

/// A role and its entry points.
#[derive(Clone, Debug)]
pub struct RoleDocument {
    directory: RoleDirectory,
    entry_points: Vec<(String, Value)>,
}

impl RoleDirectory {
    /// True where a role can say something of itself.
    pub fn declares(&self) -> bool {
        DECLARED.iter().any(|name| self.path.join(name).is_file())
    }

    /// What the role says, of one entry point or of all; `None` where it says nothing.
    ///
    /// # Errors
    /// What it says cannot be read.
    pub fn document(&self, entry_point: Option<&str>) -> Result<Option<RoleDocument>, Report> {
        let Some(all) = self.entry_points()? else { return Ok(None) };
        let wanted = |(name, _): &(&Value, &Value)| entry_point.is_none_or(|wanted| name.as_str() == Some(wanted));
        let filled = |value: &Value| if value.is_none() { Dict::new().into() } else { value.clone() };
        let entry_points: Vec<(String, Value)> =
            all.iter().filter(wanted).map(|(name, value)| (name.to_text(), filled(value))).collect();
        Ok((!entry_points.is_empty()).then(|| RoleDocument { directory: self.clone(), entry_points }))
    }

    /// A line about each entry point, and what the role's metadata says; `None` where it declares none.
    ///
    /// # Errors
    /// What it says cannot be read.
    pub fn summary(&self) -> Result<Option<Dict>, Report> {
        let Some(all) = self.entry_points()? else { return Ok(None) };
        let mut summary = match self.load(&METADATA)?.and_then(|data| data.get("galaxy_info").cloned()) {
            Some(info) if info.is_truthy() => info.as_dict().cloned().unwrap_or_default(),
            _ => Dict::from([("description", Value::from("UNDOCUMENTED"))]),
        };
        if let Some(collection) = &self.collection {
            summary.insert("collection", collection.as_str());
        }
        let mut titles = Dict::new();
        for (name, about) in all.iter() {
            if !about.is_none() && about.as_dict().is_none() {
                return Err(no_mapping(about));
            }
            titles.insert(name.clone(), about.get("short_description").cloned().unwrap_or_else(|| "".into()));
        }
        summary.insert("entry_points", titles);
        Ok(Some(summary))
    }

    fn entry_points(&self) -> Result<Option<Dict>, Report> {
        let Some(data) = self.load(&DECLARED)? else { return Ok(None) };
        Ok(data.get(KEY).and_then(Value::as_dict).cloned())
    }

    /// The data of the first of some files that is there.
    fn load(&self, files: &[&str]) -> Result<Option<Value>, Report> {
        let Some(path) = files.iter().map(|name| self.path.join(name)).find(|path| path.is_file()) else {
            return Ok(None);
        };
        let data = yaml(&read(&path)?, Source::file(&path.to_string_lossy()))?;
        match data.is_none() || data.as_dict().is_some() {
            true => Ok(Some(data)),
            false => Err(no_mapping(&data)),
        }
    }
}

/// As Python says it of what is looked into like a mapping.
fn no_mapping(value: &Value) -> Report {
    let class = match value.type_name() {
        "list" => "_AnsibleTaggedList",
        "str" => "_AnsibleTaggedStr",
        "int" => "_AnsibleTaggedInt",
        "float" => "_AnsibleTaggedFloat",
        other => other,
    };
    Report::new(format!("'{class}' object has no attribute 'get'"))
}

impl RoleDocument {
    /// The role's full name.
    pub fn name(&self) -> &str {
        &self.directory.name
    }

    /// Entry points with a key that they should not have.
    pub fn with_attributes(&self) -> impl Iterator<Item = &str> {
        self.entry_points
            .iter()
            .filter(|(_, about)| about.get("attributes").is_some_and(Value::is_truthy))
            .map(|(name, _)| name.as_str())
    }

    /// What `-j` shows.
    pub fn to_value(&self) -> Value {
        let entries = self.entry_points.iter().map(|(name, about)| (Value::from(name.as_str()), about.clone()));
        let path = self.directory.shown.to_string_lossy();
        Dict::from([
            ("collection", self.directory.collection.as_deref().map_or(Value::NONE, Value::from)),
            ("entry_points", Value::dict(entries.collect())),
            ("path", Value::from(&*path)),
        ])
        .into()
    }

    /// The role's page.
    ///
    /// # Errors
    /// Something in it has no description.
    pub fn page(&self, look: &Look<'_>) -> Result<String, Report> {
        let name = look.heading(&self.directory.name);
        let mut lines = vec![format!("> ROLE: {name} ({})", self.directory.shown.display()), String::new()];
        for (name, about) in &self.entry_points {
            let Some(about) = about.as_dict() else { return Err(no_mapping(about)) };
            self.entry_point(name, about, look, &mut lines)?;
        }
        Ok(lines.join("\n"))
    }

    fn entry_point(&self, name: &str, about: &Dict, look: &Look<'_>, lines: &mut Vec<String>) -> Result<(), Report> {
        let title = match about.get("short_description").filter(|title| title.is_truthy()) {
            Some(title) => format!("- {}", title.to_text()),
            None => String::new(),
        };
        lines.extend([format!("ENTRY POINT: {} {title}", look.heading(name)), String::new()]);
        if let Some(description) = about.get("description").filter(|text| text.is_truthy()) {
            let margins = Margins::even(look.limit(), "          ");
            lines.extend(texts(Some(description.clone())).iter().map(|text| fill(&text_of(text, look), margins)));
            lines.push(String::new());
        }
        match about.get("options").and_then(Value::as_dict).filter(|options| !options.is_empty()) {
            Some(options) => {
                if lacks_description(options) {
                    let what = format!("Error extracting role docs from '{}'", self.name());
                    return Err(Report::new(UNDESCRIBED).context(what));
                }
                let mark = if look.is_marked() { "=" } else { "red" };
                let heading = look.heading("Options");
                lines.extend([format!("{heading} ({mark} indicates it is required):"), String::new()]);
                lines.extend(fields(options, look, Layout::ROLE));
            }
            None => lines.push(String::new()),
        }
        if let Some(attributes) = about.get("attributes").and_then(Value::as_dict).filter(|all| !all.is_empty()) {
            lines.extend([look.heading("ATTRIBUTES:"), String::new()]);
            lines.extend(crate::page::attributes(attributes, "          ", look));
        }
        if let Some(author) = about.get("author").filter(|author| author.is_truthy()) {
            lines.extend([format!("AUTHOR: {}", texts(Some(author.clone())).join(", ")), String::new()]);
        }
        if let Some(examples) = about.get("examples").filter(|examples| examples.is_truthy()) {
            let data = || format!("{}\n", block(examples, "", look));
            let text = examples.as_str().map_or_else(data, |text| text.trim().to_owned());
            lines.extend([look.heading("EXAMPLES:"), text, String::new()]);
        }
        Ok(())
    }
}

/// Roles with their entry points, in columns.
pub fn role_list(summaries: &Dict) -> String {
    let titles = |summary: &Value| summary.get("entry_points").and_then(Value::as_dict).cloned().unwrap_or_default();
    let names = summaries.iter().flat_map(|(_, summary)| titles(summary).into_iter().map(|(name, _)| name.to_text()));
    let width = names.map(|name| name.chars().count()).max().unwrap_or(0);
    let mut lines = Vec::new();
    for (name, summary) in summaries.iter() {
        let titles = titles(summary);
        match titles.is_empty() {
            true => lines.push(name.to_text()),
            false => lines.extend([format!("{}:", name.to_text()), "  specs:".to_owned()]),
        }
        lines.extend(titles.iter().map(|(name, title)| format!("    {:width$}: {}", name.to_text(), title.to_text())));
    }
    lines.join("\n")
}

/// The roles in a directory of roles.
pub fn roles_in(directory: &Path) -> Vec<(String, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let mut found: Vec<(String, PathBuf)> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
        .collect();
    found.sort();
    found
}
