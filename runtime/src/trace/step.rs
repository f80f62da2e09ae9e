//! One instruction of a recording.

use super::frames::{BackEdge, Recorded, Recorder};
use super::{Abort, Operand, RecorderStart};
use crate::interp::dispatch::State;
use crate::interp::frame::Frame;
use crate::interp::op::{Handler, Op as Instr};
use crate::object::spec::MatchedAs;
use crate::object::types::BuiltinType;
use crate::uop::{ExitKind, FrameOrigin, Helper, Op, UopIdx};
use crate::value::Value;
use crate::vm::Vm;

/// Most instructions, micro-ops and exits of one recording.
const MAX_STEPS: usize = 12_000;
const MAX_UOPS: usize = 3_000;
const MAX_RECORDED_EXITS: usize = 400;
/// The argument of CALL_INTRINSIC_1 that makes a tuple of a list under construction.
const LIST_TO_TUPLE: usize = 6;
/// How often one inner back edge may be followed, and for how many instructions.
const MAX_UNROLL: u32 = 8;
const MAX_UNROLLED_STEPS: usize = 100;

/// Where tier 1 must be after the instruction.
#[derive(Clone, Copy, Debug)]
pub enum Expected {
    /// In the same frame at this instruction.
    At(u32),
    /// In the frame that was just pushed virtually, at its start.
    Pushed,
    /// In the frame of the generator that was just resumed virtually, at this instruction.
    Resumed(u32),
    /// Back in the frame below (now the innermost virtual one) at this instruction.
    Popped(u32),
    /// In the same frame at this instruction, after a call that is not recorded has returned.
    AfterCall(u32),
    /// In the same frame after a send that is not recorded: at the next instruction where the receiver yielded, at `end`
    /// where it returned.
    AfterSend { receiver: UopIdx, end: u32 },
    /// In the same frame after an iterator was called for `value`: at the next instruction, or at `end` where it has none.
    AfterNext { value: UopIdx, end: u32 },
}

/// How a recording ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The loop closed.
    Loop,
    /// The trace ends in a jump, an exit or a return.
    Linear,
}

pub enum Flow {
    Continue(Expected),
    End(Ending),
}

impl Recorder {
    /// After tier 1 ran the instruction: is it where it was expected to be?
    ///
    /// # Safety
    /// `state` is tier 1's.
    pub unsafe fn arrive(
        &mut self,
        vm: &mut Vm,
        state: &mut State,
        expected: Expected,
        handlers: &[Handler],
    ) -> Recorded<()> {
        // SAFETY: the caller's promise.
        unsafe {
            if let Expected::AfterCall(_) | Expected::AfterSend { .. } | Expected::AfterNext { .. } = expected {
                // What is called may run in executors, which then return here, not to the code that is known for here.
                let call = (*self.top().code).instructions.as_mut_ptr().add(self.ip as usize);
                let hidden = vm.hide_return(call);
                let returned = self.step_over(vm, state, handlers);
                if let Some((point, entry)) = hidden {
                    vm.show_return(point, entry);
                }
                returned?;
            }
            let index = |state: &State| state.ip.offset_from((*(*state.frame).code).instructions.as_ptr()) as u32;
            if let Expected::At(ip) | Expected::AfterCall(ip) = expected
                && (state.frame != self.top().frame || index(state) != ip)
                && self.is_handling(state.frame, index(state))
            {
                return Err(Abort::Raised);
            }
            match expected {
                Expected::Pushed => {
                    let top = self.top();
                    if (*state.frame).code != top.code || state.ip != (*top.code).instructions.as_mut_ptr() {
                        return Err(Abort::Diverted);
                    }
                    top.frame = state.frame;
                }
                Expected::AfterSend { receiver, end } => {
                    let ip = index(state);
                    if state.frame != self.top().frame || ip != end && ip != self.ip + 1 {
                        return Err(Abort::Diverted);
                    }
                    self.sent(receiver, ip == end, end)?;
                }
                Expected::AfterNext { value, end } => {
                    let ip = index(state);
                    if state.frame != self.top().frame || ip != end && ip != self.ip + 1 {
                        return Err(Abort::Diverted);
                    }
                    self.stepped(value, ip == end, end)?;
                }
                Expected::At(ip) | Expected::Resumed(ip) | Expected::Popped(ip) | Expected::AfterCall(ip) => {
                    if state.frame != self.top().frame || index(state) != ip {
                        return Err(Abort::Diverted);
                    }
                }
            }
            let depth = state.sp.offset_from(Frame::stack_base(state.frame)) as usize;
            if depth != self.top().depth {
                debug_assert!(false, "the recorder lost count of the stack: {depth} against {}", self.top().depth);
                return Err(Abort::Diverted);
            }
        }
        Ok(())
    }

