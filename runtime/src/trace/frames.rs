//! The recorder's picture of the frames, and the snapshots made of it.

use super::{Abort, Ending};
use crate::exec::Dependency;
use crate::interp::code::Code;
use crate::interp::dispatch::State;
use crate::interp::frame::Frame;
use crate::interp::op::Op as Instr;
use crate::object::integer::exact_word;
use crate::object::types::BuiltinType;
use crate::opt::{AlwaysLeaves, BuiltinShapes, Emitter};
use crate::uop::{
    CallKind, ExitIdx, ExitKind, FrameOrigin, Helper, Kind, Op, Snapshot, SnapshotFrame, Source, SunkAllocation, UopIdx,
};
use crate::value::Value;
use crate::vm::Vm;

/// A frame as the trace sees it.
pub struct VirtualFrame {
    /// The real one, which tier 1 runs while the recorder looks on.
    pub frame: *mut Frame,
    pub code: *mut Code,
    pub code_object: u64,
    pub origin: FrameOrigin,
    /// What stands for each slot; `None`: as in the frame in memory (root, generators) or unbound (calls).
    pub slots: Vec<Option<UopIdx>>,
    /// Differs from what the frame in memory holds.
    pub changed: Vec<bool>,
    pub depth: usize,
    /// Instruction that called the next frame.
    pub call_ip: u32,
    /// Of a generator's: memory says that it is running.
    pub is_marked: bool,
    /// Entries in the tracebacks of exceptions that it has caught.
    pub entries: Vec<UopIdx>,
}

/// Where a recording starts.
#[derive(Clone, Debug)]
pub enum RecorderStart {
    /// At a loop's head.
    Loop,
    /// At a function's entry or a generator's resumption.
    Entry,
    /// Where a call has returned to.
    Return,
    /// At an exit of an executor.
    Side { parent: u32, exit: ExitIdx, root: u32 },
}

/// A back edge that a recording has passed.
pub struct BackEdge {
    pub code: u64,
    pub target: u32,
    pub n_passed: u32,
    pub first_step: usize,
}

/// A recording.
pub struct Recorder {
    pub start: RecorderStart,
    pub code: *mut Code,
    pub start_ip: u32,
    /// Where the executor will be installed (the back edge, the entry, or the call that returned).
    pub install_ip: u32,
    pub emitter: Emitter,
    pub frames: Vec<VirtualFrame>,
    pub dependencies: Vec<Dependency>,
    pub n_steps: usize,
    /// Stack depth where the trace starts.
    pub start_depth: usize,
    /// An escaping call was recorded: executors must check that they are still valid.
    pub needs_valid_check: bool,
    /// Stress: guards of kinds and shapes may leave though they hold.
    pub forces_exits: bool,
    pub back_edges: Vec<BackEdge>,
    /// Who is to have the superblock; `None`: the VM's own backend.
    pub optimizer: Option<crate::optimizer::OptimizerId>,
    /// Snapshot of the current instruction's start, once made.
    pub(super) snapshot: Option<crate::uop::SnapshotIdx>,
    pub(super) ip: u32,
}

pub type Recorded<T> = Result<T, Abort>;

impl From<AlwaysLeaves> for Abort {
    fn from(_: AlwaysLeaves) -> Abort {
        Abort::AlwaysLeaves
    }
}

/// A side trace's homes stay below this.
const MAX_DEPTH: usize = 12;

