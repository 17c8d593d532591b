//! The `iptables` module.

mod rule;

use crate::run;
use churten_module::AMENDED_KEY;
use churten_module::prelude::*;
use std::fmt;

/// Manage rules, chains and policies of the kernel's packet filter, with `iptables` and `ip6tables`.
///
/// A rule is found again by asking for the very same one.
#[derive(Args)]
#[args(
    exclusive("set_dscp_mark", "set_dscp_mark_class"),
    exclusive("flush", "policy"),
    required_if("jump", "TEE", "gateway"),
    required_if("jump", "tee", "gateway"),
    required_if("flush", "false", "chain"),
    required_by("set_dscp_mark", "jump"),
    required_by("set_dscp_mark_class", "jump")
)]
pub(crate) struct Iptables {
    /// The table.
    #[arg(default = "filter", choices("filter", "nat", "mangle", "raw", "security"))]
    table: String,
    /// Whether the rule or the chain should be there.
    #[arg(default = "present")]
    state: Presence,
    /// Where a new rule goes.
    #[arg(default = "append")]
    action: Place,
    /// Which protocol's tables.
    #[arg(default = "ipv4")]
    ip_version: Versions,
    /// The chain.
    chain: Option<String>,
    /// The number that a new rule gets.
    rule_num: Option<String>,
    /// The protocol.
    protocol: Option<String>,
    /// Seconds to wait for the lock.
    wait: Option<String>,
    /// The source address.
    source: Option<String>,
    /// The address to translate to.
    to_source: Option<String>,
    /// The destination address.
    destination: Option<String>,
    /// The address to translate to.
    to_destination: Option<String>,
    /// Extensions to match with.
    #[arg(name = "match", default = [])]
    matches: Vec<String>,
    /// Flags of TCP.
    tcp_flags: Option<TcpFlags>,
    /// The target.
    jump: Option<String>,
    /// The gateway that a copy goes to.
    gateway: Option<String>,
    /// What stands before each line of the log.
    log_prefix: Option<String>,
    /// The level of the log.
    #[arg(choices(
        "0", "1", "2", "3", "4", "5", "6", "7", "emerg", "alert", "crit", "error", "warning", "notice", "info", "debug"
    ))]
    log_level: Option<String>,
    /// The chain to go on in.
    goto: Option<String>,
    /// The interface that it comes in on.
    in_interface: Option<String>,
    /// The interface that it goes out on.
    out_interface: Option<String>,
    /// Only fragments.
    fragment: Option<String>,
    /// Packet and byte counters of a new rule.
    set_counters: Option<String>,
    /// The source port.
    source_port: Option<String>,
    /// The destination port.
    destination_port: Option<String>,
    /// Several destination ports.
    #[arg(default = [])]
    destination_ports: Vec<String>,
    /// The port to translate to.
    to_ports: Option<String>,
    /// The DSCP mark to set.
    set_dscp_mark: Option<String>,
    /// The DSCP class to set.
    set_dscp_mark_class: Option<String>,
    /// A comment.
    comment: Option<String>,
    /// States of connections.
    #[arg(default = [])]
    ctstate: Vec<String>,
    /// A range of sources.
    src_range: Option<String>,
    /// A range of destinations.
    dst_range: Option<String>,
    /// A set of addresses.
    match_set: Option<String>,
    /// What of the packet is in the set.
    #[arg(choices("src", "dst", "src,dst", "dst,src", "src,src", "dst,dst"))]
    match_set_flags: Option<String>,
    /// How often the rule matches.
    limit: Option<String>,
    /// How often before that counts.
    limit_burst: Option<String>,
    /// The user whose process sends.
    uid_owner: Option<String>,
    /// The group whose process sends.
    gid_owner: Option<String>,
    /// What a refusal is answered with.
    reject_with: Option<String>,
    /// The type of ICMP.
    icmp_type: Option<String>,
    /// The first packet of a connection.
    #[arg(default = "ignore")]
    syn: Syn,
    /// Remove all rules.
    #[arg(default = false)]
    flush: bool,
    /// What happens to what no rule is for.
    #[arg(choices("ACCEPT", "DROP", "QUEUE", "RETURN"))]
    policy: Option<String>,
    /// Make and remove chains.
    #[arg(default = false)]
    chain_management: bool,
    /// List addresses as numbers.
    #[arg(default = false)]
    numeric: bool,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Absent,
    Present,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Place {
    Append,
    Insert,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Versions {
    Ipv4,
    Ipv6,
    Both,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Syn {
    Ignore,
    Match,
    Negate,
}

/// Flags of TCP.
#[derive(Args)]
struct TcpFlags {
    /// The flags to look at.
    flags: Option<Vec<String>>,
    /// Those of them that are set.
    flags_set: Option<Vec<String>>,
}

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::Both => "both",
        })
    }
}

impl Action for Iptables {
    const NAME: &'static str = "iptables";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        self.refuse_half()?;
        let shown = self.rule(self.jump.as_deref()).join(" ");
        let is_log = self.log_prefix.is_some() || self.log_level.is_some();
        if is_log && self.jump.as_deref().is_some_and(|jump| jump != "LOG") {
            fail!("Logging options can only be used with the LOG jump target.");
        }
        let jump = self.jump.as_deref().or(is_log.then_some("LOG"));
        let programs: &[&str] = match self.ip_version {
            Versions::Ipv4 => &["iptables"],
            Versions::Ipv6 => &["ip6tables"],
            Versions::Both => &["iptables", "ip6tables"],
        };
        let mut changed = false;
        let mut amended = Dict::new();
        if self.jump.is_none() && is_log {
            amended.insert("jump", "LOG");
        }
        for name in programs {
            let program = run::program(host.observe(), name)?;
            let wait = self.wait.as_deref().filter(|wait| !wait.is_empty());
            let wait = wait.filter(|_| can_wait(host, &program));
            if wait.is_none() {
                amended.insert("wait", Value::NONE);
            }
            let call = Call { module: self, host, check: options.check, program, wait, rule: self.rule(jump) };
            changed |= call.bring()?;
        }
        let state = if self.state == Presence::Present { "present" } else { "absent" };
        Ok(Dict::from([
            ("changed", Value::from(changed)),
            ("failed", false.into()),
            ("ip_version", self.ip_version.to_string().into()),
            ("table", self.table.as_str().into()),
            ("chain", self.chain.clone().into()),
            ("flush", self.flush.into()),
            ("rule", shown.into()),
            ("state", state.into()),
            ("chain_management", self.chain_management.into()),
            ("wait", self.wait.clone().into()),
            (AMENDED_KEY, amended.into()),
        ]))
    }
}

