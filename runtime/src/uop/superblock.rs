//! Superblocks: SSA micro-ops with one entry and many exits, and the snapshots that say how to leave.
//!
//! A superblock is one flat list of micro-ops. Labels and jumps split it into blocks:
//!
//! ```text
//!   load_frame / load_home …          entry block: what the root frame or the parent's homes hold
//!   guards, preamble …
//!   loop_start                        head of the peeled loop (at most one)
//!   phi …                             loop-carried values, at once after the label
//!   body …
//!   jump_loop(values…)                every block ends in exactly one of jump_loop, jump_entry, jump_executor,
//!                                     exit_trace, finish_return, finish_generator
//!   side_entry exit=x3                a fused side trace: entered from the guards whose exit is x3
//!   …                                 may use every value that is defined before the first guard with exit x3, in
//!   jump_loop(values…)                the block that the guard stands in and the blocks that dominate it
//! ```

use super::{ExitIdx, Kind, Op, SnapshotIdx, UopIdx};
use smallvec::SmallVec;

/// One micro-op: what it does, on what, and where it leaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Uop {
    pub op: Op,
    pub inputs: SmallVec<[UopIdx; 3]>,
    /// Set exactly where the op's row says that it can leave.
    pub exit: Option<ExitIdx>,
}

/// How an exit came about, and with that where it leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExitKind {
    /// A guard that is expected to fail some time; counted, stitched when hot.
    Side,
    /// A guard that should never fail; to tier 1, not counted.
    Deopt,
    /// A Python exception was raised by the instruction at the snapshot's `ip`; counted, stitched to its handler when hot.
    Error,
    /// Signals, lock requests, finalizers: handled, then tier 1.
    Pending,
    /// A call, return or resume went elsewhere than recorded.
    Dynamic,
}

impl ExitKind {
    /// Counted, and joined to a side trace when it is hot.
    pub fn is_counted(self) -> bool {
        match self {
            ExitKind::Side | ExitKind::Dynamic | ExitKind::Error => true,
            ExitKind::Deopt | ExitKind::Pending => false,
        }
    }
}

/// A place where a superblock leaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Exit {
    pub kind: ExitKind,
    pub snapshot: SnapshotIdx,
}

/// How to rebuild tier 1's frames: the root frame first, then those of inlined calls, the running one last.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    pub frames: Vec<SnapshotFrame>,
}

/// One frame of a snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct SnapshotFrame {
    /// The code object's address.
    pub code: u64,
    /// Instruction index at which tier 1 goes on (running frame) or to which the callee returns.
    pub ip: u32,
    /// What kind of frame to make for an inlined call; the root frame exists already.
    pub origin: FrameOrigin,
    /// Stack depth in values (without locals and cells).
    pub stack_depth: u16,
    /// Slots that differ from what the frame in memory holds: (slot, value). For inlined calls: every bound slot. A
    /// resumed generator's frame is in memory.
    /// A value may be unboxed (of any kind): leaving boxes it.
    ///
    /// From `ENTRIES` on stand no slots but the entries that an inlined call has in tracebacks of exceptions that it has caught.
    pub slots: Vec<(u16, UopIdx)>,
}

impl SnapshotFrame {
    pub const ENTRIES: u16 = 0xFF00;
}

/// What becomes of what a call returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallKind {
    /// It is the result.
    Plain,
    /// It is None, from a class's `__init__`; the result is the instance that the caller's frame has in the slot above its
    /// stack's top.
    Init,
    /// The caller's instruction, whose operands are on its stack still, makes its result of it.
    Operator,
}

impl CallKind {
    pub const ALL: [CallKind; 3] = [CallKind::Plain, CallKind::Init, CallKind::Operator];

    /// In text.
    pub fn name(self) -> &'static str {
        match self {
            CallKind::Plain => "call",
            CallKind::Init => "init",
            CallKind::Operator => "operator",
        }
    }
    pub fn from_name(name: &str) -> Option<CallKind> {
        CallKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// How the frame came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameOrigin {
    /// The frame in which the executor was entered.
    Root,
    /// A call of this function (a value of the superblock).
    Call { function: UopIdx, kind: CallKind },
    /// A resumed generator (a value of the superblock); its frame lies in it.
    Resume { generator: UopIdx },
}

/// Where a snapshot's value is when an exit is taken; made by `assign_homes` when the optimizer is done.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A boxed constant.
    Const(u64),
    /// Home slot holding a raw word of this kind: Int is an i64, Float its bits, Bool 0 or 1, Value a boxed word. The
    /// boxed form is made when it is needed.
    Home(u16, Kind),
    Alloc(Box<SunkAllocation>),
}

/// A sunk allocation is made from its inputs, in the order of its micro-op's inputs. The same micro-op is made once a snapshot,
/// however often the snapshot mentions it.
#[derive(Clone, Debug, PartialEq)]
pub struct SunkAllocation {
    pub uop: UopIdx,
    pub op: Op,
    pub inputs: Box<[Source]>,
}

impl Source {
    pub fn alloc(uop: UopIdx, op: Op, inputs: Box<[Source]>) -> Source {
        Source::Alloc(Box::new(SunkAllocation { uop, op, inputs }))
    }
}

