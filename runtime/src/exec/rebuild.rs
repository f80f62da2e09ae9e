//! Rebuilding tier 1's frames from a snapshot when an exit is taken.
//!
//! ```text
//!   data stack:  … root │ inlined call │ inlined call │ homes, objects made so far …
//!                       ^ data_top before              ^ kept here while objects are being made
//! ```
//!
//! First all values are made, since making them may collect; what is made, and the homes that are still needed, stand
//! above the new frames meanwhile, where the collector sees them. Then the frames are written, without allocating. Where
//! nothing is to be made, they are written at once.

mod plain;

use super::{helpers, lists};
use crate::interp::code::{Code, Instruction};
use crate::interp::dispatch::State;
use crate::interp::frame::Frame;
use crate::object::argument::This;
use crate::object::layout::{CodeObject, FunctionObject, GeneratorObject, GeneratorState, TracebackObject};
use crate::uop::{
    CallKind, FrameOrigin, FrameSources, Kind, Op, SnapshotFrame, SnapshotIdx, Source, Superblock, UopIdx,
};
use crate::value::Value;
use crate::vm::{DATA_STACK_RESERVE_WORDS, Vm};
use smallvec::SmallVec;

/// What was made already, since it must be made once.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Made {
    Allocation(UopIdx),
    /// An int that 49 bits do not hold, as long as it is in its home.
    Int {
        home: u16,
        word: u64,
    },
}

/// The values of a snapshot: per frame the origin's (unbound for the root), then those of its slots.
pub(super) type Values = SmallVec<[Value; 48]>;

/// Puts tier 1 where an exit of `superblock` left: writes the root frame's slots, makes the frames of inlined calls and
/// enters those of resumed generators. Gives the innermost frame's state. An exception that is pending stays so.
///
/// The caller of an `__init__` frame has the new instance in the slot above its stack's top: there a returning
/// `__init__` leaves it.
///
/// # Safety
/// `root` is the VM's running frame and belongs to the code in which the superblock starts. `homes` are as the exit left
/// them, `n_homes` of them; sources are filled in. The executor, which keeps the constants alive, is alive. The frames
/// fit the data stack's reserve, which the recorder's limits see to.
pub unsafe fn rebuild(
    vm: &mut Vm,
    root: *mut Frame,
    superblock: &Superblock,
    snapshot: SnapshotIdx,
    homes: *const u64,
) -> State {
    // SAFETY: the caller's promise.
    unsafe { rebuild_with(vm, root, superblock, snapshot, homes, Vec::new()) }
}

/// The same, with objects that were made before, and are kept alive by the caller.
///
/// # Safety
/// As for `rebuild`; the objects are what their keys say.
pub(super) unsafe fn rebuild_with(
    vm: &mut Vm,
    root: *mut Frame,
    superblock: &Superblock,
    snapshot: SnapshotIdx,
    homes: *const u64,
    known: Vec<(Made, Value)>,
) -> State {
    debug_assert_eq!(vm.frame, root, "the root frame is the running one");
    let (frames, sources) = (&superblock.snapshots[snapshot.index()].frames, &superblock.sources[snapshot.index()]);
    // SAFETY: the caller's promise.
    unsafe {
        if known.is_empty() && plain::is_plain(frames, sources, homes) {
            return plain::write_frames(vm, root, frames, sources, homes);
        }
        let base = vm.data_top;
        let needed: usize = frames.iter().map(|frame| words_of(frame)).sum();
        vm.data_top = base.wrapping_add(needed);
        let mut maker = Maker::new(vm, homes, superblock.n_homes as usize, known);
        let values = maker.values(sources);
        vm.data_top = base;
        let state = write_frames(vm, root, frames, &values);
        give_objects(vm, frames, &values);
        state
    }
}

/// Words of the data stack that the frame will take.
///
/// # Safety
/// The frame's code object is alive.
unsafe fn words_of(frame: &SnapshotFrame) -> usize {
    match frame.origin {
        FrameOrigin::Root | FrameOrigin::Resume { .. } => 0,
        // SAFETY: the caller's promise.
        FrameOrigin::Call { .. } => unsafe { Frame::WORDS + (*code_of(frame)).frame_slots() },
    }
}

