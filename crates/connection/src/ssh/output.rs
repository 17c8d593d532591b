//! What a command prints, from the connection to whoever reads it: as it came, without a buffer in between.

use bytes::{Buf, Bytes};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::mpsc;

/// Packets that may wait for their reader; sshd's have 32 KiB at most.
const WAITING: usize = 8;

/// Reads what the sender is given; ends when the sender is gone.
pub(super) struct Output {
    packets: mpsc::Receiver<Bytes>,
    /// What is left of the last one.
    rest: Bytes,
}

impl Output {
    /// The two ends.
    pub(super) fn new() -> (mpsc::Sender<Bytes>, Self) {
        let (sender, packets) = mpsc::channel(WAITING);
        (sender, Self { packets, rest: Bytes::new() })
    }
}

impl AsyncRead for Output {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.rest.is_empty() {
            match ready!(self.packets.poll_recv(context)) {
                Some(packet) => self.rest = packet,
                None => return Poll::Ready(Ok(())),
            }
        }
        let count = self.rest.len().min(buffer.remaining());
        buffer.put_slice(self.rest.get(..count).unwrap_or_default());
        self.rest.advance(count);
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt as _;

    #[tokio::test]
    async fn packets_become_a_stream() {
        let (sender, mut output) = Output::new();
        let writing = tokio::spawn(async move {
            for index in 0..20_u8 {
                let packet = Bytes::from(vec![index; usize::from(index) * 100]);
                sender.send(packet).await.unwrap();
            }
        });
        let mut first = [9; 150];
        output.read_exact(&mut first).await.unwrap();
        assert_eq!((first[0], first[99], first[100]), (1, 1, 2));
        let mut rest = Vec::new();
        output.read_to_end(&mut rest).await.unwrap();
        assert_eq!(rest.len(), 19 * 20 / 2 * 100 - 150);
        writing.await.unwrap();
        let (sender, output) = Output::new();
        drop(output);
        assert!(sender.send(Bytes::from_static(b"x")).await.is_err());
    }
}
