//! The program `churten-worker`.

use crate::caught;
use crate::detached::{JOB, run_job};
use crate::identity::own_build_hash;
use crate::runner::Runner;
use crate::serve::{Options, serve};
use crate::signals::Input;
use churten_protocol::{BuildHash, PROTOCOL, SILENCE_SECONDS};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufReader, Write};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// The argument that makes the program serve a controller.
pub(crate) const SERVE: &str = "--serve";

/// The exit code of a program whose content is not what it was asked to be.
const WRONG_BUILD: u8 = 3;

/// The exit code for arguments it does not know.
const USAGE: u8 = 2;

/// Run the program: `--serve [HASH]` speaks the protocol on standard input and output, and refuses with exit code 3
/// when its own SHA-256 is not `HASH`; `--version` prints the protocol number and the hash. `--job` is for the worker
/// itself: it runs one detached module.
pub fn run_program(arguments: impl IntoIterator<Item = OsString>, runner: Arc<dyn Runner>) -> ExitCode {
    run_program_as(arguments, &[], runner)
}

/// [`run_program`] for a program that is a worker only by some words after its name: a controller with a hidden
/// command for it. `again` are these words; they are not among `arguments`, whose first is the program's name.
pub fn run_program_as(
    arguments: impl IntoIterator<Item = OsString>,
    again: &[&str],
    runner: Arc<dyn Runner>,
) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(|word| word.to_str().unwrap_or_default()).collect();
    let result = match words.as_slice() {
        ["--version"] => version(),
        [JOB] => job(&runner),
        [SERVE] => run(None, again, runner),
        [SERVE, hash] => match BuildHash::from_hex(hash) {
            Some(hash) => run(Some(hash), again, runner),
            None => Err((USAGE, format!("{hash} is not a SHA-256"))),
        },
        _ => Err((USAGE, "usage: churten-worker --version | --serve [SHA256]".to_owned())),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err((code, message)) => {
            let _ = writeln!(io::stderr(), "churten-worker: {message}");
            ExitCode::from(code)
        }
    }
}

type Failure = (u8, String);

fn failure(error: io::Error) -> Failure {
    (1, error.to_string())
}

fn version() -> Result<(), Failure> {
    let hash = own_build_hash().map_err(failure)?;
    writeln!(io::stdout(), "churten-worker {} protocol {PROTOCOL} {hash}", env!("CARGO_PKG_VERSION")).map_err(failure)
}

fn run(expected: Option<BuildHash>, again: &[&str], runner: Arc<dyn Runner>) -> Result<(), Failure> {
    let build = own_build_hash().map_err(failure)?;
    if let Some(expected) = expected
        && expected != build
    {
        return Err((WRONG_BUILD, format!("this program is {build}, not {expected}")));
    }
    caught::stay();
    let (input, output) = take_streams().map_err(failure)?;
    let input = Input::new(input).map_err(failure)?;
    let options = Options {
        runner,
        build,
        command: Some(std::iter::once(own_path()).chain(again.iter().map(|word| (*word).to_owned())).collect()),
        silence: Some(Duration::from_secs(SILENCE_SECONDS)),
        on_silence: || std::process::exit(1),
        ..Options::default()
    };
    serve(input, output, options).map_err(failure)
}

fn job(runner: &Arc<dyn Runner>) -> Result<(), Failure> {
    let (input, output) = take_streams().map_err(failure)?;
    caught::stay();
    run_job(BufReader::new(input), output, runner).map_err(failure)
}

/// The protocol's streams, moved away from the standard ones: no child and no stray print reaches them.
fn take_streams() -> io::Result<(File, File)> {
    let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let nowhere = File::options().read(true).write(true).open("/dev/null")?;
    rustix::stdio::dup2_stdin(&nowhere)?;
    rustix::stdio::dup2_stdout(&nowhere)?;
    Ok((input, output))
}

/// How this program can be started again. One that runs from memory has no file; the kernel keeps a way to it.
fn own_path() -> String {
    // Without /proc the path it was started by is the one known.
    let named = std::env::current_exe().ok().or_else(|| std::env::args_os().next().map(PathBuf::from));
    let named = named.filter(|path| path.is_absolute() && path.is_file());
    let named = named.and_then(|path| path.into_os_string().into_string().ok());
    named.unwrap_or_else(|| format!("/proc/{}/exe", std::process::id()))
}
