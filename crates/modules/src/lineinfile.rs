use crate::python_regex::{PythonRegex, Template};
use crate::text_file::TextFile;
use churten_module::prelude::*;

/// Manage lines in text files.
///
/// Makes sure that a line is in a file, or replaces one that matches a regular expression, or removes lines. To change
/// several similar lines use `replace`; for a block of lines use `blockinfile`.
#[derive(Args)]
#[args(
    exclusive("insertbefore", "insertafter"),
    exclusive("regexp", "search_string"),
    exclusive("backrefs", "search_string")
)]
pub(crate) struct LineInFile {
    /// The file.
    #[arg(alias("dest", "destfile", "name"))]
    path: PathBuf,
    /// Whether the line should be there.
    #[arg(default = "present")]
    state: Presence,
    /// The line to replace is the last that matches this regular expression; to remove are all that do.
    #[arg(alias("regex"))]
    regexp: Option<String>,
    /// The same for lines that contain this text.
    search_string: Option<String>,
    /// The line that should be there.
    #[arg(alias("value"))]
    line: Option<String>,
    /// A new line goes after the last line that matches this regular expression, or to the end (`EOF`).
    insertafter: Option<String>,
    /// A new line goes before the last line that matches this regular expression, or to the beginning (`BOF`).
    insertbefore: Option<String>,
    /// Fill groups of `regexp` into `line`, and leave a file alone where nothing matches.
    #[arg(default = false)]
    backrefs: bool,
    /// Create the file if it is not there.
    #[arg(default = false)]
    create: bool,
    /// Keep a copy of the file as it was.
    #[arg(default = false)]
    backup: bool,
    /// Let `insertafter`, `insertbefore` and `regexp` mean the first matching line.
    #[arg(default = false)]
    firstmatch: bool,
    /// A command that must accept the new file, `%s`, before it is put in place.
    validate: Option<String>,
    #[arg(flatten)]
    file: FileArguments,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Absent,
    Present,
}

/// Where a new line goes.
enum Anchor {
    Start,
    End,
    Before(PythonRegex),
    After(PythonRegex),
}

impl State for LineInFile {
    const NAME: &'static str = "lineinfile";

    fn plan(&self, host: &dyn Observe, options: &Options) -> Result<Plan> {
        let mut plan = Plan::new();
        if self.regexp.as_deref() == Some("") {
            plan.warn(
                "The regular expression is an empty string, which will match every line in the file. This may have \
                 unintended consequences, such as replacing the last line in the file rather than appending. If this \
                 is desired, use '^' to match every line in the file and avoid this warning.",
            );
        }
        if self.search_string.as_deref() == Some("") {
            plan.warn(
                "The search string is an empty string, which will match every line in the file. This may have \
                 unintended consequences, such as replacing the last line in the file rather than appending.",
            );
        }
        let shown = self.path.display();
        if matches!(host.stat(&self.path), Ok(Some(stat)) if stat.is_directory()) {
            return Err(Failure::new(format!("Path {shown} is a directory !")).with("rc", 256));
        }
        let regexp = self.regexp.as_deref().map(compile).transpose()?;
        match self.state {
            Presence::Present => {
                if self.backrefs && regexp.is_none() {
                    fail!("regexp is required with backrefs=true");
                }
                let Some(line) = &self.line else { fail!("line is required with state=present") };
                let Some(file) =
                    TextFile::read(host, &self.path)?.or_else(|| self.create.then(|| TextFile::missing(&self.path)))
                else {
                    return Err(Failure::new(format!("Destination {shown} does not exist !")).with("rc", 257));
                };
                let (after, msg) = self.put(&file.text, line, regexp.as_ref())?;
                self.finish(host, options, plan, &file, after, msg, None)
            }
            Presence::Absent => {
                if regexp.is_none() && self.search_string.is_none() && self.line.is_none() {
                    fail!("one of line, search_string, or regexp is required with state=absent");
                }
                let Some(file) = TextFile::read(host, &self.path)? else {
                    return Ok(plan.with("msg", "file not present"));
                };
                let (kept, removed): (Vec<&str>, Vec<&str>) = file
                    .text
                    .split_inclusive('\n')
                    .partition(|text| !self.matches(text, self.line.as_deref().unwrap_or_default(), regexp.as_ref()));
                let found = removed.len();
                let msg = if found > 0 { format!("{found} line(s) removed") } else { String::new() };
                self.finish(host, options, plan, &file, kept.concat(), msg, Some(found))
            }
        }
    }
}

