//! Direct-threaded dispatch: each handler ends with a jump to the next one, and the state stays in four registers.
//!
//! The jump is a call in tail position. The optimizer makes it a jump where no local of the function lives in memory
//! that others may hold the address of; `State::out_of_line` is how handlers keep to that.

use super::code::Instruction;
use super::dispatch::State;
use super::frame::Frame;
use super::op::WATCHED;
use crate::value::Value;
use crate::vm::Vm;
use std::ptr::NonNull;

type Threaded = unsafe fn(&mut Vm, NonNull<Instruction>, NonNull<Value>, NonNull<Frame>);

/// Goes on with the instruction at `state`, unless the run is over.
#[inline(always)]
unsafe fn go_on(vm: &mut Vm, state: State) {
    if state.frame.is_null() {
        return;
    }
    // SAFETY: `ip` points into the instructions of the frame's code, and handlers keep the state true.
    unsafe {
        let handler = *THREADED.get_unchecked((*state.ip).op as usize);
        handler(
            vm,
            NonNull::new_unchecked(state.ip),
            NonNull::new_unchecked(state.sp),
            NonNull::new_unchecked(state.frame),
        );
    }
}

macro_rules! run_one {
    ($vm:ident, $state:ident, $handler:path, inlined) => {
        $handler($vm, $state)
    };
    ($vm:ident, $state:ident, $handler:path, fused($fused:path)) => {
        $fused($vm, $state)
    };
    // SAFETY (of the closure's body): the handler gets the state that this one got.
    ($vm:ident, $state:ident, $handler:path, called) => {
        $state.out_of_line($vm, |vm, s| $handler(vm, s))
    };
}

macro_rules! define_threaded {
    ($($name:ident = $handler:path, $how:ident $(($fused:path))?;)*) => {
        /// One function an instruction, named as the table names it.
        #[expect(non_snake_case, reason = "named as the table names them")]
        mod threads {
            use super::*;
            use crate::interp::handlers as h;
            $(
                pub unsafe fn $name(vm: &mut Vm, ip: NonNull<Instruction>, sp: NonNull<Value>, frame: NonNull<Frame>) {
                    let state = State { ip: ip.as_ptr(), sp: sp.as_ptr(), frame: frame.as_ptr() };
                    // SAFETY: `go_on` passes on what the handler before gave.
                    unsafe {
                        let state = run_one!(vm, state, $handler, $how $(($fused))?);
                        go_on(vm, state);
                    }
                }
            )*
        }
        static THREADED: &[Threaded] = &{
            let plain = [$(threads::$name as Threaded,)*];
            let mut all: [Threaded; 2 * WATCHED as usize] = [watched; 2 * WATCHED as usize];
            let mut number = 0;
            while number < plain.len() {
                all[number] = plain[number];
                number += 1;
            }
            all
        };
    };
}
crate::for_each_op!(define_threaded);

/// An instruction that somebody is told of.
unsafe fn watched(vm: &mut Vm, ip: NonNull<Instruction>, sp: NonNull<Value>, frame: NonNull<Frame>) {
    let state = State { ip: ip.as_ptr(), sp: sp.as_ptr(), frame: frame.as_ptr() };
    // SAFETY: `go_on` passes on what the handler before gave.
    unsafe {
        let state = state.out_of_line(vm, |vm, s| crate::watch::watched(vm, s));
        go_on(vm, state);
    }
}

/// Runs until the run is over or the recorder is switched on.
///
/// # Safety
/// The state describes a live frame of this VM.
pub unsafe fn run_until_over(vm: &mut Vm, state: State) -> State {
    // SAFETY: the caller's promise.
    unsafe { go_on(vm, state) };
    State::OVER
}
