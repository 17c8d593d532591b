//! What a user can set about the `default` callback, and what its variants change.

use churten_config::Settings;
use jiff::Zoned;
use jiff::tz::TimeZone;

/// How result dictionaries are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ResultFormat {
    /// JSON.
    #[default]
    Json,
    /// YAML.
    Yaml,
    /// JSON with what programs wrote and messages in sections behind it: `ansible.posix.debug`.
    Sections,
    /// YAML as `community.general.yaml` writes it.
    CommunityYaml,
}

/// How the time of day is written.
#[derive(Clone, Debug)]
pub(crate) struct BannerTime {
    /// A format of `strftime`.
    pub(crate) format: String,
    /// The time zone, when it is not the controller's.
    pub(crate) zone: Option<TimeZone>,
}

impl BannerTime {
    /// What `community.general.timestamp` is told by the settings.
    pub(crate) fn of(settings: &Settings) -> Self {
        let text = |name: &str| {
            let option = settings.plugin_option("callback/community.general.timestamp", name, &|_| None);
            option.ok().filter(|option| !option.value.is_none()).map(|option| option.value.to_text())
        };
        Self {
            format: text("format_string").unwrap_or_default(),
            zone: text("timezone").and_then(|name| TimeZone::get(&name).ok()),
        }
    }

    /// The time now.
    pub(crate) fn now(&self) -> String {
        let now = Zoned::now();
        let now = self.zone.clone().map_or_else(|| now.clone(), |zone| now.with_time_zone(zone));
        now.strftime(&self.format).to_string()
    }
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
    /// Plays are announced, and the recap is shown.
    pub(crate) display_plays: bool,
    /// Banners end in the time of day: `community.general.timestamp`.
    pub(crate) banner_time: Option<BannerTime>,
    /// Diffs are shown.
    pub(crate) display_diffs: bool,
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
            display_plays: true,
            banner_time: None,
            display_diffs: true,
            display_arguments: false,
            command_line: Vec::new(),
        }
    }
}

impl OutputOptions {
    /// The options that the settings have; the rest as [`Default`].
    pub(crate) fn of(settings: &Settings) -> Self {
        let option = |name: &str| settings.callback_option(name).ok();
        let flag = |name: &str, default: bool| option(name).and_then(|value| value.as_bool()).unwrap_or(default);
        Self {
            check_mode_markers: flag("check_mode_markers", false),
            display_skipped_hosts: flag("display_skipped_hosts", true),
            display_ok_hosts: flag("display_ok_hosts", true),
            display_failed_stderr: flag("display_failed_stderr", false),
            show_custom_stats: flag("show_custom_stats", false),
            show_per_host_start: flag("show_per_host_start", false),
            show_task_path_on_failure: flag("show_task_path_on_failure", false),
            result_format: match option("result_format").as_ref().and_then(|value| value.as_str()) {
                Some("yaml") => ResultFormat::Yaml,
                _ => ResultFormat::Json,
            },
            result_indentation: option("result_indentation")
                .and_then(|value| value.as_int())
                .and_then(|number| usize::try_from(number).ok())
                .unwrap_or(4),
            pretty_results: option("pretty_results").and_then(|value| value.as_bool()),
            display_arguments: settings.display_args_to_stdout(),
            ..Self::default()
        }
    }
}
