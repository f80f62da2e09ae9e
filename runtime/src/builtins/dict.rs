//! `dict`.

use crate::object::convert::text::Text;
use crate::object::dict::dict_of;
use crate::object::layout::*;
use crate::object::native::{NativeRow, native};
use crate::object::operate::op;
use crate::object::slots::{Slots, operators};
use crate::object::spec::{MatchedAs, TypeSpec};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static DICT: TypeSpec = TypeSpec {
    name: "dict",
    is_matched_itself: true,
    matched_as: MatchedAs::Mapping,
    doc: "Values under keys, in the order in which the keys came.",
    is_base: true,
    is_unhashable: true,
    slots: Slots {
        len: Some(|_, dict| Ok(dict_of(dict).len)),
        get_item: Some(|vm, dict, key| vm.dict_subscript(dict, key)),
        set_item: Some(set_item),
        contains: Some(|vm, dict, key| vm.dict_contains(dict, key)),
        iter: Some(|vm, dict| Ok(vm.new_dict_iter(BuiltinType::DictKeyIter, dict))),
        repr: Some(write_repr),
        compare: Some(|vm, operation, lhs, rhs| {
            if !Vm::is_equality(operation) || !vm.has_layout(rhs, BuiltinType::Dict) {
                return Ok(vm.not_implemented);
            }
            Ok(Vm::equality(operation, vm.dicts_equal(lhs, rhs)?))
        }),
        binary: operators(&[(op::OR, |vm, lhs, rhs| {
            if !vm.has_layout(lhs, BuiltinType::Dict) || !vm.has_layout(rhs, BuiltinType::Dict) {
                return Ok(vm.not_implemented);
            }
            let result = vm.dict_copy(lhs, BuiltinType::Dict)?;
            vm.dict_merge(result, rhs)?;
            Ok(result)
        })]),
        inplace: operators(&[(op::OR, |vm, dict, other| vm.dict_update(dict, other).map(|()| dict))]),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

fn set_item(vm: &mut Vm, dict: Value, key: Value, value: Option<Value>) -> PyResult<()> {
    let Some(value) = value else {
        return match vm.dict_remove(dict, key) {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(vm.raise_key(key)),
            Err(_) => Err(vm.explain_unhashable(key, "a dict key")),
        };
    };
    vm.dict_set(dict, key, value).map_err(|_| vm.explain_unhashable(key, "a dict key"))
}

fn write_repr(vm: &mut Vm, out: &mut Text, dict: Value) -> PyResult<()> {
    vm.write_container(out, dict, "{...}", |vm, out| {
        out.push('{' as u32);
        vm.write_table(out, dict, |vm, out, key, item| {
            vm.write_repr(out, key)?;
            out.push_str(": ");
            vm.write_repr(out, item)
        })?;
        out.push('}' as u32);
        Ok(())
    })
}

const METHODS: &[NativeRow] = &[
    native("get", "($self, key, default=None, /)", get),
    native("setdefault", "($self, key, default=None, /)", setdefault),
    native("pop", "($self, key, default=<unrepresentable>, /)", pop),
    native("popitem", "($self, /)", popitem),
    native("keys", "($self, /)", |vm, args| view(vm, args, BuiltinType::DictKeys)),
    native("values", "($self, /)", |vm, args| view(vm, args, BuiltinType::DictValues)),
    native("items", "($self, /)", |vm, args| view(vm, args, BuiltinType::DictItems)),
    native("update", "($self, other=(), /, **kwargs)", update),
    native("clear", "($self, /)", clear),
    native("copy", "($self, /)", copy),
    native("__init__", "($self, other=(), /, **kwargs)", update),
    native("__reversed__", "($self, /)", reversed),
];

pub fn install(vm: &mut Vm) {
    vm.add_methods(BuiltinType::Dict, METHODS);
    vm.add_class_methods(BuiltinType::Dict, &[native("fromkeys", "($self, iterable, value=None, /)", fromkeys)]);
    let class = vm.class(BuiltinType::Dict);
    vm.add_new(class, native("__new__", "($type, /, *args, **kwargs)", new));
    super::protocol::add_class_getitem(vm, BuiltinType::Dict);
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class = super::class::class_argument(vm, args[0], BuiltinType::Dict)?;
    if class == vm.class(BuiltinType::Dict) {
        return Ok(vm.new_dict());
    }
    vm.new_instance(class)
}

fn update(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Dict)?;
    if !args[1].is_unbound() {
        vm.dict_update(args[0], args[1])?;
    }
    if !vm.keyword_dict_is_empty(args[2]) {
        vm.dict_merge(args[0], args[2])?;
    }
    Ok(Value::NONE)
}

fn get(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Dict)?;
    let default = args.get(2).copied().filter(|d| !d.is_unbound()).unwrap_or(Value::NONE);
    Ok(vm.dict_get(args[0], args[1])?.unwrap_or(default))
}

fn setdefault(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Dict)?;
    if let Some(value) = vm.dict_get(args[0], args[1])? {
        return Ok(value);
    }
    let default = if args[2].is_unbound() { Value::NONE } else { args[2] };
    vm.dict_set(args[0], args[1], default)?;
    Ok(default)
}

fn pop(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Dict)?;
    match vm.dict_remove(args[0], args[1])? {
        Some(value) => Ok(value),
        None if args[2].is_unbound() => Err(vm.raise_key(args[1])),
        None => Ok(args[2]),
    }
}

fn popitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Dict)?;
    let table = dict_of(args[0]);
    let Some(entry) = (0..table.used).rev().find(|&i| !table.key_at(i).is_unbound()) else {
        let message = vm.new_str("popitem(): dictionary is empty");
        return Err(vm.raise_key(message));
    };
    let key = table.key_at(entry);
    let value = vm.dict_remove_entry(args[0], entry);
    Ok(vm.new_tuple(&[key, value]))
}

fn view(vm: &mut Vm, args: &[Value], ty: BuiltinType) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Dict)?;
    Ok(vm.make(ty, |header| DictView { header, dict: args[0] }))
}

fn clear(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Dict)?;
    vm.dict_clear(args[0]);
    Ok(Value::NONE)
}

fn copy(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Dict)?;
    vm.dict_copy(args[0], BuiltinType::Dict)
}

fn fromkeys(vm: &mut Vm, args: &[Value]) -> PyResult {
    let result = vm.call(args[0], &[])?;
    let value = if args[2].is_unbound() { Value::NONE } else { args[2] };
    let is_plain = vm.is_exact(result, BuiltinType::Dict);
    let iterator = vm.get_iter(args[1])?;
    while let Some(key) = vm.iter_next(iterator)? {
        if is_plain {
            vm.dict_set(result, key, value)?;
        } else {
            vm.set_item(result, key, value)?;
        }
    }
    Ok(result)
}

/// Over a copy of the keys: a dict has no reverse iterator of its own.
fn reversed(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Dict)?;
    let keys = vm.new_list(&[])?;
    let mut at = 0;
    while let Some((index, entry)) = dict_of(args[0]).next_entry(at) {
        vm.list_push(super::list_of(keys), entry.key)?;
        at = index + 1;
    }
    let len = super::list_of(keys).len;
    Ok(vm.new_seq_iter(BuiltinType::ListReverseIter, keys, len))
}
