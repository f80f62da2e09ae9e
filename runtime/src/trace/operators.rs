//! Recording operators, comparisons, subscripts and unpacking.

use super::Abort;
use super::calls::Called;
use super::frames::{Recorded, Recorder};
use super::rule::{Operand, SlotRules};
use super::step::{Expected, Flow};
use crate::interp::dispatch::State;
use crate::object::layout::{ListObject, TupleObject};
use crate::object::operate::op;
use crate::object::types::{BuiltinType, FIRST_INSTANCE_SHAPE};
use crate::uop::sem;
use crate::uop::{Field, FloatFunction, Helper, Op, UopIdx};
use crate::value::Value;
use crate::vm::Vm;

impl Recorder {
    /// A float operand: an int is converted, to the nearest float.
    pub(super) fn as_float(&mut self, value: UopIdx, actual: Value) -> Recorded<UopIdx> {
        if actual.is_float() {
            return self.float(value);
        }
        let integer = self.int(value)?;
        self.emit(Op::IntToFloat {}, &[integer], None)
    }

    /// A float operand: an int is converted to a float of the same value.
    fn as_exact_float(&mut self, value: UopIdx, actual: Value) -> Recorded<UopIdx> {
        if actual.is_float() {
            return self.float(value);
        }
        let integer = self.int(value)?;
        self.guarded(Op::IntToFloatExact {}, &[integer])
    }

    pub(super) unsafe fn binary(&mut self, vm: &mut Vm, s: State, arg: u32) -> Recorded<()> {
        // SAFETY: the stack has both operands.
        let (a, b) = unsafe { (s.peek(2), s.peek(1)) };
        let (lhs, rhs) = (self.peek(2)?, self.peek(1)?);
        // In-place forms are 13 above the plain ones.
        let plain = if arg >= 13 && arg != 26 { arg - 13 } else { arg };
        if let Some(result) = self.bits_binary(vm, plain, [a, b], [lhs, rhs])? {
            self.reduce(2, result);
            return Ok(());
        }
        if let (Some(x), Some(y)) = (self.operand_word(lhs, a), self.operand_word(rhs, b)) {
            // What gives no word now would leave again and again.
            let int_op = match plain {
                0 if sem::int_add(x, y).is_some() => Some(Op::IntAdd {}),
                10 if sem::int_sub(x, y).is_some() => Some(Op::IntSub {}),
                5 if sem::int_mul(x, y).is_some() => Some(Op::IntMul {}),
                2 if sem::int_floor_div(x, y).is_some() => Some(Op::IntFloorDiv {}),
                6 if sem::int_mod(x, y).is_some() => Some(Op::IntMod {}),
                1 => Some(Op::IntAnd {}),
                7 => Some(Op::IntOr {}),
                12 => Some(Op::IntXor {}),
                3 if sem::int_shl(x, y).is_some() => Some(Op::IntShl {}),
                9 if sem::int_shr(x, y).is_some() => Some(Op::IntShr {}),
                _ => None,
            };
            if let Some(int_op) = int_op {
                let (x, y) = (self.word(lhs, a)?, self.word(rhs, b)?);
                let result = self.guarded(int_op, &[x, y])?;
                let boxed = self.box_int(result)?;
                self.reduce(2, boxed);
                return Ok(());
            }
        }
        if arg == op::MULTIPLY
            && let Some(repeated) = self.repeated(lhs, rhs)?
        {
            self.reduce(2, repeated);
            return Ok(());
        }
        let is_number = |v: Value| v.is_int() || v.is_float();
        let either_float = a.is_float() || b.is_float();
        if is_number(a) && is_number(b) && (either_float || plain == 11) {
            let right_is_zero = if b.is_float() { b.as_float() == 0.0 } else { b.as_int() == 0 };
            let float_op = match plain {
                0 => Some(Op::FloatAdd {}),
                10 => Some(Op::FloatSub {}),
                5 => Some(Op::FloatMul {}),
                11 if !right_is_zero => Some(Op::FloatDiv {}),
                8 => Some(Op::FloatCall2 { function: FloatFunction::Power }),
                6 if !right_is_zero => Some(Op::FloatCall2 { function: FloatFunction::FloatMod }),
                _ => None,
            };
            if let Some(float_op) = float_op {
                // The quotient of ints is rounded once; an int beside a float is rounded first.
                let (x, y) = if either_float {
                    (self.as_float(lhs, a)?, self.as_float(rhs, b)?)
                } else {
                    (self.as_exact_float(lhs, a)?, self.as_exact_float(rhs, b)?)
                };
                let result = self.guarded(float_op, &[x, y])?;
                let boxed = self.box_float(result)?;
                self.reduce(2, boxed);
                return Ok(());
            }
        }
        let str_shape = BuiltinType::Str.shape();
        if plain == 0 && vm.is_exact(a, BuiltinType::Str) && vm.is_exact(b, BuiltinType::Str) {
            self.guard_shape(lhs, str_shape)?;
            self.guard_shape(rhs, str_shape)?;
            let exit = self.error();
            let result = self.emit(Op::CallHelper { helper: Helper::StrConcat }, &[lhs, rhs], Some(exit))?;
            self.emitter.assume_shape(result, str_shape);
            self.reduce(2, result);
            return Ok(());
        }
        if arg == 0 && vm.is_exact(a, BuiltinType::List) && vm.is_exact(b, BuiltinType::List) {
            let shape = BuiltinType::List.shape();
            self.guard_shape(lhs, shape)?;
            self.guard_shape(rhs, shape)?;
            let exit = self.error();
            let result = self.emit(Op::CallHelper { helper: Helper::ListConcat }, &[lhs, rhs], Some(exit))?;
            self.emitter.assume_shape(result, shape);
            self.reduce(2, result);
            return Ok(());
        }
        if let Some(result) = self.set_operation(vm, arg, [a, b], [lhs, rhs])? {
            self.reduce(2, result);
            return Ok(());
        }
        let operator = self.emitter.const_int(arg.into());
        let result = self.escaping(Op::CallHelper { helper: Helper::BinaryOp }, &[lhs, rhs, operator])?;
        self.reduce(2, result);
        Ok(())
    }

