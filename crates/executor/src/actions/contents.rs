//! What is brought to hosts: content in memory, or a large file that is read where it is needed and never as a whole.

use super::{ActionContext, files};
use crate::reach::{self, Reach};
use crate::task::Execution;
use churten_connection::Session;
use churten_diagnostics::Report;
use churten_module::Algorithm;
use churten_protocol::{ContentId, Destination};
use std::collections::HashMap;
use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// Content up to this size travels inside of a request, and is kept in memory; larger is uploaded before it.
const INLINE_LIMIT: u64 = 1 << 20;

/// The content of one file.
pub(super) enum Contents {
    /// All of it.
    Bytes(Vec<u8>),
    /// A large file of the controller, of so many bytes.
    File(PathBuf, u64),
}

/// Which file of the controller, as it was.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Identity {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
}

/// The SHA-1 of large files, each computed once for all hosts.
#[derive(Default)]
pub(crate) struct Digests {
    known: Mutex<HashMap<Identity, Arc<OnceCell<String>>>>,
}

impl Contents {
    /// What is in a file of the controller, decrypted when it is a vault and `decrypt` is set.
    pub(super) fn of(context: &ActionContext<'_>, path: &Path, decrypt: bool) -> Result<Self, Report> {
        let looked = || -> std::io::Result<(u64, bool)> {
            let mut file = File::open(path)?;
            let metadata = file.metadata()?;
            let mut begin = [0; 64];
            let count = file.read(&mut begin)?;
            let may_be_vault = churten_vault::is_vault(begin.get(..count).unwrap_or_default());
            Ok((if metadata.is_file() { metadata.len() } else { 0 }, may_be_vault))
        };
        match looked() {
            Ok((size, may_be_vault)) if size > INLINE_LIMIT && !(decrypt && may_be_vault) => {
                Ok(Self::File(path.to_owned(), size))
            }
            // What cannot be looked at cannot be read either, which says why.
            _ => files::read(context, path, decrypt).map(Self::Bytes),
        }
    }

    /// In bytes.
    pub(super) fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(_, size) => *size,
        }
    }

    /// True where it does not go in a request.
    pub(super) fn is_large(&self) -> bool {
        self.size() > INLINE_LIMIT
    }

    /// The bytes of what is not a large file.
    pub(super) fn take(&mut self) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => std::mem::take(bytes),
            Self::File(..) => vec![],
        }
    }

    /// The SHA-1 as hexadecimal digits.
    pub(super) async fn digest(&self, context: &ActionContext<'_>) -> Result<String, Report> {
        match self {
            // Reading from memory cannot fail.
            Self::Bytes(bytes) => Ok(churten_module::digest(Algorithm::Sha1, &mut &**bytes).unwrap_or_default()),
            Self::File(path, _) => context.engine.digests.of(path).await.map_err(|error| unreadable(path, &error)),
        }
    }

    /// Put it into a temporary file of this name on the host; its path there. Of a file of the controller an interrupted
    /// upload goes on where it stopped; of other content, a decrypted vault among them, nothing is left behind.
    pub(super) async fn upload(
        &self,
        context: &ActionContext<'_>,
        session: &Session,
        reach: &Reach,
        name: &str,
    ) -> Result<String, Box<Execution>> {
        let name = if name.is_empty() { "source" } else { name };
        let placed = match self {
            Self::Bytes(bytes) => {
                let destination =
                    Destination::Temporary { remote_tmp: reach.remote_tmp.clone(), name: name.to_owned() };
                session.put(&bytes[..], destination, 0o600).await
            }
            Self::File(path, size) => {
                let failed = |report| Box::new(Execution::action_error(report));
                let digest = self.digest(context).await.map_err(failed)?;
                let Some(content) = ContentId::from_hex(&digest, *size) else {
                    return Err(failed(Report::new(format!("{}: no digest", path.display()))));
                };
                let file = tokio::fs::File::open(path).await.map_err(|error| failed(unreadable(path, &error)))?;
                session.upload(file, content, &reach.remote_tmp, name).await
            }
        };
        placed.map(|placed| placed.path).map_err(|error| Box::new(reach::failure(&error)))
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Report {
    Report::new(format!("an error occurred while trying to read the file '{}': {error}", path.display()))
}

impl Digests {
    async fn of(&self, path: &Path) -> std::io::Result<String> {
        let metadata = std::fs::metadata(path)?;
        let identity = Identity {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
        };
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).entry(identity).or_default().clone();
        let path = path.to_owned();
        let digest = || async move {
            let computed =
                tokio::task::spawn_blocking(move || churten_module::digest(Algorithm::Sha1, &mut File::open(path)?));
            computed.await.map_err(std::io::Error::other)?
        };
        known.get_or_try_init(digest).await.cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::Digests;

    #[tokio::test]
    async fn a_file_that_changed_has_another_digest() {
        let path = std::env::temp_dir().join(format!("churten-digests-{}", std::process::id()));
        let digests = Digests::default();
        std::fs::write(&path, "one").unwrap();
        let first = digests.of(&path).await.unwrap();
        assert_eq!(first, "fe05bcdcdc4928012781a5f1a2a77cbb5398e106");
        assert_eq!(digests.of(&path).await.unwrap(), first);
        std::fs::write(&path, "another").unwrap();
        assert_ne!(digests.of(&path).await.unwrap(), first);
        std::fs::remove_file(&path).unwrap();
        assert!(digests.of(&path).await.is_err());
    }
}
