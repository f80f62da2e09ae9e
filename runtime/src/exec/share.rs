//! The compile thread's share of a processor that the program's thread would run on.
//!
//! Where no other processor is free, the system has both threads take turns of some milliseconds, in which a short
//! program could have ended. So between two jobs the compile thread looks whether the program is running; if it is not,
//! it is kept waiting, and the compile thread stays away for a multiple of the time that it had. (A program that waits
//! for something else looks the same. Its compilations take longer, while it does not need them.)

use crate::host::{self, ThreadClock};
use std::time::Duration;

/// How much longer the program gets a processor that both want.
const PROGRAM_SHARE: u64 = 4;

/// It does not stay away for less.
const MIN_PAUSE_NS: u64 = 1_000_000;

/// What the compile thread knows of its use of processors.
pub struct Share {
    program: Option<ThreadClock>,
    /// Its own processor time, when it was last looked at.
    used_before_ns: u64,
    /// Of that, what it has perhaps kept the program waiting for.
    owed_ns: u64,
}

impl Share {
    /// Of a compile thread, not begun yet, whose program runs on the thread that asks.
    pub fn beside_this_thread() -> Share {
        // It owes a pause from the start: a program that ends soon gains nothing by what it would do.
        Share { program: ThreadClock::of_this_thread(), used_before_ns: 0, owed_ns: MIN_PAUSE_NS / PROGRAM_SHARE }
    }

    /// How long the compile thread, which asks, should stay away now.
    pub fn pause(&mut self) -> Duration {
        let used_ns = host::thread_time_ns() as u64;
        self.owed_ns += used_ns - std::mem::replace(&mut self.used_before_ns, used_ns);
        if self.program.is_none_or(ThreadClock::is_running) {
            self.owed_ns = 0;
        }
        match self.owed_ns * PROGRAM_SHARE {
            ..MIN_PAUSE_NS => Duration::ZERO,
            pause_ns => {
                self.owed_ns = 0;
                Duration::from_nanos(pause_ns)
            }
        }
    }
}
