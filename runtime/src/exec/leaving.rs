//! Executors that must leave, since somebody was shown what they believe to be theirs alone.
//!
//! Compiled code keeps objects virtual until they escape, and believes that nobody else changes them. A dict of a frame's
//! locals, or a frame object, lets them escape unseen. So whoever hands one out has the executor leave behind its call, as if
//! it had been invalidated: every call that may run Python code is followed by `guard_valid` before the next instruction
//! begins. Objects that were virtual are made once: the exit that is taken uses those that were shown. Then the frames are
//! real, and frame objects go on with them.
//!
//! Between the call and the `guard_valid` there may be exits (an iterator has no next item). Those that are stitched are
//! taken apart meanwhile; a fused one leads to a `guard_valid`, in whose place the exit that led there is left by.

use super::frames::{Place, Run, Shown};
use super::rebuild::Made;
use super::{Executor, Vm};
use crate::interp::frame::Frame;
use crate::object::layout::TupleObject;
use crate::uop::{ExitIdx, Op, Superblock, Uop};
use crate::value::Value;

impl Run {
    /// Was the executor told to leave? The run ends as it does.
    #[inline]
    pub(super) fn is_leaving(&self) -> bool {
        !self.shown.get().is_null()
    }

    fn shown(&self) -> Option<&Shown> {
        // SAFETY: null or a box that `make_leave` made and `forget_shown` has not taken.
        unsafe { self.shown.get().as_ref() }
    }

    /// The frames are real.
    pub(super) fn forget_shown(&self) {
        let shown = self.shown.replace(std::ptr::null());
        if !shown.is_null() {
            // SAFETY: `make_leave` made it; nobody has it any more.
            drop(unsafe { Box::from_raw(shown.cast_mut()) });
        }
        self.objects.set(Value::UNBOUND);
    }

    /// What was shown: kind and object.
    pub(super) fn known(&self) -> Vec<(Made, Value)> {
        let Some(shown) = self.shown() else { return Vec::new() };
        let objects = self.objects.get();
        // SAFETY: a tuple, or nothing yet.
        let objects = if objects.is_unbound() { &[] } else { unsafe { (*objects.as_ptr::<TupleObject>()).items() } };
        shown.made.borrow().iter().copied().zip(objects.iter().copied()).collect()
    }

    /// Remembers what was made beside what is known; the collector sees it where it stands now.
    pub(super) fn keep(&self, vm: &mut Vm, made: &[(Made, Value)]) {
        let Some(shown) = self.shown().filter(|_| !made.is_empty()) else { return };
        let mut all = self.known();
        all.extend_from_slice(made);
        let objects: Vec<Value> = all.iter().map(|(_, object)| *object).collect();
        self.objects.set(vm.new_tuple(&objects));
        *shown.made.borrow_mut() = all.into_iter().map(|(what, _)| what).collect();
    }
}

impl Vm {
    /// Has the executor of a run, which stands at a call, leave behind it.
    pub(crate) fn make_leave(&mut self, run: &Run) {
        if run.is_leaving() {
            return;
        }
        run.shown.set(Box::into_raw(Box::default()));
        let call = run.call.get();
        // SAFETY: executors live as long as the VM.
        let executor = unsafe { &mut *call.executor.cast_mut() };
        executor.n_leaving += 1;
        if executor.n_leaving == 1 {
            executor.was_valid = executor.valid != 0;
            executor.valid = 0;
        }
        for exit in open_exits(&executor.superblock, ExitIdx(call.exit)) {
            // One that was made by hand, as the checks do it, has none.
            let is_stitched = executor.exits.get(exit.index()).is_some_and(|exit| exit.target.is_some());
            if is_stitched && !executor.parted.contains(&exit) {
                executor.parted.push(exit);
                self.patch_own_exit(executor, exit, None);
            }
        }
    }

