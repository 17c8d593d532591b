//! What has to be done to an account.

use super::accounts::{self, Shadow};
use super::arguments::{UpdatePassword, UserModule};
use super::password;
use crate::run::program;
use churten_module::User;
use churten_module::prelude::*;
use churten_value::date_from_days;

impl UserModule {
    /// The programs that make the account.
    pub(super) fn creation(&self, host: &dyn Observe) -> Result<Vec<Command>> {
        if self.is_local() {
            program(host, "lgroupmod")?;
        }
        let mut words = vec![program(host, if self.is_local() { "luseradd" } else { "useradd" })?];
        password::check(self, "useradd")?;
        let mut option = |name: &str, value: String| words.extend([name.to_owned(), value]);
        if let Some(uid) = self.uid {
            option("-u", uid.to_string());
        }
        if let Some(seuser) = &self.seuser {
            option("-Z", seuser.clone());
        }
        if let Some(group) = &self.group {
            self.existing_group(host, group)?;
            option("-g", group.clone());
        } else if accounts::group(host, &self.name).is_some() {
            // A group of that name is there already, so none is made for the user.
            if self.is_local() { option("-g", self.name.clone()) } else { option("-N", String::new()) }
        }
        let groups = self.wanted_groups().unwrap_or_default();
        for group in &groups {
            self.existing_group(host, group)?;
        }
        if !groups.is_empty() && !self.is_local() {
            option("-G", groups.join(","));
        }
        if let Some(comment) = &self.comment {
            option("-c", comment.clone());
        }
        if let Some(home) = &self.home {
            option("-d", home.display().to_string());
        }
        if let Some(shell) = &self.shell {
            option("-s", shell.display().to_string());
        }
        if let Some(expires) = self.expires.filter(|_| !self.is_local()) {
            option("-e", if expires < 0.0 { String::new() } else { date(expires) });
        }
        if let Some(days) = self.password_expire_account_disable.filter(|_| !self.is_local()) {
            option("-f", days.to_string());
        }
        for (key, limit) in [("UID_MIN", self.uid_min), ("UID_MAX", self.uid_max)] {
            if let Some(limit) = limit {
                option("-K", format!("{key}={limit}"));
            }
        }
        if self.create_home && !self.is_local() {
            option("-m", String::new());
            if let Some(skeleton) = &self.skeleton {
                option("-k", skeleton.clone());
            }
            if let Some(umask) = &self.umask {
                option("-K", format!("UMASK={umask}"));
            }
        } else {
            option("-M", String::new());
        }
        let empty_values: Vec<usize> = words
            .iter()
            .enumerate()
            .filter(|(at, word)| word.is_empty() && words.get(at - 1).is_some_and(|name| name != "-e" && name != "-c"))
            .map(|(at, _)| at)
            .collect();
        for at in empty_values.into_iter().rev() {
            words.remove(at);
        }
        if self.non_unique && self.uid.is_some() {
            words.push("-o".into());
        }
        if self.system {
            words.push("-r".into());
        }
        words.push(self.name.clone());
        let mut commands = vec![Command::new(words)];
        if let Some(hash) = &self.password {
            let lock = if self.password_lock == Some(true) { "!" } else { "" };
            commands.push(password::set(host, &self.name, &format!("{lock}{hash}"))?);
        } else if self.password_lock == Some(true) {
            commands.push(Command::new([program(host, "usermod")?, "-L".into(), self.name.clone()]));
        }
        Ok(commands)
    }