impl Recorder {
    /// A recording that starts in `state`'s frame alone (loops and entries).
    ///
    /// # Safety
    /// `state` describes a live frame.
    pub unsafe fn new(state: State, start: RecorderStart, install_ip: u32) -> Recorder {
        let shapes = BuiltinShapes {
            int: BuiltinType::Int.shape(),
            tuple: BuiltinType::Tuple.shape(),
            list: BuiltinType::List.shape(),
            dict: BuiltinType::Dict.shape(),
            cell: BuiltinType::Cell.shape(),
            bound_method: BuiltinType::BoundMethod.shape(),
            function: BuiltinType::Function.shape(),
            range: BuiltinType::Range.shape(),
            range_iter: BuiltinType::RangeIter.shape(),
        };
        // SAFETY: the caller's promise.
        unsafe {
            let code = (*state.frame).code;
            let start_ip = state.ip.offset_from((*code).instructions.as_ptr()) as u32;
            let mut root = VirtualFrame::of(state.frame, FrameOrigin::Root);
            root.depth = state.sp.offset_from(Frame::stack_base(state.frame)) as usize;
            let start_depth = root.depth;
            Recorder {
                start,
                code,
                start_ip,
                install_ip,
                emitter: Emitter::new(shapes),
                frames: vec![root],
                dependencies: Vec::new(),
                n_steps: 0,
                start_depth,
                needs_valid_check: false,
                forces_exits: false,
                back_edges: Vec::new(),
                optimizer: None,
                snapshot: None,
                ip: start_ip,
            }
        }
    }

    /// A recording that goes on from an exit: tier 1's frames were just rebuilt from `snapshot`.
    ///
    /// # Safety
    /// `state` is what the rebuilding gave; `sources` belong to `snapshot`.
    pub unsafe fn from_exit(
        state: State,
        start: RecorderStart,
        snapshot: &Snapshot,
        sources: &[crate::uop::FrameSources],
    ) -> Recorded<Recorder> {
        // SAFETY: the caller's promise: the frames of the snapshot are the innermost real ones.
        unsafe {
            let mut recorder = Recorder::new(state, start, 0);
            recorder.frames.clear();
            let mut made = Vec::new();
            let mut real = Vec::new();
            let mut frame = state.frame;
            for _ in 0..snapshot.frames.len() {
                real.push(frame);
                frame = (*frame).previous;
            }
            real.reverse();
            for ((shot, source), frame) in snapshot.frames.iter().zip(sources).zip(real) {
                let origin = match (&shot.origin, &source.origin) {
                    (FrameOrigin::Call { kind, .. }, Some(source)) => {
                        FrameOrigin::Call { function: recorder.value_of(source, &mut made)?, kind: *kind }
                    }
                    (FrameOrigin::Resume { .. }, Some(source)) => {
                        FrameOrigin::Resume { generator: recorder.value_of(source, &mut made)? }
                    }
                    _ => FrameOrigin::Root,
                };
                let mut virtual_frame = VirtualFrame::of(frame, origin);
                virtual_frame.depth = shot.stack_depth as usize;
                virtual_frame.call_ip = shot.ip;
                for ((slot, _), source) in shot.slots.iter().zip(&source.slots) {
                    let value = recorder.value_of(source, &mut made)?;
                    match *slot >= SnapshotFrame::ENTRIES {
                        true => virtual_frame.entries.push(value),
                        false => virtual_frame.set(*slot as usize, value),
                    }
                }
                recorder.frames.push(virtual_frame);
            }
            recorder.code = (*recorder.frames[0].frame).code;
            Ok(recorder)
        }
    }

    /// Loads what a snapshot's source names. `made`: its allocations so far, since each is one object.
    fn value_of(&mut self, source: &Source, made: &mut Vec<(UopIdx, UopIdx)>) -> Recorded<UopIdx> {
        Ok(match source {
            Source::Const(bits) => self.emitter.const_value(Value(*bits)),
            Source::Home(home, kind) => {
                let known = self
                    .emitter
                    .superblock
                    .uops
                    .iter()
                    .position(|uop| matches!(uop.op, Op::LoadHome { home: h, .. } if h == *home));
                match known {
                    Some(index) => UopIdx(index as u32),
                    None => self.emitter.append(Op::LoadHome { home: *home, kind: *kind }, Default::default(), None),
                }
            }
            Source::Alloc(sunk) => {
                let SunkAllocation { uop, op, inputs: parts } = &**sunk;
                if let Some((_, value)) = made.iter().find(|(known, _)| known == uop) {
                    return Ok(*value);
                }
                let mut inputs = Vec::new();
                for (i, part) in parts.iter().enumerate() {
                    let input = self.value_of(part, made)?;
                    let kind = op.input_kind(i).unwrap_or(Kind::Value);
                    inputs.push(self.emitter.as_kind(input, kind).ok_or(Abort::Unsupported)?);
                }
                let value = self.emitter.emit(*op, &inputs, None)?;
                made.push((*uop, value));
                value
            }
        })
    }