/// Waiting for the lock came with version 1.4.20.
fn can_wait(host: &dyn Host, program: &str) -> bool {
    let Ok(output) = run::asked(host.observe(), &Command::new([program, "--version"])) else { return false };
    let said = output.stdout_text();
    let version = said.split('v').nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap_or_default();
    let parts: Vec<u32> = version.split('.').map_while(|part| part.parse().ok()).collect();
    parts.as_slice() >= [1, 4, 20].as_slice()
}

impl Iptables {
    /// Values that say nothing.
    fn refuse_half(&self) -> Result<()> {
        let given =
            [("jump", &self.jump), ("comment", &self.comment), ("protocol", &self.protocol), ("source", &self.source)];
        if let Some((name, _)) = given.iter().find(|(_, value)| value.as_deref() == Some("")) {
            fail!("{name} must not be empty");
        }
        if self.icmp_type.is_some() && self.ip_version == Versions::Both {
            fail!("icmp_type has another option for each version of IP; use a task for each");
        }
        match &self.tcp_flags {
            Some(given) if given.flags.is_none() || given.flags_set.is_none() => {
                fail!("tcp_flags needs both flags and flags_set")
            }
            _ => Ok(()),
        }
    }
}

/// One run with one program.
struct Call<'a> {
    module: &'a Iptables,
    host: &'a dyn Host,
    check: bool,
    program: String,
    wait: Option<&'a str>,
    rule: Vec<String>,
}

impl Call<'_> {
    fn command(&self, words: &[&str]) -> Command {
        let first = [self.program.as_str(), "-t", &self.module.table];
        Command::new(first.into_iter().chain(words.iter().copied()))
    }

    fn chain(&self) -> &str {
        self.module.chain.as_deref().unwrap_or_default()
    }

    /// Change something, but for check mode.
    fn change(&self, words: &[&str]) -> Result<()> {
        if !self.check {
            run::successful(self.host, &self.command(words))?;
        }
        Ok(())
    }

    /// The words behind the chain.
    fn whole_rule(&self) -> Vec<String> {
        let wait = self.wait.map(|wait| ["-w".to_owned(), wait.to_owned()]);
        wait.into_iter().flatten().chain(self.rule.iter().cloned()).collect()
    }

    fn bring(&self) -> Result<bool> {
        let module = self.module;
        let chain = self.chain();
        if module.flush {
            let mut words = vec!["-F"];
            words.extend(module.chain.as_deref());
            self.change(&words)?;
            return Ok(true);
        }
        if let Some(policy) = &module.policy {
            let listing = if module.numeric { vec!["-L", chain, "--numeric"] } else { vec!["-L", chain] };
            let said = run::successful(self.host, &self.command(&listing))?.stdout_text();
            let first = said.lines().next().unwrap_or_default();
            let found = first.split_once("(policy ").and_then(|(_, rest)| rest.split([' ', ')']).next());
            let Some(found) = found.filter(|found| !found.is_empty()) else { fail!("Can't detect current policy") };
            let changed = found != policy;
            if changed {
                self.change(&["-P", chain, policy])?;
            }
            return Ok(changed);
        }
        if self.rule.is_empty() {
            return self.bring_chain();
        }
        let rule = self.whole_rule();
        let rule: Vec<&str> = rule.iter().map(String::as_str).collect();
        let with_rule = |words: &[&'static str]| -> Vec<String> {
            let mut all: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            all.push(chain.to_owned());
            all.extend(rule.iter().map(|word| (*word).to_owned()));
            all
        };
        let question = with_rule(&["-C"]);
        let question: Vec<&str> = question.iter().map(String::as_str).collect();
        let is_there = run::asked(self.host.observe(), &self.command(&question))?.success();
        let is_wanted = module.state == Presence::Present;
        if is_there == is_wanted {
            return Ok(false);
        }
        let mut words = match (is_wanted, module.action) {
            (false, _) => with_rule(&["-D"]),
            (true, Place::Append) => with_rule(&["-A"]),
            (true, Place::Insert) => with_rule(&["-I"]),
        };
        if let (true, Place::Insert, Some(number)) = (is_wanted, module.action, &module.rule_num) {
            words.insert(2, number.clone());
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.change(&words)?;
        Ok(true)
    }

    /// Without a rule it is about the chain.
    fn bring_chain(&self) -> Result<bool> {
        let module = self.module;
        let chain = self.chain();
        let listing = if module.numeric { vec!["-L", chain, "--numeric"] } else { vec!["-L", chain] };
        let is_there = run::asked(self.host.observe(), &self.command(&listing))?.success();
        let is_wanted = module.state == Presence::Present;
        if is_there == is_wanted {
            return Ok(false);
        }
        if module.chain_management {
            self.change(&[if is_wanted { "-N" } else { "-X" }, chain])?;
        }
        Ok(true)
    }
}
