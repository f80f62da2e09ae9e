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
