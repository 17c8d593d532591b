//! The command line as verbosity 4 shows it: every option that says something, under the names ansible-core has for them.

use super::playbook::PlaybookOptions;
use churten_config::Settings;
use churten_value::str_repr;

impl PlaybookOptions {
    /// One line for the playbooks and one for each option that is set, in the order of the usage text.
    pub(crate) fn describe(&self, settings: &Settings) -> Vec<String> {
        let playbooks: Vec<String> = self.playbooks.iter().map(|path| path.display().to_string()).collect();
        let set = |name: &str| self.settings.get(name).map(churten_value::Value::to_text).unwrap_or_default();
        let or = |text: String, default: &str| if text.is_empty() { default.to_owned() } else { text };
        let path = |path: &Option<std::path::PathBuf>| path.as_ref().map(|path| absolute(path)).unwrap_or_default();
        let or_list = |given: &[String], default: Vec<&str>| {
            if given.is_empty() { default.into_iter().map(str::to_owned).collect() } else { given.to_vec() }
        };
        let password_files: Vec<String> =
            self.vault_password_files.iter().map(|file| absolute(file.as_ref())).collect();
        let module_path: Vec<String> = self.module_path.iter().map(|path| path.display().to_string()).collect();
        let sources: Vec<String> =
            settings.inventory_sources().iter().map(|source| source.display().to_string()).collect();
        let mut tags = or_list(&self.tags, settings.run_tags());
        if tags.is_empty() {
            tags.push("all".into());
        }
        let entries = [
            ("verbosity", number(self.verbosity.into())),
            ("private_key_file", set("private_key_file")),
            ("remote_user", set("remote_user")),
            ("connection", or(set("connection"), settings.text("DEFAULT_TRANSPORT").unwrap_or("ssh"))),
            ("timeout", set("timeout")),
            ("ssh_common_args", set("ssh_common_args")),
            ("sftp_extra_args", set("sftp_extra_args")),
            ("scp_extra_args", set("scp_extra_args")),
            ("ssh_extra_args", set("ssh_extra_args")),
            ("ask_pass", flag(self.ask_pass)),
            ("connection_password_file", path(&self.connection_password_file)),
            ("force_handlers", flag(self.force_handlers)),
            ("become", flag(self.r#become)),
            ("become_method", or(set("become_method"), settings.text("DEFAULT_BECOME_METHOD").unwrap_or("sudo"))),
            ("become_user", set("become_user")),
            ("become_ask_pass", flag(self.ask_become_pass)),
            ("become_password_file", path(&self.become_password_file)),
            ("tags", tuple(&tags)),
            ("skip_tags", tuple(&or_list(&self.skip_tags, settings.skip_tags()))),
            ("check", flag(self.check)),
            ("diff", flag(self.diff)),
            ("inventory", tuple(if self.inventory.is_empty() { &sources } else { &self.inventory })),
            ("subset", self.limit.clone().unwrap_or_default()),
            ("flush_cache", flag(self.flush_cache)),
            ("extra_vars", tuple(&self.extra_vars)),
            ("vault_ids", tuple(&self.vault_ids)),
            ("ask_vault_pass", flag(self.ask_vault_password)),
            ("vault_password_files", tuple(&password_files)),
            ("forks", number(self.forks.unwrap_or_else(|| settings.forks()))),
            ("module_path", tuple(&module_path)),
            ("step", flag(self.step)),
            ("start_at_task", self.start_at_task.clone().unwrap_or_default()),
        ];
        let mut lines = vec![format!("Positional arguments: {}", playbooks.join(" "))];
        lines.extend(entries.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| format!("{name}: {text}")));
        lines
    }
}

fn number(number: u32) -> String {
    number.to_string()
}

fn flag(set: bool) -> String {
    if set { "True".into() } else { String::new() }
}

/// Python's way to write a tuple of texts; nothing for an empty one.
fn tuple(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| str_repr(item)).collect();
    match &items[..] {
        [] => String::new(),
        [one] => format!("({one},)"),
        _ => format!("({})", items.join(", ")),
    }
}

fn absolute(path: &std::path::Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()).display().to_string()
}
