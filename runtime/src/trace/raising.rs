//! Recording exceptions: from where one is raised to its handler, through the frames of inlined calls.
//!
//! Which handler it is follows from where it is raised, so the trace goes on there. On the way compiled code does what tier 1
//! does: it adds places to the traceback, and tells the VM of the exception that is handled. A generator keeps the one that
//! it handles to itself; what is raised and handled in those is left to tier 1.

use super::Abort;
use super::frames::{Recorded, Recorder};
use super::step::{Ending, Expected, Flow};
use crate::bytecode::Handler;
use crate::exec::Dependency;
use crate::interp::dispatch::State;
use crate::interp::frame::Frame;
use crate::object::class::class_ref;
use crate::object::layout::{TupleObject, TypeObject};
use crate::object::types::BuiltinType;
use crate::uop::{ExitIdx, ExitKind, FrameOrigin, Helper, Op, UopIdx};
use crate::value::Value;
use crate::vm::Vm;

/// So many exceptions may an inlined call catch.
const MAX_CAUGHT: usize = 16;

impl Recorder {
    pub(super) unsafe fn raise(&mut self, vm: &mut Vm, s: State, n_arguments: usize) -> Recorded<Flow> {
        self.must_be_handled()?;
        match n_arguments {
            0 => {
                if vm.handled.is_none() {
                    return Err(Abort::Unsupported);
                }
                let exit = self.error();
                let exception = self.emit(Op::CallHelper { helper: Helper::Handled }, &[], Some(exit))?;
                self.guarded(Op::GuardIsNot { bits: Value::NONE.bits() }, &[exception])?;
                // Its traceback has this frame, where it was raised.
                self.unwind(vm, exception, true)
            }
            1 => {
                // SAFETY: the stack has what is raised.
                let actual = unsafe { s.peek(1) };
                let exception = self.raised(vm, actual)?;
                self.unwind(vm, exception, false)
            }
            _ => {
                let (value, cause) = (self.peek(2)?, self.peek(1)?);
                let exception = self.escaping(Op::CallHelper { helper: Helper::RaiseFrom }, &[value, cause])?;
                self.unwind(vm, exception, false)
            }
        }
    }

    /// The exception that `raise value` raises, the value being on top of the stack, with its context.
    fn raised(&mut self, vm: &mut Vm, actual: Value) -> Recorded<UopIdx> {
        let value = self.peek(1)?;
        let mut exception = value;
        if vm.is_exception(actual) {
            self.guard_shape(value, vm.shape_of(actual))?;
        } else {
            let made = match vm.is_exception_class(actual) && vm.makes_bare_exceptions(actual.as_ptr()) {
                true => {
                    self.guard_is(vm, value, actual)?;
                    Some(self.new_exception(vm, actual.as_ptr(), &[])?)
                }
                false => None,
            };
            match made {
                Some(made) => exception = made,
                None => return self.escaping(Op::CallHelper { helper: Helper::RaiseValue }, &[value]),
            }
        }
        let exit = self.error();
        self.emit(Op::CallHelper { helper: Helper::SetContext }, &[exception], Some(exit))?;
        Ok(exception)
    }

    /// An exception of a class that makes bare ones, with these arguments.
    pub(super) fn new_exception(
        &mut self,
        vm: &mut Vm,
        class: *mut TypeObject,
        arguments: &[UopIdx],
    ) -> Recorded<UopIdx> {
        self.depend_on_class(class);
        let arguments: Vec<UopIdx> = arguments.iter().map(|&argument| self.emitter.boxed(argument)).collect();
        let arguments = self.tuple_of(vm, &arguments)?;
        let shape = class_ref(class).instance_shape;
        let slots = vm.shapes.get(shape).inline_slots;
        let exception = self.emit(Op::NewInstance { shape, slots }, &[], None)?;
        let fresh = crate::object::exception::initial_slots(Value::NONE);
        for (slot, initial) in fresh.into_iter().enumerate() {
            let value = if slot == 0 { arguments } else { self.emitter.const_value(initial) };
            self.emit(Op::StoreSlot { slot: slot as u16 }, &[exception, value], None)?;
        }
        Ok(exception)
    }

    /// A tuple of boxed values.
    pub(super) fn tuple_of(&mut self, vm: &mut Vm, items: &[UopIdx]) -> Recorded<UopIdx> {
        if items.is_empty() { Ok(self.constant(vm, vm.empty_tuple)) } else { self.emit(Op::NewTuple {}, items, None) }
    }

    pub(super) fn reraise(&mut self, vm: &mut Vm) -> Recorded<Flow> {
        self.must_be_handled()?;
        let exception = self.peek(1)?;
        self.unwind(vm, exception, true)
    }

    /// The frame that handles what the current instruction raises, and how; nobody inside of a generator does.
    fn handling_frame(&self) -> Option<(usize, Handler)> {
        let last = self.frames.len() - 1;
        let mut frames = self.frames.iter().enumerate().rev();
        frames.find_map(|(place, frame)| {
            let ip = if place == last { self.ip } else { frame.call_ip };
            // SAFETY: the code lives as long as the frame.
            unsafe { (*frame.code).handler_at(ip) }.map(|handler| (place, handler))
        })
    }

