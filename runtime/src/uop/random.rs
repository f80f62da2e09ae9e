//! Random traces from a seed, for fuzzing: well-kinded loops over a small world that the optimizer may not change the
//! outcome of. Integers are kept small by masks, so that nothing leaves for overflow: a check that optimization may
//! leave out (of effect `exits`) is none that decides where a run ends. One that stands for an exception (`raises`) is.
//!
//! The world: slots 0–2 hold ints (or whatever the loop puts there), 3 and 4 floats, 5 and 6 instances of
//! `SHAPE` with `INSTANCE_SLOTS` slots, 7 a cell.

use super::{Exit, ExitIdx, ExitKind, Field, FrameOrigin, FrameSources, Helper, Kind, Op, Snapshot, SnapshotFrame};
use super::{SnapshotIdx, Source, Superblock, Uop, UopIdx};
use crate::value::Value;
use smallvec::{SmallVec, smallvec};

pub const N_SLOTS: u16 = 8;
pub const SHAPE: u32 = 300;
/// Shape of an instance before its first slot is added, and then.
pub const GROWING_SHAPES: [u32; 3] = [400, 401, 402];
pub const INSTANCE_SLOTS: u16 = 2;
pub const CELL_SHAPE: u32 = 3;
const INSTANCE_FRAME_SLOTS: std::ops::Range<u16> = 5..7;
const CELL_FRAME_SLOT: u16 = 7;
const MASK: i64 = 0xFFFF;

/// Marsaglia's xorshift64*: good enough, and the same everywhere.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % bound as u64) as usize
    }
}

/// A recorded iteration without its terminator, and the slots' values at its end.
#[derive(Clone, Debug)]
pub struct RandomLoop {
    pub trace: Superblock,
    pub slots: Vec<(u16, UopIdx)>,
}

struct Generator {
    random: Random,
    trace: Superblock,
    /// Current value of each frame slot, once loaded or set.
    slots: Vec<Option<UopIdx>>,
    /// Slots that a side trace starts with, until they are first used.
    start: Vec<Option<UopIdx>>,
    /// What was made again for a side trace's start: the parent's micro-op, and ours.
    made: Vec<(UopIdx, UopIdx)>,
    /// Number of the next snapshot's instruction.
    ip: u32,
    values: Vec<(UopIdx, Kind)>,
    exit: Option<ExitIdx>,
}

/// A loop of about `length` steps.
pub fn random_loop(seed: u64, length: usize) -> RandomLoop {
    let mut generator = Generator::new(seed, 0);
    generator.steps(length);
    let changed = generator.changed();
    RandomLoop { trace: generator.trace, slots: changed }
}

/// A side trace of about `length` steps that starts from an exit's state and goes back to executor 0. Its steps depend
/// on the seed alone, not on how the state is held. Instructions are numbered from `first_ip`.
pub fn random_side(
    seed: u64,
    length: usize,
    first_ip: u32,
    snapshot: &Snapshot,
    sources: &[FrameSources],
) -> Superblock {
    let mut generator = Generator::new(seed, first_ip);
    for ((slot, _), source) in snapshot.frames[0].slots.iter().zip(&sources[0].slots) {
        let value = generator.rebuild(source);
        let boxed = match generator.trace.kind(value).and_then(Kind::box_op) {
            Some(op) => generator.push(op, &[value], None),
            None => value,
        };
        generator.start[*slot as usize] = Some(boxed);
    }
    generator.values.clear();
    generator.steps(length);
    for (slot, value) in generator.changed() {
        generator.push(Op::StoreFrame { slot }, &[value], None);
    }
    generator.push(Op::JumpExecutor { executor: 0 }, &[], None);
    generator.trace
}

impl Generator {
    fn new(seed: u64, first_ip: u32) -> Generator {
        Generator {
            random: Random::new(seed),
            trace: Superblock::default(),
            slots: vec![None; N_SLOTS as usize],
            start: vec![None; N_SLOTS as usize],
            made: Vec::new(),
            ip: first_ip,
            values: Vec::new(),
            exit: None,
        }
    }

    /// Steps, and a poll, which bounds how often they run.
    fn steps(&mut self, length: usize) {
        for _ in 0..length {
            self.step();
        }
        let exit = self.new_exit(ExitKind::Pending);
        self.push(Op::Poll {}, &[], Some(exit));
    }

    fn rebuild(&mut self, source: &Source) -> UopIdx {
        match source {
            Source::Const(bits) => self.push(Op::ConstValue { bits: *bits }, &[], None),
            Source::Home(home, kind) => {
                let load = Op::LoadHome { home: *home, kind: *kind };
                let known = self.trace.uops.iter().position(|uop| uop.op == load);
                known.map_or_else(|| self.push(load, &[], None), |place| UopIdx(place as u32))
            }
            Source::Alloc { uop, op, inputs } => {
                if let Some(known) = self.made.iter().find(|made| made.0 == *uop) {
                    return known.1;
                }
                let mut parts = Vec::new();
                for input in inputs {
                    let part = self.rebuild(input);
                    parts.push(match self.trace.kind(part).and_then(Kind::box_op) {
                        Some(op) => self.push(op, &[part], None),
                        None => part,
                    });
                }
                let made = self.push(*op, &parts, None);
                self.made.push((*uop, made));
                made
            }
        }
    }

