//! `range` and `slice`.

use super::receiver::object_of;
use crate::object::integer::int_of;
use crate::object::integer::int_to_i64;
use crate::object::layout::*;
use crate::object::native::{NativeRow, native};
use crate::object::operate::op;
use crate::object::slots::Slots;
use crate::object::spec::{MatchedAs, TypeSpec};
use crate::object::types::BuiltinType;
use crate::trace::{NativeCall, Traced};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static RANGE: TypeSpec = TypeSpec {
    name: "range",
    matched_as: MatchedAs::Sequence,
    doc: "The ints from a start on, a step apart, before a stop.",
    slots: Slots {
        len: Some(|vm, range| match int_to_i64(object_of::<RangeObject>(range).len) {
            Some(len) => Ok(len as usize),
            None => Err(vm.raise_overflow("Python int too large to convert to C ssize_t")),
        }),
        truth: Some(|_, range| Ok(object_of::<RangeObject>(range).len != Value::small_int(0))),
        get_item: Some(|vm, range, key| {
            if vm.is_exact(key, BuiltinType::Slice) {
                return vm.get_slice(BuiltinType::Range, range, key);
            }
            vm.sequence_index(BuiltinType::Range, key)?;
            vm.range_item(range, key)
        }),
        contains: Some(|vm, range, item| {
            if vm.is_int_like(item) && vm.is_plain(item) {
                return vm.range_contains(range, item);
            }
            vm.contains_by_iteration(range, item)
        }),
        iter: Some(|vm, range| Ok(vm.range_iter(range))),
        repr: Some(|vm, out, range| {
            let range: &RangeObject = object_of(range);
            let parts = [range.start, range.stop, range.step];
            let n = if range.step == Value::small_int(1) { 2 } else { 3 };
            vm.write_parts(out, "range(", &parts[..n], ")")
        }),
        hash: Some(|vm, range| {
            let range: &RangeObject = object_of(range);
            let is_empty = range.len == Value::small_int(0);
            let is_short = is_empty || range.len == Value::small_int(1);
            let start = if is_empty { Value::NONE } else { range.start };
            let step = if is_short { Value::NONE } else { range.step };
            let key = vm.new_tuple(&[range.len, start, step]);
            vm.hash_tuple(key)
        }),
        compare: Some(|vm, operation, lhs, rhs| {
            if !Vm::is_equality(operation) || !vm.has_layout(rhs, BuiltinType::Range) {
                return Ok(vm.not_implemented);
            }
            Ok(Vm::equality(operation, vm.ranges_equal(lhs, rhs)?))
        }),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

pub static SLICE: TypeSpec = TypeSpec {
    name: "slice",
    doc: "What stands between brackets with colons.",
    slots: Slots {
        repr: Some(|vm, out, slice| vm.write_parts(out, "slice(", &slice_parts(slice), ")")),
        hash: Some(|vm, slice| {
            let key = vm.new_tuple(&slice_parts(slice));
            vm.hash_tuple(key)
        }),
        compare: Some(|vm, operation, lhs, rhs| {
            if !vm.has_layout(rhs, BuiltinType::Slice) {
                return Ok(vm.not_implemented);
            }
            let (lhs, rhs) = (vm.new_tuple(&slice_parts(lhs)), vm.new_tuple(&slice_parts(rhs)));
            vm.compare_sequences(operation, lhs, rhs).map(Value::bool)
        }),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

fn slice_parts(slice: Value) -> [Value; 3] {
    let slice: &SliceObject = object_of(slice);
    [slice.start, slice.stop, slice.step]
}

const RANGE_METHODS: &[NativeRow] = &[
    native("index", "($self, value, /)", index),
    native("count", "($self, value, /)", |vm, args| {
        vm.check_receiver(args[0], BuiltinType::Range)?;
        Ok(Value::small_int(vm.contains(args[0], args[1])? as i64))
    }),
    native("__reversed__", "($self, /)", |vm, args| {
        vm.check_receiver(args[0], BuiltinType::Range)?;
        vm.range_reverse_iter(args[0])
    }),
];

pub fn install(vm: &mut Vm) {
    vm.add_methods(BuiltinType::Range, RANGE_METHODS);
    let range = vm.class(BuiltinType::Range);
    let new = native("__new__", "($type, start, stop=<unrepresentable>, step=1, /)", new_range);
    vm.add_new(range, new.traced(trace_new));
    vm.add_getters(
        BuiltinType::Range,
        &[
            ("start", |vm, value| {
                vm.check_receiver(value, BuiltinType::Range).map(|()| object_of::<RangeObject>(value).start)
            }),
            ("stop", |vm, value| {
                vm.check_receiver(value, BuiltinType::Range).map(|()| object_of::<RangeObject>(value).stop)
            }),
            ("step", |vm, value| {
                vm.check_receiver(value, BuiltinType::Range).map(|()| object_of::<RangeObject>(value).step)
            }),
        ],
    );
    vm.add_methods(BuiltinType::Slice, &[native("indices", "($self, length, /)", indices)]);
    let slice = vm.class(BuiltinType::Slice);
    vm.add_new(slice, native("__new__", "($type, start, stop=<unrepresentable>, step=None, /)", new_slice));
    vm.add_getters(
        BuiltinType::Slice,
        &[
            ("start", |vm, value| {
                vm.check_receiver(value, BuiltinType::Slice).map(|()| object_of::<SliceObject>(value).start)
            }),
            ("stop", |vm, value| {
                vm.check_receiver(value, BuiltinType::Slice).map(|()| object_of::<SliceObject>(value).stop)
            }),
            ("step", |vm, value| {
                vm.check_receiver(value, BuiltinType::Slice).map(|()| object_of::<SliceObject>(value).step)
            }),
        ],
    );
}

pub fn new_range(vm: &mut Vm, args: &[Value]) -> PyResult {
    let step = if args[3].is_unbound() { Value::small_int(1) } else { args[3] };
    if args[2].is_unbound() {
        vm.new_range(Value::small_int(0), args[1], step)
    } else {
        vm.new_range(args[1], args[2], step)
    }
}

fn new_slice(vm: &mut Vm, args: &[Value]) -> PyResult {
    let step = if args[3].is_unbound() { Value::NONE } else { args[3] };
    Ok(if args[2].is_unbound() {
        vm.new_slice(Value::NONE, args[1], step)
    } else {
        vm.new_slice(args[1], args[2], step)
    })
}

fn index(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Range)?;
    if !vm.contains(args[0], args[1])? {
        let shown = vm.repr(args[1])?;
        let message = format!("{} is not in range", crate::object::string::str_to_string(shown));
        return Err(vm.raise_value(&message));
    }
    let range: &RangeObject = object_of(args[0]);
    let offset = vm.binary_op(op::SUBTRACT, args[1], range.start)?;
    vm.binary_op(op::FLOOR_DIVIDE, offset, range.step)
}

fn indices(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Slice)?;
    let len = vm.index(args[1])?;
    if int_of(len).is_negative() {
        return Err(vm.raise_value("length should not be negative"));
    }
    let indices = vm.slice_indices_of(args[0], len)?;
    Ok(vm.new_tuple(&indices))
}

fn trace_new(call: &mut NativeCall<'_>) -> Traced {
    match call.arguments() {
        [_, arguments @ ..] => call.recorder.new_range(arguments),
        [] => Ok(None),
    }
}