    /// A run has come back to Rust: its executor may go on where others run it.
    pub(super) fn has_left(&mut self, run: &Run, executor: &mut Executor) {
        debug_assert!(run.is_leaving());
        executor.n_leaving -= 1;
        if executor.n_leaving > 0 {
            return;
        }
        executor.valid = u32::from(executor.was_valid);
        for exit in std::mem::take(&mut executor.parted) {
            let target = executor.exits[exit.index()].target;
            let compiled = target.and_then(|target| self.jit.executors[target as usize].compiled.as_ref());
            let entry = compiled.map(|compiled| compiled.entry);
            self.patch_own_exit(executor, exit, entry);
        }
    }

    fn patch_own_exit(&mut self, executor: &Executor, exit: ExitIdx, entry: Option<usize>) {
        if let (Some(backend), Some(compiled)) = (&mut self.jit.backend, &executor.compiled) {
            backend.patch_exit(compiled, exit, entry);
        }
    }

    /// The frames of a run were made real, the last of so many is the running one: frame objects go on with them.
    ///
    /// # Safety
    /// The running frame and its callers are those.
    pub(super) unsafe fn frames_became_real(&mut self, run: &Run, n_frames: usize) {
        let mut real: Vec<*mut Frame> = Vec::with_capacity(n_frames);
        let mut frame = self.frame;
        for _ in 0..n_frames {
            real.push(frame);
            // SAFETY: the caller's promise.
            frame = unsafe { (*frame).previous };
        }
        real.reverse();
        for live in &mut self.frame_objects {
            let Place::Inlined(of, index) = live.place else { continue };
            if !std::ptr::eq(of, run) {
                continue;
            }
            // One that has returned is over: its picture stays as it is.
            let frame = real.get(index).copied().filter(|&frame| {
                // SAFETY: a live frame.
                live.code() == unsafe { (*frame).code_object }
            });
            live.place = Place::Memory(frame.unwrap_or(std::ptr::null_mut()));
            if let Some(frame) = frame {
                // SAFETY: as above.
                unsafe { (*frame).flags |= Frame::HAS_OBJECT };
            }
        }
        self.frame_objects.retain(|live| live.place != Place::Memory(std::ptr::null_mut()));
        real.into_iter().for_each(|frame| self.set_what_was_written(frame));
    }
}

/// The exits that can be taken between a call with this exit and the next `guard_valid`, its own among them.
fn open_exits(superblock: &Superblock, call_exit: ExitIdx) -> Vec<ExitIdx> {
    let mut exits = Vec::new();
    let uops = &superblock.uops;
    for at in (0..uops.len()).filter(|&at| uops[at].exit == Some(call_exit) && uops[at].op.clobbers_heap()) {
        let rest = uops[at..].iter().take_while(|uop| uop.op != Op::GuardValid {} && !uop.op.is_terminator());
        exits.extend(rest.filter_map(|uop| uop.exit));
    }
    exits
}

/// Does the code before a guard's exit call what may run Python code, with no `guard_valid` since?
pub(super) fn follows_call(superblock: &Superblock, exit: ExitIdx) -> bool {
    let uops = &superblock.uops;
    let stops = |uop: &&Uop| {
        uop.op.clobbers_heap() || matches!(uop.op, Op::GuardValid {} | Op::SideEntry { .. } | Op::LoopStart {})
    };
    let mut guards = (0..uops.len()).filter(|&at| uops[at].exit == Some(exit));
    guards.any(|at| uops[..at].iter().rev().find(stops).is_some_and(|uop| uop.op.clobbers_heap()))
}

/// The exit whose snapshot says what an executor that was told to leave by `exit` leaves.
pub(super) fn exit_to_leave_by(superblock: &Superblock, exit: ExitIdx) -> ExitIdx {
    let uops = &superblock.uops;
    let at = uops.iter().position(|uop| uop.exit == Some(exit) && uop.op == Op::GuardValid {});
    at.and_then(|at| exit_before(uops, at)).unwrap_or(exit)
}

/// The exit that led to a side trace that begins with this `guard_valid`: an executor that was told to leave by the one leaves
/// by the other.
pub fn exit_before(uops: &[Uop], at: usize) -> Option<ExitIdx> {
    for uop in uops[..at].iter().rev() {
        match uop.op {
            Op::SideEntry { exit } => return Some(exit),
            _ if uop.op.changes_heap() || uop.op.is_terminator() => break,
            _ => {}
        }
    }
    None
}
