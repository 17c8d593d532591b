//! Modules that are not native, run on the host: in Python, or in whatever their first line names.

mod interpreter;

pub(crate) use self::interpreter::{Interpreter, is_wanted as wants_interpreter};

pub(super) use self::interpreter::setting;
use self::interpreter::{interpreter, rendered};
use super::{ActionContext, detached, host_log, remote, told};
use crate::foreign::ForeignModule;
use crate::reach;
use crate::task::Execution;
use churten_connection::{ConnectionError, Session};
use churten_diagnostics::Report;
use churten_protocol::{
    Attachment, Blob, Command, Content, ContentId, Destination, DetachedProgram, Exec, Output, PythonRun, Work,
};
use churten_python::{
    Archive, Internals, ModuleKind, PythonModule, answer, invocation, key_value_arguments, understood, with_arguments,
};
use churten_value::{Dict, Value, escape_bytes};

/// `ENOENT`
const NO_SUCH_FILE: i32 = 2;

pub(super) async fn run(context: &ActionContext<'_>, module: &ForeignModule, arguments: Dict) -> Execution {
    if module.kind == ModuleKind::Python && interpreter::is_to_be_found(context) {
        told::search(context);
    }
    context.place.needs_own_turn().await;
    let (session, reach) = match reach::session(context).await {
        Ok(opened) => opened,
        Err(execution) => return *execution,
    };
    if let Some(refused) = Execution::of_arguments(&arguments) {
        return *refused;
    }
    let prepare = async || match module.kind {
        ModuleKind::Python => in_python(context, module, &arguments, &session, &reach.remote_tmp).await,
        _ => as_program(context, module, &arguments, &session, &reach.remote_tmp).await,
    };
    let Prepared { run, started_by, interpreter } = match prepare().await {
        Ok(prepared) => prepared,
        Err(execution) => return *execution,
    };
    let execution = match &context.attributes.detached {
        Some(detached) => {
            match detached::request(context, detached, Work::Program(apart(context, run, &reach.remote_tmp))) {
                Ok(request) => session.detach(request).await.map(Execution::by_module),
                Err(report) => return Execution::failure(report),
            }
        }
        None => {
            let mut ended = ran(context, &session, run).await;
            if is_gone(&ended) {
                // Somebody has tidied up on the host: once more, with everything anew.
                session.forget_files().await;
                ended = match prepare().await {
                    Ok(prepared) => ran(context, &session, prepared.run).await,
                    Err(execution) => return *execution,
                };
            }
            ended.map(|output| finished(context, &output, &started_by))
        }
    };
    let mut execution = execution.unwrap_or_else(|error| reach::failure(&error));
    churten_python::name_deprecators(&mut execution.result, &module.name);
    if let Some(interpreter) = interpreter {
        interpreter.tell(&mut execution.result);
    }
    execution
}

/// Look for the host's Python where its variable asks for that and nobody has.
pub(super) async fn discover(
    context: &ActionContext<'_>,
    session: &Session,
) -> Result<Option<Interpreter>, Box<Execution>> {
    match wants_interpreter(context) {
        true => interpreter(context, session).await.map(Some),
        false => Ok(None),
    }
}

/// A module that is ready to be run on the host.
struct Prepared {
    run: Run,
    /// The interpreter, as messages name it; empty when the kernel finds it.
    started_by: String,
    /// The Python it runs in, if one had to be chosen.
    interpreter: Option<Interpreter>,
}

enum Run {
    Python(PythonRun),
    Program {
        argv: Vec<String>,
        /// The words of `argv` that are files of this run alone.
        files: Vec<String>,
    },
}

async fn ran(context: &ActionContext<'_>, session: &Session, run: Run) -> Result<Output, ConnectionError> {
    let (argv, files) = match run {
        Run::Python(run) => return session.python(run).await,
        Run::Program { argv, files } => (argv, files),
    };
    // By a shell, whose complaint tells what is missing.
    let line = argv.iter().map(|word| churten_syntax::shlex_quote(word)).collect::<Vec<_>>().join(" ");
    let command = Command::Shell { executable: String::new(), line };
    let output = session.exec(Exec { command, ..exec(context, Vec::new(), Blob::default()) }).await;
    if !context.engine.settings.keep_remote_files() {
        for path in files {
            // What is left goes with the session's directory.
            let _ = session.remove(&path).await;
        }
    }
    output
}

