//! Generators and coroutines from Rust: making, sending, throwing, closing.

use super::code::{CO_ASYNC_GENERATOR, CO_COROUTINE, Code, Instruction};
use super::dispatch::State;
use super::frame::Frame;
use super::handlers::generators::resume_innermost;
use super::unwind;
use crate::builtins::frame::line_of;
use crate::bytecode::CodeFlags;
use crate::object::header::Header;
use crate::object::layout::{AsyncState, CodeObject, FunctionObject, GeneratorObject, GeneratorState, ListObject};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

/// What calling a function of this code gives.
pub fn generator_type(code: &Code) -> BuiltinType {
    if code.flags & CO_COROUTINE != 0 {
        BuiltinType::Coroutine
    } else if code.flags & CO_ASYNC_GENERATOR != 0 {
        BuiltinType::AsyncGenerator
    } else {
        BuiltinType::Generator
    }
}

/// What messages call a kind of generators.
pub fn kind_text(kind: BuiltinType) -> &'static str {
    match kind {
        BuiltinType::Coroutine => "coroutine",
        BuiltinType::AsyncGenerator => "async generator",
        _ => "generator",
    }
}

impl Vm {
    /// A generator that owns a copy of the frame; `ip` says where it will start.
    pub(crate) fn generator_from_frame(&mut self, frame: *mut Frame) -> Value {
        // SAFETY: callers pass the running frame. One that is no entry was called by the instruction that its caller stands at.
        unsafe {
            let is_called = (*frame).flags & (Frame::INIT | Frame::OPERATOR | Frame::ENTRY) == 0;
            let is_awaited = is_called && (*(*(*frame).previous).ip.add(1)).is_await();
            let slots = std::slice::from_raw_parts(Frame::slot(frame, 0), (*(*frame).code).n_localsplus);
            let generator = self.new_generator((*frame).code_object, (*frame).ip, (*frame).function, is_awaited, slots);
            if self.origin_depth != 0 && (*(*frame).code).flags & CO_COROUTINE != 0 {
                // Without memory it keeps none.
                if self.keep_origin(generator.as_ptr()).is_err() {
                    self.clear_exception();
                }
            }
            generator
        }
    }

    /// Has a coroutine keep which frames made it: as many of them as the thread wants, each with its file, line and name.
    #[cold]
    fn keep_origin(&mut self, coroutine: *mut GeneratorObject) -> PyResult<()> {
        let makers: Vec<_> = self.visible_frames().skip(1).take(self.origin_depth as usize).collect();
        let origin = self.new_list(&[])?;
        for maker in makers {
            // SAFETY: the frame runs, and keeps its code alive.
            let code = unsafe { &*maker.code_object() };
            let line = Value::small_int(line_of(maker.code_object(), maker.instruction()).into());
            let place = self.new_tuple(&[code.filename, line, code.name]);
            self.list_push(origin.as_ptr(), place)?;
        }
        // SAFETY: the list that was just made, and a coroutine.
        unsafe {
            (*coroutine).origin = self.new_tuple((*origin.as_ptr::<ListObject>()).items());
            self.barrier(coroutine);
        }
        Ok(())
    }

    /// A generator that will start at `ip`, with its frame's first slots. `is_awaited`: what comes next is its `await`.
    pub(crate) fn new_generator(
        &mut self,
        code_object: *mut CodeObject,
        ip: *mut Instruction,
        function: Value,
        is_awaited: bool,
        slots: &[Value],
    ) -> Value {
        // SAFETY: callers pass a function with its code object, an instruction of it, and at most as many slots as it has.
        unsafe {
            let code = (*code_object).code;
            let ty = generator_type(&*code);
            let size = size_of::<GeneratorObject>() + (*code).frame_slots() * 8;
            let object = self.allocate(ty.shape(), Header::TRACE_GENERATOR, size).cast::<GeneratorObject>();
            let maker = &*function.as_ptr::<FunctionObject>();
            (*object).name = maker.name;
            (*object).qualname = maker.qualname;
            (*object).handled = Value::UNBOUND;
            (*object).caller_handled = Value::NONE;
            (*object).frame_object = Value::UNBOUND;
            (*object).origin = Value::NONE;
            (*object).state = GeneratorState::Created;
            (*object).asynchronous = AsyncState::default();
            let frame = &raw mut (*object).frame;
            frame.write(Frame {
                previous: std::ptr::null_mut(),
                code_object,
                code,
                function,
                globals: maker.globals,
                builtins: maker.builtins,
                locals: Value::UNBOUND,
                ip,
                sp: Frame::slot(frame, (*code).n_localsplus),
                generator: object,
                flags: 0,
            });
            std::ptr::copy_nonoverlapping(slots.as_ptr(), Frame::slot(frame, 0), slots.len());
            if (*code).is_finalized(is_awaited) {
                self.heap.register_finalizer(object.cast());
            }
            Value::object(object)
        }
    }

