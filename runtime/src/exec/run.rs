//! Running executors, and what becomes of their exits.

use super::frames::{Call, Run};
use super::leaving::{exit_to_leave_by, follows_call};
use super::machine::VmMachine;
use super::rebuild::{rebuild, rebuild_with};
use super::timed::Turn;
use super::{Executor, ExecutorKind, Vm};
use crate::backend::uops::Leave;
use crate::backend::{MAX_HOMES, Status};
use crate::interp::dispatch::State;
use crate::interp::frame::Frame;
use crate::interp::handlers::calls::return_value;
use crate::interp::op::Op as Instr;
use crate::interp::unwind;
use crate::optimizer::enter_external;
use crate::trace::{Abort, Recorded, Recorder, RecorderStart};
use crate::uop::{ExitIdx, ExitKind, Op, Superblock};
use crate::value::Value;
use std::mem::MaybeUninit;
use std::sync::atomic::Ordering;

/// The instruction ENTER_EXECUTOR: polls, then runs the executor that is installed here.
///
/// # Safety
/// As a handler's.
pub unsafe fn enter(vm: &mut Vm, s: State) -> State {
    // SAFETY: a handler's state; the instruction's first cache word is a root executor's id.
    unsafe {
        if vm.pending.load(Ordering::Relaxed) != 0 {
            s.save();
            if vm.handle_pending().is_err() {
                return unwind::raise(vm, s);
            }
            if Instr::from_number((*s.ip).op) != Instr::EnterExecutor {
                // Taken out meanwhile.
                return s;
            }
        }
        s.save();
        let id = vm.jit.active((*s.ip).cache[0] as u32);
        let executor = &*vm.jit.executors[id as usize];
        if executor.kind == ExecutorKind::External {
            return enter_external(vm, s, id);
        }
        if executor.runs >= executor.trial_at {
            match vm.whose_turn(id) {
                Some(Turn::Executor) => {}
                // Entries alone are timed, where RESUME does nothing more.
                Some(Turn::Tier1) => return s.next(),
                None => return s,
            }
        }
        let state = run(vm, id);
        vm.stress_executors();
        state
    }
}

/// Runs an executor in the running frame, which stands at its start.
#[inline(never)]
unsafe fn run(vm: &mut Vm, mut id: u32) -> State {
    let mut homes = [const { MaybeUninit::<u64>::uninit() }; MAX_HOMES];
    let homes = homes.as_mut_ptr().cast::<u64>();
    debug_assert_eq!(vm.current_executor, 0, "tier 1 runs");
    let this = Run::new(homes, vm.runs);
    vm.runs = &this;
    // SAFETY: `id` is an executor's, the running frame stands at its start; whoever jumps or returns to another one sees to
    // that.
    let state = unsafe {
        loop {
            vm.jit.stats.entered += 1;
            let (left, status) = run_once(vm, id, homes);
            vm.current_executor = 0;
            this.call.set(Call::NONE);
            if this.is_leaving() {
                let executor: *mut Executor = &raw mut *vm.jit.executors[left as usize];
                vm.has_left(&this, &mut *executor);
            }
            let frame = vm.frame;
            match status {
                Status::Returned => {
                    let base = Frame::stack_base(frame);
                    *base = std::mem::replace(&mut vm.result, Value::NONE);
                    if left == id {
                        vm.judge_return(id);
                    }
                    break return_value(vm, State { ip: (*frame).ip, sp: base.add(1), frame });
                }
                Status::Jump(next) => {
                    let next = if next == Op::THIS_EXECUTOR { left } else { next };
                    let target = &vm.jit.executors[next as usize];
                    let (start_ip, depth) = (target.start_ip, target.stack_depth);
                    let state = State {
                        ip: (*(*frame).code).instructions.as_mut_ptr().add(start_ip as usize),
                        sp: Frame::stack_base(frame).add(depth),
                        frame,
                    };
                    if target.valid == 0 || this.is_leaving() || vm.pending.load(Ordering::Relaxed) != 0 {
                        break state;
                    }
                    id = vm.jit.active(next);
                }
                Status::Caller => match vm.go_on_in_caller() {
                    Ok(next) => id = next,
                    Err(state) => break state,
                },
                Status::Call => {
                    let state = State { ip: (*frame).ip, sp: (*frame).sp, frame };
                    if this.is_leaving() || vm.pending.load(Ordering::Relaxed) != 0 {
                        break state;
                    }
                    match vm.call_and_go_on(state) {
                        Ok(next) => id = next,
                        Err(state) => break state,
                    }
                }
                Status::Exit(exit) => {
                    // What is done at a poll may free the executor.
                    let kind = vm.jit.executors[left as usize].exits[exit.index()].kind;
                    match take_exit(vm, left, exit, &this) {
                        Outcome::Tier1(state) => {
                            if left == id {
                                vm.judge(id, exit);
                            }
                            if matches!(kind, ExitKind::Error | ExitKind::Pending) {
                                // What the homes still refer to may be what has used up the memory.
                                homes.write_bytes(0, MAX_HOMES);
                            }
                            break state;
                        }
                        Outcome::Executor(next) => id = next,
                    }
                }
            }
        }
    };
    vm.runs = this.outer;
    state
}

