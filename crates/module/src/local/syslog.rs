//! The host's log, by the socket that syslog(3) writes to, in its format (RFC 3164).

use crate::time::DateTime;
use std::io;
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

const SOCKET: &str = "/dev/log";
/// `LOG_INFO`.
const SEVERITY: u16 = 6;
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// A log that takes nothing more is not waited for: the task counts.
const PATIENCE: Duration = Duration::from_secs(1);

/// Send one line; where there is no log there is none.
pub(super) fn send(now: &DateTime, facility: u8, program: &str, message: &str) -> io::Result<()> {
    let socket = UnixDatagram::unbound()?;
    socket.set_write_timeout(Some(PATIENCE))?;
    socket.send_to(line(now, facility, program, message).as_bytes(), SOCKET).map(drop)
}

fn line(now: &DateTime, facility: u8, program: &str, message: &str) -> String {
    let priority = (u16::from(facility) << 3) + SEVERITY;
    let month = MONTHS.get((now.month as usize).wrapping_sub(1)).unwrap_or(&"");
    let DateTime { day, hour, minute, second, .. } = now;
    format!("<{priority}>{month} {day:2} {hour:02}:{minute:02}:{second:02} {program}: {message}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_as_syslog_writes_it() {
        let now = DateTime { year: 2026, month: 11, day: 2, hour: 7, minute: 5, second: 9, microsecond: 1 };
        assert_eq!(line(&now, 1, "ansible-ping", "Invoked"), "<14>Nov  2 07:05:09 ansible-ping: Invoked");
        assert_eq!(line(&now, 23, "a", "b"), "<190>Nov  2 07:05:09 a: b");
    }
}
