//! The `cron` module.

mod lines;

use crate::run;
use churten_module::prelude::*;
use lines::Lines;

/// Manage jobs and variables in a user's crontab, or in a file below `/etc/cron.d`.
///
/// A job is found again by a comment with its name on the line before it.
#[derive(Args)]
#[args(exclusive("insertafter", "insertbefore"))]
pub(crate) struct Cron {
    /// The name of the job, or of the variable.
    name: String,
    /// The user whose crontab it is; in a file the user that the job runs as.
    user: Option<String>,
    /// The command, or the value of the variable.
    #[arg(alias("value"))]
    job: Option<String>,
    /// A file in place of a user's crontab; a relative one is below `/etc/cron.d`.
    cron_file: Option<PathBuf>,
    /// Whether the job or variable should be there.
    #[arg(default = "present")]
    state: Presence,
    /// Keep a copy of the crontab as it was.
    #[arg(default = false)]
    backup: bool,
    /// When it runs.
    #[arg(default = "*")]
    minute: String,
    /// When it runs.
    #[arg(default = "*")]
    hour: String,
    /// When it runs.
    #[arg(default = "*", alias("dom"))]
    day: String,
    /// When it runs.
    #[arg(default = "*")]
    month: String,
    /// When it runs.
    #[arg(default = "*", alias("dow"))]
    weekday: String,
    /// When it runs, by a name.
    #[arg(choices("reboot", "yearly", "annually", "monthly", "weekly", "daily", "hourly"))]
    special_time: Option<String>,
    /// Turn the job into a comment.
    #[arg(default = false)]
    disabled: bool,
    /// It is about a variable.
    #[arg(default = false)]
    env: bool,
    /// A new variable goes after this one.
    insertafter: Option<String>,
    /// A new variable goes before this one.
    insertbefore: Option<String>,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Present,
    Absent,
}

/// What `crontab -l` exits with when there is none.
const NO_CRONTAB: i32 = 1;

/// Larger crontabs are not read.
const LIMIT: u64 = 16 << 20;

impl State for Cron {
    const NAME: &'static str = "cron";

    fn plan(&self, host: &dyn Observe, options: &Options) -> Result<Plan> {
        let mut plan = Plan::new();
        self.warn(&mut plan);
        let table = Table::of(self, host)?;
        let before = table.read(host)?;
        let mut lines = Lines::new(&before);
        let warned = |failure: Failure| match plan.warnings.as_slice() {
            [] => failure,
            warnings => failure.with("warnings", warnings.to_vec()),
        };
        self.refuse().map_err(warned)?;
        // A last line without its end is mended.
        let is_open = !before.is_empty() && !before.ends_with(['\r', '\n']);
        let changed = self.edit(&mut lines).map_err(warned)? || is_open;
        // A file in which no job is left goes, but not with its last variable.
        let file = table.file.as_deref().filter(|_| self.state == Presence::Absent && !self.env);
        if let Some(path) = file.filter(|_| changed && lines.is_blank())
            && host.stat(path)?.is_some()
        {
            plan.set("cron_file", self.cron_file.as_ref().map(|path| path.display().to_string()));
            plan.set("state", "absent");
            if options.diff {
                plan.set("diff", difference(&before, "", &table.shown, "/dev/null"));
            }
            plan.step(Step::Remove(path.to_owned()));
            return Ok(plan);
        }
        plan.set("jobs", lines.jobs());
        plan.set("envs", lines.variables());
        if changed {
            let after = lines.text();
            if options.diff {
                plan.set("diff", difference(&before, &after, &table.shown, &table.shown));
            }
            if self.backup {
                let path = format!("/tmp/crontab{:08x}", host.now().nanoseconds ^ (host.process_id() << 8));
                if !options.check {
                    plan.set("backup_file", path.as_str());
                }
                plan.quiet_step(Step::Write(Write { labelling: Labelling::Made, ..Write::new(path, before) }));
            }
            plan.step(table.write(after));
        }
        if let Some(path) = &self.cron_file {
            plan.set("cron_file", path.display().to_string());
        }
        Ok(plan)
    }
}

