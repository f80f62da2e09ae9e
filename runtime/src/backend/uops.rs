//! The uop interpreter: the reference that every backend is compared with.
//!
//! It executes a finished superblock (homes assigned) on a `Machine`, which stands for the heap, the root frame and
//! the homes. Meanings that need no machine come from `sem`.

use crate::object::layout::IntForm;
use crate::object::types::BuiltinType;
use crate::uop::sem::{self, Outcome};
use crate::uop::{CallKind, Effect, ElementKind, ExitIdx, Field, Helper, Op, Superblock, Uop, UopIdx};
use crate::value::Value;
use smallvec::SmallVec;
use std::sync::Arc;

/// A Python exception is pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HasRaised;

/// The world outside of a superblock. Owners are of the shape that the op asks for: the guards that dominate say so.
pub trait Machine {
    fn frame_slot(&mut self, slot: u16) -> Value;
    fn set_frame_slot(&mut self, slot: u16, value: Value);
    fn home(&mut self, home: u16) -> u64;
    fn set_home(&mut self, home: u16, word: u64);

    /// Shape of a heap object.
    fn shape(&mut self, object: Value) -> u32;
    fn load_field(&mut self, owner: Value, field: Field) -> Value;
    fn store_field(&mut self, owner: Value, field: Field, value: Value);
    fn load_word(&mut self, owner: Value, field: Field) -> i64;
    fn store_word(&mut self, owner: Value, field: Field, word: i64);
    fn load_slot(&mut self, owner: Value, slot: u16) -> Value;
    fn store_slot(&mut self, owner: Value, slot: u16, value: Value);
    fn add_slot(&mut self, owner: Value, slot: u16, shape: u32, value: Value);
    fn load_generator_slot(&mut self, generator: Value, slot: u16) -> Value;
    fn store_generator_slot(&mut self, generator: Value, slot: u16, value: Value);
    /// A generator will go on at `ip`, with its stack's top at slot `top`.
    fn suspend(&mut self, generator: Value, top: u16, ip: i64);
    fn load_element(&mut self, array: Value, field: Field, index: i64) -> Value;
    fn store_element(&mut self, array: Value, field: Field, index: i64, value: Value);
    /// A machine number in the storage of an array, as it stands in a register.
    fn load_raw(&mut self, storage: Value, element: ElementKind, index: i64) -> u64;
    fn store_raw(&mut self, storage: Value, element: ElementKind, index: i64, word: u64);
    fn copy_elements(&mut self, to: (Value, i64), from: (Value, i64), count: i64, step: i64);

    /// Whether two objects that are not the same are ints of one value.
    fn are_one_int(&mut self, lhs: Value, rhs: Value) -> bool;
    /// An int that 49 bits do not hold.
    fn box_large_int(&mut self, integer: i64) -> Value;
    fn new_tuple(&mut self, items: &[Value]) -> Value;
    fn new_list(&mut self, items: &[Value]) -> Value;
    fn new_dict(&mut self) -> Value;
    fn list_slice(&mut self, list: Value, start: i64, count: i64, step: i64) -> Value;
    fn new_slice(&mut self, start: Value, stop: Value, step: Value) -> Value;
    fn new_instance(&mut self, shape: u32, slots: u16, initial: &[Value]) -> Value;
    fn new_cell(&mut self, content: Value) -> Value;
    fn new_generator(&mut self, code: u64, ip: i64, awaited: bool, function: Value, slots: &[Value]) -> Value;
    /// A function with its globals, builtins, module and closure.
    fn new_function(&mut self, code: u64, parts: [Value; 4]) -> Value;
    fn new_range(&mut self, start: Value, stop: Value, step: Value, len: Value) -> Value;
    fn new_range_iter(&mut self, next: i64, step: i64, remaining: i64) -> Value;
    fn new_bound_method(&mut self, function: Value, owner: Value) -> Value;

    /// What is called next may look at the frames, which this exit's snapshot has.
    fn announce(&mut self, exit: ExitIdx);
    /// Arguments are words of the kinds that the helper's row says.
    fn call_helper(&mut self, helper: Helper, words: &[u64]) -> Result<Value, HasRaised>;
    fn call_test(&mut self, helper: Helper, words: &[u64]) -> Result<bool, HasRaised>;
    fn call_native(&mut self, binding: u64, arguments: &[Value]) -> Result<Value, HasRaised>;
    fn call_value(&mut self, callee: Value, arguments: &[Value]) -> Result<Value, HasRaised>;

