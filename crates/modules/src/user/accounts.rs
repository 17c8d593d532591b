//! What the account files say beyond the user and group databases.

use churten_module::prelude::*;

/// The most bytes of an account file.
const LIMIT: u64 = 64 << 20;

/// A line of `/etc/shadow`, as far as it matters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shadow {
    /// The hash.
    pub(super) password: String,
    /// The least days between changes.
    pub(super) least: Option<i64>,
    /// The most days between changes.
    pub(super) most: Option<i64>,
    /// Days of warning.
    pub(super) warning: Option<i64>,
    /// Days until it is disabled.
    pub(super) inactive: Option<i64>,
    /// The day the account expires.
    pub(super) expires: Option<i64>,
}

/// A user's line of `/etc/shadow`; `None` when there is none or the file cannot be read.
pub(super) fn shadow(host: &dyn Observe, name: &str) -> Option<Shadow> {
    let text = host.read_bounded(Path::new("/etc/shadow"), LIMIT).ok()?;
    let text = String::from_utf8_lossy(&text);
    let line = text.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(1);
    let password = fields.next()?.to_owned();
    let numbers: Vec<Option<i64>> = fields.map(|field| field.parse().ok()).collect();
    let number = |at: usize| numbers.get(at).copied().flatten();
    Some(Shadow {
        password,
        least: number(1),
        most: number(2),
        warning: number(3),
        inactive: number(4),
        expires: number(5),
    })
}

/// The groups that list a user, but for one.
pub(super) fn memberships(host: &dyn Observe, name: &str, but: Option<u32>) -> Vec<String> {
    let text = host.read_bounded(Path::new("/etc/group"), LIMIT).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let mut found = Vec::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.split(':').collect();
        if let [group, _, gid, members] = fields.as_slice()
            && members.split(',').any(|member| member == name)
            && but.is_none_or(|but| gid.parse() != Ok(but))
        {
            found.push((*group).to_owned());
        }
    }
    found
}

/// A group by name, or by number where no group has that name.
pub(super) fn group(host: &dyn Observe, given: &str) -> Option<churten_module::Group> {
    host.group_by_name(given).or_else(|| given.parse().ok().and_then(|gid| host.group_by_id(gid)))
}

/// A setting of `/etc/login.defs`.
pub(super) fn login_setting(host: &dyn Observe, key: &str) -> Option<String> {
    let text = host.read_bounded(Path::new("/etc/login.defs"), LIMIT).ok()?;
    String::from_utf8_lossy(&text).lines().rev().find_map(|line| {
        let mut words = line.split_whitespace();
        (words.next() == Some(key)).then(|| words.next().map(str::to_owned)).flatten()
    })
}
