//! The words of a rule.

use super::{Iptables, Syn, Versions};

impl Iptables {
    /// The words, in the order in which upstream writes them: rules are compared as they are written.
    pub(super) fn rule(&self, jump: Option<&str>) -> Vec<String> {
        let mut rule = Rule::default();
        let has_match = |name: &str| self.matches.iter().any(|given| given == name);
        rule.option("-p", self.protocol.as_deref());
        rule.option("-s", self.source.as_deref());
        rule.option("-d", self.destination.as_deref());
        for name in &self.matches {
            rule.option("-m", Some(name));
        }
        if let Some((flags, set)) =
            self.tcp_flags.as_ref().and_then(|given| given.flags.as_ref().zip(given.flags_set.as_ref()))
        {
            rule.words(&["--tcp-flags", &flags.join(","), &set.join(",")]);
        }
        rule.option("-j", jump);
        if jump.is_some_and(|jump| jump.eq_ignore_ascii_case("tee")) {
            rule.option("--gateway", self.gateway.as_deref());
        }
        rule.option("--log-prefix", self.log_prefix.as_deref());
        rule.option("--log-level", self.log_level.as_deref());
        rule.option("--to-destination", self.to_destination.as_deref());
        if !self.destination_ports.is_empty() {
            rule.words(&["-m", "multiport", "--dports", &self.destination_ports.join(",")]);
        }
        rule.option("--to-source", self.to_source.as_deref());
        rule.option("-g", self.goto.as_deref());
        rule.option("-i", self.in_interface.as_deref());
        rule.option("-o", self.out_interface.as_deref());
        rule.option("-f", self.fragment.as_deref());
        rule.option("-c", self.set_counters.as_deref());
        rule.option("--source-port", self.source_port.as_deref());
        rule.option("--destination-port", self.destination_port.as_deref());
        rule.option("--to-ports", self.to_ports.as_deref());
        rule.option("--set-dscp", self.set_dscp_mark.as_deref());
        rule.option("--set-dscp-class", self.set_dscp_mark_class.as_deref());
        let marks = self.set_dscp_mark.is_some() || self.set_dscp_mark_class.is_some();
        if marks && !jump.is_some_and(|jump| jump.eq_ignore_ascii_case("dscp")) {
            rule.words(&["-j", "DSCP"]);
        }
        match self.syn {
            Syn::Ignore => {}
            Syn::Match => rule.words(&["--syn"]),
            Syn::Negate => rule.words(&["!", "--syn"]),
        }
        if !self.ctstate.is_empty() {
            let states = self.ctstate.join(",");
            if has_match("conntrack") {
                rule.words(&["--ctstate", &states]);
            } else if has_match("state") {
                rule.words(&["--state", &states]);
            } else {
                rule.words(&["-m", "conntrack", "--ctstate", &states]);
            }
        }
        if (self.src_range.is_some() || self.dst_range.is_some()) && !has_match("iprange") {
            rule.words(&["-m", "iprange"]);
        }
        rule.option("--src-range", self.src_range.as_deref());
        rule.option("--dst-range", self.dst_range.as_deref());
        if let Some(set) = &self.match_set {
            if !has_match("set") {
                rule.words(&["-m", "set"]);
            }
            rule.option("--match-set", Some(set));
            rule.words(&[self.match_set_flags.as_deref().unwrap_or_default()]);
        }
        if self.limit.is_some() || self.limit_burst.is_some() {
            rule.words(&["-m", "limit"]);
        }
        rule.option("--limit", self.limit.as_deref());
        rule.option("--limit-burst", self.limit_burst.as_deref());
        for (option, owner) in [("--uid-owner", &self.uid_owner), ("--gid-owner", &self.gid_owner)] {
            if owner.is_some() {
                rule.words(&["-m", "owner"]);
                rule.option(option, owner.as_deref());
            }
        }
        if self.reject_with.is_some() && jump.is_none() {
            rule.words(&["-j", "REJECT"]);
        }
        rule.option("--reject-with", self.reject_with.as_deref());
        let icmp = if self.ip_version == Versions::Ipv4 { "--icmp-type" } else { "--icmpv6-type" };
        rule.option(icmp, self.icmp_type.as_deref());
        if let Some(comment) = &self.comment {
            rule.words(&["-m", "comment", "--comment", comment]);
        }
        rule.0
    }
}

#[derive(Default)]
struct Rule(Vec<String>);

impl Rule {
    fn words(&mut self, words: &[&str]) {
        self.0.extend(words.iter().map(|word| (*word).to_owned()));
    }

    /// An option and its value, which `!` turns round.
    fn option(&mut self, option: &str, value: Option<&str>) {
        match value.map(|value| (value, value.strip_prefix('!'))) {
            None => {}
            Some((_, Some(value))) => self.words(&["!", option, value]),
            Some((value, None)) => self.words(&[option, value]),
        }
    }
}
