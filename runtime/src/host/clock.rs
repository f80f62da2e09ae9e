//! Clocks, in nanoseconds.

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

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

pub fn sleep_ns(nanoseconds: u64) {
    std::thread::sleep(Duration::from_nanos(nanoseconds));
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
