//! Files that come with an invocation.

use crate::files::create_private;
use crate::temporary::Temporary;
use crate::upload::last_part;
use churten_protocol::{Attachment, Content, Invocation};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The directory of one invocation's files; removed when dropped.
pub(crate) struct Attached {
    directory: PathBuf,
    keep: bool,
}

impl Attached {
    /// Put the files of an invocation that are to be arguments into a directory, and their paths into the arguments.
    /// The others stay where they are, for the runner. `None` when there is nothing to remove afterwards.
    pub(crate) fn unpack(invocation: &mut Invocation, temporary: &Temporary) -> io::Result<Option<Self>> {
        let (files, others) =
            std::mem::take(&mut invocation.files).into_iter().partition(|file| !file.argument.is_empty());
        invocation.files = others;
        for file in &invocation.files {
            if let Content::Uploaded(path) = &file.content {
                check_uploaded(Path::new(path), temporary)?;
            }
        }
        let files: Vec<Attachment> = files;
        if files.is_empty() {
            return Ok(None);
        }
        let directory = temporary.subdirectory(&invocation.remote_tmp)?;
        let attached = Self { directory, keep: invocation.keep_remote_files };
        if attached.keep {
            temporary.keep();
        }
        for file in files {
            let path = attached.directory.join(last_part(&file.name).unwrap_or("file"));
            match file.content {
                Content::Bytes(bytes) => {
                    create_private(&path)?.write_all(&bytes.0)?;
                }
                Content::Uploaded(source) => {
                    let source = Path::new(&source);
                    check_uploaded(source, temporary)?;
                    fs::rename(source, &path)?;
                }
            }
            invocation.arguments.insert(file.argument, path.to_string_lossy().into_owned());
        }
        Ok(Some(attached))
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }
}

/// Only what was uploaded is used: a path of the host's would be moved away.
fn check_uploaded(path: &Path, temporary: &Temporary) -> io::Result<()> {
    if temporary.owns(path) { Ok(()) } else { Err(io::Error::other(format!("{} was not uploaded", path.display()))) }
}

impl Drop for Attached {
    fn drop(&mut self) {
        if !self.keep {
            let _ = fs::remove_dir_all(&self.directory);
        }
    }
}
