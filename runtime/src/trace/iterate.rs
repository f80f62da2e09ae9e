//! Recording iteration.

use super::Abort;
use super::frames::{Recorded, Recorder};
use super::generators::Resumed;
use super::rule::{Operand, Step};
use super::step::{Expected, Flow};
use super::tables::is_table_iterator;
use crate::interp::dispatch::State;
use crate::object::layout::{DictIter, EnumerateObject, ListObject, RangeIter, SeqIter, TupleObject};
use crate::object::types::{BuiltinType, FIRST_INSTANCE_SHAPE};
use crate::uop::{Field, Helper, Op, UopIdx};
use crate::value::Value;
use crate::vm::Vm;

impl Recorder {
    pub(super) unsafe fn get_iter(&mut self, vm: &mut Vm, s: State) -> Recorded<()> {
        // SAFETY: the stack has the iterable.
        let actual = unsafe { s.peek(1) };
        let value = self.peek(1)?;
        let is_iterator = actual.is_object()
            && vm.shape_of(actual) < FIRST_INSTANCE_SHAPE
            && matches!(
                vm.layout_of(actual),
                BuiltinType::RangeIter
                    | BuiltinType::ListIter
                    | BuiltinType::TupleIter
                    | BuiltinType::Enumerate
                    | BuiltinType::Zip
                    | BuiltinType::Generator
                    | BuiltinType::DictKeyIter
                    | BuiltinType::DictValueIter
                    | BuiltinType::DictItemIter
                    | BuiltinType::SetIter
                    | BuiltinType::Map
                    | BuiltinType::Filter
            );
        if is_iterator {
            return self.guard_shape(value, vm.shape_of(actual));
        }
        if vm.is_exact(actual, BuiltinType::Range)
            // SAFETY: an exact range, which does not change.
            && let Some(iterator) = self.range_iter(value, unsafe { &*actual.as_ptr() }, false)?
        {
            self.reduce(1, iterator);
            return Ok(());
        }
        let result = match vm.layout_of(actual) {
            BuiltinType::List => Some(BuiltinType::ListIter),
            BuiltinType::Tuple => Some(BuiltinType::TupleIter),
            BuiltinType::Range => Some(BuiltinType::RangeIter),
            BuiltinType::Dict => Some(BuiltinType::DictKeyIter),
            BuiltinType::Set | BuiltinType::FrozenSet => Some(BuiltinType::SetIter),
            _ => None,
        };
        if let Some(result) = result
            && self.inherits(vm, actual, vm.names.__iter__)
        {
            self.guard_shape(value, vm.shape_of(actual))?;
            let exit = self.error();
            let iterator = self.emit(Op::CallHelper { helper: Helper::IterOfSequence }, &[value], Some(exit))?;
            if result != BuiltinType::RangeIter {
                self.emitter.assume_shape(iterator, result.shape());
            }
            self.reduce(1, iterator);
            return Ok(());
        }
        let iterator = self.escaping(Op::CallHelper { helper: Helper::GetIter }, &[value])?;
        self.reduce(1, iterator);
        Ok(())
    }

    pub(super) unsafe fn for_iter(&mut self, vm: &mut Vm, s: State, target: u32) -> Recorded<Flow> {
        // SAFETY: the stack has the iterator.
        let actual = unsafe { s.peek(1) };
        let iterator = self.peek(1)?;
        if vm.is_exact(actual, BuiltinType::Generator) {
            let none = self.emitter.const_value(Value::NONE);
            // SAFETY: an exact generator.
            return match unsafe { self.resume(vm, actual, iterator, none, 0, None)? } {
                Resumed::Entered(flow) => Ok(flow),
                Resumed::IsFinished => Ok(Flow::Continue(Expected::At(target + 1))),
                Resumed::No => self.for_iter_called(iterator, target),
            };
        }
        // SAFETY: as above.
        match unsafe { self.next_of(vm, actual, iterator)? } {
            Next::Value(value) => {
                self.push(value);
                Ok(Flow::Continue(Expected::At(self.ip + 1)))
            }
            Next::Exhausted => Ok(Flow::Continue(Expected::At(target + 1))),
            Next::Unknown => self.for_iter_called(iterator, target),
        }
    }

