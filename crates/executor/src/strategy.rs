//! The strategies that churten has.

use churten_diagnostics::Report;

/// How the hosts of a batch go through a play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strategy {
    /// Every host finishes a task before any begins the next.
    Linear,
    /// Every host at its own pace.
    Free,
    /// Every host at its own pace, as many hosts as there are forks at a time.
    HostPinned,
    /// Like [`Linear`](Self::Linear), with the debugger after every failure.
    Debug,
}

impl Strategy {
    /// The strategy of a name.
    ///
    /// # Errors
    /// A strategy that is not there. Those of Mitogen are what they are named after: churten needs no Python to speed up.
    pub(crate) fn of(name: &str) -> Result<Self, Report> {
        match name.strip_prefix("ansible.builtin.").or_else(|| name.strip_prefix("ansible.legacy.")).unwrap_or(name) {
            "linear" => Ok(Self::Linear),
            "free" => Ok(Self::Free),
            "host_pinned" => Ok(Self::HostPinned),
            "debug" => Ok(Self::Debug),
            "mitogen" | "mitogen_linear" => Ok(Self::Linear),
            "mitogen_free" => Ok(Self::Free),
            "mitogen_host_pinned" => Ok(Self::HostPinned),
            _ => Err(Report::new(format!("Invalid play strategy specified: {name}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Strategy;

    #[test]
    fn strategies_have_short_and_full_names() {
        assert_eq!(Strategy::of("linear").ok(), Some(Strategy::Linear));
        assert_eq!(Strategy::of("ansible.builtin.free").ok(), Some(Strategy::Free));
        assert_eq!(Strategy::of("ansible.legacy.host_pinned").ok(), Some(Strategy::HostPinned));
        assert_eq!(Strategy::of("mitogen_linear").ok(), Some(Strategy::Linear));
        assert!(Strategy::of("other").is_err());
    }
}
