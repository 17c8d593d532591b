//! Facts of the running kernel.

use super::Machine;
use super::subset::Gathered;
use churten_module::prelude::*;

/// `cmdline` (the last value of a word counts) and `proc_cmdline` (all values).
pub(super) fn command_line(machine: &Machine<'_>, gathered: &mut Gathered) {
    let Some(line) = machine.value("/proc/cmdline") else { return };
    let (mut last, mut all) = (Dict::new(), Dict::new());
    for word in split(&line) {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Value::from(value)),
            None => (word.as_str(), Value::from(true)),
        };
        last.insert(name, value.clone());
        let value = match all.get(name).filter(|_| word.contains('=')) {
            Some(before) => {
                let mut values = match before.as_list() {
                    Some(values) => values.to_vec(),
                    None => vec![before.clone()],
                };
                values.push(value);
                Value::list(values)
            }
            None => value,
        };
        all.insert(name, value);
    }
    gathered.insert("cmdline", last);
    gathered.insert("proc_cmdline", all);
}

/// Words of a line; quotes keep words together and stay.
fn split(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in line.chars() {
        match quote {
            None if c.is_ascii_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                continue;
            }
            None if c == '"' || c == '\'' => quote = Some(c),
            Some(open) if open == c => quote = None,
            _ => {}
        }
        word.push(c);
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// The load averages.
pub(super) fn load(machine: &Machine<'_>, gathered: &mut Gathered) {
    let Some(text) = machine.read("/proc/loadavg") else { return };
    let numbers = text.split_whitespace().map(|number| number.parse::<f64>().unwrap_or(0.0));
    let facts: Dict = ["1m", "5m", "15m"].into_iter().zip(numbers).collect();
    gathered.insert("loadavg", facts);
}

/// Whether `/` is the root of the first process.
pub(super) fn is_chroot(machine: &Machine<'_>, gathered: &mut Gathered) {
    let stat = |path: &str| machine.host.stat(Path::new(path)).ok().flatten();
    let changed = machine.host.variable("debian_chroot").is_some_and(|name| !name.is_empty())
        || match (stat("/"), stat("/proc/1/root/.")) {
            (Some(here), Some(first)) => (here.inode, here.device) != (first.inode, first.device),
            // Without rights to look: the root of a file system has the inode 2 on ext, 128 on XFS, 256 on Btrfs.
            (Some(here), None) => match file_system(machine).as_deref() {
                Some("btrfs") => here.inode != 256,
                Some("xfs") => here.inode != 128,
                _ => here.inode != 2,
            },
            _ => false,
        };
    gathered.insert("is_chroot", changed);
}

fn file_system(machine: &Machine<'_>) -> Option<String> {
    let mounts = machine.read("/proc/self/mounts")?;
    mounts.lines().rev().find_map(|line| {
        let mut fields = line.split(' ').skip(1);
        (fields.next()? == "/").then(|| fields.next().map(str::to_owned))?
    })
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn quotes_stay() {
        assert_eq!(split("a=1  b=\"c d\" 'e f'"), ["a=1", "b=\"c d\"", "'e f'"]);
    }
}
