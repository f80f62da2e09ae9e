//! A thread that interrupts machines that run for too long.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use stitch_runtime::embed::Machine;
use stitch_runtime::signals::Signals;

/// How often a machine is asked to stop: the program may catch the first KeyboardInterrupts.
const ASKED_AGAIN_AFTER: Duration = Duration::from_millis(50);
/// One that does not stop at all ends the process, for want of anything milder.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(20);

/// A pointer to a VM's pending word.
struct Pending(*const AtomicU32);

// SAFETY: the word is atomic, and whoever set the deadline withdraws it, under the lock, before the VM goes.
unsafe impl Send for Pending {}

struct Watched {
    until: Instant,
    give_up: Instant,
    signals: Signals,
    pending: Pending,
    is_overdue: bool,
}

#[derive(Default)]
struct Shared {
    watched: Mutex<Option<Watched>>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Option<Watched>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The watching thread, for one machine at a time.
pub struct Watch(Arc<Shared>);

/// A machine is being watched, until this is asked how it went or dropped.
pub struct Deadline<'a>(&'a Watch);

impl Watch {
    pub fn start() -> Watch {
        let shared = Arc::new(Shared::default());
        let theirs = shared.clone();
        // It ends with the process.
        std::thread::spawn(move || watch(&theirs));
        Watch(shared)
    }

    /// Interrupts the machine when it runs for longer. The deadline must be dropped before the machine is.
    pub fn set(&self, machine: &Machine, limit: Duration) -> Deadline<'_> {
        let (signals, pending) = machine.interrupt_handle();
        let until = Instant::now() + limit;
        let watched =
            Watched { until, give_up: until + GIVEN_UP_AFTER, signals, pending: Pending(pending), is_overdue: false };
        *self.0.lock() = Some(watched);
        self.0.changed.notify_one();
        Deadline(self)
    }
}

impl Deadline<'_> {
    /// Whether the machine had to be interrupted.
    pub fn was_missed(self) -> bool {
        self.0.0.lock().as_ref().is_some_and(|watched| watched.is_overdue)
    }
}

impl Drop for Deadline<'_> {
    fn drop(&mut self) {
        *self.0.0.lock() = None;
    }
}

fn watch(shared: &Shared) -> ! {
    let mut watched = shared.lock();
    loop {
        let now = Instant::now();
        let pause = match &mut *watched {
            None => Duration::from_secs(3600),
            Some(watched) if now < watched.until => watched.until - now,
            Some(watched) => {
                if now >= watched.give_up {
                    eprintln!("a program does not answer KeyboardInterrupt");
                    std::process::abort();
                }
                watched.is_overdue = true;
                watched.until = now + ASKED_AGAIN_AFTER;
                watched.signals.interrupt();
                // SAFETY: the machine is alive as long as the deadline is set, which the lock keeps.
                unsafe { (*watched.pending.0).store(1, Ordering::Release) };
                ASKED_AGAIN_AFTER
            }
        };
        watched = shared.changed.wait_timeout(watched, pause).unwrap_or_else(PoisonError::into_inner).0;
    }
}
