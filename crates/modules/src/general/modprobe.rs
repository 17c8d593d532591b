use crate::run;
use churten_module::prelude::*;
use churten_value::sort;

/// Load a module into the kernel or take it out, now and at every start.
#[derive(Args)]
pub(crate) struct Modprobe {
    /// The module.
    name: String,
    /// Whether it should be loaded.
    #[arg(default = "present")]
    state: Presence,
    /// Its parameters.
    #[arg(default = "")]
    params: String,
    /// Whether it should be loaded at every start; `disabled` leaves that as it is.
    #[arg(default = "disabled")]
    persistent: Persistence,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Absent,
    Present,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Persistence {
    Disabled,
    Present,
    Absent,
}

const LOADED: &str = "/proc/modules";
const LOADED_AT_START: &str = "/etc/modules-load.d";
const PARAMETERS: &str = "/etc/modprobe.d";
/// Larger files are not read.
const LIMIT: u64 = 16 << 20;

impl Action for Modprobe {
    const NAME: &'static str = "community.general.modprobe";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let mut result = Dict::from([
            ("changed", Value::from(false)),
            ("name", self.name.as_str().into()),
            ("params", self.params.as_str().into()),
            ("state", if self.state == Presence::Present { "present" } else { "absent" }.into()),
        ]);
        let mut warnings = Vec::new();
        let outcome = self.bring(host, options, &mut warnings).and_then(|changed| {
            let mut plan = Plan::new();
            match self.persistent {
                Persistence::Disabled => {}
                Persistence::Present => self.keep(host, &mut plan)?,
                Persistence::Absent => self.forget(host, &mut plan)?,
            }
            if !options.check {
                churten_module::perform(host, &plan, options, &mut Dict::new())?;
            }
            Ok(changed || plan.changed)
        });
        match outcome {
            Ok(changed) => {
                result.insert("changed", changed);
                if !warnings.is_empty() {
                    result.insert("warnings", warnings);
                }
                Ok(result)
            }
            Err(mut failure) => {
                failure.extra.extend_from(&result);
                Err(failure)
            }
        }
    }
}

impl Modprobe {
    /// Load it or take it out; true when that changes something.
    fn bring(&self, host: &dyn Host, options: &Options, warnings: &mut Vec<String>) -> Result<bool> {
        let program = run::program(host.observe(), "modprobe")?;
        let modprobe = |words: &[&str]| {
            run::finished(host, &Command::new([program.as_str()].into_iter().chain(words.iter().copied())))
        };
        let successful = |words: &[&str]| {
            let output = modprobe(words)?;
            if output.success() {
                return Ok(());
            }
            Err(Failure::new(output.stderr_text())
                .with("rc", output.code)
                .with("stdout", output.stdout_text())
                .with("stderr", output.stderr_text()))
        };
        let is_loaded = self.is_loaded(host)?;
        let mut call: Vec<&str> = vec![&self.name];
        match self.state {
            Presence::Absent if !is_loaded => Ok(false),
            Presence::Present if is_loaded => Ok(false),
            Presence::Absent => {
                call.insert(0, "-r");
                call.extend(options.check.then_some("-n"));
                successful(&call)?;
                Ok(true)
            }
            Presence::Present => {
                call.extend(self.params.split_whitespace());
                if options.check {
                    call.insert(0, "-n");
                    successful(&call)?;
                    return Ok(true);
                }
                successful(&call)?;
                if self.is_loaded(host)? {
                    return Ok(true);
                }
                // It may have gone by another name.
                call.splice(0..0, ["-n", "--first-time"]);
                let output = modprobe(&call)?;
                if !output.success() {
                    warnings.push(output.stderr_text());
                }
                Ok(false)
            }
        }
    }

    fn is_loaded(&self, host: &dyn Host) -> Result<bool> {
        let read = |path: &str| {
            host.read_bounded(Path::new(path), LIMIT)
                .map(|bytes| churten_value::escape_bytes(&bytes).into_owned())
                .map_err(|error| Failure::new(format!("{}: '{path}'", churten_module::python_error(&error))))
        };
        let name = format!("{} ", self.name.replace('-', "_"));
        if read(LOADED)?.lines().any(|line| line.starts_with(&name)) {
            return Ok(true);
        }
        let built_in = read(&format!("/lib/modules/{}/modules.builtin", host.system_name().release))?;
        let file = format!("/{}.ko", self.name);
        Ok(built_in.lines().any(|line| line.ends_with(&file)))
    }

    /// The files of a directory that end in `.conf`, and their text.
    fn files(host: &dyn Host, directory: &str) -> Result<Vec<(PathBuf, String)>> {
        let names = host.list(Path::new(directory)).unwrap_or_default();
        let paths =
            names.into_iter().filter(|name| name.ends_with(".conf")).map(|name| Path::new(directory).join(name));
        paths
            .map(|path| {
                let text = churten_value::escape_bytes(&host.read_bounded(&path, LIMIT)?).into_owned();
                Ok((path, text))
            })
            .collect()
    }

