//! Signals.

use super::call::{checked, system_calls};
use super::{HostResult, check_errno};
use crate::signals::Arrivals;
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, Ordering};

pub type SignalSet = libc::sigset_t;
pub type SignalInfo = libc::siginfo_t;

/// The first number that is no signal's.
pub const N_SIGNALS: i32 = 65;

system_calls! {
    fn get_timer(which: i32, now: &mut libc::itimerval) -> () = libc::getitimer(which as _, now);
    fn set_timer(which: i32, new: &libc::itimerval, old: &mut libc::itimerval) -> () =
        libc::setitimer(which as _, new, old);
    fn send_to_descriptor(fd: i32, signal: i32, flags: u32) -> i64 =
        libc::syscall(libc::SYS_pidfd_send_signal, fd, signal, std::ptr::null_mut::<SignalInfo>(), flags);
    fn raise(signal: i32) -> () = libc::raise(signal);
}

/// The set of some signals.
pub fn set_of(signals: &[i32]) -> SignalSet {
    let mut set = MaybeUninit::uninit();
    // SAFETY: the first call makes a set of the memory; numbers that are no signal's are not added.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        for &signal in signals {
            libc::sigaddset(set.as_mut_ptr(), signal);
        }
        set.assume_init()
    }
}

/// The signals in a set.
pub fn members(set: &SignalSet) -> impl Iterator<Item = i32> + '_ {
    (1..N_SIGNALS).filter(|&signal| {
        // SAFETY: a set, which is read.
        unsafe { libc::sigismember(set, signal) == 1 }
    })
}

/// All signals that a program may use.
pub fn all_signals() -> SignalSet {
    let mut set = MaybeUninit::uninit();
    // SAFETY: the call makes a set of the memory.
    unsafe {
        libc::sigfillset(set.as_mut_ptr());
        set.assume_init()
    }
}

/// Blocks or unblocks signals for this thread; gives those that were blocked before.
pub fn change_mask(how: i32, set: &SignalSet) -> HostResult<SignalSet> {
    let mut old = set_of(&[]);
    // SAFETY: two sets. The result is the number of the error itself.
    check_errno(unsafe { libc::pthread_sigmask(how, set, &mut old) })?;
    Ok(old)
}

/// Has signals go to other threads than this one; gives those that did so before, for `set_mask`.
pub fn leave_to_others() -> SignalSet {
    change_mask(libc::SIG_BLOCK, &all_signals()).unwrap_or_else(|_| set_of(&[]))
}

/// Sets which signals do not go to this thread.
pub fn set_mask(set: &SignalSet) {
    _ = change_mask(libc::SIG_SETMASK, set);
}

/// The signals that were sent and are blocked.
pub fn pending() -> HostResult<SignalSet> {
    let mut set = set_of(&[]);
    // SAFETY: a set, which is written to.
    checked::<i32, ()>(unsafe { libc::sigpending(&mut set) })?;
    Ok(set)
}

/// Waits for one of some signals.
pub fn wait_for(set: &SignalSet) -> HostResult<i32> {
    let mut signal = 0;
    // SAFETY: a set, and a number that is written to. The result is the number of the error itself.
    check_errno(unsafe { libc::sigwait(set, &mut signal) })?;
    Ok(signal)
}

/// Waits for one of some signals and gives what is known of it; `None` of a timeout.
pub fn wait_for_info(set: &SignalSet, timeout: Option<libc::timespec>) -> HostResult<Option<SignalInfo>> {
    let mut info = MaybeUninit::<SignalInfo>::zeroed();
    // SAFETY: a set that is read and a struct that is written to.
    let outcome: HostResult<i32> = checked(unsafe {
        match &timeout {
            Some(timeout) => libc::sigtimedwait(set, info.as_mut_ptr(), timeout),
            None => libc::sigwaitinfo(set, info.as_mut_ptr()),
        }
    });
    match outcome {
        // SAFETY: the call has filled it.
        Ok(_) => Ok(Some(unsafe { info.assume_init() })),
        Err(error) if error.errno == libc::EAGAIN => Ok(None),
        Err(error) => Err(error),
    }
}

