//! Getting a file over the web into a temporary one, for every module that does.

use super::fetch::{Fetch, Fetched, seconds, shown};
use super::policy::FollowRedirects;
use churten_module::prelude::*;
use churten_module::{BrokenBody, HttpError, HttpRequest};

/// Seconds that a plain download may wait for its server.
const LIMIT: i64 = 10;
/// More than this is no small document.
const DOCUMENT: u64 = 4 << 20;

/// Fetch a file into a temporary one whose name ends as given, with nothing but an address. The error is
/// ansible-core's `Failure downloading`; the file is the caller's to remove.
pub(crate) fn to_temporary(
    host: &dyn Host,
    url: &str,
    directory: &Path,
    suffix: &str,
    validate_certs: bool,
) -> Result<PathBuf> {
    let told = |reason: &str| Failure::new(format!("Failure downloading {}, {reason}", shown(url)));
    let path = host.create_temporary(directory, "tmp", suffix, false)?;
    let request = HttpRequest {
        method: "GET".to_owned(),
        url: url.to_owned(),
        headers: vec![("User-Agent".to_owned(), "ansible-httpget".to_owned())],
        timeout: seconds(LIMIT),
        insecure: !validate_certs,
        decompress: true,
        into_file: Some(path.clone()),
        ..HttpRequest::default()
    };
    let failure = match plain(request).run(host) {
        Err(error) => told(&error.to_string()),
        Ok(fetched) if !fetched.is_success() => told(&fetched.message),
        Ok(fetched) => match &fetched.response.broken {
            Some(reason) => told(&reason.to_string()),
            None => return Ok(path),
        },
    };
    let _ = host.remove_file(&path);
    Err(failure)
}

/// A request with the ways of a module that is given no options for them.
fn plain(request: HttpRequest) -> Fetch {
    Fetch {
        request,
        follow: FollowRedirects::Urllib2,
        use_proxy: true,
        user: None,
        password: None,
        force_basic_auth: false,
        use_netrc: true,
        unredirected: Vec::new(),
    }
}

/// The body of a small answer in the form that is asked for; the inner error is why there is none.
pub(crate) fn document(
    host: &dyn Host,
    url: &str,
    accept: &str,
    validate_certs: bool,
) -> Result<Result<Vec<u8>, String>> {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let request = HttpRequest {
        method: "GET".to_owned(),
        url: url.to_owned(),
        headers: vec![header("User-Agent", "ansible-httpget"), header("Accept", accept)],
        timeout: seconds(LIMIT),
        insecure: !validate_certs,
        decompress: true,
        limit: Some(DOCUMENT),
        ..HttpRequest::default()
    };
    Ok(match plain(request).run(host) {
        Err(HttpError::Invalid(reason)) => return Err(Failure::new(reason).with("url", url).with("status", -1)),
        Err(error) => Err(error.to_string()),
        Ok(fetched) if !fetched.is_success() => Err(fetched.message),
        Ok(fetched) => match fetched.response.broken {
            Some(reason) => Err(reason.to_string()),
            None => Ok(fetched.response.body),
        },
    })
}

/// Fetch into a file that exists. The failure is that of `get_url`; `url` and `dest` are what it shows.
pub(super) fn fetch(
    host: &dyn Host,
    fetch: Result<Fetch, HttpError>,
    url: &str,
    file: &Path,
    dest: &Path,
) -> Result<Fetched> {
    let url = shown(url);
    let start = host.now();
    let outcome = fetch.and_then(|mut fetch| {
        fetch.request.into_file = Some(file.to_owned());
        fetch.run(host)
    });
    let elapsed = (host.now().as_float() - start.as_float()) as i64;
    let told = |failure: Failure| {
        let dest = dest.display().to_string();
        failure.with("url", url.as_str()).with("dest", dest).with("elapsed", elapsed)
    };
    let fetched = match outcome {
        Err(HttpError::Invalid(reason)) => return Err(Failure::new(reason).with("url", url).with("status", -1)),
        Err(error) => return Err(told(Failure::new(error.to_string()))),
        Ok(fetched) => fetched,
    };
    let status = fetched.response.status;
    if !fetched.is_success() && status != 304 {
        let failure = Failure::new("Request failed").with("response", fetched.message.as_str());
        return Err(told(failure.with("status_code", i64::from(status))));
    }
    match &fetched.response.broken {
        None => Ok(fetched),
        Some(BrokenBody::Short(read, missing)) => fail!(
            "Incomplete read, (rsp.length={missing}, cl={}, st.st_size={read}) failed to read remaining {missing} bytes",
            read + missing
        ),
        Some(reason) => {
            Err(Failure::new(format!("failed to create temporary content file: {reason}")).with("elapsed", elapsed))
        }
    }
}
