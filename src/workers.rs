//! The workers this program carries; built by `build.rs`.

/// A worker for one kind of machine.
#[derive(Clone, Copy)]
pub(crate) struct EmbeddedWorker {
    /// The machine, as `uname -m` names it: `x86_64`, `aarch64`.
    pub(crate) architecture: &'static str,
    /// The SHA-256 of `program`; the worker tells the same in its greeting.
    pub(crate) sha256: [u8; 32],
    /// The statically linked program.
    pub(crate) program: &'static [u8],
    /// The program, packed by gzip, for hosts that have it.
    pub(crate) gzip: &'static [u8],
}

/// One worker for each machine this program can manage.
pub(crate) static WORKERS: &[EmbeddedWorker] = include!(concat!(env!("OUT_DIR"), "/workers.rs"));

#[cfg(test)]
mod tests {
    use super::WORKERS;

    #[test]
    fn workers_are_programs() {
        assert!(!WORKERS.is_empty());
        for worker in WORKERS {
            assert!(worker.program.starts_with(b"\x7fELF"), "{}", worker.architecture);
            assert!(worker.gzip.starts_with(&[0x1f, 0x8b]) && worker.gzip.len() < worker.program.len());
        }
    }
}
