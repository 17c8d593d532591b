use super::fetch::{Fetch, Fetched, given_headers, header_keys, seconds, shown};
use super::policy::FollowRedirects;
use super::{form, place};
use crate::attributes;
use churten_module::prelude::*;
use churten_module::{AMENDED_KEY, HttpError, HttpRequest, WebAddress};
use churten_value::{Data, from_json};

/// Talk to a web service.
///
/// Makes one request from the host and tells what came back.
#[derive(Args)]
#[args(exclusive("body", "src"))]
pub(crate) struct Uri {
    /// The address.
    url: String,
    /// Ask caches for a fresh answer.
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
    #[arg(alias("user"))]
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
    /// Which redirections are followed.
    #[arg(default = "safe")]
    follow_redirects: FollowRedirects,
    /// A file, or a directory, to put the body of the answer into.
    dest: Option<PathBuf>,
    /// The body: text, or data for `body_format`.
    body: Option<Value>,
    /// How the body is written.
    #[arg(default = "raw")]
    body_format: BodyFormat,
    /// A file whose content is the body.
    src: Option<PathBuf>,
    /// The method.
    #[arg(default = "GET")]
    method: String,
    /// Put the body of the answer into the result.
    #[arg(default = false)]
    return_content: bool,
    /// Do nothing when this path exists.
    creates: Option<PathBuf>,
    /// Do nothing unless this path exists.
    removes: Option<PathBuf>,
    /// The answers that count as success.
    #[arg(default = ["200"])]
    status_code: Vec<i64>,
    /// Seconds until the request is given up.
    #[arg(default = 30)]
    timeout: i64,
    /// Headers of the request.
    #[arg(default = {})]
    headers: Dict,
    /// Connect to this socket.
    unix_socket: Option<PathBuf>,
    /// `src` is on the host. Otherwise the controller has brought it there.
    #[arg(default = false)]
    #[expect(dead_code, reason = "the controller's action decides by it")]
    remote_src: bool,
    /// A file of certificate authorities.
    ca_path: Option<PathBuf>,
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

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum BodyFormat {
    #[choice("form-urlencoded")]
    FormUrlencoded,
    Json,
    Raw,
    #[choice("form-multipart")]
    FormMultipart,
}

/// The header that says what a body is.
const CONTENT_TYPE: &str = "Content-Type";

impl Action for Uri {
    const NAME: &'static str = "uri";
    const CHECK: CheckMode = CheckMode::Skip;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        if self.method.is_empty() || !self.method.chars().all(char::is_alphabetic) {
            fail!("Parameter 'method' needs to be a single word in uppercase, like GET or POST.");
        }
        let headers = self.amended_headers(host.observe());
        let body = match self.body(host.observe(), &headers) {
            Ok(body) => body,
            // The file is opened when the headers are written already.
            Err(failure) if self.src.is_some() => {
                return Err(failure.with(AMENDED_KEY, Dict::from([("headers", Value::from(headers))])));
            }
            Err(failure) => return Err(failure),
        };
        let mut amended = Dict::from([("headers", Value::from(headers.clone()))]);
        match self.run_with(host, options, body, &headers, &mut amended) {
            Ok(mut result) => {
                result.insert(AMENDED_KEY, amended);
                Ok(result)
            }
            Err(failure) => Err(failure.with(AMENDED_KEY, amended)),
        }
    }
}

/// A body, or the error of a request that cannot have it.
type Body = std::result::Result<Option<Vec<u8>>, HttpError>;

impl Uri {
    /// The headers with those that follow from the body. ansible-core shows them in the invocation.
    fn amended_headers(&self, host: &dyn Observe) -> Dict {
        let mut headers = self.headers.clone();
        let kind = match self.body_format {
            BodyFormat::Json => "application/json".to_owned(),
            BodyFormat::FormUrlencoded => "application/x-www-form-urlencoded".to_owned(),
            BodyFormat::FormMultipart => {
                // The parts need a boundary of ours, so a type that was given cannot hold.
                headers.retain(|name, _| !name.to_text().eq_ignore_ascii_case(CONTENT_TYPE));
                form::multipart_type(&form::boundary(host))
            }
            BodyFormat::Raw => String::new(),
        };
        if !kind.is_empty() && header(&headers, CONTENT_TYPE).is_none() {
            headers.insert(CONTENT_TYPE, kind);
        }
        if let Some(Ok(Some(stat))) = self.src.as_deref().map(|path| host.stat(path)) {
            headers.insert("Content-Length", stat.size);
        }
        headers
    }

