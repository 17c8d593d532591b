//! The workers this program carries; built by `build.rs`.

use churten_connection::WorkerProgram;

/// One worker for each machine this program can manage.
pub(crate) static WORKERS: &[WorkerProgram] = include!(concat!(env!("OUT_DIR"), "/workers.rs"));

#[cfg(test)]
mod tests {
    use super::{WORKERS, WorkerProgram};

    /// What a worker for x86_64 may have in bytes when it travels over a slow link (docs/decisions/0012).
    const LIMIT: usize = 1_500_000;

    #[test]
    fn workers_are_programs() {
        assert!(!WORKERS.is_empty());
        for worker in WORKERS {
            let program = worker.unpacked().unwrap();
            assert!(program.starts_with(b"\x7fELF"), "{}", worker.architecture);
            assert_eq!(program.len(), worker.size);
            assert!(worker.gzip.starts_with(&[0x1f, 0x8b]) && worker.gzip.len() < worker.size);
            assert!(worker.xz.starts_with(b"\xfd7zXZ\0") && worker.xz.len() < worker.size);
        }
    }

    #[test]
    #[expect(clippy::print_stdout, reason = "the sizes are of interest, and whether they were judged")]
    fn workers_are_small() {
        for worker in WORKERS {
            let WorkerProgram { architecture, size, gzip, xz, .. } = worker;
            println!("worker for {architecture}: {size} bytes, gzip {}, xz {}", gzip.len(), xz.len());
            if env!("CHURTEN_EMBEDDED_PROFILE") != "worker" {
                println!("not judged: it was built with the profile {}", env!("CHURTEN_EMBEDDED_PROFILE"));
            } else if *architecture == "x86_64" {
                assert!(xz.len() < LIMIT, "the worker for {architecture} has grown to {} bytes", xz.len());
            }
        }
    }
}
