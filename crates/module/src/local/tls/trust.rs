//! Whom the host trusts.

use crate::host::HttpError;
use crate::local::files::read_bounded;
use crate::local::http::Variables;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Where distributions keep all authorities in one file, when `SSL_CERT_FILE` names none: Debian and its kin, Red Hat
/// and its kin, SUSE, Alpine.
const BUNDLES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/ssl/cert.pem",
];

/// Directories in which ansible-core looks for further ones, and `SSL_CERT_DIR`'s default.
const DIRECTORIES: [&str; 5] = [
    "/etc/ssl/certs",
    "/etc/pki/ca-trust/extracted/pem",
    "/etc/pki/tls/certs",
    "/usr/share/ca-certificates/cacert.org",
    "/etc/ansible",
];

/// The most bytes of one file, and the most files of a directory.
const FILE: u64 = 16 << 20;
const FILES: usize = 4096;

/// The authorities of one file, in place of the host's.
pub(super) fn file(path: &Path) -> Result<Vec<CertificateDer<'static>>, HttpError> {
    let bytes = read_bounded(path, FILE).map_err(|error| HttpError::Broken(crate::python_error(&error)))?;
    let found = certificates(&bytes);
    if found.is_empty() {
        let text = "[X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found";
        return Err(HttpError::Broken(text.to_owned()));
    }
    Ok(found)
}

/// The authorities of the host. What cannot be read or understood is nobody's authority.
pub(super) fn system(variables: Variables<'_>) -> Vec<CertificateDer<'static>> {
    let mut files: Vec<PathBuf> = match variables("SSL_CERT_FILE").filter(|path| !path.is_empty()) {
        Some(path) => vec![path.into()],
        None => BUNDLES.iter().map(PathBuf::from).filter(|path| path.exists()).take(1).collect(),
    };
    let mut directories: Vec<PathBuf> = DIRECTORIES.iter().map(PathBuf::from).collect();
    if let Some(own) = variables("SSL_CERT_DIR").filter(|path| !path.is_empty()) {
        directories.extend(own.split(':').map(PathBuf::from));
    }
    for directory in directories {
        files.extend(names(&directory));
    }
    let (mut known, mut read) = (HashSet::new(), HashSet::new());
    let mut found = Vec::new();
    for path in files {
        // Half of the names in /etc/ssl/certs are links to the other half.
        let Ok(path) = path.canonicalize() else { continue };
        if !read.insert(path.clone()) {
            continue;
        }
        for certificate in certificates(&read_bounded(&path, FILE).unwrap_or_default()) {
            if known.insert(certificate.to_vec()) {
                found.push(certificate);
            }
        }
    }
    found
}

/// Files of a directory that look like certificates: `x.pem`, `x.crt`, `a1b2c3d4.0`.
fn names(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let paths = entries.take(FILES).flatten().map(|entry| entry.path());
    paths
        .filter(|path| {
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            matches!(extension, "pem" | "crt")
                || (extension.len() == 1 && extension.as_bytes().iter().all(u8::is_ascii_digit))
        })
        .collect()
}

/// The certificates in a text. Red Hat's bundles also hold "TRUSTED CERTIFICATE"s, which the others of theirs repeat.
fn certificates(text: &[u8]) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(text).filter_map(Result::ok).collect()
}