    /// Makes the generator's frame the running one, `value` on its stack. The caller links it.
    ///
    /// # Safety
    /// The generator is created or suspended.
    #[inline(always)]
    pub(crate) unsafe fn enter_generator(&mut self, generator: *mut GeneratorObject, value: Value) -> State {
        // SAFETY: the caller's promise.
        unsafe {
            let frame = &raw mut (*generator).frame;
            (*generator).state = GeneratorState::Running;
            (*generator).caller_handled = self.handled;
            if !(*generator).handled.is_unbound() {
                self.handled = (*generator).handled;
            }
            // It is written to as it runs, so it counts as written to from now on.
            self.barrier(generator);
            self.frame = frame;
            self.depth += 1;
            let sp = (*frame).sp;
            *sp = value;
            State { ip: (*frame).ip, sp: sp.add(1), frame }
        }
    }

    /// Resumes a generator or coroutine; `None`: it returned, with its value in `vm.result`.
    pub fn generator_send(&mut self, generator: Value, value: Value) -> PyResult<Option<Value>> {
        self.check_native_stack()?;
        let object = generator.as_ptr::<GeneratorObject>();
        let kind = kind_text(self.layout_of(generator));
        // SAFETY: callers pass a generator.
        unsafe {
            match (*object).state {
                GeneratorState::Running => return Err(self.raise_value(&format!("{kind} already executing"))),
                GeneratorState::Finished if kind == "coroutine" => {
                    return Err(self.raise_runtime("cannot reuse already awaited coroutine"));
                }
                GeneratorState::Finished => {
                    self.result = Value::NONE;
                    return Ok(None);
                }
                GeneratorState::Created if !value.is_none() => {
                    return Err(self.raise_type(&format!("can't send non-None value to a just-started {kind}")));
                }
                _ => {}
            }
            if self.depth >= self.recursion_limit {
                return Err(self.raise_recursion());
            }
            let caller = self.frame;
            let state = self.enter_generator(object, value);
            (*object).frame.previous = caller;
            (*object).frame.flags = Frame::ENTRY;
            let state = resume_innermost(self, state);
            let value = self.run(state)?;
            if (*object).state == GeneratorState::Finished {
                self.result = value;
                return Ok(None);
            }
            Ok(Some(value))
        }
    }

    /// Raises an exception where the generator is suspended.
    pub fn generator_throw(&mut self, generator: Value, exception: Value) -> PyResult<Option<Value>> {
        // What is told of it finds compiled code at its call, as in `run`.
        let outside = (self.current_executor, self.exit_index);
        if outside.0 != 0 {
            let root = self.frame;
            self.note_call(root);
            self.current_executor = 0;
        }
        let outcome = self.throw_into(generator, exception);
        (self.current_executor, self.exit_index) = outside;
        outcome
    }

    fn throw_into(&mut self, generator: Value, exception: Value) -> PyResult<Option<Value>> {
        self.check_native_stack()?;
        let object = generator.as_ptr::<GeneratorObject>();
        let kind = self.layout_of(generator);
        // SAFETY: callers pass a generator.
        unsafe {
            match (*object).state {
                GeneratorState::Running => {
                    return Err(self.raise_value(&format!("{} already executing", kind_text(kind))));
                }
                GeneratorState::Finished if kind == BuiltinType::Coroutine => {
                    return Err(self.raise_runtime("cannot reuse already awaited coroutine"));
                }
                GeneratorState::Finished => {
                    self.exception = exception;
                    return Err(Raised);
                }
                GeneratorState::Created => return self.resume_raising(object, exception),
                GeneratorState::Suspended => {}
            }
            // What it delegates to gets the exception first.
            if let Some(delegate) = self.yield_from_delegate(object) {
                let is_close = self.is_instance(exception, self.exceptions.GeneratorExit);
                let caller = self.frame;
                // Meanwhile it runs, and is among the frames.
                let frame = &raw mut (*object).frame;
                (*object).state = GeneratorState::Running;
                (*frame).previous = caller;
                (*frame).flags = Frame::ENTRY;
                (self.frame, self.depth) = (frame, self.depth + 1);
                let outcome = self.throw_into_delegate(delegate, exception, is_close);
                (self.frame, self.depth) = (caller, self.depth - 1);
                (*object).state = GeneratorState::Suspended;
                match outcome {
                    Ok(Some(value)) => return Ok(Some(value)),
                    Ok(None) => {
                        // The delegate returned: SEND is done, with its value.
                        let value = std::mem::replace(&mut self.result, Value::NONE);
                        let mut state = self.enter_generator(object, value);
                        (*object).frame.previous = caller;
                        (*object).frame.flags = Frame::ENTRY;
                        let send = self.send_before(object);
                        state = state.jump((*send).arg as usize);
                        return self.finish_run(object, state);
                    }
                    Err(Raised) => {
                        let exception = self.take_exception();
                        return self.resume_raising(object, exception);
                    }
                }
            }
            self.resume_raising(object, exception)
        }
    }

