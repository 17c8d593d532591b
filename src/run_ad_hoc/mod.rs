//! `ansible`: one action on the hosts of a pattern.

mod places;
mod play;

use crate::command_line::{AdHocOptions, PlaybookOptions};
use crate::output::{Callbacks, Choice, Console, listeners};
use crate::run_playbook::{Parts, credentials, drive, finish, profiled, recorded, runtime, set_up};
use crate::start::{Started, fail, start};
use churten_diagnostics::{ErrorKind, Report};
use churten_executor::{Event, Run};
use places::Texts;
use play::AdHocPlay;

/// Actions that cannot do without arguments.
const NEED_ARGUMENTS: [&str; 5] = ["command", "raw", "script", "shell", "win_shell"];
const NEED_ARGUMENTS_WINDOWS: &str = "win_command";

/// Run an action, or list the hosts it would run on; gives the exit code.
pub(crate) fn run(options: &AdHocOptions) -> u8 {
    let Started { settings, mut console, verbosity, filter } = match start("ansible", &options.run, None) {
        Ok(started) => started,
        Err(code) => return code,
    };
    let options = &AdHocOptions { run: PlaybookOptions { verbosity, ..options.run.clone() }, ..options.clone() };
    let prepared = runtime().and_then(|(runtime, interrupt)| {
        let credentials = credentials(&options.run, &settings, &interrupt, &mut console)?;
        Ok((runtime, interrupt, credentials))
    });
    let (runtime, interrupt, (passwords, secrets)) = match prepared {
        Ok(prepared) => prepared,
        Err(report) => return fail(&mut console, &report),
    };
    deprecations(options, &mut console);
    let play = AdHocPlay::new(options, &settings);
    let texts = Texts::of(&play);
    let loads = settings.get("DEFAULT_LOAD_CALLBACK_PLUGINS").is_truthy();
    let chosen = settings.text("DEFAULT_STDOUT_CALLBACK").filter(|name| loads && *name != "default");
    let choice = Choice {
        settings: &settings,
        verbosity: options.run.verbosity,
        check_mode: options.run.check,
        command_line: options.run.describe(&settings),
        tree: options.tree.as_deref(),
        screen: if options.one_line { "oneline" } else { chosen.unwrap_or("minimal") },
        load_enabled: loads,
    };
    let is_run = !options.run.list_hosts;
    let record = if is_run { recorded("ansible", &options.run, &choice) } else { Ok(None) };
    let files = record.and_then(|record| Ok((record, if is_run { profiled(&options.run)? } else { None })));
    let callbacks = match files.and_then(|files| Ok((files, listeners(&mut console, &choice)?))) {
        Ok(((record, profile), listeners)) => {
            Callbacks::new(console, listeners).of_one_task(texts.explainer()).recorded(record).profiled(profile)
        }
        Err(report) => return fail(&mut console, &report),
    };
    let parts = Parts { passwords: &passwords, settings, secrets, filter };
    drive(callbacks, |events| {
        let setup = set_up(&options.run, parts, events.clone())?;
        let run = {
            // Connections belong to the runtime they were made in.
            let _inside = runtime.enter();
            Run::new(setup)?
        };
        let hosts = run.targets(&options.pattern)?;
        if hosts.is_empty() && !run.is_without_hosts() {
            let _ = events.send(Event::Warning("No hosts matched, nothing to do".into()));
        }
        if options.run.list_hosts {
            let lines: String = hosts.iter().map(|host| format!("\n    {host}")).collect();
            let _ = events.send(Event::Text(format!("  hosts ({}):{lines}", hosts.len())));
            return Ok(0);
        }
        check_action(&play, &options.pattern)?;
        let (entries, origin) = play.entries()?;
        let playbooks = [run.load_play(&entries, origin).map_err(|report| texts.explain(report))?];
        run.check_features(&playbooks).map_err(|report| texts.explain(report))?;
        finish(&runtime, interrupt, run, &playbooks)
    })
    .0
}

fn check_action(play: &AdHocPlay, pattern: &str) -> Result<(), Report> {
    let name = play.module();
    let short = name.rsplit('.').next().unwrap_or(name);
    let refuse = |message: String| Err(Report::new(message).kind(ErrorKind::Options));
    if play.is_without_arguments() && (NEED_ARGUMENTS.contains(&short) || short == NEED_ARGUMENTS_WINDOWS) {
        let hint = if pattern.ends_with(".yml") { " (did you mean to run ansible-playbook?)" } else { "" };
        return refuse(format!("No argument passed to {name} module{hint}"));
    }
    if short == "import_playbook" {
        return refuse(format!("'{name}' is not a valid action for ad-hoc commands"));
    }
    Ok(())
}

/// Options that go.
fn deprecations(options: &AdHocOptions, console: &mut Console) {
    for (given, option, name) in [(options.one_line, "-o", "oneline"), (options.tree.is_some(), "-t", "tree")] {
        if given {
            console.deprecation(&format!(
                "The '{option}' argument is deprecated. This feature will be removed from ansible-core version 2.23. \
                 Use callback configuration to enable the {name} callback instead."
            ));
        }
    }
}
