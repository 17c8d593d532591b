use super::fetch::{Fetch, Fetched, header_keys, message, seconds};
use super::policy::FollowRedirects;
use super::{cookies, form};
use churten_module::HttpRequest;
use churten_module::prelude::*;
use churten_value::from_json;

/// Talk to a web service.
///
/// Makes one request from the host and tells what came back.
#[derive(Args)]
#[args(exclusive("body", "src"))]
pub(crate) struct Uri {
    /// The address.
    url: String,
    /// A file, or a directory, to put the body of the answer into.
    dest: Option<PathBuf>,
    /// The user for basic authentication.
    #[arg(alias("user"))]
    url_username: Option<String>,
    /// The password for basic authentication.
    #[arg(alias("password"), no_log)]
    url_password: Option<String>,
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
    /// Send the credentials with the first request.
    #[arg(default = false)]
    force_basic_auth: bool,
    /// Which redirections are followed.
    #[arg(default = "safe")]
    follow_redirects: FollowRedirects,
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
    /// Check the certificate of the other side.
    #[arg(default = true)]
    validate_certs: bool,
    /// The client's certificate.
    client_cert: Option<PathBuf>,
    /// The client's key.
    client_key: Option<PathBuf>,
    /// A file of certificate authorities.
    ca_path: Option<PathBuf>,
    /// `src` is on the host.
    #[arg(default = false)]
    remote_src: bool,
    /// Ask caches for a fresh answer.
    #[arg(default = false)]
    force: bool,
    /// Use the proxies of the environment.
    #[arg(default = true)]
    use_proxy: bool,
    /// Connect to this socket.
    unix_socket: Option<PathBuf>,
    /// What the client calls itself.
    #[arg(default = "ansible-httpget")]
    http_agent: String,
    /// Headers that redirections do not keep.
    #[arg(default = [])]
    unredirected_headers: Vec<String>,
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

impl Action for Uri {
    const NAME: &'static str = "uri";
    const CHECK: CheckMode = CheckMode::Skip;

    fn run(&self, host: &dyn Host, _options: &Options) -> Result<Dict> {
        if !self.method.chars().all(|letter| letter.is_ascii_uppercase()) && !self.method.is_empty() {
            let upper = self.method.to_ascii_uppercase();
            if !upper.chars().all(|letter| letter.is_ascii_uppercase()) {
                fail!("Parameter 'method' needs to be a single word in uppercase, like GET or POST.");
            }
        }
        self.refuse()?;
        let found = |path: &Path| matches!(host.stat(path), Ok(Some(_)));
        if let Some(path) = self.creates.as_deref().filter(|path| found(path)) {
            let text = format!("skipped, since '{}' exists", path.display());
            return Ok(Dict::from([("stdout", Value::from(text)), ("changed", false.into())]));
        }
        if let Some(path) = self.removes.as_deref().filter(|path| !found(path)) {
            let text = format!("skipped, since '{}' does not exist", path.display());
            return Ok(Dict::from([("stdout", Value::from(text)), ("changed", false.into())]));
        }
        let start = host.now();
        let request = self.request(host)?;
        let fetch = Fetch {
            request,
            follow: self.follow_redirects,
            use_proxy: self.use_proxy && self.unix_socket.is_none(),
            user: self.url_username.clone(),
            password: self.url_password.clone(),
            force_basic_auth: self.force_basic_auth,
            unredirected: self.unredirected_headers.clone(),
        };
        let fetched = fetch.run(host);
        let elapsed = (host.now().as_float() - start.as_float()) as i64;
        self.answer(host, fetched, elapsed)
    }
}

impl Uri {
    fn refuse(&self) -> Result<()> {
        if self.use_gssapi {
            return Err(Failure::not_yet("use_gssapi"));
        }
        if self.ciphers.is_some() {
            return Err(Failure::not_yet("ciphers"));
        }
        let _ = (self.remote_src, self.use_netrc);
        Ok(())
    }