    /// Has tier 1 run what was called until it has returned, or what it raised is handled in one of the frames below. Where one of
    /// the root's callers handles it, the recorded frames are gone, and others may soon stand where they were.
    ///
    /// # Safety
    /// As for `arrive`.
    unsafe fn step_over(&self, vm: &mut Vm, state: &mut State, handlers: &[Handler]) -> Recorded<()> {
        let number = vm.jit.recording_number;
        // SAFETY: the caller's promise.
        unsafe {
            let callers = callers_of(self.frames[0].frame);
            while !self.frames.iter().any(|frame| frame.frame == state.frame) {
                if callers.contains(&state.frame) {
                    return Err(Abort::Diverted);
                }
                *state = handlers[(*state.ip).op as usize](vm, *state);
                if vm.jit.recording_number != number {
                    return Err(Abort::HandedOver);
                }
                if state.frame.is_null() {
                    return Err(Abort::Diverted);
                }
            }
        }
        Ok(())
    }

    /// Records the instruction that is about to run, or ends.
    ///
    /// # Safety
    /// `state` is tier 1's, in the innermost recorded frame.
    pub unsafe fn step(&mut self, vm: &mut Vm, s: State) -> Recorded<Flow> {
        // SAFETY: the caller's promise.
        unsafe {
            let code = (*s.frame).code;
            self.ip = s.ip.offset_from((*code).instructions.as_ptr()) as u32;
            self.snapshot = None;
            self.n_steps += 1;
            if self.n_steps == 1 {
                for code in self.frames.iter().map(|frame| frame.code).collect::<Vec<_>>() {
                    self.depend_on_namespace(vm, code)?;
                }
            }
            // Before the next instruction does anything: who was shown frames has the executor leave here.
            if std::mem::take(&mut self.needs_valid_check) {
                let exit = self.exit(ExitKind::Deopt);
                self.emit(Op::GuardValid {}, &[], Some(exit))?;
            }
            if self.n_steps > 1
                && let Some(flow) = self.end_here(vm, code)?
            {
                return Ok(flow);
            }
            if self.n_steps > MAX_STEPS
                || self.emitter.superblock.uops.len() > MAX_UOPS
                || self.emitter.superblock.exits.len() > MAX_RECORDED_EXITS
            {
                return self.give_up(Abort::TooLong);
            }
            vm.freshen((*s.frame).code);
            if (*s.ip).is_watched() {
                return self.give_up(Abort::Watched);
            }
            if vm.jit.config.count_steps {
                self.count_step();
            }
            match self.instruction(vm, s) {
                Err(Abort::Unsupported) => self.give_up(Abort::Unsupported),
                other => other,
            }
        }
    }

    /// Counts an instruction, together with those before it that nothing can leave between.
    fn count_step(&mut self) {
        let uops = &mut self.emitter.superblock.uops;
        let last = uops.iter_mut().rev().take_while(|uop| uop.exit.is_none() && !uop.op.is_terminator());
        for uop in last {
            if let Op::CountSteps { steps } = &mut uop.op {
                *steps += 1;
                return;
            }
        }
        self.emitter.append(Op::CountSteps { steps: 1 }, Default::default(), None);
    }

