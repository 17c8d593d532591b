//! `ansible-vault`: encrypting, decrypting, viewing and editing files, and encrypting texts.

mod editor;
mod files;
mod interrupt;
mod pager;
mod secrets;
mod strings;

use crate::command_line::{VaultAction, VaultOptions};
use crate::output::{Console, Stream};
use crate::start::{Started, fail, start};
use churten_config::Settings;
use churten_diagnostics::{ErrorKind, Report};
use churten_vault::is_vault;
use files::{Mode, STANDARD};
use interrupt::Interrupts;
use secrets::{Encryption, Keys, fixed_salt};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Do what was asked for; gives the exit code.
pub(crate) fn run(options: &VaultOptions) -> u8 {
    let Started { settings, mut console, .. } = match start("ansible-vault", &options.run, None) {
        Ok(started) => started,
        Err(code) => return code,
    };
    match act(options, &settings, &mut console) {
        Ok(()) => 0,
        Err(report) => fail(&mut console, &report),
    }
}

fn refuse(message: impl Into<String>) -> Report {
    Report::new(message).kind(ErrorKind::Options)
}

fn act(options: &VaultOptions, settings: &Settings, console: &mut Console) -> Result<(), Report> {
    let writes_one = matches!(options.action, VaultAction::Encrypt | VaultAction::Decrypt);
    if writes_one && options.output.is_some() && options.arguments.len() > 1 {
        return Err(refuse("At most one input file may be used with the --output option"));
    }
    if options.action == VaultAction::EncryptString {
        strings::check(options)?;
    }
    let keys = Keys::load(options, settings, console)?;
    match options.action {
        VaultAction::View => view(options, &keys, console)?,
        VaultAction::Encrypt => encrypt(options, &keys.encryption(options, settings)?, console)?,
        VaultAction::Decrypt => decrypt(options, &keys, console)?,
        VaultAction::EncryptString => strings::encrypt(options, &keys.encryption(options, settings)?, console)?,
        VaultAction::Create => return create(options, settings, &keys.encryption(options, settings)?, console),
        VaultAction::Edit => return edit(options, settings, &keys),
        VaultAction::Rekey => rekey(options, &keys, settings, console)?,
    }
    Ok(())
}

/// The files that were named; standard input when there are none.
fn inputs(options: &VaultOptions, console: &mut Console, what: &str) -> Vec<String> {
    if !options.arguments.is_empty() {
        return options.arguments.clone();
    }
    if std::io::stdin().is_terminal() {
        console.write(Stream::Error, &format!("Reading {what} input from stdin"), None);
    }
    vec![STANDARD.to_owned()]
}

fn done(console: &mut Console, text: &str) {
    if std::io::stdout().is_terminal() {
        console.write(Stream::Error, text, None);
    }
}

fn view(options: &VaultOptions, keys: &Keys, console: &mut Console) -> Result<(), Report> {
    for name in &options.arguments {
        let data = files::read(name)?;
        let opened = keys.open(&data, name)?;
        let text = String::from_utf8_lossy(&opened.plaintext);
        pager::show(&text, console);
    }
    Ok(())
}

fn encrypt(options: &VaultOptions, encryption: &Encryption, console: &mut Console) -> Result<(), Report> {
    let interrupts = Interrupts::watch()?;
    for name in inputs(options, console, "plaintext") {
        let data = files::read(&name)?;
        if is_vault(&data) {
            return Err(Report::new("input is already encrypted"));
        }
        let sealed = encryption.seal(&data)?;
        // What was plain text must not stay on the disk.
        files::write(options.output.as_deref().unwrap_or(&name), sealed.as_bytes(), Mode::Private)?;
        interrupts.check()?;
    }
    done(console, "Encryption successful");
    Ok(())
}

fn decrypt(options: &VaultOptions, keys: &Keys, console: &mut Console) -> Result<(), Report> {
    let interrupts = Interrupts::watch()?;
    for name in inputs(options, console, "ciphertext") {
        let data = files::read(&name)?;
        let opened = keys.open(&data, &files::shown(&name))?;
        files::write(options.output.as_deref().unwrap_or(&name), &opened.plaintext, Mode::Private)?;
        interrupts.check()?;
    }
    done(console, "Decryption successful");
    Ok(())
}

fn rekey(options: &VaultOptions, keys: &Keys, settings: &Settings, console: &mut Console) -> Result<(), Report> {
    let encryption = Keys::new_key(options, settings, console)?;
    let interrupts = Interrupts::watch()?;
    for name in &options.arguments {
        let data = files::read(name)?;
        let opened = keys.open(&data, &files::shown(name))?;
        let sealed = encryption.seal(&opened.plaintext)?;
        files::write(name, sealed.as_bytes(), Mode::Kept)?;
        interrupts.check()?;
    }
    console.write(Stream::Error, "Rekey successful", None);
    Ok(())
}

fn create(
    options: &VaultOptions,
    settings: &Settings,
    encryption: &Encryption,
    console: &mut Console,
) -> Result<(), Report> {
    let [name] = &options.arguments[..] else {
        return Err(refuse("ansible-vault create can take only one filename argument"));
    };
    if !std::io::stdout().is_terminal() && !options.skip_tty_check {
        return Err(refuse("not a tty, editor cannot be opened"));
    }
    let path = PathBuf::from(name);
    if path.exists() {
        return Err(Report::new(format!("{name} exists, please use 'edit' instead")));
    }
    if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty() && !directory.exists())
    {
        console.warning(&format!("{} does not exist, creating...", directory.display()));
        std::fs::create_dir_all(directory)
            .map_err(|error| Report::new(format!("cannot create {}: {error}", directory.display())))?;
    }
    let interrupts = Interrupts::watch()?;
    let text = editor::edit(b"", Path::new(name), settings, &interrupts)?;
    let sealed = encryption.seal(&text)?;
    files::write(name, sealed.as_bytes(), Mode::Kept)?;
    Ok(())
}

fn edit(options: &VaultOptions, settings: &Settings, keys: &Keys) -> Result<(), Report> {
    let interrupts = Interrupts::watch()?;
    for name in &options.arguments {
        let data = files::read(name)?;
        let opened = keys.open(&data, &files::shown(name))?;
        let text: Zeroizing<Vec<u8>> = editor::edit(&opened.plaintext, Path::new(name), settings, &interrupts)?;
        if *text != **opened.plaintext {
            let sealed = opened
                .secret
                .encrypt(&text, opened.label.as_deref(), fixed_salt(settings).as_deref())
                .map_err(Report::from)?;
            files::write(name, sealed.as_bytes(), Mode::Kept)?;
        }
    }
    Ok(())
}
