//! The `mount` module.

use crate::run;
use churten_module::AMENDED_KEY;
use churten_module::prelude::*;

/// Manage mount points, in `fstab` and in the kernel.
#[derive(Args)]
#[args(
    required_if("state", "mounted", "src", "fstype"),
    required_if("state", "present", "src", "fstype"),
    required_if("state", "ephemeral", "src", "fstype")
)]
pub(crate) struct Mount {
    /// Mount it when the machine starts.
    #[arg(default = true)]
    boot: bool,
    /// The fifth field of `fstab`.
    #[arg(default = "0")]
    dump: String,
    /// Another file than `/etc/fstab`.
    fstab: Option<String>,
    /// The type of its file system.
    fstype: Option<String>,
    /// The mount point.
    #[arg(alias("name"))]
    path: PathBuf,
    /// Options.
    opts: Option<String>,
    /// Do not show the options.
    #[arg(default = false)]
    opts_no_log: bool,
    /// The sixth field of `fstab`.
    #[arg(default = "0")]
    passno: String,
    /// What is mounted.
    src: Option<PathBuf>,
    /// Keep a copy of the file as it was.
    #[arg(default = false)]
    backup: bool,
    /// What should be.
    state: Wanted,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Absent,
    AbsentFromFstab,
    Mounted,
    Present,
    Unmounted,
    Remounted,
    Ephemeral,
}

const FSTAB: &str = "/etc/fstab";
/// What the options are when none are given.
const DEFAULTS: &str = "defaults";
/// Larger files are not edited in memory.
const LIMIT: u64 = 16 << 20;

impl Action for Mount {
    const NAME: &'static str = "ansible.posix.mount";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let mut warnings = Vec::new();
        let call = Call::new(self, host, options, &mut warnings)?;
        let (changed, backup) = call.bring()?;
        let hidden = |text: &str| {
            let hidden = self.opts_no_log && self.opts.is_some();
            if hidden { "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER".to_owned() } else { text.to_owned() }
        };
        let mut result = Dict::from([
            ("changed", Value::from(changed)),
            ("name", call.name.as_str().into()),
            ("opts", hidden(&call.opts).into()),
            ("passno", self.passno.as_str().into()),
            ("dump", self.dump.as_str().into()),
            ("boot", if self.boot || call.opts_ask_for_noauto { "yes" } else { "no" }.into()),
            ("fstab", call.fstab.display().to_string().into()),
            ("backup_file", backup.into()),
        ]);
        if let Some(src) = &self.src {
            result.insert("src", src.display().to_string());
        }
        if let Some(fstype) = &self.fstype {
            result.insert("fstype", fstype.as_str());
        }
        if self.opts_no_log && self.opts.is_some() {
            result.insert(AMENDED_KEY, Dict::from([("opts", hidden(""))]));
        }
        if !warnings.is_empty() {
            result.insert("warnings", warnings);
        }
        Ok(result)
    }
}

/// One run of the module.
struct Call<'a> {
    module: &'a Mount,
    host: &'a dyn Host,
    options: &'a Options,
    name: String,
    opts: String,
    opts_ask_for_noauto: bool,
    fstab: PathBuf,
}

/// A field as `fstab` has it (fstab(5)).
fn escaped(field: &str) -> String {
    field.replace('\\', "\\134").replace(' ', "\\040").replace('\t', "\\011").replace('&', "\\046")
}

/// A line of `fstab`: six fields, the last two empty where they are left out.
fn fields(line: &str) -> Option<[&str; 6]> {
    let line = line.trim();
    if line.starts_with('#') {
        return None;
    }
    let words: Vec<&str> = line.split_whitespace().take_while(|word| !word.starts_with('#')).collect();
    match words.as_slice() {
        [a, b, c, d] => Some([a, b, c, d, "", ""]),
        [a, b, c, d, e] => Some([a, b, c, d, e, ""]),
        [a, b, c, d, e, f] => Some([a, b, c, d, e, f]),
        _ => None,
    }
}

impl<'a> Call<'a> {
    fn new(module: &'a Mount, host: &'a dyn Host, options: &'a Options, warnings: &mut Vec<String>) -> Result<Self> {
        let mut opts = module.opts.clone().unwrap_or_else(|| DEFAULTS.to_owned());
        let asks = opts.split(',').any(|option| option == "noauto");
        if asks {
            warnings.push("Ignore the 'boot' due to 'opts' contains 'noauto'.".to_owned());
        } else if !module.boot {
            opts += ",noauto";
        }
        let fstab = PathBuf::from(module.fstab.as_deref().unwrap_or(FSTAB));
        let name = module.path.display().to_string();
        Ok(Self { module, host, options, name, opts, opts_ask_for_noauto: asks, fstab })
    }