    /// True for a line that loads the module at every start.
    fn is_loading(&self, line: &str) -> bool {
        let rest = line.strip_prefix(self.name.as_str()).map(str::trim_start);
        rest.is_some_and(|rest| rest.trim().is_empty() || rest.starts_with(['#', ';']))
    }

    /// The parameters in a line that sets some.
    fn set_in<'a>(&self, line: &'a str) -> Option<Vec<&'a str>> {
        let mut words = line.split_whitespace();
        let is_meant = words.next() == Some("options") && words.next() == Some(&self.name);
        is_meant.then(|| words.take_while(|word| !word.starts_with(['#', ';'])).collect())
    }

    /// Write what loads the module at every start, with its parameters.
    fn keep(&self, host: &dyn Host, plan: &mut Plan) -> Result<()> {
        let loading = Self::files(host, LOADED_AT_START)?;
        let is_kept = loading.iter().any(|(_, text)| text.lines().any(|line| self.is_loading(line)));
        if !is_kept {
            let path = Path::new(LOADED_AT_START).join(format!("{}.conf", self.name));
            plan.step(Step::Write(Write {
                labelling: Labelling::Made,
                ..Write::new(path, format!("{}\n", self.name))
            }));
        }
        let files = Self::files(host, PARAMETERS)?;
        let mut set: Vec<&str> =
            files.iter().flat_map(|(_, text)| text.lines()).filter_map(|line| self.set_in(line)).flatten().collect();
        let mut wanted: Vec<&str> = self.params.split_whitespace().collect();
        let lines: Vec<String> = wanted.iter().map(|param| format!("options {} {param}", self.name)).collect();
        sort(&mut set);
        sort(&mut wanted);
        set.dedup();
        wanted.dedup();
        if set != wanted {
            let own = Path::new(PARAMETERS).join(format!("{}.conf", self.name));
            self.comment_out(&files, plan, &|line| self.set_in(line).is_some(), Some(&own));
            plan.step(Step::Write(Write { labelling: Labelling::Made, ..Write::new(own, lines.join("\n") + "\n") }));
        }
        Ok(())
    }

    /// Make comments of what loads the module at every start.
    fn forget(&self, host: &dyn Host, plan: &mut Plan) -> Result<()> {
        self.comment_out(&Self::files(host, LOADED_AT_START)?, plan, &|line| self.is_loading(line), None);
        self.comment_out(&Self::files(host, PARAMETERS)?, plan, &|line| self.set_in(line).is_some(), None);
        Ok(())
    }

    fn comment_out(
        &self,
        files: &[(PathBuf, String)],
        plan: &mut Plan,
        is_meant: &dyn Fn(&str) -> bool,
        but: Option<&Path>,
    ) {
        for (path, text) in files.iter().filter(|(path, _)| but != Some(path)) {
            let line = |line: &str| if is_meant(line) { format!("#{line}") } else { line.to_owned() };
            let after: String = text.split_inclusive('\n').map(line).collect();
            if after != *text {
                plan.step(Step::Write(Write::new(path.clone(), after)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use churten_module::FakeHost;

    #[test]
    fn modules_are_kept_and_forgotten() {
        let host = FakeHost::new()
            .with_file("/etc/modprobe.d/o.conf", "options m old=1\nother\n")
            .with_file("/etc/modules-load.d/l.conf", "x\nm # why\n");
        let module = |params: &str| Modprobe {
            name: "m".to_owned(),
            state: Presence::Present,
            params: params.to_owned(),
            persistent: Persistence::Present,
        };
        let mut plan = Plan::new();
        module("old=1").keep(&host, &mut plan).unwrap();
        assert!(!plan.changed);
        module("a=1 b=2").keep(&host, &mut plan).unwrap();
        churten_module::perform(&host, &plan, &Options::default(), &mut Dict::new()).unwrap();
        assert_eq!(host.text("/etc/modprobe.d/o.conf").as_deref(), Some("#options m old=1\nother\n"));
        assert_eq!(host.text("/etc/modprobe.d/m.conf").as_deref(), Some("options m a=1\noptions m b=2\n"));
        let mut plan = Plan::new();
        module("").forget(&host, &mut plan).unwrap();
        churten_module::perform(&host, &plan, &Options::default(), &mut Dict::new()).unwrap();
        assert_eq!(host.text("/etc/modules-load.d/l.conf").as_deref(), Some("x\n#m # why\n"));
        assert_eq!(host.text("/etc/modprobe.d/m.conf").as_deref(), Some("#options m a=1\n#options m b=2\n"));
    }
}
