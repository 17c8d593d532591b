use crate::python_regex::PythonRegex;
use crate::text_file::TextFile;
use churten_module::prelude::*;

/// Put a block of lines into a text file, between two lines that mark it, or take it out.
///
/// The block is found again by its marks, so each block of a file needs marks of its own.
#[derive(Args)]
#[args(exclusive("insertbefore", "insertafter"))]
pub(crate) struct BlockInFile {
    /// The file.
    #[arg(alias("dest", "destfile", "name"))]
    path: PathBuf,
    /// Whether the block should be there.
    #[arg(default = "present")]
    state: Presence,
    /// The line before and after the block; `{mark}` in it becomes `marker_begin` and `marker_end`.
    #[arg(default = "# {mark} ANSIBLE MANAGED BLOCK")]
    marker: String,
    /// The text of the block. Without any the block is taken out.
    #[arg(default = "", alias("content"))]
    block: String,
    /// A new block goes after the last line that matches this regular expression, or to the end (`EOF`). One that
    /// begins with `(?m)` is applied to the file as a whole.
    insertafter: Option<String>,
    /// A new block goes before the last line that matches this regular expression, or to the beginning (`BOF`).
    insertbefore: Option<String>,
    /// Create the file if it is not there.
    #[arg(default = false)]
    create: bool,
    /// Keep a copy of the file as it was.
    #[arg(default = false)]
    backup: bool,
    /// A command that must accept the new file, `%s`, before it is put in place.
    validate: Option<String>,
    /// What `{mark}` is before the block.
    #[arg(default = "BEGIN")]
    marker_begin: String,
    /// What `{mark}` is after the block.
    #[arg(default = "END")]
    marker_end: String,
    /// Put an empty line after the block, unless it ends the file.
    #[arg(default = false)]
    append_newline: bool,
    /// Put an empty line before the block, unless it begins the file.
    #[arg(default = false)]
    prepend_newline: bool,
    #[arg(flatten)]
    file: FileArguments,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Absent,
    Present,
}

impl State for BlockInFile {
    const NAME: &'static str = "blockinfile";

    fn plan(&self, host: &dyn Observe, options: &Options) -> Result<Plan> {
        let shown = self.path.display();
        if matches!(host.stat(&self.path), Ok(Some(stat)) if stat.is_directory()) {
            return Err(Failure::new(format!("Path {shown} is a directory !")).with("rc", 256));
        }
        let Some(file) =
            TextFile::read(host, &self.path)?.or_else(|| self.create.then(|| TextFile::missing(&self.path)))
        else {
            return Err(Failure::new(format!("Path {shown} does not exist !")).with("rc", 257));
        };
        let after = self.edit(&file.text)?;
        let mut plan = Plan::new();
        let is_absent = self.state == Presence::Absent || self.block.is_empty();
        let msg = match (file.exists, after == file.text) {
            (false, _) => "File created",
            (true, true) => "",
            (true, false) if is_absent => "Block removed",
            (true, false) => "Block inserted",
        };
        if !msg.is_empty() {
            if self.backup && file.exists {
                plan.quiet_step(Step::Backup { path: self.path.clone(), key: "backup_file" });
            }
            file.write(&mut plan, after.clone(), self.validate.clone(), self.file.unsafe_writes);
        }
        file.attributes_and_diff(host, options, &self.file, &mut plan, after, msg.to_owned())?;
        Ok(plan)
    }
}

impl BlockInFile {
    /// The text with the block in its place, or without it.
    fn edit(&self, text: &str) -> Result<String> {
        let mark = |word: &str| self.marker.replace("{mark}", word) + "\n";
        let (begin, end) = (mark(&self.marker_begin), mark(&self.marker_end));
        let block = match (self.state, self.block.as_str()) {
            (Presence::Absent, _) | (_, "") => None,
            (Presence::Present, block) => {
                let newline = if block.ends_with('\n') { "" } else { "\n" };
                Some([&begin, block, newline, &end].concat())
            }
        };
        let mut lines: Vec<String> = lines(text).into_iter().map(str::to_owned).collect();
        let last = |mark: &str| lines.iter().rposition(|line| line == mark);
        let mut at = match (last(&begin), last(&end)) {
            (Some(begin), Some(end)) => {
                // Marks in the wrong order count as a block, too.
                let (first, last) = (begin.min(end), begin.max(end));
                lines.drain(first..=last);
                first
            }
            _ => self.place(text, &lines)?,
        };
        if let Some(before) = at.checked_sub(1).and_then(|before| lines.get_mut(before))
            && !before.ends_with('\n')
        {
            before.push('\n');
        }
        if let Some(block) = block {
            let is_empty = |line: Option<&String>| line.is_some_and(|line| line == "\n");
            if self.prepend_newline && at > 0 && !is_empty(lines.get(at - 1)) {
                lines.insert(at, "\n".to_owned());
                at += 1;
            }
            if self.append_newline && at < lines.len() && !is_empty(lines.get(at)) {
                lines.insert(at, "\n".to_owned());
            }
            lines.insert(at, block);
        }
        Ok(lines.concat())
    }

    /// The number of the line that a new block goes before.
    fn place(&self, text: &str, lines: &[String]) -> Result<usize> {
        let (pattern, is_after) = match (self.insertbefore.as_deref(), self.insertafter.as_deref()) {
            (Some("BOF"), _) => return Ok(0),
            (Some(pattern), _) => (pattern, false),
            (None, None | Some("EOF")) => return Ok(lines.len()),
            (None, Some(pattern)) => (pattern, true),
        };
        let regexp = PythonRegex::new(pattern, "").map_err(Failure::new)?;
        let found = if PythonRegex::is_multiline(pattern) {
            regexp.find(text).map(|(start, end)| {
                let until = if is_after { end } else { start };
                text.get(..until).unwrap_or_default().matches('\n').count()
            })
        } else {
            lines.iter().rposition(|line| regexp.is_match(line))
        };
        Ok(found.map_or(lines.len(), |line| line + usize::from(is_after)).min(lines.len()))
    }
}

/// The lines of a text with their ends, which may be `\n`, `\r\n` or `\r`.
fn lines(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(['\r', '\n']).map_or(rest.len(), |at| {
            at + if rest.get(at..).is_some_and(|end| end.starts_with("\r\n")) { 2 } else { 1 }
        });
        let (line, after) = rest.split_at(end);
        found.push(line);
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn lines_end_in_three_ways() {
        assert_eq!(lines("a\nb\r\nc\r\rd"), ["a\n", "b\r\n", "c\r", "\r", "d"]);
        assert!(lines("").is_empty());
    }
}
