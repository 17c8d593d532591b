//! Plays, blocks, tasks, roles and handlers as typed, validated data.
//!
//! Loading is static: structure is checked, roles and imports are read, keywords are merged. Values stay unrendered.

mod keywords;
mod play;
mod role;
mod task;

pub use keywords::Keywords;
pub use play::{Included, Play, Playbook, VarsPrompt};
pub use role::Role;
pub use task::{Action, Block, Item, Loop, LoopControl, Task};
