//! Running programs the way several modules do.

use churten_module::prelude::*;
use churten_module::{Output, Program, words};

/// The path of a program that must be there.
pub(crate) fn program(host: &dyn Observe, name: &str) -> Result<String> {
    host.require_program(name, &[]).map(|path| path.display().to_string())
}

/// Run a program to its end, however it ends; one that cannot be started is a failure.
pub(crate) fn finished(host: &dyn Host, command: &Command) -> Result<Output> {
    host.execute(command).map_err(|error| Failure::could_not_run(&command.program, &error))
}

/// Ask a program that changes nothing, however it ends.
pub(crate) fn asked(host: &dyn Observe, command: &Command) -> Result<Output> {
    host.query(command).map_err(|error| Failure::could_not_run(&command.program, &error))
}

/// Run a program that must succeed.
pub(crate) fn successful(host: &dyn Host, command: &Command) -> Result<Output> {
    let output = finished(host, command)?;
    if output.success() { Ok(output) } else { Err(failed(command, &output)) }
}

/// The failure of a program that had to succeed: what it said on its error output.
pub(crate) fn failed(command: &Command, output: &Output) -> Failure {
    ended(command, output, output.stderr_text().trim_end())
}

/// A failure with what a program said and how it was called.
pub(crate) fn ended(command: &Command, output: &Output, msg: impl Into<String>) -> Failure {
    Failure::new(msg)
        .with("cmd", shown(command))
        .with("rc", output.code)
        .with("stdout", output.stdout_text())
        .with("stderr", output.stderr_text())
}

/// The command as results show it: quoted for a shell, without the passwords of addresses.
pub(crate) fn shown(command: &Command) -> String {
    match &command.program {
        Program::Arguments(arguments) => {
            let shown: Vec<String> = arguments.iter().map(|word| words::quote(&without_password(word))).collect();
            shown.join(" ")
        }
        Program::Shell { line, .. } => line.clone(),
    }
}

/// `scheme://user:********@host`. Without a password the user is hidden.
fn without_password(word: &str) -> String {
    let masked = || {
        let scheme = word.find("://")?;
        let end = scheme + word.get(scheme..)?.rfind('@')?;
        let colon = word.get(scheme + 3..end)?.find(':').map_or(scheme, |at| scheme + 3 + at);
        Some(format!("{}:********{}", word.get(..colon)?, word.get(end..)?))
    };
    masked().unwrap_or_else(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_of_addresses_are_hidden() {
        for (word, expected) in [
            ("https://h/x", "https://h/x"),
            ("git@h:x", "git@h:x"),
            ("https://u:p@h/x", "'https://u:********@h/x'"),
            ("ssh://git@h:1/x", "'ssh:********@h:1/x'"),
        ] {
            assert_eq!(shown(&Command::new([word])), expected);
        }
    }
}
