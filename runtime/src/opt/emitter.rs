//! The emitter: a superblock under construction, and the reducers that everything appended to it goes through.
//!
//! The recorder emits through it, and so do the passes that write code again (`peel`, `fuse`). What it appends is
//! simple already: constants folded, dominated guards left out, loads forwarded, equal computations shared.

use super::facts::{Facts, ValueFacts};
use super::{fold, guards, loads};
use crate::uop::{Effect, Exit, ExitIdx, ExitKind, Kind, LoopFact, Op, Snapshot, SnapshotIdx, Superblock, Uop, UopIdx};
use crate::value::Value;
use smallvec::SmallVec;

pub type Inputs = SmallVec<[UopIdx; 3]>;

/// The micro-op can only leave: what follows it is never reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlwaysLeaves;

/// Shapes that allocating micro-ops give their objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltinShapes {
    pub int: u32,
    pub tuple: u32,
    pub list: u32,
    pub dict: u32,
    pub cell: u32,
    pub bound_method: u32,
    pub function: u32,
    pub range: u32,
    pub range_iter: u32,
}

/// There is room for so many micro-ops from the start.
const USUAL_UOPS: usize = 64;

/// What a reducer makes of a micro-op.
pub enum Reduced {
    /// No rule applies: append it.
    Keep,
    /// It is this value, or needs not be there (`UopIdx::NONE`).
    To(UopIdx),
    /// It is the same as this one, which is reduced in its turn.
    As(Op, Inputs),
}

pub type Reduction = Result<Reduced, AlwaysLeaves>;

/// A superblock under construction.
#[derive(Clone)]
pub struct Emitter {
    pub superblock: Superblock,
    pub facts: Facts,
    pub shapes: BuiltinShapes,
    /// Where the loop starts, once it does.
    pub loop_start: Option<u32>,
    /// Snapshots and exits below these belong to another block, and are not shared with.
    floor: (usize, usize),
}

impl Emitter {
    pub fn new(shapes: BuiltinShapes) -> Emitter {
        let superblock = Superblock {
            uops: Vec::with_capacity(USUAL_UOPS),
            exits: Vec::with_capacity(USUAL_UOPS / 2),
            snapshots: Vec::with_capacity(USUAL_UOPS / 2),
            ..Superblock::default()
        };
        Emitter { superblock, facts: Facts::with_capacity(USUAL_UOPS), shapes, loop_start: None, floor: (0, 0) }
    }

    /// Gives back the room that was taken to grow: for long, nothing is added.
    pub fn shrink(&mut self) {
        self.superblock.shrink();
        self.facts.shrink();
    }

    /// Appends a micro-op, or finds that what it does is done. The result is `UopIdx::NONE` where it has none.
    /// `exit` is ignored where the op (as it comes out of the reducers) cannot leave.
    pub fn emit(&mut self, op: Op, inputs: &[UopIdx], exit: Option<ExitIdx>) -> Result<UopIdx, AlwaysLeaves> {
        let (mut op, mut inputs) = (op, Inputs::from_slice(inputs));
        loop {
            for input in &mut inputs {
                *input = self.resolve(*input);
            }
            let mut reduced = fold::reduce(self, &op, &mut inputs)?;
            if matches!(reduced, Reduced::Keep) {
                reduced = guards::reduce(self, &op, &inputs)?;
            }
            if matches!(reduced, Reduced::Keep) {
                reduced = loads::reduce(self, &op, &inputs)?;
            }
            match reduced {
                Reduced::Keep => return Ok(self.append(op, inputs, exit)),
                Reduced::To(value) => return Ok(value),
                Reduced::As(other, others) => (op, inputs) = (other, others),
            }
        }
    }

    /// Emits all micro-ops of a straight trace. The result tells what stands for each.
    pub fn emit_all(&mut self, trace: &Superblock) -> Result<Vec<UopIdx>, AlwaysLeaves> {
        let mut values: Vec<UopIdx> = Vec::with_capacity(trace.uops.len());
        let mut exits = vec![None; trace.exits.len()];
        for uop in &trace.uops {
            let inputs: Inputs = uop.inputs.iter().map(|input| values[input.index()]).collect();
            let exit = uop.exit.map(|exit| {
                *exits[exit.index()].get_or_insert_with(|| {
                    let mut snapshot = trace.exit_snapshot(exit).clone();
                    snapshot.values_mut().for_each(|value| *value = values[value.index()]);
                    let snapshot = self.snapshot(snapshot);
                    self.exit(trace.exits[exit.index()].kind, snapshot)
                })
            });
            values.push(self.emit(uop.op, &inputs, exit)?);
        }
        Ok(values)
    }

