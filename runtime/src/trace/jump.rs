//! Where a recording ends because compiled code goes on elsewhere, and what becomes of its frames there.
//!
//! An executor starts from frames in memory. So what jumps to it brings the root frame up to date and makes those of
//! inlined calls real; the last one is the root of what comes next.

use super::frames::{Recorded, Recorder};
use super::step::{Ending, Flow};
use super::{Abort, RecorderStart};
use crate::bytecode::Opcode;
use crate::exec::{Executor, ExecutorKind};
use crate::interp::code::Code;
use crate::interp::frame::Frame;
use crate::interp::op::Op as Instr;
use crate::object::layout::FunctionObject;
use crate::uop::{CallKind, ExitKind, Field, FrameOrigin, Op, UopIdx};
use crate::value::Value;
use crate::vm::Vm;

/// Code longer than this is not inlined.
const MAX_INLINE_INSTRUCTIONS: usize = 400;
/// Code with a loop that goes round seldom is inlined up to this length: more may come of it than was recorded.
const MAX_INLINE_WITH_LOOP: usize = 100;
/// How often one function may be inlined into itself.
const MAX_RECURSION: usize = 2;
/// Calls are inlined so deep.
const MAX_INLINE_DEPTH: usize = 10;

/// So many rounds of a loop around its root's a side trace follows.
const MAX_ROUNDS_OUTSIDE: u32 = 2;

/// What a call that is not inlined becomes.
pub(super) enum CallTarget {
    /// Its frame is recorded as far as the executor that it starts with.
    Executor,
    /// It has none yet.
    NotYet,
    /// It will never have one.
    Never,
}

impl Recorder {
    /// Closes the loop, or goes over into an executor that starts here.
    pub(super) fn end_here(&mut self, vm: &mut Vm, code: *mut Code) -> Recorded<Option<Flow>> {
        let is_start = code == self.code && self.ip == self.start_ip;
        let is_root = self.frames.len() == 1;
        if is_root && is_start && matches!(self.start, RecorderStart::Loop) {
            return Ok(Some(Flow::End(Ending::Loop)));
        }
        let below = self.frames.len() - 1;
        let has_generator = self.is_in_generator();
        let mut edges = self.back_edges.iter();
        let n_passed =
            edges.find(|edge| edge.code == code as u64 && edge.target == self.ip).map_or(0, |edge| edge.n_passed);
        let goes_on = |executor: &Executor| match self.start {
            _ if !is_root => has_generator || executor.kind != ExecutorKind::Loop && self.may_inline(code, below),
            // A side trace follows on through the loops around its root until it is back there, unless that takes long.
            RecorderStart::Side { root, .. } => {
                executor.id != root && vm.jit.encloses(executor, root) && n_passed < MAX_ROUNDS_OUTSIDE
            }
            _ => false,
        };
        let is_own = !is_root && is_start && matches!(self.start, RecorderStart::Entry);
        let executor = match vm.jit.executor_starting_at(code as u64, self.ip) {
            Some(executor) if goes_on(&vm.jit.executors[executor as usize]) => return Ok(None),
            Some(executor) => executor,
            None if is_own && (has_generator || self.may_inline(code, below)) => return Ok(None),
            None if is_own => Op::THIS_EXECUTOR,
            None => {
                let in_work = vm.jit.root_in_work(code, |executor| executor.start_ip == self.ip);
                return if in_work.is_some_and(|executor| !goes_on(executor)) { Err(Abort::InWork) } else { Ok(None) };
            }
        };
        self.jump_to(vm, executor)?;
        Ok(Some(Flow::End(Ending::Linear)))
    }

    /// Is one of the frames that of a resumed generator? Those cannot be made real yet.
    pub(super) fn is_in_generator(&self) -> bool {
        self.frames.iter().any(|frame| matches!(frame.origin, FrameOrigin::Resume { .. }))
    }