    fn request(&self, host: &dyn Host) -> Result<HttpRequest> {
        let mut headers: Vec<(String, String)> = Vec::new();
        for (name, value) in self.headers.iter() {
            headers.push((name.to_text(), value.to_text()));
        }
        let given = |headers: &[(String, String)], name: &str| {
            headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
        };
        let mut content_type = |kind: String| {
            if !given(&headers, "content-type") {
                headers.push(("Content-Type".to_owned(), kind));
            }
        };
        let body = match (&self.src, &self.body, self.body_format) {
            (Some(src), _, _) => Some(host.read(src).map_err(|_| {
                Failure::new(format!("Unable to open source file {}", src.display())).with("elapsed", 0)
            })?),
            (None, None, _) => None,
            (None, Some(body), BodyFormat::Json) => {
                content_type("application/json".to_owned());
                Some(form::json(body).into_bytes())
            }
            (None, Some(body), BodyFormat::FormUrlencoded) => {
                content_type("application/x-www-form-urlencoded".to_owned());
                let text = match body.as_str() {
                    Some(text) => text.to_owned(),
                    None => form::url_encoded(body).ok_or_else(|| {
                        Failure::new("failed to parse body as form_urlencoded: not a valid non-string sequence or mapping object")
                    })?,
                };
                Some(text.into_bytes())
            }
            (None, Some(body), BodyFormat::FormMultipart) => {
                let Some(entries) = body.as_dict() else {
                    fail!(
                        "failed to parse body as form-multipart: Mapping is required, cannot be type {}",
                        body.type_name()
                    );
                };
                let (kind, bytes) = form::multipart(host.observe(), entries)
                    .map_err(|failure| Failure::new(format!("failed to parse body as form-multipart: {failure}")))?;
                content_type(kind);
                Some(bytes)
            }
            (None, Some(body), BodyFormat::Raw) => Some(body.to_text().into_bytes()),
        };
        if body.is_some() && !given(&headers, "content-type") {
            headers.push(("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned()));
        }
        if !given(&headers, "user-agent") {
            headers.push(("User-Agent".to_owned(), self.http_agent.clone()));
        }
        if self.force && !given(&headers, "cache-control") {
            headers.push(("Cache-control".to_owned(), "no-cache".to_owned()));
        }
        Ok(HttpRequest {
            method: self.method.to_ascii_uppercase(),
            url: self.url.clone(),
            headers,
            body,
            timeout: seconds(self.timeout),
            insecure: !self.validate_certs,
            client_certificate: self.client_cert.clone(),
            client_key: self.client_key.clone(),
            authorities: self.ca_path.clone(),
            unix_socket: self.unix_socket.clone(),
            ..HttpRequest::default()
        })
    }

    fn answer(&self, host: &dyn Host, fetched: std::result::Result<Fetched, String>, elapsed: i64) -> Result<Dict> {
        let (fetched, status, msg) = match fetched {
            Ok(fetched) => {
                let (status, msg) = (i64::from(fetched.response.status), message(&fetched.response));
                (fetched, status, msg)
            }
            Err(reason) if reason.starts_with("unknown url type: '") => return Err(Failure::new(reason)),
            Err(reason) => {
                let reason = if reason.starts_with("unknown url type: '") {
                    reason
                } else {
                    format!("Request failed: <urlopen error {reason}>")
                };
                (Fetched { url: self.url.clone(), ..Fetched::default() }, -1, reason)
            }
        };
        let response = &fetched.response;
        let mut result = if status < 0 { Dict::new() } else { header_keys(response) };
        let location = response.header("location").zip(churten_module::WebAddress::parse(&fetched.url));
        if let Some((location, address)) = location {
            result.insert("location", address.join(location));
        }
        result.insert("redirected", fetched.url != self.url);
        result.insert("url", fetched.url.as_str());
        result.insert("status", status);
        result.insert("elapsed", elapsed);
        result.insert("changed", false);
        result.insert("msg", msg.as_str());
        if status > 0 && status < 300 || status == 304 {
            cookies::report(&fetched.cookies, &mut result);
        }
        let accepted = self.status_code.contains(&status);
        let text = String::from_utf8_lossy(&response.body).into_owned();
        let kind = response.header("content-type").unwrap_or_default().to_ascii_lowercase();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_owned();
        let is_json = kind.ends_with("/json") || kind.ends_with("+json") || kind.ends_with("/javascript");
        if is_json && let Ok(value) = from_json(&text) {
            result.insert("json", value);
        }
        if let Some(dest) = self.dest.as_ref().filter(|_| accepted) {
            self.save(host, dest, &fetched, &mut result)?;
        }
        if !accepted {
            if self.return_content {
                result.insert("content", text);
            }
            let codes: Vec<String> = self.status_code.iter().map(i64::to_string).collect();
            let msg = format!("Status code was {status} and not [{}]: {msg}", codes.join(", "));
            let mut failure = Failure::new(msg);
            for (key, value) in result.iter().filter(|(key, _)| key.as_str() != Some("msg")) {
                failure.extra.insert(key.clone(), value.clone());
            }
            return Err(failure);
        }
        if status >= 300 && status != 304 {
            result.insert("body", text.as_str());
        }
        if self.return_content {
            result.insert("content", text);
        }
        Ok(result)
    }

    fn save(&self, host: &dyn Host, dest: &Path, fetched: &Fetched, result: &mut Dict) -> Result<()> {
        let dest = match host.stat(dest) {
            Ok(Some(stat)) if stat.is_directory() => {
                let path = fetched.url.split(['?', '#']).next().unwrap_or_default();
                let name = path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("index.html");
                dest.join(name)
            }
            _ => dest.to_owned(),
        };
        let changed = super::get_url::place(host, &dest, &fetched.response.body, &self.file)?;
        result.insert("changed", changed);
        result.insert("path", dest.display().to_string());
        Ok(())
    }
}
