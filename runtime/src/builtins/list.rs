//! `list`.

use super::protocol::CLASS_GETITEM;
use super::sort;
use crate::object::argument::{ClassOf, Index, IndexBound, Keywords, Rest, This, method};
use crate::object::compare::BETWEEN_LOOKS;
use crate::object::convert::text::Text;
use crate::object::item::Sequence;
use crate::object::layout::*;
use crate::object::native::NativeRow;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{MatchedAs, TypeSpec};
use crate::object::types::BuiltinType;
use crate::trace::{NativeCall, Traced};
use crate::uop::Helper;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub(crate) static LIST_ITEMS: Sequence = Sequence {
    spec: &LIST,
    out_of_range: "list index out of range",
    wrong_key: |name| format!("list indices must be integers or slices, not {name}"),
    slice: |vm, owner, range| vm.slice_of_list(This::expect(vm, owner), range),
    is_mutable: true,
};

pub static LIST: TypeSpec = TypeSpec {
    name: "list",
    is_matched_itself: true,
    matched_as: MatchedAs::Sequence,
    doc: "A mutable sequence.",
    empty: Some(|vm| vm.new_list_with_capacity(0)),
    referents: Some(|vm, value| This::<ListObject>::expect(vm, value).items().to_vec()),
    is_base: true,
    is_unhashable: true,
    slots: Slots {
        len: slot(|_: &mut Vm, this: This<ListObject>| Ok(this.len)),
        get_item: slot(|vm: &mut Vm, this: This<ListObject>, key| {
            vm.sequence_get_item(&LIST_ITEMS, this.value(), key, this.len, |_, at| this.items()[at])
        }),
        set_item: slot(set_item),
        contains: slot(|vm: &mut Vm, this: This<ListObject>, item: Value| vm.sequence_contains(this.value(), item)),
        iter: slot(|vm: &mut Vm, this: This<ListObject>| Ok(vm.new_seq_iter(BuiltinType::ListIter, this.value(), 0))),
        repr: slot(write_repr),
        compare: slot(compare),
        concat: slot(|vm: &mut Vm, this: This<ListObject>, other: Value| match This::of(vm, other) {
            Some(other) => vm.list_concat(this, other),
            None => Err(vm.raise_concat("list", other)),
        }),
        repeat: slot(|vm: &mut Vm, this: This<ListObject>, count: Value| vm.list_repeat(this, count).map(This::value)),
        inplace_concat: slot(|vm: &mut Vm, this: This<ListObject>, other: Value| {
            extend(vm, this, other).map(|()| this.value())
        }),
        inplace_repeat: slot(|vm: &mut Vm, this: This<ListObject>, count: Value| {
            vm.list_repeat_in_place(this, count).map(|()| this.value())
        }),
        ..Slots::NONE
    },
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new).doc("An empty list.")),
    methods: METHODS,
    class_methods: &[CLASS_GETITEM],
    ..TypeSpec::NEW
};

fn set_item(vm: &mut Vm, this: This<ListObject>, key: Value, value: Option<Value>) -> PyResult<()> {
    let Some(value) = value else { return vm.list_del(this, key) };
    if let Some(slice) = This::of(vm, key) {
        return vm.set_slice(this, slice, value);
    }
    let index = vm.sequence_index(&LIST_ITEMS, key)?;
    vm.list_set(this, index, value)
}

fn compare(vm: &mut Vm, operation: u32, this: This<ListObject>, other: Value) -> PyResult {
    if This::<ListObject>::of(vm, other).is_none() {
        return Ok(vm.not_implemented);
    }
    vm.compare_sequences(operation, this.value(), other).map(Value::bool)
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<ListObject>) -> PyResult<()> {
    vm.write_container(out, this.value(), "[...]", |vm, out| {
        out.push('[' as u32);
        let mut index = 0;
        // The list is looked at anew for each item.
        while let Some(item) = this.items().get(index).copied() {
            if index > 0 {
                out.push_str(", ");
            }
            vm.write_repr(out, item)?;
            index += 1;
        }
        out.push(']' as u32);
        Ok(())
    })
}

const METHODS: &[NativeRow] = &[
    method("append", "($self, object, /)", append).doc("Adds an item at the end.").traced(trace_append),
    method("extend", "($self, iterable, /)", extend).doc("Adds an iterable's items at the end."),
    method("insert", "($self, index, object, /)", insert).doc("Adds an item before an index.").traced(trace_insert),
    method("pop", "($self, index=-1, /)", pop)
        .doc("Takes the item at an index out and gives it; IndexError where there is none.")
        .traced(trace_pop),
    method("remove", "($self, value, /)", remove)
        .doc("Takes the first item out that equals a value; ValueError where none does."),
    method("clear", "($self, /)", clear).doc("Takes all items out."),
    method("copy", "($self, /)", copy).doc("A new list of the same items."),
    method("count", "($self, value, /)", count).doc("How many items equal a value."),
    method("index", "($self, value, start=0, stop=sys.maxsize, /)", index)
        .doc("The index of the first item that equals a value; ValueError where none does."),
    method("reverse", "($self, /)", reverse).doc("Turns the order of the items round, in place."),
    method("sort", "($self, /, *, key=None, reverse=False)", sort::list_sort)
        .doc("Sorts the items in place; equal ones stay in order."),
    method("__init__", "($self, iterable=(), /)", init).doc("Makes the list hold an iterable's items."),
    method("__reversed__", "($self, /)", reversed).doc("An iterator from the last item to the first."),
];

