//! The reifier: the frames that run, those of inlined calls among them.
//!
//! ```text
//!   vm.frame ─► tier 1's frame ─► entry frame ─► root frame of a run ─► …
//!                                                │  its executor stands at a call, by one of its exits:
//!                                                └─ inlined call ─ inlined call ─ root, as the exit's snapshot says
//! ```
//!
//! A run of executors keeps its homes on the native stack, and what runs inside of it begins with an entry frame above its
//! root frame. While compiled code calls something, `Vm::current_executor`, `Vm::exit_index` and the homes say all: compiled
//! code writes the exit before the call, and homes as it computes. Where tier 1 runs inside of such a call, the two words
//! wait in the run's record. Reading frames this way changes nothing; who is given what an executor believes to be its own
//! (locals, a frame object) makes it leave: see `leaving`.

use super::rebuild::{Made, Maker};
use super::{Dependency, Executor, LightFrame};
use crate::interp::code::Code;
use crate::interp::frame::Frame;
use crate::object::layout::{CodeObject, FunctionObject, GeneratorObject};
use crate::thread::Thread;
use crate::uop::{FrameOrigin, FrameSources, Op, Snapshot, SnapshotFrame, Source};
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use smallvec::SmallVec;
use std::cell::{Cell, RefCell};

/// One run of executors, from where tier 1 enters one to where they leave to tier 1. Lies on the native stack.
pub struct Run {
    /// No executor has more homes than `Jit::max_homes`: what is above holds old words.
    pub homes: *const u64,
    /// The run that this one is inside of.
    pub outer: *const Run,
    /// Where compiled code stands, if it has called something. Of the innermost run: see `Vm::frames`.
    pub(super) call: Cell<Call>,
    /// Not null: the executor was told to leave. A box, which who makes the frames real takes.
    pub(super) shown: Cell<*const Shown>,
    /// A tuple of the objects in it, for the collector; unbound: none.
    pub(super) objects: Cell<Value>,
}

/// What was shown of the frames of an executor that was told to leave: the objects that exist in snapshots alone, by what
/// they are.
#[derive(Default)]
pub(super) struct Shown {
    pub made: RefCell<Vec<Made>>,
}

/// A call of compiled code that has not returned.
#[derive(Clone, Copy)]
pub(super) struct Call {
    /// Null: there is none.
    pub executor: *const Executor,
    pub exit: u32,
    pub root: *mut Frame,
}

impl Call {
    pub const NONE: Call = Call { executor: std::ptr::null(), exit: 0, root: std::ptr::null_mut() };
}

impl Run {
    pub(super) fn new(homes: *const u64, outer: *const Run) -> Run {
        Run {
            homes,
            outer,
            call: Cell::new(Call::NONE),
            shown: Cell::new(std::ptr::null()),
            objects: Cell::new(Value::UNBOUND),
        }
    }

    /// The executor that stands at a call.
    ///
    /// # Safety
    /// There is such a call.
    unsafe fn executor(&self) -> &Executor {
        // SAFETY: the caller's promise; executors live as long as the VM.
        unsafe { &*self.call.get().executor }
    }

    /// # Safety
    /// As for `executor`.
    pub(super) unsafe fn snapshot(&self) -> (&Snapshot, &[FrameSources]) {
        // SAFETY: the caller's promise.
        let superblock = unsafe { &self.executor().superblock };
        let snapshot = superblock.exits[self.call.get().exit as usize].snapshot.index();
        (&superblock.snapshots[snapshot], &superblock.sources[snapshot])
    }
}

/// Which frame: where it lies, or which inlined call of which run it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Memory(*mut Frame),
    Inlined(*const Run, usize),
    Light(*const LightFrame),
}

/// A frame that runs or that waits for one that does.
#[derive(Clone, Copy)]
pub(crate) struct RunningFrame {
    /// In memory; null for an inlined call.
    frame: *mut Frame,
    /// The run whose executor has its state; null: memory has.
    run: *const Run,
    /// Among the frames of the run's snapshot.
    index: usize,
    /// Of an executable; null: it is another.
    light: *const LightFrame,
}

impl RunningFrame {
    pub fn place(&self) -> Place {
        match (self.light.is_null(), self.frame.is_null()) {
            (false, _) => Place::Light(self.light),
            (true, true) => Place::Inlined(self.run, self.index),
            (true, false) => Place::Memory(self.frame),
        }
    }

    /// The frame of an executable, if it is one.
    pub fn light(&self) -> Option<&LightFrame> {
        // SAFETY: linked frames are live; nobody keeps this longer than that.
        unsafe { self.light.as_ref() }
    }

    fn shot(&self) -> Option<(&SnapshotFrame, &FrameSources)> {
        // SAFETY: whoever made this has seen a call that has not returned; nobody keeps it longer than that.
        let (snapshot, sources) = unsafe { self.run.as_ref()?.snapshot() };
        Some((&snapshot.frames[self.index], &sources[self.index]))
    }

    pub fn code_object(&self) -> *mut CodeObject {
        if let Some(light) = self.light() {
            return light.code_object();
        }
        match self.shot() {
            Some((shot, _)) => shot.code as *mut CodeObject,
            // SAFETY: linked frames are live.
            None => unsafe { (*self.frame).code_object },
        }
    }

