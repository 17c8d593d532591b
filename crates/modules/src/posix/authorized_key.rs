use churten_module::AMENDED_KEY;
use churten_module::prelude::*;
use churten_value::{sort, sort_by_key};
use std::fmt::Write as _;

/// Add or remove keys in a user's `authorized_keys`.
#[derive(Args)]
pub(crate) struct AuthorizedKey {
    /// The user whose file it is.
    user: String,
    /// The keys, a line each, or the address of a file with them (`https://`, or `file://` on the host).
    key: String,
    /// Another file.
    path: Option<PathBuf>,
    /// Make the file's directory, and give it to the user.
    #[arg(default = true)]
    manage_dir: bool,
    /// Whether the keys should be there.
    #[arg(default = "present")]
    state: Presence,
    /// Options before the keys.
    key_options: Option<String>,
    /// Remove all other keys.
    #[arg(default = false)]
    exclusive: bool,
    /// A comment in place of the keys' own.
    comment: Option<String>,
    /// Check the certificate of the other side.
    #[arg(default = true)]
    validate_certs: bool,
    /// Write to what a link leads to.
    #[arg(default = false)]
    follow: bool,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Absent,
    Present,
}

/// Larger files are not edited in memory.
const LIMIT: u64 = 64 << 20;

/// The types of keys (sshd(8), AUTHORIZED_KEYS FILE FORMAT).
const TYPES: [&str; 18] = [
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com",
    "webauthn-sk-ecdsa-sha2-nistp256@openssh.com",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp256-cert-v01@openssh.com",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp384-cert-v01@openssh.com",
    "ecdsa-sha2-nistp521",
    "ecdsa-sha2-nistp521-cert-v01@openssh.com",
    "sk-ssh-ed25519@openssh.com",
    "sk-ssh-ed25519-cert-v01@openssh.com",
    "ssh-ed25519",
    "ssh-ed25519-cert-v01@openssh.com",
    "ssh-dss",
    "ssh-rsa",
    "ssh-xmss@openssh.com",
    "ssh-xmss-cert-v01@openssh.com",
    "ssh-rsa-cert-v01@openssh.com",
];

/// A line with a key.
#[derive(Clone)]
struct Key {
    options: String,
    kind: String,
    data: String,
    comment: String,
}

/// A line of the file.
enum Line {
    Key(Key),
    /// A comment, an empty line, or what is not understood.
    Other(String),
}

impl Line {
    /// Do both stand for the same thing?
    fn is_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Key(one), Self::Key(other)) => one.data == other.data,
            (Self::Other(one), Self::Other(other)) => one == other,
            _ => false,
        }
    }
}

impl Key {
    fn of(line: &str) -> Option<Self> {
        let words = words(line.trim());
        if line.trim_start().starts_with('#') {
            return None;
        }
        let at = words.iter().position(|word| TYPES.contains(&word.as_str()))?;
        Some(Self {
            options: normal_options(&words.get(..at)?.join(" ")),
            kind: words.get(at)?.clone(),
            data: words.get(at + 1)?.clone(),
            comment: words.get(at + 2..)?.join(" "),
        })
    }

    /// The order of options does not count.
    fn is_same(&self, other: &Self) -> bool {
        let sorted = |key: &Self| {
            let mut options = options(&key.options);
            sort(&mut options);
            options
        };
        (&self.kind, &self.data, &self.comment) == (&other.kind, &other.data, &other.comment)
            && sorted(self) == sorted(other)
    }

    fn line(&self) -> String {
        let mut line = String::new();
        if !self.options.is_empty() {
            let _ = write!(line, "{} ", self.options);
        }
        // The blank stands there without a comment, too.
        let _ = writeln!(line, "{} {} {}", self.kind, self.data, self.comment);
        line
    }
}

/// Words between blanks that are not quoted.
fn words(line: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let (mut word, mut is_quoted, mut is_escaped) = (String::new(), false, false);
    for c in line.chars() {
        match c {
            ' ' | '\t' if !is_quoted => found.push(std::mem::take(&mut word)),
            _ => {
                is_quoted ^= c == '"' && !is_escaped;
                is_escaped = c == '\\' && !is_escaped;
                word.push(c);
            }
        }
    }
    found.push(word);
    found.retain(|word| !word.is_empty());
    found
}

