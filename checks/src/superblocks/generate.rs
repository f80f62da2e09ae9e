//! The generator: a straight trace over the world, as a recorder would have made it. Which micro-ops there are and what goes
//! into them is read off the table; what they ask for beyond that stands in `needs`, and is guarded before.
//!
//! A step is what an instruction would be: it has an exit of its own, by which its guards leave. Values are picked so that
//! most guards hold: of each value its likely type is known, of those that stand in the frame at first what they are.

use super::choices::{Choices, HEADER_BYTES, STEP_BYTES, n_steps};
use super::world::{Callee, Facts, MAX_STACK, N_SLOTS, Start, Suspended};
use smallvec::SmallVec;
use stitch_runtime::interp::frame::Frame;
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::opt::fuse::SideStart;
use stitch_runtime::uop::{
    CallKind, Exit, ExitIdx, ExitKind, Field, FrameOrigin, Kind, Op, Snapshot, SnapshotFrame, SnapshotIdx, Source,
    SunkAllocation, Superblock, Uop, UopIdx,
};
use stitch_runtime::value::Value;

/// More steps are left out.
pub const MAX_STEPS: usize = 60;
/// Bits of integers that are known to be small.
pub const MASK: i64 = 0xFFFF;

/// How a trace ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// It comes back to its start, with these slots of the root frame changed.
    Loop(Vec<(u16, UopIdx)>),
    /// In a terminator.
    Linear,
}

/// A trace, and how it is entered.
#[derive(Clone, Debug)]
pub struct Case {
    pub trace: Superblock,
    pub ending: Ending,
    pub start: Start,
}

/// What a boxed value is likely to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Like {
    Int,
    Float,
    Bool,
    Shape(u32),
    Unknown,
}

impl Like {
    fn of(world: &Facts, value: Value) -> Like {
        match value {
            value if value.is_int() => Like::Int,
            value if value.is_float() => Like::Float,
            value if value.is_bool() => Like::Bool,
            value if value.is_object() => world.shape_of(value).map_or(Like::Unknown, Like::Shape),
            _ => Like::Unknown,
        }
    }

    pub fn exact(ty: BuiltinType) -> Like {
        Like::Shape(ty.shape())
    }
}

/// A value that later steps may use.
#[derive(Clone, Copy, Debug)]
pub struct Defined {
    pub idx: UopIdx,
    pub kind: Kind,
    pub like: Like,
    /// What it is in the first iteration.
    pub now: Option<Value>,
    /// An integer between 0 and `MASK`.
    pub is_small: bool,
}

/// A frame as the trace has it.
struct Virtual {
    code: u64,
    ip: u32,
    origin: FrameOrigin,
    n_locals: u16,
    slots: Vec<Option<UopIdx>>,
    depth: u16,
}

pub struct Generator<'w> {
    pub world: &'w Facts,
    pub choices: Choices<'w>,
    pub trace: Superblock,
    pub start: Start,
    frames: Vec<Virtual>,
    pub values: Vec<Defined>,
    /// Slots that a side trace starts with.
    pub at_start: Vec<Option<UopIdx>>,
    /// What was made again for a side trace's start: the parent's micro-op, and ours.
    made: Vec<(UopIdx, UopIdx)>,
    /// It starts from an exit, and nothing is known of what the frame holds.
    is_side: bool,
    /// No integer is to grow beyond small ones.
    pub is_narrow: bool,
    /// How often items were asked for: a list to which it is itself added again and again fills the memory.
    pub n_items: u32,
    /// Where the present step's guards leave to, once one does.
    exit: Option<ExitIdx>,
    ip: u32,
}

/// The trace that these bytes stand for.
pub fn generate(world: &Facts, bytes: &[u8]) -> Case {
    let header = &bytes[..bytes.len().min(HEADER_BYTES)];
    // The choices live as long as the world is borrowed; the bytes are copied for it.
    let mut generator = Generator::new(world, Choices::new(header));
    generator.steps(bytes);
    let ending = generator.end(header);
    Case { trace: generator.trace, ending, start: generator.start }
}

/// A loop of which side traces can be made: its integers stay small, so that nothing leaves because a machine word is too
/// narrow, which depends on what is boxed.
pub fn generate_loop(world: &Facts, bytes: &[u8]) -> Case {
    let header = &bytes[..bytes.len().min(HEADER_BYTES)];
    let mut generator = Generator::new(world, Choices::new(header));
    generator.is_narrow = true;
    generator.start.pending = false;
    generator.start.is_invalid = false;
    generator.start.forced_exit = 0;
    generator.steps(bytes);
    generator.end_frames();
    generator.count_iterations();
    let ending = Ending::Loop(generator.changed());
    Case { trace: generator.trace, ending, start: generator.start }
}

