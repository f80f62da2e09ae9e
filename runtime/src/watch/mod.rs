//! Who is told of what runs: the tools of `sys.monitoring`, and the functions of `sys.settrace` and `sys.setprofile`, which are
//! tools as well.
//!
//! ```text
//!   set_events, settrace ─► the watchers' sets of events ─► each code's instructions that there is something to tell of
//!                                                           are marked, and what was compiled of the code is thrown away
//!   a marked instruction ─► `tell::watched` ─► callbacks; then the instruction itself
//!   DISABLE              ─► the mark is taken off again once nobody is left to be told
//! ```
//!
//! A mark is a number added to the instruction's own, so that dispatch finds another handler. What has no mark costs nothing, and
//! is recorded and compiled as ever; a recording ends where it comes to a mark. Exceptions are no instructions: whoever unwinds
//! asks the watchers, and traces that unwind rely on that nobody listens.

mod event;
mod exceptions;
mod functions;
mod jump;
mod places;
mod tell;

pub use event::{Event, EventSet, N_EVENTS};
pub use tell::watched;

use crate::bytecode::Opcode;
use crate::exec::Dependency;
use crate::interp::code::Code;
use crate::object::layout::CodeObject;
use crate::value::Value;
use crate::vm::Vm;
use hashbrown::HashMap;
use places::{LineStart, Place, jumps_turning, places_of};

/// Tools that programs can be.
pub const N_PROGRAM_TOOLS: usize = 6;
/// The functions of `sys.setprofile` and `sys.settrace`.
pub const PROFILE: usize = N_PROGRAM_TOOLS;
pub const TRACE: usize = N_PROGRAM_TOOLS + 1;
pub const N_TOOLS: usize = N_PROGRAM_TOOLS + 2;

/// A set of tools, by their bits.
pub type Tools = u8;

/// Those of a VM. Unbound: a number that nobody uses, an event that calls nothing.
pub struct Watchers {
    pub names: [Value; N_PROGRAM_TOOLS],
    pub callbacks: [[Value; N_EVENTS]; N_PROGRAM_TOOLS],
    /// What callbacks return to be called no more for a place, and are given where there is no argument.
    pub disable: Value,
    pub missing: Value,
    /// What each tool asks for wherever it happens.
    everywhere: [EventSet; N_TOOLS],
    /// Of all tools.
    all: EventSet,
    /// Some code has events of its own.
    is_any_local: bool,
    /// Coroutines of a thread keep where they were made, or once did.
    pub keeps_origins: bool,
}

impl Default for Watchers {
    fn default() -> Watchers {
        Watchers {
            names: [Value::UNBOUND; N_PROGRAM_TOOLS],
            callbacks: [[Value::UNBOUND; N_EVENTS]; N_PROGRAM_TOOLS],
            disable: Value::UNBOUND,
            missing: Value::UNBOUND,
            everywhere: [EventSet::default(); N_TOOLS],
            all: EventSet::default(),
            is_any_local: false,
            keeps_origins: false,
        }
    }
}

impl Watchers {
    #[inline(always)]
    pub fn tell_of_exceptions(&self) -> bool {
        !self.all.both(EventSet::EXCEPTIONAL).is_empty()
    }
    #[inline(always)]
    pub fn tell_of_anything(&self) -> bool {
        !self.all.is_empty() || self.is_any_local
    }
    pub fn events_of(&self, tool: usize) -> EventSet {
        self.everywhere[tool]
    }
    /// Who asks for an event wherever it happens.
    pub fn tools_for(&self, event: Event) -> Tools {
        tools_for(&self.everywhere, event)
    }
    pub fn visit_roots(&self, visit: &mut dyn FnMut(Value)) {
        self.names.iter().chain(self.callbacks.iter().flatten()).for_each(|&value| visit(value));
        visit(self.disable);
        visit(self.missing);
    }
}

fn tools_for(sets: &[EventSet; N_TOOLS], event: Event) -> Tools {
    let asks = |tool: &usize| sets[*tool].has(event.asked_for());
    (0..N_TOOLS).filter(asks).fold(0, |tools, tool| tools | 1 << tool)
}

