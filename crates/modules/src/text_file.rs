//! What `lineinfile`, `blockinfile` and `replace` share: a text file that is edited as a whole.

use churten_module::new_entry;
use churten_module::prelude::*;
use churten_value::escape_bytes;

/// Larger files are not edited in memory.
const LIMIT: u64 = 512 << 20;

/// A file and its text.
pub(crate) struct TextFile {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    pub(crate) exists: bool,
}

impl TextFile {
    /// The file, if it is there. Bytes that are not UTF-8 stay what they are.
    pub(crate) fn read(host: &dyn Observe, path: &Path) -> Result<Option<Self>> {
        if host.stat(path)?.is_none() {
            return Ok(None);
        }
        let text = escape_bytes(&host.read_bounded(path, LIMIT)?).into_owned();
        Ok(Some(Self { path: path.to_owned(), text, exists: true }))
    }

    /// The file, if it is there; one that is not UTF-8 is refused.
    pub(crate) fn read_utf8(host: &dyn Observe, path: &Path) -> Result<Option<Self>> {
        if host.stat(path)?.is_none() {
            return Ok(None);
        }
        let bytes = host.read_bounded(path, LIMIT)?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Failure::not_yet(format!("editing {}, which is not UTF-8", path.display())))?;
        Ok(Some(Self { path: path.to_owned(), text, exists: true }))
    }

    /// A file that is to be created.
    pub(crate) fn missing(path: &Path) -> Self {
        Self { path: path.to_owned(), text: String::new(), exists: false }
    }

    /// Plan to write new text. What a link leads to is written, and the directory of a new file is made.
    pub(crate) fn write(&self, plan: &mut Plan, text: String, validate: Option<String>, unsafe_writes: bool) {
        let mut write = Write::new(self.path.clone(), text);
        write.validate = validate;
        write.unsafe_writes = unsafe_writes;
        write.follow = true;
        plan.step(Step::Write(write));
    }

    /// Plan owner and mode, and put `msg` and `diff` into the result, with ansible-core's words and headers.
    pub(crate) fn attributes_and_diff(
        &self,
        host: &dyn Observe,
        options: &Options,
        arguments: &FileArguments,
        plan: &mut Plan,
        after: String,
        mut msg: String,
    ) -> Result<()> {
        let mut differences = Differences::default();
        let header = |what: &str| format!("{} ({what})", self.path.display());
        let mut content = Dict::new();
        let shown = |text: &str| if options.diff { text.to_owned() } else { String::new() };
        content.insert("before", shown(&self.text));
        content.insert("after", shown(&after));
        content.insert("before_header", header("content"));
        content.insert("after_header", header("content"));
        if !self.exists && options.check {
            // Of a file that is not there no attributes are looked at.
            plan.set("msg", msg);
            plan.set("diff", content);
            return Ok(());
        }
        let current = match host.stat(&self.path)? {
            Some(current) => current,
            None => new_entry(host, FileKind::File),
        };
        if arguments.plan(host, &self.path, &current, &mut differences, plan)? {
            if !msg.is_empty() {
                msg.push_str(" and ");
            }
            msg.push_str("ownership, perms or SE linux context changed");
        }
        let mut attributes = Dict::new();
        if !differences.before.is_empty() {
            attributes.insert("before", differences.before);
            attributes.insert("after", differences.after);
        }
        attributes.insert("before_header", header("file attributes"));
        attributes.insert("after_header", header("file attributes"));
        plan.set("msg", msg);
        plan.set("diff", vec![content, attributes]);
        Ok(())
    }
}
