//! `dict_keys`, `dict_values`, `dict_items`.

use super::receiver::{object_of, tuple_of};
use crate::object::dict::dict_of;
use crate::object::layout::*;
use crate::object::native::{NativeRow, native};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

const COMMON: &[NativeRow] = &[
    native("__len__", "($self, /)", len),
    native("__iter__", "($self, /)", iter),
    native("__reversed__", "($self, /)", reversed),
    native("__repr__", "($self, /)", repr),
];

const SET_LIKE: &[NativeRow] = &[
    native("__contains__", "($self, key, /)", contains),
    native("isdisjoint", "($self, other, /)", isdisjoint),
    native("__and__", "($self, value, /)", |vm, args| combine(vm, 1, args[0], args[1])),
    native("__rand__", "($self, value, /)", |vm, args| combine(vm, 1, args[1], args[0])),
    native("__or__", "($self, value, /)", |vm, args| combine(vm, 7, args[0], args[1])),
    native("__ror__", "($self, value, /)", |vm, args| combine(vm, 7, args[1], args[0])),
    native("__sub__", "($self, value, /)", |vm, args| combine(vm, 10, args[0], args[1])),
    native("__rsub__", "($self, value, /)", |vm, args| combine(vm, 10, args[1], args[0])),
    native("__xor__", "($self, value, /)", |vm, args| combine(vm, 12, args[0], args[1])),
    native("__rxor__", "($self, value, /)", |vm, args| combine(vm, 12, args[1], args[0])),
    native("__lt__", "($self, value, /)", |vm, args| compare(vm, 0, args)),
    native("__le__", "($self, value, /)", |vm, args| compare(vm, 1, args)),
    native("__eq__", "($self, value, /)", |vm, args| compare(vm, 2, args)),
    native("__ne__", "($self, value, /)", |vm, args| compare(vm, 3, args)),
    native("__gt__", "($self, value, /)", |vm, args| compare(vm, 4, args)),
    native("__ge__", "($self, value, /)", |vm, args| compare(vm, 5, args)),
];

pub fn install(vm: &mut Vm) {
    for ty in [BuiltinType::DictKeys, BuiltinType::DictValues, BuiltinType::DictItems] {
        vm.add_methods(ty, COMMON);
        vm.add_getters(ty, &[("mapping", |_, view| Ok(dict_under(view)))]);
    }
    for ty in [BuiltinType::DictKeys, BuiltinType::DictItems] {
        vm.add_methods(ty, SET_LIKE);
        let class = vm.class(ty);
        vm.set_class_entry(class, "__hash__", Value::NONE);
    }
}

fn dict_under(view: Value) -> Value {
    object_of::<DictView>(view).dict
}

fn is_view(vm: &Vm, value: Value) -> bool {
    matches!(vm.layout_of(value), BuiltinType::DictKeys | BuiltinType::DictValues | BuiltinType::DictItems)
}

fn check_view(vm: &mut Vm, value: Value) -> PyResult<()> {
    if is_view(vm, value) { Ok(()) } else { vm.check_receiver(value, BuiltinType::DictKeys) }
}

fn len(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_view(vm, args[0])?;
    Ok(Value::small_int(dict_of(dict_under(args[0])).len as i64))
}

fn iter(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_view(vm, args[0])?;
    vm.get_iter(args[0])
}

fn reversed(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_view(vm, args[0])?;
    let list = vm.collect(args[0])?;
    let len = super::list_of(list).len;
    Ok(vm.new_seq_iter(BuiltinType::ListReverseIter, list, len))
}

fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_view(vm, args[0])?;
    let list = vm.collect(args[0])?;
    let shown = vm.repr(list)?;
    let text = format!("{}({})", vm.layout_of(args[0]).name(), crate::object::string::str_to_string(shown));
    Ok(vm.new_str(&text))
}

fn contains(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_view(vm, args[0])?;
    let dict = dict_under(args[0]);
    if vm.has_layout(args[0], BuiltinType::DictKeys) {
        return Ok(Value::bool(vm.dict_contains(dict, args[1])?));
    }
    if !vm.has_layout(args[1], BuiltinType::Tuple) || tuple_of(args[1]).len != 2 {
        return Ok(Value::FALSE);
    }
    let pair = tuple_of(args[1]).items();
    match vm.dict_get(dict, pair[0])? {
        Some(value) => Ok(Value::bool(vm.equal(value, pair[1])?)),
        None => Ok(Value::FALSE),
    }
}

fn isdisjoint(vm: &mut Vm, args: &[Value]) -> PyResult {
    let set = super::set::from_iterable(vm, args[0], BuiltinType::Set)?;
    super::set::isdisjoint(vm, &[set, args[1]])
}

fn combine(vm: &mut Vm, op: u32, lhs: Value, rhs: Value) -> PyResult {
    let names = vm.names;
    for side in [lhs, rhs] {
        if vm.lookup_special(side, names.__iter__).is_none() {
            return Ok(vm.not_implemented);
        }
    }
    let lhs = super::set::from_iterable(vm, lhs, BuiltinType::Set)?;
    let rhs = super::set::from_iterable(vm, rhs, BuiltinType::Set)?;
    vm.binary_op(op, lhs, rhs)
}

fn compare(vm: &mut Vm, op: u32, args: &[Value]) -> PyResult {
    check_view(vm, args[0])?;
    let other = vm.layout_of(args[1]);
    if !matches!(other, BuiltinType::Set | BuiltinType::FrozenSet | BuiltinType::DictKeys | BuiltinType::DictItems) {
        return Ok(vm.not_implemented);
    }
    let lhs = super::set::from_iterable(vm, args[0], BuiltinType::Set)?;
    let rhs = super::set::from_iterable(vm, args[1], BuiltinType::Set)?;
    vm.compare_op(op, lhs, rhs)
}
