//! A report as text.
//!
//! Links of the chain that stand at the same place are told together; a link at a place of its own starts a new
//! paragraph. With several paragraphs a headline of all messages comes first.

use crate::report::join;
use crate::{Report, excerpt};

/// What stands between a paragraph and that of its cause.
const CAUSED_BY: &str = "\n\n<<< caused by >>>\n\n";

impl Report {
    /// The whole text after `[ERROR]: `, without a newline at the end.
    pub fn render(&self) -> String {
        let groups = groups(self);
        let mut paragraphs: Vec<String> = Vec::with_capacity(groups.len());
        for (index, group) in groups.iter().enumerate() {
            paragraphs.push(paragraph(group, index + 1 == groups.len()));
        }
        let text = paragraphs.join(CAUSED_BY);
        let text = if paragraphs.len() > 1 { format!("{}\n\n{text}", self.headline()) } else { text };
        text.trim().to_owned()
    }
}

/// The chain, cut where a cause has a place that is not the one before it.
fn groups(report: &Report) -> Vec<Vec<&Report>> {
    let mut groups: Vec<Vec<&Report>> = Vec::new();
    for link in report.chain() {
        match groups.last_mut() {
            Some(group) if same_place(group, link) => group.push(link),
            _ => groups.push(vec![link]),
        }
    }
    groups
}

/// A cause without a place belongs to the error it caused.
fn same_place(group: &[&Report], link: &Report) -> bool {
    match link.origin {
        _ if link.apart => false,
        None => true,
        Some(origin) => group.iter().find_map(|link| link.origin) == Some(origin),
    }
}

fn paragraph(group: &[&Report], is_last: bool) -> String {
    let mut text = join(group.iter().copied());
    if !is_last && !text.ends_with('.') {
        text.push('.');
    }
    let origin = group.iter().find_map(|link| link.origin);
    if let Some(origin) = origin {
        text += &format!("\nOrigin: {origin}");
        let shown = excerpt(origin).or_else(|| group.iter().find_map(|link| link.text.clone()));
        if let Some(shown) = shown {
            text += "\n\n";
            text += &shown;
        }
    }
    for help in group.iter().filter_map(|link| link.help.as_ref()) {
        text += if origin.is_some() { "\n\n" } else { " " };
        text += help;
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::Report;
    use churten_value::{Origin, Source};

    /// A playbook as users write it, in a directory of its own.
    fn source(name: &str, text: &str) -> Source {
        let directory = std::env::temp_dir().join(format!("churten-diagnostics-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let path = directory.join(name);
        std::fs::write(&path, text).unwrap();
        Source::file(path.to_str().unwrap())
    }

    const PLAY: &str =
        "- hosts: h1\n  tasks:\n    - name: In an argument\n      debug:\n        msg: \"{{ nothing }}\"\n";

    #[test]
    fn links_at_one_place_are_one_paragraph() {
        let source = source("fail.yml", PLAY);
        let report = Report::new("Task failed.")
            .at(Some(Origin::new(source, 3, 7)))
            .caused_by(Report::new("Action failed.").caused_by(Report::new("two\nlines\n")));
        let expected = format!(
            "Task failed: Action failed: two\nlines\n\nOrigin: {}:3:7\n\n1 - hosts: h1\n2   tasks:\n3     - name: In an \
             argument\n        ^ column 7",
            source.name()
        );
        assert_eq!(report.render(), expected);
        let empty = Report::new("Task failed.").caused_by(Report::new("Action failed.").caused_by(Report::new("")));
        assert_eq!(empty.render(), "Task failed: Action failed.");
    }

    #[test]
    fn each_place_is_a_paragraph() {
        let source = source("undefined.yml", PLAY);
        let report = Report::new("Task failed.").at(Some(Origin::new(source, 3, 7))).caused_by(
            Report::new("Finalization of task args for 'ansible.builtin.debug' failed.")
                .at(Some(Origin::new(source, 4, 7)))
                .caused_by(
                    Report::new("Error while resolving value for 'msg'.")
                        .at(Some(Origin::new(source, 5, 14)))
                        .caused_by(Report::undefined("'nothing' is undefined").at(Some(Origin::new(source, 5, 14)))),
                ),
        );
        let expected = "\
Task failed: Finalization of task args for 'ansible.builtin.debug' failed: Error while resolving value for 'msg': \
'nothing' is undefined

Task failed.
Origin: PATH:3:7

1 - hosts: h1
2   tasks:
3     - name: In an argument
        ^ column 7

<<< caused by >>>

Finalization of task args for 'ansible.builtin.debug' failed.
Origin: PATH:4:7

2   tasks:
3     - name: In an argument
4       debug:
        ^ column 7

<<< caused by >>>

Error while resolving value for 'msg': 'nothing' is undefined
Origin: PATH:5:14

3     - name: In an argument
4       debug:
5         msg: \"{{ nothing }}\"
               ^ column 14";
        assert_eq!(report.render(), expected.replace("PATH", &source.name()));
    }

    #[test]
    fn help_and_texts() {
        let source = source("hosts.yml", "- hosts: all\n  hosts: x\n");
        let report = Report::new("Found duplicate mapping key 'hosts'.")
            .at(Some(Origin::new(source, 2, 3)))
            .help("Using last defined value only.");
        let expected = format!(
            "Found duplicate mapping key 'hosts'.\nOrigin: {}:2:3\n\n1 - hosts: all\n2   hosts: x\n    ^ column 3\n\nUsing \
             last defined value only.",
            source.name()
        );
        assert_eq!(report.render(), expected);
        let cli = Source::described("<CLI option '-e'>");
        let undefined = Report::undefined("'nothing' is undefined").at(Some(Origin::whole(cli))).about("{{ nothing }}");
        assert_eq!(undefined.render(), "'nothing' is undefined\nOrigin: <CLI option '-e'>\n\n{{ nothing }}");
        let broken = Report::parser("YAML parsing failed.").at(Some(Origin::new(cli, 2, 1)));
        assert_eq!(
            broken.render(),
            "YAML parsing failed.\nOrigin: <CLI option '-e'>:2:1\n\n(source not shown: TypeError)"
        );
        let short = Report::parser("x").at(Some(Origin::new(source, 9, 1)));
        assert!(short.render().ends_with("\n\n(source not shown: file truncated)"));
    }

    #[test]
    fn a_place_behind_an_error_without_one() {
        let secret = Source::file("/p/secret.yml");
        let report = Report::new("Invalid vars_files file '/p/secret.yml'.")
            .caused_by(Report::new("Decryption failed.").at(Some(Origin::whole(secret))));
        assert_eq!(
            report.render(),
            "Invalid vars_files file '/p/secret.yml': Decryption failed.\n\nInvalid vars_files file \
             '/p/secret.yml'.\n\n<<< caused by >>>\n\nDecryption failed.\nOrigin: /p/secret.yml"
        );
    }
}