    unsafe fn resume_raising(&mut self, object: *mut GeneratorObject, exception: Value) -> PyResult<Option<Value>> {
        // SAFETY: the generator is suspended.
        unsafe {
            let caller = self.frame;
            let state = self.enter_generator(object, Value::NONE);
            (*object).frame.previous = caller;
            (*object).frame.flags = Frame::ENTRY;
            // No RESUME is run, which would do that.
            self.freshen((*object).frame.code);
            // The exception belongs to the YIELD_VALUE before the place where it would go on.
            let state = State { ip: state.ip.sub(1), sp: state.sp.sub(1), frame: state.frame };
            let exception = self.tell_of_throw(state, exception);
            // Its context is what the generator handles itself.
            let own = if (*object).handled.is_unbound() { Value::NONE } else { (*object).handled };
            let handled = std::mem::replace(&mut self.handled, own);
            self.raise_value_object(exception);
            self.handled = handled;
            let state = unwind::raise(self, state);
            self.finish_run(object, state)
        }
    }

    unsafe fn finish_run(&mut self, object: *mut GeneratorObject, state: State) -> PyResult<Option<Value>> {
        if state.frame.is_null() {
            return Err(Raised);
        }
        // SAFETY: the state is in the generator's frame, which is an entry frame.
        unsafe {
            let value = self.run(state)?;
            if (*object).state == GeneratorState::Finished {
                self.result = value;
                return Ok(None);
            }
            Ok(Some(value))
        }
    }

    /// What a generator delegates to while it is suspended, or None.
    pub(crate) fn delegate_of(&mut self, generator: Value) -> Option<Value> {
        let object = generator.as_ptr::<GeneratorObject>();
        // SAFETY: callers pass a generator; it is suspended where that is asked for.
        unsafe { if (*object).state == GeneratorState::Suspended { self.yield_from_delegate(object) } else { None } }
    }

    /// The iterator that a suspended generator delegates to: it stands behind `SEND`, `YIELD_VALUE 1`.
    unsafe fn yield_from_delegate(&mut self, object: *mut GeneratorObject) -> Option<Value> {
        // SAFETY: the generator is suspended, so its `ip` is behind a YIELD_VALUE.
        unsafe {
            let frame = &raw mut (*object).frame;
            let yielded = (*frame).ip.sub(1);
            ((*yielded).arg == 1).then(|| *(*frame).sp.sub(1))
        }
    }

    /// The SEND that the generator's YIELD_VALUE belongs to.
    unsafe fn send_before(&mut self, object: *mut GeneratorObject) -> *mut Instruction {
        // SAFETY: the compiler puts SEND right before the YIELD_VALUE of a delegation.
        unsafe {
            let mut at = (*object).frame.ip;
            while super::op::Op::from_number((*at).op) != super::op::Op::Send {
                at = at.sub(1);
            }
            at
        }
    }

    fn throw_into_delegate(&mut self, delegate: Value, exception: Value, is_close: bool) -> PyResult<Option<Value>> {
        if matches!(self.layout_of(delegate), BuiltinType::Generator | BuiltinType::Coroutine) {
            if is_close {
                self.generator_close(delegate)?;
                self.exception = exception;
                return Err(Raised);
            }
            return self.generator_throw(delegate, exception);
        }
        if is_close {
            if let Some(close) = self.get_attr_opt(delegate, self.names.close)? {
                self.call(close, &[])?;
            }
            self.exception = exception;
            return Err(Raised);
        }
        match self.get_attr_opt(delegate, self.names.throw)? {
            Some(throw) => match self.call(throw, &[exception]) {
                Ok(value) => Ok(Some(value)),
                Err(Raised) if self.exception_matches(self.exceptions.StopIteration) => {
                    let stop = self.take_exception();
                    self.result = self.stop_iteration_value(stop);
                    Ok(None)
                }
                Err(raised) => Err(raised),
            },
            None => {
                self.exception = exception;
                Err(Raised)
            }
        }
    }

