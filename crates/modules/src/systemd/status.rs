//! What `systemctl show` prints.

use churten_value::Dict;

/// Properties by name. A value that begins with a brace may go on over lines until one closes it; of properties that
/// are printed more than once the last counts.
pub(super) fn parse(text: &str) -> Dict {
    let mut properties = Dict::new();
    let mut open: Option<(&str, Vec<&str>)> = None;
    for line in text.lines() {
        if let Some((name, mut parts)) = open.take() {
            parts.push(line);
            if line.trim_end().ends_with('}') {
                properties.insert(name, parts.join("\n").trim());
            } else {
                open = Some((name, parts));
            }
            continue;
        }
        let Some((name, value)) = line.split_once('=') else { continue };
        // Only programs to start are written so; a description may well begin with a brace.
        if name.starts_with("Exec") && value.trim_start().starts_with('{') && !value.trim_end().ends_with('}') {
            open = Some((name, vec![value]));
        } else {
            properties.insert(name, value.trim());
        }
    }
    properties
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn properties_are_read() {
        let text =
            "Id=a.service\nExecStart={ path=/bin/sh ; argv[]=/bin/sh -c echo\n x ; }\nDescription={ open\nEmpty=\n";
        let found = parse(text);
        assert_eq!(found.get("ExecStart").unwrap().as_str(), Some("{ path=/bin/sh ; argv[]=/bin/sh -c echo\n x ; }"));
        assert_eq!(found.get("Description").unwrap().as_str(), Some("{ open"));
        assert_eq!(found.get("Empty").unwrap().as_str(), Some(""));
        assert_eq!(found.len(), 4);
    }
}
