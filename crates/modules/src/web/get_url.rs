use super::fetch::{Fetch, message, seconds};
use super::policy::FollowRedirects;
use churten_module::HttpRequest;
use churten_module::prelude::*;

/// Download a file over the web to the host.
#[derive(Args)]
pub(crate) struct GetUrl {
    /// The address.
    url: String,
    /// The file, or the directory, to put it into.
    dest: PathBuf,
    /// Keep a copy of the file as it was.
    #[arg(default = false)]
    backup: bool,
    /// What the file must be: `sha256:` and the digest, or the address of a list of digests.
    #[arg(default = "")]
    checksum: String,
    /// Seconds until the request is given up.
    #[arg(default = 10)]
    timeout: i64,
    /// Headers of the request.
    headers: Option<Dict>,
    /// The directory to download into first.
    tmp_dest: Option<PathBuf>,
    /// Headers that redirections do not keep.
    #[arg(default = [])]
    unredirected_headers: Vec<String>,
    /// Download even when the file is there.
    #[arg(default = false)]
    force: bool,
    /// Use the proxies of the environment.
    #[arg(default = true)]
    use_proxy: bool,
    /// Check the certificate of the other side.
    #[arg(default = true)]
    validate_certs: bool,
    /// The user for basic authentication.
    #[arg(alias("username"))]
    url_username: Option<String>,
    /// The password for basic authentication.
    #[arg(alias("password"), no_log)]
    url_password: Option<String>,
    /// Send the credentials with the first request.
    #[arg(default = false)]
    force_basic_auth: bool,
    /// What the client calls itself.
    #[arg(default = "ansible-httpget")]
    http_agent: String,
    /// The client's certificate.
    client_cert: Option<PathBuf>,
    /// The client's key.
    client_key: Option<PathBuf>,
    /// Authenticate with Kerberos.
    #[arg(default = false)]
    use_gssapi: bool,
    /// Ciphers to use.
    ciphers: Option<Vec<String>>,
    /// Decompress the answer.
    #[arg(default = true)]
    #[expect(dead_code, reason = "compressed answers are not asked for")]
    decompress: bool,
    /// Take credentials from `~/.netrc`.
    #[arg(default = true)]
    #[expect(dead_code, reason = "the file is not read yet; see the list of differences")]
    use_netrc: bool,
    #[arg(flatten)]
    file: FileArguments,
}

/// A digest that a file must have.
struct Expected {
    algorithm: Algorithm,
    digest: String,
}

impl Action for GetUrl {
    const NAME: &'static str = "get_url";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        if self.use_gssapi {
            return Err(Failure::not_yet("use_gssapi"));
        }
        if self.ciphers.is_some() {
            return Err(Failure::not_yet("ciphers"));
        }
        let mut dest = self.dest.clone();
        let in_directory = matches!(host.stat(&dest), Ok(Some(stat)) if stat.is_directory());
        let mut result = Dict::from([
            ("checksum_dest", Value::NONE),
            ("checksum_src", Value::NONE),
            ("dest", dest.display().to_string().into()),
            ("elapsed", 0.into()),
            ("url", self.url.as_str().into()),
        ]);
        let expected = self.expected(host).map_err(|failure| with_all(failure, &result))?;
        let mut since = None;
        if !in_directory && matches!(host.stat(&dest), Ok(Some(_))) {
            let current = match &expected {
                Some(expected) => Some(host.digest(&dest, expected.algorithm)?.eq_ignore_ascii_case(&expected.digest)),
                None => None,
            };
            if current == Some(true) && !self.force {
                return self.unchanged(host, options, &dest, result);
            }
            if !self.force && current.is_none() {
                since = host.stat(&dest)?.map(|stat| http_date(stat.modified.seconds));
            }
        }
        let start = host.now();
        if options.check {
            return self.would(host, dest, in_directory, since, result);
        }
        let directory = self.tmp_dest.clone().or_else(|| options.temporary_directory.clone());
        let directory = directory.unwrap_or_else(|| PathBuf::from("/tmp"));
        if !matches!(host.stat(&directory), Ok(Some(stat)) if stat.is_directory()) {
            let text = if matches!(host.stat(&directory), Ok(Some(_))) {
                format!("{} is a file but should be a directory.", directory.display())
            } else {
                format!("{} directory does not exist.", directory.display())
            };
            return Err(with_all(Failure::new(text), &result));
        }
        let temporary = host.create_temporary(&directory, "tmp", "", false)?;
        let outcome =
            self.download(host, &temporary, &mut dest, in_directory, (start, since), &mut result, expected.as_ref());
        let _ = host.remove_file(&temporary);
        outcome.map_err(|failure| {
            // A request that failed has no digests to tell of.
            if !result.contains("src") {
                result.remove("checksum_dest");
                result.remove("checksum_src");
            }
            with_all(failure, &result)
        })?;
        let changed = self.attributes(host, options, &dest)?;
        if changed {
            result.insert("changed", true);
        }
        Ok(result)
    }
}