    /// May a call of this code be inlined into the outermost `depth` frames?
    pub(super) fn may_inline(&self, code: *mut Code, depth: usize) -> bool {
        // SAFETY: code of a live function.
        let code_ref = unsafe { &*code };
        let n_same = self.frames[..depth].iter().filter(|frame| frame.code == code).count();
        if code_ref.is_shared {
            return false;
        }
        // Of a generator it is but the making.
        if code_ref.is_generator_like() {
            return depth < MAX_INLINE_DEPTH;
        }
        let has_loop = || code_ref.original.iter().any(|decoded| decoded.opcode == Opcode::JumpBackward);
        let n_instructions = code_ref.instructions.len();
        n_instructions <= MAX_INLINE_INSTRUCTIONS
            && n_same < MAX_RECURSION
            && depth < MAX_INLINE_DEPTH
            && !code_ref.has_hot_loop
            && (n_instructions <= MAX_INLINE_WITH_LOOP || !has_loop())
    }

    /// What there is to jump to for a call of this code, which is not inlined.
    pub(super) fn call_target(&self, vm: &Vm, code: *mut Code) -> CallTarget {
        // SAFETY: code of a live function.
        let code_ref = unsafe { &*code };
        if code_ref.is_generator_like()
            || code_ref.is_shared
            || self.frames.len() >= MAX_INLINE_DEPTH
            || self.is_in_generator()
        {
            return CallTarget::Never;
        }
        let op = |instruction: &crate::interp::code::Instruction| Instr::from_number(instruction.op);
        let entry = code_ref.instructions.iter().position(|instruction| {
            matches!(op(instruction), Instr::Resume | Instr::ResumeCounting | Instr::EnterExecutor)
        });
        let is_told_of = |entry: usize| code_ref.instructions[entry].is_watched() && !code_ref.freshness.is_stale();
        let Some(entry) = entry.filter(|&entry| !is_told_of(entry)) else {
            return CallTarget::Never;
        };
        let start_ip = entry as u32 + 1;
        let is_own = code == self.code && start_ip == self.start_ip && matches!(self.start, RecorderStart::Entry);
        if is_own || vm.jit.executor_starting_at(code as u64, start_ip).is_some() {
            return CallTarget::Executor;
        }
        match op(&code_ref.instructions[entry]) {
            Instr::ResumeCounting => CallTarget::NotYet,
            _ => CallTarget::Never,
        }
    }

    /// Ends where a call's code is not compiled yet: that will be soon, and then this exit is hot.
    pub(super) fn end_at_call(&mut self, vm: &Vm, code: *mut Code) -> Recorded<Flow> {
        // SAFETY: code of a live function, which `call_target` has looked at.
        unsafe {
            let mut instructions = (*code).instructions.iter_mut();
            if let Some(entry) = instructions.find(|instruction| instruction.op == Instr::ResumeCounting as u16) {
                entry.counter = entry.counter.min(1);
            }
        }
        if self.n_steps == 1 {
            let is_in_work = vm.jit.root_in_work(code, |executor| executor.kind == ExecutorKind::Entry).is_some();
            return Err(if is_in_work { Abort::InWork } else { Abort::InnerLoop });
        }
        self.end_with_exit(ExitKind::Dynamic).map(Flow::End)
    }

    /// Ends in a jump to an executor that starts at the current instruction. The stores stand together, right before
    /// the jump: fusing takes them from there.
    fn jump_to(&mut self, vm: &mut Vm, executor: u32) -> Recorded<()> {
        self.leave_real_frames(vm, Op::JumpExecutor { executor })
    }

    /// Ends at a call of ever other functions, which goes on in the executor of the one that is called.
    pub(super) fn end_with_call(&mut self, vm: &mut Vm) -> Recorded<Flow> {
        let top = self.live_slots(self.frames.len() - 1) as u16;
        let (code, ip) = (self.top().code, self.ip);
        // SAFETY: the code lives as long as the frame; the executor keeps the code object alive.
        let call = unsafe { (*code).instructions.as_ptr().add(ip as usize) as u64 };
        self.leave_real_frames(vm, Op::LeaveAtCall { call, top })?;
        Ok(Flow::End(Ending::Linear))
    }

