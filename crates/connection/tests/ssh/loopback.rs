//! Everything end to end against SSH hosts inside this process.

use crate::stage::{Stage, connections, settings, shell, worker, workers_in};
use churten_connection::server::{ServerOptions, SshServer, ThrowawayKey};
use churten_connection::*;
use std::sync::Arc;
use std::time::{Duration, Instant};

const TMP: &str = "~/.ansible/tmp";

fn ssh(options: SshOptions) -> Transport {
    Transport::Ssh(Box::new(options))
}

fn ping() -> Invocation {
    Invocation { module: "ansible.builtin.ping".into(), ..Invocation::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_is_delivered_once_and_serves_everything() {
    let stage = Stage::new(1).await;
    for round in 0..2 {
        let connections = connections();
        let session = connections.session("h0", &stage.transport(0), None, TMP).await.unwrap();
        let output = session.exec(shell("pwd; umask; echo oops >&2; exit 7")).await.unwrap();
        assert_eq!(output.code, 7);
        let home = stage.path("h0");
        let stdout = String::from_utf8_lossy(&output.stdout.0).into_owned();
        assert!(stdout.starts_with(home.to_str().unwrap()), "round {round}: {stdout}");
        assert_eq!(output.stderr.0, b"oops\n");

        let result = session.run(ping()).await.unwrap();
        assert_eq!(result.get("ping").and_then(|value| value.as_str()), Some("pong"));
        let mut batch = session.run_batch(vec![ping(); 5], vec![]).await.unwrap();
        let mut indices = Vec::new();
        while let Some(item) = batch.next().await {
            indices.push(item.unwrap().0);
        }
        assert_eq!(indices, [0, 1, 2, 3, 4]);

        // Larger than the windows, with bytes no terminal would let through.
        let data: Vec<u8> = (0..5_000_000_u32).map(|n| (n * 7) as u8).collect();
        let destination = Destination::Path(home.join("big").to_string_lossy().into_owned());
        let placed = session.put(data.as_slice(), destination, 0o640).await.unwrap();
        assert_eq!(placed.size, data.len() as u64);
        let mut back = Vec::new();
        let fetched = session.fetch(&placed.path, &mut back).await.unwrap();
        assert!(back == data && fetched.sha1 == placed.sha1);
        let status = session.stat(&placed.path, true, true).await.unwrap().unwrap();
        assert_eq!((status.mode, status.sha1.as_deref()), (0o640, Some(placed.sha1.as_str())));
        assert!(session.remove(&placed.path).await.unwrap());
        assert!(session.stat(&placed.path, true, false).await.unwrap().is_none());
        let error = session.fetch("/no/such/file", &mut Vec::new()).await.unwrap_err();
        assert!(matches!(error, ConnectionError::Remote { errno: 2, .. }), "{error:?}");
        connections.close().await;
        assert_eq!(workers_in(&home).len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ways_to_log_in() {
    let stage = Stage::new(1).await;
    let key = stage.options(0);
    let none = SshOptions { private_keys: vec!["/no/such/key".into()], ..key.clone() };
    let arguments = |text: &str| vec![format!("-o IdentityAgent=none {text}")];
    let password = |text: &str| SshOptions { password: Some(Secret::from(text)), ..none.clone() };
    for (name, options, logged_in) in [
        ("key", key.clone(), true),
        ("interactive", password("right"), true),
        (
            "password",
            SshOptions { arguments: arguments("-o KbdInteractiveAuthentication=no"), ..password("right") },
            true,
        ),
        ("wrong password", password("wrong"), false),
        ("no key", none.clone(), false),
        ("no such user", SshOptions { user: Some("nobody".into()), ..key.clone() }, false),
        ("keys switched off", SshOptions { arguments: arguments("-o PubkeyAuthentication=no"), ..key.clone() }, false),
    ] {
        let raw = RawCommand { line: "echo $USER".into(), ..RawCommand::default() };
        match connections().raw("h0", &ssh(options), None, raw).await {
            Ok(output) => {
                assert!(logged_in, "{name}");
                assert_eq!(output.stdout, b"tester\n", "{name}");
            }
            Err(error) => {
                assert!(!logged_in, "{name}: {error}");
                assert!(error.is_unreachable());
                let message = error.message();
                assert!(message.starts_with("Failed to connect to the host via ssh: "), "{message}");
                assert!(message.contains(": Permission denied (") && message.ends_with(")."), "{message}");
                assert!(!message.contains("wrong"), "{message}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_for_all_who_ask_at_once() {
    let stage = Arc::new(Stage::new(2).await);
    let connections = connections();
    let mut tasks = tokio::task::JoinSet::new();
    for index in 0..30 {
        let (stage, connections) = (Arc::clone(&stage), Arc::clone(&connections));
        tasks.spawn(async move {
            let host = index % 2;
            let session = connections.session(&format!("h{host}"), &stage.transport(host), None, TMP).await.unwrap();
            session.exec(shell("sleep 0.05; echo x")).await.unwrap().stdout.0
        });
    }
    while let Some(output) = tasks.join_next().await {
        assert_eq!(output.unwrap(), b"x\n");
    }
    assert_eq!((stage.hosts[0].logins(), stage.hosts[1].logins()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_answers_everything_and_can_be_made_again() {
    let stage = Stage::new(2).await;
    let connections = connections();
    let session = connections.session("h0", &stage.transport(0), None, TMP).await.unwrap();
    let other = connections.session("h1", &stage.transport(1), None, TMP).await.unwrap();
    let begun = Instant::now();
    let waiting = [session.clone(), session.clone(), session.clone()]
        .map(|session| tokio::spawn(async move { session.exec(shell("sleep 30")).await }));
    tokio::time::sleep(Duration::from_millis(200)).await;
    stage.hosts[0].cut();
    for call in waiting {
        let error = call.await.unwrap().unwrap_err();
        assert!(error.is_unreachable(), "{error:?}");
        assert!(error.to_string().starts_with("h0: Failed to connect to the host via ssh: "), "{error}");
    }
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert!(session.is_closed() && !other.is_closed());
    assert!(session.run(ping()).await.unwrap_err().is_unreachable());
    other.run(ping()).await.unwrap();
    let again = connections.session("h0", &stage.transport(0), None, TMP).await.unwrap();
    again.run(ping()).await.unwrap();
    connections.reset("h0").await;
    connections.session("h0", &stage.transport(0), None, TMP).await.unwrap().run(ping()).await.unwrap();
    assert_eq!(stage.hosts[0].logins(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_call_is_cancelled_on_the_host() {
    let stage = Stage::new(1).await;
    let connections = connections();
    let session = connections.session("h0", &stage.transport(0), None, TMP).await.unwrap();
    let mark = stage.path("mark");
    let line = format!("sleep 1; touch {}", mark.display());
    let dropped = tokio::time::timeout(Duration::from_millis(200), session.exec(shell(&line))).await;
    assert!(dropped.is_err());
    tokio::time::sleep(Duration::from_millis(1300)).await;
    assert!(!mark.exists());
    session.run(ping()).await.unwrap();
}

/// Takes its time with every byte.
struct Slow(Vec<u8>);

impl tokio::io::AsyncWrite for Slow {
    fn poll_write(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        bytes: &[u8],
    ) -> std::task::Poll<std::io::Result<usize>> {
        std::thread::sleep(Duration::from_millis(20));
        self.0.extend_from_slice(bytes);
        std::task::Poll::Ready(Ok(bytes.len()))
    }
    fn poll_flush(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::task::Poll::Ready(Ok(()))
    }
    fn poll_shutdown(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::task::Poll::Ready(Ok(()))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_slow_stream_holds_up_nobody() {
    let stage = Stage::new(1).await;
    let connections = connections();
    let session = connections.session("h0", &stage.transport(0), None, TMP).await.unwrap();
    let file = stage.path("large");
    std::fs::write(&file, vec![b'x'; 6 << 20]).unwrap();
    let (fetching, path) = (session.clone(), file.to_string_lossy().into_owned());
    let slow = tokio::spawn(async move {
        let mut sink = Slow(Vec::new());
        fetching.fetch(&path, &mut sink).await.unwrap();
        sink.0.len()
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let begun = Instant::now();
    for _ in 0..20 {
        session.ping(Duration::from_secs(5)).await.unwrap();
    }
    assert!(begun.elapsed() < Duration::from_millis(500), "{:?}", begun.elapsed());
    assert!(!slow.is_finished());
    assert_eq!(slow.await.unwrap(), 6 << 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn host_keys() {
    let stage = Stage::new(1).await;
    let file = stage.path("other_known_hosts");
    let raw = || RawCommand { line: "true".into(), ..RawCommand::default() };
    let options = |checking| SshOptions {
        known_hosts: Some(vec![file.clone()]),
        host_key_checking: checking,
        ..stage.options(0)
    };
    let try_it = async |checking| connections().raw("h0", &ssh(options(checking)), None, raw()).await;

    let unknown = try_it(None).await.unwrap_err().message();
    assert!(unknown.contains("other_known_hosts") && unknown.ends_with("Host key verification failed."), "{unknown}");
    assert!(!file.exists());
    try_it(Some(HostKeyChecking::AcceptNew)).await.unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), stage.hosts[0].known_hosts_line() + "\n");
    try_it(None).await.unwrap();

    let wrong = ThrowawayKey::generate().unwrap();
    let address = stage.hosts[0].address();
    std::fs::write(&file, format!("[{}]:{} {}\n", address.ip(), address.port(), wrong.public_line())).unwrap();
    for checking in [None, Some(HostKeyChecking::AcceptNew)] {
        let changed = try_it(checking).await.unwrap_err().message();
        assert!(changed.contains("WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!"), "{changed}");
        assert!(changed.contains("other_known_hosts:1"), "{changed}");
    }
    // As ssh: keys still work, passwords are not sent.
    try_it(Some(HostKeyChecking::No)).await.unwrap();
    let password = SshOptions {
        private_keys: vec!["/no/such/key".into()],
        password: Some(Secret::from("right")),
        ..options(Some(HostKeyChecking::No))
    };
    let refused = connections().raw("h0", &ssh(password), None, raw()).await.unwrap_err().message();
    assert!(refused.contains("Password authentication is disabled"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn jump_hosts_and_proxy_commands() {
    let stage = Stage::new(3).await;
    let config = stage.path("config");
    let mut text = String::new();
    for (index, host) in stage.hosts.iter().enumerate() {
        text += &format!("Host jump{index}\n  HostName 127.0.0.1\n  Port {}\n  User tester\n", host.address().port());
    }
    text += &format!(
        "Host *\n  IdentityFile {}\n  IdentityAgent none\n  UserKnownHostsFile {}\n",
        stage.path("id").display(),
        stage.path("known_hosts").display()
    );
    std::fs::write(&config, text).unwrap();
    for (arguments, logins) in [("-J jump0", [1, 0, 1]), ("-o ProxyJump=jump0,jump1", [2, 1, 2])] {
        let arguments = vec![format!("{arguments} -o IdentityAgent=none")];
        let options = SshOptions { config_file: Some(config.clone()), arguments, ..stage.options(2) };
        let connections = connections();
        let session = connections.session("h2", &ssh(options), None, TMP).await.unwrap();
        session.run(ping()).await.unwrap();
        assert_eq!([0, 1, 2].map(|index: usize| stage.hosts[index].logins()), logins);
        connections.close().await;
    }
    let arguments = vec!["-J jump0 -o ConnectTimeout=5".to_owned()];
    let nowhere = SshOptions { config_file: Some(config), port: Some(1), arguments, ..stage.options(2) };
    let error = connections().session("h2", &ssh(nowhere), None, TMP).await.unwrap_err().message();
    assert!(error.contains("stdio forwarding failed"), "{error}");
    let broken = SshOptions { arguments: vec!["-o ProxyCommand=/bin/false".into()], ..stage.options(2) };
    let error = connections().session("h2", &ssh(broken), None, TMP).await.unwrap_err().message();
    assert!(error.contains("kex_exchange_identification: Connection closed by remote host"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn unreachable_hosts() {
    let stage = Stage::new(1).await;
    let begun = Instant::now();
    for (options, expected) in [
        (
            SshOptions { port: Some(1), retries: 2, ..stage.options(0) },
            "ssh: connect to host 127.0.0.1 port 1: Connection refused",
        ),
        (SshOptions { port: Some(1), ..stage.options(0) }, "ssh: connect to host 127.0.0.1 port 1: Connection refused"),
        (
            SshOptions { address: "no-such-host.invalid".into(), ..stage.options(0) },
            "ssh: Could not resolve hostname no-such-host.invalid: ",
        ),
        (
            SshOptions { arguments: vec!["-o Nonsense=1".into()], ..stage.options(0) },
            "command-line: line 0: Bad configuration option: nonsense",
        ),
    ] {
        let error = connections().session("h0", &ssh(options), None, TMP).await.unwrap_err();
        assert!(error.is_unreachable());
        assert!(error.message().starts_with(&format!("Failed to connect to the host via ssh: {expected}")), "{error}");
    }
    // Pauses of 0 and 1 seconds before the two further attempts.
    assert!(begun.elapsed() > Duration::from_secs(1) && begun.elapsed() < Duration::from_secs(10));
}

#[tokio::test(flavor = "multi_thread")]
async fn noisy_logins_old_workers_and_hosts_without_a_worker() {
    let mut stage = Stage::new(0).await;
    let noisy = stage.path("noisy.sh");
    std::fs::write(
        &noisy,
        "#!/bin/sh\necho 'Welcome! CHRT is not it'\necho no line end: | tr -d '\\n'\nexec /bin/sh \"$@\"\n",
    )
    .unwrap();
    std::fs::set_permissions(&noisy, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    stage.add(ServerOptions { name: "noisy".into(), shell: noisy, ..ServerOptions::default() }).await;
    let user = std::process::Command::new("id").arg("-u").output().unwrap().stdout;
    let user = String::from_utf8(user).unwrap();
    let cache = stage.path("noisy").join(format!(".ansible/tmp/churten-{}", user.trim()));
    std::fs::create_dir_all(&cache).unwrap();
    for old in 0..6 {
        std::fs::write(cache.join(format!("worker-{old}")), "old").unwrap();
    }
    let connections = connections();
    let session = connections.session("noisy", &stage.transport(0), None, TMP).await.unwrap();
    session.run(ping()).await.unwrap();
    let kept = workers_in(&stage.path("noisy"));
    assert_eq!(kept.len(), 3, "{kept:?}");

    let foreign = WorkerProgram { architecture: "pdp11", ..worker() };
    let connections = Connections::new(ConnectionSettings { workers: vec![foreign], ..settings() });
    let error = connections.session("noisy", &stage.transport(0), None, TMP).await.unwrap_err();
    assert!(
        matches!(&error, ConnectionError::NoWorker { reason, .. } if reason.contains("no worker for Linux")),
        "{error:?}"
    );
    // `raw` needs none.
    let raw = RawCommand { line: "cat; exit 3".into(), stdin: b"in".to_vec().into(), ..RawCommand::default() };
    let output = connections.raw("noisy", &stage.transport(0), None, raw).await.unwrap();
    assert_eq!(output.code, 3);
    assert!(output.stdout.ends_with(b"in"));
}

#[tokio::test(flavor = "multi_thread")]
async fn login_shells() {
    let mut stage = Stage::new(0).await;
    for name in ["dash", "bash", "zsh", "ksh", "mksh", "csh", "tcsh", "fish"] {
        let shells = ["/bin", "/usr/bin", "/usr/local/bin"].map(|directory| std::path::Path::new(directory).join(name));
        let Some(shell) = shells.into_iter().find(|shell| shell.exists()) else {
            println!("skipped: {name} is not here");
            continue;
        };
        stage.add(ServerOptions { name: name.into(), shell, ..ServerOptions::default() }).await;
        for _ in ["delivered", "found"] {
            let connections = connections();
            let session = connections.session(name, &stage.transport(stage.hosts.len() - 1), None, TMP).await;
            session.unwrap_or_else(|error| panic!("{error}")).run(ping()).await.unwrap();
            connections.close().await;
        }
        assert_eq!(workers_in(&stage.path(name)).len(), 1, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn this_machine() {
    let serve: ServeLocal = Arc::new(|stream| {
        let reader = std::io::BufReader::new(stream.try_clone()?);
        let runner = Arc::new(churten_worker::NativeModules);
        churten_worker::serve(reader, stream, churten_worker::Options { runner, ..Default::default() })
    });
    let inside = Connections::new(ConnectionSettings { local: Some(serve), ..settings() });
    let session = inside.session("localhost", &Transport::Local, None, TMP).await.unwrap();
    assert_eq!(session.hello().pid, std::process::id());
    session.run(ping()).await.unwrap();
    let program = connections();
    let home = tempfile::tempdir().unwrap();
    let remote_tmp = home.path().to_string_lossy().into_owned();
    let session = program.session("localhost", &Transport::Local, None, &remote_tmp).await.unwrap();
    assert_ne!(session.hello().pid, std::process::id());
    session.run(ping()).await.unwrap();
}

#[tokio::test]
async fn the_server_listens_on_loopback_only() {
    let options = ServerOptions { address: "0.0.0.0:0".parse().unwrap(), ..ServerOptions::default() };
    assert!(SshServer::start(options).await.is_err());
}
