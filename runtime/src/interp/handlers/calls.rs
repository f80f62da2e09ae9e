//! Calls and returns. A Python-to-Python call pushes a frame; it never recurses on the native stack.

use super::attempt;
use super::resuming::{called_has_ended, resume_called};
use super::special::{call_special, finish_special, special_method};
use crate::bytecode::Opcode;
use crate::interp::attribute_cache::{Found, Question};
use crate::interp::code::Code;
use crate::interp::dispatch::State;
use crate::interp::frame::Frame;
use crate::interp::generator::{generator_type, kind_text};
use crate::interp::op::Op;
use crate::interp::unwind;
use crate::object::class::class_ref;
use crate::object::layout::{
    BoundMethod, CodeObject, FunctionObject, ListObject, NativeFunction, TupleObject, TypeObject,
};
use crate::object::native::Arguments;
use crate::object::types::{BuiltinType, FIRST_INSTANCE_SHAPE};
use crate::value::Value;
use crate::vm::Vm;
use crate::vm::{PyResult, Raised};
use smallvec::SmallVec;

#[inline(always)]
pub unsafe fn call(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        // callee, self or null, arguments…
        let n = s.arg();
        let base = s.sp.sub(n + 2);
        let mut callee = *base;
        let mut args = base.add(2);
        let mut total = n;
        if !(*base.add(1)).is_unbound() {
            args = base.add(1);
            total += 1;
        } else if vm.is_exact(callee, BuiltinType::BoundMethod) {
            let method = callee.as_ptr::<BoundMethod>();
            callee = (*method).function;
            *base = callee;
            *base.add(1) = (*method).owner;
            args = base.add(1);
            total += 1;
        }
        if vm.is_exact(callee, BuiltinType::Function) {
            let function = callee.as_ptr::<FunctionObject>();
            let code = (*(*function).code.as_ptr::<CodeObject>()).code;
            if (*code).simple_arity as usize == total {
                return push_python(vm, s, function, code, base, args, total, 0);
            }
        }
        s.out_of_line(vm, |vm, s| call_slow(vm, s))
    }
}
pub unsafe fn call_kw(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        // callee, self or null, arguments…, names
        let n = s.arg();
        let base = s.sp.sub(n + 3);
        let names = s.peek(1);
        let mut callee = *base;
        if (*base.add(1)).is_unbound() && vm.is_exact(callee, BuiltinType::BoundMethod) {
            let method = callee.as_ptr::<BoundMethod>();
            callee = (*method).function;
            *base = callee;
            *base.add(1) = (*method).owner;
        }
        let (args, total) = if (*base.add(1)).is_unbound() { (base.add(2), n) } else { (base.add(1), n + 1) };
        let arguments = Arguments { values: std::slice::from_raw_parts(args, total), names };
        call_with_arguments(vm, s, callee, base, arguments)
    }
}
pub unsafe fn call_function_ex(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        // callee, null, tuple of arguments, dict or null
        let base = s.sp.sub(4);
        let (callee, positional, keywords) = (*base, s.peek(2), s.peek(1));
        let tuple = if vm.has_layout(positional, BuiltinType::Tuple) {
            positional
        } else {
            match vm.collect_unasked(positional) {
                Ok(list) => vm.tuple_of_list(list),
                Err(Raised) => {
                    if vm.exception_matches(vm.exceptions.TypeError) && vm.lacks_iter(positional) {
                        vm.clear_exception();
                        let name = callee_name(vm, callee);
                        let message =
                            format!("{name} argument after * must be an iterable, not {}", vm.class_name(positional));
                        vm.raise_type(&message);
                    }
                    return unwind::raise(vm, s);
                }
            }
        };
        let positional_items = (*tuple.as_ptr::<TupleObject>()).items();
        if keywords.is_unbound() || dict_is_empty(vm, keywords) {
            return call_with_arguments(vm, s, callee, base, Arguments::positional(positional_items));
        }
        if !vm.has_layout(keywords, BuiltinType::Dict) {
            let name = callee_name(vm, callee);
            let message = format!("{name} argument after ** must be a mapping, not {}", vm.class_name(keywords));
            vm.raise_type(&message);
            return unwind::raise(vm, s);
        }
        let all = attempt!(vm, s, vm.new_list(positional_items));
        let names = attempt!(vm, s, vm.new_list_with_capacity(0));
        let mut at = 0;
        while let Some((index, entry)) = vm.table(keywords).next_entry(at) {
            if !vm.is_str(entry.key) {
                vm.raise_type("keywords must be strings");
                return unwind::raise(vm, s);
            }
            attempt!(vm, s, vm.list_push(all.as_ptr(), entry.value));
            attempt!(vm, s, vm.list_push(names.as_ptr(), entry.key));
            at = index + 1;
        }
        let names = vm.tuple_of_list(names);
        // Both stay on the frame's stack, where the collector sees them.
        *s.sp.sub(2) = all;
        *s.sp.sub(1) = names;
        let values = (*all.as_ptr::<ListObject>()).items();
        call_with_arguments(vm, s, callee, base, Arguments { values, names })
    }
}
#[inline(always)]
pub unsafe fn return_value(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let value = s.peek(1);
        let frame = s.frame;
        let (previous, flags) = ((*frame).previous, (*frame).flags);
        if flags == 0 && (*frame).generator.is_null() {
            pop_plain(vm, frame);
            let sp = (*previous).sp;
            *sp = value;
            return State { ip: (*previous).ip.add(1), sp: sp.add(1), frame: previous };
        }
        s.out_of_line(vm, |vm, s| return_slow(vm, s, s.peek(1)))
    }
}
/// Pops a frame that lies on the data stack.
#[inline(always)]
pub unsafe fn pop_plain(vm: &mut Vm, frame: *mut Frame) {
    // SAFETY: callers pass the running frame, which is no generator's.
    vm.frame = unsafe { (*frame).previous };
    vm.data_top = frame.cast();
    vm.depth -= 1;
}
pub unsafe fn make_function(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let function = vm.new_function(s.peek(1), (*s.frame).globals);
        s.reduce(1, function)
    }
}
pub unsafe fn set_function_attribute(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let function = s.peek(1).as_ptr::<FunctionObject>();
        let value = s.peek(2);
        match s.arg() {
            1 => (*function).defaults = value,
            2 => (*function).kwdefaults = value,
            4 => (*function).annotations = value,
            8 => (*function).closure = value,
            _ => (*function).annotate = value,
        }
        vm.barrier(function);
        s.reduce(2, Value::object(function))
    }
}
pub unsafe fn call_intrinsic_1(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let value = s.peek(1);
        let result = match s.arg() {
            1 => attempt!(vm, s, vm.display(value)),
            2 => {
                attempt!(vm, s, vm.import_star(value, super::names::namespace(s)));
                Value::NONE
            }
            3 => attempt!(vm, s, stop_iteration_error(vm, s, value)),
            4 => vm.wrap_asynchronous(value),
            5 => attempt!(vm, s, vm.unary_positive(value)),
            6 => vm.tuple_of_list(value),
            7..=9 | 11 => attempt!(vm, s, vm.type_parameter(s.arg(), value)),
            10 => attempt!(vm, s, vm.type_parameter(10, value)),
            n => {
                let message = format!("CALL_INTRINSIC_1 {n} is not implemented yet");
                vm.raise_not_implemented(&message);
                return unwind::raise(vm, s);
            }
        };
        s.reduce(1, result)
    }
}
pub unsafe fn call_intrinsic_2(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        match s.arg() {
            4 => {
                let function = s.peek(2).as_ptr::<FunctionObject>();
                (*function).type_params = s.peek(1);
                vm.barrier(function);
                s.reduce(2, Value::object(function))
            }
            1 => {
                let result = attempt!(vm, s, vm.prepare_reraise_star(s.peek(2), s.peek(1)));
                s.reduce(2, result)
            }
            2 | 3 => {
                let is_bound = s.arg() == 2;
                let result = attempt!(vm, s, vm.bounded_type_variable(s.peek(2), s.peek(1), is_bound));
                s.reduce(2, result)
            }
            5 => {
                let result = attempt!(vm, s, vm.set_type_parameter_default(s.peek(2), s.peek(1)));
                s.reduce(2, result)
            }
            n => {
                let message = format!("CALL_INTRINSIC_2 {n} is not implemented yet");
                vm.raise_not_implemented(&message);
                unwind::raise(vm, s)
            }
        }
    }
}