    /// The next value of an iterator whose steps are known, or that it has none.
    unsafe fn next_of(&mut self, vm: &mut Vm, actual: Value, iterator: UopIdx) -> Recorded<Next> {
        if !actual.is_object() {
            return Err(Abort::Unsupported);
        }
        match vm.shape_of(actual) {
            // SAFETY: the shape says what it is.
            shape if shape == BuiltinType::RangeIter.shape() => unsafe {
                self.range_next(&*actual.as_ptr::<RangeIter>(), iterator)
            },
            shape if shape == BuiltinType::ListIter.shape() || shape == BuiltinType::TupleIter.shape() => {
                // SAFETY: as above.
                unsafe { self.sequence_next(&*actual.as_ptr::<SeqIter>(), iterator, shape) }
            }
            shape if shape == BuiltinType::SequenceIter.shape() => {
                // SAFETY: as above.
                unsafe { self.items_next(vm, &*actual.as_ptr::<SeqIter>(), iterator) }
            }
            shape if is_table_iterator(shape) => {
                // SAFETY: as above.
                unsafe { self.table_next(&*actual.as_ptr::<DictIter>(), iterator, shape) }
            }
            shape if shape == BuiltinType::Enumerate.shape() => {
                // SAFETY: as above.
                unsafe { self.enumerate_next(vm, &*actual.as_ptr::<EnumerateObject>(), iterator) }
            }
            _ => Ok(match self.step_of(vm, Operand { uop: iterator, now: actual })? {
                Some(Step::Value(value)) => Next::Value(value),
                Some(Step::Exhausted) => Next::Exhausted,
                None => Next::Unknown,
            }),
        }
    }

    fn range_next(&mut self, actual: &RangeIter, iterator: UopIdx) -> Recorded<Next> {
        self.guard_shape(iterator, BuiltinType::RangeIter.shape())?;
        let remaining = self.emit(Op::LoadWord { field: Field::RangeIterRemaining }, &[iterator], None)?;
        let zero = self.emitter.const_int(0);
        let has_more = self.emit(Op::IntLt {}, &[zero, remaining], None)?;
        if actual.remaining <= 0 {
            self.guarded(Op::GuardFalse {}, &[has_more])?;
            return Ok(Next::Exhausted);
        }
        self.guarded(Op::GuardTrue {}, &[has_more])?;
        let next = self.emit(Op::LoadWord { field: Field::RangeIterNext }, &[iterator], None)?;
        let step = self.emit(Op::LoadWord { field: Field::RangeIterStep }, &[iterator], None)?;
        let one = self.emitter.const_int(1);
        let after = self.emit(Op::IntAddWrap {}, &[next, step], None)?;
        let left = self.emit(Op::IntSubWrap {}, &[remaining, one], None)?;
        self.emit(Op::StoreWord { field: Field::RangeIterNext }, &[iterator, after], None)?;
        self.emit(Op::StoreWord { field: Field::RangeIterRemaining }, &[iterator, left], None)?;
        self.box_int(next).map(Next::Value)
    }

    fn sequence_next(&mut self, actual: &SeqIter, iterator: UopIdx, shape: u32) -> Recorded<Next> {
        self.guard_shape(iterator, shape)?;
        let sequence = self.emit(Op::LoadField { field: Field::SeqIterSequence }, &[iterator], None)?;
        if actual.sequence.is_unbound() {
            self.guarded(Op::GuardIs { bits: 0 }, &[sequence])?;
            return Ok(Next::Exhausted);
        }
        let is_list = shape == BuiltinType::ListIter.shape();
        let (len_field, element) =
            if is_list { (Field::ListLen, Field::ArrayElement) } else { (Field::TupleLen, Field::TupleElement) };
        // SAFETY: the sequence of such an iterator has list or tuple layout, its class may be a subclass.
        let (sequence_shape, len_now) = unsafe {
            let header = *actual.sequence.as_ptr::<crate::object::header::Header>();
            let len = if is_list {
                (*actual.sequence.as_ptr::<ListObject>()).len
            } else {
                (*actual.sequence.as_ptr::<TupleObject>()).len
            };
            (header.shape, len)
        };
        self.guard_shape(sequence, sequence_shape)?;
        let index = self.emit(Op::LoadWord { field: Field::SeqIterIndex }, &[iterator], None)?;
        let len = self.emit(Op::LoadWord { field: len_field }, &[sequence], None)?;
        let inside = self.emit(Op::IntUlt {}, &[index, len], None)?;
        if actual.index >= len_now {
            self.guarded(Op::GuardFalse {}, &[inside])?;
            let unbound = self.emitter.const_value(Value::UNBOUND);
            self.emit(Op::StoreField { field: Field::SeqIterSequence }, &[iterator, unbound], None)?;
            return Ok(Next::Exhausted);
        }
        self.guarded(Op::GuardTrue {}, &[inside])?;
        let array =
            if is_list { self.emit(Op::LoadField { field: Field::ListItems }, &[sequence], None)? } else { sequence };
        let value = self.emit(Op::LoadElement { field: element }, &[array, index], None)?;
        let one = self.emitter.const_int(1);
        let after = self.emit(Op::IntAddWrap {}, &[index, one], None)?;
        self.emit(Op::StoreWord { field: Field::SeqIterIndex }, &[iterator, after], None)?;
        Ok(Next::Value(value))
    }

