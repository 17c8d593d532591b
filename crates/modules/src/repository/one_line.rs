use super::ppa::{Call, Keeper, Ppa};
use super::sources::{Sources, source};
use crate::run;
use churten_module::prelude::*;
use std::time::Duration;

/// Manage apt repositories in `sources.list` and below `sources.list.d`.
#[derive(Args)]
pub(crate) struct AptRepository {
    /// The repository as a line of `sources.list`, or `ppa:OWNER/NAME` for a PPA of Launchpad.
    repo: String,
    /// Whether it should be there.
    #[arg(default = "present")]
    state: Presence,
    /// The mode of a new file.
    mode: Option<Value>,
    /// Update apt's lists after a change.
    #[arg(default = true, alias("update-cache"))]
    update_cache: bool,
    /// How often that is tried.
    #[arg(default = 5)]
    update_cache_retries: i64,
    /// The most seconds between two tries.
    #[arg(default = 12)]
    update_cache_retry_max_delay: i64,
    /// The name of the file, without `.list`.
    filename: Option<String>,
    /// Install the library for Python that the Python module needs. Without effect here.
    #[expect(dead_code, reason = "no library is needed")]
    #[arg(default = true)]
    install_python_apt: bool,
    /// Check the certificate of Launchpad, which tells the key of a PPA.
    #[arg(default = true)]
    validate_certs: bool,
    /// The release that a PPA is for, unless it is that of the host.
    codename: Option<String>,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Absent,
    Present,
}

/// Files and what is in them.
type Texts = Vec<(PathBuf, String)>;

impl Action for AptRepository {
    const NAME: &'static str = "apt_repository";
    const CHECK: CheckMode = CheckMode::Run;
    const HAS_DIFFERENCE: bool = true;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        if self.repo.is_empty() {
            fail!("Please set argument 'repo' to a non-empty value");
        }
        let keeper = Keeper::find(host.observe())?;
        let mut sources = Sources::read(host)?;
        let before = sources.texts();
        let ppa = Ppa::of(&self.repo, self.codename.as_deref(), host.observe());
        let Some(line) = ppa.as_ref().map(Ppa::source).or_else(|| source(&self.repo)) else {
            fail!("Invalid repository string: {}", uncommented(&self.repo))
        };
        match self.state {
            Presence::Present => {
                if let Some(ppa) = &ppa {
                    let call = Call { host, options, keeper, validate_certs: self.validate_certs };
                    ppa.trust(&call, &sources)?;
                }
                let label = ppa.map_or_else(|| line.clone(), |ppa| ppa.label(&self.repo));
                sources.add(&line, Some(&self.file(&label)));
            }
            Presence::Absent => sources.remove(&line),
        }
        let after = sources.texts();
        let changed = before != after;
        let mut warnings = Vec::new();
        if changed && !options.check {
            self.save(host, options, &before, &after)?;
            if self.update_cache
                && let Err(reason) = self.update(host, &mut warnings)?
            {
                // What cannot be used is not left behind.
                self.save(host, options, &after, &before)?;
                let retries = self.update_cache_retries;
                let failure = Failure::new(format!("Failed to update apt cache after {retries} retries: {reason}"));
                return Err(failure.with("warnings", warnings));
            }
        }
        let only = |these: &Texts, those: &Texts| -> Vec<String> {
            let is_new = |path: &PathBuf| those.iter().all(|(known, _)| known != path);
            these.iter().filter(|(path, _)| is_new(path)).map(|(path, _)| path.display().to_string()).collect()
        };
        let mut result = Dict::from([
            ("changed", Value::from(changed)),
            ("repo", self.repo.as_str().into()),
            ("sources_added", only(&after, &before).into()),
            ("sources_removed", only(&before, &after).into()),
            ("state", if self.state == Presence::Present { "present" } else { "absent" }.into()),
        ]);
        if options.diff {
            result.insert("diff", Value::list(differences(&before, &after)));
        }
        if !warnings.is_empty() {
            result.insert("warnings", warnings);
        }
        Ok(result)
    }
}

