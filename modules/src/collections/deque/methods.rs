//! The methods of deques.

use super::super::deque_iterator;
use super::super::state::state_of;
use super::trace::{self, End};
use super::{Deque, check_unchanged, copy, position, remove_at};
use stitch_runtime::object::argument::{ClampedIndex, Index, This, method};
use stitch_runtime::object::layout::IntObject;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

pub const METHODS: &[NativeRow] = &[
    method("__init__", "($self, /, iterable=(), maxlen=None)", init)
        .doc("Takes the items of an iterable, and the most to keep."),
    method("append", "($self, item, /)", |vm: &mut Vm, this: This<Deque>, item: Value| {
        Deque::push_back(this, vm, item)
    })
    .doc("Adds an item at the right.")
    .traced(|call| trace::push(call, End::Right)),
    method("appendleft", "($self, item, /)", |vm: &mut Vm, this: This<Deque>, item: Value| {
        Deque::push_front(this, vm, item)
    })
    .doc("Adds an item at the left.")
    .traced(|call| trace::push(call, End::Left)),
    method("clear", "($self, /)", |vm: &mut Vm, this: This<Deque>| Deque::clear(this, vm)).doc("Removes all items."),
    method("copy", "($self, /)", copy).doc("A shallow copy."),
    method("__copy__", "($self, /)", copy).doc("A shallow copy."),
    method("count", "($self, value, /)", count).doc("How many items equal a value."),
    method("extend", "($self, iterable, /)", extend).doc("Adds the items of an iterable at the right."),
    method("extendleft", "($self, iterable, /)", extend_left)
        .doc("Adds the items of an iterable at the left, one by one."),
    method("index", "($self, value, start=0, stop=sys.maxsize, /)", index)
        .doc("The index of the first item that equals a value."),
    method("insert", "($self, index, value, /)", insert).doc("Inserts an item before an index."),
    method("pop", "($self, /)", pop)
        .doc("Removes the rightmost item and gives it.")
        .traced(|call| trace::pop(call, End::Right)),
    method("popleft", "($self, /)", pop_left)
        .doc("Removes the leftmost item and gives it.")
        .traced(|call| trace::pop(call, End::Left)),
    method("remove", "($self, value, /)", remove).doc("Removes the first item that equals a value."),
    method("reverse", "($self, /)", reverse).doc("Reverses the order of the items."),
    method("rotate", "($self, n=1, /)", rotate).doc("Moves n items from the right end to the left, or back."),
    method("__reversed__", "($self, /)", |vm: &mut Vm, this: This<Deque>| deque_iterator::over::<true>(vm, this))
        .doc("An iterator from the right to the left."),
    method("__reduce__", "($self, /)", reduce).doc("How to make it again."),
];

fn init(vm: &mut Vm, mut this: This<Deque>, iterable: Option<Value>, max_len: Option<Value>) -> PyResult<()> {
    let max_len = match max_len {
        Some(max_len) if !max_len.is_none() => max_len_of(vm, max_len)?,
        _ => usize::MAX,
    };
    this.max_len = max_len;
    if this.len > 0 {
        Deque::clear(this, vm);
    }
    match iterable {
        Some(iterable) => extend(vm, this, iterable),
        None => Ok(()),
    }
}

fn max_len_of(vm: &mut Vm, value: Value) -> PyResult<usize> {
    if !vm.is_a::<IntObject>(value) && !value.is_int() && !value.is_bool() {
        return Err(vm.raise_type("an integer is required"));
    }
    let Some(word) = vm.int_to_i64(value) else {
        return Err(vm.raise_overflow("Python int too large to convert to C ssize_t"));
    };
    usize::try_from(word).map_err(|_| vm.raise_value("maxlen must be non-negative"))
}

pub fn to_list(vm: &mut Vm, this: This<Deque>) -> PyResult<Value> {
    let list = vm.new_list_with_capacity(this.len)?;
    for at in 0..this.len {
        vm.list_push(list.as_ptr(), this.get(at))?;
    }
    Ok(list)
}

fn count(vm: &mut Vm, this: This<Deque>, value: Value) -> PyResult<usize> {
    let (mut n, mut at) = (0, 0);
    while let Some(found) = position(vm, this, value, at, usize::MAX)? {
        n += 1;
        at = found + 1;
    }
    Ok(n)
}

/// What is to be added: of the deque itself, what is in it now.
fn source(vm: &mut Vm, this: This<Deque>, iterable: Value) -> PyResult<Value> {
    let iterable = if iterable == this.value() { to_list(vm, this)? } else { iterable };
    vm.get_iter(iterable)
}

