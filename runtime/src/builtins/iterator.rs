//! `enumerate`, `zip`, `map`, `filter`, `reversed`, and the iterators of built-in types.

use super::reduce::iterator as reduce;
use crate::object::argument::{Checked, ClassOf, Index, Rest, This, method};
use crate::object::layout::*;
use crate::object::native::NativeRow;
use crate::object::operate::op;
use crate::object::slots::{Next, Slots, slot};
use crate::object::spec::TypeSpec;
use crate::object::types::BuiltinType;
use crate::trace::{NativeCall, Traced};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// A type whose objects are their own iterators.
const fn iterator(name: &'static str, doc: &'static str, next: Option<Next>) -> TypeSpec {
    TypeSpec {
        name,
        doc,
        slots: Slots { iter: Some(|_, iterator| Ok(iterator)), next, ..Slots::NONE },
        ..TypeSpec::NEW
    }
}

/// `__length_hint__`, by a function of the iterator.
const fn length_hint<F: Checked<P>, P>(function: F) -> NativeRow {
    method("__length_hint__", "($self, /)", function).doc("How many items are to come.")
}

/// The length of what an iterator goes through; nothing where it is used up.
fn len_of(vm: &mut Vm, this: This<SeqIter>) -> PyResult<usize> {
    if this.sequence.is_unbound() { Ok(0) } else { vm.len(this.sequence) }
}

/// The methods of iterators that go up by an index.
const UPWARD: &[NativeRow] = &[
    length_hint(|vm: &mut Vm, this: This<SeqIter>| -> PyResult<usize> {
        Ok(len_of(vm, this)?.saturating_sub(this.index))
    }),
    reduce::UPWARD,
    method("__setstate__", "($self, state, /)", |vm: &mut Vm, mut this: This<SeqIter>, index: Index| -> PyResult<()> {
        let len = len_of(vm, this)?;
        this.index = (index.0.max(0) as usize).min(len);
        Ok(())
    })
    .doc("Sets the index of the next item."),
];

/// The methods of iterators that go down by an index.
const DOWNWARD: &[NativeRow] = &[
    length_hint(|vm: &mut Vm, this: This<SeqIter>| -> PyResult<usize> {
        Ok(if len_of(vm, this)? < this.index { 0 } else { this.index })
    }),
    reduce::DOWNWARD,
    reduce::SET_LAST,
];

pub static RANGE_ITER: TypeSpec = TypeSpec {
    methods: &[
        length_hint(|this: This<RangeIter>| this.remaining.max(0)),
        reduce::OF_RANGE_ITER,
        method("__setstate__", "($self, state, /)", |mut this: This<RangeIter>, index: Index| {
            let index = index.0.clamp(0, this.remaining.max(0));
            this.next = this.next.wrapping_add(index.wrapping_mul(this.step));
            this.remaining -= index;
        })
        .doc("Skips so many items."),
    ],
    ..iterator(
        "range_iterator",
        "Over a range of words.",
        slot(|vm: &mut Vm, this: This<RangeIter>| Ok(vm.range_next(this))),
    )
};

