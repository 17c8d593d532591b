use super::fetch::{Fetch, given_headers, seconds, shown};
use super::policy::FollowRedirects;
use super::{date, download, place};
use crate::attributes;
use churten_module::prelude::*;
use churten_module::{ALGORITHMS, HttpError, HttpRequest};

/// Download a file over the web to the host.
#[derive(Args)]
pub(crate) struct GetUrl {
    /// The address.
    url: String,
    /// Download even when the file is there.
    #[arg(default = false)]
    force: bool,
    /// What the client calls itself.
    #[arg(default = "ansible-httpget")]
    http_agent: String,
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
    /// The client's certificate.
    client_cert: Option<PathBuf>,
    /// The client's key.
    client_key: Option<PathBuf>,
    /// Authenticate with Kerberos.
    #[arg(default = false)]
    use_gssapi: bool,
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
    /// Decompress the answer.
    #[arg(default = true)]
    decompress: bool,
    /// Ciphers to use.
    ciphers: Option<Vec<String>>,
    /// Take credentials from `~/.netrc`.
    #[arg(default = true)]
    use_netrc: bool,
    #[arg(flatten)]
    file: FileArguments,
}

/// A digest that a file must have.
struct Expected {
    algorithm: String,
    digest: String,
}

impl Expected {
    /// The digest that a file has in its place.
    fn of(&self, host: &dyn Host, path: &Path) -> Result<String> {
        match Algorithm::named(&self.algorithm) {
            Some(algorithm) => Ok(host.digest(path, algorithm)?),
            None => fail!(
                "Could not hash file '{}' with algorithm '{}'. Available algorithms: {}",
                path.display(),
                self.algorithm,
                ALGORITHMS.join(", ")
            ),
        }
    }
}

/// A file in which a download begins, gone when it is dropped.
struct Temporary<'a> {
    host: &'a dyn Host,
    path: PathBuf,
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        let _ = self.host.remove_file(&self.path);
    }
}

