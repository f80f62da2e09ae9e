//! `set` and `frozenset`.

use super::receiver::tuple_of;
use crate::interp::drain::Drain;
use crate::object::convert::text::Text;
use crate::object::dict::dict_of;
use crate::object::layout::*;
use crate::object::native::{NativeRow, native};
use crate::object::operate::op;
use crate::object::slots::{Binary, Slots, operators};
use crate::object::spec::TypeSpec;
use crate::object::types::BuiltinType;
use crate::trace::{NativeCall, Traced};
use crate::uop::{Helper, Op};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// What sets, frozensets and views of keys and items have in common.
pub(super) const SET_OPERATORS: [Option<Binary>; 14] = operators(&[
    (op::AND, |vm, lhs, rhs| vm.set_binary(op::AND, lhs, rhs)),
    (op::OR, |vm, lhs, rhs| vm.set_binary(op::OR, lhs, rhs)),
    (op::XOR, |vm, lhs, rhs| vm.set_binary(op::XOR, lhs, rhs)),
    (op::SUBTRACT, |vm, lhs, rhs| vm.set_binary(op::SUBTRACT, lhs, rhs)),
]);

const COMMON_SLOTS: Slots = Slots {
    len: Some(|_, set| Ok(dict_of(set).len)),
    contains: Some(|vm, set, item| {
        let key = frozen_key(vm, item)?;
        vm.dict_contains(set, key)
    }),
    iter: Some(|vm, set| Ok(vm.new_dict_iter(BuiltinType::SetIter, set))),
    repr: Some(write_repr),
    compare: Some(compare),
    binary: SET_OPERATORS,
    ..Slots::NONE
};

pub static SET: TypeSpec = TypeSpec {
    name: "set",
    is_matched_itself: true,
    doc: "A mutable set of values.",
    is_base: true,
    is_unhashable: true,
    slots: Slots {
        inplace: operators(&[
            (op::AND, |vm, set, other| change_in_place(vm, op::AND, set, other)),
            (op::OR, |vm, set, other| change_in_place(vm, op::OR, set, other)),
            (op::XOR, |vm, set, other| change_in_place(vm, op::XOR, set, other)),
            (op::SUBTRACT, |vm, set, other| change_in_place(vm, op::SUBTRACT, set, other)),
        ]),
        ..COMMON_SLOTS
    },
    ..TypeSpec::NEW
};

pub static FROZEN_SET: TypeSpec = TypeSpec {
    name: "frozenset",
    is_matched_itself: true,
    doc: "An immutable set of values.",
    is_base: true,
    slots: Slots { hash: Some(|vm, set| vm.hash_frozenset(set)), ..COMMON_SLOTS },
    ..TypeSpec::NEW
};

fn change_in_place(vm: &mut Vm, base: u32, set: Value, other: Value) -> PyResult {
    if !vm.is_set(other) {
        return Ok(vm.not_implemented);
    }
    vm.set_binary_in_place(base, set, other)?;
    Ok(set)
}

/// Of sets and of views of keys and items.
pub(super) fn compare(vm: &mut Vm, operation: u32, lhs: Value, rhs: Value) -> PyResult {
    if !vm.is_set_like(rhs) {
        return Ok(vm.not_implemented);
    }
    vm.compare_sets(operation, lhs, rhs).map(Value::bool)
}

fn write_repr(vm: &mut Vm, out: &mut Text, set: Value) -> PyResult<()> {
    let name = vm.class_name(set);
    if dict_of(set).len == 0 {
        out.push_str(&format!("{name}()"));
        return Ok(());
    }
    vm.write_container(out, set, &format!("{name}(...)"), |vm, out| {
        let is_exact_set = vm.is_exact(set, BuiltinType::Set);
        out.push_str(&if is_exact_set { "{".to_string() } else { format!("{name}({{") });
        vm.write_table(out, set, |vm, out, key, _| vm.write_repr(out, key))?;
        out.push_str(if is_exact_set { "}" } else { "})" });
        Ok(())
    })
}

const COMMON: &[NativeRow] = &[
    native("copy", "($self, /)", copy),
    native("union", "($self, /, *others)", union),
    native("intersection", "($self, /, *others)", intersection),
    native("difference", "($self, /, *others)", difference),
    native("symmetric_difference", "($self, other, /)", symmetric_difference),
    native("issubset", "($self, other, /)", issubset),
    native("issuperset", "($self, other, /)", issuperset),
    native("isdisjoint", "($self, other, /)", isdisjoint),
];

const MUTATING: &[NativeRow] = &[
    native("add", "($self, object, /)", add).traced(trace_add),
    native("remove", "($self, object, /)", remove),
    native("discard", "($self, object, /)", discard),
    native("pop", "($self, /)", pop),
    native("clear", "($self, /)", clear),
    native("update", "($self, /, *others)", update),
    native("intersection_update", "($self, /, *others)", intersection_update),
    native("difference_update", "($self, /, *others)", difference_update),
    native("symmetric_difference_update", "($self, other, /)", symmetric_difference_update),
    native("__init__", "($self, iterable=(), /)", init),
];

