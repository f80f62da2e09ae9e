//! `range` and `slice`.

use crate::object::argument::{ClassOf, Receiver, This, ThisInt, method};
use crate::object::convert::text::Text;
use crate::object::layout::{RangeObject, SliceObject};
use crate::object::native::NativeRow;
use crate::object::operate::op;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{MatchedAs, TypeSpec, field};
use crate::trace::{NativeCall, Traced};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

type ThisRange = This<RangeObject>;
type ThisSlice = This<SliceObject>;

pub static RANGE: TypeSpec = TypeSpec {
    name: "range",
    is_atomic: true,
    matched_as: MatchedAs::Sequence,
    doc: "The ints from a start on, a step apart, before a stop.",
    slots: Slots {
        len: slot(|vm: &mut Vm, this: ThisRange| match vm.int_to_i64(this.len) {
            Some(len) => Ok(len as usize),
            None => Err(vm.raise_overflow("Python int too large to convert to C ssize_t")),
        }),
        truth: slot(|_: &mut Vm, this: ThisRange| Ok(this.len != Value::small_int(0))),
        get_item: slot(|vm: &mut Vm, this: ThisRange, key| {
            if let Some(slice) = This::of(vm, key) {
                return vm.range_slice(this, slice);
            }
            if !vm.is_index(key) {
                let message = format!("range indices must be integers or slices, not {}", vm.class_name(key));
                return Err(vm.raise_type(&message));
            }
            vm.range_item(this.value(), key)
        }),
        contains: slot(|vm: &mut Vm, this: ThisRange, item| {
            if vm.is_int_like(item) && vm.is_plain(item) {
                return vm.range_contains(this.value(), item);
            }
            vm.contains_by_iteration(this.value(), item)
        }),
        iter: slot(|vm: &mut Vm, this: ThisRange| Ok(vm.range_iter(this.value()))),
        repr: slot(|vm: &mut Vm, out: &mut Text, this: ThisRange| {
            let parts = [this.start, this.stop, this.step];
            let n = if this.step == Value::small_int(1) { 2 } else { 3 };
            vm.write_parts(out, "range(", &parts[..n], ")")
        }),
        hash: slot(|vm: &mut Vm, this: ThisRange| {
            let is_empty = this.len == Value::small_int(0);
            let is_short = is_empty || this.len == Value::small_int(1);
            let start = if is_empty { Value::NONE } else { this.start };
            let step = if is_short { Value::NONE } else { this.step };
            let key = vm.new_tuple(&[this.len, start, step]);
            vm.hash(key)
        }),
        compare: slot(|vm: &mut Vm, operation, this: ThisRange, other| {
            if !Vm::is_equality(operation) || ThisRange::of(vm, other).is_none() {
                return Ok(vm.not_implemented);
            }
            Ok(Vm::equality(operation, vm.ranges_equal(this.value(), other)?))
        }),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, start, stop=<unrepresentable>, step=1, /)", new_range)
            .traced(trace_new)
            .doc("From a start, or 0, to before a stop."),
    ),
    methods: RANGE_METHODS,
    getters: &[
        field("start", |this: ThisRange| this.start).doc("The first int."),
        field("stop", |this: ThisRange| this.stop).doc("What is not reached."),
        field("step", |this: ThisRange| this.step).doc("How far apart the ints are."),
    ],
    ..TypeSpec::NEW
};

const RANGE_METHODS: &[NativeRow] = &[
    super::reduce::OF_RANGE,
    method("index", "($self, value, /)", index).doc("The index of a value; ValueError where it is not there."),
    method("count", "($self, value, /)", |vm: &mut Vm, this: ThisRange, value: Value| -> PyResult<i64> {
        Ok(vm.contains(this.value(), value)? as i64)
    })
    .doc("How many items equal a value."),
    method("__reversed__", "($self, /)", |vm: &mut Vm, this: ThisRange| vm.range_reverse_iter(this.value()))
        .doc("An iterator from the end."),
];

