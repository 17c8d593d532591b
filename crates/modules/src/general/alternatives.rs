use crate::run;
use churten_module::prelude::*;

/// Manage which program stands behind a name, with Debian's `update-alternatives`.
#[derive(Args)]
#[args(one_of("path", "family"))]
pub(crate) struct Alternatives {
    /// The name.
    name: String,
    /// The program.
    path: Option<PathBuf>,
    /// The family of programs, which only `alternatives` of Red Hat knows.
    family: Option<String>,
    /// The link with the name.
    link: Option<PathBuf>,
    /// The program with the highest one is taken where nobody chose.
    priority: Option<i64>,
    /// What should be.
    #[arg(default = "selected")]
    state: Wanted,
    /// Names that go with it.
    #[arg(alias("slaves"))]
    subcommands: Option<Vec<Subcommand>>,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Present,
    Selected,
    Absent,
    Auto,
}

/// A name that goes with another.
#[derive(Args, Clone, PartialEq, Eq)]
struct Subcommand {
    /// The name.
    name: String,
    /// The program.
    path: PathBuf,
    /// The link with the name.
    link: PathBuf,
}

/// The priority of a new program.
const PRIORITY: i64 = 50;

/// What `update-alternatives --display` tells.
#[derive(Default)]
struct Known {
    is_auto: bool,
    current: Option<String>,
    link: Option<String>,
    programs: Vec<Program>,
}

struct Program {
    path: String,
    priority: i64,
    subcommands: Vec<Subcommand>,
}

impl Known {
    fn of(text: &str) -> Self {
        let mut known =
            Self { is_auto: text.lines().next().is_some_and(|line| line.ends_with("auto mode")), ..Self::default() };
        let mut links: Vec<(String, String)> = Vec::new();
        for line in text.lines() {
            let inner = line.trim_start();
            let is_indented = inner.len() < line.len();
            if let Some(path) = inner.strip_prefix("link currently points to ") {
                known.current = Some(path.to_owned());
            } else if let Some((name, link)) = inner.strip_prefix("slave ").and_then(|rest| rest.split_once(" is ")) {
                links.push((name.to_owned(), link.to_owned()));
            } else if let Some((name, path)) = inner.strip_prefix("slave ").and_then(|rest| rest.split_once(": ")) {
                let link = links.iter().find(|(known, _)| known == name).map(|(_, link)| link.clone());
                if let Some(program) = known.programs.last_mut() {
                    let link = link.unwrap_or_default().into();
                    program.subcommands.push(Subcommand { name: name.to_owned(), path: path.into(), link });
                }
            } else if let Some((_, link)) = inner.strip_prefix("link ").and_then(|rest| rest.split_once(" is ")) {
                if !inner.starts_with("link best version is ") {
                    known.link = Some(link.to_owned());
                }
            } else if let Some((path, priority)) = line.rsplit_once(" - priority ").filter(|_| !is_indented) {
                let priority = priority.trim().parse().unwrap_or(0);
                known.programs.push(Program { path: path.to_owned(), priority, subcommands: Vec::new() });
            }
        }
        known
    }
}

