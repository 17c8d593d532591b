use churten_module::prelude::*;
use churten_module::words::split;

/// Manage Python packages with `pip`.
///
/// Runs the pip of a virtual environment, the one that `executable` names, or the first `pip3` or `pip` on the path.
#[derive(Args)]
#[args(exclusive("name", "requirements"), exclusive("executable", "virtualenv"), one_of("name", "requirements"))]
pub(crate) struct Pip {
    /// What to do.
    #[arg(default = "present")]
    state: PackageState,
    /// Packages, with version specifiers or as addresses.
    name: Option<Vec<String>>,
    /// The version of the one package.
    version: Option<String>,
    /// A file of requirements on the host.
    requirements: Option<String>,
    /// The virtual environment to install into; it is created when it is not there.
    virtualenv: Option<PathBuf>,
    /// Let a new virtual environment see the packages of the system.
    #[arg(default = false)]
    virtualenv_site_packages: bool,
    /// The command that creates a virtual environment.
    #[arg(default = "virtualenv", kind = "path")]
    virtualenv_command: String,
    /// The Python of a new virtual environment.
    virtualenv_python: Option<String>,
    /// Further arguments of pip.
    extra_args: Option<String>,
    /// Install in editable mode.
    #[arg(default = false)]
    editable: bool,
    /// The directory to run pip in.
    chdir: Option<PathBuf>,
    /// The pip to run.
    #[arg(kind = "path")]
    executable: Option<String>,
    /// The file creation mask while pip runs, in octal.
    umask: Option<String>,
    /// Change a Python that its distribution manages.
    #[arg(default = false)]
    break_system_packages: bool,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum PackageState {
    Present,
    Absent,
    Latest,
    Forcereinstall,
}

impl PackageState {
    const fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Forcereinstall => "forcereinstall",
            Self::Latest => "latest",
            Self::Present => "present",
        }
    }

    const fn verb(self) -> &'static [&'static str] {
        match self {
            Self::Absent => &["uninstall", "-y"],
            Self::Forcereinstall => &["install", "-U", "--force-reinstall"],
            Self::Latest => &["install", "-U"],
            Self::Present => &["install"],
        }
    }
}

impl Action for Pip {
    const NAME: &'static str = "pip";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        if self.state == PackageState::Latest && self.version.is_some() {
            fail!("version is incompatible with state=latest");
        }
        let umask = match &self.umask {
            None => None,
            Some(text) => {
                Some(u32::from_str_radix(text, 8).map_err(|_| Failure::new("umask must be an octal integer"))?)
            }
        };
        let packages = self.packages()?;
        let (mut stdout, mut stderr, mut created) = (String::new(), String::new(), false);
        if let Some(environment) = &self.virtualenv
            && host.stat(&environment.join("bin/activate"))?.is_none()
        {
            if options.check {
                return Ok(Dict::from([("changed", true)]));
            }
            let output = self.execute(host, self.create(host, environment)?, umask)?;
            stdout.push_str(&output.0);
            stderr.push_str(&output.1);
            created = true;
        }
        let pip = self.pip(host.observe())?;
        if options.check {
            return Ok(Dict::from([("changed", self.would_change(host, &pip, &packages)?)]));
        }
        let before = match self.requirements {
            Some(_) => self.freeze(host, &pip)?,
            None => String::new(),
        };
        let command = self.command(&pip, &packages)?;
        let shown = command.join(" ");
        let output = self.execute(host, command, umask)?;
        let said = match self.state {
            PackageState::Absent => output.0.contains("Successfully uninstalled"),
            _ if self.requirements.is_some() => self.freeze(host, &pip)? != before,
            _ => output.0.contains("Successfully installed"),
        };
        stdout.push_str(&output.0);
        stderr.push_str(&output.1);
        let mut result = Dict::from([
            ("changed", Value::from(said || created)),
            ("cmd", command_words(&shown)),
            ("stdout", stdout.into()),
            ("stderr", stderr.into()),
            ("state", self.state.name().into()),
        ]);
        let names =
            self.name.as_ref().map(|names| Value::list(names.iter().map(|name| name.as_str().into()).collect()));
        result.insert("name", names);
        result.insert("version", self.version.clone());
        result.insert("requirements", self.requirements.clone());
        result.insert("virtualenv", self.virtualenv.as_ref().map(|path| path.display().to_string()));
        Ok(result)
    }
}

/// The command as the result shows it.
fn command_words(line: &str) -> Value {
    Value::list(line.split(' ').map(Value::from).collect())
}

impl Pip {
    /// The packages with their versions. A comma between two specifiers of one package has split them.
    fn packages(&self) -> Result<Vec<String>> {
        let mut packages: Vec<String> = Vec::new();
        for part in self.name.iter().flatten() {
            let goes_on = part.trim_start().starts_with(['<', '>', '=', '!', '~']);
            match packages.last_mut().filter(|_| goes_on) {
                Some(last) => {
                    last.push(',');
                    last.push_str(part.trim());
                }
                None => packages.push(part.trim().to_owned()),
            }
        }
        if let Some(version) = &self.version {
            let [package] = packages.as_mut_slice() else {
                fail!(
                    "'version' argument is ambiguous when installing multiple package distributions. Please specify version restrictions next to each package in 'name' argument."
                );
            };
            if package.contains(['<', '>', '=', '!', '~']) {
                fail!(
                    "The 'version' argument conflicts with any version specifier provided along with a package name. Please keep the version specifier, but remove the 'version' argument."
                );
            }
            let operator = if version.starts_with(['<', '>', '=', '!', '~']) { "" } else { "==" };
            *package = format!("{package}{operator}{version}");
        }
        Ok(packages)
    }

