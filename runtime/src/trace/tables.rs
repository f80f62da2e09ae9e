//! Recording what is done with dicts and sets, and searches of any container.
//!
//! Where no Python code has to run now, helpers are called that run none, and leave where they would have to: what is
//! known of the heap stays known across them.

use super::frames::{Recorded, Recorder};
use super::iterate::Next;
use super::rule::Operand;
use crate::interp::dispatch::State;
use crate::object::dict::{ENTRY_WORDS, Table};
use crate::object::layout::DictIter;
use crate::object::operate::op;
use crate::object::types::BuiltinType;
use crate::uop::{Field, Helper, Op, UopIdx};
use crate::value::Value;
use crate::vm::Vm;

/// Whether this is the shape of an iterator over a dict or set.
pub(super) fn is_table_iterator(shape: u32) -> bool {
    let types = [BuiltinType::SetIter, BuiltinType::DictKeyIter, BuiltinType::DictValueIter, BuiltinType::DictItemIter];
    types.iter().any(|ty| ty.shape() == shape)
}

fn is_exact_set(vm: &Vm, value: Value) -> bool {
    vm.is_exact(value, BuiltinType::Set) || vm.is_exact(value, BuiltinType::FrozenSet)
}

impl Recorder {
    /// Calls a test that leaves where it cannot tell.
    fn simple_test(&mut self, helper: Helper, inputs: [UopIdx; 2]) -> Recorded<UopIdx> {
        let inputs = inputs.map(|input| self.emitter.boxed(input));
        self.guarded(Op::CallTest { helper }, &inputs)
    }

    /// Calls a helper that gives unbound where it cannot tell.
    fn simple_value(&mut self, helper: Helper, inputs: &[UopIdx]) -> Recorded<UopIdx> {
        let value = self.reading(helper, inputs)?;
        self.guarded(Op::GuardIsNot { bits: Value::UNBOUND.bits() }, &[value])?;
        Ok(value)
    }

    /// `item in container`.
    pub(super) unsafe fn contains(&mut self, vm: &mut Vm, s: State, negated: bool) -> Recorded<()> {
        // SAFETY: the stack has both operands.
        let (item_now, container_now) = unsafe { (s.peek(2), s.peek(1)) };
        let (item, container) = (self.peek(2)?, self.peek(1)?);
        let is_simple = container_now.is_object() && vm.simple_contains(container_now, item_now).is_some();
        let found = if is_simple {
            self.guard_shape(container, vm.shape_of(container_now))?;
            self.simple_test(Helper::SimpleContains, [container, item])?
        } else {
            self.escaping(Op::CallTest { helper: Helper::Contains }, &[container, item])?
        };
        let found = if negated { self.emit(Op::BoolNot {}, &[found], None)? } else { found };
        let boxed = self.box_bool(found)?;
        self.reduce(2, boxed);
        Ok(())
    }

    /// `<=` and `>=` of sets.
    pub(super) fn subset(
        &mut self,
        vm: &mut Vm,
        operator: u32,
        actual: [Value; 2],
        operands: [UopIdx; 2],
    ) -> Recorded<Option<UopIdx>> {
        const LESS_EQUAL: u32 = 1;
        const GREATER_EQUAL: u32 = 5;
        if !matches!(operator, LESS_EQUAL | GREATER_EQUAL) || !actual.iter().all(|&operand| is_exact_set(vm, operand)) {
            return Ok(None);
        }
        let (mut inputs, [mut left, mut right]) = (operands, actual);
        if operator == GREATER_EQUAL {
            inputs.swap(0, 1);
            std::mem::swap(&mut left, &mut right);
        }
        if vm.simple_subset(left, right).is_none() {
            return Ok(None);
        }
        self.guard_shape(inputs[0], vm.shape_of(left))?;
        self.guard_shape(inputs[1], vm.shape_of(right))?;
        self.simple_test(Helper::SimpleSubset, inputs).map(Some)
    }

    /// `&` and `-` of sets. (In place, a set changes.)
    pub(super) fn set_operation(
        &mut self,
        vm: &mut Vm,
        operator: u32,
        actual: [Value; 2],
        operands: [UopIdx; 2],
    ) -> Recorded<Option<UopIdx>> {
        if !matches!(operator, op::AND | op::SUBTRACT) || !actual.iter().all(|&operand| is_exact_set(vm, operand)) {
            return Ok(None);
        }
        if !matches!(vm.simple_set_operation(operator, actual[0], actual[1]), Ok(Some(_))) {
            vm.clear_exception();
            return Ok(None);
        }
        let shape = vm.shape_of(actual[0]);
        self.guard_shape(operands[0], shape)?;
        self.guard_shape(operands[1], vm.shape_of(actual[1]))?;
        let operator = self.emitter.const_int(operator.into());
        let result = self.simple_value(Helper::SimpleSetOperation, &[operands[0], operands[1], operator])?;
        self.emitter.assume_shape(result, shape);
        Ok(Some(result))
    }

