//! `churten demo`: the bundled playbook on a fleet inside this process.
//!
//! Every host is an SSH server on loopback with a directory of its own as home and a key that lives as long as the
//! demo. Everything else is real: the inventory, the connections, the worker that is uploaded, the roles.

mod content;
mod fleet;

use crate::command_line::PlaybookOptions;
use crate::run_playbook::{Totals, run_with};
use churten_diagnostics::Report;
use fleet::Fleet;
use std::io::Write;
use std::path::Path;

/// Run the demo; gives the exit code.
pub(crate) fn run() -> u8 {
    match demonstrate() {
        Ok(true) => 0,
        Ok(false) => 2,
        Err(report) => {
            let _ = writeln!(std::io::stderr(), "[ERROR]: {}", report.render());
            1
        }
    }
}

fn say(text: &str) {
    // A reader that went away is no reason to stop half-way.
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn demonstrate() -> Result<bool, Report> {
    let directory = tempfile::Builder::new()
        .prefix("churten-demo-")
        .tempdir()
        .map_err(|error| Report::new(format!("cannot make a directory for the demo: {error}")))?;
    content::unpack(directory.path())?;
    let fleet = Fleet::start(directory.path())?;
    say(&format!(
        "Four hosts are listening on 127.0.0.1. Each has a home below {}, and all of it goes at the end.",
        directory.path().display()
    ));
    say("\n== What would change:    churten playbook playbooks/site.yml --check --diff");
    let predicted = play(directory.path(), true)?;
    say("\n== Deploy:               churten playbook playbooks/site.yml");
    let done = play(directory.path(), false)?;
    say("\n== Deploy once more:     churten playbook playbooks/site.yml");
    let again = play(directory.path(), false)?;
    drop(fleet);
    let good = done.changed > 0 && predicted == done && again.changed == 0 && done.bad == 0;
    say(&format!(
        "\nPredicted changes: {}. Changes made: {}. Changes the second time: {}.",
        predicted.changed, done.changed, again.changed
    ));
    if !good {
        say(
            "That is not what the demo is meant to show: predicted and made should agree, and then there should be none.",
        );
    }
    Ok(good)
}

/// What the demo compares of a run.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Outcome {
    changed: u32,
    bad: u32,
}

fn play(directory: &Path, check: bool) -> Result<Outcome, Report> {
    let options = PlaybookOptions {
        playbooks: vec![directory.join("playbooks/site.yml")],
        inventory: vec![directory.join("hosts.yml").display().to_string()],
        check,
        diff: check,
        ..PlaybookOptions::default()
    };
    let (code, Totals { changed, failed, unreachable }) = run_with(&options, Some(directory.join("ansible.cfg")));
    if code != 0 {
        return Err(Report::new(format!("the playbook ended with the exit code {code}")));
    }
    Ok(Outcome { changed, bad: failed + unreachable })
}