impl Action for GetUrl {
    const NAME: &'static str = "get_url";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        if self.use_gssapi {
            return Err(Failure::not_yet("use_gssapi"));
        }
        let mut dest = self.dest.clone();
        let exists = |path: &Path| matches!(host.stat(path), Ok(Some(_)));
        let in_directory = matches!(host.stat(&dest), Ok(Some(stat)) if stat.is_directory());
        let mut result = Dict::from([
            ("checksum_dest", Value::NONE),
            ("checksum_src", Value::NONE),
            ("dest", dest.display().to_string().into()),
            ("elapsed", 0.into()),
            ("url", shown(&self.url).into()),
        ]);
        let expected = self.expected(host, options, &result)?;
        let mut since = None;
        if !in_directory && exists(&dest) && !self.force {
            match &expected {
                Some(expected) if expected.of(host, &dest)?.eq_ignore_ascii_case(&expected.digest) => {
                    return self.unchanged(host, options, &dest, result);
                }
                // What is there is not what is wanted, however new it is.
                Some(_) => {}
                None => since = host.stat(&dest)?.map(|stat| date::text(stat.modified.seconds)),
            }
        }
        let temporary = self.temporary(host, options)?;
        // Looking asks for the head only.
        let fetch = self.fetch(&self.url, if options.check { "HEAD" } else { "GET" }).map(|mut fetch| {
            fetch.request.headers.extend(since.map(|date| ("If-Modified-Since".to_owned(), date)));
            fetch
        });
        let start = host.now();
        let fetched = download::fetch(host, fetch, &self.url, &temporary.path, &dest)?;
        result.insert("elapsed", (host.now().as_float() - start.as_float()) as i64);
        let status = i64::from(fetched.response.status);
        let shown_status = if fetched.response.is_plain { Value::NONE } else { status.into() };
        result.insert("msg", fetched.message.as_str());
        if status == 304 {
            result.insert("status_code", status);
            result.insert("changed", false);
            result.remove("checksum_dest");
            result.remove("checksum_src");
            return Ok(result);
        }
        result.insert("src", temporary.path.display().to_string());
        if in_directory {
            dest = dest.join(place::name(&self.url, fetched.response.header("content-disposition")));
            result.insert("dest", dest.display().to_string());
        }
        let changed = self.compare(host, &temporary.path, &dest, &mut result)?;
        if options.check {
            result.insert("changed", changed);
            return Ok(result);
        }
        if let Some(expected) = &expected {
            let found = expected.of(host, &temporary.path)?;
            if found != expected.digest {
                let path = temporary.path.display();
                let text = format!("The checksum for {path} did not match {}; it was {found}.", expected.digest);
                return Err(with_all(Failure::new(text), &result));
            }
        }
        if changed {
            if self.backup && exists(&dest) {
                let keep = Step::Backup { path: dest.clone(), key: "backup_file" };
                let plan = Plan { steps: vec![keep], ..Plan::new() };
                churten_module::perform(host, &plan, options, &mut result)?;
            }
            place::file(host, &temporary.path, &dest).map_err(|failure| {
                let (source, dest) = (temporary.path.display(), dest.display());
                with_all(Failure::new(format!("failed to copy {source} to {dest}: {failure}")), &result)
            })?;
        }
        result.insert("status_code", shown_status);
        if let Ok(digest) = host.digest(&dest, Algorithm::Md5) {
            result.insert("md5sum", digest);
        }
        let attributes_changed = attributes::apply(host, options, &dest, &self.file)?;
        result.insert("changed", changed || attributes_changed);
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
    fn fetch(&self, url: &str, method: &str) -> Result<Fetch, HttpError> {
        let mut headers = given_headers(&self.headers.clone().unwrap_or_default())?;
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("user-agent")) {
            headers.insert(0, ("User-Agent".to_owned(), self.http_agent.clone()));
        }
        if self.force {
            headers.push(("Cache-Control".to_owned(), "no-cache".to_owned()));
        }
        Ok(Fetch {
            request: HttpRequest {
                method: method.to_owned(),
                url: url.to_owned(),
                headers,
                timeout: seconds(self.timeout),
                insecure: !self.validate_certs,
                client_certificate: self.client_cert.clone(),
                client_key: self.client_key.clone(),
                ciphers: self.ciphers.clone().unwrap_or_default(),
                decompress: self.decompress,
                ..HttpRequest::default()
            },
            follow: FollowRedirects::Urllib2,
            use_proxy: self.use_proxy,
            user: self.url_username.clone(),
            password: self.url_password.clone(),
            force_basic_auth: self.force_basic_auth,
            use_netrc: self.use_netrc,
            unredirected: self.unredirected_headers.clone(),
        })
    }

    fn temporary<'a>(&self, host: &'a dyn Host, options: &Options) -> Result<Temporary<'a>> {
        let directory = self.tmp_dest.clone().or_else(|| options.temporary_directory.clone());
        let directory = directory.unwrap_or_else(|| PathBuf::from("/tmp"));
        match host.stat(&directory) {
            Ok(Some(stat)) if stat.is_directory() => {}
            found => {
                let is = if matches!(found, Ok(Some(_))) {
                    " is a file but should be a directory."
                } else {
                    " directory does not exist."
                };
                return Err(Failure::new(format!("{}{is}", directory.display())).with("elapsed", 0));
            }
        }
        Ok(Temporary { host, path: host.create_temporary(&directory, "tmp", "", false)? })
    }

    /// The digest that the file must have; where it is in a list on the web, the list is fetched.
    fn expected(&self, host: &dyn Host, options: &Options, result: &Dict) -> Result<Option<Expected>> {
        if self.checksum.is_empty() {
            return Ok(None);
        }
        let told = |text: &str| with_all(Failure::new(text), result);
        let Some((algorithm, digest)) = self.checksum.split_once(':') else {
            return Err(told("The checksum parameter has to be in format <algorithm>:<checksum>"));
        };
        let is_address = ["http://", "https://", "ftp://", "file://"].iter().any(|scheme| digest.starts_with(scheme));
        let digest = if is_address { self.listed(host, options, digest)? } else { digest.to_owned() };
        // Whatever is between the digits, blanks and colons, does not count.
        let digest: String = digest.chars().filter(|letter| letter.is_alphanumeric() || *letter == '_').collect();
        let digest = digest.to_lowercase();
        if digest.is_empty() || !digest.chars().all(|letter| letter.is_ascii_hexdigit()) {
            return Err(told("The checksum format is invalid"));
        }
        Ok(Some(Expected { algorithm: algorithm.to_owned(), digest }))
    }

    /// The digest of this file in a list: one digest alone, or lines of digests and names.
    fn listed(&self, host: &dyn Host, options: &Options, url: &str) -> Result<String> {
        /// The most bytes of a list.
        const LIST: u64 = 16 << 20;
        let temporary = self.temporary(host, options)?;
        download::fetch(host, self.fetch(url, "GET"), url, &temporary.path, &self.dest)?;
        let text = host.read_bounded(&temporary.path, LIST)?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let path = self.url.split(['?', '#']).next().unwrap_or_default();
        let wanted = path.rsplit('/').next().unwrap_or_default();
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        if let [line] = lines.as_slice()
            && line.split_whitespace().count() == 1
        {
            return Ok(line.trim().to_owned());
        }
        let found = lines.iter().find_map(|line| {
            if let Some((name, digest)) = tagged(line) {
                return (name == wanted).then(|| digest.to_owned());
            }
            let (digest, name) = line.split_once(char::is_whitespace)?;
            let name = name.trim_start().trim_start_matches('*').trim();
            (name.trim_start_matches("./") == wanted || name.rsplit('/').next() == Some(wanted))
                .then(|| digest.to_owned())
        });
        found.ok_or_else(|| Failure::new(format!("Unable to find a checksum for file '{wanted}' in '{url}'")))
    }

    fn unchanged(&self, host: &dyn Host, options: &Options, dest: &Path, mut result: Dict) -> Result<Dict> {
        let changed = attributes::apply(host, options, dest, &self.file)?;
        let msg = if changed { "file already exists but file attributes changed" } else { "file already exists" };
        result.insert("msg", msg);
        result.insert("changed", changed);
        Ok(result)
    }

    /// What came and what is there: is it another? The digests are part of the result.
    fn compare(&self, host: &dyn Host, source: &Path, dest: &Path, result: &mut Dict) -> Result<bool> {
        let came = host.digest(source, Algorithm::Sha1)?;
        result.insert("checksum_src", came.as_str());
        let told = |text: String, result: &Dict| Err(with_all(Failure::new(text), result));
        if matches!(host.stat(dest), Ok(Some(_))) {
            for (access, word) in [(Access::Write, "writable"), (Access::Read, "readable")] {
                if !host.access(dest, access) {
                    return told(format!("Destination {} is not {word}", dest.display()), result);
                }
            }
            let there = host.digest(dest, Algorithm::Sha1)?;
            result.insert("checksum_dest", there.as_str());
            return Ok(there != came);
        }
        let parent = dest.parent().unwrap_or(Path::new("/"));
        if !matches!(host.stat(parent), Ok(Some(_))) {
            return told(format!("Destination {} does not exist", parent.display()), result);
        }
        if !host.access(parent, Access::Write) {
            return told(format!("Destination {} is not writable", parent.display()), result);
        }
        Ok(true)
    }
}
/// The name and the digest of `SHA256 (name) = digest`, as BSD's programs and `sha256sum --tag` write it. Each blank may be
/// missing.
fn tagged(line: &str) -> Option<(&str, &str)> {
    let (algorithm, rest) = line.trim().split_once('(')?;
    let (name, digest) = rest.rsplit_once('=')?;
    let algorithm = algorithm.strip_suffix(' ').unwrap_or(algorithm);
    let name = name.strip_suffix(' ').unwrap_or(name).strip_suffix(')')?;
    let digest = digest.strip_prefix(' ').unwrap_or(digest);
    let is_word = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
    (is_word(algorithm) && is_word(digest)).then_some((name, digest))
}
