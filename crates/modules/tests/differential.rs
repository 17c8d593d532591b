//! The same case through ansible-core's Python module and through ours: the same result, the same files.
//!
//! Needs `CHURTEN_ORACLE`, the directory with ansible-core's programs. Cases are lines of JSON in
//! `tests/differential/*.jsonl`: `{"setup": shell}` for the cases after it, `{"args": {...}}` for a case. Each case
//! runs in check mode, then for real, then once more; `@` in them is the working directory; `{"before": shell}` of a case
//! goes on where the setup ended; `"copied": true` beside a setup says that it only makes files,
//! `"untimed": true` that the times of files do not count, where upstream writes what is not changed. `{"state": shell}` names a command whose output is compared too. Cases that change the machine itself (`{"scratch": true}`) run only where
//! `CHURTEN_SCRATCH` says that it may be changed. `{"differs": why}` says that a case differs on purpose, or for which modules:
//! `{"differs": {module: why}}`; `{"include": table}` stands for the lines of another table.

#![expect(clippy::print_stderr, reason = "the counts are for whoever runs this")]

mod in_root;
mod web_server;

use churten_module::{CAUSE_KEY, LocalHost, Options};
use churten_value::{Data, Dict, JsonStyle, Value, from_json};
use fancy_regex::Regex;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

struct Oracle {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

/// The Python that runs ansible-core: that of a virtual environment, in a root the root's own.
fn python() -> Option<PathBuf> {
    let programs = PathBuf::from(std::env::var_os("CHURTEN_ORACLE")?);
    Some(if in_root::is_inside() { "/usr/bin/python3".into() } else { programs.join("python") })
}

impl Oracle {
    fn start() -> Option<Self> {
        let python = python()?;
        let driver = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/differential/driver.py");
        let mut child = Command::new(python).arg(driver).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
        let (stdin, stdout) = (child.stdin.take()?, BufReader::new(child.stdout.take()?));
        Some(Self { child, stdin, stdout })
    }

