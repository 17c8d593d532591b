//! `Match` lines.

use crate::ssh::config::reader::{Question, Settings};
use crate::ssh::config::tokens::{Tokens, local_user};
use crate::ssh::pattern::matches_list;
use std::process::{Command, Stdio};

/// Whether a `Match` line holds. `Err` is what is wrong with the line.
pub(crate) fn holds(words: &[String], question: &Question, settings: &mut Settings) -> Result<bool, String> {
    let mut result = true;
    let mut words = words.iter();
    let mut any = false;
    while let Some(word) = words.next() {
        // `host=pattern` is as good as two words.
        let (name, inline) = match word.split_once('=') {
            Some((name, value)) => (name.to_ascii_lowercase(), Some(value.to_owned())),
            None => (word.to_ascii_lowercase(), None),
        };
        let (negated, name) = match name.strip_prefix('!') {
            Some(name) => (true, name.to_owned()),
            None => (false, name),
        };
        any = true;
        let holds = match name.as_str() {
            "all" => true,
            "canonical" => settings.final_pass,
            "final" => {
                settings.wants_final = true;
                settings.final_pass
            }
            _ => {
                let value = inline
                    .or_else(|| words.next().cloned())
                    .ok_or_else(|| format!("missing argument for Match '{name}'"))?;
                // What cannot hold any more is not looked at, so that no command runs in vain.
                if !result { false } else { one(&name, &value, question, settings)? }
            }
        };
        result &= holds != negated;
    }
    if any { Ok(result) } else { Err("Match requires criteria".to_owned()) }
}

fn one(name: &str, value: &str, question: &Question, settings: &mut Settings) -> Result<bool, String> {
    let listed = |text: &str| matches_list(value.split(','), text) == Some(true);
    let host = host_now(question, settings);
    let user = settings.first("user").map_or_else(|| question.user.clone().unwrap_or_else(local_user), str::to_owned);
    Ok(match name {
        "host" => listed(&host.to_lowercase()),
        "originalhost" => listed(&question.original.to_lowercase()),
        "user" => listed(&user),
        "localuser" => listed(&local_user()),
        "tagged" => listed(settings.first("tag").unwrap_or_default()),
        "exec" if settings.alone => false,
        "exec" => {
            let tokens = Tokens {
                host,
                original: question.original.clone(),
                port: settings.first("port").and_then(|port| port.parse().ok()).unwrap_or(22),
                remote_user: user,
                alias: settings.first("hostkeyalias").unwrap_or(&question.original).to_owned(),
                jump: String::new(),
            };
            let shell = std::env::var("SHELL").unwrap_or_else(|_| "/bin/sh".to_owned());
            let status = Command::new(shell)
                .arg("-c")
                .arg(tokens.expand(value))
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            status.is_ok_and(|status| status.success())
        }
        "localnetwork" | "version" | "sessiontype" | "command" => {
            settings.needs_program(format!("Match {name}"));
            false
        }
        _ => return Err(format!("Unsupported Match attribute {name}")),
    })
}

/// The host name as known so far: `HostName`, else what was asked for.
fn host_now(question: &Question, settings: &Settings) -> String {
    match settings.first("hostname") {
        Some(name) => Tokens { host: question.original.clone(), ..Tokens::default() }.expand(name),
        None => question.original.clone(),
    }
}
