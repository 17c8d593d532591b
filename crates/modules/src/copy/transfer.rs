//! Content that comes with the invocation: what ansible-core's `copy` action does in several round trips.

use super::attachments::{
    AT_ONCE, CONTENT, CONTENT_NEEDED, DEFAULT_LARGEST_SHOWN, DIGEST, HEADER, LARGEST_SHOWN, MOST_LARGEST_SHOWN,
};
use super::file::Job;
use super::{Copy, ends_with_slash, joined, shown};
use churten_module::prelude::*;
use churten_module::{Attachment, Module, digest};
use churten_value::{escape_bytes, unescape_bytes};

/// Run the module in whichever way the invocation asks for.
pub(super) fn run(host: &dyn Host, arguments: &Dict, options: &Options) -> Dict {
    let module = Module::state::<Copy>();
    let inline = arguments.get("content").filter(|value| !value.is_none());
    let from_host = arguments.get("src").is_some_and(|value| !value.is_none());
    if options.attachments.contains_key(AT_ONCE) {
        return at_once(&module, host, arguments, options);
    }
    if options.attachments.contains_key(CONTENT) || options.attachments.contains_key(DIGEST) {
        return transfer(&module, host, arguments, options);
    }
    let Some(content) = inline.filter(|_| !from_host) else { return module.run(host, arguments, options) };
    // Secret arguments are masked wherever they occur, and content is not a secret in its own difference.
    let mut arguments = arguments.clone();
    arguments.remove("content");
    let mut options = options.clone();
    let text = if content.as_dict().is_some() || content.as_list().is_some() {
        content.to_json(churten_value::JsonStyle::PLAIN)
    } else {
        content.to_text()
    };
    options.attachments.insert(CONTENT.to_owned(), Attachment::Bytes(unescape_bytes(&text).into_owned().into()));
    transfer(&module, host, &arguments, &options)
}

fn text_of<'a>(arguments: &'a Dict, key: &str) -> Option<&'a str> {
    arguments.get(key).and_then(Value::as_str)
}

fn transfer(module: &Module, host: &dyn Host, arguments: &Dict, options: &Options) -> Dict {
    let Some(given) = text_of(arguments, "dest") else { return module.run(host, arguments, options) };
    let flag = |key: &str, default| match arguments.get(key) {
        Some(value) => value.as_bool().unwrap_or_else(|| {
            matches!(value.to_text().to_lowercase().as_str(), "yes" | "true" | "on" | "1" | "y" | "t")
        }),
        None => default,
    };
    let mut dest = PathBuf::from(churten_module::expand::expand(given, host.observe()));
    let is_directory = matches!(host.stat(&dest), Ok(Some(stat)) if stat.is_directory());
    if is_directory || ends_with_slash(&dest) {
        match text_of(arguments, "_original_basename") {
            Some(name) => dest = joined(&dest, name),
            None => {
                let mut result = Dict::from([("failed", Value::from(true)), ("changed", false.into())]);
                result.insert("msg", "can not use content with a dir as dest");
                result.insert("diff", Value::list(Vec::new()));
                return result;
            }
        }
    }
    let found = if flag("follow", false) { host.stat(&dest) } else { host.lstat(&dest) }.unwrap_or_default();
    if found.is_some() && !flag("force", true) {
        let source = header(options).unwrap_or_else(|| {
            upload(options, text_of(arguments, "_original_basename").map(Path::new).or(Some(&dest)))
        });
        return Dict::from([("changed", Value::from(false)), ("dest", shown(&dest).into()), ("src", source.into())]);
    }
    let known = announced(options);
    let checksum = match &known {
        Some((checksum, _)) => Ok(checksum.clone()),
        None => checksum_of(host, options, Algorithm::Sha1),
    };
    let checksum = match checksum {
        Ok(checksum) => checksum,
        Err(failure) => return Dict::from([("failed", Value::from(true)), ("msg", failure.msg.into())]),
    };
    let current = match &found {
        Some(stat) if stat.is_file() => host.digest(&dest, Algorithm::Sha1).ok(),
        _ => None,
    };
    if current.as_ref() == Some(&checksum) {
        return correct(host, arguments, options, &dest, given, checksum);
    }
    let is_shown = |size: u64| options.diff && size <= largest_shown(options);
    if known.is_some_and(|(_, size)| !options.check || is_shown(size)) {
        return Dict::from([("changed", Value::from(false)), (CONTENT_NEEDED, true.into())]);
    }
    let difference = if options.diff { vec![difference(host, options, &dest, given)] } else { Vec::new() };
    let mut result = if options.check {
        let mut module_args = arguments.clone();
        module_args.remove("content");
        let invocation = Dict::from([("module_args", module_args)]);
        Dict::from([("changed", Value::from(true)), ("invocation", invocation.into())])
    } else {
        module.run(host, arguments, &by_action(options))
    };
    if !options.check && !result.contains("checksum") {
        result.insert("checksum", checksum);
    }
    result.insert("diff", difference);
    result
}

