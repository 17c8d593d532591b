//! Getting a file over the web into a temporary one, for every module that does.

use super::fetch::{Fetch, Fetched, shown};
use churten_module::prelude::*;
use churten_module::{BrokenBody, HttpError};

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