    fn run_with(
        &self,
        host: &dyn Host,
        options: &Options,
        body: Body,
        headers: &Dict,
        amended: &mut Dict,
    ) -> Result<Dict> {
        let found = |path: &Path| matches!(host.stat(path), Ok(Some(_)));
        let skipped = |path: &Path, words: &str| {
            let text = format!("skipped, since '{}' {words}", path.display());
            Ok(Dict::from([("stdout", Value::from(text)), ("changed", false.into())]))
        };
        if let Some(path) = self.creates.as_deref().filter(|path| found(path)) {
            return skipped(path, "exists");
        }
        if let Some(path) = self.removes.as_deref().filter(|path| !found(path)) {
            return skipped(path, "does not exist");
        }
        if self.use_gssapi {
            return Err(Failure::not_yet("use_gssapi"));
        }
        let start = host.now();
        let fetched = body.and_then(|body| self.fetch(host, body, headers)?.run(host));
        let elapsed = (host.now().as_float() - start.as_float()) as i64;
        self.answer(host, options, fetched, elapsed, amended)
    }

    /// The body as bytes.
    fn body(&self, host: &dyn Observe, headers: &Dict) -> Result<Body> {
        if let Some(src) = &self.src {
            let readable = matches!(host.stat(src), Ok(Some(stat)) if !stat.is_directory());
            let content = host.read(src).ok().filter(|_| readable);
            let failure = || Failure::new(format!("Unable to open source file {}", src.display())).with("elapsed", 0);
            return content.map(|content| Ok(Some(content))).ok_or_else(failure);
        }
        let none = Value::NONE;
        let body = self.body.as_ref().unwrap_or(&none);
        let text = match (self.body_format, &body.data) {
            (BodyFormat::Json, _) => form::json(body),
            (_, Data::Str(text)) if self.body_format != BodyFormat::FormMultipart => text.to_string(),
            (BodyFormat::FormMultipart, Data::Dict(entries)) => {
                let kind = header(headers, CONTENT_TYPE).unwrap_or_default();
                let boundary = form::boundary_of(&kind).unwrap_or_default();
                let bytes = form::multipart(host, entries, boundary)
                    .map_err(|failure| Failure::new(format!("failed to parse body as form-multipart: {failure}")))?;
                return Ok(Ok(Some(bytes)));
            }
            (BodyFormat::FormMultipart, _) => {
                let kind = body.type_name();
                let text =
                    format!("failed to parse body as form-multipart: Mapping is required, cannot be type {kind}");
                return Err(Failure::new(text));
            }
            (BodyFormat::FormUrlencoded, Data::Dict(_) | Data::List(_)) => {
                form::url_encoded(body).map_err(|reason| {
                    let text = format!("failed to parse body as form_urlencoded: {reason}");
                    Failure::new(text).with("elapsed", 0)
                })?
            }
            (_, Data::None) => return Ok(Ok(None)),
            (_, Data::Dict(entries)) if entries.is_empty() => String::new(),
            (_, Data::List(items)) if items.is_empty() => String::new(),
            // Python cannot write these either.
            (_, Data::Dict(_)) => return Ok(Err(HttpError::Unwritable("can't concat str to bytes".to_owned()))),
            (_, Data::List(items)) => {
                let text = match items.first() {
                    Some(first) if first.as_str().is_none() => {
                        format!("object of type '{}' has no len()", first.type_name())
                    }
                    _ => "can't concat str to bytes".to_owned(),
                };
                return Ok(Err(HttpError::Unwritable(text)));
            }
            _ => {
                let kind = body.type_name();
                return Ok(Err(HttpError::Unwritable(format!(
                    "message_body should be a bytes-like object or an iterable, got <class '{kind}'>"
                ))));
            }
        };
        Ok(Ok(Some(text.into_bytes())))
    }

