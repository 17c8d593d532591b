use super::script::ScriptedService;
use crate::setup::service_manager::service_manager;
use crate::systemd::Systemd;
use churten_module::prelude::*;
use churten_module::{Custom, Module};

/// Manage services, whatever manages them on the host.
///
/// Where that is systemd, this is `systemd`; elsewhere the host's own tools are used: `service`, OpenRC, scripts in
/// `/etc/init.d`.
#[derive(Args)]
#[expect(dead_code, reason = "the declaration of both kinds; each module that does the work has its own")]
pub(crate) struct Service {
    /// The arguments of a service that is no unit of systemd.
    #[arg(flatten)]
    scripted: ScriptedService,
    /// The manager to use instead of the host's own.
    #[arg(name = "use", default = "auto")]
    manager: String,
}

/// Arguments that mean nothing to systemd.
const NOT_FOR_SYSTEMD: &[&str] = &["pattern", "runlevel", "sleep", "arguments", "args"];

impl Custom for Service {
    const NAME: &'static str = "service";

    fn run(host: &dyn Host, arguments: &Dict, options: &Options) -> Dict {
        let mut arguments = arguments.clone();
        let wanted = arguments.remove("use").map(|name| name.to_text()).unwrap_or_default();
        let manager = match wanted.as_str() {
            "" | "auto" => service_manager(host.observe()),
            _ => wanted,
        };
        let short = manager.rsplit('.').next().unwrap_or_default();
        if !matches!(short, "systemd" | "systemd_service") {
            let options = Options { module_name: "ansible.legacy.service".into(), ..options.clone() };
            return Module::action::<ScriptedService>().run(host, &arguments, &options);
        }
        let mut warnings = Vec::new();
        for name in NOT_FOR_SYSTEMD {
            if arguments.remove(name).is_some() {
                warnings.push(Value::from(format!("Ignoring \"{name}\" as it is not used in \"{short}\"")));
            }
        }
        let options = Options { module_name: "ansible.legacy.systemd".into(), ..options.clone() };
        let mut result = Module::action::<Systemd>().run(host, &arguments, &options);
        if !warnings.is_empty() {
            warnings.extend(
                result.remove("warnings").and_then(|own| own.as_list().map(<[Value]>::to_vec)).unwrap_or_default(),
            );
            result.insert("warnings", Value::list(warnings));
        }
        result
    }
}
