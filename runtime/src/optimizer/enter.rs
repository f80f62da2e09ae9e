//! Running an executor that is not the VM's own.

use super::places::panic_text;
use super::rules::Breach;
use super::running::Running;
use super::{Abort, Advanced, CodeLocation, CodeView, OptimizerId};
use crate::debug::places::CodePlace;
use crate::exec::taken_out::Reason;
use crate::interp::dispatch::State;
use crate::interp::unwind;
use crate::object::layout::CodeObject;
use crate::vm::{Raised, Vm};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Runs after which an executor that does nothing more often than not is taken out.
const JUDGED_AFTER: u64 = 1_000;

/// The instruction ENTER_EXECUTOR where such an executor is installed.
///
/// # Safety
/// As a handler's; the frame's place is saved.
#[inline(never)]
pub(crate) unsafe fn enter_external(vm: &mut Vm, s: State, id: u32) -> State {
    // SAFETY: a live frame's code.
    let is_watched = vm.watchers.is_anybody_told(unsafe { &*(*s.frame).code });
    let (executor, optimizer) = match &mut vm.jit.executors[id as usize].external {
        Some(external) if !is_watched => {
            external.runs += 1;
            // SAFETY: the caller's promise.
            if external.runs >= external.review_at && unsafe { vm.review(s, id) } {
                return s;
            }
            let external = vm.jit.executors[id as usize].external.as_ref();
            (external.map(|external| external.executor.clone()), external.and_then(|external| external.optimizer))
        }
        _ => (None, None),
    };
    // SAFETY: a live frame.
    let standing = unsafe {
        let (code_object, code) = ((*s.frame).code_object, (*s.frame).code);
        Standing { id, code_object, index: s.ip.offset_from((*code).instructions.as_ptr()) as u32, optimizer }
    };
    vm.jit.optimizers.n_executions += 1;
    let execution = vm.jit.optimizers.n_executions;
    // SAFETY: the caller's promise.
    let mut machine = unsafe { Running::new(vm, s, id, execution) };
    let Some(executor) = executor else {
        machine.run_one();
        return machine.state;
    };
    let outcome = catch_unwind(AssertUnwindSafe(|| executor.execute(&mut machine)));
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(panic) if machine.is_inside => resume_unwind(panic),
        Err(panic) => {
            let state = machine.roll_back();
            let text = format!("panicked at {}: {}", standing.describe(machine.vm), panic_text(&*panic));
            // SAFETY: the state is one that tier 1 has stood in.
            return unsafe { punish(vm, state, &standing, &text, Blame::Optimizer) };
        }
    };
    match judge(&mut machine, outcome) {
        Ok(_) if machine.state.frame.is_null() => State::OVER,
        Ok(Outcome::Raised) => {
            let state = machine.state;
            // SAFETY: tier 1 could stand there, as was checked.
            unsafe { unwind::raise(vm, state) }
        }
        Ok(Outcome::Advanced(0)) => {
            machine.run_one();
            let state = machine.state;
            note_idle(vm, &standing);
            state
        }
        Ok(Outcome::Advanced(_)) => machine.state,
        Err(breach) => {
            let state = machine.roll_back();
            let text = format!("broke a rule at {}: {breach}", standing.describe(machine.vm));
            // SAFETY: as above.
            unsafe { punish(vm, state, &standing, &text, Blame::Executor) }
        }
    }
}

enum Outcome {
    Advanced(u64),
    Raised,
}

/// Was it all by the rules?
fn judge(machine: &mut Running<'_>, outcome: Result<Advanced, Raised>) -> Result<Outcome, Breach> {
    if let Some(breach) = &machine.breach {
        return Err(breach.clone());
    }
    let verified = machine.verify();
    match outcome {
        Ok(Advanced(said)) if said != machine.advanced => Err(Breach::Count { said, counted: machine.advanced }),
        Ok(Advanced(said)) => {
            if !machine.state.frame.is_null() {
                // What a method answered with an exception that the executor made nothing of.
                machine.vm.clear_exception();
            }
            verified.map(|()| Outcome::Advanced(said))
        }
        Err(Raised) if machine.vm.exception.is_unbound() => Err(Breach::RaisedNothing),
        Err(Raised) => {
            if verified.is_err() {
                // What was begun is undone: the exception is that instruction's.
                machine.roll_back();
            }
            Ok(Outcome::Raised)
        }
    }
}

/// Where an executor is installed.
struct Standing {
    id: u32,
    code_object: *mut CodeObject,
    index: u32,
    optimizer: Option<OptimizerId>,
}

impl Standing {
    fn describe(&self, vm: &Vm) -> String {
        // SAFETY: executors' code is pinned, and the VM is not changed while it is looked at.
        let code = unsafe { CodeView::new(vm, self.code_object) };
        CodeLocation { code, offset: code.own().byte_of(self.index as usize) as u32 }.describe()
    }

    fn key(&self) -> (u64, u32) {
        // SAFETY: executors' code is pinned.
        (unsafe { (*self.code_object).code } as u64, self.index)
    }
}

/// Who has lost the VM's trust.
enum Blame {
    Executor,
    Optimizer,
}

/// SystemError, and the executor is taken out, or the whole optimizer.
///
/// # Safety
/// `state` is of a live frame, or over.
unsafe fn punish(vm: &mut Vm, state: State, standing: &Standing, text: &str, blame: Blame) -> State {
    let registered = standing.optimizer.and_then(|id| vm.jit.optimizers.all.iter().find(|it| it.id == id));
    let name =
        registered.map_or_else(|| "an executor that was put in place".into(), |it| format!("optimizer '{}'", it.name));
    vm.invalidate_executor(standing.id, &Reason::BrokeRule.into());
    if let Some(id) = standing.optimizer {
        match blame {
            Blame::Executor => vm.refuse(standing.key(), id, Abort::Unsupported),
            Blame::Optimizer => _ = vm.take_out_optimizer(id),
        }
    }
    vm.clear_exception();
    vm.raise(vm.exceptions.SystemError, &format!("{name} {text}"));
    if state.frame.is_null() {
        return State::OVER;
    }
    // SAFETY: the caller's promise.
    unsafe { unwind::raise(vm, state) }
}

/// The executor did nothing. One that does so more often than not is taken out.
fn note_idle(vm: &mut Vm, standing: &Standing) {
    let Some(external) = &mut vm.jit.executors[standing.id as usize].external else { return };
    external.idle_runs += 1;
    if external.idle_runs >= JUDGED_AFTER && external.idle_runs * 2 > external.runs {
        vm.note_abort(CodePlace { code_object: standing.code_object as u64, ip: standing.index }, Abort::Loser);
        vm.invalidate_executor(standing.id, &Reason::Loser.into());
        if let Some(id) = standing.optimizer {
            vm.refuse(standing.key(), id, Abort::Loser);
        }
    }
}
