//! The `find` module.

mod content;
mod criteria;

use crate::file_status;
use churten_module::prelude::*;
use churten_module::{python_error, python_path_error};
use content::Search;
use criteria::{Criteria, Quantity};

/// Find files, directories and links below directories by name, age, size, mode and content.
///
/// All criteria must be met. It is no replacement for the program of the same name, which is faster and knows more.
#[derive(Args)]
pub(crate) struct Find {
    /// The directories to look in.
    #[arg(alias("name", "path"))]
    paths: Vec<PathBuf>,
    /// Shell patterns or regular expressions, of which the name of a file must match one.
    #[arg(default = [], alias("pattern"))]
    patterns: Vec<String>,
    /// Shell patterns or regular expressions of which the name must match none.
    #[arg(alias("exclude"))]
    excludes: Option<Vec<String>>,
    /// A regular expression that a line of the file must begin with, or with `read_whole_file` its content must have.
    contains: Option<String>,
    /// Apply `contains` to the content as a whole.
    #[arg(default = false)]
    read_whole_file: bool,
    /// What to look for.
    #[arg(default = "file")]
    file_type: FileType,
    /// How old at least, or with a minus sign at most: `3d`, `-2h`; `s`, `m`, `h`, `d`, `w`.
    age: Option<String>,
    /// The time that `age` speaks of.
    #[arg(default = "mtime")]
    age_stamp: AgeStamp,
    /// How large at least, or with a minus sign at most: `10m`; `b`, `k`, `m`, `g`, `t`.
    size: Option<String>,
    /// Look in the directories below, too.
    #[arg(default = false)]
    recurse: bool,
    /// Find names that begin with a dot, too.
    #[arg(default = false)]
    hidden: bool,
    /// Go into directories that links lead to.
    #[arg(default = false)]
    follow: bool,
    /// Return a checksum of each file.
    #[arg(default = false)]
    get_checksum: bool,
    /// The kind of checksum.
    #[arg(
        default = "sha1",
        alias("checksum", "checksum_algo"),
        choices("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
    )]
    checksum_algorithm: String,
    /// Patterns are regular expressions.
    #[arg(default = false)]
    use_regex: bool,
    /// How many levels of directories to look in.
    depth: Option<i64>,
    /// The permissions a file must have, octal or symbolic.
    mode: Option<Value>,
    /// Take `mode` as all of the permissions; otherwise one of them is enough.
    #[arg(default = true)]
    exact_mode: bool,
    /// The encoding of the files, for `contains`.
    encoding: Option<String>,
    /// Stop after so many matches.
    limit: Option<i64>,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileType {
    Any,
    Directory,
    File,
    Link,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AgeStamp {
    Atime,
    Ctime,
    Mtime,
}

/// What was found so far.
#[derive(Default)]
struct Findings {
    files: Vec<Value>,
    examined: u64,
    skipped: Dict,
    is_limit_reached: bool,
}

impl Action for Find {
    const NAME: &'static str = "find";
    const CHECK: CheckMode = CheckMode::Run;

    fn prepare(params: &mut Dict, _host: &dyn Observe) {
        let is_empty = params.get("patterns").and_then(Value::as_list).is_none_or(<[Value]>::is_empty);
        // A mode that cannot be used is found before the patterns are looked at.
        let is_mode_usable = params.get("mode").is_none_or(|mode| mode.is_none() || mode.as_str().is_some());
        if is_empty && is_mode_usable {
            let is_regex = params.get("use_regex").and_then(Value::as_bool) == Some(true);
            params.insert("patterns", vec![if is_regex { ".*" } else { "*" }.to_owned()]);
        }
    }

    fn run(&self, host: &dyn Host, _options: &Options) -> Result<Dict> {
        let quantity = |name: &str, given: &Option<String>, units: &[(char, u64)]| match given {
            None => Ok(None),
            Some(text) => Quantity::parse(text, units)
                .map(Some)
                .ok_or_else(|| Failure::new(format!("failed to process {name}")).with(name, text.as_str())),
        };
        if let Some(mode) = self.mode.as_ref().filter(|mode| mode.as_str().is_none()) {
            fail!(
                "argument 'mode' is not a string and conversion is not allowed, value is of type {}",
                mode.type_name()
            );
        }
        let criteria = Criteria {
            age: quantity("age", &self.age, criteria::AGE_UNITS)?,
            size: quantity("size", &self.size, criteria::SIZE_UNITS)?,
            age_stamp: self.age_stamp,
            mode: self.mode.clone().filter(Value::is_truthy),
            is_mode_exact: self.exact_mode,
            umask: host.umask(),
            now: host.now().as_float(),
        };
        if let Some(limit) = self.limit.filter(|limit| *limit <= 0) {
            fail!("limit cannot be {limit} (use None for unlimited)");
        }
        let mut found = Findings::default();
        let mut warnings = Vec::new();
        for path in &self.paths {
            let path = &*path.as_os_str().to_string_lossy();
            let walked = match host.stat(Path::new(path)) {
                Ok(Some(stat)) if stat.is_directory() && !path.is_empty() => {
                    self.walk(host.observe(), path, &criteria, &mut found)
                }
                _ => Err(format!("'{path}' is not a directory")),
            };
            if let Err(reason) = walked {
                warnings.push(format!("Skipped '{path}' path due to this access issue: {reason}\n"));
                found.skipped.insert(path, reason);
            }
        }
        let msg = match (warnings.is_empty(), found.is_limit_reached) {
            (false, _) => "Not all paths examined, check warnings for details",
            (true, true) => "Limit of matches reached",
            (true, false) => "All paths examined",
        };
        let mut result = Dict::from([("matched", Value::from(found.files.len()))]);
        result.insert("files", Value::list(found.files));
        result.insert("changed", false);
        result.insert("msg", msg);
        result.insert("examined", found.examined);
        result.insert("skipped_paths", found.skipped);
        if !warnings.is_empty() {
            result.insert("warnings", warnings);
        }
        Ok(result)
    }
}

impl Find {
    /// Look through a directory: at each level first what are no directories, then the directories, then into them. The
    /// error is why the rest of it is left out.
    fn walk(&self, host: &dyn Observe, top: &str, criteria: &Criteria, found: &mut Findings) -> Result<(), String> {
        let search = self.contains.as_deref().map(|pattern| Search {
            pattern,
            is_whole: self.read_whole_file,
            encoding: self.encoding.as_deref(),
        });
        let mut waiting = vec![(top.to_owned(), 1)];
        while let Some((directory, level)) = waiting.pop() {
            let names = match host.list(Path::new(&directory)) {
                Ok(names) => names,
                Err(error) => {
                    let reason = format!("{}: '{directory}'", python_error(&error));
                    found.skipped.insert(directory, reason);
                    continue;
                }
            };
            let is_directory =
                |name: &String| matches!(host.stat(&joined(&directory, name)), Ok(Some(stat)) if stat.is_directory());
            let (directories, others): (Vec<String>, Vec<String>) = names.into_iter().partition(is_directory);
            found.examined += (directories.len() + others.len()) as u64;
            if self.depth.is_some_and(|depth| depth != 0 && level > depth) {
                continue;
            }
            for name in others.iter().chain(&directories) {
                if name.starts_with('.') && !self.hidden {
                    continue;
                }
                let path = normal(&joined(&directory, name).to_string_lossy());
                if let Ok(Some(stat)) = host.lstat(Path::new(&path))
                    && self.is_wanted(host, name, &path, &stat, criteria, search.as_ref())?
                {
                    found.files.push(self.describe(host, &path, &stat)?);
                }
                if self.limit.and_then(|limit| usize::try_from(limit).ok()) == Some(found.files.len()) {
                    found.is_limit_reached = true;
                    return Ok(());
                }
            }
            if self.recurse {
                let below = directories.into_iter().rev().map(|name| joined(&directory, &name));
                let below =
                    below.filter(|path| self.follow || !matches!(host.lstat(path), Ok(Some(stat)) if stat.is_link()));
                waiting.extend(below.map(|path| (path.to_string_lossy().into_owned(), level + 1)));
            }
        }
        Ok(())
    }

    fn is_wanted(
        &self,
        host: &dyn Observe,
        name: &str,
        path: &str,
        stat: &Stat,
        criteria: &Criteria,
        search: Option<&Search<'_>>,
    ) -> Result<bool, String> {
        let is_of_type = match self.file_type {
            FileType::Any => true,
            FileType::Directory => stat.is_directory(),
            FileType::File => stat.is_file(),
            FileType::Link => stat.is_link(),
        };
        let excludes = self.excludes.as_deref().unwrap_or_default();
        Ok(is_of_type
            && criteria::is_named(name, &self.patterns, excludes, self.use_regex)?
            && criteria.is_of_age(stat)
            && (!stat.is_file() || criteria.is_of_size(stat))
            && criteria.has_mode(stat)?
            && match search {
                Some(search) if self.file_type == FileType::File => search.is_in(host, path)?,
                _ => true,
            })
    }

    /// What the result says of a match.
    fn describe(&self, host: &dyn Observe, path: &str, stat: &Stat) -> Result<Value, String> {
        let mut facts = Dict::from([("path", Value::from(path))]);
        facts.insert("mode", format!("{:04o}", stat.mode));
        file_status::kind(stat, &mut facts);
        file_status::identity(stat, &mut facts);
        file_status::times(stat, &mut facts);
        if let Some(group) = host.group_by_id(stat.gid) {
            facts.insert("gr_name", group.name);
        }
        if let Some(user) = host.user_by_id(stat.uid) {
            facts.insert("pw_name", user.name);
        }
        file_status::permissions(stat, &mut facts);
        if self.get_checksum
            && stat.kind == FileKind::File
            && matches!(self.file_type, FileType::Any | FileType::File)
            && let Some(algorithm) = Algorithm::named(&self.checksum_algorithm)
        {
            let digest = host.digest(Path::new(path), algorithm);
            facts.insert("checksum", digest.map_err(|error| python_path_error(&error, Path::new(path)))?);
        }
        Ok(facts.into())
    }
}

/// `os.path.join`.
fn joined(directory: &str, name: &str) -> PathBuf {
    let slash = if directory.ends_with('/') { "" } else { "/" };
    PathBuf::from(format!("{directory}{slash}{name}"))
}

/// `os.path.normpath`: without empty and `.` parts, `..` taken together with what stands before it.
fn normal(path: &str) -> String {
    let is_absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            ("..", None) if is_absolute => {}
            _ => parts.push(part),
        }
    }
    // Two slashes, and only two, are kept at the beginning.
    let root = match path.len() - path.trim_start_matches('/').len() {
        0 => "",
        2 => "//",
        _ => "/",
    };
    let text = format!("{root}{}", parts.join("/"));
    if text.is_empty() { ".".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn paths_are_normal() {
        for (path, expected) in [
            ("/a//b/./c", "/a/b/c"),
            ("/a/../../b/", "/b"),
            ("//a", "//a"),
            ("///a", "/a"),
            ("../a/..", ".."),
            ("", "."),
        ] {
            assert_eq!(normal(path), expected, "{path}");
        }
    }
}