    /// The programs that bring an account into its state.
    pub(super) fn modification(
        &self,
        host: &dyn Observe,
        user: &User,
        shadow: Option<&Shadow>,
    ) -> Result<Vec<Command>> {
        if self.is_local() {
            program(host, "lgroupmod")?;
        }
        let mut words: Vec<String> = Vec::new();
        if let Some(uid) = self.uid.filter(|uid| *uid != i64::from(user.uid)) {
            words.extend(["-u".to_owned(), uid.to_string()]);
            if self.non_unique {
                words.push("-o".into());
            }
        }
        if let Some(group) = &self.group {
            let group = self.existing_group(host, group)?;
            if group.gid != user.gid {
                words.extend(["-g".to_owned(), group.gid.to_string()]);
            }
        }
        words.extend(self.group_changes(host, user)?);
        if let Some(comment) = self.comment.as_ref().filter(|comment| **comment != user.gecos) {
            words.extend(["-c".to_owned(), comment.clone()]);
        }
        if let Some(home) = self.home.as_ref().filter(|home| **home != Path::new(&user.home)) {
            words.extend(["-d".to_owned(), home.display().to_string()]);
            if self.move_home {
                words.push("-m".into());
            }
        }
        if let Some(shell) = self.shell.as_ref().filter(|shell| **shell != Path::new(&user.shell)) {
            words.extend(["-s".to_owned(), shell.display().to_string()]);
        }
        if let Some(expires) = self.expires {
            let current = shadow.and_then(|shadow| shadow.expires);
            if expires < 0.0 {
                if current.is_some_and(|day| day >= 0) {
                    words.extend(["-e".to_owned(), String::new()]);
                }
            } else if current != Some((expires / 86_400.0).floor() as i64) {
                words.extend(["-e".to_owned(), date(expires)]);
            }
        }
        if let Some(days) = self.password_expire_account_disable.filter(|_| !self.is_local()) {
            words.extend(["-f".to_owned(), days.to_string()]);
        }
        let old = shadow.map_or("", |shadow| shadow.password.as_str());
        let hash = self.password.as_ref().filter(|hash| {
            self.update_password == UpdatePassword::Always
                && hash.trim_start_matches('!') != old.trim_start_matches('!')
        });
        let mut commands = Vec::new();
        match (self.password_lock, old.starts_with('!')) {
            (Some(true), false) if hash.is_none() => words.push("-L".into()),
            (Some(false), true) if hash.is_none() => words.push("-U".into()),
            _ => {}
        }
        if !words.is_empty() {
            words.insert(0, program(host, if self.is_local() { "lusermod" } else { "usermod" })?);
            words.push(self.name.clone());
            commands.push(Command::new(words));
        }
        if let Some(hash) = hash {
            let lock = if self.password_lock == Some(true) { "!" } else { "" };
            commands.push(password::set(host, &self.name, &format!("{lock}{hash}"))?);
        }
        Ok(commands)
    }

    /// The program that removes the account.
    pub(super) fn removal(&self, host: &dyn Observe) -> Result<Command> {
        let mut words = vec![program(host, if self.is_local() { "luserdel" } else { "userdel" })?];
        if self.force && !self.is_local() {
            words.push("-f".into());
        }
        if self.remove {
            words.push("-r".into());
        }
        words.push(self.name.clone());
        Ok(Command::new(words))
    }

    fn existing_group(&self, host: &dyn Observe, name: &str) -> Result<churten_module::Group> {
        accounts::group(host, name).ok_or_else(|| Failure::new(format!("Group {name} does not exist")))
    }

    /// The options of `usermod` that change the further groups.
    fn group_changes(&self, host: &dyn Observe, user: &User) -> Result<Vec<String>> {
        let Some(wanted) = self.wanted_groups() else { return Ok(Vec::new()) };
        let current = accounts::memberships(host, &user.name, (!self.append).then_some(user.gid));
        let mut names = Vec::new();
        for name in &wanted {
            let group = self.existing_group(host, name)?;
            // The primary group need not be listed.
            if self.append || group.gid != user.gid {
                names.push(group.name);
            }
        }
        let missing = names.iter().any(|name| !current.contains(name));
        let surplus = !self.append && current.iter().any(|name| !names.contains(name));
        if !missing && !surplus {
            return Ok(Vec::new());
        }
        let mut words: Vec<String> = if self.append { vec!["-a".into()] } else { Vec::new() };
        words.extend(["-G".to_owned(), wanted.join(",")]);
        Ok(words)
    }
}

/// A time as the day that `useradd` takes.
fn date(seconds: f64) -> String {
    let (year, month, day) = date_from_days((seconds / 86_400.0).floor() as i64);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn dates() {
        for (seconds, text) in [(0.0, "1970-01-01"), (1_893_456_000.7, "2030-01-01"), (951_782_400.0, "2000-02-29")] {
            assert_eq!(super::date(seconds), text);
        }
    }
}
