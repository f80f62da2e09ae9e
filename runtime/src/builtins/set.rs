//! `set` and `frozenset`.

use super::protocol::CLASS_GETITEM;
use crate::interp::drain::Drain;
use crate::object::argument::{ClassOf, Keywords, Rest, This, method};
use crate::object::convert::text::Text;
use crate::object::layout::DictObject;
use crate::object::native::NativeRow;
use crate::object::operate::op;
use crate::object::slots::{Binary, Slots, function, operators, slot};
use crate::object::spec::{TypeSpec, joined};
use crate::object::typed::{AnySet, FrozenSetObject, SetObject};
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
    len: slot(|_: &mut Vm, this: This<AnySet>| Ok(this.len)),
    contains: slot(|vm: &mut Vm, this: This<AnySet>, item: Value| {
        let key = frozen_key(vm, item)?;
        vm.dict_contains(this.value(), key)
    }),
    iter: slot(|vm: &mut Vm, this: This<AnySet>| Ok(vm.new_dict_iter(BuiltinType::SetIter, this.value()))),
    repr: slot(write_repr),
    compare: slot(|vm: &mut Vm, operation: u32, this: This<AnySet>, other: Value| {
        compare(vm, operation, this.value(), other)
    }),
    binary: SET_OPERATORS,
    ..Slots::NONE
};

pub static SET: TypeSpec = TypeSpec {
    name: "set",
    is_matched_itself: true,
    doc: "A mutable set of values.",
    empty: Some(|vm| vm.new_set(BuiltinType::Set)),
    referents: Some(|vm, value| vm.table(value).iter().map(|entry| entry.key).collect()),
    is_weakly_referable: true,
    is_base: true,
    is_unhashable: true,
    slots: Slots {
        inplace: operators(&[
            (op::AND, function(change_in_place::<{ op::AND }>)),
            (op::OR, function(change_in_place::<{ op::OR }>)),
            (op::XOR, function(change_in_place::<{ op::XOR }>)),
            (op::SUBTRACT, function(change_in_place::<{ op::SUBTRACT }>)),
        ]),
        ..COMMON_SLOTS
    },
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new_set).doc("An empty set.")),
    methods: &OF_SET,
    class_methods: &[CLASS_GETITEM],
    ..TypeSpec::NEW
};

pub static FROZEN_SET: TypeSpec = TypeSpec {
    name: "frozenset",
    is_matched_itself: true,
    doc: "An immutable set of values.",
    empty: Some(|vm| vm.new_set(BuiltinType::FrozenSet)),
    referents: Some(|vm, value| vm.table(value).iter().map(|entry| entry.key).collect()),
    is_weakly_referable: true,
    is_base: true,
    slots: Slots { hash: slot(|vm: &mut Vm, this: This<FrozenSetObject>| vm.hash_frozenset(this)), ..COMMON_SLOTS },
    new: Some(method("__new__", "($type, iterable=(), /)", new_frozenset).doc("A frozenset of an iterable's items.")),
    methods: &COMMON,
    class_methods: &[CLASS_GETITEM],
    ..TypeSpec::NEW
};

fn change_in_place<const OPERATION: u32>(vm: &mut Vm, this: This<SetObject>, other: Value) -> PyResult {
    if !vm.is_set(other) {
        return Ok(vm.not_implemented);
    }
    vm.set_binary_in_place(OPERATION, this.value(), other)?;
    Ok(this.value())
}

