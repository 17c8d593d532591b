//! Modules of repositories: streams of packages, and profiles of them.

use super::command::Dnf;
use churten_module::prelude::*;

/// One stream of a module.
#[derive(Debug, Default, PartialEq, Eq)]
struct Stream {
    module: String,
    name: String,
    is_default: bool,
    is_enabled: bool,
    profiles: Vec<String>,
    has_default_profile: bool,
}

/// What `name[:stream][/profile]` means.
pub(super) struct Module {
    /// It is enabled on the host.
    pub(super) is_enabled: bool,
    /// Another stream of it is.
    pub(super) is_switched: bool,
    /// Why it cannot be installed, as failures say it.
    pub(super) problem: Option<String>,
}

impl Module {
    /// What repositories know of it; nothing where they know no such module or stream.
    pub(super) fn find(dnf: &Dnf<'_>, wanted: &str) -> Result<Option<Self>> {
        let (rest, profile) = wanted.split_once('/').map_or((wanted, None), |(rest, profile)| (rest, Some(profile)));
        let mut parts = rest.split(':');
        let (module, stream) = (parts.next().unwrap_or_default(), parts.next());
        if module.is_empty() || module.starts_with('-') {
            return Ok(None);
        }
        if parts.next().is_some() {
            fail!("not yet supported by churten: @{wanted}, a module of a version or context, in dnf");
        }
        let streams = parse(&dnf.ask(&["module", "list", module])?);
        Ok(Self::of(&streams, module, stream, profile).map(|found| Self {
            problem: found
                .problem
                .map(|kind| format!("{wanted} Problems in request:\n{kind} groups or modules: {wanted}")),
            ..found
        }))
    }

    fn of(streams: &[Stream], module: &str, stream: Option<&str>, profile: Option<&str>) -> Option<Self> {
        let of_module = || streams.iter().filter(|other| other.module == module);
        let meant: Vec<&Stream> =
            of_module().filter(|other| stream.is_none_or(|stream| stream == other.name)).collect();
        let chosen = meant.iter().find(|stream| stream.is_enabled).or(meant.iter().find(|stream| stream.is_default));
        let chosen = *chosen.or(meant.first())?;
        let problem = match profile {
            Some(profile) if !chosen.profiles.iter().any(|other| other == profile) => Some("missing"),
            None if !chosen.has_default_profile => Some("broken"),
            _ => None,
        };
        let is_enabled = chosen.is_enabled;
        let is_switched = !is_enabled && of_module().any(|other| other.is_enabled);
        Some(Self { is_enabled, is_switched, problem: problem.map(str::to_owned) })
    }
}

/// Read the tables of `dnf module list`, one for each repository. Their columns begin where the headings do.
fn parse(text: &str) -> Vec<Stream> {
    let mut columns: Option<[usize; 3]> = None;
    let mut found: Vec<Stream> = Vec::new();
    for line in text.lines() {
        if line.starts_with("Name ")
            && let (Some(stream), Some(profiles), Some(summary)) =
                (line.find(" Stream"), line.find(" Profiles"), line.find(" Summary"))
        {
            columns = Some([stream, profiles, summary]);
            continue;
        }
        let Some([stream, profiles, summary]) = columns.filter(|_| !line.is_empty()) else {
            columns = None;
            continue;
        };
        let part = |from: usize, to: usize| line.get(from..to.min(line.len())).unwrap_or_default().trim();
        let mut marks = part(stream, profiles).split(['[', ']', ' ']).filter(|word| !word.is_empty());
        let mut read = Stream {
            module: part(0, stream).to_owned(),
            name: marks.next().unwrap_or_default().to_owned(),
            ..Stream::default()
        };
        for mark in marks {
            read.is_default |= mark == "d";
            read.is_enabled |= mark == "e";
        }
        for profile in part(profiles, summary).split(',') {
            let mut words = profile.split_whitespace();
            read.profiles.extend(words.next().map(str::to_owned));
            read.has_default_profile |= words.any(|word| word.contains("[d]"));
        }
        found.push(read);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "lab\nName  Stream   Profiles               Summary\nmod   1 [d][e] common [d] [i], x      some words\nmod   2        \
                        common [d]             x\nplain 5.1      common                 x\n\nHint: [d]efault, [e]nabled\n";

    #[test]
    fn streams_are_read_with_their_marks() {
        let streams = parse(LIST);
        assert_eq!(streams.len(), 3);
        assert_eq!((&*streams[0].module, &*streams[0].name), ("mod", "1"));
        assert!(streams[0].is_default && streams[0].is_enabled && streams[0].has_default_profile);
        assert_eq!(streams[0].profiles, ["common", "x"]);
        assert!(!streams[1].is_enabled && !streams[2].has_default_profile);
    }

    #[test]
    fn what_is_meant_is_found() {
        let streams = parse(LIST);
        let of = |module, stream, profile| Module::of(&streams, module, stream, profile);
        assert!(of("mod", None, None).unwrap().is_enabled);
        assert!(of("mod", Some("2"), None).is_some_and(|found| !found.is_enabled && found.is_switched));
        assert_eq!(of("mod", Some("1"), Some("no")).unwrap().problem.as_deref(), Some("missing"));
        assert_eq!(of("plain", None, None).unwrap().problem.as_deref(), Some("broken"));
        assert!(of("mod", Some("9"), None).is_none() && of("none", None, None).is_none());
    }
}
