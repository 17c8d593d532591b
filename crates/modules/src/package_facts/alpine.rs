//! Packages of Alpine, as the program `apk` lists them.

use churten_module::prelude::*;

pub(super) fn packages(host: &dyn Observe, program: &str) -> Result<Vec<Dict>> {
    let command = Command::new([program, "info", "-v"]).plain_locale();
    Ok(super::listed(host, &command)?.lines().map(package).collect())
}

/// `busybox-1.36.1-r5`.
fn package(line: &str) -> Dict {
    let (rest, release) = line.rsplit_once('-').unwrap_or((line, ""));
    let (name, version) = rest.rsplit_once('-').unwrap_or((rest, ""));
    Dict::from([("name", name), ("version", version), ("release", release), ("source", "apk")])
}

#[cfg(test)]
mod tests {
    use super::package;
    use churten_value::{JsonStyle, Value};

    #[test]
    fn lines_are_packages() {
        for (line, expected) in [
            ("so-utils-1.2.4-r2", r#"{"name": "so-utils", "version": "1.2.4", "release": "r2", "source": "apk"}"#),
            ("odd", r#"{"name": "odd", "version": "", "release": "", "source": "apk"}"#),
        ] {
            assert_eq!(Value::from(package(line)).to_json(JsonStyle::PLAIN), expected);
        }
    }
}