    /// Ends at what cannot be followed, if enough was recorded to be worth it.
    fn give_up(&mut self, abort: Abort) -> Recorded<Flow> {
        let is_side = matches!(self.start, RecorderStart::Side { .. });
        if self.is_in_generator() && !is_side || self.n_steps < if is_side { 2 } else { 12 } {
            return Err(abort);
        }
        self.snapshot = None;
        // What is only too long, or not watched for long, goes on in another trace, once that is hot.
        let kind = if matches!(abort, Abort::TooLong | Abort::Watched) { ExitKind::Side } else { ExitKind::Deopt };
        self.end_with_exit(kind).map(Flow::End)
    }

    unsafe fn instruction(&mut self, vm: &mut Vm, s: State) -> Recorded<Flow> {
        // SAFETY: the caller's promise.
        unsafe {
            let instruction = *s.ip;
            let arg = instruction.arg as usize;
            let next = self.ip + 1;
            let mut op = Instr::from_number(instruction.op);
            if op == Instr::EnterExecutor {
                if vm.jit.is_external(s.ip) {
                    return Err(Abort::OtherOptimizer);
                }
                op = vm.jit.original_op(s.ip);
            }
            if let Some(flow) = self.special(vm, s)? {
                return Ok(flow);
            }
            match op {
                Instr::Nop | Instr::Resume | Instr::ResumeCounting => {}
                Instr::LoadFast | Instr::LoadFastCheck => {
                    let value = self.slot(arg)?;
                    if op == Instr::LoadFastCheck {
                        self.guarded(Op::GuardIsNot { bits: 0 }, &[value])?;
                    }
                    self.push(value);
                }
                Instr::LoadFastPair => {
                    let (first, second) = (self.slot(arg >> 4)?, self.slot(arg & 15)?);
                    self.push(first);
                    self.push(second);
                }
                Instr::LoadFastAndClear => {
                    let value = self.slot(arg)?;
                    let unbound = self.emitter.const_value(Value::UNBOUND);
                    self.set_local(arg, unbound);
                    self.push(value);
                }
                Instr::StoreFast => {
                    let value = self.peek(1)?;
                    self.set_local(arg, value);
                    self.drop(1);
                }
                Instr::StoreFastLoadFast => {
                    let value = self.peek(1)?;
                    self.set_local(arg >> 4, value);
                    self.drop(1);
                    let value = self.slot(arg & 15)?;
                    self.push(value);
                }
                Instr::StoreFastStoreFast => {
                    let (first, second) = (self.peek(1)?, self.peek(2)?);
                    self.set_local(arg >> 4, first);
                    self.set_local(arg & 15, second);
                    self.drop(2);
                }
                Instr::LoadConst => {
                    let value = self.constant(vm, Value(instruction.cache[0]));
                    self.push(value);
                }
                Instr::PopTop | Instr::EndFor | Instr::PopIter => self.drop(1),
                Instr::PushNull => {
                    let unbound = self.emitter.const_value(Value::UNBOUND);
                    self.push(unbound);
                }
                Instr::Copy => {
                    let value = self.peek(arg)?;
                    self.push(value);
                }
                Instr::Swap => {
                    let (top, other) = (self.peek(1)?, self.peek(arg)?);
                    let (top_slot, other_slot) = (self.stack_slot(1), self.stack_slot(arg));
                    self.top().set(top_slot, other);
                    self.top().set(other_slot, top);
                }
                Instr::LoadDeref => {
                    let cell = self.slot(arg)?;
                    self.guard_shape(cell, BuiltinType::Cell.shape())?;
                    let value = self.emit(Op::LoadField { field: crate::uop::Field::CellContent }, &[cell], None)?;
                    self.guarded(Op::GuardIsNot { bits: 0 }, &[value])?;
                    self.push(value);
                }
                Instr::StoreDeref => {
                    let (cell, value) = (self.slot(arg)?, self.peek(1)?);
                    self.guard_shape(cell, BuiltinType::Cell.shape())?;
                    let value = self.emitter.boxed(value);
                    self.emit(Op::StoreField { field: crate::uop::Field::CellContent }, &[cell, value], None)?;
                    self.drop(1);
                }
                Instr::MakeCell => {
                    let value = self.slot(arg)?;
                    let value = self.emitter.boxed(value);
                    let cell = self.emit(Op::NewCell {}, &[value], None)?;
                    self.set_local(arg, cell);
                }
                Instr::CopyFreeVars => self.copy_free_vars(vm, s)?,
                Instr::LoadGlobal | Instr::LoadGlobalModule | Instr::LoadGlobalBuiltin => {
                    self.load_global(vm, s, arg)?
                }
                Instr::StoreGlobal => self.store_global(vm, s, arg)?,
                Instr::DeleteGlobal => self.delete_global(vm, s, arg)?,
                Instr::DeleteName => self.delete_name(vm, s, arg)?,
                Instr::LoadName => self.load_name(vm, s, arg)?,
                Instr::StoreName => self.store_name(vm, s, arg)?,
                Instr::BinaryAdd
                | Instr::BinarySubtract
                | Instr::BinaryMultiply
                | Instr::BinaryTrueDivide
                | Instr::BinaryFloorDivide
                | Instr::BinaryRemainder
                | Instr::BinaryAnd
                | Instr::BinaryOr
                | Instr::BinaryOther => self.binary(vm, s, arg as u32)?,
                Instr::BinarySubscript => return self.subscript(vm, s),
                Instr::UnaryNegative => self.negative(s)?,
                Instr::UnaryInvert => self.helper_reduce(Helper::Invert, 1)?,
                Instr::UnaryNot => {
                    let value = self.peek(1)?;
                    let truth = self.bool(value)?;
                    let negated = self.emit(Op::BoolNot {}, &[truth], None)?;
                    let boxed = self.box_bool(negated)?;
                    self.reduce(1, boxed);
                }
                Instr::ToBool => self.convert_to_bool(vm, s)?,
                Instr::CompareLt
                | Instr::CompareLe
                | Instr::CompareEq
                | Instr::CompareNe
                | Instr::CompareGt
                | Instr::CompareGe => self.compare(vm, s, arg as u32)?,
                Instr::IsOp => self.is_op(vm, s, arg == 1)?,
                Instr::ContainsOp => self.contains(vm, s, arg == 1)?,
                Instr::StoreSubscript => self.store_subscript(vm, s)?,
                Instr::DeleteSubscript => self.delete_subscript(vm, s)?,
                Instr::BinarySlice => self.binary_slice(vm, s)?,
                Instr::StoreSlice => self.store_slice(vm, s)?,
                Instr::MakeFunction => self.make_function(vm, s)?,
                Instr::SetFunctionAttribute => self.set_function_attribute(arg)?,
                Instr::SetUpdate => {
                    let (set, items) = (self.peek(arg + 1)?, self.peek(1)?);
                    self.escaping(Op::CallHelper { helper: Helper::SetUpdate }, &[set, items])?;
                    self.drop(1);
                }
                Instr::DictUpdate => {
                    let (dict, mapping) = (self.peek(arg + 1)?, self.peek(1)?);
                    self.escaping(Op::CallHelper { helper: Helper::DictUpdate }, &[dict, mapping])?;
                    self.drop(1);
                }
                Instr::DeleteAttr => {
                    let (owner, name) = (self.peek(1)?, self.constant(vm, s.name(arg)));
                    self.escaping(Op::CallHelper { helper: Helper::DelAttr }, &[owner, name])?;
                    self.drop(1);
                }
                // A root that would leave at its first yield is not worth entering.
                Instr::YieldValue if self.frames.len() > 1 => return self.yield_value(),
                Instr::YieldValue if !matches!(self.start, RecorderStart::Side { .. }) => return Err(Abort::Yields),
                Instr::BuildTuple => {
                    let items = self.boxed_top(arg)?;
                    let tuple = self.emit(Op::NewTuple {}, &items, None)?;
                    self.reduce(arg, tuple);
                }
                Instr::BuildList => {
                    let items = self.boxed_top(arg)?;
                    let list = self.emit(Op::NewList {}, &items, None)?;
                    self.reduce(arg, list);
                }
                Instr::BuildMap => self.build_map(vm, arg)?,
                Instr::BuildSet => self.build(Helper::BuildSet, arg)?,
                Instr::BuildString => self.build(Helper::BuildString, arg)?,
                Instr::BuildSlice => {
                    let none = self.emitter.const_value(Value::NONE);
                    let step = if arg == 3 { self.peek(1)? } else { none };
                    let (start, stop) = (self.peek(arg)?, self.peek(arg - 1)?);
                    let [start, stop, step] = [start, stop, step].map(|part| self.emitter.boxed(part));
                    let slice = self.emit(Op::NewSlice {}, &[start, stop, step], None)?;
                    self.reduce(arg, slice);
                }
                Instr::ListAppend => {
                    let (list, item) = (self.peek(arg + 1)?, self.peek(1)?);
                    self.change_list(Helper::ListAppend, &[list, item])?;
                    self.drop(1);
                }
                Instr::ListExtend => {
                    let (list, items) = (self.peek(arg + 1)?, self.peek(1)?);
                    self.escaping(Op::CallHelper { helper: Helper::UnpackIntoList }, &[list, items])?;
                    self.drop(1);
                }
                Instr::SetAdd => {
                    let (set, item) = (self.operand(s, arg + 1)?, self.operand(s, 1)?);
                    if !self.add_to_set(vm, [set, item])? {
                        self.escaping(Op::CallHelper { helper: Helper::SetAdd }, &[set.uop, item.uop])?;
                    }
                    self.drop(1);
                }
                Instr::MapAdd => {
                    let value = self.peek(1)?;
                    let (dict, key) = (self.operand(s, arg + 2)?, self.operand(s, 2)?);
                    if !self.dict_store(vm, [dict, key], value)? {
                        self.escaping(Op::CallHelper { helper: Helper::MapAdd }, &[dict.uop, key.uop, value])?;
                    }
                    self.drop(2);
                }
                Instr::UnpackSequence => self.unpack(vm, s, arg)?,
                Instr::FormatSimple => {
                    let empty = vm.str_from_latin1(b"");
                    let (value, spec) = (self.peek(1)?, self.constant(vm, empty));
                    let text = self.escaping(Op::CallHelper { helper: Helper::FormatValue }, &[value, spec])?;
                    self.reduce(1, text);
                }
                Instr::FormatWithSpec => self.helper_reduce(Helper::FormatValue, 2)?,
                Instr::ConvertValue if arg == 1 => self.helper_reduce(Helper::ToStr, 1)?,
                Instr::JumpForward | Instr::JumpBackwardNoInterrupt => {
                    return Ok(Flow::Continue(Expected::At(arg as u32)));
                }
                Instr::JumpBackward | Instr::JumpBackwardCounting => return self.back_edge(vm, s, arg as u32),
                Instr::PopJumpIfFalse | Instr::PopJumpIfTrue => {
                    return self.pop_jump(s, arg as u32, op == Instr::PopJumpIfTrue);
                }
                Instr::PopJumpIfNone | Instr::PopJumpIfNotNone => {
                    return self.pop_jump_none(s, arg as u32, op == Instr::PopJumpIfNone);
                }
                Instr::GetIter => self.get_iter(vm, s)?,
                Instr::ForIter => return self.for_iter(vm, s, arg as u32),
                Instr::LoadCommonConstant => {
                    let value = vm.common_constant(arg);
                    let value = self.constant(vm, value);
                    self.push(value);
                }
                Instr::CallIntrinsic1 if arg == LIST_TO_TUPLE => {
                    let list = self.peek(1)?;
                    let exit = self.error();
                    let tuple = self.emit(Op::CallHelper { helper: Helper::ListToTuple }, &[list], Some(exit))?;
                    self.emitter.assume_shape(tuple, BuiltinType::Tuple.shape());
                    self.reduce(1, tuple);
                }
                Instr::ReturnGenerator => return self.return_generator(vm, s),
                Instr::Send => return self.send(vm, s, arg as u32),
                Instr::EndSend => {
                    let value = self.peek(1)?;
                    self.reduce(2, value);
                }
                Instr::GetAwaitable => self.get_awaitable(vm, s)?,
                Instr::GetYieldFromIter => self.exact_iterator(vm, s, BuiltinType::Generator)?,
                Instr::Call => return self.call(vm, s, arg),
                Instr::CallKw => return self.call_keywords(vm, s),
                Instr::ReturnValue => return self.return_value(vm, s),
                Instr::LoadAttr
                | Instr::LoadAttrSlot
                | Instr::LoadAttrMethod
                | Instr::LoadAttrClassValue
                | Instr::LoadAttrOfClass => self.load_attr(vm, s, arg)?,
                Instr::StoreAttr | Instr::StoreAttrSlot | Instr::StoreAttrAdd => self.store_attr(vm, s, arg)?,
                Instr::DictMerge => self.dict_merge(vm, s, arg)?,
                Instr::DeleteFast => self.delete_fast(arg)?,
                Instr::LoadSpecial => self.load_special(vm, s, arg)?,
                Instr::GetLen => self.get_len(vm, s)?,
                Instr::MatchSequence => self.match_kind(vm, s, MatchedAs::Sequence)?,
                Instr::MatchMapping => self.match_kind(vm, s, MatchedAs::Mapping)?,
                Instr::UnpackEx => self.unpack_ex(vm, s, arg)?,
                Instr::CallFunctionEx => return self.call_star(vm, s),
                Instr::LoadSuperAttr => self.load_super_attr(vm, s, arg)?,
                Instr::RaiseVarargs => return self.raise(vm, s, arg),
                Instr::Reraise => return self.reraise(vm),
                Instr::PushExcInfo => self.push_exc_info()?,
                Instr::PopExcept => self.pop_except()?,
                Instr::CheckExcMatch => self.check_exc_match(vm, s)?,
                Instr::WithExceptStart => self.with_except_start()?,
                _ => return Err(Abort::Unsupported),
            }
            // Some of these may have pushed frames that are not recorded.
            Ok(Flow::Continue(Expected::AfterCall(next)))
        }
    }