    /// The codes that the executor was recorded of that has the frame.
    pub fn recorded_codes(&self) -> impl Iterator<Item = *mut Code> + use<> {
        // SAFETY: as in `shot`.
        let executor = unsafe { self.run.as_ref().map(|run| run.executor()) };
        let code_of = |dependency: &Dependency| match dependency {
            Dependency::Code(code) => Some(*code as *mut Code),
            _ => None,
        };
        let codes: Vec<*mut Code> =
            executor.map_or_else(Vec::new, |executor| executor.dependencies.iter().filter_map(code_of).collect());
        codes.into_iter()
    }

    fn is_hidden(&self) -> bool {
        // SAFETY: a frame keeps its code object alive, and a snapshot does.
        unsafe { (*(*self.code_object()).code).is_hidden() }
    }

    /// Index of the instruction that it stands at.
    pub fn instruction(&self) -> usize {
        if let Some(light) = self.light() {
            return light.instruction();
        }
        match self.shot() {
            Some((shot, _)) => shot.ip as usize,
            // SAFETY: linked frames are live.
            None => unsafe { Frame::instruction_index(self.frame) },
        }
    }

    pub fn globals(&self) -> Value {
        self.namespaces()[0]
    }

    pub fn builtins(&self) -> Value {
        self.namespaces()[1]
    }

    fn namespaces(&self) -> [Value; 2] {
        if let Some(light) = self.light() {
            return light.namespaces();
        }
        // SAFETY: linked frames are live.
        if let Some(frame) = unsafe { self.memory() } {
            return [frame.globals, frame.builtins];
        }
        // SAFETY: as in `shot`.
        let run = unsafe { &*self.run };
        match self.shot().and_then(|(_, sources)| sources.origin.as_ref()) {
            Some(Source::Alloc(sunk)) if matches!(sunk.op, Op::NewFunction { .. }) => {
                [run.word(&sunk.inputs[0]), run.word(&sunk.inputs[1])]
            }
            Some(source) => {
                // SAFETY: the origin of an inlined call is its function.
                let function = unsafe { &*run.word(source).as_ptr::<FunctionObject>() };
                [function.globals, function.builtins]
            }
            None => [Value::UNBOUND; 2],
        }
    }

    /// The mapping of a module's or class's names; unbound in functions.
    pub fn mapping(&self) -> Value {
        // SAFETY: linked frames are live.
        unsafe { self.memory() }.map_or(Value::UNBOUND, |frame| frame.locals)
    }

    /// The frame's header, if it has one.
    ///
    /// # Safety
    /// As long as nothing runs.
    unsafe fn memory(&self) -> Option<&Frame> {
        // SAFETY: linked frames are live.
        unsafe { self.frame.as_ref() }
    }

    /// The generator that owns it, or null.
    pub fn generator(&self) -> *mut GeneratorObject {
        // SAFETY: linked frames are live.
        unsafe { self.memory() }.map_or(std::ptr::null_mut(), |frame| frame.generator)
    }

    /// An executor has its state.
    pub fn run(&self) -> Option<&Run> {
        // SAFETY: as in `shot`.
        unsafe { self.run.as_ref() }
    }
}

impl Run {
    /// The boxed word of a source that is not virtual.
    fn word(&self, source: &Source) -> Value {
        match source {
            Source::Const(bits) => Value(*bits),
            // SAFETY: a source's home is one of the executor's.
            Source::Home(home, _) => Value(unsafe { *self.homes.add(*home as usize) }),
            Source::Alloc(_) => unreachable!("functions, globals and builtins are no allocations"),
        }
    }
}

/// The frames that run, the innermost first.
pub(crate) struct Frames {
    frame: *mut Frame,
    light: *const LightFrame,
    run: *const Run,
    /// Inlined frames of `run` that are still to come, its root among them.
    n_inlined: Option<usize>,
}

impl Iterator for Frames {
    type Item = RunningFrame;

    fn next(&mut self) -> Option<RunningFrame> {
        // SAFETY: linked frames and runs are live; those of calls are in the order of the frames.
        unsafe {
            // What began in a frame is above whatever an executor has of it: that stands at the call.
            if let Some(light) =
                self.light.as_ref().filter(|light| light.below == self.frame && self.n_inlined.is_none())
            {
                let found = RunningFrame { frame: std::ptr::null_mut(), run: std::ptr::null(), index: 0, light };
                self.light = light.outer;
                return Some(found);
            }
            while let Some(run) = self.run.as_ref().filter(|run| run.call.get().executor.is_null()) {
                self.run = run.outer;
            }
            let frame = self.frame.as_ref()?;
            let Some(run) = self.run.as_ref().filter(|run| run.call.get().root == self.frame) else {
                let found =
                    RunningFrame { frame: self.frame, run: std::ptr::null(), index: 0, light: std::ptr::null() };
                self.frame = frame.previous;
                return Some(found);
            };
            let n_inlined = self.n_inlined.unwrap_or_else(|| run.snapshot().0.frames.len());
            let index = n_inlined - 1;
            let found = RunningFrame { frame: run.memory_of(index), run, index, light: std::ptr::null() };
            self.n_inlined = Some(index);
            if index == 0 {
                (self.frame, self.run, self.n_inlined) = (frame.previous, run.outer, None);
            }
            Some(found)
        }
    }
}

