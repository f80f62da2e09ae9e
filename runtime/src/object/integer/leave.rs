//! Leave to go on: what takes long asks for it now and then, and is given up where nobody waits for it any more.

use crate::host::signal;
use crate::vm::{PyResult, Vm};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Who waits looks for an interrupt so often.
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);
/// The native stack of who works: what is done there goes as deep as the logarithm of the numbers' length.
const STACK_BYTES: usize = 4 << 20;

/// The work was given up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Abandoned;

/// May the work go on?
#[derive(Clone, Default, Debug)]
pub struct Leave(Option<Arc<AtomicBool>>);

impl Leave {
    /// For work that is never given up.
    pub const FOREVER: Leave = Leave(None);

    fn new() -> Leave {
        Leave(Some(Arc::default()))
    }

    #[inline]
    pub fn check(&self) -> Result<(), Abandoned> {
        match &self.0 {
            Some(is_over) if is_over.load(Ordering::Relaxed) => Err(Abandoned),
            _ => Ok(()),
        }
    }

    fn take_back(&self) {
        if let Some(is_over) = &self.0 {
            is_over.store(true, Ordering::Relaxed);
        }
    }
}

/// The result of work that had leave for ever.
pub fn finished<T>(result: Result<T, Abandoned>) -> T {
    match result {
        Ok(result) => result,
        Err(Abandoned) => unreachable!("it had leave for ever"),
    }
}

impl Vm {
    /// Does what takes longer than a user waits for an answer to Ctrl-C, on a thread of its own: KeyboardInterrupt where that is
    /// asked for meanwhile. The work then ends when it next asks for leave, and its result is lost. No other thread of the
    /// program runs until it is over, as with all arithmetic.
    pub fn work_aside<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&Leave) -> Result<T, Abandoned> + Send + 'static,
    ) -> PyResult<T> {
        self.answer_interrupt()?;
        let leave = Leave::new();
        let (sender, receiver) = mpsc::channel();
        // Where no thread can be started it is still here.
        let work = Arc::new(Mutex::new(Some(work)));
        let take = {
            let work = work.clone();
            move || work.lock().unwrap_or_else(PoisonError::into_inner).take()
        };
        let (theirs, is_theirs) = (leave.clone(), take.clone());
        let started = thread::Builder::new().stack_size(STACK_BYTES).spawn(move || {
            signal::leave_to_others();
            if let Some(Ok(result)) = is_theirs().map(|work| work(&theirs)) {
                // Nobody waits any more where this fails.
                _ = sender.send(result);
            }
        });
        let Ok(worker) = started else {
            let work = take().expect("nobody else has taken it");
            return Ok(finished(work(&Leave::FOREVER)));
        };
        loop {
            match receiver.recv_timeout(BETWEEN_LOOKS) {
                Ok(result) => return Ok(result),
                Err(RecvTimeoutError::Timeout) => {
                    if let Err(raised) = self.answer_interrupt() {
                        leave.take_back();
                        return Err(raised);
                    }
                }
                // It ends without a result only by a panic, which goes on here.
                Err(RecvTimeoutError::Disconnected) => match worker.join() {
                    Err(panic) => std::panic::resume_unwind(panic),
                    Ok(()) => unreachable!("work ends with a result where nobody takes its leave back"),
                },
            }
        }
    }
}
