//! A place got hot: who is asked for an executor, and what becomes of the answer.

use super::choose::{Costs, own_costs};
use super::code::{CodeLocation, CodeView};
use super::register::{External, OptimizerId};
use super::{Abort, Capabilities, Executor, Input, InputKind};
use crate::bytecode::Opcode;
use crate::debug::places::CodePlace;
use crate::exec::taken_out::Reason;
use crate::exec::{Dependency, optimize_recording};
use crate::interp::code::Code;
use crate::interp::dispatch::State;
use crate::interp::unwind;
use crate::object::layout::CodeObject;
use crate::trace::{Ending, Recorder, RecorderStart};
use crate::uop::Superblock;
use crate::value::Value;
use crate::vm::Vm;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What is known of a place that got hot while there were optimizers to choose from.
#[derive(Default)]
pub(super) struct PlaceRecord {
    /// How often it has been run, as far as that was counted.
    pub runs: u64,
    refusals: Vec<Refusal>,
}

/// An optimizer gave a place up, until it has run so often.
struct Refusal {
    optimizer: OptimizerId,
    until: u64,
}

/// Who has a hot place.
pub(crate) enum Offer {
    /// The VM's own backend.
    Own,
    /// Another optimizer; tier 1 goes on so.
    Other(State),
}

/// Who would pay most.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    /// Of the list.
    Other(usize),
    Own,
    Nobody,
}

/// A place and what it costs there.
struct Place {
    code_object: *mut CodeObject,
    code: *mut Code,
    index: u32,
    kind: Capabilities,
    n_instructions: u32,
}

impl Place {
    /// # Safety
    /// As a handler's: `s` stands at a `RESUME` or `JUMP_BACKWARD`.
    unsafe fn at(s: State) -> Place {
        // SAFETY: the caller's promise.
        unsafe {
            let (code_object, code) = ((*s.frame).code_object, (*s.frame).code);
            let index = s.ip.offset_from((*code).instructions.as_ptr()) as u32;
            let original = &(*code).original;
            let decoded = original[index as usize];
            let n_behind = original.len() as u32 - index;
            let (kind, n_instructions) = match decoded.opcode {
                Opcode::JumpBackward => (Capabilities::BACK_EDGE, index - decoded.arg + 1),
                Opcode::Resume if decoded.arg & 3 == 0 => (Capabilities::FUNCTION_ENTRY, n_behind),
                _ => (Capabilities::RESUME_AFTER_YIELD, n_behind),
            };
            Place { code_object, code, index, kind, n_instructions }
        }
    }

    fn key(&self) -> (u64, u32) {
        (self.code as u64, self.index)
    }
}

impl Vm {
    /// A place has run `runs` times more and is hot: gives it to whom it pays to give it.
    ///
    /// # Safety
    /// As a handler's: `s` stands at the place, `start` is the state behind it.
    pub(crate) unsafe fn offer(&mut self, s: State, start: State, runs: u64) -> Offer {
        // SAFETY: the caller's promise.
        let place = unsafe { Place::at(s) };
        self.jit.optimizers.places.entry(place.key()).or_default().runs += runs;
        loop {
            let Choice::Other(index) = self.choose(&place, 1.0, None) else { return Offer::Own };
            let registered = &self.jit.optimizers.all[index];
            let id = registered.id;
            if registered.input == InputKind::Superblock {
                let is_loop = place.kind == Capabilities::BACK_EDGE;
                let from = if is_loop { RecorderStart::Loop } else { RecorderStart::Entry };
                // SAFETY: the caller's promise.
                let mut recorder = unsafe { Recorder::new(start, from, place.index) };
                recorder.optimizer = Some(id);
                return Offer::Other(self.start_recording(recorder, start));
            }
            match self.have_compiled(id, Input::Place, &place) {
                // SAFETY: the place has no executor, or it would not have counted.
                Ok(executor) => unsafe {
                    self.install_for(id, executor, &place, Vec::new());
                    return Offer::Other(s);
                },
                Err(Failure::GaveUp(abort)) => self.refuse(place.key(), id, abort),
                Err(Failure::Panicked(message)) => {
                    self.raise(self.exceptions.SystemError, &message);
                    // SAFETY: the caller's promise.
                    return Offer::Other(unsafe { unwind::raise(self, s) });
                }
            }
        }
    }

    /// Who gains most at a place where an instruction costs `now`, but for this optimizer.
    fn choose(&self, place: &Place, now: f64, but: Option<OptimizerId>) -> Choice {
        let optimizers = &self.jit.optimizers;
        let Some(record) = optimizers.places.get(&place.key()) else { return Choice::Own };
        let is_refused =
            |id: OptimizerId| record.refusals.iter().any(|it| it.optimizer == id && record.runs < it.until);
        let gain = |costs: Costs| costs.gain(now, record.runs, place.n_instructions);
        let mut best = (Choice::Nobody, 0.0);
        let own = gain(own_costs(self.jit.config.mode));
        if own > best.1 {
            best = (Choice::Own, own);
        }
        for (index, registered) in optimizers.all.iter().enumerate() {
            let may = registered.capabilities.contains(place.kind) && Some(registered.id) != but;
            if may && !is_refused(registered.id) && gain(registered.costs) > best.1 {
                best = (Choice::Other(index), gain(registered.costs));
            }
        }
        best.0
    }

