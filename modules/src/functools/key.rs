//! `cmp_to_key`: keys that are ordered by a function.

use stitch_runtime::object::argument::This;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::Arguments;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

/// The maker of keys, and each key that it makes.
#[repr(C)]
pub struct Key {
    header: Header,
    compare: Value,
    /// Unbound: it is the maker.
    object: Value,
}

pub static KEY: TypeSpec = TypeSpec {
    name: "KeyWrapper",
    module: "functools",
    doc: "A key that is ordered by a function.",
    layout: Some(Layout::of::<Key>(2)),
    is_unhashable: true,
    slots: Slots { call: slot(call), compare: slot(compare), ..Slots::NONE },
    getters: &[field("obj", |this: This<Key>| if this.object.is_unbound() { Value::NONE } else { this.object })
        .set_by(|vm: &mut Vm, mut this: This<Key>, object: Option<Value>| {
            this.object = object.unwrap_or(Value::NONE);
            vm.barrier(this.pointer());
            Ok(())
        })
        .doc("What it is the key of.")],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Key {
    const SPEC: &'static TypeSpec = &KEY;
}

fn new(vm: &mut Vm, compare: Value, object: Value) -> PyResult {
    let class = vm.type_of_spec(&KEY);
    vm.new_object(class, |header| Key { header, compare, object })
}

pub fn cmp_to_key(vm: &mut Vm, compare: Value) -> PyResult {
    new(vm, compare, Value::UNBOUND)
}

fn call(vm: &mut Vm, this: This<Key>, arguments: Arguments<'_>) -> PyResult {
    let is_named_so = arguments.keyword_names().iter().all(|&name| vm.string_of(name) == "obj");
    match *arguments.values {
        [object] if is_named_so => new(vm, this.compare, object),
        [] | [_] => Err(vm.raise_type("K() missing required argument 'obj' (pos 1)")),
        ref many => Err(vm.raise_type(&format!("K() takes at most 1 argument ({} given)", many.len()))),
    }
}

fn compare(vm: &mut Vm, operation: u32, this: This<Key>, other: Value) -> PyResult {
    let Some(other) = This::<Key>::of(vm, other) else {
        return Err(vm.raise_type("other argument must be K instance"));
    };
    if this.object.is_unbound() || other.object.is_unbound() {
        return Err(vm.raise_attribute("object"));
    }
    let order = vm.call(this.compare, &[this.object, other.object])?;
    vm.compare_op(operation, order, Value::small_int(0))
}
