//! Roles: those beside the playbook directory, in the directories of options and settings, and of collections.

use super::library::{Places, is_collection_name};
use super::{Told, json};
use crate::command_line::DocOptions;
use churten_config::{Settings, normalise};
use churten_diagnostics::{ErrorKind, Report};
use churten_documentation::{Look, RoleDirectory, RoleDocument, roles_in};
use churten_value::{Dict, Value};
use std::collections::HashSet;
use std::path::PathBuf;

/// What each role says in a line, by its full name. Roles that cannot be read are warned of.
///
/// # Errors
/// There is no such collection.
pub(super) fn summaries(
    options: &DocOptions,
    settings: &Settings,
    places: &Places,
    told: &mut Told,
) -> Result<Dict, Report> {
    let mut all = Vec::new();
    match &options.names[..] {
        [] => {
            all.extend(plain(options, settings));
            all.extend(places.collection_roles(None));
        }
        names => {
            for name in names {
                is_collection_name(name)?;
                all.extend(places.collection_roles(Some(name)));
            }
        }
    }
    all.sort_by(|one, other| one.name.cmp(&other.name));
    let mut found = Dict::new();
    for role in &all {
        match role.summary() {
            Ok(Some(summary)) => drop(found.insert(role.name.as_str(), summary)),
            Ok(None) => {}
            Err(report) => {
                let name = role.name.rsplit('.').next().unwrap_or_default();
                let reason = report.message;
                told.warnings.push(format!("Skipping role ({name}) due to: Failed to process role ({name}): {reason}"));
            }
        }
    }
    Ok(found)
}

/// What the named roles say.
///
/// # Errors
/// One cannot be read.
pub(super) fn pages(
    options: &DocOptions,
    settings: &Settings,
    places: &Places,
    look: &Look<'_>,
    told: &mut Told,
) -> Result<String, Report> {
    let is_wanted = |role: &RoleDirectory| {
        let short = role.name.rsplit('.').next().unwrap_or_default();
        options.names.iter().any(|name| *name == role.name || name == short)
    };
    let mut documents: Vec<RoleDocument> = Vec::new();
    let all = plain(options, settings).into_iter().chain(places.collection_roles(None));
    for role in all.filter(is_wanted) {
        let document = role.document(options.entry_point.as_deref()).map_err(|report| {
            let message = format!("Unexpected Exception, this is probably a bug: {}", report.message);
            Report::new(message).kind(ErrorKind::Unexpected)
        })?;
        documents.extend(document);
    }
    if options.json {
        let all = documents.iter().map(|document| (Value::from(document.name()), document.to_value()));
        return Ok(json(all.collect::<Dict>()));
    }
    let mut text = String::new();
    for document in documents {
        text.push_str(&document.page(look).map_err(|report| report.kind(ErrorKind::Parser))?);
        let name = document.name();
        told.deprecations.extend(document.with_attributes().map(|entry| {
            format!(
                "The role {name}'s argument spec {entry} contains the key \"attributes\", which will not be displayed by \
                 ansible-doc in the future. This was unintentionally allowed when plugin attributes were added, but the feature \
                 does not map well to role argument specs. This feature will be removed from ansible-core version 2.20."
            )
        }));
    }
    Ok(text.trim_end_matches('\n').to_owned())
}

/// The directories of roles, by their full names.
///
/// # Errors
/// There is no such collection.
pub(super) fn directories(
    options: &DocOptions,
    settings: &Settings,
    places: &Places,
    told: &mut Told,
) -> Result<Dict, Report> {
    let names = summaries(options, settings, places, told)?;
    let all = plain(options, settings).into_iter().chain(places.collection_roles(None));
    let found = all.filter(|role| names.contains(&role.name));
    Ok(found.map(|role| (Value::from(role.name), Value::from(role.path.to_string_lossy().as_ref()))).collect())
}

/// All that roles say, by their full names. Roles that cannot be read are warned of.
///
/// # Errors
/// There is no such collection.
pub(super) fn everything(
    options: &DocOptions,
    settings: &Settings,
    places: &Places,
    told: &mut Told,
) -> Result<Dict, Report> {
    let names = summaries(options, settings, places, told)?;
    let all = plain(options, settings).into_iter().chain(places.collection_roles(None));
    let mut found = Dict::new();
    for role in all.filter(|role| names.contains(&role.name)) {
        if let Some(document) = role.document(None)? {
            found.insert(role.name.as_str(), document.to_value());
        }
    }
    Ok(found)
}

/// The roles of no collection. Of two with the same name the first counts.
pub(super) fn plain(options: &DocOptions, settings: &Settings) -> Vec<RoleDirectory> {
    let current = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    let playbooks = options.run.playbook_directory.clone().or_else(|| settings.text("PLAYBOOK_DIR").map(PathBuf::from));
    let directories = playbooks
        .map(|directory| directory.join("roles"))
        .into_iter()
        .chain(options.roles_path.iter().cloned())
        .chain(settings.paths("DEFAULT_ROLES_PATH"));
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for directory in directories {
        for (name, path) in roles_in(&normalise(&current.join(directory))) {
            let role = RoleDirectory { name, collection: None, shown: path.clone(), path };
            if role.declares() && seen.insert(role.name.clone()) {
                found.push(role);
            }
        }
    }
    found
}
