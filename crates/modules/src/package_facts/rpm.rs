//! Packages of the rpm database, as the program `rpm` lists them.

use churten_module::prelude::*;
use churten_value::sort_by_key;

/// One line a package; tabs are in none of the fields.
const FORMAT: &str = "%{NAME}\t%{VERSION}\t%{RELEASE}\t%{EPOCH}\t%{ARCH}\n";

pub(super) fn packages(host: &dyn Observe, program: &str) -> Result<Vec<Dict>> {
    let command = Command::new([program, "-qa", "--queryformat", FORMAT]).plain_locale();
    let mut packages: Vec<Dict> = super::listed(host, &command)?.lines().filter_map(package).collect();
    sort_by_key(&mut packages, |package| package.get("name").map(Value::to_text));
    Ok(packages)
}

fn package(line: &str) -> Option<Dict> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [name, version, release, epoch, architecture] = fields.as_slice() else { return None };
    let known = |field: &str| if field == "(none)" { Value::NONE } else { Value::from(field) };
    Some(Dict::from([
        ("name", Value::from(*name)),
        ("version", (*version).into()),
        ("release", (*release).into()),
        ("epoch", epoch.parse::<i64>().map_or(Value::NONE, Value::from)),
        ("arch", known(architecture)),
        ("source", "rpm".into()),
    ]))
}

#[cfg(test)]
mod tests {
    use super::package;
    use churten_value::{JsonStyle, Value};

    #[test]
    fn lines_are_packages() {
        let json = |line| package(line).map(|package| Value::from(package).to_json(JsonStyle::PLAIN));
        let expected =
            r#"{"name": "vim", "version": "9", "release": "1.el9", "epoch": 2, "arch": "x86_64", "source": "rpm"}"#;
        assert_eq!(json("vim\t9\t1.el9\t2\tx86_64").as_deref(), Some(expected));
        assert!(json("gpg-pubkey\t1\t2\t(none)\t(none)").unwrap().contains(r#""epoch": null, "arch": null"#));
        assert_eq!(json("odd"), None);
    }
}
