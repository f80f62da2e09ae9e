//! Which optimizer a place is given to: expected runs × what each saves, against what optimizing costs.
//!
//! ```text
//!   gain = runs ahead × instructions × (cost of an instruction now − run cost)
//!        − instructions × micro-ops an instruction × optimization cost
//! ```
//!
//! All in instructions of tier 1. How the numbers were measured: `docs/decisions/0016-who-optimizes.md`.

use crate::config::JitMode;

/// What a place that has run n times runs from then on, in n.
pub(super) const RUNS_AHEAD: f64 = 40.0;
/// Micro-ops that an instruction becomes.
pub(super) const UOPS_PER_INSTRUCTION: f64 = 2.0;

/// What an optimizer says of itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Costs {
    /// For each micro-op.
    pub optimization: f64,
    /// Of an instruction; tier 1's is 1.
    pub run: f64,
}

/// Of the VM's own backends.
pub(super) fn own_costs(mode: JitMode) -> Costs {
    match mode {
        JitMode::Cranelift => Costs { optimization: 3500.0, run: 0.2 },
        // Without cutting, which is for all programs of a process.
        JitMode::Stencil => Costs { optimization: 650.0, run: 0.25 },
        // It is there to be compared with, and not faster than tier 1.
        JitMode::Uops | JitMode::Off => Costs { optimization: 600.0, run: 10.0 },
    }
}

impl Costs {
    /// What is gained, all in all, by having the place optimized; less than nothing: it does not pay. An instruction costs
    /// `now` without it.
    pub fn gain(self, now: f64, runs: u64, n_instructions: u32) -> f64 {
        let per_instruction = runs as f64 * RUNS_AHEAD * (now - self.run);
        f64::from(n_instructions) * (per_instruction - UOPS_PER_INSTRUCTION * self.optimization)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warm_place_gets_what_is_quickly_made_and_a_hot_one_what_runs_fast() {
        let quick = Costs { optimization: 10.0, run: 0.6 };
        let fast = Costs { optimization: 4000.0, run: 0.1 };
        let best = |runs| if quick.gain(1.0, runs, 30) > fast.gain(1.0, runs, 30) { "quick" } else { "fast" };
        assert!(quick.gain(1.0, 1, 30) < 0.0 && fast.gain(1.0, 100, 30) < 0.0);
        assert_eq!(best(100), "quick");
        assert_eq!(best(100_000), "fast");
        // Something that runs fast already is not worth as much more.
        assert!(fast.gain(0.6, 300, 30) < 0.0 && fast.gain(1.0, 300, 30) > 0.0);
    }
}
