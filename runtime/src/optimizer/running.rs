//! The machine as an executor sees it, and the rules that it is held to.

use super::code::CodeView;
use super::rules::{Breach, Checked};
use super::{Constant, Datum, Handle, Machine, Stepped};
use crate::bytecode::LocalKind;
use crate::bytecode::landing::{Landings, Slot};
use crate::interp::code::Code;
use crate::interp::dispatch::State;
use crate::interp::frame::Frame;
use crate::interp::op::{HANDLERS, Op};
use crate::object::argument::This;
use crate::object::layout::{CellObject, CodeObject, IntObject, ListObject, TupleObject};
use crate::value::Value;
use crate::vm::{Raised, Vm};
use std::sync::atomic::Ordering;

/// What an executor has in its hands.
pub(super) struct Running<'vm> {
    pub vm: &'vm mut Vm,
    /// Now. Frame null: the run is over.
    pub state: State,
    /// The last state that tier 1 has stood in, and its stack as a tuple once that was changed.
    good: State,
    kept: Value,
    /// So many values of the stack, from the bottom, are as they were then.
    n_kept: usize,
    /// A variable or the stack was changed since.
    has_changed: bool,
    /// Instructions that were done by hand since.
    n_by_hand: u64,
    pub advanced: u64,
    /// A list of the objects that handles stand for, once there are any.
    objects: Value,
    execution: u64,
    pub breach: Option<Breach>,
    /// The code where the executor stands.
    own_code: *mut CodeObject,
    /// The executor knows that it has been taken out.
    was_told: bool,
    /// Tier 1 is at work: what panics is not the executor.
    pub is_inside: bool,
    executor: u32,
}

