//! Runs one module on this machine: `run_module NAME [JSON arguments] [check]` prints its result as JSON.

use churten_module::{LocalHost, Options};
use churten_value::{JsonStyle, Value, from_json};
use std::io::Write as _;

fn main() -> Result<(), String> {
    let mut words = std::env::args().skip(1);
    let name = words.next().ok_or("which module?")?;
    let arguments = from_json(&words.next().unwrap_or_else(|| "{}".into())).map_err(|error| format!("{error:?}"))?;
    let options = Options { check: words.next().as_deref() == Some("check"), ..Options::default() };
    let module = churten_modules::find(&name).ok_or("no such module")?;
    let arguments = arguments.as_dict().ok_or("arguments are a mapping")?;
    let started = std::time::Instant::now();
    let result = module.run(&LocalHost::new(), arguments, &options);
    let took = started.elapsed();
    let text = Value::from(result).to_json(JsonStyle::PLAIN);
    writeln!(std::io::stdout(), "{text}").map_err(|error| error.to_string())?;
    writeln!(std::io::stderr(), "{took:?}").map_err(|error| error.to_string())
}