/// A side trace that starts from an exit's state and goes back to executor 0. Its steps depend on the bytes alone, not on
/// how the state is held. Its exits stand at instructions from `first_ip` on.
pub fn generate_side(world: &Facts, bytes: &[u8], first_ip: u32, state: &SideStart) -> Superblock {
    let header = &bytes[..bytes.len().min(HEADER_BYTES)];
    let mut generator = Generator::new(world, Choices::new(header));
    (generator.is_narrow, generator.is_side, generator.ip) = (true, true, first_ip);
    generator.start.forced_exit = 0;
    for ((slot, _), source) in state.snapshot.frames[0].slots.iter().zip(&state.sources[0].slots) {
        let value = generator.rebuild(source);
        generator.at_start[usize::from(*slot)] = Some(generator.boxed_quietly(value));
    }
    generator.steps(bytes);
    generator.end_frames();
    generator.count_iterations();
    let changed = generator.changed();
    generator.store_frame(&changed);
    generator.push(Op::JumpExecutor { executor: 0 }, &[], None);
    generator.trace
}

impl<'w> Generator<'w> {
    /// What an exit's state has in a place, as a side trace finds it.
    fn rebuild(&mut self, source: &Source) -> UopIdx {
        match source {
            Source::Const(bits) => self.push(Op::ConstValue { bits: *bits }, &[], None),
            Source::Home(home, kind) => {
                let load = Op::LoadHome { home: *home, kind: *kind };
                let known = self.trace.uops.iter().position(|uop| uop.op == load);
                known.map_or_else(|| self.push(load, &[], None), |place| UopIdx(place as u32))
            }
            Source::Alloc(sunk) => {
                let SunkAllocation { uop, op, inputs } = &**sunk;
                if let Some(known) = self.made.iter().find(|made| made.0 == *uop) {
                    return known.1;
                }
                let mut parts = Vec::new();
                for (place, input) in inputs.iter().enumerate() {
                    let part = self.rebuild(input);
                    let kind = op.input_kinds().get(place).copied().or(op.rest_kind());
                    parts.push(match (kind, self.trace.uop(part).op) {
                        (Some(Kind::Value), _) => self.boxed_quietly(part),
                        // Constants of states are boxed.
                        (Some(Kind::Int), Op::ConstValue { bits }) => self.const_int(Value(bits).as_int()),
                        _ => part,
                    });
                }
                let made = self.push(*op, &parts, None);
                self.made.push((*uop, made));
                made
            }
        }
    }

    /// Boxed, and not yet known to the steps.
    fn boxed_quietly(&mut self, value: UopIdx) -> UopIdx {
        match self.trace.kind(value).and_then(Kind::box_op) {
            Some(op) => self.push(op, &[value], None),
            None => value,
        }
    }

