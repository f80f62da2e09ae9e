//! Counters of the JIT, as `--stats` prints them.

use super::taken_out::Reason;
use crate::backend::Made;
use crate::trace::Abort;
use hashbrown::HashMap;
use std::fmt;
use std::time::Duration;

/// Most places that are shown.
const MAX_PLACES: usize = 12;

/// What the JIT did.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    /// Recordings begun.
    pub attempts: u64,
    pub aborts: HashMap<Abort, u64>,
    /// The same by where that was, kept where instructions are counted.
    pub abort_places: HashMap<(Abort, String), u64>,
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
    /// The same by reason.
    pub taken_out: HashMap<Reason, u64>,
    /// The same by reason and by what changed, kept where instructions are counted.
    pub things: HashMap<String, u64>,
    /// Trees freed to make room for others.
    pub evicted: u64,
    /// Instructions that tier 1 and the recorder ran, and those that ran inside executors; counted only where asked for.
    pub tier1_steps: u64,
    pub executor_steps: u64,
    /// Optimizing and compiling were another thread's.
    pub is_background: bool,
    pub uops_compiled: u64,
    pub code_bytes: u64,
    /// What executors hold beside their code, when it was last asked for.
    pub held_bytes: u64,
    /// Micro-ops that were linked from stencils.
    pub uops_linked: u64,
    /// Stencils that were cut.
    pub stencils_cut: u64,
    /// Executors compiled as a whole, since there is no stencil for something in them.
    pub given_over: u64,
    pub recording_time: Duration,
    pub optimizing_time: Duration,
    pub compiling_time: Duration,
    pub installing_time: Duration,
    /// Of the time that compiling took.
    pub cutting_time: Duration,
    pub linking_time: Duration,
}

impl Stats {
    /// What is counted, by the names that programs see.
    pub fn counters(&self) -> [(&'static str, u64); 20] {
        [
            ("attempts", self.attempts),
            ("created", self.loops + self.entries + self.returns + self.sides + self.fused),
            ("loops", self.loops),
            ("entries", self.entries),
            ("returns", self.returns),
            ("sides", self.sides),
            ("fused", self.fused),
            ("stitched", self.stitched),
            ("entered", self.entered),
            ("exits_taken", self.exits_taken),
            ("invalidated", self.invalidated),
            ("evicted", self.evicted),
            ("tier1_steps", self.tier1_steps),
            ("executor_steps", self.executor_steps),
            ("uops_compiled", self.uops_compiled),
            ("code_bytes", self.code_bytes),
            ("held_bytes", self.held_bytes),
            ("uops_linked", self.uops_linked),
            ("stencils_cut", self.stencils_cut),
            ("given_over", self.given_over),
        ]
    }

    /// Counts how an executor's code was made.
    pub fn count_made(&mut self, made: Made) {
        match made {
            Made::Whole => {}
            Made::Linked(linking) => {
                self.uops_linked += u64::from(linking.n_uops);
                self.stencils_cut += u64::from(linking.n_cut);
                self.cutting_time += linking.cutting_time;
                self.linking_time += linking.linking_time;
            }
            Made::GivenOver => self.given_over += 1,
        }
    }

    /// What took how long.
    pub fn times(&self) -> [(&'static str, Duration); 6] {
        [
            ("recording_seconds", self.recording_time),
            ("optimizing_seconds", self.optimizing_time),
            ("compiling_seconds", self.compiling_time),
            ("installing_seconds", self.installing_time),
            ("cutting_seconds", self.cutting_time),
            ("linking_seconds", self.linking_time),
        ]
    }
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
            "compiled        {} uops, {} bytes of code, {} ns a uop; executors hold {} bytes beside it",
            self.uops_compiled, self.code_bytes, per_uop, self.held_bytes
        )?;
        if self.uops_linked + self.given_over > 0 {
            writeln!(
                f,
                "linked          {} uops from stencils, {} ns a uop; {} executors given to Cranelift",
                self.uops_linked,
                self.linking_time.as_nanos() as u64 / self.uops_linked.max(1),
                self.given_over
            )?;
            writeln!(
                f,
                "cut             {} stencils, {} µs a stencil",
                self.stencils_cut,
                self.cutting_time.as_micros() as u64 / self.stencils_cut.max(1)
            )?;
        }
        writeln!(
            f,
            "time            recording {:?}, installing {:?}; optimizing {:?}, compiling {:?}{}",
            self.recording_time,
            self.installing_time,
            self.optimizing_time,
            self.compiling_time,
            if self.is_background { " on the compile thread" } else { "" }
        )?;
        for reason in Reason::ALL {
            if let Some(n) = self.taken_out.get(reason) {
                writeln!(f, "taken out       {n} × {}", reason.message())?;
            }
        }
        let named = self.things.iter().filter(|(thing, _)| thing.contains(": "));
        let mut things: Vec<_> = named.collect();
        things.sort_by(|(a, n), (b, m)| (m, a).cmp(&(n, b)));
        for (thing, n) in things.into_iter().take(MAX_PLACES) {
            writeln!(f, "changed         {n} executors: {thing}")?;
        }
        for abort in Abort::ALL {
            if let Some(n) = self.aborts.get(abort) {
                writeln!(f, "aborted         {n} × {}", abort.message())?;
            }
        }
        let mut places: Vec<_> = self.abort_places.iter().collect();
        places.sort_by(|(a, n), (b, m)| (m, &a.1, a.0.message()).cmp(&(n, &b.1, b.0.message())));
        for ((abort, place), n) in places.into_iter().take(MAX_PLACES) {
            writeln!(f, "gave up         {n} times at {place}: {}", abort.message())?;
        }
        Ok(())
    }
}
