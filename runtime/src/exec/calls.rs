//! Frames that executors push and pop, and the places that they return to.
//!
//! ```text
//!   A: … guard_frames, store_frame …, push_frame, jump_executor B      B: … finish_return
//!                                                                           │ pops, and looks at the caller's instruction:
//!   C, rooted in A's frame behind the call ◄── return point of the CALL ────┘ its executor, or else tier 1, counted
//! ```
//!
//! A call of ever other functions has its operands in the frame (`leave_at_call`). Where the callee's code is known (`call_entry`),
//! its frame is pushed and its code jumped to; else tier 1 does the call, and what goes on is the executor that the callee
//! starts with.
//!
//! An instruction that calls keeps its return point in its first cache word. All who return to that place share what was
//! compiled for it. Nothing of this grows the native stack.

use super::rebuild::new_frame;
use super::{Executor, ExecutorKind};
use crate::backend::Status;
use crate::backend::uops::FrameCall;
use crate::interp::code::Instruction;
use crate::interp::dispatch::State;
use crate::interp::frame::Frame;
use crate::interp::handlers::calls::{pop_plain, push_python};
use crate::interp::op::{HANDLERS, Op as Instr};
use crate::object::layout::{BoundMethod, CodeObject, FunctionObject};
use crate::object::types::BuiltinType;
use crate::trace::{Abort, Recorder, RecorderStart};
use crate::value::Value;
use crate::vm::Vm;
use std::sync::atomic::Ordering;

/// Where a call goes on when it has returned. Lives as long as the VM; the instruction points to it.
#[repr(C)]
pub struct ReturnPoint {
    /// The code of the executor, if it is compiled; compiled code jumps there.
    pub entry: usize,
    pub executor: Option<u32>,
    /// Times that executors returned here since the last attempt to record.
    hotness: u32,
    /// How often that is before the next one; `u32::MAX`: never again.
    threshold: u32,
    /// Its executor is being compiled.
    pub(super) is_in_work: bool,
}

impl Vm {
    /// Is there room for so many frames of so many words in all?
    pub(crate) fn has_frames(&self, frames: u16, words: u32) -> bool {
        self.data_top.wrapping_add(words as usize) <= self.data_end
            && self.depth + u32::from(frames) <= self.recursion_limit
    }

    /// Does what `push_frame` says.
    ///
    /// # Safety
    /// `caller` is the running frame; `has_frames` holds; the call's addresses are those of live code, and `values` a
    /// function with its code object, globals and builtins, and as many values as its locals and stack hold.
    pub(crate) unsafe fn push_frame_of_call(
        &mut self,
        caller: *mut Frame,
        call: &FrameCall,
        values: &[Value],
    ) -> *mut Frame {
        let &[function, code_object, globals, builtins, ref slots @ ..] = values else {
            unreachable!("the row asks for these")
        };
        // SAFETY: the caller's promise.
        unsafe {
            (*caller).ip = call.call as *mut Instruction;
            (*caller).sp = Frame::slot(caller, call.live as usize);
            let frame = self.data_top.cast::<Frame>();
            frame.write(Frame {
                function,
                globals,
                builtins,
                ip: call.start as *mut Instruction,
                ..new_frame(caller, code_object.as_ptr(), call.kind)
            });
            std::ptr::copy_nonoverlapping(slots.as_ptr(), Frame::slot(frame, 0), slots.len());
            self.data_top = self.data_top.add(call.words as usize);
            self.depth += 1;
            self.frame = frame;
            frame
        }
    }

    /// Returns from a frame as tier 1 does, unless Rust waits for it. The caller stands at its call still.
    ///
    /// # Safety
    /// `frame` is the running frame and no generator's.
    pub(crate) unsafe fn return_to_caller(&mut self, frame: *mut Frame, value: Value) -> bool {
        // SAFETY: the caller's promise.
        unsafe {
            match (*frame).flags {
                0 => *(*(*frame).previous).sp = value,
                Frame::INIT if value.is_none() => {}
                _ => return false,
            }
            pop_plain(self, frame);
            true
        }
    }

