//! `churten replay`: a record shown again.

use super::read::{Header, Line, Reader};
use crate::output::{Callbacks, Choice, Console, Stream, listeners};
use crate::start::{console_options, fail};
use churten_config::{LoadOptions, Settings, ValueOrigin};
use churten_diagnostics::{ErrorKind, Report};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// Show a record through the callbacks that the settings name, or through the one that wrote the screen then; gives the
/// exit code of the run that it is of.
pub(crate) fn replay(path: &Path) -> u8 {
    let settings = match Settings::load(LoadOptions::of_process()) {
        Ok(settings) => settings,
        Err(report) => {
            let mut console = Console::new(crate::output::ConsoleOptions::default());
            console.error(Stream::Error, &report.render());
            return 5;
        }
    };
    let mut console = Console::new(console_options(&settings, 0));
    let wrong = |reason: String| Report::new(format!("cannot replay {}: {reason}", path.display()));
    let opened =
        File::open(path).map_err(|error| error.to_string()).and_then(|file| Reader::open(BufReader::new(file)));
    let (mut reader, header) = match opened {
        Ok(opened) => opened,
        Err(reason) => return fail(&mut console, &wrong(reason).kind(ErrorKind::Options)),
    };
    let mut console = Console::new(console_options(&settings, header.verbosity));
    let mut callbacks = match callbacks(&settings, &header, &mut console) {
        Ok(listeners) => Callbacks::new(console, listeners),
        Err(report) => return fail(&mut console, &report),
    };
    if header.program == "ansible" {
        callbacks = callbacks.of_one_task(Box::new(Report::clone));
    }
    loop {
        match reader.next() {
            Ok(Some(Line::Event(event))) => callbacks.event(&event),
            Ok(Some(Line::Quiet)) => {}
            Ok(Some(Line::End(code, error))) => {
                if let Some(error) = error {
                    fail(callbacks.console(), &error);
                }
                return code;
            }
            Ok(None) => return fail(callbacks.console(), &wrong("it has no end; the run was killed".to_owned())),
            Err(reason) => return fail(callbacks.console(), &wrong(reason)),
        }
    }
}

fn callbacks(settings: &Settings, header: &Header, console: &mut Console) -> Result<crate::output::Listeners, Report> {
    let own = settings.resolved("DEFAULT_STDOUT_CALLBACK").filter(|it| it.origin != ValueOrigin::Default);
    let own = own.map(|resolved| resolved.value.to_text());
    let choice = Choice {
        settings,
        verbosity: header.verbosity,
        check_mode: header.check_mode,
        command_line: Vec::new(),
        tree: None,
        screen: own.as_deref().unwrap_or(&header.screen),
        load_enabled: true,
    };
    listeners(console, &choice)
}
