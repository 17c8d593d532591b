//! The client's side of TLS.

use super::{ciphers, trust, verifier};
use crate::host::{HttpError, HttpRequest};
use crate::local::files::read_bounded;
use crate::local::http::{Stream, Variables};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{AlertDescription, ClientConfig, ClientConnection, StreamOwned};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The most bytes of a file with certificates or a key.
const FILE: u64 = 16 << 20;

/// How connections are encrypted.
pub(in crate::local) struct Encryption(Arc<ClientConfig>);

/// Read everything that encryption needs.
pub(in crate::local) fn prepare(request: &HttpRequest, variables: Variables<'_>) -> Result<Encryption, HttpError> {
    let mut provider = rustls::crypto::ring::default_provider();
    let algorithms = provider.signature_verification_algorithms;
    ciphers::choose(&request.ciphers, &mut provider.cipher_suites)?;
    let verifier: Arc<dyn rustls::client::danger::ServerCertVerifier> = if request.insecure {
        Arc::new(verifier::Anyone::new(algorithms))
    } else {
        let trusted = match &request.authorities {
            Some(path) => trust::file(path)?,
            None => trust::system(variables),
        };
        Arc::new(verifier::Verifier::new(algorithms, trusted))
    };
    let builder = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| HttpError::Broken(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let config = match &request.client_certificate {
        None => builder.with_no_client_auth(),
        Some(path) => {
            let (chain, key) = identity(path, request.client_key.as_deref())?;
            builder.with_client_auth_cert(chain, key).map_err(|_| unusable())?
        }
    };
    Ok(Encryption(Arc::new(config)))
}

/// What OpenSSL says of a key or a certificate that is none, or that do not belong together.
fn unusable() -> HttpError {
    HttpError::Broken("[SSL] PEM lib".to_owned())
}

/// The client's certificates and its key.
fn identity(
    certificate: &Path,
    key: Option<&Path>,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), HttpError> {
    let read = |path: &Path| {
        let bytes = read_bounded(path, FILE).map_err(|error| HttpError::Broken(crate::python_error(&error)))?;
        Ok::<_, HttpError>(Zeroizing::new(bytes))
    };
    let text = read(certificate)?;
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&text).filter_map(Result::ok).collect();
    let key_text = match key {
        Some(path) => read(path)?,
        None => text,
    };
    let key = PrivateKeyDer::from_pem_slice(&key_text).map_err(|_| unusable())?;
    if chain.is_empty() { Err(unusable()) } else { Ok((chain, key)) }
}

impl Encryption {
    /// The stream, encrypted, with the other side's certificate checked.
    pub(in crate::local) fn wrap(self, mut stream: Box<dyn Stream>, host: &str) -> Result<Box<dyn Stream>, HttpError> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| HttpError::Unreachable(format!("not a name that a certificate can hold: {host}")))?;
        let mut connection =
            ClientConnection::new(self.0, name).map_err(|error| HttpError::Unreachable(error.to_string()))?;
        while connection.is_handshaking() {
            connection.complete_io(&mut stream).map_err(|error| HttpError::Unreachable(handshake_words(&error)))?;
        }
        Ok(Box::new(Lenient(StreamOwned::new(connection, stream))))
    }
}

/// A stream that ends where the connection ends. Many servers close without saying so first; how long a body is, HTTP
/// says.
struct Lenient(StreamOwned<ClientConnection, Box<dyn Stream>>);

impl Read for Lenient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(0),
            outcome => outcome,
        }
    }
}

impl Write for Lenient {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn handshake_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            "[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol".to_owned()
        }
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => "The handshake operation timed out".to_owned(),
        _ => words(error).unwrap_or_else(|| crate::python_error(error)),
    }
}

/// What Python says of an error of the encryption, without the line of its own source that it ends with. `None` for
/// an error of another kind.
pub(in crate::local) fn words(error: &io::Error) -> Option<String> {
    let error = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    Some(match error {
        rustls::Error::InvalidCertificate(reason) => {
            format!("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {}", verifier::words(reason))
        }
        rustls::Error::InvalidMessage(_) => "[SSL: WRONG_VERSION_NUMBER] wrong version number".to_owned(),
        rustls::Error::AlertReceived(alert) => match alert_words(*alert) {
            Some((prefix, name)) => {
                let (prefix_text, text) = (prefix.to_ascii_lowercase(), name.replace('_', " ").to_ascii_lowercase());
                format!("[SSL: {prefix}_ALERT_{name}] {prefix_text} alert {text}")
            }
            None if *alert == AlertDescription::UnrecognisedName => {
                "[SSL: TLSV1_UNRECOGNIZED_NAME] tlsv1 unrecognized name".to_owned()
            }
            None => format!("[SSL] {error}"),
        },
        _ => format!("[SSL] {error}"),
    })
}

/// OpenSSL names an alert after the version of the protocol that brought it.
fn alert_words(alert: AlertDescription) -> Option<(&'static str, &'static str)> {
    Some(match alert {
        AlertDescription::UnexpectedMessage => ("SSLV3", "UNEXPECTED_MESSAGE"),
        AlertDescription::BadRecordMac => ("SSLV3", "BAD_RECORD_MAC"),
        AlertDescription::HandshakeFailure => ("SSLV3", "HANDSHAKE_FAILURE"),
        AlertDescription::BadCertificate => ("SSLV3", "BAD_CERTIFICATE"),
        AlertDescription::UnsupportedCertificate => ("SSLV3", "UNSUPPORTED_CERTIFICATE"),
        AlertDescription::CertificateRevoked => ("SSLV3", "CERTIFICATE_REVOKED"),
        AlertDescription::CertificateExpired => ("SSLV3", "CERTIFICATE_EXPIRED"),
        AlertDescription::CertificateUnknown => ("SSLV3", "CERTIFICATE_UNKNOWN"),
        AlertDescription::IllegalParameter => ("SSLV3", "ILLEGAL_PARAMETER"),
        AlertDescription::UnknownCA => ("TLSV1", "UNKNOWN_CA"),
        AlertDescription::AccessDenied => ("TLSV1", "ACCESS_DENIED"),
        AlertDescription::DecodeError => ("TLSV1", "DECODE_ERROR"),
        AlertDescription::DecryptError => ("TLSV1", "DECRYPT_ERROR"),
        AlertDescription::ProtocolVersion => ("TLSV1", "PROTOCOL_VERSION"),
        AlertDescription::InsufficientSecurity => ("TLSV1", "INSUFFICIENT_SECURITY"),
        AlertDescription::InternalError => ("TLSV1", "INTERNAL_ERROR"),
        AlertDescription::MissingExtension => ("TLSV13", "MISSING_EXTENSION"),
        AlertDescription::CertificateRequired => ("TLSV13", "CERTIFICATE_REQUIRED"),
        _ => return None,
    })
}
