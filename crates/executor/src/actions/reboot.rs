//! `reboot`: restart a host, and wait until it answers again and has another boot behind it.

use super::fail::only;
use super::{ActionContext, remote};
use crate::reach::{self, Reach};
use crate::task::{Execution, integer_of};
use churten_connection::{ConnectionError, Output, Transport};
use churten_diagnostics::Report;
use churten_protocol::{Blob, Command, Exec};
use churten_value::{Dict, Repr, Value};
use std::time::{Duration, Instant};

/// The arguments, with underscored names that old playbooks use.
const ARGUMENTS: [&str; 13] = [
    "boot_time_command",
    "connect_timeout",
    "connect_timeout_sec",
    "msg",
    "post_reboot_delay",
    "post_reboot_delay_sec",
    "pre_reboot_delay",
    "pre_reboot_delay_sec",
    "reboot_command",
    "reboot_timeout",
    "reboot_timeout_sec",
    "search_paths",
    "test_command",
];
/// Where the command is looked for.
const SEARCH_PATHS: [&str; 5] = ["/sbin", "/bin", "/usr/sbin", "/usr/bin", "/usr/local/sbin"];
/// Every boot has an identifier of its own.
const BOOT_ID: &str = "cat /proc/sys/kernel/random/boot_id";
/// The longest time between two looks.
const LONGEST_PAUSE: Duration = Duration::from_secs(12);

/// What the arguments say.
struct Wanted {
    boot_time_command: String,
    test_command: String,
    connect_timeout: Option<Duration>,
    post_delay: Duration,
    pre_delay: u64,
    timeout: Duration,
    message: String,
    command: Option<String>,
    search_paths: Vec<String>,
}

pub(super) async fn run(context: &ActionContext<'_>, arguments: &Dict) -> Execution {
    let result = |execution: Execution, changed: bool, rebooted: bool, elapsed: Duration| {
        let mut execution = execution;
        execution.result.insert("changed", changed);
        execution.result.insert("elapsed", i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX));
        execution.result.insert("rebooted", rebooted);
        execution
    };
    let reach = match Reach::of(context) {
        Ok(reach) => reach,
        Err(report) => return Execution::failure(report),
    };
    if matches!(reach.transport, Transport::Local) {
        let told = Execution::failed("Running reboot with local connection would reboot the control node.");
        return result(told, false, false, Duration::ZERO);
    }
    if context.attributes.check_mode {
        return result(Execution::of(Dict::new()), true, true, Duration::ZERO);
    }
    if let Err(refused) = only(arguments, "reboot", &ARGUMENTS) {
        return *refused;
    }
    let wanted = match Wanted::of(arguments) {
        Ok(wanted) => wanted,
        Err(report) => return Execution::action_error(report),
    };
    let started = Instant::now();
    let before = match boot(context, &wanted, None).await {
        Ok(Ok(before)) => before,
        Ok(Err(reason)) => {
            let mut told = Execution::failed(reason);
            told.result.insert("changed", false);
            told.result.insert("reboot", false);
            return told;
        }
        Err(execution) => return *execution,
    };
    match restart(context, &wanted).await {
        Ok(None) => {}
        Ok(Some(reason)) => return result(Execution::failed(reason), false, false, started.elapsed()),
        Err(execution) => return *execution,
    }
    tokio::time::sleep(wanted.post_delay).await;
    for what in ["last boot time check", "post-reboot test command"] {
        if !comes_back(context, &wanted, &before, what).await {
            let seconds = wanted.timeout.as_secs();
            let told = Execution::failed(format!("Timed out waiting for {what} (timeout={seconds})"));
            return result(told, false, true, started.elapsed());
        }
    }
    result(Execution::of(Dict::new()), true, true, started.elapsed())
}

impl Wanted {
    fn of(arguments: &Dict) -> Result<Self, Report> {
        let given = |name: &str| arguments.get(name).filter(|value| !value.is_none());
        let text = |name: &str, default: &str| given(name).map_or_else(|| default.to_owned(), Value::to_text);
        let seconds = |name: &str, default: u64| {
            let found = given(name).or_else(|| given(&format!("{name}_sec")));
            found.map_or(Ok(default), |value| {
                let number = integer_of(value)
                    .ok_or_else(|| Report::new(format!("invalid literal for int() with base 10: {}", Repr(value))))?;
                Ok::<u64, Report>(u64::try_from(number).unwrap_or(0))
            })
        };
        let has_connect_timeout = given("connect_timeout").or_else(|| given("connect_timeout_sec")).is_some();
        let search_paths = match given("search_paths") {
            None => SEARCH_PATHS.map(str::to_owned).to_vec(),
            Some(value) => match value.as_list() {
                Some(paths) => paths.iter().map(Value::to_text).collect(),
                None => vec![value.to_text()],
            },
        };
        Ok(Self {
            boot_time_command: text("boot_time_command", BOOT_ID),
            test_command: text("test_command", "whoami"),
            connect_timeout: has_connect_timeout
                .then(|| seconds("connect_timeout", 0))
                .transpose()?
                .map(Duration::from_secs),
            post_delay: Duration::from_secs(seconds("post_reboot_delay", 0)?),
            pre_delay: seconds("pre_reboot_delay", 0)?,
            timeout: Duration::from_secs(seconds("reboot_timeout", 600)?),
            message: text("msg", "Reboot initiated by Ansible"),
            command: given("reboot_command").map(Value::to_text),
            search_paths,
        })
    }
}

