//! Raising and handling.

use super::attempt;
use crate::bytecode::Opcode;
use crate::interp::dispatch::State;
use crate::interp::frame::Frame;
use crate::interp::unwind;
use crate::object::exception::{CAUSE, SUPPRESS_CONTEXT};
use crate::object::layout::TupleObject;
use crate::value::Value;
use crate::vm::PyResult;
use crate::vm::Vm;

pub unsafe fn raise_varargs(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        s.save();
        match s.arg() {
            0 => {
                let handled = vm.handled;
                if handled.is_none() {
                    vm.raise_runtime("No active exception to reraise");
                    return unwind::raise(vm, s);
                }
                // Its traceback has this frame, where it was raised.
                vm.exception = handled;
                return s.out_of_line(vm, |vm, s| unwind::reraise(vm, s));
            }
            1 => match vm.exception_from(s.peek(1)) {
                Ok(exception) => vm.raise_anew(exception),
                Err(raised) => raised,
            },
            _ => match raise_from(vm, s.peek(2), s.peek(1)) {
                Ok(exception) => vm.raise_anew(exception),
                Err(raised) => raised,
            },
        };
        unwind::raise(vm, s)
    }
}
pub unsafe fn reraise(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        // An instruction index may stand under the exception: it goes on as if raised there.
        vm.exception = s.peek(1);
        unwind::reraise(vm, s)
    }
}
#[inline(always)]
pub unsafe fn push_exc_info(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let exception = s.peek(1);
        let generator = (*s.frame).generator;
        *s.sp.sub(1) = if generator.is_null() { vm.handled } else { (*generator).handled };
        *s.sp = exception;
        handle(vm, s.frame, exception);
        State { ip: s.ip.add(1), sp: s.sp.add(1), frame: s.frame }
    }
}
#[inline(always)]
pub unsafe fn pop_except(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        handle(vm, s.frame, s.peek(1));
        s.drop(1)
    }
}

/// From now on the frame handles this exception. Unbound, of generators: none of its own, but what its caller handles.
#[inline(always)]
pub unsafe fn handle(vm: &mut Vm, frame: *mut Frame, exception: Value) {
    // SAFETY: see the module `handlers`.
    unsafe {
        let generator = (*frame).generator;
        if generator.is_null() {
            vm.handled = exception;
            return;
        }
        (*generator).handled = exception;
        vm.handled = if exception.is_unbound() { (*generator).caller_handled } else { exception };
        vm.barrier(generator);
    }
}
pub unsafe fn check_exc_match(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (exception, class) = (s.peek(2), s.peek(1));
        let matches = attempt!(vm, s, matches_handler(vm, exception, class));
        s.reduce(1, Value::bool(matches))
    }
}
pub unsafe fn check_group_match(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        // exception, class; then what is left and what matches
        let (exception, class) = (s.peek(2), s.peek(1));
        let (matching, rest) = attempt!(vm, s, vm.match_group(exception, class));
        if !matching.is_none() {
            handle(vm, s.frame, matching);
        }
        *s.sp.sub(2) = rest;
        *s.sp.sub(1) = matching;
        s.next()
    }
}
pub unsafe fn with_except_start(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        // exit function, exit self, lasti, previous exception, exception
        let (exit, owner, exception) = (s.peek(5), s.peek(4), s.peek(1));
        let value = attempt!(vm, s, call_exit(vm, exit, owner, exception));
        s.reduce(0, value)
    }
}
pub unsafe fn not_done(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let name = Opcode::from_number(s.arg() as u8).map_or("?", Opcode::name);
        let message = format!("instruction {name} is not implemented yet");
        vm.raise_not_implemented(&message);
        unwind::raise(vm, s)
    }
}

/// Calls the `__exit__` of a `with` statement for the exception that leaves it; `owner` is unbound where it is bound.
pub fn call_exit(vm: &mut Vm, exit: Value, owner: Value, exception: Value) -> PyResult {
    let class = Value::object(vm.class_of(exception));
    let traceback = vm.exception_slot(exception, crate::object::exception::TRACEBACK);
    let arguments = [owner, class, exception, traceback];
    vm.call(exit, if owner.is_unbound() { &arguments[1..] } else { &arguments })
}

/// `raise value from cause`.
pub fn raise_from(vm: &mut Vm, value: Value, cause: Value) -> PyResult {
    let exception = vm.exception_from(value)?;
    let cause = if vm.is_exception_class(cause) { vm.exception_from(cause)? } else { cause };
    if !cause.is_none() && !vm.is_exception(cause) {
        return Err(vm.raise_type("exception causes must derive from BaseException"));
    }
    vm.set_exception_slot(exception, CAUSE, cause);
    vm.set_exception_slot(exception, SUPPRESS_CONTEXT, Value::TRUE);
    Ok(exception)
}

fn matches_handler(vm: &mut Vm, exception: Value, class: Value) -> PyResult<bool> {
    let one = [class];
    let classes = if vm.is_a::<TupleObject>(class) { vm.tuple_items(class) } else { &one };
    if !classes.iter().all(|&class| vm.is_exception_class(class)) {
        return Err(vm.raise_type("catching classes that do not inherit from BaseException is not allowed"));
    }
    Ok(classes.iter().any(|class| vm.is_instance(exception, class.as_ptr())))
}
