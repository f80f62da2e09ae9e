//! Moving values between locals, constants, cells and the stack.

use crate::builtins::exception_fields::field;
use crate::interp::dispatch::State;
use crate::interp::unwind;
use crate::object::layout::{CellObject, FunctionObject, TupleObject};
use crate::value::Value;
use crate::vm::Vm;

#[inline(always)]
pub unsafe fn nop(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let _ = vm;
        s.next()
    }
}
#[inline(always)]
pub unsafe fn load_fast(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let _ = vm;
        s.reduce(0, *s.local(s.arg()))
    }
}
#[inline(always)]
pub unsafe fn load_fast_pair(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let _ = vm;
        let arg = s.arg();
        *s.sp = *s.local(arg >> 4);
        *s.sp.add(1) = *s.local(arg & 15);
        State { ip: s.ip.add(1), sp: s.sp.add(2), frame: s.frame }
    }
}
#[inline(always)]
pub unsafe fn load_fast_check(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let value = *s.local(s.arg());
        if value.is_unbound() {
            return s.out_of_line(vm, |vm, s| raise_unbound(vm, s, s.arg()));
        }
        s.reduce(0, value)
    }
}
#[inline(always)]
pub unsafe fn load_fast_and_clear(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let _ = vm;
        let local = s.local(s.arg());
        let value = *local;
        *local = Value::UNBOUND;
        s.reduce(0, value)
    }
}
#[inline(always)]
pub unsafe fn store_fast(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let _ = vm;
        *s.local(s.arg()) = s.peek(1);
        s.drop(1)
    }
}
#[inline(always)]
pub unsafe fn store_fast_load_fast(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let _ = vm;
        let arg = s.arg();
        *s.local(arg >> 4) = s.peek(1);
        s.reduce(1, *s.local(arg & 15))
    }
}
#[inline(always)]
pub unsafe fn store_fast_store_fast(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let _ = vm;
        let arg = s.arg();
        *s.local(arg >> 4) = s.peek(1);
        *s.local(arg & 15) = s.peek(2);
        s.drop(2)
    }
}
pub unsafe fn delete_fast(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let local = s.local(s.arg());
        if (*local).is_unbound() {
            return s.out_of_line(vm, |vm, s| raise_unbound(vm, s, s.arg()));
        }
        *local = Value::UNBOUND;
        s.next()
    }
}
#[inline(always)]
pub unsafe fn load_const(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let _ = vm;
        s.reduce(0, Value((*s.ip).cache[0]))
    }
}
#[inline(always)]
pub unsafe fn pop_top(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let _ = vm;
        s.drop(1)
    }
}
#[inline(always)]
pub unsafe fn push_null(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let _ = vm;
        s.reduce(0, Value::UNBOUND)
    }
}
#[inline(always)]
pub unsafe fn copy(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let _ = vm;
        s.reduce(0, s.peek(s.arg()))
    }
}
#[inline(always)]
pub unsafe fn swap(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let _ = vm;
        std::ptr::swap(s.sp.sub(1), s.sp.sub(s.arg()));
        s.next()
    }
}
#[inline(always)]
pub unsafe fn load_deref(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let cell = (*s.local(s.arg())).as_ptr::<CellObject>();
        let value = (*cell).content;
        if value.is_unbound() {
            return s.out_of_line(vm, |vm, s| raise_unbound(vm, s, s.arg()));
        }
        s.reduce(0, value)
    }
}
#[inline(always)]
pub unsafe fn store_deref(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let cell = (*s.local(s.arg())).as_ptr::<CellObject>();
        (*cell).content = s.peek(1);
        vm.barrier(cell);
        s.drop(1)
    }
}
pub unsafe fn delete_deref(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let cell = (*s.local(s.arg())).as_ptr::<CellObject>();
        if (*cell).content.is_unbound() {
            return s.out_of_line(vm, |vm, s| raise_unbound(vm, s, s.arg()));
        }
        (*cell).content = Value::UNBOUND;
        s.next()
    }
}
pub unsafe fn make_cell(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let local = s.local(s.arg());
        *local = vm.new_cell(*local);
        s.next()
    }
}
pub unsafe fn copy_free_vars(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let _ = vm;
        let closure = (*(*s.frame).function.as_ptr::<FunctionObject>()).closure.as_ptr::<TupleObject>();
        let code = &*(*s.frame).code;
        let first = code.n_localsplus - code.n_frees;
        for (i, &cell) in (*closure).items().iter().enumerate() {
            *s.local(first + i) = cell;
        }
        s.next()
    }
}

/// UnboundLocalError for a local, NameError for a free variable.
#[inline(never)]
pub unsafe fn raise_unbound(vm: &mut Vm, s: State, slot: usize) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let names = (*(*s.frame).code_object).localsplus_names.as_ptr::<TupleObject>();
        let name_value = (*names).items()[slot];
        let name = vm.string_of(name_value);
        let code = &*(*s.frame).code;
        if slot >= code.n_localsplus - code.n_frees {
            let message = format!(
                "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
            );
            vm.raise_with_field(vm.exceptions.NameError, &message, field::NAME_NAME, name_value);
        } else {
            let message = format!("cannot access local variable '{name}' where it is not associated with a value");
            vm.raise(vm.exceptions.UnboundLocalError, &message);
        }
        unwind::raise(vm, s)
    }
}
