//! The lock of a VM, which is handed over in the order of asking; and what threads wait with.

use super::ThreadId;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Where one thread waits until another lets it go on. A release that comes first is kept.
#[derive(Debug, Default)]
pub struct Parker {
    is_released: Mutex<bool>,
    changed: Condvar,
}

impl Parker {
    pub fn new() -> Parker {
        Parker::default()
    }

    /// Waits until somebody releases, but no longer than until `deadline`: was it released?
    pub fn wait(&self, deadline: Option<Instant>) -> bool {
        let mut is_released = guard(&self.is_released);
        while !*is_released {
            is_released = match deadline {
                None => self.changed.wait(is_released).unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let Some(left) = deadline.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
                    else {
                        return false;
                    };
                    self.changed.wait_timeout(is_released, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        *is_released = false;
        true
    }

    pub fn release(&self) {
        *guard(&self.is_released) = true;
        self.changed.notify_one();
    }

    /// Forgets a release that nobody has waited for.
    pub fn reset(&self) {
        *guard(&self.is_released) = false;
    }
}

/// Nothing that can panic runs under these locks.
fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The lock of a VM. Lives as long as any thread that may ask for it, be the VM gone.
pub(super) struct VmLock {
    state: Mutex<LockState>,
    /// Somebody has waited long enough.
    is_wanted: AtomicBool,
    interval_ns: AtomicU64,
}

struct LockState {
    is_taken: bool,
    queue: VecDeque<Arc<ThreadId>>,
    /// How often it was handed over.
    n_turns: u64,
    /// Nobody gets it any more.
    is_closed: bool,
}

/// The VM's pending word.
#[derive(Clone, Copy)]
pub(super) struct Pending(pub *const AtomicU32);

impl VmLock {
    /// One that its maker has.
    pub fn new(interval: Duration) -> VmLock {
        let state = LockState { is_taken: true, queue: VecDeque::new(), n_turns: 0, is_closed: false };
        let lock =
            VmLock { state: Mutex::new(state), is_wanted: AtomicBool::new(false), interval_ns: AtomicU64::new(0) };
        lock.set_interval(interval);
        lock
    }

    pub fn interval(&self) -> Duration {
        Duration::from_nanos(self.interval_ns.load(Ordering::Relaxed))
    }

    pub fn set_interval(&self, interval: Duration) {
        self.interval_ns.store(u64::try_from(interval.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Has somebody waited long enough?
    pub fn is_wanted(&self) -> bool {
        self.is_wanted.load(Ordering::Relaxed)
    }

    /// Waits for the turn of the thread, which asks for it through the pending word whenever nobody's turn has ended for an
    /// interval. Where the VM is over, the thread stays here for good.
    pub fn take(&self, id: &Arc<ThreadId>, pending: Pending) {
        let mut state = guard(&self.state);
        if state.is_closed {
            drop(state);
            stay();
        }
        if !state.is_taken {
            state.is_taken = true;
            return;
        }
        state.queue.push_back(id.clone());
        let mut n_turns = state.n_turns;
        drop(state);
        while !id.turn.wait(Instant::now().checked_add(self.interval())) {
            let state = guard(&self.state);
            if state.is_closed {
                drop(state);
                stay();
            }
            if state.n_turns == n_turns {
                self.is_wanted.store(true, Ordering::Relaxed);
                // SAFETY: the VM closes its lock before it goes.
                unsafe { (*pending.0).store(1, Ordering::Release) };
            }
            n_turns = state.n_turns;
        }
    }

    /// Ends the turn of the thread that has the lock: it is the next one's, if there is one.
    pub fn hand_over(&self) {
        let mut state = guard(&self.state);
        self.is_wanted.store(false, Ordering::Relaxed);
        state.n_turns += 1;
        match state.queue.pop_front() {
            Some(next) => {
                drop(state);
                next.turn.release();
            }
            None => state.is_taken = false,
        }
    }

    /// From now on nobody but the thread that has the lock runs.
    pub fn close(&self) {
        guard(&self.state).is_closed = true;
    }
}

/// What a thread does whose VM is over.
fn stay() -> ! {
    loop {
        std::thread::park();
    }
}