    pub fn top(&mut self) -> &mut VirtualFrame {
        self.frames.last_mut().expect("a recording has a frame")
    }

    /// What stands for a slot of the innermost frame, boxed or not.
    pub fn slot(&mut self, slot: usize) -> Recorded<UopIdx> {
        if let Some(value) = self.top().slots[slot] {
            return Ok(value);
        }
        let value = match self.top().origin {
            FrameOrigin::Root => self.emitter.append(Op::LoadFrame { slot: slot as u16 }, Default::default(), None),
            FrameOrigin::Call { .. } => self.emitter.const_value(Value::UNBOUND),
            FrameOrigin::Resume { generator } => {
                self.emit(Op::LoadGeneratorSlot { slot: slot as u16 }, &[generator], None)?
            }
        };
        self.top().slots[slot] = Some(value);
        Ok(value)
    }
    pub fn stack_slot(&mut self, depth: usize) -> usize {
        let top = self.top();
        // SAFETY: the code lives as long as the frame.
        unsafe { (*top.code).n_localsplus + top.depth - depth }
    }
    /// The value `depth` places from the top of the stack (1 is the top).
    pub fn peek(&mut self, depth: usize) -> Recorded<UopIdx> {
        let slot = self.stack_slot(depth);
        self.slot(slot)
    }
    pub fn push(&mut self, value: UopIdx) {
        let top = self.top();
        // SAFETY: as above.
        let slot = unsafe { (*top.code).n_localsplus } + top.depth;
        top.depth += 1;
        top.set(slot, value);
    }
    pub fn drop(&mut self, n: usize) {
        let top = self.top();
        top.depth -= n;
    }
    pub fn set_local(&mut self, slot: usize, value: UopIdx) {
        self.top().set(slot, value);
    }

    /// A constant; heap objects are kept alive.
    pub fn constant(&mut self, vm: &mut Vm, value: Value) -> UopIdx {
        if value.is_object() {
            vm.jit.pin(value);
        }
        self.emitter.const_value(value)
    }

    /// The objects that are in the recording or that it relies on: as long as its executor is there, no others may come to lie
    /// where they are.
    pub fn objects(&self) -> impl Iterator<Item = Value> {
        let superblock = &self.emitter.superblock;
        let constants = superblock.uops.iter().filter_map(|uop| match uop.op {
            Op::ConstValue { bits } | Op::GuardIs { bits } | Op::GuardIsNot { bits } => Some(bits),
            _ => None,
        });
        let codes = superblock.snapshots.iter().flat_map(|snapshot| &snapshot.frames).map(|frame| frame.code);
        let things = self.dependencies.iter().filter_map(Dependency::object);
        constants.chain(codes).chain(things).map(Value).filter(|value| value.is_object())
    }

    /// The exit of this kind at the start of the current instruction.
    pub fn exit(&mut self, kind: ExitKind) -> ExitIdx {
        let snapshot = match self.snapshot {
            Some(snapshot) => snapshot,
            None => {
                let snapshot = self.take_snapshot(self.ip, 0);
                self.snapshot = Some(snapshot);
                snapshot
            }
        };
        self.emitter.exit(kind, snapshot)
    }
    pub fn side(&mut self) -> ExitIdx {
        self.exit(ExitKind::Side)
    }
    pub fn error(&mut self) -> ExitIdx {
        self.exit(ExitKind::Error)
    }
    /// A side exit that goes on at another instruction of this frame, with `dropped` values popped.
    pub fn side_at(&mut self, ip: u32, dropped: usize) -> ExitIdx {
        let snapshot = self.take_snapshot(ip, dropped);
        self.emitter.exit(ExitKind::Side, snapshot)
    }