pub fn install(vm: &mut Vm) {
    for ty in [BuiltinType::Set, BuiltinType::FrozenSet] {
        vm.add_methods(ty, COMMON);
        super::protocol::add_class_getitem(vm, ty);
    }
    vm.add_methods(BuiltinType::Set, MUTATING);
    let set = vm.class(BuiltinType::Set);
    vm.add_new(set, native("__new__", "($type, /, *args, **kwargs)", new_set));
    let frozen = vm.class(BuiltinType::FrozenSet);
    vm.add_new(frozen, native("__new__", "($type, iterable=(), /)", new_frozenset));
}

fn new_set(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class = super::class::class_argument(vm, args[0], BuiltinType::Set)?;
    if class == vm.class(BuiltinType::Set) {
        return vm.new_set(BuiltinType::Set, 0);
    }
    vm.new_instance(class)
}

fn new_frozenset(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class = super::class::class_argument(vm, args[0], BuiltinType::FrozenSet)?;
    if class == vm.class(BuiltinType::FrozenSet) {
        if vm.is_exact(args[1], BuiltinType::FrozenSet) {
            return Ok(args[1]);
        }
        let set = vm.new_set(BuiltinType::FrozenSet, 0)?;
        if !args[1].is_unbound() {
            unite_with(vm, set, args[1])?;
        }
        return Ok(set);
    }
    let set = vm.new_instance(class)?;
    if !args[1].is_unbound() {
        unite_with(vm, set, args[1])?;
    }
    Ok(set)
}

fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Set)?;
    if dict_of(args[0]).len > 0 {
        vm.dict_clear(args[0]);
    }
    if !args[1].is_unbound() {
        unite_with(vm, args[0], args[1])?;
    }
    Ok(Value::NONE)
}

fn is_set(vm: &Vm, value: Value) -> bool {
    matches!(vm.layout_of(value), BuiltinType::Set | BuiltinType::FrozenSet)
}

fn check_set(vm: &mut Vm, value: Value) -> PyResult<()> {
    if is_set(vm, value) { Ok(()) } else { vm.check_receiver(value, BuiltinType::Set) }
}

/// A new set of what an iterable gives.
pub fn from_iterable(vm: &mut Vm, iterable: Value, ty: BuiltinType) -> PyResult {
    let set = vm.new_set(ty, 0)?;
    unite_with(vm, set, iterable)?;
    Ok(set)
}

/// The value itself where it is a set, else a set of what it gives.
fn as_set(vm: &mut Vm, value: Value) -> PyResult {
    if is_set(vm, value) { Ok(value) } else { from_iterable(vm, value, BuiltinType::Set) }
}

fn unite_with(vm: &mut Vm, set: Value, other: Value) -> PyResult<()> {
    if is_set(vm, other) {
        return vm.dict_merge(set, other);
    }
    if vm.is_exact(other, BuiltinType::Dict) {
        let mut at = 0;
        while let Some((index, mut entry)) = dict_of(other).next_entry(at) {
            entry.value = Value::NONE;
            vm.dict_add_entry(set, &entry)?;
            at = index + 1;
        }
        return Ok(());
    }
    if vm.is_exact(set, BuiltinType::Set) && vm.drain(Drain::Update, other, Some(set))?.is_some() {
        return Ok(());
    }
    let iterator = vm.get_iter(other)?;
    while let Some(item) = vm.iter_next(iterator)? {
        if vm.set_add(set, item).is_err() {
            return Err(vm.explain_unhashable(item, "a set element"));
        }
    }
    Ok(())
}

/// A new set of the type's layout with the elements of `set` that `other` contains (or does not).
fn select(vm: &mut Vm, set: Value, other: Value, contained: bool) -> PyResult {
    let ty = vm.layout_of(set);
    vm.select(ty, set, other, contained)
}

/// Makes `set` hold what `content` does; both are sets.
fn replace(vm: &mut Vm, set: Value, content: Value) -> PyResult<()> {
    vm.dict_clear(set);
    vm.dict_merge(set, content)
}

fn intersect_with(vm: &mut Vm, set: Value, other: Value) -> PyResult<()> {
    let other = as_set(vm, other)?;
    let kept = select(vm, set, other, true)?;
    replace(vm, set, kept)
}

fn subtract(vm: &mut Vm, set: Value, other: Value) -> PyResult<()> {
    if other == set {
        vm.dict_clear(set);
        return Ok(());
    }
    let iterator = vm.get_iter(other)?;
    while let Some(item) = vm.iter_next(iterator)? {
        vm.dict_remove(set, item)?;
    }
    Ok(())
}

fn toggle(vm: &mut Vm, set: Value, other: Value) -> PyResult<()> {
    let other = as_set(vm, other)?;
    let result = symmetric(vm, set, other)?;
    replace(vm, set, result)
}

fn symmetric(vm: &mut Vm, set: Value, other: Value) -> PyResult {
    let result = select(vm, set, other, false)?;
    let rest = select(vm, other, set, false)?;
    vm.dict_merge(result, rest)?;
    Ok(result)
}

