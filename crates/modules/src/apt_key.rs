use crate::run;
use churten_module::Output;
use churten_module::prelude::*;

/// Manage apt's trusted keys with `apt-key`, which newer releases no longer have.
#[derive(Args)]
#[args(exclusive("data", "file", "keyserver", "url"))]
pub(crate) struct AptKey {
    /// The key's number: 8 or 16 hexadecimal digits, or a fingerprint.
    id: Option<String>,
    /// The address of the key.
    url: Option<String>,
    /// The key itself.
    data: Option<String>,
    /// A file on the host with the key.
    file: Option<PathBuf>,
    /// The keyring to change.
    keyring: Option<PathBuf>,
    /// Check the certificate of the other side.
    #[arg(default = true)]
    validate_certs: bool,
    /// The server to ask for the key.
    keyserver: Option<String>,
    /// Whether the key should be trusted.
    #[arg(default = "present")]
    state: Presence,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Absent,
    Present,
}

/// Larger keys are not read.
const LIMIT: u64 = 16 << 20;
/// How often a server is asked.
const RETRIES: usize = 5;

/// A key's number in its three lengths.
struct Number {
    short: String,
    /// The last sixteen digits, as keys are listed.
    listed: String,
    whole: String,
}

impl Number {
    fn of(text: &str) -> Option<Self> {
        let text = text.to_uppercase();
        let whole = text.strip_prefix("0X").unwrap_or(&text).to_owned();
        let is_number = !whole.is_empty() && whole.bytes().all(|digit| digit.is_ascii_hexdigit());
        if !is_number || whole.len() != 8 && whole.len() < 16 {
            return None;
        }
        let last = |count: usize| whole.get(whole.len().saturating_sub(count)..).unwrap_or(&whole).to_owned();
        Some(Self { short: last(8), listed: last(16), whole })
    }

    fn is_short(&self) -> bool {
        self.whole.len() == 8
    }
}

impl Action for AptKey {
    const NAME: &'static str = "apt_key";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let call = Call { module: self, host, program: run::program(host.observe(), "apt-key")? };
        let mut data = self.data.clone().map(String::into_bytes);
        let id = match &self.id {
            Some(id) => Some(id.clone()),
            None => {
                if self.keyserver.is_some() {
                    fail!("Missing key_id, required with keyserver.");
                }
                if self.url.is_some() {
                    data = Some(call.download(options)?);
                }
                call.id_of(data.as_deref())?
            }
        };
        let mut result = Dict::from([("changed", Value::from(false)), ("id", id.clone().into())]);
        let with_all = |mut failure: Failure, result: &Dict| {
            failure.extra.extend_from(result);
            failure
        };
        let Some(number) = id.as_deref().and_then(Number::of) else {
            return Err(with_all(Failure::new("Invalid key_id"), &result));
        };
        result.insert("short_id", number.short.as_str());
        result.insert("fp", number.listed.as_str());
        result.insert("key_id", number.whole.as_str());
        let before = call.keys(number.is_short())?;
        let is_in = |keys: &[String]| keys.contains(if number.is_short() { &number.short } else { &number.listed });
        let is_there = is_in(&before);
        result.insert("before", before);
        if is_there == (self.state == Presence::Present) {
            return Ok(result);
        }
        result.insert("changed", true);
        if options.check {
            return Ok(result);
        }
        if self.state == Presence::Present {
            if let (None, Some(_)) = (&data, &self.url) {
                data = Some(call.download(options)?);
            }
            if data.is_none() && self.file.is_none() && self.keyserver.is_none() {
                return Err(with_all(Failure::new("No key to add ... how did i get here?!?!"), &result));
            }
            call.add(&number.whole, data)?;
        } else {
            call.successful(&["del", &number.short], None)?;
        }
        let after = call.keys(number.is_short())?;
        let is_there = is_in(&after);
        result.insert("after", after);
        if is_there != (self.state == Presence::Present) {
            let what = if is_there { "the key was not removed" } else { "failed to add the key" };
            let msg = format!(
                "apt-key did not return an error, but {what} (check that the id is correct and *not* a subkey)"
            );
            return Err(with_all(Failure::new(msg), &result));
        }
        Ok(result)
    }
}

