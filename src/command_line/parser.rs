//! Reads arguments by Python's `argparse` rules, which users of ansible-playbook rely on: long options may be
//! shortened, short ones joined, and the words of an error are parsed by scripts.

use super::grammar::{Arity, Grammar};
use super::option_table::{Group, OptionSpec, Takes};

/// One option that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    /// Its index in the table.
    pub(super) option: usize,
    /// Its value; empty for a flag.
    pub(super) value: String,
}

/// What was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Arguments {
    /// Options in order.
    pub(super) options: Vec<Given>,
    /// The rest.
    pub(super) positional: Vec<String>,
    /// What belongs to nothing.
    pub(super) unrecognized: Vec<String>,
    /// `-h` or `--version` came first: nothing after it counts.
    pub(super) stopped: Option<&'static str>,
}

/// How an argument is understood before its neighbours are looked at.
enum Word {
    Positional(String),
    /// The index in the table, the spelling, and the value joined to it.
    Option(usize, String, Option<String>),
    Unknown(String),
    /// `--`
    End,
}

/// Read `arguments`. Of a command everything behind it is among the positional arguments, as it stands.
///
/// # Errors
/// The words after `error: `.
pub(super) fn read(grammar: &Grammar, arguments: &[String]) -> Result<Arguments, String> {
    let table = grammar.options;
    let arity = grammar.positional.arity;
    let words = classify(table, arguments)?;
    let mut given = Arguments::default();
    // Only the first run of positional arguments counts.
    let mut closed = false;
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        match word {
            Word::End => {}
            Word::Positional(text) if closed => given.unrecognized.push(text),
            Word::Positional(text) => {
                given.positional.push(text);
                match arity {
                    Arity::Command => {
                        let rest = arguments.len() - words.len();
                        given.positional.extend(arguments.iter().skip(rest).cloned());
                        return Ok(given);
                    }
                    Arity::One | Arity::Optional => closed = true,
                    Arity::Any | Arity::Some => {}
                }
            }
            Word::Unknown(text) => {
                closed |= !given.positional.is_empty();
                given.unrecognized.push(text);
            }
            Word::Option(mut index, mut spelling, mut joined) => {
                closed |= !given.positional.is_empty();
                loop {
                    let option = &table[index];
                    check_exclusive(table, &given, index)?;
                    if option.takes != Takes::Nothing {
                        let value = match joined {
                            Some(value) => value,
                            None => match words.next_if(|word| matches!(word, Word::Positional(_))) {
                                Some(Word::Positional(value)) => value,
                                _ => return Err(format!("argument {}: expected one argument", label(option))),
                            },
                        };
                        check_value(option, &value)?;
                        given.options.push(Given { option: index, value });
                        break;
                    }
                    given.options.push(Given { option: index, value: String::new() });
                    if let Some(stop) = option.names.iter().find(|name| matches!(**name, "--help" | "--version")) {
                        given.stopped = Some(stop);
                        return Ok(given);
                    }
                    let Some(rest) = joined.take() else { break };
                    // `-Cv`: the rest of a cluster of short options.
                    let next = rest.chars().next().map(|c| format!("-{c}"));
                    let found = next.as_ref().and_then(|next| find(table, next));
                    let (Some(next), Some(found), false) = (next, found, spelling.starts_with("--")) else {
                        return Err(format!("argument {}: ignored explicit argument {}", label(option), quoted(&rest)));
                    };
                    let remaining: String = rest.chars().skip(1).collect();
                    (index, spelling) = (found, next);
                    joined = (!remaining.is_empty()).then_some(remaining);
                }
            }
        }
    }
    let required = matches!(arity, Arity::One | Arity::Some | Arity::Command);
    if required && given.positional.is_empty() {
        return Err(format!("the following arguments are required: {}", grammar.positional.name));
    }
    Ok(given)
}

