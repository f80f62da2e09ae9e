//! What marked instructions do: tell who is to be told, then what they do anyway.

use super::places::LineStart;
use super::{Event, N_PROGRAM_TOOLS, PROFILE, PROGRAM_TOOLS, Place, TRACE, Tools};
use crate::bytecode::{Decoded, Opcode};
use crate::interp::code::Code;
use crate::interp::dispatch::State;
use crate::interp::frame::Frame;
use crate::interp::handlers::attributes::super_attr;
use crate::interp::handlers::control::for_iter_slow;
use crate::interp::op::HANDLERS;
use crate::interp::unwind;
use crate::object::layout::{BoundMethod, CodeObject, ListObject, TupleObject};
use crate::object::native::Arguments;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};
use smallvec::SmallVec;

/// Runs a marked instruction. Where the code was stale, it is the next one still, and may not be marked any more.
///
/// # Safety
/// As a handler's.
#[cold]
#[inline(never)]
pub unsafe fn watched(vm: &mut Vm, s: State) -> State {
    // SAFETY: a handler's state.
    unsafe {
        if (*(*s.frame).code).freshness.is_stale() {
            vm.freshen((*s.frame).code);
            return s;
        }
        if vm.is_telling {
            return run(vm, s);
        }
        let s = match before(vm, s) {
            Ok(s) => s,
            Err(Raised) => return unwind::raise(vm, State { ip: (*s.frame).ip, sp: (*s.frame).sp, frame: s.frame }),
        };
        let here = Here::at(s);
        match here.place.event.filter(|&event| here.tools(event) != 0) {
            Some(event) => here.run_with(vm, s, event),
            None => here.run(vm, s),
        }
    }
}

/// Tells of lines and instructions. Who is told may have the frame go on elsewhere.
unsafe fn before(vm: &mut Vm, mut s: State) -> PyResult<State> {
    // SAFETY: a handler's state.
    unsafe {
        s.save();
        let mut may_start_line = true;
        loop {
            let here = Here::at(s);
            if may_start_line && here.starts_line(vm, s.frame) {
                let line = (*here.code).positions()[here.index].line;
                vm.tell(here.tools(Event::Line), Event::Line, here, &[Value::small_int(line.into())])?;
            }
            if (*s.frame).ip == s.ip && here.place.is_instruction {
                vm.tell(here.tools(Event::Instruction), Event::Instruction, here, &[here.offset()])?;
            }
            if (*s.frame).ip == s.ip {
                return Ok(s);
            }
            s = State { ip: (*s.frame).ip, sp: (*s.frame).sp, frame: s.frame };
            may_start_line = false;
        }
    }
}

/// A place that is told of.
#[derive(Clone, Copy)]
pub struct Here {
    pub frame: *mut Frame,
    pub code_object: *mut CodeObject,
    code: *mut Code,
    pub index: usize,
    decoded: Decoded,
    place: Place,
}

impl Here {
    /// # Safety
    /// The state describes a live frame.
    unsafe fn at(s: State) -> Here {
        // SAFETY: the caller's promise.
        unsafe {
            let index = s.ip.offset_from((*(*s.frame).code).instructions.as_ptr()) as usize;
            Here::of(s.frame, index)
        }
    }
    /// # Safety
    /// A live frame, and an instruction of its code.
    pub(super) unsafe fn of(frame: *mut Frame, index: usize) -> Here {
        // SAFETY: the caller's promise.
        unsafe {
            let code = (*frame).code;
            let place = (*code).watch.as_ref().map(|watch| watch.place(index)).unwrap_or_default();
            let decoded = (&(*code).original)[index];
            Here { frame, code_object: (*frame).code_object, code, index, decoded, place }
        }
    }
    fn code(&self) -> &Code {
        // SAFETY: of a live frame.
        unsafe { &*self.code }
    }
    pub(super) fn line_start(&self) -> LineStart {
        self.place.line
    }
    /// The other side of a branch, and where it is told of.
    fn other_side(&self, event: Event) -> Option<(usize, Event)> {
        let other = match event {
            Event::BranchLeft => Event::BranchRight,
            Event::BranchRight => Event::BranchLeft,
            _ => return None,
        };
        let index = match self.decoded.opcode {
            Opcode::NotTaken => self.index - 1,
            Opcode::ForIter => self.decoded.arg as usize + 1,
            Opcode::PopIter => self.loop_ended()?,
            Opcode::EndAsyncFor => self.decoded.arg as usize + 1,
            _ => self.index + 1,
        };
        Some((index, other))
    }
    /// The FOR_ITER whose POP_ITER this is.
    fn loop_ended(&self) -> Option<usize> {
        let original = &self.code().original;
        let is_it = |index: &usize| {
            original[*index].opcode == Opcode::ForIter && original[*index].arg as usize + 1 == self.index
        };
        (0..self.index).rev().find(is_it)
    }
    /// Is it a jump back from one line to itself?
    pub(super) fn jumps_back_on_line(&self) -> bool {
        let (from, to) = (self.index, self.decoded.arg as usize);
        let positions = self.code().positions();
        self.decoded.opcode == Opcode::JumpBackward
            && to <= from
            && positions.get(from).map(|position| position.line) == positions.get(to).map(|position| position.line)
    }
    fn tools(&self, event: Event) -> Tools {
        self.code().watch.as_ref().map_or(0, |watch| watch.tools_at(self.index, event))
    }
    fn offset_of(&self, index: usize) -> Value {
        Value::small_int(self.code().byte_of(index) as i64)
    }
    pub(super) fn offset(&self) -> Value {
        self.offset_of(self.index)
    }

