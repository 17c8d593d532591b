//! `encrypt_string`: texts that go into files of variables.

use super::files::{self, Mode, STANDARD};
use super::refuse;
use super::secrets::Encryption;
use crate::command_line::VaultOptions;
use crate::output::{Console, Stream};
use crate::prompt;
use churten_diagnostics::Report;
use std::io::IsTerminal;
use zeroize::Zeroizing;

/// Spaces before each line of a vault in YAML.
const INDENT: &str = "          ";

/// Where a text came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    Prompt,
    Input,
    Arguments,
}

struct Text {
    name: Option<String>,
    text: Zeroizing<Vec<u8>>,
    from: From,
}

fn reads_input(options: &VaultOptions) -> bool {
    options.stdin_name.is_some()
        || options.arguments.iter().any(|argument| argument == STANDARD)
        || (options.arguments.is_empty() && !options.prompt)
}

/// Options that exclude each other.
pub(super) fn check(options: &VaultOptions) -> Result<(), Report> {
    if options.prompt && reads_input(options) {
        return Err(refuse("The --prompt option is not supported if also reading input from stdin"));
    }
    Ok(())
}

/// Encrypt every text and show the results as YAML.
pub(super) fn encrypt(options: &VaultOptions, encryption: &Encryption, console: &mut Console) -> Result<(), Report> {
    let texts = gather(options, console)?;
    let mut output = String::new();
    for (number, text) in (1..).zip(&texts) {
        if texts.len() > 1 {
            console.write(Stream::Error, &comment(number, text), None);
        }
        if let Some(name) = &text.name {
            output += &format!("{name}: ");
        }
        output += "!vault |\n";
        for line in encryption.seal(&text.text)?.lines() {
            output += &format!("{INDENT}{line}\n");
        }
    }
    files::write(options.output.as_deref().unwrap_or(STANDARD), output.as_bytes(), Mode::Private)?;
    super::done(console, "Encryption successful");
    Ok(())
}

/// What is said of one text among several, with ansible-core's stray parenthesis.
fn comment(number: usize, text: &Text) -> String {
    let from = match text.from {
        From::Prompt => "the interactive prompt",
        From::Input => "stdin",
        From::Arguments => "the command line args",
    };
    match &text.name {
        Some(name) => format!("# The encrypted version of variable (\"{name}\", the string #{number} from {from})."),
        None => format!("# The encrypted version of the string #{number} from {from}.)"),
    }
}

fn gather(options: &VaultOptions, console: &mut Console) -> Result<Vec<Text>, Report> {
    let mut texts = Vec::new();
    if options.prompt {
        texts.push(asked(options, console)?);
    }
    if reads_input(options) {
        if std::io::stdin().is_terminal() {
            let text = "Reading plaintext input from stdin. (ctrl-d to end input, twice if your content does not already \
                        have a newline)";
            console.write(Stream::Error, text, None);
        }
        let text = files::read(STANDARD)?;
        if text.is_empty() {
            return Err(refuse("stdin was empty, not encrypting"));
        }
        if std::io::stdout().is_terminal() && !text.ends_with(b"\n") {
            console.write(Stream::Error, "\n", None);
        }
        texts.push(Text { name: options.stdin_name.clone(), text, from: From::Input });
    }
    let arguments: Vec<&String> = options.arguments.iter().filter(|argument| *argument != STANDARD).collect();
    if let Some(last) = options.names.last().filter(|_| options.names.len() < arguments.len()) {
        console.write(Stream::Error, "The number of --name options do not match the number of args.", None);
        let text = format!("The last named variable will be \"{last}\". The rest will not have names.");
        console.write(Stream::Error, &text, None);
    }
    for (index, argument) in arguments.into_iter().enumerate() {
        if argument.is_empty() {
            let message = "The plaintext provided from the command line args was empty, not encrypting";
            return Err(refuse(message));
        }
        let text = Zeroizing::new(argument.as_bytes().to_vec());
        texts.push(Text { name: options.names.get(index).cloned(), text, from: From::Arguments });
    }
    Ok(texts)
}

/// A name and a text from the terminal.
fn asked(options: &VaultOptions, console: &mut Console) -> Result<Text, Report> {
    console.prompt("Variable name (enter for no name): ");
    let name = prompt::read_answer(&|| false)?;
    let text = if options.show_input {
        console.prompt("String to encrypt:");
        prompt::read_answer(&|| false)?
    } else {
        prompt::ask_private("String to encrypt (hidden): ", &|| false)?
    };
    if text.is_empty() {
        return Err(refuse("The plaintext provided from the prompt was empty, not encrypting"));
    }
    let name = (!name.is_empty()).then(|| name.to_string());
    Ok(Text { name, text: Zeroizing::new(text.as_bytes().to_vec()), from: From::Prompt })
}