    pub(super) unsafe fn negative(&mut self, s: State) -> Recorded<()> {
        // SAFETY: the stack has the operand.
        let actual = unsafe { s.peek(1) };
        let value = self.peek(1)?;
        let result = if actual.is_float() {
            let float = self.float(value)?;
            let negated = self.emit(Op::FloatNeg {}, &[float], None)?;
            self.box_float(negated)?
        } else if actual.is_int() {
            let integer = self.int(value)?;
            let zero = self.emitter.const_int(0);
            let negated = self.guarded(Op::IntSub {}, &[zero, integer])?;
            self.box_int(negated)?
        } else {
            self.escaping(Op::CallHelper { helper: Helper::Negate }, &[value])?
        };
        self.reduce(1, result);
        Ok(())
    }

    /// The truth of a value as a `Bool`, if its type is one whose truth is known without a call.
    unsafe fn truth(&mut self, vm: &mut Vm, actual: Value, value: UopIdx) -> Recorded<Option<UopIdx>> {
        if actual.is_bool() {
            return self.bool(value).map(Some);
        }
        if actual.is_int() {
            let integer = self.int(value)?;
            let zero = self.emitter.const_int(0);
            return self.emit(Op::IntNe {}, &[integer, zero], None).map(Some);
        }
        if actual.is_float() {
            let float = self.float(value)?;
            let zero = self.emitter.const_float(0.0);
            return self.emit(Op::FloatNe {}, &[float, zero], None).map(Some);
        }
        if actual.is_none() {
            self.guarded(Op::GuardIs { bits: Value::NONE.0 }, &[value])?;
            return Ok(Some(self.emitter.const_bool(false)));
        }
        let (shape, class) = (vm.shape_of(actual), vm.class_of(actual));
        let has = |vm: &mut Vm, name| vm.class_lookup(class, name).is_some();
        let has_bool = has(vm, vm.names.__bool__);
        if !has_bool && !has(vm, vm.names.__len__) {
            self.guard_shape(value, shape)?;
            self.depend_on_class(class);
            return Ok(Some(self.emitter.const_bool(true)));
        }
        let Some(field) = Self::len_field(vm.layout_of(actual)) else {
            if has_bool {
                return Ok(None);
            }
            let rule = |rules: &SlotRules| rules.len;
            let Some(len) = self.slot_rule(vm, rule, &[Operand { uop: value, now: actual }])? else { return Ok(None) };
            let (len, zero) = (self.int(len)?, self.emitter.const_int(0));
            return self.emit(Op::IntNe {}, &[len, zero], None).map(Some);
        };
        if has_bool || !self.inherits(vm, actual, vm.names.__len__) {
            return Ok(None);
        }
        self.guard_shape(value, shape)?;
        let len = self.emit(Op::LoadWord { field }, &[value], None)?;
        let zero = self.emitter.const_int(0);
        self.emit(Op::IntNe {}, &[len, zero], None).map(Some)
    }

