//! What rendering depends on beside the variables.

use crate::web::WebClient;
use churten_config::Settings;
use churten_diagnostics::Report;
use churten_value::Vaulted;
use churten_vault::Secrets;
use std::path::PathBuf;
use std::sync::Arc;

/// The tags that Jinja2 has by extensions only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extensions {
    /// `jinja2.ext.do`: expressions that print nothing, by `{% do %}`.
    pub expressions: bool,
    /// `jinja2.ext.loopcontrols`: `{% break %}` and `{% continue %}`.
    pub loop_controls: bool,
}

impl Extensions {
    /// What a list of extensions brings, by their names in Python (`DEFAULT_JINJA2_EXTENSIONS`).
    pub fn named<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut extensions = Self::default();
        for name in names {
            match name {
                "jinja2.ext.do" | "jinja2.ext.ExprStmtExtension" => extensions.expressions = true,
                "jinja2.ext.loopcontrols" | "jinja2.ext.LoopControlExtension" => extensions.loop_controls = true,
                _ => {}
            }
        }
        extensions
    }

    /// Whether a list may hold this name: what it brings is there, or tags that are errors where they are used.
    pub fn may_be_named(name: &str) -> bool {
        let without_tags = ["debug", "i18n", "DebugExtension", "InternationalizationExtension"];
        Self::named([name]) != Self::default()
            || name.strip_prefix("jinja2.ext.").is_some_and(|name| without_tags.contains(&name))
    }
}

/// Settings and services of a [`Templar`](crate::Templar).
#[derive(Clone)]
pub struct Environment {
    /// The directory that relative files are looked for in last: the playbook's, or the working directory.
    pub basedir: PathBuf,
    /// What opens vaulted values.
    pub vault: Arc<Secrets>,
    /// `ALLOW_BROKEN_CONDITIONALS`: a conditional may have any result, which is then judged by its truth.
    pub allow_broken_conditionals: bool,
    /// `ALLOW_EMBEDDED_TEMPLATES`: templates inside constants of conditions and of lookups' terms are rendered, with a
    /// warning.
    pub allow_embedded_templates: bool,
    /// What templates may use beside Jinja2's own tags.
    pub extensions: Extensions,
    /// The settings that the lookup `config` shows; without them it reads the configuration file itself.
    pub settings: Option<Arc<Settings>>,
    /// Who answers requests over the web; without it the lookup `url` is refused.
    pub web: Option<WebClient>,
    /// Whether templates may use a lookup, by its name without `ansible.builtin.`; the default is all of them. Templates
    /// of strangers are not to run programs or write files.
    pub may_look_up: fn(&str) -> bool,
    /// How much one rendering may do, in steps: about one an expression, an item that is gone through and 16 bytes of
    /// text that are made. The default has no end, as with ansible-core: a loop may take as long as its author likes.
    pub work: u64,
    /// Receives warnings and deprecations met while rendering; the message of a deprecation says in which version of
    /// ansible-core the feature `will be removed`. The default drops them.
    pub warn: Arc<dyn Fn(Report) + Send + Sync>,
}

impl Default for Environment {
    fn default() -> Self {
        Self {
            basedir: PathBuf::from("."),
            vault: Arc::default(),
            allow_broken_conditionals: false,
            allow_embedded_templates: true,
            extensions: Extensions::default(),
            settings: None,
            web: None,
            may_look_up: |_| true,
            work: u64::MAX,
            warn: Arc::new(|_| ()),
        }
    }
}

impl Environment {
    /// What the settings say about templates; everything else as by default.
    pub fn configured(settings: &Settings) -> Self {
        Self {
            allow_broken_conditionals: settings.allow_broken_conditionals(),
            allow_embedded_templates: settings.allow_embedded_templates(),
            extensions: Extensions::named(settings.jinja2_extensions()),
            ..Self::default()
        }
    }

    /// The text behind an inline `!vault` value.
    pub(crate) fn decrypt(&self, vaulted: &Vaulted) -> Result<Arc<str>, Report> {
        let text = self.vault.decrypt_text(&vaulted.armour).map_err(Report::from)?;
        Ok(Arc::from(text.as_str()))
    }
}

/// How the `template` module and lookup read and write a file.
#[derive(Clone, Debug)]
pub struct TemplateOptions {
    /// `block_start_string`.
    pub block_start: String,
    /// `block_end_string`.
    pub block_end: String,
    /// `variable_start_string`.
    pub variable_start: String,
    /// `variable_end_string`.
    pub variable_end: String,
    /// `comment_start_string`.
    pub comment_start: String,
    /// `comment_end_string`.
    pub comment_end: String,
    /// `line_statement_prefix`; only the `#jinja2:` header sets it.
    pub line_statement_prefix: Option<String>,
    /// `line_comment_prefix`; only the `#jinja2:` header sets it.
    pub line_comment_prefix: Option<String>,
    /// Remove the newline after a block.
    pub trim_blocks: bool,
    /// Strip tabs and spaces from the start of a line to a block.
    pub lstrip_blocks: bool,
    /// Keep the newline at the end of the text.
    pub keep_trailing_newline: bool,
    /// What a newline of the text is written as.
    pub newline_sequence: String,
    /// Directories that `include`, `import` and `extends` search before the scope's own.
    pub search_path: Vec<PathBuf>,
}

/// The defaults of the `template` module.
impl Default for TemplateOptions {
    fn default() -> Self {
        Self {
            block_start: "{%".into(),
            block_end: "%}".into(),
            variable_start: "{{".into(),
            variable_end: "}}".into(),
            comment_start: "{#".into(),
            comment_end: "#}".into(),
            line_statement_prefix: None,
            line_comment_prefix: None,
            trim_blocks: true,
            lstrip_blocks: false,
            keep_trailing_newline: false,
            newline_sequence: "\n".into(),
            search_path: Vec::new(),
        }
    }
}
