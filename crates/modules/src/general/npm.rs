use crate::run;
use churten_module::prelude::*;
use churten_value::from_json;

/// Manage packages of Node.js with `npm`.
#[derive(Args)]
#[args(required_if("state", "absent", "name"))]
pub(crate) struct Npm {
    /// The package; without one all that `package.json` names.
    name: Option<String>,
    /// The directory of the project.
    path: Option<PathBuf>,
    /// The version.
    version: Option<String>,
    /// Leave out what only development needs.
    #[arg(default = false)]
    production: bool,
    /// The npm to run.
    executable: Option<PathBuf>,
    /// The registry.
    registry: Option<String>,
    /// What should be.
    #[arg(default = "present")]
    state: Wanted,
    /// Run no scripts of packages.
    #[arg(default = false)]
    ignore_scripts: bool,
    /// Run scripts as root.
    #[arg(default = false)]
    unsafe_perm: bool,
    /// Install as the lock file says.
    #[arg(default = false)]
    ci: bool,
    /// Leave out optional packages.
    #[arg(default = false)]
    no_optional: bool,
    /// Make no links to programs.
    #[arg(default = false)]
    no_bin_links: bool,
    /// Install whatever npm says.
    #[arg(default = false)]
    force: bool,
    /// Install for all projects.
    #[arg(name = "global", default = false)]
    is_global: bool,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Present,
    Absent,
    Latest,
}

impl Action for Npm {
    const NAME: &'static str = "community.general.npm";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        if self.path.is_none() && !self.is_global {
            fail!("path must be specified when not using global");
        }
        let call = Call { module: self, host, options, program: self.program(host)? };
        let changed = match self.state {
            _ if self.ci => {
                call.change(&["ci"])?;
                true
            }
            Wanted::Present => {
                let is_missing = call.list()?.1;
                if is_missing {
                    call.change(&["install"])?;
                }
                is_missing
            }
            Wanted::Latest => {
                let is_missing = call.list()?.1;
                let is_outdated = call.is_outdated()?;
                if is_missing {
                    call.change(&["install"])?;
                }
                if is_outdated {
                    call.change(&["update"])?;
                }
                is_missing || is_outdated
            }
            Wanted::Absent => {
                let name = self.name.as_deref().unwrap_or_default();
                let is_there = call.list()?.0.iter().any(|installed| installed == name);
                if is_there {
                    call.change(&["uninstall"])?;
                }
                is_there
            }
        };
        Ok(Dict::from([("changed", changed)]))
    }
}

impl Npm {
    fn program(&self, host: &dyn Host) -> Result<Vec<String>> {
        match &self.executable {
            Some(path) => Ok(path.display().to_string().split(' ').map(str::to_owned).collect()),
            None => Ok(vec![run::program(host.observe(), "npm")?]),
        }
    }

    fn package(&self) -> Option<String> {
        let name = self.name.as_ref()?;
        Some(self.version.as_ref().map_or_else(|| name.clone(), |version| format!("{name}@{version}")))
    }
}

/// One run of the module.
struct Call<'a> {
    module: &'a Npm,
    host: &'a dyn Host,
    options: &'a Options,
    program: Vec<String>,
}

impl Call<'_> {
    fn command(&self, words: &[&str]) -> Command {
        let module = self.module;
        let first = words.first().copied().unwrap_or_default();
        let mut all = self.program.clone();
        let mut add = |is_wanted: bool, more: &[&str]| {
            if is_wanted {
                all.extend(more.iter().map(|word| (*word).to_owned()));
            }
        };
        add(true, words);
        add(module.is_global, &["--global"]);
        add(module.production && !matches!(first, "list" | "outdated"), &["--production"]);
        add(module.ignore_scripts, &["--ignore-scripts"]);
        add(module.unsafe_perm, &["--unsafe-perm"]);
        // Only what is installed has a version.
        let package = if first == "install" { module.package() } else { module.name.clone() };
        let package = package.filter(|_| first != "list" && first != "ci");
        add(package.is_some(), &[package.as_deref().unwrap_or_default()]);
        let registry = module.registry.as_deref();
        add(registry.is_some(), &["--registry", registry.unwrap_or_default()]);
        add(module.no_optional, &["--no-optional"]);
        add(module.no_bin_links, &["--no-bin-links"]);
        add(module.force, &["--force"]);
        let mut command = Command::new(all);
        command.directory.clone_from(&module.path);
        command
    }

    /// Make the directory that npm runs in.
    fn prepare(&self) -> Result<()> {
        let Some(path) = &self.module.path else { return Ok(()) };
        match self.host.stat(path)? {
            Some(stat) if stat.is_directory() => Ok(()),
            Some(_) => fail!("path {} is not a directory", path.display()),
            None => {
                let missing: Vec<&Path> =
                    path.ancestors().take_while(|parent| !matches!(self.host.stat(parent), Ok(Some(_)))).collect();
                for directory in missing.into_iter().rev() {
                    self.host.create_directory(directory, 0o777 & !self.host.umask())?;
                }
                Ok(())
            }
        }
    }

    fn change(&self, words: &[&str]) -> Result<()> {
        if self.options.check {
            return Ok(());
        }
        self.prepare()?;
        run::successful(self.host, &self.command(words)).map(|_| ())
    }

    /// What is installed, and whether something is missing.
    fn list(&self) -> Result<(Vec<String>, bool)> {
        self.prepare()?;
        let output = run::asked(self.host.observe(), &self.command(&["list", "--json", "--long"]))?;
        let said = output.stdout_text();
        let data = from_json(if said.trim().is_empty() { "{}" } else { &said })
            .map_err(|error| Failure::new(format!("Failed to parse NPM output with error {error}")))?;
        let (mut installed, mut is_missing) = (Vec::new(), false);
        let dependencies = data.get("dependencies").and_then(Value::as_dict).cloned().unwrap_or_default();
        for (name, entry) in dependencies.iter() {
            let is_set = |key: &str| entry.get(key).is_some_and(Value::is_truthy);
            if is_set("missing") || is_set("invalid") {
                is_missing = true;
                continue;
            }
            installed.push(name.to_text());
            if let Some(version) = entry.get("version") {
                installed.push(format!("{}@{}", name.to_text(), version.to_text()));
            }
        }
        if let Some(package) = self.module.package() {
            is_missing |= !installed.contains(&package);
        }
        Ok((installed, is_missing))
    }

    fn is_outdated(&self) -> Result<bool> {
        let output = run::asked(self.host.observe(), &self.command(&["outdated"]))?;
        Ok(!output.stdout_text().trim().is_empty())
    }
}