/// Pushes a frame for a simple call: positional arguments, exactly as many as there are parameters.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "the parts of a call, kept in registers")]
pub unsafe fn push_python(
    vm: &mut Vm,
    s: State,
    function: *mut FunctionObject,
    code: *mut Code,
    base: *mut Value,
    args: *const Value,
    n: usize,
    flags: u64,
) -> State {
    // SAFETY: see the module `handlers`; `args` holds `n` values, as many as the code has parameters.
    unsafe {
        let frame = vm.data_top.cast::<Frame>();
        let end = vm.data_top.add(Frame::WORDS + (*code).frame_slots());
        if end > vm.data_end || vm.depth >= vm.recursion_limit {
            return s.out_of_line(vm, |vm, s| raise_recursion(vm, s));
        }
        vm.data_top = end;
        vm.depth += 1;
        (*s.frame).ip = s.ip;
        (*s.frame).sp = base;
        (*frame).previous = s.frame;
        (*frame).code_object = (*function).code.as_ptr();
        (*frame).code = code;
        (*frame).function = Value::object(function);
        (*frame).globals = (*function).globals;
        (*frame).builtins = (*function).builtins;
        (*frame).locals = Value::UNBOUND;
        (*frame).generator = std::ptr::null_mut();
        (*frame).flags = flags;
        let slots = Frame::slot(frame, 0);
        // Volatile, lest the compiler make calls of these loops over a few words.
        for i in 0..n {
            slots.add(i).write_volatile(*args.add(i));
        }
        for i in n..(*code).n_localsplus {
            slots.add(i).write_volatile(Value::UNBOUND);
        }
        let ip = (*code).instructions.as_mut_ptr();
        (*frame).ip = ip;
        vm.frame = frame;
        State { ip, sp: slots.add((*code).n_localsplus), frame }
    }
}