/// SHA-1 and size of content that was not sent.
fn announced(options: &Options) -> Option<(String, u64)> {
    match options.attachments.get(DIGEST)? {
        Attachment::Bytes(bytes) => {
            let text = std::str::from_utf8(bytes).ok()?;
            let (checksum, size) = text.split_once(' ')?;
            Some((checksum.to_owned(), size.parse().ok()?))
        }
        Attachment::File(_) => None,
    }
}

/// The options under which the action names the module it runs.
fn by_action(options: &Options) -> Options {
    let mut options = options.clone();
    if options.module_name.is_empty() || options.module_name.starts_with("ansible.builtin.") {
        options.module_name = "ansible.legacy.copy".to_owned();
    }
    options
}

/// Place the content without a look at what is there before; the difference is told also when there is none.
fn at_once(module: &Module, host: &dyn Host, arguments: &Dict, options: &Options) -> Dict {
    let given = text_of(arguments, "dest").unwrap_or_default();
    let dest = PathBuf::from(churten_module::expand::expand(given, host.observe()));
    let difference = options.diff.then(|| difference(host, options, &dest, given));
    let mut result = module.run(host, arguments, &by_action(options));
    if let Some(difference) = difference
        && !result.contains("failed")
    {
        result.insert("diff", difference);
    }
    result
}

/// The content is right: only owner, mode and attributes are looked at, as by the `file` module.
fn correct(host: &dyn Host, arguments: &Dict, options: &Options, dest: &Path, given: &str, checksum: String) -> Dict {
    let mut wanted = Dict::from([("path", shown(dest)), ("dest", shown(dest)), ("state", "file".to_owned())]);
    let kept =
        ["mode", "owner", "group", "seuser", "serole", "selevel", "setype", "attributes", "attr", "unsafe_writes"];
    for key in kept.into_iter().chain(["_original_basename"]) {
        if let Some(value) = arguments.get(key) {
            wanted.insert(key, value.clone());
        }
    }
    let options = Options { module_name: "ansible.legacy.file".to_owned(), ..options.clone() };
    let mut result = Module::state::<crate::file::File>().run(host, &wanted, &options);
    // Both names were given on purpose.
    if let Some(warnings) = result.remove("warnings") {
        let kept: Vec<Value> = warnings
            .as_list()
            .unwrap_or_default()
            .iter()
            .filter(|text| text.as_str() != Some("Both option path and its alias dest are set."))
            .cloned()
            .collect();
        if !kept.is_empty() {
            result.insert("warnings", Value::list(kept));
        }
    }
    if let Some(module_args) =
        result.get("invocation").and_then(|invocation| invocation.get("module_args")).and_then(Value::as_dict)
    {
        let mut module_args = module_args.clone();
        module_args.insert("dest", given);
        result.insert("invocation", Dict::from([("module_args", module_args)]));
    }
    if !result.contains("diff") {
        result.insert("diff", Value::list(Vec::new()));
    }
    result.insert("checksum", checksum);
    if !result.contains("failed") {
        result.insert("dest", shown(dest));
    }
    result
}

fn header(options: &Options) -> Option<String> {
    match options.attachments.get(HEADER)? {
        Attachment::Bytes(bytes) => Some(escape_bytes(bytes).into_owned()),
        Attachment::File(path) => Some(shown(path)),
    }
}

/// What the result's `src` says; nothing is there any more when it can be read. ansible-core keeps the extension of the
/// file's name.
fn upload(options: &Options, name: Option<&Path>) -> String {
    match options.attachments.get(CONTENT) {
        Some(Attachment::File(path)) => shown(path),
        _ => {
            let directory = options.temporary_directory.clone().unwrap_or_else(|| PathBuf::from("/tmp"));
            let extension = name.and_then(Path::extension).map(|extension| extension.to_string_lossy());
            let name = extension.map_or_else(|| ".source".to_owned(), |extension| format!(".source.{extension}"));
            joined(&directory, &name).display().to_string()
        }
    }
}

fn content(options: &Options) -> Result<Content> {
    match options.attachments.get(CONTENT) {
        Some(Attachment::Bytes(bytes)) => Ok(Content::Bytes(bytes.clone())),
        Some(Attachment::File(path)) => Ok(Content::File(path.clone())),
        None => fail!("Source None not found"),
    }
}

fn checksum_of(host: &dyn Observe, options: &Options, algorithm: Algorithm) -> Result<String> {
    Ok(match content(options)? {
        Content::Bytes(bytes) => digest(algorithm, &mut &*bytes)?,
        Content::File(path) => host.digest(&path, algorithm)?,
    })
}

/// The size of the largest file that a difference shows.
fn largest_shown(options: &Options) -> u64 {
    let asked = match options.attachments.get(LARGEST_SHOWN) {
        Some(Attachment::Bytes(bytes)) => std::str::from_utf8(bytes).ok().and_then(|text| text.parse().ok()),
        _ => None,
    };
    asked.unwrap_or(DEFAULT_LARGEST_SHOWN).min(MOST_LARGEST_SHOWN)
}