    /// A signal, a request for the lock or a finalizer is waiting.
    fn has_pending(&mut self) -> bool;
    /// The running executor is still valid.
    fn is_valid(&mut self) -> bool;
    /// Stress: the countdown of forced exits has run out.
    fn forces_exit(&mut self) -> bool;
    /// The native stack has room for another call.
    fn has_stack(&mut self) -> bool;
    fn count_steps(&mut self, _steps: u32) {}
    /// There is room for so many frames of so many words.
    fn has_frames(&mut self, frames: u16, words: u32) -> bool;
    /// Pushes a frame, which is the root frame from now on: values are the function, its code object, globals and
    /// builtins, then the first slots.
    fn push_frame(&mut self, call: &FrameCall, values: &[Value]);
    /// Returns from the root frame, unless Rust waits for it.
    fn return_to_caller(&mut self, value: Value) -> bool;
}

/// The immediates of a `push_frame`.
#[derive(Clone, Copy, Debug)]
pub struct FrameCall {
    pub code: u64,
    pub start: u64,
    pub call: u64,
    pub live: u16,
    pub words: u32,
    pub kind: CallKind,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    Exit(ExitIdx),
    /// The root frame is done.
    Finished(Value),
    /// Go on in this executor.
    Executor(u32),
    /// The root frame has returned to its caller.
    Caller,
    /// The root frame stands at the call of this address, with its operands below this slot.
    Call {
        call: u64,
        top: u16,
    },
}

/// A superblock made ready to be interpreted.
#[derive(Clone, Debug)]
pub struct UopCode {
    pub superblock: Arc<Superblock>,
    /// Per exit: where its fused side trace starts.
    side_entries: Vec<Option<usize>>,
    /// The first phi, and how many there are.
    phis: (usize, usize),
}

impl UopCode {
    /// Takes a superblock whose homes are assigned.
    pub fn new(superblock: impl Into<Arc<Superblock>>) -> UopCode {
        let superblock = superblock.into();
        debug_assert_eq!(superblock.homes.len(), superblock.uops.len(), "homes are assigned first");
        let mut side_entries = vec![None; superblock.exits.len()];
        for (index, uop) in superblock.uops.iter().enumerate() {
            if let Op::SideEntry { exit } = uop.op {
                side_entries[exit.index()] = Some(index);
            }
        }
        let first = superblock.loop_start().map_or(0, |start| start + 1);
        let count = superblock.uops[first..].iter().take_while(|uop| matches!(uop.op, Op::Phi { .. })).count();
        UopCode { superblock, side_entries, phis: (first, count) }
    }

    /// Runs until it leaves.
    pub fn run(&self, machine: &mut dyn Machine) -> Leave {
        self.run_watched(machine, |_| ())
    }

    /// The same, and tells of each micro-op before it runs. The registers lie on the native stack, where the collector
    /// finds what they hold.
    pub fn run_watched(&self, machine: &mut dyn Machine, watch: impl FnMut(UopIdx)) -> Leave {
        match self.superblock.uops.len() {
            0..=256 => self.run_with(machine, &mut [0; 256], watch),
            257..=2048 => self.run_with(machine, &mut [0; 2048], watch),
            2049..=16384 => self.run_with(machine, &mut [0; 16384], watch),
            n_uops => panic!("a superblock of {n_uops} micro-ops is beyond every limit"),
        }
    }

    fn run_with(&self, machine: &mut dyn Machine, registers: &mut [u64], mut watch: impl FnMut(UopIdx)) -> Leave {
        let mut run = Run { code: self, machine, registers };
        let mut place = 0;
        loop {
            watch(UopIdx(place as u32));
            match run.step(place) {
                Next::Following => place += 1,
                Next::At(other) => place = other,
                Next::Leave(leave) => return leave,
            }
        }
    }
}

enum Next {
    Following,
    At(usize),
    Leave(Leave),
}

struct Run<'r> {
    code: &'r UopCode,
    machine: &'r mut dyn Machine,
    registers: &'r mut [u64],
}

type Words = SmallVec<[u64; 4]>;

