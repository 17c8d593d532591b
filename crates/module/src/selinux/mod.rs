//! SELinux: contexts of files, and what the policy says about paths.

mod context;
mod file_contexts;
mod pattern;
mod policy;
mod substitution;

pub use context::{Context, Labels};
pub use file_contexts::{FileContexts, Unreadable};
pub(crate) use policy::CONFIGURATION;
pub use policy::{PolicyFiles, configured_mode, policy_type};
