//! The `package_facts` module.

mod alpine;
mod debian;
mod rpm;

use churten_module::prelude::*;

/// What packages are installed, as the fact `packages`.
#[derive(Args)]
pub(crate) struct PackageFacts {
    /// The package managers to ask; `auto` means all that are known.
    #[arg(default = ["auto"])]
    manager: Vec<String>,
    /// Ask the first that has packages, or all.
    #[arg(default = "first")]
    strategy: Strategy,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Strategy {
    First,
    All,
}

/// The managers that `auto` means, in the order they are tried.
const MANAGERS: [&str; 7] = ["rpm", "apt", "portage", "pkg", "pacman", "apk", "pkg_info"];

/// Names that `ansible_pkg_mgr` may have, and what they mean here.
const ALIASES: [(&str, &str); 7] = [
    ("yum", "rpm"),
    ("dnf", "rpm"),
    ("dnf5", "rpm"),
    ("zypper", "rpm"),
    ("openbsd_pkg", "pkg_info"),
    ("pkg5", "pkg"),
    ("pkgng", "pkg"),
];

/// What one manager says.
enum Answer {
    /// Packages by name, each with its installed versions.
    Packages(Dict),
    /// It is there, and has none.
    None,
    /// It is not there.
    Unusable(String),
    /// It is there and does not answer.
    Failed(String),
}

impl Action for PackageFacts {
    const NAME: &'static str = "package_facts";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, _options: &Options) -> Result<Dict> {
        let mut names: Vec<String> = self.manager.iter().map(|name| name.to_lowercase()).collect();
        let is_auto = names.iter().any(|name| name == "auto");
        if is_auto {
            names.extend(MANAGERS.map(str::to_owned));
            names.retain(|name| name != "auto");
        }
        let meant = |name: &str| {
            let alias = ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, meant)| *meant);
            alias.or_else(|| MANAGERS.into_iter().find(|known| *known == name))
        };
        let unknown: Vec<&str> = names.iter().map(String::as_str).filter(|name| meant(name).is_none()).collect();
        if !unknown.is_empty() {
            fail!("Unsupported package managers requested: {}", unknown.join(", "));
        }
        let (mut found, mut packages, mut seen, mut warnings) = (false, Dict::new(), Vec::new(), Vec::new());
        for name in names.iter().filter_map(|name| meant(name)) {
            if seen.contains(&name) || found && self.strategy == Strategy::First {
                continue;
            }
            seen.push(name);
            match ask(host.observe(), name) {
                Answer::Packages(more) => {
                    found = true;
                    packages.extend_from(&more);
                }
                Answer::None => warnings.push(nothing(name)),
                Answer::Failed(reason) => {
                    warnings.push(format!("Failed to retrieve packages with {name}: {reason}"));
                    warnings.push(nothing(name));
                }
                // Of those that are only looked for nothing is said.
                Answer::Unusable(_) if is_auto => {}
                Answer::Unusable(reason) => {
                    warnings.push(format!("Requested package manager {name} was not usable by this module: {reason}"));
                }
            }
        }
        if !found {
            let listed: Value = names.into();
            let failure = Failure::new(format!(
                "Could not detect a supported package manager from the following list: {}, or the required Python \
                 library is not installed. Check warnings for details.",
                listed.to_text()
            ));
            return Err(if warnings.is_empty() { failure } else { failure.with("warnings", warnings) });
        }
        let mut result = Dict::from([("ansible_facts", Dict::from([("packages", packages)]))]);
        if !warnings.is_empty() {
            result.insert("warnings", warnings);
        }
        Ok(result)
    }
}

fn nothing(manager: &str) -> String {
    format!("Found \"{manager}\" but no associated packages")
}

fn ask(host: &dyn Observe, manager: &str) -> Answer {
    let program = |name: &str| host.require_program(name, &[]).map(|path| path.display().to_string());
    let answered = match manager {
        "apt" if matches!(host.stat(Path::new(debian::STATUS)), Ok(Some(_))) => debian::packages(host),
        "apt" => return Answer::Unusable(format!("there is no {}", debian::STATUS)),
        "rpm" => match program("rpm") {
            Ok(program) => rpm::packages(host, &program),
            Err(failure) => return Answer::Unusable(failure.msg),
        },
        "apk" => match program("apk") {
            Ok(program) => alpine::packages(host, &program),
            Err(failure) => return Answer::Unusable(failure.msg),
        },
        _ => return Answer::Unusable(Failure::not_yet(format!("the packages of {manager}")).msg),
    };
    match answered {
        Ok(packages) if packages.is_empty() => Answer::None,
        Ok(packages) => Answer::Packages(by_name(packages)),
        Err(failure) => Answer::Failed(failure.msg),
    }
}

/// What a program lists, a package a line.
fn listed(host: &dyn Observe, command: &Command) -> Result<String> {
    let output = host.query(command).map_err(|error| Failure::could_not_run(&command.program, &error))?;
    if !output.success() {
        fail!("Unable to list packages rc={} : {}", output.code, output.stderr_text());
    }
    Ok(output.stdout_text())
}

/// Packages under their names, in the order given.
fn by_name(packages: Vec<Dict>) -> Dict {
    let mut found: Vec<(String, Vec<Value>)> = Vec::new();
    for package in packages {
        let name = package.get("name").map(Value::to_text).unwrap_or_default();
        match found.last_mut().filter(|(last, _)| *last == name) {
            Some((_, versions)) => versions.push(package.into()),
            None => found.push((name, vec![package.into()])),
        }
    }
    found.into_iter().map(|(name, versions)| (Value::from(name), Value::list(versions))).collect()
}
