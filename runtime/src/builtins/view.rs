//! `dict_keys`, `dict_values`, `dict_items`.

use super::receiver::object_of;
use crate::object::layout::*;
use crate::object::native::{NativeRow, native};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

const COMMON: &[NativeRow] = &[native("__reversed__", "($self, /)", reversed), native("__repr__", "($self, /)", repr)];

const SET_LIKE: &[NativeRow] = &[native("isdisjoint", "($self, other, /)", isdisjoint)];

pub fn install(vm: &mut Vm) {
    for ty in [BuiltinType::DictKeys, BuiltinType::DictValues, BuiltinType::DictItems] {
        vm.add_methods(ty, COMMON);
        super::protocol::add_sized(vm, ty);
        vm.add_getters(ty, &[("mapping", |_, view| Ok(dict_under(view)))]);
    }
    for ty in [BuiltinType::DictKeys, BuiltinType::DictItems] {
        vm.add_methods(ty, SET_LIKE);
        super::protocol::add_contains(vm, ty);
        super::protocol::add_comparisons(vm, ty);
        super::protocol::add_binary(vm, ty, &["and", "rand", "or", "ror", "sub", "rsub", "xor", "rxor"]);
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

fn isdisjoint(vm: &mut Vm, args: &[Value]) -> PyResult {
    let set = super::set::from_iterable(vm, args[0], BuiltinType::Set)?;
    super::set::isdisjoint(vm, &[set, args[1]])
}
