//! Whole runs over SSH on real hosts: predictions come true, the second run changes nothing, ansible-core does the
//! same, lost and refused connections are told host by host.
//!
//! `CHURTEN_FLEET` names the tool of `tests/fleet`, which has at least three sshd hosts, one with systemd and one with
//! busybox up; without it nothing is tested. `CHURTEN_ORACLE` adds the comparison with ansible-core.

#[path = "fleet/batching.rs"]
mod batching;
#[path = "fleet/connections.rs"]
mod connections;
#[path = "fleet/faults.rs"]
mod faults;
#[path = "fleet/hosts.rs"]
mod hosts;
#[path = "fleet/injected.rs"]
mod injected;
#[path = "fleet/injection.rs"]
mod injection;
#[path = "fleet/logged.rs"]
mod logged;
#[path = "fleet/output.rs"]
mod output;
#[path = "fleet/packages.rs"]
mod packages;
#[path = "fleet/profile.rs"]
mod profile;
#[path = "fleet/python.rs"]
mod python;
#[path = "fleet/run.rs"]
mod run;
#[path = "fleet/site.rs"]
mod site;
