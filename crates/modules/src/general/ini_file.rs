use crate::text_file::TextFile;
use churten_module::new_entry;
use churten_module::prelude::*;

/// Manage options and sections of an INI file.
#[derive(Args)]
#[args(exclusive("value", "values"))]
pub(crate) struct IniFile {
    /// The file.
    #[arg(alias("dest"))]
    path: PathBuf,
    /// The section; without one, the lines before the first.
    section: Option<String>,
    /// The section must have these options to be the one that is meant.
    section_has_values: Option<Vec<Condition>>,
    /// The option.
    option: Option<String>,
    /// Its value.
    value: Option<String>,
    /// Its values, a line each.
    values: Option<Vec<String>>,
    /// Keep a copy of the file as it was.
    #[arg(default = false)]
    backup: bool,
    /// Whether it should be there.
    #[arg(default = "present")]
    state: Presence,
    /// The option has these values and no others.
    #[arg(default = true)]
    exclusive: bool,
    /// Write no blanks around `=`.
    #[arg(default = false)]
    no_extra_spaces: bool,
    /// Leave a line alone that differs in its blanks only.
    #[arg(default = false)]
    ignore_spaces: bool,
    /// Let the option be there without a value.
    #[arg(default = false)]
    allow_no_value: bool,
    /// Use a line of the option that is commented out.
    #[arg(default = true)]
    modify_inactive_option: bool,
    /// Create the file if it is not there.
    #[arg(default = true)]
    create: bool,
    /// Write to what a link leads to.
    #[arg(default = false)]
    follow: bool,
    #[arg(flatten)]
    file: FileArguments,
}

/// An option that a section must have.
#[derive(Args)]
#[args(exclusive("value", "values"))]
struct Condition {
    /// The option.
    option: String,
    /// Its value.
    #[expect(dead_code, reason = "what is prepared has it among the values")]
    value: Option<String>,
    /// Its values.
    values: Option<Vec<String>>,
}

impl Condition {
    fn values(&self) -> Vec<String> {
        self.values.clone().unwrap_or_default()
    }
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Absent,
    Present,
}

impl State for IniFile {
    const NAME: &'static str = "community.general.ini_file";

    fn prepare(params: &mut Dict, _host: &dyn Observe) {
        let Some(conditions) = params.get("section_has_values").and_then(Value::as_list) else { return };
        let filled = conditions.iter().map(|condition| {
            let mut condition = condition.as_dict().cloned().unwrap_or_default();
            if condition.get("values").is_none_or(Value::is_none) {
                let value = condition.get("value").filter(|value| !value.is_none()).cloned();
                condition.insert("values", Value::list(value.into_iter().collect()));
            }
            Value::from(condition)
        });
        let filled = Value::list(filled.collect());
        params.insert("section_has_values", filled);
    }

    fn plan(&self, host: &dyn Observe, options: &Options) -> Result<Plan> {
        if self.state == Presence::Present
            && !self.allow_no_value
            && self.value.is_none()
            && self.values.as_ref().is_none_or(Vec::is_empty)
        {
            fail!("Parameter 'value(s)' must be defined if state=present and allow_no_value=False.");
        }
        let path = self.path.clone();
        let file = match TextFile::read_utf8(host, &path)? {
            Some(file) => file,
            None if self.create => TextFile::missing(&path),
            None => {
                let msg = format!("Destination {} does not exist!", path.display());
                return Err(Failure::new(msg).with("rc", 257));
            }
        };
        let before = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
        let mut edit = Edit::new(self, before);
        edit.run();
        let after = edit.lines.concat();
        let mut plan = Plan::new();
        plan.set("msg", edit.msg);
        plan.set("path", path.display().to_string());
        let header = format!("{} (content)", path.display());
        let mut diff = Dict::from([("before_header", header.as_str()), ("after_header", &header)]);
        let shown = |text: &str| if options.diff { text.to_owned() } else { String::new() };
        diff.insert("before", shown(before));
        diff.insert("after", shown(&after));
        plan.set("diff", diff);
        if edit.changed {
            if self.backup && file.exists {
                plan.quiet_step(Step::Backup { path: path.clone(), key: "backup_file" });
            }
            let missing = path.ancestors().skip(1).take_while(|parent| !matches!(host.stat(parent), Ok(Some(_))));
            let missing: Vec<&Path> = missing.collect();
            for parent in missing.into_iter().rev() {
                plan.step(Step::CreateDirectory { path: parent.to_owned(), mode: 0o777 & !host.umask() });
            }
            let mut write = Write::new(path.clone(), after);
            write.follow = self.follow;
            write.unsafe_writes = self.file.unsafe_writes;
            plan.step(Step::Write(write));
        }
        // Attributes do not count in check mode.
        if !options.check {
            let current = host.stat(&path)?.unwrap_or_else(|| new_entry(host, FileKind::File));
            self.file.plan(host, &path, &current, &mut Differences::default(), &mut plan)?;
        }
        Ok(plan)
    }
}

