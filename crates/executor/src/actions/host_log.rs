//! What the log of a host is told of the modules that run there.

use super::ActionContext;
use crate::task::Execution;
use churten_protocol::HostLog;
use churten_value::Value;

/// The facilities of syslog(3), by Python's names, in the order of their numbers. Three numbers have no name.
const FACILITIES: [&str; 24] = [
    "LOG_KERN",
    "LOG_USER",
    "LOG_MAIL",
    "LOG_DAEMON",
    "LOG_AUTH",
    "LOG_SYSLOG",
    "LOG_LPR",
    "LOG_NEWS",
    "LOG_UUCP",
    "LOG_CRON",
    "LOG_AUTHPRIV",
    "",
    "",
    "",
    "",
    "",
    "LOG_LOCAL0",
    "LOG_LOCAL1",
    "LOG_LOCAL2",
    "LOG_LOCAL3",
    "LOG_LOCAL4",
    "LOG_LOCAL5",
    "LOG_LOCAL6",
    "LOG_LOCAL7",
];
/// `LOG_USER`, which other names stand for, too.
const USER: u8 = 1;

/// A setting with the variables that it may be given by, which are no templates here.
fn setting(context: &ActionContext<'_>, name: &str) -> Result<Value, Box<Execution>> {
    let scope = context.target_scope();
    let found = context.engine.settings.get_with_variables(name, &|variable| scope.value(variable));
    found.map_err(|report| Box::new(Execution::failure(report)))
}

/// The task's `no_log`, or `DEFAULT_NO_TARGET_SYSLOG`.
pub(super) fn is_silent(context: &ActionContext<'_>) -> Result<bool, Box<Execution>> {
    Ok(context.attributes.no_log || setting(context, "DEFAULT_NO_TARGET_SYSLOG")?.is_truthy())
}

/// The name of the facility: the variable `ansible_syslog_facility`, or `DEFAULT_SYSLOG_FACILITY`.
pub(super) fn facility(context: &ActionContext<'_>) -> String {
    let of_host = context.target_scope().value("ansible_syslog_facility").map(|facility| facility.to_text());
    let settings = &context.engine.settings;
    of_host.unwrap_or_else(|| settings.text("DEFAULT_SYSLOG_FACILITY").unwrap_or("LOG_USER").to_owned())
}

/// `TARGET_LOG_INFO`.
pub(super) fn info(context: &ActionContext<'_>) -> Result<Option<String>, Box<Execution>> {
    let info = setting(context, "TARGET_LOG_INFO")?;
    Ok(Some(info).filter(Value::is_truthy).map(|info| info.to_text()))
}

/// How a native module's line is written.
pub(super) fn of(context: &ActionContext<'_>) -> Result<Option<HostLog>, Box<Execution>> {
    if is_silent(context)? {
        return Ok(None);
    }
    let name = facility(context);
    let number = FACILITIES.iter().position(|known| !known.is_empty() && *known == name);
    let facility = number.and_then(|number| u8::try_from(number).ok()).unwrap_or(USER);
    Ok(Some(HostLog { facility, info: info(context)?.unwrap_or_default() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facilities_have_the_numbers_of_syslog() {
        for (name, number) in [("LOG_USER", 1), ("LOG_AUTHPRIV", 10), ("LOG_LOCAL0", 16), ("LOG_LOCAL7", 23)] {
            assert_eq!(FACILITIES[number], name);
        }
        assert_eq!(FACILITIES[usize::from(USER)], "LOG_USER");
    }
}
