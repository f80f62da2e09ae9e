//! Signals: SIGINT asks the VM to stop at its next poll.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What signals have asked for. Shared with whoever asks (the process's handler, another thread).
#[derive(Clone, Debug, Default)]
pub struct Signals {
    interrupt: Arc<AtomicBool>,
}

impl Signals {
    /// Takes the request for KeyboardInterrupt, if there is one.
    pub fn take_interrupt(&self) -> bool {
        self.interrupt.load(Ordering::Acquire) && self.interrupt.swap(false, Ordering::AcqRel)
    }
    /// Is there a request for KeyboardInterrupt?
    pub fn has_interrupt(&self) -> bool {
        self.interrupt.load(Ordering::Acquire)
    }
    /// Asks for KeyboardInterrupt; the caller also sets the VM's pending word.
    pub fn interrupt(&self) {
        self.interrupt.store(true, Ordering::Release);
    }
}
