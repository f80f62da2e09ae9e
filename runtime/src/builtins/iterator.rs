//! `enumerate`, `zip`, `map`, `filter`, `reversed`, and the iterators of built-in types.

use super::receiver::{list_of, object_of, tuple_of};
use crate::object::integer::int_to_i64;
use crate::object::layout::*;
use crate::object::native::{NativeRow, native};
use crate::object::slots::{Next, Slots};
use crate::object::spec::TypeSpec;
use crate::object::types::BuiltinType;
use crate::trace::{NativeCall, Traced};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// A type whose objects are their own iterators.
const fn iterator(name: &'static str, doc: &'static str, next: Next) -> TypeSpec {
    TypeSpec {
        name,
        doc,
        slots: Slots { iter: Some(|_, iterator| Ok(iterator)), next: Some(next), ..Slots::NONE },
        ..TypeSpec::NEW
    }
}

pub static RANGE_ITER: TypeSpec =
    iterator("range_iterator", "Over a range of words.", |vm, iterator| Ok(vm.range_next(iterator)));
pub static LONG_RANGE_ITER: TypeSpec =
    iterator("longrange_iterator", "Over any range.", |vm, iterator| vm.long_range_next(iterator));
pub static LIST_ITER: TypeSpec = iterator("list_iterator", "Over a list.", |vm, iterator| Ok(vm.list_next(iterator)));
pub static LIST_REVERSE_ITER: TypeSpec =
    iterator("list_reverseiterator", "Over a list, from its end.", |vm, iterator| Ok(vm.sequence_next(iterator)));
pub static TUPLE_ITER: TypeSpec =
    iterator("tuple_iterator", "Over a tuple.", |vm, iterator| Ok(vm.sequence_next(iterator)));
pub static STR_ITER: TypeSpec = iterator("str_iterator", "Over a str.", |vm, iterator| Ok(vm.sequence_next(iterator)));
pub static BYTES_ITER: TypeSpec =
    iterator("bytes_iterator", "Over bytes.", |vm, iterator| Ok(vm.sequence_next(iterator)));
pub static SEQUENCE_ITER: TypeSpec =
    iterator("iterator", "By `__getitem__`, from 0 on.", |vm, iterator| vm.item_next(iterator));
pub static SEQUENCE_REVERSE_ITER: TypeSpec = TypeSpec {
    is_base: true,
    ..iterator("reversed", "Over a sequence, from its end.", |vm, iterator| vm.item_next(iterator))
};
pub static CALL_ITER: TypeSpec =
    iterator("callable_iterator", "What a callable gives, up to a sentinel.", |vm, iterator| vm.call_next(iterator));
pub static DICT_KEY_ITER: TypeSpec =
    iterator("dict_keyiterator", "Over the keys of a dict.", |vm, iterator| vm.dict_next(iterator));
pub static DICT_VALUE_ITER: TypeSpec =
    iterator("dict_valueiterator", "Over the values of a dict.", |vm, iterator| vm.dict_next(iterator));
pub static DICT_ITEM_ITER: TypeSpec =
    iterator("dict_itemiterator", "Over the items of a dict.", |vm, iterator| vm.dict_next(iterator));
pub static SET_ITER: TypeSpec = iterator("set_iterator", "Over a set.", |vm, iterator| vm.dict_next(iterator));
pub static ENUMERATE: TypeSpec = TypeSpec {
    is_base: true,
    ..iterator("enumerate", "Items with their numbers.", |vm, iterator| vm.enumerate_next(iterator))
};
pub static ZIP: TypeSpec =
    TypeSpec { is_base: true, ..iterator("zip", "Items of several iterables, in step.", |vm, i| vm.zip_next(i)) };
pub static MAP: TypeSpec =
    TypeSpec { is_base: true, ..iterator("map", "What a function makes of items.", |vm, i| vm.map_next(i)) };
pub static FILTER: TypeSpec =
    TypeSpec { is_base: true, ..iterator("filter", "Items that a function is true of.", |vm, i| vm.filter_next(i)) };

pub fn install(vm: &mut Vm) {
    let rows: [(BuiltinType, NativeRow); 5] = [
        (BuiltinType::Enumerate, native("__new__", "($type, iterable, start=0)", new_enumerate)),
        (BuiltinType::Zip, native("__new__", "($type, /, *iterables, strict=False)", new_zip)),
        (BuiltinType::Map, native("__new__", "($type, /, *arguments, strict=False)", new_map)),
        (BuiltinType::Filter, native("__new__", "($type, function, iterable, /)", new_filter)),
        (
            BuiltinType::SequenceReverseIter,
            native("__new__", "($type, object, /)", new_reversed).traced(trace_reversed),
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
    let class = super::class::class_argument(vm, args[0], BuiltinType::Enumerate)?;
    let exact = vm.make(BuiltinType::Enumerate, |header| EnumerateObject { header, iterator, wide, count });
    vm.derive(class, exact)
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
    let class = super::class::class_argument(vm, args[0], BuiltinType::Zip)?;
    let exact = vm.make(BuiltinType::Zip, |header| ZipMapObject { header, function: Value::UNBOUND, iterators, flag });
    vm.derive(class, exact)
}

fn new_map(vm: &mut Vm, args: &[Value]) -> PyResult {
    let arguments = tuple_of(args[1]).items();
    if arguments.len() < 2 {
        return Err(vm.raise_type("map() must have at least two arguments."));
    }
    let function = arguments[0];
    let iterators = iterators(vm, args[1], 1)?;
    let flag = (!args[2].is_unbound() && vm.is_true(args[2])?) as u64;
    let class = super::class::class_argument(vm, args[0], BuiltinType::Map)?;
    let exact = vm.make(BuiltinType::Map, |header| ZipMapObject { header, function, iterators, flag });
    vm.derive(class, exact)
}

fn new_filter(vm: &mut Vm, args: &[Value]) -> PyResult {
    let iterator = vm.get_iter(args[2])?;
    let iterators = vm.new_tuple(&[iterator]);
    let function = args[1];
    let class = super::class::class_argument(vm, args[0], BuiltinType::Filter)?;
    let exact = vm.make(BuiltinType::Filter, |header| ZipMapObject { header, function, iterators, flag: 0 });
    vm.derive(class, exact)
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
            let class = super::class::class_argument(vm, args[0], BuiltinType::SequenceReverseIter)?;
            let exact = vm.new_seq_iter(BuiltinType::SequenceReverseIter, args[1], len);
            return vm.derive(class, exact);
        }
        _ => {}
    }
    let message = format!("'{}' object is not reversible", vm.class_name(args[1]));
    Err(vm.raise_type(&message))
}

fn trace_reversed(call: &mut NativeCall<'_>) -> Traced {
    match *call.arguments() {
        [_, range] if call.vm.is_exact(range.now, BuiltinType::Range) => {
            call.recorder.range_iter(range.uop, object_of(range.now), true)
        }
        _ => Ok(None),
    }
}
