//! The `synchronize` module: rsync(1) as the controller's action asks for it.

use crate::run;
use churten_module::prelude::*;
use churten_module::{expand, words};

/// Bring files from one machine to another with rsync, over ssh.
///
/// It runs on the controller, or on the host that the task is delegated to, and needs `rsync` on both sides. Passwords cannot be
/// given to it.
#[derive(Args)]
pub(crate) struct Synchronize {
    /// What is brought. A path on the machine that rsync runs on, or in `pull` mode on the host.
    src: PathBuf,
    /// Where to.
    dest: PathBuf,
    /// The port of ssh on the host.
    dest_port: Option<i64>,
    /// Remove what is not in `src`.
    #[arg(default = false)]
    delete: bool,
    /// A key for ssh.
    private_key: Option<PathBuf>,
    /// The command that is rsync on the host.
    rsync_path: Option<String>,
    /// The command that is rsync here. The action says it.
    #[arg(name = "_local_rsync_path", default = "rsync")]
    local_rsync_path: PathBuf,
    /// A password for ssh.
    #[arg(name = "_local_rsync_password", no_log)]
    local_rsync_password: Option<String>,
    /// Name the controller in addresses.
    #[arg(name = "_substitute_controller", default = false)]
    substitute_controller: bool,
    /// Everything as it is: directories with what is in them, links, modes, times, owners, devices.
    #[arg(default = true)]
    archive: bool,
    /// Compare by checksums, not by time and size.
    #[arg(default = false)]
    checksum: bool,
    /// Compress on the way.
    #[arg(default = true)]
    compress: bool,
    /// Create no files that are not there.
    #[arg(default = false)]
    existing_only: bool,
    /// Make directories without what is in them.
    #[arg(default = false)]
    dirs: bool,
    /// Directories with what is in them; as `archive` when not said.
    recursive: Option<bool>,
    /// Links as links.
    links: Option<bool>,
    /// What links lead to in place of them.
    #[arg(default = false)]
    copy_links: bool,
    /// Modes.
    perms: Option<bool>,
    /// Times.
    times: Option<bool>,
    /// Owners.
    owner: Option<bool>,
    /// Groups.
    group: Option<bool>,
    /// Name the user in the address of the host. The action looks.
    #[arg(default = true)]
    #[expect(dead_code, reason = "looked at on the controller")]
    set_remote_user: bool,
    /// Seconds of silence after which rsync gives up; 0 for none.
    #[arg(default = 0)]
    rsync_timeout: i64,
    /// Further options of rsync.
    #[arg(default = [])]
    rsync_opts: Vec<String>,
    /// Options for ssh. The action says them.
    #[arg(name = "_ssh_args")]
    ssh_args: Option<String>,
    /// Give ssh the options that the connection has. The action looks.
    #[arg(default = false)]
    #[expect(dead_code, reason = "looked at on the controller")]
    use_ssh_args: bool,
    /// Let ssh share a connection.
    #[arg(default = false)]
    ssh_connection_multiplexing: bool,
    /// Keep what was brought of a file when it breaks off.
    #[arg(default = false)]
    partial: bool,
    /// Check the host's key.
    #[arg(default = false)]
    verify_host: bool,
    /// Put all files into their places at the end.
    #[arg(default = true)]
    delay_updates: bool,
    /// From here to the host, or from there. The action looks.
    #[arg(default = "push")]
    #[expect(dead_code, reason = "looked at on the controller")]
    mode: Mode,
    /// Directories in which files that are the same are linked to.
    link_dest: Option<Vec<PathBuf>>,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Pull,
    Push,
}

/// What stands before each line that tells a change.
const MARKER: &str = "<<CHANGED>>";

