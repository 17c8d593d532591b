use churten_module::prelude::*;

/// Manage an apt repository in the deb822 format, `sources.list.d/NAME.sources`.
#[derive(Args)]
pub(crate) struct Deb822Repository {
    /// Take packages that were signed and no longer are.
    allow_downgrade_to_insecure: Option<bool>,
    /// Take repositories that are not signed.
    allow_insecure: Option<bool>,
    /// Take repositories that are signed with a weak digest.
    allow_weak: Option<bool>,
    /// Architectures.
    architectures: Option<Vec<String>>,
    /// Get lists by their digests.
    by_hash: Option<bool>,
    /// Look at dates.
    check_date: Option<bool>,
    /// Look until when lists are valid.
    check_valid_until: Option<bool>,
    /// Components.
    components: Option<Vec<String>>,
    /// Seconds that a list may be from the future.
    date_max_future: Option<i64>,
    /// Is the repository used?
    enabled: Option<bool>,
    /// Where the `InRelease` file is.
    inrelease_path: Option<String>,
    /// Languages of descriptions.
    languages: Option<Vec<String>>,
    /// The name of the repository; those of its files are made of it.
    name: String,
    /// Update lists by differences.
    pdiffs: Option<bool>,
    /// The key: an address, a path, fingerprints, or the key itself.
    signed_by: Option<String>,
    /// Suites.
    suites: Option<Vec<String>>,
    /// Targets to download.
    targets: Option<Vec<String>>,
    /// Trust it whatever its signature.
    trusted: Option<bool>,
    /// Binary packages, sources, or both.
    #[arg(default = ["deb"], choices("deb", "deb-src"))]
    types: Vec<String>,
    /// Addresses.
    uris: Option<Vec<String>>,
    /// The mode of the file.
    #[arg(default = "0644")]
    mode: Value,
    /// Whether the repository should be there.
    #[arg(default = "present", choices("present", "absent"))]
    state: Presence,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Absent,
    Present,
}

const KEYRINGS: &str = "/etc/apt/keyrings";
const SOURCES: &str = "/etc/apt/sources.list.d";
/// What a key in text begins with.
const ARMOUR: &[u8] = b"-----BEGIN PGP PUBLIC KEY BLOCK-----";
/// Larger keys are not read.
const LIMIT: u64 = 16 << 20;

impl Action for Deb822Repository {
    const NAME: &'static str = "deb822_repository";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let slug = slug(&self.name);
        let path = Path::new(SOURCES).join(format!("{slug}.sources"));
        let mut plan = Plan::new();
        plan.set("dest", path.display().to_string());
        if self.state == Presence::Absent {
            let mut key = String::new();
            for end in ["asc", "gpg"] {
                key = format!("{KEYRINGS}/{slug}.{end}");
                remove(host, Path::new(&key), &mut plan)?;
            }
            remove(host, &path, &mut plan)?;
            plan.set("repo", Value::NONE);
            plan.set("key_filename", key);
        } else {
            let key = self.key(host, options, &slug, &mut plan)?;
            let text = self.text(key.as_deref().or(self.signed_by.as_deref()));
            plan.set("repo", text.as_str());
            plan.set("key_filename", key);
            self.write(host, &path, text, &mut plan)?;
            let file = FileArguments { mode: Some(self.mode.clone()), ..FileArguments::default() };
            if let Some(current) = host.stat(&path)? {
                file.plan(host.observe(), &path, &current, &mut Differences::default(), &mut plan)?;
            } else {
                let new = churten_module::new_entry(host.observe(), FileKind::File);
                file.plan(host.observe(), &path, &new, &mut Differences::default(), &mut plan)?;
            }
        }
        let mut result = std::mem::take(&mut plan.result);
        if !options.check {
            churten_module::perform(host, &plan, options, &mut result)?;
        }
        result.insert("changed", plan.changed);
        Ok(result)
    }
}

