//! Requests that are under way.

use crate::output::lock;
use crate::processes;
use crate::{download::Download, upload::Upload};
use rustix::process::Pid;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

/// How long what a cancelled job runs may take to end by itself; then it is killed.
pub(crate) const GRACE: Duration = Duration::from_secs(1);

/// One request under way.
#[derive(Default)]
pub(crate) struct Job {
    pub(crate) id: u32,
    /// Since when it is: what runs was asked to end then.
    cancelled: OnceLock<Instant>,
    timed_out: AtomicBool,
    running: Mutex<Running>,
    /// The stream a `Put` receives.
    pub(crate) upload: Option<Upload>,
    /// The stream a `Fetch` sends.
    pub(crate) download: Option<Download>,
}

/// What a job has running that can be killed.
#[derive(Clone, Copy, Default)]
enum Running {
    /// Nothing.
    #[default]
    Nothing,
    /// A process group whose leader has not been reaped.
    Group(Pid),
    /// A module in this thread, with whatever children it has.
    Thread(Pid),
}

impl Job {
    pub(crate) fn new(id: u32) -> Self {
        Self { id, ..Self::default() }
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.get().is_some()
    }

    pub(crate) fn is_timed_out(&self) -> bool {
        self.timed_out.load(Ordering::SeqCst)
    }

    /// Give up: streams end, and processes are asked to end, so that they can tidy up. Called again after [`GRACE`], those
    /// that are still there are killed.
    pub(crate) fn cancel(&self) {
        if self.cancelled.set(Instant::now()).is_ok() {
            self.end(processes::terminate_group, processes::terminate_children_of_thread);
        } else if self.cancelled.get().is_some_and(|begun| begun.elapsed() >= GRACE) {
            self.kill();
        }
        if let Some(upload) = &self.upload {
            upload.abort();
        }
        if let Some(download) = &self.download {
            download.abort();
        }
    }

    /// The time is up: processes are killed. A job that was cancelled stays that.
    pub(crate) fn time_out(&self) {
        if !self.is_cancelled() {
            self.timed_out.store(true, Ordering::SeqCst);
        }
        self.kill();
    }

    /// The next part of the job starts without the last one's timeout.
    pub(crate) fn forget_timeout(&self) {
        self.timed_out.store(false, Ordering::SeqCst);
    }

    fn kill(&self) {
        self.end(processes::kill_group, processes::kill_children_of_thread);
    }

    fn end(&self, group: fn(Pid), children: fn(Pid)) {
        // Under the lock: the group cannot be reaped, and its number given to others, before the signal is sent.
        match *lock(&self.running) {
            Running::Nothing => {}
            Running::Group(leader) => group(leader),
            Running::Thread(thread) => children(thread),
        }
    }

    /// A process group belongs to this job from now on.
    pub(crate) fn runs_group(&self, leader: Pid) {
        *lock(&self.running) = Running::Group(leader);
        if self.is_cancelled() {
            self.kill();
        }
    }

    /// A module runs in the calling thread from now on.
    pub(crate) fn runs_here(&self) {
        *lock(&self.running) = Running::Thread(rustix::thread::gettid());
    }

    /// Nothing is running any more. Call before a process is reaped.
    pub(crate) fn runs_nothing(&self) {
        *lock(&self.running) = Running::Nothing;
    }
}

/// All requests under way, by id.
#[derive(Default)]
pub(crate) struct Jobs {
    jobs: Mutex<HashMap<u32, Arc<Job>>>,
}

impl Jobs {
    /// Take in a job; `false` when its id is taken.
    pub(crate) fn add(&self, job: &Arc<Job>) -> bool {
        let mut jobs = lock(&self.jobs);
        if jobs.contains_key(&job.id) {
            return false;
        }
        jobs.insert(job.id, Arc::clone(job));
        true
    }

    pub(crate) fn get(&self, id: u32) -> Option<Arc<Job>> {
        lock(&self.jobs).get(&id).cloned()
    }

    pub(crate) fn remove(&self, id: u32) {
        lock(&self.jobs).remove(&id);
    }

    /// Cancel everything, as the controller is gone. May be called again for jobs that had not begun.
    pub(crate) fn lose_all(&self) {
        let jobs: Vec<_> = lock(&self.jobs).values().cloned().collect();
        for job in jobs {
            if let Some(upload) = &job.upload {
                upload.lose();
            }
            job.cancel();
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        lock(&self.jobs).is_empty()
    }
}