/// A superblock, in any stage from recorded to ready for a backend.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Superblock {
    pub uops: Vec<Uop>,
    pub exits: Vec<Exit>,
    pub snapshots: Vec<Snapshot>,
    /// Per micro-op: the home that backends write its result to at once. Empty until `assign_homes`.
    pub homes: Vec<Option<u16>>,
    /// Per snapshot: sources, parallel to `frames[..].slots`, and those of `Call`/`Resume` origins first per frame.
    /// Empty until `assign_homes`.
    pub sources: Vec<Vec<FrameSources>>,
    /// Allocations that only snapshots see: not made on the way, made again by exits.
    pub sunk: Vec<bool>,
    /// Number of homes in use, those of `load_home` included.
    pub n_homes: u16,
    /// Heap facts that the peeled loop took over from the preamble: a side trace that breaks one may not jump to
    /// `loop_start`.
    pub loop_facts: Vec<LoopFact>,
    /// Slots of the root frame that the loop changes to the same value in every iteration: it starts with them so.
    pub loop_slots: Vec<(u16, UopIdx)>,
    /// The heap locations that the loop's phis of slot `HEAP_PHI` carry, in their order (the owner may be a phi itself).
    /// Empty once dead code was removed.
    pub promoted: Vec<LoopFact>,
    /// Shapes that every jump to the loop makes sure of, of what slots' phis carry. Empty once dead code was removed.
    pub carried_shapes: Vec<(u16, u32)>,
    /// Per exit: what it was before a pass copied it. Empty where no pass did.
    pub origins: Vec<ExitOrigin>,
}

/// What an exit was before it was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExitOrigin {
    /// Of the recorded trace, in the first iteration.
    Preamble(ExitIdx),
    /// Of the recorded trace, in the loop.
    Loop(ExitIdx),
    /// Of this executor's own superblock.
    Executor(u32, ExitIdx),
}

fn capacity_bytes<T>(list: &Vec<T>) -> usize {
    list.capacity() * size_of::<T>()
}

impl Superblock {
    /// Gives back the room that was taken to grow: it is finished.
    pub fn shrink(&mut self) {
        self.uops.shrink_to_fit();
        self.exits.shrink_to_fit();
        self.snapshots.shrink_to_fit();
        self.homes.shrink_to_fit();
        self.sunk.shrink_to_fit();
        self.origins.shrink_to_fit();
        for snapshot in &mut self.snapshots {
            snapshot.frames.shrink_to_fit();
            snapshot.frames.iter_mut().for_each(|frame| frame.slots.shrink_to_fit());
        }
        for sources in &mut self.sources {
            sources.shrink_to_fit();
            sources.iter_mut().for_each(|frame| frame.slots.shrink_to_fit());
        }
    }

    /// What it holds on the heap, but for allocations that exits make and for long lists of inputs.
    pub fn held_bytes(&self) -> usize {
        let of_snapshots = self.snapshots.iter().map(|snapshot| {
            capacity_bytes(&snapshot.frames)
                + snapshot.frames.iter().map(|frame| capacity_bytes(&frame.slots)).sum::<usize>()
        });
        let of_sources = self.sources.iter().map(|frames| {
            capacity_bytes(frames) + frames.iter().map(|frame| capacity_bytes(&frame.slots)).sum::<usize>()
        });
        capacity_bytes(&self.uops)
            + capacity_bytes(&self.exits)
            + capacity_bytes(&self.snapshots)
            + capacity_bytes(&self.homes)
            + capacity_bytes(&self.sources)
            + capacity_bytes(&self.sunk)
            + capacity_bytes(&self.loop_facts)
            + capacity_bytes(&self.origins)
            + of_snapshots.sum::<usize>()
            + of_sources.sum::<usize>()
    }

    pub fn uop(&self, idx: UopIdx) -> &Uop {
        &self.uops[idx.index()]
    }

    /// The snapshot that an exit leaves by.
    pub fn exit_snapshot(&self, exit: ExitIdx) -> &Snapshot {
        &self.snapshots[self.exits[exit.index()].snapshot.index()]
    }

    /// Kind of the value that a micro-op defines; `None` where it defines none.
    pub fn kind(&self, idx: UopIdx) -> Option<Kind> {
        self.uop(idx).op.output_kind()
    }

    /// Index of the `loop_start`, if there is one.
    pub fn loop_start(&self) -> Option<usize> {
        self.uops.iter().position(|uop| uop.op == Op::LoopStart {})
    }
}

impl Snapshot {
    /// Every value that the snapshot mentions: per frame the origin's, then those of the slots.
    pub fn values(&self) -> impl Iterator<Item = UopIdx> + '_ {
        self.frames
            .iter()
            .flat_map(|frame| frame.origin.value().into_iter().chain(frame.slots.iter().map(|slot| slot.1)))
    }

    /// The same, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut UopIdx> + '_ {
        self.frames.iter_mut().flat_map(|frame| {
            frame.origin.value_mut().into_iter().chain(frame.slots.iter_mut().map(|slot| &mut slot.1))
        })
    }
}

impl FrameOrigin {
    /// The function or generator; `None` for the root frame.
    pub fn value(&self) -> Option<UopIdx> {
        match *self {
            FrameOrigin::Root => None,
            FrameOrigin::Call { function, .. } => Some(function),
            FrameOrigin::Resume { generator } => Some(generator),
        }
    }

    pub fn value_mut(&mut self) -> Option<&mut UopIdx> {
        match self {
            FrameOrigin::Root => None,
            FrameOrigin::Call { function, .. } => Some(function),
            FrameOrigin::Resume { generator } => Some(generator),
        }
    }
}

/// Sources of one snapshot frame.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameSources {
    /// Of the origin's function or generator; `None` for the root frame.
    pub origin: Option<Source>,
    /// Parallel to the frame's `slots`.
    pub slots: Vec<Source>,
}

/// A memory location whose content the loop assumes not to change.
#[derive(Clone, Debug, PartialEq)]
pub struct LoopFact {
    /// The load that was hoisted (its op names the field or slot).
    pub load: Op,
    pub owner: UopIdx,
}