/// Options without blanks around them.
fn normal_options(text: &str) -> String {
    options(text).join(",")
}

/// Options between commas that are not quoted.
fn options(text: &str) -> Vec<String> {
    let mut options: Vec<String> = vec![String::new()];
    let mut is_quoted = false;
    for c in text.chars() {
        is_quoted ^= c == '"';
        if c == ',' && !is_quoted {
            options.push(String::new());
        } else if let Some(last) = options.last_mut() {
            last.push(c);
        }
    }
    options.iter().map(|option| option.trim().to_owned()).filter(|option| !option.is_empty()).collect()
}

impl Action for AuthorizedKey {
    const NAME: &'static str = "ansible.posix.authorized_key";
    const CHECK: CheckMode = CheckMode::Run;
    const HAS_DIFFERENCE: bool = true;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let text = self.keys(host, options)?;
        let path = self.file(host, options)?;
        // Upstream notes what it does among its arguments, which the invocation shows.
        let mut amended = Dict::from([("keyfile", path.display().to_string())]);
        let mut wanted = Vec::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let Some(mut key) = Key::of(line) else {
                return Err(Failure::new(format!("invalid key specified: {line}")).with(AMENDED_KEY, amended));
            };
            if let Some(options) = &self.key_options {
                key.options = normal_options(options);
            }
            if let Some(comment) = &self.comment {
                key.comment.clone_from(comment);
            }
            wanted.push(key);
        }
        let before = match host.stat(&path)? {
            Some(_) => String::from_utf8(host.read_bounded(&path, LIMIT)?)
                .map_err(|_| Failure::not_yet(format!("{}, which is not UTF-8", path.display())))?,
            None => String::new(),
        };
        let lines: Vec<Line> =
            before.lines().map(|line| Key::of(line).map_or_else(|| Line::Other(line.to_owned()), Line::Key)).collect();
        let (lines, changed) = self.edit(lines, &wanted);
        let mut result = Dict::from([
            ("user", Value::from(self.user.as_str())),
            ("key", self.key.as_str().into()),
            ("path", self.path.as_ref().map(|path| path.display().to_string()).into()),
            ("manage_dir", self.manage_dir.into()),
            ("state", if self.state == Presence::Present { "present" } else { "absent" }.into()),
            ("key_options", self.key_options.clone().into()),
            ("exclusive", self.exclusive.into()),
            ("comment", self.comment.clone().into()),
            ("validate_certs", self.validate_certs.into()),
            ("follow", self.follow.into()),
            ("keyfile", path.display().to_string().into()),
        ]);
        if !changed {
            result.insert(AMENDED_KEY, amended);
            return Ok(result);
        }
        let after: String = lines
            .iter()
            .map(|line| match line {
                Line::Key(key) => key.line(),
                Line::Other(text) => format!("{text}\n"),
            })
            .collect();
        if !options.check {
            let place = if self.follow { host.real_path(&path) } else { path.clone() };
            self.prepare_place(host, &place).map_err(|failure| failure.with(AMENDED_KEY, amended.clone()))?;
            let write = Step::Write(Write::new(place, after.clone()));
            let plan = Plan { steps: vec![write], ..Plan::new() };
            churten_module::perform(host, &plan, options, &mut Dict::new())?;
        }
        if options.diff {
            let header = path.display().to_string();
            let entries =
                [("before_header", &header), ("after_header", &header), ("before", &before), ("after", &after)];
            let diff = Dict::from(entries.map(|(name, text)| (name, text.as_str())));
            amended.insert("diff", diff.clone());
            result.insert("diff", diff);
        }
        amended.insert("changed", true);
        result.insert("changed", true);
        result.insert(AMENDED_KEY, amended);
        Ok(result)
    }
}

