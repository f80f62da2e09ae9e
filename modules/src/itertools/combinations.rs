//! `combinations` and `combinations_with_replacement`: tuples of a pool's items, in its order.

use super::indices::{Fresh, Indices};
use super::{ITERATOR, ITERATOR_SLOTS};
use stitch_runtime::object::argument::{ClassOf, Index, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

/// With `REPLACED`, an item may come more than once.
#[repr(C)]
pub struct Combinations<const REPLACED: bool> {
    header: Header,
    /// A tuple.
    pool: Value,
    indices: Indices,
    /// The tuple before; unbound at the start.
    before: Value,
    n_chosen: usize,
    is_over: bool,
}

const fn combinations<const REPLACED: bool>(name: &'static str, doc: &'static str) -> TypeSpec
where
    Combinations<REPLACED>: Object,
{
    TypeSpec {
        name,
        doc,
        layout: Some(Layout::of::<Combinations<REPLACED>>(3)),
        slots: Slots { next: slot(next::<REPLACED>), ..ITERATOR_SLOTS },
        new: Some(
            method("__new__", "($type, iterable, r)", new::<REPLACED>).doc("Takes the pool, and how many are chosen."),
        ),
        ..ITERATOR
    }
}

pub static COMBINATIONS: TypeSpec = combinations::<false>("combinations", "All choices of r items of an iterable.");
pub static COMBINATIONS_WITH_REPLACEMENT: TypeSpec = combinations::<true>(
    "combinations_with_replacement",
    "All choices of r items of an iterable, each of which may be chosen more than once.",
);

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Combinations<false> {
    const SPEC: &'static TypeSpec = &COMBINATIONS;
}
// SAFETY: as above.
unsafe impl Object for Combinations<true> {
    const SPEC: &'static TypeSpec = &COMBINATIONS_WITH_REPLACEMENT;
}

fn new<const REPLACED: bool>(vm: &mut Vm, class: ClassOf<Combinations<REPLACED>>, iterable: Value, r: Index) -> PyResult
where
    Combinations<REPLACED>: Object,
{
    let pool = vm.collect_tuple(iterable)?;
    if r.0 < 0 {
        return Err(vm.raise_value("r must be non-negative"));
    }
    let (n, n_chosen) = (vm.tuple_items(pool).len(), r.0 as usize);
    let is_over = if REPLACED { n == 0 && n_chosen > 0 } else { n_chosen > n };
    let n_indices = if is_over { 0 } else { n_chosen };
    let indices = Indices::new(vm, n_indices, |at| if REPLACED { 0 } else { at })?;
    let before = Value::UNBOUND;
    vm.new_object(class.class, |header| Combinations::<REPLACED> { header, pool, indices, before, n_chosen, is_over })
}

fn next<const REPLACED: bool>(vm: &mut Vm, mut this: This<Combinations<REPLACED>>) -> PyResult<Option<Value>>
where
    Combinations<REPLACED>: Object,
{
    if this.is_over {
        return Ok(None);
    }
    let (pool, indices, r) = (vm.tuple_items(this.pool), this.indices, this.n_chosen);
    let items = if this.before.is_unbound() {
        let items = vm.new_tuple_of_len(r)?;
        for at in 0..r {
            vm.tuple_init(items, at, pool[indices.get(at)]);
        }
        items
    } else {
        // The last that is not yet at its last place.
        let last_place = |at: usize| if REPLACED { pool.len() - 1 } else { at + pool.len() - r };
        let Some(last) = (0..r).rev().find(|&at| indices.get(at) != last_place(at)) else {
            this.is_over = true;
            return Ok(None);
        };
        let items = Fresh::copy_of(vm, this.before);
        let index = indices.get(last) + 1;
        for at in last..r {
            let index = if REPLACED { index } else { index + at - last };
            indices.set(at, index);
            items.set(vm, at, pool[index]);
        }
        items.finish()
    };
    this.before = items;
    vm.barrier(this.pointer());
    Ok(Some(items))
}
