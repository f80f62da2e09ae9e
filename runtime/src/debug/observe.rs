//! Who watches the JIT: functions of the program that are told of executors and of what was given up.
//!
//! The JIT only notes what happened; the functions are called at the next safe point of the main thread, where tier 1 stands
//! between two instructions. While nobody watches, nothing is noted.

use super::places::CodePlace;
use crate::exec::Jit;
use crate::interp::code::Code;
use crate::interp::op::Op as Instr;
use crate::trace::Abort;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use std::collections::VecDeque;

/// More is forgotten, the latest first: the main thread may not come to a safe point for long.
const MAX_WAITING: usize = 4096;

/// What happened.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// The executor of this number is in its place.
    Compiled(u32),
    Aborted(CodePlace, Abort),
}

/// The functions that are told; None: nobody is.
pub struct Observers {
    pub on_compile: Value,
    pub on_abort: Value,
    waiting: VecDeque<Event>,
    /// One is being called.
    is_telling: bool,
    /// What they are called with.
    pub show: Option<fn(&mut Vm, Event) -> PyResult>,
}

impl Default for Observers {
    fn default() -> Observers {
        Observers {
            on_compile: Value::NONE,
            on_abort: Value::NONE,
            waiting: VecDeque::new(),
            is_telling: false,
            show: None,
        }
    }
}

impl Observers {
    fn of(&self, event: Event) -> Value {
        match event {
            Event::Compiled(_) => self.on_compile,
            Event::Aborted(..) => self.on_abort,
        }
    }

    pub(crate) fn visit(&self, visit: &mut dyn FnMut(usize)) {
        [self.on_compile, self.on_abort].iter().for_each(|function| visit(function.0 as usize));
        for event in &self.waiting {
            if let Event::Aborted(place, _) = event
                && let Some(code) = place.code()
            {
                visit(code.0 as usize);
            }
        }
    }
}

/// Why a place is left alone, or waits longer than at first.
#[derive(Clone, Copy, Debug)]
pub struct Failures {
    pub n: u32,
    pub last: Abort,
}

impl Jit {
    /// The places of a code object from which recordings failed, by instruction; whether they are left alone for good.
    pub fn failures_of(&self, code: &Code) -> Vec<(u32, Failures, bool)> {
        let address = std::ptr::from_ref(code) as u64;
        let here = self.failures.iter().filter(|((owner, _), _)| *owner == address);
        // Of code that stood here before, there may be instructions that this one has not.
        let mut rows: Vec<_> = here
            .filter_map(|(&(_, ip), &failures)| {
                let op = Instr::from_number(code.instructions.get(ip as usize)?.op);
                Some((ip, failures, matches!(op, Instr::JumpBackward | Instr::Resume)))
            })
            .collect();
        rows.sort_unstable_by_key(|row| row.0);
        rows
    }
}

impl Vm {
    /// Notes what happened, if somebody wants to know.
    pub(crate) fn note_event(&mut self, event: Event) {
        let observers = &mut self.jit.observers;
        if observers.of(event).is_none() || observers.waiting.len() >= MAX_WAITING {
            return;
        }
        observers.waiting.push_back(event);
        self.request_pending();
    }

    /// Counts and notes what was given up.
    pub(crate) fn note_abort(&mut self, place: CodePlace, abort: Abort) {
        *self.jit.stats.aborts.entry(abort).or_insert(0) += 1;
        if self.jit.config.count_steps {
            let place = self.describe_place(place);
            *self.jit.stats.abort_places.entry((abort, place)).or_insert(0) += 1;
        }
        self.note_event(Event::Aborted(place, abort));
    }

    /// Calls who watches, with what is to be shown of each event. Exceptions go to `sys.unraisablehook`.
    pub(crate) fn tell_observers(&mut self) {
        let observers = &mut self.jit.observers;
        if observers.waiting.is_empty() || observers.is_telling || !self.is_main_thread() {
            return;
        }
        self.jit.observers.is_telling = true;
        let (result, exception) = (self.result, std::mem::replace(&mut self.exception, Value::UNBOUND));
        // Seen by the collector: on the native stack.
        let kept = std::hint::black_box([result, exception]);
        // What is compiled meanwhile is told of at the next safe point.
        for _ in 0..self.jit.observers.waiting.len() {
            let Some(event) = self.jit.observers.waiting.pop_front() else { break };
            let function = self.jit.observers.of(event);
            if !function.is_none() && self.tell_of_event(function, event).is_err() {
                self.write_unraisable("Exception ignored in a function that watches the JIT", function);
            }
        }
        [self.result, self.exception] = *std::hint::black_box(&kept);
        self.jit.observers.is_telling = false;
        if !self.jit.observers.waiting.is_empty() {
            self.request_pending();
        }
    }

    fn tell_of_event(&mut self, function: Value, event: Event) -> PyResult<()> {
        let Some(show) = self.jit.observers.show else { return Ok(()) };
        let event = show(self, event)?;
        self.call(function, &[event]).map(|_| ())
    }
}