unsafe fn raise_recursion(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        s.save();
        vm.raise_recursion();
        unwind::raise(vm, s)
    }
}

/// Calls what is not a simple Python function. The arguments stand in the frame's stack.
#[inline(always)]
unsafe fn call_slow(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let mut n = s.arg();
        let base = s.sp.sub(n + 2);
        let callee = *base;
        let mut args = base.add(2);
        if !(*base.add(1)).is_unbound() {
            args = base.add(1);
            n += 1;
        }
        let values = std::slice::from_raw_parts(args, n);
        if callee.is_object() {
            let shape = vm.shape_of(callee);
            if shape == BuiltinType::NativeFunction.shape()
                || shape == BuiltinType::NativeMethod.shape()
                || shape == BuiltinType::SlotWrapper.shape()
            {
                if let Some(special) = special_method(vm, s, Opcode::Call, s.arg() as u32) {
                    return call_special(vm, s, special);
                }
                // For natives that look at the frame.
                (*s.frame).ip = s.ip;
                let native = &*callee.as_ptr::<NativeFunction>();
                let binding = &*native.binding;
                if binding.row.resumes.is_some()
                    && let Some(state) = resume_called(vm, s, native, base, values)
                {
                    return state;
                }
                let is_direct = binding.takes_exactly(n)
                    && (native.owner.is_unbound() || !binding.has_self)
                    && crate::gc::native_stack_pointer() >= vm.native_stack_limit;
                if binding.row.is_outside_traces {
                    vm.offer_bare_stack();
                }
                let value = if is_direct {
                    attempt!(vm, s, binding.invoke(vm, values))
                } else {
                    attempt!(vm, s, vm.call_native_object(callee, Arguments::positional(values)))
                };
                *base = value;
                return State { ip: s.ip.add(1), sp: base.add(1), frame: s.frame };
            }
            if shape == BuiltinType::Type.shape()
                && let Some(binding) = vm.constructor(callee.as_ptr(), n)
                && (*base.add(1)).is_unbound()
            {
                (*s.frame).ip = s.ip;
                // The class stands where a receiver would.
                *base.add(1) = callee;
                let with_class = std::slice::from_raw_parts(base.add(1), n + 1);
                let value = attempt!(vm, s, vm.call_binding(binding, Arguments::positional(with_class)));
                *base = value;
                return State { ip: s.ip.add(1), sp: base.add(1), frame: s.frame };
            }
            if (*base.add(1)).is_unbound()
                && let Some(function) = vm.python_special(callee, vm.names.__call__, n as u32 + 1)
            {
                *base = function;
                *base.add(1) = callee;
                let function = function.as_ptr::<FunctionObject>();
                let code = (*(*function).code.as_ptr::<CodeObject>()).code;
                return push_python(vm, s, function, code, base, base.add(1), n + 1, 0);
            }
            if vm.layout_of(callee) == BuiltinType::Type
                && let Some(next) = instantiate(vm, s, callee.as_ptr(), base, Arguments::positional(values))
            {
                return next;
            }
        }
        call_with_arguments(vm, s, callee, base, Arguments::positional(values))
    }
}

