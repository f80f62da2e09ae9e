//! What ends a program early: somebody who interrupts it, a deadline, fuel that is used up.
//!
//! ```text
//!   Interrupter, clock thread ─► Watch ─► the VM's pending word
//!                                  └─► at each poll, as long as the limit is there: an exception
//! ```
//!
//! The exception of a limit is raised at every poll anew: a program that catches it does not get far.

use crate::object::layout::TypeObject;
use crate::object::spec::TypeSpec;
use crate::vm::{PyResult, Raised, Vm};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// So long finalizers of a limited machine may take at its end, all together.
const LAST_MOMENT: Duration = Duration::from_secs(1);

/// What is raised where a program has reached a limit.
pub static LIMIT_REACHED: TypeSpec = TypeSpec {
    name: "LimitReached",
    module: "stitch",
    doc: "The program has used up the time or the fuel that it was given.",
    base_class: Some(|vm: &Vm| -> *mut TypeObject { vm.exceptions.BaseException }),
    ..TypeSpec::NEW
};

/// The VM's pending word, as long as there is one.
#[derive(Debug)]
struct Pending(*const AtomicU32);

// SAFETY: the word is atomic, and the VM takes it back, under the lock, before it goes.
unsafe impl Send for Pending {}

/// What other threads ask of a machine.
#[derive(Debug)]
pub struct Watch {
    pending: Mutex<Pending>,
    is_interrupted: AtomicBool,
    clock: Mutex<Clock>,
    clock_changed: Condvar,
}

#[derive(Debug, Default)]
struct Clock {
    deadline: Option<Instant>,
    is_running: bool,
    is_over: bool,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watch {
    /// Has the VM poll. False: it is gone.
    fn have_polled(&self) -> bool {
        let pending = locked(&self.pending);
        // SAFETY: not null, and so not taken back; that needs the lock.
        match unsafe { pending.0.as_ref() } {
            Some(pending) => {
                pending.store(1, Ordering::Release);
                true
            }
            None => false,
        }
    }

    /// Asks for KeyboardInterrupt. False: the machine is gone.
    pub fn interrupt(&self) -> bool {
        self.is_interrupted.store(true, Ordering::Release);
        self.have_polled()
    }

    /// The clock's thread: has the VM poll when the deadline is there.
    fn run_clock(&self) {
        let mut clock = locked(&self.clock);
        while !clock.is_over {
            let now = Instant::now();
            clock = match clock.deadline {
                Some(deadline) if deadline > now => {
                    let waited = self.clock_changed.wait_timeout(clock, deadline - now);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                due => {
                    if due.is_some() {
                        self.have_polled();
                    }
                    self.clock_changed.wait(clock).unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
    }
}

/// The limits of a machine.
#[derive(Debug, Default)]
pub struct Limits {
    /// `None`: nobody has asked for one.
    watch: Option<Arc<Watch>>,
    deadline: Option<Instant>,
    /// The fuel is used up when tier 1 has taken so many steps.
    fuel_end: Option<u64>,
}

impl Limits {
    /// Is the fuel used up after so many steps?
    #[inline]
    pub(crate) fn is_out_of_fuel(&self, n_steps: u64) -> bool {
        self.fuel_end.is_some_and(|end| n_steps >= end)
    }
}

impl Vm {
    /// What other threads may ask of this VM by.
    pub fn watch(&mut self) -> Arc<Watch> {
        let pending = &raw const self.pending;
        let watch = self.limits.watch.get_or_insert_with(|| {
            Arc::new(Watch {
                pending: Mutex::new(Pending(pending)),
                is_interrupted: AtomicBool::new(false),
                clock: Mutex::default(),
                clock_changed: Condvar::new(),
            })
        });
        watch.clone()
    }

    /// The program is to end then; `None`: it has all the time. False: there is no thread to watch the clock.
    pub fn set_deadline(&mut self, deadline: Option<Instant>) -> bool {
        self.limits.deadline = deadline;
        if deadline.is_none() && self.limits.watch.is_none() {
            return true;
        }
        let watch = self.watch();
        let mut clock = locked(&watch.clock);
        clock.deadline = deadline;
        if !clock.is_running && deadline.is_some() {
            let theirs = watch.clone();
            let thread = std::thread::Builder::new().name("deadline".into()).stack_size(64 << 10);
            clock.is_running = thread.spawn(move || theirs.run_clock()).is_ok();
            return clock.is_running;
        }
        watch.clock_changed.notify_all();
        true
    }

    /// Nanoseconds that the program has left, where its time is limited.
    pub fn ns_until_deadline(&self) -> Option<i64> {
        let left = self.limits.deadline?.saturating_duration_since(Instant::now());
        Some(i64::try_from(left.as_nanos()).unwrap_or(i64::MAX))
    }

    /// What natives ask that have waited until the deadline.
    pub fn answer_limits(&mut self) -> PyResult<()> {
        self.check_limits()
    }

    /// How many instructions tier 1 may take from now on, where it counts them.
    pub fn set_fuel(&mut self, fuel: Option<u64>) {
        self.limits.fuel_end = fuel.map(|fuel| self.jit.stats.tier1_steps.saturating_add(fuel));
    }

    /// How many of them are left.
    pub fn fuel_left(&self) -> Option<u64> {
        self.limits.fuel_end.map(|end| end.saturating_sub(self.jit.stats.tier1_steps))
    }

    /// Raises what a limit that was reached, or an interrupter, asks for.
    #[inline]
    pub(crate) fn check_limits(&mut self) -> PyResult<()> {
        if self.limits.watch.is_none() && self.limits.fuel_end.is_none() { Ok(()) } else { self.check_each_limit() }
    }

    #[cold]
    fn check_each_limit(&mut self) -> PyResult<()> {
        if self.limits.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(self.raise_limit("the time is up"));
        }
        if self.limits.is_out_of_fuel(self.jit.stats.tier1_steps) {
            return Err(self.raise_limit("the fuel is used up"));
        }
        let is_interrupted = |watch: &Arc<Watch>| watch.is_interrupted.load(Ordering::Acquire);
        if self.limits.watch.as_ref().is_some_and(is_interrupted) {
            if self.is_in_farewell || !self.is_main_thread() {
                // Where it would be ignored it waits.
                return Ok(());
            }
            if let Some(watch) = &self.limits.watch {
                watch.is_interrupted.store(false, Ordering::Release);
            }
            return Err(self.raise_with(self.exceptions.KeyboardInterrupt, &[]));
        }
        Ok(())
    }

    fn raise_limit(&mut self, message: &str) -> Raised {
        // As long as the limit is there.
        self.request_pending();
        let class = self.type_of_spec(&LIMIT_REACHED);
        self.raise(class, message)
    }

    /// The machine is about to end: what it does then is given a moment where its time is limited.
    pub(super) fn limit_last_moment(&mut self) {
        if self.limits.deadline.is_some() || self.limits.fuel_end.is_some() {
            self.limits.fuel_end = None;
            self.set_deadline(Some(Instant::now() + LAST_MOMENT));
        }
    }

    /// To be called before the VM goes.
    pub(crate) fn forget_watch(&mut self) {
        if let Some(watch) = self.limits.watch.take() {
            locked(&watch.pending).0 = std::ptr::null();
            locked(&watch.clock).is_over = true;
            watch.clock_changed.notify_all();
        }
    }
}