impl AptRepository {
    /// The name of the file for a new source, made of its address unless it is given.
    fn file(&self, line: &str) -> String {
        if let Some(name) = &self.filename {
            return format!("{name}.list");
        }
        let mut rest = line.to_owned();
        while let Some((from, until)) =
            rest.find('[').and_then(|from| Some((from, from + rest.get(from..)?.find(']')?)))
        {
            rest.replace_range(from..=until, "");
        }
        let address = rest.split_whitespace().find(|word| !matches!(*word, "deb" | "deb-src")).unwrap_or_default();
        let address = address.split_once("://").map_or(address, |(_, rest)| rest);
        let address = address.split_once('@').map_or(address, |(_, rest)| rest);
        let words = address.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        format!("{}.list", words.collect::<Vec<_>>().join("_"))
    }

    /// Write what differs, and remove what is no more.
    fn save(&self, host: &dyn Host, options: &Options, before: &Texts, after: &Texts) -> Result<()> {
        let mut plan = Plan::new();
        let text =
            |texts: &Texts, path: &Path| texts.iter().find(|(known, _)| known == path).map(|(_, text)| text.clone());
        for (path, new) in after {
            let old = text(before, path);
            if old.as_ref() == Some(new) {
                continue;
            }
            if let Some(parent) = path.parent().filter(|parent| !matches!(host.stat(parent), Ok(Some(_)))) {
                plan.step(Step::CreateDirectory { path: parent.to_owned(), mode: 0o755 });
            }
            plan.step(Step::Write(Write::new(path.clone(), new.clone())));
            if old.is_none() {
                let mode = self.mode.clone().filter(|mode| !mode.is_none()).unwrap_or_else(|| "0644".into());
                let file = FileArguments { mode: Some(mode), ..FileArguments::default() };
                let new = churten_module::new_entry(host.observe(), FileKind::File);
                file.plan(host.observe(), path, &new, &mut Differences::default(), &mut plan)?;
            }
        }
        for (path, _) in before.iter().filter(|(path, _)| text(after, path).is_none()) {
            plan.step(Step::Remove(path.clone()));
        }
        churten_module::perform(host, &plan, options, &mut Dict::new())
    }

    /// Update apt's lists; the inner error is why that failed in the end.
    fn update(&self, host: &dyn Host, warnings: &mut Vec<String>) -> Result<Result<(), String>> {
        let program = run::program(host.observe(), "apt-get")?;
        let mut reason = String::new();
        for retry in 0..self.update_cache_retries {
            let command = Command::new([&program, "-q", "-o", "APT::Update::Error-Mode=any", "update"]);
            let command = command.plain_locale().variable("DEBIAN_FRONTEND", "noninteractive");
            let output = run::finished(host, &command)?;
            if output.success() {
                return Ok(Ok(()));
            }
            let errors = output.stderr_text();
            reason = errors.lines().filter_map(|line| line.strip_prefix("E: ")).collect::<Vec<_>>().join(", ");
            let tries = retry + 1;
            warnings.push(format!("Failed to update cache after {tries} due to {reason} retry, retrying"));
            // Twice as long each time.
            let delay = 1_i64.checked_shl(u32::try_from(retry).unwrap_or(30)).unwrap_or(i64::MAX);
            let delay = delay.min(self.update_cache_retry_max_delay).max(0);
            warnings.push(format!("Sleeping for {delay} seconds, before attempting to update the cache again"));
            host.pause(Duration::from_secs(delay.unsigned_abs()));
        }
        Ok(Err(reason))
    }
}

/// A line without the mark of one that is commented out, and without the comment at its end.
fn uncommented(line: &str) -> &str {
    let line = line.trim();
    let line = line.strip_prefix('#').unwrap_or(line);
    line.get(1..).and_then(|rest| line.get(..rest.find('#')? + 1)).unwrap_or(line)
}

/// A difference for each file that is new or goes; upstream tells no others.
fn differences(before: &Texts, after: &Texts) -> Vec<Value> {
    let none = "/dev/null";
    let is_in = |path: &Path, texts: &Texts| texts.iter().any(|(known, _)| known == path);
    let entry = |before: (&str, &str), after: (&str, &str)| {
        let names = [("before_header", before.0), ("before", before.1), ("after_header", after.0), ("after", after.1)];
        Value::from(Dict::from(names))
    };
    let gone = before.iter().filter(|(path, _)| !is_in(path, after));
    let gone = gone.map(|(path, text)| entry((&path.display().to_string(), text), (none, "")));
    let new = after.iter().filter(|(path, _)| !is_in(path, before));
    let new = new.map(|(path, text)| entry((none, ""), (&path.display().to_string(), text)));
    gone.chain(new).collect()
}
