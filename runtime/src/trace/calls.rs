//! Recording calls and returns.

use super::frames::{Recorded, Recorder, VirtualFrame};
use super::jump::CallTarget;
use super::keywords::{Bound, bind};
use super::rule::{NativeCall, Operand};
use super::step::{Ending, Expected, Flow};
use super::{Abort, RecorderStart};
use crate::exec::Dependency;
use crate::interp::code::Code;
use crate::interp::dispatch::State;
use crate::object::class::class_ref;
use crate::object::layout::{BoundMethod, CodeObject, FunctionObject, NativeFunction, TupleObject, TypeObject};
use crate::object::native::NativeBinding;
use crate::object::types::BuiltinType;
use crate::uop::{CallKind, Field, FrameOrigin, Op, UopIdx};
use crate::value::Value;
use crate::vm::Vm;
use smallvec::SmallVec;

/// How a Python function is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Called {
    Plain,
    /// As a class's `__init__`, for this instance.
    Init(UopIdx),
    /// As a special method, by an instruction whose operands stay on the stack.
    Operator,
}

impl Called {
    fn kind(self) -> CallKind {
        match self {
            Called::Plain => CallKind::Plain,
            Called::Init(_) => CallKind::Init,
            Called::Operator => CallKind::Operator,
        }
    }
}

impl Recorder {
    pub(super) unsafe fn call(&mut self, vm: &mut Vm, s: State, n: usize) -> Recorded<Flow> {
        // SAFETY: the stack has callee, self or null, and the arguments.
        let (mut actual, mut self_or_null) = unsafe { (s.peek(n + 2), s.peek(n + 1)) };
        let mut callee = self.peek(n + 2)?;
        if !self.has_receiver_as(n + 1, self_or_null)? {
            if !self_or_null.is_unbound() {
                // The trace has the bound method.
                if vm.is_exact(actual, BuiltinType::Function) && !self.is_in_generator() {
                    return self.end_with_call(vm);
                }
                let arguments = (1..=n).rev().map(|depth| self.peek(depth)).collect::<Recorded<Vec<UopIdx>>>()?;
                return self.call_residual(callee, &arguments, n + 2);
            }
            if !vm.is_exact(actual, BuiltinType::BoundMethod) {
                return Err(Abort::Unsupported);
            }
            // The trace has what tier 1's bound method is made of.
            // SAFETY: an exact bound method.
            let method = unsafe { &*actual.as_ptr::<BoundMethod>() };
            (actual, self_or_null) = (method.function, method.owner);
        }
        let mut arguments: Vec<UopIdx> = Vec::with_capacity(n + 1);
        let mut actual_arguments: Vec<Value> = Vec::with_capacity(n + 1);
        if !self_or_null.is_unbound() {
            arguments.push(self.peek(n + 1)?);
            actual_arguments.push(self_or_null);
        } else if vm.is_exact(actual, BuiltinType::BoundMethod) {
            self.guard_shape(callee, BuiltinType::BoundMethod.shape())?;
            // SAFETY: an exact bound method.
            let method = unsafe { &*actual.as_ptr::<BoundMethod>() };
            let owner = self.emit(Op::LoadField { field: Field::MethodOwner }, &[callee], None)?;
            callee = self.emit(Op::LoadField { field: Field::MethodFunction }, &[callee], None)?;
            arguments.push(owner);
            actual_arguments.push(method.owner);
            actual = method.function;
        }
        for depth in (1..=n).rev() {
            arguments.push(self.peek(depth)?);
            // SAFETY: as above.
            actual_arguments.push(unsafe { s.peek(depth) });
        }
        let popped = n + 2;
        if self.emitter.known_value(callee).is_none() && self.has_many_targets(vm) {
            if vm.is_exact(actual, BuiltinType::Function) && !self.is_in_generator() {
                return self.end_with_call(vm);
            }
            return self.call_residual(callee, &arguments, popped);
        }
        if vm.is_exact(actual, BuiltinType::Function) {
            return self.call_function(vm, actual, callee, &arguments, popped, Called::Plain);
        }
        if vm.is_exact(actual, BuiltinType::NativeFunction) || vm.is_native_method(actual) {
            return self.call_native(vm, actual, callee, arguments, actual_arguments, popped);
        }
        if self_or_null.is_unbound()
            && let Some(method) = vm.python_special(actual, vm.names.__call__, arguments.len() as u32 + 1)
        {
            self.guard_object(vm, callee, actual)?;
            arguments.insert(0, callee);
            let callee = self.constant(vm, method);
            return self.call_function(vm, method, callee, &arguments, popped, Called::Plain);
        }
        if vm.is_exact(actual, BuiltinType::Type) {
            let class = actual.as_ptr::<TypeObject>();
            if let Some(flow) = self.call_bound(vm, actual, callee, &arguments, &[], popped)? {
                return Ok(flow);
            }
            if vm.makes_bare_exceptions(class) {
                self.guard_is(vm, callee, actual)?;
                let exception = self.new_exception(vm, class, &arguments)?;
                self.reduce(popped, exception);
                return Ok(Flow::Continue(Expected::At(self.ip + 1)));
            }
            if class == vm.class(BuiltinType::Super)
                && arguments.is_empty()
                && let Some([defined_in, owner]) = self.super_arguments(vm)?
            {
                self.guard_is(vm, callee, actual)?;
                return self.call_residual(callee, &[defined_in, owner], popped);
            }
            if let Some(binding) = vm.constructor(class, arguments.len()) {
                self.depend_on_class(class);
                let is_derived = class_ref(class).flags & TypeObject::HEAP != 0;
                let class = self.guard_is(vm, callee, actual)?;
                arguments.insert(0, class);
                if is_derived {
                    // Rules are for the built-in type alone.
                    return self.call_untraced(binding, &arguments, popped);
                }
                actual_arguments.insert(0, actual);
                return self.call_binding(vm, binding, &arguments, &actual_arguments, popped);
            }
            if class == vm.class(BuiltinType::Type) && arguments.len() == 1 {
                self.guard_is(vm, callee, actual)?;
                self.guard_type(vm, arguments[0], actual_arguments[0])?;
                let class = vm.class_of(actual_arguments[0]);
                let class = self.constant(vm, Value::object(class));
                self.reduce(popped, class);
                return Ok(Flow::Continue(Expected::At(self.ip + 1)));
            }
        }
        self.call_residual(callee, &arguments, popped)
    }

