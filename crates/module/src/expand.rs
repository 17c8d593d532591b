//! `~` and `$VARIABLE` in paths, as Python's `os.path` expands them.

use crate::Observe;

/// `os.path.expanduser(os.path.expandvars(path))`.
pub fn expand(path: &str, host: &dyn Observe) -> String {
    expand_user(&expand_variables(path, host), host)
}

/// `$NAME` and `${NAME}`; unknown ones stay as they are.
pub fn expand_variables(text: &str, host: &dyn Observe) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let (name, consumed) = match after.strip_prefix('{') {
            Some(braced) => match braced.split_once('}') {
                Some((name, _)) => (name, name.len() + 2),
                None => ("", 0),
            },
            None => {
                let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
                after.split_at_checked(end).map_or(("", 0), |(name, _)| (name, end))
            }
        };
        match host.variable(name).filter(|_| !name.is_empty()) {
            Some(value) => out.push_str(&value),
            None => {
                out.push('$');
                out.push_str(after.get(..consumed).unwrap_or_default());
            }
        }
        rest = after.get(consumed..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// `~` and `~name` at the start; an unknown user stays.
pub fn expand_user(path: &str, host: &dyn Observe) -> String {
    let Some(rest) = path.strip_prefix('~') else { return path.to_owned() };
    let (name, rest) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    let home = if name.is_empty() {
        host.variable("HOME").or_else(|| host.user_by_id(host.identity().uid).map(|user| user.home))
    } else {
        host.user_by_name(name).map(|user| user.home)
    };
    match home {
        Some(home) => {
            let home = home.trim_end_matches('/');
            let joined = format!("{home}{rest}");
            if joined.is_empty() { "/".to_owned() } else { joined }
        }
        None => path.to_owned(),
    }
}