    /// A step over what is iterated over by its items, where its type has rules for them and for their number.
    fn items_next(&mut self, vm: &mut Vm, actual: &SeqIter, iterator: UopIdx) -> Recorded<Next> {
        let Some(spec) = vm.exact_spec(actual.sequence).filter(|spec| spec.is_iterated_by_index) else {
            return Ok(Next::Unknown);
        };
        let (Some(_), Some(_), Some(index_now)) =
            (spec.traced.len, spec.traced.get_item, Value::try_small_int(actual.index as i64))
        else {
            return Ok(Next::Unknown);
        };
        let len_now = vm.len(actual.sequence).map_err(|_| Abort::Unsupported)?;
        self.guard_shape(iterator, BuiltinType::SequenceIter.shape())?;
        let uop = self.emit(Op::LoadField { field: Field::SeqIterSequence }, &[iterator], None)?;
        let sequence = Operand { uop, now: actual.sequence };
        let Some(len) = self.slot_rule(vm, |rules| rules.len, &[sequence])? else { return Ok(Next::Unknown) };
        let len = self.int(len)?;
        let index = self.emit(Op::LoadWord { field: Field::SeqIterIndex }, &[iterator], None)?;
        let inside = self.emit(Op::IntUlt {}, &[index, len], None)?;
        if actual.index >= len_now {
            self.guarded(Op::GuardFalse {}, &[inside])?;
            let unbound = self.emitter.const_value(Value::UNBOUND);
            self.emit(Op::StoreField { field: Field::SeqIterSequence }, &[iterator, unbound], None)?;
            return Ok(Next::Exhausted);
        }
        self.guarded(Op::GuardTrue {}, &[inside])?;
        let operands = [sequence, Operand { uop: index, now: index_now }];
        let Some(value) = self.slot_rule(vm, |rules| rules.get_item, &operands)? else { return Ok(Next::Unknown) };
        let one = self.emitter.const_int(1);
        let after = self.emit(Op::IntAddWrap {}, &[index, one], None)?;
        self.emit(Op::StoreWord { field: Field::SeqIterIndex }, &[iterator, after], None)?;
        Ok(Next::Value(value))
    }

    unsafe fn enumerate_next(&mut self, vm: &mut Vm, actual: &EnumerateObject, iterator: UopIdx) -> Recorded<Next> {
        let inner_shape = if actual.iterator.is_object() { vm.shape_of(actual.iterator) } else { 0 };
        let is_known = [BuiltinType::RangeIter, BuiltinType::ListIter, BuiltinType::TupleIter]
            .iter()
            .any(|ty| ty.shape() == inner_shape)
            || vm.exact_spec(actual.iterator).is_some_and(|spec| spec.traced.next.is_some());
        if !is_known {
            return Ok(Next::Unknown);
        }
        self.guard_shape(iterator, BuiltinType::Enumerate.shape())?;
        let inner = self.emit(Op::LoadField { field: Field::EnumerateIter }, &[iterator], None)?;
        // Beyond words tier 1 counts. That is seen before anything is changed: what leaves runs the instruction anew.
        let count = self.emit(Op::LoadWord { field: Field::EnumerateCount }, &[iterator], None)?;
        let one = self.emitter.const_int(1);
        let after = self.guarded(Op::IntAdd {}, &[count, one])?;
        // SAFETY: the iterator's shape is known.
        match unsafe { self.next_of(vm, actual.iterator, inner)? } {
            Next::Value(value) => {
                self.emit(Op::StoreWord { field: Field::EnumerateCount }, &[iterator, after], None)?;
                let number = self.box_int(count)?;
                let value = self.emitter.boxed(value);
                self.emit(Op::NewTuple {}, &[number, value], None).map(Next::Value)
            }
            other => Ok(other),
        }
    }

    /// Calls the iterator: which way it goes is seen only after the call.
    fn for_iter_called(&mut self, iterator: UopIdx, target: u32) -> Recorded<Flow> {
        let value = self.escaping(Op::CallHelper { helper: Helper::IterNext }, &[iterator])?;
        Ok(Flow::Continue(Expected::AfterNext { value, end: target + 1 }))
    }

    /// An iterator was called: it gave a value, or the loop is over and goes on at `end`, the iterator still on the stack.
    pub(super) fn stepped(&mut self, value: UopIdx, is_over: bool, end: u32) -> Recorded<()> {
        if is_over {
            self.push(value);
            let exit = self.side_at(self.ip + 1, 0);
            self.drop(1);
            self.emit(Op::GuardIs { bits: Value::UNBOUND.0 }, &[value], Some(exit))?;
        } else {
            let exit = self.side_at(end, 0);
            self.emit(Op::GuardIsNot { bits: Value::UNBOUND.0 }, &[value], Some(exit))?;
            self.push(value);
        }
        Ok(())
    }
}

pub(super) enum Next {
    Value(UopIdx),
    Exhausted,
    /// Not an iterator whose steps are known.
    Unknown,
}
