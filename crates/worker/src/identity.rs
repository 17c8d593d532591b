//! Who this worker is.

use crate::files::digest;
use crate::serve::Options;
use churten_protocol::{BuildHash, Hello, PROTOCOL, feature};
use sha2::Sha256;
use std::io;
use std::path::{Path, PathBuf};

/// The SHA-256 of the program that is running, also when its file is gone.
///
/// # Errors
/// When neither `/proc` nor the path it was started by can be read.
pub fn own_build_hash() -> io::Result<BuildHash> {
    let running = digest::<Sha256>(Path::new("/proc/self/exe"));
    // In a bare chroot there is no /proc, but the path this was started by.
    let running = running.or_else(|error| match std::env::args_os().next().map(PathBuf::from) {
        Some(path) if path.is_absolute() => digest::<Sha256>(&path),
        _ => Err(error),
    });
    running.map(|hash| BuildHash(hash.into()))
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