    /// Has the trace a receiver below a call's arguments where tier 1 has one? What loads an attribute may leave one of them with
    /// a method and its owner, and the other with the bound method and a null.
    pub(super) fn has_receiver_as(&mut self, place: usize, actual: Value) -> Recorded<bool> {
        let receiver = self.peek(place)?;
        match self.emitter.known_value(receiver) {
            Some(known) => return Ok(known.is_unbound() == actual.is_unbound()),
            None if actual.is_unbound() => self.guarded(Op::GuardIs { bits: Value::UNBOUND.bits() }, &[receiver])?,
            None if self.emitter.is_known_object(receiver) || self.emitter.known_kind(receiver).is_some() => {
                UopIdx::NONE
            }
            None => self.guarded(Op::GuardIsNot { bits: Value::UNBOUND.bits() }, &[receiver])?,
        };
        Ok(true)
    }

    /// Makes sure of the native function that is called, and gives what it is bound to. Those that are bound to an object,
    /// maybe anew for each call, are told by their binding, others by identity.
    fn guard_native(&mut self, vm: &mut Vm, callee: UopIdx, native: &NativeFunction) -> Recorded<Option<UopIdx>> {
        // SAFETY: bindings live as long as the VM.
        let is_bound = !native.owner.is_unbound() && unsafe { (*native.binding).has_self };
        let actual = Value::object(std::ptr::from_ref(native).cast_mut());
        let is_known = self.emitter.known_value(callee) == Some(actual);
        if !is_known && !is_bound {
            self.guard_is(vm, callee, actual)?;
        }
        if !is_known && is_bound {
            self.guard_shape(callee, BuiltinType::NativeFunction.shape())?;
            let binding = self.emit(Op::LoadWord { field: Field::NativeBinding }, &[callee], None)?;
            let expected = self.emitter.const_int(native.binding as i64);
            let is_same = self.emit(Op::IntEq {}, &[binding, expected], None)?;
            self.guarded(Op::GuardTrue {}, &[is_same])?;
            return self.emit(Op::LoadField { field: Field::NativeOwner }, &[callee], None).map(Some);
        }
        Ok(is_bound.then(|| self.constant(vm, native.owner)))
    }