impl AuthorizedKey {
    /// The text of the keys.
    fn keys(&self, host: &dyn Host, options: &Options) -> Result<String> {
        if self.key.starts_with("http") {
            let directory = options.temporary_directory.clone().unwrap_or_else(|| PathBuf::from("/tmp"));
            let found = crate::web::to_temporary(host, &self.key, &directory, "", self.validate_certs);
            let Ok(path) = found else { fail!("Error getting key from: {}", self.key) };
            let text = host.read_bounded(&path, LIMIT);
            let _ = host.remove_file(&path);
            return Ok(churten_value::escape_bytes(&text?).into_owned());
        }
        let Some(path) = self.key.strip_prefix("file://").map(Path::new) else { return Ok(self.key.clone()) };
        if host.stat(path)?.is_none() {
            fail!("Path to a key file not found: {}", path.display());
        }
        Ok(churten_value::escape_bytes(&host.read_bounded(path, LIMIT)?).into_owned())
    }

    /// The file.
    fn file(&self, host: &dyn Host, options: &Options) -> Result<PathBuf> {
        if let (true, Some(path)) = (options.check, &self.path) {
            return Ok(path.clone());
        }
        let Some(user) = host.user_by_name(&self.user) else {
            if options.check {
                fail!("Either user must exist or you must provide full path to key file in check mode");
            }
            fail!("Failed to lookup user {0}: \"getpwnam(): name not found: '{0}'\"", self.user);
        };
        Ok(match &self.path {
            Some(path) => path.clone(),
            None => Path::new(&user.home).join(".ssh/authorized_keys"),
        })
    }

    /// Make the directory and the file, both the user's.
    fn prepare_place(&self, host: &dyn Host, path: &Path) -> Result<()> {
        let Some(user) = host.user_by_name(&self.user) else { return Ok(()) };
        let directory = path.parent().unwrap_or(Path::new("/"));
        if self.manage_dir {
            if host.stat(directory)?.is_none() {
                host.create_directory(directory, 0o700).map_err(|error| {
                    let (shown, reason) = (directory.display(), churten_module::python_error(&error));
                    Failure::new(format!("Failed to create directory {shown} : {reason}: '{shown}'"))
                })?;
                churten_module::label(host, Labelling::Policy, directory, directory)?;
            }
            host.set_owner(directory, Some(user.uid), Some(user.gid), true)?;
            host.set_mode(directory, 0o700)?;
        }
        if host.stat(path)?.is_none() {
            make_directories(host, directory)?;
            host.create_file(path, b"", 0o600)?;
            churten_module::label(host, Labelling::Policy, path, path)?;
        }
        host.set_owner(path, Some(user.uid), Some(user.gid), true)?;
        Ok(host.set_mode(path, 0o600)?)
    }

    /// The lines as they should be, and whether they differ. A line that comes again counts where it comes last.
    fn edit(&self, lines: Vec<Line>, wanted: &[Key]) -> (Vec<Line>, bool) {
        let mut kept: Vec<(usize, Line)> = Vec::new();
        for (rank, line) in lines.into_iter().enumerate() {
            match kept.iter_mut().find(|(_, known)| known.is_of(&line)) {
                Some(known) => *known = (rank, line),
                None => kept.push((rank, line)),
            }
        }
        let first = kept.len();
        let mut changed = false;
        for (place, new) in wanted.iter().enumerate() {
            let before = kept.len();
            let is_there = kept.iter().any(|(_, line)| matches!(line, Line::Key(key) if key.is_same(new)));
            if self.state == Presence::Present && is_there {
                continue;
            }
            kept.retain(|(_, line)| !matches!(line, Line::Key(key) if key.data == new.data));
            changed |= kept.len() < before;
            if self.state == Presence::Present {
                kept.push((first + place, Line::Key(new.clone())));
                changed = true;
            }
        }
        if self.state == Presence::Present && self.exclusive {
            let before = kept.len();
            kept.retain(|(_, line)| matches!(line, Line::Key(key) if wanted.iter().any(|new| key.is_same(new))));
            changed |= kept.len() < before;
        }
        sort_by_key(&mut kept, |(rank, _)| *rank);
        (kept.into_iter().map(|(_, line)| line).collect(), changed)
    }
}

fn make_directories(host: &dyn Host, path: &Path) -> Result<()> {
    if host.stat(path)?.is_none() {
        path.parent().map_or(Ok(()), |parent| make_directories(host, parent))?;
        host.create_directory(path, 0o777 & !host.umask())?;
    }
    Ok(())
}
