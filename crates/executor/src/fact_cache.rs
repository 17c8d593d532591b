//! `fact_caching = jsonfile`: facts that outlive the run, one file per host.
//!
//! The format is ansible-core 2.19's: a mapping whose `__payload__` is the JSON text of the facts. In it a text that is
//! trusted as a template is `{"value": ..., "tags": [{"__ansible_type": "TrustedAsTemplate"}], "__ansible_type":
//! "_AnsibleTaggedStr"}`; other tagged values of ansible-core are read for what they hold.

use churten_config::{OptionSources, Settings};
use churten_diagnostics::Report;
use churten_inventory::{CachedFacts, CorruptFacts};
use churten_value::{Data, Dict, JsonStyle, Tags, Value, from_json};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The options are those of this plugin.
const PLUGIN: &str = "cache/jsonfile";

/// What ansible-core 2.19 puts in front of a host's name: the version of the format.
const SCHEMA: &str = "s1_";

const PAYLOAD: &str = "__payload__";
const TYPE: &str = "__ansible_type";
/// A date; it is read as its text.
const DATE: &str = "AnsibleSerializableDate";
const TRUSTED: &str = "TrustedAsTemplate";

/// Facts of one host are no larger.
const LIMIT: u64 = 256 << 20;

/// Files in which facts are kept.
#[derive(Clone, Debug)]
pub struct FactCache {
    directory: PathBuf,
    prefix: String,
    /// How long facts are good for; `None` for ever.
    lifetime: Option<Duration>,
}

impl FactCache {
    /// The cache that the settings ask for; `None` when facts are kept for the run only. What cannot be had is warned
    /// of, and facts are kept for the run.
    ///
    /// # Errors
    /// A setting that cannot be had.
    pub fn open(settings: &Settings, warn: &dyn Fn(String)) -> Result<Option<Self>, Report> {
        let name = settings.text("CACHE_PLUGIN").unwrap_or("memory");
        match name.strip_prefix("ansible.builtin.").or_else(|| name.strip_prefix("ansible.legacy.")).unwrap_or(name) {
            "memory" => return Ok(None),
            "jsonfile" => {}
            _ => {
                warn(format!("Unable to load the cache plugin '{name}'."));
                return Ok(None);
            }
        }
        let option = |name: &str| -> Result<Value, Report> {
            let sources = OptionSources { variables: &|_| None, keywords: &|_| None };
            Ok(settings.plugin_option_from(PLUGIN, name, sources)?.value)
        };
        let directory = option("_uri")?;
        let Some(directory) = directory.as_str().filter(|path| !path.is_empty()).map(PathBuf::from) else {
            warn("Required config '_uri' for 'jsonfile' cache plugin not provided.".into());
            return Ok(None);
        };
        if let Err(error) = std::fs::create_dir_all(&directory) {
            let reason = churten_module::python_error(&error);
            let path = directory.display();
            warn(format!(
                "Error in 'jsonfile' cache plugin while trying to create cache dir '{path}': {reason}: '{path}'"
            ));
            return Ok(None);
        }
        let seconds = match option("_timeout")?.data {
            Data::Int(seconds) => u64::try_from(seconds).unwrap_or_default(),
            _ => 0,
        };
        let prefix = option("_prefix")?;
        Ok(Some(Self {
            directory,
            prefix: prefix.as_str().unwrap_or_default().to_owned(),
            lifetime: (seconds > 0).then(|| Duration::from_secs(seconds)),
        }))
    }

    /// The facts as modules returned them, as a `constructed` inventory takes them.
    #[must_use]
    pub fn returned(&self) -> CachedFacts {
        let cache = self.clone();
        CachedFacts::new(move |host| cache.load(host))
    }

    /// The facts that are variables of a host (`ansible-inventory`), of a cache or of none. Without `inject` only
    /// `ansible_local` is one, and every host has it. `restricted` hears of the names that no fact may have.
    #[must_use]
    pub fn injected(
        cache: Option<Self>,
        inject: bool,
        restricted: impl Fn(&str) + Send + Sync + 'static,
    ) -> CachedFacts {
        CachedFacts::new(move |host| {
            let facts = cache.as_ref().map(|cache| cache.load(host)).transpose()?.flatten();
            if !inject {
                let local = facts.and_then(|mut facts| facts.remove("ansible_local"));
                return Ok(Some(Dict::from([("ansible_local", local.unwrap_or_else(|| Dict::new().into()))])));
            }
            Ok(facts.map(|mut facts| {
                let names = facts.keys().filter_map(Value::as_str);
                names.filter(|name| crate::facts::is_restricted(name)).for_each(&restricted);
                facts.retain(|name, _| crate::facts::may_be_injected(&name.to_text()));
                facts
            }))
        })
    }

