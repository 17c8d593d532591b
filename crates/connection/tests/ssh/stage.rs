//! Hosts on loopback and connections to them.

use churten_connection::server::{ServerOptions, ServerUser, SshServer, ThrowawayKey};
use churten_connection::{
    Blob, Command, ConnectionSettings, Connections, Exec, Secret, SshOptions, Transport, WorkerProgram,
};
use flate2::write::GzEncoder;
use lzma_rust2::{XzOptions, XzWriter};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tempfile::TempDir;

/// The worker of the examples directory, as it would be embedded.
pub(crate) fn worker() -> WorkerProgram {
    static PROGRAM: OnceLock<WorkerProgram> = OnceLock::new();
    *PROGRAM.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        let file = test.parent().unwrap().parent().unwrap().join("examples/worker");
        if !file.exists() {
            // `cargo test` has built the examples, `cargo test --test loopback` has not.
            let mut cargo = std::process::Command::new(env!("CARGO"));
            cargo.args(["build", "--quiet", "--package", "churten-connection", "--example", "worker"]);
            assert!(cargo.status().unwrap().success());
        }
        // Without its symbols it is a tenth as large, and the worker hashes itself at every start.
        let directory = tempfile::tempdir().unwrap();
        let stripped = directory.path().join("worker");
        let strip = std::process::Command::new("strip").arg("-o").arg(&stripped).arg(&file).status();
        let file = if strip.is_ok_and(|status| status.success()) { stripped } else { file };
        let mut program = std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        // A build of its own for every run: none is found on this machine from an earlier one.
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        program.extend_from_slice(&now.as_nanos().to_le_bytes());
        let mut gzip = GzEncoder::new(Vec::new(), flate2::Compression::none());
        gzip.write_all(&program).unwrap();
        let mut xz = XzWriter::new(Vec::new(), XzOptions::with_preset(0)).unwrap();
        xz.write_all(&program).unwrap();
        WorkerProgram {
            architecture: std::env::consts::ARCH,
            sha256: Sha256::digest(&program).into(),
            size: program.len(),
            gzip: gzip.finish().unwrap().leak(),
            xz: xz.finish().unwrap().leak(),
        }
    })
}

pub(crate) fn settings() -> ConnectionSettings {
    ConnectionSettings { workers: vec![worker()], parallel: 10, ..ConnectionSettings::default() }
}

/// Hosts with a directory each, one key for all, and a known_hosts file.
pub(crate) struct Stage {
    pub(crate) directory: TempDir,
    pub(crate) key: ThrowawayKey,
    pub(crate) hosts: Vec<SshServer>,
}

impl Stage {
    pub(crate) async fn new(count: usize) -> Self {
        let mut stage =
            Self { directory: tempfile::tempdir().unwrap(), key: ThrowawayKey::generate().unwrap(), hosts: Vec::new() };
        stage.key.write(&stage.path("id")).unwrap();
        for index in 0..count {
            stage.add(ServerOptions { name: format!("h{index}"), ..ServerOptions::default() }).await;
        }
        stage
    }

    pub(crate) async fn add(&mut self, options: ServerOptions) {
        let home = self.path(&options.name);
        std::fs::create_dir(&home).unwrap();
        let user = ServerUser {
            name: "tester".into(),
            password: Some(Secret::from("right")),
            keys: vec![self.key.public_line()],
        };
        let options = ServerOptions { home, users: vec![user], forwarding: true, ..options };
        self.hosts.push(SshServer::start(options).await.unwrap());
        let lines: String = self.hosts.iter().map(|host| host.known_hosts_line() + "\n").collect();
        std::fs::write(self.path("known_hosts"), lines).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn options(&self, index: usize) -> SshOptions {
        let address = self.hosts[index].address();
        SshOptions {
            address: address.ip().to_string(),
            port: Some(address.port()),
            user: Some("tester".into()),
            private_keys: vec![self.path("id")],
            known_hosts: Some(vec![self.path("known_hosts")]),
            config_file: Some("none".into()),
            arguments: vec!["-o IdentityAgent=none".into()],
            timeout: Some(Duration::from_secs(10)),
            ..SshOptions::default()
        }
    }

    pub(crate) fn transport(&self, index: usize) -> Transport {
        Transport::Ssh(Box::new(self.options(index)))
    }
}

pub(crate) fn connections() -> Arc<Connections> {
    Arc::new(Connections::new(settings()))
}

pub(crate) fn shell(line: &str) -> Exec {
    Exec {
        command: Command::Shell { executable: String::new(), line: line.into() },
        stdin: Blob::default(),
        environment: Vec::new(),
        directory: None,
        timeout_milliseconds: 0,
        output_limit: 0,
    }
}

/// Workers kept in a home directory.
pub(crate) fn workers_in(home: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for directory in std::fs::read_dir(home.join(".ansible/tmp")).into_iter().flatten().flatten() {
        for file in std::fs::read_dir(directory.path()).into_iter().flatten().flatten() {
            names.push(file.file_name().to_string_lossy().into_owned());
        }
    }
    names.retain(|name| name.starts_with("worker-"));
    names
}
