//! Permission bits as users write them: octal, a number, or symbolic (`u=rwX,g=rX,o=`).

use churten_value::{BigInt, Data, Value};

/// The bits a `mode` argument asks for, of a file that has `current`. The error is ansible-core's `details`.
pub fn wanted(mode: &Value, current: u32, is_directory: bool, umask: u32) -> Result<i64, String> {
    match &mode.data {
        Data::Int(bits) => Ok(*bits),
        Data::Bool(flag) => Ok(i64::from(*flag)),
        Data::Str(text) => match octal(text) {
            Some(bits) => Ok(bits),
            None => symbolic(text, current, is_directory, umask).map(i64::from),
        },
        _ => Err(format!("'{}' object has no attribute 'split'", mode.type_name())),
    }
}

/// `int(text, 8)`.
fn octal(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = digits.strip_prefix("0o").or_else(|| digits.strip_prefix("0O")).unwrap_or(digits);
    let number = BigInt::parse_bytes(digits.as_bytes(), 8)?;
    Some(sign * i64::try_from(number).ok()?)
}

/// As ansible-core prints a mode: `0644`, `01777`, `0-01`.
pub fn text(bits: i64) -> String {
    if bits < 0 { format!("0-{:02o}", bits.unsigned_abs()) } else { format!("0{bits:03o}") }
}

fn symbolic(text: &str, current: u32, is_directory: bool, umask: u32) -> Result<u32, String> {
    let mut bits = current & 0o7777;
    for clause in text.split(',') {
        let bad = || format!("bad symbolic permission for mode: {clause}");
        let start = clause.find(['+', '-', '=']).unwrap_or(clause.len());
        let (users, mut rest) = clause.split_at(start);
        if !users.chars().all(|user| "ugoa".contains(user)) {
            return Err(bad());
        }
        // Without users it is for all, less the mask.
        let use_umask = users.is_empty();
        let users = if use_umask || users.contains('a') { "ugo" } else { users };
        while let Some(operator) = rest.chars().next() {
            let after = rest.get(1..).unwrap_or_default();
            let end = after.find(['+', '-', '=']).unwrap_or(after.len());
            let (permissions, next) = after.split_at(end);
            if !permissions.chars().all(|permission| "rwxXstugo".contains(permission)) {
                return Err(bad());
            }
            for user in users.chars() {
                let asked = bits_of(user, permissions, current, bits, is_directory);
                let masked = if use_umask { asked & !umask } else { asked };
                bits = match operator {
                    '=' => bits & !all_of(user) | masked,
                    '+' => bits | masked,
                    _ => bits & !masked,
                };
            }
            rest = next;
        }
    }
    Ok(bits)
}

fn shift(user: char) -> u32 {
    match user {
        'u' => 6,
        'g' => 3,
        _ => 0,
    }
}

/// Everything that belongs to a user: its three bits and its special one.
fn all_of(user: char) -> u32 {
    (0o7 << shift(user)) | special(user)
}

fn special(user: char) -> u32 {
    match user {
        'u' => 0o4000,
        'g' => 0o2000,
        _ => 0o1000,
    }
}

fn bits_of(user: char, permissions: &str, before: u32, bits: u32, is_directory: bool) -> u32 {
    permissions.chars().fold(0, |found, permission| {
        found
            | match permission {
                'r' => 0o4 << shift(user),
                'w' => 0o2 << shift(user),
                'x' => 0o1 << shift(user),
                // Executable for those who ask, if it is a directory or was so for anybody.
                'X' if is_directory || before & 0o111 != 0 => 0o1 << shift(user),
                's' if user != 'o' => special(user),
                't' if user == 'o' => special(user),
                'u' | 'g' | 'o' => ((bits >> shift(permission)) & 0o7) << shift(user),
                _ => 0,
            }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_as_ansible() {
        for (mode, current, directory, expected) in [
            ("0644", 0, false, Ok("0644")),
            ("0o640", 0, false, Ok("0640")),
            ("-1", 0, false, Ok("0-01")),
            ("u=rw,g=r,o=", 0o1777, false, Ok("0640")),
            ("u+x,g=u,o-r", 0o644, false, Ok("0770")),
            ("+x", 0o770, false, Ok("0771")),
            ("=rw", 0o771, false, Ok("0644")),
            ("a+X", 0o644, false, Ok("0644")),
            ("a+X", 0o644, true, Ok("0755")),
            ("ug+s,o+t", 0o644, false, Ok("07644")),
            ("u-s+x", 0o7644, false, Ok("03744")),
            ("g=", 0o3744, false, Ok("01704")),
            ("u", 0o640, false, Ok("0640")),
            ("", 0o640, false, Ok("0640")),
            ("bogus", 0, false, Err("bad symbolic permission for mode: bogus")),
            ("u+r, g+w", 0, false, Err("bad symbolic permission for mode:  g+w")),
            ("888", 0, false, Err("bad symbolic permission for mode: 888")),
        ] {
            // The mask takes `x` from nobody here: 022.
            let found = wanted(&mode.into(), current, directory, 0o022).map(text);
            assert_eq!(found.as_deref().map_err(String::as_str), expected, "{mode}");
        }
    }
}
