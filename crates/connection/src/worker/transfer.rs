//! Files over a call, within its windows.

use crate::worker::client::{Call, CallError, Client, Incoming};
use churten_protocol::{CHUNK, Fetch, Kind, Put, ReceiveWindow, Request, Response, SendWindow, credit_body};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// How a transfer fails.
#[derive(Debug)]
pub(crate) enum TransferError {
    /// On the way.
    Call(CallError),
    /// Here.
    Local(std::io::Error),
}

impl From<String> for TransferError {
    fn from(lost: String) -> Self {
        Self::Call(CallError::Lost(lost))
    }
}

impl Client {
    /// Send a file; the answer is the worker's.
    pub(crate) async fn put(
        &self,
        route: u16,
        put: Put,
        mut source: impl AsyncRead + Unpin,
    ) -> Result<Response, TransferError> {
        let mut call = self.call(route, &Request::Put(put)).await?;
        let mut window = SendWindow::default();
        let mut buffer = vec![0; CHUNK];
        let mut filled = 0_usize;
        loop {
            while let Some(incoming) = call.next_now() {
                if let Some(answer) = during_put(incoming, &mut window)? {
                    return Ok(answer);
                }
            }
            if filled == 0 {
                // A source may take its time; a refusal, or the end of the connection, does not wait for it.
                filled = tokio::select! {
                    biased;
                    count = source.read(&mut buffer) => count.map_err(TransferError::Local)?,
                    incoming = call.next() => match during_put(incoming?, &mut window)? {
                        Some(answer) => return Ok(answer),
                        None => continue,
                    },
                };
                if filled == 0 {
                    break;
                }
            }
            let size = window.take(filled);
            if size == 0 {
                if let Some(answer) = during_put(call.next().await?, &mut window)? {
                    return Ok(answer);
                }
                continue;
            }
            call.frame(Kind::Data, buffer.get(..size).unwrap_or_default().to_vec()).await?;
            buffer.copy_within(size..filled, 0);
            filled -= size;
        }
        call.frame(Kind::End, Vec::new()).await?;
        call.response().await.map_err(TransferError::Call)
    }

    /// Receive a file; the answer is the worker's.
    pub(crate) async fn fetch(
        &self,
        route: u16,
        path: String,
        mut sink: impl AsyncWrite + Unpin,
    ) -> Result<Response, TransferError> {
        let mut call: Call = self.call(route, &Request::Fetch(Fetch { path })).await?;
        let mut window = ReceiveWindow::default();
        loop {
            match call.next().await? {
                Incoming::Data(bytes) => {
                    let broken = |error: churten_protocol::FrameError| {
                        TransferError::Call(CallError::Malformed(error.to_string()))
                    };
                    window.receive(bytes.len()).map_err(broken)?;
                    sink.write_all(&bytes).await.map_err(TransferError::Local)?;
                    if let Some(credit) = window.consume(bytes.len()) {
                        call.frame(Kind::Credit, credit_body(credit)).await?;
                    }
                }
                Incoming::Response(response) => {
                    sink.flush().await.map_err(TransferError::Local)?;
                    return Ok(response);
                }
                Incoming::Malformed(reason) => return Err(TransferError::Call(CallError::Malformed(reason))),
                Incoming::Credit(_) => {}
            }
        }
    }
}

/// What may come while sending: credit, or an early refusal.
fn during_put(incoming: Incoming, window: &mut SendWindow) -> Result<Option<Response>, TransferError> {
    match incoming {
        Incoming::Credit(bytes) => {
            window.grant(bytes);
            Ok(None)
        }
        Incoming::Response(response) => Ok(Some(response)),
        Incoming::Malformed(reason) => Err(TransferError::Call(CallError::Malformed(reason))),
        Incoming::Data(_) => Ok(None),
    }
}