/// Of sets and of views of keys and items.
pub(super) fn compare(vm: &mut Vm, operation: u32, lhs: Value, rhs: Value) -> PyResult {
    if !vm.is_set_like(rhs) {
        return Ok(vm.not_implemented);
    }
    vm.compare_sets(operation, lhs, rhs).map(Value::bool)
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<AnySet>) -> PyResult<()> {
    let set = this.value();
    let name = vm.class_name(set);
    if this.len == 0 {
        out.push_str(&format!("{name}()"));
        return Ok(());
    }
    vm.write_container(out, set, &format!("{name}(...)"), |vm, out| {
        let is_exact_set = vm.is_exactly::<SetObject>(set);
        out.push_str(&if is_exact_set { "{".to_string() } else { format!("{name}({{") });
        vm.write_table(out, set, |vm, out, key, _| vm.write_repr(out, key))?;
        out.push_str(if is_exact_set { "}" } else { "})" });
        Ok(())
    })
}

const COMMON: [NativeRow; 9] = [
    super::reduce::OF_SET,
    method("copy", "($self, /)", copy).doc("A set of the same elements."),
    method("union", "($self, /, *others)", union).doc("A set of the elements of this one and of iterables."),
    method("intersection", "($self, /, *others)", intersection)
        .doc("A set of the elements that all iterables have, too."),
    method("difference", "($self, /, *others)", difference).doc("A set of the elements that no iterable has."),
    method("symmetric_difference", "($self, other, /)", symmetric_difference)
        .doc("A set of what either this one or an iterable has, not both."),
    method("issubset", "($self, other, /)", issubset).doc("Has the iterable all elements?"),
    method("issuperset", "($self, other, /)", issuperset).doc("Has the set all that the iterable gives?"),
    method("isdisjoint", "($self, other, /)", |vm: &mut Vm, this: This<AnySet>, other: Value| {
        is_disjoint(vm, this.value(), other)
    })
    .doc("Has the iterable none of the elements?"),
];

const MUTATING: [NativeRow; 10] = [
    method("add", "($self, object, /)", add).doc("Adds an element.").traced(trace_add),
    method("remove", "($self, object, /)", remove).doc("Takes an element out; KeyError where it is none."),
    method("discard", "($self, object, /)", discard).doc("Takes an element out, if it is one."),
    method("pop", "($self, /)", pop).doc("Takes some element out and gives it; KeyError where there is none."),
    method("clear", "($self, /)", clear).doc("Takes all elements out."),
    method("update", "($self, /, *others)", update).doc("Adds what iterables give."),
    method("intersection_update", "($self, /, *others)", intersection_update)
        .doc("Keeps the elements that all iterables have."),
    method("difference_update", "($self, /, *others)", difference_update).doc("Takes out what iterables give."),
    method("symmetric_difference_update", "($self, other, /)", symmetric_difference_update)
        .doc("Takes out what an iterable has, too, and adds what only it has."),
    method("__init__", "($self, iterable=(), /)", init).doc("Makes the set hold an iterable's items."),
];

const OF_SET: [NativeRow; 19] = joined(COMMON, MUTATING);

fn new_set(vm: &mut Vm, class: ClassOf<SetObject>, _: Rest, _: Keywords) -> PyResult {
    if class.is_exact() { vm.new_set(BuiltinType::Set) } else { vm.new_instance(class.class) }
}

fn new_frozenset(vm: &mut Vm, class: ClassOf<FrozenSetObject>, iterable: Option<Value>) -> PyResult {
    let set = if class.is_exact() {
        if let Some(iterable) = iterable.filter(|&iterable| vm.is_exactly::<FrozenSetObject>(iterable)) {
            return Ok(iterable);
        }
        vm.new_set(BuiltinType::FrozenSet)?
    } else {
        vm.new_instance(class.class)?
    };
    if let Some(iterable) = iterable {
        unite_with(vm, set, iterable)?;
    }
    Ok(set)
}

fn init(vm: &mut Vm, this: This<SetObject>, iterable: Option<Value>) -> PyResult<()> {
    if this.len > 0 {
        clear(vm, this);
    }
    iterable.map_or(Ok(()), |iterable| unite_with(vm, this.value(), iterable))
}

