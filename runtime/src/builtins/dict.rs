//! `dict`.

use super::protocol::CLASS_GETITEM;
use crate::object::argument::{ClassOf, Keywords, Rest, This, method};
use crate::object::convert::text::Text;
use crate::object::layout::*;
use crate::object::native::NativeRow;
use crate::object::operate::op;
use crate::object::slots::{Slots, function, operators, slot};
use crate::object::spec::{MatchedAs, TypeSpec};
use crate::object::types::BuiltinType;
use crate::trace::{NativeCall, Traced};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static DICT: TypeSpec = TypeSpec {
    name: "dict",
    is_matched_itself: true,
    matched_as: MatchedAs::Mapping,
    doc: "Values under keys, in the order in which the keys came.",
    empty: Some(|vm| Ok(vm.new_dict())),
    referents: Some(|vm, value| {
        let dict = vm.table(value);
        // Names are not told of where there is nothing else.
        let has_other_keys = dict.iter().any(|entry| !vm.is_str(entry.key));
        let keys = dict.iter().filter(|_| has_other_keys).map(|entry| entry.key);
        keys.chain(dict.iter().map(|entry| entry.value)).collect()
    }),
    is_base: true,
    is_unhashable: true,
    slots: Slots {
        len: slot(|_: &mut Vm, this: This<DictObject>| Ok(this.len)),
        get_item: slot(|vm: &mut Vm, this: This<DictObject>, key: Value| vm.dict_subscript(this.value(), key)),
        set_item: slot(set_item),
        contains: slot(|vm: &mut Vm, this: This<DictObject>, key: Value| vm.dict_contains(this.value(), key)),
        iter: slot(|vm: &mut Vm, this: This<DictObject>| Ok(vm.new_dict_iter(BuiltinType::DictKeyIter, this.value()))),
        repr: slot(write_repr),
        compare: slot(|vm: &mut Vm, operation: u32, this: This<DictObject>, other: Value| {
            if !Vm::is_equality(operation) || This::<DictObject>::of(vm, other).is_none() {
                return Ok(vm.not_implemented);
            }
            Ok(Vm::equality(operation, vm.dicts_equal(this.value(), other)?))
        }),
        binary: operators(&[(op::OR, |vm, lhs, rhs| {
            let (Some(lhs), Some(rhs)) = (This::<DictObject>::of(vm, lhs), This::<DictObject>::of(vm, rhs)) else {
                return Ok(vm.not_implemented);
            };
            let result = copy(vm, lhs)?;
            vm.dict_merge(result, rhs.value())?;
            Ok(result)
        })]),
        inplace: operators(&[(
            op::OR,
            function(|vm: &mut Vm, this: This<DictObject>, other: Value| {
                vm.dict_update(this.value(), other).map(|()| this.value())
            }),
        )]),
        ..Slots::NONE
    },
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new).doc("An empty dict.")),
    methods: METHODS,
    class_methods: &[FROM_KEYS, CLASS_GETITEM],
    ..TypeSpec::NEW
};

fn set_item(vm: &mut Vm, this: This<DictObject>, key: Value, value: Option<Value>) -> PyResult<()> {
    let dict = this.value();
    let Some(value) = value else {
        return match vm.dict_remove(dict, key) {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(vm.raise_key(key)),
            Err(_) => Err(vm.explain_unhashable(key, "a dict key")),
        };
    };
    vm.dict_set(dict, key, value).map_err(|_| vm.explain_unhashable(key, "a dict key"))
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<DictObject>) -> PyResult<()> {
    vm.write_container(out, this.value(), "{...}", |vm, out| {
        out.push('{' as u32);
        vm.write_table(out, this.value(), |vm, out, key, item| {
            vm.write_repr(out, key)?;
            out.push_str(": ");
            vm.write_repr(out, item)
        })?;
        out.push('}' as u32);
        Ok(())
    })
}