    /// The return point of an instruction that calls.
    ///
    /// # Safety
    /// `call` is such an instruction of live code.
    pub(super) unsafe fn return_point(&mut self, call: *mut Instruction) -> &mut ReturnPoint {
        let threshold = self.jit.config.exit_threshold;
        // SAFETY: the caller's promise: nothing else writes this word of such an instruction.
        unsafe {
            if (*call).cache[0] == 0 {
                let point =
                    Box::new(ReturnPoint { entry: 0, executor: None, hotness: 0, threshold, is_in_work: false });
                self.jit.return_points.push(point);
                let point = self.jit.return_points.last().expect("just pushed");
                (*call).cache[0] = &raw const **point as u64;
            }
            &mut *((*call).cache[0] as *mut ReturnPoint)
        }
    }

    /// Makes an executor known to the call that it goes on behind.
    pub(super) fn install_return(&mut self, id: u32) {
        let executor = &self.jit.executors[id as usize];
        let entry = executor.compiled.as_ref().map_or(0, |compiled| compiled.entry);
        // SAFETY: executors' code is pinned.
        unsafe {
            let call = (*executor.code).instructions.as_mut_ptr().add(executor.install_ip as usize);
            let point = self.return_point(call);
            (point.executor, point.entry, point.is_in_work, point.hotness) = (Some(id), entry, false, 0);
        }
        self.jit.stats.returns += 1;
    }

    /// Nobody returns to the executor any more.
    pub(super) fn uninstall_return(&mut self, id: u32) {
        for point in self.jit.return_points.iter_mut().filter(|point| point.executor == Some(id)) {
            (point.executor, point.entry) = (None, 0);
        }
    }

    /// Has who returns to a call come to tier 1, until it is shown again: gives its number and its code, if it has any.
    ///
    /// # Safety
    /// An instruction of live code.
    pub(crate) unsafe fn hide_return(&mut self, call: *mut Instruction) -> Option<(usize, usize)> {
        // SAFETY: the caller's promise; of another kind of instruction, the word is no return point's address.
        let address = unsafe { (*call).cache[0] };
        let is_it = |point: &ReturnPoint| std::ptr::from_ref(point) as u64 == address && point.entry != 0;
        let number = self.jit.return_points.iter().position(|point| is_it(point))?;
        let entry = std::mem::take(&mut self.jit.return_points[number].entry);
        Some((number, entry))
    }

    /// The opposite of `hide_return`, unless the code has changed meanwhile.
    pub(crate) fn show_return(&mut self, number: usize, entry: usize) {
        let point = &self.jit.return_points[number];
        let active = point.executor.map(|id| &self.jit.executors[id as usize]);
        let is_there = active.and_then(|it| it.compiled.as_ref()).is_some_and(|compiled| compiled.entry == entry);
        if is_there {
            self.jit.return_points[number].entry = entry;
        }
    }

    /// Does what `leave_at_call` says.
    ///
    /// # Safety
    /// The call is an instruction of the running frame's code, which has so many slots.
    pub(super) unsafe fn stand_at_call(&mut self, call: u64, top: u16) -> Status {
        // SAFETY: the caller's promise.
        unsafe {
            (*self.frame).ip = call as *mut Instruction;
            (*self.frame).sp = Frame::slot(self.frame, top.into());
        }
        Status::Call
    }

    /// Does the call that the running frame stands at if the callee's code is known, and gives that code, or else 0.
    ///
    /// # Safety
    /// The running frame, which is up to date, stands at a call, with its operands on its stack.
    pub(super) unsafe fn enter_callee(&mut self) -> usize {
        // SAFETY: the caller's promise; `push_python` is given what it wants.
        unsafe {
            let frame = self.frame;
            let state = State { ip: (*frame).ip, sp: (*frame).sp, frame };
            if Instr::from_number((*state.ip).op) != Instr::Call || self.pending.load(Ordering::Relaxed) != 0 {
                return 0;
            }
            let base = state.sp.sub(state.arg() + 2);
            if self.is_exact(*base, BuiltinType::BoundMethod) && (*base.add(1)).is_unbound() {
                // As tier 1's call does it.
                let method = &*(*base).as_ptr::<BoundMethod>();
                let (function, owner) = (method.function, method.owner);
                (*base, *base.add(1)) = (function, owner);
            }
            let n_bound = usize::from(!(*base.add(1)).is_unbound());
            let (args, n_args) = (base.add(2 - n_bound), state.arg() + n_bound);
            if !self.is_exact(*base, BuiltinType::Function) {
                return 0;
            }
            let function = (*base).as_ptr::<FunctionObject>();
            let code = (*(*function).code.as_ptr::<CodeObject>()).code;
            let words = (Frame::WORDS + (*code).frame_slots()) as u32;
            if (*code).call_entry == 0 || (*code).simple_arity as usize != n_args || !self.has_frames(1, words) {
                return 0;
            }
            push_python(self, state, function, code, base, args, n_args, 0);
            (*code).call_entry
        }
    }

