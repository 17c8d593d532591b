//! A machine in memory, for tests: files, accounts, and programs that answer as a test says.

mod change;
mod files;
mod labels;
mod look;

use crate::host::{Command, Group, Output, User};
use files::Files;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

type Handler = Arc<dyn Fn(&Command) -> Option<Output> + Send + Sync>;

/// A host without a machine. Its clock moves one second with every look.
///
/// ```
/// use churten_module::{FakeHost, Observe};
/// let host = FakeHost::new().with_file("/etc/hosts", "127.0.0.1 localhost\n");
/// assert_eq!(host.read("/etc/hosts".as_ref()).unwrap(), b"127.0.0.1 localhost\n");
/// ```
pub struct FakeHost {
    state: Mutex<State>,
    handlers: Vec<Handler>,
    environment: BTreeMap<String, String>,
    users: Vec<User>,
    groups: Vec<Group>,
    labels: Option<labels::FakeLabels>,
}

struct State {
    files: Files,
    now: i64,
    executed: Vec<Command>,
    changes: usize,
}

impl Default for FakeHost {
    fn default() -> Self {
        Self::new()
    }
}

impl FakeHost {
    /// A machine with `/`, `/tmp`, `/etc`, root and the mask 022.
    pub fn new() -> Self {
        let user = |name: &str, id: u32| User {
            name: name.into(),
            uid: id,
            gid: id,
            home: if id == 0 { "/root".into() } else { format!("/home/{name}") },
            shell: "/bin/sh".into(),
            ..User::default()
        };
        let group = |name: &str, gid: u32| Group { name: name.into(), gid, members: Vec::new() };
        let mut files = Files::default();
        for path in ["/tmp", "/etc", "/root", "/home", "/usr/bin", "/usr/sbin", "/bin"] {
            files.make_directories(path);
        }
        Self {
            state: Mutex::new(State { files, now: 1_600_000_000, executed: Vec::new(), changes: 0 }),
            handlers: Vec::new(),
            environment: BTreeMap::from([
                ("PATH".to_owned(), "/usr/sbin:/usr/bin:/bin".to_owned()),
                ("HOME".to_owned(), "/root".to_owned()),
            ]),
            users: vec![user("root", 0), user("daemon", 1)],
            groups: vec![group("root", 0), group("daemon", 1)],
            labels: None,
        }
    }

    /// With a file (0644, root), its directories included.
    #[must_use]
    pub fn with_file(self, path: &str, content: &str) -> Self {
        self.state().files.put(path, content.as_bytes(), 0o644);
        self
    }

    /// With a program that [`on`](Self::on) can answer for.
    #[must_use]
    pub fn with_program(self, path: &str) -> Self {
        self.state().files.put(path, b"", 0o755);
        self
    }

    /// With a directory.
    #[must_use]
    pub fn with_directory(self, path: &str) -> Self {
        self.state().files.make_directories(path);
        self
    }

    /// With a variable of the environment.
    #[must_use]
    pub fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.into(), value.into());
        self
    }

    /// With a user.
    #[must_use]
    pub fn with_user(mut self, user: User) -> Self {
        self.users.push(user);
        self
    }

    /// With a group.
    #[must_use]
    pub fn with_group(mut self, group: Group) -> Self {
        self.groups.push(group);
        self
    }

    /// Answer programs: the first handler that returns an output does. The arguments are those of the command, or the
    /// line of a shell as one.
    #[must_use]
    pub fn on(mut self, answer: impl Fn(&[String]) -> Option<Output> + Send + Sync + 'static) -> Self {
        self.handlers.push(Arc::new(move |command| match &command.program {
            crate::host::Program::Arguments(arguments) => answer(arguments),
            crate::host::Program::Shell { line, .. } => answer(std::slice::from_ref(line)),
        }));
        self
    }

    /// Answer one program, by its words joined with blanks, with exit code 0 and an output.
    #[must_use]
    pub fn on_line(self, line: &str, stdout: &str) -> Self {
        let (line, stdout) = (line.to_owned(), stdout.to_owned());
        self.on(move |arguments| {
            (arguments.join(" ") == line).then(|| Output { stdout: stdout.clone().into_bytes(), ..Output::default() })
        })
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Option<String> {
        self.state().files.content(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Programs that were executed (not queried), in order.
    pub fn executed(&self) -> Vec<Command> {
        self.state().executed.clone()
    }

    /// How many times anything was changed.
    pub fn changes(&self) -> usize {
        self.state().changes
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn answer(&self, command: &Command) -> std::io::Result<Output> {
        self.handlers
            .iter()
            .find_map(|handler| handler(command))
            .ok_or_else(|| std::io::Error::from_raw_os_error(libc::ENOENT))
    }
}
