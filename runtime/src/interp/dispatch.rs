//! Running instructions. A dispatcher dispatches; the meanings are in `handlers`.

use super::code::Instruction;
use super::frame::Frame;
use super::match_loop;
use super::op::{HANDLERS, Op};
use super::threaded;
use crate::debug::sampler::Activity;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

/// Where tier 1 stands: about to run `ip` with the value stack's first free slot at `sp`.
///
/// `frame` null: the run is over, its outcome is in `vm.result` or `vm.exception`.
#[derive(Clone, Copy)]
pub struct State {
    pub ip: *mut Instruction,
    pub sp: *mut Value,
    pub frame: *mut Frame,
}

impl State {
    pub const OVER: State = State { ip: std::ptr::null_mut(), sp: std::ptr::null_mut(), frame: std::ptr::null_mut() };

    /// Runs a slow part out of line. Threaded handlers end with a jump to the next, which the compiler makes of a call
    /// only where no local's address was given away; so the parts of the state travel in registers, both ways. Where the
    /// run goes on, its frame is the VM's running frame.
    ///
    /// A part should be inlined into its one call of this. Handed on, the state lies in memory, where it was put word by
    /// word; who copies it reads two words at once, and waits until both are there.
    #[inline(always)]
    pub fn out_of_line(self, vm: &mut Vm, part: impl FnOnce(&mut Vm, State) -> State) -> State {
        let Next { ip, sp } = out_of_line(vm, self.ip, self.sp, self.frame, part);
        State { ip, sp, frame: if ip.is_null() { std::ptr::null_mut() } else { vm.frame } }
    }
}

/// A state without its frame: two words, so that it is returned in registers. `ip` null: the run is over.
pub struct Next {
    pub ip: *mut Instruction,
    pub sp: *mut Value,
}

#[inline(never)]
fn out_of_line<F: FnOnce(&mut Vm, State) -> State>(
    vm: &mut Vm,
    ip: *mut Instruction,
    sp: *mut Value,
    frame: *mut Frame,
    part: F,
) -> Next {
    let state = part(vm, State { ip, sp, frame });
    debug_assert!(state.frame.is_null() || state.frame == vm.frame);
    Next { ip: state.ip, sp: state.sp }
}

impl Vm {
    /// Runs a frame that was just pushed, until it returns.
    pub fn run_call(&mut self, frame: *mut Frame) -> PyResult {
        // SAFETY: callers pass a frame from `push_call`.
        unsafe {
            (*frame).flags |= Frame::ENTRY;
            (*frame).previous = self.frame;
            self.frame = frame;
            self.depth += 1;
            self.run(State { ip: (*frame).ip, sp: (*frame).sp, frame })
        }
    }

    /// Runs from a state until its entry frame is left.
    ///
    /// # Safety
    /// The state describes a live frame of this VM; a frame at or below it is an entry frame.
    #[inline(never)]
    pub unsafe fn run(&mut self, state: State) -> PyResult {
        let outside = (self.current_executor, self.exit_index, self.outside_dispatcher);
        if outside.0 != 0 {
            let mut entry = state.frame;
            // SAFETY: compiled code has called: the entry frame is the lowest one above its root frame.
            unsafe {
                while (*entry).flags & Frame::ENTRY == 0 {
                    entry = (*entry).previous;
                }
                self.note_call((*entry).previous);
            }
            self.current_executor = 0;
        }
        let before = self.begin(Activity::Program);
        self.take_bare_stack();
        let mut registers = [0; 6];
        self.outside_dispatcher = crate::gc::save_registers(&mut registers);
        // SAFETY: the caller's promise.
        let result = unsafe { self.run_until_over(state) };
        // Until here they stand on the stack.
        std::hint::black_box(&mut registers);
        self.activity = before;
        (self.current_executor, self.exit_index, self.outside_dispatcher) = outside;
        result
    }

    /// # Safety
    /// As for `run`.
    unsafe fn run_until_over(&mut self, mut state: State) -> PyResult {
        loop {
            // SAFETY: the caller's promise.
            unsafe {
                // Without optimization the threaded handlers' jumps would be calls, and the native stack would grow.
                state = if self.jit.config.count_steps || self.jit.config.report {
                    run_counted(self, state)
                } else if cfg!(debug_assertions) {
                    match_loop::run_until_over(self, state)
                } else {
                    threaded::run_until_over(self, state)
                };
            }
            // A handler that switches the recorder on ends the loop, too; so may one that was being recorded.
            while let Some(resume_at) = self.jit.resume_at.take() {
                // SAFETY: the state that the handler would have gone on with.
                state = unsafe { crate::trace::record_until_done(self, resume_at, HANDLERS) };
            }
            if state.frame.is_null() {
                // Nobody else has it any more: what is kept here, no collection takes.
                let result = std::mem::replace(&mut self.result, Value::NONE);
                return if self.exception.is_unbound() { Ok(result) } else { Err(Raised) };
            }
        }
    }
}

/// Runs as the dispatchers do, and counts.
///
/// # Safety
/// The state describes a live frame of this VM.
#[inline(never)]
unsafe fn run_counted(vm: &mut Vm, mut state: State) -> State {
    while !state.frame.is_null() {
        // SAFETY: `ip` points into the instructions of the frame's code; handlers keep the state true.
        unsafe {
            let op = (*state.ip).op;
            vm.jit.stats.tier1_steps += u64::from(op != Op::EnterExecutor as u16);
            if vm.limits.is_out_of_fuel(vm.jit.stats.tier1_steps) {
                vm.request_pending();
            }
            // Samples say where that was.
            (*state.frame).ip = state.ip;
            state = HANDLERS[op as usize](vm, state);
        }
    }
    state
}
