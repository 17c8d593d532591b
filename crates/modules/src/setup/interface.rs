//! What `ethtool` says about an interface.

use super::Machine;
use churten_module::prelude::*;

/// Add what the network card can do, and how it tells times.
pub(super) fn describe(machine: &Machine<'_>, name: &str, facts: &mut Dict) {
    if let Some(said) = machine.output("ethtool", &["-k", name]) {
        facts.insert("features", features(&said));
    }
    if let Some(said) = machine.output("ethtool", &["-T", name]) {
        facts.insert("timestamping", marked(&said, "SOF_TIMESTAMPING_"));
        facts.insert("hw_timestamp_filters", marked(&said, "HWTSTAMP_FILTER_"));
        if let Some(index) = clock(&said) {
            facts.insert("phc_index", index);
        }
    }
}

/// Lines of a name and a value; those without a value are headings.
fn features(said: &str) -> Dict {
    let pair = |line: &str| {
        let (name, value) = line.trim().split_once(':')?;
        (!value.is_empty()).then(|| (name.trim().replace('-', "_"), value.trim().to_owned()))
    };
    said.lines().filter_map(pair).collect()
}

/// The words with a prefix, without it and in small letters.
fn marked(said: &str, prefix: &str) -> Vec<String> {
    let words = said.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter_map(|word| word.strip_prefix(prefix)).map(str::to_lowercase).collect()
}

fn clock(said: &str) -> Option<i64> {
    let (_, rest) = said.split_once("PTP Hardware Clock: ")?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_card_can_do() {
        let said = "Features for eth0:\nrx-checksumming: on [fixed]\n\ttx-checksum-ipv4: off\nlast:\n";
        let expected = "{'rx_checksumming': 'on [fixed]', 'tx_checksum_ipv4': 'off'}";
        assert_eq!(Value::from(features(said)).to_text(), expected);
    }

    #[test]
    fn how_it_tells_times() {
        let said = "Capabilities:\n\thardware-transmit     (SOF_TIMESTAMPING_TX_HARDWARE)\nPTP Hardware Clock: 3\n\
                    Hardware Receive Filter Modes:\n\tnone                  (HWTSTAMP_FILTER_NONE)\n";
        assert_eq!(marked(said, "SOF_TIMESTAMPING_"), ["tx_hardware"]);
        assert_eq!(marked(said, "HWTSTAMP_FILTER_"), ["none"]);
        assert_eq!(clock(said), Some(3));
        assert_eq!(clock("PTP Hardware Clock: none\n"), None);
    }
}
