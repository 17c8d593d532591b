//! The order of things.

use super::accounts;
use super::arguments::{Presence, UserModule};
use super::password;
use churten_module::User;
use churten_module::prelude::*;

/// What the programs said.
#[derive(Default)]
struct Said {
    stdout: String,
    stderr: String,
}

impl Action for UserModule {
    const NAME: &'static str = "user";
    const CHECK: CheckMode = CheckMode::Run;

    fn prepare(params: &mut Dict, host: &dyn Observe) {
        if params.get("ssh_key_comment").is_none_or(Value::is_none) {
            params.insert("ssh_key_comment", format!("ansible-generated on {}", host.hostname()));
        }
    }

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let mut warnings = Vec::new();
        if self.password.as_ref().is_some_and(|hash| !password::looks_hashed(hash)) {
            warnings.push(password::WARNING.to_owned());
        }
        let mut outcome = match self.state {
            Presence::Absent => self.absent(host, options),
            Presence::Present => self.present(host, options, &mut warnings),
        };
        if !warnings.is_empty() {
            match &mut outcome {
                Ok(result) => result.insert("warnings", warnings),
                Err(failure) => failure.extra.insert("warnings", warnings),
            };
        }
        outcome
    }
}

impl UserModule {
    fn absent(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let mut result = Dict::from([("name", self.name.as_str()), ("state", "absent")]);
        let user = self.find(host.observe());
        result.insert("changed", user.is_some());
        if user.is_none() {
            return Ok(result);
        }
        if options.check {
            return Ok(Dict::from([("changed", true)]));
        }
        let said = self.execute(host, &[self.removal(host.observe())?])?;
        result.insert("force", self.force);
        result.insert("remove", self.remove);
        said.report(&mut result);
        Ok(result)
    }

    fn present(&self, host: &dyn Host, options: &Options, warnings: &mut Vec<String>) -> Result<Dict> {
        let mut result = Dict::from([("name", self.name.as_str()), ("state", "present")]);
        if self.append && self.groups.is_none() {
            warnings.push(
                "'append' is set, but no 'groups' are specified. Use 'groups' for appending new groups.This \
                     will change to an error in Ansible 2.14."
                    .to_owned(),
            );
        }
        let mut changed;
        let mut said;
        match self.find(host.observe()) {
            None => {
                if options.check {
                    return Ok(Dict::from([("changed", true)]));
                }
                let commands = self.creation(host.observe())?;
                let early = self.make_home_early(host)?;
                said = self.execute(host, &commands)?;
                if let (Some(home), Some(user)) = (early, self.find(host.observe())) {
                    super::home::give(host, home, user.uid, user.gid)?;
                }
                changed = true;
                result.insert("system", self.system);
                result.insert("create_home", self.create_home);
                self.set_limits(host, &mut said)?;
            }
            Some(user) => {
                let shadow = accounts::shadow(host.observe(), &self.name);
                let mut commands = self.modification(host.observe(), &user, shadow.as_ref())?;
                commands.extend(password::limits(host.observe(), self, shadow.as_ref())?);
                changed = !commands.is_empty();
                said = if options.check {
                    Said::default()
                } else {
                    password::check(self, "usermod")?;
                    self.execute(host, &commands)?
                };
                result.insert("append", self.append);
                result.insert("move_home", self.move_home);
            }
        }
        if self.password.is_some() {
            result.insert("password", "NOT_LOGGING_PASSWORD");
        }
        let Some(user) = self.find(host.observe()) else {
            return Err(Failure::new(format!("failed to look up user name: {}", self.name))
                .with("name", self.name.as_str())
                .with("state", "present"));
        };
        let home = Path::new(&user.home);
        if self.create_home && !matches!(host.stat(home), Ok(Some(_))) {
            if !options.check {
                self.make_home(host, home, user.uid, user.gid)?;
            }
            changed = true;
        }
        if self.generate_ssh_key == Some(true) {
            changed |= self.make_key(host, options, &user, warnings)?;
            self.report_key(host.observe(), &user, &mut result)?;
        }
        result.insert("uid", user.uid);
        result.insert("group", user.gid);
        result.insert("comment", user.gecos.as_str());
        result.insert("home", user.home.as_str());
        result.insert("shell", user.shell.as_str());
        if let Some(groups) = &self.groups {
            result.insert("groups", groups.join(","));
        }
        result.insert("changed", changed);
        said.report(&mut result);
        Ok(result)
    }

    fn find(&self, host: &dyn Observe) -> Option<User> {
        host.user_by_name(&self.name)
    }

    /// `useradd` makes the home directory, but not what is above it.
    fn make_home_early(&self, host: &dyn Host) -> Result<Option<&Path>> {
        let Some(home) = self.home.as_deref().filter(|_| self.create_home) else { return Ok(None) };
        let above = home.parent().unwrap_or(home);
        if matches!(host.stat(above), Ok(Some(_))) {
            return Ok(None);
        }
        self.make_home(host, home, 0, 0)?;
        Ok(Some(home))
    }

    /// The limits of a password's life, which `useradd` does not know.
    fn set_limits(&self, host: &dyn Host, said: &mut Said) -> Result<()> {
        let shadow = accounts::shadow(host.observe(), &self.name);
        if let Some(command) = password::limits(host.observe(), self, shadow.as_ref())? {
            let more = self.execute(host, &[command])?;
            said.stdout += &more.stdout;
            said.stderr += &more.stderr;
        }
        Ok(())
    }

    fn execute(&self, host: &dyn Host, commands: &[Command]) -> Result<Said> {
        let mut said = Said::default();
        for command in commands {
            let output = host.execute(command).map_err(|error| Failure::could_not_run(&command.program, &error))?;
            if !output.success() {
                return Err(Failure::new(output.stderr_text())
                    .with("name", self.name.as_str())
                    .with("rc", output.code));
            }
            said.stdout += &output.stdout_text();
            said.stderr += &output.stderr_text();
        }
        Ok(said)
    }
}

impl Said {
    fn report(&self, result: &mut Dict) {
        for (key, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                result.insert(key, text.as_str());
            }
        }
    }
}