impl Run<'_> {
    fn step(&mut self, place: usize) -> Next {
        let code = self.code;
        if code.superblock.sunk[place] {
            return Next::Following;
        }
        let uop = &code.superblock.uops[place];
        let words: Words = uop.inputs.iter().map(|input| self.registers[input.index()]).collect();
        match uop.op {
            Op::JumpLoop {} => return self.jump_loop(&words),
            Op::JumpEntry {} => return Next::At(0),
            Op::JumpExecutor { executor } => return Next::Leave(Leave::Executor(executor)),
            Op::LeaveAtCall { call, top } => return Next::Leave(Leave::Call { call, top }),
            Op::FinishGenerator {} => return Next::Leave(Leave::Finished(Value(words[0]))),
            Op::FinishReturn {} => {
                let value = Value(words[0]);
                let has_returned = self.machine.return_to_caller(value);
                return Next::Leave(if has_returned { Leave::Caller } else { Leave::Finished(value) });
            }
            Op::ExitTrace {} => return self.leave(uop),
            _ => {}
        }
        let result = match sem::evaluate(&uop.op, &words) {
            Outcome::Word(word) => Some(word),
            Outcome::Leaves => None,
            Outcome::NeedsMachine if self.write(uop, &words) => Some(0),
            Outcome::NeedsMachine => self.on_machine(uop, &words),
        };
        match result {
            Some(word) => {
                self.define(place, word);
                Next::Following
            }
            None => self.leave(uop),
        }
    }

    /// Sets a register, and its home at once.
    fn define(&mut self, place: usize, word: u64) {
        self.registers[place] = word;
        if let Some(home) = self.code.superblock.homes[place] {
            self.machine.set_home(home, word);
        }
    }

    fn jump_loop(&mut self, words: &[u64]) -> Next {
        let (first, count) = self.code.phis;
        for (place, word) in (first..first + count).zip(words) {
            self.define(place, *word);
        }
        Next::At(first + count)
    }

    fn leave(&self, uop: &Uop) -> Next {
        let exit = uop.exit.expect("the verifier has seen that what can leave has an exit");
        match self.code.side_entries[exit.index()] {
            Some(place) => Next::At(place + 1),
            None => Next::Leave(Leave::Exit(exit)),
        }
    }

    /// Does what a micro-op writes; false: it writes nothing.
    fn write(&mut self, uop: &Uop, words: &[u64]) -> bool {
        let machine = &mut *self.machine;
        let value = |place: usize| Value(words[place]);
        match uop.op {
            Op::StoreFrame { slot } => machine.set_frame_slot(slot, value(0)),
            Op::StoreField { field } => machine.store_field(value(0), field, value(1)),
            Op::StoreWord { field } => machine.store_word(value(0), field, words[1] as i64),
            Op::StoreSlot { slot } => machine.store_slot(value(0), slot, value(1)),
            Op::AddSlot { slot, shape } => machine.add_slot(value(0), slot, shape, value(1)),
            Op::StoreGeneratorSlot { slot } => machine.store_generator_slot(value(0), slot, value(1)),
            Op::Suspend { top } => machine.suspend(value(0), top, words[1] as i64),
            Op::StoreElement { field } => machine.store_element(value(0), field, words[1] as i64, value(2)),
            Op::StoreRawInt { element } | Op::StoreRawFloat { element } => {
                machine.store_raw(value(0), element, words[1] as i64, words[2]);
            }
            Op::CopyElements { step } => {
                machine.copy_elements((value(0), words[1] as i64), (value(2), words[3] as i64), words[4] as i64, step)
            }
            _ => return false,
        }
        true
    }

    /// The result (0 where there is none), or `None` to leave.
    fn on_machine(&mut self, uop: &Uop, words: &[u64]) -> Option<u64> {
        let machine = &mut *self.machine;
        let value = |place: usize| Value(words[place]);
        if let (Effect::Escapes, Some(exit)) = (uop.op.effect(), uop.exit) {
            machine.announce(exit);
        }
        let values: SmallVec<[Value; 4]> = words.iter().map(|word| Value(*word)).collect();
        match uop.op {
            Op::LoadFrame { slot } => Some(machine.frame_slot(slot).bits()),
            Op::LoadHome { home, .. } => Some(machine.home(home)),
            Op::Phi { .. } => Some(words[0]),
            Op::LoopStart {} | Op::SideEntry { .. } => Some(0),
            Op::Poll {} => (!machine.has_pending()).then_some(0),
            Op::GuardValid {} => machine.is_valid().then_some(0),
            Op::GuardStack {} => machine.has_stack().then_some(0),
            Op::ForceExit {} => (!machine.forces_exit()).then_some(0),
            Op::CountSteps { steps } => {
                machine.count_steps(steps);
                Some(0)
            }
            Op::GuardFrames { frames, words } => machine.has_frames(frames, words).then_some(0),
            Op::PushFrame { code, start, call, live, words, kind } => {
                machine.push_frame(&FrameCall { code, start, call, live, words, kind }, &values);
                Some(0)
            }
            Op::GuardShape { shape } => (value(0).is_object() && machine.shape(value(0)) == shape).then_some(0),

            Op::UnboxWord {} => {
                let is_word = machine.shape(value(0)) == BuiltinType::Int.shape()
                    && machine.load_word(value(0), Field::IntForm) == IntForm::Word as i64;
                is_word.then(|| machine.load_word(value(0), Field::IntWord) as u64)
            }
            Op::LowBits {} | Op::UnsignedBits {} => {
                let is_int = machine.shape(value(0)) == BuiltinType::Int.shape();
                let form = is_int.then(|| machine.load_word(value(0), Field::IntForm))?;
                let word = machine.load_word(value(0), Field::IntWord);
                let is_wide = form == IntForm::Wide as i64;
                let high = if is_wide { machine.load_word(value(0), Field::IntHigh) } else { word >> 63 };
                let fits = form != IntForm::Big as i64 && (uop.op == Op::LowBits {} || high == 0);
                fits.then_some(word as u64)
            }
            Op::BoxUnsigned {} => match sem::evaluate(&uop.op, words) {
                Outcome::Word(small) => Some(small),
                _ => machine.call_helper(Helper::BoxUnsigned, words).ok().map(Value::bits),
            },
            Op::IntBinary { operator } => {
                let result = machine.call_helper(Helper::IntBinary, &[words[0], words[1], operator.into()]).ok()?;
                (!result.is_unbound()).then(|| result.bits())
            }
            Op::BoxInt {} => Some(machine.box_large_int(words[0] as i64).bits()),
            Op::IsSame {} => Some(machine.are_one_int(value(0), value(1)).into()),
            Op::LoadField { field } => Some(machine.load_field(value(0), field).bits()),
            Op::LoadWord { field } => Some(machine.load_word(value(0), field) as u64),
            Op::LoadSlot { slot } => Some(machine.load_slot(value(0), slot).bits()),
            Op::LoadGeneratorSlot { slot } => Some(machine.load_generator_slot(value(0), slot).bits()),
            Op::LoadRawInt { element } | Op::LoadRawFloat { element } => {
                Some(machine.load_raw(value(0), element, words[1] as i64))
            }
            Op::LoadElement { field } => Some(machine.load_element(value(0), field, words[1] as i64).bits()),

            Op::NewTuple {} => Some(machine.new_tuple(&values).bits()),
            Op::NewList {} => Some(machine.new_list(&values).bits()),
            Op::NewDict {} => Some(machine.new_dict().bits()),
            Op::ListSlice { step } => Some(machine.list_slice(value(0), words[1] as i64, words[2] as i64, step).bits()),
            Op::NewSlice {} => Some(machine.new_slice(value(0), value(1), value(2)).bits()),
            Op::NewInstance { shape, slots } => Some(machine.new_instance(shape, slots, &values).bits()),
            Op::NewCell {} => Some(machine.new_cell(value(0)).bits()),
            Op::NewGenerator { code, ip, awaited, .. } => {
                Some(machine.new_generator(code, ip, awaited, values[0], &values[1..]).bits())
            }
            Op::NewFunction { code } => {
                Some(machine.new_function(code, [value(0), value(1), value(2), value(3)]).bits())
            }
            Op::NewRange {} => Some(machine.new_range(value(0), value(1), value(2), value(3)).bits()),
            Op::NewRangeIter {} => {
                let word = |place: usize| words[place] as i64;
                Some(machine.new_range_iter(word(0), word(1), word(2)).bits())
            }
            Op::NewBoundMethod {} => Some(machine.new_bound_method(value(0), value(1)).bits()),

            Op::CallHelper { helper } => machine.call_helper(helper, words).ok().map(Value::bits),
            Op::CallTest { helper } => machine.call_test(helper, words).ok().map(u64::from),
            Op::CallNative { binding } => machine.call_native(binding, &values).ok().map(Value::bits),
            Op::CallValue {} => machine.call_value(values[0], &values[1..]).ok().map(Value::bits),
            _ => unreachable!("{} has its meaning in `sem` or in `step`", uop.op.name()),
        }
    }
}
