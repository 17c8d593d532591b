//! Who this worker is.

use crate::serve::Options;
use churten_protocol::{BuildHash, Hello, PROTOCOL, feature};
use std::io;
use std::path::{Path, PathBuf};

/// The SHA-256 of the program that is running, also when its file is gone.
///
/// # Errors
/// When neither `/proc` nor the path it was started by can be read.
pub fn own_build_hash() -> io::Result<BuildHash> {
    let running = sha256(Path::new("/proc/self/exe"));
    // In a bare chroot there is no /proc, but the path this was started by.
    let running = running.or_else(|error| match std::env::args_os().next().map(PathBuf::from) {
        Some(path) if path.is_absolute() => sha256(&path),
        _ => Err(error),
    });
    running.map(BuildHash)
}

/// ring is there for TLS, and its assembly stays as it is where everything is compiled for size: `sha2` takes three times
/// as long there, as long as all else that a worker does to begin (docs/decisions/0012).
#[cfg(feature = "tls")]
fn sha256(path: &Path) -> io::Result<[u8; 32]> {
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    crate::files::in_pieces(std::fs::File::open(path)?, |piece| context.update(piece))?;
    context.finish().as_ref().try_into().map_err(io::Error::other)
}

#[cfg(not(feature = "tls"))]
fn sha256(path: &Path) -> io::Result<[u8; 32]> {
    crate::files::digest::<sha2::Sha256>(path).map(Into::into)
}

/// The words to greet a controller with.
pub(crate) fn hello(options: &Options) -> Hello {
    let mut features = vec![feature::MODULES.to_owned()];
    if options.command.is_some() {
        features.extend([feature::BECOME, feature::DETACH].map(str::to_owned));
    }
    Hello {
        protocol: PROTOCOL,
        build: options.build,
        pid: std::process::id(),
        uid: rustix::process::geteuid().as_raw(),
        arch: std::env::consts::ARCH.to_owned(),
        features,
    }
}
