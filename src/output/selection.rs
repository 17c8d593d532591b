//! Which callbacks a run has: names, where they are now, and what is made for them.

use super::callback::{Callback, Listeners};
use super::console::Console;
use super::default::DefaultCallback;
use super::minimal::{Layout, MinimalCallback};
use super::names::{KNOWN, NEVER_SHORT, NOT_YET, REMOVED};
use super::options::{BannerTime, OutputOptions, ResultFormat};
use super::plugins::{
    CounterEnabled, Dense, JsonDocument, JsonLines, Junit, LogPlays, Null, ProfileRoles, ProfileTasks, Selective,
    Timer, Tree, Unixy,
};
use churten_config::Settings;
use churten_diagnostics::Report;
use std::path::{Path, PathBuf};

/// What callbacks are made of.
pub(crate) struct Choice<'a> {
    /// The settings.
    pub(crate) settings: &'a Settings,
    /// Number of `-v`.
    pub(crate) verbosity: u8,
    /// The run is a check (`--check`).
    pub(crate) check_mode: bool,
    /// What the command line says, for verbosity 4.
    pub(crate) command_line: Vec<String>,
    /// The directory of `--tree`.
    pub(crate) tree: Option<&'a Path>,
    /// The callback for the screen: its name.
    pub(crate) screen: &'a str,
    /// `callbacks_enabled` counts.
    pub(crate) load_enabled: bool,
}

/// A callback that churten has.
struct Native {
    name: &'static str,
    /// It writes the screen, so there can be only one.
    is_screen: bool,
    /// What ansible-core says about it when it is used.
    deprecation: Option<&'static str>,
    make: fn(&Choice<'_>) -> Box<dyn Callback>,
}

impl Native {
    /// The name as ansible-core shows it.
    fn shown_name(&self) -> &'static str {
        self.name.strip_prefix("ansible.builtin.").unwrap_or(self.name)
    }

    /// What ansible-core calls its type.
    fn kind(&self) -> &'static str {
        match self.shown_name() {
            _ if self.is_screen => "stdout",
            "community.general.log_plays" => "notification",
            _ => "aggregate",
        }
    }
}

/// Of `ansible.builtin` first, in the order in which ansible-core loads them.
static NATIVE: &[Native] = &[
    screen("ansible.builtin.default", |choice| default(choice, |_| {})),
    Native {
        name: "ansible.builtin.junit",
        is_screen: false,
        deprecation: None,
        make: |choice| Box::new(Junit::new(choice.settings)),
    },
    screen("ansible.builtin.minimal", |choice| Box::new(MinimalCallback::new(Layout::Lines, choice.verbosity))),
    Native {
        name: "ansible.builtin.oneline",
        is_screen: true,
        deprecation: Some(
            "The oneline callback plugin is deprecated. This feature will be removed from ansible-core version 2.23.",
        ),
        make: |choice| Box::new(MinimalCallback::new(Layout::OneLine, choice.verbosity)),
    },
    Native {
        name: "ansible.builtin.tree",
        is_screen: false,
        deprecation: Some(
            "The tree callback plugin is deprecated. This feature will be removed from ansible-core version 2.23.",
        ),
        make: |choice| Box::new(Tree::new(&tree_directory(choice), choice.verbosity)),
    },
    screen("ansible.posix.debug", |choice| default(choice, |options| options.result_format = ResultFormat::Sections)),
    screen("ansible.posix.json", |choice| Box::new(JsonDocument::new(choice.settings))),
    screen("ansible.posix.jsonl", |choice| Box::new(JsonLines::new(choice.settings))),
    beside("ansible.posix.profile_roles", |choice| Box::new(ProfileRoles::new(choice.settings))),
    beside("ansible.posix.profile_tasks", |choice| Box::new(ProfileTasks::new(choice.settings, choice.verbosity))),
    beside("ansible.posix.timer", |_| Box::new(Timer::new())),
    screen("community.general.counter_enabled", |choice| Box::new(CounterEnabled::new(options_of(choice)))),
    screen("community.general.dense", |choice| Box::new(Dense::new(options_of(choice)))),
    screen("community.general.default_without_diff", |choice| default(choice, |options| options.display_diffs = false)),
    beside("community.general.log_plays", |choice| Box::new(LogPlays::new(choice.settings))),
    screen("community.general.null", |_| Box::new(Null)),
    screen("community.general.selective", |choice| Box::new(Selective::new(choice.settings, choice.verbosity))),
    screen("community.general.tasks_only", |choice| default(choice, |options| options.display_plays = false)),
    screen("community.general.timestamp", |choice| {
        default(choice, |options| options.banner_time = Some(BannerTime::of(choice.settings)))
    }),
    screen("community.general.unixy", |choice| Box::new(Unixy::new(options_of(choice)))),
    Native {
        name: "community.general.yaml",
        is_screen: true,
        deprecation: Some(
            "community.general.yaml has been deprecated. The plugin has been superseded by the option \
             `result_format=yaml` in callback plugin ansible.builtin.default from ansible-core 2.13 onwards. This feature \
             will be removed from collection 'community.general' version 12.0.0.",
        ),
        make: |choice| default(choice, |options| options.result_format = ResultFormat::CommunityYaml),
    },
];

