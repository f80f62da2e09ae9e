//! `batched`: tuples of so many items.

use super::{ITERATOR, ITERATOR_SLOTS, step};
use stitch_runtime::object::argument::{ClassOf, Index, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Batched {
    header: Header,
    /// Unbound at the end.
    iterator: Value,
    len: usize,
    is_strict: bool,
}

pub static BATCHED: TypeSpec = TypeSpec {
    name: "batched",
    doc: "The items of an iterable in tuples of n; the last may be shorter, which strict refuses.",
    layout: Some(Layout::of::<Batched>(1)),
    slots: Slots { next: slot(next), ..ITERATOR_SLOTS },
    new: Some(
        method("__new__", "($type, iterable, n, *, strict=False)", new).doc("The items of an iterable in tuples of n."),
    ),
    ..ITERATOR
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Batched {
    const SPEC: &'static TypeSpec = &BATCHED;
}

fn new(vm: &mut Vm, class: ClassOf<Batched>, iterable: Value, n: Index, strict: Option<bool>) -> PyResult {
    if n.0 < 1 {
        return Err(vm.raise_value("n must be at least one"));
    }
    let iterator = vm.get_iter(iterable)?;
    let (len, is_strict) = (n.0 as usize, strict.unwrap_or(false));
    vm.new_object(class.class, |header| Batched { header, iterator, len, is_strict })
}

fn next(vm: &mut Vm, mut this: This<Batched>) -> PyResult<Option<Value>> {
    let iterator = this.iterator;
    if iterator.is_unbound() {
        return Ok(None);
    }
    let batch = vm.new_tuple_of_len(this.len)?;
    for at in 0..this.len {
        match step(vm, iterator) {
            Ok(Some(item)) => vm.tuple_init(batch, at, item),
            Err(raised) => {
                this.iterator = Value::UNBOUND;
                return Err(raised);
            }
            Ok(None) if at == 0 => {
                this.iterator = Value::UNBOUND;
                return Ok(None);
            }
            Ok(None) if this.is_strict => {
                this.iterator = Value::UNBOUND;
                return Err(vm.raise_value("batched(): incomplete batch"));
            }
            Ok(None) => return Ok(Some(vm.new_tuple(&vm.tuple_items(batch)[..at]))),
        }
    }
    Ok(Some(batch))
}