/// Run a line on the host, in a session that may be new.
async fn execute(
    context: &ActionContext<'_>,
    line: &str,
    connect_timeout: Option<Duration>,
) -> Result<Result<Output, ConnectionError>, Box<Execution>> {
    let mut reach = Reach::of(context).map_err(|report| Box::new(Execution::failure(report)))?;
    if let (Transport::Ssh(options), Some(limit)) = (&mut reach.transport, connect_timeout) {
        options.timeout = Some(limit);
    }
    let session = reach::open(context, &reach).await?;
    let exec = Exec {
        command: Command::Shell { executable: String::new(), line: line.to_owned() },
        stdin: Blob::default(),
        environment: remote::environment(context),
        directory: None,
        timeout_milliseconds: 0,
        output_limit: 0,
    };
    Ok(session.exec(exec).await)
}

/// What tells this boot from others; the inner error is why that is not known.
async fn boot(
    context: &ActionContext<'_>,
    wanted: &Wanted,
    connect_timeout: Option<Duration>,
) -> Result<Result<String, String>, Box<Execution>> {
    let output = match execute(context, &wanted.boot_time_command, connect_timeout).await? {
        Ok(output) => output,
        Err(error) => return Err(Box::new(reach::failure(&error))),
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches('\n').to_owned();
    let (stdout, stderr) = (text(&output.stdout.0), text(&output.stderr.0));
    if output.code != 0 {
        return Ok(Err(format!(
            "reboot: failed to get host boot time info, rc: {}, stdout: {stdout}, stderr: {stderr}",
            output.code
        )));
    }
    Ok(Ok(stdout.trim().to_owned()))
}

/// Start the restart; the inner text is why it did not begin. A connection that breaks is what is wanted.
async fn restart(context: &ActionContext<'_>, wanted: &Wanted) -> Result<Option<String>, Box<Execution>> {
    let (program, rest) = match &wanted.command {
        Some(command) => {
            let (program, rest) = command.trim().split_once(char::is_whitespace).unwrap_or((command.trim(), ""));
            (program.to_owned(), rest.to_owned())
        }
        None => {
            let (session, _) = reach::session(context).await?;
            let is_alpine = session.stat("/etc/alpine-release", true, false).await.is_ok_and(|found| found.is_some());
            // Alpine's own program takes no time and no message.
            if is_alpine {
                ("reboot".to_owned(), String::new())
            } else {
                ("shutdown".to_owned(), format!("-r {} \"{}\"", wanted.pre_delay / 60, wanted.message))
            }
        }
    };
    let program = if program.starts_with('/') {
        program
    } else {
        let (session, _) = reach::session(context).await?;
        let mut found = None;
        for directory in &wanted.search_paths {
            let path = format!("{directory}/{program}");
            if session.stat(&path, true, false).await.is_ok_and(|status| status.is_some()) {
                found = Some(path);
                break;
            }
        }
        match found {
            Some(path) => path,
            None => {
                let paths = Value::list(wanted.search_paths.iter().map(|path| path.as_str().into()).collect());
                let text = format!("Unable to find command \"{program}\" in search paths: {}", Repr(&paths));
                return Err(Box::new(Execution::action_error(Report::new(text))));
            }
        }
    };
    match execute(context, format!("{program} {rest}").trim(), None).await? {
        Ok(output) if output.code != 0 => {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
            let (stdout, stderr) = (text(&output.stdout.0), text(&output.stderr.0));
            Ok(Some(format!("Reboot command failed. Error was: '{stdout}, {stderr}'")))
        }
        Ok(_) | Err(_) => Ok(None),
    }
}

/// Wait until the host has another boot behind it, or until it runs the test; false when the time is over.
async fn comes_back(context: &ActionContext<'_>, wanted: &Wanted, before: &str, what: &str) -> bool {
    let started = Instant::now();
    let mut pause = Duration::from_secs(1);
    while started.elapsed() < wanted.timeout {
        // What is known may be the connection to the host as it was.
        context.engine.connections.reset(context.target()).await;
        let look = async {
            if what.starts_with("last boot") {
                matches!(boot(context, wanted, wanted.connect_timeout).await, Ok(Ok(now)) if now != before)
            } else {
                let output = execute(context, &wanted.test_command, wanted.connect_timeout).await;
                matches!(output, Ok(Ok(output)) if output.code == 0)
            }
        };
        let left = wanted.timeout.saturating_sub(started.elapsed());
        match tokio::time::timeout(left, look).await {
            Ok(true) => return true,
            Ok(false) => {}
            Err(_) => return false,
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    false
}