/// One entry of `diff`, with what cannot be shown named instead.
fn difference(host: &dyn Host, options: &Options, dest: &Path, given: &str) -> Value {
    let mut entry = Dict::new();
    let largest = largest_shown(options);
    match host.stat(dest) {
        Ok(Some(stat)) if stat.size == 0 => {
            entry.insert("before", "");
        }
        Ok(Some(stat)) if stat.size > largest => {
            entry.insert("dst_larger", largest);
        }
        Ok(Some(stat)) if stat.is_file() => match host.read_bounded(dest, largest) {
            Ok(bytes) if is_binary(&bytes) => {
                entry.insert("dst_binary", 1);
            }
            Ok(bytes) => {
                entry.insert("before_header", shown(dest));
                entry.insert("before", escape_bytes(&bytes).into_owned());
            }
            Err(_) => {}
        },
        Ok(Some(stat)) if stat.is_directory() => {}
        _ => {
            entry.insert("before", "");
        }
    }
    let bytes = match content(options) {
        Ok(Content::Bytes(bytes)) => Some(bytes.to_vec()),
        Ok(Content::File(path)) => host.read_bounded(&path, largest).ok(),
        Err(_) => None,
    };
    match bytes {
        Some(bytes) if bytes.len() as u64 <= largest => {
            if is_binary(&bytes) {
                entry.insert("src_binary", 1);
            } else {
                entry.insert("after_header", header(options).unwrap_or_else(|| given.to_owned()));
                entry.insert("after", escape_bytes(&bytes).into_owned());
            }
        }
        _ => {
            entry.insert("src_larger", largest);
        }
    }
    entry.into()
}

fn is_binary(bytes: &[u8]) -> bool {
    bytes.contains(&0)
}

impl Copy {
    /// True when the content came with the invocation.
    pub(super) fn is_transfer(options: &Options) -> bool {
        options.attachments.contains_key(CONTENT)
    }

    /// Write the content that came with the invocation.
    pub(super) fn plan_transfer(&self, host: &dyn Observe, options: &Options) -> Result<Plan> {
        let mut plan = Plan::new();
        let mut dest = self.dest.clone();
        let source = upload(options, self.original_basename.as_deref().map(Path::new).or(Some(&self.dest)));
        let name = self.original_basename.as_deref().unwrap_or_default();
        if ends_with_slash(&dest) {
            dest = joined(&dest, name);
            if let Some(answered) = self.make_directories(host, options, &dest, Path::new(&source), &mut plan)? {
                return Ok(answered);
            }
        } else if matches!(host.stat(&dest)?, Some(stat) if stat.is_directory()) {
            dest = joined(&dest, name);
        }
        let job = Job {
            content: content(options)?,
            checksum: Some(checksum_of(host, options, Algorithm::Sha1)?),
            md5sum: Some(checksum_of(host, options, Algorithm::Md5)?),
            source,
            mode: None,
        };
        if let Some(expected) = &self.checksum
            && job.checksum.as_ref() != Some(expected)
        {
            return Err(Failure::new("Copied file does not match the expected checksum. Transfer failed.")
                .with("checksum", job.checksum)
                .with("expected_checksum", expected.as_str()));
        }
        match self.put(host, options, &job, &mut dest, &mut plan)? {
            Some(answered) => Ok(answered),
            None => Ok(plan),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use churten_module::FakeHost;

    /// What is answered to content that was announced, with the text that is on the host before.
    fn answer(before: &str, content: &str, check: bool, diff: bool) -> Dict {
        let host = FakeHost::new().with_file("/etc/app.conf", before);
        let digest = format!("{} {}", digest(Algorithm::Sha1, &mut content.as_bytes()).unwrap(), content.len());
        let attachments = [(DIGEST.to_owned(), Attachment::Bytes(digest.into_bytes().into()))];
        let options = Options { check, diff, attachments: attachments.into(), ..Options::default() };
        run(&host, &Dict::from([("dest", "/etc/app.conf")]), &options)
    }

    #[test]
    fn content_is_asked_for_only_when_the_host_has_another() {
        let large = "x".repeat(200_000);
        for (content, check, diff, needed) in [
            ("same", false, false, false),
            ("same", true, true, false),
            ("other", false, false, true),
            // Nothing is written, and only what can be shown is of use.
            ("other", true, false, false),
            ("other", true, true, true),
            (&large, true, true, false),
            (&large, false, true, true),
        ] {
            let result = answer("same", content, check, diff);
            assert_eq!(result.contains(CONTENT_NEEDED), needed, "{} {check} {diff}: {result:?}", content.len());
            let changed = content != "same" && !needed;
            assert_eq!(result.get("changed"), Some(&Value::from(changed)), "{result:?}");
            assert!(!result.contains("failed"), "{result:?}");
        }
    }
}
