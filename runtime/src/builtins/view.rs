//! `dict_keys`, `dict_values`, `dict_items`.

use super::receiver::object_of;
use crate::object::convert::text::Text;
use crate::object::dict::dict_of;
use crate::object::layout::*;
use crate::object::native::{NativeRow, native};
use crate::object::slots::Slots;
use crate::object::spec::TypeSpec;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

const KEYS_OR_ITEMS: Slots = Slots {
    len: Some(|_, view| Ok(dict_of(dict_under(view)).len)),
    compare: Some(super::set::compare),
    binary: super::set::SET_OPERATORS,
    ..Slots::NONE
};

pub static DICT_KEYS: TypeSpec = TypeSpec {
    name: "dict_keys",
    doc: "The keys of a dict, as it is.",
    is_unhashable: true,
    slots: Slots {
        contains: Some(|vm, view, key| vm.dict_contains(dict_under(view), key)),
        iter: Some(|vm, view| Ok(vm.new_dict_iter(BuiltinType::DictKeyIter, dict_under(view)))),
        repr: Some(|vm, out, view| write_repr(vm, out, view, |vm, out, key, _| vm.write_repr(out, key))),
        ..KEYS_OR_ITEMS
    },
    ..TypeSpec::NEW
};

pub static DICT_ITEMS: TypeSpec = TypeSpec {
    name: "dict_items",
    doc: "The keys and values of a dict, as it is.",
    is_unhashable: true,
    slots: Slots {
        contains: Some(|vm, view, item| vm.items_view_contains(view, item)),
        iter: Some(|vm, view| Ok(vm.new_dict_iter(BuiltinType::DictItemIter, dict_under(view)))),
        repr: Some(|vm, out, view| {
            write_repr(vm, out, view, |vm, out, key, item| vm.write_parts(out, "(", &[key, item], ")"))
        }),
        ..KEYS_OR_ITEMS
    },
    ..TypeSpec::NEW
};

pub static DICT_VALUES: TypeSpec = TypeSpec {
    name: "dict_values",
    doc: "The values of a dict, as it is.",
    slots: Slots {
        len: Some(|_, view| Ok(dict_of(dict_under(view)).len)),
        iter: Some(|vm, view| Ok(vm.new_dict_iter(BuiltinType::DictValueIter, dict_under(view)))),
        repr: Some(|vm, out, view| write_repr(vm, out, view, |vm, out, _, item| vm.write_repr(out, item))),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

type WriteEntry = fn(&mut Vm, &mut Text, Value, Value) -> PyResult<()>;

fn write_repr(vm: &mut Vm, out: &mut Text, view: Value, write: WriteEntry) -> PyResult<()> {
    vm.write_container(out, view, "...", |vm, out| {
        out.push_str(&format!("{}([", vm.type_name(vm.class_of(view))));
        vm.write_table(out, dict_under(view), write)?;
        out.push_str("])");
        Ok(())
    })
}

const COMMON: &[NativeRow] = &[native("__reversed__", "($self, /)", reversed)];

const SET_LIKE: &[NativeRow] = &[native("isdisjoint", "($self, other, /)", isdisjoint)];

pub fn install(vm: &mut Vm) {
    for ty in [BuiltinType::DictKeys, BuiltinType::DictValues, BuiltinType::DictItems] {
        vm.add_methods(ty, COMMON);
        vm.add_getters(ty, &[("mapping", |_, view| Ok(dict_under(view)))]);
    }
    for ty in [BuiltinType::DictKeys, BuiltinType::DictItems] {
        vm.add_methods(ty, SET_LIKE);
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

fn isdisjoint(vm: &mut Vm, args: &[Value]) -> PyResult {
    let set = super::set::from_iterable(vm, args[0], BuiltinType::Set)?;
    super::set::isdisjoint(vm, &[set, args[1]])
}
