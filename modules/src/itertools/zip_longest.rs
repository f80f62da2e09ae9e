//! `zip_longest`: items of several iterables in step, to the end of the longest.

use super::{ITERATOR, ITERATOR_SLOTS, step};
use stitch_runtime::object::argument::{ClassOf, Rest, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::ValueArray;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct ZipLongest {
    header: Header,
    /// A value array; those that have ended are unbound.
    iterators: Value,
    fill: Value,
    n_active: usize,
}

pub static ZIP_LONGEST: TypeSpec = TypeSpec {
    name: "zip_longest",
    doc: "Items of several iterables in step, to the end of the longest; a fill value stands for those that are missing.",
    layout: Some(Layout::of::<ZipLongest>(2)),
    slots: Slots { next: slot(next), ..ITERATOR_SLOTS },
    new: Some(
        method("__new__", "($type, /, *iterables, fillvalue=None)", new).doc("Takes the iterables and the fill value."),
    ),
    ..ITERATOR
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for ZipLongest {
    const SPEC: &'static TypeSpec = &ZIP_LONGEST;
}

/// The elements of a value array.
fn elements<'a>(array: Value) -> &'a mut [Value] {
    // SAFETY: `iterators` is a value array of its own from its birth on, and its elements are not held across calls.
    unsafe { (*array.as_ptr::<ValueArray>()).elements_mut() }
}

fn new(vm: &mut Vm, class: ClassOf<ZipLongest>, iterables: Rest, fill: Option<Value>) -> PyResult {
    let iterators = vm.new_array(iterables.items().len())?;
    for (at, &iterable) in iterables.items().iter().enumerate() {
        let iterator = vm.get_iter(iterable)?;
        elements(iterators)[at] = iterator;
        vm.barrier(iterators.as_ptr::<ValueArray>());
    }
    let (fill, n_active) = (fill.unwrap_or(Value::NONE), iterables.items().len());
    vm.new_object(class.class, |header| ZipLongest { header, iterators, fill, n_active })
}

fn next(vm: &mut Vm, mut this: This<ZipLongest>) -> PyResult<Option<Value>> {
    if this.n_active == 0 {
        return Ok(None);
    }
    let iterators = this.iterators;
    let n = elements(iterators).len();
    let items = vm.new_tuple_of_len(n)?;
    for at in 0..n {
        let iterator = elements(iterators)[at];
        let next = if iterator.is_unbound() { Ok(None) } else { step(vm, iterator) };
        let item = match next {
            Ok(Some(item)) => item,
            Ok(None) if iterator.is_unbound() => this.fill,
            end => {
                this.n_active = this.n_active.saturating_sub(1);
                if this.n_active == 0 || end.is_err() {
                    this.n_active = 0;
                    return end;
                }
                elements(iterators)[at] = Value::UNBOUND;
                this.fill
            }
        };
        vm.tuple_init(items, at, item);
    }
    Ok(Some(items))
}
