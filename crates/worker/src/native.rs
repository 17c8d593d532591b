//! The modules of `churten-modules` on this machine.

use crate::runner::{Context, NoModules, Runner};
use churten_module::{Attachment, HostLog, LocalHost, Options};
use churten_protocol::{Content, Invocation};
use churten_value::Dict;
use std::path::PathBuf;

/// Runs the native modules.
#[derive(Clone, Copy, Debug, Default)]
pub struct NativeModules;

impl Runner for NativeModules {
    fn run(&self, invocation: &Invocation, context: Context<'_>) -> Dict {
        let Some(module) = churten_modules::find(&invocation.module) else {
            return NoModules.run(invocation, context);
        };
        let variables = invocation.environment.iter();
        let host = LocalHost::new()
            .with_environment(
                variables.map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.expose()).into_owned())),
            )
            .with_open_files((invocation.open_files > 0).then_some(invocation.open_files))
            .with_special_file_systems(invocation.special_file_systems.as_deref());
        let attachments = invocation.files.iter().map(|file| {
            let content = match &file.content {
                Content::Bytes(bytes) => Attachment::Bytes(bytes.0.as_slice().into()),
                Content::Uploaded(path) => Attachment::File(PathBuf::from(path)),
            };
            (file.name.clone(), content)
        });
        let options = Options {
            check: invocation.check_mode,
            diff: invocation.diff,
            verbosity: invocation.verbosity,
            log: invocation.log.as_ref().map(|log| HostLog { facility: log.facility, info: log.info.clone() }),
            module_name: invocation.module.clone(),
            temporary_directory: context.temporary.map(PathBuf::from),
            attachments: attachments.collect(),
        };
        module.run(&host, &invocation.arguments, &options)
    }
}
