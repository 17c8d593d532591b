use super::Machine;
use super::subset::{Gathered, select};
use churten_module::glob::matches;
use churten_module::prelude::*;
use std::time::Duration;

/// Gather facts about a host.
///
/// They are read from the kernel and from files, without Python, in a few milliseconds. Facts come as `ansible_facts`;
/// a fact that cannot be known is left out or says `NA`.
#[derive(Args)]
pub(crate) struct Setup {
    /// What to gather: `all`, `min`, or names of subsets or facts; with `!` before it, what not to gather. `!all` leaves
    /// the minimal subset, `!min` takes that away, too.
    #[arg(default = ["all"])]
    gather_subset: Vec<String>,
    /// Seconds that one program asked for facts may take.
    #[arg(default = 10)]
    gather_timeout: i64,
    /// Return only facts whose names match one of these patterns, with or without `ansible_` before them.
    #[arg(default = [])]
    filter: Vec<String>,
    /// A directory of files `*.fact`: JSON, INI, or programs that print either.
    #[arg(default = "/etc/ansible/facts.d")]
    fact_path: PathBuf,
}

impl Action for Setup {
    const NAME: &'static str = "setup";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, _options: &Options) -> Result<Dict> {
        let collectors = select(&self.gather_subset)?;
        let machine = Machine {
            host,
            fact_path: &self.fact_path,
            timeout: Duration::from_secs(u64::try_from(self.gather_timeout).unwrap_or(0).max(1)),
            python: std::cell::OnceCell::new(),
        };
        let mut gathered = Gathered::default();
        for collector in collectors {
            (collector.collect)(&machine, &mut gathered);
        }
        let mut facts = Dict::with_capacity(gathered.facts.len() + 2);
        for (name, value) in gathered.facts {
            let name = name.as_str().unwrap_or_default();
            let prefixed = format!("ansible_{name}");
            if self.wants(&prefixed) {
                facts.insert(prefixed, value);
            }
        }
        for (name, value) in gathered.foreign {
            if self.wants(name.as_str().unwrap_or_default()) {
                facts.insert(name, value);
            }
        }
        if self.wants("gather_subset") {
            facts.insert("gather_subset", self.gather_subset.clone());
        }
        if self.wants("module_setup") {
            facts.insert("module_setup", true);
        }
        let mut result = Dict::from([("ansible_facts", facts)]);
        if !gathered.warnings.is_empty() {
            result.insert("warnings", gathered.warnings);
        }
        Ok(result)
    }
}

impl Setup {
    fn wants(&self, name: &str) -> bool {
        self.filter.is_empty()
            || self.filter.iter().any(|pattern| {
                pattern.is_empty() || matches(pattern, name) || matches(&format!("ansible_{pattern}"), name)
            })
    }
}