/// One run of the module.
struct Call<'a> {
    module: &'a AptKey,
    host: &'a dyn Host,
    program: String,
}

impl Call<'_> {
    fn command(&self, words: &[&str], stdin: Option<Vec<u8>>) -> Command {
        let mut all = vec![self.program.clone()];
        if let Some(keyring) = &self.module.keyring {
            all.extend(["--keyring".to_owned(), keyring.display().to_string()]);
        }
        all.extend(words.iter().map(|word| (*word).to_owned()));
        let mut command = Command::new(all).plain_locale();
        command.stdin = stdin;
        command
    }

    fn successful(&self, words: &[&str], stdin: Option<Vec<u8>>) -> Result<Output> {
        run::successful(self.host, &self.command(words, stdin))
    }

    /// The numbers of all keys, in short or with sixteen digits.
    fn keys(&self, is_short: bool) -> Result<Vec<String>> {
        let output = self.successful(&["adv", "--list-public-keys", "--keyid-format=long"], None)?;
        let said = output.stdout_text();
        let lines = said.lines().filter(|line| line.starts_with("pub") || line.starts_with("sub"));
        let number = |line: &str| {
            let (_, number) = line.split_whitespace().nth(1)?.split_once('/')?;
            let from = if is_short { number.len().saturating_sub(8) } else { 0 };
            number.get(from..).map(str::to_owned)
        };
        Ok(lines.filter(|line| !line.contains("expired")).filter_map(number).collect())
    }

    fn download(&self, options: &Options) -> Result<Vec<u8>> {
        let url = self.module.url.as_deref().unwrap_or_default();
        let directory = options.temporary_directory.clone().unwrap_or_else(|| PathBuf::from("/tmp"));
        let found = crate::web::to_temporary(self.host, url, &directory, "", self.module.validate_certs);
        let path = found.map_err(|failure| {
            let reason = failure.msg.split_once(", ").map_or(failure.msg.as_str(), |(_, reason)| reason);
            Failure::new(format!("Failed to download key at {url}: {reason}"))
        })?;
        let bytes = self.host.read_bounded(&path, LIMIT);
        let _ = self.host.remove_file(&path);
        Ok(bytes?)
    }

    /// The number of the key that was given.
    fn id_of(&self, data: Option<&[u8]>) -> Result<Option<String>> {
        let file = self.module.file.as_ref().map(|file| file.display().to_string());
        if file.is_none() && data.is_none() {
            return Ok(None);
        }
        let gpg = run::program(self.host.observe(), "gpg")?;
        let name = file.as_deref().unwrap_or("-");
        let mut command = Command::new([&gpg, "--with-colons", name]).plain_locale();
        command.stdin = if file.is_none() { data.map(<[u8]>::to_vec) } else { None };
        let output = run::finished(self.host, &command)?;
        let said = output.stdout_text();
        let number = said.lines().filter(|line| line.starts_with("pub:")).find_map(|line| line.split(':').nth(4));
        match number.filter(|_| output.success()) {
            Some(number) => Ok(Some(number.to_owned())),
            None => {
                let shown = file.unwrap_or_else(|| "inline data".to_owned());
                Err(Failure::new(format!("Unable to extract key from '{shown}'"))
                    .with("stdout", said.as_str())
                    .with("stderr", output.stderr_text()))
            }
        }
    }

    fn add(&self, id: &str, data: Option<Vec<u8>>) -> Result<()> {
        if let Some(file) = &self.module.file {
            let file = file.display().to_string();
            let output = run::finished(self.host, &self.command(&["add", &file], None))?;
            if !output.success() {
                let msg = format!("Unable to add a key from file {file}");
                let command = self.command(&["add", &file], None);
                return Err(run::ended(&command, &output, msg).with("keyfile", file));
            }
            return Ok(());
        }
        if let Some(server) = &self.module.keyserver {
            let command = self.command(&["adv", "--no-tty", "--keyserver", server, "--recv", id], None);
            let mut output = Output::default();
            for _ in 0..RETRIES {
                output = run::finished(self.host, &command)?;
                if output.success() {
                    return Ok(());
                }
            }
            return Err(run::ended(&command, &output, format!("Error fetching key {id} from keyserver: {server}")));
        }
        self.successful(&["add", "-"], data).map(|_| ())
    }
}
