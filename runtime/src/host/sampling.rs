//! Looks at the thread that asks for it, each so much of its processor time: a signal that nobody else is told of.

use super::HostResult;
use super::call::checked;
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::time::Duration;

/// Is called with a context and the address of the instruction that is next, between any two: it may read and count, no more.
pub type Look = unsafe fn(context: *const c_void, pc: usize);

struct Looker {
    look: Look,
    context: *const c_void,
}

/// Who looks: a process has one set of handlers. Never freed, for a handler may be at it.
static LOOKER: AtomicPtr<Looker> = AtomicPtr::new(null_mut());

/// Dropping it ends the looking.
pub struct Sampling {
    timer: libc::timer_t,
}

// SAFETY: timers belong to the process.
unsafe impl Send for Sampling {}

extern "C" fn on_signal(_: i32, _: *mut libc::siginfo_t, machine: *mut c_void) {
    let looker = LOOKER.load(Ordering::Acquire);
    if looker.is_null() {
        return;
    }
    // SAFETY: what was put there is never freed, and its maker promised that it may be called. The system passes the machine's
    // state.
    unsafe {
        let registers = &(*machine.cast::<libc::ucontext_t>()).uc_mcontext.gregs;
        ((*looker).look)((*looker).context, registers[libc::REG_RIP as usize] as usize);
    }
}

impl Sampling {
    /// Begins to look at this thread.
    ///
    /// # Safety
    /// `look` may be called with the context for as long as the process lives.
    pub unsafe fn start(period: Duration, look: Look, context: *const c_void) -> HostResult<Sampling> {
        LOOKER.store(Box::into_raw(Box::new(Looker { look, context })), Ordering::Release);
        // Of those that no program has a name for.
        let signal = libc::SIGRTMAX() - 1;
        let period = libc::timespec { tv_sec: 0, tv_nsec: period.as_nanos().min(999_999_999) as i64 };
        // SAFETY: the structs are filled before they are read; the handler is of the kind that the flags say.
        unsafe {
            let mut action = MaybeUninit::<libc::sigaction>::zeroed().assume_init();
            action.sa_sigaction = on_signal as *const () as usize;
            action.sa_flags = libc::SA_SIGINFO | libc::SA_RESTART;
            checked::<i32, ()>(libc::sigaction(signal, &action, null_mut()))?;
            let mut event = MaybeUninit::<libc::sigevent>::zeroed().assume_init();
            event.sigev_notify = libc::SIGEV_THREAD_ID;
            event.sigev_signo = signal;
            event.sigev_notify_thread_id = libc::gettid();
            let mut timer = MaybeUninit::uninit();
            checked::<i32, ()>(libc::timer_create(libc::CLOCK_THREAD_CPUTIME_ID, &mut event, timer.as_mut_ptr()))?;
            let sampling = Sampling { timer: timer.assume_init() };
            let times = libc::itimerspec { it_interval: period, it_value: period };
            checked::<i32, ()>(libc::timer_settime(sampling.timer, 0, &times, null_mut()))?;
            Ok(sampling)
        }
    }
}

impl Drop for Sampling {
    fn drop(&mut self) {
        LOOKER.store(null_mut(), Ordering::Release);
        // SAFETY: a timer that was made and not deleted. One of the process that this one is a copy of is not there, which is
        // refused.
        unsafe { libc::timer_delete(self.timer) };
    }
}