const fn screen(name: &'static str, make: fn(&Choice<'_>) -> Box<dyn Callback>) -> Native {
    Native { name, is_screen: true, deprecation: None, make }
}

const fn beside(name: &'static str, make: fn(&Choice<'_>) -> Box<dyn Callback>) -> Native {
    Native { name, is_screen: false, deprecation: None, make }
}

fn options_of(choice: &Choice<'_>) -> OutputOptions {
    OutputOptions {
        verbosity: choice.verbosity,
        check_mode: choice.check_mode,
        command_line: choice.command_line.clone(),
        ..OutputOptions::of(choice.settings)
    }
}

fn default(choice: &Choice<'_>, change: impl FnOnce(&mut OutputOptions)) -> Box<dyn Callback> {
    let mut options = options_of(choice);
    change(&mut options);
    Box::new(DefaultCallback::new(options))
}

fn tree_directory(choice: &Choice<'_>) -> PathBuf {
    let configured = || choice.settings.plugin_option("callback/tree", "directory", &|_| None).ok();
    match choice.tree {
        Some(directory) => directory.to_path_buf(),
        None => configured().map(|option| option.value.to_text()).unwrap_or_default().into(),
    }
}

/// What a name stands for.
enum Meaning {
    Native(&'static Native),
    /// The full name.
    NotYet(String),
    /// It was removed; the message.
    Removed(String),
    Unknown,
}

/// A short name is one of `ansible.builtin`, or one that was before it went to a collection.
fn meaning(name: &str, settings: &Settings) -> Meaning {
    let short = name.strip_prefix("ansible.builtin.").or_else(|| name.strip_prefix("ansible.legacy.")).unwrap_or(name);
    let is_full = short.contains('.');
    let stands_for = |full: &str| if is_full { full == short } else { full.rsplit('.').next() == Some(short) };
    // `jsonl` and a few others have never been in `ansible.builtin`.
    let was_builtin = is_full || !NEVER_SHORT.contains(&short);
    if let Some(native) = NATIVE.iter().find(|native| was_builtin && stands_for(native.name)) {
        return Meaning::Native(native);
    }
    for (collection, names) in NOT_YET {
        if let Some(found) = names.iter().map(|name| format!("{collection}.{name}")).find(|full| stands_for(full))
            && was_builtin
        {
            return Meaning::NotYet(found);
        }
    }
    let plain = short.strip_prefix("community.general.").unwrap_or(short);
    if let Some((name, advice, version)) = REMOVED.iter().find(|(name, ..)| *name == plain) {
        return Meaning::Removed(format!(
            "The 'community.general.{name}' callback plugin has been removed. {advice} This feature was removed from \
             collection 'community.general' version {version}."
        ));
    }
    if KNOWN.iter().any(|collection| short.starts_with(collection)) {
        return Meaning::Unknown;
    }
    let file = format!("{short}.py");
    let is_own = settings.paths("DEFAULT_CALLBACK_PLUGIN_PATH").iter().any(|directory| directory.join(&file).is_file());
    if is_own || short.split('.').count() > 2 { Meaning::NotYet(short.to_owned()) } else { Meaning::Unknown }
}

fn not_yet(name: &str) -> Report {
    Report::not_yet(format!("the callback {name}"))
}

/// The callbacks of a run, the one for the screen first.
///
/// # Errors
/// The callback for the screen does not exist; a callback that churten does not have.
pub(crate) fn listeners(console: &mut Console, choice: &Choice<'_>) -> Result<Listeners, Report> {
    let chosen = choose(console, choice)?;
    for name in std::iter::once(choice.screen).chain(enabled_names(choice)) {
        tell_redirect(console, name, choice.settings);
    }
    for text in chosen.iter().filter_map(|native| native.deprecation) {
        console.deprecation(text);
    }
    let screen = chosen.first().map(|native| native.name);
    let unused = NATIVE.iter().filter(|native| native.is_screen && screen != Some(native.name));
    Ok(Listeners {
        listeners: chosen.iter().map(|native| (native.make)(choice)).collect(),
        left_out: unused.filter_map(|native| native.name.strip_prefix("ansible.builtin.")).collect(),
        loaded: chosen.iter().map(|native| (native.shown_name(), native.kind())).collect(),
    })
}

fn enabled_names<'a>(choice: &Choice<'a>) -> Vec<&'a str> {
    if choice.load_enabled { choice.settings.list("CALLBACKS_ENABLED") } else { vec![] }
}