    /// Number of slots of a frame that hold something: locals, cells, the stack, and above the stack what waits there: the
    /// instance of who called an `__init__`, the default of who called what resumed a generator.
    pub(super) fn live_slots(&self, frame: usize) -> usize {
        let callee = self.frames.get(frame + 1).map(|callee| callee.origin);
        let frame = &self.frames[frame];
        let has_waiting = match callee {
            Some(FrameOrigin::Call { kind: CallKind::Init, .. }) => true,
            Some(FrameOrigin::Resume { .. }) => frame.stands_at_call(),
            _ => false,
        };
        // SAFETY: the code lives as long as the frame.
        unsafe { (*frame.code).n_localsplus + frame.depth + usize::from(has_waiting) }
    }

    fn take_snapshot(&mut self, ip: u32, dropped: usize) -> crate::uop::SnapshotIdx {
        let last = self.frames.len() - 1;
        let mut frames = Vec::with_capacity(self.frames.len());
        for (i, frame) in self.frames.iter().enumerate() {
            let depth = if i == last { frame.depth - dropped } else { frame.depth };
            let live = self.live_slots(i) + depth - frame.depth;
            let n_changed = frame.changed[..live].iter().filter(|&&changed| changed).count();
            let mut slots = Vec::with_capacity(n_changed + frame.entries.len());
            let changed =
                frame.slots[..live].iter().zip(&frame.changed).enumerate().filter(|(_, (_, changed))| **changed);
            slots.extend(changed.filter_map(|(slot, (value, _))| value.map(|value| (slot as u16, value))));
            slots.extend((SnapshotFrame::ENTRIES..).zip(frame.entries.iter().copied()));
            frames.push(SnapshotFrame {
                code: frame.code_object,
                ip: if i == last { ip } else { frame.call_ip },
                origin: frame.origin,
                stack_depth: depth as u16,
                slots,
            });
        }
        self.emitter.snapshot(Snapshot { frames })
    }

    pub fn emit(&mut self, op: Op, inputs: &[UopIdx], exit: Option<ExitIdx>) -> Recorded<UopIdx> {
        if op.clobbers_heap() {
            self.mark_running(|_| true)?;
        }
        Ok(self.emitter.emit(op, inputs, exit)?)
    }
    /// Emits what leaves through a side exit of the current instruction.
    pub fn guarded(&mut self, op: Op, inputs: &[UopIdx]) -> Recorded<UopIdx> {
        let exit = self.side();
        // Only at these: the exits of other guards (branches) lead where tier 1 would not have gone.
        let is_of_type = matches!(
            op,
            Op::GuardInt {} | Op::GuardFloat {} | Op::GuardBool {} | Op::GuardShape { .. } | Op::UnboxWord {}
        );
        if is_of_type && self.forces_exits {
            self.emitter.append(Op::ForceExit {}, Default::default(), Some(exit));
        }
        self.emit(op, inputs, Some(exit))
    }
    /// Inputs in the kinds that a micro-op takes. Those that it takes as machine integers are known to be ints.
    pub fn arguments(&mut self, op: &Op, inputs: &[UopIdx]) -> Recorded<Vec<UopIdx>> {
        let in_kind = |(place, &input): (usize, &UopIdx)| {
            let kind = op.input_kind(place).unwrap_or(Kind::Value);
            self.emitter.as_kind(input, kind).ok_or(Abort::Unsupported)
        };
        inputs.iter().enumerate().map(in_kind).collect()
    }
    /// Emits what can run Python code and raise.
    pub fn escaping(&mut self, op: Op, inputs: &[UopIdx]) -> Recorded<UopIdx> {
        let inputs = self.arguments(&op, inputs)?;
        let exit = self.error();
        self.needs_valid_check = true;
        self.emit(op, &inputs, Some(exit))
    }