pub fn extend(vm: &mut Vm, this: This<Deque>, iterable: Value) -> PyResult<()> {
    let iterator = source(vm, this, iterable)?;
    while let Some(item) = vm.iter_next(iterator)? {
        Deque::push_back(this, vm, item)?;
    }
    Ok(())
}

fn extend_left(vm: &mut Vm, this: This<Deque>, iterable: Value) -> PyResult<()> {
    let iterator = source(vm, this, iterable)?;
    while let Some(item) = vm.iter_next(iterator)? {
        Deque::push_front(this, vm, item)?;
    }
    Ok(())
}

fn index(
    vm: &mut Vm,
    this: This<Deque>,
    value: Value,
    start: Option<ClampedIndex>,
    stop: Option<ClampedIndex>,
) -> PyResult<usize> {
    let len = this.len as i64;
    let bound = |bound: Option<ClampedIndex>, default: i64| {
        let bound = bound.map_or(default, |bound| bound.0);
        if bound < 0 { bound.saturating_add(len).max(0) } else { bound.min(len) }
    };
    let (start, stop) = (bound(start, 0), bound(stop, len));
    match position(vm, this, value, start as usize, stop as usize)? {
        Some(at) => Ok(at),
        None => Err(vm.raise_value("deque.index(x): x not in deque")),
    }
}

fn insert(vm: &mut Vm, mut this: This<Deque>, index: Index, value: Value) -> PyResult<()> {
    if this.len >= this.max_len {
        return Err(vm.raise_index("deque already at its maximum size"));
    }
    let len = this.len as i64;
    let at = if index.0 < 0 { index.0.saturating_add(len).max(0) } else { index.0.min(len) } as usize;
    if at < this.len / 2 {
        Deque::push_front(this, vm, value)?;
        for i in 0..at {
            let item = this.get(i + 1);
            this.put(i, item);
        }
    } else {
        Deque::push_back(this, vm, value)?;
        for i in (at + 1..this.len).rev() {
            let item = this.get(i - 1);
            this.put(i, item);
        }
    }
    Deque::set(this, vm, at, value);
    Ok(())
}

fn pop(vm: &mut Vm, mut this: This<Deque>) -> PyResult<Value> {
    if this.len == 0 { Err(vm.raise_index("pop from an empty deque")) } else { Ok(this.pop_back()) }
}

fn pop_left(vm: &mut Vm, mut this: This<Deque>) -> PyResult<Value> {
    if this.len == 0 { Err(vm.raise_index("pop from an empty deque")) } else { Ok(this.pop_front()) }
}

fn remove(vm: &mut Vm, this: This<Deque>, value: Value) -> PyResult<()> {
    let changes = this.changes;
    for at in 0..this.len {
        let item = this.get(at);
        let is_equal = vm.equal(item, value)?;
        if this.changes != changes {
            return Err(vm.raise_index("deque mutated during iteration"));
        }
        if is_equal {
            remove_at(vm, this, at);
            return Ok(());
        }
    }
    check_unchanged(vm, this, changes)?;
    Err(vm.raise_value("deque.remove(x): x not in deque"))
}

fn reverse(vm: &mut Vm, mut this: This<Deque>) {
    for at in 0..this.len / 2 {
        let other = this.len - 1 - at;
        let (left, right) = (this.get(at), this.get(other));
        this.put(at, right);
        this.put(other, left);
    }
    this.changes += 1;
    vm.barrier(this.pointer());
    vm.barrier(this.items.as_ptr::<stitch_runtime::object::layout::ValueArray>());
}

fn rotate(vm: &mut Vm, this: This<Deque>, n: Option<Index>) {
    if this.len > 1 {
        let count = (-n.map_or(1, |n| n.0 % this.len as i64)).rem_euclid(this.len as i64);
        if count > 0 {
            Deque::rotate_left(this, vm, count as usize);
        }
    }
}

fn reduce(vm: &mut Vm, this: This<Deque>) -> PyResult<Value> {
    let class = Value::object(vm.class_of(this.value()));
    let state = state_of(vm, this.value())?;
    let arguments = if this.max_len == usize::MAX {
        vm.empty_tuple
    } else {
        let max_len = this.max_len_value(vm);
        vm.new_tuple(&[vm.empty_tuple, max_len])
    };
    let iterator = vm.get_iter(this.value())?;
    Ok(vm.new_tuple(&[class, arguments, state, iterator]))
}
