//! Who this worker is.

use crate::files::digest;
use crate::serve::Options;
use churten_protocol::{BuildHash, Hello, PROTOCOL, feature};
use sha2::Sha256;
use std::io;
use std::path::Path;

/// The SHA-256 of the program that is running, also when its file is gone.
///
/// # Errors
/// When `/proc` cannot be read.
pub fn own_build_hash() -> io::Result<BuildHash> {
    digest::<Sha256>(Path::new("/proc/self/exe")).map(|hash| BuildHash(hash.into()))
}

/// The words to greet a controller with.
pub(crate) fn hello(options: &Options) -> Hello {
    let mut features = vec![feature::MODULES.to_owned()];
    if options.command.is_some() {
        features.push(feature::BECOME.to_owned());
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