    /// Is the instruction the first one on another line, the way that the frame has come?
    fn starts_line(&self, vm: &mut Vm, frame: *mut Frame) -> bool {
        if self.place.line == LineStart::No {
            return false;
        }
        let is_turned = vm.turned_at.take() == Some((frame as usize, self.index));
        (self.place.line == LineStart::Falling) != is_turned
    }

    /// The instruction itself.
    ///
    /// # Safety
    /// The state's instruction is this one.
    unsafe fn run(&self, vm: &mut Vm, s: State) -> State {
        // SAFETY: the caller's promise.
        unsafe {
            let after = match self.decoded.opcode {
                Opcode::ForIter => self.run_loop(vm, s),
                _ => run(vm, s),
            };
            if self.place.turns && after.frame == s.frame && after.ip == s.jump(self.decoded.arg as usize).ip {
                vm.turned_at = Some((s.frame as usize, self.decoded.arg as usize));
            }
            after
        }
    }

    /// The instruction, and its event.
    ///
    /// # Safety
    /// As for `run`.
    unsafe fn run_with(&self, vm: &mut Vm, s: State, event: Event) -> State {
        // SAFETY: the caller's promise.
        unsafe {
            let goes_on = |after: State| after.frame == s.frame && after.ip == s.ip.add(1);
            let arg = self.decoded.arg as usize;
            let is_run_first = matches!(
                self.decoded.opcode,
                Opcode::PopJumpIfFalse
                    | Opcode::PopJumpIfTrue
                    | Opcode::PopJumpIfNone
                    | Opcode::PopJumpIfNotNone
                    | Opcode::ForIter
                    | Opcode::EndAsyncFor
            );
            if is_run_first {
                let after = self.run(vm, s);
                let (from, is_told) = match self.decoded.opcode {
                    Opcode::ForIter => (self.index, goes_on(after)),
                    Opcode::EndAsyncFor => (arg, goes_on(after)),
                    _ => (self.index, after.frame == s.frame && !goes_on(after)),
                };
                if !is_told {
                    return after;
                }
                after.save();
                let to = after.ip.offset_from(self.code().instructions.as_ptr()) as usize;
                return match self.tell_jump(vm, event, from, to) {
                    Ok(()) => State { ip: (*s.frame).ip, sp: (*s.frame).sp, frame: s.frame },
                    Err(Raised) => unwind::raise(vm, State { ip: s.ip, ..after }),
                };
            }
            let told = match self.decoded.opcode {
                Opcode::Call | Opcode::CallKw | Opcode::CallFunctionEx | Opcode::LoadSuperAttr => {
                    return self.call(vm, s);
                }
                Opcode::JumpForward | Opcode::JumpBackward => self.tell_jump(vm, event, self.index, arg),
                Opcode::NotTaken => self.tell_jump(vm, event, self.index - 1, self.index + 1),
                Opcode::PopIter => {
                    let from = self.loop_ended().unwrap_or(self.index);
                    self.tell_jump(vm, event, from, self.index + 1)
                }
                Opcode::ReturnValue | Opcode::YieldValue => {
                    vm.tell(self.tools(event), event, *self, &[self.offset(), s.peek(1)])
                }
                Opcode::EndFor | Opcode::EndSend => self.tell_end(vm, s),
                _ => vm.tell(self.tools(event), event, *self, &[self.offset()]),
            };
            match told {
                // Jumps that are told of may be made to go elsewhere.
                Ok(()) if (*s.frame).ip != s.ip => State { ip: (*s.frame).ip, sp: (*s.frame).sp, frame: s.frame },
                Ok(()) => self.run(vm, s),
                Err(Raised) => unwind::raise(vm, s),
            }
        }
    }

