//! Operators: the cases of small ints and floats stand here, all others go to `object::operate`.

use super::attempt;
use super::calls::push_python;
use super::special::{call_special, special_method};
use crate::bytecode::Opcode;
use crate::interp::attribute_cache::{Found, Question};
use crate::interp::dispatch::State;
use crate::interp::op::Op;
use crate::object::integer::is_same;
use crate::object::layout::{CodeObject, FunctionObject, ListObject, TupleObject, ValueArray};
use crate::object::types::{BuiltinType, FIRST_INSTANCE_SHAPE};
use crate::value::Value;
use crate::vm::Vm;

#[inline(always)]
pub unsafe fn binary_add(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (lhs, rhs) = (s.peek(2), s.peek(1));
        if lhs.is_int() && rhs.is_int() {
            let (a, b) = (lhs.as_int(), rhs.as_int());
            if let Some(sum) = Value::try_small_int(a + b) {
                return s.reduce(2, sum);
            }
        } else if lhs.is_float() && rhs.is_float() {
            let (a, b) = (lhs.as_float(), rhs.as_float());
            return s.reduce(2, Value::float(a + b));
        }
        binary_apart(vm, s)
    }
}

#[inline(always)]
pub unsafe fn binary_subtract(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (lhs, rhs) = (s.peek(2), s.peek(1));
        if lhs.is_int() && rhs.is_int() {
            let (a, b) = (lhs.as_int(), rhs.as_int());
            if let Some(sum) = Value::try_small_int(a - b) {
                return s.reduce(2, sum);
            }
        } else if lhs.is_float() && rhs.is_float() {
            let (a, b) = (lhs.as_float(), rhs.as_float());
            return s.reduce(2, Value::float(a - b));
        }
        binary_apart(vm, s)
    }
}

