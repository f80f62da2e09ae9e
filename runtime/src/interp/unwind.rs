//! From a raised exception to the handler that the exception tables name, or out of the run.

use super::dispatch::State;
use super::frame::Frame;
use crate::object::layout::GeneratorState;
use crate::value::Value;
use crate::vm::Vm;
use crate::watch::Event;

/// An exception was raised by the instruction at `state.ip`: the state in its handler, or `State::OVER`.
///
/// # Safety
/// `state` describes a live frame; `vm.exception` is set.
#[inline(always)]
pub unsafe fn raise(vm: &mut Vm, state: State) -> State {
    // SAFETY: the caller's promise, kept frame by frame.
    state.out_of_line(vm, |vm, state| unsafe {
        (*state.frame).ip = state.ip;
        let exception = vm.exception;
        vm.add_traceback(exception, state.frame);
        if vm.watchers.tell_of_exceptions() {
            (*state.frame).sp = state.sp;
            vm.tell_of_exception(Event::Raise, state.frame);
        }
        unwind_from(vm, state.frame)
    })
}

/// As `raise`, for an exception whose traceback has this frame already (`RERAISE`).
///
/// # Safety
/// As `raise`.
pub unsafe fn reraise(vm: &mut Vm, state: State) -> State {
    // SAFETY: the caller's promise.
    unsafe {
        state.save();
        if vm.watchers.tell_of_exceptions() {
            vm.tell_of_exception(Event::Reraise, state.frame);
        }
        unwind_from(vm, state.frame)
    }
}

/// From the frame at whose instruction an exception was raised, which its traceback tells.
///
/// # Safety
/// As `raise`; the frame's `ip` is up to date.
unsafe fn unwind_from(vm: &mut Vm, mut frame: *mut Frame) -> State {
    // SAFETY: the caller's promise.
    unsafe {
        loop {
            let index = Frame::instruction_index(frame) as u32;
            let code = &*(*frame).code;
            if let Some(handler) = code.handler_at(index) {
                vm.frame_catches(frame);
                if vm.watchers.tell_of_anything() {
                    vm.tell_of_handler(frame, handler.target);
                }
                let mut sp = Frame::stack_base(frame).add(handler.depth as usize);
                if handler.lasti {
                    *sp = Value::small_int(index as i64);
                    sp = sp.add(1);
                }
                *sp = vm.take_exception();
                return State {
                    ip: (*frame)
                        .code
                        .as_mut()
                        .expect("a frame has code")
                        .instructions
                        .as_mut_ptr()
                        .add(handler.target as usize),
                    sp: sp.add(1),
                    frame,
                };
            }
            if vm.watchers.tell_of_exceptions() {
                vm.tell_of_exception(Event::PyUnwind, frame);
            }
            let (previous, flags) = ((*frame).previous, (*frame).flags);
            vm.frame_is_left(frame);
            leave_frame(vm, frame);
            if flags & Frame::ENTRY != 0 {
                return State::OVER;
            }
            frame = previous;
            vm.add_traceback(vm.exception, frame);
            if vm.watchers.tell_of_exceptions() {
                vm.tell_of_exception(Event::Raise, frame);
            }
        }
    }
}

/// Pops the running frame.
///
/// # Safety
/// `frame` is the VM's running frame.
#[inline(always)]
pub unsafe fn leave_frame(vm: &mut Vm, frame: *mut Frame) {
    // SAFETY: the caller's promise.
    unsafe {
        let generator = (*frame).generator;
        if (*frame).flags & Frame::HAS_OBJECT != 0 || !generator.is_null() && !(*generator).frame_object.is_unbound() {
            vm.frame_is_over(frame);
        }
        vm.frame = (*frame).previous;
        vm.depth -= 1;
        if generator.is_null() {
            vm.data_top = frame.cast();
        } else {
            (*generator).state = GeneratorState::Finished;
            (*frame).previous = std::ptr::null_mut();
            vm.handled = (*generator).caller_handled;
        }
    }
}