    /// An executor was installed, or another one runs for it now: calls of its function go there.
    pub(super) fn set_call_entry(&mut self, id: u32) {
        let Executor { kind, code, install_ip, .. } = *self.jit.executors[id as usize];
        // Where something comes before the executor's start (a cell is made), calls are tier 1's.
        if kind != ExecutorKind::Entry || install_ip != 0 {
            return;
        }
        // SAFETY: executors' code is pinned.
        unsafe {
            let start = &(&(*code).instructions)[0];
            debug_assert_eq!((start.op(), start.cache[0]), (Instr::EnterExecutor, id.into()), "it is installed");
            let active = &self.jit.executors[self.jit.active(id) as usize];
            (*code).call_entry = active.compiled.as_ref().map_or(0, |compiled| compiled.entry);
        }
    }

    /// Has tier 1 do the call that a frame stands at: gives the executor to go on in, that of the function that was called or
    /// that behind the call, or else tier 1's state.
    ///
    /// # Safety
    /// The state is that of the running frame, which stands at a call.
    pub(super) unsafe fn call_and_go_on(&mut self, state: State) -> Result<u32, State> {
        // SAFETY: the caller's promise; handlers keep the state true.
        unsafe {
            let op = |state: &State| Instr::from_number((*state.ip).op);
            let step = |vm: &mut Vm, state: State| HANDLERS[(*state.ip).op as usize](vm, state);
            let State { ip: call, frame: caller, .. } = state;
            if op(&state) != Instr::Call {
                return Err(state);
            }
            let mut next = step(self, state);
            if next.frame == caller && next.ip == call.add(1) {
                // It has returned already.
                ((*caller).ip, (*caller).sp) = (call, next.sp.sub(1));
                return self.go_on_in_caller();
            }
            if next.frame.is_null() || next.frame == caller || (*next.frame).previous != caller {
                return Err(next);
            }
            while matches!(op(&next), Instr::CopyFreeVars | Instr::MakeCell) {
                next = step(self, next);
            }
            if op(&next) != Instr::EnterExecutor
                || self.jit.is_external(next.ip)
                || self.pending.load(Ordering::Relaxed) != 0
            {
                return Err(next);
            }
            next.save();
            Ok(self.jit.active((*next.ip).cache[0] as u32))
        }
    }

    /// An executor's frame has returned, and no code is known for where: the executor to go on in, or else tier 1's
    /// state there, perhaps recording.
    ///
    /// # Safety
    /// The running frame stands at its call, whose result is on its stack.
    pub(super) unsafe fn go_on_in_caller(&mut self) -> Result<u32, State> {
        // SAFETY: the caller's promise.
        unsafe {
            let frame = self.frame;
            let call = (*frame).ip;
            let state = State { ip: call.add(1), sp: (*frame).sp.add(1), frame };
            if self.jit.recording {
                // Who records waits there.
                return Err(state);
            }
            let can_record = !self.jit.is_busy();
            let point = self.return_point(call);
            if let Some(executor) = point.executor {
                return if self.pending.load(Ordering::Relaxed) == 0 {
                    Ok(self.jit.active(executor))
                } else {
                    Err(state)
                };
            }
            point.hotness = point.hotness.saturating_add(1);
            if point.hotness < point.threshold || point.is_in_work || !can_record {
                return Err(state);
            }
            point.hotness = 0;
            let install_ip = Frame::instruction_index(frame) as u32;
            let recorder = Recorder::new(state, RecorderStart::Return, install_ip);
            Err(self.start_recording(recorder, state))
        }
    }
}

impl ReturnPoint {
    /// A recording from here was given up: it waits longer, or for good.
    pub(super) fn back_off(&mut self, abort: Abort) {
        self.is_in_work = false;
        self.threshold = match abort {
            _ if abort.is_passing() => self.threshold,
            _ if abort.is_final() || self.threshold > 1 << 14 => u32::MAX,
            _ => self.threshold.max(8) * 2,
        };
    }
}