impl LineInFile {
    fn matches(&self, text: &str, line: &str, regexp: Option<&PythonRegex>) -> bool {
        match (regexp, &self.search_string) {
            (Some(regexp), _) => regexp.is_match(searched(text)),
            (None, Some(needle)) => text.contains(needle.as_str()),
            (None, None) => line == bare(text),
        }
    }

    /// The text with the line in it, and what was done.
    fn put(&self, text: &str, line: &str, regexp: Option<&PythonRegex>) -> Result<(String, String)> {
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        let anchor = self.anchor()?;
        let find = |matching: &dyn Fn(&String) -> bool| {
            if self.firstmatch { lines.iter().position(matching) } else { lines.iter().rposition(matching) }
        };
        // Where nothing matches, the very line counts as a match, unless groups are to be filled in.
        let found = find(&|text| self.matches(text, line, regexp))
            .or_else(|| if self.backrefs { None } else { find(&|text| bare(text) == line) });
        let done = |lines: &[String], msg: &str| Ok((lines.concat(), msg.to_owned()));
        if let Some(at) = found {
            let Some(old) = lines.get_mut(at) else { return done(&lines, "") };
            let wanted = match regexp {
                Some(regexp) if self.backrefs => {
                    let template = Template::new(line).map_err(Failure::new)?;
                    regexp.expand(searched(old), &template).map_err(Failure::new)?.unwrap_or_default()
                }
                _ => line.to_owned(),
            };
            let wanted = terminated(wanted);
            if *old == wanted {
                return done(&lines, "");
            }
            *old = wanted;
            return done(&lines, "line replaced");
        }
        if self.backrefs {
            return done(&lines, "");
        }
        let at = match &anchor {
            Anchor::Start => Some(0),
            Anchor::End => None,
            Anchor::Before(regexp) => self.anchored(&lines, regexp),
            Anchor::After(regexp) => self.anchored(&lines, regexp).map(|at| at + 1),
        };
        let at = at.unwrap_or(lines.len());
        if at == lines.len()
            && let Some(last) = lines.pop()
        {
            lines.push(terminated(last));
        }
        lines.insert(at, format!("{line}\n"));
        done(&lines, "line added")
    }

    fn anchored(&self, lines: &[String], regexp: &PythonRegex) -> Option<usize> {
        let matching = |line: &String| regexp.is_match(searched(line));
        if self.firstmatch { lines.iter().position(matching) } else { lines.iter().rposition(matching) }
    }

    fn anchor(&self) -> Result<Anchor> {
        Ok(match (self.insertbefore.as_deref(), self.insertafter.as_deref()) {
            (Some("BOF"), _) => Anchor::Start,
            (Some(before), _) => Anchor::Before(compile(before)?),
            (None, None | Some("EOF")) => Anchor::End,
            (None, Some(after)) => Anchor::After(compile(after)?),
        })
    }

    #[expect(clippy::too_many_arguments, reason = "the one exit of both states")]
    fn finish(
        &self,
        host: &dyn Observe,
        options: &Options,
        mut plan: Plan,
        file: &TextFile,
        after: String,
        msg: String,
        found: Option<usize>,
    ) -> Result<Plan> {
        if let Some(found) = found {
            plan.set("found", found);
        }
        plan.set("backup", "");
        if after != file.text {
            if self.backup && file.exists {
                plan.quiet_step(Step::Backup { path: self.path.clone(), key: "backup" });
            }
            file.write(&mut plan, after.clone(), self.validate.clone(), self.file.unsafe_writes);
        }
        file.attributes_and_diff(host, options, &self.file, &mut plan, after, msg)?;
        Ok(plan)
    }
}

fn compile(pattern: &str) -> Result<PythonRegex> {
    PythonRegex::new(pattern, "").map_err(Failure::new)
}

/// Python's `$` also matches before the last newline, but not before a carriage return.
fn searched(line: &str) -> &str {
    line.strip_suffix('\n').unwrap_or(line)
}

fn bare(line: &str) -> &str {
    line.trim_end_matches(['\r', '\n'])
}

fn terminated(line: String) -> String {
    if line.ends_with('\n') { line } else { line + "\n" }
}
