//! Recording generators and coroutines: a resumed one runs in a virtual frame, whose slots are those in the generator.
//!
//! While it runs so, memory still has it suspended, where it was; what it changes is written back as it yields. Before
//! anything else can look (Python code that may run, a generator of the same code that may be the same), memory is told
//! that it is running. Exits do so as they enter it.

use super::Abort;
use super::frames::{Recorded, Recorder, VirtualFrame};
use super::step::{Expected, Flow};
use crate::exec::Dependency;
use crate::interp::code::CO_COROUTINE;
use crate::interp::dispatch::State;
use crate::interp::frame::Frame;
use crate::interp::generator::generator_type;
use crate::interp::handlers::resuming::{resumes, resumption};
use crate::interp::op::Op as Instr;
use crate::object::argument::This;
use crate::object::layout::{GeneratorObject, GeneratorState, NativeFunction};
use crate::object::typed::Coroutine;
use crate::object::types::BuiltinType;
use crate::uop::{CallKind, ExitKind, Field, FrameOrigin, Helper, Op, UopIdx};
use crate::value::Value;
use crate::vm::Vm;

/// Generators are not resumed in frames deeper than this.
const MAX_RESUMED_DEPTH: usize = 10;
/// How often one generator's code may be resumed inside of itself.
const MAX_NESTED: usize = 4;

/// What became of resuming a generator.
pub(super) enum Resumed {
    /// The recording goes on in it.
    Entered(Flow),
    /// It gives nothing any more.
    IsFinished,
    /// It is not followed.
    No,
}

impl Recorder {
    /// Resumes a generator or coroutine, to which `sent` is sent; the caller's stack is `popped` lower meanwhile, with what is
    /// `waiting` above it.
    ///
    /// # Safety
    /// `actual` is what stands for `generator`, an exact generator or coroutine.
    pub(super) unsafe fn resume(
        &mut self,
        vm: &mut Vm,
        actual: Value,
        generator: UopIdx,
        sent: UopIdx,
        popped: usize,
        waiting: Option<UopIdx>,
    ) -> Recorded<Resumed> {
        let object = actual.as_ptr::<GeneratorObject>();
        // SAFETY: the caller's promise.
        let (state, is_handling, frame) =
            unsafe { ((*object).state, !(*object).handled.is_unbound(), &raw mut (*object).frame) };
        let shape = vm.shape_of(actual);
        let is_finished = state == GeneratorState::Finished;
        if state == GeneratorState::Running || is_handling && !is_finished {
            return Ok(Resumed::No);
        }
        if is_finished {
            if shape != BuiltinType::Generator.shape() {
                return Ok(Resumed::No);
            }
            self.guard_shape(generator, shape)?;
            self.guard_state(generator, state)?;
            return Ok(Resumed::IsFinished);
        }
        // SAFETY: a suspended generator's frame.
        let (code, code_object, ip, depth) = unsafe {
            let depth = (*frame).sp.offset_from(Frame::stack_base(frame)) as usize;
            ((*frame).code, (*frame).code_object, (*frame).ip, depth)
        };
        let is_unsent = self.emitter.known_value(sent) == Some(Value::NONE);
        let n_same = self.frames.iter().filter(|frame| frame.code == code).count();
        if state == GeneratorState::Created && !is_unsent
            || self.frames.len() >= MAX_RESUMED_DEPTH
            // Tier 1 passes a value through as many as there are; a trace would call it for those further in.
            || n_same + n_of_its_code(vm, actual) > MAX_NESTED
            || vm.jit.is_unfollowed(code)
            // SAFETY: a live frame's code.
            || unsafe { (*code).is_shared }
        {
            return Ok(Resumed::No);
        }
        self.depend_on_namespace(vm, code)?;
        self.guard_shape(generator, shape)?;
        self.mark_running(|frame| frame.code == code)?;
        self.guard_state(generator, state)?;
        let handled = self.emit(Op::LoadField { field: Field::GeneratorHandled }, &[generator], None)?;
        self.guarded(Op::GuardIs { bits: Value::UNBOUND.0 }, &[handled])?;
        // The place tells the code, whose instructions stay where they are as long as it lives.
        vm.jit.pin(Value::object(code_object));
        self.guard_word(generator, Field::GeneratorIp, ip as i64)?;
        let mut resumed = VirtualFrame::new(frame, code, code_object as u64, FrameOrigin::Resume { generator });
        resumed.depth = depth;
        self.guard_depth()?;
        self.drop(popped);
        if let Some(waiting) = waiting {
            self.push(waiting);
            self.top().depth -= 1;
        }
        self.push_frame(resumed)?;
        self.push(sent);
        // SAFETY: the place is one of the code's instructions.
        let ip = unsafe { ip.offset_from((*code).instructions.as_ptr()) } as u32;
        Ok(Resumed::Entered(Flow::Continue(Expected::Resumed(ip))))
    }

