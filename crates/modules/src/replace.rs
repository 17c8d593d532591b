use crate::python_regex::{PythonRegex, Template};
use crate::text_file::TextFile;
use churten_module::prelude::*;

/// Replace all matches of a regular expression in a file.
///
/// What to replace may be limited to the part of the file after, before or between two other patterns. For a single line
/// use `lineinfile`; for a block of lines use `blockinfile`.
#[derive(Args)]
pub(crate) struct Replace {
    /// The file.
    #[arg(alias("dest", "destfile", "name"))]
    path: PathBuf,
    /// What to replace; `^` and `$` match at the ends of lines.
    regexp: String,
    /// What matches are replaced with; `\1` and `\g<name>` are groups.
    #[arg(default = "")]
    replace: String,
    /// Only what comes after a match of this regular expression is looked at.
    after: Option<String>,
    /// Only what comes before a match of this regular expression is looked at.
    before: Option<String>,
    /// Keep a copy of the file as it was.
    #[arg(default = false)]
    backup: bool,
    /// A command that must accept the new file, `%s`, before it is put in place.
    validate: Option<String>,
    /// The encoding of the file.
    #[arg(default = "utf-8")]
    encoding: String,
    #[arg(flatten)]
    file: FileArguments,
}

impl State for Replace {
    const NAME: &'static str = "replace";

    fn plan(&self, host: &dyn Observe, options: &Options) -> Result<Plan> {
        let mut plan = Plan::new().with("rc", 0);
        let shown = self.path.display();
        if !matches!(self.encoding.to_lowercase().replace('_', "-").as_str(), "utf-8" | "utf8") {
            return Err(Failure::not_yet(format!("the encoding {}", self.encoding)));
        }
        let current = match host.stat(&self.path)? {
            Some(stat) if stat.is_directory() => {
                return Err(Failure::new(format!("Path {shown} is a directory !")).with("rc", 256));
            }
            Some(stat) => stat,
            None => return Err(Failure::new(format!("Path {shown} does not exist !")).with("rc", 257)),
        };
        let Some(file) = TextFile::read_utf8(host, &self.path)? else {
            return Err(Failure::new(format!("Path {shown} does not exist !")).with("rc", 257));
        };
        let Some((start, end)) = self.section(&file.text)? else {
            let pattern = self.section_pattern().unwrap_or_default();
            plan.set("msg", format!("Pattern for before/after params did not match the given file: {pattern}"));
            return Ok(plan);
        };
        let regexp = PythonRegex::new(&self.regexp, "m").map_err(Failure::new)?;
        let template = Template::new(&self.replace).map_err(Failure::new)?;
        let (head, rest) = file.text.split_at(start);
        let (section, tail) = rest.split_at(end - start);
        let (replaced, count) = regexp.replace_all(section, &template).map_err(Failure::new)?;
        let mut msg = String::new();
        if count > 0 && replaced != section {
            msg = format!("{count} replacements made");
            let after = [head, &replaced, tail].concat();
            if options.diff {
                plan.set(
                    "diff",
                    Dict::from([
                        ("before_header", shown.to_string()),
                        ("before", file.text.clone()),
                        ("after_header", shown.to_string()),
                        ("after", after.clone()),
                    ]),
                );
            }
            if self.backup {
                plan.quiet_step(Step::Backup { path: self.path.clone(), key: "backup_file" });
            }
            file.write(&mut plan, after, self.validate.clone(), self.file.unsafe_writes);
        }
        if self.file.plan(host, &self.path, &current, &mut Differences::default(), &mut plan)? {
            if !msg.is_empty() {
                msg.push_str(" and ");
            }
            msg.push_str("ownership, perms or SE linux context changed");
        }
        plan.set("msg", msg);
        Ok(plan)
    }
}

impl Replace {
    /// The pattern whose group `subsection` is the part of the file that counts.
    fn section_pattern(&self) -> Option<String> {
        let given = |pattern: &Option<String>| pattern.clone().filter(|pattern| !pattern.is_empty());
        match (given(&self.after), given(&self.before)) {
            (None, None) => None,
            (Some(after), Some(before)) => Some(format!("{after}(?P<subsection>.*?){before}")),
            (Some(after), None) => Some(format!("{after}(?P<subsection>.*)")),
            (None, Some(before)) => Some(format!("(?P<subsection>.*){before}")),
        }
    }

    /// Where the part of the file that counts begins and ends; `None` where its pattern does not match.
    fn section(&self, text: &str) -> Result<Option<(usize, usize)>> {
        let Some(pattern) = self.section_pattern() else { return Ok(Some((0, text.len()))) };
        let pattern = PythonRegex::new(&pattern, "s").map_err(Failure::new)?;
        Ok(pattern.group(text, "subsection"))
    }
}