/// Number, code, error, process, user, status and band.
pub fn info_fields(info: &SignalInfo) -> [i64; 7] {
    // SAFETY: which of the fields have a meaning depends on the signal; all are numbers.
    unsafe {
        [
            info.si_signo.into(),
            info.si_code.into(),
            info.si_errno.into(),
            info.si_pid().into(),
            info.si_uid().into(),
            info.si_status().into(),
            // What polls say lies where the number of the process does.
            *(&raw const *info).cast::<u8>().add(16).cast::<i64>(),
        ]
    }
}

/// Waits for any signal.
pub fn pause() {
    // SAFETY: takes nothing.
    unsafe { libc::pause() };
}

/// Has SIGALRM come in so many seconds; gives those that were left of the last time.
pub fn alarm(seconds: u32) -> u32 {
    // SAFETY: a number.
    unsafe { libc::alarm(seconds) }
}

/// What a signal is called.
pub fn description(signal: i32) -> Option<String> {
    // SAFETY: gives a string that ends in NUL, or NULL; it is copied at once.
    let text = unsafe {
        let text = libc::strsignal(signal);
        if text.is_null() {
            return None;
        }
        std::ffi::CStr::from_ptr(text).to_string_lossy().into_owned()
    };
    if text.starts_with("Unknown signal") { None } else { Some(text) }
}

/// Sends a signal to a thread of this process.
pub fn send_to_thread(thread: u64, signal: i32) -> HostResult<()> {
    // SAFETY: the caller passes the number of a thread that runs. The result is the number of the error itself.
    check_errno(unsafe { libc::pthread_kill(thread, signal) })
}

/// Ends the process as SIGINT does where nobody answers it.
pub fn end_by_interrupt() {
    _ = set_answer(libc::SIGINT, Answer::Default);
    _ = raise(libc::SIGINT);
}

/// Has faults end the process as the system does it: Rust's runtime answers them, to tell of stacks that are used up, and lets a
/// signal pass that another process has sent.
pub fn leave_faults_to_system() {
    for signal in [libc::SIGSEGV, libc::SIGBUS] {
        if matches!(answer(signal), Ok(Answer::Function(_))) {
            _ = set_answer(signal, Answer::Default);
        }
    }
}

/// How a signal is answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// As the system does it.
    Default,
    Ignored,
    /// By a function.
    Function(usize),
}

/// How a signal is answered at the moment.
pub fn answer(signal: i32) -> HostResult<Answer> {
    let mut old = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: a struct that is written to.
    checked::<i32, ()>(unsafe { libc::sigaction(signal, std::ptr::null(), old.as_mut_ptr()) })?;
    // SAFETY: the call has filled it.
    Ok(match unsafe { old.assume_init() }.sa_sigaction {
        libc::SIG_DFL => Answer::Default,
        libc::SIG_IGN => Answer::Ignored,
        function => Answer::Function(function),
    })
}

/// Does a signal cut calls short that wait, or do they go on?
pub fn set_interrupting(signal: i32, is_interrupting: bool) -> HostResult<()> {
    let mut action = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: the struct is filled by the first call, and read by the second.
    unsafe {
        checked::<i32, ()>(libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()))?;
        let flags = &raw mut (*action.as_mut_ptr()).sa_flags;
        *flags = if is_interrupting { *flags & !libc::SA_RESTART } else { *flags | libc::SA_RESTART };
        checked(libc::sigaction(signal, action.as_ptr(), std::ptr::null_mut()))
    }
}

