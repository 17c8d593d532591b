//! Files to and from a host.

use super::Session;
use crate::error::ConnectionError;
use crate::observer::{PhaseKind, Watch};
use churten_protocol::{ContentId, Destination, FileStatus, Keep, Known, Placed, Put, Request, Response, Start};
use std::io::SeekFrom;
use tokio::io::{AsyncRead, AsyncSeek, AsyncSeekExt, AsyncWrite};

impl Session {
    /// Write a file on the host, whole or not at all.
    ///
    /// # Errors
    /// When the connection is lost, the source cannot be read, or the host refuses.
    pub async fn put(
        &self,
        source: impl AsyncRead + Unpin + Send,
        destination: Destination,
        mode: u32,
    ) -> Result<Placed, ConnectionError> {
        self.put_known(source, Put { destination, mode, known: None }).await
    }

    async fn put_known(&self, source: impl AsyncRead + Unpin + Send, put: Put) -> Result<Placed, ConnectionError> {
        let watch = Watch::begin();
        let placed = self.shared.client.put(self.shared.route, put, source).await;
        Watch::end(watch, PhaseKind::RoundTrip, self.host(), "put");
        match self.transferred(placed)? {
            Response::Placed(placed) => Ok(placed),
            other => Err(self.unexpected(&other)),
        }
    }

    /// Write a large file of known content into the worker's temporary directory. Where an earlier upload of the same
    /// content was interrupted, it goes on from there; where this one is, the host keeps what has come for a day.
    ///
    /// # Errors
    /// When the connection is lost, the source cannot be read, or the host refuses; also when what is read is not the
    /// content.
    pub async fn upload(
        &self,
        mut source: impl AsyncRead + AsyncSeek + Unpin + Send,
        content: ContentId,
        remote_tmp: &str,
        name: &str,
    ) -> Result<Placed, ConnectionError> {
        let start = Start { content, remote_tmp: remote_tmp.to_owned() };
        let from = match self.request(&Request::Begun(start)).await? {
            Response::Begun(bytes) if bytes <= content.size => bytes,
            other => return Err(self.unexpected(&other)),
        };
        if from > 0 {
            tracing::debug!(host = self.host(), from, size = content.size, "an interrupted upload goes on");
        }
        let put = |from: u64| Put {
            destination: Destination::Temporary { remote_tmp: remote_tmp.to_owned(), name: name.to_owned() },
            mode: 0o600,
            known: Some(Known { content, from, keep: Keep::Part }),
        };
        let local = |error: std::io::Error| ConnectionError::remote(self.host(), error);
        source.seek(SeekFrom::Start(from)).await.map_err(local)?;
        match self.put_known(&mut source, put(from)).await {
            // What was there is damaged, or somebody else goes on with it; it is not offered again.
            Err(ConnectionError::Remote { .. }) if from > 0 => {
                source.seek(SeekFrom::Start(0)).await.map_err(local)?;
                self.put_known(source, put(0)).await
            }
            placed => placed,
        }
    }

    /// Read a file of the host.
    ///
    /// # Errors
    /// When the connection is lost, the sink cannot be written, or the host refuses.
    pub async fn fetch(&self, path: &str, sink: impl AsyncWrite + Unpin + Send) -> Result<Placed, ConnectionError> {
        let watch = Watch::begin();
        let fetched = self.shared.client.fetch(self.shared.route, path.to_owned(), sink).await;
        Watch::end(watch, PhaseKind::RoundTrip, self.host(), "fetch");
        match self.transferred(fetched)? {
            Response::Fetched(placed) => Ok(placed),
            other => Err(self.unexpected(&other)),
        }
    }

    /// Look at a file; `None` when there is none.
    ///
    /// # Errors
    /// When the connection is lost, or the host refuses.
    pub async fn stat(&self, path: &str, follow: bool, checksum: bool) -> Result<Option<FileStatus>, ConnectionError> {
        let request = Request::Stat { path: path.to_owned(), follow, checksum };
        match self.request(&request).await? {
            Response::Stat(status) => Ok(status),
            other => Err(self.unexpected(&other)),
        }
    }

    /// Remove a file or directory; false when there was none.
    ///
    /// # Errors
    /// When the connection is lost, or the host refuses.
    pub async fn remove(&self, path: &str) -> Result<bool, ConnectionError> {
        match self.request(&Request::Remove { path: path.to_owned() }).await? {
            Response::Removed(removed) => Ok(removed),
            other => Err(self.unexpected(&other)),
        }
    }

    /// The worker's own temporary directory, mode 0700, removed when the session ends.
    ///
    /// # Errors
    /// When the connection is lost, or it cannot be made.
    pub async fn temporary_directory(&self, remote_tmp: &str) -> Result<String, ConnectionError> {
        let mut known = self.shared.temporary.lock().await;
        if let Some(path) = &*known {
            return Ok(path.clone());
        }
        match self.request(&Request::TemporaryDirectory { remote_tmp: remote_tmp.to_owned() }).await? {
            Response::Path(path) => Ok(known.insert(path).clone()),
            other => Err(self.unexpected(&other)),
        }
    }

    /// Forget what was said of the temporary directory and the files in it: somebody on the host has removed them.
    pub async fn forget_files(&self) {
        *self.shared.temporary.lock().await = None;
        self.shared.placed.lock().await.clear();
    }

    /// Write a file into the worker's temporary directory that sessions need again, unless this one has done so or the
    /// host has kept it from an earlier one. Its name tells its content.
    ///
    /// # Errors
    /// When the connection is lost, or the host refuses.
    pub async fn place(&self, path: &str, content: &[u8], id: ContentId) -> Result<(), ConnectionError> {
        // Held meanwhile: nobody may use a file that is on its way.
        let mut placed = self.shared.placed.lock().await;
        if !placed.contains(path) {
            let put = |from: u64| Put {
                destination: Destination::Path(path.to_owned()),
                mode: 0o600,
                known: Some(Known { content: id, from, keep: Keep::Whole }),
            };
            match self.put_known(tokio::io::empty(), put(id.size)).await {
                Err(ConnectionError::Remote { errno, .. }) => {
                    tracing::debug!(host = self.host(), path, errno, "sent, for the host has not kept it");
                    self.put_known(content, put(0)).await?;
                }
                kept => drop(kept?),
            }
            placed.insert(path.to_owned());
        }
        Ok(())
    }
}
