use crate::text_file::TextFile;
use churten_module::prelude::*;

/// Manage limits of users in `limits.conf`.
#[derive(Args)]
pub(crate) struct PamLimits {
    /// Whom it is for: a user, `@group`, a wildcard, or a range of numbers.
    domain: String,
    /// The kind of limit.
    #[arg(choices("soft", "hard", "-"))]
    limit_type: String,
    /// What is limited.
    #[arg(choices(
        "core",
        "data",
        "fsize",
        "memlock",
        "nofile",
        "rss",
        "stack",
        "cpu",
        "nproc",
        "as",
        "maxlogins",
        "maxsyslogins",
        "priority",
        "locks",
        "sigpending",
        "msgqueue",
        "nice",
        "rtprio",
        "chroot"
    ))]
    limit_item: String,
    /// The limit.
    value: String,
    /// Keep the larger of the old limit and the new one.
    #[arg(default = false)]
    use_max: bool,
    /// Keep the smaller of the old limit and the new one.
    #[arg(default = false)]
    use_min: bool,
    /// Keep a copy of the file as it was.
    #[arg(default = false)]
    backup: bool,
    /// The file.
    #[arg(default = "/etc/security/limits.conf")]
    dest: String,
    /// What stands behind the limit.
    #[arg(default = "")]
    comment: String,
}

/// Words for no limit.
const UNLIMITED: [&str; 3] = ["unlimited", "infinity", "-1"];

impl State for PamLimits {
    const NAME: &'static str = "community.general.pam_limits";

    fn plan(&self, host: &dyn Observe, _options: &Options) -> Result<Plan> {
        let path = Path::new(&self.dest);
        let is_there = host.stat(path)?.is_some();
        if is_there && !host.access(path, Access::Write) {
            fail!("{} is not writable. Use sudo", self.dest);
        }
        let parent = path.parent().unwrap_or(Path::new("/"));
        if !is_there && !host.access(parent, Access::Write) {
            fail!("directory {} is not writable (check presence, access rights, use sudo)", parent.display());
        }
        if self.use_max && self.use_min {
            fail!("Cannot use use_min and use_max at the same time.");
        }
        self.refuse_value()?;
        let before = TextFile::read_utf8(host, path)?.map(|file| file.text).unwrap_or_default();
        let (after, msg, changed) = self.edit(&before)?;
        let mut plan = Plan::new().with("msg", msg);
        plan.set("diff", Dict::from([("before", before.as_str()), ("after", after.as_str())]));
        // Upstream keeps a copy before it looks, in check mode, too; here only what is changed is copied.
        if self.backup && is_there && changed {
            plan.quiet_step(Step::Backup { path: path.to_owned(), key: "backup_file" });
        }
        if changed {
            plan.step(Step::Write(Write { labelling: Labelling::Made, ..Write::new(path, after) }));
        }
        Ok(plan)
    }
}

impl PamLimits {
    fn refuse_value(&self) -> Result<()> {
        let (item, value) = (&self.limit_item, &self.value);
        let manual = "Refer to the limits.conf(5) manual pages for more details.";
        if matches!(item.as_str(), "nice" | "priority") {
            if value.parse().is_ok_and(|number: i64| (-20..=19).contains(&number)) {
                return Ok(());
            }
            fail!(
                " Value of {value:?} for item {item:?} is invalid. Value must be a number in the range -20 to 19 inclusive. \
                 {manual}",
                value = Quoted(value),
                item = Quoted(item)
            );
        }
        if UNLIMITED.contains(&value.as_str()) || value.bytes().all(|c| c.is_ascii_digit()) && !value.is_empty() {
            return Ok(());
        }
        fail!(
            " Value of {value:?} for item {item:?} is invalid. Value must either be 'unlimited', 'infinity' or -1, all of \
             which indicate no limit, or a limit of 0 or larger. {manual}",
            value = Quoted(value),
            item = Quoted(item)
        )
    }

    /// The text as it should be, the line of the limit, and whether they differ.
    fn edit(&self, text: &str) -> Result<(String, String, bool)> {
        // A comment that stands anywhere above is taken over, with the end of its line.
        let mut comment = self.comment.clone();
        let mut after = String::new();
        let (mut msg, mut changed, mut is_there) = (String::new(), false, false);
        for line in text.split_inclusive('\n') {
            if line.starts_with('#') || line.trim().is_empty() {
                after += line;
                continue;
            }
            let (limit, behind) = line.split_once('#').unwrap_or((line, ""));
            if comment.is_empty() {
                behind.clone_into(&mut comment);
            }
            let words: Vec<&str> = limit.split_whitespace().collect();
            let (true, Some(found)) = (words.len() == 4 && self.is_meant(&words), words.get(3)) else {
                after += line;
                continue;
            };
            is_there = true;
            let value = self.chosen(found)?;
            if value == *found {
                line.clone_into(&mut msg);
            } else {
                changed = true;
                msg = self.line(&value, &comment);
            }
            after += &msg;
        }
        if !is_there {
            changed = true;
            msg = self.line(&self.value, &comment);
            after += &msg;
        }
        Ok((after, msg, changed))
    }

    fn is_meant(&self, words: &[&str]) -> bool {
        words.starts_with(&[&*self.domain, &*self.limit_type, &*self.limit_item])
    }

    fn line(&self, value: &str, comment: &str) -> String {
        let comment = if comment.is_empty() { String::new() } else { format!("\t#{comment}") };
        format!("{}\t{}\t{}\t{value}{comment}\n", self.domain, self.limit_type, self.limit_item)
    }

    /// Which of the old limit and the new one counts.
    fn chosen(&self, found: &str) -> Result<String> {
        if !self.use_max && !self.use_min {
            return Ok(self.value.clone());
        }
        let (old, new) = (UNLIMITED.contains(&found), UNLIMITED.contains(&self.value.as_str()));
        let take_new = match (self.use_max, old, new) {
            (_, true, true) => false,
            (true, _, true) | (false, true, _) => true,
            (true, true, false) | (false, false, true) => false,
            (is_max, false, false) => {
                let number = |text: &str| {
                    text.parse::<i64>().map_err(|_| {
                        Failure::new(format!("invalid literal for int() with base 10: {:?}", Quoted(text)))
                    })
                };
                let (old, new) = (number(found)?, number(&self.value)?);
                if is_max { new > old } else { new < old }
            }
        };
        Ok(if take_new { self.value.clone() } else { found.to_owned() })
    }
}

/// Text as Python quotes it.
struct Quoted<'a>(&'a str);

impl std::fmt::Debug for Quoted<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", churten_value::Repr(&Value::from(self.0)))
    }
}