    /// Appends a micro-op as it is, and learns from it. For phis, labels and jumps, and for code that must stay.
    pub fn append(&mut self, op: Op, inputs: Inputs, exit: Option<ExitIdx>) -> UopIdx {
        let idx = UopIdx(self.superblock.uops.len() as u32);
        let exit = exit.filter(|_| op.needs_exit());
        debug_assert_eq!(exit.is_some(), op.needs_exit(), "{} needs an exit", op.name());
        guards::learn(self, &op, &inputs);
        loads::learn(self, idx, &op, &inputs);
        if loads::depends_on_inputs_alone(&op) {
            self.facts.results.insert(&self.superblock.uops, &op, &inputs, idx);
        }
        let has_result = op.output_kind().is_some();
        self.superblock.uops.push(Uop { op, inputs, exit });
        if has_result { idx } else { UopIdx::NONE }
    }

    /// A snapshot, with what is known to be constant in it as constants.
    pub fn snapshot(&mut self, mut snapshot: Snapshot) -> SnapshotIdx {
        for value in snapshot.values_mut() {
            *value = self.resolve(*value);
        }
        let snapshots = &mut self.superblock.snapshots;
        if snapshots.len() <= self.floor.0 || snapshots.last() != Some(&snapshot) {
            snapshots.push(snapshot);
        }
        SnapshotIdx(self.superblock.snapshots.len() as u32 - 1)
    }

    /// The exit of this kind by this snapshot.
    pub fn exit(&mut self, kind: ExitKind, snapshot: SnapshotIdx) -> ExitIdx {
        let exit = Exit { kind, snapshot };
        let exits = &mut self.superblock.exits;
        // Exits of one snapshot are made together: looking at the last few finds them.
        let recent = exits.len().saturating_sub(8).max(self.floor.1);
        if let Some(place) = exits[recent..].iter().position(|known| *known == exit) {
            return ExitIdx((recent + place) as u32);
        }
        exits.push(exit);
        ExitIdx(exits.len() as u32 - 1)
    }

    /// A new block starts: its exits are its own.
    pub fn start_block(&mut self) {
        self.floor = (self.superblock.snapshots.len(), self.superblock.exits.len());
    }

    pub fn op(&self, value: UopIdx) -> &Op {
        &self.superblock.uop(value).op
    }

    pub fn inputs(&self, value: UopIdx) -> &[UopIdx] {
        &self.superblock.uop(value).inputs
    }

    pub fn kind(&self, value: UopIdx) -> Option<Kind> {
        self.op(value).output_kind()
    }

    pub fn facts_of(&self, value: UopIdx) -> &ValueFacts {
        self.facts.of(value)
    }

    /// Appends a constant, or finds it.
    pub fn constant(&mut self, op: Op) -> UopIdx {
        debug_assert!(op.is_constant());
        match self.facts.results.get(&self.superblock.uops, &op, &[]) {
            Some(known) => known,
            None => self.append(op, Inputs::new(), None),
        }
    }

    /// A boxed constant.
    pub fn const_value(&mut self, value: Value) -> UopIdx {
        self.constant(Op::ConstValue { bits: value.bits() })
    }

    pub fn const_int(&mut self, value: i64) -> UopIdx {
        self.constant(Op::ConstInt { value })
    }

    pub fn const_float(&mut self, float: f64) -> UopIdx {
        self.constant(Op::ConstFloat { bits: float.to_bits() })
    }

    pub fn const_bool(&mut self, value: bool) -> UopIdx {
        self.constant(Op::ConstBool { value })
    }

    /// A constant of `kind` by its register word.
    pub fn constant_of(&mut self, kind: Kind, word: u64) -> UopIdx {
        self.constant(match kind {
            Kind::Int => Op::ConstInt { value: word as i64 },
            Kind::Float => Op::ConstFloat { bits: word },
            Kind::Bool => Op::ConstBool { value: word != 0 },
            Kind::Value | Kind::Any => Op::ConstValue { bits: word },
        })
    }

