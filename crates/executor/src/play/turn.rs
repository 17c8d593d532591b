//! Whose turn it is: hosts begin a task in their order when fewer may run it than there are.

use super::linear::Linear;
use crate::ahead::Sent;
use crate::profile;
use crate::task::TaskRunner;
use churten_diagnostics::Report;
use churten_playbook::Task;
use churten_value::{Data, Repr};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

type Acquire = Pin<Box<dyn Future<Output = Result<OwnedSemaphorePermit, AcquireError>> + Send>>;

/// A place in the queue of `throttle`, and then of the forks. Awaited, it gives the permits.
pub(super) struct Turn {
    /// What is still waited for.
    queue: Option<Acquire>,
    forks: Option<Arc<Semaphore>>,
    permits: Vec<OwnedSemaphorePermit>,
}

impl Turn {
    /// Join the queue at once: semaphores are fair, but only to who has asked.
    pub(super) fn queue(throttle: Option<&Arc<Semaphore>>, forks: &Arc<Semaphore>) -> Self {
        let (first, forks) = match throttle {
            Some(throttle) => (throttle, Some(forks.clone())),
            None => (forks, None),
        };
        let mut turn =
            Self { queue: Some(Box::pin(first.clone().acquire_owned())), forks, permits: Vec::with_capacity(2) };
        let _ = turn.advance(&mut Context::from_waker(Waker::noop()));
        turn
    }

    fn advance(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while let Some(queue) = &mut self.queue {
            match queue.as_mut().poll(context) {
                Poll::Pending => return Poll::Pending,
                // Semaphores are never closed.
                Poll::Ready(permit) => self.permits.extend(permit.ok()),
            }
            self.queue = self.forks.take().map(|forks| Box::pin(forks.acquire_owned()) as Acquire);
        }
        Poll::Ready(())
    }
}

impl Future for Turn {
    type Output = Vec<OwnedSemaphorePermit>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.advance(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(()) => Poll::Ready(std::mem::take(&mut self.permits)),
        }
    }
}

/// Run a task on its host when it is the host's turn.
pub(super) async fn run_in_turn(runner: TaskRunner, turn: Turn, sent: Option<Sent>) {
    let waiting = profile::queue(&runner);
    let _places = turn.await;
    drop(waiting);
    if let Some(sent) = sent
        && sent.tell(&runner.info, &runner.sink).await
    {
        return;
    }
    runner.run().await;
}

impl Linear<'_> {
    /// How many hosts run a task at the same time.
    pub(super) fn parallel(&self) -> usize {
        self.engine.options.parallel.max(1)
    }

    /// `throttle`, when it is stricter than the forks.
    pub(super) fn throttle(&mut self, task: &Task, index: usize) -> Result<Option<Arc<Semaphore>>, Report> {
        let Some(value) = &task.keywords.throttle else { return Ok(None) };
        let scope = self.engine.variables.scope(Some(self.state), Some(&self.hosts[index].name), Some(task));
        let failed = |cause: Report| {
            cause.context("Failed to convert the throttle value to an integer").or_at(value.origin().or(task.origin))
        };
        let rendered = self.engine.templar.render(value, &scope).map_err(failed)?;
        let limit = match &rendered.data {
            Data::Float(number) => Some(*number as i64),
            Data::Bool(flag) => Some(i64::from(*flag)),
            _ => crate::task::integer_of(&rendered),
        };
        let invalid = || Report::new(format!("invalid literal for int() with base 10: {}", Repr(&rendered)));
        let limit = limit.ok_or_else(|| failed(invalid()))?;
        let Some(limit) = usize::try_from(limit).ok().filter(|limit| (1..=self.parallel()).contains(limit)) else {
            return Ok(None);
        };
        Ok(Some(self.throttles.entry(task.id).or_insert_with(|| Arc::new(Semaphore::new(limit))).clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::Turn;
    use std::sync::{Arc, Mutex};
    use tokio::sync::Semaphore;

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn hosts_run_in_the_order_in_which_they_queued() {
        for throttle in [None, Some(Arc::new(Semaphore::new(1)))] {
            let forks = Arc::new(Semaphore::new(if throttle.is_some() { 5 } else { 1 }));
            let order = Arc::new(Mutex::new(vec![]));
            let mut running = tokio::task::JoinSet::new();
            for number in 0..50 {
                let turn = Turn::queue(throttle.as_ref(), &forks);
                let order = order.clone();
                running.spawn(async move {
                    let _places = turn.await;
                    order.lock().unwrap().push(number);
                });
            }
            while running.join_next().await.is_some() {}
            assert_eq!(*order.lock().unwrap(), (0..50).collect::<Vec<_>>());
        }
    }
}