pub static SLICE: TypeSpec = TypeSpec {
    name: "slice",
    is_atomic: true,
    doc: "What stands between brackets with colons.",
    slots: Slots {
        repr: slot(|vm: &mut Vm, out: &mut Text, this: ThisSlice| {
            vm.write_parts(out, "slice(", &[this.start, this.stop, this.step], ")")
        }),
        hash: slot(|vm: &mut Vm, this: ThisSlice| {
            let key = as_tuple(vm, this);
            vm.hash(key)
        }),
        compare: slot(|vm: &mut Vm, operation, this: ThisSlice, other| {
            let Some(other) = ThisSlice::of(vm, other) else { return Ok(vm.not_implemented) };
            let (lhs, rhs) = (as_tuple(vm, this), as_tuple(vm, other));
            vm.compare_sequences(operation, lhs, rhs).map(Value::bool)
        }),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, start, stop=<unrepresentable>, step=None, /)", new_slice)
            .doc("Of a start, a stop and a step; of a stop alone."),
    ),
    methods: &[
        super::reduce::OF_SLICE,
        method("indices", "($self, length, /)", indices)
            .doc("Start, stop and step for a sequence of this length, none of them None or out of bounds."),
    ],
    getters: &[
        field("start", |this: ThisSlice| this.start).doc("Where it begins, or None."),
        field("stop", |this: ThisSlice| this.stop).doc("Before what it ends, or None."),
        field("step", |this: ThisSlice| this.step).doc("How far apart the items are, or None."),
    ],
    ..TypeSpec::NEW
};

fn as_tuple(vm: &mut Vm, this: ThisSlice) -> Value {
    vm.new_tuple(&[this.start, this.stop, this.step])
}

fn new_range(vm: &mut Vm, _: ClassOf<RangeObject>, first: Value, stop: Option<Value>, step: Option<Value>) -> PyResult {
    let step = step.unwrap_or(Value::small_int(1));
    match stop {
        Some(stop) => vm.new_range(first, stop, step),
        None => vm.new_range(Value::small_int(0), first, step),
    }
}

fn new_slice(vm: &mut Vm, _: ClassOf<SliceObject>, first: Value, stop: Option<Value>, step: Option<Value>) -> Value {
    let step = step.unwrap_or(Value::NONE);
    match stop {
        Some(stop) => vm.new_slice(first, stop, step),
        None => vm.new_slice(Value::NONE, first, step),
    }
}

fn index(vm: &mut Vm, this: ThisRange, value: Value) -> PyResult {
    if ThisInt::receive(vm, value).is_none() {
        return index_by_iteration(vm, this, value);
    }
    if !vm.contains(this.value(), value)? {
        return Err(vm.raise_value("range.index(x): x not in range"));
    }
    let offset = vm.binary_op(op::SUBTRACT, value, this.start)?;
    vm.binary_op(op::FLOOR_DIVIDE, offset, this.step)
}

fn index_by_iteration(vm: &mut Vm, this: ThisRange, value: Value) -> PyResult {
    let iterator = vm.range_iter(this.value());
    let mut at = 0;
    while let Some(item) = vm.iter_next(iterator)? {
        if vm.equal(item, value)? {
            return Ok(vm.new_int(at));
        }
        at += 1;
    }
    Err(vm.raise_value("sequence.index(x): x not in sequence"))
}

fn indices(vm: &mut Vm, this: ThisSlice, length: Value) -> PyResult {
    let length = vm.index(length)?;
    if ThisInt::receive(vm, length).is_some_and(|length| length.view().is_negative()) {
        return Err(vm.raise_value("length should not be negative"));
    }
    let indices = vm.slice_indices_of(this, length)?;
    Ok(vm.new_tuple(&indices))
}

fn trace_new(call: &mut NativeCall<'_>) -> Traced {
    match call.arguments() {
        [_, arguments @ ..] => call.recorder.new_range(arguments),
        [] => Ok(None),
    }
}