impl<'vm> Running<'vm> {
    /// # Safety
    /// `state` describes the running frame of tier 1, which stands at the executor.
    pub unsafe fn new(vm: &'vm mut Vm, state: State, executor: u32, execution: u64) -> Running<'vm> {
        Running {
            vm,
            state,
            good: state,
            kept: Value::UNBOUND,
            n_kept: usize::MAX,
            has_changed: false,
            n_by_hand: 0,
            advanced: 0,
            objects: Value::UNBOUND,
            execution,
            breach: None,
            // SAFETY: the caller's promise.
            own_code: unsafe { (*state.frame).code_object },
            was_told: false,
            is_inside: false,
            executor,
        }
    }

    fn break_rule(&mut self, breach: Breach) -> Raised {
        let message = breach.to_string();
        self.breach.get_or_insert(breach);
        self.vm.raise(self.vm.exceptions.SystemError, &message)
    }

    fn hold<T>(&mut self, checked: Checked<T>) -> Result<T, Raised> {
        checked.map_err(|breach| self.break_rule(breach))
    }

    /// Of the running frame, which keeps it: not to be held beyond a step.
    fn code_ref<'a>(&self) -> &'a Code {
        // SAFETY: the state is of a live frame: methods ask for that first.
        unsafe { &*(*self.state.frame).code }
    }

    /// What tier 1 expects in this code.
    fn landings<'a>(&self) -> Option<&'a Landings> {
        let code = self.code_ref();
        let landings = code.landings.get_or_init(|| {
            let code_view = self.code();
            let is_plain = |index: u32| !matches!(code_view.constant(index as usize), None | Some(Constant::Other));
            let Code { original, handlers, n_localsplus, stack_size, .. } = code;
            Landings::of(original, handlers, *n_localsplus, *stack_size, is_plain).map(Box::new)
        });
        landings.as_deref()
    }

    /// Whether the executor may go on.
    fn tell(&mut self) -> Stepped {
        self.was_told = self.vm.jit.executors[self.executor as usize].valid == 0;
        if self.was_told { Stepped::TakenOut } else { Stepped::Next }
    }

    /// Is there a frame, and no rule broken yet?
    fn check_under_way(&self) -> Checked<()> {
        match &self.breach {
            Some(breach) => Err(breach.clone()),
            None if self.state.frame.is_null() => Err(Breach::Over),
            None => Ok(()),
        }
    }

    fn index(&self) -> usize {
        index_of(self.state)
    }

    fn depth_of(state: State) -> usize {
        // SAFETY: a live frame, whose stack the pointer is in.
        unsafe { state.sp.offset_from(Frame::stack_base(state.frame)) as usize }
    }

    /// Makes the place visible to the collector and to who looks at frames.
    fn save(&self) {
        // SAFETY: a live frame.
        unsafe { self.state.save() };
    }

    fn value_at(&self, slot: usize) -> Value {
        // SAFETY: callers pass a slot of the frame's.
        unsafe { *Frame::slot(self.state.frame, slot) }
    }

    /// Before the stack is changed: keeps what it was like.
    fn keep_stack(&mut self) {
        if !self.kept.is_unbound() {
            return;
        }
        // SAFETY: the values of a live frame's stack.
        let values = unsafe {
            let base = Frame::stack_base(self.good.frame);
            std::slice::from_raw_parts(base, Self::depth_of(self.good))
        };
        self.kept = self.vm.new_tuple(values);
        self.n_kept = values.len();
    }

    /// Back to the last state that tier 1 has stood in.
    pub fn roll_back(&mut self) -> State {
        if !self.kept.is_unbound() {
            // SAFETY: `keep_stack` made the tuple of these places.
            unsafe {
                let values = (*self.kept.as_ptr::<TupleObject>()).items();
                let base = Frame::stack_base(self.good.frame);
                std::ptr::copy_nonoverlapping(values.as_ptr(), base, values.len());
            }
        }
        self.settle(self.good);
        self.good
    }

    /// This is a state that tier 1 could have been in.
    fn settle(&mut self, state: State) {
        (self.state, self.good) = (state, state);
        (self.kept, self.n_kept) = (Value::UNBOUND, usize::MAX);
        (self.has_changed, self.n_by_hand) = (false, 0);
    }

    /// Could tier 1 stand here? Where nothing was done by hand, it does.
    pub fn verify(&mut self) -> Checked<()> {
        match (self.n_by_hand, self.has_changed) {
            _ if self.state.frame.is_null() => return Ok(()),
            (0, false) => return Ok(()),
            (0, true) => return Err(Breach::HalfDone),
            _ => {}
        }
        let (at, from, depth) = (self.index(), index_of(self.good), Self::depth_of(self.state));
        let offset = self.offset();
        let n_slots = self.code_ref().n_localsplus;
        let landings = self.landings().ok_or(Breach::Unchecked)?;
        let expected = landings.stack(at).ok_or(Breach::Unreachable(offset))?;
        if expected.len() != depth {
            return Err(Breach::Depth { offset, found: depth, expected: expected.len() });
        }
        let before = landings.stack(from).filter(|before| before.len() == Self::depth_of(self.good));
        let before = before.ok_or(Breach::Unchecked)?;
        for (place, &slot) in expected.iter().enumerate() {
            let is_kept = place < self.n_kept.min(before.len());
            let fits = match slot {
                Slot::Plain => !is_kept || before[place] == Slot::Plain,
                Slot::Made(..) => is_kept && before[place] == slot,
                Slot::Mixed => is_kept && at == from,
            };
            if !fits {
                return Err(Breach::Stack { offset, place });
            }
        }
        let is_missing = |&slot: &usize| landings.must_be_bound(at, slot) && self.value_at(slot).is_unbound();
        if let Some(slot) = (0..n_slots).find(is_missing) {
            let name = self.code().local_name(slot).unwrap_or_default();
            return Err(Breach::Unbound { offset, name });
        }
        self.settle(self.state);
        Ok(())
    }

    fn datum(&mut self, value: Value) -> Result<Datum, Raised> {
        Ok(match value {
            Value::UNBOUND => Datum::Unbound,
            Value::NONE => Datum::None,
            _ if value.is_bool() => Datum::Bool(value.as_bool()),
            _ if value.is_int() => Datum::Int(value.as_int()),
            _ if value.is_float() => Datum::Float(value.as_float()),
            _ if self.vm.is_exactly::<IntObject>(value) && self.vm.int_to_i64(value).is_some() => {
                Datum::Int(self.vm.int_to_i64(value).unwrap_or_default())
            }
            _ => Datum::Object(self.handle(value)?),
        })
    }

    fn handle(&mut self, value: Value) -> Result<Handle, Raised> {
        if self.objects.is_unbound() {
            self.objects = self.vm.new_list(&[])?;
        }
        let list = self.objects.as_ptr::<ListObject>();
        // SAFETY: the list is this execution's alone.
        let index = unsafe { (*list).len } as u32;
        self.vm.list_push(list, value)?;
        Ok(Handle { execution: self.execution, index })
    }

    fn object(&self, handle: Handle) -> Checked<Value> {
        if handle.execution != self.execution || self.objects.is_unbound() {
            return Err(Breach::StaleHandle);
        }
        // SAFETY: the list is this execution's alone.
        let objects = unsafe { (*self.objects.as_ptr::<ListObject>()).items() };
        objects.get(handle.index as usize).copied().ok_or(Breach::StaleHandle)
    }

    fn value(&mut self, datum: Datum) -> Checked<Value> {
        Ok(match datum {
            Datum::Unbound => return Err(Breach::StoredUnbound),
            Datum::None => Value::NONE,
            Datum::Bool(truth) => Value::bool(truth),
            Datum::Int(integer) => self.vm.new_int(integer),
            Datum::Float(float) => Value::float(float),
            Datum::Object(handle) => self.object(handle)?,
        })
    }

    fn local_place(&self, slot: usize) -> Checked<*mut Value> {
        self.check_under_way()?;
        let code = self.code_ref();
        if slot >= code.n_locals {
            return Err(Breach::NoSuchLocal(slot));
        }
        if code.localsplus_kinds[slot] & (LocalKind::CELL | LocalKind::FREE) != 0 {
            return Err(Breach::SharedLocal(slot));
        }
        // SAFETY: a variable's slot.
        Ok(unsafe { Frame::slot(self.state.frame, slot) })
    }

    fn check_push(&self) -> Checked<()> {
        self.check_under_way()?;
        let has_room = Self::depth_of(self.state) < self.code_ref().stack_size;
        if has_room { Ok(()) } else { Err(Breach::StackOverflow) }
    }

    fn check_pop(&self, depth: usize) -> Checked<()> {
        self.check_under_way()?;
        let is_there = (1..=Self::depth_of(self.state)).contains(&depth);
        if is_there { Ok(()) } else { Err(Breach::NoSuchValue(depth)) }
    }

    /// The instruction that starts at an offset.
    fn target(&self, offset: u32) -> Checked<usize> {
        let code = self.code_ref();
        if offset as usize >= code.co_code.len() {
            return Err(Breach::NoSuchOffset(offset));
        }
        let index = code.instruction_at(offset as usize);
        if code.byte_of(index) != offset as usize {
            return Err(Breach::PartOfInstruction(offset));
        }
        Ok(index)
    }

    /// Runs something of the VM's own. What panics there is a bug of its, not the executor's.
    fn inside<T>(&mut self, work: impl FnOnce(&mut Vm) -> T) -> T {
        self.is_inside = true;
        let outcome = work(self.vm);
        self.is_inside = false;
        outcome
    }

    /// Runs the next instruction in tier 1.
    pub fn run_one(&mut self) {
        let state = self.state;
        let after = self.inside(|vm| {
            // SAFETY: the state is one that tier 1 could be in, as `verify` saw.
            unsafe { run_instruction(vm, state) }
        });
        self.advanced += 1;
        self.settle(after);
        if !after.frame.is_null() {
            self.save();
        }
    }
}

fn index_of(state: State) -> usize {
    // SAFETY: a live frame's state.
    unsafe { state.ip.offset_from((*(*state.frame).code).instructions.as_ptr()) as usize }
}

/// Has tier 1 run one instruction, which counts nothing and enters no executor.
///
/// # Safety
/// As a handler's.
unsafe fn run_instruction(vm: &mut Vm, s: State) -> State {
    // SAFETY: the caller's promise.
    unsafe {
        s.save();
        vm.freshen((*s.frame).code);
        if (*s.ip).is_watched() {
            return crate::watch::watched(vm, s);
        }
        let op = match Op::from_number((*s.ip).op) {
            Op::EnterExecutor => vm.jit.original_op(s.ip),
            op => op,
        };
        HANDLERS[op.uncounted() as usize](vm, s)
    }
}

impl Machine for Running<'_> {
    fn code(&self) -> CodeView<'_> {
        // SAFETY: a live frame's code object; that of the place where the executor stands is kept for good.
        unsafe {
            let object = if self.state.frame.is_null() { self.own_code } else { (*self.state.frame).code_object };
            CodeView::new(self.vm, object)
        }
    }

    fn offset(&self) -> u32 {
        if self.state.frame.is_null() { 0 } else { self.code_ref().byte_of(self.index()) as u32 }
    }

    fn depth(&self) -> usize {
        if self.state.frame.is_null() { 0 } else { Self::depth_of(self.state) }
    }

    fn local(&mut self, slot: usize) -> Result<Datum, Raised> {
        let under_way = self.check_under_way();
        self.hold(under_way)?;
        if slot >= self.code_ref().n_locals {
            return Err(self.break_rule(Breach::NoSuchLocal(slot)));
        }
        let mut value = self.value_at(slot);
        if self.code_ref().localsplus_kinds[slot] & LocalKind::CELL != 0
            && let Some(cell) = This::<CellObject>::of(self.vm, value)
        {
            value = cell.content;
        }
        self.datum(value)
    }

    fn set_local(&mut self, slot: usize, value: Datum) -> Result<(), Raised> {
        let place = self.local_place(slot);
        let place = self.hold(place)?;
        let value = self.value(value);
        let value = self.hold(value)?;
        self.has_changed = true;
        // SAFETY: a variable's slot. Running frames are roots: no barrier.
        unsafe { *place = value };
        Ok(())
    }

    fn peek(&mut self, depth: usize) -> Result<Datum, Raised> {
        let is_there = self.check_pop(depth);
        self.hold(is_there)?;
        // SAFETY: as was checked.
        let value = unsafe { *self.state.sp.sub(depth) };
        self.datum(value)
    }

    fn push(&mut self, value: Datum) -> Result<(), Raised> {
        let has_room = self.check_push();
        self.hold(has_room)?;
        let value = self.value(value);
        let value = self.hold(value)?;
        self.keep_stack();
        self.has_changed = true;
        // SAFETY: there is room in the frame's stack.
        unsafe {
            *self.state.sp = value;
            self.state.sp = self.state.sp.add(1);
        }
        self.save();
        Ok(())
    }

    fn pop(&mut self) -> Result<Datum, Raised> {
        let datum = self.peek(1)?;
        self.keep_stack();
        self.has_changed = true;
        // SAFETY: `peek` saw a value there.
        self.state.sp = unsafe { self.state.sp.sub(1) };
        self.n_kept = self.n_kept.min(self.depth());
        self.save();
        Ok(datum)
    }

    fn step(&mut self) -> Result<Stepped, Raised> {
        let allowed = self.check_under_way().and_then(|()| self.verify());
        self.hold(allowed)?;
        if self.was_told {
            return Err(self.break_rule(Breach::TakenOut));
        }
        self.run_one();
        if self.state.frame.is_null() {
            return if self.vm.exception.is_unbound() { Ok(Stepped::Over) } else { Err(Raised) };
        }
        Ok(self.tell())
    }

    fn advance(&mut self, offset: u32, instructions: u64) -> Result<(), Raised> {
        let target = self.check_under_way().and_then(|()| match instructions {
            _ if self.was_told => Err(Breach::TakenOut),
            0 => Err(Breach::NoInstruction),
            _ => self.target(offset),
        });
        let target = self.hold(target)?;
        // SAFETY: the index of an instruction of the frame's code.
        self.state.ip = unsafe { (*(*self.state.frame).code).instructions.as_mut_ptr().add(target) };
        self.n_by_hand = self.n_by_hand.saturating_add(instructions);
        self.advanced = self.advanced.saturating_add(instructions);
        self.save();
        Ok(())
    }

    fn call(&mut self, callee: Datum, arguments: &[Datum]) -> Result<Datum, Raised> {
        let under_way = self.check_under_way();
        self.hold(under_way)?;
        // In a list that the collector sees.
        let values = self.vm.new_list(&[])?;
        for &datum in [&callee].into_iter().chain(arguments) {
            let value = self.value(datum);
            let value = self.hold(value)?;
            self.vm.list_push(values.as_ptr(), value)?;
        }
        self.save();
        let result = self.inside(|vm| {
            // SAFETY: the list is nobody else's.
            let values = unsafe { (*values.as_ptr::<ListObject>()).items() };
            vm.call(values[0], &values[1..])
        })?;
        self.datum(result)
    }

    fn poll(&mut self) -> Result<Stepped, Raised> {
        let under_way = self.check_under_way();
        self.hold(under_way)?;
        if self.vm.pending.load(Ordering::Relaxed) != 0 {
            self.save();
            self.inside(|vm| vm.handle_pending())?;
        }
        Ok(self.tell())
    }

    fn text(&mut self, object: Handle) -> Option<String> {
        let value = self.object(object).ok().filter(|&value| self.vm.is_str(value))?;
        Some(self.vm.string_of(value))
    }

    fn new_text(&mut self, text: &str) -> Result<Datum, Raised> {
        let text = self.vm.new_str(text);
        self.datum(text)
    }

    fn raise(&mut self, class: &str, message: &str) -> Raised {
        let name = self.vm.intern(class);
        let class = self.vm.dict_get_name(self.vm.builtins, name);
        let class = class.filter(|&class| self.vm.is_exception_class(class));
        let class = class.map_or(self.vm.exceptions.RuntimeError, |class| class.as_ptr());
        self.vm.raise(class, message)
    }
}
