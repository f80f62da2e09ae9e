//! What the stress knobs do to executors: forced exits, invalidation by chance, polls that always find something.

use super::Vm;
use super::taken_out::Reason;
use crate::debug::stress::ForcedExit;
use std::sync::atomic::Ordering;

/// Random exits are at most so many guards apart.
const MAX_RANDOM_PERIOD: u32 = 16;

/// A stream of pseudo-random numbers, and when it next takes an executor out.
#[derive(Debug)]
pub(super) struct StressState {
    is_on: bool,
    random: u64,
    n_entries: u64,
    invalidate_at: u64,
}

impl StressState {
    pub(super) fn new(stress: &crate::debug::stress::Stress) -> StressState {
        let seed = stress.random_exit.or(stress.invalidate);
        StressState { is_on: seed.is_some(), random: u64::from(seed.unwrap_or(0)) | 1, n_entries: 0, invalidate_at: 0 }
    }

    fn next(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }
}

impl Vm {
    /// Sets what the knobs ask for. Once, as the VM starts.
    pub(crate) fn apply_stress(&mut self) {
        let stress = &self.jit.config.stress;
        if let Some(every) = stress.exit {
            self.forced_exit = ForcedExit::every(every.max(2));
        } else if let Some(n) = stress.exit_at {
            self.forced_exit = ForcedExit::at(n.max(1));
        } else if stress.random_exit.is_some() {
            self.forced_exit = ForcedExit::every(MAX_RANDOM_PERIOD);
        }
        self.pending.store(u32::from(stress.signals), Ordering::Release);
    }

    /// An executor has left to tier 1.
    #[inline]
    pub(crate) fn stress_executors(&mut self) {
        if self.jit.stress.is_on {
            self.stress_executors_now();
        }
    }

    #[inline(never)]
    fn stress_executors_now(&mut self) {
        let stress = &mut self.jit.stress;
        let random = stress.next();
        stress.n_entries += 1;
        if self.jit.config.stress.random_exit.is_some() {
            self.forced_exit.period = 1 + random as u32 % MAX_RANDOM_PERIOD;
        }
        let is_due = stress.n_entries > stress.invalidate_at;
        if self.jit.config.stress.invalidate.is_some() && is_due && !self.jit.executors.is_empty() {
            // Ever rarer, so that a long run ends: each time means new recordings.
            stress.invalidate_at = stress.n_entries + random % (4 + stress.n_entries / 2);
            let victim = (random >> 32) % self.jit.executors.len() as u64;
            self.invalidate_executor(victim as u32, &Reason::Stress.into());
        }
    }
}