    /// The value `depth` places from the top of the stack.
    unsafe fn operand(&mut self, s: State, depth: usize) -> Recorded<Operand> {
        // SAFETY: the caller knows that the stack has it.
        Ok(Operand { uop: self.peek(depth)?, now: unsafe { s.peek(depth) } })
    }
    /// Pops `n`, pushes one.
    pub fn reduce(&mut self, n: usize, value: UopIdx) {
        self.drop(n);
        self.push(value);
    }
    /// The top `n` values, lowest first, boxed.
    pub fn boxed_top(&mut self, n: usize) -> Recorded<Vec<UopIdx>> {
        let mut values = Vec::with_capacity(n);
        for depth in (1..=n).rev() {
            let value = self.peek(depth)?;
            values.push(self.emitter.boxed(value));
        }
        Ok(values)
    }
    /// A helper on the top `n` values, in order.
    pub fn helper_reduce(&mut self, helper: Helper, n: usize) -> Recorded<()> {
        self.build(helper, n)
    }
    fn build(&mut self, helper: Helper, n: usize) -> Recorded<()> {
        let values = self.boxed_top(n)?;
        let result = self.escaping(Op::CallHelper { helper }, &values)?;
        self.reduce(n, result);
        Ok(())
    }

    unsafe fn back_edge(&mut self, _vm: &mut Vm, s: State, target: u32) -> Recorded<Flow> {
        let exit = self.exit(ExitKind::Pending);
        self.emit(Op::Poll {}, &[], Some(exit))?;
        // SAFETY: a live frame.
        let code = unsafe { (*s.frame).code } as u64;
        let closes = code == self.code as u64 && self.frames.len() == 1 && target == self.start_ip;
        if !closes {
            match self.back_edges.iter_mut().find(|edge| edge.code == code && edge.target == target) {
                Some(edge) => {
                    edge.n_passed += 1;
                    if edge.n_passed > MAX_UNROLL || self.n_steps - edge.first_step > MAX_UNROLLED_STEPS {
                        // SAFETY: a live frame's.
                        unsafe { (*(*s.frame).code).has_hot_loop = true };
                        return Err(Abort::InnerLoop);
                    }
                }
                None => self.back_edges.push(BackEdge { code, target, n_passed: 1, first_step: self.n_steps }),
            }
            if self.frames.len() == 1 && matches!(self.start, RecorderStart::Loop) && self.is_inner_loop(target) {
                return Err(Abort::InnerLoop);
            }
        }
        Ok(Flow::Continue(Expected::At(target)))
    }