#[inline(always)]
pub unsafe fn binary_multiply(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (lhs, rhs) = (s.peek(2), s.peek(1));
        if lhs.is_float() && rhs.is_float() {
            return s.reduce(2, Value::float(lhs.as_float() * rhs.as_float()));
        }
        if lhs.is_int()
            && rhs.is_int()
            && let Some(product) = lhs.as_int().checked_mul(rhs.as_int()).and_then(Value::try_small_int)
        {
            return s.reduce(2, product);
        }
        binary_apart(vm, s)
    }
}
#[inline(always)]
pub unsafe fn binary_true_divide(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (lhs, rhs) = (s.peek(2), s.peek(1));
        if lhs.is_float() && rhs.is_float() && rhs.as_float() != 0.0 {
            return s.reduce(2, Value::float(lhs.as_float() / rhs.as_float()));
        }
        binary_apart(vm, s)
    }
}
#[inline(always)]
pub unsafe fn binary_floor_divide(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (lhs, rhs) = (s.peek(2), s.peek(1));
        if lhs.is_int() && rhs.is_int() && rhs.as_int() > 0 {
            return s.reduce(2, Value::small_int(lhs.as_int().div_euclid(rhs.as_int())));
        }
        binary_apart(vm, s)
    }
}
#[inline(always)]
pub unsafe fn binary_remainder(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (lhs, rhs) = (s.peek(2), s.peek(1));
        if lhs.is_int() && rhs.is_int() && rhs.as_int() > 0 {
            return s.reduce(2, Value::small_int(lhs.as_int().rem_euclid(rhs.as_int())));
        }
        binary_apart(vm, s)
    }
}
#[inline(always)]
pub unsafe fn binary_and(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (lhs, rhs) = (s.peek(2), s.peek(1));
        if lhs.is_int() && rhs.is_int() {
            return s.reduce(2, Value(lhs.0 & rhs.0));
        }
        binary_apart(vm, s)
    }
}
#[inline(always)]
pub unsafe fn binary_or(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (lhs, rhs) = (s.peek(2), s.peek(1));
        if lhs.is_int() && rhs.is_int() {
            return s.reduce(2, Value(lhs.0 | rhs.0));
        }
        binary_apart(vm, s)
    }
}
#[inline(always)]
pub unsafe fn binary_subscript(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (owner, index) = (s.peek(2), s.peek(1));
        if index.is_int() && owner.is_object() {
            let shape = vm.shape_of(owner);
            if shape == BuiltinType::List.shape() {
                let list = owner.as_ptr::<ListObject>();
                let i = index.as_int();
                let i = if i < 0 { i + (*list).len as i64 } else { i };
                if (i as u64) < (*list).len as u64 {
                    return s.reduce(
                        2,
                        *(&raw const (*(*list).items.as_ptr::<ValueArray>()).elements).cast::<Value>().add(i as usize),
                    );
                }
            } else if shape == BuiltinType::Tuple.shape() {
                let tuple = owner.as_ptr::<TupleObject>();
                let i = index.as_int();
                if (i as u64) < (*tuple).len as u64 {
                    return s.reduce(2, *(&raw const (*tuple).items).cast::<Value>().add(i as usize));
                }
            }
        }
        s.out_of_line(vm, |vm, s| subscript_slow(vm, s))
    }
}
pub unsafe fn binary_other(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe { binary_apart(vm, s) }
}
pub unsafe fn unary_negative(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let value = s.peek(1);
        if value.is_float() {
            return s.reduce(1, Value::float(-value.as_float()));
        }
        if value.is_int()
            && let Some(negated) = Value::try_small_int(-value.as_int())
        {
            return s.reduce(1, negated);
        }
        if let Some(special) = special_method(vm, s, Opcode::UnaryNegative, 0) {
            return call_special(vm, s, special);
        }
        let value = attempt!(vm, s, vm.unary_negative(value));
        s.reduce(1, value)
    }
}
pub unsafe fn unary_invert(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        if let Some(special) = special_method(vm, s, Opcode::UnaryInvert, 0) {
            return call_special(vm, s, special);
        }
        let value = attempt!(vm, s, vm.unary_invert(s.peek(1)));
        s.reduce(1, value)
    }
}
#[inline(always)]
pub unsafe fn unary_not(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let _ = vm;
        // The compiler puts TO_BOOL before it.
        s.reduce(1, Value::bool(!s.peek(1).as_bool()))
    }
}
#[inline(always)]
pub unsafe fn to_bool(vm: &mut Vm, s: State) -> State {
    // SAFETY: the caller's promise.
    unsafe { truth_test::<false>(vm, s) }
}
#[inline(always)]
pub unsafe fn to_bool_branch(vm: &mut Vm, s: State) -> State {
    // SAFETY: the caller's promise.
    unsafe { truth_test::<true>(vm, s) }
}
#[inline(always)]
unsafe fn truth_test<const BRANCH: bool>(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let value = s.peek(1);
        if value.is_bool() {
            return tested::<BRANCH>(s, 1, value.as_bool());
        }
        if value.is_int() {
            return tested::<BRANCH>(s, 1, value.as_int() != 0);
        }
        if value.is_none() {
            return tested::<BRANCH>(s, 1, false);
        }
        if value.is_object() && vm.shape_of(value) == BuiltinType::List.shape() {
            return tested::<BRANCH>(s, 1, (*value.as_ptr::<ListObject>()).len != 0);
        }
        if value.is_object()
            && vm.attribute_cached(vm.shape_of(value), vm.names.__bool__, Question::Truth) != Found::Nothing
        {
            return tested::<BRANCH>(s, 1, true);
        }
        s.out_of_line(vm, |vm, s| to_bool_slow(vm, s))
    }
}
#[inline(always)]
pub unsafe fn is_op(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let _ = vm;
        tested::<false>(s, 2, is_same(s.peek(1), s.peek(2)) != (s.arg() == 1))
    }
}
#[inline(always)]
pub unsafe fn is_op_branch(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let _ = vm;
        tested::<true>(s, 2, is_same(s.peek(1), s.peek(2)) != (s.arg() == 1))
    }
}
#[inline(always)]
pub unsafe fn contains_op(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe { s.out_of_line(vm, |vm, s| contains(vm, s)) }
}
#[inline(always)]
unsafe fn contains(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        if let Some(special) = special_method(vm, s, Opcode::ContainsOp, s.arg() as u32) {
            return call_special(vm, s, special);
        }
        let found = attempt!(vm, s, vm.contains(s.peek(1), s.peek(2)));
        s.reduce(2, Value::bool(found != (s.arg() == 1)))
    }
}

/// What a test does with its outcome: pushes it, or, in the threaded form, branches with the jump that follows.
#[inline(always)]
unsafe fn tested<const BRANCH: bool>(s: State, n: usize, truth: bool) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        if BRANCH {
            let after = State { ip: s.ip.add(1), sp: s.sp.sub(n), frame: s.frame };
            let op = (*after.ip).op;
            if op == Op::PopJumpIfFalse as u16 {
                return if truth { after.fall_through() } else { after.branch() };
            }
            if op == Op::PopJumpIfTrue as u16 {
                return if truth { after.branch() } else { after.fall_through() };
            }
        }
        s.reduce(n, Value::bool(truth))
    }
}