/// True when a module has not begun because its archive was not there.
fn is_gone(ended: &Result<Output, ConnectionError>) -> bool {
    matches!(ended, Err(ConnectionError::Remote { errno: NO_SUCH_FILE, .. }))
}

/// The same run as one that outlives the session.
fn apart(context: &ActionContext<'_>, run: Run, remote_tmp: &str) -> DetachedProgram {
    let (exec, files) = match run {
        Run::Python(run) => {
            let mut argv = vec![run.interpreter, run.archive.clone()];
            argv.extend((run.open_files > 0).then(|| run.open_files.to_string()));
            (exec(context, argv, run.invocation), vec![run.archive])
        }
        Run::Program { argv, files } => (exec(context, argv, Blob::default()), files),
    };
    let attachment = |path: String| Attachment {
        argument: path.clone(),
        name: path.clone(),
        content: Content::Uploaded(path),
        deflated: false,
    };
    DetachedProgram {
        exec,
        files: files.into_iter().map(attachment).collect(),
        remote_tmp: remote_tmp.to_owned(),
        keep_remote_files: context.engine.settings.keep_remote_files(),
    }
}

async fn in_python(
    context: &ActionContext<'_>,
    module: &ForeignModule,
    arguments: &Dict,
    session: &Session,
    remote_tmp: &str,
) -> Result<Prepared, Box<Execution>> {
    let engine = context.engine;
    let archive = engine.packed(module).map_err(|reason| Box::new(Execution::failure(Report::new(reason))))?;
    let directory = temporary_directory(session, remote_tmp).await?;
    let place = async |archive: &Archive| {
        let path = format!("{directory}/python-{}.zip", archive.hash);
        let content = ContentId { sha1: archive.sha1, size: archive.bytes.len() as u64 };
        let placed = session.place(&path, &archive.bytes, content).await;
        placed.map(|()| path).map_err(|error| Box::new(reach::failure(&error)))
    };
    let base = match engine.python_base().filter(|base| archive.fits(base)) {
        Some(base) if context.attributes.detached.is_none() => place(base).await?,
        _ => String::new(),
    };
    let path = place(&archive).await?;
    let interpreter = interpreter(context, session).await?;
    let run = PythonRun {
        interpreter: interpreter.path.clone(),
        archive: path,
        base,
        name: PythonModule::python_name(&module.name),
        open_files: file_limit(context)?,
        invocation: Blob(invocation(arguments, &internals(context, &directory, remote_tmp)?).into_bytes()),
        environment: remote::environment(context),
        timeout_milliseconds: context.attributes.timeout_milliseconds(),
    };
    Ok(Prepared { run: Run::Python(run), started_by: interpreter.path.clone(), interpreter: Some(interpreter) })
}

/// How many files a module may have open (`PYTHON_MODULE_RLIMIT_NOFILE`); 0 for as many as there may be.
pub(super) fn file_limit(context: &ActionContext<'_>) -> Result<u64, Box<Execution>> {
    let value = setting(context, "PYTHON_MODULE_RLIMIT_NOFILE")?;
    Ok(value.to_text().trim().parse().unwrap_or(0))
}

/// Other programs are started as files of their own, with their arguments in another file.
async fn as_program(
    context: &ActionContext<'_>,
    module: &ForeignModule,
    arguments: &Dict,
    session: &Session,
    remote_tmp: &str,
) -> Result<Prepared, Box<Execution>> {
    let directory = temporary_directory(session, remote_tmp).await?;
    let internals = internals(context, &directory, remote_tmp)?;
    let source = with_arguments(&module.source, arguments, &internals);
    let name = module.path.file_name().and_then(|name| name.to_str()).unwrap_or("module").to_owned();
    let (mut argv, interpreter) = interpreter_line(context, session, &source).await?;
    let started_by = argv.join(" ");
    // Each in a directory of its own: tasks delegated to one host run at the same time.
    let place = async |name: &str, content: &[u8], mode: u32| {
        let destination = Destination::Temporary { remote_tmp: remote_tmp.to_owned(), name: name.to_owned() };
        let placed = session.put(content, destination, mode).await;
        placed.map(|placed| placed.path).map_err(|error| Box::new(reach::failure(&error)))
    };
    let program = place(&name, &source, 0o700).await?;
    argv.push(program.clone());
    let mut placed = vec![program];
    if module.kind != ModuleKind::JsonArguments {
        let text = match module.kind {
            ModuleKind::OldStyle => key_value_arguments(arguments, &internals),
            _ => churten_python::plain_arguments(arguments, &internals),
        };
        let path = place("args", text.as_bytes(), 0o600).await?;
        argv.push(path.clone());
        placed.push(path);
    }
    Ok(Prepared { run: Run::Program { argv, files: placed }, started_by, interpreter })
}