    fn tell_jump(&self, vm: &mut Vm, event: Event, from: usize, to: usize) -> PyResult<()> {
        vm.tell(self.tools(event), event, *self, &[self.offset_of(from), self.offset_of(to)])
    }

    /// What a generator returned that a loop or a delegation has run to its end stands on top of the stack, above it.
    unsafe fn tell_end(&self, vm: &mut Vm, s: State) -> PyResult<()> {
        // SAFETY: the stack has both.
        let (generator, value) = unsafe { (s.peek(2), s.peek(1)) };
        if !vm.is_exact(generator, BuiltinType::Generator) && !vm.is_exact(generator, BuiltinType::Coroutine) {
            return Ok(());
        }
        let arguments = [value];
        let arguments = if value.is_none() { &arguments[..0] } else { &arguments[..] };
        let stop = vm.new_exception(vm.exceptions.StopIteration, arguments)?;
        let event = Event::StopIteration;
        vm.tell(self.tools(event), event, *self, &[self.offset(), stop])
    }

    /// A step of a loop. Generators are run by Rust, so that there is something to do after them.
    unsafe fn run_loop(&self, vm: &mut Vm, s: State) -> State {
        // SAFETY: a handler's state, at a FOR_ITER.
        unsafe {
            let iterator = s.peek(1);
            let after = for_iter_slow(vm, s);
            let end = s.jump(self.decoded.arg as usize);
            let is_over = after.frame == s.frame && after.ip == end.next().ip;
            if is_over && vm.is_exact(iterator, BuiltinType::Generator) && (*end.ip).is_watched() {
                *s.sp = std::mem::replace(&mut vm.result, Value::NONE);
                return State { sp: s.sp.add(1), ..end };
            }
            after
        }
    }

    /// A call: what is not a Python function is called from here, so that its end can be told of.
    unsafe fn call(&self, vm: &mut Vm, s: State) -> State {
        // SAFETY: a handler's state, at an instruction that calls.
        unsafe {
            let opcode = self.decoded.opcode;
            let n = self.decoded.arg as usize;
            let base = s.sp.sub(match opcode {
                Opcode::Call => n + 2,
                Opcode::CallKw => n + 3,
                Opcode::CallFunctionEx => 4,
                _ => 3,
            });
            let is_plain = matches!(opcode, Opcode::Call | Opcode::CallKw);
            if is_plain && (*base.add(1)).is_unbound() && vm.is_exact(*base, BuiltinType::BoundMethod) {
                let method = (*base).as_ptr::<BoundMethod>();
                (*base, *base.add(1)) = ((*method).function, (*method).owner);
            }
            let callee = *base;
            let first = match opcode {
                Opcode::CallFunctionEx => {
                    let items = vm.exactly::<TupleObject>(s.peek(2)).and_then(|tuple| tuple.items().first().copied());
                    let listed = vm.exactly::<ListObject>(s.peek(2)).and_then(|list| list.items().first().copied());
                    items.or(listed).unwrap_or(vm.watchers.missing)
                }
                // `super()` is given no argument.
                Opcode::LoadSuperAttr if self.decoded.arg & 2 == 0 => vm.watchers.missing,
                Opcode::LoadSuperAttr => s.peek(2),
                _ if !(*base.add(1)).is_unbound() => *base.add(1),
                _ if n == 0 => vm.watchers.missing,
                _ => *base.add(2),
            };
            let arguments = [self.offset(), callee, first];
            if vm.tell(self.tools(Event::Call), Event::Call, *self, &arguments).is_err() {
                return unwind::raise(vm, s);
            }
            let is_python = vm.is_exact(callee, BuiltinType::Function)
                || vm.is_exact(callee, BuiltinType::BoundMethod)
                    && vm.is_exact((*callee.as_ptr::<BoundMethod>()).function, BuiltinType::Function);
            if is_python {
                return self.run(vm, s);
            }
            let after = match opcode {
                Opcode::CallFunctionEx => Ok(self.run(vm, s)),
                Opcode::LoadSuperAttr => super_attr(vm, s),
                _ => self.call_native(vm, s, base, n),
            };
            let after = match after {
                Ok(after) if after.frame == s.frame && after.ip == s.ip.add(1) => after,
                Ok(elsewhere) => return elsewhere,
                Err(Raised) => {
                    let exception = vm.take_exception();
                    if vm.tell(self.tools(Event::Call), Event::CRaise, *self, &arguments).is_ok() {
                        vm.exception = exception;
                    }
                    return unwind::raise(vm, s);
                }
            };
            (*s.frame).sp = after.sp;
            match vm.tell(self.tools(Event::Call), Event::CReturn, *self, &arguments) {
                Ok(()) => after,
                Err(Raised) => unwind::raise(vm, State { ip: s.ip, ..after }),
            }
        }
    }

