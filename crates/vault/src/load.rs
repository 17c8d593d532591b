//! Secrets from files and scripts.

use crate::{Secret, VaultError};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use zeroize::Zeroizing;

/// A longer password file is a mistake.
const MAX_SIZE: u64 = 16 << 20;

/// True when the program takes `--vault-id ID`: its name without extension ends with `-client`.
pub fn is_client_script(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("-client"))
}

/// Read the secret behind a path: the text of a file, or what an executable prints.
///
/// The path may be relative and may start with `~`. A client script is asked for `vault_id` (or `default`).
///
/// # Errors
/// [`VaultError::Secret`] with ansible-core's message.
pub fn load_secret(path: &str, vault_id: Option<&str>) -> Result<Secret, VaultError> {
    let full = full_path(path);
    let shown = full.display();
    let metadata = std::fs::metadata(&full)
        .map_err(|_| VaultError::Secret(format!("The vault password file {shown} was not found")))?;
    if metadata.is_dir() {
        let message = format!("The vault password file provided '{shown}' can not be a directory");
        return Err(VaultError::Secret(message));
    }
    let id = vault_id.unwrap_or(crate::DEFAULT_ID);
    let password = if metadata.permissions().mode() & 0o111 != 0 {
        let client = is_client_script(&full);
        run(&full, client.then_some(id))?
    } else {
        if metadata.len() > MAX_SIZE {
            return Err(VaultError::Secret(format!("The vault password file {shown} is larger than {MAX_SIZE} bytes")));
        }
        let content = std::fs::read(&full).map(Zeroizing::new).map_err(|error| {
            VaultError::Secret(format!("Could not read vault password file {shown}: {}", python_error(&error, &full)))
        })?;
        let password = content.trim_ascii().to_vec();
        if password.is_empty() {
            return Err(VaultError::Secret(format!("Invalid vault password was provided from file ({shown})")));
        }
        password
    };
    Ok(Secret::new(id, password))
}

fn full_path(path: &str) -> PathBuf {
    let expanded = match path.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => match std::env::var_os("HOME") {
            Some(home) => {
                let mut home = home;
                home.push(rest);
                PathBuf::from(home)
            }
            None => PathBuf::from(path),
        },
        _ => PathBuf::from(path),
    };
    let absolute = std::path::absolute(&expanded).unwrap_or(expanded);
    // The oracle resolves links too; a missing file keeps its name.
    std::fs::canonicalize(&absolute).unwrap_or(absolute)
}

fn run(path: &Path, client_id: Option<&str>) -> Result<Vec<u8>, VaultError> {
    let shown = path.display();
    let mut command = Command::new(path);
    command.stdout(Stdio::piped());
    if let Some(id) = client_id {
        command.args(["--vault-id", id]).stderr(Stdio::piped());
    }
    let output = command.spawn().and_then(std::process::Child::wait_with_output).map_err(|error| {
        VaultError::Secret(format!(
            "Problem running vault password script {shown} ({}). If this is not a script, remove the executable bit from the file.",
            python_error(&error, path)
        ))
    })?;
    let stdout = Zeroizing::new(output.stdout);
    let code = output.status.code().unwrap_or(-1);
    if code != 0 {
        let stderr = bytes_repr(&output.stderr);
        return Err(VaultError::Secret(match client_id {
            Some(id) if code == 2 => {
                format!("Vault password client script {shown} did not find a secret for vault-id={id}: {stderr}")
            }
            Some(id) => format!(
                "Vault password client script {shown} returned non-zero ({code}) when getting secret for vault-id={id}: {stderr}"
            ),
            None => format!("Vault password script {shown} returned non-zero ({code}): None"),
        }));
    }
    let end = stdout.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1);
    let start = stdout[..end].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let password = stdout[start..end].to_vec();
    if password.trim_ascii().is_empty() {
        return Err(VaultError::Secret(format!("Invalid vault password was provided from script ({shown})")));
    }
    Ok(password)
}

/// `[Errno 13] Permission denied: '/path'`, as Python prints a failed system call.
fn python_error(error: &std::io::Error, path: &Path) -> String {
    let text = match error.kind() {
        ErrorKind::PermissionDenied => "Permission denied".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or_default().to_owned()
        }
    };
    format!("[Errno {}] {text}: '{}'", error.raw_os_error().unwrap_or(0), path.display())
}

fn bytes_repr(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    let body: String = bytes
        .iter()
        .map(|byte| match byte {
            b'\\' => "\\\\".to_owned(),
            b'\n' => "\\n".to_owned(),
            b'\r' => "\\r".to_owned(),
            b'\t' => "\\t".to_owned(),
            b'\'' if quote == '\'' => "\\'".to_owned(),
            0x20..=0x7e => char::from(*byte).to_string(),
            other => format!("\\x{other:02x}"),
        })
        .collect();
    format!("b{quote}{body}{quote}")
}
