//! `types.MappingProxyType`: a mapping seen through a read-only view, such as a class's `__dict__`.

use crate::object::argument::{ClassOf, OrNone, This, method};
use crate::object::convert::text::Text;
use crate::object::header::Header;
use crate::object::layout::{ListObject, TupleObject};
use crate::object::operate::op;
use crate::object::slots::{Slots, operators, slot};
use crate::object::spec::{Layout, MatchedAs, Object, TypeSpec};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// A mapping proxy.
#[repr(C)]
pub struct MappingProxy {
    header: Header,
    mapping: Value,
}

// SAFETY: a `#[repr(C)]` struct that begins with a header, and the layout of the specification; the type is no base.
unsafe impl Object for MappingProxy {
    const SPEC: &'static TypeSpec = &MAPPING_PROXY;
}

pub static MAPPING_PROXY: TypeSpec = TypeSpec {
    name: "mappingproxy",
    matched_as: MatchedAs::Mapping,
    doc: "A mapping that can be read through this object, and not be changed.",
    layout: Some(Layout::of::<MappingProxy>(1)),
    slots: Slots {
        len: slot(|vm: &mut Vm, this: This<MappingProxy>| vm.len(this.mapping)),
        get_item: slot(|vm: &mut Vm, this: This<MappingProxy>, key| vm.get_item(this.mapping, key)),
        contains: slot(|vm: &mut Vm, this: This<MappingProxy>, key| vm.contains(this.mapping, key)),
        iter: slot(|vm: &mut Vm, this: This<MappingProxy>| vm.get_iter(this.mapping)),
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<MappingProxy>| {
            vm.write_parts(out, "mappingproxy(", &[this.mapping], ")")
        }),
        str: slot(|vm: &mut Vm, this: This<MappingProxy>| vm.str(this.mapping)),
        hash: slot(|vm: &mut Vm, this: This<MappingProxy>| vm.hash(this.mapping)),
        compare: slot(|vm: &mut Vm, operation: u32, this: This<MappingProxy>, other: Value| {
            let other = seen_through(vm, other);
            vm.compare_op(operation, this.mapping, other)
        }),
        binary: operators(&[(op::OR, |vm, lhs, rhs| {
            let (lhs, rhs) = (seen_through(vm, lhs), seen_through(vm, rhs));
            vm.binary_op(op::OR, lhs, rhs)
        })]),
        inplace: operators(&[(op::OR, |vm, _, _| {
            Err(vm.raise_type("'|=' is not supported by mappingproxy; use '|' instead"))
        })]),
        ..Slots::NONE
    },
    new: Some(method("__new__", "($type, mapping)", new).doc("A view of a mapping.")),
    methods: &[
        method("get", "($self, key, default=None, /)", get).doc("The value for a key, or a default."),
        method("keys", "($self, /)", |vm: &mut Vm, this| ask(vm, this, "keys")).doc("The mapping's keys."),
        method("values", "($self, /)", |vm: &mut Vm, this| ask(vm, this, "values")).doc("The mapping's values."),
        method("items", "($self, /)", |vm: &mut Vm, this| ask(vm, this, "items")).doc("The mapping's items, as pairs."),
        method("copy", "($self, /)", |vm: &mut Vm, this| ask(vm, this, "copy")).doc("A shallow copy of the mapping."),
        method("__reversed__", "($self, /)", |vm: &mut Vm, this| ask(vm, this, "__reversed__"))
            .doc("A reverse iterator over the mapping."),
    ],
    class_methods: &[super::protocol::CLASS_GETITEM],
    ..TypeSpec::NEW
};

/// The mapping behind a value that may be a proxy.
fn seen_through(vm: &Vm, value: Value) -> Value {
    This::<MappingProxy>::of(vm, value).map_or(value, |proxy| proxy.mapping)
}

fn new(vm: &mut Vm, _: ClassOf<MappingProxy>, mapping: Value) -> PyResult {
    let is_sequence = vm.is_a::<ListObject>(mapping) || vm.is_a::<TupleObject>(mapping);
    if is_sequence || vm.slots_of(mapping).get_item.is_none() {
        let message = format!("mappingproxy() argument must be a mapping, not {}", vm.class_name(mapping));
        return Err(vm.raise_type(&message));
    }
    vm.new_mapping_proxy(mapping)
}

fn get(vm: &mut Vm, this: This<MappingProxy>, key: Value, default: OrNone<Value>) -> PyResult {
    let (mapping, name) = (this.mapping, vm.intern("get"));
    vm.call_method(mapping, name, &[key, default.0.unwrap_or(Value::NONE)])
}

fn ask(vm: &mut Vm, this: This<MappingProxy>, name: &str) -> PyResult {
    let (mapping, name) = (this.mapping, vm.intern(name));
    vm.call_method(mapping, name, &[])
}

impl Vm {
    /// A read-only view of a mapping.
    pub fn new_mapping_proxy(&mut self, mapping: Value) -> PyResult {
        let class = self.type_of_spec(&MAPPING_PROXY);
        self.new_object(class, |header| MappingProxy { header, mapping })
    }
}