    /// Where objects of a built-in layout keep their length.
    pub(crate) fn len_field(layout: BuiltinType) -> Option<Field> {
        Some(match layout {
            BuiltinType::List => Field::ListLen,
            BuiltinType::Tuple => Field::TupleLen,
            BuiltinType::Str => Field::StrLen,
            BuiltinType::Dict | BuiltinType::Set | BuiltinType::FrozenSet => Field::DictLen,
            _ => return None,
        })
    }

    /// Is the special method of a value that of the built-in type whose layout it has? The trace relies on it from now on.
    pub(crate) fn inherits(&mut self, vm: &mut Vm, value: Value, name: Value) -> bool {
        if vm.shape_of(value) < FIRST_INSTANCE_SHAPE {
            return true;
        }
        if !vm.is_inherited(value, name) {
            return false;
        }
        self.depend_on_class(vm.class_of(value));
        true
    }

    /// Guards that an operand of `==` or `!=` is compared by identity; false where it is not.
    fn compares_by_identity(&mut self, vm: &mut Vm, actual: Value, value: UopIdx) -> Recorded<bool> {
        if actual.is_none() {
            self.guarded(Op::GuardIs { bits: Value::NONE.0 }, &[value])?;
            return Ok(true);
        }
        if !actual.is_object()
            || !vm.layout_of(actual).has_inline_slots()
            || !self.inherits(vm, actual, vm.names.__eq__)
            || !self.inherits(vm, actual, vm.names.__ne__)
        {
            return Ok(false);
        }
        self.guard_shape(value, vm.shape_of(actual))?;
        Ok(true)
    }

    pub(super) unsafe fn convert_to_bool(&mut self, vm: &mut Vm, s: State) -> Recorded<()> {
        // SAFETY: the stack has the operand.
        let actual = unsafe { s.peek(1) };
        let value = self.peek(1)?;
        // SAFETY: as above.
        let truth = match unsafe { self.truth(vm, actual, value)? } {
            Some(truth) => truth,
            None => self.escaping(Op::CallTest { helper: Helper::IsTrue }, &[value])?,
        };
        let boxed = self.box_bool(truth)?;
        self.reduce(1, boxed);
        Ok(())
    }

    pub(super) unsafe fn is_op(&mut self, vm: &mut Vm, s: State, negated: bool) -> Recorded<()> {
        let (lhs, rhs) = (self.peek(2)?, self.peek(1)?);
        let (lhs, rhs) = (self.emitter.boxed(lhs), self.emitter.boxed(rhs));
        // SAFETY: the stack has both operands.
        for (operand, actual) in unsafe { [(lhs, s.peek(2)), (rhs, s.peek(1))] } {
            // What the trace did not set is mostly the same in each iteration: that it is no int is seen once.
            let is_given = matches!(self.emitter.op(operand), Op::LoadFrame { .. });
            if is_given && actual.is_object() && !vm.is_exact(actual, BuiltinType::Int) {
                self.guard_shape(operand, vm.shape_of(actual))?;
                break;
            }
        }
        let is_constant_object = |value: UopIdx| {
            let known = self.emitter.known_value(value);
            known.is_some_and(|word| word.is_object() && !vm.is_exact(word, BuiltinType::Int))
        };
        // Constants are looked at here: the optimizer sees no heap.
        let op = if is_constant_object(lhs) || is_constant_object(rhs) { Op::ValueIs {} } else { Op::IsSame {} };
        let same = self.emit(op, &[lhs, rhs], None)?;
        let same = if negated { self.emit(Op::BoolNot {}, &[same], None)? } else { same };
        let boxed = self.box_bool(same)?;
        self.reduce(2, boxed);
        Ok(())
    }

