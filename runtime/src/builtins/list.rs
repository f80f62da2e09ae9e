//! `list`.

use super::receiver::list_of;
use super::sort;
use crate::object::convert::text::Text;
use crate::object::layout::*;
use crate::object::native::{NativeRow, native};
use crate::object::slots::Slots;
use crate::object::spec::{MatchedAs, TypeSpec};
use crate::object::types::BuiltinType;
use crate::trace::{NativeCall, Traced};
use crate::uop::Helper;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static LIST: TypeSpec = TypeSpec {
    name: "list",
    is_matched_itself: true,
    matched_as: MatchedAs::Sequence,
    doc: "A mutable sequence.",
    is_base: true,
    is_unhashable: true,
    slots: Slots {
        len: Some(|_, list| Ok(list_of(list).len)),
        get_item: Some(|vm, list, key| {
            let len = list_of(list).len;
            vm.sequence_get_item(BuiltinType::List, list, key, len, |_, at| list_of(list).items()[at])
        }),
        set_item: Some(set_item),
        contains: Some(|vm, list, item| vm.sequence_contains(list, item)),
        iter: Some(|vm, list| Ok(vm.new_seq_iter(BuiltinType::ListIter, list, 0))),
        repr: Some(write_repr),
        compare: Some(compare),
        concat: Some(|vm, list, other| {
            if !vm.has_layout(other, BuiltinType::List) {
                return Err(vm.raise_concat("list", other));
            }
            vm.list_concat(list, other)
        }),
        repeat: Some(|vm, list, count| vm.list_repeat(list, count)),
        inplace_concat: Some(|vm, list, other| vm.list_extend(list, other).map(|()| list)),
        inplace_repeat: Some(|vm, list, count| vm.list_repeat_in_place(list, count).map(|()| list)),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

fn set_item(vm: &mut Vm, list: Value, key: Value, value: Option<Value>) -> PyResult<()> {
    let Some(value) = value else { return vm.list_del(list, key) };
    if vm.is_exact(key, BuiltinType::Slice) {
        return vm.set_slice(list, key, value);
    }
    let index = vm.sequence_index(BuiltinType::List, key)?;
    vm.list_set(list, index, value)
}

fn compare(vm: &mut Vm, operation: u32, lhs: Value, rhs: Value) -> PyResult {
    if !vm.has_layout(rhs, BuiltinType::List) {
        return Ok(vm.not_implemented);
    }
    vm.compare_sequences(operation, lhs, rhs).map(Value::bool)
}

fn write_repr(vm: &mut Vm, out: &mut Text, list: Value) -> PyResult<()> {
    vm.write_container(out, list, "[...]", |vm, out| {
        out.push('[' as u32);
        let mut index = 0;
        // The list is looked at anew for each item.
        while let Some(item) = list_of(list).items().get(index).copied() {
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
    native("append", "($self, object, /)", append).traced(trace_append),
    native("extend", "($self, iterable, /)", list_extend),
    native("insert", "($self, index, object, /)", insert).traced(trace_insert),
    native("pop", "($self, index=-1, /)", pop).traced(trace_pop),
    native("remove", "($self, value, /)", remove),
    native("clear", "($self, /)", clear),
    native("copy", "($self, /)", copy),
    native("count", "($self, value, /)", count),
    native("index", "($self, value, start=0, stop=sys.maxsize, /)", index),
    native("reverse", "($self, /)", reverse),
    native("sort", "($self, /, *, key=None, reverse=False)", sort::list_sort),
    native("__init__", "($self, iterable=(), /)", init),
    native("__reversed__", "($self, /)", reversed),
];

pub fn install(vm: &mut Vm) {
    vm.add_methods(BuiltinType::List, METHODS);
    let class = vm.class(BuiltinType::List);
    vm.add_new(class, native("__new__", "($type, /, *args, **kwargs)", new));

    super::protocol::add_class_getitem(vm, BuiltinType::List);
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class: *mut TypeObject = super::class::class_argument(vm, args[0], BuiltinType::List)?;
    if class == vm.class(BuiltinType::List) {
        return vm.new_list(&[]);
    }
    vm.new_instance(class)
}

fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::List)?;
    if list_of(args[0]).len != 0 {
        clear(vm, &args[..1])?;
    }
    if !args[1].is_unbound() {
        vm.list_extend(args[0], args[1])?;
    }
    Ok(Value::NONE)
}

fn append(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::List)?;
    vm.list_push(list_of(args[0]), args[1])?;
    Ok(Value::NONE)
}

fn list_extend(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::List)?;
    vm.list_extend(args[0], args[1])?;
    Ok(Value::NONE)
}

fn insert(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::List)?;
    let index = vm.index_i64(args[1])?;
    vm.list_insert(list_of(args[0]), index, args[2])?;
    Ok(Value::NONE)
}

