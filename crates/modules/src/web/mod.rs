//! Requests over the web, for the modules that make them.

mod challenge;
mod content;
mod cookies;
mod date;
mod download;
mod fetch;
mod form;
mod get_url;
mod media_types;
mod netrc;
mod place;
mod policy;
mod uri;

pub use content::{ContentError, ContentRequest, content};
pub(crate) use download::{document, to_temporary};
pub(crate) use get_url::GetUrl;
pub(crate) use uri::Uri;