    fn run(
        &mut self,
        module: &str,
        arguments: &Dict,
        options: &Options,
        (directory, environment): (&str, &Dict),
    ) -> Dict {
        let mut arguments = arguments.clone();
        arguments.insert("_ansible_check_mode", options.check);
        arguments.insert("_ansible_diff", options.diff);
        arguments.insert("_ansible_module_name", module);
        arguments.insert("_ansible_remote_tmp", "/tmp");
        arguments.insert("_ansible_tmpdir", "/tmp");
        arguments.insert("_ansible_keep_remote_files", false);
        let case = Dict::from([
            ("module", Value::from(module)),
            ("args", arguments.into()),
            ("cwd", directory.into()),
            ("environment", environment.clone().into()),
        ]);
        writeln!(self.stdin, "{}", Value::from(case).to_json(JsonStyle::PLAIN)).unwrap();
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        from_json(&line).unwrap().as_dict().unwrap().clone()
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Bring the differences that mean nothing to one form.
struct Normal {
    patterns: Vec<(Regex, &'static str)>,
}

/// The programs that the cases of a table are made with.
const PROGRAMS: [(&str, &[&str]); 6] = [
    ("alternatives", &["update-alternatives"]),
    ("git", &["git"]),
    ("rpm_key", &["gpg"]),
    ("subversion", &["svn", "svnadmin"]),
    ("synchronize", &["rsync", "ssh"]),
    ("unarchive", &["bzip2", "python3", "unzip", "xz", "zip", "zipinfo", "zstd"]),
];
/// Modules that need a library for Python which ansible-core does not bring; `apt_repository` would install it.
const LIBRARIES: [(&str, &str); 5] = [
    ("apt_repository", "apt"),
    ("deb822_repository", "debian"),
    ("dnf", "dnf"),
    ("dnf5", "libdnf5"),
    ("expect", "pexpect"),
];

/// What a run of a module ends as whose collection the oracle does not have.
const NO_COLLECTION: &str = "no collection";

/// Keys that differ from run to run.
const VOLATILE: &[&str] = &["inode", "version", "atime", "ctime", "start", "end", "delta"];

impl Normal {
    fn new() -> Self {
        let pattern = |text: &str, to| (Regex::new(text).unwrap(), to);
        Self {
            patterns: vec![
                pattern(r"\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~", ".PID.DATE~"),
                pattern(r"Valid booleans include: .*", "Valid booleans include: ..."),
                // The order of a set of Python's, the lines of its sources, and what a form has between its parts.
                pattern(r"Available algorithms: .*", "Available algorithms: ..."),
                pattern(r" \(_ssl\.c:\d+\)", ""),
                // One event, worded by different versions of Python.
                pattern(
                    r"TLS/SSL connection has been closed \(EOF\)",
                    "[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol",
                ),
                pattern(r"SHA256:[A-Za-z0-9+/]{43}", "SHA256:KEY"),
                pattern(r"(ssh-ed25519) [A-Za-z0-9+/=]{60,}", "${1} KEY"),
                pattern(r"/tmp/crontab[a-z0-9_]{8}", "/tmp/crontabRANDOM"),
                // What each program says of an archive that none can read, in the order of a set.
                pattern(r"(?s)(Failed to find handler for [^\n]*\n).*", "${1}..."),
                pattern(r"={15}\d{19}==", "BOUNDARY"),
                pattern(r"apt-key-gpghome\.[A-Za-z0-9]{10}", "apt-key-gpghome.RANDOM"),
                pattern(r"(ansible\.|\.ansible_tmp|/tmp|/p)[a-z0-9_]{8}(?![a-z0-9_])", "${1}RANDOM"),
            ],
        }
    }

    fn text(&self, text: &str) -> String {
        self.patterns.iter().fold(text.to_owned(), |text, (pattern, to)| pattern.replace_all(&text, *to).into_owned())
    }

    fn value(&self, value: &Value) -> Value {
        match &value.data {
            Data::Str(text) => self.text(text).into(),
            Data::Float(number) if *number > 1.7e9 => "NOW".into(),
            Data::List(items) => Value::list(items.iter().map(|item| self.value(item)).collect()),
            Data::Dict(entries) => {
                let entries: Dict = entries
                    .iter()
                    .filter(|(key, _)| !VOLATILE.contains(&key.to_text().as_str()))
                    .map(|(key, value)| match key.as_str() {
                        // The order of a directory's names is the file system's.
                        Some(
                            "archived"
                            | "directories"
                            | "expanded_exclude_paths"
                            | "expanded_paths"
                            | "files"
                            | "results",
                        ) if value.as_list().is_some() => (key.clone(), sorted(self.value(value))),
                        _ => (key.clone(), self.value(value)),
                    })
                    .collect();
                entries.into()
            }
            _ => value.clone(),
        }
    }

    fn result(&self, result: &Dict) -> Dict {
        let mut result = result.clone();
        // A crash of the Python module: only that it failed can be compared.
        if let Some(crash) = result.get("crash") {
            if crash.to_text().contains("No module named 'ansible_collections") {
                return Dict::from([("crash", NO_COLLECTION)]);
            }
            return Dict::from([("failed", true)]);
        }
        if let Some(exception) = result.remove("exception") {
            let chain =
                exception.get("event").and_then(|event| event.get("chain")).and_then(|chain| chain.get("event"));
            if let Some(cause) = chain.and_then(|event| event.get("msg")) {
                result.insert(CAUSE_KEY, cause.clone());
            }
        }
        if let Some(warnings) = result.remove("warnings") {
            let texts: Vec<Value> = warnings
                .as_list()
                .unwrap_or_default()
                .iter()
                .map(|item| item.get("event").and_then(|event| event.get("msg")).unwrap_or(item).clone())
                .collect();
            if !texts.is_empty() {
                result.insert("warnings", Value::list(texts));
            }
        }
        if let Some(deprecations) = result.remove("deprecations") {
            // What a module of a collection does wrong itself is not repeated.
            let own = |item: &&Value| !item.to_text().contains("Passing `warnings` to");
            let entries = deprecations.as_list().unwrap_or_default().iter().filter(own).map(|item| {
                let msg = item.get("event").and_then(|event| event.get("msg")).or_else(|| item.get("msg"));
                let version = item.get("version").map_or_else(String::new, Value::to_text);
                Value::from(format!("{} {version}", msg.map_or_else(String::new, Value::to_text)))
            });
            let entries: Vec<Value> = entries.collect();
            if !entries.is_empty() {
                result.insert("deprecations", Value::list(entries));
            }
        }
        for key in ["changed", "failed"] {
            if !result.contains(key) {
                result.insert(key, false);
            }
        }
        let mut result = self.value(&result.into()).as_dict().cloned().unwrap_or_default();
        if result.contains("arcroot") {
            // How well a program compresses, and how a tar archive tells times.
            result.remove("size");
        }
        // Which of several changed times are new cannot differ meaningfully, the keys of a difference can.
        if result.get("failed") == Some(&true.into()) && result.get("msg").is_none() {
            result.insert("msg", "");
        }
        result
    }
}

fn sorted(value: Value) -> Value {
    let mut texts: Vec<String> = value.as_list().unwrap_or_default().iter().map(Value::to_text).collect();
    texts.sort();
    texts.into()
}

/// Everything in a directory, as text: kind, mode, owner, content.
fn snapshot(directory: &Path, normal: &Normal, is_timed: bool) -> Vec<String> {
    fn walk(directory: &Path, normal: &Normal, (directory_of_copies, is_timed): (bool, bool), found: &mut Vec<String>) {
        use std::os::unix::fs::MetadataExt as _;
        // Of a repository the index and the journal tell times.
        let is_repository = directory.join("HEAD").exists() && directory.join("objects").exists();
        if directory.join("db/revs").exists() {
            return;
        }
        for entry in std::fs::read_dir(directory).unwrap().flatten() {
            let path = entry.path();
            let name = entry.file_name();
            if is_repository && ["hooks", "index", "logs", "objects"].iter().any(|volatile| name == *volatile) {
                continue;
            }
            if name == ".svn" {
                // A database that tells times.
                continue;
            }
            let metadata = std::fs::symlink_metadata(&path).unwrap();
            let content = if metadata.is_symlink() {
                std::fs::read_link(&path).unwrap().display().to_string()
            } else if is_archive(&path) {
                // It tells times.
                String::new()
            } else if metadata.is_file() {
                format!("{:?}", String::from_utf8_lossy(&std::fs::read(&path).unwrap()))
            } else {
                String::new()
            };
            // A copy has the time of the upload, which is another for every way of uploading.
            let new = metadata.mtime() > 1_700_000_000 || directory_of_copies;
            let modified = if new { "NOW".to_owned() } else { metadata.mtime().to_string() };
            let name = normal.text(&path.display().to_string());
            found.push(format!(
                "{name} {:o} {}:{} {} {} {content}",
                metadata.mode(),
                metadata.uid(),
                metadata.gid(),
                metadata.nlink(),
                if metadata.is_dir() || !is_timed { String::new() } else { modified },
            ));
            if metadata.is_dir() {
                walk(&path, normal, (directory_of_copies, is_timed), found);
            }
        }
    }
    let mut found = Vec::new();
    let directory_of_copies = directory.display().to_string().ends_with("-copy");
    walk(directory, normal, (directory_of_copies, is_timed), &mut found);
    found.sort();
    found
}

fn is_archive(path: &Path) -> bool {
    let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
    ["bin", "bz2", "gz", "tar", "tgz", "xz", "zip", "zst"].contains(&end)
}

/// Make the directory as a case begins with it. A setup that only makes files is kept as a copy in `base`.
fn prepare(directory: &Path, base: Option<&Path>, setup: &str, before: &str) {
    let _ = Command::new("chattr").args(["-R", "-i"]).arg(directory).stderr(Stdio::null()).status();
    let _ = std::fs::remove_dir_all(directory);
    let run = |script: &str| {
        let script = format!("umask 022; {script}\nfind . -depth -exec touch -h -d @1600000000 {{}} +");
        let status = Command::new("sh").arg("-c").arg(script).current_dir(directory).status().unwrap();
        assert!(status.success(), "setup failed: {setup}");
    };
    let copy = |from: &Path, to: &Path| {
        let status = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
        assert!(status.success(), "no copy of {}", from.display());
    };
    match base {
        Some(base) if base.exists() => copy(base, directory),
        _ => {
            std::fs::create_dir_all(directory).unwrap();
            run(setup);
            if let Some(base) = base {
                copy(directory, base);
            }
        }
    }
    if !before.is_empty() {
        // What the setup exported counts here, too.
        let exported: Vec<&str> = setup.split(';').filter(|part| part.trim_start().starts_with("export ")).collect();
        run(&format!("{}\n{before}", exported.join(";")));
    }
}

/// The lines of a table; `{"include": table}` stands for those of another.
fn lines(table: &str) -> Vec<String> {
    let file = format!("{}/tests/differential/{table}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(file).unwrap();
    let included = |line: &str| Some(from_json(line).ok()?.get("include")?.as_str()?.to_owned());
    let entry = |line: &str| included(line).map_or_else(|| vec![line.to_owned()], |other| lines(&other));
    text.lines().flat_map(entry).collect()
}

fn compare(table: &str, module: &str) {
    match in_root::ran(table) {
        Some(Ok(())) => return,
        Some(Err(why)) => return eprintln!("{why}"),
        None => {}
    }
    let Some(mut oracle) = Oracle::start() else {
        assert!(!in_root::is_inside(), "{module}: the oracle's Python does not run in the root");
        eprintln!("{module}: skipped, CHURTEN_ORACLE is not set");
        return;
    };
    let runs = |program: &&str| Command::new("sh").args(["-c", &format!("command -v {program}")]).output();
    let is_there = |program: &&str| runs(program).is_ok_and(|output| output.status.success());
    if let Some((_, programs)) = PROGRAMS.iter().find(|(needs, _)| *needs == table)
        && let Some(missing) = programs.iter().find(|program| !is_there(program))
    {
        eprintln!("{module}: skipped, there is no {missing}");
        return;
    }
    if let Some((_, library)) = LIBRARIES.iter().find(|(needs, _)| *needs == module) {
        let status = Command::new(python().unwrap_or_default())
            .args(["-c", &format!("import {library}")])
            .stderr(Stdio::null())
            .status();
        if !status.is_ok_and(|status| status.success()) {
            // A virtual environment cannot have what only the distribution packs.
            let how = if *library == "apt" { "left out" } else { "not compared" };
            eprintln!("{module}: {how}, CHURTEN_ORACLE cannot import {library}");
            return;
        }
    }
    let directory = std::env::temp_dir().join(format!("churten-differential-{}-{table}", std::process::id()));
    let at = directory.display().to_string();
    let normal = Normal::new();
    let native = churten_modules::find(module).unwrap();
    let only = std::env::var("CHURTEN_CASE").ok();
    let (mut setup, mut same, mut total, mut deliberate) = (String::new(), 0, 0, 0);
    let (mut state, mut is_copied, mut is_timed) = (String::new(), false, true);
    let base = directory.with_extension("base");
    let servers = web_server::Servers::start(table);
    let mut differences = Vec::new();
    for line in lines(table).iter().filter(|line| !line.trim().is_empty()) {
        if only.as_ref().is_some_and(|only| !line.contains(only) && !line.contains("setup")) {
            continue;
        }
        let case = from_json(&servers.fill(&line.replace('@', &at)).replace("#AT#", "@"))
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        if let Some(text) = case.get("setup").and_then(Value::as_str) {
            setup = text.to_owned();
            is_timed = case.get("untimed") != Some(&true.into());
            is_copied = case.get("copied") == Some(&true.into());
            let _ = std::fs::remove_dir_all(&base);
        }
        if let Some(text) = case.get("state").and_then(Value::as_str) {
            state = text.to_owned();
        }
        if case.get("scratch") == Some(&true.into()) && std::env::var_os("CHURTEN_SCRATCH").is_none() {
            eprintln!("{module}: left out, its cases change the machine and CHURTEN_SCRATCH does not allow it");
            return;
        }
        let Some(arguments) = case.get("args").and_then(Value::as_dict) else { continue };
        let environment = case.get("environment").and_then(Value::as_dict).cloned().unwrap_or_default();
        let host = LocalHost::new()
            .with_environment(environment.iter().map(|(name, value)| (name.to_text(), value.to_text())));
        // Deliberate differences of the files only, when a failure is found before the first change.
        let results_only = case.get("results_only") == Some(&true.into());
        let runs = |run: &mut dyn FnMut(&Options) -> Dict| -> Vec<(Dict, Vec<String>)> {
            let before = case.get("before").and_then(Value::as_str).unwrap_or_default();
            prepare(&directory, is_copied.then_some(base.as_path()), &setup, before);
            [true, false, false]
                .into_iter()
                .map(|check| {
                    let options = Options { check, diff: true, module_name: module.to_owned(), ..Options::default() };
                    let result = normal.result(&run(&options));
                    let mut found = snapshot(&directory, &normal, is_timed);
                    if !state.is_empty() {
                        let output = Command::new("sh").arg("-c").arg(&state).current_dir(&directory).output().unwrap();
                        found.extend(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned));
                    }
                    (result, found)
                })
                .collect()
        };
        let theirs = runs(&mut |options| oracle.run(module, arguments, options, (&at, &environment)));
        if theirs.iter().any(|(result, _)| result.get("crash") == Some(&NO_COLLECTION.into())) {
            eprintln!("{module}: not compared, the collection is not installed for CHURTEN_ORACLE");
            return;
        }
        let ours = runs(&mut |options| {
            // The current directory is the process's, so relative paths are not for these cases.
            native.run(&host, arguments, options)
        });
        for (name, ((their_result, their_files), (our_result, our_files))) in
            ["check", "real", "again"].iter().zip(theirs.into_iter().zip(ours))
        {
            total += 1;
            // On purpose, of this module or of all that the table is for.
            if case.get("differs").is_some_and(|why| why.as_dict().is_none() || why.get(module).is_some()) {
                deliberate += 1;
                continue;
            }
            let crashed = their_result.len() == 1;
            let results =
                if crashed { our_result.get("failed") == Some(&true.into()) } else { their_result == our_result };
            let files = results_only || their_files == our_files;
            if results && files {
                same += 1;
                continue;
            }
            let mut text = format!("{name} {line}\n");
            if !results {
                text += &format!("  ansible: {}\n", keyed(&their_result, &our_result));
                text += &format!("  churten: {}\n", keyed(&our_result, &their_result));
            }
            if !files {
                let only = |a: &[String], b: &[String]| {
                    a.iter().filter(|line| !b.contains(line)).map(|line| format!("\n    {line}")).collect::<String>()
                };
                text += &format!(
                    "  ansible: {}\n  churten: {}\n",
                    only(&their_files, &our_files),
                    only(&our_files, &their_files)
                );
            }
            differences.push(text);
        }
    }
    let _ = std::fs::remove_dir_all(&directory);
    let _ = std::fs::remove_dir_all(&base);
    eprintln!("{module}: {same} of {total} runs agree with ansible-core, {deliberate} differ on purpose");
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
}

/// The entries of `a` that differ in `b`, as deep as both are mappings.
fn keyed(a: &Dict, b: &Dict) -> String {
    fn different(a: &Dict, b: &Dict) -> Dict {
        a.iter()
            .filter(|(key, value)| b.get_value(key) != Some(*value))
            .map(|(key, value)| match (value.as_dict(), b.get_value(key).and_then(Value::as_dict)) {
                (Some(a), Some(b)) => (key.clone(), different(a, b).into()),
                _ => (key.clone(), value.clone()),
            })
            .collect()
    }
    Value::from(different(a, b)).to_json(JsonStyle::PLAIN)
}

macro_rules! modules {
    ($($name:ident)*) => { $(#[test] fn $name() { compare(stringify!($name), stringify!($name)); })* };
    ($($collection:literal: $($name:ident)*;)+) => {
        $($(#[test] fn $name() { compare(stringify!($name), concat!($collection, ".", stringify!($name))); })*)*
    };
}

#[test]
fn ppa() {
    compare("ppa", "apt_repository");
}

modules! { apt apt_key apt_repository assemble blockinfile command copy cron deb822_repository debconf dnf dnf5 dpkg_selections expect file find getent git group get_url iptables known_hosts lineinfile mount_facts ping replace rpm_key slurp stat subversion sysvinit tempfile unarchive uri user wait_for yum_repository }

modules! {
    "ansible.posix": authorized_key mount synchronize sysctl;
    "community.general": alternatives archive ini_file locale_gen modprobe npm pam_limits timezone ufw;
}
