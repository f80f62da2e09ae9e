//! `accumulate`: sums on the way, or what another function makes of two.

use super::{ITERATOR, ITERATOR_SLOTS, step};
use stitch_runtime::object::argument::{ClassOf, OrNone, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::operate::op;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Accumulate {
    header: Header,
    iterator: Value,
    /// Unbound: addition.
    function: Value,
    /// Unbound before the first item.
    total: Value,
    /// What comes first; unbound where there is none, or none any more.
    initial: Value,
}

pub static ACCUMULATE: TypeSpec = TypeSpec {
    name: "accumulate",
    doc: "Sums on the way, or what another function makes of the result so far and the next item.",
    layout: Some(Layout::of::<Accumulate>(4)),
    slots: Slots { next: slot(next), ..ITERATOR_SLOTS },
    new: Some(
        method("__new__", "($type, iterable, func=None, *, initial=None)", new)
            .doc("The results on the way over an iterable."),
    ),
    ..ITERATOR
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Accumulate {
    const SPEC: &'static TypeSpec = &ACCUMULATE;
}

fn new(
    vm: &mut Vm,
    class: ClassOf<Accumulate>,
    iterable: Value,
    function: OrNone<Value>,
    initial: OrNone<Value>,
) -> PyResult {
    let iterator = vm.get_iter(iterable)?;
    let (function, initial) = (function.0.unwrap_or(Value::UNBOUND), initial.0.unwrap_or(Value::UNBOUND));
    let total = Value::UNBOUND;
    vm.new_object(class.class, |header| Accumulate { header, iterator, function, total, initial })
}

fn next(vm: &mut Vm, mut this: This<Accumulate>) -> PyResult<Option<Value>> {
    if !this.initial.is_unbound() {
        this.total = std::mem::replace(&mut this.initial, Value::UNBOUND);
        return Ok(Some(this.total));
    }
    let Some(item) = step(vm, this.iterator)? else { return Ok(None) };
    let (function, total) = (this.function, this.total);
    this.total = if total.is_unbound() {
        item
    } else if function.is_unbound() {
        vm.binary_op(op::ADD, total, item)?
    } else {
        vm.call(function, &[total, item])?
    };
    vm.barrier(this.pointer());
    Ok(Some(this.total))
}