    pub(super) unsafe fn compare(&mut self, vm: &mut Vm, s: State, arg: u32) -> Recorded<()> {
        // SAFETY: the stack has both operands.
        let (a, b) = unsafe { (s.peek(2), s.peek(1)) };
        let (lhs, rhs) = (self.peek(2)?, self.peek(1)?);
        let operator = arg >> 5;
        let are_words = self.operand_word(lhs, a).is_some() && self.operand_word(rhs, b).is_some();
        let truth = if are_words {
            let (x, y) = (self.word(lhs, a)?, self.word(rhs, b)?);
            self.ordered(operator, [x, y], [Op::IntLt {}, Op::IntLe {}, Op::IntEq {}, Op::IntNe {}])?
        } else if (a.is_float() || a.is_int()) && (b.is_float() || b.is_int()) {
            let (x, y) = (self.as_exact_float(lhs, a)?, self.as_exact_float(rhs, b)?);
            self.ordered(operator, [x, y], [Op::FloatLt {}, Op::FloatLe {}, Op::FloatEq {}, Op::FloatNe {}])?
        } else if let Some(truth) = self.subset(vm, operator, [a, b], [lhs, rhs])? {
            truth
        } else if matches!(operator, 2 | 3) && vm.is_exact(a, BuiltinType::Str) && vm.is_exact(b, BuiltinType::Str) {
            self.guard_shape(lhs, BuiltinType::Str.shape())?;
            self.guard_shape(rhs, BuiltinType::Str.shape())?;
            let exit = self.error();
            let (lhs, rhs) = (self.emitter.boxed(lhs), self.emitter.boxed(rhs));
            let equal = self.emit(Op::CallTest { helper: Helper::StrEq }, &[lhs, rhs], Some(exit))?;
            if operator == 3 { self.emit(Op::BoolNot {}, &[equal], None)? } else { equal }
        } else if matches!(operator, 2 | 3)
            && self.compares_by_identity(vm, a, lhs)?
            && self.compares_by_identity(vm, b, rhs)?
        {
            let (lhs, rhs) = (self.emitter.boxed(lhs), self.emitter.boxed(rhs));
            let is_same = self.emit(Op::ValueIs {}, &[lhs, rhs], None)?;
            if operator == 3 { self.emit(Op::BoolNot {}, &[is_same], None)? } else { is_same }
        } else {
            let operator = self.emitter.const_int(operator.into());
            if arg & 16 == 0 {
                let value = self.escaping(Op::CallHelper { helper: Helper::CompareOp }, &[lhs, rhs, operator])?;
                self.reduce(2, value);
                return Ok(());
            }
            self.escaping(Op::CallTest { helper: Helper::CompareTest }, &[lhs, rhs, operator])?
        };
        let boxed = self.box_bool(truth)?;
        self.reduce(2, boxed);
        Ok(())
    }

    /// One of `<`, `<=`, `==`, `!=`, `>`, `>=` by the first four.
    fn ordered(&mut self, operator: u32, [x, y]: [UopIdx; 2], [lt, le, eq, ne]: [Op; 4]) -> Recorded<UopIdx> {
        match operator {
            0 => self.emit(lt, &[x, y], None),
            1 => self.emit(le, &[x, y], None),
            2 => self.emit(eq, &[x, y], None),
            3 => self.emit(ne, &[x, y], None),
            4 => self.emit(lt, &[y, x], None),
            _ => self.emit(le, &[y, x], None),
        }
    }

