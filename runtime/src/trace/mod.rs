//! The recorder: follows one hot path as tier 1 runs it, and emits micro-ops through the optimizer's reducers.
//!
//! Before each instruction the recorder looks at the values that it is about to work on, emits guards for what it
//! relies on and micro-ops for what the instruction does, and keeps, for each frame, which micro-op stands for each slot.
//! Then tier 1 runs the instruction. Frames of inlined calls exist only in snapshots.

mod abort;
mod attributes;
mod bits;
mod calls;
mod frames;
mod functions;
mod generators;
mod iterate;
mod jump;
mod keywords;
mod lists;
mod names;
mod operators;
mod raising;
mod ranges;
mod raw;
mod rule;
mod special;
mod statements;
mod step;
mod tables;
mod targets;

pub use abort::Abort;
pub use frames::{Recorded, Recorder, RecorderStart, VirtualFrame};
pub use rule::{Known, Member, MemberType, NativeCall, NextRule, Operand, SlotRules, Step, TraceRule, Traced};
pub use step::{Ending, Flow};

use crate::interp::dispatch::State;
use crate::interp::op::{Handler, Op as Instr};
use crate::vm::Vm;

/// Runs and records until the recording ends one way or the other; gives the state that tier 1 goes on with.
///
/// # Safety
/// The state describes a live frame; `vm.jit` has a recorder that starts there.
#[inline(never)]
pub unsafe fn record_until_done(vm: &mut Vm, mut state: State, handlers: &[Handler]) -> State {
    let Some(mut recorder) = vm.jit.recorder.take() else {
        vm.jit.recording = false;
        return state;
    };
    let number = vm.jit.recording_number;
    let outcome = loop {
        // SAFETY: the state is true before each instruction.
        match unsafe { recorder.step(vm, state) } {
            Ok(Flow::Continue(expected)) => {
                // SAFETY: as above. Recorded is what an executor stands for, not the executor.
                state = unsafe {
                    let mut op = Instr::from_number((*state.ip).op);
                    if op == Instr::EnterExecutor {
                        op = vm.jit.original_op(state.ip);
                    }
                    handlers[op as usize](vm, state)
                };
                if vm.jit.recording_number != number {
                    break Err(Abort::HandedOver);
                }
                if state.frame.is_null() {
                    break Err(Abort::LeftFrame);
                }
                // SAFETY: as above.
                match unsafe { recorder.arrive(vm, &mut state, expected, handlers) } {
                    _ if vm.jit.recording_number != number => break Err(Abort::HandedOver),
                    Ok(()) => {}
                    Err(Abort::Raised) => break recorder.end_where_raised(expected),
                    Err(abort) => break Err(abort),
                }
            }
            Ok(Flow::End(ending)) => break Ok(ending),
            Err(abort) => break Err(abort),
        }
    };
    if vm.jit.recording_number == number {
        vm.jit.recording = false;
    }
    vm.jit.stats.tier1_steps += recorder.n_steps as u64;
    crate::exec::recording_done(vm, *recorder, outcome);
    state
}
