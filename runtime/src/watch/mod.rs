//! Who is told of what runs: the tools of `sys.monitoring`, and the functions of `sys.settrace` and `sys.setprofile`, which are
//! tools as well.
//!
//! ```text
//!   set_events, settrace ─► the watchers' sets of events ─► what was compiled of the code is thrown away, and the instructions
//!                                                           that there is something to tell of are marked: see `marks`
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
mod marks;
mod places;
mod tell;

use event::N_LOCAL_EVENTS;
pub use event::{Event, EventSet, N_EVENTS};
pub use marks::{FreshCodes, Freshness};
pub use tell::watched;

use crate::bytecode::Opcode;
use crate::exec::Dependency;
use crate::interp::code::Code;
use crate::value::Value;
use crate::vm::Vm;
use functions::N_WORDS;
use hashbrown::HashMap;
use places::{LineStart, Place, jumps_turning};

/// Tools that programs can be.
pub const N_PROGRAM_TOOLS: usize = 6;
/// The functions of `sys.setprofile` and `sys.settrace`.
pub const PROFILE: usize = N_PROGRAM_TOOLS;
pub const TRACE: usize = N_PROGRAM_TOOLS + 1;
pub const N_TOOLS: usize = N_PROGRAM_TOOLS + 2;

/// A set of tools, by their bits.
pub type Tools = u8;
const PROGRAM_TOOLS: Tools = (1 << N_PROGRAM_TOOLS) - 1;

/// Those of a VM. Unbound: a number that nobody uses, an event that calls nothing.
pub struct Watchers {
    pub names: [Value; N_PROGRAM_TOOLS],
    pub callbacks: [[Value; N_EVENTS]; N_PROGRAM_TOOLS],
    /// What callbacks return to be called no more for a place, and are given where there is no argument.
    pub disable: Value,
    pub missing: Value,
    /// What functions are told that something is, once there were any.
    pub words: [Value; N_WORDS],
    /// What each tool asks for wherever it happens.
    everywhere: [EventSet; N_TOOLS],
    /// Of all tools.
    all: EventSet,
    /// Those whose instructions are marked for that.
    pub(crate) fresh: FreshCodes,
    /// How often tools wanted to be told of everything again.
    n_restarts: u64,
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
            words: [Value::UNBOUND; N_WORDS],
            everywhere: [EventSet::default(); N_TOOLS],
            all: EventSet::default(),
            fresh: FreshCodes::default(),
            n_restarts: 0,
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
        self.names.iter().chain(self.callbacks.iter().flatten()).chain(&self.words).for_each(|&value| visit(value));
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
    /// By which, of each event that happens at instructions.
    tools_of: [Tools; N_LOCAL_EVENTS],
    /// One for each instruction, once any was marked.
    places: Box<[Place]>,
    /// Who wants to hear no more of an event at an instruction.
    disabled: HashMap<(u32, u8), Tools>,
    /// `Watchers::n_restarts` as it was marked.
    n_restarts: u64,
}

impl Watch {
    pub fn events_of(&self, tool: usize) -> EventSet {
        self.here[tool]
    }
    fn place(&self, index: usize) -> Place {
        self.places.get(index).copied().unwrap_or_default()
    }
    /// Who is told of an event at an instruction, if it happens there.
    fn tools_at(&self, index: usize, event: Event) -> Tools {
        let tools = self.tools_of.get(event.asked_for() as usize).copied().unwrap_or(0);
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
    /// Marks an instruction if anybody is told of anything there, and else not.
    fn mark_at(&mut self, code: &mut Code, index: usize) {
        let is_marked = !self.marked_for_any.is_empty() && self.wants(code, index);
        self.places[index].is_marked = is_marked;
        code.instructions[index].set_watched(is_marked);
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
        self.watchers_changed();
    }

    /// Sets what a tool is told of in a code alone.
    pub(crate) fn set_local_events(&mut self, tool: usize, code: *mut Code, events: EventSet) {
        // SAFETY: callers pass the code of a live object.
        let watch = unsafe { (*code).watch.get_or_insert_default() };
        if watch.here[tool] == events {
            return;
        }
        watch.here[tool] = events;
        self.watchers.is_any_local |= !events.is_empty();
        self.watch_changed(code);
    }

    /// Takes from a tool all that it is told of, here and everywhere.
    pub(crate) fn forget_events(&mut self, tool: usize) {
        if self.watchers.is_any_local {
            self.each_code(|vm, code| {
                // SAFETY: `each_code` gives the code of live objects.
                if unsafe { (*code).watch.is_some() } {
                    vm.set_local_events(tool, code, EventSet::default());
                }
            });
        }
        self.set_watched_events(tool, EventSet::default());
    }

    /// Has tools be told again of what they wanted to hear no more of.
    pub(crate) fn restart_events(&mut self) {
        self.watchers.n_restarts += 1;
        self.watchers_changed();
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
        again.into_iter().for_each(|index| watch.mark_at(code_ref, index));
        code_ref.watch = Some(watch);
    }
}