const METHODS: &[NativeRow] = &[
    method("get", "($self, key, default=None, /)", get).traced(trace_get).doc("The value under a key, or the default."),
    method("setdefault", "($self, key, default=None, /)", setdefault)
        .doc("The value under a key; where there is none, the default is put there."),
    method("pop", "($self, key, default=<unrepresentable>, /)", pop)
        .doc("Takes a key out and gives its value; where there is none, the default or a KeyError."),
    method("popitem", "($self, /)", popitem).doc("Takes the key out that came last and gives it with its value."),
    method("keys", "($self, /)", |vm: &mut Vm, this: This<DictObject>| view(vm, this, BuiltinType::DictKeys))
        .doc("The keys, as they are at any time."),
    method("values", "($self, /)", |vm: &mut Vm, this: This<DictObject>| view(vm, this, BuiltinType::DictValues))
        .doc("The values, as they are at any time."),
    method("items", "($self, /)", |vm: &mut Vm, this: This<DictObject>| view(vm, this, BuiltinType::DictItems))
        .doc("Pairs of keys and values, as they are at any time."),
    method("update", "($self, other=(), /, **kwargs)", update)
        .doc("Takes over what a mapping, an iterable of pairs and named arguments have."),
    method("clear", "($self, /)", clear).doc("Takes all keys out."),
    method("copy", "($self, /)", copy).doc("A new dict of the same keys and values."),
    method("__init__", "($self, other=(), /, **kwargs)", update)
        .doc("Takes over what a mapping, an iterable of pairs and named arguments have."),
    method("__reversed__", "($self, /)", reversed).doc("An iterator from the last key to the first."),
];

const FROM_KEYS: NativeRow = method("fromkeys", "($self, iterable, value=None, /)", fromkeys)
    .doc("A new dict with an iterable's items as keys, all of one value.");

fn new(vm: &mut Vm, class: ClassOf<DictObject>, _: Rest, _: Keywords) -> PyResult {
    if class.is_exact() { Ok(vm.new_dict()) } else { vm.new_instance(class.class) }
}

fn update(vm: &mut Vm, this: This<DictObject>, other: Option<Value>, named: Keywords) -> PyResult<()> {
    if let Some(other) = other {
        vm.dict_update(this.value(), other)?;
    }
    if named.is_empty() { Ok(()) } else { vm.dict_merge(this.value(), named.value()) }
}

fn get(vm: &mut Vm, this: This<DictObject>, key: Value, default: Option<Value>) -> PyResult {
    Ok(vm.dict_get(this.value(), key)?.or(default).unwrap_or(Value::NONE))
}

fn trace_get(call: &mut NativeCall<'_>) -> Traced {
    let (operands, default) = match *call.arguments() {
        [dict, key] => ([dict, key], call.none()),
        [dict, key, default] => ([dict, key], default.uop),
        _ => return Ok(None),
    };
    call.recorder.dict_get(call.vm, operands, default)
}

fn setdefault(vm: &mut Vm, this: This<DictObject>, key: Value, default: Option<Value>) -> PyResult {
    if let Some(value) = vm.dict_get(this.value(), key)? {
        return Ok(value);
    }
    let default = default.unwrap_or(Value::NONE);
    vm.dict_set(this.value(), key, default)?;
    Ok(default)
}

fn pop(vm: &mut Vm, this: This<DictObject>, key: Value, default: Option<Value>) -> PyResult {
    vm.dict_remove(this.value(), key)?.or(default).ok_or_else(|| vm.raise_key(key))
}

fn popitem(vm: &mut Vm, this: This<DictObject>) -> PyResult {
    let Some((key, value)) = vm.dict_pop_last(this) else {
        let message = vm.new_str("popitem(): dictionary is empty");
        return Err(vm.raise_key(message));
    };
    Ok(vm.new_tuple(&[key, value]))
}

fn view(vm: &mut Vm, this: This<DictObject>, ty: BuiltinType) -> Value {
    vm.make(ty, |header| DictView { header, dict: this.value() })
}

fn clear(vm: &mut Vm, this: This<DictObject>) {
    vm.dict_clear(this.value());
}

fn copy(vm: &mut Vm, this: This<DictObject>) -> PyResult {
    vm.dict_copy(this.value(), BuiltinType::Dict)
}

fn fromkeys(vm: &mut Vm, class: Value, iterable: Value, value: Option<Value>) -> PyResult {
    let result = vm.call(class, &[])?;
    let value = value.unwrap_or(Value::NONE);
    let is_plain = vm.is_exactly::<DictObject>(result);
    let iterator = vm.get_iter(iterable)?;
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
fn reversed(vm: &mut Vm, this: This<DictObject>) -> PyResult {
    let keys = vm.new_list_object()?;
    let mut at = 0;
    while let Some((index, entry)) = this.next_entry(at) {
        vm.list_push(keys.pointer(), entry.key)?;
        at = index + 1;
    }
    Ok(vm.new_seq_iter(BuiltinType::ListReverseIter, keys.value(), keys.len))
}
