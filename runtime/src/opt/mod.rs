//! The optimizer: reducers that the recorder emits through, and passes over finished superblocks.
//!
//! ```text
//!   recorder ─► Emitter (fold, guards, loads) ─► peel ─► ranges ─► sink ─► dead ─► homes ─► backend
//!                                                └─ not for traces without a loop
//! ```
//!
//! `fuse` joins a root and its hot side traces into one superblock, which then goes through `ranges … homes` again.
//! Nothing here touches the heap: constants are words, shapes are numbers.

pub mod dead;
pub mod emitter;
pub mod facts;
mod fold;
pub mod fuse;
mod guards;
pub mod homes;
mod loads;
pub mod peel;
pub mod ranges;
mod shared_homes;
pub mod sink;
pub mod transplant;

pub use emitter::{AlwaysLeaves, BuiltinShapes, Emitter};

use crate::uop::{Op, Superblock, UopIdx, verify};
use std::time::{Duration, Instant};

/// How a root trace comes back to its start: the root frame's slots that have another value than at the start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoopClose {
    pub slots: Vec<(u16, UopIdx)>,
    /// Where the loop's head is, so that code may be left there. Without it, fused trees are less sure of what they
    /// carry.
    pub head: Option<LoopHead>,
}

/// Where tier 1 stands at a loop's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoopHead {
    /// The code object's address.
    pub code: u64,
    pub ip: u32,
    pub stack_depth: u16,
}

/// Runs passes: times each, verifies what it leaves in debug builds, shows it to whoever dumps.
#[derive(Default)]
pub struct Passes<'d> {
    /// Time spent, per pass that ran.
    pub times: Vec<(&'static str, Duration)>,
    /// Is shown the superblock after each pass.
    pub dump: Option<Dump<'d>>,
}

/// Is shown a superblock after the pass of this name.
pub type Dump<'d> = &'d mut dyn FnMut(&'static str, &Superblock);

impl Passes<'_> {
    /// The one way to run a pass.
    pub fn run_pass<R>(
        &mut self,
        name: &'static str,
        superblock: &mut Superblock,
        pass: impl FnOnce(&mut Superblock) -> R,
    ) -> R {
        let start = Instant::now();
        let result = pass(superblock);
        self.times.push((name, start.elapsed()));
        if let Some(dump) = &mut self.dump {
            dump(name, superblock);
        }
        if cfg!(debug_assertions)
            && let Err(error) = verify::verify(superblock)
        {
            panic!("pass {name}: {error}\n{superblock}");
        }
        result
    }
}

/// Optimizes the root trace of a loop. A loop whose second iteration is sure to leave (a variable changes its type)
/// is not peeled: it goes back to its entry through the frame.
pub fn optimize_loop(emitter: &Emitter, close: &LoopClose, passes: &mut Passes) -> Superblock {
    let start = Instant::now();
    let peeled = peel::peel(emitter, close, &peel::Elsewhere::default());
    passes.times.push(("peel", start.elapsed()));
    let mut superblock = peeled.unwrap_or_else(|AlwaysLeaves| jump_to_entry(emitter.clone(), close));
    passes.run_pass("loop", &mut superblock, |_| ());
    finish(&mut superblock, passes);
    superblock
}

/// Optimizes a trace that ends in a terminator and has no loop of its own: side traces, functions.
pub fn optimize_linear(mut superblock: Superblock, passes: &mut Passes) -> Superblock {
    passes.run_pass("recorded", &mut superblock, |_| ());
    finish(&mut superblock, passes);
    superblock
}

/// The passes that every superblock goes through, fused ones included.
pub fn finish(superblock: &mut Superblock, passes: &mut Passes) {
    passes.run_pass("ranges", superblock, ranges::narrow);
    passes.run_pass("sink", superblock, sink::sink);
    passes.run_pass("dead", superblock, dead::remove_dead_uops);
    passes.run_pass("homes", superblock, homes::assign_homes);
}

fn jump_to_entry(mut emitter: Emitter, close: &LoopClose) -> Superblock {
    let boxed: Vec<_> = close.slots.iter().map(|(slot, value)| (*slot, emitter.boxed(*value))).collect();
    for (slot, value) in boxed {
        emitter.append(Op::StoreFrame { slot }, smallvec::smallvec![value], None);
    }
    emitter.append(Op::JumpEntry {}, Default::default(), None);
    emitter.superblock
}
