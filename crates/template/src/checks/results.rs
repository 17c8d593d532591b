//! Tests of a registered result.

use super::Check;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::val::{Dictionary, Val};
use std::rc::Rc;

pub(super) const TABLE: &[Check] = &[
    Check::new("change", changed),
    Check::new("changed", changed),
    Check::new("failed", failed),
    Check::new("failure", failed),
    Check::new("finished", finished),
    Check::new("reachable", reachable),
    Check::new("skip", skipped),
    Check::new("skipped", skipped),
    Check::new("started", started),
    Check::new("succeeded", succeeded),
    Check::new("success", succeeded),
    Check::new("successful", succeeded),
    Check::new("timedout", timed_out),
    Check::new("unreachable", unreachable),
];

fn result(call: &mut Call<'_, '_>, name: &str) -> Outcome<Rc<Dictionary>> {
    let [value] = call.bind(name, ["result"], 1)?;
    match call.session.mapping(&value.unwrap_or(Val::None)) {
        Some(result) => Ok(result),
        None => Err(Fault::python(format!("The '{name}' test expects a dictionary"))),
    }
}

fn flag(call: &Call<'_, '_>, result: &Dictionary, key: &str) -> Outcome<bool> {
    match result.get_text(key) {
        Some(slot) => call.session.slot(&slot).truth(),
        None => Ok(false),
    }
}

fn failed(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let result = result(call, "failed")?;
    flag(call, &result, "failed")
}

fn succeeded(call: &mut Call<'_, '_>) -> Outcome<bool> {
    // The message names the test this one is the opposite of.
    let result = result(call, "failed")?;
    Ok(!flag(call, &result, "failed")?)
}

fn skipped(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let result = result(call, "skipped")?;
    flag(call, &result, "skipped")
}

fn unreachable(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let result = result(call, "unreachable")?;
    flag(call, &result, "unreachable")
}

fn reachable(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let result = result(call, "unreachable")?;
    Ok(!flag(call, &result, "unreachable")?)
}

/// Without `changed` of its own, a loop's result has changed when one of its items has.
fn changed(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let result = result(call, "changed")?;
    if result.get_text("changed").is_some() {
        return flag(call, &result, "changed");
    }
    let Some(results) = result.get_text("results") else { return Ok(false) };
    let Val::List(items) = call.session.slot(&results) else { return Ok(false) };
    for item in call.items(&Val::List(items))? {
        if let Some(item) = call.session.mapping(&item)
            && flag(call, &item, "changed")?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn asynchronous(call: &mut Call<'_, '_>, name: &str, default: bool) -> Outcome<bool> {
    let result = result(call, name)?;
    if result.get_text(name).is_some() {
        return flag(call, &result, name);
    }
    Ok(default)
}

fn started(call: &mut Call<'_, '_>) -> Outcome<bool> {
    asynchronous(call, "started", true)
}

fn finished(call: &mut Call<'_, '_>) -> Outcome<bool> {
    asynchronous(call, "finished", true)
}

fn timed_out(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let result = result(call, "timedout")?;
    let Some(slot) = result.get_text("timedout") else { return Ok(false) };
    match call.session.slot(&slot) {
        Val::Dict(timed_out) => flag(call, &timed_out, "period"),
        value => value.truth(),
    }
}