    fn fetch(&self, host: &dyn Host, body: Option<Vec<u8>>, headers: &Dict) -> std::result::Result<Fetch, HttpError> {
        let mut headers = given_headers(headers)?;
        let given = |headers: &[(String, String)], name: &str| {
            headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
        };
        if body.is_some() && !given(&headers, CONTENT_TYPE) {
            headers.push((CONTENT_TYPE.to_owned(), "application/x-www-form-urlencoded".to_owned()));
        }
        if !given(&headers, "user-agent") {
            headers.insert(0, ("User-Agent".to_owned(), self.http_agent.clone()));
        }
        if self.force && !given(&headers, "cache-control") {
            headers.push(("Cache-Control".to_owned(), "no-cache".to_owned()));
        }
        // Of a file that is there already, only a newer one is asked for.
        let dest = self.dest.as_deref().filter(|_| !self.force);
        if let Some(Ok(Some(stat))) = dest.map(|dest| host.stat(&self.target(host, dest, &self.url, None))) {
            headers.push(("If-Modified-Since".to_owned(), super::date::text(stat.modified.seconds)));
        }
        Ok(Fetch {
            request: HttpRequest {
                method: self.method.to_uppercase(),
                url: self.url.clone(),
                headers,
                body,
                timeout: seconds(self.timeout),
                insecure: !self.validate_certs,
                client_certificate: self.client_cert.clone(),
                client_key: self.client_key.clone(),
                authorities: self.ca_path.clone(),
                ciphers: self.ciphers.clone().unwrap_or_default(),
                unix_socket: self.unix_socket.clone(),
                decompress: self.decompress,
                ..HttpRequest::default()
            },
            follow: self.follow_redirects,
            use_proxy: self.use_proxy && self.unix_socket.is_none(),
            user: self.url_username.clone(),
            password: self.url_password.clone(),
            force_basic_auth: self.force_basic_auth,
            use_netrc: self.use_netrc,
            unredirected: self.unredirected_headers.clone(),
        })
    }

    /// Where the body of an answer goes: below a directory, by the name in the address or that of the answer.
    fn target(&self, host: &dyn Host, dest: &Path, url: &str, disposition: Option<&str>) -> PathBuf {
        match host.stat(dest) {
            Ok(Some(stat)) if stat.is_directory() => dest.join(place::name(url, disposition)),
            _ => dest.to_owned(),
        }
    }