    /// What `super()` stands for: the class that the running method was defined in, and its first argument.
    fn super_arguments(&mut self, vm: &mut Vm) -> Recorded<Option<[UopIdx; 2]>> {
        let top = self.top();
        // SAFETY: code lives as long as its code object, whose names are a tuple.
        let (names, code) = unsafe {
            let code_object = top.code_object as *const CodeObject;
            ((*(*code_object).localsplus_names.as_ptr::<TupleObject>()).items(), &*top.code)
        };
        let cell = names.iter().position(|&name| name == vm.names.__class__);
        // A first argument that is a cell is a variable of inner functions too.
        let Some(cell) = cell.filter(|_| code.arg_count > 0 && code.localsplus_kinds[0] & 0xC0 == 0) else {
            return Ok(None);
        };
        let (cell, owner) = (self.slot(cell)?, self.slot(0)?);
        self.guard_shape(cell, BuiltinType::Cell.shape())?;
        let class = self.emit(Op::LoadField { field: Field::CellContent }, &[cell], None)?;
        for value in [class, owner] {
            let value = self.emitter.boxed(value);
            self.guarded(Op::GuardIsNot { bits: Value::UNBOUND.bits() }, &[value])?;
        }
        Ok(Some([class, owner]))
    }

    fn call_residual(&mut self, callee: UopIdx, arguments: &[UopIdx], popped: usize) -> Recorded<Flow> {
        let mut inputs = vec![callee];
        inputs.extend_from_slice(arguments);
        let exit = self.exit(crate::uop::ExitKind::Deopt);
        self.emit(Op::GuardStack {}, &[], Some(exit))?;
        let result = self.escaping(Op::CallValue {}, &inputs)?;
        self.reduce(popped, result);
        Ok(Flow::Continue(Expected::AfterCall(self.ip + 1)))
    }

    /// Inlines a call of a Python function with positional arguments, or makes it a call.
    pub(super) fn call_function(
        &mut self,
        vm: &mut Vm,
        actual: Value,
        callee: UopIdx,
        arguments: &[UopIdx],
        popped: usize,
        called: Called,
    ) -> Recorded<Flow> {
        if let Some(bound) = bind(vm, actual, arguments, &[])
            && let Some(flow) = self.enter_function(vm, actual, callee, bound, popped, called)?
        {
            return Ok(flow);
        }
        if called != Called::Plain {
            return Err(Abort::Unsupported);
        }
        self.call_residual(callee, arguments, popped)
    }

