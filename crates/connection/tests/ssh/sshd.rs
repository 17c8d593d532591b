//! Against OpenSSH's server, agent and certificates. Needs root, `sshd`, `ssh-keygen` and `ssh-agent`; skips with a
//! printed reason where they are missing.

use crate::stage::{connections, shell};
use churten_connection::*;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::{Child, Command as Program, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const SSHD: &str = "/usr/sbin/sshd";

/// One sshd with keys of all kinds.
struct Server {
    directory: TempDir,
    port: u16,
    sshd: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.sshd.kill();
        let _ = self.sshd.wait();
    }
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Program::new(program).args(arguments).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

impl Server {
    fn start() -> Option<Self> {
        let root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
        if !root || !std::path::Path::new(SSHD).exists() {
            println!("skipped: needs root and {SSHD}");
            return None;
        }
        let directory = tempfile::Builder::new().prefix("churten-sshd").tempdir().unwrap();
        let path = |name: &str| directory.path().join(name).to_string_lossy().into_owned();
        let keygen = |name: &str, arguments: &[&str]| {
            let file = path(name);
            run("ssh-keygen", &[&["-q", "-f", &file, "-C", name][..], arguments].concat());
        };
        for name in ["host", "user_ca", "host_ca", "certified", "ed25519", "stranger"] {
            keygen(name, &["-t", "ed25519", "-N", ""]);
        }
        keygen("rsa", &["-t", "rsa", "-b", "2048", "-N", ""]);
        keygen("ecdsa", &["-t", "ecdsa", "-N", ""]);
        keygen("pem", &["-t", "rsa", "-b", "2048", "-m", "PEM", "-N", ""]);
        keygen("pem_ec", &["-t", "ecdsa", "-m", "PEM", "-N", ""]);
        keygen("pkcs8", &["-t", "rsa", "-b", "2048", "-m", "PKCS8", "-N", ""]);
        keygen("pkcs8_locked", &["-t", "rsa", "-b", "2048", "-m", "PKCS8", "-N", "open sesame"]);
        keygen("locked", &["-t", "ed25519", "-N", "open sesame"]);
        // One of 256 keys of P-256 has a number that begins with a zero byte.
        let is_short = (0..5000).any(|_| {
            let _ = std::fs::remove_file(path("short"));
            keygen("short", &["-t", "ecdsa", "-b", "256", "-N", ""]);
            russh::keys::load_secret_key(path("short"), None).is_err()
        });
        assert!(is_short, "russh reads all keys of P-256, and src/ssh/short_number.rs is of no use any more");
        std::fs::copy(path("short"), path("short_locked")).unwrap();
        run("ssh-keygen", &["-q", "-p", "-f", &path("short_locked"), "-P", "", "-N", "open sesame"]);
        run("ssh-keygen", &["-q", "-s", &path("user_ca"), "-I", "u", "-n", "root", &path("certified.pub")]);
        run("ssh-keygen", &["-q", "-s", &path("host_ca"), "-I", "h", "-h", "-n", "127.0.0.1", &path("host.pub")]);
        let authorized: String =
            ["ed25519", "rsa", "ecdsa", "pem", "pem_ec", "pkcs8", "pkcs8_locked", "locked", "short"]
                .iter()
                .map(|name| std::fs::read_to_string(path(&format!("{name}.pub"))).unwrap())
                .collect();
        std::fs::write(path("authorized"), authorized).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let host_key = std::fs::read_to_string(path("host.pub")).unwrap();
        std::fs::write(path("plain"), format!("[127.0.0.1]:{port} {host_key}")).unwrap();
        std::fs::copy(path("plain"), path("hashed")).unwrap();
        run("ssh-keygen", &["-q", "-H", "-f", &path("hashed")]);
        let authority = std::fs::read_to_string(path("host_ca.pub")).unwrap();
        std::fs::write(path("authority"), format!("@cert-authority [127.0.0.*]:* {authority}")).unwrap();
        let other = std::fs::read_to_string(path("user_ca.pub")).unwrap();
        std::fs::write(path("wrong_authority"), format!("@cert-authority * {other}")).unwrap();
        std::fs::write(path("revoked"), format!("@revoked * {host_key}[127.0.0.1]:{port} {host_key}")).unwrap();
        let config = format!(
            "ListenAddress 127.0.0.1:{port}\nHostKey {host}\nHostCertificate {host}-cert.pub\nPidFile none\nUsePAM no\n\
             PermitRootLogin yes\nStrictModes no\nAuthorizedKeysFile {authorized}\nTrustedUserCAKeys {ca}\n\
             AllowTcpForwarding yes\n",
            host = path("host"),
            authorized = path("authorized"),
            ca = path("user_ca.pub"),
        );
        std::fs::write(path("sshd_config"), config).unwrap();
        std::fs::create_dir_all("/run/sshd").unwrap();
        let sshd = Program::new(SSHD)
            .args(["-D", "-e", "-f", &path("sshd_config")])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        for _ in 0..100 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(Self { directory, port, sshd })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn options(&self, key: &str) -> SshOptions {
        SshOptions {
            address: "127.0.0.1".into(),
            port: Some(self.port),
            user: Some("root".into()),
            private_keys: vec![self.path(key)],
            known_hosts: Some(vec![self.path("plain")]),
            config_file: Some("none".into()),
            arguments: vec!["-o IdentityAgent=none".into()],
            timeout: Some(Duration::from_secs(10)),
            ..SshOptions::default()
        }
    }
}

async fn login(options: SshOptions) -> Result<(), String> {
    let raw = RawCommand { line: "echo in".into(), ..RawCommand::default() };
    let transport = Transport::Ssh(Box::new(options));
    let output = connections().raw("h", &transport, None, raw).await.map_err(|error| error.message())?;
    assert_eq!(output.stdout, b"in\n");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_agents_and_certificates() {
    let Some(server) = Server::start() else { return };
    for key in ["ed25519", "rsa", "ecdsa", "pem", "pem_ec", "pkcs8", "certified", "short"] {
        login(server.options(key)).await.unwrap_or_else(|error| panic!("{key}: {error}"));
    }
    let locked = |text: &str| SshOptions { passphrase: Some(Secret::from(text)), ..server.options("locked") };
    login(locked("open sesame")).await.unwrap();
    let sesame = || Some(Secret::from("open sesame"));
    login(SshOptions { passphrase: sesame(), ..server.options("short_locked") }).await.unwrap();
    login(SshOptions { passphrase: sesame(), ..server.options("pkcs8_locked") }).await.unwrap();
    let wrong = login(locked("sesame")).await.unwrap_err();
    assert!(wrong.contains("incorrect passphrase supplied to decrypt private key"), "{wrong}");
    let none = login(server.options("locked")).await.unwrap_err();
    assert!(none.contains("it is encrypted") && none.contains("root@127.0.0.1: Permission denied ("), "{none}");
    assert!(login(server.options("stranger")).await.is_err());
    std::fs::set_permissions(server.path("rsa"), std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let open = login(server.options("rsa")).await.unwrap_err();
    assert!(open.contains("UNPROTECTED PRIVATE KEY FILE"), "{open}");

    // An agent that holds the locked key and a certificate.
    let socket = server.path("agent");
    let mut agent = Program::new("ssh-agent")
        .args(["-D", "-a", socket.to_str().unwrap()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    while !socket.exists() {
        std::thread::sleep(Duration::from_millis(10));
    }
    let add = |key: &str| {
        let status = Program::new("ssh-add").arg("-q").arg(server.path(key)).env("SSH_AUTH_SOCK", &socket).status();
        assert!(status.unwrap().success());
    };
    let with_agent = |key: &str, more: &str| SshOptions {
        arguments: vec![format!("-o IdentityAgent={} {more}", socket.display())],
        ..server.options(key)
    };
    add("stranger");
    add("ecdsa");
    login(with_agent("nothing_here", "")).await.unwrap();
    let only = login(with_agent("stranger", "-o IdentitiesOnly=yes")).await.unwrap_err();
    assert!(only.contains("Permission denied"), "{only}");
    // The public half names the key the agent has to offer.
    login(with_agent("ecdsa.pub", "-o IdentitiesOnly=yes")).await.unwrap();
    std::fs::remove_file(server.path("ecdsa")).unwrap();
    login(with_agent("ecdsa", "-o IdentitiesOnly=yes")).await.unwrap();
    run_with(&socket, "ssh-add", &["-q", "-D"]);
    add("certified");
    login(with_agent("nothing_here", "")).await.unwrap();
    let _ = agent.kill();
    let _ = agent.wait();

    for (file, expected) in [
        ("plain", None),
        ("hashed", None),
        ("authority", None),
        ("wrong_authority", Some("Host key verification failed.")),
        ("revoked", Some("was revoked in")),
        ("missing", Some("Host key verification failed.")),
    ] {
        let options = SshOptions { known_hosts: Some(vec![server.path(file)]), ..server.options("ed25519") };
        match (login(options).await, expected) {
            (Ok(()), None) => {}
            (Err(message), Some(expected)) => assert!(message.contains(expected), "{file}: {message}"),
            (result, _) => panic!("{file}: {result:?}"),
        }
    }
}

fn run_with(socket: &std::path::Path, program: &str, arguments: &[&str]) {
    let status = Program::new(program).args(arguments).env("SSH_AUTH_SOCK", socket).stderr(Stdio::null()).status();
    assert!(status.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn worker_become_and_fallback() {
    let Some(server) = Server::start() else { return };
    let remote_tmp = server.path("tmp").to_string_lossy().into_owned();
    let connections = connections();
    let transport = Transport::Ssh(Box::new(server.options("ed25519")));
    let session = connections.session("h", &transport, None, &remote_tmp).await.unwrap();
    assert_eq!(session.hello().uid, 0);
    let line = "echo out; echo err >&2; test -t 0 && echo tty; exit 3".to_owned();
    let raw = RawCommand { line, terminal: true, ..RawCommand::default() };
    let output = connections.raw("h", &transport, None, raw.clone()).await.unwrap();
    assert_eq!((output.code, output.stdout.as_slice()), (3, &b"out\r\nerr\r\ntty\r\n"[..]));
    assert_eq!(output.stderr, b"Shared connection to 127.0.0.1 closed.\r\n");
    let output = connections.raw("h", &transport, None, RawCommand { terminal: false, ..raw }).await.unwrap();
    assert_eq!((output.stdout.as_slice(), output.stderr.as_slice()), (&b"out\n"[..], &b"err\n"[..]));
    let root = Become { executable: Some("/no/such/sudo".into()), ..Become::default() };
    let error = connections.session("h", &transport, Some(&root), &remote_tmp).await.unwrap_err();
    assert!(!error.is_unreachable() && error.message().contains("/no/such/sudo"), "{error:?}");
    let root = Become { user: "root".into(), ..Become::default() };
    let same = connections.session("h", &transport, Some(&root), &remote_tmp).await.unwrap();
    assert_eq!(same.hello().pid, session.hello().pid);
    if Program::new("sudo").args(["-n", "true"]).status().is_ok_and(|status| status.success()) {
        let nobody = Become { user: "nobody".into(), ..Become::default() };
        let session = connections.session("h", &transport, Some(&nobody), &remote_tmp).await.unwrap();
        let output = session.exec(shell("id -un")).await.unwrap();
        assert_eq!(output.stdout.0, b"nobody\n");
        let raw = RawCommand { line: "id -un; echo \"it's\"".into(), ..RawCommand::default() };
        let output = connections.raw("h", &transport, Some(&nobody), raw).await.unwrap();
        assert_eq!(output.stdout, b"nobody\nit's\n");
        let stranger = Become { user: "no-such-user".into(), ..Become::default() };
        let error = connections.session("h", &transport, Some(&stranger), &remote_tmp).await.unwrap_err();
        assert!(matches!(error, ConnectionError::Become { .. }), "{error:?}");
    } else {
        println!("skipped: sudo");
    }
    let arguments = vec!["-o ForwardAgent=yes -o IdentityAgent=none".to_owned()];
    let options = SshOptions { arguments, ..server.options("ed25519") };
    let fallback = Transport::Ssh(Box::new(options.clone()));
    let session = connections.session("h", &fallback, None, &remote_tmp).await.unwrap();
    assert_eq!(session.notes(), ["h: using the OpenSSH program, for forwardagent"]);
    session.ping(Duration::from_secs(5)).await.unwrap();
    let refused = SshOptions { private_keys: vec![server.path("stranger")], ..options.clone() };
    let error = connections.session("h", &Transport::Ssh(Box::new(refused)), None, &remote_tmp).await.unwrap_err();
    assert!(error.is_unreachable() && error.message().contains("Permission denied"), "{error:?}");
    let password = SshOptions { password: Some(Secret::from("x")), ..options };
    let error = connections.session("h", &Transport::Ssh(Box::new(password)), None, &remote_tmp).await.unwrap_err();
    assert!(error.message().contains("needs the OpenSSH program"), "{error}");
    let shared = format!("/var/tmp/churten-0/worker-{}", session.hello().build);
    session.remove(&shared).await.unwrap();
    connections.close().await;
}
