//! Generators and coroutines: a resumed one runs in its own frame, linked to whoever resumed it.

use super::attempt;
use super::calls::return_slow;
use super::special::{call_special, special_method};
use crate::bytecode::Opcode;
use crate::interp::code::Instruction;
use crate::interp::dispatch::State;
use crate::interp::frame::Frame;
use crate::interp::op::Op;
use crate::interp::unwind;
use crate::object::layout::{GeneratorObject, GeneratorState};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::Raised;
use crate::vm::Vm;
use crate::watch::Event;

pub unsafe fn return_generator(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        (*s.frame).ip = s.ip.add(1);
        let generator = vm.generator_from_frame(s.frame);
        let frame = s.frame;
        let (previous, flags) = ((*frame).previous, (*frame).flags);
        if flags & (Frame::INIT | Frame::OPERATOR) != 0 {
            return return_slow(vm, s, generator);
        }
        vm.data_top = frame.cast();
        vm.frame = previous;
        vm.depth -= 1;
        if flags & Frame::ENTRY != 0 {
            vm.result = generator;
            return State::OVER;
        }
        let sp = (*previous).sp;
        *sp = generator;
        let after = State { ip: (*previous).ip.add(1), sp: sp.add(1), frame: previous };
        if (*after.ip).is_drop() {
            return after.out_of_line(vm, |vm, s| {
                s.save();
                vm.generator_dropped(generator);
                s
            });
        }
        after
    }
}
#[inline(always)]
pub unsafe fn yield_value(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let value = s.peek(1);
        let frame = s.frame;
        (*frame).ip = s.ip.add(1);
        (*frame).sp = s.sp.sub(1);
        let mut next = suspend(vm, frame);
        while let Some(frame) = next
            && delegates_at((*frame).ip)
            && !vm.jit.recording
        {
            (*frame).ip = (*frame).ip.add(2);
            next = suspend(vm, frame);
        }
        let Some(frame) = next else {
            vm.result = value;
            return State::OVER;
        };
        let sp = (*frame).sp;
        *sp = value;
        State { ip: (*frame).ip.add(1), sp: sp.add(1), frame }
    }
}
/// Suspends the generator of the running frame, which says where it goes on. Gives the frame that resumed it, unless Rust did.
#[inline(always)]
unsafe fn suspend(vm: &mut Vm, frame: *mut Frame) -> Option<*mut Frame> {
    // SAFETY: callers pass the running frame, a generator's.
    unsafe {
        let generator = (*frame).generator;
        (*generator).state = GeneratorState::Suspended;
        vm.handled = (*generator).caller_handled;
        vm.barrier(generator);
        let (previous, flags) = ((*frame).previous, (*frame).flags);
        (*frame).previous = std::ptr::null_mut();
        vm.frame = previous;
        vm.depth -= 1;
        (flags & Frame::ENTRY == 0).then_some(previous)
    }
}
/// Is this the SEND of a `yield from` or `await`, which yields what it gets, and nobody is told of it? Such a frame does nothing
/// of its own for a value on its way out, nor for one on its way in:
///
/// ```text
///   SEND end · YIELD_VALUE 1 · RESUME · JUMP_BACKWARD_NO_INTERRUPT to SEND
/// ```
#[inline(always)]
unsafe fn delegates_at(send: *mut Instruction) -> bool {
    // SAFETY: callers pass an instruction behind which others follow: none that waits for a frame is a code's last.
    unsafe {
        let (send, next) = (&*send, &*send.add(1));
        send.op == Op::Send as u16 && next.op == Op::YieldValue as u16 && next.arg == 1
    }
}
/// The generator that was just made to run goes on at `s`: where that is but to hand the value to the generator that it
/// delegates to, that one is resumed at once, and so on to the innermost.
///
/// # Safety
/// `s` is the running frame's state, and the frame a generator's.
#[inline(always)]
pub unsafe fn resume_innermost(vm: &mut Vm, mut s: State) -> State {
    // SAFETY: the caller's promise. A suspended generator stands behind its YIELD_VALUE, one that was just made behind
    // RETURN_GENERATOR. The compiler puts a delegation's instructions together.
    unsafe {
        loop {
            let yielded = &*s.ip.sub(1);
            if yielded.op != Op::YieldValue as u16 || yielded.arg != 1 || vm.jit.recording {
                return s;
            }
            let (resume, jump) = (&*s.ip, &*s.ip.add(1));
            let is_resume =
                [Op::Resume, Op::ResumeCounting, Op::EnterExecutor].iter().any(|op| resume.op == *op as u16);
            let send = (*(*s.frame).code).instructions.as_mut_ptr().add(jump.arg as usize);
            if !is_resume || jump.op != Op::JumpBackwardNoInterrupt as u16 || !delegates_at(send) {
                return s;
            }
            let (receiver, value) = (s.peek(2), s.peek(1));
            if !vm.is_exact(receiver, BuiltinType::Generator) && !vm.is_exact(receiver, BuiltinType::Coroutine) {
                return s;
            }
            let object = receiver.as_ptr::<GeneratorObject>();
            if (*object).state != GeneratorState::Suspended || vm.depth >= vm.recursion_limit {
                return s;
            }
            State { ip: send, sp: s.sp.sub(1), frame: s.frame }.save();
            let inner = vm.enter_generator(object, value);
            (*object).frame.previous = s.frame;
            (*object).frame.flags = 0;
            s = inner;
        }
    }
}
pub unsafe fn send(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        // receiver, value
        let (receiver, value) = (s.peek(2), s.peek(1));
        if vm.is_exact(receiver, BuiltinType::Generator) || vm.is_exact(receiver, BuiltinType::Coroutine) {
            let without = State { sp: s.sp.sub(1), ..s };
            return resume_inline(vm, without, receiver, value);
        }
        s.save();
        let has_own_next = !matches!(vm.layout_of(receiver), BuiltinType::Generator | BuiltinType::Coroutine)
            && !vm.is_exact(receiver, BuiltinType::AsyncStep);
        let sent = if value.is_none() && !has_own_next {
            vm.result = Value::NONE;
            vm.iter_next(receiver)
        } else if value.is_none() {
            // Its StopIteration has a value.
            vm.call_special(receiver, vm.names.__next__, &[]).and_then(|item| match item {
                Some(item) => Ok(Some(item)),
                None => vm.iter_next(receiver),
            })
        } else {
            vm.call_method(receiver, vm.names.send, &[value]).map(Some)
        };
        match sent {
            Ok(Some(value)) => s.reduce(1, value),
            Ok(None) => {
                let result = std::mem::replace(&mut vm.result, Value::NONE);
                if vm.watchers.tell_of_exceptions() {
                    // What ends natives is no exception, but would be seen as one.
                    vm.raise_stop_iteration(result);
                    return stopped(vm, s);
                }
                *s.sp.sub(1) = result;
                s.jump(s.arg())
            }
            Err(Raised) if vm.exception_matches(vm.exceptions.StopIteration) => stopped(vm, s),
            Err(Raised) => unwind::raise(vm, s),
        }
    }
}
/// The receiver of SEND has ended: StopIteration is pending.
unsafe fn stopped(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        if vm.watchers.tell_of_exceptions() {
            vm.tell_of_exception(Event::Raise, s.frame);
            if !vm.exception_matches(vm.exceptions.StopIteration) {
                return unwind::raise(vm, s);
            }
        }
        let exception = vm.take_exception();
        *s.sp.sub(1) = vm.stop_iteration_value(exception);
        s.jump(s.arg())
    }
}
#[inline(always)]
pub unsafe fn end_send(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let _ = vm;
        s.reduce(2, s.peek(1))
    }
}
pub unsafe fn get_awaitable(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let iterator = attempt!(vm, s, vm.get_awaitable(s.peek(1), s.arg() as u32));
        s.reduce(1, iterator)
    }
}
pub unsafe fn get_yield_from_iter(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let value = s.peek(1);
        if vm.is_exact(value, BuiltinType::Generator) {
            return s.next();
        }
        if let Some(coroutine) = vm.coroutine_to_delegate_to(value, &*(*s.frame).code) {
            let coroutine = attempt!(vm, s, coroutine);
            return s.reduce(1, coroutine);
        }
        if let Some(special) = special_method(vm, s, Opcode::GetYieldFromIter, 0) {
            return call_special(vm, s, special);
        }
        let iterator = attempt!(vm, s, vm.get_iter(value));
        s.reduce(1, iterator)
    }
}
pub unsafe fn cleanup_throw(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        // receiver, last sent, exception
        let exception = s.peek(1);
        if vm.is_instance(exception, vm.exceptions.StopIteration) {
            let value = vm.stop_iteration_value(exception);
            *s.sp.sub(3) = Value::NONE;
            *s.sp.sub(2) = value;
            return State { ip: s.ip.add(1), sp: s.sp.sub(1), frame: s.frame };
        }
        vm.exception = exception;
        unwind::reraise(vm, s)
    }
}

