//! Jumps, loops, and the places where compiled code takes over.

use super::attempt;
use super::special::{call_special, special_method};
use crate::bytecode::Opcode;
use crate::interp::dispatch::State;
use crate::object::layout::{ListObject, RangeIter, SeqIter, TupleObject, ValueArray};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::Vm;
use std::sync::atomic::Ordering;

#[inline(always)]
pub unsafe fn jump_forward(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let _ = vm;
        s.branch()
    }
}
#[inline(always)]
pub unsafe fn jump_backward(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        if vm.pending.load(Ordering::Relaxed) != 0 {
            attempt!(vm, s, vm.handle_pending());
        }
        s.jump(s.arg())
    }
}
#[inline(always)]
pub unsafe fn jump_backward_counting(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        if vm.pending.load(Ordering::Relaxed) != 0 {
            attempt!(vm, s, vm.handle_pending());
        }
        let counter = (*s.ip).counter;
        if counter == 0 {
            return s.out_of_line(vm, |vm, s| crate::exec::hot_back_edge(vm, s));
        }
        (*s.ip).counter = counter - 1;
        s.jump(s.arg())
    }
}
macro_rules! define_pop_jumps {
    ($($name:ident, $threaded:ident, $takes:expr;)*) => {
        $(
            #[inline(always)]
            pub unsafe fn $name(_: &mut Vm, s: State) -> State {
                // SAFETY: see the module `handlers`.
                unsafe {
                    let after = State { sp: s.sp.sub(1), ..s };
                    if $takes(s.peek(1)) { after.branch() } else { after.next() }
                }
            }
            /// As it is threaded: it passes over the mark of a branch that is not taken.
            #[inline(always)]
            pub unsafe fn $threaded(_: &mut Vm, s: State) -> State {
                // SAFETY: see the module `handlers`.
                unsafe {
                    let after = State { sp: s.sp.sub(1), ..s };
                    if $takes(s.peek(1)) { after.branch() } else { after.fall_through() }
                }
            }
        )*
    };
}
define_pop_jumps! {
    pop_jump_if_false, pop_jump_if_false_threaded, |value: Value| value == Value::FALSE;
    pop_jump_if_true, pop_jump_if_true_threaded, |value: Value| value == Value::TRUE;
    pop_jump_if_none, pop_jump_if_none_threaded, |value: Value| value.is_none();
    pop_jump_if_not_none, pop_jump_if_not_none_threaded, |value: Value| !value.is_none();
}
pub unsafe fn get_iter(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        if let Some(special) = special_method(vm, s, Opcode::GetIter, 0) {
            return call_special(vm, s, special);
        }
        let iterator = attempt!(vm, s, vm.get_iter(s.peek(1)));
        s.reduce(1, iterator)
    }
}
#[inline(always)]
pub unsafe fn for_iter(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let iterator = s.peek(1);
        if !iterator.is_object() {
            return s.out_of_line(vm, |vm, s| for_iter_slow(vm, s));
        }
        let shape = vm.shape_of(iterator);
        if shape == BuiltinType::RangeIter.shape() {
            let range = iterator.as_ptr::<RangeIter>();
            if (*range).remaining <= 0 {
                return s.branch();
            }
            let next = (*range).next;
            (*range).remaining -= 1;
            (*range).next = next.wrapping_add((*range).step);
            let value = match Value::try_small_int(next) {
                Some(value) => value,
                None => vm.new_int(next),
            };
            return s.reduce(0, value);
        }
        if shape == BuiltinType::ListIter.shape() {
            let seq = iterator.as_ptr::<SeqIter>();
            if !(*seq).sequence.is_unbound() {
                let list = (*seq).sequence.as_ptr::<ListObject>();
                let index = (*seq).index;
                if index < (*list).len {
                    (*seq).index = index + 1;
                    return s.reduce(
                        0,
                        *(&raw const (*(*list).items.as_ptr::<ValueArray>()).elements).cast::<Value>().add(index),
                    );
                }
                (*seq).sequence = Value::UNBOUND;
            }
            return s.branch();
        }
        if shape == BuiltinType::TupleIter.shape() {
            let seq = iterator.as_ptr::<SeqIter>();
            if !(*seq).sequence.is_unbound() {
                let tuple = (*seq).sequence.as_ptr::<TupleObject>();
                let index = (*seq).index;
                if index < (*tuple).len {
                    (*seq).index = index + 1;
                    return s.reduce(0, *(&raw const (*tuple).items).cast::<Value>().add(index));
                }
                (*seq).sequence = Value::UNBOUND;
            }
            return s.branch();
        }
        if shape == BuiltinType::Generator.shape() {
            return super::generators::resume_inline(vm, s, iterator, Value::NONE);
        }
        s.out_of_line(vm, |vm, s| for_iter_slow(vm, s))
    }
}
#[inline(always)]
pub unsafe fn resume(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        if vm.pending.load(Ordering::Relaxed) != 0 {
            attempt!(vm, s, vm.handle_pending());
        }
        s.next()
    }
}
#[inline(always)]
pub unsafe fn resume_counting(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        if vm.pending.load(Ordering::Relaxed) != 0 {
            attempt!(vm, s, vm.handle_pending());
        }
        let counter = (*s.ip).counter;
        if counter == 0 {
            return s.out_of_line(vm, |vm, s| crate::exec::hot_entry(vm, s));
        }
        (*s.ip).counter = counter - 1;
        s.next()
    }
}
#[inline(always)]
pub unsafe fn enter_executor(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe { crate::exec::enter(vm, s) }
}

pub unsafe fn for_iter_slow(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        match attempt!(vm, s, vm.iter_next(s.peek(1))) {
            Some(value) => s.reduce(0, value),
            None => s.branch(),
        }
    }
}