    /// `dict[key]`, where the key is there.
    pub(super) fn dict_subscript(
        &mut self,
        vm: &mut Vm,
        [dict, key]: [Value; 2],
        operands: [UopIdx; 2],
    ) -> Recorded<Option<UopIdx>> {
        let is_there = vm.has_layout(dict, BuiltinType::Dict)
            && vm.simple_get(dict, key).is_some_and(|value| !value.is_unbound())
            && self.inherits(vm, dict, vm.names.__getitem__);
        if !is_there {
            return Ok(None);
        }
        self.guard_shape(operands[0], vm.shape_of(dict))?;
        self.simple_value(Helper::SimpleGet, &operands).map(Some)
    }

    /// `{key: value, …}` of the top `2 * n` values.
    pub(super) fn build_map(&mut self, vm: &mut Vm, n: usize) -> Recorded<()> {
        let items = self.boxed_top(2 * n)?;
        let is_plain = |key: &UopIdx| {
            let known = self.emitter.known_value(*key);
            known.is_some_and(|key| key.is_int() || vm.is_exact(key, BuiltinType::Str))
        };
        let dict = if items.is_empty() {
            self.emit(Op::NewDict {}, &[], None)?
        } else if items.iter().step_by(2).all(is_plain) {
            self.reading(Helper::SimpleMap, &items)?
        } else {
            self.escaping(Op::CallHelper { helper: Helper::BuildMap }, &items)?
        };
        self.emitter.assume_shape(dict, BuiltinType::Dict.shape());
        self.reduce(2 * n, dict);
        Ok(())
    }

    /// `dict.get(key, default)`.
    pub(crate) fn dict_get(
        &mut self,
        vm: &mut Vm,
        [dict, key]: [Operand; 2],
        default: UopIdx,
    ) -> Recorded<Option<UopIdx>> {
        if !vm.has_layout(dict.now, BuiltinType::Dict) || vm.simple_get(dict.now, key.now).is_none() {
            return Ok(None);
        }
        self.guard_shape(dict.uop, vm.shape_of(dict.now))?;
        self.simple_value(Helper::SimpleGetOr, &[dict.uop, key.uop, default]).map(Some)
    }

    /// `dict[key] = value`; false: Python code might have to run.
    pub(super) fn dict_store(&mut self, vm: &mut Vm, [dict, key]: [Operand; 2], value: UopIdx) -> Recorded<bool> {
        let is_simple = vm.has_layout(dict.now, BuiltinType::Dict)
            && vm.simple_get(dict.now, key.now).is_some()
            && self.inherits(vm, dict.now, vm.names.__setitem__);
        if !is_simple {
            return Ok(false);
        }
        self.guard_shape(dict.uop, vm.shape_of(dict.now))?;
        self.change_table(Helper::SimpleSet, &[dict.uop, key.uop, value])?;
        Ok(true)
    }

    /// `del container[key]`.
    pub(super) unsafe fn delete_subscript(&mut self, vm: &mut Vm, s: State) -> Recorded<()> {
        // SAFETY: the stack has both operands.
        let (container_now, key_now) = unsafe { (s.peek(2), s.peek(1)) };
        let (container, key) = (self.peek(2)?, self.peek(1)?);
        let is_simple = vm.has_layout(container_now, BuiltinType::Dict)
            && vm.simple_get(container_now, key_now).is_some_and(|value| !value.is_unbound())
            && self.inherits(vm, container_now, vm.names.__delitem__);
        if is_simple {
            self.guard_shape(container, vm.shape_of(container_now))?;
            self.change_table(Helper::SimpleDel, &[container, key])?;
        } else {
            self.escaping(Op::CallHelper { helper: Helper::DelItem }, &[container, key])?;
        }
        self.drop(2);
        Ok(())
    }

    /// `set.add(item)`; false: Python code might have to run.
    pub(crate) fn add_to_set(&mut self, vm: &mut Vm, [set, item]: [Operand; 2]) -> Recorded<bool> {
        if !vm.is_exact(set.now, BuiltinType::Set) || vm.simple_contains(set.now, item.now).is_none() {
            return Ok(false);
        }
        self.guard_shape(set.uop, BuiltinType::Set.shape())?;
        self.change_table(Helper::SimpleAdd, &[set.uop, item.uop])?;
        Ok(true)
    }

    /// Calls a helper that changes a dict or set, or gives unbound and has done nothing.
    fn change_table(&mut self, helper: Helper, inputs: &[UopIdx]) -> Recorded<()> {
        self.simple_value(helper, inputs)?;
        self.needs_valid_check = true;
        Ok(())
    }

