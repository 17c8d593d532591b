//! How the worker travels to hosts that have xz, gzip, both or neither.

use crate::stage::{Stage, connections, worker, workers_in};
use churten_connection::server::ServerOptions;
use churten_connection::{ConnectionError, ConnectionSettings, Connections, Invocation};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

const TMP: &str = "~/.ansible/tmp";

fn program(name: &str) -> PathBuf {
    let places = ["/usr/bin", "/bin"].map(|directory| Path::new(directory).join(name));
    places.into_iter().find(|path| path.exists()).unwrap_or_else(|| panic!("{name} is not here"))
}

fn write_script(path: &Path, text: &str) {
    std::fs::write(path, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
}

/// Add a host whose login shell finds what the script needs and these two programs: one that is `true` works, one that
/// is `false` fails. What was called is written to the file `called`.
async fn add(stage: &mut Stage, name: &str, xz: Option<bool>, gzip: Option<bool>) {
    let directory = stage.path(&format!("bin-{name}"));
    std::fs::create_dir(&directory).unwrap();
    for needed in ["cat", "chmod", "head", "id", "ls", "mkdir", "mv", "rm", "sh", "uname", "wc"] {
        symlink(program(needed), directory.join(needed)).unwrap();
    }
    let called = directory.join("called");
    for (packer, works) in [("xz", xz), ("gzip", gzip)] {
        let Some(works) = works else { continue };
        let then = if works { format!("exec {} \"$@\"", program(packer).display()) } else { "exit 1".to_owned() };
        let called = called.display();
        write_script(
            &directory.join(packer),
            &format!("case $1 in -V) exit 0;; esac\necho {packer} >>{called}\n{then}"),
        );
    }
    let shell = stage.path(&format!("shell-{name}"));
    write_script(&shell, &format!("PATH={}\nexport PATH\nexec /bin/sh \"$@\"", directory.display()));
    stage.add(ServerOptions { name: name.into(), shell, ..ServerOptions::default() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_host_unpacks_what_it_can() {
    let mut stage = Stage::new(0).await;
    for (index, (name, xz, gzip, expected)) in [
        // The link is quick.
        ("both", Some(true), Some(true), "gzip\n"),
        ("gzip", None, Some(true), "gzip\n"),
        ("xz", Some(true), None, "xz\n"),
        // Then it comes as it is.
        ("broken_xz", Some(false), None, "xz\n"),
        ("neither", None, None, ""),
    ]
    .into_iter()
    .enumerate()
    {
        add(&mut stage, name, xz, gzip).await;
        let connections = connections();
        let session = connections.session(name, &stage.transport(index), None, TMP).await;
        let ping = Invocation { module: "ansible.builtin.ping".into(), ..Invocation::default() };
        session.unwrap_or_else(|error| panic!("{name}: {error}")).run(ping).await.unwrap();
        connections.close().await;
        let home = stage.path(name);
        assert_eq!(workers_in(&home).len(), 1, "{name}");
        let called = std::fs::read_to_string(stage.path(&format!("bin-{name}")).join("called"));
        assert_eq!(called.unwrap_or_default(), expected, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_unpacks_works() {
    let mut stage = Stage::new(0).await;
    add(&mut stage, "broken", Some(false), Some(false)).await;
    let connections = Connections::new(ConnectionSettings { workers: vec![worker()], ..ConnectionSettings::default() });
    let error = connections.session("broken", &stage.transport(0), None, TMP).await.unwrap_err();
    let ConnectionError::NoWorker { reason, .. } = &error else { panic!("{error:?}") };
    assert!(reason.starts_with("no directory is writable"), "{reason}");
    assert!(workers_in(&stage.path("broken")).is_empty());
}