    fn leave_real_frames(&mut self, vm: &mut Vm, ending: Op) -> Recorded<()> {
        // Tier 1 tells tracebacks of their frames.
        if self.frames[1..].iter().any(|frame| !frame.entries.is_empty()) {
            return self.end_with_exit(ExitKind::Deopt).map(|_| ());
        }
        let pushed = self.pushed_frames(vm)?;
        let live = self.live_slots(0);
        let changed: Vec<_> = (0..live).filter(|&slot| self.frames[0].changed[slot]).collect();
        let values: Vec<_> = changed.into_iter().filter_map(|slot| Some((slot, self.frames[0].slots[slot]?))).collect();
        let boxed: Vec<_> = values.into_iter().map(|(slot, value)| (slot, self.emitter.boxed(value))).collect();
        for (slot, value) in boxed {
            self.emitter.append(Op::StoreFrame { slot: slot as u16 }, smallvec::smallvec![value], None);
        }
        for (op, inputs) in pushed {
            self.emitter.append(op, inputs.into(), None);
        }
        self.emitter.append(ending, Default::default(), None);
        Ok(())
    }

    /// What makes the frames of inlined calls real. A call polls, as tier 1 does at a function's start.
    fn pushed_frames(&mut self, vm: &mut Vm) -> Recorded<Vec<(Op, Vec<UopIdx>)>> {
        let n_pushed = self.frames.len() - 1;
        if n_pushed == 0 {
            return Ok(Vec::new());
        }
        let exit = self.exit(ExitKind::Pending);
        self.emit(Op::Poll {}, &[], Some(exit))?;
        let words_of = |code: *mut Code| {
            // SAFETY: the code lives as long as the frame.
            Frame::WORDS + unsafe { (*code).frame_slots() }
        };
        let words = self.frames[1..].iter().map(|frame| words_of(frame.code)).sum::<usize>() as u32;
        let exit = self.exit(ExitKind::Deopt);
        self.emit(Op::GuardFrames { frames: n_pushed as u16, words }, &[], Some(exit))?;
        let mut pushed = Vec::with_capacity(n_pushed);
        for callee in 1..=n_pushed {
            let FrameOrigin::Call { function, kind } = self.frames[callee].origin else {
                return Err(Abort::Unsupported);
            };
            let (code, code_object) = (self.frames[callee].code, Value(self.frames[callee].code_object));
            let function = self.emitter.boxed(function);
            let mut inputs = vec![function, self.constant(vm, code_object)];
            inputs.extend(self.names_of(vm, function)?);
            for slot in 0..self.live_slots(callee) {
                let value = match self.frames[callee].slots[slot] {
                    Some(value) => self.emitter.boxed(value),
                    None => self.emitter.const_value(Value::UNBOUND),
                };
                inputs.push(value);
            }
            let caller = &self.frames[callee - 1];
            // SAFETY: code lives as long as its frame; the executor keeps the code object alive.
            let (start, call) = unsafe {
                let at = |code: *mut Code, ip: u32| (*code).instructions.as_ptr().add(ip as usize) as u64;
                (at(code, 0), at(caller.code, caller.call_ip))
            };
            let live = self.live_slots(callee - 1) - usize::from(kind == CallKind::Init);
            let words = words_of(code) as u32;
            pushed.push((Op::PushFrame { code: code as u64, start, call, live: live as u16, words, kind }, inputs));
        }
        Ok(pushed)
    }

    /// The globals and builtins of a function.
    fn names_of(&mut self, vm: &mut Vm, function: UopIdx) -> Recorded<[UopIdx; 2]> {
        if let Some(known) = self.emitter.known_value(function) {
            // SAFETY: origins are Python functions, and these two never change.
            let object = unsafe { &*known.as_ptr::<FunctionObject>() };
            return Ok([self.constant(vm, object.globals), self.constant(vm, object.builtins)]);
        }
        let globals = self.emit(Op::LoadField { field: Field::FunctionGlobals }, &[function], None)?;
        let builtins = self.emit(Op::LoadField { field: Field::FunctionBuiltins }, &[function], None)?;
        Ok([globals, builtins])
    }
}
