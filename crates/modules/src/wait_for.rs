use churten_module::prelude::*;
use churten_module::regex::{Flags, Regex};
use std::io::Read as _;
use std::net::IpAddr;
use std::time::Duration;

/// Wait for a port, a file, or a text in either.
#[derive(Args)]
pub(crate) struct WaitFor {
    /// The host whose port it is, by name or address.
    #[arg(default = "127.0.0.1")]
    host: String,
    /// Seconds until the wait has failed.
    #[arg(default = 300)]
    timeout: i64,
    /// Seconds for one attempt to connect.
    #[arg(default = 5)]
    connect_timeout: i64,
    /// Seconds before the first look.
    #[arg(default = 0)]
    delay: i64,
    /// The port.
    port: Option<i64>,
    /// States of connections that `drained` waits for.
    #[arg(default = ["ESTABLISHED", "FIN_WAIT1", "FIN_WAIT2", "SYN_RECV", "SYN_SENT", "TIME_WAIT"])]
    active_connection_states: Vec<String>,
    /// The file.
    path: Option<PathBuf>,
    /// A regular expression that must match what the port says or the file holds.
    search_regex: Option<String>,
    /// What is waited for.
    #[arg(default = "started")]
    state: Goal,
    /// Hosts whose connections `drained` does not count.
    exclude_hosts: Option<Vec<String>>,
    /// Seconds between two looks.
    #[arg(default = 1)]
    sleep: i64,
    /// What is said instead when the wait has failed.
    msg: Option<String>,
}

#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
enum Goal {
    Absent,
    Drained,
    Present,
    Started,
    Stopped,
}

impl Goal {
    const fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Drained => "drained",
            Self::Present => "present",
            Self::Started => "started",
            Self::Stopped => "stopped",
        }
    }
}

/// The states of connections by the numbers of `/proc/net/tcp`.
const STATES: &[(&str, &str)] = &[
    ("ESTABLISHED", "01"),
    ("SYN_SENT", "02"),
    ("SYN_RECV", "03"),
    ("FIN_WAIT1", "04"),
    ("FIN_WAIT2", "05"),
    ("TIME_WAIT", "06"),
];

/// The most bytes read of a file or a port.
const LIMIT: usize = 256 << 20;

/// What a text search found.
#[derive(Default)]
struct Match {
    groups: Vec<Value>,
    named: Dict,
}

impl Action for WaitFor {
    const NAME: &'static str = "wait_for";
    const CHECK: CheckMode = CheckMode::Skip;

    fn run(&self, host: &dyn Host, _options: &Options) -> Result<Dict> {
        let started = host.now();
        let elapsed = || (host.now().as_float() - started.as_float()).max(0.0);
        let failed = |text: String| Failure::new(text).with("elapsed", elapsed() as i64);
        let port = self.port.filter(|port| *port != 0);
        let path = self.path.as_deref().filter(|path| !path.as_os_str().is_empty());
        match (port, path, self.state) {
            (Some(_), Some(_), _) => {
                return Err(failed("port and path parameter can not both be passed to wait_for".into()));
            }
            (_, Some(_), Goal::Stopped) => {
                return Err(failed(
                    "state=stopped should only be used for checking a port in the wait_for module".into(),
                ));
            }
            (_, Some(_), Goal::Drained) => {
                return Err(failed(
                    "state=drained should only be used for checking a port in the wait_for module".into(),
                ));
            }
            _ => {}
        }
        if self.exclude_hosts.is_some() && self.state != Goal::Drained {
            return Err(failed("exclude_hosts should only be with state=drained".into()));
        }
        for state in &self.active_connection_states {
            if !STATES.iter().any(|(name, _)| name == state) {
                return Err(failed(format!("unknown active_connection_state ({state}) defined")));
            }
        }
        let regex = match &self.search_regex {
            Some(pattern) => Some(
                Regex::new(pattern, Flags { multi_line: true, ..Flags::default() })
                    .map_err(|error| failed(format!("invalid regular expression: {error}")))?,
            ),
            None => None,
        };
        let seconds = |number: i64| Duration::from_secs(u64::try_from(number).unwrap_or(0));
        if self.delay > 0 {
            host.pause(seconds(self.delay));
        }
        let mut found = Match::default();
        if port.is_none() && path.is_none() && self.state != Goal::Drained {
            host.pause(seconds(self.timeout));
        } else {
            loop {
                if elapsed() >= self.timeout as f64 {
                    let text = self.msg.clone().unwrap_or_else(|| self.timed_out(port, path));
                    return Err(failed(text));
                }
                let left = Duration::from_secs_f64((self.timeout as f64 - elapsed()).max(0.05));
                if let Some(done) = self.look(host, port, path, regex.as_ref(), left)? {
                    found = done;
                    break;
                }
                host.pause(seconds(self.sleep).min(left));
            }
        }
        let mut result = Dict::from([("state", self.state.name())]);
        result.insert("port", self.port.map_or(Value::NONE, Value::from));
        result.insert("search_regex", self.search_regex.as_deref().map_or(Value::NONE, Value::from));
        result.insert("match_groups", Value::list(found.groups));
        result.insert("match_groupdict", found.named);
        result.insert("path", self.path.as_ref().map_or(Value::NONE, |path| path.display().to_string().into()));
        result.insert("elapsed", elapsed() as i64);
        Ok(result)
    }
}

