//! Which hosts exist, in which groups, with which variables; what a pattern selects.

mod address;
mod build;
mod cached_facts;
mod constructed;
mod files;
mod generator;
mod ini;
mod inventory;
mod listing;
mod merge;
mod model;
mod names;
mod pattern;
mod ranges;
mod reader;
mod script;
mod select;
mod sources;
mod toml;
mod variables;
mod words;
mod yaml;

pub use cached_facts::{CachedFacts, CorruptFacts};
pub use inventory::{Failure, Format, Inventory, LoadOptions, Loaded, Note};
pub use listing::{ListOptions, listed};
pub use merge::merge_variables;
pub use model::{Group, GroupId, Host, HostId, HostSource};
pub use pattern::{Operation, Pattern, Subscript, Term};
pub use reader::duplicate_keys;
pub use select::{Limit, Selection};