    fn push(&mut self, op: Op, inputs: &[UopIdx], exit: Option<ExitIdx>) -> UopIdx {
        let exit = exit.filter(|_| op.needs_exit());
        self.trace.uops.push(Uop { op, inputs: SmallVec::from_slice(inputs), exit });
        let idx = UopIdx(self.trace.uops.len() as u32 - 1);
        if let Some(kind) = op.output_kind() {
            self.values.push((idx, kind));
        }
        idx
    }

    fn changed(&self) -> Vec<(u16, UopIdx)> {
        let current = |slot: u16| self.slots[slot as usize].or(self.start[slot as usize]);
        let slots = (0..N_SLOTS).filter_map(|slot| current(slot).map(|value| (slot, value)));
        slots.filter(|(slot, value)| self.trace.uop(*value).op != Op::LoadFrame { slot: *slot }).collect()
    }

    /// An exit to the present state.
    fn new_exit(&mut self, kind: ExitKind) -> ExitIdx {
        self.ip += 1;
        let frame = SnapshotFrame {
            code: 0x2_0000_0010,
            ip: self.ip,
            origin: FrameOrigin::Root,
            stack_depth: 0,
            slots: self.changed(),
        };
        self.trace.snapshots.push(Snapshot { frames: vec![frame] });
        let snapshot = SnapshotIdx(self.trace.snapshots.len() as u32 - 1);
        self.trace.exits.push(Exit { kind, snapshot });
        ExitIdx(self.trace.exits.len() as u32 - 1)
    }

    fn slot(&mut self, slot: u16) -> UopIdx {
        if let Some(value) = self.slots[slot as usize] {
            return value;
        }
        let value = match self.start[slot as usize] {
            Some(value) => {
                self.values.push((value, Kind::Value));
                value
            }
            None => self.push(Op::LoadFrame { slot }, &[], None),
        };
        self.slots[slot as usize] = Some(value);
        value
    }

    /// An existing value of this kind; constants and unboxed slots where there is none, or for a change.
    fn any(&mut self, kind: Kind) -> UopIdx {
        let known: Vec<UopIdx> = self.values.iter().filter(|value| value.1 == kind).map(|value| value.0).collect();
        if !known.is_empty() && self.random.below(4) > 0 {
            let recent = known.len().saturating_sub(6);
            return known[recent + self.random.below(known.len() - recent)];
        }
        match kind {
            Kind::Value | Kind::Any => {
                let slot = self.random.below(N_SLOTS as usize) as u16;
                self.slot(slot)
            }
            Kind::Int => match self.random.below(2) {
                0 => {
                    let value = self.random.below(20) as i64 - 5;
                    self.push(Op::ConstInt { value }, &[], None)
                }
                _ => self.unbox(0, 3, Op::GuardInt {}, Op::UnboxInt {}),
            },
            Kind::Float => match self.random.below(2) {
                0 => {
                    let float = self.random.below(20) as f64 / 4.0 - 1.0;
                    self.push(Op::ConstFloat { bits: float.to_bits() }, &[], None)
                }
                _ => self.unbox(3, 2, Op::GuardFloat {}, Op::UnboxFloat {}),
            },
            Kind::Bool => {
                let (lhs, rhs) = (self.any(Kind::Int), self.any(Kind::Int));
                let op = [Op::IntLt {}, Op::IntLe {}, Op::IntEq {}, Op::IntNe {}, Op::IntUlt {}][self.random.below(5)];
                self.push(op, &[lhs, rhs], None)
            }
        }
    }

    fn unbox(&mut self, first: u16, count: usize, guard: Op, unbox: Op) -> UopIdx {
        let slot = first + self.random.below(count) as u16;
        let value = self.slot(slot);
        self.push(guard, &[value], self.exit);
        self.push(unbox, &[value], None)
    }

    fn step(&mut self) {
        self.exit = Some(self.new_exit(ExitKind::Side));
        match self.random.below(14) {
            0..=2 => self.int_arithmetic(),
            3 | 4 => self.float_arithmetic(),
            5 => {
                let condition = self.any(Kind::Bool);
                let op = if self.random.below(2) == 0 { Op::GuardTrue {} } else { Op::GuardFalse {} };
                // Conditions that hold now and then would end most runs at once: few steps guard one.
                if self.random.below(3) == 0 {
                    self.push(op, &[condition], self.exit);
                }
            }
            6..=8 => self.assign(),
            9 => self.instance_access(),
            10 => self.cell_access(),
            11 => self.growing_instance(),
            12 => {
                let (a, b) = (self.any(Kind::Value), self.any(Kind::Value));
                let tuple = self.push(Op::NewTuple {}, &[a, b], None);
                let index = self.push(Op::ConstInt { value: 1 }, &[], None);
                self.push(Op::LoadElement { field: Field::TupleElement }, &[tuple, index], None);
            }
            _ => {
                let exit = self.new_exit(ExitKind::Error);
                let argument = self.any(Kind::Value);
                let key = self.push(Op::ConstValue { bits: Value::small_int(1).bits() }, &[], None);
                self.push(Op::CallHelper { helper: Helper::GetItem }, &[argument, key], Some(exit));
            }
        }
    }

