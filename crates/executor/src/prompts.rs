//! `vars_prompt`: variables that the user is asked for when a play begins.

use crate::engine::Engine;
use crate::event::Event;
use churten_diagnostics::{ErrorKind, Report};
use churten_playbook::{Play, VarsPrompt};
use churten_value::{Dict, Tags, Value};
use std::sync::Arc;
use zeroize::Zeroizing;

/// What a variable has without an answer and without a default: Python's `None` as text.
const NOTHING: &str = "None";

/// Ask for the variables of a play; those that extra vars give are not asked for.
pub(crate) async fn ask(engine: &Engine, play: &Play) -> Result<(), Report> {
    let mut answers = Dict::new();
    for prompt in &play.vars_prompt {
        if engine.variables.extra().contains(&prompt.name) {
            continue;
        }
        let options = rendered(engine, play, prompt)?;
        let text = one(engine, &prompt.name, &options).await?;
        let is_unsafe = flag(&options, "unsafe", false)?;
        let tags = if is_unsafe { Tags::NONE } else { Tags::NONE.trust(true) };
        answers.insert(prompt.name.clone(), Value::str(text.as_str()).with_tags(tags));
    }
    engine.set_prompted(play, answers);
    Ok(())
}

/// Where nothing is run nobody is asked: the variables have their defaults.
pub(crate) fn assume(engine: &Engine, play: &Play) -> Result<(), Report> {
    let mut answers = Dict::new();
    for prompt in &play.vars_prompt {
        let options = rendered(engine, play, prompt)?;
        answers.insert(prompt.name.clone(), options.get("default").cloned().unwrap_or_default());
    }
    engine.set_prompted(play, answers);
    Ok(())
}

fn rendered(engine: &Engine, play: &Play, prompt: &VarsPrompt) -> Result<Dict, Report> {
    let rendered = engine.templar.render(&Value::dict(prompt.options.clone()), &engine.play_scope(play))?;
    Ok(rendered.as_dict().cloned().unwrap_or_default())
}

/// The text of one variable.
async fn one(engine: &Engine, name: &str, options: &Dict) -> Result<Zeroizing<String>, Report> {
    let given = |key: &str| options.get(key).filter(|value| !value.is_none());
    let default = given("default");
    let answer = if engine.options.interactive {
        let label = given("prompt").map_or_else(|| name.to_owned(), Value::to_text);
        let prompt = match (label.is_empty(), default) {
            (true, _) => format!("input for {name}: "),
            (false, Some(default)) => format!("{label} [{}]: ", default.to_text()),
            (false, None) => format!("{label}: "),
        };
        dialogue(engine, &prompt, flag(options, "private", true)?, flag(options, "confirm", false)?).await?
    } else {
        engine.warn("Not prompting as we are not in interactive mode".into());
        Zeroizing::new(String::new())
    };
    let nothing = answer.is_empty() && default.is_none() && !engine.options.interactive;
    let text = match default {
        Some(default) if answer.is_empty() => Zeroizing::new(default.to_text()),
        None if nothing => Zeroizing::new(NOTHING.to_owned()),
        _ => answer,
    };
    match given("encrypt") {
        Some(_) if nothing => {
            let message = "Unexpected Exception, this is probably a bug: secret must be unicode or bytes, not None";
            Err(Report::new(message).kind(ErrorKind::Unexpected))
        }
        Some(scheme) => encrypted(engine, &text, scheme, options),
        None => Ok(text),
    }
}

/// Ask, and with `confirm` ask again until both answers are the same.
async fn dialogue(engine: &Engine, prompt: &str, private: bool, confirm: bool) -> Result<Zeroizing<String>, Report> {
    loop {
        let answer = engine.ask(prompt.to_owned(), private).await?;
        if !confirm {
            return Ok(answer);
        }
        let again = engine.ask(format!("confirm {prompt}"), private).await?;
        if answer == again {
            return Ok(answer);
        }
        engine.emit(Event::Text("***** VALUES ENTERED DO NOT MATCH ****".into()));
    }
}

/// `encrypt`, `salt`, `salt_size`: what `password_hash` makes of the text.
fn encrypted(
    engine: &Engine,
    text: &Zeroizing<String>,
    scheme: &Value,
    options: &Dict,
) -> Result<Zeroizing<String>, Report> {
    let option = |name: &str| options.get(name).cloned().unwrap_or_default();
    let scope = Dict::from([
        ("text", Value::str(text.as_str())),
        ("scheme", scheme.clone()),
        ("salt", option("salt")),
        ("salt_size", option("salt_size")),
    ]);
    let expression = "{{ text | password_hash(scheme, salt=salt, salt_size=salt_size) }}";
    let hashed = engine.templar.render(&Value::str(expression).with_tags(Tags::NONE.trust(true)), &scope)?;
    Ok(Zeroizing::new(hashed.to_text()))
}

fn flag(options: &Dict, name: &str, default: bool) -> Result<bool, Report> {
    match options.get(name).filter(|value| !value.is_none()) {
        None => Ok(default),
        Some(value) => crate::task::to_boolean(value).ok_or_else(|| {
            Report::new(format!("The value '{}' of '{name}' in vars_prompt is not a valid boolean.", value.to_text()))
                .at(value.origin())
        }),
    }
}

/// What was asked for, by play.
pub(crate) type Prompted = std::collections::HashMap<u64, Arc<Dict>>;