    /// Bring the mount point into its state: whether that changes anything, and the name of the copy.
    fn bring(&self) -> Result<(bool, String)> {
        let check = self.options.check;
        let text = self.text()?;
        match self.module.state {
            Wanted::Present => self.write(&text, &self.with_entry(&text)),
            Wanted::AbsentFromFstab => self.write(&text, &self.without_entry(&text)),
            Wanted::Absent => {
                let done = self.write(&text, &self.without_entry(&text))?;
                if done.0 && !check {
                    if self.is_mounted()? {
                        self.or_fail("unmounting", self.unmount()?)?;
                    }
                    if self.host.stat(&self.module.path)?.is_some() {
                        let output = run::finished(self.host, &Command::new(["rmdir", "--", &self.name]))?;
                        if !output.success() {
                            fail!("Error rmdir {}: {}", self.name, output.stderr_text().trim_end());
                        }
                    }
                }
                Ok(done)
            }
            Wanted::Unmounted => {
                let is_mounted = self.is_mounted()?;
                if is_mounted && !check {
                    self.or_fail("unmounting", self.unmount()?)?;
                }
                Ok((is_mounted, String::new()))
            }
            Wanted::Remounted => {
                if !check {
                    self.or_fail("remounting", self.remount()?)?;
                }
                Ok((true, String::new()))
            }
            Wanted::Mounted | Wanted::Ephemeral => self.mounted(&text),
        }
    }

    fn mounted(&self, text: &str) -> Result<(bool, String)> {
        let check = self.options.check;
        let is_ephemeral = self.module.state == Wanted::Ephemeral;
        let made = if check { Vec::new() } else { self.make_directories(&self.module.path)? };
        let (mut changed, backup) =
            if is_ephemeral { (false, String::new()) } else { self.write(text, &self.with_entry(text))? };
        let mut failure = None;
        if self.is_mounted()? {
            if is_ephemeral {
                if !self.is_same_source()? {
                    fail!(
                        "Ephemeral mount point is already mounted with a different source than the specified one. Failing \
                         in order to prevent an unwanted unmount or override operation. Try replacing this command with \
                         a \"state: unmounted\" followed by a \"state: ephemeral\", or use a different destination path."
                    );
                }
                changed = true;
            }
            if changed && !check {
                failure = self.remount()?;
            }
        } else {
            changed = true;
            if !check {
                failure = self.mount()?;
            }
        }
        if failure.is_some() {
            // What could not be mounted is not left behind.
            if !is_ephemeral {
                self.put(text)?;
            }
            for directory in made.iter().rev() {
                let _ = self.host.remove_tree(directory);
            }
            self.or_fail("mounting", failure)?;
        }
        Ok((changed, backup))
    }

    fn text(&self) -> Result<String> {
        if self.host.stat(&self.fstab)?.is_none() {
            if !self.options.check {
                self.put("")?;
            }
            return Ok(String::new());
        }
        String::from_utf8(self.host.read_bounded(&self.fstab, LIMIT)?)
            .map_err(|_| Failure::not_yet(format!("{}, which is not UTF-8", self.fstab.display())))
    }

    /// True for a line of this mount point. Of swap, which has none, the device tells.
    fn is_meant(&self, line: &[&str; 6]) -> bool {
        let [src, name, fstype, ..] = line;
        let is_swap = *name == "none" && *fstype == "swap";
        let is_other = self.module.src.as_ref().is_some_and(|own| *src != escaped(&own.display().to_string()));
        *name == escaped(&self.name) && !(is_swap && is_other)
    }

    fn with_entry(&self, text: &str) -> String {
        let module = self.module;
        let src = module.src.as_ref().map(|src| src.display().to_string()).unwrap_or_default();
        let wanted =
            [&src, &self.name, module.fstype.as_deref().unwrap_or_default(), &self.opts, &module.dump, &module.passno];
        let wanted: Vec<String> = wanted.iter().map(|field| escaped(field)).collect();
        let new = wanted.join(" ") + "\n";
        let mut is_there = false;
        let mut lines: Vec<String> = Vec::new();
        for line in text.split_inclusive('\n') {
            match fields(line).filter(|fields| self.is_meant(fields)) {
                None => lines.push(line.to_owned()),
                Some(found) => {
                    is_there = true;
                    let is_same = found.iter().eq(wanted.iter());
                    lines.push(if is_same { line.to_owned() } else { new.clone() });
                }
            }
        }
        if !is_there {
            if let Some(last) = lines.last_mut().filter(|last| !last.ends_with('\n')) {
                last.push('\n');
            }
            lines.push(new);
        }
        lines.concat()
    }

    fn without_entry(&self, text: &str) -> String {
        // Only whole lines are taken out.
        let is_whole = |line: &str| line.split_whitespace().count() == 6;
        let is_other = |line: &&str| !is_whole(line) || !fields(line).is_some_and(|fields| self.is_meant(&fields));
        text.split_inclusive('\n').filter(is_other).collect()
    }

