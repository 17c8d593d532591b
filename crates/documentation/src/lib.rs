//! What modules and plugins say about themselves: read from their files or, for native modules, from their
//! declarations, and written as pages of text, lists and snippets.
//!
//! Nothing here prints, and no Python is started.

mod controller;
mod document;
mod fields;
mod fragments;
mod keywords;
mod list;
mod look;
mod markdown;
mod markup;
mod native;
mod page;
mod role;
mod snippet;
mod source;
mod versions;
mod words;
mod wrap;
mod yaml;

pub use document::{Document, DocumentedFile};
pub use keywords::{keyword_page, keywords};
pub use list::{list, table};
pub use look::{Look, Meaning, Setting};
pub use markdown::manual;
pub use native::{native, native_names};
pub use page::page;
pub use role::{RoleDirectory, RoleDocument, role_list, roles_in};
pub use snippet::snippet;

/// Where documentation is found.
pub trait Library {
    /// The file of a documentation fragment: `files`, or `community.general.attributes`.
    fn fragment(&self, name: &str) -> Option<DocumentedFile>;

    /// True when the controller has a side of its own for the module of this full name.
    fn has_action(&self, module: &str) -> bool;
}