type Change = fn(&mut Vm, Value, Value) -> PyResult<()>;

/// Applies a change with each of the tuple's members to a fresh copy.
fn fold(vm: &mut Vm, args: &[Value], change: Change) -> PyResult {
    check_set(vm, args[0])?;
    let ty = vm.layout_of(args[0]);
    let result = vm.dict_copy(args[0], ty)?;
    for &other in tuple_of(args[1]).items() {
        change(vm, result, other)?;
    }
    Ok(result)
}

fn fold_in_place(vm: &mut Vm, args: &[Value], change: Change) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Set)?;
    for &other in tuple_of(args[1]).items() {
        change(vm, args[0], other)?;
    }
    Ok(Value::NONE)
}

fn union(vm: &mut Vm, args: &[Value]) -> PyResult {
    fold(vm, args, unite_with)
}

fn intersection(vm: &mut Vm, args: &[Value]) -> PyResult {
    fold(vm, args, intersect_with)
}

fn difference(vm: &mut Vm, args: &[Value]) -> PyResult {
    fold(vm, args, subtract)
}

fn symmetric_difference(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_set(vm, args[0])?;
    let other = as_set(vm, args[1])?;
    symmetric(vm, args[0], other)
}

fn update(vm: &mut Vm, args: &[Value]) -> PyResult {
    fold_in_place(vm, args, unite_with)
}

fn intersection_update(vm: &mut Vm, args: &[Value]) -> PyResult {
    fold_in_place(vm, args, intersect_with)
}

fn difference_update(vm: &mut Vm, args: &[Value]) -> PyResult {
    fold_in_place(vm, args, subtract)
}

fn symmetric_difference_update(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Set)?;
    toggle(vm, args[0], args[1])?;
    Ok(Value::NONE)
}

fn is_contained(vm: &mut Vm, inner: Value, outer: Value) -> PyResult {
    if dict_of(inner).len > dict_of(outer).len {
        return Ok(Value::FALSE);
    }
    let mut at = 0;
    while let Some((index, entry)) = dict_of(inner).next_entry(at) {
        if !vm.dict_contains_entry(outer, &entry)? {
            return Ok(Value::FALSE);
        }
        at = index + 1;
    }
    Ok(Value::TRUE)
}

fn issubset(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_set(vm, args[0])?;
    let other = as_set(vm, args[1])?;
    is_contained(vm, args[0], other)
}

fn issuperset(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_set(vm, args[0])?;
    let other = as_set(vm, args[1])?;
    is_contained(vm, other, args[0])
}

fn isdisjoint(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_set(vm, args[0])?;
    is_disjoint(vm, args[0], args[1]).map(Value::bool)
}

/// Has the set nothing of what the iterable gives?
pub fn is_disjoint(vm: &mut Vm, set: Value, other: Value) -> PyResult<bool> {
    let iterator = vm.get_iter(other)?;
    while let Some(item) = vm.iter_next(iterator)? {
        if vm.dict_contains(set, item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn copy(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_set(vm, args[0])?;
    if vm.is_exact(args[0], BuiltinType::FrozenSet) {
        return Ok(args[0]);
    }
    let ty = vm.layout_of(args[0]);
    vm.dict_copy(args[0], ty)
}

/// A set that is looked for stands for a frozenset of the same elements.
fn frozen_key(vm: &mut Vm, key: Value) -> PyResult {
    if vm.has_layout(key, BuiltinType::Set) { vm.dict_copy(key, BuiltinType::FrozenSet) } else { Ok(key) }
}

fn add(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Set)?;
    if vm.set_add(args[0], args[1]).is_err() {
        return Err(vm.explain_unhashable(args[1], "a set element"));
    }
    Ok(Value::NONE)
}

fn remove(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Set)?;
    let key = frozen_key(vm, args[1])?;
    match vm.dict_remove(args[0], key)? {
        Some(_) => Ok(Value::NONE),
        None => Err(vm.raise_key(args[1])),
    }
}

fn discard(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Set)?;
    let key = frozen_key(vm, args[1])?;
    vm.dict_remove(args[0], key)?;
    Ok(Value::NONE)
}

/// Takes the element added last: the table shrinks from its end at once.
fn pop(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Set)?;
    let table: &DictObject = dict_of(args[0]);
    let Some(entry) = (0..table.used).rev().find(|&i| !table.key_at(i).is_unbound()) else {
        let message = vm.new_str("pop from an empty set");
        return Err(vm.raise_key(message));
    };
    let key = table.key_at(entry);
    vm.dict_remove_entry(args[0], entry);
    Ok(key)
}

fn clear(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Set)?;
    vm.dict_clear(args[0]);
    Ok(Value::NONE)
}

fn trace_add(call: &mut NativeCall<'_>) -> Traced {
    let &[set, item] = call.arguments() else { return Ok(None) };
    if !call.vm.is_exact(set.now, BuiltinType::Set) {
        return Ok(None);
    }
    call.guard_shape(set)?;
    call.recorder.escaping(Op::CallHelper { helper: Helper::SetAdd }, &[set.uop, item.uop])?;
    Ok(Some(call.none()))
}
