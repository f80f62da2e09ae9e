//! Marking codes for what watchers ask, no sooner than they run.
//!
//! ```text
//!   fresh  the instructions are marked for what is asked for now
//!   stale  that has changed since, and nobody has come to the code: each RESUME is marked, and who runs one makes the code fresh
//! ```
//!
//! Who changes what is asked for makes stale what was fresh, but for what runs at the moment. So a change costs as much as was
//! entered since the one before, however much code there is. Nothing compiled relies on code that is stale.

use super::places::places_of;
use super::{Event, EventSet, N_TOOLS, Watchers, tools_for};
use crate::bytecode::Opcode;
use crate::exec::Dependency;
use crate::exec::taken_out::Reason;
use crate::interp::code::Code;
use crate::object::layout::CodeObject;
use crate::value::Value;
use crate::vm::Vm;
use std::cell::RefCell;
use std::rc::Rc;

/// The fresh codes of a VM.
#[derive(Clone, Default)]
pub struct FreshCodes(Rc<RefCell<Vec<*mut Code>>>);

/// Where a code is among the fresh ones. It takes itself out where it ends.
pub struct Freshness {
    codes: FreshCodes,
    /// `STALE`: nowhere.
    index: usize,
}

const STALE: usize = usize::MAX;

impl FreshCodes {
    pub fn none_yet(&self) -> Freshness {
        Freshness { codes: self.clone(), index: STALE }
    }
    fn take(&self) -> Vec<*mut Code> {
        self.0.take()
    }
}

impl Freshness {
    pub fn is_stale(&self) -> bool {
        self.index == STALE
    }
    fn add(&mut self, code: *mut Code) {
        let mut codes = self.codes.0.borrow_mut();
        self.index = codes.len();
        codes.push(code);
    }
}

impl Drop for Freshness {
    fn drop(&mut self) {
        let mut codes = self.codes.0.borrow_mut();
        if self.index < codes.len() {
            codes.swap_remove(self.index);
            if let Some(&moved) = codes.get(self.index) {
                // SAFETY: fresh codes are alive: who dies takes itself out.
                unsafe { (*moved).freshness.index = self.index };
            }
        }
    }
}

impl Code {
    /// Where its frames are entered and gone on with; none in code that no compiler makes.
    fn resumes(&self) -> impl Iterator<Item = usize> + use<> {
        let at_most = if self.is_generator_like() { usize::MAX } else { 1 };
        let is_resume = |index: &usize| self.original[*index].opcode == Opcode::Resume;
        let found: Vec<usize> = (0..self.original.len()).filter(is_resume).take(at_most).collect();
        found.into_iter()
    }
}

impl Watchers {
    /// What each tool asks for in a code.
    fn wanted_in(&self, code: &Code) -> [EventSet; N_TOOLS] {
        let mut wanted = self.everywhere;
        if let Some(watch) = &code.watch {
            wanted.iter_mut().zip(&watch.here).for_each(|(set, here)| *set = set.union(*here));
        }
        wanted.map(|set| set.both(EventSet::LOCAL))
    }
    /// Is any tool told of something that happens in a code?
    pub fn is_anybody_told(&self, code: &Code) -> bool {
        !code.is_hidden() && self.wanted_in(code).iter().any(|set| !set.is_empty())
    }
}

impl Vm {
    /// A code that nobody has run yet.
    pub(crate) fn watch_new_code(&mut self, code: *mut Code) {
        // SAFETY: callers pass the code of a live object.
        let code_ref = unsafe { &mut *code };
        if !self.watchers.is_anybody_told(code_ref) {
            if !code_ref.is_hidden() {
                code_ref.freshness.add(code);
            }
        } else if !self.mark_resumes(code) {
            self.freshen(code);
        }
    }

    /// Marks a stale code's instructions for what is asked for now.
    #[inline]
    pub(crate) fn freshen(&mut self, code: *mut Code) {
        // SAFETY: callers pass the code of a live object.
        if unsafe { (*code).freshness.is_stale() } {
            self.make_fresh(code);
        }
    }

