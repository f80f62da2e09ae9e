//! `enumerate`, `zip`, `map`, `filter`, `reversed`, and the iterators of built-in types.

use crate::object::argument::{ClassOf, Rest, This, method};
use crate::object::integer::int_to_i64;
use crate::object::layout::*;
use crate::object::native::NativeRow;
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

const LENGTH_HINT: &str = "How many items are to come.";

pub static RANGE_ITER: TypeSpec = TypeSpec {
    methods: &[method("__length_hint__", "($self, /)", |this: This<RangeIter>| this.remaining.max(0)).doc(LENGTH_HINT)],
    ..iterator("range_iterator", "Over a range of words.", |vm, iterator| Ok(vm.range_next(iterator)))
};
pub static LONG_RANGE_ITER: TypeSpec = TypeSpec {
    methods: &[method("__length_hint__", "($self, /)", |this: This<LongRangeIter>| this.remaining).doc(LENGTH_HINT)],
    ..iterator("longrange_iterator", "Over any range.", |vm, iterator| vm.long_range_next(iterator))
};
pub static LIST_ITER: TypeSpec = TypeSpec {
    methods: &[method("__length_hint__", "($self, /)", |vm: &mut Vm, this: This<SeqIter>| {
        let len = This::<ListObject>::of(vm, this.sequence).map_or(0, |list| list.len);
        len.saturating_sub(this.index)
    })
    .doc(LENGTH_HINT)],
    ..iterator("list_iterator", "Over a list.", |vm, iterator| Ok(vm.list_next(iterator)))
};
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
    new: Some(
        method("__new__", "($type, object, /)", new_reversed)
            .traced(trace_reversed)
            .doc("An iterator from an object's end."),
    ),
    methods: &[
        method("__length_hint__", "($self, /)", |vm: &mut Vm, this: This<SeqIter>| {
            if this.sequence.is_unbound() {
                return Ok(0);
            }
            let len = vm.len(this.sequence)?;
            PyResult::Ok(if len < this.index { 0 } else { this.index })
        })
        .doc(LENGTH_HINT),
        method("__setstate__", "($self, state, /)", |vm: &mut Vm, mut this: This<SeqIter>, state: Value| {
            if !vm.is_int_like(state) {
                return Err(vm.raise_type("an integer is required"));
            }
            if !this.sequence.is_unbound() {
                let index = vm.index_clamped(state)?.saturating_add(1).max(0) as usize;
                this.index = index.min(vm.len(this.sequence)?);
            }
            Ok(())
        })
        .doc("Sets the index of the next item."),
    ],
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
    new: Some(
        method("__new__", "($type, iterable, start=0)", new_enumerate)
            .doc("Counts an iterable's items, from a start on."),
    ),
    class_methods: &[super::protocol::CLASS_GETITEM],
    ..iterator("enumerate", "Items with their numbers.", |vm, iterator| vm.enumerate_next(iterator))
};
pub static ZIP: TypeSpec = TypeSpec {
    is_base: true,
    new: Some(
        method("__new__", "($type, /, *iterables, strict=False)", new_zip)
            .doc("Up to the end of the shortest; if strict, ValueError where one is shorter."),
    ),
    methods: &[SET_STRICT],
    ..iterator("zip", "Items of several iterables, in step.", |vm, iterator| vm.zip_next(iterator))
};
pub static MAP: TypeSpec = TypeSpec {
    is_base: true,
    new: Some(
        method("__new__", "($type, /, *arguments, strict=False)", new_map)
            .doc("Of a function and iterables, whose items are its arguments."),
    ),
    methods: &[SET_STRICT],
    ..iterator("map", "What a function makes of items.", |vm, iterator| vm.map_next(iterator))
};
pub static FILTER: TypeSpec = TypeSpec {
    is_base: true,
    new: Some(
        method("__new__", "($type, function, iterable, /)", new_filter)
            .doc("Of a function, or None for the items' own truth, and an iterable."),
    ),
    ..iterator("filter", "Items that a function is true of.", |vm, iterator| vm.filter_next(iterator))
};