    fn new<'b: 'w>(world: &'w Facts, mut choices: Choices<'b>) -> Generator<'w> {
        let mut slots: Vec<Value> = Vec::new();
        for slot in 0..N_SLOTS {
            let small = Value::small_int(choices.below(12) as i64 - 3);
            slots.push(match slot {
                0 | 1 => small,
                2 => Value::float(choices.below(9) as f64 / 4.0 - 1.0),
                3 => Value::bool(choices.below(2) == 1),
                _ => world.values[choices.below(world.values.len())].value,
            });
        }
        let start = Start {
            slots,
            flags: choices.pick(&[0, 0, Frame::INIT, Frame::ENTRY, Frame::OPERATOR]),
            pending: choices.one_in(8),
            is_invalid: choices.one_in(8),
            no_stack: choices.one_in(12),
            no_frames: choices.one_in(8),
            forced_exit: if choices.one_in(6) { 1 + choices.below(9) as u32 } else { 0 },
            collect_at_end: choices.one_in(20),
        };
        let root = Virtual {
            code: world.root.code_object,
            ip: 0,
            origin: FrameOrigin::Root,
            n_locals: N_SLOTS,
            slots: vec![None; usize::from(N_SLOTS + MAX_STACK)],
            depth: 0,
        };
        Generator {
            world,
            choices,
            trace: Superblock::default(),
            start,
            frames: vec![root],
            values: Vec::new(),
            at_start: vec![None; usize::from(N_SLOTS)],
            made: Vec::new(),
            is_side: false,
            is_narrow: false,
            n_items: 0,
            exit: None,
            ip: 0,
        }
    }

    fn steps(&mut self, bytes: &'w [u8]) {
        for step in 0..n_steps(bytes).min(MAX_STEPS) {
            let from = HEADER_BYTES + step * STEP_BYTES;
            self.choices = Choices::new(&bytes[from..bytes.len().min(from + STEP_BYTES)]);
            self.exit = None;
            self.step();
        }
        self.choices = Choices::new(&[]);
        self.exit = None;
    }

    /// Appends a micro-op.
    pub fn push(&mut self, op: Op, inputs: &[UopIdx], exit: Option<ExitIdx>) -> UopIdx {
        debug_assert_eq!(op.needs_exit(), exit.is_some(), "{op:?}");
        self.trace.uops.push(Uop { op, inputs: SmallVec::from_slice(inputs), exit });
        UopIdx(self.trace.uops.len() as u32 - 1)
    }

    /// Appends a micro-op that leaves by the step's exit if it leaves.
    pub fn emit(&mut self, op: Op, inputs: &[UopIdx]) -> UopIdx {
        let exit = op.needs_exit().then(|| self.step_exit());
        self.push(op, inputs, exit)
    }

    /// A result that later steps may use.
    pub fn define(&mut self, idx: UopIdx, like: Like) -> UopIdx {
        let op = self.trace.uop(idx).op;
        if let Some(kind) = op.output_kind() {
            let now = match op {
                Op::ConstValue { bits } => Some(Value(bits)),
                Op::LoadFrame { slot } => self.start.slots.get(usize::from(slot)).copied(),
                _ => None,
            };
            self.values.push(Defined { idx, kind, like, now, is_small: false });
        }
        idx
    }

    /// The exit of the step's guards.
    pub fn step_exit(&mut self) -> ExitIdx {
        if let Some(exit) = self.exit {
            return exit;
        }
        let kinds = [ExitKind::Side, ExitKind::Side, ExitKind::Deopt, ExitKind::Dynamic];
        let kind = if self.is_narrow { ExitKind::Side } else { self.choices.pick(&kinds) };
        let exit = self.new_exit(kind);
        self.exit = Some(exit);
        exit
    }

    /// What was written cannot be taken back: guards from here on leave to somewhere else.
    pub fn wrote(&mut self) {
        self.exit = None;
    }

    /// An exit to the present state.
    pub fn new_exit(&mut self, kind: ExitKind) -> ExitIdx {
        self.ip += 1;
        self.frames[0].ip = self.ip;
        let frames = self.frames.iter().map(|frame| {
            let is_root = frame.origin == FrameOrigin::Root;
            let at_start = |slot: u16| self.at_start.get(usize::from(slot)).copied().flatten().filter(|_| is_root);
            let slots = (0u16..).zip(&frame.slots).take(usize::from(frame.n_locals + frame.depth));
            let slots = slots.filter_map(|(slot, value)| value.or_else(|| at_start(slot)).map(|value| (slot, value)));
            let is_changed = |slot: u16, value: UopIdx| !is_root || self.trace.uop(value).op != Op::LoadFrame { slot };
            SnapshotFrame {
                code: frame.code,
                ip: frame.ip,
                origin: frame.origin,
                stack_depth: frame.depth,
                slots: slots.filter(|(slot, value)| is_changed(*slot, *value)).collect(),
            }
        });
        let frames = frames.collect();
        self.trace.snapshots.push(Snapshot { frames });
        let snapshot = SnapshotIdx(self.trace.snapshots.len() as u32 - 1);
        self.trace.exits.push(Exit { kind, snapshot });
        ExitIdx(self.trace.exits.len() as u32 - 1)
    }

    pub fn constant(&mut self, value: Value) -> UopIdx {
        let op = Op::ConstValue { bits: value.bits() };
        let idx = self.push(op, &[], None);
        self.define(idx, Like::of(self.world, value))
    }

    pub fn const_int(&mut self, value: i64) -> UopIdx {
        self.push(Op::ConstInt { value }, &[], None)
    }

    /// A slot of the root frame.
    pub fn slot(&mut self, slot: u16) -> UopIdx {
        if let Some(value) = self.frames[0].slots[usize::from(slot)] {
            return value;
        }
        let idx = match self.at_start[usize::from(slot)] {
            Some(value) => value,
            None => self.push(Op::LoadFrame { slot }, &[], None),
        };
        if self.is_side {
            // The steps must not depend on how the state is held.
            let (kind, like) = (Kind::Value, Like::Unknown);
            self.values.push(Defined { idx, kind, like, now: None, is_small: false });
        } else {
            let like = Like::of(self.world, self.start.slots[usize::from(slot)]);
            self.define(idx, like);
        }
        self.frames[0].slots[usize::from(slot)] = Some(idx);
        idx
    }

    /// The value boxed.
    pub fn boxed(&mut self, value: UopIdx) -> UopIdx {
        let Some(kind) = self.trace.kind(value).filter(|kind| *kind != Kind::Value) else { return value };
        let boxed = self.push(kind.box_op().expect("an unboxed kind"), &[value], None);
        let like = match kind {
            Kind::Int => Like::Int,
            Kind::Float => Like::Float,
            Kind::Bool | Kind::Value | Kind::Any => Like::Bool,
        };
        self.define(boxed, like)
    }

    fn end_frames(&mut self) {
        self.frames.truncate(1);
        for slot in N_SLOTS..N_SLOTS + self.frames[0].depth {
            self.frames[0].slots[usize::from(slot)] = None;
        }
        self.frames[0].depth = 0;
    }

    /// Slots of the root frame that are not what they were.
    fn changed(&self) -> Vec<(u16, UopIdx)> {
        let current = |slot: u16| self.frames[0].slots[usize::from(slot)].or(self.at_start[usize::from(slot)]);
        let slots = (0..N_SLOTS).filter_map(|slot| Some((slot, current(slot)?)));
        slots.filter(|(slot, value)| self.trace.uop(*value).op != Op::LoadFrame { slot: *slot }).collect()
    }

    /// Ends the trace, by the choices that the header has left.
    fn end(&mut self, header: &'w [u8]) -> Ending {
        self.end_frames();
        self.choices = Choices::new(&header[header.len().min(HEADER_BYTES - 6)..]);
        let ending = self.choices.below(10);
        let changed = self.changed();
        match ending {
            0..=3 => {
                self.count_iterations();
                return Ending::Loop(changed);
            }
            4 | 5 => {
                let exit = self.new_exit(ExitKind::Side);
                self.push(Op::ExitTrace {}, &[], Some(exit));
            }
            6 => {
                let none = self.constant(Value::NONE);
                let value = if self.choices.below(2) == 0 { none } else { self.any_value() };
                self.push(Op::FinishReturn {}, &[value], None);
            }
            7 => {
                let value = self.any_value();
                self.push(Op::FinishGenerator {}, &[value], None);
            }
            8 => {
                self.store_frame(&changed);
                let op = if self.choices.below(2) == 0 {
                    Op::JumpExecutor { executor: 5 }
                } else {
                    // SAFETY: the world's code has instructions.
                    let call = unsafe { (&(*self.world.root.code).instructions)[1..].as_ptr() as u64 };
                    Op::LeaveAtCall { call, top: N_SLOTS }
                };
                self.push(op, &[], None);
            }
            _ => self.push_frames(&changed),
        }
        Ending::Linear
    }

    /// The counter in the heap, which steps are not to know, and what is left of it.
    pub fn iterations_left(&mut self) -> (UopIdx, UopIdx) {
        let counter = self.push(Op::ConstValue { bits: self.world.counter.bits() }, &[], None);
        (counter, self.push(Op::LoadWord { field: Field::RangeIterRemaining }, &[counter], None))
    }

    /// Leaves when the counter in the heap is used up.
    fn count_iterations(&mut self) {
        let (counter, count) = self.iterations_left();
        let field = Field::RangeIterRemaining;
        let one = self.const_int(1);
        let rest = self.push(Op::IntSubWrap {}, &[count, one], None);
        self.push(Op::StoreWord { field }, &[counter, rest], None);
        let zero = self.const_int(0);
        let more = self.push(Op::IntLt {}, &[zero, rest], None);
        // No side trace goes on from here.
        let exit = self.new_exit(ExitKind::Deopt);
        self.push(Op::GuardTrue {}, &[more], Some(exit));
    }

    pub fn store_frame(&mut self, changed: &[(u16, UopIdx)]) {
        for &(slot, value) in changed {
            self.push(Op::StoreFrame { slot }, &[value], None);
        }
    }

    /// Calls that go on in another executor: frames that really are pushed.
    fn push_frames(&mut self, changed: &[(u16, UopIdx)]) {
        let world = self.world;
        let n_frames = 1 + self.choices.below(2);
        let words_of = |callee: &Callee| {
            // SAFETY: the code of a function of the world.
            Frame::WORDS + unsafe { (*callee.code).frame_slots() }
        };
        let callee = world.callees[0];
        let words = words_of(&callee) as u32;
        let exit = self.new_exit(ExitKind::Deopt);
        self.push(Op::GuardFrames { frames: n_frames as u16, words: words * n_frames as u32 }, &[], Some(exit));
        let fixed = [callee.function, Value(callee.code_object), world.globals, world.builtins];
        let mut inputs: Vec<UopIdx> =
            fixed.map(|value| self.push(Op::ConstValue { bits: value.bits() }, &[], None)).to_vec();
        // SAFETY: as above.
        let n_locals = unsafe { (*callee.code).n_localsplus };
        for _ in 0..n_locals {
            inputs.push(self.any_value());
        }
        self.store_frame(changed);
        let at = |code: *mut stitch_runtime::interp::code::Code, ip: usize| {
            // SAFETY: the world's code has instructions.
            unsafe { (&(*code).instructions)[ip..].as_ptr() as u64 }
        };
        for depth in 0..n_frames {
            let caller = if depth == 0 { world.root.code } else { callee.code };
            let kind = self.choices.pick(&CallKind::ALL);
            let live = if depth == 0 { N_SLOTS } else { n_locals as u16 };
            let (start, call) = (at(callee.code, 0), at(caller, 1 + self.choices.below(3)));
            self.push(Op::PushFrame { code: callee.code as u64, start, call, live, words, kind }, &inputs, None);
        }
        self.push(Op::JumpExecutor { executor: 6 }, &[], None);
    }

    /// A call of a Python function, which runs in a frame of its own that only snapshots know.
    pub fn call_inlined(&mut self) {
        if self.frames.len() > 3 {
            return;
        }
        let world = self.world;
        let callee = world.callees[self.choices.below(world.callees.len())];
        let function = self.constant(callee.function);
        let kind = self.choices.pick(&CallKind::ALL);
        // SAFETY: the code of a function of the world.
        let (n_locals, n_slots) = unsafe { ((*callee.code).n_localsplus as u16, (*callee.code).frame_slots()) };
        let mut slots = vec![None; n_slots];
        for slot in &mut slots[..usize::from(n_locals)] {
            *slot = Some(self.any_value());
        }
        self.frames.push(Virtual {
            code: callee.code_object,
            ip: self.choices.below(4) as u32,
            origin: FrameOrigin::Call { function, kind },
            n_locals,
            slots,
            depth: 0,
        });
    }

    /// A generator that is resumed: its frame lies in it.
    pub fn resume_inlined(&mut self) {
        let Some(suspended) = self.choose_suspended() else { return };
        let generator = self.guarded_generator(suspended);
        if self.frames.len() > 3 {
            return;
        }
        let n_slots = usize::from(suspended.top);
        let mut slots = vec![None; n_slots + 1];
        let slot = self.choices.below(usize::from(suspended.n_locals));
        slots[slot] = Some(self.any_value());
        self.frames.push(Virtual {
            code: suspended.code_object,
            ip: suspended.ip_index,
            origin: FrameOrigin::Resume { generator },
            n_locals: suspended.n_locals,
            slots,
            depth: suspended.top - suspended.n_locals,
        });
    }

    /// One that is not resumed already.
    fn choose_suspended(&mut self) -> Option<Suspended> {
        let suspended = self.choices.pick(&self.world.generators);
        let is_resumed = self.frames.iter().any(|frame| matches!(frame.origin, FrameOrigin::Resume { .. }));
        (!is_resumed).then_some(suspended)
    }

    pub fn return_inlined(&mut self) {
        if self.frames.len() > 1 {
            self.frames.pop();
        }
    }

    /// Sets a local of the running frame, or pushes onto the root's stack.
    pub fn assign(&mut self) {
        let value = match self.choices.below(8) {
            0..=2 => self.any(Kind::Int),
            3 => self.any(Kind::Float),
            4 => self.any(Kind::Bool),
            _ => self.any_value(),
        };
        let value = self.boxed(value);
        let slot = self.choices.below(if self.is_narrow { 12 } else { 16 });
        let is_root = self.frames.len() == 1;
        let frame = self.frames.last_mut().expect("the root is there");
        if slot >= 13 && is_root && frame.depth < MAX_STACK {
            frame.slots[usize::from(frame.n_locals + frame.depth)] = Some(value);
            frame.depth += 1;
        } else if slot == 12 && is_root && frame.depth > 0 {
            frame.depth -= 1;
            frame.slots[usize::from(frame.n_locals + frame.depth)] = None;
        } else {
            let slot = slot % usize::from(frame.n_locals);
            if is_root {
                // What a slot holds at first has to be loaded for it to be known as changed back.
                self.slot(slot as u16);
            }
            self.frames.last_mut().expect("as above").slots[slot] = Some(value);
        }
    }
}