    /// Is the running frame one whose exceptions are followed?
    fn must_not_be_generator(&self) -> Recorded<()> {
        let root = self.frames[0].frame;
        // SAFETY: the root frame is live.
        let is_generator = self.frames.len() == 1 && unsafe { !(*root).generator.is_null() };
        if is_generator || self.is_in_generator() { Err(Abort::Unsupported) } else { Ok(()) }
    }

    fn must_be_handled(&self) -> Recorded<()> {
        let root = self.frames[0].frame;
        // SAFETY: the root frame is live.
        let is_generator = unsafe { !(*root).generator.is_null() };
        match self.handling_frame() {
            Some((place, _)) if !(self.is_in_generator() || place == 0 && is_generator) => Ok(()),
            _ => Err(Abort::Unsupported),
        }
    }

    /// Goes on in the handler of an exception that the current instruction has raised. Its traceback may have the place
    /// already.
    fn unwind(&mut self, vm: &mut Vm, exception: UopIdx, has_place: bool) -> Recorded<Flow> {
        let exit = self.error();
        self.unwind_by(vm, exception, has_place, exit).map(|target| Flow::Continue(Expected::At(target)))
    }

    /// Tells a helper what is in the variables of the frame of an inlined call.
    fn tell_variables(&mut self, helper: Helper, of: UopIdx, at: usize, exit: ExitIdx) -> Recorded<()> {
        // SAFETY: the code lives as long as the frame.
        let n_variables = unsafe { (*self.frames[at].code).n_localsplus };
        let mut inputs = vec![of];
        for slot in 0..n_variables {
            let variable = self.frames[at].slots[slot];
            let variable = variable.unwrap_or_else(|| self.emitter.const_value(Value::UNBOUND));
            inputs.push(self.emitter.boxed(variable));
        }
        self.emit(Op::CallHelper { helper }, &inputs, Some(exit))?;
        Ok(())
    }

    /// The frame of an inlined call ends: the tracebacks of what it has caught get its variables.
    pub(super) fn keep_variables(&mut self, at: usize, exit: ExitIdx) -> Recorded<()> {
        for entry in std::mem::take(&mut self.frames[at].entries) {
            self.tell_variables(Helper::KeepVariables, entry, at, exit)?;
        }
        Ok(())
    }

    fn unwind_by(&mut self, vm: &mut Vm, exception: UopIdx, has_place: bool, exit: ExitIdx) -> Recorded<u32> {
        if vm.watchers.tell_of_exceptions() {
            return Err(Abort::Watched);
        }
        self.depend(Dependency::Exceptions);
        let (place, handler) = self.handling_frame().ok_or(Abort::Unsupported)?;
        let last = self.frames.len() - 1;
        for at in (place..=last).rev() {
            let frame = &self.frames[at];
            let ip = if at == last { self.ip } else { frame.call_ip };
            // SAFETY: the code lives as long as the frame.
            let is_hidden = unsafe { (*frame.code).is_hidden() };
            if at > place && !matches!(frame.origin, FrameOrigin::Call { .. }) {
                return Err(Abort::Unsupported);
            }
            if !(is_hidden || at == last && has_place) {
                let code = Value(frame.code_object);
                let (code, ip) = (self.constant(vm, code), self.emitter.const_int(ip.into()));
                let inputs = [exception, code, ip];
                let entry = self.emit(Op::CallHelper { helper: Helper::AddTraceback }, &inputs, Some(exit))?;
                if at == place && at > 0 {
                    if self.frames[at].entries.len() == MAX_CAUGHT {
                        return Err(Abort::TooLong);
                    }
                    self.frames[at].entries.push(entry);
                }
            }
            if is_hidden {
                continue;
            }
            if at == 0 {
                self.emit(Op::CallHelper { helper: Helper::CatchInRoot }, &[exception], Some(exit))?;
            } else if at > place {
                self.keep_variables(at, exit)?;
                self.tell_variables(Helper::LeaveBy, exception, at, exit)?;
            }
        }
        let ip = if place == last { self.ip } else { self.frames[place].call_ip };
        self.frames.truncate(place + 1);
        self.top().depth = handler.depth as usize;
        if handler.lasti {
            let ip = self.emitter.const_value(Value::small_int(ip.into()));
            self.push(ip);
        }
        self.push(exception);
        Ok(handler.target)
    }

    /// Begins a side trace where an instruction has raised an exception, which is pending: goes on in its handler, of which the
    /// instruction is given.
    pub fn catch(&mut self, vm: &mut Vm) -> Recorded<u32> {
        self.must_be_handled()?;
        let exit = self.error();
        // Who was shown frames has the executor leave before the exception is taken.
        self.emit(Op::GuardValid {}, &[], Some(exit))?;
        let exception = self.emit(Op::CallHelper { helper: Helper::TakeRaised }, &[], Some(exit))?;
        let target = self.unwind_by(vm, exception, false, exit)?;
        self.snapshot = None;
        Ok(target)
    }