fn with_all(mut failure: Failure, result: &Dict) -> Failure {
    for (key, value) in result.iter() {
        if failure.extra.get_value(key).is_none() && key.as_str() != Some("msg") {
            failure.extra.insert(key.clone(), value.clone());
        }
    }
    failure
}

impl GetUrl {
    fn fetch(&self, url: &str, method: &str) -> Fetch {
        let mut headers: Vec<(String, String)> = Vec::new();
        for (name, value) in self.headers.iter().flat_map(|headers| headers.iter()) {
            headers.push((name.to_text(), value.to_text()));
        }
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("user-agent")) {
            headers.push(("User-Agent".to_owned(), self.http_agent.clone()));
        }
        if self.force {
            headers.push(("Cache-control".to_owned(), "no-cache".to_owned()));
        }
        Fetch {
            request: HttpRequest {
                method: method.to_owned(),
                url: url.to_owned(),
                headers,
                timeout: seconds(self.timeout),
                insecure: !self.validate_certs,
                client_certificate: self.client_cert.clone(),
                client_key: self.client_key.clone(),
                ..HttpRequest::default()
            },
            follow: FollowRedirects::Urllib2,
            use_proxy: self.use_proxy,
            user: self.url_username.clone(),
            password: self.url_password.clone(),
            force_basic_auth: self.force_basic_auth,
            unredirected: self.unredirected_headers.clone(),
        }
    }

    /// The digest that the file must have; where it is in a list on the web, the list is fetched.
    fn expected(&self, host: &dyn Host) -> Result<Option<Expected>> {
        if self.checksum.is_empty() {
            return Ok(None);
        }
        let Some((algorithm, digest)) = self.checksum.split_once(':') else {
            fail!("The checksum parameter has to be in format <algorithm>:<checksum>");
        };
        let digest = if ["http://", "https://", "ftp://", "file://"].iter().any(|scheme| digest.starts_with(scheme)) {
            self.listed(host, digest)?
        } else {
            digest.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_ascii_lowercase()
        };
        if !digest.chars().all(|letter| letter.is_ascii_hexdigit()) {
            fail!("The checksum format is invalid");
        }
        let Some(known) = Algorithm::named(algorithm.trim()) else {
            fail!("Could not hash file '{}' with algorithm '{algorithm}'. ", self.dest.display());
        };
        Ok(Some(Expected { algorithm: known, digest }))
    }

    fn listed(&self, host: &dyn Host, url: &str) -> Result<String> {
        let fetched = self
            .fetch(url, "GET")
            .run(host)
            .map_err(|reason| Failure::new(format!("Request failed: <urlopen error {reason}>")))?;
        if fetched.response.status >= 300 {
            return Err(Failure::new(format!("Request failed: {}", message(&fetched.response))));
        }
        let text = String::from_utf8_lossy(&fetched.response.body).into_owned();
        let path = self.url.split(['?', '#']).next().unwrap_or_default();
        let wanted = path.rsplit('/').next().unwrap_or_default();
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        if let [line] = lines.as_slice()
            && line.split_whitespace().count() == 1
        {
            return Ok(line.trim().to_ascii_lowercase());
        }
        let found = lines.iter().find_map(|line| {
            let (digest, name) = line.split_once(char::is_whitespace)?;
            let name = name.trim_start().trim_start_matches('*').trim();
            (name.trim_start_matches("./") == wanted || name.rsplit('/').next() == Some(wanted))
                .then(|| digest.to_ascii_lowercase())
        });
        found.ok_or_else(|| Failure::new(format!("Unable to find a checksum for file '{wanted}' in '{url}'")))
    }

    fn unchanged(&self, host: &dyn Host, options: &Options, dest: &Path, mut result: Dict) -> Result<Dict> {
        let changed = self.attributes(host, options, dest)?;
        let msg = if changed { "file already exists but file attributes changed" } else { "file already exists" };
        result.insert("msg", msg);
        result.insert("changed", changed);
        Ok(result)
    }

    fn unreachable(&self, dest: &Path, reason: &str) -> Failure {
        Failure::new(format!("Request failed: <urlopen error {reason}>"))
            .with("dest", dest.display().to_string())
            .with("url", self.url.as_str())
            .with("elapsed", 0)
    }

    /// Check mode: only whether the address answers.
    fn would(
        &self,
        host: &dyn Host,
        mut dest: PathBuf,
        in_directory: bool,
        since: Option<String>,
        mut result: Dict,
    ) -> Result<Dict> {
        let mut fetch = self.fetch(&self.url, "HEAD");
        fetch.request.headers.extend(since.map(|date| ("If-Modified-Since".to_owned(), date)));
        let fetched = fetch.run(host);
        let failed = |msg: String, status: i64| {
            Failure::new("Request failed")
                .with("response", msg)
                .with("status_code", status)
                .with("dest", dest.display().to_string())
                .with("url", self.url.as_str())
                .with("elapsed", 0)
        };
        let fetched = fetched.map_err(|reason| self.unreachable(&dest, &reason))?;
        let status = i64::from(fetched.response.status);
        if status >= 300 {
            return Err(failed(message(&fetched.response), status));
        }
        if in_directory {
            dest = dest.join(file_name(&self.url, fetched.response.header("content-disposition")));
            result.insert("dest", dest.display().to_string());
        }
        if matches!(host.stat(&dest), Ok(Some(_))) {
            result.insert("checksum_dest", host.digest(&dest, Algorithm::Sha1)?);
        }
        // Only the head was asked for, so what came is empty.
        let source = churten_module::digest(Algorithm::Sha1, &mut fetched.response.body.as_slice())?;
        result.insert("checksum_src", source);
        result.insert("src", "/tmp/tmp00000000");
        result.insert("changed", true);
        result.insert("msg", message(&fetched.response));
        Ok(result)
    }

    #[expect(clippy::too_many_arguments, reason = "what the download fills in")]
    fn download(
        &self,
        host: &dyn Host,
        temporary: &Path,
        dest: &mut PathBuf,
        in_directory: bool,
        (start, since): (Timestamp, Option<String>),
        result: &mut Dict,
        expected: Option<&Expected>,
    ) -> Result<()> {
        let mut fetch = self.fetch(&self.url, "GET");
        fetch.request.into_file = Some(temporary.to_owned());
        fetch.request.headers.extend(since.map(|date| ("If-Modified-Since".to_owned(), date)));
        let fetched = fetch.run(host);
        result.insert("elapsed", (host.now().as_float() - start.as_float()) as i64);
        let failed =
            |msg: String, status: i64| Failure::new("Request failed").with("response", msg).with("status_code", status);
        let fetched = fetched.map_err(|reason| self.unreachable(dest, &reason))?;
        let status = i64::from(fetched.response.status);
        if status >= 300 && status != 304 {
            return Err(failed(message(&fetched.response), status));
        }
        if status == 304 {
            result.insert("status_code", status);
            result.insert("msg", message(&fetched.response));
            result.insert("changed", false);
            return Ok(());
        }
        result.insert("src", temporary.display().to_string());
        if in_directory {
            *dest = dest.join(file_name(&self.url, fetched.response.header("content-disposition")));
            result.insert("dest", dest.display().to_string());
        }
        let source = host.digest(temporary, Algorithm::Sha1)?;
        result.insert("checksum_src", source.as_str());
        let there = matches!(host.stat(dest), Ok(Some(_)));
        let current = if there { Some(host.digest(dest, Algorithm::Sha1)?) } else { None };
        let parent = dest.parent().unwrap_or(Path::new("/"));
        if !matches!(host.stat(parent), Ok(Some(_))) {
            fail!("Destination {} does not exist", parent.display());
        }
        result.insert("checksum_dest", current.clone().map_or(Value::NONE, Value::from));
        if let Some(expected) = expected {
            let found = host.digest(temporary, expected.algorithm)?;
            if found != expected.digest {
                fail!("The checksum for {} did not match {}; it was {found}.", temporary.display(), expected.digest);
            }
        }
        let changed = current.as_deref() != Some(source.as_str());
        if changed {
            if self.backup && there {
                let name = backup_name(host, dest);
                let mode = host.stat(dest)?.map_or(0o600, |stat| stat.mode);
                host.copy_file(dest, &name, mode)?;
                host.set_mode(&name, mode)?;
                if let Some(stat) = host.stat(dest)? {
                    host.set_times(&name, Some(stat.accessed), Some(stat.modified), true)?;
                }
                result.insert("backup_file", name.display().to_string());
            }
            place_file(host, temporary, dest)?;
        }
        result.insert("changed", changed);
        result.insert("status_code", status);
        result.insert("msg", message(&fetched.response));
        if let Ok(digest) = host.digest(dest, Algorithm::Md5) {
            result.insert("md5sum", digest);
        }
        Ok(())
    }

    fn attributes(&self, host: &dyn Host, options: &Options, dest: &Path) -> Result<bool> {
        apply(host, options, dest, &self.file)
    }
}

