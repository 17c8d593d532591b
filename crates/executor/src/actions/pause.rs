//! `pause`: wait for some time, or for the user. It runs once, on the first host.

use super::{ActionContext, declared};
use crate::controller::local_time;
use crate::event::Event;
use crate::play::task_name;
use crate::question::Form;
use crate::task::{Execution, PLAIN_OUTPUT, integer_of};
use churten_module::Args;
use churten_value::{Data, Dict, Repr, Value};
use std::time::{Duration, Instant, SystemTime};

/// How a wait is ended early.
const WAYS_OUT: &str = "(ctrl+C then 'C' = continue early, ctrl+C then 'A' = abort)\r";

/// The arguments.
#[derive(Args)]
#[args(exclusive("minutes", "seconds"))]
struct Pause {
    /// Show what is typed.
    #[arg(default = true)]
    echo: bool,
    /// How many minutes to wait.
    minutes: Option<Value>,
    /// What to show.
    prompt: Option<String>,
    /// How many seconds to wait.
    seconds: Option<Value>,
}

impl Pause {
    /// How many seconds to wait, at least one; `None` is for ever.
    fn limit(&self) -> Result<Option<u64>, String> {
        let minutes = integer("minutes", self.minutes.as_ref())?.map(|minutes| minutes.saturating_mul(60));
        let limit = integer("seconds", self.seconds.as_ref())?.or(minutes);
        Ok(limit.map(|seconds| u64::try_from(seconds).unwrap_or(0).max(1)))
    }
}

/// Python's `int()`, which takes more than arguments of modules do.
fn integer(name: &str, value: Option<&Value>) -> Result<Option<i64>, String> {
    let Some(value) = value else { return Ok(None) };
    let reason = match &value.data {
        Data::Bool(flag) => return Ok(Some(i64::from(*flag))),
        Data::Float(number) => return Ok(Some(*number as i64)),
        Data::Int(_) | Data::Str(_) => match integer_of(value) {
            Some(number) => return Ok(Some(number)),
            None => format!("invalid literal for int() with base 10: {}", Repr(value)),
        },
        _ => {
            let kind = match value.data {
                Data::List(_) => "_AnsibleTaggedList",
                Data::Dict(_) => "_AnsibleTaggedDict",
                _ => value.type_name(),
            };
            format!("int() argument must be a string, a bytes-like object or a real number, not '{kind}'")
        }
    };
    let kind = value.type_name();
    Err(format!("argument '{name}' is of type {kind} and we were unable to convert to int: {reason}"))
}

pub(crate) async fn run(context: &ActionContext<'_>, arguments: &Dict) -> Execution {
    let pause = match declared::read::<Pause>(context, arguments, "pause") {
        Ok(pause) => pause,
        Err(message) => return Execution::refused(message),
    };
    let limit = match pause.limit() {
        Ok(limit) => limit,
        Err(message) => return Execution::refused(message),
    };
    let started = (SystemTime::now(), Instant::now());
    let mut result = Dict::from([("changed", Value::from(false)), ("rc", 0.into()), ("stderr", "".into())]);
    result.insert(PLAIN_OUTPUT, true);
    let hidden = if pause.echo { "" } else { " (output is hidden)" };
    if let Some(seconds) = limit {
        show(context, &format!("Pausing for {seconds} seconds{hidden}"));
        if pause.prompt.as_deref().is_some_and(|prompt| !prompt.is_empty()) {
            show(context, WAYS_OUT);
        }
    }
    let name = task_name(context.engine, context.task, context.scope);
    let prompt = match (pause.prompt.as_deref().filter(|prompt| !prompt.is_empty()), limit) {
        (Some(prompt), _) => format!("[{name}]\n{prompt}{hidden}:"),
        (None, Some(_)) => WAYS_OUT.to_owned(),
        (None, None) => format!("[{name}]\nPress enter to continue, Ctrl+C to interrupt{hidden}:"),
    };
    let answer = match (context.engine.options.interactive, limit) {
        (true, limit) => {
            let form = Form::Pause { limit: limit.map(Duration::from_secs), echo: pause.echo };
            context.ask(prompt, form).await
        }
        (false, Some(seconds)) => {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            Ok(String::new().into())
        }
        (false, None) => {
            let warning = "Not waiting for response to prompt as stdin is not interactive";
            result.insert("warnings", vec![warning.to_owned()]);
            Ok(String::new().into())
        }
    };
    let answer = match answer {
        Ok(answer) => answer,
        Err(report) => return Execution::failure(report),
    };
    let waited = started.1.elapsed().as_secs_f64();
    let (amount, unit) = if pause.seconds.is_some() { (waited, "seconds") } else { (waited / 60.0, "minutes") };
    let amount = Value::from((amount * 100.0).round() / 100.0).to_text();
    result.insert("stdout", format!("Paused for {amount} {unit}"));
    result.insert("start", local_time(Some(started.0)).to_text());
    result.insert("stop", local_time(Some(SystemTime::now())).to_text());
    result.insert("delta", waited as i64);
    result.insert("echo", pause.echo);
    result.insert("user_input", answer.as_str());
    Execution::of(result)
}

fn show(context: &ActionContext<'_>, text: &str) {
    context.tell(Event::Text(format!("{text}\n")));
}
