//! What traces do in place of calls of natives. A native's rule stands on its row, next to it:
//!
//! ```text
//!   method("append", "($self, object, /)", append).traced(trace_append)
//!
//!   fn trace_append(call: &mut NativeCall<'_>) -> Traced {
//!       let &[list, item] = call.arguments() else { return Ok(None) };
//!                                                   └ another number of arguments: the native is called
//!       call.guard_shape(list)?;
//!       …
//!       Ok(Some(call.none()))
//!   }        └ what stands for the call's result
//! ```
//!
//! A rule looks at the arguments as they are now, guards what it relies on, and emits what the native would do with such
//! arguments. What it guards it may leave by, so it guards before it changes anything: tier 1 then does the whole call.
//!
//! A module's own objects are read and written by their members, which are told with the type:
//!
//! ```text
//!   let Some(deque) = call.object::<Deque>(operand)? else { return Ok(None) };
//!   let len = call.load(deque, member!(Deque, len))?;
//! ```
//!
//! Rules for a type's slots are in its specification (`SlotRules`).

use super::Abort;
use super::frames::{Recorded, Recorder};
use crate::object::argument::This;
use crate::object::raw::RawSequence;
use crate::object::spec::Object;
use crate::uop::{Effect, Field, Kind, Op, Storage, UopIdx};
use crate::value::Value;
use crate::vm::Vm;
use std::marker::PhantomData;

/// A native's rule.
pub type TraceRule = fn(&mut NativeCall<'_>) -> Traced;

/// The rule for an iterator's step.
pub type NextRule = fn(&mut NativeCall<'_>) -> Traced<Step>;

/// What a rule makes of a call: what stands for the result; `None`: such arguments are not for it (the native is called);
/// or the recording ends.
pub type Traced<T = UopIdx> = Result<Option<T>, Abort>;

/// An iterator's step.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    Value(UopIdx),
    Exhausted,
}

/// What traces do in place of calls of a type's slots; they are asked for exact instances.
#[derive(Clone, Copy)]
pub struct SlotRules {
    /// `len(value)`. It is also asked for the truth of a value whose type has no other; a machine integer will do.
    pub len: Option<TraceRule>,
    /// `container[key]`.
    pub get_item: Option<TraceRule>,
    /// `container[key] = value`; its result is not used.
    pub set_item: Option<TraceRule>,
    pub next: Option<NextRule>,
}

impl SlotRules {
    pub const NONE: SlotRules = SlotRules { len: None, get_item: None, set_item: None, next: None };
}

/// An argument: what stands for it in the trace, and what it is now.
#[derive(Clone, Copy)]
pub struct Operand {
    pub uop: UopIdx,
    pub now: Value,
}

/// A member of a `T`, a value or a 64-bit word; from `member!`.
pub struct Member<T, F> {
    offset: usize,
    types: PhantomData<(fn(T), F)>,
}

impl<T: Object, F: MemberType> Member<T, F> {
    /// # Safety
    /// There is an `F` at this offset in a `T`.
    pub const unsafe fn new(offset: usize, _: fn(&T) -> &F) -> Member<T, F> {
        Member { offset, types: PhantomData }
    }
    fn field(&self) -> Field {
        let offset = u16::try_from(self.offset).expect("objects with members for traces are small");
        match F::STORAGE {
            Storage::Value => Field::OwnValue(offset),
            Storage::Word | Storage::Half => Field::OwnWord(offset),
        }
    }
}

/// The type of a member that traces may use.
///
/// # Safety
/// It is one word, stored so.
pub unsafe trait MemberType {
    const STORAGE: Storage;
}
// SAFETY: a value is one word.
unsafe impl MemberType for Value {
    const STORAGE: Storage = Storage::Value;
}
// SAFETY: as the name says.
unsafe impl MemberType for u64 {
    const STORAGE: Storage = Storage::Word;
}
// SAFETY: as the name says.
unsafe impl MemberType for i64 {
    const STORAGE: Storage = Storage::Word;
}
// SAFETY: as wide as an address.
unsafe impl MemberType for usize {
    const STORAGE: Storage = Storage::Word;
}

/// A member of a type's objects, for `NativeCall::load` and `store`: `member!(Deque, len)`. It can be named where the field can.
#[macro_export]
macro_rules! member {
    ($type:ty, $($field:tt).+) => {
        // SAFETY: the offset is that of the field, whose type the function tells.
        unsafe { $crate::trace::Member::new(std::mem::offset_of!($type, $($field).+), |object: &$type| &object.$($field).+) }
    };
}

/// An operand that the trace knows to be a `T`.
pub struct Known<T> {
    pub uop: UopIdx,
    pub now: This<T>,
}

impl<T> Clone for Known<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Known<T> {}

/// The call of a native that is being recorded.
pub struct NativeCall<'r> {
    pub vm: &'r mut Vm,
    pub(crate) recorder: &'r mut Recorder,
    arguments: &'r [Operand],
}

