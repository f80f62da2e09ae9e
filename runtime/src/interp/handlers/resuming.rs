//! Calls of natives that resume a generator: `next(generator)`, `generator.send(value)`. The generator runs in the caller's run,
//! as one that FOR_ITER or SEND has resumed, and gives its values to the frame that stands at the CALL.
//!
//! ```text
//!   caller's stack:  … │ default, or unbound       generator's frame: … YIELD_VALUE   takes the default's place
//!                      ^ sp                                             RETURN_VALUE  the default, or StopIteration
//! ```

use crate::interp::dispatch::State;
use crate::interp::handlers::generators::resume_innermost;
use crate::interp::unwind;
use crate::object::layout::{GeneratorObject, GeneratorState, NativeFunction};
use crate::object::native::Resumes;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::Vm;

/// What is sent to the generator, and what the call gives if it returns; `None`: StopIteration.
pub fn resumption<T: Copy>(resumes: Resumes, arguments: &[T], none: T) -> Option<(T, Option<T>)> {
    match (resumes, arguments) {
        (Resumes::Next, &[_]) => Some((none, None)),
        (Resumes::Next, &[_, default]) => Some((none, Some(default))),
        (Resumes::Send, &[_, value]) => Some((value, None)),
        _ => None,
    }
}

/// Does a call of the native with these arguments resume a generator or coroutine?
pub fn resumes(vm: &Vm, native: &NativeFunction, arguments: &[Value]) -> Option<Resumes> {
    // SAFETY: bindings live as long as the VM.
    let binding = unsafe { &*native.binding };
    let resumes = binding.row.resumes.filter(|_| native.owner.is_unbound() || !binding.has_self)?;
    let generator = *arguments.first()?;
    let is_followed = vm.is_exact(generator, BuiltinType::Generator)
        || resumes == Resumes::Send && vm.is_exact(generator, BuiltinType::Coroutine);
    is_followed.then_some(resumes)
}

/// Resumes the generator that the native is called for; `None`: it is for the native to do. The callee stands at `base`.
///
/// # Safety
/// `s` is the state before a CALL, and its arguments are those.
pub unsafe fn resume_called(
    vm: &mut Vm,
    s: State,
    native: &NativeFunction,
    base: *mut Value,
    arguments: &[Value],
) -> Option<State> {
    let resumes = resumes(vm, native, arguments)?;
    let (value, default) = resumption(resumes, arguments, Value::NONE)?;
    let object = arguments[0].as_ptr::<GeneratorObject>();
    // SAFETY: the caller's promise; it is a generator or coroutine.
    unsafe {
        let is_ready = match (*object).state {
            GeneratorState::Suspended => true,
            GeneratorState::Created => value.is_none(),
            _ => false,
        };
        // Who is told of calls is told of this one.
        if !is_ready || vm.depth >= vm.recursion_limit || (*s.ip).is_watched() {
            return None;
        }
        *base = default.unwrap_or(Value::UNBOUND);
        State { sp: base, ..s }.save();
        let state = vm.enter_generator(object, value);
        (*object).frame.previous = s.frame;
        (*object).frame.flags = 0;
        Some(resume_innermost(vm, state))
    }
}

/// The generator that the frame's CALL resumed has returned.
///
/// # Safety
/// `s` is the caller's state, as `resume_called` saved it.
pub unsafe fn called_has_ended(vm: &mut Vm, s: State, value: Value) -> State {
    // SAFETY: the caller's promise: the default stands above the stack.
    unsafe {
        if (*s.sp).is_unbound() {
            vm.raise_stop_iteration(value);
            return unwind::raise(vm, s);
        }
        State { ip: s.ip.add(1), sp: s.sp.add(1), frame: s.frame }
    }
}