/// A time as HTTP writes it: `Sat, 21 Nov 2026 06:09:28 GMT`.
fn http_date(seconds: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = churten_value::date_from_days(days);
    let name = |names: &[&'static str], at: i64| usize::try_from(at).ok().and_then(|at| names.get(at).copied());
    format!(
        "{}, {day:02} {} {year:04} {:02}:{:02}:{:02} GMT",
        name(&DAYS, days.rem_euclid(7)).unwrap_or_default(),
        name(&MONTHS, month - 1).unwrap_or_default(),
        rest / 3_600,
        rest / 60 % 60,
        rest % 60
    )
}

/// The name of what is downloaded into a directory.
fn file_name(url: &str, disposition: Option<&str>) -> String {
    let named = disposition.and_then(|text| {
        let (_, rest) = text.split_once("filename=")?;
        let name = rest.split(';').next()?.trim().trim_matches('"');
        Path::new(name).file_name().map(|name| name.to_string_lossy().into_owned())
    });
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let last = path.split_once('/').and_then(|(_, path)| path.rsplit('/').next()).filter(|name| !name.is_empty());
    named.unwrap_or_else(|| last.unwrap_or("index.html").to_owned())
}

fn backup_name(host: &dyn Host, path: &Path) -> PathBuf {
    let at = churten_module::time::local(host.observe(), host.now());
    let date = churten_module::time::python_text(&at);
    let date = date.split('.').next().unwrap_or_default().replacen(' ', "@", 1);
    PathBuf::from(format!("{}.{}.{date}~", path.display(), host.process_id()))
}

/// Owner, mode and attributes of a file that is there.
fn apply(host: &dyn Host, options: &Options, path: &Path, file: &FileArguments) -> Result<bool> {
    let Some(stat) = host.lstat(path)? else { return Ok(false) };
    let (mut differences, mut plan) = (Differences::default(), Plan::new());
    let changed = file.plan(host.observe(), options, path, &stat, &mut differences, &mut plan)?;
    if changed && !options.check {
        for step in plan.steps {
            match step {
                Step::SetMode { path, mode } => host.set_mode(&path, mode)?,
                Step::SetOwner { path, uid, gid, follow } => host.set_owner(&path, uid, gid, follow)?,
                Step::SetFileAttributes { path, change } => {
                    host.set_file_attributes(&path, &change)?;
                }
                _ => {}
            }
        }
    }
    Ok(changed)
}

/// Put a downloaded file in its place, with the mode and owner of what was there.
fn place_file(host: &dyn Host, source: &Path, dest: &Path) -> Result<()> {
    let dest = &host.real_path(dest);
    let directory = dest.parent().unwrap_or(Path::new("/"));
    let new = host.create_temporary(directory, ".ansible_tmp", "", false)?;
    let outcome = (|| -> std::io::Result<()> {
        let before = host.stat(dest)?;
        host.remove_file(&new)?;
        host.copy_file(source, &new, 0o600)?;
        match before {
            Some(stat) => {
                host.set_owner(&new, Some(stat.uid), Some(stat.gid), false)?;
                host.set_mode(&new, stat.mode)?;
            }
            None => host.set_mode(&new, 0o666 & !host.umask())?,
        }
        host.rename(&new, dest)
    })();
    if outcome.is_err() {
        let _ = host.remove_file(&new);
    }
    Ok(outcome?)
}

/// Put the body of an answer into a file. True when anything changed.
pub(super) fn place(host: &dyn Host, dest: &Path, body: &[u8], file: &FileArguments) -> Result<bool> {
    let same = matches!(host.stat(dest), Ok(Some(_))) && host.read(dest).is_ok_and(|current| current == body);
    if !same {
        let temporary = host.create_temporary(Path::new("/tmp"), "tmp", "", false)?;
        let outcome =
            host.overwrite(&temporary, body).map_err(Failure::from).and_then(|()| place_file(host, &temporary, dest));
        let _ = host.remove_file(&temporary);
        outcome?;
    }
    let attributes = apply(host, &Options::default(), dest, file)?;
    Ok(!same || attributes)
}