/// Who is told of what in a code.
#[derive(Default)]
pub struct Watch {
    /// What each tool asks for in this code alone.
    here: [EventSet; N_TOOLS],
    /// What the instructions are marked for.
    marked_for: [EventSet; N_TOOLS],
    /// By any of the tools.
    marked_for_any: EventSet,
    /// One for each instruction, once any was marked.
    places: Box<[Place]>,
    /// Who wants to hear no more of an event at an instruction.
    disabled: HashMap<(u32, u8), Tools>,
}

impl Watch {
    pub fn events_of(&self, tool: usize) -> EventSet {
        self.here[tool]
    }
    /// Is any tool told of something that happens here?
    pub fn is_anybody_told(&self) -> bool {
        !self.marked_for_any.is_empty()
    }
    fn place(&self, index: usize) -> Place {
        self.places.get(index).copied().unwrap_or_default()
    }
    /// Who is told of an event at an instruction, if it happens there.
    fn tools_at(&self, index: usize, event: Event) -> Tools {
        let tools = tools_for(&self.marked_for, event);
        if tools == 0 || self.disabled.is_empty() {
            return tools;
        }
        tools & !self.disabled.get(&(index as u32, event.asked_for() as u8)).copied().unwrap_or(0)
    }
    /// What a tool asks for that it has not asked for before, it is told of everywhere.
    fn forget_disabled(&mut self, wanted: &[EventSet; N_TOOLS]) {
        let marked_for = self.marked_for;
        let is_new = |tool: usize, event: u8| (wanted[tool].0 & !marked_for[tool].0) & 1 << event != 0;
        self.disabled.retain(|&(_, event), tools| {
            *tools = (0..N_TOOLS).filter(|&tool| is_new(tool, event)).fold(*tools, |tools, tool| tools & !(1 << tool));
            *tools != 0
        });
    }
    /// Is anybody told of anything at an instruction?
    fn wants(&self, code: &Code, index: usize) -> bool {
        let place = self.places[index];
        let Some(decoded) = code.original.get(index).filter(|_| place.is_traceable) else { return false };
        let is_told = |index: usize, event: Event| {
            self.marked_for_any.has(event) && (self.disabled.is_empty() || self.tools_at(index, event) != 0)
        };
        place.event.is_some_and(|event| is_told(index, event))
            || place.is_instruction && is_told(index, Event::Instruction)
            || place.line != LineStart::No && is_told(index, Event::Line)
            || place.turns && is_told(decoded.arg as usize, Event::Line)
            || self.passes_over(code, index).is_some_and(|other| self.wants(code, other))
    }
    /// The instruction that this one passes over where it goes on, and that is told of where nothing else is.
    fn passes_over(&self, code: &Code, index: usize) -> Option<usize> {
        let decoded = code.original[index];
        match decoded.opcode {
            Opcode::PopJumpIfFalse | Opcode::PopJumpIfTrue | Opcode::PopJumpIfNone | Opcode::PopJumpIfNotNone => {
                code.original.get(index + 1).filter(|next| next.opcode == Opcode::NotTaken).map(|_| index + 1)
            }
            Opcode::ForIter => {
                let end = decoded.arg as usize;
                code.original.get(end).filter(|end| end.opcode == Opcode::EndFor).map(|_| end)
            }
            _ => None,
        }
    }
}

impl Vm {
    /// Sets what a tool is told of wherever it happens.
    pub(crate) fn set_watched_events(&mut self, tool: usize, events: EventSet) {
        if self.watchers.everywhere[tool] == events {
            return;
        }
        let told_of_exceptions = self.watchers.tell_of_exceptions();
        self.watchers.everywhere[tool] = events;
        self.watchers.all = self.watchers.everywhere.iter().fold(EventSet::default(), |all, set| all.union(*set));
        if self.watchers.tell_of_exceptions() && !told_of_exceptions {
            self.invalidate(Dependency::Exceptions);
        }
        self.each_code(|vm, code| vm.mark(code, false));
    }

    /// Sets what a tool is told of in a code alone.
    pub(crate) fn set_local_events(&mut self, tool: usize, code: *mut Code, events: EventSet) {
        // SAFETY: callers pass the code of a live object.
        let watch = unsafe { (*code).watch.get_or_insert_default() };
        watch.here[tool] = events;
        self.watchers.is_any_local |= !events.is_empty();
        self.mark(code, false);
    }