    /// Is tier 1 in the innermost recorded frame, at this instruction?
    ///
    /// # Safety
    /// `state` is tier 1's.
    pub unsafe fn is_at(&self, state: State, ip: u32) -> bool {
        let top = self.frames.last().expect("a recording has a frame");
        // SAFETY: the caller's promise.
        state.frame == top.frame && unsafe { state.ip.offset_from((*top.code).instructions.as_ptr()) } == ip as isize
    }

    /// The last instruction has raised an exception and did not go on where it was expected to: there the trace ends, and the handler is for
    /// the side trace of its exit.
    pub(super) fn end_where_raised(&mut self, expected: Expected) -> Recorded<Ending> {
        let (Expected::At(next) | Expected::AfterCall(next)) = expected else { return Err(Abort::Raised) };
        if self.n_steps < 2 || self.is_in_generator() {
            return Err(Abort::Raised);
        }
        self.ip = next;
        self.snapshot = None;
        if std::mem::take(&mut self.needs_valid_check) {
            let exit = self.exit(ExitKind::Deopt);
            self.emit(Op::GuardValid {}, &[], Some(exit))?;
        }
        self.end_with_exit(ExitKind::Side)
    }

    /// Does one of the recorded frames stand at the start of a handler?
    pub(super) fn is_handling(&self, frame: *mut Frame, ip: u32) -> bool {
        let known = self.frames.iter().find(|known| known.frame == frame);
        // SAFETY: the code lives as long as the frame.
        known.is_some_and(|known| unsafe { (*known.code).handlers.iter().any(|handler| handler.target == ip) })
    }

    /// The exception on top of the stack is handled from now on; the one before waits under it.
    pub(super) fn push_exc_info(&mut self) -> Recorded<()> {
        self.must_not_be_generator()?;
        let exception = self.peek(1)?;
        let before = self.set_handled(exception)?;
        self.reduce(1, before);
        self.push(exception);
        Ok(())
    }

    pub(super) fn pop_except(&mut self) -> Recorded<()> {
        self.must_not_be_generator()?;
        let before = self.peek(1)?;
        self.set_handled(before)?;
        self.drop(1);
        Ok(())
    }

    fn set_handled(&mut self, exception: UopIdx) -> Recorded<UopIdx> {
        let exit = self.error();
        self.emit(Op::CallHelper { helper: Helper::SetHandled }, &[exception], Some(exit))
    }

    pub(super) unsafe fn check_exc_match(&mut self, vm: &mut Vm, s: State) -> Recorded<()> {
        // SAFETY: the stack has the exception and what it may match.
        let (exception_now, class_now) = unsafe { (s.peek(2), s.peek(1)) };
        let (exception, class) = (self.peek(2)?, self.peek(1)?);
        let is_match = self.matches_handler(vm, class_now, vm.class_of(exception_now)).ok_or(Abort::Unsupported)?;
        self.guard_is(vm, class, class_now)?;
        self.guard_object(vm, exception, exception_now)?;
        let truth = self.emitter.const_bool(is_match);
        let boxed = self.box_bool(truth)?;
        self.reduce(1, boxed);
        Ok(())
    }

    /// Do exceptions of a class match what stands behind `except`? `None` where that is no class and no tuple of classes.
    fn matches_handler(&mut self, vm: &mut Vm, handler: Value, class: *mut TypeObject) -> Option<bool> {
        if vm.is_exact(handler, BuiltinType::Tuple) {
            // SAFETY: an exact tuple.
            let items = unsafe { (*handler.as_ptr::<TupleObject>()).items() };
            let are_classes = items.iter().all(|&one| vm.is_exception_class(one));
            return are_classes.then(|| items.iter().any(|one| vm.is_subclass(class, one.as_ptr())));
        }
        vm.is_exception_class(handler).then(|| vm.is_subclass(class, handler.as_ptr()))
    }

    /// Calls the `__exit__` of a `with` statement that an exception leaves.
    pub(super) fn with_except_start(&mut self) -> Recorded<()> {
        let (exit, owner, exception) = (self.peek(5)?, self.peek(4)?, self.peek(1)?);
        let inputs = [exit, owner, exception];
        let stack = self.exit(ExitKind::Deopt);
        self.emit(Op::GuardStack {}, &[], Some(stack))?;
        let answer = self.escaping(Op::CallHelper { helper: Helper::CallExit }, &inputs)?;
        self.push(answer);
        Ok(())
    }
}

impl Vm {
    /// Does the call of an exception class with positional arguments give a bare exception, with nothing else to ask?
    pub(crate) fn makes_bare_exceptions(&mut self, class: *mut TypeObject) -> bool {
        let base = self.exceptions.BaseException;
        let class_object = class_ref(class);
        class_object.flags & TypeObject::EXCEPTION != 0
            && class_object.solid == base
            && class_object.slots.finalize.is_none()
            && self.shape_of(Value::object(class)) == BuiltinType::Type.shape()
            && self.class_lookup(class, self.names.__init__) == self.class_lookup(base, self.names.__init__)
            && self.class_lookup(class, self.names.__new__).is_some_and(|new| self.is_native_new(new))
    }
}