impl Cron {
    fn warn(&self, plan: &mut Plan) {
        let name = self.cron_file.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy());
        if let Some(name) = name
            && !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        {
            plan.warn(format!(
                "Filename portion of cron_file (\"{name}\") should consist solely of upper- and lower-case letters, \
                 digits, underscores, and hyphens"
            ));
        }
        if self.command().contains(['\r', '\n']) {
            plan.warn("Job should not contain line breaks");
        }
    }

    /// The command without the line breaks around it.
    fn command(&self) -> &str {
        self.job.as_deref().unwrap_or_default().trim_matches(['\r', '\n'])
    }

    /// What does not go together.
    fn refuse(&self) -> Result<()> {
        let times = [&self.minute, &self.hour, &self.day, &self.month, &self.weekday];
        if self.special_time.is_some() && times.iter().any(|time| *time != "*") {
            fail!("You cannot combine special_time with any of the time or day/date parameters.");
        }
        if self.state == Presence::Absent {
            return Ok(());
        }
        if self.cron_file.is_some() && self.user.as_deref().unwrap_or_default().is_empty() {
            fail!("To use cron_file=... parameter you must specify user=... as well");
        }
        if self.job.is_none() {
            fail!("You must specify 'job' to install a new cron job or variable");
        }
        if !self.env && (self.insertafter.is_some() || self.insertbefore.is_some()) {
            fail!("Insertafter and insertbefore parameters are valid only with env=yes");
        }
        Ok(())
    }

    /// Change the lines; true when that changed anything.
    fn edit(&self, lines: &mut Lines) -> Result<bool> {
        if self.env && self.name.contains(' ') {
            fail!("Invalid name for environment variable");
        }
        match (self.env, self.state) {
            (true, Presence::Absent) => Ok(lines.remove_variable(&self.name)),
            (true, Presence::Present) => {
                let after = self.insertafter.as_deref().map(|name| (name, true));
                let beside = after.or(self.insertbefore.as_deref().map(|name| (name, false)));
                lines.put_variable(&self.name, self.job.as_deref().unwrap_or_default(), beside).map_err(Failure::new)
            }
            (false, Presence::Absent) => Ok(lines.remove_job(&self.name)),
            (false, Presence::Present) => Ok(lines.put_job(&self.name, &self.line())),
        }
    }

    /// The job's line.
    fn line(&self) -> String {
        let disabled = if self.disabled { "#" } else { "" };
        let when = match &self.special_time {
            Some(name) => format!("@{name}"),
            None => [&*self.minute, &self.hour, &self.day, &self.month, &self.weekday].join(" "),
        };
        let user = match (&self.cron_file, &self.user) {
            (Some(_), Some(user)) => format!(" {user}"),
            _ => String::new(),
        };
        format!("{disabled}{when}{user} {}", self.command())
    }
}

fn difference(before: &str, after: &str, before_header: &str, after_header: &str) -> Dict {
    Dict::from([("before", before), ("before_header", before_header), ("after", after), ("after_header", after_header)])
}

/// Where the crontab is.
struct Table {
    file: Option<PathBuf>,
    /// `crontab` and whose it is.
    command: Vec<String>,
    /// What differences call it.
    shown: String,
}

impl Table {
    fn of(cron: &Cron, host: &dyn Observe) -> Result<Self> {
        let mut command = vec![run::program(host, "crontab")?];
        if let Some(path) = &cron.cron_file {
            if path == Path::new("/etc/crontab") {
                fail!("Will not manage /etc/crontab via cron_file, see documentation.");
            }
            let path = Path::new("/etc/cron.d").join(path);
            return Ok(Self { shown: path.display().to_string(), file: Some(path), command });
        }
        let mut shown = "crontab".to_owned();
        if let Some(user) = cron.user.as_deref().filter(|user| !user.is_empty()) {
            shown = format!("crontab for user \"{user}\"");
            if host.user_by_id(host.identity().uid).is_none_or(|own| own.name != user) {
                command.extend(["-u".to_owned(), user.to_owned()]);
            }
        }
        Ok(Self { file: None, command, shown })
    }

    /// The crontab, without what `crontab` itself has written at its top.
    fn read(&self, host: &dyn Observe) -> Result<String> {
        if let Some(path) = &self.file {
            return match host.stat(path)? {
                Some(_) => Ok(churten_value::escape_bytes(&host.read_bounded(path, LIMIT)?).into_owned()),
                None => Ok(String::new()),
            };
        }
        let command = Command::new(self.command.iter().cloned().chain(["-l".to_owned()]));
        let output = host.query(&command).map_err(|error| Failure::could_not_run(&command.program, &error))?;
        match output.code {
            0 => Ok(without_header(&output.stdout_text())),
            NO_CRONTAB => Ok(String::new()),
            _ => Err(Failure::new("Unable to read crontab")),
        }
    }

    fn write(&self, text: String) -> Step {
        match &self.file {
            Some(path) => {
                // Whatever was there before: cron does not read what has a wrong context.
                let labelling = Labelling::Policy;
                Step::Write(Write { follow: true, labelling, ..Write::new(path.clone(), text) })
            }
            None => {
                let words = self.command.iter().cloned().chain(["-".to_owned()]);
                Step::Run(Run {
                    command: Command::new(words).stdin(text),
                    failure: Some("Failed to install new cronfile: -".to_owned()),
                    report: false,
                })
            }
        }
    }
}

/// Without the comments of `crontab` in the first three lines.
fn without_header(text: &str) -> String {
    let is_header = |line: &str| {
        line.starts_with("# DO NOT EDIT THIS FILE - edit the master and reinstall.")
            || line.starts_with("# (/tmp/") && line.contains(" installed on ")
            || line.starts_with("# (") && line.contains("installed on ")
            || line.starts_with("# (Cron version ")
    };
    let lines = text.split_inclusive('\n').enumerate();
    lines.filter(|(number, line)| *number > 2 || !is_header(line)).map(|(_, line)| line).collect()
}
