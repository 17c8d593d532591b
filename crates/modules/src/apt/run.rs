//! The order of things.

use super::arguments::{Apt, Presence, Upgrade};
use super::cache;
use super::command::{Said, difference};
use super::policy::Policy;
use crate::run::program;
use churten_module::prelude::*;

impl Action for Apt {
    const NAME: &'static str = "apt";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        if !Path::new("/var/lib/dpkg").as_os_str().is_empty() && host.find_program("apt-get", &[]).is_none() {
            program(host.observe(), "apt-get")?;
        }
        if self.clean {
            let words = vec![program(host.observe(), "apt-get")?, "clean".to_owned()];
            if !options.check {
                self.execute(host, words)?;
            }
        }
        let (cache_updated, cache_time) = self.refresh(host, options)?;
        let cached = |mut result: Dict| {
            result.insert("cache_updated", cache_updated);
            result.insert("cache_update_time", cache_time);
            result
        };
        if let Some(upgrade) = self.upgrade.filter(|upgrade| *upgrade != Upgrade::No) {
            return self.upgrade_all(host, options, upgrade).map(cached);
        }
        if let Some(deb) = &self.deb {
            if self.state != Presence::Present {
                fail!("deb only supports state=present");
            }
            return self.install_files(host, options, &deb.display().to_string());
        }
        let names: Vec<String> = self.names.clone().unwrap_or_default();
        let names: Vec<String> = names
            .iter()
            .flat_map(|entry| entry.split(','))
            .map(|entry| entry.trim().to_owned())
            .filter(|entry| !entry.is_empty())
            .collect();
        if names.is_empty() {
            if self.autoremove || self.autoclean {
                return self.clean_up(host, options).map(cached);
            }
            return Ok(cached(Dict::from([("changed", false)])));
        }
        match self.state {
            Presence::Absent => self.remove(host, options, &names),
            _ => self.install(host, options, &names).map(cached),
        }
    }
}

impl Apt {
    /// Fetch the lists when that is asked for and they are old; whether it was done, and how old they are now.
    fn refresh(&self, host: &dyn Host, options: &Options) -> Result<(bool, i64)> {
        let asked = self.update_cache.unwrap_or(self.cache_valid_time > 0);
        let before = cache::updated(host.observe());
        let fresh = before.saturating_add(self.cache_valid_time) >= host.now().seconds;
        if !asked || fresh || options.check {
            return Ok((false, before));
        }
        let words = vec![program(host.observe(), "apt-get")?, "update".to_owned()];
        let mut failure = match self.execute(host, words.clone()) {
            Ok(_) => return Ok((true, cache::updated(host.observe()))),
            Err(failure) => failure,
        };
        for attempt in 0..self.update_cache_retries.max(0) {
            let seconds = 2f64.powi(i32::try_from(attempt).unwrap_or(30)).min(self.update_cache_retry_max_delay as f64);
            std::thread::sleep(std::time::Duration::from_secs_f64(seconds.max(0.0)));
            match self.execute(host, words.clone()) {
                Ok(_) => return Ok((true, cache::updated(host.observe()))),
                Err(again) => failure = again,
            }
        }
        let reason = failure.extra.get("stderr").map(Value::to_text).unwrap_or_default();
        fail!("Failed to update apt cache after {} retries: {}", self.update_cache_retries, reason.trim())
    }

