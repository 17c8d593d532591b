//! Times loading, merging and selecting: `cargo run --release --example measure -- INVENTORY PATTERN`.

use churten_config::{LoadOptions as ConfigOptions, Settings};
use churten_inventory::{Inventory, LoadOptions, Pattern};
use churten_vault::Secrets;
use std::io::Write;
use std::sync::Arc;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let source = arguments.next().ok_or("an inventory")?;
    let pattern = arguments.next().unwrap_or_else(|| "all".to_owned());
    let mut out = std::io::stdout();
    let start = Instant::now();
    let settings = Settings::load(ConfigOptions::of_process())?;
    writeln!(out, "settings  {:?}", start.elapsed())?;
    let start = Instant::now();
    let options = LoadOptions {
        settings: &settings,
        secrets: Arc::new(Secrets::new()),
        python: None,
        extra_vars: Arc::default(),
        broken: None,
        facts: churten_inventory::CachedFacts::default(),
    };
    let inventory = Inventory::load(&[source], &options).map_err(|failure| failure.report)?.inventory;
    writeln!(out, "load      {:?}, {} hosts", start.elapsed(), inventory.hosts().count())?;
    let start = Instant::now();
    let selected = inventory.select(&Pattern::parse(&pattern)?, None)?;
    writeln!(out, "select    {:?}, {} hosts", start.elapsed(), selected.hosts.len())?;
    let start = Instant::now();
    let names: Vec<Arc<str>> = inventory.hosts().map(|host| host.name.clone()).collect();
    let mut variables = 0;
    for name in &names {
        variables += inventory.host_vars(name, &[])?.len();
    }
    writeln!(out, "host_vars {:?}, {variables} variables", start.elapsed())?;
    let start = Instant::now();
    let groups = inventory.groups_variable();
    let magic: usize = names.iter().map(|name| inventory.magic(name).len()).sum();
    writeln!(out, "magic     {:?}, {} {magic}", start.elapsed(), groups.as_dict().map_or(0, |groups| groups.len()))?;
    Ok(())
}