    fn guard_state(&mut self, generator: UopIdx, state: GeneratorState) -> Recorded<()> {
        self.guard_word(generator, Field::GeneratorState, state as i64)
    }

    pub(super) fn guard_word(&mut self, owner: UopIdx, field: Field, expected: i64) -> Recorded<()> {
        let word = self.emit(Op::LoadWord { field }, &[owner], None)?;
        let expected = self.emitter.const_int(expected);
        let is_same = self.emit(Op::IntEq {}, &[word, expected], None)?;
        self.guarded(Op::GuardTrue {}, &[is_same])?;
        Ok(())
    }

    fn store_state(&mut self, generator: UopIdx, state: GeneratorState) -> Recorded<()> {
        let state = self.emitter.const_int(state as i64);
        self.emit(Op::StoreWord { field: Field::GeneratorState }, &[generator, state], None)?;
        Ok(())
    }

    /// Tells memory of the virtual frames' generators that they are running.
    pub(super) fn mark_running(&mut self, which: impl Fn(&VirtualFrame) -> bool) -> Recorded<()> {
        for index in 0..self.frames.len() {
            let frame = &self.frames[index];
            if let FrameOrigin::Resume { generator } = frame.origin
                && !frame.is_marked
                && which(frame)
            {
                self.frames[index].is_marked = true;
                self.store_state(generator, GeneratorState::Running)?;
            }
        }
        Ok(())
    }

    /// YIELD_VALUE of a generator that was resumed in the trace.
    pub(super) fn yield_value(&mut self) -> Recorded<Flow> {
        let FrameOrigin::Resume { generator } = self.top().origin else { return Err(Abort::Unsupported) };
        let value = self.peek(1)?;
        self.drop(1);
        let ip = self.ip as usize + 1;
        let top = self.top();
        // SAFETY: the code lives as long as the frame.
        let code = unsafe { &*top.code };
        let n_live = code.n_localsplus + top.depth;
        let address = code.instructions[ip..].as_ptr() as i64;
        let changed: Vec<usize> = (0..n_live).filter(|&slot| top.changed[slot]).collect();
        for slot in changed {
            if let Some(value) = self.top().slots[slot] {
                let value = self.emitter.boxed(value);
                self.emit(Op::StoreGeneratorSlot { slot: slot as u16 }, &[generator, value], None)?;
            }
        }
        let address = self.emitter.const_int(address);
        self.emit(Op::Suspend { top: n_live as u16 }, &[generator, address], None)?;
        self.store_state(generator, GeneratorState::Suspended)?;
        // How far its loops go round for the next value is another question.
        self.back_edges.retain(|edge| edge.code != std::ptr::from_ref(code) as u64);
        self.frames.pop();
        let ip = self.top().call_ip;
        self.push(value);
        Ok(Flow::Continue(Expected::Popped(ip + 1)))
    }