impl Action for Synchronize {
    const NAME: &'static str = "ansible.posix.synchronize";
    const CHECK: CheckMode = CheckMode::Run;
    const HAS_DIFFERENCE: bool = true;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        if self.substitute_controller {
            return Err(Failure::not_yet("_substitute_controller"));
        }
        if self.local_rsync_password.is_some() {
            return Err(Failure::not_yet("synchronize with a password"));
        }
        let line = self.line(host, options)?;
        let expanded = words::split(&line).map_err(Failure::new)?;
        let expanded: Vec<String> = expanded.iter().map(|word| expand::expand(word, host.observe())).collect();
        let output = run::finished(host, &Command::new(expanded))?;
        if !output.success() {
            return Err(Failure::new(output.stderr_text()).with("rc", output.code).with("cmd", line));
        }
        let told = output.stdout_text();
        let plain = told.replace(MARKER, "");
        // With directories to link to rsync tells of everything; a dot is for what stays as it is.
        let changed = match &self.link_dest {
            Some(_) => !told.contains(&format!("{MARKER}.")),
            None => told.contains(MARKER),
        };
        let lines: Vec<&str> = plain.split('\n').filter(|line| !line.trim().is_empty()).collect();
        let mut result = Dict::from([
            ("changed", Value::from(changed)),
            ("msg", plain.as_str().into()),
            ("rc", output.code.into()),
            ("cmd", line.into()),
            ("stdout_lines", lines.into_iter().collect()),
        ]);
        if options.diff {
            result.insert("diff", Dict::from([("prepared", plain.as_str())]));
        }
        if self.rsync_opts.iter().any(String::is_empty) {
            let warning = "The empty string is present in rsync_opts which will cause rsync to transfer the current working \
                           directory. If this is intended, use \".\" instead to get rid of this warning. If this is \
                           unintended, check for problems in your playbook leading to empty string in rsync_opts.";
            result.insert("warnings", vec![warning.to_owned()]);
        }
        Ok(result)
    }
}

impl Synchronize {
    /// The command, as the result shows it and as a shell would read it. Options of the user stand in it as they are, so that one
    /// may be several words.
    fn line(&self, host: &dyn Host, options: &Options) -> Result<String> {
        let (src, dest) = (self.src.display().to_string(), self.dest.display().to_string());
        let rsync = self.local_rsync_path.display().to_string();
        let rsync = if rsync.contains('/') { rsync } else { run::program(host.observe(), &rsync)? };
        let mut line = vec![rsync];
        let mut add = |is_wanted: bool, word: &str| {
            if is_wanted {
                line.push(word.to_owned());
            }
        };
        add(self.delay_updates, "--delay-updates");
        // Files that are put into their places at the end stay out of the way of filters, as in those of directories.
        add(self.delay_updates, "-F");
        add(self.compress, "--compress");
        add(self.rsync_timeout != 0, &format!("--timeout={}", self.rsync_timeout));
        add(options.check, "--dry-run");
        add(self.delete, "--delete-after");
        add(self.existing_only, "--existing");
        add(self.checksum, "--checksum");
        add(self.copy_links, "--copy-links");
        add(self.archive, "--archive");
        for (given, name) in [
            (self.recursive, "recursive"),
            (self.links, "links"),
            (self.perms, "perms"),
            (self.times, "times"),
            (self.owner, "owner"),
            (self.group, "group"),
        ] {
            add(self.archive && given == Some(false), &format!("--no-{name}"));
            add(!self.archive && given == Some(true), &format!("--{name}"));
        }
        add(self.dirs, "--dirs");
        let is_daemon = [&src, &dest].iter().any(|path| path.starts_with("rsync://"));
        if !is_daemon && [&src, &dest].iter().any(|path| path.contains(':')) {
            add(true, &format!("--rsh={}", words::quote(&self.ssh(host)?)));
        }
        if let Some(path) = &self.rsync_path {
            add(true, &format!("--rsync-path={}", words::quote(path)));
        }
        for option in &self.rsync_opts {
            add(true, option);
        }
        add(self.partial, "--partial");
        if let Some(directories) = &self.link_dest {
            // Links are told of, and kept among the files themselves.
            add(true, "-H");
            add(true, "-vv");
            for directory in directories {
                let directory = host.current_directory().join(directory).display().to_string();
                if dest.starts_with(&format!("{directory}/")) {
                    fail!(
                        "Hardlinking into a subdirectory of the source would cause recursion. {directory} and {dest}"
                    );
                }
                add(true, &format!("--link-dest={directory}"));
            }
        }
        add(true, &format!("--out-format='{MARKER}%i %n%L'"));
        add(true, &words::quote(&src));
        add(true, &words::quote(&dest));
        Ok(line.join(" "))
    }

    /// The command that leads to the host.
    fn ssh(&self, host: &dyn Host) -> Result<String> {
        let mut words = vec![run::program(host.observe(), "ssh")?];
        if !self.ssh_connection_multiplexing {
            words.push("-S none".to_owned());
        }
        words.extend(self.private_key.as_ref().map(|key| format!("-i {}", key.display())));
        words.extend(self.dest_port.map(|port| format!("-o Port={port}")));
        if !self.verify_host {
            words.push("-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null".to_owned());
        }
        words.extend(self.ssh_args.clone());
        Ok(words.join(" "))
    }
}
