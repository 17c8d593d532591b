use crate::run;
use churten_module::prelude::*;

/// Set the host's time zone, and whether its hardware clock is in it, with `timedatectl`.
#[derive(Args)]
#[args(one_of("hwclock", "name"))]
pub(crate) struct TimeZone {
    /// Whether the hardware clock is in UTC or in the local zone.
    #[arg(alias("rtc"), choices("local", "UTC"))]
    hwclock: Option<String>,
    /// The time zone.
    name: Option<String>,
}

const ZONES: &str = "/usr/share/zoneinfo";

impl Action for TimeZone {
    const NAME: &'static str = "community.general.timezone";
    const CHECK: CheckMode = CheckMode::Run;
    const HAS_DIFFERENCE: bool = true;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let program = host.find_program("timedatectl", &[]).map(|path| path.display().to_string());
        let works =
            |program: &String| host.query(&Command::new([program.as_str()])).is_ok_and(|output| output.success());
        let Some(program) = program.filter(works) else {
            return Err(Failure::not_yet("time zones of hosts where timedatectl does not work"));
        };
        if let Some(name) = &self.name {
            let is_zone = matches!(host.stat(&Path::new(ZONES).join(name))?, Some(stat) if stat.is_file());
            if !is_zone {
                fail!("Error message:\ngiven timezone \"{name}\" is not available");
            }
        }
        let before = self.state(host, &program)?;
        let mut wanted = Dict::new();
        for (key, value) in [("hwclock", &self.hwclock), ("name", &self.name)] {
            if let Some(value) = value {
                wanted.insert(key, value.as_str());
            }
        }
        let mut told = Vec::new();
        let mut after = wanted.clone();
        if !options.check {
            for (key, value) in wanted.iter().filter(|(key, value)| before.get_value(key) != Some(*value)) {
                let value = value.to_text();
                let words = match key.as_str() {
                    Some("name") => ["set-timezone".to_owned(), value],
                    _ => ["set-local-rtc".to_owned(), if value == "local" { "yes" } else { "no" }.to_owned()],
                };
                let command = Command::new([program.clone()].into_iter().chain(words));
                run::successful(host, &command)?;
                told.push(format!("executed `{}`", run::shown(&command)));
            }
            after = self.state(host, &program)?;
            if after != wanted {
                let repr = |state: &Dict| churten_value::Repr(&Value::from(state.clone())).to_string();
                let (planned, found) = (repr(&wanted), repr(&after));
                let mut msg = format!(
                    "Error message:\nstill not desired state, though changes have made - planned: {planned}, after: {found}"
                );
                if !told.is_empty() {
                    msg += &format!("\nOther message(s):\n{}", told.join("\n"));
                }
                fail!("{msg}");
            }
        }
        let mut result = Dict::from([("changed", Value::from(before != after))]);
        if options.diff {
            result.insert("diff", Dict::from([("before", before), ("after", after)]));
        }
        if !told.is_empty() {
            result.insert("msg", told.join("\n"));
        }
        Ok(result)
    }
}

impl TimeZone {
    /// What is asked about, as it is.
    fn state(&self, host: &dyn Host, program: &str) -> Result<Dict> {
        let command = Command::new([program, "status"]).plain_locale();
        let said = run::successful(host, &command)?.stdout_text();
        let field = |name: &str| {
            let found = said.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(':'));
            let word = found.and_then(|rest| rest.split_whitespace().next());
            word.map(str::to_owned).ok_or_else(|| Failure::new(format!("timedatectl does not tell its {name}")))
        };
        let mut state = Dict::new();
        if self.hwclock.is_some() {
            state.insert("hwclock", if field("RTC in local TZ")? == "yes" { "local" } else { "UTC" });
        }
        if self.name.is_some() {
            state.insert("name", field("Time zone")?);
        }
        Ok(state)
    }
}
