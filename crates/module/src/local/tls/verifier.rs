//! Is the other side who it says it is?

use super::certificate::Certificate;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Accepts certificates as OpenSSL does: signed by an authority, or signed by themselves and known.
#[derive(Debug)]
pub(super) struct Verifier {
    algorithms: WebPkiSupportedAlgorithms,
    roots: RootCertStore,
    trusted: Vec<CertificateDer<'static>>,
}

/// A refusal in OpenSSL's words.
#[derive(Debug)]
struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

fn refuse(reason: impl Into<String>) -> Error {
    Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(Refused(reason.into())))))
}

/// What OpenSSL says of a certificate that it does not accept.
pub(super) fn words(error: &CertificateError) -> String {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "certificate has expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "certificate is not yet valid".to_owned()
        }
        CertificateError::UnknownIssuer => "unable to get local issuer certificate".to_owned(),
        CertificateError::BadSignature => "certificate signature failure".to_owned(),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "unsuitable certificate purpose".to_owned()
        }
        CertificateError::Other(OtherError(reason)) => reason.to_string(),
        other => other.to_string(),
    }
}

impl Verifier {
    pub(super) fn new(algorithms: WebPkiSupportedAlgorithms, trusted: Vec<CertificateDer<'static>>) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(trusted.iter().cloned());
        Self { algorithms, roots, trusted }
    }

    fn check_chain(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(), Error> {
        let parsed = ParsedCertificate::try_from(end_entity)?;
        verify_server_cert_signed_by_trust_anchor(&parsed, &self.roots, intermediates, now, self.algorithms.all)
    }

    fn check_name(&self, der: &CertificateDer<'_>, name: &ServerName<'_>) -> Result<(), Error> {
        let parsed = ParsedCertificate::try_from(der)?;
        if verify_server_name(&parsed, name).is_ok() {
            return Ok(());
        }
        let (kind, shown) = match name {
            ServerName::IpAddress(address) => ("IP address", std::net::IpAddr::from(*address).to_string()),
            other => ("Hostname", other.to_str().into_owned()),
        };
        // A certificate without alternative names names its host in its subject.
        let alone = webpki::EndEntityCert::try_from(der).is_ok_and(|parsed| parsed.valid_dns_names().next().is_none());
        let certificate = Certificate::parse(der).filter(|_| alone && kind == "Hostname");
        if certificate.is_some_and(|certificate| certificate.common_names().iter().any(|found| is_named(&shown, found)))
        {
            return Ok(());
        }
        Err(refuse(format!("{kind} mismatch, certificate is not valid for '{shown}'.")))
    }

    /// Certificates that signed themselves: good if known, otherwise another refusal than unknown authorities.
    fn check_self_signed(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: SystemTime,
        name: &ServerName<'_>,
    ) -> Result<bool, Error> {
        let is_self_issued =
            |der: &CertificateDer<'_>| Certificate::parse(der).is_some_and(|certificate| certificate.is_self_issued());
        let known = |der: &CertificateDer<'_>| self.trusted.iter().any(|trusted| trusted == der);
        let Some(certificate) = Certificate::parse(end_entity).filter(Certificate::is_self_issued) else {
            return match intermediates.iter().find(|der| is_self_issued(der) && !known(der)) {
                Some(_) => Err(refuse("self-signed certificate in certificate chain")),
                None => Ok(false),
            };
        };
        if !known(end_entity) {
            return Err(refuse("self-signed certificate"));
        }
        self.check_name(end_entity, name)?;
        let (from, to) = certificate.validity();
        match now {
            now if now < from => Err(CertificateError::NotValidYet.into()),
            now if now > to => Err(CertificateError::Expired.into()),
            _ => Ok(true),
        }
    }
}

/// A moment at which a certificate is valid.
fn within(der: &CertificateDer<'_>, now: UnixTime) -> UnixTime {
    let from = Certificate::parse(der).and_then(|certificate| certificate.validity().0.duration_since(UNIX_EPOCH).ok());
    from.map_or(now, UnixTime::since_unix_epoch)
}

/// A host's name in a certificate, whose first part may be a star.
fn is_named(host: &str, found: &str) -> bool {
    match found.strip_prefix("*.") {
        Some(rest) => host.split_once('.').is_some_and(|(_, domain)| domain.eq_ignore_ascii_case(rest)),
        None => host.eq_ignore_ascii_case(found),
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let at = UNIX_EPOCH + Duration::from_secs(now.as_secs());
        match self.check_chain(end_entity, intermediates, now) {
            Ok(()) => self.check_name(end_entity, server_name)?,
            Err(error) => {
                if !self.check_self_signed(end_entity, intermediates, at, server_name)? {
                    if matches!(
                        &error,
                        Error::InvalidCertificate(
                            CertificateError::Expired
                                | CertificateError::ExpiredContext { .. }
                                | CertificateError::NotValidYet
                                | CertificateError::NotValidYetContext { .. }
                        )
                    ) {
                        // OpenSSL looks for the authorities and at the name before it looks at the clock.
                        self.check_chain(end_entity, intermediates, within(end_entity, now))?;
                        self.check_name(end_entity, server_name)?;
                    }
                    return Err(error);
                }
            }
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// Accepts everyone: `validate_certs: false`. Who may show any certificate needs no signature that fits it.
#[derive(Debug)]
pub(super) struct Anyone(Vec<SignatureScheme>);

impl Anyone {
    pub(super) fn new(algorithms: WebPkiSupportedAlgorithms) -> Self {
        Self(algorithms.supported_schemes())
    }
}

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.clone()
    }
}