    /// Inlines a call of a Python function whose parameters get this, or goes over into its executor. `None`: it will never have
    /// one.
    pub(super) fn enter_function(
        &mut self,
        vm: &mut Vm,
        actual: Value,
        callee: UopIdx,
        bound: Vec<Bound>,
        popped: usize,
        called: Called,
    ) -> Recorded<Option<Flow>> {
        let is_itself = self.emitter.known_value(callee) == Some(actual);
        // Those of another function of this code may be others.
        if !is_itself && bound.iter().any(|bound| matches!(bound, Bound::KeywordDefault(_))) {
            return Ok(None);
        }
        // SAFETY: an exact function.
        let function = unsafe { &*actual.as_ptr::<FunctionObject>() };
        // SAFETY: a function's code is a code object.
        let code = unsafe { (*function.code.as_ptr::<CodeObject>()).code };
        if !self.may_inline(code, self.frames.len()) {
            match self.call_target(vm, code) {
                CallTarget::Executor => {}
                CallTarget::NotYet => return self.end_at_call(vm, code).map(Some),
                CallTarget::Never => return Ok(None),
            }
        }
        if is_itself {
            self.depend_on_function(vm, actual);
        } else {
            // Functions come and go, closures above all; their code stays. What else the call takes is read from the function.
            self.guard_shape(callee, BuiltinType::Function.shape())?;
            let code_value = self.emit(Op::LoadField { field: Field::FunctionCode }, &[callee], None)?;
            self.guard_is(vm, code_value, function.code)?;
        }
        let slots = bound.into_iter().map(|bound| self.argument(vm, actual, callee, bound));
        let slots = slots.collect::<Recorded<Vec<UopIdx>>>()?;
        self.guard_depth()?;
        self.depend_on_namespace(vm, code)?;
        // Exits make frames of it, though the function may have got another meanwhile.
        vm.jit.pin(function.code);
        self.drop(popped);
        if let Called::Init(instance) = called {
            // The instance waits where the callee stood, above the caller's stack.
            self.push(instance);
            self.top().depth -= 1;
        }
        let mut frame = VirtualFrame::new(
            std::ptr::null_mut(),
            code,
            function.code.0,
            FrameOrigin::Call { function: callee, kind: called.kind() },
        );
        for (slot, argument) in slots.into_iter().enumerate() {
            frame.set(slot, argument);
        }
        self.push_frame(frame)?;
        Ok(Some(Flow::Continue(Expected::Pushed)))
    }

    /// The trace relies on the code and the defaults of a function, which is a constant in it.
    fn depend_on_function(&mut self, vm: &mut Vm, function: Value) {
        self.depend(Dependency::Function(function.0));
        vm.jit.watch_function(function);
    }

    /// `Class(…)` with a Python `__init__`, inlined; the last arguments have these names. `None` where it takes more than that.
    #[expect(clippy::too_many_arguments, reason = "the parts of a call")]
    pub(super) fn construct(
        &mut self,
        vm: &mut Vm,
        class: Value,
        callee: UopIdx,
        init: Value,
        given: &[UopIdx],
        names: &[Value],
        popped: usize,
    ) -> Recorded<Option<Flow>> {
        // SAFETY: `plain_init` gives an exact function, whose code is a code object.
        let code = unsafe { (*(*init.as_ptr::<FunctionObject>()).code.as_ptr::<CodeObject>()).code };
        let mut arguments = vec![UopIdx::NONE];
        arguments.extend_from_slice(given);
        let class_object = class_ref(class.as_ptr());
        let is_registered = class_object.slots.finalize.is_some();
        if is_registered || !self.follows(vm, code) || bind(vm, init, &arguments, names).is_none() {
            return Ok(None);
        }
        self.guard_is(vm, callee, class)?;
        let instance = if class_object.flags & TypeObject::EXCEPTION != 0 {
            self.new_exception(vm, class.as_ptr(), &given[..given.len() - names.len()])?
        } else {
            self.depend_on_class(class.as_ptr());
            let shape = class_object.instance_shape;
            let slots = vm.shapes.get(shape).inline_slots;
            self.emit(Op::NewInstance { shape, slots }, &[], None)?
        };
        arguments[0] = instance;
        let bound = bind(vm, init, &arguments, names).ok_or(Abort::Unsupported)?;
        let callee = self.constant(vm, init);
        self.enter_function(vm, init, callee, bound, popped, Called::Init(instance))
    }