    /// The index into a sequence of `len`, made non-negative, with its bounds check.
    pub(super) fn checked_index(&mut self, index: UopIdx, actual: i64, len: UopIdx) -> Recorded<UopIdx> {
        let mut index = self.int(index)?;
        if actual < 0 {
            let zero = self.emitter.const_int(0);
            let negative = self.emit(Op::IntLt {}, &[index, zero], None)?;
            self.guarded(Op::GuardTrue {}, &[negative])?;
            index = self.emit(Op::IntAddWrap {}, &[index, len], None)?;
        }
        let inside = self.emit(Op::IntUlt {}, &[index, len], None)?;
        self.guarded(Op::GuardTrue {}, &[inside])?;
        Ok(index)
    }

    pub(super) unsafe fn subscript(&mut self, vm: &mut Vm, s: State) -> Recorded<Flow> {
        // SAFETY: the stack has both operands.
        let (container, key) = unsafe { (s.peek(2), s.peek(1)) };
        let (owner, index) = (self.peek(2)?, self.peek(1)?);
        let on = Flow::Continue(Expected::At(self.ip + 1));
        if let Some(method) = vm.python_special(container, vm.names.__getitem__, 2) {
            self.guard_shape(owner, vm.shape_of(container))?;
            self.depend_on_class(vm.class_of(container));
            let callee = self.constant(vm, method);
            return self.call_function(vm, method, callee, &[owner, index], 2, Called::Plain);
        }
        if key.is_int() && vm.is_exact(container, BuiltinType::List) {
            // SAFETY: an exact list.
            let len_now = unsafe { (*container.as_ptr::<ListObject>()).len } as i64;
            if (-len_now..len_now).contains(&key.as_int()) {
                self.guard_shape(owner, BuiltinType::List.shape())?;
                let len = self.emit(Op::LoadWord { field: Field::ListLen }, &[owner], None)?;
                let index = self.checked_index(index, key.as_int(), len)?;
                let items = self.emit(Op::LoadField { field: Field::ListItems }, &[owner], None)?;
                let value = self.emit(Op::LoadElement { field: Field::ArrayElement }, &[items, index], None)?;
                self.reduce(2, value);
                return Ok(on);
            }
        }
        // SAFETY: the operands stand on the stack.
        if let Some(slice) = unsafe { self.subscript_slice(vm, container, key)? } {
            self.reduce(2, slice);
            return Ok(on);
        }
        if key.is_int() && vm.is_exact(container, BuiltinType::Tuple) {
            // SAFETY: an exact tuple.
            let len_now = unsafe { (*container.as_ptr::<TupleObject>()).len } as i64;
            if (-len_now..len_now).contains(&key.as_int()) {
                self.guard_shape(owner, BuiltinType::Tuple.shape())?;
                let len = self.emit(Op::LoadWord { field: Field::TupleLen }, &[owner], None)?;
                let index = self.checked_index(index, key.as_int(), len)?;
                let value = self.emit(Op::LoadElement { field: Field::TupleElement }, &[owner, index], None)?;
                self.reduce(2, value);
                return Ok(on);
            }
        }
        if let Some(value) = self.str_subscript(vm, [container, key], [owner, index])? {
            self.reduce(2, value);
            return Ok(on);
        }
        if let Some(value) = self.raw_subscript(vm, container, key, [owner, index])? {
            self.reduce(2, value);
            return Ok(on);
        }
        let operands = [Operand { uop: owner, now: container }, Operand { uop: index, now: key }];
        if let Some(value) = self.slot_rule(vm, |rules| rules.get_item, &operands)? {
            self.reduce(2, value);
            return Ok(on);
        }
        if let Some(value) = self.dict_subscript(vm, [container, key], [owner, index])? {
            self.reduce(2, value);
            return Ok(on);
        }
        let value = self.escaping(Op::CallHelper { helper: Helper::GetItem }, &[owner, index])?;
        self.reduce(2, value);
        Ok(on)
    }

