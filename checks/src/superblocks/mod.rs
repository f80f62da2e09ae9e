//! Random superblocks over every row of the table of micro-ops, on a VM with real objects: the uop interpreter against
//! compiled code. What both leave behind (homes, frames rebuilt from the exit, all that can be reached) has to be the same.

pub mod chains;
pub mod choices;
pub mod coverage;
pub mod generate;
pub mod minimize;
pub mod needs;
pub mod picture;
mod steps;
mod values;
pub mod world;

use coverage::Coverage;
use generate::{Case, Ending, generate};
use minimize::{Check, minimize};
use smallvec::SmallVec;
use std::fmt;
use stitch_runtime::backend::MAX_HOMES;
use stitch_runtime::opt::{self, AlwaysLeaves, Emitter, LoopClose, LoopHead, Passes, homes};
use stitch_runtime::uop::{Op, Superblock, Uop, UopIdx, verify};
use world::{Outcome, Start, World, shapes};

/// Two runs that should have ended alike and did not.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What was compared, and where it differs.
    pub what: String,
    /// The superblocks, in text.
    pub superblocks: Vec<String>,
    pub start: Start,
}

impl Failure {
    /// What was compared, without where it differs.
    pub fn kind(&self) -> &str {
        let end = self.what.find(|c: char| c.is_ascii_digit()).unwrap_or(self.what.len());
        &self.what[..end]
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{:?}", self.what, self.start)?;
        self.superblocks.iter().try_for_each(|superblock| writeln!(f, "----\n{superblock}"))
    }
}

/// Runs cases, and counts what they cover.
pub struct Checker {
    pub world: World,
    pub coverage: Coverage,
}

impl Checker {
    /// `stress`: the heap is collected at every allocation.
    pub fn new(stress: bool) -> Checker {
        Checker { world: World::new(stress), coverage: Coverage::default() }
    }

    /// Checks the case that these bytes stand for; a failure is of one made small.
    pub fn check(&mut self, bytes: &[u8], check: Check) -> Result<(), Failure> {
        let case = generate(&self.world.facts, bytes);
        check(self, &case).map_err(|failure| minimize(self, bytes, check).unwrap_or(failure))
    }

    /// The superblocks that a case gives backends: as recorded, and optimized.
    fn finished(&self, case: &Case) -> Vec<Superblock> {
        let mut finished = vec![plain(case)];
        finished[0].sunk.clear();
        homes::assign_homes(&mut finished[0]);
        finished.extend(optimized(case, self.world.facts.root.code_object));
        finished
    }

    /// Runs a case's superblocks in the uop interpreter and compiled.
    pub fn check_backends(&mut self, case: &Case) -> Result<(), Failure> {
        for superblock in self.finished(case) {
            self.compare_backends(&superblock, &case.start)?;
        }
        Ok(())
    }

    fn compare_backends(&mut self, superblock: &Superblock, start: &Start) -> Result<(), Failure> {
        let failure = |what: String| Failure { what, superblocks: vec![superblock.to_string()], start: start.clone() };
        verify::verify(superblock).map_err(|error| failure(error.to_string()))?;
        if superblock.exits.len() > stitch_runtime::backend::MAX_EXITS || usize::from(superblock.n_homes) > MAX_HOMES {
            return Ok(());
        }
        let (expected, path) = self.interpret(superblock, start);
        let found = self.world.run_compiled(superblock, start).map_err(failure)?;
        if expected.status != found.status {
            return Err(failure(format!("{:?} interpreted, {:?} compiled", expected.status, found.status)));
        }
        if expected.picture != found.picture {
            return Err(failure(format!("state differs {}", expected.picture.difference(&found.picture))));
        }
        if expected.homes != found.homes {
            return Err(failure(format!("homes differ {}", expected.homes.difference(&found.homes))));
        }
        self.coverage.ran(superblock, &path, found.status, true);
        Ok(())
    }

    /// Runs in the uop interpreter, and takes down what ran.
    pub fn interpret(&mut self, superblock: &Superblock, start: &Start) -> (Outcome, Vec<UopIdx>) {
        let mut path = Vec::new();
        let outcome = self.world.interpret(superblock, start, &mut |idx| path.push(idx));
        self.coverage.ran(superblock, &path, outcome.status, false);
        (outcome, path)
    }
}

/// The trace as it was recorded, ending where it ends: a loop goes back to its start through the frame.
pub fn plain(case: &Case) -> Superblock {
    let mut superblock = case.trace.clone();
    if let Ending::Loop(slots) = &case.ending {
        let mut push = |op: Op, inputs: &[UopIdx]| {
            superblock.uops.push(Uop { op, inputs: SmallVec::from_slice(inputs), exit: None });
        };
        for &(slot, value) in slots {
            push(Op::StoreFrame { slot }, &[value]);
        }
        push(Op::JumpEntry {}, &[]);
    }
    superblock
}

/// The trace through the reducers: what came of it, and of each of its values.
pub fn emitted(case: &Case) -> Result<(Emitter, LoopClose), AlwaysLeaves> {
    let mut emitter = Emitter::new(shapes());
    let values = emitter.emit_all(&case.trace)?;
    let slots = match &case.ending {
        Ending::Loop(slots) => slots.iter().map(|(slot, value)| (*slot, values[value.index()])).collect(),
        Ending::Linear => Vec::new(),
    };
    Ok((emitter, LoopClose { slots, head: None }))
}

/// Optimized as it would be; `None`: it is sure to leave, and would not be recorded.
fn optimized(case: &Case, code_object: u64) -> Option<Superblock> {
    let (emitter, mut close) = emitted(case).ok()?;
    close.head = Some(LoopHead { code: code_object, ip: 0, stack_depth: 0 });
    let passes = &mut Passes::default();
    Some(match &case.ending {
        Ending::Loop(_) => opt::optimize_loop(&emitter, &close, passes),
        Ending::Linear => opt::optimize_linear(emitter.superblock, passes),
    })
}

#[cfg(test)]
mod tests;
