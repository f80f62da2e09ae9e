//! Clocks, in nanoseconds.

use super::call::system_calls;
use super::{HostError, HostResult, check_errno};
use rustix::time::{ClockId, clock_gettime};
use std::ffi::CStr;
use std::mem::MaybeUninit;

fn read(clock: ClockId) -> i64 {
    let time = clock_gettime(clock);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// Since the epoch.
pub fn wall_ns() -> i64 {
    read(ClockId::Realtime)
}

/// Since some point in the past; never goes back.
pub fn monotonic_ns() -> i64 {
    read(ClockId::Monotonic)
}

/// Processor time of the process.
pub fn process_time_ns() -> i64 {
    read(ClockId::ProcessCPUTime)
}

/// Sleeps until the clock of `monotonic_ns` shows a time; a signal wakes it.
pub fn sleep_until(monotonic_ns: i64) -> HostResult<()> {
    let time = timespec_of(monotonic_ns);
    let (clock, flags) = (libc::CLOCK_MONOTONIC, libc::TIMER_ABSTIME);
    // SAFETY: a time that is read. The result is the number of the error itself.
    check_errno(unsafe { libc::clock_nanosleep(clock, flags, &time, std::ptr::null_mut()) })
}

fn timespec_of(ns: i64) -> libc::timespec {
    libc::timespec { tv_sec: ns.div_euclid(1_000_000_000), tv_nsec: ns.rem_euclid(1_000_000_000) }
}

system_calls! {
    fn read_clock_into(clock: i32, time: &mut libc::timespec) -> () = libc::clock_gettime(clock, time);
    fn resolution_into(clock: i32, time: &mut libc::timespec) -> () = libc::clock_getres(clock, time);
    fn set_clock(clock: i32, time: &libc::timespec) -> () = libc::clock_settime(clock, time);
}

/// What any of the system's clocks shows.
pub fn read_clock(clock: i32) -> HostResult<libc::timespec> {
    let mut time = timespec_of(0);
    read_clock_into(clock, &mut time)?;
    Ok(time)
}

/// How fine a clock is.
pub fn resolution(clock: i32) -> HostResult<libc::timespec> {
    let mut time = timespec_of(0);
    resolution_into(clock, &mut time)?;
    Ok(time)
}

/// The clock of a thread's processor time.
pub fn clock_of_thread(thread: u64) -> HostResult<i32> {
    let mut clock = 0;
    // SAFETY: the caller passes the number of a thread that runs; the result is the number of the error itself.
    check_errno(unsafe { libc::pthread_getcpuclockid(thread, &mut clock) })?;
    Ok(clock)
}

/// A time in parts.
pub type CalendarTime = libc::tm;

/// A time in UTC.
pub fn utc_time(seconds: i64) -> HostResult<CalendarTime> {
    let mut parts = MaybeUninit::<CalendarTime>::zeroed();
    // SAFETY: a number that is read and a struct that is filled.
    let is_done = unsafe { !libc::gmtime_r(&seconds, parts.as_mut_ptr()).is_null() };
    // SAFETY: zeros, or what the call wrote.
    if is_done { Ok(unsafe { parts.assume_init() }) } else { Err(HostError::last()) }
}

/// A time in the zone of the environment's `TZ`.
pub fn local_time(seconds: i64) -> HostResult<CalendarTime> {
    let mut parts = MaybeUninit::<CalendarTime>::zeroed();
    // SAFETY: a number that is read and a struct that is filled.
    let is_done = unsafe { !libc::localtime_r(&seconds, parts.as_mut_ptr()).is_null() };
    // SAFETY: zeros, or what the call wrote.
    if is_done { Ok(unsafe { parts.assume_init() }) } else { Err(HostError::last()) }
}

/// The name of the zone of a time.
pub fn zone_name(time: &CalendarTime) -> Vec<u8> {
    if time.tm_zone.is_null() {
        return Vec::new();
    }
    // SAFETY: the C library's names of zones end in NUL and stay.
    unsafe { CStr::from_ptr(time.tm_zone).to_bytes().to_vec() }
}

/// The seconds of a local time; `None`: there is no such time.
pub fn seconds_of_local(mut time: CalendarTime) -> Option<i64> {
    time.tm_wday = -1;
    // SAFETY: a struct, which is made regular.
    let seconds = unsafe { libc::mktime(&mut time) };
    // The day of the week is set where the time is one, −1 seconds included.
    (seconds != -1 || time.tm_wday != -1).then_some(seconds)
}

/// Looks at the environment's `TZ` anew.
pub fn update_zone() {
    // SAFETY: takes nothing; the environment is not written to meanwhile.
    unsafe { tzset() };
}

unsafe extern "C" {
    fn tzset();
}

/// A time as a format of C says; not if there is no end to it.
pub fn format_time(format: &CStr, time: &CalendarTime) -> Option<Vec<u8>> {
    let mut size = 256.max(format.count_bytes());
    loop {
        let mut buffer = vec![0u8; size];
        // SAFETY: memory of that size, a string that ends in NUL, and a time whose zone's name does.
        let len = unsafe { libc::strftime(buffer.as_mut_ptr().cast(), size, format.as_ptr(), time) };
        // No text may be right, too: longer than 256 times the format none is.
        if len > 0 || size >= 256 * format.count_bytes() {
            buffer.truncate(len);
            return Some(buffer);
        }
        size = size.checked_mul(2)?;
    }
}

/// Processor time of the thread that asks.
pub fn thread_time_ns() -> i64 {
    read(ClockId::ThreadCPUTime)
}

/// Another thread, looked at from outside.
#[derive(Clone, Copy)]
pub struct ThreadClock {
    #[cfg(target_os = "linux")]
    id: libc::clockid_t,
}

#[cfg(target_os = "linux")]
impl ThreadClock {
    /// Of the thread that asks.
    pub fn of_this_thread() -> Option<ThreadClock> {
        let mut id = 0;
        // SAFETY: the thread is alive, and `id` is written to before the call is over.
        let status = unsafe { libc::pthread_getcpuclockid(libc::pthread_self(), &mut id) };
        (status == 0).then_some(ThreadClock { id })
    }

    /// Is the thread on a processor at this moment? `false`: it is blocked, or waits for one.
    pub fn is_running(self) -> bool {
        self.read() != self.read()
    }

    fn read(self) -> Option<(i64, i64)> {
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: a clock that does not exist any more is an error; else `time` is written to.
        let status = unsafe { libc::clock_gettime(self.id, &mut time) };
        (status == 0).then_some((time.tv_sec, time.tv_nsec))
    }
}

#[cfg(not(target_os = "linux"))]
impl ThreadClock {
    /// There is no such clock.
    pub fn of_this_thread() -> Option<ThreadClock> {
        None
    }
    pub fn is_running(self) -> bool {
        true
    }
}
