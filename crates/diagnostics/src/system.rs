//! Errors of the operating system as Python words them.

use std::io::Error;

/// `[Errno 2] No such file or directory`, as Python prints a failed system call before the name of the file.
pub fn python_error(error: &Error) -> String {
    let text = error.to_string();
    let reason = text.split(" (os error").next().unwrap_or_default();
    format!("[Errno {}] {reason}", error.raw_os_error().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::python_error;
    use std::io::Error;

    #[test]
    fn numbers_come_first() {
        assert_eq!(python_error(&Error::from_raw_os_error(2)), "[Errno 2] No such file or directory");
        assert_eq!(python_error(&Error::from_raw_os_error(13)), "[Errno 13] Permission denied");
    }
}