fn pop(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::List)?;
    let index = if args.len() < 2 || args[1].is_unbound() { -1 } else { vm.index_i64(args[1])? };
    vm.list_pop(list_of(args[0]), index)
}

/// The index of the first element from `start` on that equals `value`; the list may change under the comparison.
fn position(vm: &mut Vm, list: Value, value: Value, start: usize, stop: usize) -> PyResult<Option<usize>> {
    let mut at = start;
    while at < stop.min(list_of(list).len) {
        let item = list_of(list).items()[at];
        if vm.equal(item, value)? {
            return Ok(Some(at));
        }
        at += 1;
    }
    Ok(None)
}

fn remove(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::List)?;
    match position(vm, args[0], args[1], 0, usize::MAX)? {
        Some(at) if at < list_of(args[0]).len => {
            vm.list_splice(list_of(args[0]), at, at + 1, &[])?;
            Ok(Value::NONE)
        }
        _ => Err(vm.raise_value("list.remove(x): x not in list")),
    }
}

fn clear(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::List)?;
    let list = list_of(args[0]);
    list.items = vm.empty_array;
    list.len = 0;
    vm.barrier(std::ptr::from_ref(list));
    Ok(Value::NONE)
}

fn copy(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::List)?;
    let result = vm.new_list(&[])?;
    let source = list_of(args[0]);
    vm.list_reserve(list_of(result), source.len)?;
    let target = list_of(result);
    target.array().elements_mut()[..source.len].copy_from_slice(source.items());
    target.len = source.len;
    Ok(result)
}

fn count(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::List)?;
    let (mut n, mut at) = (0, 0);
    while let Some(found) = position(vm, args[0], args[1], at, usize::MAX)? {
        n += 1;
        at = found + 1;
    }
    Ok(Value::small_int(n))
}

fn index(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::List)?;
    let len = list_of(args[0]).len;
    let (start, mut stop) = vm.search_bounds(args[2], args[3], len)?;
    if stop == len {
        // What comparisons add is looked at, too.
        stop = match vm.optional(args[3]) {
            Some(stop) => vm.index_clamped(stop)?.max(len as i64) as usize,
            None => usize::MAX,
        };
    }
    match position(vm, args[0], args[1], start, stop)? {
        Some(at) => Ok(Value::small_int(at as i64)),
        None => Err(vm.raise_value("list.index(x): x not in list")),
    }
}

fn reverse(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::List)?;
    let list = list_of(args[0]);
    let len = list.len;
    list.array().elements_mut()[..len].reverse();
    vm.barrier(list.items.as_ptr::<ValueArray>());
    Ok(Value::NONE)
}

/// A reverse iterator counts down: `index` is one more than the next element's.
fn reversed(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::List)?;
    Ok(vm.new_seq_iter(BuiltinType::ListReverseIter, args[0], list_of(args[0]).len))
}

fn trace_append(call: &mut NativeCall<'_>) -> Traced {
    let &[list, item] = call.arguments() else { return Ok(None) };
    if !call.has_layout(list, BuiltinType::List) {
        return Ok(None);
    }
    call.guard_shape(list)?;
    call.recorder.change_list(Helper::ListAppend, &[list.uop, item.uop])?;
    Ok(Some(call.none()))
}

fn trace_insert(call: &mut NativeCall<'_>) -> Traced {
    let &[list, index, item] = call.arguments() else { return Ok(None) };
    if !call.has_layout(list, BuiltinType::List) || !index.now.is_int() {
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
    if !call.has_layout(list, BuiltinType::List) {
        return Ok(None);
    }
    call.guard_shape(list)?;
    let index = match index {
        Some(index) => call.recorder.int(index.uop)?,
        None => call.const_int(-1),
    };
    call.recorder.change_list(Helper::ListPop, &[list.uop, index]).map(Some)
}