/// Where a short name leads, when it is no longer one of ansible-core's.
fn tell_redirect(console: &mut Console, name: &str, settings: &Settings) {
    if let Meaning::Native(native) = meaning(name, settings)
        && !native.name.starts_with("ansible.builtin.")
        && native.name != name
    {
        let short = name.rsplit('.').next().unwrap_or(name);
        let text = format!("redirecting (type: callback) ansible.builtin.{short} to {}", native.name);
        console.verbose(2, None, &text);
    }
}

fn choose(console: &mut Console, choice: &Choice<'_>) -> Result<Vec<&'static Native>, Report> {
    let mut chosen = match meaning(choice.screen, choice.settings) {
        Meaning::Native(native) => vec![native],
        Meaning::NotYet(name) => return Err(not_yet(&name)),
        Meaning::Removed(message) => return Err(Report::new(message)),
        Meaning::Unknown => {
            return Err(Report::new(format!("Could not load '{}' callback plugin.", choice.screen)));
        }
    };
    let mut enabled: Vec<&'static Native> = vec![];
    for name in enabled_names(choice) {
        match meaning(name.trim(), choice.settings) {
            Meaning::Native(native) => enabled.push(native),
            // As ansible-core does with one that cannot be loaded: what runs on the hosts does not depend on it.
            Meaning::NotYet(name) => {
                let text = format!("{}. Skipping it; the run goes on without it.", not_yet(&name).message);
                console.warning(&text);
            }
            Meaning::Removed(message) => return Err(Report::new(message)),
            Meaning::Unknown => console.warning(&format!("Skipping callback plugin '{name}', unable to load")),
        }
    }
    if choice.tree.is_some() {
        enabled.extend(NATIVE.iter().find(|native| native.name == "ansible.builtin.tree"));
    }
    let is_core = |native: &&Native| native.name.starts_with("ansible.builtin.");
    // Those of ansible-core come in the order of their names.
    let core = NATIVE.iter().filter(is_core).filter(|native| enabled.iter().any(|known| known.name == native.name));
    let of_collections = enabled.iter().copied().filter(|native| !is_core(native));
    for native in core.chain(of_collections) {
        if !native.is_screen && !chosen.iter().any(|known| known.name == native.name) {
            chosen.push(native);
        }
    }
    Ok(chosen)
}