impl IniFile {
    fn assignment(&self, option: &str, value: &str) -> String {
        let equals = if self.no_extra_spaces { "=" } else { " = " };
        format!("{option}{equals}{value}\n")
    }
}

/// The value in a line of an option; the first says that the line is commented out.
fn matched<'a>(line: &'a str, option: &str, inactive: bool) -> Option<(bool, &'a str)> {
    let blanks = [' ', '\t'];
    let line = line.strip_suffix('\n').unwrap_or(line).trim_start_matches(blanks);
    let (is_comment, line) = match line.strip_prefix(['#', ';']) {
        Some(rest) if inactive => (true, rest.trim_start_matches(blanks)),
        _ => (false, line),
    };
    let rest = line.strip_prefix(option)?.trim_start_matches(blanks);
    match rest.strip_prefix('=') {
        Some(value) => Some((is_comment, value.trim_start_matches(blanks))),
        None => rest.is_empty().then_some((is_comment, "")),
    }
}

/// The lines of a file while they are edited.
struct Edit<'a> {
    module: &'a IniFile,
    lines: Vec<String>,
    changed: bool,
    msg: &'static str,
}

impl<'a> Edit<'a> {
    fn new(module: &'a IniFile, text: &str) -> Self {
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        let mut changed = false;
        match lines.last_mut() {
            None => lines.push("\n".to_owned()),
            Some(last) if !last.ends_with('\n') => {
                last.push('\n');
                changed = true;
            }
            Some(_) => {}
        }
        Self { module, lines, changed, msg: "OK" }
    }

    fn note(&mut self, msg: &'static str) {
        self.changed = true;
        self.msg = msg;
    }

