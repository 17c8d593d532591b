//! Usage and help, laid out as `argparse` does for 80 columns.

use super::grammar::{Arity, Family, Grammar};
use super::option_table::{Group, OptionSpec, Takes};

/// Cells in a line.
const WIDTH: usize = 78;
/// Where the descriptions begin.
const HELP_COLUMN: usize = 24;

/// `usage: ...`, in which the options that ansible-core does not have are left out: scripts compare it.
pub(super) fn usage(program: &str, grammar: &Grammar) -> String {
    let table: Vec<&OptionSpec> = grammar.options.iter().filter(|option| option.group != Group::Own).collect();
    let mut parts: Vec<String> = Vec::new();
    let mut index = 0;
    while let Some(option) = table.get(index) {
        let set = if option.exclusive == 0 {
            1
        } else {
            table[index..].iter().take_while(|other| other.exclusive == option.exclusive).count()
        };
        let words: Vec<String> =
            table[index..index + set].iter().map(|option| spelled(option, option.names[0])).collect();
        parts.push(format!("[{}]", words.join(" | ")));
        index += set;
    }
    let prefix = format!("usage: {program}");
    let indent = " ".repeat(prefix.len() + 1);
    let mut lines = vec![prefix];
    for part in parts {
        push_word(&mut lines, &part, &indent);
    }
    let positional = grammar.positional.usage();
    // On one line when all fits, else in a line of its own.
    match &mut lines[..] {
        [only] if only.len() + 1 + positional.len() <= WIDTH => *only += &format!(" {positional}"),
        _ => match positional.strip_suffix(" ...") {
            // What follows a command may stand on a line of its own.
            Some(command) if grammar.positional.arity == Arity::Command => {
                lines.push(format!("{indent}{command}"));
                push_word(&mut lines, "...", &indent);
            }
            _ => lines.push(format!("{indent}{positional}")),
        },
    }
    lines.join("\n") + "\n"
}

fn push_word(lines: &mut Vec<String>, word: &str, indent: &str) {
    match lines.last_mut() {
        Some(line) if line.len() + 1 + word.len() <= WIDTH => {
            line.push(' ');
            line.push_str(word);
        }
        _ => lines.push(format!("{indent}{word}")),
    }
}

/// The text of `--help`.
pub(super) fn help(program: &str, grammar: &Grammar) -> String {
    let mut text = format!("{}\n{}\n\npositional arguments:\n", usage(program, grammar), grammar.about);
    entry(&mut text, grammar.positional.name, grammar.positional.help);
    options(&mut text, grammar.options);
    text
}

/// The text of `--help` of a program with commands.
pub(super) fn family_help(program: &str, family: &Family) -> String {
    let grammar = &family.grammar;
    let mut text = format!("{}\n{}\n\npositional arguments:\n", usage(program, grammar), grammar.about);
    text += &format!("  {}\n", grammar.positional.name);
    for (name, command) in family.commands {
        entry(&mut text, &format!("  {name}"), command.about);
    }
    options(&mut text, grammar.options);
    text
}

fn options(text: &mut String, table: &[OptionSpec]) {
    let groups = [
        (Group::General, "options:", ""),
        (Group::Actions, "Actions:", "what to show; exactly one of them"),
        (Group::Connection, "Connection Options:", "how, and as whom, to reach hosts"),
        (Group::Privilege, "Privilege Escalation Options:", "whom to become on hosts, and how"),
        (Group::Own, "Options of churten:", "ansible-core does not have them"),
    ];
    for (group, title, about) in groups {
        let mut options: Vec<&OptionSpec> = table.iter().filter(|option| option.group == group).collect();
        if options.is_empty() {
            continue;
        }
        *text += &format!("\n{title}\n");
        if !about.is_empty() {
            *text += &format!("  {about}\n\n");
        }
        options.sort_by_key(|option| option.names[0]);
        for option in options {
            let names: Vec<String> = option.names.iter().map(|name| spelled(option, name)).collect();
            entry(text, &names.join(", "), option.help);
        }
    }
}

fn spelled(option: &OptionSpec, name: &str) -> String {
    match option.takes {
        Takes::Nothing => name.to_owned(),
        Takes::Choice(choices) => format!("{name} {{{}}}", choices.join(",")),
        _ => format!("{name} {}", option.value_name),
    }
}

fn entry(text: &mut String, head: &str, about: &str) {
    let mut lines = vec![String::new()];
    for word in about.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.len() + 1 + word.len() <= WIDTH - HELP_COLUMN => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let mut lines = lines.into_iter();
    if head.len() <= HELP_COLUMN - 4 {
        *text += &format!("  {head:<20}  {}\n", lines.next().unwrap_or_default());
    } else {
        *text += &format!("  {head}\n");
    }
    for line in lines {
        *text += &format!("{:HELP_COLUMN$}{line}\n", "");
    }
}

#[cfg(test)]
mod tests {
    use super::super::option_table::PLAYBOOK;
    use super::super::playbook::GRAMMAR;
    use super::*;

    #[test]
    fn usage_is_ansible_playbooks() {
        let expected = "\
usage: ansible-playbook [-h] [--version] [-v] [--private-key PRIVATE_KEY_FILE]
                        [-u REMOTE_USER] [-c CONNECTION] [-T TIMEOUT]
                        [--ssh-common-args SSH_COMMON_ARGS]
                        [--sftp-extra-args SFTP_EXTRA_ARGS]
                        [--scp-extra-args SCP_EXTRA_ARGS]
                        [--ssh-extra-args SSH_EXTRA_ARGS]
                        [-k | --connection-password-file CONNECTION_PASSWORD_FILE]
                        [--force-handlers] [-b]
                        [--become-method BECOME_METHOD]
                        [--become-user BECOME_USER]
                        [-K | --become-password-file BECOME_PASSWORD_FILE]
                        [-t TAGS] [--skip-tags SKIP_TAGS] [-C] [-D]
                        [-i INVENTORY] [--list-hosts] [-l SUBSET]
                        [--flush-cache] [-e EXTRA_VARS] [--vault-id VAULT_IDS]
                        [-J | --vault-password-file VAULT_PASSWORD_FILES]
                        [-f FORKS] [-M MODULE_PATH] [--syntax-check]
                        [--list-tasks] [--list-tags] [--step]
                        [--start-at-task START_AT_TASK]
                        playbook [playbook ...]
";
        assert_eq!(usage("ansible-playbook", &GRAMMAR), expected);
    }

    #[test]
    fn help_lists_every_option() {
        let text = help("ansible-playbook", &GRAMMAR);
        for option in PLAYBOOK {
            assert!(text.contains(&format!("\n  {}", option.names[0])), "{:?}", option.names);
        }
        assert!(text.lines().all(|line| line.len() <= 100));
        assert!(text.contains("\n  -f FORKS, --forks FORKS\n                        hosts to work on"));
    }
}
