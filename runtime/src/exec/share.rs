//! The compile thread's share of a processor that the program's thread would run on.
//!
//! Where no other processor is free, the system has both threads take turns of some milliseconds, in which a short
//! program could have ended. So between two jobs the compile thread looks whether the program is running; if it is not,
//! it is kept waiting, and the compile thread stays away for a multiple of the time that it had. (A program that waits
//! for something else looks the same. Its compilations take longer, while it does not need them.)

use crate::host::{self, ThreadClock};
use std::time::{Duration, Instant};

/// How much longer than itself it lets a young program run.
const SHARE_OF_YOUNG: u32 = 4;
/// So long a program is young. What has run for longer is likely to run for long still, and gains by being compiled.
const YOUTH: Duration = Duration::from_millis(5);
/// It does not stay away for less.
const MIN_PAUSE: Duration = Duration::from_millis(1);

/// What the compile thread knows of its use of processors.
pub struct Share {
    program: Option<ThreadClock>,
    began: Instant,
    /// Its own processor time, when it last stayed away or saw the program run.
    settled: Duration,
}

impl Share {
    /// Of a compile thread, not begun yet, whose program runs on the thread that asks.
    pub fn beside_this_thread() -> Share {
        Share { program: ThreadClock::of_this_thread(), began: Instant::now(), settled: Duration::ZERO }
    }

    /// How long the compile thread, which asks, should stay away before it begins.
    pub fn first_pause(&self) -> Duration {
        if self.is_program_running() { Duration::ZERO } else { MIN_PAUSE }
    }

    /// How long it should stay away after a job.
    pub fn pause(&mut self) -> Duration {
        let used = Duration::from_nanos(host::thread_time_ns() as u64);
        let owed = used.saturating_sub(self.settled);
        let pause = if self.is_program_running() {
            Duration::ZERO
        } else {
            let youth_left = YOUTH.saturating_sub(self.began.elapsed());
            owed.max(youth_left.min(owed * SHARE_OF_YOUNG))
        };
        if !pause.is_zero() && pause < MIN_PAUSE {
            return Duration::ZERO;
        }
        self.settled = used;
        pause
    }

    fn is_program_running(&self) -> bool {
        self.program.is_none_or(ThreadClock::is_running)
    }
}
