//! Counters of the JIT, as `--stats` prints them.

use crate::trace::Abort;
use hashbrown::HashMap;
use std::fmt;
use std::time::Duration;

/// What the JIT did.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    /// Recordings begun.
    pub attempts: u64,
    pub aborts: HashMap<Abort, u64>,
    pub loops: u64,
    pub entries: u64,
    /// Executors of places that calls return to.
    pub returns: u64,
    pub sides: u64,
    pub fused: u64,
    /// Exits whose jump was patched to a side trace.
    pub stitched: u64,
    /// Times Rust entered executors.
    pub entered: u64,
    /// Exits taken to tier 1.
    pub exits_taken: u64,
    pub invalidated: u64,
    /// Trees freed to make room for others.
    pub evicted: u64,
    /// Instructions that tier 1 and the recorder ran, and those that ran inside executors; counted only where asked for.
    pub tier1_steps: u64,
    pub executor_steps: u64,
    /// Optimizing and compiling were another thread's.
    pub is_background: bool,
    pub uops_compiled: u64,
    pub code_bytes: u64,
    pub recording_time: Duration,
    pub optimizing_time: Duration,
    pub compiling_time: Duration,
    pub installing_time: Duration,
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "recordings      {} begun: {} loops, {} entries, {} returns, {} side traces",
            self.attempts, self.loops, self.entries, self.returns, self.sides
        )?;
        writeln!(f, "stitched        {} exits; {} trees fused", self.stitched, self.fused)?;
        writeln!(
            f,
            "entered         {} times; {} exits to tier 1; {} executors invalidated, {} trees evicted",
            self.entered, self.exits_taken, self.invalidated, self.evicted
        )?;
        let steps = self.tier1_steps + self.executor_steps;
        let share = 100.0 * self.executor_steps as f64 / steps.max(1) as f64;
        writeln!(f, "instructions    {steps}; {share:.1} % of them inside executors")?;
        let per_uop = self.compiling_time.as_nanos() as u64 / self.uops_compiled.max(1);
        writeln!(
            f,
            "compiled        {} uops, {} bytes of code, {} ns a uop",
            self.uops_compiled, self.code_bytes, per_uop
        )?;
        writeln!(
            f,
            "time            recording {:?}, installing {:?}; optimizing {:?}, compiling {:?}{}",
            self.recording_time,
            self.installing_time,
            self.optimizing_time,
            self.compiling_time,
            if self.is_background { " on the compile thread" } else { "" }
        )?;
        for abort in Abort::ALL {
            if let Some(n) = self.aborts.get(abort) {
                writeln!(f, "aborted         {n} × {}", abort.message())?;
            }
        }
        Ok(())
    }
}
