//! `product`: all tuples with one item of each of several pools.

use super::indices::{Fresh, Indices};
use super::{ITERATOR, ITERATOR_SLOTS};
use stitch_runtime::object::argument::{ClassOf, Index, Rest, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Product {
    header: Header,
    /// A tuple of tuples.
    pools: Value,
    indices: Indices,
    /// The tuple before; unbound at the start.
    before: Value,
    is_over: bool,
}

pub static PRODUCT: TypeSpec = TypeSpec {
    name: "product",
    doc: "All tuples with one item of each of several iterables, the last one changing fastest.",
    layout: Some(Layout::of::<Product>(3)),
    slots: Slots { next: slot(next), ..ITERATOR_SLOTS },
    new: Some(
        method("__new__", "($type, /, *iterables, repeat=1)", new)
            .doc("Takes the iterables, and how often they are to be taken."),
    ),
    ..ITERATOR
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Product {
    const SPEC: &'static TypeSpec = &PRODUCT;
}

fn new(vm: &mut Vm, class: ClassOf<Product>, iterables: Rest, repeat: Option<Index>) -> PyResult {
    let repeat = repeat.map_or(1, |repeat| repeat.0);
    if repeat < 0 {
        return Err(vm.raise_value("repeat argument cannot be negative"));
    }
    let n = if repeat == 0 { 0 } else { iterables.items().len() };
    let len = n.checked_mul(repeat as usize).filter(|&len| len <= isize::MAX as usize / 8);
    let Some(len) = len else { return Err(vm.raise_overflow("repeat argument too large")) };
    let indices = Indices::new(vm, len, |_| 0)?;
    let pools = vm.new_tuple_of_len(len)?;
    for (at, &iterable) in iterables.items()[..n].iter().enumerate() {
        let pool = vm.collect_tuple(iterable)?;
        for copy in 0..repeat as usize {
            vm.tuple_init(pools, copy * n + at, pool);
        }
    }
    vm.new_object(class.class, |header| Product { header, pools, indices, before: Value::UNBOUND, is_over: false })
}

fn next(vm: &mut Vm, mut this: This<Product>) -> PyResult<Option<Value>> {
    if this.is_over {
        return Ok(None);
    }
    let found = if this.before.is_unbound() { first(vm, this)? } else { following(vm, this) };
    match found {
        Some(items) => {
            this.before = items;
            vm.barrier(this.pointer());
        }
        None => this.is_over = true,
    }
    Ok(found)
}

fn first(vm: &mut Vm, this: This<Product>) -> PyResult<Option<Value>> {
    let pools = vm.tuple_items(this.pools);
    let items = vm.new_tuple_of_len(pools.len())?;
    for (at, &pool) in pools.iter().enumerate() {
        let Some(&item) = vm.tuple_items(pool).first() else { return Ok(None) };
        vm.tuple_init(items, at, item);
    }
    Ok(Some(items))
}

fn following(vm: &mut Vm, this: This<Product>) -> Option<Value> {
    let (pools, indices) = (vm.tuple_items(this.pools), this.indices);
    // The last pool that has an item more: those behind it begin anew.
    let last = (0..pools.len()).rev().find(|&at| indices.get(at) + 1 < vm.tuple_items(pools[at]).len())?;
    let items = Fresh::copy_of(vm, this.before);
    indices.set(last, indices.get(last) + 1);
    items.set(vm, last, vm.tuple_items(pools[last])[indices.get(last)]);
    for (at, &pool) in pools.iter().enumerate().skip(last + 1) {
        indices.set(at, 0);
        items.set(vm, at, vm.tuple_items(pool)[0]);
    }
    Some(items.finish())
}