pub unsafe fn get_async_iter(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let iterator = attempt!(vm, s, vm.get_async_iter(s.peek(1)));
        s.reduce(1, iterator)
    }
}
pub unsafe fn get_async_next(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let awaitable = attempt!(vm, s, vm.get_async_next(s.peek(1)));
        s.reduce(0, awaitable)
    }
}
pub unsafe fn end_async_for(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        // iterator, exception
        let exception = s.peek(1);
        if vm.is_instance(exception, vm.exceptions.StopAsyncIteration) {
            return s.drop(2);
        }
        vm.exception = exception;
        unwind::reraise(vm, s)
    }
}

/// Resumes a generator in this run: `s.sp` is where its next value goes.
#[inline(always)]
pub unsafe fn resume_inline(vm: &mut Vm, s: State, generator: Value, value: Value) -> State {
    // SAFETY: see the module `handlers`; `generator` is a generator or coroutine.
    unsafe {
        let object = generator.as_ptr::<GeneratorObject>();
        if !matches!((*object).state, GeneratorState::Created | GeneratorState::Suspended)
            || vm.depth >= vm.recursion_limit
        {
            return s.out_of_line(vm, move |vm, s| resume_refused(vm, s, generator));
        }
        s.save();
        let state = vm.enter_generator(object, value);
        (*object).frame.previous = s.frame;
        (*object).frame.flags = 0;
        resume_innermost(vm, state)
    }
}

unsafe fn resume_refused(vm: &mut Vm, s: State, generator: Value) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let object = generator.as_ptr::<GeneratorObject>();
        let kind = if vm.is_exact(generator, BuiltinType::Coroutine) { "coroutine" } else { "generator" };
        match (*object).state {
            GeneratorState::Finished if kind == "coroutine" => {
                vm.raise_runtime("cannot reuse already awaited coroutine");
            }
            GeneratorState::Finished => {
                if Op::from_number((*s.ip).op) == Op::Send {
                    *s.sp = Value::NONE;
                    return State { sp: s.sp.add(1), ..s }.jump(s.arg());
                }
                return s.jump(s.arg() + 1);
            }
            GeneratorState::Running => {
                vm.raise_value(&format!("{kind} already executing"));
            }
            _ => {
                vm.raise_recursion();
            }
        }
        unwind::raise(vm, s)
    }
}
