//! Hot places: where recordings begin, and how places that fail back off.

use super::Vm;
use crate::config::JitMode;
use crate::debug::observe::Failures;
use crate::interp::code::{Code, Instruction};
use crate::interp::dispatch::State;
use crate::interp::op::Op as Instr;
use crate::optimizer::Offer;
use crate::trace::{Abort, Recorder, RecorderStart};

/// After so many failures a place is left alone for good.
const MAX_FAILURES: u32 = 5;

impl Vm {
    /// Switches the recorder on; tier 1 leaves its loop and goes on, recording, at `state`.
    pub(crate) fn start_recording(&mut self, mut recorder: Recorder, state: State) -> State {
        recorder.forces_exits = self.forced_exit.is_on();
        self.jit.stats.attempts += 1;
        // By the time there is a job, the compile thread is ready. If it cannot be, the job will tell.
        _ = self.worker();
        self.jit.recorder = Some(Box::new(recorder));
        self.jit.recording = true;
        self.jit.recording_number += 1;
        self.jit.changed_while_recording.clear();
        self.jit.recorded.clear();
        self.jit.recording_since = Some(std::time::Instant::now());
        self.jit.resume_at = Some(state);
        State::OVER
    }

    /// Is nothing to be recorded from a hot place? The poll before it was counted may just have put an executor there.
    ///
    /// # Safety
    /// The code is alive and has the instruction.
    unsafe fn is_taken_care_of(&self, code: *mut Code, install_ip: u32) -> bool {
        // SAFETY: the caller's promise.
        let op = unsafe { (&(*code).instructions)[install_ip as usize].op };
        Instr::from_number(op) == Instr::EnterExecutor
            || self.jit.is_busy()
            || self.jit.root_in_work(code, |executor| executor.install_ip == install_ip).is_some()
    }

    /// A recording from this place failed: it waits longer, or is blacklisted.
    pub(crate) unsafe fn back_off(&mut self, code: u64, instruction: *mut Instruction, ip: u32, abort: Abort) {
        let failures = self.jit.failures.entry((code, ip)).or_insert(Failures { n: 0, last: abort });
        failures.n += u32::from(!abort.is_passing());
        failures.last = abort;
        let n_failures = failures.n;
        // SAFETY: the caller passes an instruction of live code.
        unsafe {
            let op = Instr::from_number((*instruction).op);
            let is_loop = op == Instr::JumpBackwardCounting;
            if !is_loop && op != Instr::ResumeCounting {
                // An executor came to stand here meanwhile.
                return;
            }
            if n_failures >= MAX_FAILURES || abort.is_final() {
                (*instruction).op = if is_loop { Instr::JumpBackward } else { Instr::Resume } as u16;
            } else {
                let base = if is_loop { self.jit.config.loop_threshold } else { self.jit.config.entry_threshold };
                let is_premature = abort.is_passing() || matches!(abort, Abort::InnerLoop | Abort::InGenerator);
                let shift = if is_premature { 0 } else { n_failures };
                (*instruction).counter = (base.max(16) << shift).min(u16::MAX as u32) as u16;
            }
        }
    }
}

/// A back edge that has counted down.
///
/// # Safety
/// As a handler's.
#[inline(never)]
pub unsafe fn hot_back_edge(vm: &mut Vm, s: State) -> State {
    // SAFETY: a handler's state.
    unsafe {
        let target = s.jump((*s.ip).arg as usize);
        if vm.jit.recording || vm.jit.config.mode == JitMode::Off {
            (*s.ip).counter = vm.jit.loop_counter().max(1);
            return target;
        }
        (*s.ip).counter = vm.jit.loop_counter().max(1);
        let code = (*s.frame).code;
        let install_ip = s.ip.offset_from((*code).instructions.as_ptr()) as u32;
        if vm.is_taken_care_of(code, install_ip) {
            return target;
        }
        if vm.jit.optimizers.is_any()
            && let Offer::Other(state) = vm.offer(s, target, vm.jit.loop_counter().into())
        {
            return state;
        }
        let recorder = Recorder::new(target, RecorderStart::Loop, install_ip);
        vm.start_recording(recorder, target)
    }
}

/// A function's entry (or a generator's resumption) that has counted down.
///
/// # Safety
/// As a handler's.
#[inline(never)]
pub unsafe fn hot_entry(vm: &mut Vm, s: State) -> State {
    // SAFETY: a handler's state.
    unsafe {
        (*s.ip).counter = vm.jit.entry_counter().max(1);
        if vm.jit.recording || vm.jit.config.mode == JitMode::Off {
            return s.next();
        }
        let code = (*s.frame).code;
        let install_ip = s.ip.offset_from((*code).instructions.as_ptr()) as u32;
        if vm.is_taken_care_of(code, install_ip) {
            return s.next();
        }
        if vm.jit.optimizers.is_any()
            && let Offer::Other(state) = vm.offer(s, s.next(), vm.jit.entry_counter().into())
        {
            return state;
        }
        let recorder = Recorder::new(s.next(), RecorderStart::Entry, install_ip);
        vm.start_recording(recorder, s.next())
    }
}
