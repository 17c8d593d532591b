//! What other gatherers of facts say, where they are installed: facter and ohai.

use super::Machine;
use super::subset::Gathered;
use churten_value::from_json;

/// Where Puppet's packages put their programs.
const PUPPET: &str = "/opt/puppetlabs/bin";

pub(super) fn facter(machine: &Machine<'_>, gathered: &mut Gathered) {
    let find = |name| machine.host.find_program(name, &[PUPPET]).map(|path| path.display().to_string());
    let Some(program) = find("cfacter").or_else(|| find("facter")) else { return };
    // With Puppet's own facts, where Puppet is there, too.
    let said = machine.output(&program, &["--puppet", "--json"]).or_else(|| machine.output(&program, &["--json"]));
    add(gathered, "facter", said.as_deref().unwrap_or_default());
}

pub(super) fn ohai(machine: &Machine<'_>, gathered: &mut Gathered) {
    if machine.host.find_program("ohai", &[]).is_none() {
        return;
    }
    let said = machine.output("ohai", &[]);
    if !said.is_some_and(|said| add(gathered, "ohai", &said)) {
        gathered.warnings.push("Failed to gather ohai facts".to_owned());
    }
}

/// Add facts under the name of the program that told them; false when they are none.
fn add(gathered: &mut Gathered, name: &str, said: &str) -> bool {
    let Ok(told) = from_json(said) else { return false };
    let Some(facts) = told.as_dict() else { return false };
    for (key, value) in facts {
        gathered.foreign.insert(format!("{name}_{}", key.to_text()), value.clone());
    }
    true
}