    /// Does a back edge to `target` close a loop inside the one that is being recorded?
    fn is_inner_loop(&self, target: u32) -> bool {
        target > self.start_ip && self.ip < self.install_ip
    }

    unsafe fn pop_jump(&mut self, s: State, target: u32, jumps_if: bool) -> Recorded<Flow> {
        // SAFETY: the stack has the condition on top.
        let truth = unsafe { s.peek(1) }.as_bool();
        let value = self.peek(1)?;
        let condition = self.bool(value)?;
        let taken = truth == jumps_if;
        let (here, other) = if taken { (target, self.ip + 1) } else { (self.ip + 1, target) };
        let exit = self.side_at(other, 1);
        let guard = if truth { Op::GuardTrue {} } else { Op::GuardFalse {} };
        self.emit(guard, &[condition], Some(exit))?;
        self.drop(1);
        Ok(Flow::Continue(Expected::At(here)))
    }

    unsafe fn pop_jump_none(&mut self, s: State, target: u32, jumps_if: bool) -> Recorded<Flow> {
        // SAFETY: the stack has the value on top.
        let is_none = unsafe { s.peek(1) }.is_none();
        let value = self.peek(1)?;
        let taken = is_none == jumps_if;
        let (here, other) = if taken { (target, self.ip + 1) } else { (self.ip + 1, target) };
        let exit = self.side_at(other, 1);
        let bits = Value::NONE.0;
        let value = self.emitter.boxed(value);
        let guard = if is_none { Op::GuardIs { bits } } else { Op::GuardIsNot { bits } };
        self.emit(guard, &[value], Some(exit))?;
        self.drop(1);
        Ok(Flow::Continue(Expected::At(here)))
    }

