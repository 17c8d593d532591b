//! Which program manages services.

use super::Machine;
use super::subset::Gathered;
use churten_module::prelude::*;

pub(super) fn collect(machine: &Machine<'_>, gathered: &mut Gathered) {
    gathered.insert("service_mgr", service_manager(machine.host.observe()));
}

/// The manager's name as `ansible_service_mgr` tells it.
pub(crate) fn service_manager(host: &dyn Observe) -> String {
    let first = host.read_bounded(Path::new("/proc/1/comm"), 4096).unwrap_or_default();
    let first = String::from_utf8_lossy(&first).trim().to_owned();
    let first = first.rsplit('/').next().unwrap_or_default();
    match first {
        "procd" => return "openwrt_init".to_owned(),
        "runit-init" => return "runit".to_owned(),
        "svscan" => return "svc".to_owned(),
        "openrc-init" => return "openrc".to_owned(),
        // A name that does not tell: a shell in a container, or an `init` that many have.
        "" | "init" => {}
        name if name.ends_with("sh") => {}
        name => return name.to_owned(),
    }
    let exists = |path: &str| matches!(host.stat(Path::new(path)), Ok(Some(_)));
    let initctl = || host.find_program("initctl", &[]).is_some();
    if runs_systemd(host) {
        "systemd"
    } else if initctl() && exists("/etc/init/") {
        "upstart"
    } else if exists("/sbin/openrc") {
        "openrc"
    } else if is_systemd_offline(host) {
        "systemd"
    } else if exists("/etc/init.d/") {
        "sysvinit"
    } else if exists("/etc/dinit.d/") {
        "dinit"
    } else {
        "service"
    }
    .to_owned()
}

/// True when systemd has booted the host.
pub(crate) fn runs_systemd(host: &dyn Observe) -> bool {
    host.find_program("systemctl", &[]).is_some()
        && ["/run/systemd/system/", "/dev/.run/systemd/", "/dev/.systemd/"]
            .iter()
            .any(|path| matches!(host.stat(Path::new(path)), Ok(Some(_))))
}

/// True when systemd would boot the host.
fn is_systemd_offline(host: &dyn Observe) -> bool {
    host.find_program("systemctl", &[]).is_some()
        && host
            .read_link(Path::new("/sbin/init"))
            .is_ok_and(|target| target.file_name().is_some_and(|name| name == "systemd"))
}

/// The version of systemd and what it was built with, where it runs.
pub(super) fn systemd(machine: &Machine<'_>, gathered: &mut Gathered) {
    if !runs_systemd(machine.host.observe()) {
        return;
    }
    let Some(text) = machine.output("systemctl", &["--version"]) else { return };
    let mut lines = text.lines();
    let version = lines.next().and_then(|line| line.split_whitespace().nth(1)?.parse::<i64>().ok());
    let Some(version) = version else { return };
    let features = lines.next().unwrap_or_default();
    gathered.insert("systemd", Dict::from([("version", Value::from(version)), ("features", features.into())]));
}
