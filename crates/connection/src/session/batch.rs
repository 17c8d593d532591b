//! The results of several runs in one request.

use super::Session;
use crate::error::ConnectionError;
use crate::observer::Watch;
use crate::worker::client::{Call, CallError, Incoming};
use churten_protocol::Response;
use churten_value::Dict;

/// The results of a batch as they come. Dropping it early cancels the rest.
pub struct BatchResults {
    pub(super) session: Session,
    pub(super) call: Call,
    pub(super) ended: bool,
    /// What observes the batch, and its modules.
    pub(super) watch: Option<Watch>,
    pub(super) modules: Vec<String>,
}

impl BatchResults {
    /// The next result with its place in the batch; `None` after the last. After an error nothing more comes.
    pub async fn next(&mut self) -> Option<Result<(usize, Dict), ConnectionError>> {
        while !self.ended {
            let answer = match self.call.next().await {
                Ok(Incoming::Response(Response::Item { index, mut result })) => {
                    let index = index as usize;
                    if let Some(watch) = &mut self.watch {
                        watch.answered(self.session.host(), "batch", self.modules.get(index).cloned(), &mut result);
                    }
                    Ok((index, result))
                }
                Ok(Incoming::Response(Response::BatchEnd { .. })) => {
                    self.ended = true;
                    return None;
                }
                Ok(Incoming::Response(other)) => Err(self.session.unexpected(&other)),
                Ok(Incoming::Malformed(reason)) => Err(self.session.failed(CallError::Malformed(reason), true)),
                Ok(Incoming::Data(_) | Incoming::Credit(_)) => continue,
                Err(why) if self.call.was_sent() => Err(self.session.lost(why, true)),
                Err(why) => Err(self.session.unstarted(why)),
            };
            self.ended = answer.is_err();
            return Some(answer);
        }
        None
    }
}
