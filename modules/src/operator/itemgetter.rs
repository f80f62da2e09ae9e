//! `itemgetter`: what gives items of its argument.

use super::call::only;
use stitch_runtime::object::argument::{ClassOf, Rest, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::Arguments;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct ItemGetter {
    header: Header,
    /// The first of the keys.
    key: Value,
    /// A tuple.
    keys: Value,
}

pub static ITEM_GETTER: TypeSpec = TypeSpec {
    name: "itemgetter",
    module: "operator",
    doc: "Gives the item under a key, or a tuple of those under several: itemgetter(2)(r) is r[2].",
    layout: Some(Layout::of::<ItemGetter>(2)),
    slots: Slots { call: slot(call), repr: slot(write_repr), ..Slots::NONE },
    new: Some(method("__new__", "($type, item, /, *items)", new).doc("Takes the keys.")),
    methods: &[method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<ItemGetter>| {
        let class = Value::object(vm.class_of(this.value()));
        vm.new_tuple(&[class, this.keys])
    })
    .doc("How to make it again.")],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for ItemGetter {
    const SPEC: &'static TypeSpec = &ITEM_GETTER;
}

fn new(vm: &mut Vm, class: ClassOf<ItemGetter>, key: Value, more: Rest) -> PyResult {
    let keys = vm.new_tuple_of_len(1 + more.items().len())?;
    vm.tuple_init(keys, 0, key);
    for (at, &key) in more.items().iter().enumerate() {
        vm.tuple_init(keys, at + 1, key);
    }
    vm.new_object(class.class, |header| ItemGetter { header, key, keys })
}

fn call(vm: &mut Vm, this: This<ItemGetter>, arguments: Arguments<'_>) -> PyResult {
    let owner = only(vm, "itemgetter", arguments)?;
    let keys = vm.tuple_items(this.keys);
    if keys.len() == 1 {
        return vm.get_item(owner, this.key);
    }
    let items = vm.new_tuple_of_len(keys.len())?;
    for (at, &key) in keys.iter().enumerate() {
        let item = vm.get_item(owner, key)?;
        vm.tuple_init(items, at, item);
    }
    Ok(items)
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<ItemGetter>) -> PyResult<()> {
    vm.write_container(out, this.value(), "operator.itemgetter(...)", |vm, out| {
        vm.write_parts(out, "operator.itemgetter(", vm.tuple_items(this.keys), ")")
    })
}
