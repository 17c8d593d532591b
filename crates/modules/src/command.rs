use churten_module::prelude::*;
use churten_module::time::{delta, local, python_text};
use churten_module::{Program, expand, python_path_error, words};
use churten_value::escape_bytes;

/// Run a command on the host.
///
/// The command is not run by a shell: `$HOME` is expanded, but `|`, `>`, `;` and `&` mean nothing. Use `shell` where
/// they should.
#[derive(Args)]
#[args(exclusive("_raw_params", "cmd", "argv"), one_of("_raw_params", "cmd", "argv"))]
pub(crate) struct CommandModule {
    /// The command as written after the module's name.
    #[arg(name = "_raw_params")]
    raw: Option<String>,
    /// Run it by a shell; what `shell` sets.
    #[arg(name = "_uses_shell", default = false)]
    uses_shell: bool,
    /// The command as one line.
    cmd: Option<String>,
    /// The command as a list: the program and its arguments, as they are.
    argv: Option<Vec<String>>,
    /// Change into this directory first.
    chdir: Option<PathBuf>,
    /// The shell to use, with `shell`.
    executable: Option<String>,
    /// Expand `$VARIABLE` and `~` in arguments.
    #[arg(default = true)]
    expand_argument_vars: bool,
    /// Do nothing when this path, or a path that matches this pattern, exists.
    #[arg(kind = "path")]
    creates: Option<String>,
    /// Do nothing unless this path, or a path that matches this pattern, exists.
    #[arg(kind = "path")]
    removes: Option<String>,
    /// Text for the standard input of the command.
    stdin: Option<String>,
    /// End that text with a newline.
    #[arg(default = true)]
    stdin_add_newline: bool,
    /// Take empty lines off the end of what the command prints.
    #[arg(default = true)]
    strip_empty_ends: bool,
}

/// The most bytes of each output: both together fit a result.
const OUTPUT_LIMIT: usize = 28 << 20;

/// The exit code for "there was no exit code".
const NO_CODE: i64 = 257;

impl Action for CommandModule {
    const NAME: &'static str = "command";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let mut result = Dict::from([
            ("changed", Value::from(false)),
            ("stdout", "".into()),
            ("stderr", "".into()),
            ("rc", Value::NONE),
            ("cmd", Value::NONE),
            ("start", Value::NONE),
            ("end", Value::NONE),
            ("delta", Value::NONE),
            ("msg", "".into()),
        ]);
        let shown = if self.uses_shell { "shell" } else { "command" };
        if !self.uses_shell
            && let Some(executable) = &self.executable
        {
            let text = format!(
                "As of Ansible 2.4, the parameter 'executable' is no longer supported with the '{shown}' module. Not \
                 using '{executable}'."
            );
            result.insert("warnings", vec![text]);
        }
        let line = self.raw.as_deref().or(self.cmd.as_deref()).filter(|line| !line.trim().is_empty());
        let command = match (line, &self.argv) {
            (Some(line), _) if self.uses_shell => {
                Some(Program::Shell { line: line.to_owned(), executable: self.executable.clone() })
            }
            (Some(line), _) => Some(Program::Arguments(words::split(line).map_err(Failure::new)?)),
            (None, Some(argv)) => Some(Program::Arguments(argv.clone())),
            (None, None) => None,
        };
        let cmd: Value = match &command {
            Some(Program::Shell { line, .. }) => line.as_str().into(),
            Some(Program::Arguments(arguments)) => arguments.clone().into(),
            None => Value::NONE,
        };
        result.insert("cmd", cmd);
        let directory = self.directory(host, &result)?;
        if let Some(answered) = self.already_done(host, options, &directory, &mut result) {
            return Ok(answered);
        }
        if options.check {
            result.insert("rc", 0);
            result.insert("msg", "Command would have run if not in check mode");
            if self.creates.is_none() && self.removes.is_none() {
                result.insert("skipped", true);
            } else {
                result.insert("changed", true);
            }
            return Ok(result);
        }
        match command {
            Some(command) => self.execute(host, command, directory, result),
            None => Err(Failure::new("Argument 'args' to run_command must be list or string")
                .with("rc", NO_CODE)
                .with("cmd", Value::NONE)),
        }
    }
}

impl CommandModule {
    /// The directory to run in; that it can be entered is known before anything else is looked at.
    fn directory(&self, host: &dyn Host, result: &Dict) -> Result<PathBuf> {
        let Some(directory) = &self.chdir else { return Ok(host.current_directory()) };
        let path = host.current_directory().join(directory);
        let error = match host.stat(&path) {
            Ok(Some(stat)) if !stat.is_directory() => std::io::Error::from_raw_os_error(20),
            Ok(Some(_)) if host.access(&path, Access::Execute) => return Ok(path),
            Ok(Some(_)) => std::io::Error::from_raw_os_error(13),
            Ok(None) => std::io::Error::from_raw_os_error(2),
            Err(error) => error,
        };
        let mut failure =
            Failure::new("Unable to change directory before execution.").caused_by(python_path_error(&error, &path));
        for (key, value) in result.iter().filter(|(key, _)| key.as_str() != Some("msg")) {
            failure.extra.insert(key.clone(), value.clone());
        }
        Err(failure)
    }

    /// The result when `creates` or `removes` says that there is nothing to do.
    fn already_done(&self, host: &dyn Host, options: &Options, directory: &Path, result: &mut Dict) -> Option<Dict> {
        let found = |pattern: &str| !host.glob(&directory.join(pattern).display().to_string()).is_empty();
        let would = if options.check { "Would" } else { "Did" };
        let (path, why) = match (&self.creates, &self.removes) {
            (Some(path), _) if found(path) => (path, "exists"),
            (_, Some(path)) if !found(path) => (path, "does not exist"),
            _ => return None,
        };
        result.insert("msg", format!("{would} not run command since '{path}' {why}"));
        result.insert("stdout", format!("skipped, since {path} {why}"));
        result.insert("rc", 0);
        Some(std::mem::take(result))
    }

    fn execute(&self, host: &dyn Host, program: Program, directory: PathBuf, mut result: Dict) -> Result<Dict> {
        let program = match program {
            Program::Arguments(arguments) if self.expand_argument_vars => {
                Program::Arguments(arguments.iter().map(|argument| expand::expand(argument, host.observe())).collect())
            }
            program => program,
        };
        let mut command = Command::of(program).directory(directory).output_limit(OUTPUT_LIMIT);
        if let Some(text) = &self.stdin {
            let newline = if self.stdin_add_newline { "\n" } else { "" };
            command = command.stdin(format!("{text}{newline}"));
        }
        let start = host.now();
        let output = host.execute(&command).map_err(|error| Failure::could_not_run(&command.program, &error))?;
        let end = host.now();
        let text = |bytes: &[u8]| {
            let text = escape_bytes(bytes);
            if self.strip_empty_ends { text.trim_end_matches(['\r', '\n']).to_owned() } else { text.into_owned() }
        };
        result.insert("stdout", text(&output.stdout));
        result.insert("stderr", text(&output.stderr));
        result.insert("rc", output.code);
        result.insert("start", python_text(&local(host.observe(), start)));
        result.insert("end", python_text(&local(host.observe(), end)));
        result.insert("delta", delta(start, end));
        result.insert("changed", true);
        if !output.success() {
            result.insert("failed", true);
            result.insert("msg", "non-zero return code");
        }
        Ok(result)
    }
}