    /// The boxed word of a value that is known to be one.
    pub fn known_value(&self, value: UopIdx) -> Option<Value> {
        match *self.op(value) {
            Op::ConstValue { bits } => Some(Value(bits)),
            Op::ConstInt { value } => Value::try_small_int(value),
            Op::ConstFloat { bits } => Some(Value::float(f64::from_bits(bits))),
            Op::ConstBool { value } => Some(Value::bool(value)),
            _ => self.facts.of(value).is.and_then(|bits| match self.kind(value) {
                Some(Kind::Int) => Value::try_small_int(bits as i64),
                _ => Some(Value(bits)),
            }),
        }
    }

    /// The kind that a boxed value is known to unbox to; of an unboxed one, its kind. `None`: not known.
    pub fn known_kind(&self, value: UopIdx) -> Option<Kind> {
        match self.kind(value) {
            Some(Kind::Value) => {}
            kind => return kind,
        }
        if let Some(kind) = self.op(value).boxed_kind() {
            return Some(kind);
        }
        match self.known_value(value) {
            Some(word) if word.is_int() => Some(Kind::Int),
            Some(word) if word.is_float() => Some(Kind::Float),
            Some(word) if word.is_bool() => Some(Kind::Bool),
            _ => self.facts.of(value).kind,
        }
    }

    /// The shape that a value is known to have.
    pub fn known_shape(&self, value: UopIdx) -> Option<u32> {
        self.facts.of(value).shape.map(|(shape, _)| shape)
    }

    /// The value is known to be a heap object (and so no int, float, bool, None or unbound; big ints are not meant).
    pub fn is_known_object(&self, value: UopIdx) -> bool {
        let facts = self.facts.of(value);
        facts.shape.is_some() || facts.fresh || self.known_value(value).is_some_and(Value::is_object)
    }

    /// The value is known to be no int that 49 bits do not hold. (A constant object may be one: only who has seen the heap
    /// can tell.)
    pub fn is_no_heap_int(&self, value: UopIdx) -> bool {
        let facts = self.facts.of(value);
        facts.fresh
            // A guard has seen the tag.
            || facts.kind.is_some()
            || facts.shape.is_some_and(|(shape, _)| shape != self.shapes.int)
            || matches!(self.op(value), Op::BoxSmallInt {} | Op::BoxFloat {} | Op::BoxBool {})
            || self.known_value(value).is_some_and(|word| !word.is_object())
    }

    /// Takes on trust that a value has `shape`.
    pub fn assume_shape(&mut self, value: UopIdx, shape: u32) {
        let since = self.superblock.uops.len() as u32;
        self.facts.of_mut(value).shape = Some((shape, since));
    }

    /// The value boxed, if it is not.
    pub fn boxed(&mut self, value: UopIdx) -> UopIdx {
        match self.kind(value).and_then(Kind::box_op) {
            Some(op) => self.emit(op, &[value], None).expect("boxing never leaves"),
            None => value,
        }
    }

    /// The value as `kind`, where it is known to be of it.
    pub fn as_kind(&mut self, value: UopIdx, kind: Kind) -> Option<UopIdx> {
        if kind == Kind::Value {
            return Some(self.boxed(value));
        }
        if self.known_kind(value)? != kind {
            return None;
        }
        if self.kind(value) == Some(kind) {
            return Some(value);
        }
        Some(self.emit(kind.unbox_op()?, &[value], None).expect("unboxing never leaves"))
    }

    /// The constant that a value is known to be, or itself.
    pub fn resolve(&mut self, value: UopIdx) -> UopIdx {
        let facts = self.facts.of(value);
        if self.op(value).is_constant() {
            value
        } else if let Some(bits) = facts.is {
            self.constant_of(self.kind(value).unwrap_or(Kind::Value), bits)
        } else if let Some(truth) = facts.truth {
            self.const_bool(truth)
        } else {
            value
        }
    }

    /// Notes that the loop relies on a heap fact of the preamble.
    pub fn rely_on(&mut self, load: Op, owner: UopIdx, since: u32) {
        if self.loop_start.is_some_and(|start| since <= start) {
            let fact = LoopFact { load, owner };
            if !self.superblock.loop_facts.contains(&fact) {
                self.superblock.loop_facts.push(fact);
            }
        }
    }

    /// Whether a micro-op makes a fresh object.
    pub fn allocates(op: &Op) -> bool {
        op.effect() == Effect::Allocates
    }
}