    /// Calls a helper that reads only, and may raise.
    pub fn reading(&mut self, helper: Helper, inputs: &[UopIdx]) -> Recorded<UopIdx> {
        let op = Op::CallHelper { helper };
        let inputs = self.arguments(&op, inputs)?;
        let exit = self.error();
        self.emit(op, &inputs, Some(exit))
    }

    /// The machine integer of a small int, guarded.
    pub fn int(&mut self, value: UopIdx) -> Recorded<UopIdx> {
        if let Some(value) = self.emitter.as_kind(value, Kind::Int) {
            return Ok(value);
        }
        self.guarded(Op::GuardInt {}, &[value])?;
        self.emit(Op::UnboxInt {}, &[value], None)
    }
    /// The machine integer of an int that fits a word, small or in the heap: `actual` is such a one.
    pub fn word(&mut self, value: UopIdx, actual: Value) -> Recorded<UopIdx> {
        if let Some(value) = self.emitter.as_kind(value, Kind::Int) {
            return Ok(value);
        }
        match self.emitter.known_value(value).and_then(exact_word) {
            Some(word) => Ok(self.emitter.const_int(word)),
            None if actual.is_int() => self.int(value),
            None => self.guarded(Op::UnboxWord {}, &[value]),
        }
    }
    /// Is the operand an int that fits a word? Which it is, where compiled code is to work on it as a machine integer: not
    /// where a general operation has given it, whose next result may have any form.
    pub fn operand_word(&self, value: UopIdx, actual: Value) -> Option<i64> {
        let is_any_number = !actual.is_int()
            && self.emitter.known_kind(value).is_none()
            && matches!(self.emitter.op(value), Op::CallHelper { helper: Helper::BinaryOp });
        if is_any_number { None } else { exact_word(actual) }
    }
    pub fn float(&mut self, value: UopIdx) -> Recorded<UopIdx> {
        if let Some(value) = self.emitter.as_kind(value, Kind::Float) {
            return Ok(value);
        }
        self.guarded(Op::GuardFloat {}, &[value])?;
        self.emit(Op::UnboxFloat {}, &[value], None)
    }
    pub fn bool(&mut self, value: UopIdx) -> Recorded<UopIdx> {
        if let Some(value) = self.emitter.as_kind(value, Kind::Bool) {
            return Ok(value);
        }
        self.guarded(Op::GuardBool {}, &[value])?;
        self.emit(Op::UnboxBool {}, &[value], None)
    }
    pub fn box_int(&mut self, value: UopIdx) -> Recorded<UopIdx> {
        self.emit(Op::BoxInt {}, &[value], None)
    }
    pub fn box_float(&mut self, value: UopIdx) -> Recorded<UopIdx> {
        self.emit(Op::BoxFloat {}, &[value], None)
    }
    pub fn box_bool(&mut self, value: UopIdx) -> Recorded<UopIdx> {
        self.emit(Op::BoxBool {}, &[value], None)
    }
    /// Guards that a value is an object of this shape.
    pub fn guard_shape(&mut self, value: UopIdx, shape: u32) -> Recorded<()> {
        match self.emitter.known_kind(value) {
            None | Some(Kind::Value | Kind::Any) => {}
            // An int, whatever its size: what asks for the shape of a large one would ask for the kind of a small one.
            Some(Kind::Int) if shape == BuiltinType::Int.shape() => return Ok(()),
            Some(_) => return Err(Abort::Unsupported),
        }
        self.guarded(Op::GuardShape { shape }, &[value])?;
        Ok(())
    }
    /// Guards that a value is this very object, and gives it as a constant.
    pub fn guard_is(&mut self, vm: &mut Vm, value: UopIdx, object: Value) -> Recorded<UopIdx> {
        if object.is_object() {
            vm.jit.pin(object);
        }
        self.guarded(Op::GuardIs { bits: object.0 }, &[value])?;
        Ok(self.emitter.const_value(object))
    }
    /// The trace relies on this from now on.
    pub fn depend(&mut self, dependency: Dependency) {
        if !self.dependencies.contains(&dependency) {
            self.dependencies.push(dependency);
        }
    }