    /// RETURN_VALUE of a generator that was resumed in the trace: FOR_ITER drops the result, SEND wants it, a call gives its
    /// default.
    pub(super) fn end_generator(&mut self, generator: UopIdx, value: UopIdx) -> Recorded<Flow> {
        let caller = &self.frames[self.frames.len() - 2];
        let is_called = caller.stands_at_call();
        if is_called {
            let default = caller.slots[self.live_slots(self.frames.len() - 2) - 1];
            let default = default.and_then(|default| self.emitter.known_value(default));
            if default.is_some_and(Value::is_unbound) {
                // Tier 1 raises StopIteration.
                return Err(Abort::Unsupported);
            }
        }
        self.store_state(generator, GeneratorState::Finished)?;
        self.frames.pop();
        let top = self.top();
        if is_called {
            top.depth += 1;
            let ip = top.call_ip;
            return Ok(Flow::Continue(Expected::Popped(ip + 1)));
        }
        // SAFETY: the code lives as long as the frame.
        let call = unsafe { (&(*top.code).instructions)[top.call_ip as usize] };
        if Instr::from_number(call.op) == Instr::Send {
            self.push(value);
            return Ok(Flow::Continue(Expected::Popped(call.arg)));
        }
        Ok(Flow::Continue(Expected::Popped(call.arg + 1)))
    }

    /// The call of a native that resumes a generator; `None`: it is called.
    pub(super) fn resume_called(
        &mut self,
        vm: &mut Vm,
        native: &NativeFunction,
        arguments: &[UopIdx],
        values: &[Value],
        popped: usize,
    ) -> Recorded<Option<Flow>> {
        let Some(resumes) = resumes(vm, native, values) else { return Ok(None) };
        let none = self.emitter.const_value(Value::NONE);
        let Some((sent, default)) = resumption(resumes, arguments, none) else { return Ok(None) };
        let waiting = default.unwrap_or_else(|| self.emitter.const_value(Value::UNBOUND));
        // SAFETY: it was seen to be an exact generator or coroutine.
        match unsafe { self.resume(vm, values[0], arguments[0], sent, popped, Some(waiting))? } {
            Resumed::Entered(flow) => Ok(Some(flow)),
            Resumed::IsFinished | Resumed::No => Ok(None),
        }
    }

    pub(super) unsafe fn send(&mut self, vm: &mut Vm, s: State, end: u32) -> Recorded<Flow> {
        // SAFETY: the stack has receiver and value.
        let actual = unsafe { s.peek(2) };
        if !is_followed(vm, actual) {
            return Err(Abort::Unsupported);
        }
        let (receiver, sent) = (self.peek(2)?, self.peek(1)?);
        // SAFETY: an exact generator or coroutine.
        if let Resumed::Entered(flow) = unsafe { self.resume(vm, actual, receiver, sent, 1, None)? } {
            return Ok(flow);
        }
        self.guard_shape(receiver, vm.shape_of(actual))?;
        let exit = self.exit(ExitKind::Deopt);
        self.emit(Op::GuardStack {}, &[], Some(exit))?;
        let result = self.escaping(Op::CallHelper { helper: Helper::Send }, &[receiver, sent])?;
        self.reduce(1, result);
        Ok(Flow::Continue(Expected::AfterSend { receiver, end }))
    }

    /// A send was called. Whether the receiver yielded or returned is seen only now.
    pub(super) fn sent(&mut self, receiver: UopIdx, has_returned: bool, end: u32) -> Recorded<()> {
        let exit = self.side_at(if has_returned { self.ip + 1 } else { end }, 0);
        let state = self.emit(Op::LoadWord { field: Field::GeneratorState }, &[receiver], None)?;
        let finished = self.emitter.const_int(GeneratorState::Finished as i64);
        let has_finished = self.emit(Op::IntEq {}, &[state, finished], None)?;
        let guard = if has_returned { Op::GuardTrue {} } else { Op::GuardFalse {} };
        self.emit(guard, &[has_finished], Some(exit))?;
        Ok(())
    }