    /// The file of a host; a name that is no file's name has none.
    fn file(&self, host: &str) -> Option<PathBuf> {
        let name = format!("{}{SCHEMA}{host}", self.prefix);
        (!name.contains(['/', '\0'])).then(|| self.directory.join(name))
    }

    /// The facts of a host as modules returned them; `None` when there are none, or they are too old.
    pub(crate) fn load(&self, host: &str) -> Result<Option<Dict>, Box<CorruptFacts>> {
        let Some(path) = self.file(host) else { return Ok(None) };
        let Ok(file) = std::fs::File::open(&path) else { return Ok(None) };
        if self.is_stale(&file) {
            return Ok(None);
        }
        let mut text = String::new();
        let read = (&file).take(LIMIT).read_to_string(&mut text).map_err(|error| error.to_string());
        match read.and_then(|_| from_json(&text).map_err(|error| error.to_string())) {
            Ok(stored) => Ok(stored.get(PAYLOAD).and_then(Value::as_str).and_then(facts_of)),
            Err(reason) => {
                let _ = std::fs::remove_file(&path);
                Err(Box::new(corrupt(&path, &reason)))
            }
        }
    }

    fn is_stale(&self, file: &std::fs::File) -> bool {
        let Some(lifetime) = self.lifetime else { return false };
        let modified = file.metadata().and_then(|metadata| metadata.modified());
        let age = modified.ok().and_then(|modified| SystemTime::now().duration_since(modified).ok());
        age.is_some_and(|age| age > lifetime)
    }

    /// Keep the facts of a host, all of them.
    pub(crate) fn store(&self, host: &str, facts: &Dict) -> io::Result<()> {
        let Some(path) = self.file(host) else { return Ok(()) };
        let payload = Value::dict(facts.iter().map(|(name, value)| (name.clone(), packed(value))).collect());
        let stored = Value::dict(Dict::from([(PAYLOAD, payload.to_json(JsonStyle::PLAIN))]));
        let mut file = tempfile::NamedTempFile::new_in(&self.directory)?;
        file.write_all(stored.to_json(JsonStyle::PLAIN).as_bytes())?;
        // As ansible-core leaves it: other users' runs may share the cache.
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
        file.persist(&path).map_err(|error| error.error)?;
        Ok(())
    }

    /// Forget the facts of a host.
    pub(crate) fn remove(&self, host: &str) {
        if let Some(path) = self.file(host) {
            let _ = std::fs::remove_file(path);
        }
    }
}

fn corrupt(path: &Path, reason: &str) -> CorruptFacts {
    let path = path.display();
    CorruptFacts {
        warning: Report::new(format!(
            "error in 'jsonfile' cache plugin while trying to read {path} : b'{reason}'. Most likely a corrupt file, so \
             erasing and failing."
        )),
        report: Report::new(format!(
            "The cache file {path} was corrupt, or did not otherwise contain valid data. It has been removed, so you can \
             re-run your command now."
        ))
        .apart(),
    }
}

fn facts_of(payload: &str) -> Option<Dict> {
    let facts = from_json(payload).ok()?;
    Some(facts.as_dict()?.iter().map(|(name, value)| (name.clone(), unpacked(value))).collect())
}

/// A value as it is stored: trust has no place in plain JSON.
fn packed(value: &Value) -> Value {
    match &value.data {
        Data::Str(_) if value.tags.is_trusted() => {
            let tags = vec![Value::dict(Dict::from([(TYPE, TRUSTED)]))];
            let text = value.clone().with_tags(Tags::NONE);
            Value::dict(Dict::from([("value", text), ("tags", tags.into()), (TYPE, "_AnsibleTaggedStr".into())]))
        }
        Data::List(items) => Value::list(items.iter().map(packed).collect()),
        Data::Dict(entries) => Value::dict(entries.iter().map(|(name, value)| (name.clone(), packed(value))).collect()),
        _ => value.clone(),
    }
}