    /// A character of a string.
    fn str_subscript(
        &mut self,
        vm: &mut Vm,
        [container, key]: [Value; 2],
        [owner, index]: [UopIdx; 2],
    ) -> Recorded<Option<UopIdx>> {
        if !key.is_int() || !vm.is_exact(container, BuiltinType::Str) {
            return Ok(None);
        }
        let len_now = vm.str_of(container).len as i64;
        if !(-len_now..len_now).contains(&key.as_int()) {
            return Ok(None);
        }
        let shape = BuiltinType::Str.shape();
        self.guard_shape(owner, shape)?;
        let len = self.emit(Op::LoadWord { field: Field::StrLen }, &[owner], None)?;
        let index = self.checked_index(index, key.as_int(), len)?;
        let exit = self.error();
        let value = self.emit(Op::CallHelper { helper: Helper::StrIndex }, &[owner, index], Some(exit))?;
        self.emitter.assume_shape(value, shape);
        Ok(Some(value))
    }

    pub(super) unsafe fn store_subscript(&mut self, vm: &mut Vm, s: State) -> Recorded<()> {
        // SAFETY: the stack has all three operands.
        let (actual, container, key) = unsafe { (s.peek(3), s.peek(2), s.peek(1)) };
        let (value, owner, index) = (self.peek(3)?, self.peek(2)?, self.peek(1)?);
        if key.is_int() && vm.is_exact(container, BuiltinType::List) {
            // SAFETY: an exact list.
            let len_now = unsafe { (*container.as_ptr::<ListObject>()).len } as i64;
            if (-len_now..len_now).contains(&key.as_int()) {
                self.guard_shape(owner, BuiltinType::List.shape())?;
                let len = self.emit(Op::LoadWord { field: Field::ListLen }, &[owner], None)?;
                let index = self.checked_index(index, key.as_int(), len)?;
                let items = self.emit(Op::LoadField { field: Field::ListItems }, &[owner], None)?;
                let value = self.emitter.boxed(value);
                self.emit(Op::StoreElement { field: Field::ArrayElement }, &[items, index, value], None)?;
                self.drop(3);
                return Ok(());
            }
        }
        if self.store_raw_subscript(vm, [container, key, actual], [owner, index, value])? {
            self.drop(3);
            return Ok(());
        }
        let operands = [(owner, container), (index, key), (value, actual)].map(|(uop, now)| Operand { uop, now });
        if self.slot_rule(vm, |rules| rules.set_item, &operands)?.is_some() {
            self.drop(3);
            return Ok(());
        }
        if !self.dict_store(vm, [operands[0], operands[1]], value)? {
            self.escaping(Op::CallHelper { helper: Helper::SetItem }, &[owner, index, value])?;
        }
        self.drop(3);
        Ok(())
    }

    pub(super) unsafe fn unpack(&mut self, vm: &mut Vm, s: State, n: usize) -> Recorded<()> {
        // SAFETY: the stack has the operand.
        let actual = unsafe { s.peek(1) };
        let value = self.peek(1)?;
        let (shape, len_field) = if vm.is_exact(actual, BuiltinType::Tuple) {
            (BuiltinType::Tuple.shape(), Field::TupleLen)
        } else if vm.is_exact(actual, BuiltinType::List) {
            (BuiltinType::List.shape(), Field::ListLen)
        } else {
            return Err(Abort::Unsupported);
        };
        self.guard_shape(value, shape)?;
        let len = self.emit(Op::LoadWord { field: len_field }, &[value], None)?;
        let wanted = self.emitter.const_int(n as i64);
        let fits = self.emit(Op::IntEq {}, &[len, wanted], None)?;
        self.guarded(Op::GuardTrue {}, &[fits])?;
        let (array, field) = if len_field == Field::TupleLen {
            (value, Field::TupleElement)
        } else {
            (self.emit(Op::LoadField { field: Field::ListItems }, &[value], None)?, Field::ArrayElement)
        };
        self.drop(1);
        for i in (0..n).rev() {
            let index = self.emitter.const_int(i as i64);
            let item = self.emit(Op::LoadElement { field }, &[array, index], None)?;
            self.push(item);
        }
        Ok(())
    }
}
