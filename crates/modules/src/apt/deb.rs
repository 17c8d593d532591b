//! Package files: of the host, or fetched from an address first.

use super::arguments::Apt;
use super::command::Said;
use super::dpkg::Database;
use super::policy::Policy;
use super::relations;
use super::run::reported;
use super::version;
use crate::run::program;
use churten_module::prelude::*;
use std::cmp::Ordering;

/// Files that were downloaded, gone when this is dropped.
struct Downloads<'a> {
    host: &'a dyn Host,
    paths: Vec<PathBuf>,
}

impl Drop for Downloads<'_> {
    fn drop(&mut self) {
        for path in &self.paths {
            let _ = self.host.remove_file(path);
        }
    }
}

impl Apt {
    /// Install what is not there yet: what it depends on with `apt-get`, itself with `dpkg`.
    pub(super) fn install_files(&self, host: &dyn Host, options: &Options, files: &str) -> Result<Dict> {
        let mut downloads = Downloads { host, paths: Vec::new() };
        let mut files: Vec<String> = files.split(',').map(str::to_owned).collect();
        for file in files.iter_mut().filter(|file| file.contains("://")) {
            let directory = options.temporary_directory.clone().unwrap_or_else(|| PathBuf::from("/tmp"));
            let path = crate::web::to_temporary(host, file, &directory, ".deb", true)?;
            // apt reads it as a user of its own.
            host.set_mode(&path, 0o644)?;
            *file = path.display().to_string();
            downloads.paths.push(path);
        }
        let mut wanted = Vec::new();
        for file in files {
            if self.is_wanted(host.observe(), &file)? {
                wanted.push(host.real_path(Path::new(&file)).display().to_string());
            }
        }
        if wanted.is_empty() {
            return Ok(reported(&Said::default(), &Options::default()));
        }
        let needed = self.needed(host, &wanted)?;
        let before = if needed.is_empty() {
            Said::default()
        } else {
            let packages = self.to_install(host.observe(), &needed)?;
            self.install_specified(host, options, &packages)?
        };
        let mut result = reported(&before, options);
        let said = self.unpack(host, options, &wanted)?;
        if options.diff {
            let listed = super::command::difference(&before.stdout);
            let prepared = if listed.is_empty() { said.stdout.clone() } else { format!("{listed}\n\n{}", said.stdout) };
            result.insert("diff", Dict::from([("prepared", prepared)]));
        }
        result.insert("stdout", before.stdout + &said.stdout);
        result.insert("stderr", before.stderr + &said.stderr);
        result.insert("changed", true);
        Ok(result)
    }

