use crate::run::program;
use churten_module::prelude::*;

/// Manage groups on a host.
///
/// With `groupadd`, `groupmod` and `groupdel`, or where they are missing with BusyBox's `addgroup` and `delgroup`.
#[derive(Args)]
#[args(required_if("non_unique", "true", "gid"))]
pub(crate) struct GroupModule {
    /// Whether the group should be there.
    #[arg(default = "present")]
    state: Presence,
    /// Name of the group.
    name: String,
    /// Remove the group even when it is the primary group of a user.
    #[arg(default = false)]
    force: bool,
    /// Number of the group.
    gid: Option<i64>,
    /// A new group is one of the system.
    #[arg(default = false)]
    system: bool,
    /// Use the programs that only know the local files, where the host has a central account database.
    #[arg(default = false)]
    local: bool,
    /// Let several groups have the same number.
    #[arg(default = false)]
    non_unique: bool,
    /// The least number for a new group.
    gid_min: Option<i64>,
    /// The greatest number for a new group.
    gid_max: Option<i64>,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Absent,
    Present,
}

impl Presence {
    const fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Present => "present",
        }
    }
}

impl Action for GroupModule {
    const NAME: &'static str = "group";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let current = host.group_by_name(&self.name);
        let command = self.decide(host.observe(), options, current.as_ref())?;
        let appears = current.is_some() != (self.state == Presence::Present);
        if options.check && appears {
            return Ok(Dict::from([("changed", true)]));
        }
        let mut result = Dict::from([("name", self.name.as_str()), ("state", self.state.name())]);
        result.insert("changed", command.is_some());
        if let Some(command) = command.filter(|_| !options.check) {
            let output = host.execute(&command).map_err(|error| Failure::could_not_run(&command.program, &error))?;
            if !output.success() {
                return Err(Failure::new(output.stderr_text()).with("name", self.name.as_str()));
            }
            for (key, text) in [("stdout", output.stdout_text()), ("stderr", output.stderr_text())] {
                if !text.is_empty() {
                    result.insert(key, text);
                }
            }
        }
        if self.state == Presence::Present
            && let Some(group) = host.group_by_name(&self.name)
        {
            result.insert("system", self.system);
            result.insert("gid", group.gid);
        }
        Ok(result)
    }
}

impl GroupModule {
    /// The program to run, if anything is to be done.
    fn decide(
        &self,
        host: &dyn Observe,
        options: &Options,
        current: Option<&churten_module::Group>,
    ) -> Result<Option<Command>> {
        let busybox = !self.local && host.find_program("groupadd", &[]).is_none();
        let name = |gnu: &'static str, busy: &'static str, local: &'static str| {
            let name = match (self.local, busybox) {
                (true, _) => local,
                (false, true) => busy,
                (false, false) => gnu,
            };
            // Whether it is there is not asked before it is needed.
            if options.check { Ok(name.to_owned()) } else { program(host, name) }
        };
        let mut words = match (self.state, current) {
            (Presence::Absent, None) => return Ok(None),
            (Presence::Absent, Some(_)) => {
                let mut words = vec![name("groupdel", "delgroup", "lgroupdel")?];
                if self.force && !busybox && !self.local {
                    words.push("-f".into());
                }
                words
            }
            (Presence::Present, None) => {
                self.unused(host)?;
                let mut words = vec![name("groupadd", "addgroup", "lgroupadd")?];
                if let Some(gid) = self.gid {
                    words.extend(["-g".to_owned(), gid.to_string()]);
                    if self.non_unique && !busybox {
                        words.push("-o".into());
                    }
                }
                if self.system {
                    words.push(if busybox { "-S" } else { "-r" }.into());
                }
                for (key, limit) in [("GID_MIN", self.gid_min), ("GID_MAX", self.gid_max)] {
                    if let Some(limit) = limit {
                        words.extend(["-K".to_owned(), format!("{key}={limit}")]);
                    }
                }
                words
            }
            (Presence::Present, Some(group)) => {
                let Some(gid) = self.gid.filter(|gid| *gid != i64::from(group.gid)) else { return Ok(None) };
                self.unused(host)?;
                if busybox {
                    // BusyBox has no program for it.
                    return Err(Failure::not_yet("changing a group's number on a host without groupmod"));
                }
                let mut words = vec![name("groupmod", "groupmod", "lgroupmod")?, "-g".to_owned(), gid.to_string()];
                if self.non_unique {
                    words.push("-o".into());
                }
                words
            }
        };
        words.push(self.name.clone());
        Ok(Some(Command::new(words)))
    }

    /// The programs for local files do not look whether a number is taken.
    fn unused(&self, host: &dyn Observe) -> Result<()> {
        if let Some(gid) = self.gid.filter(|_| self.local)
            && let Some(other) = u32::try_from(gid).ok().and_then(|gid| host.group_by_id(gid))
            && other.name != self.name
        {
            return Err(Failure::new(format!("GID '{gid}' already exists with group '{}'", other.name))
                .with("name", self.name.as_str()));
        }
        Ok(())
    }
}
