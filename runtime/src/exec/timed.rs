//! Losers by time: the executor of a function's entry is timed against tier 1, at its own place, on the program's own calls.
//!
//! ```text
//!   runs ─ trial_at ─► calls by turns: a block through the executor, a block through tier 1, …  ─► stays, or is taken out
//!                      └ timed from its first call to the next block's: what callers do is the same in both ┘
//! ```
//!
//! What calls of these calls do is part of them, so only calls with no more frames below count. The shortest block of each kind
//! is compared: what else takes time (the collector, another thread) comes to few. Where an executor is far better, one block of
//! tier 1 is all that this costs.

use super::install::Purpose;
use super::taken_out::Reason;
use super::{ExecutorKind, Vm};
use crate::trace::Abort;
use std::time::Duration;

/// Runs after which an executor is timed first, and each time so many times more.
const TIMED_AFTER: u64 = 20_000;
const TIMED_AGAIN_FACTOR: u64 = 16;
/// Calls of a block.
const BLOCK: u32 = 16;
/// Blocks of each kind before it is decided that an executor loses, and that it wins clearly.
const MAX_PAIRS: u32 = 10;
const MIN_PAIRS: u32 = 2;
/// Calls that are part of others, or that come with fewer frames below, before this is given up.
const MAX_OTHERS: u32 = 20_000;

/// Who runs the next call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Executor = 0,
    Tier1 = 1,
}

/// What comes of a call that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// It is run so, and the trial goes on.
    Run(Turn),
    /// The executor is better, or it could not be found out.
    Keep,
    TakeOut,
}

/// An executor that is being timed.
#[derive(Clone, Debug)]
pub(super) struct Trial {
    /// Frames below the calls that count.
    depth: u32,
    turn: Turn,
    /// When the block began, and its calls so far.
    began: Duration,
    n_calls: u32,
    /// The shortest block of either turn, and how many pairs of blocks there were.
    shortest: [Duration; 2],
    n_pairs: u32,
    n_others: u32,
}

impl Trial {
    fn new(depth: u32, now: Duration) -> Trial {
        Trial {
            depth,
            turn: Turn::Executor,
            began: now,
            n_calls: 0,
            shortest: [Duration::MAX; 2],
            n_pairs: 0,
            n_others: 0,
        }
    }

    /// A call is reached, with so many frames below. `handicap` is added to blocks of the executor.
    fn reached(&mut self, depth: u32, now: Duration, handicap: Duration) -> Step {
        if depth != self.depth {
            self.n_others += 1;
            if self.n_others > MAX_OTHERS {
                return Step::Keep;
            }
            if depth < self.depth {
                let n_others = self.n_others;
                *self = Trial { n_others, n_calls: 1, ..Trial::new(depth, now) };
            }
            return Step::Run(self.turn);
        }
        if self.n_calls == BLOCK {
            let added = if self.turn == Turn::Executor { handicap } else { Duration::ZERO };
            let shortest = &mut self.shortest[self.turn as usize];
            *shortest = (now - self.began + added).min(*shortest);
            (self.began, self.n_calls) = (now, 0);
            match self.turn {
                Turn::Executor => self.turn = Turn::Tier1,
                Turn::Tier1 => {
                    (self.turn, self.n_pairs) = (Turn::Executor, self.n_pairs + 1);
                    if let Some(decided) = self.decide() {
                        return decided;
                    }
                }
            }
        }
        self.n_calls += 1;
        Step::Run(self.turn)
    }

    /// An executor that is less than a twentieth slower stays: so much is noise.
    fn decide(&self) -> Option<Step> {
        let [executor, tier1] = self.shortest;
        match self.n_pairs {
            MIN_PAIRS.. if executor * 5 < tier1 * 4 => Some(Step::Keep),
            MAX_PAIRS.. if executor * 20 > tier1 * 21 => Some(Step::TakeOut),
            MAX_PAIRS.. => Some(Step::Keep),
            _ => None,
        }
    }
}

/// Of executors that are timed: when, and what came of it last.
#[derive(Clone, Debug)]
pub(super) struct Timing {
    trial: Option<Box<Trial>>,
    n_trials: u32,
}

impl Timing {
    pub const NONE: Timing = Timing { trial: None, n_trials: 0 };
}

impl Vm {
    /// Runs after which an executor that is new is timed.
    pub(super) fn first_trial(&self, kind: ExecutorKind) -> u64 {
        match (kind, self.jit.config.stress.handicap) {
            (ExecutorKind::Entry, Some(_)) => 1,
            (ExecutorKind::Entry, None) if self.jit.config.mode.is_native() => TIMED_AFTER,
            _ => u64::MAX,
        }
    }

