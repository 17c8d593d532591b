use crate::run;
use churten_module::prelude::*;

/// Look into the databases of the name service, as `getent` shows them, for facts named `getent_DATABASE`.
#[derive(Args)]
pub(crate) struct GetEnt {
    /// The database: `passwd`, `group`, `hosts`, ...
    database: String,
    /// The entry; all of them when not given.
    key: Option<String>,
    /// The only service to ask.
    service: Option<String>,
    /// What fields are separated by; blanks, or a colon in the databases of accounts, when not given.
    split: Option<String>,
    /// Fail when there is no such entry.
    #[arg(default = true)]
    fail_key: bool,
}

/// What `getent` says with its exit code.
const UNKNOWN_DATABASE: i32 = 1;
const NO_SUCH_KEY: i32 = 2;
const NOT_ENUMERABLE: i32 = 3;

impl Action for GetEnt {
    const NAME: &'static str = "getent";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, _options: &Options) -> Result<Dict> {
        if self.split.as_deref() == Some("") {
            fail!("empty separator");
        }
        let mut words = vec![run::program(host.observe(), "getent")?, self.database.clone()];
        words.extend(self.key.clone());
        words.extend(self.service.iter().flat_map(|service| ["-s".to_owned(), service.clone()]));
        let command = Command::new(words);
        let output = host.query(&command).map_err(|error| Failure::could_not_run(&command.program, &error))?;
        let missing = "One or more supplied key could not be found in the database.";
        match output.code {
            0 => Ok(self.facts(entries(&output.stdout_text(), self.separator()))),
            UNKNOWN_DATABASE => Err(Failure::new("Missing arguments, or database unknown.")),
            NO_SUCH_KEY if self.fail_key => Err(Failure::new(missing)),
            NO_SUCH_KEY => {
                let key = self.key.as_deref().map_or(Value::NONE, Value::from);
                let mut result = self.facts([(key, Value::NONE)].into_iter().collect());
                result.insert("msg", missing);
                Ok(result)
            }
            NOT_ENUMERABLE => Err(Failure::new("Enumeration not supported on this database.")),
            _ => Err(Failure::new("Unexpected failure!")),
        }
    }
}

impl GetEnt {
    fn separator(&self) -> Option<&str> {
        let is_account = matches!(self.database.as_str(), "passwd" | "shadow" | "group" | "gshadow");
        self.split.as_deref().or(is_account.then_some(":"))
    }

    fn facts(&self, entries: Dict) -> Dict {
        let mut facts = Dict::new();
        facts.insert(format!("getent_{}", self.database), entries);
        Dict::from([("ansible_facts", facts)])
    }
}

/// Lines as entries: the first field is the name. Of a name that comes again all entries are kept, as a list of lists.
fn entries(text: &str, separator: Option<&str>) -> Dict {
    let mut found: Vec<(String, Vec<Value>)> = Vec::new();
    for line in text.lines() {
        let mut fields = match separator {
            Some(separator) => line.split(separator).map(str::to_owned).collect::<Vec<String>>(),
            None => line.split_whitespace().map(str::to_owned).collect(),
        };
        if fields.is_empty() {
            continue;
        }
        let name = fields.remove(0);
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some((_, records)) => records.push(fields.into()),
            None => found.push((name, vec![fields.into()])),
        }
    }
    found
        .into_iter()
        .map(|(name, mut records)| {
            let records = if records.len() == 1 { records.remove(0) } else { Value::list(records) };
            (Value::from(name), records)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::entries;
    use churten_value::{JsonStyle, Value};

    #[test]
    fn lines_are_entries() {
        for (text, separator, expected) in [
            ("root:x:0\n", Some(":"), r#"{"root": ["x", "0"]}"#),
            ("::1  a b\n127.0.0.1\tc\n::1 d\n", None, r#"{"::1": [["a", "b"], ["d"]], "127.0.0.1": ["c"]}"#),
            ("alone\n", None, r#"{"alone": []}"#),
        ] {
            assert_eq!(Value::from(entries(text, separator)).to_json(JsonStyle::PLAIN), expected);
        }
    }
}