    /// The functions of a frame's code have the same globals: constants in the trace.
    pub fn depend_on_namespace(&mut self, vm: &mut Vm, code: *mut Code) -> Recorded<()> {
        // SAFETY: callers pass the code of a live frame or function.
        let (is_shared, namespace) = unsafe { ((*code).is_shared, (*code).namespace) };
        if is_shared {
            return Err(Abort::SharedCode);
        }
        // No other dicts may come to lie where these are: they would be taken for the same.
        namespace.into_iter().flatten().for_each(|dict| vm.jit.pin(dict));
        self.depend(Dependency::Code(code as u64));
        Ok(())
    }

    /// Leaves for tier 1, at the current instruction, where another frame would exceed the recursion limit.
    pub fn guard_depth(&mut self) -> Recorded<()> {
        let exit = self.exit(ExitKind::Deopt);
        self.emit(Op::GuardFrames { frames: self.frames.len() as u16, words: 0 }, &[], Some(exit))?;
        Ok(())
    }

    /// Enters an inlined call.
    pub fn push_frame(&mut self, frame: VirtualFrame) -> Recorded<()> {
        if self.frames.len() >= MAX_DEPTH {
            return Err(Abort::TooLong);
        }
        let ip = self.ip;
        self.top().call_ip = ip;
        self.frames.push(frame);
        Ok(())
    }

    /// The root frame's slots that changed, for closing a loop.
    pub fn close(&self) -> crate::opt::LoopClose {
        let root = &self.frames[0];
        // SAFETY: the code lives as long as the frame.
        let live = unsafe { (*root.code).n_localsplus } + root.depth;
        let slots = (0..live).filter(|&slot| root.changed[slot]);
        crate::opt::LoopClose {
            slots: slots.filter_map(|slot| Some((slot as u16, root.slots[slot]?))).collect(),
            head: None,
        }
    }

    /// Ends with an exit that tier 1 goes on from.
    pub fn end_with_exit(&mut self, kind: ExitKind) -> Recorded<Ending> {
        let exit = self.exit(kind);
        self.emitter.append(Op::ExitTrace {}, Default::default(), Some(exit));
        Ok(Ending::Linear)
    }
}

impl VirtualFrame {
    /// # Safety
    /// `frame` is live.
    pub unsafe fn of(frame: *mut Frame, origin: FrameOrigin) -> VirtualFrame {
        // SAFETY: the caller's promise.
        unsafe {
            let code = (*frame).code;
            VirtualFrame::new(frame, code, (*frame).code_object as u64, origin)
        }
    }
    /// A frame that tier 1 is about to push.
    pub fn new(frame: *mut Frame, code: *mut Code, code_object: u64, origin: FrameOrigin) -> VirtualFrame {
        // SAFETY: code lives as long as its code object, which a function or frame holds.
        let n = unsafe { (*code).frame_slots() };
        VirtualFrame {
            frame,
            code,
            code_object,
            origin,
            slots: vec![None; n],
            changed: vec![false; n],
            depth: 0,
            call_ip: 0,
            is_marked: false,
            entries: Vec::new(),
        }
    }
    /// Is the instruction that called the next frame a CALL?
    pub fn stands_at_call(&self) -> bool {
        // SAFETY: the code lives as long as the frame.
        unsafe { (&(*self.code).instructions)[self.call_ip as usize].op() == Instr::Call }
    }
    pub fn set(&mut self, slot: usize, value: UopIdx) {
        self.slots[slot] = Some(value);
        self.changed[slot] = true;
    }
}
