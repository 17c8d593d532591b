//! Requests over the web, for the modules that make them.

mod cookies;
mod fetch;
mod form;
mod get_url;
mod policy;
mod uri;

pub(crate) use get_url::GetUrl;
pub(crate) use uri::Uri;