pub static LONG_RANGE_ITER: TypeSpec = TypeSpec {
    methods: &[
        length_hint(|this: This<LongRangeIter>| this.remaining),
        reduce::OF_LONG_RANGE_ITER,
        method(
            "__setstate__",
            "($self, state, /)",
            |vm: &mut Vm, mut this: This<LongRangeIter>, count: Value| -> PyResult<()> {
                let mut count = vm.index(count)?;
                if vm.less_than(count, Value::small_int(0))? {
                    count = Value::small_int(0);
                } else if vm.less_than(this.remaining, count)? {
                    count = this.remaining;
                }
                let skipped = vm.binary_op(op::MULTIPLY, count, this.step)?;
                let next = vm.binary_op(op::ADD, this.next, skipped)?;
                let remaining = vm.binary_op(op::SUBTRACT, this.remaining, count)?;
                (this.next, this.remaining) = (next, remaining);
                vm.barrier(this.pointer());
                Ok(())
            },
        )
        .doc("Skips so many items."),
    ],
    ..iterator(
        "longrange_iterator",
        "Over any range.",
        slot(|vm: &mut Vm, this: This<LongRangeIter>| vm.long_range_next(this.value())),
    )
};
pub static LIST_ITER: TypeSpec = TypeSpec {
    methods: UPWARD,
    ..iterator("list_iterator", "Over a list.", slot(|vm: &mut Vm, this: This<SeqIter>| Ok(vm.list_next(this))))
};
pub static LIST_REVERSE_ITER: TypeSpec = TypeSpec {
    methods: DOWNWARD,
    ..iterator(
        "list_reverseiterator",
        "Over a list, from its end.",
        slot(|vm: &mut Vm, this: This<SeqIter>| Ok(vm.list_next_back(this))),
    )
};
pub static TUPLE_ITER: TypeSpec = TypeSpec {
    methods: UPWARD,
    ..iterator("tuple_iterator", "Over a tuple.", slot(|vm: &mut Vm, this: This<SeqIter>| Ok(vm.tuple_next(this))))
};
pub static STR_ITER: TypeSpec = TypeSpec {
    methods: UPWARD,
    ..iterator("str_iterator", "Over a str.", slot(|vm: &mut Vm, this: This<SeqIter>| Ok(vm.str_next(this))))
};
pub static BYTES_ITER: TypeSpec = TypeSpec {
    methods: UPWARD,
    ..iterator("bytes_iterator", "Over bytes.", slot(|vm: &mut Vm, this: This<SeqIter>| Ok(vm.bytes_next(this))))
};
pub static SEQUENCE_ITER: TypeSpec = TypeSpec {
    methods: &[
        length_hint(|vm: &mut Vm, this: This<SeqIter>| -> PyResult {
            if this.sequence.is_unbound() {
                return Ok(Value::small_int(0));
            }
            let names = vm.names;
            if vm.lookup_special(this.sequence, names.__len__).is_none() {
                return Ok(vm.not_implemented);
            }
            Ok(Value::small_int(len_of(vm, this)?.saturating_sub(this.index) as i64))
        }),
        reduce::UPWARD,
        method("__setstate__", "($self, state, /)", |mut this: This<SeqIter>, index: Index| {
            this.index = index.0.max(0) as usize;
        })
        .doc("Sets the index of the next item."),
    ],
    ..iterator(
        "iterator",
        "By `__getitem__`, from 0 on.",
        slot(|vm: &mut Vm, this: This<SeqIter>| vm.item_next(this, false)),
    )
};
pub static SEQUENCE_REVERSE_ITER: TypeSpec = TypeSpec {
    is_base: true,
    new: Some(
        method("__new__", "($type, object, /)", new_reversed)
            .traced(trace_reversed)
            .doc("An iterator from an object's end."),
    ),
    methods: DOWNWARD,
    ..iterator(
        "reversed",
        "Over a sequence, from its end.",
        slot(|vm: &mut Vm, this: This<SeqIter>| vm.item_next(this, true)),
    )
};
pub static CALL_ITER: TypeSpec = TypeSpec {
    methods: &[reduce::OF_CALL_ITER],
    ..iterator(
        "callable_iterator",
        "What a callable gives, up to a sentinel.",
        slot(|vm: &mut Vm, this: This<CallIter>| vm.call_next(this)),
    )
};

/// The methods of iterators over a dict or set; none is to come where its size has changed.
const ENTRIES: &[NativeRow] = &[
    length_hint(|vm: &mut Vm, this: This<DictIter>| {
        if this.dict.is_unbound() || vm.table(this.dict).len != this.expected_len {
            return 0;
        }
        let table = vm.table(this.dict);
        (this.index..table.used).filter(|&entry| !table.key_at(entry).is_unbound()).count()
    }),
    reduce::OF_ENTRIES,
];

const DICT: &str = "dictionary";

