//! SIGINT becomes KeyboardInterrupt.

use signal_hook::SigId;
use std::sync::atomic::{AtomicU32, Ordering};
use stitch_runtime::embed::Machine;

/// A pointer to the VM's pending word, for the handler.
struct Pending(*const AtomicU32);
// SAFETY: the word is atomic, and the handler is taken out before the VM goes.
unsafe impl Send for Pending {}
// SAFETY: as above.
unsafe impl Sync for Pending {}

impl Pending {
    fn set(&self) {
        // SAFETY: as above.
        unsafe { (*self.0).store(1, Ordering::Release) };
    }
}

/// While it lives, SIGINT interrupts the machine it was made for, which must outlive it.
pub struct Handler(Option<SigId>);

impl Drop for Handler {
    fn drop(&mut self) {
        if let Some(id) = self.0 {
            signal_hook::low_level::unregister(id);
        }
    }
}

/// From now on SIGINT interrupts this machine.
pub fn install(machine: &Machine) -> Handler {
    let (signals, pending) = machine.interrupt_handle();
    let pending = Pending(pending);
    // SAFETY: the handler stores to two atomics and does nothing else.
    let registered = unsafe {
        signal_hook::low_level::register(signal_hook::consts::SIGINT, move || {
            signals.interrupt();
            pending.set();
        })
    };
    // Without a handler SIGINT ends the process, which is the next best thing.
    Handler(registered.ok())
}