    fn answer(
        &self,
        host: &dyn Host,
        options: &Options,
        fetched: std::result::Result<Fetched, HttpError>,
        elapsed: i64,
        amended: &mut Dict,
    ) -> Result<Dict> {
        let (fetched, status) = match fetched {
            Ok(fetched) => {
                let status = i64::from(fetched.response.status);
                (fetched, status)
            }
            Err(HttpError::Invalid(reason)) => {
                return Err(Failure::new(reason).with("url", shown(&self.url)).with("status", -1));
            }
            Err(error) => {
                let (url, message) = (self.url.clone(), error.to_string());
                (Fetched { url, message, ..Fetched::default() }, -1)
            }
        };
        let response = &fetched.response;
        if response.is_plain {
            fail!("{} has no status: uri speaks HTTP only", shown(&self.url));
        }
        let text = text_of(response.header("content-type"), &response.body);
        let kind = response.header("content-type").unwrap_or_default().to_ascii_lowercase();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_owned();
        let is_json = kind.ends_with("/json") || kind.ends_with("+json") || kind.ends_with("/javascript");
        if let Some(reason) = &response.broken
            && (self.return_content || self.dest.is_some() || is_json)
        {
            fail!("HTTP Error while fetching {}: {reason}", shown(&self.url));
        }
        let accepted = self.status_code.contains(&status);
        let mut result = Dict::from([
            ("redirected", Value::from(fetched.url != self.url)),
            ("url", shown(&fetched.url).into()),
            ("status", status.into()),
            ("elapsed", elapsed.into()),
            ("changed", false.into()),
        ]);
        if status > 0 && fetched.is_success() {
            fetched.cookies.report(&mut result);
        }
        let located = response.header("location").zip(WebAddress::parse(&fetched.url));
        let location = located.map(|(location, address)| address.join(location));
        let disposition = response.header("content-disposition");
        let dest = self.dest.as_ref().map(|dest| self.target(host, dest, &fetched.url, disposition));
        if let Some(dest) = &dest {
            if accepted && status != 304 {
                // A failure here comes before the names of the headers are made those of variables.
                self.save(host, options, dest, &fetched).map_err(|failure| {
                    let mut failure = failure;
                    for (key, value) in header_keys(response, "-").iter().chain(result.iter()) {
                        failure.extra.insert(key.clone(), value.clone());
                    }
                    failure
                })?;
                result.insert("changed", true);
                amended.insert("path", dest.display().to_string());
            }
            result.insert("path", dest.display().to_string());
        }
        let mut keys = header_keys(response, "_");
        if let Some(location) = location {
            keys.insert("location", location);
        }
        keys.extend_from(&result);
        let mut result = keys;
        if is_json && let Ok(value) = from_json(&text) {
            result.insert("json", value);
        }
        if self.return_content {
            result.insert("content", text);
        } else if accepted && status >= 300 && status != 304 {
            result.insert("body", text);
        }
        if self.follow_redirects.is_deprecated() {
            let warning = Dict::from([
                ("msg", Value::from("Using 'yes' or 'no' for 'follow_redirects' parameter is deprecated.")),
                ("version", "2.22".into()),
                ("collection_name", "ansible.builtin".into()),
                ("plugin", "module 'uri'".into()),
            ]);
            result.insert("deprecations", Value::list(vec![warning.into()]));
        }
        if accepted {
            result.insert("msg", fetched.message);
            return Ok(result);
        }
        let codes: Vec<String> = self.status_code.iter().map(i64::to_string).collect();
        let msg = format!("Status code was {status} and not [{}]: {}", codes.join(", "), fetched.message);
        Err(Failure { extra: Box::new(result), ..Failure::new(msg) })
    }

    /// Put the body of an answer into a file.
    fn save(&self, host: &dyn Host, options: &Options, dest: &Path, fetched: &Fetched) -> Result<()> {
        let body = fetched.response.body.as_slice();
        let same = matches!(host.stat(dest), Ok(Some(_))) && host.read(dest).is_ok_and(|current| current == body);
        if !same {
            let directory = options.temporary_directory.clone().unwrap_or_else(|| PathBuf::from("/tmp"));
            let temporary = host.create_temporary(&directory, "tmp", "", false)?;
            let outcome = host
                .overwrite(&temporary, body)
                .map_err(Failure::from)
                .and_then(|()| place::file(host, &temporary, dest));
            let _ = host.remove_file(&temporary);
            outcome.map_err(|_| {
                let (source, dest) = (temporary.display(), dest.display());
                Failure::new(format!(
                    "failed to copy {source} to {dest}: Could not replace '{dest}' with '{source}'. {}",
                    fetched.message
                ))
            })?;
        }
        attributes::apply(host, &Options::default(), dest, &self.file)?;
        Ok(())
    }
}

fn header(headers: &Dict, name: &str) -> Option<String> {
    headers.iter().find(|(key, _)| key.to_text().eq_ignore_ascii_case(name)).map(|(_, value)| value.to_text())
}

/// A body as text.
fn text_of(content_type: Option<&str>, body: &[u8]) -> String {
    let kind = content_type.unwrap_or_default().to_ascii_lowercase();
    let set = kind.split_once("charset=").map_or("", |(_, set)| set.split(';').next().unwrap_or_default());
    match set.trim().trim_matches('"') {
        "iso-8859-1" | "latin1" | "latin-1" => body.iter().map(|byte| char::from(*byte)).collect(),
        _ => String::from_utf8_lossy(body).into_owned(),
    }
}
