//! Large files whose upload is interrupted, and files that hosts keep.

use crate::stage::{Stage, connections};
use churten_connection::*;
use sha1::{Digest, Sha1};
use std::io::{Cursor, SeekFrom};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncSeek, ReadBuf};

const TMP: &str = "~/.ansible/tmp";

/// A file that gives out so many bytes and then nothing for ever, and counts them.
struct Stalling {
    content: Cursor<Vec<u8>>,
    until: u64,
    read: Arc<AtomicUsize>,
}

impl Stalling {
    fn new(content: &[u8], until: u64) -> (Self, Arc<AtomicUsize>) {
        let read = Arc::new(AtomicUsize::new(0));
        (Self { content: Cursor::new(content.to_vec()), until, read: Arc::clone(&read) }, read)
    }
}

impl AsyncRead for Stalling {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        if self.content.position() >= self.until {
            return Poll::Pending;
        }
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.content).poll_read(context, buffer);
        self.read.fetch_add(buffer.filled().len() - before, Ordering::SeqCst);
        polled
    }
}

impl AsyncSeek for Stalling {
    fn start_seek(mut self: Pin<&mut Self>, position: SeekFrom) -> std::io::Result<()> {
        Pin::new(&mut self.content).start_seek(position)
    }
    fn poll_complete(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<u64>> {
        Pin::new(&mut self.content).poll_complete(context)
    }
}

fn pattern(length: u32) -> Vec<u8> {
    (0..length).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

fn id_of(content: &[u8]) -> ContentId {
    ContentId { sha1: Sha1::digest(content).into(), size: content.len() as u64 }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_on_where_the_connection_was_lost() {
    const SENT: u64 = 3 << 20;
    let stage = Stage::new(1).await;
    let content = pattern(8 << 20);
    let connections = connections();
    let session = connections.session("h0", &stage.transport(0), None, TMP).await.unwrap();
    let (source, _) = Stalling::new(&content, SENT);
    let id = id_of(&content);
    let lost = tokio::spawn(async move { session.upload(source, id, TMP, "image").await });
    let home = stage.path("h0/.ansible/tmp");
    let part = || -> Option<u64> {
        let directories = std::fs::read_dir(&home).ok()?.flatten();
        let mut files =
            directories.flat_map(|directory| std::fs::read_dir(directory.path()).into_iter().flatten().flatten());
        let part = files.find(|file| file.file_name().to_string_lossy().starts_with("part-"))?;
        Some(part.metadata().ok()?.len())
    };
    for _ in 0..2000 {
        if part() == Some(SENT) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(part(), Some(SENT));
    stage.hosts[0].cut();
    assert!(lost.await.unwrap().unwrap_err().is_unreachable());

    // The worker of the lost connection may still hold it, and the session that is kept may be the one that was cut.
    let mut read = 0;
    for _ in 0..50 {
        let (source, count) = Stalling::new(&content, u64::MAX);
        let again = connections.session("h0", &stage.transport(0), None, TMP).await.unwrap();
        match again.upload(source, id, TMP, "image").await {
            Ok(placed) => {
                assert!(std::fs::read(&placed.path).unwrap() == content);
                read = count.load(Ordering::SeqCst);
                if part().is_none() {
                    break;
                }
            }
            Err(error) => assert!(error.is_unreachable() && count.load(Ordering::SeqCst) == 0, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!((read, part()), (content.len() - SENT as usize, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_beginning_is_sent_again() {
    let stage = Stage::new(1).await;
    let content = pattern(1 << 20);
    let connections = connections();
    let session = connections.session("h0", &stage.transport(0), None, TMP).await.unwrap();
    let id = id_of(&content);
    let own = stage.path("h0/.ansible/tmp").join(format!("churten-{}", session.hello().uid));
    std::fs::write(own.join(format!("part-{id}")), vec![0; 1000]).unwrap();
    let placed = session.upload(Cursor::new(content.clone()), id, TMP, "image").await.unwrap();
    assert!(std::fs::read(&placed.path).unwrap() == content);
    assert!(!own.join(format!("part-{id}")).exists());
    // A source that is no longer what it was is refused.
    let error = session.upload(Cursor::new(pattern(1 << 19)), id, TMP, "image").await.unwrap_err();
    assert!(error.to_string().contains("not the content that was announced"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hosts_keep_is_sent_once() {
    let stage = Stage::new(1).await;
    let content = pattern(100_000);
    for is_kept in [false, true] {
        let connections = connections();
        let session = connections.session("h0", &stage.transport(0), None, TMP).await.unwrap();
        let path = format!("{}/archive", session.temporary_directory(TMP).await.unwrap());
        // Of what the host has kept nothing is sent, so it does not matter that this is something else.
        let sent = if is_kept { &b"other"[..] } else { &content };
        for _ in 0..2 {
            session.place(&path, sent, id_of(&content)).await.unwrap();
        }
        assert!(std::fs::read(&path).unwrap() == content);
        connections.close().await;
    }
}