    /// RETURN_GENERATOR of an inlined call: its frame becomes the generator's.
    pub(super) unsafe fn return_generator(&mut self, vm: &mut Vm, s: State) -> Recorded<Flow> {
        let (function, kind) = match self.top().origin {
            FrameOrigin::Call { function, kind: kind @ (CallKind::Plain | CallKind::Operator) } => (function, kind),
            _ => return Err(Abort::Unsupported),
        };
        // SAFETY: a live frame.
        let (code, code_object) = unsafe { (&*(*s.frame).code, (*s.frame).code_object) };
        if code.flags & CO_COROUTINE != 0 {
            if vm.watchers.keeps_origins {
                return Err(Abort::Watched);
            }
            self.depend(Dependency::Origins);
        }
        let top = self.top();
        let n_slots = top.slots[..code.n_localsplus].iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        let mut inputs = vec![self.emitter.boxed(function)];
        for slot in 0..n_slots {
            let value = self.slot(slot)?;
            inputs.push(self.emitter.boxed(value));
        }
        vm.jit.pin(Value::object(code_object));
        let ip = code.instructions[self.ip as usize + 1..].as_ptr() as i64;
        let shape = generator_type(code).shape();
        let caller = &self.frames[self.frames.len() - 2];
        // SAFETY: the code of a frame that runs.
        let next = unsafe { &(&(*caller.code).instructions)[caller.call_ip as usize + 1] };
        if kind == CallKind::Plain && next.is_drop() {
            // Tier 1 sees to what is dropped unused.
            return Err(Abort::Unsupported);
        }
        let awaited = kind == CallKind::Plain && next.is_await();
        let generator = self.emit(Op::NewGenerator { code: code_object as u64, shape, ip, awaited }, &inputs, None)?;
        if kind == CallKind::Operator {
            self.finish_special(vm, None, generator)?;
        } else {
            self.frames.pop();
            self.push(generator);
        }
        let ip = self.top().call_ip;
        Ok(Flow::Continue(Expected::Popped(ip + 1)))
    }

    /// A coroutine that is awaited for the first time.
    ///
    /// # Safety
    /// `s` is the state before the instruction.
    pub(super) unsafe fn get_awaitable(&mut self, vm: &mut Vm, s: State) -> Recorded<()> {
        // SAFETY: the stack has the awaitable.
        let value = unsafe { s.peek(1) };
        match This::<Coroutine>::of(vm, value) {
            Some(coroutine) if coroutine.state == GeneratorState::Created => {}
            _ => return Err(Abort::Unsupported),
        }
        // SAFETY: as above.
        unsafe { self.exact_iterator(vm, s, BuiltinType::Coroutine) }?;
        let value = self.peek(1)?;
        self.guard_state(value, GeneratorState::Created)
    }

    /// What is its own iterator, guarded to be that.
    pub(super) unsafe fn exact_iterator(&mut self, vm: &mut Vm, s: State, ty: BuiltinType) -> Recorded<()> {
        // SAFETY: the stack has the iterable.
        if !vm.is_exact(unsafe { s.peek(1) }, ty) {
            return Err(Abort::Unsupported);
        }
        let value = self.peek(1)?;
        self.guard_shape(value, ty.shape())
    }
}

/// How many of the generators that a generator delegates to, by way of others or not, are of its code, itself among them.
fn n_of_its_code(vm: &mut Vm, generator: Value) -> usize {
    // SAFETY: callers pass a generator or coroutine; what comes after it was seen to be one.
    let code_of = |generator: Value| unsafe { (*generator.as_ptr::<GeneratorObject>()).frame.code };
    let code = code_of(generator);
    let mut n_same = 1;
    let mut innermost = generator;
    // As deep as data may be, further down makes no difference.
    for _ in 0..MAX_RESUMED_DEPTH {
        match vm.delegate_of(innermost) {
            Some(delegate) if is_followed(vm, delegate) => innermost = delegate,
            _ => break,
        }
        n_same += usize::from(code_of(innermost) == code);
    }
    n_same
}

fn is_followed(vm: &Vm, value: Value) -> bool {
    vm.is_exact(value, BuiltinType::Generator) || vm.is_exact(value, BuiltinType::Coroutine)
}
