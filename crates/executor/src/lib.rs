//! Walks hosts through tasks: strategies, variable precedence, controller-side actions.
//!
//! A [`Run`] loads playbooks and runs them; everything it has to tell is an [`Event`].

mod actions;
mod ahead;
mod argument_spec;
mod controller;
mod cursor;
mod engine;
mod event;
mod fact_cache;
mod facts;
mod foreign;
mod lenient;
mod loading;
mod localhost;
mod play;
mod play_keywords;
mod play_state;
mod plugin_filter;
mod profile;
mod prompts;
mod question;
mod reach;
mod refuse;
mod retry_file;
mod role_layers;
mod run;
mod scope;
mod search_path;
mod serial;
mod stats;
mod strategy;
mod targets;
mod task;
#[cfg(test)]
mod testing;
mod variables;
mod vars_file;
mod vars_files;
mod web;

pub use engine::{ConnectionDefaults, ReloadInventory, RunOptions};
pub use event::{Counts, Event, HostLabel, PlayInfo, Said, Status, TaskInfo, TaskKind, TaskResult};
pub use fact_cache::FactCache;
pub use loading::collection_playbook;
pub use plugin_filter::PluginFilter;
pub use profile::{Span, SpanKind};
pub use question::{Answer, Form, Question};
pub use run::{Run, RunEnd, RunSetup};
pub use scope::merge_hashes;
pub use variables::VariableOptions;
