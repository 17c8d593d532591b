//! `--list-hosts`, `--list-tasks`, `--list-tags`.

use crate::command_line::PlaybookOptions;
use churten_diagnostics::Report;
use churten_executor::Run;
use churten_playbook::{ListOptions, ListedPlay, Play, Playbook, TagFilter, list_playbook};
use churten_value::{Data, Value};

/// The text for a playbook.
pub(super) fn text(
    run: &Run,
    playbook: &Playbook,
    inputs: &PlaybookOptions,
    filter: &TagFilter,
) -> Result<String, Report> {
    let mut plays = vec![];
    for play in &playbook.plays {
        run.check_keywords(play)?;
        let hosts = run.hosts_of(play)?.iter().map(|host| host.to_string()).collect();
        let name = if play.name.is_some() { run.play_name(play) } else { String::new() };
        let patterns = run.patterns_of(play)?;
        plays.push(ListedPlay { play, name, patterns, hosts });
    }
    let options = ListOptions { hosts: inputs.list_hosts, tasks: inputs.list_tasks, tags: inputs.list_tags };
    let tags = |play: &Play, tags: &[Value]| -> Vec<String> {
        let rendered = tags.iter().map(|tag| run.render_tag(tag, play));
        rendered
            .flat_map(|tag| match &tag.data {
                Data::List(items) => items.iter().map(Value::to_text).collect(),
                _ => vec![tag.to_text()],
            })
            .collect()
    };
    Ok(list_playbook(&playbook.path.display().to_string(), &plays, options, filter, &tags))
}