    fn run(&mut self) {
        let module = self.module;
        let mut values: Vec<String> = Vec::new();
        for value in module.value.iter().chain(module.values.iter().flatten()) {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        let Some((from, until)) = self.section() else {
            if module.state == Presence::Present {
                self.add_section(values);
            }
            return;
        };
        // The line of the section's name takes part, so that there is always a line to go after.
        let mut section: Vec<(String, bool)> = match self.lines.get(from..until) {
            Some(lines) => lines.iter().map(|line| (line.clone(), false)).collect(),
            None => Vec::new(),
        };
        let is_unnamed = module.section.as_ref().is_none_or(String::is_empty);
        if is_unnamed {
            section.insert(0, ("[]\n".to_owned(), false));
        }
        match (module.state, &module.option) {
            (Presence::Present, Some(option)) => self.put(&mut section, option, values),
            (Presence::Present, None) => {}
            (Presence::Absent, Some(option)) => {
                let before = section.len();
                section.retain(|(line, _)| match matched(line, option, false) {
                    None => true,
                    Some(_) if module.exclusive => false,
                    Some((_, value)) => !values.iter().any(|wanted| wanted == value),
                });
                if section.len() < before {
                    self.note("option changed");
                }
            }
            (Presence::Absent, None) => {
                if !section.is_empty() {
                    section.clear();
                    self.note("section removed");
                }
            }
        }
        let skipped = usize::from(is_unnamed);
        self.lines.splice(from..until, section.into_iter().skip(skipped).map(|(line, _)| line));
    }

    /// Where the section begins and ends. Without a name it is what stands before the first.
    fn section(&self) -> Option<(usize, usize)> {
        let end_after = |from: usize| {
            let rest = self.lines.iter().enumerate().skip(from);
            rest.filter(|(_, line)| line.starts_with('[')).map(|(at, _)| at).next().unwrap_or(self.lines.len())
        };
        let Some(name) = self.module.section.as_ref().filter(|name| !name.is_empty()) else {
            return Some((0, end_after(0)));
        };
        let is_name = |line: &str| {
            let inside = line.strip_prefix('[').map(str::trim_start);
            let rest = inside.and_then(|inside| inside.strip_prefix(name.trim()));
            rest.is_some_and(|rest| rest.trim_start().starts_with(']'))
        };
        self.lines.iter().enumerate().filter(|(_, line)| is_name(line)).map(|(at, _)| (at, end_after(at + 1))).find(
            |(from, until)| {
                let lines = self.lines.get(*from..*until).unwrap_or_default();
                self.module.section_has_values.iter().flatten().all(|condition| {
                    let found: Vec<&str> = lines
                        .iter()
                        .filter_map(|line| matched(line, &condition.option, false))
                        .map(|(_, value)| value)
                        .collect();
                    let wanted = condition.values();
                    if wanted.is_empty() {
                        !found.is_empty()
                    } else {
                        wanted.iter().all(|value| found.contains(&&**value))
                    }
                })
            },
        )
    }

    /// Make sure of an option in the lines of its section.
    fn put(&mut self, section: &mut Vec<(String, bool)>, option: &str, mut values: Vec<String>) {
        let module = self.module;
        let inactive = module.modify_inactive_option;
        let mut is_there_without_value = false;
        for at in 0..section.len() {
            let Some((line, _)) = section.get(at).cloned() else { continue };
            let Some((_, found)) = matched(&line, option, inactive) else { continue };
            if let Some(place) = values.iter().position(|value| value == found) {
                let value = values.remove(place);
                self.replace(section, at, option, module.assignment(option, &value));
            } else if values.is_empty() && module.allow_no_value && !is_there_without_value {
                self.replace(section, at, option, format!("{option}\n"));
                is_there_without_value = true;
            }
        }
        if module.exclusive && !module.allow_no_value {
            for at in 0..section.len() {
                let Some((line, is_done)) = section.get(at).cloned() else { continue };
                if values.is_empty() || is_done || matched(&line, option, inactive).is_none() {
                    continue;
                }
                let value = values.remove(0);
                self.replace(section, at, option, module.assignment(option, &value));
            }
            let before = section.len();
            section.retain(|(line, is_done)| *is_done || matched(line, option, false).is_none());
            if section.len() < before {
                self.note("option changed");
            }
        }
        let is_filler = |line: &str| {
            let line = line.trim_start_matches([' ', '\t']).trim_end_matches('\n');
            line.is_empty() || line.starts_with(['#', ';'])
        };
        let last = section.iter().rposition(|(line, _)| !is_filler(line)).map_or(0, |at| at + 1);
        let mut new: Vec<String> = values.iter().map(|value| module.assignment(option, value)).collect();
        if new.is_empty() && module.allow_no_value && !is_there_without_value {
            new.push(format!("{option}\n"));
        }
        if !new.is_empty() {
            section.splice(last..last, new.into_iter().map(|line| (line, true)));
            self.note("option added");
        }
    }

    /// Put another line in place of one of the option, unless only blanks differ and that is no difference.
    fn replace(&mut self, section: &mut [(String, bool)], at: usize, option: &str, new: String) {
        let Some((line, is_done)) = section.get_mut(at) else { return };
        *is_done = true;
        let mut is_other = *line != new;
        if self.module.ignore_spaces
            && let Some((false, old)) = matched(line, option, true)
        {
            is_other = matched(&new, option, true).is_none_or(|(_, value)| value != old);
        }
        if is_other {
            *line = new;
            self.note("option changed");
        }
    }

    /// A section that is not there yet.
    fn add_section(&mut self, mut values: Vec<String>) {
        let module = self.module;
        let name = module.section.as_deref().unwrap_or_default();
        self.lines.push(format!("[{name}]\n"));
        self.note("section and option added");
        for condition in module.section_has_values.iter().flatten() {
            let wanted = condition.values();
            if Some(&condition.option) == module.option.as_ref() {
                if !module.exclusive {
                    values.extend(wanted.into_iter().filter(|value| !values.contains(value)).collect::<Vec<_>>());
                }
            } else if wanted.is_empty() {
                if module.allow_no_value {
                    self.lines.push(format!("{}\n", condition.option));
                }
            } else {
                self.lines.extend(wanted.iter().map(|value| module.assignment(&condition.option, value)));
            }
        }
        match &module.option {
            Some(option) if !values.is_empty() => {
                self.lines.extend(values.iter().map(|value| module.assignment(option, value)));
            }
            Some(option) if module.allow_no_value => self.lines.push(format!("{option}\n")),
            _ => self.msg = "only section added",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matched;

    #[test]
    fn options_in_lines() {
        for (line, inactive, expected) in [
            ("a = 1\n", true, Some((false, "1"))),
            ("  # a=1 \n", true, Some((true, "1 "))),
            ("  # a=1\n", false, None),
            ("a\n", true, Some((false, ""))),
            ("ab=1\n", true, None),
        ] {
            assert_eq!(matched(line, "a", inactive), expected, "{line}");
        }
    }
}