    /// Takes from a tool all that it is told of, here and everywhere.
    pub(crate) fn forget_events(&mut self, tool: usize) {
        self.each_code(|vm, code| {
            // SAFETY: `each_code` gives the code of live objects.
            if let Some(watch) = unsafe { &mut (*code).watch }
                && !watch.here[tool].is_empty()
            {
                watch.here[tool] = EventSet::default();
                vm.mark(code, false);
            }
        });
        self.set_watched_events(tool, EventSet::default());
    }

    /// Has tools be told again of what they wanted to hear no more of.
    pub(crate) fn restart_events(&mut self) {
        self.each_code(|vm, code| {
            // SAFETY: `each_code` gives the code of live objects.
            if let Some(watch) = unsafe { &mut (*code).watch }
                && !watch.disabled.is_empty()
            {
                watch.disabled.clear();
                vm.mark(code, true);
            }
        });
    }

    /// A code that nobody has run yet.
    #[inline]
    pub(crate) fn watch_new_code(&mut self, code: *mut Code) {
        if !self.watchers.all.is_empty() {
            self.mark(code, false);
        }
    }

    fn each_code(&mut self, what: impl Fn(&mut Vm, *mut Code)) {
        let objects = self.heap.finalizable().iter().map(|&object| Value::object(object));
        let code_of = |object: Value| self.exactly::<CodeObject>(object).map(|code| code.code);
        let all: Vec<*mut Code> = objects.filter_map(code_of).collect();
        all.into_iter().for_each(|code| what(self, code));
    }

    /// Marks the instructions of a code that somebody is told of, and no others.
    fn mark(&mut self, code: *mut Code, is_forced: bool) {
        // SAFETY: callers pass the code of a live object.
        let code_ref = unsafe { &mut *code };
        if code_ref.is_hidden() {
            return;
        }
        let mut wanted = self.watchers.everywhere;
        if let Some(watch) = &code_ref.watch {
            wanted.iter_mut().zip(&watch.here).for_each(|(set, here)| *set = set.union(*here));
        }
        wanted.iter_mut().for_each(|set| *set = set.both(EventSet::LOCAL));
        let is_any = wanted.iter().any(|set| !set.is_empty());
        if code_ref.watch.is_none() && !is_any {
            return;
        }
        let mut watch = code_ref.watch.take().unwrap_or_default();
        if watch.marked_for != wanted || is_forced {
            watch.forget_disabled(&wanted);
            watch.marked_for = wanted;
            watch.marked_for_any = wanted.iter().fold(EventSet::default(), |any, set| any.union(*set));
            if watch.places.is_empty() {
                watch.places = places_of(code_ref);
            }
            self.invalidate(Dependency::Code(code as u64));
            for index in 0..code_ref.instructions.len() {
                let is_marked = is_any && watch.wants(code_ref, index);
                watch.places[index].is_marked = is_marked;
                code_ref.instructions[index].set_watched(is_marked);
            }
        }
        code_ref.watch = Some(watch);
    }

    /// A tool wants to hear no more of an event at an instruction.
    fn disable(&mut self, code: *mut Code, index: usize, event: Event, tool: usize) {
        // SAFETY: callers pass the code of a live object.
        let code_ref = unsafe { &mut *code };
        let Some(mut watch) = code_ref.watch.take() else { return };
        *watch.disabled.entry((index as u32, event as u8)).or_insert(0) |= 1 << tool;
        let mut again = vec![index];
        if event == Event::Line && watch.places[index].is_turned {
            again.extend(jumps_turning(&code_ref.original, &watch.places, index));
        }
        again.extend((index > 0).then(|| index - 1));
        if code_ref.original[index].opcode == Opcode::EndFor {
            again.extend(
                code_ref
                    .original
                    .iter()
                    .position(|decoded| decoded.opcode == Opcode::ForIter && decoded.arg as usize == index),
            );
        }
        for index in again {
            let is_marked = watch.wants(code_ref, index);
            watch.places[index].is_marked = is_marked;
            code_ref.instructions[index].set_watched(is_marked);
        }
        code_ref.watch = Some(watch);
    }
}