enum Outcome {
    Tier1(State),
    Executor(u32),
}

/// Runs until compiled code comes back to Rust: who left, and how.
unsafe fn run_once(vm: &mut Vm, id: u32, homes: *mut u64) -> (u32, Status) {
    let frame = vm.frame;
    let executor: *mut Executor = &raw mut *vm.jit.executors[id as usize];
    // SAFETY: executors are boxed and live as long as the VM; what they run may use the VM.
    unsafe {
        (*executor).runs += 1;
        (*executor).last_used = vm.jit.stats.entered;
        vm.jit.n_running += 1;
        if let Some(compiled) = &(*executor).compiled {
            let shim = vm.jit.shim.expect("something is compiled, so there is a shim");
            let word = shim(compiled.entry, (&raw mut *vm).cast(), homes, frame.cast());
            vm.jit.n_running -= 1;
            let left = vm.current_executor as *mut Executor;
            (*left).last_used = vm.jit.stats.entered;
            return ((*left).id, Status::from_word(word));
        }
        vm.current_executor = executor as u64;
        let code = (*executor).uops.as_ref().expect("an executor has code");
        let leave = code.run(&mut VmMachine { vm, frame, homes, executor });
        vm.jit.n_running -= 1;
        let status = match leave {
            Leave::Exit(exit) => Status::Exit(exit),
            Leave::Finished(value) => {
                vm.result = value;
                Status::Returned
            }
            Leave::Executor(next) => Status::Jump(next),
            Leave::Caller => Status::Caller,
            Leave::Call { call, top } => vm.stand_at_call(call, top),
        };
        (id, status)
    }
}

/// An exit that compiled code came back to Rust through.
unsafe fn take_exit(vm: &mut Vm, id: u32, exit: ExitIdx, run: &Run) -> Outcome {
    let (x, frame) = (exit.index(), vm.frame);
    let executor: *mut Executor = &raw mut *vm.jit.executors[id as usize];
    vm.jit.stats.exits_taken += 1;
    // SAFETY: executors live as long as the VM; `rebuild` gets the executor's own superblock and homes.
    unsafe {
        let executor_ref = &mut *executor;
        let data = &mut executor_ref.exits[x];
        data.taken += 1;
        let kind = data.kind;
        let is_leaving = run.is_leaving();
        if kind.is_counted() && !is_leaving {
            if let Some(target) = data.target
                && vm.jit.executors[target as usize].valid != 0
            {
                return Outcome::Executor(target);
            }
            data.hotness += 1;
            if data.hotness >= data.threshold
                && !data.is_in_work
                && !vm.jit.recording
                && !vm.jit.is_busy()
                && (*executor).valid != 0
                && vm.jit.may_grow((*executor).root)
            {
                data.hotness = 0;
                let superblock = &(*executor).superblock;
                let snapshot = superblock.exits[x].snapshot;
                let state = rebuild(vm, frame, &(*executor).superblock, snapshot, run.homes);
                return Outcome::Tier1(match kind {
                    ExitKind::Error => record_handler(vm, &mut *executor, exit, state),
                    _ => record_side(vm, &mut *executor, exit, state),
                });
            }
        }
        let state = if is_leaving {
            leave_looked_at(vm, &(*executor).superblock, exit, run)
        } else {
            let superblock = &(*executor).superblock;
            rebuild(vm, frame, superblock, superblock.exits[x].snapshot, run.homes)
        };
        Outcome::Tier1(match kind {
            ExitKind::Error => unwind::raise(vm, state),
            ExitKind::Pending => {
                state.save();
                match vm.handle_pending() {
                    Ok(()) => state,
                    Err(_) => unwind::raise(vm, state),
                }
            }
            _ => state,
        })
    }
}

