//! `dict_keys`, `dict_values`, `dict_items`.

use crate::object::argument::{This, method};
use crate::object::convert::text::Text;
use crate::object::layout::*;
use crate::object::native::NativeRow;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{GetSetRow, TypeSpec, field};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

const KEYS_OR_ITEMS: Slots = Slots {
    len: slot(|vm: &mut Vm, this: This<DictView>| Ok(vm.table(this.dict).len)),
    compare: Some(super::set::compare),
    binary: super::set::SET_OPERATORS,
    ..Slots::NONE
};

pub static DICT_KEYS: TypeSpec = TypeSpec {
    name: "dict_keys",
    doc: "The keys of a dict, as it is.",
    is_unhashable: true,
    slots: Slots {
        contains: slot(|vm: &mut Vm, this: This<DictView>, key| vm.dict_contains(this.dict, key)),
        iter: slot(|vm: &mut Vm, this: This<DictView>| Ok(vm.new_dict_iter(BuiltinType::DictKeyIter, this.dict))),
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<DictView>| {
            write_repr(vm, out, this, |vm, out, key, _| vm.write_repr(out, key))
        }),
        ..KEYS_OR_ITEMS
    },
    methods: SET_LIKE,
    getters: &[MAPPING],
    ..TypeSpec::NEW
};

pub static DICT_ITEMS: TypeSpec = TypeSpec {
    name: "dict_items",
    doc: "The keys and values of a dict, as it is.",
    is_unhashable: true,
    slots: Slots {
        contains: Some(|vm, view, item| vm.items_view_contains(view, item)),
        iter: slot(|vm: &mut Vm, this: This<DictView>| Ok(vm.new_dict_iter(BuiltinType::DictItemIter, this.dict))),
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<DictView>| {
            write_repr(vm, out, this, |vm, out, key, item| vm.write_parts(out, "(", &[key, item], ")"))
        }),
        ..KEYS_OR_ITEMS
    },
    methods: SET_LIKE,
    getters: &[MAPPING],
    ..TypeSpec::NEW
};

pub static DICT_VALUES: TypeSpec = TypeSpec {
    name: "dict_values",
    doc: "The values of a dict, as it is.",
    slots: Slots {
        len: slot(|vm: &mut Vm, this: This<DictView>| Ok(vm.table(this.dict).len)),
        iter: slot(|vm: &mut Vm, this: This<DictView>| Ok(vm.new_dict_iter(BuiltinType::DictValueIter, this.dict))),
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<DictView>| {
            write_repr(vm, out, this, |vm, out, _, item| vm.write_repr(out, item))
        }),
        ..Slots::NONE
    },
    methods: &[REVERSED],
    getters: &[MAPPING],
    ..TypeSpec::NEW
};

type WriteEntry = fn(&mut Vm, &mut Text, Value, Value) -> PyResult<()>;

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<DictView>, write: WriteEntry) -> PyResult<()> {
    vm.write_container(out, this.value(), "...", |vm, out| {
        out.push_str(&format!("{}([", vm.type_name(vm.class_of(this.value()))));
        vm.write_table(out, this.dict, write)?;
        out.push_str("])");
        Ok(())
    })
}

const REVERSED: NativeRow =
    method("__reversed__", "($self, /)", reversed).doc("An iterator from the last one to the first.");

const SET_LIKE: &[NativeRow] = &[
    REVERSED,
    method("isdisjoint", "($self, other, /)", isdisjoint).doc("Has the iterable nothing of what the view has?"),
];

const MAPPING: GetSetRow =
    field("mapping", |vm: &mut Vm, this: This<DictView>| vm.new_mapping_proxy(this.dict)).doc("The dict, to be read.");

fn reversed(vm: &mut Vm, this: This<DictView>) -> PyResult {
    let list = vm.collect(this.value())?;
    let len = This::<ListObject>::expect(vm, list).len;
    Ok(vm.new_seq_iter(BuiltinType::ListReverseIter, list, len))
}

fn isdisjoint(vm: &mut Vm, this: This<DictView>, other: Value) -> PyResult<bool> {
    let set = super::set::from_iterable(vm, this.value(), BuiltinType::Set)?;
    super::set::is_disjoint(vm, set, other)
}
