//! `OrderedDict`: a dict, which keeps the order, whose keys can be moved.

use super::ordered_view::{self, View};
use super::state::state_of;
use stitch_runtime::builtins::CLASS_GETITEM;
use stitch_runtime::builtins::types::DICT;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, This, method};
use stitch_runtime::object::compare::cmp;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::layout::DictObject;
use stitch_runtime::object::operate::op;
use stitch_runtime::object::slots::{Slots, operators};
use stitch_runtime::object::spec::{Object, TypeSpec};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct OrderedDict {
    dict: DictObject,
}

pub static ORDERED_DICT: TypeSpec = TypeSpec {
    name: "OrderedDict",
    module: "collections",
    doc: "A dict for which the order of its keys matters.",
    base: Some(&DICT),
    is_base: true,
    has_dict: true,
    slots: Slots {
        iter: Some(|vm, value| ordered_view::over(vm, value, View::Keys, false)),
        repr: Some(write_repr),
        compare: Some(compare),
        binary: operators(&[(op::OR, union)]),
        inplace: operators(&[(op::OR, |vm, value, other| update_from(vm, value, other).map(|()| value))]),
        ..Slots::NONE
    },
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new).doc("A new one, empty.")),
    methods: &[
        method("__init__", "($self, /, *args, **kwargs)", init).doc("Takes what update takes."),
        method("update", "($self, /, *args, **kwargs)", init)
            .doc("Sets the items of a mapping or of an iterable of pairs."),
        method("move_to_end", "($self, /, key, last=True)", move_to_end)
            .doc("Moves a key behind all others, or in front of them."),
        method("popitem", "($self, /, last=True)", pop_item)
            .doc("Removes the last or first key; gives it with its value."),
        method("pop", "($self, /, key, default=<unrepresentable>)", pop).doc("Removes a key and gives its value."),
        method("setdefault", "($self, /, key, default=None)", set_default)
            .doc("The value of a key, which is set if it was not there."),
        method("copy", "($self, /)", copy).doc("A shallow copy."),
        method("keys", "($self, /)", |vm: &mut Vm, this: This<OrderedDict>| {
            ordered_view::view(vm, this.value(), View::Keys)
        })
        .doc("A view of the keys."),
        method("values", "($self, /)", |vm: &mut Vm, this: This<OrderedDict>| {
            ordered_view::view(vm, this.value(), View::Values)
        })
        .doc("A view of the values."),
        method("items", "($self, /)", |vm: &mut Vm, this: This<OrderedDict>| {
            ordered_view::view(vm, this.value(), View::Items)
        })
        .doc("A view of keys with their values."),
        method("__reversed__", "($self, /)", |vm: &mut Vm, this: This<OrderedDict>| {
            ordered_view::over(vm, this.value(), View::Keys, true)
        })
        .doc("An iterator over the keys, the last first."),
        method("__reduce__", "($self, /)", reduce).doc("How to make it again."),
    ],
    class_methods: &[
        CLASS_GETITEM,
        method("fromkeys", "($self, /, iterable, value=None)", from_keys)
            .doc("One with these keys, which all have one value."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]`, a dict in front, which begins with the header; all that derive from the type begin with it.
unsafe impl Object for OrderedDict {
    const SPEC: &'static TypeSpec = &ORDERED_DICT;
}

fn is_exact(vm: &mut Vm, value: Value) -> bool {
    vm.class_of(value) == vm.type_of_spec(&ORDERED_DICT)
}

fn new(vm: &mut Vm, class: ClassOf<OrderedDict>, _: Rest, _: Keywords) -> PyResult<Value> {
    let empty = vm.empty_array;
    vm.new_object(class.class, |header| OrderedDict { dict: DictObject::new(header, empty) })
}

fn init(vm: &mut Vm, this: This<OrderedDict>, args: Rest, keywords: Keywords) -> PyResult<()> {
    match *args.items() {
        [] => {}
        [other] => update_from(vm, this.value(), other)?,
        ref many => {
            let message = format!("expected at most 1 argument, got {}", many.len());
            return Err(vm.raise_type(&message));
        }
    }
    if keywords.is_empty() { Ok(()) } else { update_from(vm, this.value(), keywords.value()) }
}

/// Sets the items of a mapping or of an iterable of pairs, by the class's own way of setting items.
fn update_from(vm: &mut Vm, value: Value, other: Value) -> PyResult<()> {
    if is_exact(vm, value) {
        return vm.dict_update(value, other);
    }
    let keys = vm.intern("keys");
    if vm.get_attr_opt(other, keys)?.is_none() {
        let iterator = vm.get_iter(other)?;
        while let Some(pair) = vm.iter_next(iterator)? {
            let pair = vm.unpack_pair(pair)?;
            vm.set_item(value, pair[0], pair[1])?;
        }
        return Ok(());
    }
    let keys = vm.call_method(other, keys, &[])?;
    let iterator = vm.get_iter(keys)?;
    while let Some(key) = vm.iter_next(iterator)? {
        let item = vm.get_item(other, key)?;
        vm.set_item(value, key, item)?;
    }
    Ok(())
}

fn move_to_end(vm: &mut Vm, this: This<OrderedDict>, key: Value, last: Option<bool>) -> PyResult<()> {
    match vm.dict_entry(this.value(), key)? {
        Some(entry) => vm.dict_move_entry(this.value(), entry, last.unwrap_or(true)),
        None => Err(vm.raise_key(key)),
    }
}

fn pop_item(vm: &mut Vm, this: This<OrderedDict>, last: Option<bool>) -> PyResult<Value> {
    let table = this.value();
    let taken = if last.unwrap_or(true) {
        vm.dict_pop_last(table)
    } else {
        vm.dict_first(table).map(|entry| (this.dict.key_at(entry), vm.dict_remove_entry(table, entry)))
    };
    let Some((key, value)) = taken else {
        let message = vm.new_str("dictionary is empty");
        return Err(vm.raise_key(message));
    };
    Ok(vm.new_tuple(&[key, value]))
}

fn pop(vm: &mut Vm, this: This<OrderedDict>, key: Value, default: Option<Value>) -> PyResult<Value> {
    match vm.dict_remove(this.value(), key)?.or(default) {
        Some(value) => Ok(value),
        None => Err(vm.raise_key(key)),
    }
}

fn set_default(vm: &mut Vm, this: This<OrderedDict>, key: Value, default: Option<Value>) -> PyResult<Value> {
    if let Some(value) = vm.dict_get(this.value(), key)? {
        return Ok(value);
    }
    let default = default.unwrap_or(Value::NONE);
    vm.set_item(this.value(), key, default)?;
    Ok(default)
}

fn copy(vm: &mut Vm, this: This<OrderedDict>) -> PyResult<Value> {
    let class = vm.class_of(this.value());
    if is_exact(vm, this.value()) {
        let empty = vm.empty_array;
        let copy = vm.new_object(class, |header| OrderedDict { dict: DictObject::new(header, empty) })?;
        vm.dict_merge(copy, this.value())?;
        return Ok(copy);
    }
    let copy = vm.call(Value::object(class), &[])?;
    let mut at = 0;
    while let Some((index, entry)) = this.dict.next_entry(at) {
        at = index + 1;
        let item = vm.get_item(this.value(), entry.key)?;
        vm.set_item(copy, entry.key, item)?;
    }
    Ok(copy)
}

fn union(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    let Some(this) = This::<OrderedDict>::of(vm, lhs).or_else(|| This::of(vm, rhs)) else {
        return Ok(vm.not_implemented);
    };
    if !vm.is_a::<DictObject>(lhs) || !vm.is_a::<DictObject>(rhs) {
        return Ok(vm.not_implemented);
    }
    let class = Value::object(vm.class_of(this.value()));
    let result = vm.call(class, &[lhs])?;
    update_from(vm, result, rhs)?;
    Ok(result)
}

/// In order, where both sides are of the type.
fn compare(vm: &mut Vm, operation: u32, lhs: Value, rhs: Value) -> PyResult {
    let is_equality = operation == cmp::EQ || operation == cmp::NE;
    if !is_equality || !vm.is_a::<DictObject>(rhs) {
        return Ok(vm.not_implemented);
    }
    let mut equal = vm.dicts_equal(lhs, rhs)?;
    if equal
        && let Some(lhs) = This::<OrderedDict>::of(vm, lhs)
        && let Some(rhs) = This::<OrderedDict>::of(vm, rhs)
    {
        equal = has_same_order(vm, lhs, rhs)?;
    }
    Ok(Value::bool(equal == (operation == cmp::EQ)))
}

fn has_same_order(vm: &mut Vm, lhs: This<OrderedDict>, rhs: This<OrderedDict>) -> PyResult<bool> {
    let (mut left, mut right) = (0, 0);
    let versions = [lhs, rhs].map(|dict| vm.dict_keys_version(dict.value()));
    loop {
        match (lhs.dict.next_entry(left), rhs.dict.next_entry(right)) {
            (Some((at, ours)), Some((other_at, theirs))) => {
                let is_equal = vm.equal(ours.key, theirs.key)?;
                if versions != [lhs, rhs].map(|dict| vm.dict_keys_version(dict.value())) {
                    return Err(vm.raise_runtime("OrderedDict mutated during iteration"));
                }
                if !is_equal {
                    return Ok(false);
                }
                (left, right) = (at + 1, other_at + 1);
            }
            (None, None) => return Ok(true),
            _ => return Ok(false),
        }
    }
}

fn write_repr(vm: &mut Vm, out: &mut Text, value: Value) -> PyResult<()> {
    vm.write_container(out, value, "...", |vm, out| {
        out.push_str(&vm.type_name(vm.class_of(value)));
        out.push('(' as u32);
        if This::<OrderedDict>::of(vm, value).is_some_and(|this| this.dict.len > 0) {
            let plain = vm.dict_copy(value, BuiltinType::Dict)?;
            vm.write_repr(out, plain)?;
        }
        out.push(')' as u32);
        Ok(())
    })
}

fn from_keys(vm: &mut Vm, class: Value, iterable: Value, value: Option<Value>) -> PyResult<Value> {
    let result = vm.call(class, &[])?;
    let value = value.unwrap_or(Value::NONE);
    let iterator = vm.get_iter(iterable)?;
    while let Some(key) = vm.iter_next(iterator)? {
        vm.set_item(result, key, value)?;
    }
    Ok(result)
}

fn reduce(vm: &mut Vm, this: This<OrderedDict>) -> PyResult<Value> {
    let class = Value::object(vm.class_of(this.value()));
    let state = state_of(vm, this.value())?;
    let name = vm.intern("items");
    let items = vm.call_method(this.value(), name, &[])?;
    let items = vm.get_iter(items)?;
    Ok(vm.new_tuple(&[class, vm.empty_tuple, state, Value::NONE, items]))
}
