//! `range` and `slice`.

use super::receiver::object_of;
use crate::object::integer::int_of;
use crate::object::layout::*;
use crate::object::native::{NativeRow, TraceRule, native};
use crate::object::operate::op;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

const RANGE: &[NativeRow] = &[
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
    vm.add_methods(BuiltinType::Range, RANGE);
    super::protocol::add_container(vm, BuiltinType::Range);
    super::protocol::add_hash(vm, BuiltinType::Range);
    super::protocol::add_comparisons(vm, BuiltinType::Range);
    let range = vm.class(BuiltinType::Range);
    let new = native("__new__", "($type, start, stop=<unrepresentable>, step=1, /)", new_range);
    vm.add_new(range, new.traced(TraceRule::Range));
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
    super::protocol::add_comparisons(vm, BuiltinType::Slice);
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