impl WaitFor {
    fn timed_out(&self, port: Option<i64>, path: Option<&Path>) -> String {
        let place = port.map(|port| format!("{}:{port}", self.host)).unwrap_or_default();
        let file = path.map(|path| path.display().to_string()).unwrap_or_default();
        match (self.state, port, &self.search_regex) {
            (Goal::Drained, ..) => format!("Timeout when waiting for {place} to drain"),
            (Goal::Absent | Goal::Stopped, Some(_), _) => format!("Timeout when waiting for {place} to stop."),
            (Goal::Absent | Goal::Stopped, None, _) => format!("Timeout when waiting for {file} to be absent."),
            (_, Some(_), Some(regex)) => format!("Timeout when waiting for search string {regex} in {place}"),
            (_, Some(_), None) => format!("Timeout when waiting for {place}"),
            (_, None, Some(regex)) => format!("Timeout when waiting for search string {regex} in {file}"),
            (_, None, None) => format!("Timeout when waiting for file {file}"),
        }
    }

    /// One look: `Some` when the wait is over.
    fn look(
        &self,
        host: &dyn Host,
        port: Option<i64>,
        path: Option<&Path>,
        regex: Option<&Regex>,
        left: Duration,
    ) -> Result<Option<Match>> {
        let over = |yes: bool| Ok(yes.then(Match::default));
        let limit = Duration::from_secs(u64::try_from(self.connect_timeout).unwrap_or(0)).min(left);
        let connect = |port: i64| u16::try_from(port).ok().and_then(|port| host.connect(&self.host, port, limit).ok());
        match (self.state, port, path) {
            (Goal::Drained, port, _) => over(self.connections(host.observe(), port) == 0),
            (Goal::Absent | Goal::Stopped, Some(port), _) => over(connect(port).is_none()),
            (Goal::Absent | Goal::Stopped, None, Some(path)) => over(!host.access(path, Access::Read)),
            (_, Some(port), _) => {
                let Some(mut stream) = connect(port) else { return Ok(None) };
                let Some(regex) = regex else { return over(true) };
                let started = host.now();
                let (mut data, mut buffer) = (Vec::new(), [0; 4096]);
                loop {
                    let passed = (host.now().as_float() - started.as_float()).max(0.0);
                    let Some(rest) = left.checked_sub(Duration::from_secs_f64(passed)).filter(|rest| !rest.is_zero())
                    else {
                        return Ok(None);
                    };
                    stream.set_read_timeout(Some(rest))?;
                    match stream.read(&mut buffer) {
                        Ok(0) | Err(_) => return Ok(None),
                        Ok(length) => data.extend_from_slice(buffer.get(..length).unwrap_or_default()),
                    }
                    let found = search(regex, &data);
                    if found.is_some() || data.len() > LIMIT {
                        return Ok(found);
                    }
                }
            }
            (_, None, Some(path)) => {
                if !matches!(host.stat(path), Ok(Some(_))) {
                    return Ok(None);
                }
                let Some(regex) = regex else { return over(true) };
                Ok(host.read_bounded(path, LIMIT as u64).ok().and_then(|data| search(regex, &data)))
            }
            (_, None, None) => Ok(None),
        }
    }