fn new(vm: &mut Vm, class: ClassOf<ListObject>, _: Rest, _: Keywords) -> PyResult {
    if class.is_exact() { vm.new_list(&[]) } else { vm.new_instance(class.class) }
}

fn init(vm: &mut Vm, this: This<ListObject>, iterable: Option<Value>) -> PyResult<()> {
    if this.len != 0 {
        clear(vm, this);
    }
    iterable.map_or(Ok(()), |iterable| vm.list_extend(this.value(), iterable))
}

fn append(vm: &mut Vm, this: This<ListObject>, item: Value) -> PyResult<()> {
    vm.list_push(this.pointer(), item)
}

fn extend(vm: &mut Vm, this: This<ListObject>, iterable: Value) -> PyResult<()> {
    vm.list_extend(this.value(), iterable)
}

fn insert(vm: &mut Vm, this: This<ListObject>, index: Index, item: Value) -> PyResult<()> {
    vm.list_insert(this.pointer(), index.0, item)
}

fn pop(vm: &mut Vm, this: This<ListObject>, index: Option<Index>) -> PyResult {
    vm.list_pop(this.pointer(), index.map_or(-1, |index| index.0))
}

/// The index of the first element from `start` on that equals `value`; the list may change under the comparison.
fn position(vm: &mut Vm, this: This<ListObject>, value: Value, start: usize, stop: usize) -> PyResult<Option<usize>> {
    let mut at = start;
    while at < stop.min(this.len) {
        if at.is_multiple_of(BETWEEN_LOOKS) {
            vm.answer_interrupt()?;
        }
        let item = this.items()[at];
        if vm.equal(item, value)? {
            return Ok(Some(at));
        }
        at += 1;
    }
    Ok(None)
}

fn remove(vm: &mut Vm, this: This<ListObject>, value: Value) -> PyResult<()> {
    match position(vm, this, value, 0, usize::MAX)? {
        Some(at) if at < this.len => vm.list_splice(this.pointer(), at, at + 1, &[]),
        _ => Err(vm.raise_value("list.remove(x): x not in list")),
    }
}

fn clear(vm: &mut Vm, mut this: This<ListObject>) {
    this.items = vm.empty_array;
    this.len = 0;
    vm.barrier(this.pointer());
}

fn copy(vm: &mut Vm, this: This<ListObject>) -> PyResult {
    vm.new_list(this.items())
}

fn count(vm: &mut Vm, this: This<ListObject>, value: Value) -> PyResult<usize> {
    let (mut n, mut at) = (0, 0);
    while let Some(found) = position(vm, this, value, at, usize::MAX)? {
        n += 1;
        at = found + 1;
    }
    Ok(n)
}

fn index(vm: &mut Vm, this: This<ListObject>, value: Value, start: IndexBound, stop: IndexBound) -> PyResult<usize> {
    // What comparisons add is looked at, too.
    match position(vm, this, value, start.start(this.len), stop.stop_beyond(this.len))? {
        Some(at) => Ok(at),
        None => Err(vm.raise_value("list.index(x): x not in list")),
    }
}

fn reverse(vm: &mut Vm, this: This<ListObject>) {
    this.array().elements_mut()[..this.len].reverse();
    vm.barrier(this.items.as_ptr::<ValueArray>());
}

/// A reverse iterator counts down: `index` is one more than the next element's.
fn reversed(vm: &mut Vm, this: This<ListObject>) -> Value {
    vm.new_seq_iter(BuiltinType::ListReverseIter, this.value(), this.len)
}

fn trace_append(call: &mut NativeCall<'_>) -> Traced {
    let &[list, item] = call.arguments() else { return Ok(None) };
    if !call.is_a::<ListObject>(list) {
        return Ok(None);
    }
    call.guard_shape(list)?;
    call.recorder.change_list(Helper::ListAppend, &[list.uop, item.uop])?;
    Ok(Some(call.none()))
}

fn trace_insert(call: &mut NativeCall<'_>) -> Traced {
    let &[list, index, item] = call.arguments() else { return Ok(None) };
    if !call.is_a::<ListObject>(list) || !index.now.is_int() {
        return Ok(None);
    }
    call.guard_shape(list)?;
    let index = call.recorder.int(index.uop)?;
    call.recorder.change_list(Helper::ListInsert, &[list.uop, index, item.uop])?;
    Ok(Some(call.none()))
}

fn trace_pop(call: &mut NativeCall<'_>) -> Traced {
    let (list, index) = match *call.arguments() {
        [list] => (list, None),
        [list, index] if index.now.is_int() => (list, Some(index)),
        _ => return Ok(None),
    };
    if !call.is_a::<ListObject>(list) {
        return Ok(None);
    }
    call.guard_shape(list)?;
    let index = match index {
        Some(index) => call.recorder.int(index.uop)?,
        None => call.const_int(-1),
    };
    call.recorder.change_list(Helper::ListPop, &[list.uop, index]).map(Some)
}
