//! A detached module that is a program of its own: in Python, or in whatever its first line names.

use crate::exec::exec;
use crate::jobs::Job;
use crate::runner::failure;
use crate::temporary::Temporary;
use crate::timer::Timer;
use crate::upload::last_part;
use churten_protocol::{Command, Content, DetachedProgram, Output, Response};
use churten_value::{Dict, UnreadableResult, escape_bytes, printed_result};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Arc;

/// Run it to its end, to what its results file is to hold.
pub(super) fn run(mut program: DetachedProgram, temporary: &Temporary) -> Dict {
    if let Err(error) = place_files(&mut program, temporary) {
        return failure(format!("the files of the task could not be stored: {error}"));
    }
    // Whoever runs the job limits its time.
    program.exec.timeout_milliseconds = 0;
    match exec(&Arc::new(Job::new(0)), &Timer::new(), &program.exec) {
        Response::Exec(output) => result(&output, &program.exec.command),
        Response::Error(error) => failure(error.message),
        _ => failure("the module ended without a result".to_owned()),
    }
}

fn place_files(program: &mut DetachedProgram, temporary: &Temporary) -> io::Result<()> {
    if program.keep_remote_files {
        temporary.keep();
    }
    for file in std::mem::take(&mut program.files) {
        let Content::Bytes(bytes) = file.content else { continue };
        let path = temporary.subdirectory(&program.remote_tmp)?.join(last_part(&file.name).unwrap_or("file"));
        OpenOptions::new().write(true).create_new(true).mode(0o700).open(&path)?.write_all(&bytes.0)?;
        let path = path.to_string_lossy().into_owned();
        if let Command::Argv(words) = &mut program.exec.command {
            for word in words.iter_mut().filter(|word| **word == file.argument) {
                word.clone_from(&path);
            }
        }
    }
    Ok(())
}

/// The result that a program printed, with its complaints; what it printed when that is none.
fn result(output: &Output, command: &Command) -> Dict {
    let (stdout, stderr) = (escape_bytes(&output.stdout.0), escape_bytes(&output.stderr.0));
    if let Some(reason) = output.excess() {
        return failure(reason);
    }
    match printed_result(&stdout) {
        Ok(mut result) => {
            if !stderr.is_empty() {
                result.insert("stderr", stderr.to_string());
            }
            result
        }
        Err(reason) => {
            let class = if matches!(reason, UnreadableResult::Json(_)) { "" } else { "ValueError: " };
            let mut result = failure(format!("{class}{reason}"));
            let words = match command {
                Command::Argv(words) => words.join(" "),
                Command::Shell { line, .. } => line.clone(),
            };
            result.insert("cmd", words);
            result.insert("data", stdout.to_string());
            result.insert("stderr", stderr.to_string());
            result
        }
    }
}