/// Makes the frames real of a run that was told to leave, with what was shown of them.
///
/// # Safety
/// As for `take_exit`, whose exit is one of this superblock's.
unsafe fn leave_looked_at(vm: &mut Vm, superblock: &Superblock, exit: ExitIdx, run: &Run) -> State {
    let snapshot = superblock.exits[exit_to_leave_by(superblock, exit).index()].snapshot;
    let frame = vm.frame;
    // SAFETY: the caller's promise; the run holds what was shown until here.
    unsafe {
        let state = rebuild_with(vm, frame, superblock, snapshot, run.homes, run.known());
        vm.frames_became_real(run, superblock.snapshots[snapshot.index()].frames.len());
        run.forget_shown();
        state
    }
}

/// Starts recording from a hot exit whose frames were just rebuilt.
unsafe fn record_side(vm: &mut Vm, executor: &mut Executor, exit: ExitIdx, state: State) -> State {
    // SAFETY: the caller's promise.
    match unsafe { recorder_at(executor, exit, state) } {
        Ok(mut recorder) => {
            recorder.needs_valid_check = follows_call(&executor.superblock, exit);
            vm.start_recording(recorder, state)
        }
        Err(abort) => {
            stay_cold(vm, executor, exit, abort);
            state
        }
    }
}

/// The same from an error exit: the recording starts in the handler of the exception that is pending.
unsafe fn record_handler(vm: &mut Vm, executor: &mut Executor, exit: ExitIdx, state: State) -> State {
    // SAFETY: the caller's promise; `catch` finds the handler that tier 1 finds.
    unsafe {
        let caught = recorder_at(executor, exit, state).and_then(|mut recorder| {
            let target = recorder.catch(vm)?;
            Ok((recorder, target))
        });
        let state = unwind::raise(vm, state);
        match caught {
            Ok((recorder, target)) if recorder.is_at(state, target) => vm.start_recording(recorder, state),
            Ok(_) => state,
            Err(abort) => {
                stay_cold(vm, executor, exit, abort);
                state
            }
        }
    }
}

/// # Safety
/// `state` is what rebuilding the exit's snapshot gave.
unsafe fn recorder_at(executor: &Executor, exit: ExitIdx, state: State) -> Recorded<Recorder> {
    let snapshot = executor.superblock.exits[exit.index()].snapshot.index();
    let start = RecorderStart::Side { parent: executor.id, exit, root: executor.root };
    let (snapshot, sources) = (&executor.superblock.snapshots[snapshot], &executor.superblock.sources[snapshot]);
    // SAFETY: the caller's promise.
    unsafe { Recorder::from_exit(state, start, snapshot, sources) }
}

/// No side trace will come from this exit.
fn stay_cold(vm: &mut Vm, executor: &mut Executor, exit: ExitIdx, abort: Abort) {
    vm.note_abort(executor.place_of_exit(exit), abort);
    if !abort.is_passing() {
        executor.exits[exit.index()].threshold = u32::MAX;
    }
}

#[cfg(test)]
mod tests;
