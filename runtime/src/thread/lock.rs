//! The lock of a VM, which is handed over in the order of asking; and what threads wait with.
//!
//! Whoever computes gives up its turn when somebody has waited for an interval. A thread whose last turn was brief and ended
//! where it went to wait for something else, as that of one who answers requests does, asks a good deal sooner: it waits for a
//! part of an interval, and takes little from those that compute.

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
    /// How often it was handed over, and when that was last.
    n_turns: u64,
    turn_began: Instant,
    /// Nobody gets it any more.
    is_closed: bool,
}

/// A turn of less than this part of an interval is brief, and so long waits who had one.
const BRIEF_PART: u32 = 10;

/// The VM's pending word.
#[derive(Clone, Copy)]
pub(super) struct Pending(pub *const AtomicU32);

impl VmLock {
    /// One that its maker has.
    pub fn new(interval: Duration) -> VmLock {
        let state = LockState {
            is_taken: true,
            queue: VecDeque::new(),
            n_turns: 0,
            turn_began: Instant::now(),
            is_closed: false,
        };
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
            state.turn_began = Instant::now();
            return;
        }
        state.queue.push_back(id.clone());
        let mut n_turns = state.n_turns;
        drop(state);
        let patience = self.interval() / if id.was_brief.load(Ordering::Relaxed) { BRIEF_PART } else { 1 };
        while !id.turn.wait(Instant::now().checked_add(patience)) {
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
    pub fn hand_over(&self, id: &ThreadId) {
        let was_asked = self.is_wanted.swap(false, Ordering::Relaxed);
        let mut state = guard(&self.state);
        let now = Instant::now();
        let is_brief = !was_asked && (now - state.turn_began) * BRIEF_PART < self.interval();
        id.was_brief.store(is_brief, Ordering::Relaxed);
        state.n_turns += 1;
        state.turn_began = now;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_had_a_brief_turn_asks_before_an_interval_is_over() {
        let interval = Duration::from_secs(20);
        let lock = Arc::new(VmLock::new(interval));
        let (first, second) = (Arc::new(ThreadId::new(0, 0, true)), Arc::new(ThreadId::new(1, 1, false)));
        lock.hand_over(&first);
        assert!(first.was_brief.load(Ordering::Relaxed), "it had the lock for no time");
        let pending = Arc::new(AtomicU32::new(0));
        lock.take(&second, Pending(Arc::as_ptr(&pending)));
        let began = Instant::now();
        let waiting = std::thread::spawn({
            let (lock, first, pending) = (lock.clone(), first.clone(), pending.clone());
            move || lock.take(&first, Pending(Arc::as_ptr(&pending)))
        });
        while !lock.is_wanted() {
            std::thread::yield_now();
        }
        assert!(began.elapsed() < interval / 2);
        assert_eq!(pending.load(Ordering::Acquire), 1);
        lock.hand_over(&second);
        assert!(!second.was_brief.load(Ordering::Relaxed), "it was asked for its turn");
        waiting.join().expect("it got its turn");
    }
}