    /// `min` and `max` of a container of numbers.
    pub(crate) fn extreme(
        &mut self,
        vm: &mut Vm,
        actual: Value,
        container: UopIdx,
        largest: bool,
    ) -> Recorded<Option<UopIdx>> {
        if vm.simple_extreme(actual, largest).is_none() {
            return Ok(None);
        }
        self.guard_shape(container, vm.shape_of(actual))?;
        self.simple_value(if largest { Helper::SimpleMax } else { Helper::SimpleMin }, &[container]).map(Some)
    }

    /// A step of an iterator over a dict or set that has not changed its size.
    pub(super) fn table_next(&mut self, actual: &DictIter, iterator: UopIdx, shape: u32) -> Recorded<Next> {
        if actual.dict.is_unbound() {
            return Ok(Next::Unknown);
        }
        let is_set = shape == BuiltinType::SetIter.shape();
        // SAFETY: an iterator that is not used up has a dict or set.
        let table_now = unsafe { Table::of_known(actual.dict) };
        let index_now = if is_set { table_now.next_place(actual.index) } else { actual.index };
        let is_at_end = index_now >= table_now.used;
        let is_deleted = !is_at_end && table_now.key_at(index_now).is_unbound();
        let is_beyond = !is_set && index_now >= actual.limit && !is_at_end;
        if table_now.len != actual.expected_len || is_deleted || is_beyond {
            return Ok(Next::Unknown);
        }
        self.guard_shape(iterator, shape)?;
        let table = self.emit(Op::LoadField { field: Field::DictIterDict }, &[iterator], None)?;
        self.guarded(Op::GuardIsNot { bits: Value::UNBOUND.bits() }, &[table])?;
        let len = self.emit(Op::LoadWord { field: Field::DictLen }, &[table], None)?;
        let expected = self.emit(Op::LoadWord { field: Field::DictIterExpected }, &[iterator], None)?;
        let is_as_long = self.emit(Op::IntEq {}, &[len, expected], None)?;
        self.guarded(Op::GuardTrue {}, &[is_as_long])?;
        let mut index = self.emit(Op::LoadWord { field: Field::DictIterIndex }, &[iterator], None)?;
        if is_set {
            // Most places of a set may be free.
            let exit = self.error();
            let place = self.emit(Op::CallHelper { helper: Helper::SetPlace }, &[table, index], Some(exit))?;
            index = self.int(place)?;
        }
        let used = self.emit(Op::LoadWord { field: Field::DictUsed }, &[table], None)?;
        let inside = self.emit(Op::IntUlt {}, &[index, used], None)?;
        if is_at_end {
            self.guarded(Op::GuardFalse {}, &[inside])?;
            let unbound = self.emitter.const_value(Value::UNBOUND);
            self.emit(Op::StoreField { field: Field::DictIterDict }, &[iterator, unbound], None)?;
            return Ok(Next::Exhausted);
        }
        self.guarded(Op::GuardTrue {}, &[inside])?;
        if !is_set {
            let limit = self.emit(Op::LoadWord { field: Field::DictIterLimit }, &[iterator], None)?;
            let is_of_old_keys = self.emit(Op::IntUlt {}, &[index, limit], None)?;
            self.guarded(Op::GuardTrue {}, &[is_of_old_keys])?;
        }
        let entries = self.emit(Op::LoadField { field: Field::DictEntries }, &[table], None)?;
        let words = self.emitter.const_int(ENTRY_WORDS as i64);
        let first = self.emit(Op::IntMulWrap {}, &[index, words], None)?;
        let one = self.emitter.const_int(1);
        let key_at = self.emit(Op::IntAddWrap {}, &[first, one], None)?;
        let key = self.emit(Op::LoadElement { field: Field::ArrayElement }, &[entries, key_at], None)?;
        self.guarded(Op::GuardIsNot { bits: Value::UNBOUND.bits() }, &[key])?;
        let item = if shape == BuiltinType::SetIter.shape() || shape == BuiltinType::DictKeyIter.shape() {
            key
        } else {
            let two = self.emitter.const_int(2);
            let value_at = self.emit(Op::IntAddWrap {}, &[first, two], None)?;
            let value = self.emit(Op::LoadElement { field: Field::ArrayElement }, &[entries, value_at], None)?;
            if shape == BuiltinType::DictValueIter.shape() {
                value
            } else {
                self.emit(Op::NewTuple {}, &[key, value], None)?
            }
        };
        let after = self.emit(Op::IntAddWrap {}, &[index, one], None)?;
        self.emit(Op::StoreWord { field: Field::DictIterIndex }, &[iterator, after], None)?;
        Ok(Next::Value(item))
    }
}
