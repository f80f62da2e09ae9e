//! `groupby`: runs of items with equal keys.

use super::{ITERATOR, ITERATOR_SLOTS, step};
use stitch_runtime::object::argument::{Class, ClassOf, OrNone, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct GroupBy {
    header: Header,
    iterator: Value,
    /// Unbound: the items are their own keys.
    key_function: Value,
    /// The key of the group that was given last; unbound before the first.
    group_key: Value,
    /// The item that is next, and its key; unbound where it is to be taken yet, or was given.
    item: Value,
    key: Value,
    /// The group that was given last; others give nothing more.
    group: Value,
}

pub static GROUP_BY: TypeSpec = TypeSpec {
    name: "groupby",
    doc: "Runs of items with equal keys: pairs of the key and an iterator over the run.",
    layout: Some(Layout::of::<GroupBy>(6)),
    slots: Slots { next: slot(next), ..ITERATOR_SLOTS },
    new: Some(method("__new__", "($type, iterable, key=None)", new).doc("Takes the items, and what gives their keys.")),
    ..ITERATOR
};

#[repr(C)]
pub struct Grouper {
    header: Header,
    parent: Value,
    key: Value,
}

pub static GROUPER: TypeSpec = TypeSpec {
    name: "_grouper",
    doc: "Over one run of a groupby.",
    is_base: false,
    layout: Some(Layout::of::<Grouper>(2)),
    slots: Slots { next: slot(member), ..ITERATOR_SLOTS },
    new: Some(
        method("__new__", "($type, parent, tgtkey, /)", |vm: &mut Vm, _: Class, parent: This<GroupBy>, key: Value| {
            new_group(vm, parent, key)
        })
        .doc("The run of a key."),
    ),
    ..ITERATOR
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for GroupBy {
    const SPEC: &'static TypeSpec = &GROUP_BY;
}
// SAFETY: as above.
unsafe impl Object for Grouper {
    const SPEC: &'static TypeSpec = &GROUPER;
}

fn new(vm: &mut Vm, class: ClassOf<GroupBy>, iterable: Value, key: OrNone<Value>) -> PyResult {
    let iterator = vm.get_iter(iterable)?;
    let (key_function, unbound) = (key.0.unwrap_or(Value::UNBOUND), Value::UNBOUND);
    vm.new_object(class.class, |header| GroupBy {
        header,
        iterator,
        key_function,
        group_key: unbound,
        item: unbound,
        key: unbound,
        group: unbound,
    })
}

fn new_group(vm: &mut Vm, mut parent: This<GroupBy>, key: Value) -> PyResult {
    let class = vm.type_of_spec(&GROUPER);
    let group = vm.new_object(class, |header| Grouper { header, parent: parent.value(), key })?;
    parent.group = group;
    vm.barrier(parent.pointer());
    Ok(group)
}

/// Takes the next item and its key; whether there is one.
fn advance(vm: &mut Vm, mut this: This<GroupBy>) -> PyResult<bool> {
    let Some(item) = step(vm, this.iterator)? else { return Ok(false) };
    let key = if this.key_function.is_unbound() { item } else { vm.call(this.key_function, &[item])? };
    (this.item, this.key) = (item, key);
    vm.barrier(this.pointer());
    Ok(true)
}

fn next(vm: &mut Vm, mut this: This<GroupBy>) -> PyResult<Option<Value>> {
    this.group = Value::UNBOUND;
    loop {
        let (group_key, key) = (this.group_key, this.key);
        if !key.is_unbound() && (group_key.is_unbound() || !vm.equal(group_key, key)?) {
            break;
        }
        if !advance(vm, this)? {
            return Ok(None);
        }
    }
    let key = this.key;
    this.group_key = key;
    vm.barrier(this.pointer());
    let group = new_group(vm, this, key)?;
    Ok(Some(vm.new_tuple(&[key, group])))
}

fn member(vm: &mut Vm, this: This<Grouper>) -> PyResult<Option<Value>> {
    let Some(mut parent) = This::<GroupBy>::of(vm, this.parent) else { return Ok(None) };
    if parent.group != this.value() {
        return Ok(None);
    }
    if parent.item.is_unbound() && !advance(vm, parent)? {
        return Ok(None);
    }
    let (wanted, key) = (this.key, parent.key);
    if !vm.equal(wanted, key)? {
        return Ok(None);
    }
    let item = parent.item;
    (parent.item, parent.key) = (Value::UNBOUND, Value::UNBOUND);
    // Comparing the keys may have taken the item.
    Ok(if item.is_unbound() { None } else { Some(item) })
}
