//! Parts of an output that differ from run to run.

/// Patterns in which `d` is a digit and `x` one of a hexadecimal number, and what stands for them.
const DIGITS: [(&str, &str); 8] = [
    ("dddd-dd-dd dd:dd:dd.dddddd", "<TIME>"),
    ("dddd-dd-ddTdd:dd:dd.ddddddZ", "<TIME>"),
    ("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "<ID>"),
    ("d:dd:dd.dddddd", "<DURATION>"),
    ("d:dd:dd.ddd", "<CLOCK>"),
    (" d.dds\n", " <SECONDS>\n"),
    (" for d.d s", " for <SECONDS> s"),
    (" for d.dd s", " for <SECONDS> s"),
];

/// `text` without times, durations, ids of asynchronous jobs, names of temporary files, the paragraph that tells versions, and the help behind a
/// usage error.
pub fn mask(text: &str) -> String {
    let mut out = String::new();
    let mut in_version = false;
    for line in text.split_inclusive('\n') {
        let starts = line.starts_with("ansible") && line.contains(" [core ");
        if starts || (in_version && line.starts_with("  ")) {
            if starts {
                out.push_str("<VERSION>\n");
            }
            in_version = true;
            continue;
        }
        in_version = false;
        out.push_str(&temporary(&jobs(&digits(&days(line)))));
        if line.starts_with("ansible") && line.split_once(": error: ").is_some_and(|(name, _)| name.len() < 40) {
            break;
        }
    }
    out
}

fn digits(line: &str) -> String {
    let mut line = line.to_owned();
    for (pattern, name) in DIGITS {
        let mut from = 0;
        while let Some(start) = (from..line.len()).find(|start| matches(&line.as_bytes()[*start..], pattern)) {
            line.replace_range(start..start + pattern.len(), name);
            from = start + name.len();
        }
    }
    line
}

fn matches(bytes: &[u8], pattern: &str) -> bool {
    let equal = |(byte, wanted): (&u8, u8)| match wanted {
        b'd' => byte.is_ascii_digit(),
        b'x' => byte.is_ascii_hexdigit(),
        _ => *byte == wanted,
    };
    bytes.len() >= pattern.len() && bytes.iter().zip(pattern.bytes()).all(equal)
}

/// The time of day that lines of `profile_tasks` begin with: `Saturday 21 November 2026  10:33:19 +0000 (...`.
fn days(line: &str) -> String {
    let year = |start: usize| line.as_bytes().get(start..).is_some_and(|rest| matches(rest, " dddd  dd:dd:dd "));
    match ((0..line.len()).find(|start| year(*start)), line.find(" (")) {
        (Some(start), Some(end)) if start < end => {
            // What fills the line is as long as the day leaves.
            format!("<DAY>{}\n", line[end..].trim_end().trim_end_matches('*'))
        }
        _ => line.to_owned(),
    }
}

/// Ids of asynchronous jobs: `j786054403188.31769`.
fn jobs(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find('j') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        match job_length(&rest.as_bytes()[1..]) {
            Some(length) => {
                out.push_str("<JOB>");
                rest = &rest[1 + length..];
            }
            None => {
                out.push('j');
                rest = &rest[1..];
            }
        }
    }
    out + rest
}

/// How long the two numbers of a job's id are, with the point between them.
fn job_length(bytes: &[u8]) -> Option<usize> {
    let digits = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let first = digits(0);
    let second = digits(first + 1);
    (first > 0 && second > 0 && bytes.get(first) == Some(&b'.')).then_some(first + 1 + second)
}

/// ansible-core names the temporary copy of a rendered template in a diff, we name the template.
fn temporary(line: &str) -> String {
    let is_temporary = line.starts_with("+++ after: ") && line.ends_with(".j2\n");
    match line.rsplit_once('/') {
        Some((_, name)) if is_temporary => format!("+++ after: <TEMPORARY>/{name}"),
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn what_changes_is_hidden() {
        assert_eq!(
            mask("\"delta\": \"0:00:00.004699\", \"end\": \"2026-11-21 04:23:28.103320\" é\n"),
            "\"delta\": \"<DURATION>\", \"end\": \"<TIME>\" é\n"
        );
        assert_eq!(
            mask("ansible-playbook [core 2.19.14]\n  config file = None\nNo config\n"),
            "<VERSION>\nNo config\n"
        );
        assert_eq!(mask("usage\nansible-playbook: error: no\n \nhelp\n"), "usage\nansible-playbook: error: no\n");
        assert_eq!(mask("jid=j7860.319 job j1\n"), "jid=<JOB> job j1\n");
        assert_eq!(
            mask("Saturday 21 November 2026  10:33:19 +0000 (0:00:00.060)       0:00:00.060 ***** \n"),
            "<DAY> (<CLOCK>)       <CLOCK> \n"
        );
        assert_eq!(
            mask("\"id\": \"02fc0000-0001-9f06-a6be-000000000004\", \"2026-11-21T10:31:42.388649Z\""),
            "\"id\": \"<ID>\", \"<TIME>\""
        );
        assert_eq!(mask("cmd ------ 8.21s\n"), "cmd ------ <SECONDS>\n");
        assert_eq!(mask("Paused for 3.01 seconds\n"), "Paused for <SECONDS> seconds\n");
        assert_eq!(mask("+++ after: /h/.ansible/tmp/x/y/page.j2\n"), "+++ after: <TEMPORARY>/page.j2\n");
    }
}