impl Run {
    /// Where the snapshot's frame lies: the root's and generators' do somewhere.
    ///
    /// # Safety
    /// As for `executor`.
    unsafe fn memory_of(&self, index: usize) -> *mut Frame {
        // SAFETY: the caller's promise; the origin of a resumed frame is a generator, which is not virtual: memory was told
        // that it is running.
        unsafe {
            let (snapshot, sources) = self.snapshot();
            match (snapshot.frames[index].origin, &sources[index].origin) {
                (FrameOrigin::Root, _) => self.call.get().root,
                (FrameOrigin::Resume { .. }, Some(source)) => {
                    &raw mut (*self.word(source).as_ptr::<GeneratorObject>()).frame
                }
                _ => std::ptr::null_mut(),
            }
        }
    }
}

/// The slots of a frame: locals and cells.
type Slots = SmallVec<[Value; 24]>;

impl Thread {
    /// The frames that run, the innermost first. To be used before anything else runs.
    pub(crate) fn frames(&mut self) -> Frames {
        if self.current_executor != 0 {
            self.note_call(self.frame);
        }
        Frames { frame: self.frame, light: self.light, run: self.runs, n_inlined: None }
    }

    /// Those that Python code can see.
    pub(crate) fn visible_frames(&mut self) -> impl Iterator<Item = RunningFrame> + use<> {
        self.frames().filter(|frame| !frame.is_hidden())
    }

    /// The innermost one of these.
    pub(crate) fn running_frame(&mut self) -> Option<RunningFrame> {
        self.visible_frames().next()
    }

    /// Compiled code, rooted in `root`, has called something: notes where, for as long as tier 1 or other executors run.
    pub(crate) fn note_call(&mut self, root: *mut Frame) {
        let executor = self.current_executor as *const Executor;
        // SAFETY: compiled code runs in a run, which is the innermost one.
        unsafe { (*self.runs).call.set(Call { executor, exit: self.exit_index, root }) };
    }
}

impl Vm {
    /// What ran inside of a call from this run's compiled code is gone, by a panic.
    pub(crate) fn back_in_run(&mut self, run: *const Run) {
        if self.runs == run && self.current_executor != 0 {
            return;
        }
        self.runs = run;
        // SAFETY: the run is under way; something ran inside of its call, which was noted then.
        if let Some(run) = unsafe { run.as_ref() } {
            let call = run.call.get();
            (self.current_executor, self.exit_index) = (call.executor as u64, call.exit);
        }
    }

    /// The mapping of a module or class body, or a dict of a running frame's locals. An executor that has them leaves.
    pub(crate) fn running_locals(&mut self, frame: RunningFrame) -> PyResult {
        let mapping = frame.mapping();
        if !mapping.is_unbound() {
            return Ok(mapping);
        }
        let slots = self.running_slots(frame);
        let locals = self.locals_dict(frame.code_object(), &slots)?;
        self.add_what_is_beside(&frame, locals)?;
        Ok(locals)
    }

    /// Locals and cells of a running frame. An executor that has them leaves.
    pub(crate) fn running_slots(&mut self, frame: RunningFrame) -> Slots {
        // SAFETY: a frame or a snapshot keeps the code object alive.
        let n_slots = unsafe { (*(*frame.code_object()).code).n_localsplus };
        let mut slots: Slots = SmallVec::from_elem(Value::UNBOUND, n_slots);
        if let Some(light) = frame.light() {
            light.reify().fill(&mut slots);
        }
        if !frame.frame.is_null() {
            // SAFETY: a live frame of this code.
            (0..n_slots).for_each(|slot| slots[slot] = unsafe { *Frame::slot(frame.frame, slot) });
        }
        // SAFETY: as in `RunningFrame::shot`.
        if let Some(run) = unsafe { frame.run.as_ref() } {
            self.make_leave(run);
            self.overlay(run, frame.index, &mut slots);
        }
        slots
    }

    /// Writes what the executor has in a frame's slots.
    fn overlay(&mut self, run: &Run, index: usize, slots: &mut Slots) {
        // SAFETY: the run stands at a call.
        let (snapshot, sources) = unsafe { run.snapshot() };
        // SAFETY: as above.
        let n_homes = unsafe { run.executor() }.superblock.n_homes as usize;
        let base = self.data_top;
        let mut maker = Maker::new(self, run.homes, n_homes, run.known());
        let values = maker.values(sources);
        let made = maker.into_made();
        run.keep(self, &made);
        self.data_top = base;
        let start: usize = snapshot.frames[..index].iter().map(|frame| 1 + frame.slots.len()).sum();
        let shot = &snapshot.frames[index];
        for ((slot, _), value) in shot.slots.iter().zip(&values[start + 1..]) {
            if let Some(local) = slots.get_mut(*slot as usize) {
                *local = *value;
            }
        }
    }
}
