//! The `ufw` module.

use crate::run;
use churten_module::prelude::*;
use churten_module::words;
use std::cell::RefCell;
use std::net::Ipv6Addr;

/// Manage the firewall with `ufw`.
#[derive(Args)]
#[args(
    exclusive("name", "proto", "logging"),
    exclusive("direction", "interface_in"),
    exclusive("direction", "interface_out"),
    one_of("state", "default", "rule", "logging"),
    required_by("interface", "direction")
)]
pub(crate) struct Ufw {
    /// Turn the firewall on or off, load it anew, or take everything out.
    state: Option<Wanted>,
    /// What happens to traffic that no rule is for.
    #[arg(name = "default", alias("policy"), choices("allow", "deny", "reject"))]
    policy: Option<String>,
    /// What is logged.
    #[arg(choices("full", "high", "low", "medium", "off", "on"))]
    logging: Option<String>,
    /// The direction of a rule or of the default.
    #[arg(choices("in", "incoming", "out", "outgoing", "routed"))]
    direction: Option<String>,
    /// Take the rule out.
    #[arg(default = false)]
    delete: bool,
    /// The rule is for traffic that passes through.
    #[arg(default = false)]
    route: bool,
    /// The number that the rule gets.
    insert: Option<i64>,
    /// What the number counts from.
    #[arg(default = "zero", choices("zero", "first-ipv4", "last-ipv4", "first-ipv6", "last-ipv6"))]
    insert_relative_to: String,
    /// What the rule does.
    #[arg(choices("allow", "deny", "limit", "reject"))]
    rule: Option<String>,
    /// The network interface.
    #[arg(alias("if"))]
    interface: Option<String>,
    /// The interface that it comes in on.
    #[arg(alias("if_in"))]
    interface_in: Option<String>,
    /// The interface that it goes out on.
    #[arg(alias("if_out"))]
    interface_out: Option<String>,
    /// Log what the rule is for.
    #[arg(default = false)]
    log: bool,
    /// The address that it comes from.
    #[arg(default = "any", alias("from", "src"))]
    from_ip: String,
    /// The port that it comes from.
    from_port: Option<String>,
    /// The address that it goes to.
    #[arg(default = "any", alias("dest", "to"))]
    to_ip: String,
    /// The port that it goes to.
    #[arg(alias("port"))]
    to_port: Option<String>,
    /// The protocol.
    #[arg(alias("protocol"), choices("ah", "any", "esp", "ipv6", "tcp", "udp", "gre", "igmp", "vrrp"))]
    proto: Option<String>,
    /// The profile of an application.
    #[arg(alias("app"))]
    name: Option<String>,
    /// A comment.
    comment: Option<String>,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Enabled,
    Disabled,
    Reloaded,
    Reset,
}

/// Where the rules are, by the age of ufw.
const RULES: [&str; 6] = [
    "/lib/ufw/user.rules",
    "/lib/ufw/user6.rules",
    "/etc/ufw/user.rules",
    "/etc/ufw/user6.rules",
    "/var/lib/ufw/user.rules",
    "/var/lib/ufw/user6.rules",
];

const TUPLE: &str = "### tuple";

impl Action for Ufw {
    const NAME: &'static str = "community.general.ufw";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let call = Call {
            module: self,
            host,
            check: options.check,
            ufw: run::program(host.observe(), "ufw")?,
            grep: run::program(host.observe(), "grep")?,
            commands: RefCell::default(),
        };
        let before = call.execute(&[&call.ufw, "status", "verbose"])?;
        let rules = call.rules()?;
        let mut changed = call.state(&before)?;
        changed |= call.policy(&before)?;
        changed |= call.rule(&rules)?;
        changed |= call.logging(&before)?;
        let mut result = Dict::new();
        if !options.check {
            let after = call.execute(&[&call.ufw, "status", "verbose"])?;
            if !changed {
                let is_same = rules == call.rules()? && before == after;
                changed = !is_same;
            }
            result.insert("msg", after.trim_end());
        }
        result.insert("changed", changed);
        result.insert("commands", call.commands.take());
        Ok(result)
    }
}