    /// `generator.close()`; its return value.
    pub fn generator_close(&mut self, generator: Value) -> PyResult {
        let object = generator.as_ptr::<GeneratorObject>();
        // SAFETY: callers pass a generator.
        match unsafe { (*object).state } {
            GeneratorState::Finished => return Ok(Value::NONE),
            GeneratorState::Created => {
                // SAFETY: as above.
                unsafe { (*object).state = GeneratorState::Finished };
                return Ok(Value::NONE);
            }
            _ => {}
        }
        let exit = self.new_exception(self.exceptions.GeneratorExit, &[])?;
        match self.generator_throw(generator, exit) {
            Ok(Some(_)) => {
                let kind = kind_text(self.layout_of(generator));
                Err(self.raise_runtime(&format!("{kind} ignored GeneratorExit")))
            }
            Ok(None) => Ok(std::mem::replace(&mut self.result, Value::NONE)),
            Err(Raised)
                if self.exception_matches(self.exceptions.GeneratorExit)
                    || self.exception_matches(self.exceptions.StopIteration) =>
            {
                self.clear_exception();
                Ok(Value::NONE)
            }
            Err(raised) => Err(raised),
        }
    }

    /// A generator of a function that `types.coroutine` has made one of coroutines.
    fn is_iterable_coroutine(&self, value: Value) -> bool {
        self.is_exact(value, BuiltinType::Generator) && {
            let generator = value.as_ptr::<GeneratorObject>();
            // SAFETY: a generator, whose frame is of live code.
            unsafe { (*(*generator).frame.code).flags & CodeFlags::ITERABLE_COROUTINE != 0 }
        }
    }

    /// What `await value` sends to.
    pub fn awaitable_iterator(&mut self, value: Value) -> PyResult {
        if self.is_exact(value, BuiltinType::Coroutine) || self.is_iterable_coroutine(value) {
            return Ok(value);
        }
        let Some(iterator) = self.call_special(value, self.names.__await__, &[])? else {
            let message = format!("'{}' object can't be awaited", self.class_name(value));
            return Err(self.raise_type(&message));
        };
        if self.is_exact(iterator, BuiltinType::Coroutine) || self.is_iterable_coroutine(iterator) {
            return Err(self.raise_type("__await__() returned a coroutine"));
        }
        if !self.is_iterator(iterator) {
            let message = format!("__await__() returned non-iterator of type '{}'", self.class_name(iterator));
            return Err(self.raise_type(&message));
        }
        Ok(iterator)
    }

    /// What `await` sends to in compiled code. `place`: 1 where it is what `__aenter__` gave, 2 where `__aexit__` did.
    pub(crate) fn get_awaitable(&mut self, value: Value, place: u32) -> PyResult {
        let giver = ["", "__aenter__", "__aexit__"].get(place as usize).copied().unwrap_or_default();
        let is_awaitable = self.is_exact(value, BuiltinType::Coroutine)
            || self.is_iterable_coroutine(value)
            || self.lookup_special(value, self.names.__await__).is_some();
        if !is_awaitable && !giver.is_empty() {
            let name = self.class_name(value);
            let message =
                format!("'async with' received an object from {giver} that does not implement __await__: {name}");
            return Err(self.raise_type(&message));
        }
        let iterator = self.awaitable_iterator(value)?;
        if self.is_exact(iterator, BuiltinType::Coroutine) && self.delegate_of(iterator).is_some() {
            return Err(self.raise_runtime("coroutine is being awaited already"));
        }
        Ok(iterator)
    }

    /// What a generator of this code's `yield from` sends to where it is given a coroutine; `None`: it is none.
    pub(crate) fn coroutine_to_delegate_to(&mut self, value: Value, code: &Code) -> Option<PyResult> {
        if !self.is_exact(value, BuiltinType::Coroutine) {
            return None;
        }
        if code.flags & (CO_COROUTINE | CodeFlags::ITERABLE_COROUTINE) == 0 {
            let message = "cannot 'yield from' a coroutine object in a non-coroutine generator";
            return Some(Err(self.raise_type(message)));
        }
        Some(Ok(value))
    }
}