impl<'r> NativeCall<'r> {
    pub(super) fn new(recorder: &'r mut Recorder, vm: &'r mut Vm, arguments: &'r [Operand]) -> NativeCall<'r> {
        NativeCall { vm, recorder, arguments }
    }

    /// The arguments that are given, by position; a method's receiver and a constructor's class are the first.
    pub fn arguments(&self) -> &'r [Operand] {
        self.arguments
    }

    /// What the argument is known to be wherever the trace runs.
    pub fn known(&self, operand: Operand) -> Option<Value> {
        self.recorder.emitter.known_value(operand.uop)
    }

    /// Guards that the argument is of the class and the layout that it is of now. (Of its layout alone, where its class
    /// may be changed: who looks things up on the class uses `guard_class`.)
    pub fn guard_shape(&mut self, operand: Operand) -> Recorded<()> {
        if !operand.now.is_object() {
            return Err(Abort::Unsupported);
        }
        self.recorder.guard_shape(operand.uop, self.vm.shape_of(operand.now))
    }

    /// Guards that the argument is of the class that it is of now, and that this class stays as it is.
    pub fn guard_class(&mut self, operand: Operand) -> Recorded<()> {
        self.recorder.guard_type(self.vm, operand.uop, operand.now)
    }

    /// Guards that the argument is the very object that it is now.
    pub fn guard_is(&mut self, operand: Operand) -> Recorded<UopIdx> {
        self.recorder.guard_is(self.vm, operand.uop, operand.now)
    }

    /// The machine integer of an argument, guarded; `None` where it is no small int now.
    pub fn int(&mut self, operand: Operand) -> Recorded<Option<UopIdx>> {
        if operand.now.is_int() { self.recorder.int(operand.uop).map(Some) } else { Ok(None) }
    }

    /// The machine float of an argument, guarded; `None` where it is no float now.
    pub fn float(&mut self, operand: Operand) -> Recorded<Option<UopIdx>> {
        if operand.now.is_float() { self.recorder.float(operand.uop).map(Some) } else { Ok(None) }
    }

