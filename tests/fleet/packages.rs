//! `apt` beside the Python module, each on a host of its own: what is said, and what is installed afterwards.

use crate::hosts::{Fleet, repository};
use crate::run::{Program, Run};

#[test]
fn as_the_python_module_does_it() {
    let Some(mut fleet) = Fleet::find("packages beside ansible-core") else { return };
    let Some(oracle) = churten_testing::Oracle::find() else { return };
    let oracle = Program::Oracle(oracle.program("ansible-playbook"));
    let hosts = fleet.of_kind("sshd");
    let inventories = vec![fleet.write("inventory/hosts.yml", &fleet.tool(&["inventory"]))];
    let playbook = repository().join("tests/fleet/playbooks/packages.yml");
    let mut runs = Vec::new();
    for (program, host) in [(oracle, &hosts[0]), (Program::Churten, &hosts[1])] {
        let options = vec!["--limit".to_owned(), host.clone()];
        let run = Run { fleet: &fleet, program, inventories: inventories.clone(), playbook: &playbook, options };
        let report = run.run(&[]);
        fleet.check(report.code == Some(0), || report.everything());
        let installed = fleet.shell(host, "dpkg-query -W -f '${Package} ${Version} ${Status}\\n'; ls /var/tmp");
        runs.push((without_times(&report.normalised().replace(host.as_str(), "HOST")), installed));
    }
    let (ours, theirs) = (&runs[1], &runs[0]);
    fleet.check(theirs.0.contains("Dependency is not satisfiable: no-such"), || theirs.0.clone());
    fleet.same("what is said of packages", &ours.0, &theirs.0);
    fleet.same("what is installed", &ours.1, &theirs.1);
}

/// The text without the age of apt's lists.
fn without_times(text: &str) -> String {
    let mut parts = text.split("\"cache_update_time\": ");
    let mut masked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        masked.push_str("\"cache_update_time\": TIME");
        masked.push_str(part.trim_start_matches(|letter: char| letter.is_ascii_digit()));
    }
    masked
}
