//! The compile thread of a VM. It gets jobs and gives back what came of them; it never sees the heap.
//!
//! ```text
//!   program's thread ── jobs ──► compile thread: optimizer, backend
//!                    ◄─ finished ── and the VM's pending word is set: the next poll installs them
//! ```

use super::job::{Finished, Job, Work};
use super::share::Share;
use crate::backend::{Compiler, CompilerStart};
use crate::trace::Abort;
use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The optimizer and Cranelift recurse little.
const STACK_BYTES: usize = 4 << 20;

/// The compile thread. Dropping it drops the jobs that wait and joins the thread.
pub struct Background {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// There is a job for an idle thread, or nothing more to come.
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// What was recorded, then the rest: a trace is short, and the rest grows with them.
    traces: VecDeque<Job>,
    others: VecDeque<Job>,
    finished: Vec<Finished>,
    is_closing: bool,
    /// The thread waits for a job: only then is it worth a system call to tell it.
    is_idle: bool,
}

/// The VM's pending word.
struct Pending(*const AtomicU32);

// SAFETY: the word is atomic, and the VM joins the thread before it goes.
unsafe impl Send for Pending {}

impl Pending {
    fn set(&self) {
        // SAFETY: as above.
        unsafe { (*self.0).store(1, Ordering::Release) };
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that can panic runs under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sleeps, unless nothing more is to come.
    fn stay_away(&self, pause: Duration) {
        let until = Instant::now() + pause;
        let mut state = self.lock();
        while !state.is_closing
            && let Some(left) = until.checked_duration_since(Instant::now())
        {
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Background {
    /// Starts the thread. `pending` outlives it. Stress: each result is held back for `delay`.
    pub fn start(
        compiler: Option<CompilerStart>,
        pending: *const AtomicU32,
        delay: Duration,
    ) -> io::Result<Background> {
        let shared = Arc::new(Shared::default());
        let (theirs, pending) = (shared.clone(), Pending(pending));
        let builder = std::thread::Builder::new().name("stitch-compile".into()).stack_size(STACK_BYTES);
        let share = Share::beside_this_thread();
        let thread = builder.spawn(move || work(&theirs, compiler, share, &pending, delay))?;
        Ok(Background { shared, thread: Some(thread) })
    }

    pub fn submit(&self, job: Job) {
        let mut state = self.shared.lock();
        match job.work {
            Work::Loop(_) | Work::Linear(_) => state.traces.push_back(job),
            Work::Transplant(..) | Work::Tree(_) => state.others.push_back(job),
        }
        let is_idle = state.is_idle;
        drop(state);
        if is_idle {
            self.shared.changed.notify_one();
        }
    }

    /// What has been finished since the last call.
    pub fn take_finished(&self) -> Vec<Finished> {
        std::mem::take(&mut self.shared.lock().finished)
    }
}

impl Background {
    /// Ends the thread, once it is done with what it is at; gives what it has finished.
    pub fn close(mut self) -> Vec<Finished> {
        self.end();
        self.take_finished()
    }

    fn end(&mut self) {
        let mut state = self.shared.lock();
        state.is_closing = true;
        state.traces.clear();
        state.others.clear();
        drop(state);
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread's was reported when it happened.
            _ = thread.join();
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.end();
    }
}

/// What the thread does.
fn work(shared: &Shared, start: Option<CompilerStart>, mut share: Share, pending: &Pending, delay: Duration) {
    // They are to cut short what the program's own thread waits for.
    crate::host::signal::leave_to_others();
    shared.stay_away(share.first_pause());
    let mut compiler = start.map(|start| start()).transpose();
    while let Some(job) = next_job(shared) {
        let finished = match &mut compiler {
            Ok(Some(compiler)) => job.run(Some(&mut **compiler as &mut dyn Compiler)),
            Ok(None) => job.run(None),
            Err(_) => Finished::given_up(job.ticket, Abort::Backend),
        };
        if !delay.is_zero() {
            std::thread::sleep(delay);
        }
        shared.lock().finished.push(finished);
        pending.set();
        shared.stay_away(share.pause());
    }
}

/// Waits for a job; `None`: nothing more to come.
fn next_job(shared: &Shared) -> Option<Job> {
    let mut state = shared.lock();
    loop {
        if state.is_closing {
            return None;
        }
        let State { traces, others, .. } = &mut *state;
        if let Some(job) = traces.pop_front().or_else(|| others.pop_front()) {
            return Some(job);
        }
        state.is_idle = true;
        state = shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        state.is_idle = false;
    }
}