    fn write(&self, before: &str, after: &str) -> Result<(bool, String)> {
        if before == after {
            return Ok((false, String::new()));
        }
        if self.options.check {
            return Ok((true, String::new()));
        }
        let mut result = Dict::new();
        if self.module.backup {
            let step = Step::Backup { path: self.fstab.clone(), key: "backup_file" };
            churten_module::perform(self.host, &Plan { steps: vec![step], ..Plan::new() }, self.options, &mut result)?;
        }
        self.put(after)?;
        Ok((true, result.get("backup_file").map(Value::to_text).unwrap_or_default()))
    }

    fn put(&self, text: &str) -> Result<()> {
        let mut write = Write::new(self.fstab.clone(), text.to_owned());
        write.follow = true;
        write.labelling = Labelling::Made;
        let plan = Plan { steps: vec![Step::Write(write)], ..Plan::new() };
        churten_module::perform(self.host, &plan, self.options, &mut Dict::new())
    }

    /// Make missing directories; those that were made.
    fn make_directories(&self, path: &Path) -> Result<Vec<PathBuf>> {
        if self.host.stat(path)?.is_some() {
            return Ok(Vec::new());
        }
        let mut made = path.parent().map_or_else(|| Ok(Vec::new()), |parent| self.make_directories(parent))?;
        self.host.create_directory(path, 0o777 & !self.host.umask()).map_err(|error| {
            Failure::new(format!("Error making dir {}: {}", self.name, churten_module::python_path_error(&error, path)))
        })?;
        made.push(path.to_owned());
        Ok(made)
    }

    /// Is something mounted there? Bind mounts count, which have the device of their directory.
    fn is_mounted(&self) -> Result<bool> {
        let path = self.host.real_path(&self.module.path).display().to_string();
        let table = self.host.read_bounded(Path::new("/proc/self/mountinfo"), LIMIT).unwrap_or_default();
        let table = churten_value::escape_bytes(&table).into_owned();
        let wanted = escaped(&path);
        Ok(table.lines().any(|line| line.split(' ').nth(4) == Some(&wanted)))
    }

    fn is_same_source(&self) -> Result<bool> {
        let program = run::program(self.host.observe(), "mount")?;
        let said = run::asked(self.host.observe(), &Command::new([&program, "-v"]))?.stdout_text();
        if said.is_empty() {
            fail!("Unable to retrieve mount info with command '{program} -v'");
        }
        let source = self.module.src.as_ref().map(|src| src.display().to_string()).unwrap_or_default();
        Ok(said.lines().any(|line| line.starts_with(&format!("{source} on {} type ", self.name))))
    }

    /// Run a program: what it said when it failed.
    fn call(&self, words: Vec<String>) -> Result<Option<String>> {
        let output = run::finished(self.host, &Command::new(words))?;
        Ok((!output.success()).then(|| output.stdout_text() + &output.stderr_text()))
    }

    /// What tells a program where to find the rest: the table, or all of it.
    fn table(&self) -> Vec<String> {
        if self.module.state == Wanted::Ephemeral {
            let mut words = vec!["-t".to_owned(), self.module.fstype.clone().unwrap_or_default()];
            if self.opts != DEFAULTS {
                words.extend(["-o".to_owned(), self.opts.clone()]);
            }
            words.extend(self.module.src.as_ref().map(|src| src.display().to_string()));
            return words;
        }
        match &self.module.fstab {
            Some(fstab) if fstab != FSTAB => vec!["-T".to_owned(), fstab.clone()],
            _ => Vec::new(),
        }
    }

    fn mount(&self) -> Result<Option<String>> {
        let mut words = vec![run::program(self.host.observe(), "mount")?];
        words.extend(self.table());
        words.push(self.name.clone());
        self.call(words)
    }

    fn unmount(&self) -> Result<Option<String>> {
        self.call(vec![run::program(self.host.observe(), "umount")?, self.name.clone()])
    }

    /// Mount anew; where the file system cannot do that in place, unmount and mount.
    fn remount(&self) -> Result<Option<String>> {
        let state = self.module.state;
        let has_options = self.opts != DEFAULTS && state == Wanted::Remounted;
        let how = if has_options { format!("remount,{}", self.opts) } else { "remount".to_owned() };
        let mut words = vec![run::program(self.host.observe(), "mount")?, "-o".to_owned(), how];
        words.extend(self.table());
        words.push(self.name.clone());
        if self.call(words)?.is_none() {
            return Ok(None);
        }
        if has_options {
            fail!(
                "Options were specified with remounted, but the remount command failed. Failing in order to prevent an \
                 unexpected mount result. Try replacing this command with a \"state: unmounted\" followed by a \"state: \
                 mounted\" using the full desired mount options instead."
            );
        }
        if let Some(reason) = self.unmount()? {
            return Ok(Some(reason));
        }
        self.mount()
    }

    fn or_fail(&self, what: &str, reason: Option<String>) -> Result<()> {
        match reason {
            None => Ok(()),
            Some(reason) => fail!("Error {what} {}: {reason}", self.name),
        }
    }
}