fn unpacked(value: &Value) -> Value {
    match &value.data {
        Data::List(items) => Value::list(items.iter().map(unpacked).collect()),
        Data::Dict(entries) => {
            let is_tagged =
                entries.get(TYPE).and_then(Value::as_str).is_some_and(|name| name.starts_with("_AnsibleTagged"));
            if entries.get(TYPE).and_then(Value::as_str) == Some(DATE) {
                return entries.get("iso8601").cloned().unwrap_or_default();
            }
            match entries.get("value").filter(|_| is_tagged) {
                None => Value::dict(entries.iter().map(|(name, value)| (name.clone(), unpacked(value))).collect()),
                Some(inner) => {
                    let tags = entries.get("tags").and_then(Value::as_list).unwrap_or_default();
                    let trusted = tags.iter().any(|tag| tag.get(TYPE).and_then(Value::as_str) == Some(TRUSTED));
                    unpacked(inner).with_tags(Tags::NONE.trust(trusted))
                }
            }
        }
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::FactCache;
    use churten_value::{Dict, Tags, Value};
    use std::time::Duration;

    fn cache(directory: &std::path::Path) -> FactCache {
        FactCache { directory: directory.to_owned(), prefix: "p_".into(), lifetime: None }
    }

    #[test]
    fn facts_come_back_with_their_trust() {
        let directory = tempfile::tempdir().unwrap();
        let cache = cache(directory.path());
        let template = Value::str("{{ 1 }}").with_tags(Tags::NONE.trust(true));
        let facts = Dict::from([
            ("plain", Value::str("{{ 2 }}")),
            ("list", Value::list(vec![template.clone(), 1.into()])),
            ("mapping", Dict::from([("a", template)]).into()),
        ]);
        cache.store("h1", &facts).unwrap();
        let loaded = cache.load("h1").unwrap().unwrap();
        assert_eq!(loaded, facts);
        let trusted = |value: Option<&Value>| value.unwrap().tags.is_trusted();
        assert!(!trusted(loaded.get("plain")));
        assert!(trusted(loaded.get("list").and_then(Value::as_list).and_then(<[Value]>::first)));
        assert!(trusted(loaded.get("mapping").and_then(|mapping| mapping.get("a"))));
        assert!(directory.path().join("p_s1_h1").is_file());
        cache.remove("h1");
        assert!(cache.load("h1").unwrap().is_none());
    }

    #[test]
    fn what_ansible_core_stored_is_read() {
        let directory = tempfile::tempdir().unwrap();
        let text = r#"{"__payload__": "{\"ansible_os\": \"Debian\", \"one\": {\"value\": 1, \"tags\": [{\"path\": \"/p.yml\", \"line_num\": 5, \"col_num\": 26, \"__ansible_type\": \"Origin\"}], \"__ansible_type\": \"_AnsibleTaggedInt\"}}"}"#;
        std::fs::write(directory.path().join("p_s1_h1"), text).unwrap();
        let facts = cache(directory.path()).load("h1").unwrap().unwrap();
        assert_eq!(facts, Dict::from([("ansible_os", Value::from("Debian")), ("one", 1.into())]));
    }

    #[test]
    fn old_and_broken_files_are_not_used() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("p_s1_h1");
        let mut cache = cache(directory.path());
        std::fs::write(&path, r#"{"ansible_os": "Debian"}"#).unwrap();
        assert!(cache.load("h1").unwrap().is_none());
        std::fs::write(&path, "nonsense").unwrap();
        let corrupt = cache.load("h1").unwrap_err();
        assert!(
            corrupt.warning.message.contains("b'Expecting value: line 1 column 1 (char 0)'"),
            "{}",
            corrupt.warning.message
        );
        assert!(!path.exists());
        cache.store("h1", &Dict::from([("a", 1)])).unwrap();
        cache.lifetime = Some(Duration::from_nanos(1));
        assert!(cache.load("h1").unwrap().is_none());
        // A name that leads out of the directory has no file.
        cache.store("../h1", &Dict::new()).unwrap();
        assert!(cache.load("../h1").unwrap().is_none());
    }
}
