//! Plays, blocks, tasks, roles and handlers as typed, validated data.
//!
//! Loading is static: structure is checked, roles and imports are read, keywords are merged. Values stay unrendered.
//! [`Loader`] is the door; it asks its [`Environment`] for what belongs to the run.

mod action;
mod context;
mod environment;
mod fields;
mod files;
mod includes;
mod keyword_table;
mod keywords;
mod listing;
mod load_play;
mod load_playbook;
mod load_role;
mod load_tasks;
mod loader;
mod play;
mod role;
mod role_name;
mod tags;
mod task;

pub use context::PlayContext;
pub use environment::{Environment, ResolvedAction, no_group};
pub use fields::check_variable_name;
pub use files::{absent, unreadable};
pub use keyword_table::{is_reserved_name, reserved_names};
pub use keywords::Keywords;
pub use listing::{ListOptions, ListedPlay, list_playbook};
pub use load_playbook::collection_playbook;
pub use loader::{Loader, RoleInclude};
pub use play::{Included, Play, Playbook, VarsPrompt};
pub use role::Role;
pub use tags::TagFilter;
pub use task::{Action, Block, Item, Loop, LoopControl, Task};