/// # Safety
/// The frame's code object is alive.
unsafe fn code_of(frame: &SnapshotFrame) -> *mut Code {
    // SAFETY: the caller's promise; snapshots hold the addresses of code objects.
    unsafe { (*(frame.code as *mut CodeObject)).code }
}

/// Makes a snapshot's values.
pub(super) struct Maker<'v> {
    vm: &'v mut Vm,
    homes: *const u64,
    n_homes: usize,
    /// What was made before, and is alive.
    known: Vec<(Made, Value)>,
    /// The homes stand on the data stack too.
    has_kept_homes: bool,
    /// What was made, and where on the data stack it stands.
    made: SmallVec<[(Made, *mut Value); 8]>,
}

impl<'v> Maker<'v> {
    /// `homes` has `n_homes` words. What it makes stands above the data stack's top, which who made it puts back.
    pub fn new(vm: &'v mut Vm, homes: *const u64, n_homes: usize, known: Vec<(Made, Value)>) -> Maker<'v> {
        Maker { vm, homes, n_homes, known, has_kept_homes: false, made: SmallVec::new() }
    }

    /// What was made and was not known.
    pub fn into_made(self) -> Vec<(Made, Value)> {
        // SAFETY: `keep` wrote them, below `data_top`.
        self.made.iter().map(|(made, at)| (*made, unsafe { **at })).collect()
    }

    pub fn values(&mut self, sources: &[FrameSources]) -> Values {
        let mut values = Values::new();
        // Should this spill, its values still stand in homes, on the data stack or in the executor's constants.
        for frame in sources {
            values.push(frame.origin.as_ref().map_or(Value::UNBOUND, |source| self.value(source)));
            for source in &frame.slots {
                values.push(self.value(source));
            }
        }
        values
    }

    fn value(&mut self, source: &Source) -> Value {
        match source {
            Source::Const(bits) => Value(*bits),
            Source::Home(home, kind) => {
                let word = self.home(*home as usize);
                match kind {
                    Kind::Float => Value::float(f64::from_bits(word)),
                    Kind::Bool => Value::bool(word != 0),
                    Kind::Value | Kind::Any => Value(word),
                    Kind::Int => match Value::try_small_int(word as i64) {
                        Some(value) => value,
                        None => self.once(Made::Int { home: *home, word }, |maker| maker.vm.new_int(word as i64)),
                    },
                }
            }
            Source::Alloc(sunk) => {
                self.once(Made::Allocation(sunk.uop), |maker| maker.allocation(&sunk.op, &sunk.inputs))
            }
        }
    }

    fn home(&self, home: usize) -> u64 {
        debug_assert!(home < self.n_homes);
        // SAFETY: as many homes were passed as the superblock has.
        unsafe { *self.homes.add(home) }
    }

    fn allocation(&mut self, op: &Op, sources: &[Source]) -> Value {
        match *op {
            Op::ListSlice { step } => {
                let [list, start, count] = sources else { unreachable!("the verifier has counted the inputs") };
                let list = self.value(list);
                let (start, count) = (self.int(start), self.int(count));
                return lists::list_slice(self.vm, list, start, count, step);
            }
            Op::NewRangeIter {} => {
                let [next, step, remaining] = sources else { unreachable!("the verifier has counted the inputs") };
                let [next, step, remaining] = [next, step, remaining].map(|source| self.int(source));
                return self.vm.new_range_iter(next, step, remaining);
            }
            Op::BoxUnsigned {} => {
                let [bits] = sources else { unreachable!("the verifier has counted the inputs") };
                return self.vm.new_int_from_u64(self.int(bits) as u64);
            }
            _ => {}
        }
        // Kept alive as `values` are, should it spill.
        let inputs: SmallVec<[Value; 16]> = sources.iter().map(|source| self.value(source)).collect();
        match *op {
            Op::NewTuple {} => self.vm.new_tuple(&inputs),
            Op::NewList {} => lists::list_of(self.vm, &inputs),
            Op::NewDict {} => self.vm.new_dict(),
            Op::NewSlice {} => self.vm.new_slice(inputs[0], inputs[1], inputs[2]),
            Op::NewInstance { shape, slots } => helpers::instance_of(self.vm, shape, slots, &inputs),
            Op::NewCell {} => self.vm.new_cell(inputs[0]),
            Op::NewGenerator { code, ip, awaited, .. } => {
                let (code, ip) = (code as *mut CodeObject, ip as *mut Instruction);
                self.vm.new_generator(code, ip, inputs[0], awaited, &inputs[1..])
            }
            Op::NewFunction { code } => {
                self.vm.new_function_of(code as *mut CodeObject, [inputs[0], inputs[1], inputs[2], inputs[3]])
            }
            Op::NewRange {} => self.vm.new_range_of(inputs[0], inputs[1], inputs[2], inputs[3]),
            Op::NewBoundMethod {} => self.vm.new_bound_method(inputs[0], inputs[1]),
            _ => unreachable!("{} allocates nothing of boxed words, so it was not sunk", op.name()),
        }
    }

    /// An input that is a machine integer to its micro-op: never boxed on the way.
    fn int(&self, source: &Source) -> i64 {
        match source {
            Source::Home(home, Kind::Int) => self.home((*home).into()) as i64,
            Source::Const(bits) => Value(*bits).as_int(),
            Source::Home(..) | Source::Alloc(_) => unreachable!("the verifier has seen that it is an int"),
        }
    }

    /// Makes something that was not made yet, and keeps it on the data stack.
    fn once(&mut self, what: Made, make: impl FnOnce(&mut Self) -> Value) -> Value {
        if let Some((_, value)) = self.known.iter().find(|(made, _)| *made == what) {
            return *value;
        }
        if let Some((_, at)) = self.made.iter().find(|(made, _)| *made == what) {
            // SAFETY: `keep` wrote it, below `data_top`.
            return unsafe { **at };
        }
        if !self.has_kept_homes {
            self.has_kept_homes = true;
            // Raw words among them do no harm: the data stack is scanned conservatively.
            for home in 0..self.n_homes {
                self.keep(Value(self.home(home)));
            }
        }
        let value = make(self);
        let at = self.keep(value);
        self.made.push((what, at));
        value
    }

    /// Puts a word on top of the data stack.
    fn keep(&mut self, value: Value) -> *mut Value {
        let at = self.vm.data_top;
        assert!(at < self.vm.data_end.wrapping_add(DATA_STACK_RESERVE_WORDS), "the data stack's reserve is used up");
        // SAFETY: `at` is a word of the data stack, below its end.
        unsafe {
            *at = value;
            self.vm.data_top = at.add(1);
        }
        at
    }
}

/// Writes the frames and makes the last one the running one. Allocates nothing.
///
/// # Safety
/// As in `rebuild`; the frames fit the data stack, `values` are the snapshot's.
unsafe fn write_frames(vm: &mut Vm, root: *mut Frame, frames: &[SnapshotFrame], values: &[Value]) -> State {
    // SAFETY: the caller's promise.
    unsafe {
        let mut rest = values;
        let mut running = root;
        let mut state = State::OVER;
        for frame in frames {
            let (of_frame, others) = rest.split_at(1 + frame.slots.len());
            rest = others;
            running = match frame.origin {
                FrameOrigin::Root => root,
                FrameOrigin::Call { kind, .. } => push_inlined(vm, running, frame, of_frame[0], kind),
                FrameOrigin::Resume { .. } => enter_inlined(vm, running, of_frame[0]),
            };
            state = write_slots(running, frame, of_frame[1..].iter().copied());
            if frame.origin != FrameOrigin::Root {
                vm.depth += 1;
            }
        }
        vm.frame = running;
        state
    }
}

/// The frames are real: those that have caught exceptions have their tracebacks know them.
///
/// # Safety
/// The running frame and its callers are those; `values` are the snapshot's.
unsafe fn give_objects(vm: &mut Vm, frames: &[SnapshotFrame], values: &[Value]) {
    let mut entries: SmallVec<[(Value, usize); 4]> = SmallVec::new();
    let mut rest = values;
    for (at, frame) in frames.iter().enumerate() {
        let (of_frame, others) = rest.split_at(1 + frame.slots.len());
        rest = others;
        let known = frame.slots.iter().zip(&of_frame[1..]).filter(|((slot, _), _)| *slot >= SnapshotFrame::ENTRIES);
        entries.extend(known.map(|(_, entry)| (*entry, frames.len() - 1 - at)));
    }
    for (entry, n_below) in entries {
        if let Some(entry) = This::<TracebackObject>::of(vm, entry) {
            // SAFETY: the caller's promise.
            let frame = unsafe { (0..n_below).fold(vm.frame, |frame, _| (*frame).previous) };
            vm.give_object(entry, frame);
        }
    }
}

/// A frame for an inlined call, as tier 1's call pushes it.
///
/// # Safety
/// The data stack has room; `function` is the function that was called.
unsafe fn push_inlined(
    vm: &mut Vm,
    previous: *mut Frame,
    snapshot: &SnapshotFrame,
    function: Value,
    kind: CallKind,
) -> *mut Frame {
    // SAFETY: the caller's promise.
    unsafe {
        let object = &*function.as_ptr::<FunctionObject>();
        let code = code_of(snapshot);
        let frame = vm.data_top.cast::<Frame>();
        let end = vm.data_top.wrapping_add(Frame::WORDS + (*code).frame_slots());
        assert!(end <= vm.data_end.wrapping_add(DATA_STACK_RESERVE_WORDS), "the data stack's reserve is used up");
        vm.data_top = end;
        frame.write(Frame {
            function,
            globals: object.globals,
            builtins: object.builtins,
            ..new_frame(previous, snapshot.code as *mut CodeObject, kind)
        });
        unbind_locals(frame);
        frame
    }
}

/// A frame's header for a call that tier 1 goes on from when it returns, but for its function and what that knows.
///
/// # Safety
/// The code object is alive.
pub(super) unsafe fn new_frame(previous: *mut Frame, code_object: *mut CodeObject, kind: CallKind) -> Frame {
    // SAFETY: the caller's promise.
    let code = unsafe { (*code_object).code };
    Frame {
        previous,
        code_object,
        code,
        function: Value::UNBOUND,
        globals: Value::UNBOUND,
        builtins: Value::UNBOUND,
        locals: Value::UNBOUND,
        // SAFETY: code lives as long as its code object.
        ip: unsafe { (*code).instructions.as_mut_ptr() },
        sp: std::ptr::null_mut(),
        generator: std::ptr::null_mut(),
        flags: Frame::flags_of(kind),
    }
}

/// The frame of a generator that was resumed inside of the superblock, as tier 1 resumes it.
///
/// # Safety
/// `generator` is a generator that was suspended when the superblock resumed it; compiled code has not linked it.
unsafe fn enter_inlined(vm: &mut Vm, previous: *mut Frame, generator: Value) -> *mut Frame {
    // SAFETY: the caller's promise.
    unsafe {
        let object = generator.as_ptr::<GeneratorObject>();
        let frame = &raw mut (*object).frame;
        (*object).state = GeneratorState::Running;
        (*object).caller_handled = vm.handled;
        if !(*object).handled.is_unbound() {
            vm.handled = (*object).handled;
        }
        (*frame).previous = previous;
        (*frame).flags = 0;
        // It is about to be written to.
        vm.barrier(object);
        frame
    }
}

/// # Safety
/// A frame whose code is set.
unsafe fn unbind_locals(frame: *mut Frame) {
    // SAFETY: the caller's promise.
    unsafe {
        for slot in 0..(*(*frame).code).n_localsplus {
            *Frame::slot(frame, slot) = Value::UNBOUND;
        }
    }
}

/// Writes a frame's slots and place.
///
/// # Safety
/// The frame is of the snapshot's code; `values` are as many as its slots.
#[inline(always)]
unsafe fn write_slots(frame: *mut Frame, snapshot: &SnapshotFrame, values: impl Iterator<Item = Value>) -> State {
    // SAFETY: the caller's promise.
    unsafe {
        let code = (*frame).code;
        debug_assert_eq!(code, code_of(snapshot));
        for ((slot, _), value) in snapshot.slots.iter().zip(values) {
            if *slot >= SnapshotFrame::ENTRIES {
                break;
            }
            debug_assert!((*slot as usize) < (*code).frame_slots());
            *Frame::slot(frame, *slot as usize) = value;
        }
        debug_assert!((snapshot.ip as usize) < (*code).instructions.len());
        let ip = (*code).instructions.as_mut_ptr().add(snapshot.ip as usize);
        let sp = Frame::stack_base(frame).add(snapshot.stack_depth as usize);
        (*frame).ip = ip;
        (*frame).sp = sp;
        State { ip, sp, frame }
    }
}

#[cfg(test)]
mod tests;
