//! The documentation of a plugin as it stands in a file: blocks of YAML in a Python source, or a YAML file of its own
//! (<https://docs.ansible.com/ansible/latest/dev_guide/sidecar.html>).

use churten_diagnostics::Report;
use churten_python::assignments;
use churten_syntax::{ParseOptions, parse_yaml_single};
use churten_value::{Dict, Source, Value};
use std::path::Path;

/// The largest file that is read.
const MAX_BYTES: u64 = 16 << 20;

/// The blocks of a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blocks {
    /// `DOCUMENTATION`
    pub(crate) documentation: Option<Dict>,
    /// `EXAMPLES`: text, or data of a YAML file.
    pub(crate) examples: Value,
    /// `RETURN`
    pub(crate) returned: Value,
    /// `ANSIBLE_METADATA`
    pub(crate) metadata: Value,
}

/// The text of a file.
///
/// # Errors
/// It cannot be read.
pub(crate) fn read(path: &Path) -> Result<String, Report> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MAX_BYTES).read_to_end(&mut bytes))
        .map_err(|error| Report::new(format!("Unable to read {}: {error}", path.display())))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The data of a YAML text.
///
/// # Errors
/// It is no YAML.
pub(crate) fn yaml(text: &str, source: Source) -> Result<Value, Report> {
    let parsed = parse_yaml_single(text, source, &ParseOptions::UNTRUSTED)?;
    Ok(parsed.documents.into_iter().next().unwrap_or_default())
}

/// The block `DOCUMENTATION` of a file alone; `None` where there is none.
///
/// # Errors
/// It cannot be read, or the block is no YAML.
pub(crate) fn documentation(path: &Path) -> Result<Option<Dict>, Report> {
    if path.extension().is_some_and(|extension| extension != "py") {
        return Ok(blocks(path)?.documentation);
    }
    let found = assignments(&read(path)?)
        .into_iter()
        .rfind(|one| one.class.is_none() && one.name == "DOCUMENTATION")
        .map(|one| one.value);
    let data = match found {
        None => return Ok(None),
        Some(value) => match value.as_str() {
            Some(text) => yaml(text, Source::file(&path.to_string_lossy()))?,
            None => value,
        },
    };
    Ok(data.as_dict().cloned())
}

/// The blocks of a file.
///
/// # Errors
/// It cannot be read, or a block is no YAML.
pub(crate) fn blocks(path: &Path) -> Result<Blocks, Report> {
    let text = read(path)?;
    let source = Source::file(&path.to_string_lossy());
    if path.extension().is_some_and(|extension| extension != "py") {
        return sidecar(&text, source);
    }
    let mut blocks = Blocks::default();
    for one in assignments(&text).into_iter().filter(|one| one.class.is_none()) {
        let data = |value: &Value| match value.as_str() {
            Some(text) => yaml(text, source),
            None => Ok(value.clone()),
        };
        match one.name.as_str() {
            "DOCUMENTATION" => blocks.documentation = data(&one.value)?.as_dict().cloned(),
            "EXAMPLES" => blocks.examples = one.value,
            "RETURN" => blocks.returned = data(&one.value)?,
            "ANSIBLE_METADATA" => blocks.metadata = data(&one.value)?,
            _ => {}
        }
    }
    Ok(blocks)
}

/// The blocks of a YAML file.
///
/// # Errors
/// It is no YAML.
pub(crate) fn sidecar(text: &str, source: Source) -> Result<Blocks, Report> {
    let whole = yaml(text, source)?;
    let part = |name: &str| whole.get(name).cloned().unwrap_or_default();
    Ok(Blocks {
        documentation: part("DOCUMENTATION").as_dict().cloned(),
        examples: part("EXAMPLES"),
        returned: part("RETURN"),
        metadata: part("ANSIBLE_METADATA"),
    })
}