async fn temporary_directory(session: &Session, remote_tmp: &str) -> Result<String, Box<Execution>> {
    session.temporary_directory(remote_tmp).await.map_err(|error| Box::new(reach::failure(&error)))
}

fn exec(context: &ActionContext<'_>, argv: Vec<String>, stdin: Blob) -> Exec {
    Exec {
        command: Command::Argv(argv),
        stdin,
        environment: remote::environment(context),
        directory: None,
        timeout_milliseconds: context.attributes.timeout_milliseconds(),
        output_limit: 0,
    }
}

fn internals(context: &ActionContext<'_>, directory: &str, remote_tmp: &str) -> Result<Internals, Box<Execution>> {
    let (engine, attributes) = (context.engine, context.attributes);
    let settings = &engine.settings;
    let shell = context.target_scope().value("ansible_shell_executable").map(|shell| shell.to_text());
    Ok(Internals {
        check_mode: attributes.check_mode,
        diff: attributes.diff,
        no_log: host_log::is_silent(context)?,
        verbosity: engine.options.verbosity,
        module_name: context.task.action.name.to_string(),
        version: engine.python_library().map_or("2.19.14", |library| &library.version).to_owned(),
        // The session's own is gone before a detached module ends.
        temporary_directory: attributes.detached.is_none().then(|| format!("{directory}/")),
        remote_tmp: remote_tmp.to_owned(),
        shell: shell.unwrap_or_else(|| "/bin/sh".to_owned()),
        syslog_facility: host_log::facility(context),
        special_file_systems: settings.list("DEFAULT_SELINUX_SPECIAL_FS").into_iter().map(str::to_owned).collect(),
        log_info: host_log::info(context)?,
        keep_remote_files: settings.keep_remote_files(),
        tracebacks: tracebacks(context),
    })
}

/// The words before a program's path: what its first line names, or what a variable
/// (`ansible_perl_interpreter`) has instead.
async fn interpreter_line(
    context: &ActionContext<'_>,
    session: &Session,
    source: &[u8],
) -> Result<(Vec<String>, Option<Interpreter>), Box<Execution>> {
    let Some(line) = source.strip_prefix(b"#!").and_then(|rest| rest.split(|byte| *byte == b'\n').next()) else {
        return Ok((Vec::new(), None));
    };
    let line = String::from_utf8_lossy(line).into_owned();
    let mut words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    let named = words.first().map(|word| word.rsplit('/').next().unwrap_or_default().to_owned()).unwrap_or_default();
    let named = if named == "env" { words.get(1).cloned().unwrap_or_default() } else { named };
    let family = named.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    if family == "python" {
        let found = interpreter(context, session).await?;
        return Ok((vec![found.path.clone()], Some(found)));
    }
    let own = rendered(context, &format!("ansible_{family}_interpreter"));
    if let Some(own) = own.map_err(|report| Box::new(Execution::failure(report)))? {
        words = vec![own.to_text()];
    }
    Ok((words, None))
}

/// What a result means that a module left behind on the host, read by `async_status`.
pub(super) fn of_job(mut execution: Execution) -> Execution {
    let said = understood(&execution.result);
    if said.result.get("finished").is_some_and(Value::is_truthy) {
        let cause = execution.result.get(churten_module::CAUSE_KEY).cloned();
        execution.result = said.result;
        // That of `async_status` itself, where the module told none.
        let told = |result: &Dict| result.get("invocation")?.get("module_args")?.get("_async_dir").cloned();
        if told(&execution.result).is_some() {
            execution.result.remove("invocation");
        }
        if let Some(cause) = said.cause.map(Value::from).or(cause) {
            execution.result.insert(churten_module::CAUSE_KEY, cause);
        }
    }
    execution
}

