//! Web servers for the cases: plain, encrypted in several ways, and a proxy.

mod answers;
mod encrypted;
mod files;
mod launchpad;
mod proxy;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The servers, and the files that their clients need.
pub(crate) struct Servers {
    /// What stands for a port or a file in a case, and what it is.
    names: Vec<(&'static str, String)>,
    directory: PathBuf,
}

impl Servers {
    /// Start them.
    pub(crate) fn start(table: &str) -> Self {
        let directory = std::env::temp_dir().join(format!("churten-web-{}-{table}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let mut names = vec![("#FILES#", directory.display().to_string())];
        names.push(("#PORT#", listen(|mut stream| answers::answer(&mut stream))));
        names.push(("#PROXY#", listen(proxy::serve)));
        names.push((
            "#CLOSING#",
            listen(|mut stream| {
                // What was not read would turn the end into an error.
                let _ = stream.read(&mut [0; 16 * 1024]);
            }),
        ));
        names.extend(encrypted::start(&directory));
        if table == "ppa" {
            launchpad::start(&directory);
        }
        names.push(("#FTP#", files::start()));
        answers::on_socket(&directory.join("socket"));
        std::fs::write(directory.join("netrc"), "machine 127.0.0.1 login nu password np\n").unwrap();
        std::fs::write(directory.join("netrc-default"), "default\n login du\n password \"d p\"\n").unwrap();
        std::fs::write(directory.join("netrc-bad"), "machine 127.0.0.1 nonsense\n").unwrap();
        Self { names, directory }
    }

    /// A case with the names in it replaced.
    pub(crate) fn fill(&self, case: &str) -> String {
        self.names.iter().fold(case.to_owned(), |case, (name, value)| case.replace(name, value))
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// Serve every connection in a thread; the port.
fn listen(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    listen_at(0, serve)
}

/// Serve at a port, any for 0; which one it is.
fn listen_at(port: u16, serve: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let serve = Arc::new(serve);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = Arc::clone(&serve);
            std::thread::spawn(move || serve(stream));
        }
    });
    port.to_string()
}

fn write_file(directory: &Path, name: &str, text: &str) {
    std::fs::File::create(directory.join(name)).unwrap().write_all(text.as_bytes()).unwrap();
}
