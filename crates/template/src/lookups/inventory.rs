//! The `inventory_hostnames` lookup: host patterns over the variable `groups`.

use super::found::matches;
use super::{Lookup, Plugin};
use crate::fault::{Fault, Outcome};
use crate::regex;
use crate::val::{Val, python_str};

pub(super) const TABLE: &[Plugin] = &[Plugin::new("inventory_hostnames", inventory_hostnames)];

type Groups = Vec<(String, Vec<String>)>;

fn groups(lookup: &Lookup<'_, '_>) -> Outcome<Groups> {
    let value = lookup.session.variable(lookup.root, "groups").ok_or_else(|| Fault::python("'groups'"))?;
    let Some(entries) = lookup.session.mapping(&value) else { return Err(Fault::python("'groups'")) };
    let mut groups = Vec::new();
    for (name, hosts) in lookup.session.pairs(&entries) {
        let hosts = lookup.session.items(&hosts)?;
        let hosts = hosts.iter().map(|host| python_str(host, lookup.session)).collect::<Outcome<_>>()?;
        groups.push((python_str(name.value(), lookup.session)?, hosts));
    }
    Ok(groups)
}

/// The patterns of a term: parted by commas, or by colons outside of brackets.
fn split(term: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0;
    let by_comma = term.contains(',');
    for character in term.chars() {
        match character {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        match character {
            ',' if by_comma => parts.push(String::new()),
            ':' if !by_comma && depth == 0 => parts.push(String::new()),
            character => {
                if let Some(part) = parts.last_mut() {
                    part.push(character);
                }
            }
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// `name[1]`, `name[0:2]`, `name[1:]`: the name, and which of its hosts.
fn subscript(pattern: &str) -> (&str, Option<(i64, Option<i64>)>) {
    let Some((name, inside)) = pattern.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')) else {
        return (pattern, None);
    };
    let bounds = match inside.split_once([':', '-']).filter(|(start, _)| !start.is_empty()) {
        Some((start, "")) => start.parse().ok().map(|start| (start, Some(-1))),
        Some((start, end)) => start.parse().ok().zip(end.parse().ok().map(Some)),
        None => inside.parse().ok().map(|start| (start, None)),
    };
    if bounds.is_some() && !pattern.starts_with('~') { (name, bounds) } else { (pattern, None) }
}

/// The hosts of one pattern without operator.
fn hosts(pattern: &str, groups: &Groups) -> Outcome<Vec<String>> {
    let (name, bounds) = subscript(pattern);
    let expression = match name.strip_prefix('~') {
        Some(expression) => Some(regex::compile(&format!(r"\A(?:{expression})"), regex::Flags::default())?),
        None => None,
    };
    let fits = |candidate: &str| match &expression {
        Some(expression) => expression.is_match(candidate).unwrap_or(false),
        None => matches(name, candidate),
    };
    let mut found: Vec<String> = Vec::new();
    let all = groups.iter().find(|(group, _)| group == "all").map(|(_, hosts)| hosts.as_slice()).unwrap_or_default();
    if matches!(name, "all" | "*") {
        found.extend_from_slice(all);
    } else {
        let mut from_groups = false;
        for (group, members) in groups.iter().filter(|(group, _)| fits(group)) {
            from_groups |= !group.is_empty();
            found.extend_from_slice(members);
        }
        if !from_groups || name.starts_with('~') || name.contains(['*', '?', '[', '.']) {
            found.extend(all.iter().filter(|host| fits(host)).cloned());
        }
    }
    let mut unique: Vec<String> = Vec::with_capacity(found.len());
    for host in found {
        if !unique.contains(&host) {
            unique.push(host);
        }
    }
    let Some((start, end)) = bounds else { return Ok(unique) };
    let length = i64::try_from(unique.len()).unwrap_or(i64::MAX);
    let place = |index: i64| if index < 0 { index + length } else { index };
    let (start, end) = (place(start), end.map_or(place(start), place));
    let inside = (0_i64..).zip(unique).filter(|(index, _)| (start..=end).contains(index));
    Ok(inside.map(|(_, host)| host).collect())
}

fn inventory_hostnames(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let groups = groups(lookup)?;
    let mut patterns = Vec::new();
    for term in &lookup.terms {
        if matches!(term, Val::List(_)) {
            return Err(Fault::python("unhashable type: '_AnsibleLazyTemplateList'"));
        }
        patterns.extend(split(&lookup.text(term)?));
    }
    let mut found: Vec<String> = Vec::new();
    for pattern in patterns.iter().filter(|pattern| !pattern.starts_with(['!', '&'])) {
        for host in hosts(pattern, &groups)? {
            if !found.contains(&host) {
                found.push(host);
            }
        }
    }
    for (operator, keep) in [('&', true), ('!', false)] {
        for pattern in patterns.iter().filter_map(|pattern| pattern.strip_prefix(operator)) {
            let named = hosts(pattern, &groups)?;
            found.retain(|host| named.contains(host) == keep);
        }
    }
    Ok(found.into_iter().map(Val::from).collect())
}