/// An `__init__` has at most so many arguments where they are bound in an array, the instance among them.
const MAX_CONSTRUCTED: usize = 16;

/// A plain class with a Python `__init__`: makes the instance and pushes a frame for it.
unsafe fn instantiate(
    vm: &mut Vm,
    s: State,
    class: *mut TypeObject,
    base: *mut Value,
    arguments: Arguments<'_>,
) -> Option<State> {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (shape, name) = ((*class).instance_shape, vm.names.__init__);
        let init = match vm.attribute_cached(shape, name, Question::Construct) {
            // A plain class has a root shape of its own, whose class it is.
            Found::Method(init) if vm.shapes.get(shape).class == class => init,
            _ => {
                let init = vm.plain_init(class)?;
                if vm.shapes.get(shape).class == class {
                    vm.cache_attribute(shape, name, Question::Construct, Found::Method(init));
                }
                init
            }
        };
        let values = arguments.values;
        s.save();
        let instance = match class_ref(class).flags & TypeObject::EXCEPTION != 0 {
            true => vm.new_bare_exception(class, &values[..arguments.n_positional()]),
            false => vm.new_instance(class),
        };
        let instance = match instance {
            Ok(instance) => instance,
            Err(Raised) => return Some(unwind::raise(vm, s)),
        };
        let function = init.as_ptr::<FunctionObject>();
        let n_given = values.len() + 1;
        let defaults = vm.defaults_for(&*function, n_given).filter(|_| arguments.names.is_unbound());
        if let Some(defaults) = defaults.filter(|defaults| n_given + defaults.len() <= MAX_CONSTRUCTED) {
            let code = (*(*function).code.as_ptr::<CodeObject>()).code;
            let n = n_given + defaults.len();
            let mut args = [Value::UNBOUND; MAX_CONSTRUCTED];
            args[0] = instance;
            args[1..n_given].copy_from_slice(values);
            args[n_given..n].copy_from_slice(defaults);
            // The instance waits where the callee stood.
            *base = instance;
            return Some(push_python(vm, s, function, code, base, args.as_ptr(), n, Frame::INIT));
        }
        *base = instance;
        Some(push_bound(vm, s, init, Some(instance), base, arguments, Frame::INIT))
    }
}

/// Pushes a frame for any call of a Python function; `first` is an argument before the others, which is alive elsewhere.
unsafe fn push_bound(
    vm: &mut Vm,
    s: State,
    function: Value,
    first: Option<Value>,
    base: *mut Value,
    arguments: Arguments<'_>,
    flags: u64,
) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let pushed = match first {
            None => vm.push_call(function, arguments),
            Some(first) => {
                // Should it spill: the frame's stack has the values.
                let mut values: SmallVec<[Value; 8]> = smallvec::smallvec![first];
                values.extend_from_slice(arguments.values);
                vm.push_call(function, Arguments { values: &values, names: arguments.names })
            }
        };
        let frame = attempt!(vm, s, pushed);
        (*s.frame).ip = s.ip;
        (*s.frame).sp = base;
        (*frame).previous = s.frame;
        (*frame).flags = flags;
        vm.frame = frame;
        vm.depth += 1;
        State { ip: (*frame).ip, sp: (*frame).sp, frame }
    }
}