    unsafe fn call_native(&self, vm: &mut Vm, s: State, base: *mut Value, n: usize) -> PyResult<State> {
        // SAFETY: as for `call`: the stack has the callee, what it is bound to, and the arguments.
        unsafe {
            let names = if self.decoded.opcode == Opcode::CallKw { s.peek(1) } else { Value::UNBOUND };
            let (values, n) = if (*base.add(1)).is_unbound() { (base.add(2), n) } else { (base.add(1), n + 1) };
            let values = std::slice::from_raw_parts(values, n);
            *base = vm.call_with(*base, Arguments { values, names })?;
            Ok(State { ip: s.ip.add(1), sp: base.add(1), frame: s.frame })
        }
    }
}

/// Runs an instruction as if it were not marked. It counts nothing, and stays marked.
unsafe fn run(vm: &mut Vm, s: State) -> State {
    // SAFETY: a handler's state. Instructions that specialize leave their frame, if at all, to one above.
    unsafe {
        let after = HANDLERS[(*s.ip).op().uncounted() as usize](vm, s);
        if after.frame == s.frame && !(*s.ip).is_watched() {
            let code = (*s.frame).code;
            let index = s.ip.offset_from((*code).instructions.as_ptr()) as usize;
            let is_marked = (*code).watch.as_ref().is_some_and(|watch| watch.place(index).is_marked);
            if is_marked {
                (*s.ip).set_watched(true);
            }
        }
        after
    }
}

impl Vm {
    /// Calls back tools for an event. Local events' arguments begin with what stands for the place.
    pub(super) fn tell(&mut self, tools: Tools, event: Event, here: Here, arguments: &[Value]) -> PyResult<()> {
        if tools == 0 || self.is_telling {
            return Ok(());
        }
        self.is_telling = true;
        let before = self.thread.told_event.replace((event, self.thread.frame));
        let told = self.tell_each(tools, event, here, arguments);
        self.thread.told_event = before;
        self.is_telling = false;
        told
    }

    fn tell_each(&mut self, tools: Tools, event: Event, here: Here, arguments: &[Value]) -> PyResult<()> {
        if tools & PROGRAM_TOOLS != 0 {
            self.tell_programs(tools, event, here, arguments)?;
        }
        for tool in [PROFILE, TRACE].into_iter().filter(|tool| tools & 1 << tool != 0) {
            self.tell_function(tool, event, here, arguments)?;
        }
        Ok(())
    }

    fn tell_programs(&mut self, tools: Tools, event: Event, here: Here, arguments: &[Value]) -> PyResult<()> {
        let mut all: SmallVec<[Value; 5]> = smallvec::smallvec![Value::object(here.code_object)];
        all.extend_from_slice(arguments);
        for tool in (0..N_PROGRAM_TOOLS).filter(|tool| tools & 1 << tool != 0) {
            let callback = self.watchers.callbacks[tool][event as usize];
            if callback.is_unbound() || self.call(callback, &all)? != self.watchers.disable {
                continue;
            }
            if event.is_local() {
                self.disable(here.code, here.index, event, tool);
                // Who does not tell the two sides of a branch apart is told of neither.
                if self.watchers.callbacks[tool][Event::Branch as usize] == callback
                    && let Some((index, event)) = here.other_side(event)
                {
                    self.disable(here.code, index, event, tool);
                }
                continue;
            }
            self.watchers.callbacks[tool][event as usize] = Value::UNBOUND;
            return Err(self.raise_value(&format!("Cannot disable {} events. Callback removed.", event.name())));
        }
        Ok(())
    }
}