impl Deb822Repository {
    /// Where a key from the web goes; it is fetched in check mode, too.
    fn key(&self, host: &dyn Host, options: &Options, slug: &str, plan: &mut Plan) -> Result<Option<String>> {
        let Some(url) = self.signed_by.as_ref().filter(|given| is_address(given)) else { return Ok(None) };
        let directory = options.temporary_directory.clone().unwrap_or_else(|| PathBuf::from("/tmp"));
        let fetched = crate::web::to_temporary(host, url, &directory, "", true).map_err(|failure| {
            let reason = failure.msg.split_once(", ").map_or(failure.msg.as_str(), |(_, reason)| reason);
            let reason = reason.strip_prefix("Request failed: ").unwrap_or(reason);
            Failure::new(format!("Could not fetch signed_by key: {reason}"))
        })?;
        let bytes = host.read_bounded(&fetched, LIMIT);
        let _ = host.remove_file(&fetched);
        let bytes = bytes?;
        let end = if bytes.starts_with(ARMOUR) { "asc" } else { "gpg" };
        let path = PathBuf::from(format!("{KEYRINGS}/{slug}.{end}"));
        if host.stat(Path::new(KEYRINGS))?.is_none() {
            plan.step(Step::CreateDirectory { path: KEYRINGS.into(), mode: 0o755 });
        }
        let is_same = host.stat(&path)?.is_some() && host.read_bounded(&path, LIMIT)? == bytes;
        if !is_same {
            plan.step(Step::Write(Write::new(path.clone(), bytes)));
        }
        if host.stat(&path)?.is_none_or(|stat| stat.mode != 0o644) {
            plan.step(Step::SetMode { path: path.clone(), mode: 0o644 });
        }
        Ok(Some(path.display().to_string()))
    }

    fn write(&self, host: &dyn Host, path: &Path, text: String, plan: &mut Plan) -> Result<()> {
        let is_same = host.stat(path)?.is_some() && host.read_bounded(path, LIMIT)? == text.as_bytes();
        if !is_same {
            plan.step(Step::Write(Write::new(path, text)));
        }
        Ok(())
    }

    /// The fields, in the order of the arguments' names.
    fn text(&self, signed_by: Option<&str>) -> String {
        let truth = |value: Option<bool>| value.map(|value| if value { "yes" } else { "no" }.to_owned());
        let list = |value: &Option<Vec<String>>| value.as_ref().map(|items| items.join(" "));
        let fields = [
            ("Allow-Downgrade-To-Insecure", truth(self.allow_downgrade_to_insecure)),
            ("Allow-Insecure", truth(self.allow_insecure)),
            ("Allow-Weak", truth(self.allow_weak)),
            ("Architectures", list(&self.architectures)),
            ("By-Hash", truth(self.by_hash)),
            ("Check-Date", truth(self.check_date)),
            ("Check-Valid-Until", truth(self.check_valid_until)),
            ("Components", list(&self.components)),
            ("Date-Max-Future", self.date_max_future.map(|seconds| seconds.to_string())),
            ("Enabled", truth(self.enabled)),
            ("Inrelease-Path", self.inrelease_path.clone()),
            ("Languages", list(&self.languages)),
            ("X-Repolib-Name", Some(self.name.clone())),
            ("Pdiffs", truth(self.pdiffs)),
            ("Signed-By", signed_by.map(folded)),
            ("Suites", list(&self.suites)),
            ("Targets", list(&self.targets)),
            ("Trusted", truth(self.trusted)),
            ("Types", Some(self.types.join(" "))),
            ("URIs", list(&self.uris)),
        ];
        let line = |(name, value): (&str, Option<String>)| {
            let value = value?;
            let blank = if value.is_empty() || value.starts_with('\n') { "" } else { " " };
            Some(format!("{name}:{blank}{value}\n"))
        };
        fields.into_iter().filter_map(line).collect()
    }
}

fn is_address(text: &str) -> bool {
    let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
    !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric())
}

/// A value of several lines: each on a line of its own, an empty one as a dot (deb822(5)).
fn folded(text: &str) -> String {
    if !text.contains('\n') {
        return text.to_owned();
    }
    let line =
        |line: &str| if line.trim().is_empty() { "\n    .".to_owned() } else { format!("\n    {}", line.trim()) };
    text.trim().lines().map(line).collect()
}

/// The name as it stands in the names of files.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    let mut is_gap = false;
    for c in name.to_lowercase().chars() {
        let was_gap = std::mem::replace(&mut is_gap, c == '_' || c.is_whitespace());
        match c {
            // Several of these are one.
            _ if is_gap && was_gap => {}
            _ if is_gap => slug.push('-'),
            'a'..='z' | '0'..='9' | '-' => slug.push(c),
            _ => {}
        }
    }
    slug
}

fn remove(host: &dyn Host, path: &Path, plan: &mut Plan) -> Result<()> {
    if host.lstat(path)?.is_some() {
        plan.step(Step::Remove(path.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{folded, slug};

    #[test]
    fn names_and_keys() {
        assert_eq!(slug("My _ Repo!"), "my-repo");
        assert_eq!(slug("x/y z.ÄÖ-_"), "xy-z--");
        assert_eq!(folded("a\n\nb\n"), "\n    a\n    .\n    b");
        assert_eq!(folded("a"), "a");
    }
}
