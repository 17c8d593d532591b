//! The hosts of the demo and their inventory.

use churten_connection::server::{ServerOptions, ServerUser, SshServer, ThrowawayKey};
use churten_diagnostics::Report;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use tokio::runtime::Runtime;

/// The groups and their hosts.
const GROUPS: [(&str, &[&str]); 2] = [("ephemery", &["node1", "node2", "node3"]), ("monitoring", &["monitor1"])];

/// The running hosts. They are gone when this is dropped.
pub(super) struct Fleet {
    _servers: Vec<SshServer>,
    _runtime: Runtime,
}

impl Fleet {
    /// Start the hosts, and write their inventory, keys and `known_hosts` below a directory.
    pub(super) fn start(directory: &Path) -> Result<Self, Report> {
        let failed = |error: std::io::Error| Report::new(format!("cannot start the hosts of the demo: {error}"));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(failed)?;
        let key = ThrowawayKey::generate().map_err(failed)?;
        let key_file = directory.join("id_ed25519");
        key.write(&key_file).map_err(failed)?;
        let mut servers = vec![];
        let mut known_hosts = String::new();
        let mut hosts = String::new();
        for (group, names) in GROUPS {
            hosts += &format!("    {group}:\n      hosts:\n");
            for name in names {
                let home = directory.join("hosts").join(name);
                std::fs::create_dir_all(&home).map_err(failed)?;
                let user = ServerUser { name: "demo".into(), password: None, keys: vec![key.public_line()] };
                let options = ServerOptions {
                    name: (*name).to_owned(),
                    address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
                    home: home.clone(),
                    users: vec![user],
                    ..ServerOptions::default()
                };
                let server = runtime.block_on(SshServer::start(options)).map_err(failed)?;
                known_hosts += &format!("{}\n", server.known_hosts_line());
                let port = server.address().port();
                let home = home.display();
                hosts += &format!("        {name}: {{ansible_port: {port}, ephemery_prefix: \"{home}\"}}\n");
                servers.push(server);
            }
        }
        let known_hosts_file = directory.join("known_hosts");
        std::fs::write(&known_hosts_file, known_hosts).map_err(failed)?;
        std::fs::write(directory.join("hosts.yml"), inventory(&hosts, &key_file, &known_hosts_file)).map_err(failed)?;
        Ok(Self { _servers: servers, _runtime: runtime })
    }
}

fn inventory(hosts: &str, key: &Path, known_hosts: &Path) -> String {
    format!(
        "all:\n  vars:\n    ansible_host: 127.0.0.1\n    ansible_user: demo\n    ansible_ssh_private_key_file: \"{}\"\n    \
         ansible_ssh_common_args: \"-F /dev/null -o IdentitiesOnly=yes -o UserKnownHostsFile={} -o GlobalKnownHostsFile=/dev/null\"\n    \
         ephemery_manage_user: false\n    ephemery_iteration: 160\n    ephemery_genesis_timestamp: 1780599600\n    \
         execution_client: geth\n    consensus_client: lighthouse\n  children:\n{hosts}",
        key.display(),
        known_hosts.display()
    )
}