/// A new set of what an iterable gives.
pub fn from_iterable(vm: &mut Vm, iterable: Value, ty: BuiltinType) -> PyResult {
    let set = vm.new_set(ty)?;
    unite_with(vm, set, iterable)?;
    Ok(set)
}

/// The value itself where it is a set, else a set of what it gives.
fn as_set(vm: &mut Vm, value: Value) -> PyResult {
    if vm.is_set(value) { Ok(value) } else { from_iterable(vm, value, BuiltinType::Set) }
}

pub(super) fn unite_with(vm: &mut Vm, set: Value, other: Value) -> PyResult<()> {
    if vm.is_set(other) || vm.is_exactly::<DictObject>(other) {
        return vm.dict_merge(set, other);
    }
    if vm.is_exactly::<SetObject>(set) && vm.drain(Drain::Update, other, Some(set))?.is_some() {
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

/// A new set of the elements of a set that an iterable gives, too.
fn common(vm: &mut Vm, set: Value, other: Value) -> PyResult {
    let ty = vm.layout_of(set);
    if vm.is_set(other) {
        return vm.table_operation(op::AND, ty, set, other);
    }
    let result = vm.new_set(ty)?;
    let iterator = vm.get_iter(other)?;
    while let Some(item) = vm.iter_next(iterator)? {
        if vm.dict_contains(set, item)? {
            vm.set_add(result, item)?;
        }
    }
    Ok(result)
}

fn subtract(vm: &mut Vm, set: Value, other: Value) -> PyResult<()> {
    if vm.is_set(other) || other == set {
        return vm.set_binary_in_place(op::SUBTRACT, set, other);
    }
    let iterator = vm.get_iter(other)?;
    while let Some(item) = vm.iter_next(iterator)? {
        vm.dict_remove(set, item)?;
    }
    vm.set_compact(set)
}

fn symmetric(vm: &mut Vm, set: Value, other: Value) -> PyResult {
    let ty = vm.layout_of(set);
    let result = from_iterable(vm, other, ty)?;
    vm.toggle(result, set)?;
    Ok(result)
}

type Change = fn(&mut Vm, Value, Value) -> PyResult<()>;

/// Applies a change with each of the iterables to a fresh copy.
fn fold(vm: &mut Vm, this: This<AnySet>, others: Rest, change: Change) -> PyResult {
    let ty = vm.layout_of(this.value());
    let result = vm.dict_copy(this.value(), ty)?;
    fold_in_place(vm, result, others, change)?;
    Ok(result)
}

fn fold_in_place(vm: &mut Vm, set: Value, others: Rest, change: Change) -> PyResult<()> {
    others.items().iter().try_for_each(|&other| change(vm, set, other))
}

fn union(vm: &mut Vm, this: This<AnySet>, others: Rest) -> PyResult {
    fold(vm, this, others, unite_with)
}

fn intersection(vm: &mut Vm, this: This<AnySet>, others: Rest) -> PyResult {
    if others.items().is_empty() {
        let ty = vm.layout_of(this.value());
        return vm.dict_copy(this.value(), ty);
    }
    others.items().iter().try_fold(this.value(), |result, &other| common(vm, result, other))
}

fn difference(vm: &mut Vm, this: This<AnySet>, others: Rest) -> PyResult {
    let ty = vm.layout_of(this.value());
    let (result, rest) = match others.items().split_first() {
        Some((&first, rest)) if vm.is_set(first) => (vm.table_operation(op::SUBTRACT, ty, this.value(), first)?, rest),
        _ => (vm.dict_copy(this.value(), ty)?, others.items()),
    };
    rest.iter().try_for_each(|&other| subtract(vm, result, other))?;
    Ok(result)
}

fn symmetric_difference(vm: &mut Vm, this: This<AnySet>, other: Value) -> PyResult {
    symmetric(vm, this.value(), other)
}

fn update(vm: &mut Vm, this: This<SetObject>, others: Rest) -> PyResult<()> {
    fold_in_place(vm, this.value(), others, unite_with)
}

fn intersection_update(vm: &mut Vm, this: This<SetObject>, others: Rest) -> PyResult<()> {
    let set = this.value();
    if others.items().is_empty() {
        return Ok(());
    }
    // Where one of the iterables fails, nothing changes.
    let kept = others.items().iter().try_fold(set, |result, &other| common(vm, result, other))?;
    vm.set_take(set, kept);
    Ok(())
}

fn difference_update(vm: &mut Vm, this: This<SetObject>, others: Rest) -> PyResult<()> {
    fold_in_place(vm, this.value(), others, subtract)
}

fn symmetric_difference_update(vm: &mut Vm, this: This<SetObject>, other: Value) -> PyResult<()> {
    let other = as_set(vm, other)?;
    vm.set_binary_in_place(op::XOR, this.value(), other)
}

fn is_contained(vm: &mut Vm, inner: Value, outer: Value) -> PyResult<bool> {
    if vm.table(inner).len > vm.table(outer).len {
        return Ok(false);
    }
    let mut at = 0;
    while let Some((index, entry)) = vm.table(inner).next_entry(at) {
        if !vm.dict_contains_entry(outer, &entry)? {
            return Ok(false);
        }
        at = index + 1;
    }
    Ok(true)
}

fn issubset(vm: &mut Vm, this: This<AnySet>, other: Value) -> PyResult<bool> {
    let other = as_set(vm, other)?;
    is_contained(vm, this.value(), other)
}

fn issuperset(vm: &mut Vm, this: This<AnySet>, other: Value) -> PyResult<bool> {
    let other = as_set(vm, other)?;
    is_contained(vm, other, this.value())
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

fn copy(vm: &mut Vm, this: This<AnySet>) -> PyResult {
    let set = this.value();
    if vm.is_exactly::<FrozenSetObject>(set) {
        return Ok(set);
    }
    let ty = vm.layout_of(set);
    vm.dict_copy(set, ty)
}

/// A set that is looked for stands for a frozenset of the same elements.
fn frozen_key(vm: &mut Vm, key: Value) -> PyResult {
    if vm.is_a::<SetObject>(key) { vm.dict_copy(key, BuiltinType::FrozenSet) } else { Ok(key) }
}

fn add(vm: &mut Vm, this: This<SetObject>, item: Value) -> PyResult<()> {
    vm.set_add(this.value(), item).map_err(|_| vm.explain_unhashable(item, "a set element"))?;
    Ok(())
}

fn remove(vm: &mut Vm, this: This<SetObject>, item: Value) -> PyResult<()> {
    let key = frozen_key(vm, item)?;
    match vm.dict_remove(this.value(), key)? {
        Some(_) => Ok(()),
        None => Err(vm.raise_key(item)),
    }
}

fn discard(vm: &mut Vm, this: This<SetObject>, item: Value) -> PyResult<()> {
    let key = frozen_key(vm, item)?;
    vm.dict_remove(this.value(), key)?;
    Ok(())
}

fn pop(vm: &mut Vm, this: This<SetObject>) -> PyResult {
    let Some(element) = vm.set_pop(this) else {
        let message = vm.new_str("pop from an empty set");
        return Err(vm.raise_key(message));
    };
    Ok(element)
}

fn clear(vm: &mut Vm, this: This<SetObject>) {
    vm.dict_clear(this.value());
}

fn trace_add(call: &mut NativeCall<'_>) -> Traced {
    let &[set, item] = call.arguments() else { return Ok(None) };
    if !call.vm.is_exactly::<SetObject>(set.now) {
        return Ok(None);
    }
    if !call.recorder.add_to_set(call.vm, [set, item])? {
        call.guard_shape(set)?;
        call.recorder.escaping(Op::CallHelper { helper: Helper::SetAdd }, &[set.uop, item.uop])?;
    }
    Ok(Some(call.none()))
}