    unsafe fn copy_free_vars(&mut self, vm: &mut Vm, s: State) -> Recorded<()> {
        use crate::uop::Field;
        // SAFETY: a live frame.
        let (n_frees, first) = unsafe {
            let code = &*(*s.frame).code;
            (code.n_frees, code.n_localsplus - code.n_frees)
        };
        let function = match self.top().origin {
            FrameOrigin::Call { function, .. } => function,
            // SAFETY: a live frame.
            _ => self.constant(vm, unsafe { (*s.frame).function }),
        };
        let closure = self.emit(Op::LoadField { field: Field::FunctionClosure }, &[function], None)?;
        for i in 0..n_frees {
            let index = self.emitter.const_int(i as i64);
            let cell = self.emit(Op::LoadElement { field: Field::TupleElement }, &[closure, index], None)?;
            self.set_local(first + i, cell);
        }
        Ok(())
    }
}

/// The frames that wait for a frame to return.
///
/// # Safety
/// The frame is live.
unsafe fn callers_of(frame: *mut Frame) -> Vec<*mut Frame> {
    // SAFETY: what called a live frame is live.
    let previous = |&frame: &*mut Frame| Some(unsafe { (*frame).previous }).filter(|frame| !frame.is_null());
    std::iter::successors(previous(&frame), previous).collect()
}
