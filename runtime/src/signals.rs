//! Signals that have arrived, until the VM looks for them at a poll.
//!
//! ```text
//!   the system ─► handler (host/signal.rs) ─► Arrivals ─► the VM's pending word
//!                                                └─► at the next poll: `Vm::on_signal`, for each
//! ```

use crate::host::signal::{self, N_SIGNALS};
use crate::vm::{PyResult, Vm};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, AtomicU32, Ordering};

/// SIGINT.
const INTERRUPT: usize = 2;

/// What handlers write down. All of it is atomic: a handler runs between any two instructions.
#[derive(Debug)]
pub struct Arrivals {
    /// Is there one that nobody has looked at?
    any: AtomicBool,
    arrived: [AtomicBool; N_SIGNALS as usize],
    /// The word that has the VM poll; null once it is gone.
    pending: AtomicPtr<AtomicU32>,
    /// A descriptor that the signals' numbers are written to; −1: none.
    wakeup: AtomicI32,
}

impl Arrivals {
    /// A signal has arrived. Safe to be called by a handler.
    pub fn note(&self, signal: i32) {
        if let Some(arrived) = self.arrived.get(signal as usize) {
            arrived.store(true, Ordering::Release);
            self.any.store(true, Ordering::Release);
        }
        let pending = self.pending.load(Ordering::Acquire);
        if !pending.is_null() {
            // SAFETY: the VM takes the address back before it goes.
            unsafe { (*pending).store(1, Ordering::Release) };
        }
    }
    /// The descriptor that a handler is to write to.
    pub fn wakeup(&self) -> i32 {
        self.wakeup.load(Ordering::Acquire)
    }
}

/// What signals have asked for. Shared with whoever asks (the process's handler, another thread).
#[derive(Clone, Debug)]
pub struct Signals(Arc<Arrivals>);

impl Default for Signals {
    fn default() -> Signals {
        Signals(Arc::new(Arrivals {
            any: AtomicBool::new(false),
            arrived: [const { AtomicBool::new(false) }; N_SIGNALS as usize],
            pending: AtomicPtr::new(std::ptr::null_mut()),
            wakeup: AtomicI32::new(-1),
        }))
    }
}

impl Signals {
    pub fn arrivals(&self) -> &Arc<Arrivals> {
        &self.0
    }
    /// Is there one that nobody has looked at?
    pub fn have_arrived(&self) -> bool {
        self.0.any.load(Ordering::Acquire)
    }
    /// Asks for KeyboardInterrupt; the caller also sets the VM's pending word.
    pub fn interrupt(&self) {
        self.0.arrived[INTERRUPT].store(true, Ordering::Release);
        self.0.any.store(true, Ordering::Release);
    }
    /// Takes SIGINT, if it has arrived.
    fn take_interrupt(&self) -> bool {
        let arrived = &self.0.arrived[INTERRUPT];
        arrived.load(Ordering::Acquire) && arrived.swap(false, Ordering::AcqRel)
    }
    /// Sets the descriptor that signals' numbers are written to; gives the one before.
    pub fn set_wakeup(&self, fd: i32) -> i32 {
        self.0.wakeup.swap(fd, Ordering::AcqRel)
    }
    fn set_pending(&self, pending: *const AtomicU32) {
        self.0.pending.store(pending.cast_mut(), Ordering::Release);
    }
}

/// What is done at a poll for a signal that has arrived.
pub type OnSignal = fn(&mut Vm, i32) -> PyResult<()>;

/// SIGINT raises KeyboardInterrupt; no other signal is caught.
pub fn interrupt_alone(vm: &mut Vm, signal: i32) -> PyResult<()> {
    if signal as usize == INTERRUPT { Err(vm.raise_with(vm.exceptions.KeyboardInterrupt, &[])) } else { Ok(()) }
}

impl Vm {
    /// From now on signals that are caught in this process are this VM's.
    pub fn receive_signals(&mut self) {
        self.signals.set_pending(&raw const self.pending);
        signal::receive_by(self.signals.arrivals());
    }

    /// From now on SIGINT, and what else the program catches, is this VM's. Where SIGINT is ignored it stays so.
    pub fn catch_interrupts(&mut self) {
        self.receive_signals();
        if signal::answer(INTERRUPT as i32).is_ok_and(|answer| answer == signal::Answer::Default) {
            // Without a handler SIGINT ends the process, which is the next best thing.
            _ = signal::catch_signal(INTERRUPT as i32);
        }
    }

    /// To be called before the VM goes.
    pub(crate) fn forget_signals(&mut self) {
        self.signals.set_pending(std::ptr::null());
        signal::receive_no_more(self.signals.arrivals());
    }

    /// Answers the signals that have arrived, which is for the main thread to do. What else waits for a poll is left to one between instructions.
    pub fn answer_signals(&mut self) -> PyResult<()> {
        let arrivals = self.signals.arrivals().clone();
        if !arrivals.any.load(Ordering::Acquire)
            || !self.is_main_thread()
            || !arrivals.any.swap(false, Ordering::AcqRel)
        {
            return Ok(());
        }
        for signal in 1..N_SIGNALS {
            if !arrivals.arrived[signal as usize].swap(false, Ordering::AcqRel) {
                continue;
            }
            if self.is_in_farewell && self.deferred_signals == 0 {
                self.deferred_signals = 1 << signal;
                continue;
            }
            if let Err(raised) = (self.on_signal)(self, signal) {
                // Others may have arrived, too: at the next poll.
                arrivals.any.store(true, Ordering::Release);
                self.request_pending();
                return Err(raised);
            }
        }
        Ok(())
    }

    /// What arrived while finalizers and callbacks ran arrives now: what its handler raises is the program's, and there it would
    /// be ignored. (Another one that arrived meanwhile was answered at once: they may take long.)
    pub(crate) fn answer_deferred_signals(&mut self) {
        let deferred = std::mem::take(&mut self.deferred_signals);
        for signal in (1..N_SIGNALS).filter(|signal| deferred >> signal & 1 == 1) {
            self.signals.arrivals().note(signal);
        }
        if deferred != 0 {
            self.request_pending();
        }
    }

    /// KeyboardInterrupt where SIGINT has arrived and nothing else is to be done for it. In finalizers and callbacks it would be
    /// ignored: it waits until they are over.
    pub(crate) fn raise_interrupt(&mut self) -> PyResult<()> {
        self.check_limits()?;
        if self.interrupt_raises && !self.is_in_farewell && self.is_main_thread() && self.signals.take_interrupt() {
            return Err(self.raise_with(self.exceptions.KeyboardInterrupt, &[]));
        }
        Ok(())
    }

    /// Where the exception on its way is KeyboardInterrupt, that is raised again at the next poll: who calls clears this one.
    pub(crate) fn take_back_interrupt(&mut self) {
        if self.exception_matches(self.exceptions.KeyboardInterrupt) {
            self.signals.interrupt();
            self.request_pending();
        }
    }
}
