//! Encryption of connections.

#[cfg(feature = "tls")]
mod certificate;
#[cfg(feature = "tls")]
mod ciphers;
#[cfg(feature = "tls")]
mod client;
#[cfg(feature = "tls")]
mod trust;
#[cfg(feature = "tls")]
mod verifier;

#[cfg(feature = "tls")]
pub(super) use client::{prepare, words};

#[cfg(not(feature = "tls"))]
pub(super) use absent::{prepare, words};

#[cfg(not(feature = "tls"))]
mod absent {
    use crate::host::{HttpError, HttpRequest};
    use crate::local::http::{Stream, Variables};
    use std::io;

    /// Cannot be made.
    pub(in crate::local) enum Encryption {}

    impl Encryption {
        pub(in crate::local) fn wrap(self, _: Box<dyn Stream>, _: &str) -> Result<Box<dyn Stream>, HttpError> {
            match self {}
        }
    }

    pub(in crate::local) fn prepare(_: &HttpRequest, _: Variables<'_>) -> Result<Encryption, HttpError> {
        Err(HttpError::Invalid(
            "this worker was built without TLS, so https cannot be used: build churten where a C compiler for the \
             host's machine is installed"
                .to_owned(),
        ))
    }

    pub(in crate::local) fn words(_: &io::Error) -> Option<String> {
        None
    }
}
