//! The internal log: for whoever debugs churten, never part of what a user is told.

use churten_diagnostics::Report;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// The environment variable that turns the log on.
const VARIABLE: &str = "CHURTEN_LOG";

/// Writes events to stderr as `CHURTEN_LOG` asks: a level (`debug`) or levels by crate (`churten_connection=trace,warn`).
/// Without it nothing is installed.
///
/// # Errors
///
/// A value that is not such a list.
pub(crate) fn start() -> Result<(), Report> {
    let Some(asked) = std::env::var_os(VARIABLE).filter(|value| !value.is_empty()) else { return Ok(()) };
    let asked = asked.to_string_lossy();
    let targets: Targets = asked.parse().map_err(|error| Report::new(format!("{VARIABLE}={asked}: {error}")))?;
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    tracing_subscriber::registry().with(targets).with(lines).init();
    Ok(())
}