impl Action for Alternatives {
    const NAME: &'static str = "community.general.alternatives";
    const CHECK: CheckMode = CheckMode::Run;
    const HAS_DIFFERENCE: bool = true;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let (Some(path), None) = (&self.path, &self.family) else {
            return Err(Failure::not_yet("families of alternatives"));
        };
        let path = path.display().to_string();
        let program = run::program(host.observe(), "update-alternatives")?;
        let command =
            |words: &[&str]| Command::new([program.as_str()].into_iter().chain(words.iter().copied())).plain_locale();
        let change = |words: &[&str]| -> Result<()> {
            if !options.check {
                run::successful(host, &command(words))?;
            }
            Ok(())
        };
        let output = run::asked(host.observe(), &command(&["--display", &self.name]))?;
        let known = if output.success() { Known::of(&output.stdout_text()) } else { Known::default() };
        let found = known.programs.iter().find(|program| program.path == path);
        let before = self.before(&known, found, &path);
        let mut after = Dict::new();
        let mut told: Vec<String> = Vec::new();
        let name = &self.name;
        if self.state == Wanted::Absent {
            if found.is_some() {
                change(&["--remove", name, &path])?;
                told.push(format!("Remove alternative '{path}' from '{name}'."));
                after.insert("state", "absent");
            }
        } else {
            if self.has_to_install(found) {
                let words = self.install(host, &known, found, &path, &mut after)?;
                change(&words.iter().map(String::as_str).collect::<Vec<_>>())?;
                told.push(format!("Install alternative '{path}' for '{name}'."));
            }
            if self.state == Wanted::Selected && known.current.as_ref() != Some(&path) {
                change(&["--set", name, &path])?;
                told.push(format!("Set alternative '{path}' for '{name}'."));
                after.insert("state", "selected");
            }
            if self.state == Wanted::Auto && !known.is_auto {
                change(&["--auto", name])?;
                told.push(format!("Set alternative to auto for '{name}'."));
                after.insert("state", "present");
            }
        }
        let mut result = Dict::from([("changed", Value::from(!told.is_empty())), ("msg", told.join(" ").into())]);
        if options.diff {
            result.insert("diff", Dict::from([("before", before), ("after", after)]));
        }
        Ok(result)
    }
}

impl Alternatives {
    fn has_to_install(&self, found: Option<&Program>) -> bool {
        let Some(found) = found else { return true };
        let is_same = |given: &Vec<Subcommand>| {
            given.len() == found.subcommands.len() && given.iter().all(|one| found.subcommands.contains(one))
        };
        self.priority.is_some_and(|priority| priority != found.priority)
            || self.subcommands.as_ref().is_some_and(|given| !is_same(given))
    }

    /// The words that install it. What is not given stays as it is.
    fn install(
        &self,
        host: &dyn Host,
        known: &Known,
        found: Option<&Program>,
        path: &str,
        after: &mut Dict,
    ) -> Result<Vec<String>> {
        if host.stat(Path::new(path))?.is_none() {
            fail!("Specified path {path} does not exist");
        }
        let given = self.link.as_ref().map(|link| link.display().to_string());
        let Some(link) = given.or_else(|| known.link.clone()) else {
            fail!("Needed to install the alternative, but unable to do so as we are missing the link");
        };
        let priority = self.priority.or(found.map(|found| found.priority)).unwrap_or(PRIORITY);
        let known = found.map(|found| found.subcommands.clone());
        let subcommands = self.subcommands.clone().or(known).unwrap_or_default();
        after.insert("state", "present");
        after.insert("path", path);
        after.insert("family", Value::NONE);
        after.insert("link", link.as_str());
        after.insert("priority", priority);
        let mut words = vec!["--install".to_owned(), link, self.name.clone(), path.to_owned(), priority.to_string()];
        for one in &subcommands {
            let (link, path) = (one.link.display().to_string(), one.path.display().to_string());
            words.extend(["--slave".to_owned(), link, one.name.clone(), path]);
        }
        if !subcommands.is_empty() {
            after.insert("subcommands", shown(&subcommands));
        }
        Ok(words)
    }

    fn before(&self, known: &Known, found: Option<&Program>, path: &str) -> Dict {
        let Some(found) = found else {
            return if known.programs.is_empty() { Dict::new() } else { Dict::from([("state", "absent")]) };
        };
        // Upstream calls it selected when somebody chose another.
        let is_other = !known.is_auto && known.current.as_deref() != Some(path);
        let mut before = Dict::from([
            ("state", Value::from(if is_other { "selected" } else { "present" })),
            ("path", path.into()),
            ("priority", found.priority.into()),
            ("link", known.link.clone().into()),
        ]);
        if !found.subcommands.is_empty() {
            before.insert("subcommands", shown(&found.subcommands));
        }
        before
    }
}

fn shown(subcommands: &[Subcommand]) -> Value {
    let entry = |one: &Subcommand| {
        Value::from(Dict::from([
            ("name", one.name.clone()),
            ("path", one.path.display().to_string()),
            ("link", one.link.display().to_string()),
        ]))
    };
    Value::list(subcommands.iter().map(entry).collect())
}