/// How much is shown of an output without end.
const SHOWN: usize = 1 << 10;

fn finished(context: &ActionContext<'_>, output: &Output, started_by: &str) -> Execution {
    let text = |bytes: &[u8]| escape_bytes(bytes).into_owned();
    if let Some(reason) = output.excess() {
        let shown = |bytes: &[u8]| Value::from(text(bytes.get(..SHOWN).unwrap_or(bytes)));
        let result = Dict::from([
            ("failed", Value::from(true)),
            ("changed", Value::from(false)),
            ("module_stdout", shown(&output.stdout.0)),
            ("module_stderr", shown(&output.stderr.0)),
            ("msg", Value::from(reason.as_str())),
            ("rc", Value::from(128 - output.code)),
        ]);
        let mut execution = Execution::of(result);
        execution.error = Some(Report::new(reason).context("Action failed").context("Task failed"));
        return execution;
    }
    let mut said = answer(output.code, &text(&output.stdout.0), &text(&output.stderr.0));
    if let Some(cause) = said.cause.take() {
        said.result.insert(churten_module::CAUSE_KEY, cause);
    }
    if let Some(mut reason) = said.unreadable {
        let mut help = "See stdout/stderr for the returned output.".to_owned();
        if !started_by.is_empty() && output.code == 127 && is_not_found(&output.stderr.0) {
            reason = format!("The module interpreter {} was not found.", churten_value::str_repr(started_by));
            help = format!("Consider overriding the configured interpreter path for this host. {help}");
            said.result.insert("msg", reason.clone());
        }
        let complaints = text(&output.stderr.0);
        if complaints.contains("Traceback") && tracebacks(context).iter().any(|kind| kind == "error") {
            said.result.insert("exception", complaints);
        }
        let cause = Report::new(reason).help(help).apart();
        let mut execution = Execution::of(said.result);
        execution.error = Some(cause.context("Action failed").context("Task failed"));
        return execution;
    }
    if said.result.get("failed").is_some_and(Value::is_truthy) && !said.result.contains("msg") {
        said.result.insert("msg", "Task failed: Module failed: Unknown error.");
    }
    // Only a search tells which interpreter was found.
    let is_of_search = |name: &Value| {
        let name = name.as_str().unwrap_or_default();
        name.strip_prefix("ansible_").unwrap_or(name).starts_with("discovered_interpreter_")
    };
    if let Some(facts) = said.result.get("ansible_facts").and_then(Value::as_dict)
        && facts.keys().any(is_of_search)
    {
        let mut facts = facts.clone();
        facts.retain(|name, _| !is_of_search(name));
        said.result.insert("ansible_facts", Value::dict(facts));
    }
    let mut execution = Execution::answered(&context.engine.settings, "", said.result);
    if let Some(exception) = said.exception {
        let report = match exception.is_empty() {
            true => Report::new("Module failed."),
            false => Report::new(exception).context("Module failed"),
        };
        execution.error = Some(report.context("Task failed"));
    }
    execution
}

/// What tracebacks are wanted for (`DISPLAY_TRACEBACK`).
fn tracebacks(context: &ActionContext<'_>) -> Vec<String> {
    const ALL: [&str; 4] = ["error", "warning", "deprecated", "deprecated_value"];
    let wanted = context.engine.settings.list("DISPLAY_TRACEBACK");
    let is_wanted = |name: &&str| wanted.contains(&"always") || wanted.contains(name);
    ALL.into_iter().filter(is_wanted).map(str::to_owned).collect()
}

/// A shell's complaint that there is no such program, and not the program's own about something else.
fn is_not_found(stderr: &[u8]) -> bool {
    let text = String::from_utf8_lossy(stderr);
    text.lines().any(|line| line.contains("sh: ") && (line.contains("not found") || line.contains("No such file")))
}
