//! The lookup `url`.

use super::{Lookup, Plugin};
use crate::fault::{Fault, Outcome};
use crate::val::Val;
use crate::web::{WebFailure, WebRequest};
use churten_config::{LoadOptions, Settings};
use churten_diagnostics::Report;
use churten_value::Value;
use std::sync::Arc;
use std::time::Duration;

pub(super) const TABLE: &[Plugin] = &[Plugin::new("url", url)];

fn url(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let Some(client) = lookup.session.shared.environment.web.clone() else {
        return Err(Fault::not_yet("the lookup url outside of a play"));
    };
    let settings = match &lookup.session.shared.environment.settings {
        Some(settings) => settings.clone(),
        None => Arc::new(Settings::load(LoadOptions::of_process()).map_err(Fault::report)?),
    };
    let mut options = Options { lookup, settings };
    let split = options.flag("split_lines")?;
    let request = options.request()?;
    let terms = std::mem::take(&mut lookup.terms);
    let mut found = Vec::new();
    for term in terms {
        let Some(address) = term.as_str() else {
            return Err(Fault::python(format!("'{}' object has no attribute 'decode'", term.plugin_class())));
        };
        let body = client(WebRequest { url: address.to_owned(), ..request.clone() }).map_err(|failure| {
            let report = match failure {
                WebFailure::Status(reason) => Report::new(format!("Received HTTP error for {address}: {reason}")),
                WebFailure::Failed(reason) => {
                    Report::new(format!("Failed lookup url for {address}")).caused_by(Report::new(reason).apart())
                }
                WebFailure::Invalid(reason) => Report::new(reason),
            };
            Fault::python_report(report)
        })?;
        let text = String::from_utf8_lossy(&body);
        if !split {
            found.push(Val::from(text.as_ref()));
            continue;
        }
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let text = text.strip_suffix('\n').unwrap_or(&text);
        if !body.is_empty() {
            found.extend(text.split('\n').map(Val::from));
        }
    }
    Ok(found)
}

/// The options of a call: its own, those of variables, environment and configuration file.
struct Options<'o, 'l, 'a> {
    lookup: &'o mut Lookup<'l, 'a>,
    settings: Arc<Settings>,
}

impl Options<'_, '_, '_> {
    fn value(&mut self, name: &str) -> Outcome<Value> {
        let resolved = match self.lookup.option(name) {
            Some(value) if !value.is_none() => {
                let value = value.to_data(self.lookup.session)?;
                self.settings.direct_plugin_option("lookup/url", name, value)
            }
            _ => {
                let lookup = &*self.lookup;
                let variable = |name: &str| lookup.session.variable(lookup.root, name)?.to_data(lookup.session).ok();
                self.settings.plugin_option("lookup/url", name, &variable)
            }
        };
        // Only a wrong choice is told in a paragraph of its own, with the words there are.
        let told = |report: Report| Fault::python_report(if report.help.is_some() { report.apart() } else { report });
        Ok(resolved.map_err(told)?.value)
    }

    fn flag(&mut self, name: &str) -> Outcome<bool> {
        Ok(self.value(name)?.is_truthy())
    }

    fn text(&mut self, name: &str) -> Outcome<Option<String>> {
        let value = self.value(name)?;
        Ok((!value.is_none()).then(|| value.to_text()))
    }

    fn texts(&mut self, name: &str) -> Outcome<Vec<String>> {
        Ok(self.value(name)?.as_list().unwrap_or_default().iter().map(Value::to_text).collect())
    }

    fn request(&mut self) -> Outcome<WebRequest> {
        if self.flag("use_gssapi")? {
            return Err(Fault::not_yet("use_gssapi of the lookup url"));
        }
        let follow_redirects = self.text("follow_redirects")?.unwrap_or_default();
        if matches!(follow_redirects.as_str(), "yes" | "no") {
            let text = "Using 'yes' or 'no' for 'follow_redirects' parameter is deprecated. This feature will be removed \
                        from lookup plugin 'url' in ansible-core version 2.22.";
            (self.lookup.session.shared.environment.warn)(Report::new(text));
        }
        let mut headers = Vec::new();
        for (name, value) in self.value("headers")?.as_dict().into_iter().flatten() {
            headers.push((name.to_text(), value.to_text()));
        }
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("user-agent"))
            && let Some(agent) = self.text("http_agent")?
        {
            headers.insert(0, ("User-Agent".to_owned(), agent));
        }
        if self.flag("force")? {
            headers.push(("Cache-Control".to_owned(), "no-cache".to_owned()));
        }
        let timeout = match self.value("timeout")?.to_text().parse::<f64>() {
            Ok(seconds) => Duration::try_from_secs_f64(seconds).ok(),
            Err(_) => None,
        };
        Ok(WebRequest {
            url: String::new(),
            headers,
            unredirected: self.texts("unredirected_headers")?,
            follow_redirects,
            timeout,
            validate_certificates: self.flag("validate_certs")?,
            authorities: self.text("ca_path")?.map(Into::into),
            ciphers: self.texts("ciphers")?,
            unix_socket: self.text("unix_socket")?.map(Into::into),
            use_proxy: self.flag("use_proxy")?,
            use_netrc: self.flag("use_netrc")?,
            user: self.text("username")?,
            password: self.text("password")?,
            force_basic_authentication: self.flag("force_basic_auth")?,
        })
    }
}