    /// How many connections to the port are active.
    fn connections(&self, host: &dyn Observe, port: Option<i64>) -> usize {
        let ours = host.addresses(&self.host);
        let anywhere = ours.iter().any(IpAddr::is_unspecified);
        let excluded: Vec<IpAddr> = self
            .exclude_hosts
            .iter()
            .flatten()
            .flat_map(|name| host.addresses(name))
            .map(|at| at.to_canonical())
            .collect();
        let states: Vec<&str> = STATES
            .iter()
            .filter(|(name, _)| self.active_connection_states.iter().any(|state| state == name))
            .map(|(_, number)| *number)
            .collect();
        let mut count = 0;
        for file in ["/proc/net/tcp", "/proc/net/tcp6"] {
            let text = host.read_bounded(Path::new(file), LIMIT as u64).unwrap_or_default();
            for line in String::from_utf8_lossy(&text).lines().skip(1) {
                let words: Vec<&str> = line.split_whitespace().collect();
                let [_, local, remote, state, ..] = words.as_slice() else { continue };
                let (Some((local, local_port)), Some((remote, _))) = (endpoint(local), endpoint(remote)) else {
                    continue;
                };
                if states.contains(state)
                    && Some(i64::from(local_port)) == port
                    && !excluded.contains(&remote)
                    && (anywhere || ours.iter().any(|at| at.to_canonical() == local))
                {
                    count += 1;
                }
            }
        }
        count
    }
}

/// `0100007F:1F90`: words of four bytes in the machine's order, and a port.
fn endpoint(text: &str) -> Option<(IpAddr, u16)> {
    let (address, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let mut bytes = Vec::new();
    for at in (0..address.len()).step_by(8) {
        bytes.extend(u32::from_str_radix(address.get(at..at + 8)?, 16).ok()?.to_ne_bytes());
    }
    let address = match (<[u8; 4]>::try_from(bytes.as_slice()), <[u8; 16]>::try_from(bytes.as_slice())) {
        (Ok(four), _) => IpAddr::from(four),
        (_, Ok(sixteen)) => IpAddr::from(sixteen).to_canonical(),
        _ => return None,
    };
    Some((address, port))
}

fn search(regex: &Regex, data: &[u8]) -> Option<Match> {
    let text = String::from_utf8_lossy(data);
    let captures = regex.captures(&text, 0).ok().flatten()?;
    let value = |found: Option<&str>| found.map_or(Value::NONE, Into::into);
    let mut named = Dict::new();
    for (group, name) in regex.names().enumerate() {
        if let Some(name) = name {
            named.insert(name, value(captures.get(group)));
        }
    }
    let groups = (1..captures.len()).map(|at| value(captures.get(at))).collect();
    Some(Match { groups, named })
}

#[cfg(test)]
mod tests {
    use super::endpoint;

    #[test]
    fn reads_the_kernel_s_addresses() {
        if cfg!(target_endian = "little") {
            let (address, port) = endpoint("0100007F:1F90").unwrap();
            assert_eq!((address.to_string().as_str(), port), ("127.0.0.1", 8080));
            let (address, _) = endpoint("0000000000000000FFFF00000100007F:0016").unwrap();
            assert_eq!(address.to_string(), "127.0.0.1");
        }
        assert!(endpoint("xyz:1").is_none());
        assert!(endpoint("0100:1").is_none());
    }
}