    /// The command line that runs pip.
    fn pip(&self, host: &dyn Observe) -> Result<Vec<String>> {
        if let Some(environment) = &self.virtualenv {
            let found = ["pip3", "pip"].iter().map(|name| environment.join("bin").join(name));
            let mut found = found.filter(|path| host.access(path, Access::Execute));
            return match found.next() {
                Some(path) => Ok(vec![path.display().to_string()]),
                None => Err(Failure::new(format!(
                    "Unable to find pip in the virtualenv, {}, under any of these names: pip3, pip. Make sure pip is \
                     present in the virtualenv.",
                    environment.display()
                ))),
            };
        }
        if let Some(executable) = &self.executable {
            if executable.starts_with('/') {
                return Ok(vec![executable.clone()]);
            }
            return host.require_program(executable, &[]).map(|path| vec![path.display().to_string()]);
        }
        match ["pip3", "pip"].iter().find_map(|name| host.find_program(name, &[])) {
            Some(path) => Ok(vec![path.display().to_string()]),
            None => Err(Failure::new("Unable to find any of pip3 to use.  pip needs to be installed.")),
        }
    }

    /// The command that makes the virtual environment.
    fn create(&self, host: &dyn Host, environment: &Path) -> Result<Vec<String>> {
        let mut command =
            split(&self.virtualenv_command).map_err(|error| Failure::new(format!("virtualenv_command: {error}")))?;
        let Some(program) = command.first_mut() else { fail!("virtualenv_command is empty") };
        if !program.contains('/') {
            *program = host.require_program(program, &[])?.display().to_string();
        }
        if self.virtualenv_site_packages {
            command.push("--system-site-packages".to_owned());
        }
        if let Some(python) = &self.virtualenv_python {
            command.push(format!("-p{python}"));
        }
        command.push(environment.display().to_string());
        Ok(command)
    }

    fn command(&self, pip: &[String], packages: &[String]) -> Result<Vec<String>> {
        let mut command = pip.to_vec();
        command.extend(self.state.verb().iter().map(|word| (*word).to_owned()));
        if let Some(extra) = &self.extra_args {
            command.extend(split(extra).map_err(|error| Failure::new(format!("extra_args: {error}")))?);
        }
        if self.break_system_packages {
            command.push("--break-system-packages".to_owned());
        }
        if self.editable && self.state != PackageState::Absent {
            command.push("-e".to_owned());
        }
        command.extend(packages.iter().cloned());
        if let Some(requirements) = &self.requirements {
            command.extend(["-r".to_owned(), requirements.clone()]);
        }
        Ok(command)
    }

    fn execute(&self, host: &dyn Host, command: Vec<String>, umask: Option<u32>) -> Result<(String, String)> {
        let shown = command.clone();
        let mut command = Command::new(command).plain_locale();
        command.directory.clone_from(&self.chdir);
        command.umask = umask;
        let output = host.execute(&command).map_err(|error| Failure::could_not_run(&command.program, &error))?;
        let (stdout, stderr) = (output.stdout_text(), output.stderr_text());
        // A package that is not there is as good as one that was removed.
        let gone = self.state == PackageState::Absent
            && output.code == 1
            && format!("{stdout}{stderr}").contains("not installed");
        if !output.success() && !gone {
            let mut message = String::new();
            for (name, text) in [("stdout", &stdout), ("stderr", &stderr)] {
                if !text.is_empty() {
                    message += &format!("\n:{name}: {text}");
                }
            }
            let shown = Value::list(shown.iter().map(|word| word.as_str().into()).collect());
            let failure = Failure::new(format!(
                "{}{message}",
                message.trim_start_matches('\n').split(':').next().unwrap_or_default()
            ));
            return Err(failure.with("cmd", shown));
        }
        Ok((stdout, stderr))
    }

    /// `name==version` of what is installed, a line each.
    fn freeze(&self, host: &dyn Host, pip: &[String]) -> Result<String> {
        let mut command = pip.to_vec();
        command.extend(["list", "--format=freeze"].map(str::to_owned));
        let mut command = Command::new(command).plain_locale();
        command.directory.clone_from(&self.chdir);
        let output = host.query(&command).map_err(|error| Failure::could_not_run(&command.program, &error))?;
        Ok(output.stdout_text())
    }

    /// What check mode says: without pip's own resolver only plain names and exact versions can be told.
    fn would_change(&self, host: &dyn Host, pip: &[String], packages: &[String]) -> Result<bool> {
        let asks_pip = self.extra_args.is_some() || self.requirements.is_some() || self.editable;
        let is_open = matches!(self.state, PackageState::Latest | PackageState::Forcereinstall);
        if asks_pip || is_open || packages.iter().any(|package| package.contains("://")) {
            return Ok(true);
        }
        let installed = self.freeze(host, pip)?;
        let installed: Vec<(String, &str)> = installed
            .lines()
            .filter_map(|line| line.split_once("=="))
            .map(|(name, version)| (canonical(name), version))
            .collect();
        Ok(packages.iter().any(|package| {
            let (name, version) =
                package.split_once("==").map_or((package.as_str(), None), |(name, version)| (name, Some(version)));
            let name = canonical(name.split(['<', '>', '!', '~', '[', ';']).next().unwrap_or(name));
            let found = installed
                .iter()
                .any(|(known, has)| *known == name && version.is_none_or(|wanted| wanted.trim() == *has));
            found == (self.state == PackageState::Absent)
        }))
    }
}

/// A package's name in the one form that Python's packaging compares.
fn canonical(name: &str) -> String {
    name.trim().to_lowercase().replace(['_', '.'], "-")
}
