//! What a plugin's documentation takes in from others
//! (<https://docs.ansible.com/ansible/latest/dev_guide/developing_modules_documenting.html#documentation-fragments>).

use crate::Library;
use crate::source;
use crate::versions::{Place, name_collection};
use churten_diagnostics::Report;
use churten_python::assignments;
use churten_value::{Dict, Source, Value};
use std::collections::BTreeSet;
use std::path::Path;

/// The key that names them.
const EXTENDS: &str = "extends_documentation_fragment";

/// Takes in what `documentation` names, and leaves the names out. Gives those that only Python can make.
///
/// # Errors
/// A fragment is not there or is no YAML.
pub(crate) fn resolve(
    documentation: &mut Dict,
    path: &Path,
    library: &dyn Library,
    place: Place,
) -> Result<Vec<String>, Report> {
    let names = match documentation.remove(EXTENDS) {
        Some(names) => names,
        None => return Ok(Vec::new()),
    };
    let names: Vec<String> = match (names.as_str(), names.as_list()) {
        (Some(text), _) => text.split(',').map(|name| name.trim().to_owned()).collect(),
        (None, Some(items)) => items.iter().map(|item| item.to_text().trim().to_owned()).collect(),
        (None, None) => Vec::new(),
    };
    let (mut unknown, mut left_out) = (Vec::new(), Vec::new());
    for name in names {
        match fragment(&name, library, place)? {
            Fragment::Text(fragment) => take_in(documentation, fragment),
            Fragment::Code => left_out.push(name),
            Fragment::Missing => unknown.push(name),
        }
    }
    if unknown.is_empty() {
        return Ok(left_out);
    }
    Err(Report::new(format!("unknown doc_fragment(s) in file {}: {}", path.display(), unknown.join(", "))))
}

/// What a name of a fragment means.
enum Fragment {
    Text(Dict),
    /// It is made when Python loads it.
    Code,
    Missing,
}

/// A fragment by its name, or by its name and the name of one of its texts.
fn fragment(name: &str, library: &dyn Library, place: Place) -> Result<Fragment, Report> {
    let whole = library.fragment(name).map(|found| (found, "DOCUMENTATION".to_owned()));
    let part = || {
        let (name, part) = name.rsplit_once('.')?;
        Some((library.fragment(name)?, part.to_uppercase()))
    };
    let Some((found, variable)) = whole.or_else(part) else { return Ok(Fragment::Missing) };
    let text = source::read(&found.path)?;
    let of_class = |class: Option<&str>| class == Some("ModuleDocFragment");
    let value = assignments(&text)
        .into_iter()
        .filter(|one| of_class(one.class.as_deref()) && one.name == variable)
        .map(|one| one.value)
        .next_back();
    let value = match value {
        Some(value) => value,
        None if text.contains(&variable) => return Ok(Fragment::Code),
        None => "{}".into(),
    };
    let data = source::yaml(&value.to_text(), Source::file(&found.path.to_string_lossy()))?;
    let mut data = data.as_dict().cloned().unwrap_or_default();
    name_collection(&mut data, &found.collection, place);
    Ok(Fragment::Text(data))
}

fn take_in(documentation: &mut Dict, mut fragment: Dict) {
    for key in ["notes", "seealso"] {
        let Some(more) = fragment.remove(key) else { continue };
        let more = more.as_list().unwrap_or_default();
        if more.is_empty() {
            continue;
        }
        let mut all = documentation.get(key).and_then(Value::as_list).unwrap_or_default().to_vec();
        all.extend(more.iter().cloned());
        documentation.insert(key, Value::list(all));
    }
    for key in ["options", "attributes"] {
        let Some(more) = fragment.remove(key) else { continue };
        let merged = match (documentation.get(key).and_then(Value::as_dict), more.as_dict()) {
            (Some(own), Some(more)) => merge(own.clone(), more).into(),
            _ => more,
        };
        documentation.insert(key, merged);
    }
    *documentation = merge(std::mem::take(documentation), &fragment);
}

/// The entries of `own` and those of `more`: what is in both is merged, `own` being the stronger.
fn merge(mut own: Dict, more: &Dict) -> Dict {
    for (key, theirs) in more.iter() {
        let ours = own.get_value(key);
        let merged: Value = match (ours.and_then(Value::as_dict), theirs.as_dict()) {
            (Some(ours), Some(theirs)) => {
                let mut both = theirs.clone();
                both.extend_from(ours);
                both.into()
            }
            _ => match (ours.and_then(Value::as_list), theirs.as_list()) {
                (Some(ours), Some(theirs)) => {
                    let texts: BTreeSet<String> = ours.iter().chain(theirs).map(Value::to_text).collect();
                    texts.into_iter().map(Value::from).collect()
                }
                _ if ours.is_some() => continue,
                _ => theirs.clone(),
            },
        };
        own.insert(key.clone(), merged);
    }
    own
}