/// One run of the module.
struct Call<'a> {
    module: &'a Ufw,
    host: &'a dyn Host,
    check: bool,
    ufw: String,
    grep: String,
    commands: RefCell<Vec<String>>,
}

impl Call<'_> {
    /// Run a line of words, which may be several words each; what it printed. Only `grep` may fail.
    fn execute(&self, words: &[&str]) -> Result<String> {
        let line = words.join(" ");
        self.commands.borrow_mut().push(line.clone());
        let split = words::split(&line).map_err(Failure::new)?;
        let output = run::finished(self.host, &Command::new(split).plain_locale())?;
        let (stdout, stderr) = (output.stdout_text(), output.stderr_text());
        if !output.success() && words.first() != Some(&self.grep.as_str()) {
            let msg = if stderr.is_empty() { stdout } else { stderr };
            return Err(Failure::new(msg).with("commands", self.commands.borrow().clone()));
        }
        Ok(stdout)
    }

    fn rules(&self) -> Result<String> {
        let pattern = format!("'^{TUPLE}'");
        let mut words = vec![self.grep.as_str(), "-h", &pattern];
        words.extend(RULES);
        self.execute(&words)
    }

    fn state(&self, before: &str) -> Result<bool> {
        let Some(state) = self.module.state else { return Ok(false) };
        let is_on = before.contains(" active");
        let word = match state {
            Wanted::Enabled => "enable",
            Wanted::Disabled => "disable",
            Wanted::Reloaded => "reload",
            Wanted::Reset => "reset",
        };
        if !self.check {
            self.execute(&[&self.ufw, "-f", word])?;
        }
        Ok(match state {
            Wanted::Reloaded | Wanted::Reset => true,
            Wanted::Enabled => self.check && !is_on,
            Wanted::Disabled => self.check && is_on,
        })
    }

    fn logging(&self, before: &str) -> Result<bool> {
        let Some(wanted) = &self.module.logging else { return Ok(false) };
        let line = before.lines().find_map(|line| line.strip_prefix("Logging: "));
        let changed = match line {
            None => true,
            Some(line) => {
                let (state, level) = line.split_once(" (").unwrap_or((line, ""));
                let level = level.trim_end_matches(')');
                match (wanted.as_str(), state) {
                    ("off", "off") => false,
                    ("off", _) | (_, "off") => true,
                    ("on", _) => false,
                    (wanted, _) => wanted != level,
                }
            }
        };
        if !self.check {
            self.execute(&[&self.ufw, "logging", wanted])?;
        }
        Ok(changed)
    }

    fn policy(&self, before: &str) -> Result<bool> {
        let Some(wanted) = &self.module.policy else { return Ok(false) };
        let direction = self.module.direction.as_deref();
        if !matches!(direction, None | Some("outgoing" | "incoming" | "routed")) {
            fail!(
                "For default, direction must be one of \"outgoing\", \"incoming\" and \"routed\", or direction must not be \
                 specified."
            );
        }
        if !self.check {
            let mut words = vec![self.ufw.as_str(), "default", wanted];
            words.extend(direction);
            self.execute(&words)?;
            return Ok(false);
        }
        let suffix = format!(" ({})", direction.unwrap_or("incoming"));
        let line = before.lines().find_map(|line| line.strip_prefix("Default: ")).unwrap_or_default();
        let found = line.split(", ").find_map(|part| part.strip_suffix(&*suffix));
        Ok(found.is_none_or(|found| found != wanted && found != "disabled"))
    }

    fn rule(&self, before: &str) -> Result<bool> {
        let module = self.module;
        let Some(rule) = &module.rule else { return Ok(false) };
        if !matches!(module.direction.as_deref(), None | Some("in" | "out")) {
            fail!("For rules, direction must be one of \"in\" and \"out\", or direction must not be specified.");
        }
        if !module.route && module.interface_in.is_some() && module.interface_out.is_some() {
            fail!("Only route rules can combine interface_in and interface_out");
        }
        let mut words: Vec<String> = vec![self.ufw.clone()];
        let mut add = |is_wanted: bool, text: String| words.extend(is_wanted.then_some(text));
        add(self.check, "--dry-run".into());
        add(module.route, "route".into());
        add(module.delete, "delete".into());
        if let Some(place) = self.place()? {
            add(true, format!("insert {place}"));
        }
        add(true, rule.clone());
        let mut given = |value: &Option<String>, before: &str, after: &str| {
            if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
                add(true, format!("{before}{value}{after}"));
            }
        };
        given(&module.direction, "", "");
        given(&module.interface, "on ", "");
        given(&module.interface_in, "in on ", "");
        given(&module.interface_out, "out on ", "");
        given(&module.log.then(|| "log".to_owned()), "", "");
        given(&Some(module.from_ip.clone()), "from ", "");
        given(&module.from_port, "port ", "");
        given(&Some(module.to_ip.clone()), "to ", "");
        given(&module.to_port, "port ", "");
        given(&module.proto, "proto ", "");
        given(&module.name, "app '", "'");
        if self.knows_comments()? {
            given(&module.comment, "comment '", "'");
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let said = self.execute(&words)?;
        if !self.check {
            return Ok(false);
        }
        let lines: Vec<&str> = said.lines().collect();
        if !lines.is_empty() && lines.iter().all(|line| line.contains("Skipping")) {
            return Ok(false);
        }
        let after: Vec<&str> = lines.into_iter().filter(|line| line.starts_with(TUPLE)).collect();
        let before: Vec<&str> = before.lines().collect();
        // A dry run tells only the rules of the address's kind.
        let is_any = |test: &dyn Fn(&str) -> bool| test(&module.from_ip) || test(&module.to_ip);
        let only = |lines: &[&str], test: &dyn Fn(&str) -> bool| -> Vec<String> {
            let kept = lines.iter().filter(|line| line.split_whitespace().any(test));
            kept.map(|line| (*line).to_owned()).collect()
        };
        Ok(if is_any(&is_ipv4) {
            only(&before, &is_ipv4) != only(&after, &is_ipv4)
        } else if is_any(&is_ipv6) {
            only(&before, &is_ipv6) != only(&after, &is_ipv6)
        } else {
            before != after
        })
    }

    /// The number that a rule is inserted at. Beyond the last one it is appended.
    fn place(&self) -> Result<Option<i64>> {
        let module = self.module;
        let Some(number) = module.insert.filter(|_| !module.delete) else { return Ok(None) };
        if module.insert_relative_to == "zero" {
            return Ok(Some(number));
        }
        let command = Command::new([&self.ufw, "status", "numbered"]).plain_locale();
        let said = run::asked(self.host.observe(), &command)?.stdout_text();
        let lines: Vec<(i64, bool)> = said
            .lines()
            .filter_map(|line| {
                let (number, _) = line.strip_prefix('[')?.split_once("] ")?;
                Some((number.trim().parse().ok()?, line.contains("(v6)")))
            })
            .collect();
        let last = lines.iter().map(|(number, _)| *number).max().unwrap_or(0);
        let last_ipv4 = lines.iter().filter(|(_, is_ipv6)| !is_ipv6).map(|(number, _)| *number).max();
        let has_ipv6 = lines.iter().any(|(_, is_ipv6)| *is_ipv6);
        let from = match module.insert_relative_to.as_str() {
            "first-ipv4" => 1,
            "last-ipv4" => last_ipv4.unwrap_or(1),
            "first-ipv6" => last_ipv4.map_or(1, |number| number + 1),
            _ if has_ipv6 => last,
            _ => last + 1,
        };
        Ok(Some(number.saturating_add(from)).filter(|place| *place <= last))
    }

    /// Comments came with version 0.35.
    fn knows_comments(&self) -> Result<bool> {
        let said = self.execute(&[&self.ufw, "--version"])?;
        let line = said.lines().find(|line| line.starts_with("ufw"));
        let version = line.and_then(|line| line.split_whitespace().nth(1));
        let Some(version) = version else { fail!("Failed to get ufw version") };
        let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        let (major, minor) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        Ok(major > 0 || minor >= 35)
    }
}

fn is_ipv4(word: &str) -> bool {
    let address = word.split('/').next().unwrap_or_default();
    address.parse::<std::net::Ipv4Addr>().is_ok()
}

fn is_ipv6(word: &str) -> bool {
    word.split('/').next().unwrap_or_default().parse::<Ipv6Addr>().is_ok()
}