/// Has a signal be answered so. A function gets its number, interrupts what waits, and may do little.
pub fn set_answer(signal: i32, answer: Answer) -> HostResult<()> {
    let mut new = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: zeros are an action, which is made whole here; functions are the caller's, who knows what they may do.
    unsafe {
        (*new.as_mut_ptr()).sa_sigaction = match answer {
            Answer::Default => libc::SIG_DFL,
            Answer::Ignored => libc::SIG_IGN,
            Answer::Function(function) => function,
        };
        libc::sigemptyset(&raw mut (*new.as_mut_ptr()).sa_mask);
        checked(libc::sigaction(signal, new.as_ptr(), std::ptr::null_mut()))
    }
}

/// Who is told of signals: a process has one set of handlers, and they know nothing but their signal's number. What was told
/// once is not given back, for a handler may be at it.
static RECEIVER: AtomicPtr<Arrivals> = AtomicPtr::new(std::ptr::null_mut());

/// Has `catch_signal` tell of signals there.
pub fn receive_by(arrivals: &Arc<Arrivals>) {
    let pointer = Arc::as_ptr(arrivals).cast_mut();
    if RECEIVER.swap(pointer, Ordering::AcqRel) != pointer {
        std::mem::forget(arrivals.clone());
    }
}

/// Nobody is told any more, if it was this one.
pub fn receive_no_more(arrivals: &Arc<Arrivals>) {
    let pointer = Arc::as_ptr(arrivals).cast_mut();
    _ = RECEIVER.compare_exchange(pointer, std::ptr::null_mut(), Ordering::AcqRel, Ordering::Acquire);
}

/// The handler of all signals that are caught.
extern "C" fn on_signal(signal: i32) {
    let receiver = RECEIVER.load(Ordering::Acquire);
    if receiver.is_null() {
        return;
    }
    // SAFETY: what was put there is never given back. The calls are those that handlers may make, and errno is as before
    // when they are over.
    unsafe {
        let errno = *libc::__errno_location();
        (*receiver).note(signal);
        let wakeup = (*receiver).wakeup();
        if wakeup >= 0 {
            let number = signal as u8;
            libc::write(wakeup, (&raw const number).cast(), 1);
        }
        *libc::__errno_location() = errno;
    }
}

/// From now on the receiver is told of a signal. It cuts calls short that wait.
pub fn catch_signal(signal: i32) -> HostResult<()> {
    set_answer(signal, Answer::Function(on_signal as *const () as usize))
}

/// Called where a fault happens, with what it was asked for by.
pub type TellOfFault = fn(*mut c_void, i32);

/// Who is told of faults, and by what function. Of several machines, the last one that has asked.
static FAULT_MACHINE: AtomicPtr<c_void> = AtomicPtr::new(std::ptr::null_mut());
static FAULT_TELLER: AtomicPtr<()> = AtomicPtr::new(std::ptr::null_mut());

/// Has `catch_fault` tell of faults so, until `tell_of_no_faults`.
pub fn tell_of_faults(machine: *mut c_void, tell: TellOfFault) {
    FAULT_TELLER.store(tell as *mut (), Ordering::Release);
    FAULT_MACHINE.store(machine, Ordering::Release);
}

/// Nobody is told any more, if it was this machine. False: it was another one.
pub fn tell_of_no_faults(machine: *mut c_void) -> bool {
    FAULT_MACHINE.compare_exchange(machine, std::ptr::null_mut(), Ordering::AcqRel, Ordering::Acquire).is_ok()
}

/// The handler of faults: the process ends as the system does it once they were told of.
extern "C" fn on_fault(signal: i32) {
    _ = set_answer(signal, Answer::Default);
    let (machine, teller) = (FAULT_MACHINE.load(Ordering::Acquire), FAULT_TELLER.load(Ordering::Acquire));
    if !machine.is_null() && !teller.is_null() {
        // SAFETY: `tell_of_faults` has stored a function of this type.
        let tell = unsafe { std::mem::transmute::<*mut (), TellOfFault>(teller) };
        tell(machine, signal);
    }
    // It is blocked until this returns.
    _ = raise(signal);
}

/// From now on a fault is told of before it ends the process.
pub fn catch_fault(signal: i32) -> HostResult<()> {
    set_answer(signal, Answer::Function(on_fault as *const () as usize))
}
