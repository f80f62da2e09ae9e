//! Operators: the cases of small ints and floats stand here, all others go to `object::operate`.

use super::attempt;
use crate::interp::dispatch::State;
use crate::value::Value;
use crate::vm::Vm;
use crate::object::layout::{ListObject, TupleObject, ValueArray};
use crate::object::types::BuiltinType;


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
        binary_slow(vm, s)
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
        binary_slow(vm, s)
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
        binary_slow(vm, s)
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
        binary_slow(vm, s)
    }
}
#[inline(always)]
pub unsafe fn binary_floor_divide(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (lhs, rhs) = (s.peek(2), s.peek(1));
        if lhs.is_int()
            && rhs.is_int()
            && rhs.as_int() > 0
        {
            return s.reduce(2, Value::small_int(lhs.as_int().div_euclid(rhs.as_int())));
        }
        binary_slow(vm, s)
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
        binary_slow(vm, s)
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
        binary_slow(vm, s)
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
        binary_slow(vm, s)
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
                    return s.reduce(2, *(&raw const (*(*list).items.as_ptr::<ValueArray>()).elements).cast::<Value>().add(i as usize));
                }
            } else if shape == BuiltinType::Tuple.shape() {
                let tuple = owner.as_ptr::<TupleObject>();
                let i = index.as_int();
                if (i as u64) < (*tuple).len as u64 {
                    return s.reduce(2, *(&raw const (*tuple).items).cast::<Value>().add(i as usize));
                }
            }
        }
        subscript_slow(vm, s)
    }
}
pub unsafe fn binary_other(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        binary_slow(vm, s)
    }
}
pub unsafe fn unary_negative(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let value = s.peek(1);
        if value.is_float() {
            return s.reduce(1, Value::float(-value.as_float()));
        }
        if value.is_int() && let Some(negated) = Value::try_small_int(-value.as_int()) {
            return s.reduce(1, negated);
        }
        let value = attempt!(vm, s, vm.unary_negative(value));
        s.reduce(1, value)
    }
}
pub unsafe fn unary_invert(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
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
    // SAFETY: see the module `handlers`.
    unsafe {
        let value = s.peek(1);
        if value.is_bool() {
            return s.next();
        }
        if value.is_int() {
            return s.reduce(1, Value::bool(value.as_int() != 0));
        }
        if value.is_none() {
            return s.reduce(1, Value::FALSE);
        }
        to_bool_slow(vm, s)
    }
}
#[inline(always)]
pub unsafe fn is_op(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let _ = vm;
        let same = s.peek(1) == s.peek(2);
        s.reduce(2, Value::bool(same != (s.arg() == 1)))
    }
}
pub unsafe fn contains_op(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let found = attempt!(vm, s, vm.contains(s.peek(1), s.peek(2)));
        s.reduce(2, Value::bool(found != (s.arg() == 1)))
    }
}

#[inline(always)]
pub unsafe fn compare_lt(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (lhs, rhs) = (s.peek(2), s.peek(1));
        if lhs.is_int() && rhs.is_int() {
            return s.reduce(2, Value::bool(lhs.as_int() < rhs.as_int()));
        }
        if lhs.is_float() && rhs.is_float() {
            return s.reduce(2, Value::bool(lhs.as_float() < rhs.as_float()));
        }
        compare_slow(vm, s)
    }
}

#[inline(always)]
pub unsafe fn compare_le(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (lhs, rhs) = (s.peek(2), s.peek(1));
        if lhs.is_int() && rhs.is_int() {
            return s.reduce(2, Value::bool(lhs.as_int() <= rhs.as_int()));
        }
        if lhs.is_float() && rhs.is_float() {
            return s.reduce(2, Value::bool(lhs.as_float() <= rhs.as_float()));
        }
        compare_slow(vm, s)
    }
}

#[inline(always)]
pub unsafe fn compare_eq(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (lhs, rhs) = (s.peek(2), s.peek(1));
        if lhs.is_int() && rhs.is_int() {
            return s.reduce(2, Value::bool(lhs.as_int() == rhs.as_int()));
        }
        if lhs.is_float() && rhs.is_float() {
            return s.reduce(2, Value::bool(lhs.as_float() == rhs.as_float()));
        }
        compare_slow(vm, s)
    }
}

#[inline(always)]
pub unsafe fn compare_ne(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (lhs, rhs) = (s.peek(2), s.peek(1));
        if lhs.is_int() && rhs.is_int() {
            return s.reduce(2, Value::bool(lhs.as_int() != rhs.as_int()));
        }
        if lhs.is_float() && rhs.is_float() {
            return s.reduce(2, Value::bool(lhs.as_float() != rhs.as_float()));
        }
        compare_slow(vm, s)
    }
}

#[inline(always)]
pub unsafe fn compare_gt(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (lhs, rhs) = (s.peek(2), s.peek(1));
        if lhs.is_int() && rhs.is_int() {
            return s.reduce(2, Value::bool(lhs.as_int() > rhs.as_int()));
        }
        if lhs.is_float() && rhs.is_float() {
            return s.reduce(2, Value::bool(lhs.as_float() > rhs.as_float()));
        }
        compare_slow(vm, s)
    }
}

#[inline(always)]
pub unsafe fn compare_ge(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (lhs, rhs) = (s.peek(2), s.peek(1));
        if lhs.is_int() && rhs.is_int() {
            return s.reduce(2, Value::bool(lhs.as_int() >= rhs.as_int()));
        }
        if lhs.is_float() && rhs.is_float() {
            return s.reduce(2, Value::bool(lhs.as_float() >= rhs.as_float()));
        }
        compare_slow(vm, s)
    }
}

#[inline(never)]
unsafe fn binary_slow(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let value = attempt!(vm, s, vm.binary_op(s.arg() as u32, s.peek(2), s.peek(1)));
        s.reduce(2, value)
    }
}

#[inline(never)]
unsafe fn subscript_slow(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let value = attempt!(vm, s, vm.get_item(s.peek(2), s.peek(1)));
        s.reduce(2, value)
    }
}

#[inline(never)]
unsafe fn to_bool_slow(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let truth = attempt!(vm, s, vm.is_true(s.peek(1)));
        s.reduce(1, Value::bool(truth))
    }
}

#[inline(never)]
unsafe fn compare_slow(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let arg = s.arg() as u32;
        let mut value = attempt!(vm, s, vm.compare_op(arg >> 5, s.peek(2), s.peek(1)));
        if arg & 16 != 0 && !value.is_bool() {
            value = Value::bool(attempt!(vm, s, vm.is_true(value)));
        }
        s.reduce(2, value)
    }
}
