//! Servers that speak TLS, each with another fault.

use super::{answers, listen, listen_at, write_file};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

/// A certificate with its key.
struct Identity {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

fn parameters(name: &str, names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut parameters = CertificateParams::new(names).unwrap();
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.not_before = date_time_ymd(2020, 1, 1);
    parameters.not_after = date_time_ymd(2099, 1, 1);
    parameters
}

/// Start them; what they are called in cases.
pub(super) fn start(directory: &Path) -> Vec<(&'static str, String)> {
    let mut authority = parameters("Test authority", &[]);
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let authority_certificate = authority.self_signed(&authority_key).unwrap();
    write_file(directory, "authority.pem", &authority_certificate.pem());
    let issuer = Issuer::new(authority, authority_key);
    let signed = |parameters: CertificateParams| {
        let key = KeyPair::generate().unwrap();
        let certificate = parameters.signed_by(&key, &issuer).unwrap();
        (Identity { certificate: certificate.der().clone(), key }, certificate.pem())
    };
    let here = ["localhost", "127.0.0.1"];
    let mut expired = parameters("localhost", &here);
    expired.not_after = date_time_ymd(2020, 2, 1);
    let mut future = parameters("localhost", &here);
    future.not_before = date_time_ymd(2090, 1, 1);
    let mut expired_other = parameters("other.example", &["other.example"]);
    expired_other.not_after = date_time_ymd(2020, 2, 1);
    let own_key = KeyPair::generate().unwrap();
    let own = parameters("localhost", &here).self_signed(&own_key).unwrap();
    write_file(directory, "own.pem", &own.pem());
    let own = Identity { certificate: own.der().clone(), key: own_key };
    let (client, client_pem) = signed(parameters("client", &["client"]));
    write_file(directory, "client.pem", &client_pem);
    write_file(directory, "client.key", &client.key.serialize_pem());
    write_file(directory, "client-both.pem", &(client_pem + &client.key.serialize_pem()));
    let (good, good_pem) = signed(parameters("localhost", &here));
    write_file(directory, "good.pem", &good_pem);
    let mut trusted = RootCertStore::empty();
    trusted.add(authority_certificate.der().clone()).unwrap();
    let provider = Arc::new(ring::default_provider());
    let clients = WebPkiClientVerifier::builder_with_provider(trusted.into(), Arc::clone(&provider)).build().unwrap();
    let older = ServerConfig::builder_with_provider(provider).with_protocol_versions(&[&rustls::version::TLS12]);
    let chain = vec![good.certificate.clone(), authority_certificate.der().clone()];
    let with_key = |identity: &Identity| PrivateKeyDer::try_from(identity.key.serialize_der()).unwrap();
    let one = |identity: &Identity| {
        builder()
            .with_no_client_auth()
            .with_single_cert(vec![identity.certificate.clone()], with_key(identity))
            .unwrap()
    };
    let mutual = builder().with_client_cert_verifier(clients);
    vec![
        ("#TLS#", serve(one(&good))),
        ("#TLS-OWN#", serve(one(&own))),
        ("#TLS-EXPIRED#", serve(one(&signed(expired).0))),
        ("#TLS-FUTURE#", serve(one(&signed(future).0))),
        ("#TLS-OTHER#", serve(one(&signed(parameters("other.example", &["other.example"])).0))),
        ("#TLS-EXPIRED-OTHER#", serve(one(&signed(expired_other).0))),
        ("#TLS-NAMELESS#", serve(one(&signed(parameters("localhost", &[])).0))),
        ("#TLS-CHAIN#", serve(builder().with_no_client_auth().with_single_cert(chain, with_key(&good)).unwrap())),
        ("#TLS-MUTUAL#", serve(mutual.with_single_cert(vec![good.certificate.clone()], with_key(&good)).unwrap())),
        (
            "#TLS-OLDER#",
            serve(
                older
                    .unwrap()
                    .with_no_client_auth()
                    .with_single_cert(vec![good.certificate.clone()], with_key(&good))
                    .unwrap(),
            ),
        ),
    ]
}

fn builder() -> rustls::ConfigBuilder<ServerConfig, rustls::WantsVerifier> {
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
}

fn serve(config: ServerConfig) -> String {
    listen(encrypted(config, answers::answer))
}

/// Serve names at a port: the certificate of the authority that says who they are.
pub(super) fn serve_names(names: &[&str], port: u16, answer: impl Fn(&mut Stream) + Send + Sync + 'static) -> String {
    let mut authority = parameters("Test authority of names", &[]);
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let authority_certificate = authority.self_signed(&authority_key).unwrap();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let certificate = parameters("names", names).signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = builder().with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key).unwrap();
    listen_at(port, encrypted(config, answer));
    authority_certificate.pem()
}

/// A connection over TLS.
pub(super) type Stream = StreamOwned<ServerConnection, TcpStream>;

fn encrypted(config: ServerConfig, answer: impl Fn(&mut Stream)) -> impl Fn(TcpStream) {
    let config = Arc::new(config);
    move |stream| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        answer(&mut stream);
        stream.conn.send_close_notify();
        let _ = stream.conn.complete_io(&mut stream.sock);
    }
}