    #[cold]
    fn make_fresh(&mut self, code: *mut Code) {
        // SAFETY: as in `freshen`.
        let code_ref = unsafe { &mut *code };
        if !code_ref.is_hidden() {
            code_ref.freshness.add(code);
            self.mark(code);
        }
    }

    /// What is asked for has changed: makes stale what was fresh, and fresh what runs.
    pub(super) fn watchers_changed(&mut self) {
        for code in self.watchers.fresh.take() {
            // SAFETY: fresh codes are alive: who dies takes itself out.
            unsafe { (*code).freshness.index = STALE };
            self.invalidate_since(Dependency::Code(code as u64), Reason::Watched);
            if !self.mark_resumes(code) {
                self.freshen(code);
            }
        }
        let mut running = running_codes(&mut self.thread);
        self.threads.parked_mut().for_each(|thread| running.extend(running_codes(thread)));
        running.into_iter().for_each(|code| self.freshen(code));
    }

    /// Marks the places where a code is entered. Are there any?
    fn mark_resumes(&mut self, code: *mut Code) -> bool {
        // SAFETY: callers pass the code of a live object.
        let code = unsafe { &mut *code };
        let resumes = code.resumes();
        let n_marked = resumes.map(|index| code.instructions[index].set_watched(true)).count();
        n_marked != 0
    }

    /// What is asked for in a code alone has changed.
    pub(super) fn watch_changed(&mut self, code: *mut Code) {
        // SAFETY: callers pass the code of a live object.
        if unsafe { !(*code).freshness.is_stale() } {
            self.invalidate_since(Dependency::Code(code as u64), Reason::Watched);
            self.mark(code);
        }
    }

    /// Marks the instructions of a code that somebody is told of, and no others. Nothing compiled relies on it.
    fn mark(&mut self, code: *mut Code) {
        // SAFETY: callers pass the code of a live object.
        let code = unsafe { &mut *code };
        let wanted = self.watchers.wanted_in(code);
        let is_any = wanted.iter().any(|set| !set.is_empty());
        if code.watch.is_none() && !is_any {
            code.resumes().for_each(|index| code.instructions[index].set_watched(false));
            return;
        }
        let mut watch = code.watch.take().unwrap_or_default();
        let is_restarted = watch.n_restarts != self.watchers.n_restarts && !watch.disabled.is_empty();
        if is_restarted {
            watch.disabled.clear();
        }
        watch.n_restarts = self.watchers.n_restarts;
        if watch.places.is_empty() {
            watch.places = places_of(code);
        }
        if watch.marked_for != wanted || is_restarted {
            watch.forget_disabled(&wanted);
            watch.marked_for = wanted;
            watch.marked_for_any = wanted.iter().fold(EventSet::default(), |any, set| any.union(*set));
            watch.tools_of = std::array::from_fn(|event| tools_for(&wanted, Event::ALL[event]));
            (0..code.instructions.len()).for_each(|index| watch.mark_at(code, index));
        } else {
            code.resumes().for_each(|index| watch.mark_at(code, index));
        }
        code.watch = Some(watch);
    }

    /// Has `what` be done with every code.
    pub(super) fn each_code(&mut self, what: impl Fn(&mut Vm, *mut Code)) {
        let objects = self.heap.finalizable().iter().map(|&object| Value::object(object));
        let code_of = |object: Value| self.exactly::<CodeObject>(object).map(|code| code.code);
        let all: Vec<*mut Code> = objects.filter_map(code_of).collect();
        all.into_iter().for_each(|code| what(self, code));
    }
}

/// The codes of a thread's frames, and of what executors were recorded of that have any.
fn running_codes(thread: &mut crate::thread::Thread) -> Vec<*mut Code> {
    let mut codes = Vec::new();
    for frame in thread.frames() {
        // SAFETY: a frame keeps its code object alive, and a snapshot does.
        codes.push(unsafe { (*frame.code_object()).code });
        codes.extend(frame.recorded_codes());
    }
    codes.sort_unstable();
    codes.dedup();
    codes
}
