use crate::file_status;
use churten_module::prelude::*;
use churten_module::{error_text, python_path_error};

/// Say what the file system knows about a path.
#[derive(Args)]
pub(crate) struct Stat {
    /// The path.
    #[arg(alias("dest", "name"))]
    path: PathBuf,
    /// Follow a link.
    #[arg(default = false)]
    follow: bool,
    /// Return a checksum of a file's content.
    #[arg(default = true)]
    get_checksum: bool,
    /// Return the type and the character set of the content, as `file` sees them.
    #[arg(default = true, alias("mime", "mime_type", "mime-type"))]
    get_mime: bool,
    /// Return the attributes, as `lsattr` sees them.
    #[arg(default = true, alias("attr", "attributes"))]
    get_attributes: bool,
    /// The kind of checksum.
    #[arg(
        default = "sha1",
        alias("checksum", "checksum_algo"),
        choices("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
    )]
    checksum_algorithm: String,
}

impl Action for Stat {
    const NAME: &'static str = "stat";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, _options: &Options) -> Result<Dict> {
        let path = &self.path;
        let found = if self.follow { host.stat(path) } else { host.lstat(path) };
        let found = found.and_then(|found| match found {
            // Below a file there can be nothing; asking for it is an error.
            None if below_a_file(host, path) => Err(std::io::Error::from_raw_os_error(20)),
            found => Ok(found),
        });
        let stat = match found {
            Ok(Some(stat)) => stat,
            Ok(None) => return Ok(answer(Dict::from([("exists", false)]))),
            Err(error) => return Err(Failure::new(error_text(&error)).caused_by(python_path_error(&error, path))),
        };
        let mut facts = Dict::from([("exists", Value::from(true)), ("path", path.display().to_string().into())]);
        describe(&stat, &mut facts);
        facts.insert("readable", host.access(path, Access::Read));
        facts.insert("writeable", host.access(path, Access::Write));
        facts.insert("executable", host.access(path, Access::Execute));
        if stat.is_link() {
            facts.insert("lnk_source", host.real_path(path).display().to_string());
            facts.insert("lnk_target", host.read_link(path)?.display().to_string());
        }
        if let Some(user) = host.user_by_id(stat.uid) {
            facts.insert("pw_name", user.name);
        }
        if let Some(group) = host.group_by_id(stat.gid) {
            facts.insert("gr_name", group.name);
        }
        if self.get_checksum
            && stat.is_file()
            && host.access(path, Access::Read)
            && let Some(algorithm) = Algorithm::named(&self.checksum_algorithm)
        {
            facts.insert("checksum", host.digest(path, algorithm)?);
        }
        if self.get_mime {
            let (kind, charset) = mime(host, path);
            facts.insert("mimetype", kind);
            facts.insert("charset", charset);
        }
        if self.get_attributes {
            let found = host.file_attributes(path).unwrap_or_default();
            facts.insert("version", found.version);
            facts.insert("attributes", found.flags.chars().filter_map(attribute_name).collect::<Value>());
            facts.insert("attr_flags", found.flags);
        }
        Ok(answer(facts))
    }
}

fn answer(facts: Dict) -> Dict {
    Dict::from([("changed", Value::from(false)), ("stat", facts.into())])
}

fn below_a_file(host: &dyn Host, path: &Path) -> bool {
    path.ancestors().skip(1).any(|parent| matches!(host.stat(parent), Ok(Some(stat)) if !stat.is_directory()))
}

fn describe(stat: &churten_module::Stat, facts: &mut Dict) {
    facts.insert("mode", format!("{:04o}", stat.mode));
    file_status::kind(stat, facts);
    file_status::identity(stat, facts);
    for (key, number) in [("blocks", stat.blocks), ("block_size", stat.block_size), ("device_type", stat.device_type)] {
        facts.insert(key, number);
    }
    file_status::times(stat, facts);
    file_status::permissions(stat, facts);
}

/// Type and character set as `file --mime` tells them; `unknown` without that program.
fn mime(host: &dyn Host, path: &Path) -> (String, String) {
    let unknown = || ("unknown".to_owned(), "unknown".to_owned());
    let Some(program) = host.find_program("file", &[]) else { return unknown() };
    let command = Command::new([
        program.display().to_string(),
        "--mime-type".into(),
        "--mime-encoding".into(),
        path.display().to_string(),
    ]);
    let Ok(output) = host.query(&command) else { return unknown() };
    let text = output.stdout_text();
    let Some((_, answer)) = text.trim().rsplit_once(':') else { return unknown() };
    if !output.success() {
        return unknown();
    }
    // Of a link that leads nowhere `file` tells no character set; ansible-core then takes neither.
    match answer.split_once(';').and_then(|(kind, rest)| Some((kind, rest.split_once('=')?.1))) {
        Some((kind, charset)) => (kind.trim().to_owned(), charset.trim().to_owned()),
        None => unknown(),
    }
}

/// The names of `lsattr`'s letters.
fn attribute_name(letter: char) -> Option<&'static str> {
    Some(match letter {
        'A' => "noatime",
        'a' => "append",
        'c' => "compressed",
        'C' => "nocow",
        'd' => "nodump",
        'D' => "dirsync",
        'e' => "extents",
        'E' => "encrypted",
        'h' => "blocksize",
        'i' => "immutable",
        'I' => "indexed",
        'j' => "journalled",
        'N' => "inline",
        's' => "zero",
        'S' => "synchronous",
        't' => "notail",
        'T' => "blockroot",
        'u' => "undelete",
        'X' => "compressedraw",
        'Z' => "compresseddirty",
        _ => return None,
    })
}
