//! What a user can set about the `default` callback.

/// How result dictionaries are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ResultFormat {
    /// JSON.
    #[default]
    Json,
    /// YAML.
    Yaml,
}

/// Options of the `default` callback, named like ansible-core's.
#[derive(Clone, Debug)]
pub(crate) struct OutputOptions {
    /// Number of `-v`.
    pub(crate) verbosity: u8,
    /// The run is a check (`--check`).
    pub(crate) check_mode: bool,
    /// `check_mode_markers`: say so in banners.
    pub(crate) check_mode_markers: bool,
    /// `display_skipped_hosts`.
    pub(crate) display_skipped_hosts: bool,
    /// `display_ok_hosts`.
    pub(crate) display_ok_hosts: bool,
    /// `display_failed_stderr`: failures go to the error stream.
    pub(crate) display_failed_stderr: bool,
    /// `show_custom_stats`.
    pub(crate) show_custom_stats: bool,
    /// `show_per_host_start`.
    pub(crate) show_per_host_start: bool,
    /// `show_task_path_on_failure`.
    pub(crate) show_task_path_on_failure: bool,
    /// `result_format`.
    pub(crate) result_format: ResultFormat,
    /// `result_indentation`, of YAML results.
    pub(crate) result_indentation: usize,
    /// `pretty_results`; `None` is one line unless something asks for more.
    pub(crate) pretty_results: Option<bool>,
    /// `DISPLAY_ARGS_TO_STDOUT`.
    pub(crate) display_arguments: bool,
    /// What the command line says, for verbosity 4.
    pub(crate) command_line: Vec<String>,
}

impl Default for OutputOptions {
    fn default() -> Self {
        Self {
            verbosity: 0,
            check_mode: false,
            check_mode_markers: false,
            display_skipped_hosts: true,
            display_ok_hosts: true,
            display_failed_stderr: false,
            show_custom_stats: false,
            show_per_host_start: false,
            show_task_path_on_failure: false,
            result_format: ResultFormat::Json,
            result_indentation: 4,
            pretty_results: None,
            display_arguments: false,
            command_line: Vec::new(),
        }
    }
}
