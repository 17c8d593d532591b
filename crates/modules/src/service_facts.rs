use churten_module::prelude::*;

/// Return the services of a host as the fact `services`.
///
/// Scripts are told by what `service --status-all` says of them, units by what systemd says.
#[derive(Args)]
pub(crate) struct ServiceFacts;

impl Action for ServiceFacts {
    const NAME: &'static str = "service_facts";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, _options: &Options) -> Result<Dict> {
        let mut services = Dict::new();
        scripts(host, &mut services);
        units(host, &mut services);
        if services.is_empty() {
            let msg = "Failed to find any services. This can be due to privileges or some other configuration issue.";
            return Ok(Dict::from([("skipped", Value::from(true)), ("msg", msg.into())]));
        }
        Ok(Dict::from([("ansible_facts", Dict::from([("services", services)]))]))
    }
}

fn output(host: &dyn Host, program: &str, arguments: &[&str]) -> Option<String> {
    let words = std::iter::once(program).chain(arguments.iter().copied());
    let output = host.query(&Command::new(words).plain_locale()).ok()?;
    Some(output.stdout_text())
}

/// Lines such as ` [ + ]  cron`; what is marked with `?` does not tell.
fn scripts(host: &dyn Host, services: &mut Dict) {
    if host.find_program("chkconfig", &[]).is_some() {
        return;
    }
    let Some(program) = host.find_program("service", &[]) else { return };
    let text = output(host, &program.display().to_string(), &["--status-all"]).unwrap_or_default();
    for line in text.lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let ["[", sign @ ("+" | "-"), "]", name] = fields.as_slice() else { continue };
        let state = if *sign == "+" { "running" } else { "stopped" };
        services.insert(*name, Dict::from([("name", *name), ("state", state), ("source", "sysv")]));
    }
}

/// States that the unit's file does not know better.
const BAD: &[&str] = &["not-found", "masked", "failed"];

fn units(host: &dyn Host, services: &mut Dict) {
    // systemd has booted the host, or nobody would answer.
    let booted = matches!(host.stat(Path::new("/run/systemd/system")), Ok(Some(_)));
    let Some(program) = host.find_program("systemctl", &[]).filter(|_| booted) else { return };
    let program = program.display().to_string();
    let list = |what: &str| {
        output(host, &program, &[what, "--no-pager", "--no-legend", "--type", "service", "--all"]).unwrap_or_default()
    };
    let unit = |name: &str, state: &str, status: &str| {
        Dict::from([("name", name), ("state", state), ("status", status), ("source", "systemd")])
    };
    for line in list("list-units").lines() {
        // A dot marks what has failed.
        let line = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '●' | '*' | '○' | '×'));
        let mut fields = line.split_whitespace();
        let (Some(name), Some(load), Some(active), Some(sub)) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        let state = if sub == "running" { "running" } else { "stopped" };
        let status = [load, active, sub].into_iter().find(|status| BAD.contains(status)).unwrap_or(active);
        services.insert(name, unit(name, state, status));
    }
    let files = list("list-unit-files");
    let files: Vec<(&str, &str)> = files
        .lines()
        .filter_map(|line| {
            let mut fields = line.split_whitespace();
            Some((fields.next()?, fields.next()?)).filter(|(name, _)| name.ends_with(".service"))
        })
        .collect();
    let mut unknown = Vec::new();
    for (name, status) in &files {
        match services.get_mut(name) {
            Some(service) => {
                let Some(entries) = service.as_dict() else { continue };
                if !entries.get("status").and_then(Value::as_str).is_some_and(|status| BAD.contains(&status)) {
                    let mut entries = entries.clone();
                    entries.insert("status", *status);
                    *service = entries.into();
                }
            }
            None => unknown.push((*name, *status)),
        }
    }
    let asked: Vec<&str> = unknown.iter().map(|(name, _)| *name).filter(|name| !name.contains("@.")).collect();
    let mut states = active_states(host, &program, &asked).into_iter();
    for (name, status) in unknown {
        let state = if name.contains("@.") { None } else { states.next() };
        services.insert(name, unit(name, state.as_deref().unwrap_or("unknown"), status));
    }
}

/// The `ActiveState` of each unit, asked for at once.
fn active_states(host: &dyn Host, program: &str, names: &[&str]) -> Vec<String> {
    if names.is_empty() {
        return Vec::new();
    }
    let mut arguments = vec!["show", "--property=ActiveState", "--"];
    arguments.extend(names);
    let text = output(host, program, &arguments).unwrap_or_default();
    text.lines().filter_map(|line| line.strip_prefix("ActiveState=").map(str::to_owned)).collect()
}