    /// Is this version of it not there yet?
    fn is_wanted(&self, host: &dyn Observe, file: &str) -> Result<bool> {
        if !matches!(host.stat(Path::new(file)), Ok(Some(_))) {
            fail!("Unable to install package: E:Could not open file {file} - open (2: No such file or directory)");
        }
        let fields = ["Package", "Version", "Architecture", "Depends", "Pre-Depends", "Conflicts"];
        let words = [program(host, "dpkg-deb")?, "-f".to_owned(), file.to_owned()];
        let words = words.into_iter().chain(fields.iter().map(|&field| field.to_owned()));
        let output = host.query(&Command::new(words).plain_locale())?;
        if !output.success() {
            fail!("Unable to install package: {}", output.stderr_text().trim());
        }
        // A field may go on over several lines.
        let text = output.stdout_text().replace("\n ", " ");
        let field = |name: &str| {
            text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim).unwrap_or_default()
        };
        let database = Database::read(host)?;
        let installable = || self.can_be_installed(host, &database, field);
        let Some(installed) = database.find(field("Package")).filter(|package| package.is_installed()) else {
            installable()?;
            return Ok(true);
        };
        match version::compare(field("Version"), &installed.version) {
            Ordering::Equal => Ok(false),
            Ordering::Less if !self.force && !self.allow_downgrade => fail!("A later version is already installed"),
            _ => installable().map(|()| true),
        }
    }

    /// Fails when it is for another machine, or clashes with what is installed, or needs what cannot be had.
    fn can_be_installed<'a>(
        &self,
        host: &dyn Observe,
        database: &Database,
        field: impl Fn(&str) -> &'a str,
    ) -> Result<()> {
        let native = database.find("dpkg").map_or("", |package| package.architecture.as_str());
        let architecture = field("Architecture");
        if architecture != "all" && architecture != native {
            let words = [program(host, "dpkg")?, "--print-foreign-architectures".to_owned()];
            let others = host.query(&Command::new(words).plain_locale())?.stdout_text();
            if !others.lines().any(|other| other.trim() == architecture) {
                fail!(
                    "Wrong architecture '{architecture}' -- Run dpkg --add-architecture to add it and update afterwards"
                );
            }
        }
        let conflicts = relations::parse(field("Conflicts"));
        let clashes: String = conflicts
            .iter()
            .flatten()
            .filter_map(|one| one.installed(database).filter(|name| *name != field("Package")))
            .map(|name| format!("Conflicts with the installed package '{name}'"))
            .collect();
        if !clashes.is_empty() {
            fail!("{clashes}");
        }
        let mut entries = relations::parse(field("Depends"));
        entries.extend(relations::parse(field("Pre-Depends")));
        let open = entries.iter().flatten().filter(|one| one.installed(database).is_none());
        let open: Vec<String> = open.map(|one| one.name.clone()).collect();
        let policies = super::cache::policies(host, &open, self.default_release.as_deref())?;
        if let Some(missing) = relations::first_missing(&entries, database, &policies) {
            fail!("Dependency is not satisfiable: {}\n", relations::shown(missing));
        }
        Ok(())
    }

    /// The packages that must be there first, as apt finds them.
    fn needed(&self, host: &dyn Host, files: &[String]) -> Result<Vec<String>> {
        let mut words = self.apt_get(host.observe(), true)?;
        self.permissions(&mut words);
        words.push("install".to_owned());
        words.extend(files.iter().cloned());
        let said = match self.execute(host, words, "apt-get install") {
            Ok(said) => said,
            // That something installed would break is told by dpkg.
            Err(failure) if failure.extra.get("stdout").is_some_and(|said| said.to_text().contains(" Breaks: ")) => {
                return Ok(Vec::new());
            }
            Err(failure) => {
                let reason = failure.extra.get("stderr").map(Value::to_text).unwrap_or_default();
                fail!("Unable to install package: {}", reason.trim());
            }
        };
        // "Inst name (version Repository [architecture])"; a file's repository is called so.
        let lines = said.stdout.lines().filter_map(|line| line.strip_prefix("Inst "));
        let others = lines.filter(|line| !line.contains(" local-deb "));
        Ok(others.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect())
    }

    fn unpack(&self, host: &dyn Host, options: &Options, files: &[String]) -> Result<Said> {
        let mut words = vec![program(host.observe(), "dpkg")?];
        let given = self.dpkg_options.split(',').map(str::trim).filter(|option| !option.is_empty());
        words.extend(given.map(|option| format!("--{option}")));
        if options.check {
            words.push("--simulate".to_owned());
        }
        if self.force {
            words.push("--force-all".to_owned());
        }
        words.push("-i".to_owned());
        words.extend(files.iter().cloned());
        let shown = words.get(1..).unwrap_or_default().join(" ");
        let command = Command::new(words)
            .plain_locale()
            .variable("DEBIAN_FRONTEND", "noninteractive")
            .variable("DEBIAN_PRIORITY", "critical");
        let policy = match self.policy_rc_d.filter(|_| !options.check) {
            Some(code) => Some(Policy::set(host, code)?),
            None => None,
        };
        let output = host.execute(&command).map_err(|error| Failure::could_not_run(&command.program, &error))?;
        drop(policy);
        let said = Said { stdout: output.stdout_text(), stderr: output.stderr_text() };
        if output.success() {
            return Ok(said);
        }
        let failure = Failure::new(format!("dpkg {shown} failed"));
        Err(failure.with("stdout", said.stdout).with("stderr", said.stderr))
    }
}
