//! Built-in classes whose calls with a few positional arguments need no look at `__new__` and `__init__`: built-in
//! classes do not change.

use super::{iterator, range, set, tuple};
use crate::object::class::class_ref;
use crate::object::layout::TypeObject;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// `class(*values)`; `None` where it takes the long way.
#[inline]
pub fn construct_directly(vm: &mut Vm, class: *mut TypeObject, values: &[Value]) -> Option<PyResult> {
    if class_ref(class).flags & TypeObject::HEAP != 0 {
        return None;
    }
    let ty = class_ref(class).base_layout;
    let ([] | [_] | [_, _] | [_, _, _]) = values else { return None };
    if class != vm.class(ty) {
        return None;
    }
    Some(match (ty, values) {
        (BuiltinType::Set, []) => vm.new_set(BuiltinType::Set, 0),
        (BuiltinType::Set, [items]) => set::from_iterable(vm, *items, BuiltinType::Set),
        (BuiltinType::List, []) => vm.new_list(&[]),
        (BuiltinType::List, [items]) => vm.collect(*items),
        (BuiltinType::Tuple, [items]) => tuple::from_iterable(vm, *items),
        (BuiltinType::Range, [stop]) => {
            range::new_range(vm, &[Value::object(class), *stop, Value::UNBOUND, Value::UNBOUND])
        }
        (BuiltinType::Range, [start, stop]) => {
            range::new_range(vm, &[Value::object(class), *start, *stop, Value::UNBOUND])
        }
        (BuiltinType::Range, [start, stop, step]) => {
            range::new_range(vm, &[Value::object(class), *start, *stop, *step])
        }
        (BuiltinType::SequenceReverseIter, [items]) => iterator::new_reversed(vm, &[Value::object(class), *items]),
        _ => return None,
    })
}