    /// The machine float of a float or small int, guarded; `None` where the argument is neither now.
    pub fn number(&mut self, operand: Operand) -> Recorded<Option<UopIdx>> {
        if operand.now.is_float() || operand.now.is_int() {
            self.recorder.as_float(operand.uop, operand.now).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Arithmetic: a micro-op over machine numbers, which leaves where it has no result.
    pub fn compute(&mut self, op: Op, inputs: &[UopIdx]) -> Recorded<UopIdx> {
        let is_arithmetic = matches!(op.effect(), Effect::Pure | Effect::Guard | Effect::Exits | Effect::Raises);
        let is_number = |kind: Option<Kind>| !matches!(kind, Some(Kind::Value | Kind::Any));
        let fits = inputs.iter().enumerate().all(|(place, &input)| {
            let kind = op.input_kind(place);
            kind.is_some() && is_number(kind) && self.recorder.emitter.kind(input) == kind
        });
        let is_complete = op.input_kind(inputs.len()).is_none();
        if is_arithmetic && is_complete && fits && is_number(op.output_kind()) {
            self.recorder.guarded(op, inputs)
        } else {
            Err(Abort::Unsupported)
        }
    }

    /// Leaves unless the truth value that stands here is the one that it has now.
    pub fn guard_truth(&mut self, condition: UopIdx, now: bool) -> Recorded<()> {
        let op = if now { Op::GuardTrue {} } else { Op::GuardFalse {} };
        self.compute(op, &[condition]).map(|_| ())
    }

    /// A machine integer.
    pub fn const_int(&mut self, value: i64) -> UopIdx {
        self.recorder.emitter.const_int(value)
    }

    /// A value that stays the same; the trace keeps it alive.
    pub fn constant(&mut self, value: Value) -> UopIdx {
        self.recorder.constant(self.vm, value)
    }

    /// None, the result of what has none.
    pub fn none(&mut self) -> UopIdx {
        self.recorder.emitter.const_value(Value::NONE)
    }

    /// The machine integer of what is known to be an int.
    pub fn integer(&mut self, value: UopIdx) -> Option<UopIdx> {
        self.recorder.emitter.as_kind(value, Kind::Int)
    }

    /// The Python object of a machine number.
    pub fn boxed(&mut self, number: UopIdx) -> UopIdx {
        self.recorder.emitter.boxed(number)
    }

    /// Guards that an operand is a `T`, of the class that it is of now; `None` where it is none now.
    pub fn object<T: Object>(&mut self, operand: Operand) -> Recorded<Option<Known<T>>> {
        let Some(now) = This::<T>::of(self.vm, operand.now) else { return Ok(None) };
        self.guard_shape(operand)?;
        Ok(Some(Known { uop: operand.uop, now }))
    }

    /// What a member is: a boxed value or a machine integer.
    pub fn load<T: Object, F: MemberType>(&mut self, object: Known<T>, member: Member<T, F>) -> Recorded<UopIdx> {
        let field = self.field_of(&member)?;
        let op = if field.storage() == Storage::Value { Op::LoadField { field } } else { Op::LoadWord { field } };
        self.recorder.emit(op, &[object.uop], None)
    }

    /// Sets a member.
    pub fn store<T: Object, F: MemberType>(
        &mut self,
        object: Known<T>,
        member: Member<T, F>,
        value: UopIdx,
    ) -> Recorded<()> {
        let field = self.field_of(&member)?;
        let (op, kind) = match field.storage() {
            Storage::Value => (Op::StoreField { field }, Kind::Value),
            Storage::Word | Storage::Half => (Op::StoreWord { field }, Kind::Int),
        };
        let value = self.recorder.emitter.as_kind(value, kind).ok_or(Abort::Unsupported)?;
        self.recorder.emit(op, &[object.uop, value], None).map(|_| ())
    }

    fn field_of<T: Object, F: MemberType>(&self, member: &Member<T, F>) -> Recorded<Field> {
        // The fields that such objects begin with have names of their own.
        let is_raw = T::SPEC.has_raw_items && member.offset < size_of::<RawSequence>();
        if is_raw { Err(Abort::Unsupported) } else { Ok(member.field()) }
    }

    /// How many places a value array has.
    ///
    /// # Safety
    /// It is one wherever the trace runs.
    pub unsafe fn capacity(&mut self, array: UopIdx) -> Recorded<UopIdx> {
        self.recorder.emit(Op::LoadWord { field: Field::ArrayCapacity }, &[array], None)
    }

    /// What is at a place of a value array.
    ///
    /// # Safety
    /// It is one, and has such a place, wherever the trace runs.
    pub unsafe fn load_place(&mut self, array: UopIdx, place: UopIdx) -> Recorded<UopIdx> {
        self.recorder.emit(Op::LoadElement { field: Field::ArrayElement }, &[array, place], None)
    }

    /// Sets a place of a value array.
    ///
    /// # Safety
    /// It is one, and has such a place, wherever the trace runs.
    pub unsafe fn store_place(&mut self, array: UopIdx, place: UopIdx, value: UopIdx) -> Recorded<()> {
        let value = self.recorder.emitter.boxed(value);
        self.recorder.emit(Op::StoreElement { field: Field::ArrayElement }, &[array, place, value], None).map(|_| ())
    }

    /// `index` as a number from 0 to `len`, itself not included, negative ones counted from the end; guarded. The index is in
    /// the range now.
    pub fn place(&mut self, index: Operand, len: UopIdx) -> Recorded<UopIdx> {
        if !index.now.is_int() {
            return Err(Abort::Unsupported);
        }
        self.recorder.checked_index(index.uop, index.now.as_int(), len)
    }

    /// Number of items of an array of machine numbers; `None` where it is none now.
    pub fn raw_len(&mut self, array: Operand) -> Traced {
        self.recorder.raw_len(self.vm, array.now, array.uop)
    }

    /// Item `index` of an array of machine numbers, which is there now; `None` where it is not.
    pub fn raw_item(&mut self, array: Operand, index: UopIdx, index_now: i64) -> Traced {
        let Some(key) = Value::try_small_int(index_now) else { return Ok(None) };
        self.recorder.raw_subscript(self.vm, array.now, key, [array.uop, index])
    }

    /// Is the argument one of the type whose memory is a `T` now, be it of a derived class?
    pub(crate) fn is_a<T: Object>(&self, operand: Operand) -> bool {
        self.vm.is_a::<T>(operand.now)
    }
}

impl Recorder {
    /// What a rule of the first operand's exact type makes of a slot's call.
    pub(crate) fn slot_rule(
        &mut self,
        vm: &mut Vm,
        rule: impl FnOnce(&SlotRules) -> Option<TraceRule>,
        operands: &[Operand],
    ) -> Traced {
        match vm.exact_spec(operands[0].now).and_then(|spec| rule(&spec.traced)) {
            Some(rule) => rule(&mut NativeCall::new(self, vm, operands)),
            None => Ok(None),
        }
    }

    /// The step of an iterator whose type has a rule for that.
    pub(super) fn step_of(&mut self, vm: &mut Vm, iterator: Operand) -> Traced<Step> {
        match vm.exact_spec(iterator.now).and_then(|spec| spec.traced.next) {
            Some(rule) => rule(&mut NativeCall::new(self, vm, &[iterator])),
            None => Ok(None),
        }
    }
}