fn classify(table: &[OptionSpec], arguments: &[String]) -> Result<Vec<Word>, String> {
    let mut words = Vec::with_capacity(arguments.len());
    let mut only_positional = false;
    for argument in arguments {
        if only_positional {
            words.push(Word::Positional(argument.clone()));
        } else if argument == "--" {
            only_positional = true;
            words.push(Word::End);
        } else {
            words.push(word(table, argument)?);
        }
    }
    Ok(words)
}

fn word(table: &[OptionSpec], argument: &str) -> Result<Word, String> {
    if !argument.starts_with('-') || argument == "-" {
        return Ok(Word::Positional(argument.to_owned()));
    }
    if let Some(index) = find(table, argument) {
        return Ok(Word::Option(index, argument.to_owned(), None));
    }
    let split = argument.split_once('=');
    if let Some((name, value)) = split
        && let Some(index) = find(table, name)
    {
        return Ok(Word::Option(index, name.to_owned(), Some(value.to_owned())));
    }
    if argument.starts_with("--") {
        let (start, value) = split.map_or((argument, None), |(name, value)| (name, Some(value.to_owned())));
        // What ansible-core does not have cannot be meant by the beginning of a name.
        let matching: Vec<(usize, &str)> = table
            .iter()
            .enumerate()
            .filter(|(_, option)| option.group != Group::Own)
            .flat_map(|(index, option)| option.names.iter().map(move |name| (index, *name)))
            .filter(|(_, name)| name.starts_with(start))
            .collect();
        match matching[..] {
            [] => {}
            [(index, name)] => return Ok(Word::Option(index, name.to_owned(), value)),
            _ => {
                let names: Vec<&str> = matching.iter().map(|(_, name)| *name).collect();
                return Err(format!("ambiguous option: {argument} could match {}", names.join(", ")));
            }
        }
    } else {
        let short: String = argument.chars().take(2).collect();
        if let Some(index) = find(table, &short) {
            let rest = argument.chars().skip(2).collect();
            return Ok(Word::Option(index, short, Some(rest)));
        }
    }
    if argument.contains(' ') || is_negative_number(argument) {
        return Ok(Word::Positional(argument.to_owned()));
    }
    Ok(Word::Unknown(argument.to_owned()))
}

fn find(table: &[OptionSpec], name: &str) -> Option<usize> {
    table.iter().position(|option| option.names.contains(&name))
}

fn is_negative_number(argument: &str) -> bool {
    let digits = argument.trim_start_matches('-');
    !digits.is_empty() && digits.parse::<f64>().is_ok() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

fn check_exclusive(table: &[OptionSpec], given: &Arguments, index: usize) -> Result<(), String> {
    let set = table[index].exclusive;
    let other =
        given.options.iter().find(|other| set != 0 && other.option != index && table[other.option].exclusive == set);
    match other {
        Some(other) => {
            Err(format!("argument {}: not allowed with argument {}", label(&table[index]), label(&table[other.option])))
        }
        None => Ok(()),
    }
}

fn check_value(option: &OptionSpec, value: &str) -> Result<(), String> {
    match option.takes {
        Takes::Number if value.trim().parse::<i64>().is_err() => {
            Err(format!("argument {}: invalid tag_value value: {}", label(option), quoted(value)))
        }
        Takes::Choice(choices) if !choices.contains(&value) => {
            Err(format!("argument {}: {}", label(option), invalid_choice(value, choices)))
        }
        _ => Ok(()),
    }
}

/// What is said of a word that is none of the choices.
pub(super) fn invalid_choice(value: &str, choices: &[&str]) -> String {
    let choices: Vec<String> = choices.iter().map(|choice| quoted(choice)).collect();
    format!("invalid choice: {} (choose from {})", quoted(value), choices.join(", "))
}

fn quoted(text: &str) -> String {
    churten_value::str_repr(text)
}

fn label(option: &OptionSpec) -> String {
    option.names.join("/")
}