    fn int_arithmetic(&mut self) {
        let ops = [Op::IntAdd {}, Op::IntSub {}, Op::IntMul {}, Op::IntXor {}, Op::IntOr {}, Op::IntFloorDiv {}];
        let op = ops[self.random.below(ops.len())];
        let lhs = self.any(Kind::Int);
        let rhs = match op {
            // Where it divides by 0 the run ends, whether anybody reads the quotient or not.
            Op::IntFloorDiv {} if self.random.below(8) > 0 => {
                let value = self.random.below(9) as i64 + 1;
                self.push(Op::ConstInt { value }, &[], None)
            }
            _ => self.any(Kind::Int),
        };
        let result = self.push(op, &[lhs, rhs], self.exit);
        let mask = self.push(Op::ConstInt { value: MASK }, &[], None);
        self.values.retain(|(value, _)| *value != result);
        self.push(Op::IntAnd {}, &[result, mask], None);
    }

    fn float_arithmetic(&mut self) {
        let ops = [Op::FloatAdd {}, Op::FloatSub {}, Op::FloatMul {}];
        let op = ops[self.random.below(ops.len())];
        let (lhs, rhs) = (self.any(Kind::Float), self.any(Kind::Float));
        self.push(op, &[lhs, rhs], None);
    }

    /// Boxes a value into a slot that mostly holds such.
    fn assign(&mut self) {
        let (slot, value) = match self.random.below(8) {
            0..=3 => (self.random.below(3) as u16, self.any(Kind::Int)),
            4 | 5 => (3 + self.random.below(2) as u16, self.any(Kind::Float)),
            6 => (self.random.below(3) as u16, self.any(Kind::Value)),
            _ => {
                let from = INSTANCE_FRAME_SLOTS.start + self.random.below(2) as u16;
                (INSTANCE_FRAME_SLOTS.start + self.random.below(2) as u16, self.slot(from))
            }
        };
        let boxed = match self.trace.kind(value).and_then(Kind::box_op) {
            Some(op) => self.push(op, &[value], None),
            None => value,
        };
        self.slots[slot as usize] = Some(boxed);
    }

    fn instance_access(&mut self) {
        let slot = INSTANCE_FRAME_SLOTS.start + self.random.below(2) as u16;
        let owner = self.slot(slot);
        self.push(Op::GuardShape { shape: SHAPE }, &[owner], self.exit);
        let slot = self.random.below(INSTANCE_SLOTS as usize) as u16;
        if self.random.below(2) == 0 {
            self.push(Op::LoadSlot { slot }, &[owner], None);
        } else {
            let value = self.any(Kind::Value);
            self.push(Op::StoreSlot { slot }, &[owner, value], None);
        }
        self.exit = None;
    }

    fn cell_access(&mut self) {
        let cell = self.slot(CELL_FRAME_SLOT);
        self.push(Op::GuardShape { shape: CELL_SHAPE }, &[cell], self.exit);
        let field = Field::CellContent;
        match self.random.below(3) {
            0 => _ = self.push(Op::LoadField { field }, &[cell], None),
            1 => {
                let value = self.any(Kind::Value);
                self.push(Op::StoreField { field }, &[cell, value], None);
            }
            _ => {
                let value = self.any(Kind::Value);
                let cell = self.push(Op::NewCell {}, &[value], None);
                self.push(Op::LoadField { field }, &[cell], None);
                self.slots[CELL_FRAME_SLOT as usize] = Some(cell);
            }
        }
    }

    /// An instance that is made, filled and put into a slot that holds such no more.
    fn growing_instance(&mut self) {
        let [empty, one, two] = GROWING_SHAPES;
        let instance = self.push(Op::NewInstance { shape: empty, slots: 2 }, &[], None);
        let slot = self.random.below(3);
        self.slots[slot] = Some(instance);
        for (slot, shape) in [(0, one), (1, two)] {
            let value = self.any(Kind::Value);
            if value != instance {
                self.push(Op::AddSlot { slot, shape }, &[instance, value], None);
                let exit = self.new_exit(ExitKind::Side);
                self.exit = Some(exit);
            } else {
                return;
            }
        }
        let inputs: SmallVec<[UopIdx; 3]> = smallvec![instance];
        self.push(Op::GuardShape { shape: two }, &inputs, self.exit);
    }
}