macro_rules! define_comparisons {
    ($($compare:ident, $branch:ident, $name:ident, $op:tt;)*) => {
        $(
            #[inline(always)]
            unsafe fn $compare<const BRANCH: bool>(vm: &mut Vm, s: State) -> State {
                // SAFETY: see the module `handlers`.
                unsafe {
                    let (lhs, rhs) = (s.peek(2), s.peek(1));
                    if lhs.is_int() && rhs.is_int() {
                        return tested::<BRANCH>(s, 2, lhs.as_int() $op rhs.as_int());
                    }
                    if lhs.is_float() && rhs.is_float() {
                        return tested::<BRANCH>(s, 2, lhs.as_float() $op rhs.as_float());
                    }
                    compare_apart(vm, s)
                }
            }
            #[inline(always)]
            pub unsafe fn $name(vm: &mut Vm, s: State) -> State {
                // SAFETY: the caller's promise.
                unsafe { $compare::<false>(vm, s) }
            }
            #[inline(always)]
            pub unsafe fn $branch(vm: &mut Vm, s: State) -> State {
                // SAFETY: the caller's promise.
                unsafe { $compare::<true>(vm, s) }
            }
        )*
    };
}
define_comparisons! {
    lt, compare_lt_branch, compare_lt, <;
    le, compare_le_branch, compare_le, <=;
    eq, compare_eq_branch, compare_eq, ==;
    ne, compare_ne_branch, compare_ne, !=;
    gt, compare_gt_branch, compare_gt, >;
    ge, compare_ge_branch, compare_ge, >=;
}

#[inline(always)]
unsafe fn binary_apart(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe { s.out_of_line(vm, |vm, s| binary_slow(vm, s)) }
}
#[inline(always)]
unsafe fn binary_slow(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        if let Some(special) = special_method(vm, s, Opcode::BinaryOp, s.arg() as u32) {
            return call_special(vm, s, special);
        }
        let value = attempt!(vm, s, vm.binary_op(s.arg() as u32, s.peek(2), s.peek(1)));
        s.reduce(2, value)
    }
}

#[inline(always)]
unsafe fn subscript_slow(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        // Its answer is the result: no need for it to come by here again.
        if let Some(function) = vm.python_special(s.peek(2), vm.names.__getitem__, 2) {
            let function = function.as_ptr::<FunctionObject>();
            let code = (*(*function).code.as_ptr::<CodeObject>()).code;
            let base = s.sp.sub(2);
            return push_python(vm, s, function, code, base, base, 2, 0);
        }
        let value = attempt!(vm, s, vm.get_item(s.peek(2), s.peek(1)));
        s.reduce(2, value)
    }
}

#[inline(always)]
unsafe fn to_bool_slow(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let value = s.peek(1);
        if value.is_object() && vm.shape_of(value) >= FIRST_INSTANCE_SHAPE && vm.layout_of(value).has_inline_slots() {
            let class = vm.class_of(value);
            if vm.class_lookup(class, vm.names.__bool__).is_none() && vm.class_lookup(class, vm.names.__len__).is_none()
            {
                vm.cache_attribute(vm.shape_of(value), vm.names.__bool__, Question::Truth, Found::Slot(0));
                return s.reduce(1, Value::TRUE);
            }
        }
        if let Some(special) = special_method(vm, s, Opcode::ToBool, 0) {
            return call_special(vm, s, special);
        }
        let truth = attempt!(vm, s, vm.is_true(value));
        s.reduce(1, Value::bool(truth))
    }
}

#[inline(always)]
unsafe fn compare_apart(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe { s.out_of_line(vm, |vm, s| compare_slow(vm, s)) }
}
#[inline(always)]
unsafe fn compare_slow(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let arg = s.arg() as u32;
        if let Some(special) = special_method(vm, s, Opcode::CompareOp, arg) {
            return call_special(vm, s, special);
        }
        let mut value = attempt!(vm, s, vm.compare_op(arg >> 5, s.peek(2), s.peek(1)));
        if arg & 16 != 0 && !value.is_bool() {
            value = Value::bool(attempt!(vm, s, vm.is_true(value)));
        }
        s.reduce(2, value)
    }
}