/// The general call: pushes a frame for Python functions, runs everything else.
unsafe fn call_with_arguments(
    vm: &mut Vm,
    s: State,
    callee: Value,
    base: *mut Value,
    arguments: Arguments<'_>,
) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        if vm.is_exact(callee, BuiltinType::Function) {
            return push_bound(vm, s, callee, None, base, arguments, 0);
        }
        if vm.is_exact(callee, BuiltinType::BoundMethod) {
            let method = callee.as_ptr::<BoundMethod>();
            if vm.is_exact((*method).function, BuiltinType::Function) {
                return push_bound(vm, s, (*method).function, Some((*method).owner), base, arguments, 0);
            }
        }
        if callee.is_object()
            && vm.layout_of(callee) == BuiltinType::Type
            && let Some(next) = instantiate(vm, s, callee.as_ptr(), base, arguments)
        {
            return next;
        }
        let value = attempt!(vm, s, vm.call_with(callee, arguments));
        *base = value;
        State { ip: s.ip.add(1), sp: base.add(1), frame: s.frame }
    }
}

/// Returns from an entry frame, an `__init__` or a generator.
pub unsafe fn return_slow(vm: &mut Vm, s: State, value: Value) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let frame = s.frame;
        // For who looks at the frame later.
        (*frame).ip = s.ip;
        let (previous, flags, generator) = ((*frame).previous, (*frame).flags, (*frame).generator);
        if flags & Frame::INIT != 0 && !value.is_none() {
            let message = format!("__init__() should return None, not '{}'", vm.class_name(value));
            unwind::leave_frame(vm, frame);
            vm.raise_type(&message);
            if flags & Frame::ENTRY != 0 {
                return State::OVER;
            }
            return unwind::raise(vm, State { ip: (*previous).ip, sp: (*previous).sp, frame: previous });
        }
        unwind::leave_frame(vm, frame);
        if flags & Frame::ENTRY != 0 {
            vm.result = value;
            return State::OVER;
        }
        let sp = (*previous).sp;
        let ip = (*previous).ip;
        let back = State { ip, sp, frame: previous };
        if flags & Frame::OPERATOR != 0 {
            return finish_special(vm, back, value);
        }
        if !generator.is_null() {
            // Resumed inline, by FOR_ITER (which drops the result), by SEND (which wants it) or by a call.
            if (*ip).op() == Op::Send {
                *sp = value;
                return State { sp: sp.add(1), ..back }.jump((*ip).arg as usize);
            }
            if (*ip).op() == Op::Call {
                return called_has_ended(vm, back, value);
            }
            let end = back.jump((*ip).arg as usize);
            if (*end.ip).is_watched() {
                // Who is told of the end of a generator is told of what it returned.
                *sp = value;
                return State { sp: sp.add(1), ..end };
            }
            return end.next();
        }
        if flags & Frame::INIT == 0 {
            *sp = value;
        }
        State { ip: ip.add(1), sp: sp.add(1), frame: previous }
    }
}

fn dict_is_empty(vm: &Vm, keywords: Value) -> bool {
    vm.has_layout(keywords, BuiltinType::Dict) && vm.table(keywords).len == 0
}

/// How messages about a call's arguments name the callee: `module.function()`.
pub fn callee_name(vm: &mut Vm, callee: Value) -> String {
    let name = match vm.get_attr_opt(callee, vm.names.__qualname__) {
        Ok(Some(name)) if vm.has_layout(name, BuiltinType::Str) => vm.string_of(name),
        _ => {
            vm.clear_exception();
            return format!("{} object", vm.class_name(callee));
        }
    };
    match vm.get_attr_opt(callee, vm.names.__module__) {
        Ok(Some(module)) if vm.has_layout(module, BuiltinType::Str) && vm.string_of(module) != "builtins" => {
            format!("{}.{name}()", vm.string_of(module))
        }
        _ => {
            vm.clear_exception();
            format!("{name}()")
        }
    }
}

