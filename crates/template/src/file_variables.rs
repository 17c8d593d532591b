//! The variables that only template files see.

use crate::methods::timestamp::{from_epoch, strftime};
use crate::zone::offset;
use churten_value::{Data, Dict, Tags, Timestamp, Value};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

/// What a template file knows of itself: `template_host`, `template_path`, `template_fullpath`, `template_uid`,
/// `template_mtime`, `template_run_date` and `ansible_managed`. `source` is how the task named it, `managed` the setting
/// `DEFAULT_MANAGED_STR`.
pub fn file_variables(source: &str, path: &Path, managed: &str) -> Dict {
    let metadata = std::fs::metadata(path).ok();
    let owner = metadata.as_ref().map(|metadata| user_name(metadata.uid())).unwrap_or_default();
    let modified = metadata.as_ref().and_then(|metadata| metadata.modified().ok()).and_then(local_time);
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let moment = |time: &Option<Timestamp>| {
        time.as_ref().map_or(Value::NONE, |time| Data::Timestamp(Arc::new(time.clone())).into())
    };
    Dict::from([
        ("template_host", Value::from(host_name())),
        ("template_path", source.into()),
        ("template_fullpath", full.display().to_string().into()),
        // Where it goes is known to the action alone.
        ("template_destpath", Value::NONE),
        ("template_uid", owner.into()),
        ("template_run_date", moment(&local_time(SystemTime::now()))),
        ("ansible_managed", managed_text(managed, modified.as_ref())),
        ("template_mtime", moment(&modified)),
    ])
}

/// The text of `ansible_managed`: `{host}`, `{uid}` and `{file}` of Python's `str.format` stand for the template's variables,
/// and what is left is a format of the file's time. The result is a template.
fn managed_text(format: &str, modified: Option<&Timestamp>) -> Value {
    let mut text = String::new();
    let mut rest = format;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, after) = rest.split_at(at);
        text.push_str(before);
        let fields = [
            ("{{", "{"),
            ("}}", "}"),
            ("{host}", "{{ template_host }}"),
            ("{uid}", "{{ template_uid }}"),
            ("{file}", "{{ template_path }}"),
        ];
        let found = fields.into_iter().find_map(|(field, what)| Some((after.strip_prefix(field)?, what)));
        // Anything else in braces is no field of this text, and stays.
        let (after, what) =
            found.unwrap_or_else(|| (after.get(1..).unwrap_or_default(), after.get(..1).unwrap_or_default()));
        text.push_str(what);
        rest = after;
    }
    text.push_str(rest);
    let text = modified.map_or_else(|| text.clone(), |time| strftime(time, &text));
    Value::str(text).with_tags(Tags::NONE.trust(true))
}

/// The node name of this machine.
fn host_name() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname").map(|name| name.trim().to_owned()).unwrap_or_default()
}

/// The name of a user of this machine; the number when it has no name.
pub fn user_name(uid: u32) -> String {
    let number = uid.to_string();
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let mut users = passwd.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let found = users.find(|fields| fields.get(2) == Some(&number.as_str()));
    found.and_then(|fields| fields.first().map(|name| (*name).to_owned())).unwrap_or(number)
}

/// A moment as the clocks of this machine show it; `None` when it is before 1970.
fn local_time(moment: SystemTime) -> Option<Timestamp> {
    let since = moment.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let seconds = i64::try_from(since.as_secs()).ok()?;
    Some(from_epoch(seconds, since.subsec_micros(), offset(seconds), false))
}

#[cfg(test)]
mod tests {
    use super::managed_text;
    use churten_value::{TimeOfDay, Timestamp};

    #[test]
    fn managed_texts_are_formats() {
        let time = TimeOfDay { hour: 5, minute: 6, second: 7, microsecond: 0, offset: None };
        let time = Timestamp { year: 2024, month: 2, day: 3, time: Some(time) };
        let text = |format: &str| managed_text(format, Some(&time)).to_text();
        assert_eq!(text("Ansible managed"), "Ansible managed");
        assert_eq!(
            text("{file} on %Y-%m-%d %H:%M:%S by {uid} on {host}"),
            "{{ template_path }} on 2024-02-03 05:06:07 by {{ template_uid }} on {{ template_host }}"
        );
        assert_eq!(text("{{{{ 1 }}}} {{a}} {x}"), "{{ 1 }} {a} {x}");
    }
}