const SET_STRICT: NativeRow =
    method("__setstate__", "($self, state, /)", |mut this: This<ZipMapObject>, strict: bool| {
        this.flag = u64::from(strict);
    })
    .doc("Sets whether one that is shorter is an error.");

fn new_enumerate(vm: &mut Vm, class: ClassOf<EnumerateObject>, iterable: Value, start: Option<Value>) -> PyResult {
    let start = start.map_or(Ok(Value::small_int(0)), |start| vm.index(start))?;
    let iterator = vm.get_iter(iterable)?;
    let (count, wide) = match int_to_i64(start) {
        Some(count) => (count, Value::UNBOUND),
        None => (i64::MAX, start),
    };
    let exact = vm.make(BuiltinType::Enumerate, |header| EnumerateObject { header, iterator, wide, count });
    vm.derive(class.class, exact)
}

/// A tuple of iterators over these.
fn iterators(vm: &mut Vm, iterables: &[Value]) -> PyResult {
    let list = vm.new_list_with_capacity(iterables.len())?;
    for &iterable in iterables {
        let iterator = vm.get_iter(iterable)?;
        vm.list_push(list.as_ptr(), iterator)?;
    }
    vm.list_to_tuple(list)
}

fn new_zip(vm: &mut Vm, class: ClassOf<ZipMapObject>, iterables: Rest, strict: Option<bool>) -> PyResult {
    let (iterators, flag) = (iterators(vm, iterables.items())?, u64::from(strict == Some(true)));
    let exact = vm.make(BuiltinType::Zip, |header| ZipMapObject { header, function: Value::UNBOUND, iterators, flag });
    vm.derive(class.class, exact)
}

fn new_map(vm: &mut Vm, class: ClassOf<ZipMapObject>, arguments: Rest, strict: Option<bool>) -> PyResult {
    let &[function, _, ..] = arguments.items() else {
        return Err(vm.raise_type("map() must have at least two arguments."));
    };
    let iterables = &arguments.items()[1..];
    let (iterators, flag) = (iterators(vm, iterables)?, u64::from(strict == Some(true)));
    let exact = vm.make(BuiltinType::Map, |header| ZipMapObject { header, function, iterators, flag });
    vm.derive(class.class, exact)
}

fn new_filter(vm: &mut Vm, class: ClassOf<ZipMapObject>, function: Value, iterable: Value) -> PyResult {
    let iterators = iterators(vm, &[iterable])?;
    let exact = vm.make(BuiltinType::Filter, |header| ZipMapObject { header, function, iterators, flag: 0 });
    vm.derive(class.class, exact)
}

fn new_reversed(vm: &mut Vm, class: ClassOf<SeqIter>, object: Value) -> PyResult {
    if vm.is_exact(object, BuiltinType::Range) {
        return vm.range_reverse_iter(object);
    }
    let names = vm.names;
    match vm.lookup_special(object, names.__reversed__) {
        Some(method) if !method.is_none() => {
            return Ok(vm.call_special(object, names.__reversed__, &[])?.unwrap_or(Value::NONE));
        }
        None if vm.lookup_special(object, names.__getitem__).is_some() && !vm.has_layout(object, BuiltinType::Dict) => {
            let len = vm.len(object)?;
            let exact = vm.new_seq_iter(BuiltinType::SequenceReverseIter, object, len);
            return vm.derive(class.class, exact);
        }
        _ => {}
    }
    let message = format!("'{}' object is not reversible", vm.class_name(object));
    Err(vm.raise_type(&message))
}

fn trace_reversed(call: &mut NativeCall<'_>) -> Traced {
    let &[_, range] = call.arguments() else { return Ok(None) };
    match This::<RangeObject>::of(call.vm, range.now) {
        Some(object) => call.recorder.range_iter(range.uop, &object, true),
        None => Ok(None),
    }
}
