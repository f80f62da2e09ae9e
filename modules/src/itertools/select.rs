//! `takewhile`, `dropwhile`, `filterfalse`, `compress`: some items of an iterable, by what a predicate or another iterable says.

use super::{ITERATOR, ITERATOR_SLOTS, step};
use stitch_runtime::builtins::specs::BOOL;
use stitch_runtime::object::argument::{ClassOf, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

/// Which of the types it is.
const TAKE: u8 = 0;
const DROP: u8 = 1;
const FALSE: u8 = 2;

#[repr(C)]
pub struct Selection<const KIND: u8> {
    header: Header,
    /// Unbound: the truth of the item itself.
    predicate: Value,
    iterator: Value,
    /// The predicate has said once that it does not hold.
    is_decided: bool,
}

pub static TAKE_WHILE: TypeSpec = TypeSpec {
    name: "takewhile",
    doc: "Items as long as a predicate holds.",
    layout: Some(Layout::of::<Selection<TAKE>>(2)),
    slots: Slots { next: slot(take_next), ..ITERATOR_SLOTS },
    new: Some(constructor::<TAKE>("($type, predicate, iterable, /)")),
    ..ITERATOR
};

pub static DROP_WHILE: TypeSpec = TypeSpec {
    name: "dropwhile",
    doc: "Items from the first on of which a predicate does not hold.",
    layout: Some(Layout::of::<Selection<DROP>>(2)),
    slots: Slots { next: slot(drop_next), ..ITERATOR_SLOTS },
    new: Some(constructor::<DROP>("($type, predicate, iterable, /)")),
    ..ITERATOR
};

pub static FILTER_FALSE: TypeSpec = TypeSpec {
    name: "filterfalse",
    doc: "Items that a function is false of, or with None those that are false.",
    layout: Some(Layout::of::<Selection<FALSE>>(2)),
    slots: Slots { next: slot(false_next), ..ITERATOR_SLOTS },
    new: Some(constructor::<FALSE>("($type, function, iterable, /)")),
    ..ITERATOR
};

const fn constructor<const KIND: u8>(signature: &'static str) -> NativeRow
where
    Selection<KIND>: Object,
{
    method("__new__", signature, new::<KIND>).doc("Takes the predicate and the iterable.")
}

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Selection<TAKE> {
    const SPEC: &'static TypeSpec = &TAKE_WHILE;
}
// SAFETY: as above.
unsafe impl Object for Selection<DROP> {
    const SPEC: &'static TypeSpec = &DROP_WHILE;
}
// SAFETY: as above.
unsafe impl Object for Selection<FALSE> {
    const SPEC: &'static TypeSpec = &FILTER_FALSE;
}

fn new<const KIND: u8>(vm: &mut Vm, class: ClassOf<Selection<KIND>>, predicate: Value, iterable: Value) -> PyResult
where
    Selection<KIND>: Object,
{
    let iterator = vm.get_iter(iterable)?;
    let is_truth = KIND == FALSE && (predicate.is_none() || vm.is_class(predicate, &BOOL));
    let predicate = if is_truth { Value::UNBOUND } else { predicate };
    vm.new_object(class.class, |header| Selection::<KIND> { header, predicate, iterator, is_decided: false })
}

fn holds(vm: &mut Vm, predicate: Value, item: Value) -> PyResult<bool> {
    let verdict = if predicate.is_unbound() { item } else { vm.call(predicate, &[item])? };
    vm.is_true(verdict)
}

fn take_next(vm: &mut Vm, mut this: This<Selection<TAKE>>) -> PyResult<Option<Value>> {
    if this.is_decided {
        return Ok(None);
    }
    let Some(item) = step(vm, this.iterator)? else { return Ok(None) };
    if holds(vm, this.predicate, item)? {
        return Ok(Some(item));
    }
    this.is_decided = true;
    Ok(None)
}

fn drop_next(vm: &mut Vm, mut this: This<Selection<DROP>>) -> PyResult<Option<Value>> {
    while let Some(item) = step(vm, this.iterator)? {
        if this.is_decided {
            return Ok(Some(item));
        }
        if !holds(vm, this.predicate, item)? {
            this.is_decided = true;
            return Ok(Some(item));
        }
    }
    Ok(None)
}

fn false_next(vm: &mut Vm, this: This<Selection<FALSE>>) -> PyResult<Option<Value>> {
    while let Some(item) = step(vm, this.iterator)? {
        if !holds(vm, this.predicate, item)? {
            return Ok(Some(item));
        }
    }
    Ok(None)
}

#[repr(C)]
pub struct Compress {
    header: Header,
    data: Value,
    selectors: Value,
}

pub static COMPRESS: TypeSpec = TypeSpec {
    name: "compress",
    doc: "Items whose selector is true.",
    layout: Some(Layout::of::<Compress>(2)),
    slots: Slots { next: slot(compress_next), ..ITERATOR_SLOTS },
    new: Some(method("__new__", "($type, data, selectors)", new_compress).doc("Takes the items and their selectors.")),
    ..ITERATOR
};

// SAFETY: as above.
unsafe impl Object for Compress {
    const SPEC: &'static TypeSpec = &COMPRESS;
}

fn new_compress(vm: &mut Vm, class: ClassOf<Compress>, data: Value, selectors: Value) -> PyResult {
    let data = vm.get_iter(data)?;
    let selectors = vm.get_iter(selectors)?;
    vm.new_object(class.class, |header| Compress { header, data, selectors })
}

fn compress_next(vm: &mut Vm, this: This<Compress>) -> PyResult<Option<Value>> {
    while let Some(item) = step(vm, this.data)? {
        let Some(selector) = step(vm, this.selectors)? else { break };
        if vm.is_true(selector)? {
            return Ok(Some(item));
        }
    }
    Ok(None)
}