    /// Has an executor that is suspected of losing timed now, unless that was done; false: it is not of those that are.
    pub(super) fn suspect(&mut self, id: u32) -> bool {
        let executor = &mut *self.jit.executors[id as usize];
        if executor.trial_at == u64::MAX && executor.timing.n_trials == 0 {
            return false;
        }
        if executor.timing.n_trials == 0 {
            executor.trial_at = executor.trial_at.min(executor.runs);
        }
        true
    }

    /// Who runs the call that an executor was reached for, which is to be timed; `None`: nobody, for it was taken out.
    #[cold]
    #[inline(never)]
    pub(super) fn whose_turn(&mut self, id: u32) -> Option<Turn> {
        let now = self.jit.began.elapsed();
        let depth = self.depth;
        let handicap = Duration::from_micros(self.jit.config.stress.handicap.unwrap_or(0).into());
        let executor = &mut *self.jit.executors[id as usize];
        let trial = executor.timing.trial.get_or_insert_with(|| Box::new(Trial::new(depth, now)));
        match trial.reached(depth, now, handicap) {
            Step::Run(turn) => Some(turn),
            Step::Keep => {
                executor.timing = Timing { trial: None, n_trials: executor.timing.n_trials + 1 };
                executor.trial_at = executor.runs.saturating_mul(TIMED_AGAIN_FACTOR).max(TIMED_AFTER);
                Some(Turn::Executor)
            }
            Step::TakeOut => {
                executor.timing = Timing::NONE;
                let super::Executor { code, code_object, install_ip, root, .. } = *executor;
                self.invalidate_executor(root, &Reason::Slower.into());
                // SAFETY: executors' code is pinned.
                unsafe { self.gave_up(Purpose::Root, (code, code_object), install_ip, Abort::Slower) };
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls as a program makes them, each of which takes so many nanoseconds by executor and by tier 1: what comes of it, and how
    /// many ran by either.
    fn trial(mut times: impl FnMut(Turn, u32) -> u64, mut depths: impl FnMut(u32) -> u32) -> (Step, [u32; 2]) {
        let (mut now, mut n_calls) = (Duration::ZERO, [0; 2]);
        let mut trial = Trial::new(depths(0), now);
        for n in 0.. {
            match trial.reached(depths(n), now, Duration::ZERO) {
                Step::Run(turn) => {
                    n_calls[turn as usize] += 1;
                    now += Duration::from_nanos(times(turn, n));
                }
                decided => return (decided, n_calls),
            }
        }
        unreachable!("a trial ends")
    }

    #[test]
    fn what_is_clearly_better_costs_little_of_tier_1() {
        let (step, [_, tier1]) = trial(|turn, _| [100, 130][turn as usize], |_| 5);
        assert_eq!((step, tier1), (Step::Keep, MIN_PAIRS * BLOCK));
    }

    #[test]
    fn what_is_slower_is_taken_out_and_what_is_hardly_slower_stays() {
        for (executor, expected) in [(110, Step::TakeOut), (103, Step::Keep), (90, Step::Keep)] {
            let (step, [_, tier1]) = trial(|turn, _| [executor, 100][turn as usize], |_| 5);
            assert_eq!((step, tier1), (expected, MAX_PAIRS * BLOCK));
        }
    }

    #[test]
    fn blocks_that_something_else_disturbs_do_not_decide() {
        // A collection now and then, which comes to the executor more often.
        let pause = |turn, n| if n % 37 == 0 && turn == Turn::Executor { 50_000 } else { 0 };
        let (step, _) = trial(|turn, n| [90, 100][turn as usize] + pause(turn, n), |_| 5);
        assert_eq!(step, Step::Keep);
    }

    #[test]
    fn what_calls_itself_is_timed_as_a_whole() {
        // By tier 1, each call makes three more, which are reached too.
        let mut waiting = 0;
        let depths = |_: u32| {
            waiting = (waiting + 1) % 4;
            5 + waiting
        };
        let (step, n_calls) = trial(|turn, _| [120, 100][turn as usize], depths);
        assert_eq!(step, Step::TakeOut);
        assert!(n_calls[1] > MAX_PAIRS * BLOCK * 3, "{n_calls:?}");
        // Where ever fewer frames are below, nothing can be said.
        let mut depth = 4 * MAX_OTHERS;
        let ever_fewer = |_: u32| {
            depth -= 1;
            depth
        };
        assert_eq!(trial(|_, _| 100, ever_fewer).0, Step::Keep);
    }
}