    fn call_native(
        &mut self,
        vm: &mut Vm,
        actual: Value,
        callee: UopIdx,
        mut arguments: Vec<UopIdx>,
        mut values: Vec<Value>,
        popped: usize,
    ) -> Recorded<Flow> {
        // SAFETY: an exact native; bindings live as long as the VM.
        let (native, binding) = unsafe {
            let native = &*actual.as_ptr::<NativeFunction>();
            (native, &*native.binding)
        };
        if let Some(owner) = self.guard_native(vm, callee, native)? {
            arguments.insert(0, owner);
            values.insert(0, native.owner);
        }
        if let Some(flow) = self.resume_called(vm, native, &arguments, &values, popped)? {
            return Ok(flow);
        }
        self.call_binding(vm, binding, &arguments, &values, popped)
    }

    /// Calls a native that is known.
    fn call_binding(
        &mut self,
        vm: &mut Vm,
        binding: &NativeBinding,
        arguments: &[UopIdx],
        values: &[Value],
        popped: usize,
    ) -> Recorded<Flow> {
        if binding.row.is_outside_traces {
            return Err(Abort::Unsupported);
        }
        if let Some(rule) = binding.row.trace {
            let operands = arguments.iter().zip(values).map(|(&uop, &now)| Operand { uop, now });
            let operands: SmallVec<[Operand; 4]> = operands.collect();
            if let Some(result) = rule(&mut NativeCall::new(self, vm, &operands))? {
                self.reduce(popped, result);
                return Ok(Flow::Continue(Expected::At(self.ip + 1)));
            }
        }
        self.call_untraced(binding, arguments, popped)
    }

    fn call_untraced(&mut self, binding: &NativeBinding, arguments: &[UopIdx], popped: usize) -> Recorded<Flow> {
        let binding = std::ptr::from_ref(binding) as u64;
        let result = self.escaping(Op::CallNative { binding }, arguments)?;
        self.reduce(popped, result);
        Ok(Flow::Continue(Expected::AfterCall(self.ip + 1)))
    }

    /// Can a call of this code be inlined, or go on in an executor?
    pub(super) fn follows(&self, vm: &Vm, code: *mut Code) -> bool {
        self.may_inline(code, self.frames.len()) || matches!(self.call_target(vm, code), CallTarget::Executor)
    }

    pub(super) unsafe fn return_value(&mut self, vm: &mut Vm, s: State) -> Recorded<Flow> {
        let value = self.peek(1)?;
        if self.frames.len() == 1 {
            // SAFETY: a live frame.
            let is_generator = unsafe { !(*self.frames[0].frame).generator.is_null() };
            if is_generator && self.n_steps == 1 {
                return Err(Abort::LeftFrame);
            }
            if matches!(self.start, RecorderStart::Loop) && self.n_steps < 8 {
                return Err(Abort::LeftFrame);
            }
            let value = self.emitter.boxed(value);
            let finish = if is_generator { Op::FinishGenerator {} } else { Op::FinishReturn {} };
            self.emitter.append(finish, smallvec::smallvec![value], None);
            return Ok(Flow::End(Ending::Linear));
        }
        let kind = match self.top().origin {
            FrameOrigin::Resume { generator } => return self.end_generator(generator, value),
            FrameOrigin::Call { kind, .. } => kind,
            FrameOrigin::Root => return Err(Abort::Unsupported),
        };
        if !self.top().entries.is_empty() {
            let exit = self.error();
            self.keep_variables(self.frames.len() - 1, exit)?;
        }
        match kind {
            CallKind::Plain => {
                self.frames.pop();
                self.push(value);
            }
            CallKind::Init => {
                let value = self.emitter.boxed(value);
                self.guarded(Op::GuardIs { bits: Value::NONE.0 }, &[value])?;
                self.frames.pop();
                self.top().depth += 1;
            }
            // SAFETY: the answer is on the stack.
            CallKind::Operator => unsafe { self.finish_special(vm, Some(s.peek(1)), value)? },
        }
        let ip = self.top().call_ip;
        Ok(Flow::Continue(Expected::Popped(ip + 1)))
    }
}
