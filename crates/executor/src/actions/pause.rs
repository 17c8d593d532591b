//! `pause`: wait. Prompts are not there yet.

use super::fail::only;
use crate::task::Execution;
use churten_value::{Dict, Value};
use std::time::{Duration, Instant};

pub(crate) async fn run(arguments: &Dict) -> Execution {
    if let Err(refused) = only(arguments, "pause", &["minutes", "seconds", "prompt", "echo"]) {
        return *refused;
    }
    let number = |name: &str| arguments.get(name).and_then(|value| value.to_text().trim().parse::<f64>().ok());
    let seconds = match (number("minutes"), number("seconds")) {
        (Some(minutes), _) => minutes * 60.0,
        (None, Some(seconds)) => seconds,
        (None, None) => return Execution::refused("not yet supported by churten: pause with a prompt"),
    };
    let seconds = if (0.0..1e8).contains(&seconds) { seconds } else { 0.0 };
    let started = Instant::now();
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    let waited = started.elapsed().as_secs_f64();
    let result = Dict::from([
        ("changed", Value::from(false)),
        ("rc", 0.into()),
        ("stdout", format!("Paused for {seconds:?} seconds").into()),
        ("stderr", "".into()),
        ("delta", (waited as i64).into()),
        ("echo", true.into()),
        ("user_input", "".into()),
    ]);
    Execution::of(result)
}
