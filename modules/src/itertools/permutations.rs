//! `permutations`: tuples of a pool's items in every order.

use super::indices::{Fresh, Indices};
use super::{ITERATOR, ITERATOR_SLOTS};
use stitch_runtime::object::argument::{ClassOf, OrNone, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Permutations {
    header: Header,
    /// A tuple.
    pool: Value,
    /// An order of the whole pool, whose first items are the tuple.
    indices: Indices,
    /// How many are yet to stand at each place.
    cycles: Indices,
    /// The tuple before; unbound at the start.
    before: Value,
    n_chosen: usize,
    is_over: bool,
}

pub static PERMUTATIONS: TypeSpec = TypeSpec {
    name: "permutations",
    doc: "All orders of r items of an iterable.",
    layout: Some(Layout::of::<Permutations>(4)),
    slots: Slots { next: slot(next), ..ITERATOR_SLOTS },
    new: Some(
        method("__new__", "($type, iterable, r=None)", new)
            .doc("Takes the pool, and how many are chosen: all of them."),
    ),
    ..ITERATOR
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Permutations {
    const SPEC: &'static TypeSpec = &PERMUTATIONS;
}

fn new(vm: &mut Vm, class: ClassOf<Permutations>, iterable: Value, r: OrNone<Value>) -> PyResult {
    let pool = vm.collect_tuple(iterable)?;
    let n = vm.tuple_items(pool).len();
    let n_chosen = match r.0 {
        None => n,
        Some(r) if !vm.is_int_like(r) => return Err(vm.raise_type("Expected int as r")),
        Some(r) => match vm.index_i64(r)? {
            r if r < 0 => return Err(vm.raise_value("r must be non-negative")),
            r => r as usize,
        },
    };
    let is_over = n_chosen > n;
    let indices = Indices::new(vm, n, |at| at)?;
    let cycles = Indices::new(vm, if is_over { 0 } else { n_chosen }, |at| n - at)?;
    let before = Value::UNBOUND;
    vm.new_object(class.class, |header| Permutations { header, pool, indices, cycles, before, n_chosen, is_over })
}

fn next(vm: &mut Vm, mut this: This<Permutations>) -> PyResult<Option<Value>> {
    if this.is_over {
        return Ok(None);
    }
    let (pool, r) = (vm.tuple_items(this.pool), this.n_chosen);
    let items = if this.before.is_unbound() {
        vm.new_tuple(&pool[..r])
    } else {
        let Some(changed) = advance(vm, this) else {
            this.is_over = true;
            return Ok(None);
        };
        let items = Fresh::copy_of(vm, this.before);
        for at in changed..r {
            items.set(vm, at, pool[this.indices.get(at)]);
        }
        items.finish()
    };
    this.before = items;
    vm.barrier(this.pointer());
    Ok(Some(items))
}

/// Goes to the next order: from which place on it is another. `None` after the last.
fn advance(vm: &Vm, this: This<Permutations>) -> Option<usize> {
    let (indices, cycles, n) = (this.indices, this.cycles, vm.tuple_items(this.pool).len());
    for at in (0..this.n_chosen).rev() {
        let left = cycles.get(at) - 1;
        if left == 0 {
            indices.rotate_from(at);
            cycles.set(at, n - at);
        } else {
            cycles.set(at, left);
            indices.swap(at, n - left);
            return Some(at);
        }
    }
    None
}