    fn install(&self, host: &dyn Host, options: &Options, names: &[String]) -> Result<Dict> {
        if self.state == Presence::BuildDependencies {
            let mut words = self.apt_get(host.observe(), options.check)?;
            words.push("build-dep".into());
            words.extend(names.iter().cloned());
            return self.finish(host, options, words);
        }
        let specified = self.to_install(host.observe(), names).map_err(|failure| {
            if failure.msg.starts_with("no available installation candidate") {
                let time = cache::updated(host.observe());
                return failure.with("cache_updated", false).with("cache_update_time", time);
            }
            failure
        })?;
        if specified.is_empty() && self.state != Presence::Fixed {
            return Ok(Dict::from([("changed", false)]));
        }
        let mut words = self.apt_get(host.observe(), options.check)?;
        self.permissions(&mut words);
        if self.only_upgrade {
            words.push("--only-upgrade".into());
        }
        if self.state == Presence::Fixed {
            words.push("--fix-broken".into());
        }
        if self.autoremove {
            words.push("--auto-remove".into());
        }
        words.push("install".into());
        words.extend(specified);
        self.release(&mut words);
        if let Some(recommends) = self.install_recommends {
            let answer = if recommends { "yes" } else { "no" };
            words.extend(["-o".to_owned(), format!("APT::Install-Recommends={answer}")]);
        }
        self.finish(host, options, words)
    }

    fn remove(&self, host: &dyn Host, options: &Options, names: &[String]) -> Result<Dict> {
        let names = self.to_remove(host.observe(), names)?;
        if names.is_empty() {
            return Ok(Dict::from([("changed", false)]));
        }
        let mut words = self.apt_get(host.observe(), options.check)?;
        for (wanted, option) in [
            (self.purge, "--purge"),
            (self.force, "--force-yes"),
            (self.autoremove, "--auto-remove"),
            (self.allow_change_held_packages, "--allow-change-held-packages"),
        ] {
            if wanted {
                words.push(option.into());
            }
        }
        words.push("remove".into());
        words.extend(names);
        let mut result = self.finish(host, options, words)?;
        result.insert("changed", true);
        Ok(result)
    }

    fn upgrade_all(&self, host: &dyn Host, options: &Options, upgrade: Upgrade) -> Result<Dict> {
        let mut words = self.apt_get(host.observe(), options.check)?;
        self.permissions(&mut words);
        if self.autoremove {
            words.push("--auto-remove".into());
        }
        match upgrade {
            Upgrade::Distribution | Upgrade::Full => words.push("dist-upgrade".into()),
            _ => words.extend(["upgrade".to_owned(), "--with-new-pkgs".to_owned()]),
        }
        self.release(&mut words);
        let said = self.with_policy(host, options, words)?;
        let changed = !said.stdout.contains("0 upgraded, 0 newly installed, 0 to remove");
        let mut result = reported(&said, options);
        result.insert("changed", changed);
        result.insert("msg", said.stdout.as_str());
        Ok(result)
    }

    fn clean_up(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let mut words = self.apt_get(host.observe(), options.check)?;
        if self.autoremove {
            if self.purge {
                words.push("--purge".into());
            }
            words.push("autoremove".into());
        } else {
            words.push("autoclean".into());
        }
        let said = self.with_policy(host, options, words)?;
        let mut result = reported(&said, options);
        let done = if self.autoremove {
            !said.stdout.contains("0 upgraded, 0 newly installed, 0 to remove")
        } else {
            said.stdout.lines().any(|line| line.starts_with("Del "))
        };
        result.insert("changed", done);
        Ok(result)
    }

    /// Run `apt-get`, which changes something.
    fn finish(&self, host: &dyn Host, options: &Options, words: Vec<String>) -> Result<Dict> {
        let said = self.with_policy(host, options, words)?;
        let mut result = reported(&said, options);
        result.insert("changed", true);
        Ok(result)
    }

    /// Run it with a `policy-rc.d` of our own, if one is asked for.
    pub(super) fn with_policy(&self, host: &dyn Host, options: &Options, words: Vec<String>) -> Result<Said> {
        let policy = match self.policy_rc_d.filter(|_| !options.check) {
            Some(code) => Some(Policy::set(host, code)?),
            None => None,
        };
        let said = self.execute(host, words);
        drop(policy);
        said
    }
}

pub(super) fn reported(said: &Said, options: &Options) -> Dict {
    let mut result = Dict::from([("stdout", said.stdout.as_str()), ("stderr", said.stderr.as_str())]);
    if options.diff {
        result.insert("diff", Dict::from([("prepared", difference(&said.stdout))]));
    }
    result
}
