use crate::run;
use churten_module::prelude::*;

/// Manage entries of `sysctl.conf`, and set them in the kernel.
#[derive(Args)]
#[args(required_if("state", "present", "value"))]
pub(crate) struct Sysctl {
    /// The name, with dots.
    #[arg(alias("key"))]
    name: String,
    /// The value. Words for truth are `1` and `0`.
    #[arg(alias("val"))]
    value: Option<String>,
    /// Whether the entry should be there.
    #[arg(default = "present")]
    state: Presence,
    /// Load the file when it was changed.
    #[arg(default = true)]
    reload: bool,
    /// Set the kernel's value as well.
    #[arg(default = false)]
    sysctl_set: bool,
    /// Names that the kernel does not know are no error.
    #[arg(default = false)]
    ignoreerrors: bool,
    /// The file.
    #[arg(default = "/etc/sysctl.conf")]
    sysctl_file: PathBuf,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Present,
    Absent,
}

/// Larger files are not edited in memory.
const LIMIT: u64 = 16 << 20;

impl Action for Sysctl {
    const NAME: &'static str = "ansible.posix.sysctl";
    const CHECK: CheckMode = CheckMode::Run;

    fn prepare(params: &mut Dict, _host: &dyn Observe) {
        let value = params.get("value").filter(|value| !value.is_none()).map(Value::to_text).unwrap_or_default();
        params.insert("value", normal(&value));
    }

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        if self.name.is_empty() {
            fail!("name cannot be blank");
        }
        let is_present = self.state == Presence::Present;
        let value = normal(self.value.as_deref().unwrap_or_default());
        if is_present && self.value.as_deref().unwrap_or_default().is_empty() {
            fail!("value cannot be blank");
        }
        let program = run::program(host.observe(), "sysctl")?;
        let query = Command::new([&program, "-e", "-n", &self.name]).plain_locale();
        let output = run::asked(host.observe(), &query)?;
        let kernel = output.success().then(|| output.stdout_text());
        let is_set = kernel.is_some_and(|kernel| kernel.split_whitespace().eq(value.split_whitespace()));
        let path = host.real_path(&self.sysctl_file);
        let text = match host.stat(&path)? {
            Some(_) => String::from_utf8(host.read_bounded(&path, LIMIT)?)
                .map_err(|_| Failure::not_yet(format!("{}, which is not UTF-8", path.display())))?,
            None => String::new(),
        };
        let found = entries(&text).filter(|(name, _)| *name == self.name).last().map(|(_, value)| value.to_owned());
        let is_written = if is_present { found.as_ref() == Some(&value) } else { found.is_none() };
        let sets = self.sysctl_set && is_present && !is_set;
        let changed = !is_written || is_present && self.reload && !is_set || sets;
        if options.check {
            return Ok(Dict::from([("changed", changed)]));
        }
        let call = |words: &[&str], failure: &str| -> Result<()> {
            let mut all = vec![program.as_str()];
            all.extend(self.ignoreerrors.then_some("-e"));
            all.extend(words);
            let output = run::finished(host, &Command::new(all).plain_locale())?;
            if output.success() && output.stderr.is_empty() {
                return Ok(());
            }
            fail!("{failure}: {}{}", output.stdout_text(), output.stderr_text())
        };
        if sets {
            call(&["-w", &format!("{}={value}", self.name)], &format!("setting {} failed", self.name))?;
        }
        if !is_written {
            let write = Step::Write(Write::new(path, self.edit(&text, &value)));
            let plan = Plan { steps: vec![write], ..Plan::new() };
            churten_module::perform(host, &plan, options, &mut Dict::new())?;
        }
        if changed && self.reload {
            call(&["-p", &self.sysctl_file.display().to_string()], "Failed to reload sysctl")?;
        }
        Ok(Dict::from([("changed", changed)]))
    }
}

/// A value as it is written.
fn normal(value: &str) -> String {
    match value.to_lowercase().as_str() {
        "y" | "yes" | "on" | "1" | "true" | "t" | "1.0" => "1".to_owned(),
        "n" | "no" | "off" | "0" | "false" | "f" | "0.0" => "0".to_owned(),
        _ => value.trim().to_owned(),
    }
}

/// The name and the value of a line, if it has them.
fn entry(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let (name, value) = line.split_once('=').filter(|_| !line.starts_with(['#', ';']))?;
    Some((name.trim(), value.trim()))
}

fn entries(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter_map(entry)
}

impl Sysctl {
    /// The text with the entry in its place; of names that come again only the first line stays.
    fn edit(&self, text: &str, value: &str) -> String {
        let mut lines = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for line in text.split_inclusive('\n') {
            let Some((name, old)) = entry(line) else {
                lines.push(line.to_owned());
                continue;
            };
            if seen.contains(&name) {
                continue;
            }
            seen.push(name);
            if name != self.name {
                lines.push(format!("{name}={old}\n"));
            } else if self.state == Presence::Present {
                lines.push(format!("{name}={value}\n"));
            }
        }
        if self.state == Presence::Present && !seen.contains(&self.name.as_str()) {
            lines.push(format!("{}={value}\n", self.name));
        }
        lines.concat()
    }
}
