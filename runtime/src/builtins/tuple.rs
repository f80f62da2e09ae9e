//! `tuple`.

use super::protocol::CLASS_GETITEM;
use crate::object::argument::{ClassOf, IndexBound, This, method};
use crate::object::compare::BETWEEN_LOOKS;
use crate::object::convert::text::Text;
use crate::object::item::Sequence;
use crate::object::layout::TupleObject;
use crate::object::native::NativeRow;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{MatchedAs, TypeSpec};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub(crate) static TUPLE_ITEMS: Sequence = Sequence {
    spec: &TUPLE,
    out_of_range: "tuple index out of range",
    wrong_key: |name| format!("tuple indices must be integers or slices, not {name}"),
    slice: |vm, owner, range| vm.slice_of_tuple(This::expect(vm, owner), range),
    is_mutable: false,
};

pub static TUPLE: TypeSpec = TypeSpec {
    name: "tuple",
    is_matched_itself: true,
    matched_as: MatchedAs::Sequence,
    doc: "An immutable sequence.",
    item_bytes: 8,
    exact: Some(|vm, value| Ok(vm.new_tuple(vm.tuple_items(value)))),
    referents: Some(|vm, value| vm.tuple_items(value).to_vec()),
    is_base: true,
    slots: Slots {
        len: slot(|_: &mut Vm, this: This<TupleObject>| Ok(this.len)),
        get_item: slot(|vm: &mut Vm, this: This<TupleObject>, key| {
            vm.sequence_get_item(&TUPLE_ITEMS, this.value(), key, this.len, |_, at| this.items()[at])
        }),
        contains: slot(|vm: &mut Vm, this: This<TupleObject>, item: Value| vm.sequence_contains(this.value(), item)),
        iter: slot(|vm: &mut Vm, this: This<TupleObject>| Ok(vm.new_seq_iter(BuiltinType::TupleIter, this.value(), 0))),
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<TupleObject>| {
            vm.write_container(out, this.value(), "(...)", |vm, out| {
                let items = this.items();
                vm.write_parts(out, "(", items, if items.len() == 1 { ",)" } else { ")" })
            })
        }),
        hash: slot(|vm: &mut Vm, this: This<TupleObject>| vm.hash_tuple(this)),
        compare: slot(|vm: &mut Vm, operation: u32, this: This<TupleObject>, other: Value| {
            if This::<TupleObject>::of(vm, other).is_none() {
                return Ok(vm.not_implemented);
            }
            vm.compare_sequences(operation, this.value(), other).map(Value::bool)
        }),
        concat: slot(|vm: &mut Vm, this: This<TupleObject>, other: Value| match This::of(vm, other) {
            Some(other) => vm.tuple_concat(this, other),
            None => Err(vm.raise_concat("tuple", other)),
        }),
        repeat: slot(|vm: &mut Vm, this: This<TupleObject>, count: Value| vm.tuple_repeat(this, count)),
        ..Slots::NONE
    },
    new: Some(method("__new__", "($type, iterable=(), /)", new).doc("A tuple of an iterable's items.")),
    methods: METHODS,
    class_methods: &[CLASS_GETITEM],
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    method("count", "($self, value, /)", count).doc("How many items equal a value."),
    method("index", "($self, value, start=0, stop=sys.maxsize, /)", index)
        .doc("The index of the first item that equals a value; ValueError where none does."),
    method("__getnewargs__", "($self, /)", |vm: &mut Vm, this: This<TupleObject>| {
        let exact = exact(vm, this);
        vm.new_tuple(&[exact])
    })
    .doc("The arguments that make such a tuple anew."),
];

/// A tuple of everything that `iterable` gives.
pub fn from_iterable(vm: &mut Vm, iterable: Value) -> PyResult {
    if vm.is_exactly::<TupleObject>(iterable) {
        return Ok(iterable);
    }
    vm.collect_tuple(iterable)
}

fn new(vm: &mut Vm, class: ClassOf<TupleObject>, iterable: Option<Value>) -> PyResult {
    let exact = match iterable {
        Some(iterable) => from_iterable(vm, iterable)?,
        None => vm.empty_tuple,
    };
    vm.derive(class.class, exact)
}

/// A tuple of exact type with the same items.
pub fn exact(vm: &mut Vm, this: This<TupleObject>) -> Value {
    if vm.is_exactly::<TupleObject>(this.value()) { this.value() } else { vm.new_tuple(this.items()) }
}

fn position(vm: &mut Vm, this: This<TupleObject>, value: Value, start: usize, stop: usize) -> PyResult<Option<usize>> {
    for at in start..stop.min(this.len) {
        if at.is_multiple_of(BETWEEN_LOOKS) {
            vm.answer_interrupt()?;
        }
        if vm.equal(this.items()[at], value)? {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

fn count(vm: &mut Vm, this: This<TupleObject>, value: Value) -> PyResult<usize> {
    let (mut n, mut at) = (0, 0);
    while let Some(found) = position(vm, this, value, at, usize::MAX)? {
        n += 1;
        at = found + 1;
    }
    Ok(n)
}

fn index(vm: &mut Vm, this: This<TupleObject>, value: Value, start: IndexBound, stop: IndexBound) -> PyResult<usize> {
    match position(vm, this, value, start.start(this.len), stop.stop(this.len))? {
        Some(at) => Ok(at),
        None => Err(vm.raise_value("tuple.index(x): x not in tuple")),
    }
}
