//! Passwords from files.

use churten_diagnostics::Report;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use zeroize::Zeroizing;

/// Longer passwords are refused.
const MAX_BYTES: usize = 64 << 10;

fn text(bytes: &[u8]) -> Result<Zeroizing<String>, Report> {
    let text = std::str::from_utf8(bytes).map_err(|_| Report::new("the password is no UTF-8 text"))?;
    Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// The password in a file, or printed by it when it is a program; `-` is standard input.
///
/// # Errors
/// When there is no such file, the program fails, or there is no password.
pub(crate) fn read_password_file(path: &Path) -> Result<Zeroizing<String>, Report> {
    if path == Path::new("-") {
        return crate::prompt::read_answer(&|| false);
    }
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let shown = absolute.display();
    let metadata =
        std::fs::metadata(&absolute).map_err(|_| Report::new(format!("The password file {shown} was not found")))?;
    let bytes = if metadata.is_file() && metadata.permissions().mode() & 0o111 != 0 {
        let output = std::process::Command::new(&absolute)
            .stderr(std::process::Stdio::piped())
            .output()
            .map_err(|error| Report::new(format!("Problem occurred when trying to run the password script {shown} ({error}). If this is not a script, remove the executable bit from the file.")))?;
        if !output.status.success() {
            let code = output.status.code().unwrap_or(-1);
            let reason = String::from_utf8_lossy(&output.stderr);
            return Err(Report::new(format!("The password script {shown} returned an error (rc={code}): {reason}")));
        }
        Zeroizing::new(output.stdout)
    } else {
        let mut bytes = Zeroizing::new(Vec::new());
        let limit = MAX_BYTES as u64;
        File::open(&absolute)
            .and_then(|file| file.take(limit).read_to_end(&mut bytes))
            .map_err(|error| Report::new(format!("Could not read password file {shown}: {error}")))?;
        bytes
    };
    let password = Zeroizing::new(text(&bytes)?.trim().to_owned());
    if password.is_empty() {
        return Err(Report::new(format!("Empty password was provided from file ({shown})")));
    }
    Ok(password)
}
