//! `_heapq`: heaps in lists. Item `i` is no larger than `2i + 1` and `2i + 2` (no smaller, for the functions with `_max`).

use stitch_runtime::object::argument::{This, method};
use stitch_runtime::object::layout::ListObject;
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::{PyResult, Raised, Value, Vm};

const HEAP: &str = "(heap, /)";
const HEAP_ITEM: &str = "(heap, item, /)";

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_heapq",
    doc: "Heaps in lists: the smallest item stands first, or the largest.",
    functions: &[
        method("heapify", HEAP, heapify::<false>).doc("Makes a list a heap, in linear time."),
        method("heappush", HEAP_ITEM, push::<false>).doc("Adds an item."),
        method("heappop", HEAP, pop::<false>).doc("Removes the smallest item and gives it."),
        method("heapreplace", HEAP_ITEM, replace::<false>)
            .doc("Removes the smallest item and gives it, then adds another."),
        method("heappushpop", HEAP_ITEM, push_pop::<false>)
            .doc("Adds an item, then removes the smallest and gives it."),
        method("heapify_max", HEAP, heapify::<true>).doc("Makes a list a heap with the largest item first."),
        method("heappush_max", HEAP_ITEM, push::<true>).doc("Adds an item to a heap with the largest first."),
        method("heappop_max", HEAP, pop::<true>).doc("Removes the largest item and gives it."),
        method("heapreplace_max", HEAP_ITEM, replace::<true>)
            .doc("Removes the largest item and gives it, then adds another."),
        method("heappushpop_max", HEAP_ITEM, push_pop::<true>)
            .doc("Adds an item, then removes the largest and gives it."),
    ],
    ..ModuleSpec::NEW
};

type Heap = This<ListObject>;

/// Has an item to stand in front of another?
#[inline]
fn is_before<const MAX: bool>(vm: &mut Vm, item: Value, other: Value) -> PyResult<bool> {
    if MAX { vm.less_than(other, item) } else { vm.less_than(item, other) }
}

/// As `is_before`, of two items of the heap; RuntimeError where comparing them has changed how many there are.
#[inline]
fn is_before_at<const MAX: bool>(vm: &mut Vm, heap: Heap, item: usize, other: usize) -> PyResult<bool> {
    let (len, items) = (heap.len, heap.items());
    let (item, other) = (items[item], items[other]);
    if item.is_int() && other.is_int() {
        return Ok(if MAX { other.as_int() < item.as_int() } else { item.as_int() < other.as_int() });
    }
    let result = is_before::<MAX>(vm, item, other)?;
    if heap.len != len { Err(raise_changed(vm)) } else { Ok(result) }
}

#[cold]
fn raise_changed(vm: &mut Vm) -> Raised {
    vm.raise_runtime("list changed size during iteration")
}

/// Lets the item at `at` go towards the front as far as to `start`.
fn rise<const MAX: bool>(vm: &mut Vm, heap: Heap, start: usize, mut at: usize) -> PyResult<()> {
    while at > start {
        let parent = (at - 1) / 2;
        if !is_before_at::<MAX>(vm, heap, at, parent)? {
            break;
        }
        swap(heap, at, parent);
        at = parent;
    }
    Ok(())
}

/// Lets the item at `start` go to the bottom and rise from there: it mostly came from there, so that this compares least.
fn sink<const MAX: bool>(vm: &mut Vm, heap: Heap, start: usize) -> PyResult<()> {
    let end = heap.len;
    let mut at = start;
    while at < end / 2 {
        let mut child = 2 * at + 1;
        if child + 1 < end && !is_before_at::<MAX>(vm, heap, child, child + 1)? {
            child += 1;
        }
        swap(heap, at, child);
        at = child;
    }
    rise::<MAX>(vm, heap, start, at)
}

/// Exchanges two items. What the list's array refers to stays the same.
#[inline]
fn swap(heap: Heap, one: usize, other: usize) {
    heap.array().elements_mut().swap(one, other);
}

fn put_first(vm: &mut Vm, heap: Heap, item: Value) -> Value {
    let first = std::mem::replace(&mut heap.array().elements_mut()[0], item);
    vm.barrier(std::ptr::from_mut(heap.array()));
    first
}

fn raise_empty(vm: &mut Vm) -> Raised {
    vm.raise_index("index out of range")
}

fn heapify<const MAX: bool>(vm: &mut Vm, heap: Heap) -> PyResult<()> {
    for at in (0..heap.len / 2).rev() {
        sink::<MAX>(vm, heap, at)?;
    }
    Ok(())
}

fn push<const MAX: bool>(vm: &mut Vm, heap: Heap, item: Value) -> PyResult<()> {
    vm.list_push(heap.pointer(), item)?;
    rise::<MAX>(vm, heap, 0, heap.len - 1)
}

fn pop<const MAX: bool>(vm: &mut Vm, heap: Heap) -> PyResult {
    if heap.len == 0 {
        return Err(raise_empty(vm));
    }
    let last = vm.list_pop(heap.pointer(), -1)?;
    if heap.len == 0 {
        return Ok(last);
    }
    let first = put_first(vm, heap, last);
    sink::<MAX>(vm, heap, 0)?;
    Ok(first)
}

fn replace<const MAX: bool>(vm: &mut Vm, heap: Heap, item: Value) -> PyResult {
    if heap.len == 0 {
        return Err(raise_empty(vm));
    }
    let first = put_first(vm, heap, item);
    sink::<MAX>(vm, heap, 0)?;
    Ok(first)
}

fn push_pop<const MAX: bool>(vm: &mut Vm, heap: Heap, item: Value) -> PyResult {
    let Some(&first) = heap.items().first() else { return Ok(item) };
    if !is_before::<MAX>(vm, first, item)? {
        return Ok(item);
    }
    replace::<MAX>(vm, heap, item)
}