pub static DICT_KEY_ITER: TypeSpec = TypeSpec {
    methods: ENTRIES,
    ..iterator(
        "dict_keyiterator",
        "Over the keys of a dict.",
        slot(|vm: &mut Vm, this: This<DictIter>| Ok(vm.entry_next(this, DICT)?.map(|entry| entry.key))),
    )
};
pub static DICT_VALUE_ITER: TypeSpec = TypeSpec {
    methods: ENTRIES,
    ..iterator(
        "dict_valueiterator",
        "Over the values of a dict.",
        slot(|vm: &mut Vm, this: This<DictIter>| Ok(vm.entry_next(this, DICT)?.map(|entry| entry.value))),
    )
};
pub static DICT_ITEM_ITER: TypeSpec = TypeSpec {
    methods: ENTRIES,
    ..iterator(
        "dict_itemiterator",
        "Over the items of a dict.",
        slot(|vm: &mut Vm, this: This<DictIter>| {
            let entry = vm.entry_next(this, DICT)?;
            Ok(entry.map(|entry| vm.new_tuple(&[entry.key, entry.value])))
        }),
    )
};
pub static SET_ITER: TypeSpec = TypeSpec {
    methods: ENTRIES,
    ..iterator(
        "set_iterator",
        "Over a set.",
        slot(|vm: &mut Vm, this: This<DictIter>| Ok(vm.entry_next(this, "Set")?.map(|entry| entry.key))),
    )
};
pub static ENUMERATE: TypeSpec = TypeSpec {
    is_base: true,
    new: Some(
        method("__new__", "($type, iterable, start=0)", new_enumerate)
            .doc("Counts an iterable's items, from a start on."),
    ),
    class_methods: &[super::protocol::CLASS_GETITEM],
    methods: &[reduce::OF_ENUMERATE],
    ..iterator(
        "enumerate",
        "Items with their numbers.",
        slot(|vm: &mut Vm, this: This<EnumerateObject>| vm.enumerate_next(this)),
    )
};
pub static ZIP: TypeSpec = TypeSpec {
    is_base: true,
    new: Some(
        method("__new__", "($type, /, *iterables, strict=False)", new_zip)
            .doc("Up to the end of the shortest; if strict, ValueError where one is shorter."),
    ),
    methods: &[reduce::OF_ZIP_MAP, SET_STRICT],
    ..iterator(
        "zip",
        "Items of several iterables, in step.",
        slot(|vm: &mut Vm, this: This<ZipMapObject>| vm.zip_next(this)),
    )
};
pub static MAP: TypeSpec = TypeSpec {
    is_base: true,
    shown_signature: Some("(function, iterable, /, *iterables, strict=False)"),
    new: Some(
        method("__new__", "($type, /, *arguments, strict=False)", new_map)
            .doc("Of a function and iterables, whose items are its arguments."),
    ),
    methods: &[reduce::OF_ZIP_MAP, SET_STRICT],
    ..iterator(
        "map",
        "What a function makes of items.",
        slot(|vm: &mut Vm, this: This<ZipMapObject>| vm.map_next(this)),
    )
};
pub static FILTER: TypeSpec = TypeSpec {
    is_base: true,
    new: Some(
        method("__new__", "($type, function, iterable, /)", new_filter)
            .doc("Of a function, or None for the items' own truth, and an iterable."),
    ),
    methods: &[reduce::OF_ZIP_MAP],
    ..iterator(
        "filter",
        "Items that a function is true of.",
        slot(|vm: &mut Vm, this: This<ZipMapObject>| vm.filter_next(this)),
    )
};

const SET_STRICT: NativeRow =
    method("__setstate__", "($self, state, /)", |mut this: This<ZipMapObject>, strict: bool| {
        this.flag = u64::from(strict);
    })
    .doc("Sets whether one that is shorter is an error.");

fn new_enumerate(vm: &mut Vm, class: ClassOf<EnumerateObject>, iterable: Value, start: Option<Value>) -> PyResult {
    let start = start.map_or(Ok(Value::small_int(0)), |start| vm.index(start))?;
    let iterator = vm.get_iter(iterable)?;
    let (count, wide) = match vm.int_to_i64(start) {
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
    if vm.is_exactly::<RangeObject>(object) {
        return vm.range_reverse_iter(object);
    }
    let names = vm.names;
    match vm.lookup_special(object, names.__reversed__) {
        Some(method) if !method.is_none() => {
            return Ok(vm.call_special(object, names.__reversed__, &[])?.unwrap_or(Value::NONE));
        }
        None if vm.lookup_special(object, names.__getitem__).is_some() && !vm.is_a::<DictObject>(object) => {
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