    /// An executor has run often: would another optimizer's pay beside it? Then it makes room.
    ///
    /// # Safety
    /// As a handler's: `s` stands at the executor.
    pub(super) unsafe fn review(&mut self, s: State, id: u32) -> bool {
        // SAFETY: the caller's promise.
        let place = unsafe { Place::at(s) };
        let Some(external) = &mut self.jit.executors[id as usize].external else { return true };
        external.review_at = external.runs.saturating_mul(2);
        let (runs, now, own) = (external.runs, external.run_cost, external.optimizer);
        self.jit.optimizers.places.entry(place.key()).or_default().runs += runs / 2;
        if self.choose(&place, now, own) == Choice::Nobody {
            return false;
        }
        self.invalidate_executor(id, &Reason::Replaced.into());
        true
    }

    fn have_compiled(
        &mut self,
        id: OptimizerId,
        input: Input<'_>,
        place: &Place,
    ) -> Result<Box<dyn Executor>, Failure> {
        self.know_code(Value::object(place.code_object));
        let Some(registered) = self.jit.optimizers.all.iter().find(|it| it.id == id) else {
            return Err(Failure::GaveUp(Abort::Invalidated));
        };
        let (optimizer, name) = (registered.optimizer.clone(), registered.name.clone());
        // SAFETY: the code object was just pinned; the VM is not changed while it is looked at.
        let (outcome, described) = unsafe {
            let code = CodeView::new(self, place.code_object);
            let at = CodeLocation { code, offset: (*place.code).byte_of(place.index as usize) as u32 };
            (catch_unwind(AssertUnwindSafe(|| optimizer.compile(input, &at))), at.describe())
        };
        match outcome {
            Ok(Ok(executor)) => Ok(executor),
            Ok(Err(abort)) => {
                self.note_abort(CodePlace { code_object: place.code_object as u64, ip: place.index }, abort);
                Err(Failure::GaveUp(abort))
            }
            Err(panic) => {
                self.take_out_optimizer(id);
                let text = panic_text(&*panic);
                Err(Failure::Panicked(format!("optimizer '{name}' panicked at {described}: {text}")))
            }
        }
    }

    /// # Safety
    /// The place is one of live code and has no executor.
    unsafe fn install_for(
        &mut self,
        id: OptimizerId,
        executor: Box<dyn Executor>,
        place: &Place,
        dependencies: Vec<Dependency>,
    ) {
        let costs = self.jit.optimizers.all.iter().find(|it| it.id == id).map(|it| it.costs);
        let Some(costs) = costs else { return };
        let external = External::new(executor.into(), Some(id), costs);
        // SAFETY: the caller's promise.
        unsafe { self.install_external((place.code, place.code_object as u64), place.index, external, dependencies) };
    }

    /// The optimizer is not asked for this place again until it has run twice as often, or, for good reason, ever.
    pub(super) fn refuse(&mut self, key: (u64, u32), optimizer: OptimizerId, abort: Abort) {
        let record = self.jit.optimizers.places.entry(key).or_default();
        let until = if abort.is_final() { u64::MAX } else { record.runs.saturating_mul(2).max(1) };
        record.refusals.retain(|refusal| refusal.optimizer != optimizer);
        record.refusals.push(Refusal { optimizer, until });
    }

    /// A recording for an optimizer ended, one way or the other.
    pub(crate) fn recorded_for(&mut self, id: OptimizerId, recorder: Recorder, outcome: Result<Ending, Abort>) {
        let (code, index) = (recorder.code, recorder.install_ip);
        let ending = match outcome {
            Ok(ending) => ending,
            Err(abort) => {
                let code_object = recorder.frames.first().map_or(0, |frame| frame.code_object);
                self.note_abort(CodePlace { code_object, ip: index }, abort);
                return self.refuse((code as u64, index), id, abort);
            }
        };
        let place = Place {
            code_object: recorder.frames[0].code_object as *mut CodeObject,
            code,
            index,
            kind: Capabilities::ALL,
            n_instructions: recorder.n_steps as u32,
        };
        for object in self.jit.kept_for(&recorder) {
            self.jit.pin_for_good(object);
        }
        let (superblock, dependencies): (Superblock, _) = optimize_recording(recorder, ending);
        match self.have_compiled(id, Input::Superblock(&superblock), &place) {
            // SAFETY: the code is pinned.
            Ok(executor) => unsafe {
                self.take_out_executor_at(code, index);
                self.install_for(id, executor, &place, dependencies);
            },
            Err(Failure::GaveUp(abort)) => self.refuse(place.key(), id, abort),
            Err(Failure::Panicked(message)) => {
                self.raise(self.exceptions.SystemError, &message);
                self.thread.sent_exception = self.take_exception();
                self.request_pending();
            }
        }
    }
}

enum Failure {
    GaveUp(Abort),
    Panicked(String),
}

pub(super) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("no message")
}