/// A StopIteration that leaves a generator becomes a RuntimeError, and a StopAsyncIteration that leaves an asynchronous one.
unsafe fn stop_iteration_error(vm: &mut Vm, s: State, exception: Value) -> PyResult {
    // SAFETY: see the module `handlers`.
    let kind = generator_type(unsafe { &*(*s.frame).code });
    let end = if vm.is_instance(exception, vm.exceptions.StopIteration) {
        "StopIteration"
    } else if kind == BuiltinType::AsyncGenerator && vm.is_instance(exception, vm.exceptions.StopAsyncIteration) {
        "StopAsyncIteration"
    } else {
        return Ok(exception);
    };
    let message = vm.new_str(&format!("{} raised {end}", kind_text(kind)));
    let error = vm.new_exception(vm.exceptions.RuntimeError, &[message])?;
    vm.set_cause(error, exception);
    Ok(error)
}

impl Vm {
    /// The Python function of so many parameters that an instance's class has for a special method.
    pub(crate) fn python_special(&mut self, owner: Value, name: Value, arity: u32) -> Option<Value> {
        if !owner.is_object() || self.shape_of(owner) < FIRST_INSTANCE_SHAPE {
            return None;
        }
        let shape = self.shape_of(owner);
        let function = match self.attribute_cached(shape, name, Question::Special) {
            Found::Method(function) => function,
            Found::Slot(_) => return None,
            _ => {
                let method = self.class_lookup(self.class_of(owner), name);
                let function = method.filter(|&method| self.is_exact(method, BuiltinType::Function));
                let found = function.map_or(Found::Slot(0), Found::Method);
                self.cache_attribute(shape, name, Question::Special, found);
                function?
            }
        };
        // SAFETY: an exact function, whose code is a code object.
        let code = unsafe { (*(*function.as_ptr::<FunctionObject>()).code.as_ptr::<CodeObject>()).code };
        // SAFETY: code lives as long as its object.
        (unsafe { (*code).simple_arity } == arity).then_some(function)
    }

    /// The defaults that complete a call of a function with so many positional arguments; `None` where it takes more than
    /// that to bind them. As long as nothing changes the function.
    pub fn defaults_for<'f>(&self, function: &'f FunctionObject, n_arguments: usize) -> Option<&'f [Value]> {
        // SAFETY: a function's code is a code object.
        let arity = unsafe { (*(*function.code.as_ptr::<CodeObject>()).code).simple_arity };
        let n_missing = (arity as usize).checked_sub(n_arguments).filter(|_| arity != u32::MAX)?;
        if n_missing == 0 {
            return Some(&[]);
        }
        if !self.is_exact(function.defaults, BuiltinType::Tuple) {
            return None;
        }
        // SAFETY: an exact tuple, which the function keeps alive.
        let defaults = unsafe { (*function.defaults.as_ptr::<TupleObject>()).items() };
        Some(&defaults[defaults.len().checked_sub(n_missing)?..])
    }

    /// The Python `__init__` of a class whose construction is plain: `object.__new__` or that of bare exceptions, no metaclass.
    pub fn plain_init(&mut self, class: *mut TypeObject) -> Option<Value> {
        let object = class_ref(class);
        if object.flags & TypeObject::HEAP == 0 || self.shape_of(Value::object(class)) != BuiltinType::Type.shape() {
            return None;
        }
        let new = self.class_lookup(class, self.names.__new__);
        let is_plain = if object.flags & TypeObject::EXCEPTION != 0 {
            object.solid == self.exceptions.BaseException && new.is_some_and(|new| self.is_native_new(new))
        } else {
            object.base_layout == BuiltinType::Object
                && new == self.class_lookup(self.class(BuiltinType::Object), self.names.__new__)
                && self.dict_get_name(object.dict, self.names.__abstractmethods__).is_none()
        };
        if !is_plain {
            return None;
        }
        self.class_lookup(class, self.names.__init__).filter(|&init| self.is_exact(init, BuiltinType::Function))
    }
}
