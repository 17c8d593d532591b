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
    const HAS_DIFFERENCE: bool = true;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        if !Path::new("/var/lib/dpkg").as_os_str().is_empty() && host.find_program("apt-get", &[]).is_none() {
            program(host.observe(), "apt-get")?;
        }
        if let Some(release) = self.default_release.as_deref() {
            // Only to learn whether apt knows it.
            cache::policies(host.observe(), &["dpkg".to_owned()], Some(release))?;
        }
        let upgrade = (self.upgrade != Upgrade::No).then_some(self.upgrade);
        let nothing_else = self.names.is_none() && self.deb.is_none() && upgrade.is_none();
        if self.clean {
            let words = vec![program(host.observe(), "apt-get")?, "clean".to_owned()];
            let said = if options.check { Said::default() } else { self.execute(host, words, "apt-get clean")? };
            if nothing_else {
                let mut result = reported(&said, &Options::default());
                result.insert("msg", said.stdout);
                result.insert("changed", true);
                return Ok(result);
            }
        }
        let (cache_updated, cache_time) = self.refresh(host, options)?;
        let cached = |mut result: Dict| {
            result.insert("cache_updated", cache_updated);
            result.insert("cache_update_time", cache_time);
            result
        };
        if nothing_else && self.refreshes() {
            return Ok(cached(Dict::from([("changed", cache_updated)])));
        }
        if let Some(upgrade) = upgrade {
            return self.upgrade_all(host, options, upgrade);
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
                return self.clean_up(host, options);
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
    /// True when the lists are to be fetched if they are too old.
    fn refreshes(&self) -> bool {
        self.update_cache.unwrap_or(self.cache_valid_time > 0)
    }

    /// Fetch the lists when that is asked for and they are too old; whether there was something new, and from when they
    /// are now.
    fn refresh(&self, host: &dyn Host, options: &Options) -> Result<(bool, i64)> {
        let before = cache::updated(host.observe());
        let limit = before.saturating_add(self.cache_valid_time);
        let fresh = self.cache_valid_time > 0 && limit >= host.now().seconds;
        if !self.refreshes() || fresh {
            return Ok((false, before));
        }
        if options.check {
            return Ok((true, before));
        }
        let words = vec![program(host.observe(), "apt-get")?, "update".to_owned()];
        let fetch = || self.execute(host, words.clone(), "apt-get update");
        let mut said = fetch();
        for attempt in 0..self.update_cache_retries.max(0) {
            if said.is_ok() {
                break;
            }
            let seconds = 2f64.powi(i32::try_from(attempt).unwrap_or(30)).min(self.update_cache_retry_max_delay as f64);
            std::thread::sleep(std::time::Duration::from_secs_f64(seconds.max(0.0)));
            said = fetch();
        }
        if let Err(failure) = said {
            let stderr = failure.extra.get("stderr").map(Value::to_text).unwrap_or_default();
            let reasons: Vec<String> =
                stderr.lines().map(|line| line.replacen("E: ", "E:", 1).replacen("W: ", "W:", 1)).collect();
            fail!("Failed to update apt cache after {} retries: {}", self.update_cache_retries, reasons.join(", "));
        }
        let after = cache::updated(host.observe());
        Ok((after != before, after))
    }

    fn install(&self, host: &dyn Host, options: &Options, names: &[String]) -> Result<Dict> {
        let time = cache::updated(host.observe());
        let cached = |failure: Failure| failure.with("cache_updated", false).with("cache_update_time", time);
        let specified = if self.state == Presence::BuildDependencies {
            names.to_vec()
        } else {
            self.to_install(host.observe(), names).map_err(|failure| {
                let answered = failure.msg.starts_with("no available installation candidate");
                if answered { cached(failure) } else { failure }
            })?
        };
        if specified.is_empty() {
            return Ok(Dict::from([("changed", false)]));
        }
        let said = self.install_specified(host, options, &specified).map_err(|failure| {
            let ran = failure.extra.get("rc").is_some();
            if ran { cached(failure) } else { failure }
        })?;
        let mut result = reported(&said, options);
        result.insert("changed", true);
        Ok(result)
    }

    /// Install packages whose versions are known already.
    pub(super) fn install_specified(&self, host: &dyn Host, options: &Options, packages: &[String]) -> Result<Said> {
        let (words, shown) = self.installing(host.observe(), options.check, packages)?;
        self.with_policy(host, options, words, &shown)
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
        let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
        words.extend(names);
        let said = self.with_policy(host, options, words, &format!("apt-get remove {}", quoted.join(" ")))?;
        let mut result = reported(&said, options);
        result.insert("changed", true);
        Ok(result)
    }

    fn upgrade_all(&self, host: &dyn Host, options: &Options, upgrade: Upgrade) -> Result<Dict> {
        let mut words = self.apt_get(host.observe(), options.check)?;
        self.permissions(&mut words);
        if self.autoremove {
            words.push("--auto-remove".into());
        }
        let verb = match upgrade {
            Upgrade::Distribution | Upgrade::Full => &["dist-upgrade"][..],
            _ => &["upgrade", "--with-new-pkgs"][..],
        };
        words.extend(verb.iter().map(|&word| word.to_owned()));
        self.release(&mut words);
        let program = words.first().cloned().unwrap_or_default();
        let autoremove = if self.autoremove { "--auto-remove" } else { "" };
        let shown = format!("{program} {} {autoremove}", verb.join(" "));
        let said = self.with_policy(host, options, words, &shown).map_err(|mut failure| {
            failure.extra.remove("stderr");
            failure
        })?;
        let changed = !said.stdout.contains("0 upgraded, 0 newly installed, 0 to remove");
        let mut result = reported(&said, options);
        result.insert("changed", changed);
        result.insert("msg", said.stdout.as_str());
        Ok(result)
    }

    fn clean_up(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let mut words = self.apt_get(host.observe(), options.check)?;
        if self.purge {
            words.push("--purge".into());
        }
        if self.force {
            words.push("--force-yes".into());
        }
        let verb = if self.autoremove { "autoremove" } else { "autoclean" };
        words.push(verb.into());
        let said = self.with_policy(host, options, words, &format!("apt-get {verb}"))?;
        let mut result = reported(&said, options);
        let done = if self.autoremove {
            !said.stdout.contains("0 upgraded, 0 newly installed, 0 to remove")
        } else {
            said.stdout.lines().any(|line| line.starts_with("Del "))
        };
        result.insert("changed", done);
        Ok(result)
    }

    /// Run it with a `policy-rc.d` of our own, if one is asked for.
    pub(super) fn with_policy(
        &self,
        host: &dyn Host,
        options: &Options,
        words: Vec<String>,
        shown: &str,
    ) -> Result<Said> {
        let policy = match self.policy_rc_d.filter(|_| !options.check) {
            Some(code) => Some(Policy::set(host, code)?),
            None => None,
        };
        let said = self.execute(host, words, shown);
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
