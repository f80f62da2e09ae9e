//! `enumerate`, `zip`, `map`, `filter`, `reversed`, and the iterators of built-in types.

use super::receiver::{list_of, object_of, tuple_of};
use crate::object::integer::int_to_i64;
use crate::object::layout::*;
use crate::object::native::{NativeRow, TraceRule, native};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

const ITERATORS: &[BuiltinType] = &[
    BuiltinType::RangeIter,
    BuiltinType::LongRangeIter,
    BuiltinType::ListIter,
    BuiltinType::ListReverseIter,
    BuiltinType::TupleIter,
    BuiltinType::StrIter,
    BuiltinType::BytesIter,
    BuiltinType::SequenceIter,
    BuiltinType::SequenceReverseIter,
    BuiltinType::CallIter,
    BuiltinType::DictKeyIter,
    BuiltinType::DictValueIter,
    BuiltinType::DictItemIter,
    BuiltinType::SetIter,
    BuiltinType::Enumerate,
    BuiltinType::Zip,
    BuiltinType::Map,
    BuiltinType::Filter,
    BuiltinType::Generator,
];

pub fn install(vm: &mut Vm) {
    for &ty in ITERATORS {
        super::protocol::add_iterator(vm, ty);
    }
    let rows: [(BuiltinType, NativeRow); 5] = [
        (BuiltinType::Enumerate, native("__new__", "($type, iterable, start=0)", new_enumerate)),
        (BuiltinType::Zip, native("__new__", "($type, /, *iterables, strict=False)", new_zip)),
        (BuiltinType::Map, native("__new__", "($type, /, *arguments, strict=False)", new_map)),
        (BuiltinType::Filter, native("__new__", "($type, function, iterable, /)", new_filter)),
        (
            BuiltinType::SequenceReverseIter,
            native("__new__", "($type, object, /)", new_reversed).traced(TraceRule::Reversed),
        ),
    ];
    for (ty, row) in rows {
        let class = vm.class(ty);
        vm.add_new(class, row);
    }
    vm.add_methods(
        BuiltinType::RangeIter,
        &[native("__length_hint__", "($self, /)", |vm, args| {
            vm.check_receiver(args[0], BuiltinType::RangeIter)?;
            let remaining = object_of::<RangeIter>(args[0]).remaining.max(0);
            Ok(vm.new_int(remaining))
        })],
    );
    vm.add_methods(
        BuiltinType::LongRangeIter,
        &[native("__length_hint__", "($self, /)", |vm, args| {
            vm.check_receiver(args[0], BuiltinType::LongRangeIter)?;
            Ok(object_of::<LongRangeIter>(args[0]).remaining)
        })],
    );
    vm.add_methods(
        BuiltinType::ListIter,
        &[native("__length_hint__", "($self, /)", |vm, args| {
            vm.check_receiver(args[0], BuiltinType::ListIter)?;
            let iterator: &SeqIter = object_of(args[0]);
            let len = if iterator.sequence.is_unbound() { 0 } else { list_of(iterator.sequence).len };
            Ok(Value::small_int(len.saturating_sub(iterator.index) as i64))
        })],
    );
}

fn new_enumerate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let iterator = vm.get_iter(args[1])?;
    let start = args.get(2).copied().unwrap_or(Value::UNBOUND);
    let start = if start.is_unbound() { Value::small_int(0) } else { vm.index(start)? };
    let (count, wide) = match int_to_i64(start) {
        Some(count) => (count, Value::UNBOUND),
        None => (i64::MAX, start),
    };
    Ok(vm.make(BuiltinType::Enumerate, |header| EnumerateObject { header, iterator, wide, count }))
}

/// A tuple of iterators over the members of a tuple, from `first` on.
fn iterators(vm: &mut Vm, iterables: Value, first: usize) -> PyResult {
    let list = vm.new_list(&[])?;
    for &iterable in tuple_of(iterables).items().iter().skip(first) {
        let iterator = vm.get_iter(iterable)?;
        vm.list_push(list_of(list), iterator)?;
    }
    Ok(vm.new_tuple(list_of(list).items()))
}

fn new_zip(vm: &mut Vm, args: &[Value]) -> PyResult {
    let iterators = iterators(vm, args[1], 0)?;
    let flag = (!args[2].is_unbound() && vm.is_true(args[2])?) as u64;
    Ok(vm.make(BuiltinType::Zip, |header| ZipMapObject { header, function: Value::UNBOUND, iterators, flag }))
}

fn new_map(vm: &mut Vm, args: &[Value]) -> PyResult {
    let arguments = tuple_of(args[1]).items();
    if arguments.len() < 2 {
        return Err(vm.raise_type("map() must have at least two arguments."));
    }
    let function = arguments[0];
    let iterators = iterators(vm, args[1], 1)?;
    let flag = (!args[2].is_unbound() && vm.is_true(args[2])?) as u64;
    Ok(vm.make(BuiltinType::Map, |header| ZipMapObject { header, function, iterators, flag }))
}

fn new_filter(vm: &mut Vm, args: &[Value]) -> PyResult {
    let iterator = vm.get_iter(args[2])?;
    let iterators = vm.new_tuple(&[iterator]);
    let function = args[1];
    Ok(vm.make(BuiltinType::Filter, |header| ZipMapObject { header, function, iterators, flag: 0 }))
}

pub fn new_reversed(vm: &mut Vm, args: &[Value]) -> PyResult {
    if vm.is_exact(args[1], BuiltinType::Range) {
        return vm.range_reverse_iter(args[1]);
    }
    let names = vm.names;
    match vm.lookup_special(args[1], names.__reversed__) {
        Some(method) if !method.is_none() => {
            return Ok(vm.call_special(args[1], names.__reversed__, &[])?.unwrap_or(Value::NONE));
        }
        None if vm.lookup_special(args[1], names.__getitem__).is_some()
            && !vm.has_layout(args[1], BuiltinType::Dict) =>
        {
            let len = vm.len(args[1])?;
            return Ok(vm.new_seq_iter(BuiltinType::SequenceReverseIter, args[1], len));
        }
        _ => {}
    }
    let message = format!("'{}' object is not reversible", vm.class_name(args[1]));
    Err(vm.raise_type(&message))
}
